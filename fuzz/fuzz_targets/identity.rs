//! The fuzzer's way into the engine. What is checked is in `crates/matching/tests/it/replay/check.rs`, which the
//! ordinary tests run on the corpus too.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/matching/tests/it/replay/check.rs"]
mod check;

fuzz_target!(|data: &[u8]| check::check(data));
