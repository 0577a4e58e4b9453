//! Uploads and what became of every row in them.

use serde::{Deserialize, Serialize};

/// Where an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UploadStatus {
    /// Stored safely; work has not begun.
    Received,
    Processing,
    Done,
    /// The file itself could not be read: `problems` says why.
    Failed,
}

impl UploadStatus {
    pub fn code(self) -> &'static str {
        match self {
            UploadStatus::Received => "received",
            UploadStatus::Processing => "processing",
            UploadStatus::Done => "done",
            UploadStatus::Failed => "failed",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        [Self::Received, Self::Processing, Self::Done, Self::Failed].into_iter().find(|status| status.code() == code)
    }

    pub fn is_over(self) -> bool {
        matches!(self, UploadStatus::Done | UploadStatus::Failed)
    }
}

/// What became of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowResult {
    Accepted,
    AlreadyReported,
    Deleted,
    Refused,
}

impl RowResult {
    pub fn code(self) -> &'static str {
        match self {
            RowResult::Accepted => "accepted",
            RowResult::AlreadyReported => "already_reported",
            RowResult::Deleted => "deleted",
            RowResult::Refused => "refused",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            RowResult::Accepted => "Accepted",
            RowResult::AlreadyReported => "Already reported",
            RowResult::Deleted => "Deleted",
            RowResult::Refused => "Refused",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        [Self::Accepted, Self::AlreadyReported, Self::Deleted, Self::Refused]
            .into_iter()
            .find(|result| result.code() == code)
    }
}

/// How many rows met which end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    pub rows: i64,
    pub accepted: i64,
    pub refused: i64,
    pub already_reported: i64,
    pub deleted: i64,
}

impl Counts {
    pub fn count(&mut self, result: RowResult) {
        self.rows += 1;
        *self.of(result) += 1;
    }

    /// Moves one row from one end to another, when a refused row was corrected.
    pub fn moved(&mut self, from: RowResult, to: RowResult) {
        *self.of(from) -= 1;
        *self.of(to) += 1;
    }

    fn of(&mut self, result: RowResult) -> &mut i64 {
        match result {
            RowResult::Accepted => &mut self.accepted,
            RowResult::AlreadyReported => &mut self.already_reported,
            RowResult::Deleted => &mut self.deleted,
            RowResult::Refused => &mut self.refused,
        }
    }
}
