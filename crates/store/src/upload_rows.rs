//! What became of each row of an upload, and the worklist of refused ones.
//!
//! Cells are kept only for refused and corrected rows; those of the others are in the file itself.

use std::collections::HashMap;

use domain::access::ProviderScope;
use domain::upload::RowResult;
use domain::{Code, CompletionId, Problem, UploadId};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, from_json, json, word};

/// A settled row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledRow {
    pub number: i64,
    pub result: RowResult,
    pub completion: Option<CompletionId>,
    /// Cells and problems of a refused row.
    pub refused: Option<(Vec<String>, Vec<Problem>)>,
}

pub async fn insert_many(tx: &mut WriteTx, upload: UploadId, rows: &[SettledRow]) -> Result<()> {
    let mut tuples = Vec::with_capacity(rows.len());
    let mut codes: Vec<(i64, Code)> = Vec::new();
    for row in rows {
        let (cells, problems) = match &row.refused {
            Some((cells, problems)) => (Some(json(cells)?), Some(json(problems)?)),
            None => (None, None),
        };
        tuples.push((row, cells, problems));
        codes.extend(distinct_codes(row));
    }
    bulk!(
        tx,
        "insert into upload_row (upload_id, row_number, result, completion_id, cells, problems) ",
        tuples,
        |tuple| upload.as_uuid(),
        tuple.0.number,
        tuple.0.result.code(),
        tuple.0.completion.map(CompletionId::as_uuid),
        tuple.1.as_deref(),
        tuple.2.as_deref(),
    );
    insert_codes(tx, upload, &codes).await
}

fn distinct_codes(row: &SettledRow) -> Vec<(i64, Code)> {
    let mut codes: Vec<Code> = row.refused.iter().flat_map(|(_, problems)| problems.iter().map(|p| p.code)).collect();
    codes.sort_unstable();
    codes.dedup();
    codes.into_iter().map(|code| (row.number, code)).collect()
}

async fn insert_codes(tx: &mut WriteTx, upload: UploadId, codes: &[(i64, Code)]) -> Result<()> {
    bulk!(
        tx,
        "insert into upload_row_problem (upload_id, row_number, code) ",
        codes,
        |code| upload.as_uuid(),
        code.0,
        code.1.as_str(),
    );
    Ok(())
}

/// A refused row was corrected and sent again: its new end, with the cells as corrected.
pub async fn settle_again(
    tx: &mut WriteTx,
    upload: UploadId,
    row: &SettledRow,
    cells: &[String],
    now: i64,
) -> Result<()> {
    let problems = row.refused.as_ref().map(|(_, problems)| json(problems)).transpose()?;
    let changed = exec!(
        tx,
        "update upload_row set result = $3, completion_id = $4, cells = $5, problems = $6, corrected_at = $7
         where upload_id = $1 and row_number = $2 and result = 'refused'",
        upload.as_uuid(),
        row.number,
        row.result.code(),
        row.completion.map(CompletionId::as_uuid),
        json(cells)?,
        problems,
        now,
    )?;
    if changed != 1 {
        return Err(Error::LeaseLost);
    }
    exec!(tx, "delete from upload_row_problem where upload_id = $1 and row_number = $2", upload.as_uuid(), row.number,)?;
    insert_codes(tx, upload, &distinct_codes(row)).await
}

/// A refused row with what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    pub number: i64,
    pub cells: Vec<String>,
    pub problems: Vec<Problem>,
    /// When it was last corrected: tells whether somebody else did so meanwhile.
    pub corrected_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct RefusedRecord {
    row_number: i64,
    cells: Option<String>,
    problems: Option<String>,
    corrected_at: Option<i64>,
}

impl TryFrom<RefusedRecord> for RefusedRow {
    type Error = Error;

    fn try_from(row: RefusedRecord) -> Result<Self> {
        let here = |column| at("upload_row", column, &row.row_number);
        Ok(Self {
            number: row.row_number,
            cells: from_json(row.cells.as_deref().unwrap_or("[]"), here("cells"))?,
            problems: from_json(row.problems.as_deref().unwrap_or("[]"), here("problems"))?,
            corrected_at: row.corrected_at,
        })
    }
}

/// Which of these rows are refused still, with when each was last corrected.
pub async fn still_refused(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    upload: UploadId,
    numbers: &[i64],
) -> Result<HashMap<i64, Option<i64>>> {
    let provider = scope.provider();
    let rows = among!(
        tx,
        (i64, Option<i64>),
        "select r.row_number, r.corrected_at from upload_row r join upload u on u.upload_id = r.upload_id
         where r.result = 'refused' and r.upload_id = ",
        upload.as_uuid(),
        " and u.provider_id = ",
        provider.as_str(),
        in " and r.row_number in (",
        numbers,
        ")"
    );
    Ok(rows.into_iter().collect())
}

/// Refused rows after a row number, in the file's order; only those with a problem code if given.
pub async fn list_refused(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    upload: UploadId,
    code: Option<Code>,
    after: i64,
    most: i64,
) -> Result<Vec<RefusedRow>> {
    let code = code.map(Code::as_str);
    let rows = all!(
        tx,
        RefusedRecord,
        "select row_number, cells, problems, corrected_at from upload_row
         where upload_id = $1 and result = 'refused' and row_number > $2
           and exists (select 1 from upload where upload.upload_id = upload_row.upload_id and upload.provider_id = $5)
           and (cast($3 as text) is null or exists (
             select 1 from upload_row_problem problem
             where problem.upload_id = upload_row.upload_id and problem.row_number = upload_row.row_number
               and problem.code = $3))
         order by row_number limit $4",
        upload.as_uuid(),
        after,
        code,
        most,
        scope.provider().as_str(),
    )?;
    rows.into_iter().map(RefusedRow::try_from).collect()
}

pub async fn find_refused(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    upload: UploadId,
    number: i64,
) -> Result<Option<RefusedRow>> {
    let sql = "select row_number, cells, problems, corrected_at from upload_row
               where upload_id = $1 and row_number = $2 and result = 'refused'
                 and exists (select 1 from upload where upload.upload_id = upload_row.upload_id and upload.provider_id = $3)";
    maybe!(tx, RefusedRecord, sql, upload.as_uuid(), number, scope.provider().as_str())?
        .map(RefusedRow::try_from)
        .transpose()
}

/// How many refused rows have which problem, most frequent first.
pub async fn problem_counts(tx: &mut ReadTx, scope: &ProviderScope, upload: UploadId) -> Result<Vec<(Code, i64)>> {
    let rows = all!(
        tx,
        (String, i64),
        "select code, count(*) from upload_row_problem
         where upload_id = $1 and exists (select 1 from upload where upload.upload_id = upload_row_problem.upload_id
           and upload.provider_id = $2)
         group by code order by count(*) desc, code",
        upload.as_uuid(),
        scope.provider().as_str(),
    )?;
    rows.into_iter()
        .map(|(code, count)| Ok((word(code.parse().ok(), at("upload_row_problem", "code", &code))?, count)))
        .collect()
}

/// A settled row as the result file shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultRow {
    pub number: i64,
    pub result: RowResult,
    pub completion: Option<CompletionId>,
    /// Only of refused and corrected rows.
    pub cells: Option<Vec<String>>,
    pub problems: Vec<Problem>,
}

#[derive(sqlx::FromRow)]
struct ResultRecord {
    row_number: i64,
    result: String,
    completion_id: Option<Uuid>,
    cells: Option<String>,
    problems: Option<String>,
}

/// Settled rows after a row number, in the file's order.
pub async fn list_results(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    upload: UploadId,
    after: i64,
    most: i64,
) -> Result<Vec<ResultRow>> {
    let rows = all!(
        tx,
        ResultRecord,
        "select row_number, result, completion_id, cells, problems from upload_row
         where upload_id = $1 and row_number > $2
           and exists (select 1 from upload where upload.upload_id = upload_row.upload_id and upload.provider_id = $4)
         order by row_number limit $3",
        upload.as_uuid(),
        after,
        most,
        scope.provider().as_str(),
    )?;
    rows.into_iter()
        .map(|row| {
            let here = |column| at("upload_row", column, &row.row_number);
            Ok(ResultRow {
                number: row.row_number,
                result: word(RowResult::read(&row.result), here("result"))?,
                completion: row.completion_id.map(CompletionId::new),
                cells: row.cells.as_deref().map(|cells| from_json(cells, here("cells"))).transpose()?,
                problems: from_json(row.problems.as_deref().unwrap_or("[]"), here("problems"))?,
            })
        })
        .collect()
}
