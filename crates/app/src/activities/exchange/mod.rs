//! Activities from elsewhere and back: records of files and requests become activities, and lists of
//! activities become files (formats.md, section 3).
//!
//! A record goes in whole or not at all, and a bad one never stops a good one. The same rules hold on
//! every way in: [`settle`](settle()) is the only place that decides.

mod desk;
mod export;
mod files;
mod job;
mod read;
mod request;
mod result;
mod settle;
mod stage;
mod told;

pub use export::{ExportFormat, export};
pub use files::{Received, file_format, file_kind, find, receive};
pub use job::{PROCESS_ACTIVITY_FILE, RECORDS_PER_CHUNK, process};
pub use request::{MOST_AT_ONCE, Submission, submit};
pub use result::result_file;
pub use stage::{Staged, stage};
pub use store::activity_files::{ActivityFile, Counts, Ending, FileKind, Settled, Told, Which};
pub use told::title_of;
