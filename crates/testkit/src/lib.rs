//! For tests only: a whole application in a scratch folder, people who use it, and a fresh database.
//!
//! Everything repeats: the clock stands at 2026-11-23 15:00 UTC, chance is seeded. Tests run on
//! SQLite, or on PostgreSQL where `CREDENCE_TEST_POSTGRES` names a server.

#![expect(clippy::expect_used, clippy::panic, reason = "what is not as expected here fails a test")]

pub mod database;
pub mod factors;
pub mod people;
pub mod records;
mod test_app;
mod visitor;

pub use test_app::{TestApp, TestStore};
pub use visitor::{Answer, Part, Visitor};
