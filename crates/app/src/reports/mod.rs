//! Learner reports, from a sender's words to facts on record.
//!
//! [`judge`] compares a report with its activity and finds the physician; [`record`] compares it with
//! what is on record and writes facts, ledger and outbox in the caller's transaction. Every channel
//! (file, form, service) goes through these two, so they cannot disagree.

mod book;
mod judge;
pub mod leaf;
mod record;
mod single;

pub use judge::{Judged, identity_problem, judge, label as field_label};
pub use record::{Recorded, record};
pub use single::{check_identity, report_one};
