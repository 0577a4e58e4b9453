//! Learner reports, from a sender's words to facts on record.
//!
//! [`judge`] compares a report with its activity and finds the physician; [`record`] compares it with
//! what is on record and writes facts, ledger and outbox in the caller's transaction. Every channel
//! (file, form, service) goes through these two, so they cannot disagree.

mod book;
mod judge;
pub mod leaf;
mod record;
mod repeated;
mod replace;
mod single;
mod write;

pub(crate) use book::Book;
pub(crate) use judge::judge_known;
pub use judge::{Judged, identity_problem, judge, label as field_label};
pub use record::{Recorded, record};
pub use replace::{CORRECTION, Correction, DELETION, Replaced, SENT_AGAIN, SentAgain, correct, send_again, withdraw};
pub use single::report_one;
pub(crate) use write::Writing;
