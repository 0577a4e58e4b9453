//! Learner reports in requests: programs submit them, ask what became of them, read them back and withdraw
//! them (formats.md, section 4).
//!
//! A request of up to [`MOST_AT_ONCE`] reports is settled in one transaction and answered report by report;
//! it is an upload like a file's, whose refused rows wait to be corrected on screen, but its bytes are not
//! kept. A larger one becomes a file.

mod learner;
mod on_record;
mod request;
mod settle;
mod status;
mod told;

pub use learner::{LearnerRecords, records, withdraw};
pub use on_record::OnRecord;
pub use request::{Body, Call, DocumentFormat, MOST_AT_ONCE, Submission, collect, submit};
pub use status::{Asked, StatusLine, status};
pub use store::submissions::Narrowed;
pub use told::{Destination, Ending, Record, Settled, Told};
