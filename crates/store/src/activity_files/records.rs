//! What became of each record of a file of activities, as its sender was told.

use domain::access::ProviderScope;
use domain::{ActivityId, UploadId};
use serde::{Deserialize, Serialize};

use super::{Ending, Told};
use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, from_json, json, parsed, word};

/// A settled record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// The n-th record of a document, the row of a sheet.
    pub number: i64,
    pub line: i64,
    pub ending: Ending,
    pub activity: Option<ActivityId>,
    pub told: Vec<Told>,
}

pub async fn insert_records(tx: &mut WriteTx, file: UploadId, records: &[Settled]) -> Result<()> {
    let mut rows = Vec::with_capacity(records.len());
    let mut codes: Vec<(i64, &str, bool)> = Vec::new();
    for record in records {
        rows.push((record, json(&record.told)?));
        let first = codes.len();
        for told in &record.told {
            if !codes.iter().skip(first).any(|(_, code, _)| *code == told.code) {
                codes.push((record.number, &told.code, told.is_warning));
            }
        }
    }
    bulk!(
        tx,
        "insert into activity_file_record (activity_file_id, record_number, line, result, activity_id, problems) ",
        rows,
        |row| file.as_uuid(),
        row.0.number,
        row.0.line,
        row.0.ending.code(),
        row.0.activity.map(|id| id.to_string()),
        row.1.clone()
    );
    bulk!(
        tx,
        "insert into activity_file_problem (activity_file_id, code, record_number, is_warning) ",
        codes,
        |row| file.as_uuid(),
        row.1.to_owned(),
        row.0,
        row.2
    );
    Ok(())
}

/// In how many records each problem and warning occurs, the most frequent first; with whether it warns.
pub async fn problem_counts(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    file: UploadId,
) -> Result<Vec<(String, bool, i64)>> {
    let rows = all!(
        tx,
        (String, bool, i64),
        "select code, activity_file_problem.is_warning, count(*) as records
         from activity_file_problem join activity_file
             on activity_file.activity_file_id = activity_file_problem.activity_file_id
         where activity_file_problem.activity_file_id = $1 and provider_id = $2
         group by code, activity_file_problem.is_warning order by records desc, code",
        file.as_uuid(),
        scope.provider().as_str(),
    )?;
    Ok(rows)
}

/// Which records a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    All,
    Refused,
}

#[derive(sqlx::FromRow)]
struct RecordRow {
    record_number: i64,
    line: i64,
    result: String,
    activity_id: Option<String>,
    problems: String,
}

/// Settled records behind the number `after`, in order.
pub async fn list_records(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    file: UploadId,
    which: Which,
    after: i64,
    most: i64,
) -> Result<Vec<Settled>> {
    let rows = all!(
        tx,
        RecordRow,
        "select record_number, line, result, activity_id, activity_file_record.problems
         from activity_file_record join activity_file
             on activity_file.activity_file_id = activity_file_record.activity_file_id
         where activity_file_record.activity_file_id = $1 and provider_id = $2 and record_number > $3
         and (result = 'refused' or $4) order by record_number limit $5",
        file.as_uuid(),
        scope.provider().as_str(),
        after,
        which == Which::All,
        most,
    )?;
    let one = |row: RecordRow| {
        let here = |column| at("activity_file_record", column, &row.record_number);
        Ok(Settled {
            number: row.record_number,
            line: row.line,
            ending: word(Ending::read(&row.result), here("result"))?,
            activity: row.activity_id.as_deref().map(|id| parsed(id, here("activity_id"))).transpose()?,
            told: from_json(&row.problems, here("problems"))?,
        })
    };
    rows.into_iter().map(one).collect()
}
