//! Refused rows: corrected on screen and sent again, singly or all at once.
//!
//! What was typed is kept whatever becomes of the row; the rows go through the same checks as when
//! they came in the file.

use domain::access::{Actor, ProviderRole, ProviderScope};
use domain::upload::{Counts, RowResult};
use domain::{JobId, Problem, UploadId};
use formats::{Header, Row};
use store::counters::{self, Counter};
use store::jobs::Job;
use store::upload_rows::{self, RefusedRow};

use super::process::{ROWS_PER_CHUNK, settled_row};
use crate::lease::lease_end;
use crate::reports::{Judged, judge, record};
use crate::{App, Error, Result, audit, ledgers, providers, retry};

/// The kind of job that sends all refused rows of an upload again.
pub const RESUBMIT_UPLOAD: &str = "resubmit_upload";

/// A refused row as corrected: its cells in the order of the file's columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    pub row: i64,
    pub cells: Vec<String>,
}

/// A correction beside the row as it was read.
struct Again {
    cells: Vec<String>,
    before: RefusedRow,
}

/// What became of corrected rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Corrected {
    pub settled: Vec<(i64, RowResult)>,
}

impl Corrected {
    pub fn count(&self, result: RowResult) -> usize {
        self.settled.iter().filter(|(_, settled)| *settled == result).count()
    }
}

/// Sends corrected rows again. Rows that are not refused (any more) are left alone.
pub async fn correct(app: &App, actor: &Actor, id: UploadId, corrections: Vec<Correction>) -> Result<Corrected> {
    let (scope, header) = begin(app, actor, id).await?;
    let mut rows = Vec::with_capacity(corrections.len());
    let mut tx = app.store.read().await?;
    for mut correction in corrections {
        if let Some(before) = upload_rows::find_refused(&mut tx, &scope, id, correction.row).await? {
            correction.cells.resize(header.len(), String::new());
            rows.push(Again { cells: correction.cells, before });
        }
    }
    drop(tx);
    let corrected = settle_again(app, &scope, id, &header, rows, None).await?;
    let mut tx = app.store.write().await?;
    let detail = format!("{} rows", corrected.settled.len());
    audit::record(app, &mut tx, actor, "upload.correct", id, None, &detail).await?;
    tx.commit().await?;
    ledgers::sign_soon(app).await;
    Ok(corrected)
}

/// Queues all refused rows to be sent again as they are now, for instance after the activity was
/// mended. The upload's page shows how far it is.
pub async fn resubmit(app: &App, actor: &Actor, id: UploadId) -> Result<()> {
    begin(app, actor, id).await?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    if !store::jobs::is_open(&mut tx, RESUBMIT_UPLOAD, &id.to_string()).await? {
        let job = JobId::new(app.chance.id(now));
        store::jobs::enqueue(&mut tx, job, RESUBMIT_UPLOAD, &id.to_string(), now, now).await?;
        audit::record(app, &mut tx, actor, "upload.resubmit", id, None, "").await?;
    }
    tx.commit().await?;
    app.jobs.wake();
    Ok(())
}

/// The job: each refused row once, from the first to the last. Run again after a crash it meets
/// only those that are still refused.
pub async fn resubmit_all(app: &App, job: &Job, id: UploadId) -> Result<()> {
    let mut tx = app.store.read().await?;
    let upload = store::uploads::find_for_work(&mut tx, id).await?.ok_or(Error::NotFound)?;
    drop(tx);
    let scope = ProviderScope::of_record(upload.provider);
    let header = header_of(&upload)?;
    let mut after = 0;
    loop {
        let mut tx = app.store.read().await?;
        let most = ROWS_PER_CHUNK as i64;
        let refused = upload_rows::list_refused(&mut tx, &scope, id, None, after, most).await?;
        drop(tx);
        let Some(last) = refused.last() else { break };
        after = last.number;
        let again = |before: RefusedRow| Again { cells: before.cells.clone(), before };
        settle_again(app, &scope, id, &header, refused.into_iter().map(again).collect(), Some(job)).await?;
    }
    ledgers::sign_soon(app).await;
    Ok(())
}

async fn begin(app: &App, actor: &Actor, id: UploadId) -> Result<(ProviderScope, Header)> {
    let scope = actor.provider(ProviderRole::LearnerData).ok_or(Error::Forbidden("your role only reads"))?;
    providers::must_be_in_good_standing(app, &scope).await?;
    let mut tx = app.store.read().await?;
    let upload = store::uploads::find(&mut tx, &scope, id).await?.ok_or(Error::NotFound)?;
    Ok((scope, header_of(&upload)?))
}

pub(super) fn header_of(upload: &store::uploads::Upload) -> Result<Header> {
    let header = upload.header.as_deref().ok_or(Error::NotFound)?;
    serde_json::from_str(header).map_err(|_| store::Error::corrupt("upload", "header", upload.id).into())
}

/// How often rows are judged again when their activity changes meanwhile.
const JUDGED: usize = 3;

async fn settle_again(
    app: &App,
    scope: &ProviderScope,
    upload: UploadId,
    header: &Header,
    corrections: Vec<Again>,
    job: Option<&Job>,
) -> Result<Corrected> {
    for _ in 1..JUDGED {
        match settle_once(app, scope, upload, header, &corrections, job).await {
            Err(Error::Stale) => {}
            settled => return settled,
        }
    }
    settle_once(app, scope, upload, header, &corrections, job).await
}

async fn settle_once(
    app: &App,
    scope: &ProviderScope,
    upload: UploadId,
    header: &Header,
    corrections: &[Again],
    job: Option<&Job>,
) -> Result<Corrected> {
    let reference = app.reference.get();
    let rows: Vec<Row> = corrections.iter().map(|again| typed_row(header, again)).collect();
    let reports = rows.iter().map(|row| formats::learner_report(header, row, &reference)).collect();
    let judged = judge(app, scope, reports).await?;
    retry::on_race(|| async {
        let mut tx = app.store.write().await?;
        if let Some(job) = job {
            store::jobs::hold(&mut tx, job, lease_end(app)).await?;
        }
        // recorders stand in line here, so what is refused now stays so until commit
        counters::take(&mut tx, Counter::LedgerLeaf, 0).await?;
        let numbers: Vec<i64> = corrections.iter().map(|again| again.before.number).collect();
        let refused = upload_rows::still_refused(&mut tx, scope, upload, &numbers).await?;
        let is_unchanged = |before: &RefusedRow| refused.get(&before.number) == Some(&before.corrected_at);
        let standing: Vec<(&Row, i64, &Judged, &[Problem])> = corrections
            .iter()
            .zip(&rows)
            .zip(&judged)
            .filter(|((again, _), _)| is_unchanged(&again.before))
            .map(|((again, row), judged)| (row, again.before.number, judged, again.before.problems.as_slice()))
            .collect();
        let numbered: Vec<(i64, &Judged)> = standing.iter().map(|(_, number, judged, _)| (*number, *judged)).collect();
        let recorded = record(app, &mut tx, scope, upload, &numbered).await?;
        let mut corrected = Corrected::default();
        let mut change = Counts::default();
        for ((row, number, _, places), mut recorded) in standing.into_iter().zip(recorded) {
            stand_where(&mut recorded.problems, places);
            change.moved(RowResult::Refused, recorded.result);
            corrected.settled.push((number, recorded.result));
            let settled = settled_row(number, row, recorded);
            upload_rows::settle_again(&mut tx, upload, &settled, &row.cells, app.clock.now()).await?;
        }
        store::uploads::recount(&mut tx, upload, &change).await?;
        tx.commit().await?;
        Ok(corrected)
    })
    .await
}

/// What is found again stands in a document where it stood before.
fn stand_where(problems: &mut [Problem], before: &[Problem]) {
    for problem in problems.iter_mut().filter(|problem| problem.at.is_empty()) {
        if let Some(known) = before.iter().find(|known| known.place == problem.place) {
            problem.at.clone_from(&known.at);
        }
    }
}

/// The row as typed. What only the file's reader could see (a formula behind a value, values right of
/// the last column) still stands while nothing of it was changed, and what only the file as a whole
/// could show (a shifted column) while nothing of the row was.
fn typed_row(header: &Header, again: &Again) -> Row {
    let before = &again.before;
    let mut row = header.typed(u64::try_from(before.number).unwrap_or_default(), again.cells.clone());
    let is_unchanged = |problem: &&Problem| match problem.in_field() {
        Some(field) if !problem.code.is_of_many_rows() => {
            header.cell(&row.cells, field) == header.cell(&before.cells, field)
        }
        _ => row.cells == before.cells,
    };
    let is_carried = |problem: &&Problem| formats::carries_over(problem.code) || problem.code.is_of_many_rows();
    let carried = before.problems.iter().filter(is_carried);
    row.problems = carried.filter(is_unchanged).cloned().collect();
    row
}
