//! Files of activities: how far work on each is, and what became of every record in it.
//!
//! Problems are kept in the words in which their sender is told them: a rule that changes later must
//! not change what was said about a file of last year.

mod records;

use domain::access::{ProviderScope, Who};
use domain::upload::UploadStatus;
use domain::{AccountId, ApiClientId, ProviderId, UploadId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::tx::{ReadTx, WriteTx};
use crate::uploads::Submitter;
use crate::values::{at, from_json, json, parsed, word};

pub use records::{Settled, Which, insert_records, list_records, problem_counts};

/// What a file's records are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Activities,
    /// Learner totals alone.
    Counts,
}

impl FileKind {
    pub fn code(self) -> &'static str {
        match self {
            FileKind::Activities => "activities",
            FileKind::Counts => "counts",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        [Self::Activities, Self::Counts].into_iter().find(|kind| kind.code() == code)
    }
}

/// What became of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    Added,
    Updated,
    /// Saved and closed.
    Closed,
    /// The activity on record is the same already.
    Unchanged,
    Deleted,
    Refused,
}

impl Ending {
    pub const ALL: &[Ending] =
        &[Self::Added, Self::Updated, Self::Closed, Self::Unchanged, Self::Deleted, Self::Refused];

    pub fn code(self) -> &'static str {
        match self {
            Ending::Added => "added",
            Ending::Updated => "updated",
            Ending::Closed => "closed",
            Ending::Unchanged => "unchanged",
            Ending::Deleted => "deleted",
            Ending::Refused => "refused",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Ending::Added => "Added",
            Ending::Updated => "Updated",
            Ending::Closed => "Closed",
            Ending::Unchanged => "Unchanged",
            Ending::Deleted => "Deleted",
            Ending::Refused => "Refused",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|ending| ending.code() == code)
    }
}

/// A problem or warning, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Keeps nothing back.
    pub is_warning: bool,
    pub code: String,
    /// Line, path, row or cell, in the words of the file's format.
    pub place: String,
    /// The field's label; empty if the record as a whole is meant.
    pub field: String,
    pub given: String,
    pub message: String,
    pub remedy: String,
}

/// How many records met which end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub added: i64,
    pub updated: i64,
    pub closed: i64,
    pub unchanged: i64,
    pub deleted: i64,
    pub refused: i64,
}

impl Counts {
    pub fn count(&mut self, ending: Ending) {
        *match ending {
            Ending::Added => &mut self.added,
            Ending::Updated => &mut self.updated,
            Ending::Closed => &mut self.closed,
            Ending::Unchanged => &mut self.unchanged,
            Ending::Deleted => &mut self.deleted,
            Ending::Refused => &mut self.refused,
        } += 1;
    }

    pub fn of(&self, ending: Ending) -> i64 {
        match ending {
            Ending::Added => self.added,
            Ending::Updated => self.updated,
            Ending::Closed => self.closed,
            Ending::Unchanged => self.unchanged,
            Ending::Deleted => self.deleted,
            Ending::Refused => self.refused,
        }
    }

    pub fn all(&self) -> i64 {
        Ending::ALL.iter().map(|ending| self.of(*ending)).sum()
    }
}

/// A file before work on it.
#[derive(Debug, Clone)]
pub struct NewFile {
    pub id: UploadId,
    pub kind: FileKind,
    pub submitter: Submitter,
    pub file_name: String,
    /// The word of `app` for it.
    pub file_format: String,
    pub file_bytes: i64,
    /// Hex SHA-256.
    pub digest: String,
    pub received_at: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityFile {
    pub id: UploadId,
    pub provider: ProviderId,
    pub kind: FileKind,
    pub submitter: Submitter,
    pub file_name: String,
    pub file_format: String,
    pub file_bytes: i64,
    pub digest: String,
    pub status: UploadStatus,
    pub received_at: i64,
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
    pub problems: Vec<Told>,
    pub records_done: i64,
    pub read_permille: i64,
    pub counts: Counts,
}

#[derive(sqlx::FromRow)]
struct FileRow {
    activity_file_id: Uuid,
    provider_id: String,
    kind: String,
    submitted_by_kind: String,
    submitted_by: Uuid,
    submitted_by_name: String,
    file_name: String,
    file_format: String,
    file_bytes: i64,
    digest: String,
    status: String,
    received_at: i64,
    started_at: Option<i64>,
    finished_at: Option<i64>,
    problems: String,
    records_done: i64,
    read_permille: i64,
    added: i64,
    updated: i64,
    closed: i64,
    unchanged: i64,
    deleted: i64,
    refused: i64,
}

impl TryFrom<FileRow> for ActivityFile {
    type Error = Error;

    fn try_from(row: FileRow) -> Result<Self> {
        let id = UploadId::new(row.activity_file_id);
        let here = |column| at("activity_file", column, &id);
        let who = match row.submitted_by_kind.as_str() {
            "account" => Who::Account(AccountId::new(row.submitted_by)),
            _ => Who::ApiClient(ApiClientId::new(row.submitted_by)),
        };
        Ok(Self {
            id,
            provider: parsed(&row.provider_id, here("provider_id"))?,
            kind: word(FileKind::read(&row.kind), here("kind"))?,
            submitter: Submitter { who, name: row.submitted_by_name },
            file_name: row.file_name,
            file_format: row.file_format,
            file_bytes: row.file_bytes,
            digest: row.digest,
            status: word(UploadStatus::read(&row.status), here("status"))?,
            received_at: row.received_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
            problems: from_json(&row.problems, here("problems"))?,
            records_done: row.records_done,
            read_permille: row.read_permille,
            counts: Counts {
                added: row.added,
                updated: row.updated,
                closed: row.closed,
                unchanged: row.unchanged,
                deleted: row.deleted,
                refused: row.refused,
            },
        })
    }
}

/// Stores a new file. `false`: this provider has sent the same bytes before.
pub async fn insert(tx: &mut WriteTx, scope: &ProviderScope, file: &NewFile) -> Result<bool> {
    let (kind, submitted_by) = match file.submitter.who {
        Who::Account(id) => ("account", id.as_uuid()),
        Who::ApiClient(id) => ("api_client", id.as_uuid()),
    };
    let inserted = exec!(
        tx,
        "insert into activity_file (activity_file_id, provider_id, kind, submitted_by_kind, submitted_by,
         submitted_by_name, file_name, file_format, file_bytes, digest, status, received_at, problems, records_done,
         read_permille, added, updated, closed, unchanged, deleted, refused)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'received', $11, '[]', 0, 0, 0, 0, 0, 0, 0, 0)
         on conflict (provider_id, kind, digest) do nothing",
        file.id.as_uuid(),
        scope.provider().as_str(),
        file.kind.code(),
        kind,
        submitted_by,
        file.submitter.name.as_str(),
        file.file_name.as_str(),
        file.file_format.as_str(),
        file.file_bytes,
        file.digest.as_str(),
        file.received_at,
    )?;
    Ok(inserted == 1)
}

/// The provider's file of this ID; another's is as absent as none.
pub async fn find(tx: &mut ReadTx, scope: &ProviderScope, id: UploadId) -> Result<Option<ActivityFile>> {
    let sql = "select * from activity_file where activity_file_id = $1 and provider_id = $2";
    maybe!(tx, FileRow, sql, id.as_uuid(), scope.provider().as_str())?.map(ActivityFile::try_from).transpose()
}

/// For the job that works on it: the record names its own provider.
pub async fn find_for_work(tx: &mut ReadTx, id: UploadId) -> Result<Option<ActivityFile>> {
    let sql = "select * from activity_file where activity_file_id = $1";
    maybe!(tx, FileRow, sql, id.as_uuid())?.map(ActivityFile::try_from).transpose()
}

pub async fn find_by_digest(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    kind: FileKind,
    digest: &str,
) -> Result<Option<ActivityFile>> {
    let sql = "select * from activity_file where provider_id = $1 and kind = $2 and digest = $3";
    let row = maybe!(tx, FileRow, sql, scope.provider().as_str(), kind.code(), digest)?;
    row.map(ActivityFile::try_from).transpose()
}

/// The newest files that the provider sent.
pub async fn list(tx: &mut ReadTx, scope: &ProviderScope, most: i64) -> Result<Vec<ActivityFile>> {
    let sql = "select * from activity_file where provider_id = $1
               order by received_at desc, activity_file_id desc limit $2";
    let rows = all!(tx, FileRow, sql, scope.provider().as_str(), most)?;
    rows.into_iter().map(ActivityFile::try_from).collect()
}

/// Work begins.
pub async fn start(tx: &mut WriteTx, id: UploadId, now: i64) -> Result<()> {
    exec!(
        tx,
        "update activity_file set status = 'processing', started_at = coalesce(started_at, $2)
         where activity_file_id = $1 and status in ('received', 'processing')",
        id.as_uuid(),
        now,
    )?;
    Ok(())
}

/// Moves on by a chunk of records. Fails as a lost lease when somebody else has moved on already.
pub async fn advance(tx: &mut WriteTx, id: UploadId, before: i64, chunk: &Counts, read_permille: i64) -> Result<()> {
    let moved = exec!(
        tx,
        "update activity_file set records_done = records_done + $3, read_permille = $4, added = added + $5,
         updated = updated + $6, closed = closed + $7, unchanged = unchanged + $8, deleted = deleted + $9,
         refused = refused + $10
         where activity_file_id = $1 and records_done = $2 and status in ('received', 'processing')",
        id.as_uuid(),
        before,
        chunk.all(),
        read_permille,
        chunk.added,
        chunk.updated,
        chunk.closed,
        chunk.unchanged,
        chunk.deleted,
        chunk.refused,
    )?;
    if moved == 1 { Ok(()) } else { Err(Error::LeaseLost) }
}

/// All records are settled, or the file could not be read to its end (then `problems` says why).
pub async fn finish(tx: &mut WriteTx, id: UploadId, problems: &[Told], now: i64) -> Result<()> {
    exec!(
        tx,
        "update activity_file set status = $2, problems = $3, finished_at = $4, read_permille = 1000
         where activity_file_id = $1",
        id.as_uuid(),
        if problems.iter().any(|told| !told.is_warning) { "failed" } else { "done" },
        json(problems)?,
        now,
    )?;
    Ok(())
}
