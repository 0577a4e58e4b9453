//! Where a reported row came from: a provider's submissions, one settled row, and the row that a
//! completion was made from.

use domain::access::StaffScope;
use domain::upload::RowResult;
use domain::{CompletionId, PhysicianId, Problem, ProviderId, UploadId};
use uuid::Uuid;

use crate::error::Result;
use crate::tx::ReadTx;
use crate::values::{at, from_json, parsed, word};

/// Something a provider sent in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    pub id: UploadId,
    /// Empty for a learner typed on a page.
    pub file_name: String,
    pub received_at: i64,
    pub rows: i64,
}

/// A provider's submissions, newest first.
pub async fn submissions(
    tx: &mut ReadTx,
    _scope: &StaffScope,
    provider: ProviderId,
    most: i64,
) -> Result<Vec<Submission>> {
    let rows = all!(
        tx,
        (Uuid, String, i64, i64),
        "select upload_id, file_name, received_at, rows from upload where provider_id = $1
         order by received_at desc, upload_id desc limit $2",
        provider.as_str(),
        most,
    )?;
    Ok(rows
        .into_iter()
        .map(|(id, file_name, received_at, rows)| Submission { id: UploadId::new(id), file_name, received_at, rows })
        .collect())
}

/// A settled row of a submission and what is kept of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmittedRow {
    pub upload: UploadId,
    pub number: i64,
    pub provider: ProviderId,
    pub provider_name: String,
    pub file_name: String,
    /// The word of `formats`; `form` for a learner typed on a page.
    pub file_format: String,
    /// JSON of `formats`' header; none for a form.
    pub header: Option<String>,
    pub received_at: i64,
    pub result: RowResult,
    pub completion: Option<CompletionId>,
    /// Only of refused and corrected rows; those of the others are in the file.
    pub cells: Option<Vec<String>>,
    pub problems: Vec<Problem>,
}

#[derive(sqlx::FromRow)]
struct SubmittedRecord {
    provider_id: String,
    provider_name: String,
    file_name: String,
    file_format: String,
    header: Option<String>,
    received_at: i64,
    result: String,
    completion_id: Option<Uuid>,
    cells: Option<String>,
    problems: Option<String>,
}

pub async fn submitted_row(
    tx: &mut ReadTx,
    _scope: &StaffScope,
    upload: UploadId,
    number: i64,
) -> Result<Option<SubmittedRow>> {
    let found = maybe!(
        tx,
        SubmittedRecord,
        "select u.provider_id, p.name as provider_name, u.file_name, u.file_format, u.header, u.received_at, r.result,
                r.completion_id, r.cells, r.problems
         from upload_row r
         join upload u on u.upload_id = r.upload_id
         join provider p on p.provider_id = u.provider_id
         where r.upload_id = $1 and r.row_number = $2",
        upload.as_uuid(),
        number,
    )?;
    let Some(row) = found else { return Ok(None) };
    let here = |column| at("upload_row", column, &upload);
    Ok(Some(SubmittedRow {
        upload,
        number,
        provider: parsed(&row.provider_id, at("upload", "provider_id", &upload))?,
        provider_name: row.provider_name,
        file_name: row.file_name,
        file_format: row.file_format,
        header: row.header,
        received_at: row.received_at,
        result: word(RowResult::read(&row.result), here("result"))?,
        completion: row.completion_id.map(CompletionId::new),
        cells: row.cells.as_deref().map(|cells| from_json(cells, here("cells"))).transpose()?,
        problems: from_json(row.problems.as_deref().unwrap_or("[]"), here("problems"))?,
    }))
}

/// Where a completion came from, and what is kept of the learner beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub upload: UploadId,
    pub row: i64,
    /// `None` for a REMS learner who is no physician.
    pub physician: Option<PhysicianId>,
    pub first: String,
    pub last: String,
    /// `MM/DD`, or empty.
    pub birth: String,
    pub identifier: String,
}

pub async fn source(tx: &mut ReadTx, _scope: &StaffScope, completion: CompletionId) -> Result<Option<Source>> {
    let row = maybe!(
        tx,
        (Uuid, i64, Option<Uuid>, String, String, String, String),
        "select upload_id, row_number, physician_id, first_name, last_name, birth, learner_identifier
         from completion where completion_id = $1",
        completion.as_uuid(),
    )?;
    Ok(row.map(|(upload, row, physician, first, last, birth, identifier)| Source {
        upload: UploadId::new(upload),
        row,
        physician: physician.map(PhysicianId::new),
        first,
        last,
        birth,
        identifier,
    }))
}
