//! Uploads: one submitted file or form, how far work on it is, and its counts.

use domain::access::{ProviderScope, Who};
use domain::upload::{Counts, UploadStatus};
use domain::{Problem, ProviderId, UploadId};
use jiff::civil::Date;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, date_text, from_json, json, parsed, word};

/// Who submitted, kept with the name of that day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitter {
    pub who: Who,
    pub name: String,
}

/// An upload before work on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUpload {
    pub id: UploadId,
    pub source: Source,
    pub submitter: Submitter,
    pub file_name: String,
    /// The word of `formats` for it, such as `xlsx`.
    pub file_format: String,
    pub file_bytes: i64,
    /// Hex SHA-256.
    pub digest: String,
    /// The day on which the provider said that it holds the learners' permission.
    pub permission_on: Date,
    pub received_at: i64,
}

/// How it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    File,
    /// One learner typed on a page.
    Form,
    /// A request of a program, settled before it was answered. No bytes of it are kept.
    Service,
}

impl Source {
    fn code(self) -> &'static str {
        match self {
            Source::File => "file",
            Source::Form => "form",
            Source::Service => "service",
        }
    }

    fn read(code: &str) -> Option<Self> {
        [Self::File, Self::Form, Self::Service].into_iter().find(|source| source.code() == code)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub id: UploadId,
    pub provider: ProviderId,
    pub source: Source,
    pub submitted_by_name: String,
    pub file_name: String,
    pub file_format: String,
    pub file_bytes: i64,
    pub digest: String,
    pub permission_on: Date,
    pub status: UploadStatus,
    pub received_at: i64,
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
    /// JSON of `formats`' header.
    pub header: Option<String>,
    /// Of the file as a whole, and of stretches of its rows.
    pub problems: Vec<Problem>,
    pub rows_done: i64,
    pub read_permille: i64,
    pub counts: Counts,
}

#[derive(sqlx::FromRow)]
struct UploadRow {
    upload_id: Uuid,
    provider_id: String,
    source: String,
    submitted_by_name: String,
    file_name: String,
    file_format: String,
    file_bytes: i64,
    digest: String,
    permission_on: String,
    status: String,
    received_at: i64,
    started_at: Option<i64>,
    finished_at: Option<i64>,
    header: Option<String>,
    problems: String,
    rows_done: i64,
    read_permille: i64,
    rows: i64,
    accepted: i64,
    refused: i64,
    already_reported: i64,
    deleted: i64,
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select upload_id, provider_id, source, submitted_by_name, file_name, file_format, file_bytes, digest,
             permission_on, status, received_at, started_at, finished_at, header, problems, rows_done, read_permille,
             rows, accepted, refused, already_reported, deleted from upload ",
            $rest
        )
    };
}

impl TryFrom<UploadRow> for Upload {
    type Error = Error;

    fn try_from(row: UploadRow) -> Result<Self> {
        let id = UploadId::new(row.upload_id);
        let here = |column| at("upload", column, &id);
        Ok(Self {
            id,
            provider: parsed(&row.provider_id, here("provider_id"))?,
            source: word(Source::read(&row.source), here("source"))?,
            submitted_by_name: row.submitted_by_name,
            file_name: row.file_name,
            file_format: row.file_format,
            file_bytes: row.file_bytes,
            digest: row.digest,
            permission_on: parsed(&row.permission_on, here("permission_on"))?,
            status: word(UploadStatus::read(&row.status), here("status"))?,
            received_at: row.received_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
            header: row.header,
            problems: from_json(&row.problems, here("problems"))?,
            rows_done: row.rows_done,
            read_permille: row.read_permille,
            counts: Counts {
                rows: row.rows,
                accepted: row.accepted,
                refused: row.refused,
                already_reported: row.already_reported,
                deleted: row.deleted,
            },
        })
    }
}

/// Stores a new upload. `false`: this provider has sent the same bytes before.
pub async fn insert(tx: &mut WriteTx, scope: &ProviderScope, upload: &NewUpload) -> Result<bool> {
    let (kind, submitted_by) = match upload.submitter.who {
        Who::Account(id) => ("account", id.as_uuid()),
        Who::ApiClient(id) => ("api_client", id.as_uuid()),
    };
    let inserted = exec!(
        tx,
        "insert into upload (upload_id, provider_id, source, submitted_by_kind, submitted_by, submitted_by_name,
         file_name, file_format, file_bytes, digest, permission_on, status, received_at, problems, rows_done,
         read_permille, rows, accepted, refused, already_reported, deleted)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'received', $12, '[]', 0, 0, 0, 0, 0, 0, 0)
         on conflict (provider_id, digest) do nothing",
        upload.id.as_uuid(),
        scope.provider().as_str(),
        upload.source.code(),
        kind,
        submitted_by,
        upload.submitter.name.as_str(),
        upload.file_name.as_str(),
        upload.file_format.as_str(),
        upload.file_bytes,
        upload.digest.as_str(),
        date_text(upload.permission_on),
        upload.received_at,
    )?;
    Ok(inserted == 1)
}

/// Stores a request whose rows are settled in the same transaction: done from the start. `header` is JSON of
/// `formats`' header.
pub async fn insert_settled(
    tx: &mut WriteTx,
    scope: &ProviderScope,
    upload: &NewUpload,
    header: &str,
    problems: &[Problem],
    counts: &Counts,
) -> Result<()> {
    if !insert(tx, scope, upload).await? {
        return Err(Error::corrupt("upload", "digest", upload.id));
    }
    exec!(
        tx,
        "update upload set status = 'done', started_at = $2, finished_at = $2, header = $3, problems = $4,
         rows_done = $5, read_permille = 1000, rows = $5, accepted = $6, refused = $7, already_reported = $8,
         deleted = $9 where upload_id = $1",
        upload.id.as_uuid(),
        upload.received_at,
        header,
        json(problems)?,
        counts.rows,
        counts.accepted,
        counts.refused,
        counts.already_reported,
        counts.deleted,
    )?;
    Ok(())
}

/// The provider's upload of this ID; another's is as absent as none.
pub async fn find(tx: &mut ReadTx, scope: &ProviderScope, id: UploadId) -> Result<Option<Upload>> {
    let sql = columns!("where upload_id = $1 and provider_id = $2");
    maybe!(tx, UploadRow, sql, id.as_uuid(), scope.provider().as_str())?.map(Upload::try_from).transpose()
}

/// For the job that works on it: the record names its own provider.
pub async fn find_for_work(tx: &mut ReadTx, id: UploadId) -> Result<Option<Upload>> {
    maybe!(tx, UploadRow, columns!("where upload_id = $1"), id.as_uuid())?.map(Upload::try_from).transpose()
}

pub async fn find_by_digest(tx: &mut ReadTx, scope: &ProviderScope, digest: &str) -> Result<Option<Upload>> {
    let sql = columns!("where provider_id = $1 and digest = $2");
    maybe!(tx, UploadRow, sql, scope.provider().as_str(), digest)?.map(Upload::try_from).transpose()
}

/// Files that the provider sent, and requests of its programs of which rows are refused, newest first.
pub async fn list(tx: &mut ReadTx, scope: &ProviderScope, skip: i64, most: i64) -> Result<Vec<Upload>> {
    let sql = columns!(
        "where provider_id = $1 and (source = 'file' or refused > 0) order by received_at desc limit $3 offset $2"
    );
    let rows = all!(tx, UploadRow, sql, scope.provider().as_str(), skip, most)?;
    rows.into_iter().map(Upload::try_from).collect()
}

pub async fn count(tx: &mut ReadTx, scope: &ProviderScope) -> Result<i64> {
    let sql = "select count(*) from upload where provider_id = $1 and (source = 'file' or refused > 0)";
    Ok(one!(tx, (i64,), sql, scope.provider().as_str())?.0)
}

/// Work begins: what the header is, and when.
pub async fn start(tx: &mut WriteTx, id: UploadId, header: &str, now: i64) -> Result<()> {
    exec!(
        tx,
        "update upload set status = 'processing', header = $2, started_at = coalesce(started_at, $3)
         where upload_id = $1 and status in ('received', 'processing')",
        id.as_uuid(),
        header,
        now,
    )?;
    Ok(())
}

/// Moves on by a chunk of rows. Fails as a lost lease when somebody else has moved on already.
pub async fn advance(
    tx: &mut WriteTx,
    id: UploadId,
    rows_done_before: i64,
    chunk: &Counts,
    read_permille: i64,
) -> Result<()> {
    let moved = exec!(
        tx,
        "update upload set rows_done = rows_done + $3, read_permille = $4, rows = rows + $3, accepted = accepted + $5,
         refused = refused + $6, already_reported = already_reported + $7, deleted = deleted + $8
         where upload_id = $1 and rows_done = $2 and status in ('received', 'processing')",
        id.as_uuid(),
        rows_done_before,
        chunk.rows,
        read_permille,
        chunk.accepted,
        chunk.refused,
        chunk.already_reported,
        chunk.deleted,
    )?;
    if moved == 1 { Ok(()) } else { Err(Error::LeaseLost) }
}

/// A refused row met another end after it was corrected. Counts never go below zero.
pub async fn recount(tx: &mut WriteTx, id: UploadId, change: &Counts) -> Result<()> {
    exec!(
        tx,
        "update upload set accepted = accepted + $2, refused = refused + $3,
         already_reported = already_reported + $4, deleted = deleted + $5 where upload_id = $1",
        id.as_uuid(),
        change.accepted,
        change.refused,
        change.already_reported,
        change.deleted,
    )?;
    Ok(())
}

/// What is known so far of stretches of rows, kept with the rows so that it goes on after a crash.
pub async fn set_problems(tx: &mut WriteTx, id: UploadId, problems: &[Problem]) -> Result<()> {
    exec!(tx, "update upload set problems = $2 where upload_id = $1", id.as_uuid(), json(problems)?)?;
    Ok(())
}

/// All rows are settled, or the file could not be read: then one of the problems is not of rows and says why.
pub async fn finish(tx: &mut WriteTx, id: UploadId, problems: &[Problem], now: i64) -> Result<()> {
    let is_read = problems.iter().all(|problem| problem.stretch().is_some());
    exec!(
        tx,
        "update upload set status = $2, problems = $3, finished_at = $4, read_permille = 1000 where upload_id = $1",
        id.as_uuid(),
        if is_read { "done" } else { "failed" },
        json(problems)?,
        now,
    )?;
    Ok(())
}
