//! Uploads: a file is received and stored safely, a job settles its rows, people correct what was
//! refused and take the result away.
//!
//! Structural faults stop the file; bad rows never stop good rows (domain.md).

mod columns;
mod correct;
mod process;
mod receive;
mod result;

pub(crate) use columns::in_one_window;
pub use columns::{column_problems, of_rows};
pub use correct::{Corrected, Correction, RESUBMIT_UPLOAD, correct, resubmit, resubmit_all};
pub use process::{PROCESS_UPLOAD, ROWS_PER_CHUNK, process};
pub(crate) use process::{report_of, settled_row};
pub use receive::{Received, Staged, receive, receive_once, stage};
pub(crate) use receive::{UnclaimedFile, receive_as, shown_name, store_bytes};
pub use result::{ResultFile, Which, credit_id, result_file};

use std::path::PathBuf;

use domain::UploadId;

use crate::App;

/// Where the bytes of an upload lie.
pub(crate) fn stored_file(app: &App, upload: UploadId) -> PathBuf {
    app.config.uploads().join(upload.to_string())
}
