//! The job that settles an upload's rows: one thread reads, one task judges, this one commits.
//!
//! Chunks commit their range of rows in one transaction with everything they mean. Whoever resumes
//! begins at the first row that no commit has counted, so a crash at any moment loses nothing and
//! does nothing twice.

use std::sync::Arc;

use domain::access::ProviderScope;
use domain::report::LearnerReport;
use domain::upload::Counts;
use domain::{Code, Problem, ProviderId, UploadId};
use formats::{FileFormat, Header, Limits, Row};
use matching::columns::CONTEXT;
use store::events::{EventKind, NewEvent};
use store::jobs::Job;
use store::upload_rows::SettledRow;
use store::uploads::Upload;
use tokio::sync::mpsc;

use super::columns::{self, Window};
use super::stored_file;
use crate::lease::lease_end;
use crate::reports::{Judged, Recorded, judge, record};
use crate::{App, Error, Result, ledgers};

/// The kind of job that settles an upload.
pub const PROCESS_UPLOAD: &str = "process_upload";

/// Rows settled in one transaction. Larger chunks gain nothing measurable and hold the lock longer.
pub const ROWS_PER_CHUNK: usize = 1_000;

/// What the reading thread hands on.
enum Read {
    Header(Header),
    /// Rows that are settled already, from just before the first that is not: neighbours explain one another.
    Settled(Vec<(Row, LearnerReport)>),
    Rows {
        rows: Vec<(Row, LearnerReport)>,
        permille: i64,
    },
    /// The file is read to its end, or as far as these problems let it be.
    End(Vec<Problem>),
}

/// What only waits to be committed.
enum Ready {
    Header(String),
    Rows(Chunk),
    End(Vec<Problem>),
}

/// Rows that are settled in one transaction.
pub(super) struct Chunk {
    pub rows: Vec<(Row, Judged)>,
    /// Of the file, up to the last row.
    pub permille: i64,
    /// Faults of many rows together, as far as they reach into this chunk.
    pub of_rows: Vec<Problem>,
}

/// Settles an upload from its first unsettled row to its last.
pub async fn process(app: &App, job: &Job, id: UploadId) -> Result<()> {
    let mut tx = app.store.read().await?;
    let upload = store::uploads::find_for_work(&mut tx, id).await?;
    drop(tx);
    let Some(upload) = upload.filter(|upload| !upload.status.is_over()) else { return Ok(()) };
    let scope = ProviderScope::of_record(upload.provider);
    let mut ready = judged_chunks(app, &upload, scope)?;
    let mut rows_done = upload.rows_done;
    let mut problems = upload.problems;
    let mut end = None;
    while let Some(chunk) = ready.recv().await {
        match chunk? {
            Ready::Header(header) => {
                let mut tx = app.store.write().await?;
                store::uploads::start(&mut tx, id, &header, app.clock.now()).await?;
                tx.commit().await?;
            }
            Ready::Rows(chunk) => {
                columns::join(&mut problems, &chunk.of_rows);
                commit(app, job, &scope, id, rows_done, &chunk, &problems).await?;
                app.meter.settled(chunk.rows.len());
                rows_done += chunk.rows.len() as i64;
            }
            Ready::End(faults) => end = Some(faults),
        }
    }
    // a channel that closes without saying so is a fault of ours: the job is tried again
    let mut faults = end.ok_or_else(|| Error::Internal("reading stopped before the file's end".to_owned()))?;
    if rows_done == 0 && faults.is_empty() {
        faults.push(Problem::file(Code::NoRows));
    }
    problems.append(&mut faults);
    let mut tx = app.store.write().await?;
    store::jobs::hold(&mut tx, job, lease_end(app)).await?;
    let now = app.clock.now();
    store::uploads::finish(&mut tx, id, &problems, now).await?;
    let finished = NewEvent {
        kind: EventKind::UploadFinished,
        at: now,
        provider: upload.provider,
        board: None,
        credit: None,
        upload: Some(id),
    };
    store::events::append(&mut tx, &[finished]).await?;
    tx.commit().await?;
    ledgers::sign_soon(app).await;
    Ok(())
}

/// Starts reading and judging; what comes out of the channel only waits to be committed. Both
/// channels are short and the window holds one chunk back: memory holds a few, whatever the file's size.
fn judged_chunks(app: &App, upload: &Upload, scope: ProviderScope) -> Result<mpsc::Receiver<Result<Ready>>> {
    let format: FileFormat =
        serde_json::from_str(&upload.file_format).map_err(|error| Error::Internal(error.to_string()))?;
    let limits = Limits { file_bytes: app.config.upload_bytes, ..Limits::default() };
    let path = stored_file(app, upload.id);
    let reference = app.reference.get();
    let provider = upload.provider;
    let skip = usize::try_from(upload.rows_done).unwrap_or(usize::MAX);
    let (to_judge, mut to_be_judged) = mpsc::channel::<Read>(2);
    // a disk that does not answer is the operator's trouble, not a verdict on the file
    std::fs::File::open(&path)?;
    tokio::task::spawn_blocking(move || {
        let problems = match formats::open(&path, format, &limits) {
            Ok(batch) => read(batch, skip, &provider, &reference, &to_judge),
            Err(problems) => Some(problems),
        };
        if let Some(problems) = problems {
            // nobody listens any more only when the committing side has stopped for its own reasons
            let _ = to_judge.blocking_send(Read::End(problems));
        }
    });
    let (to_commit, ready) = mpsc::channel(1);
    let app = app.clone();
    tokio::spawn(async move {
        let mut window = Window::default();
        while let Some(read) = to_be_judged.recv().await {
            let judged = judged(&app, &scope, &mut window, read).await;
            let failed = judged.is_err();
            for ready in judged.map_or_else(|error| vec![Err(error)], |ready| ready.into_iter().map(Ok).collect()) {
                if to_commit.send(ready).await.is_err() {
                    return; // the committing side has stopped
                }
            }
            if failed {
                return; // and will now
            }
        }
    });
    Ok(ready)
}

/// Judges what was read. A chunk is ready once the rows after it are judged too.
async fn judged(app: &App, scope: &ProviderScope, window: &mut Window, read: Read) -> Result<Vec<Ready>> {
    let ready = match read {
        Read::Header(header) => {
            let text = serde_json::to_string(&header).map_err(|error| Error::Internal(error.to_string()))?;
            window.read_header(header);
            vec![Ready::Header(text)]
        }
        Read::Settled(rows) => {
            window.pass(&judged_rows(app, scope, rows).await?);
            vec![]
        }
        Read::Rows { rows, permille } => {
            let chunk = Chunk { rows: judged_rows(app, scope, rows).await?, permille, of_rows: Vec::new() };
            window.take(app, Some(chunk)).await?.map(Ready::Rows).into_iter().collect()
        }
        Read::End(faults) => {
            let last = window.take(app, None).await?.map(Ready::Rows);
            last.into_iter().chain([Ready::End(faults)]).collect()
        }
    };
    Ok(ready)
}

async fn judged_rows(app: &App, scope: &ProviderScope, rows: Vec<(Row, LearnerReport)>) -> Result<Vec<(Row, Judged)>> {
    let (rows, reports): (Vec<Row>, Vec<LearnerReport>) = rows.into_iter().unzip();
    Ok(rows.into_iter().zip(judge(app, scope, reports).await?).collect())
}

/// Reads rows into chunks until the file ends or a fault stops it, and gives the faults. `None`:
/// nobody listens any more.
fn read(
    mut batch: formats::Batch,
    skip: usize,
    provider: &ProviderId,
    reference: &Arc<domain::reference::Reference>,
    to_judge: &mpsc::Sender<Read>,
) -> Option<Vec<Problem>> {
    let header = batch.header().clone();
    to_judge.blocking_send(Read::Header(header.clone())).ok()?;
    let mut faults = Vec::new();
    let mut rows = Vec::with_capacity(ROWS_PER_CHUNK);
    let mut passed = 0;
    while let Some(next) = batch.next() {
        match next {
            Ok(_) if passed + CONTEXT < skip => passed += 1,
            Ok(row) if passed < skip => {
                let report = report_of(&header, &row, provider, reference);
                rows.push((row, report));
                passed += 1;
                if passed == skip {
                    to_judge.blocking_send(Read::Settled(std::mem::take(&mut rows))).ok()?;
                }
                continue;
            }
            Ok(row) => {
                let report = report_of(&header, &row, provider, reference);
                rows.push((row, report));
            }
            Err(problem) => {
                faults.push(problem);
                break;
            }
        }
        if rows.len() == ROWS_PER_CHUNK {
            let permille = (batch.progress() * 1000.0) as i64;
            let full = std::mem::replace(&mut rows, Vec::with_capacity(ROWS_PER_CHUNK));
            to_judge.blocking_send(Read::Rows { rows: full, permille }).ok()?;
        }
    }
    if !rows.is_empty() {
        to_judge.blocking_send(Read::Rows { rows, permille: 1000 }).ok()?;
    }
    Some(faults)
}

/// A row understood. One that names another provider was made for somebody else's upload.
pub(crate) fn report_of(
    header: &Header,
    row: &Row,
    provider: &ProviderId,
    reference: &domain::reference::Reference,
) -> LearnerReport {
    let mut report = formats::learner_report(header, row, reference);
    let named = row.origin.as_ref().map_or("", |origin| origin.provider());
    // a program may have taken the ID for a number and lost its zeros
    let digits = |id: &str| id.trim_start_matches('0').to_owned();
    if !named.is_empty() && digits(named) != digits(&provider.to_string()) {
        report.problem(Problem::row(Code::ProviderDiffers).given(named).fact(provider.to_string()));
    }
    report
}

/// Commits one chunk: facts, ledger, outbox, results of its rows and how far the file is.
async fn commit(
    app: &App,
    job: &Job,
    scope: &ProviderScope,
    upload: UploadId,
    rows_done: i64,
    chunk: &Chunk,
    problems: &[Problem],
) -> Result<()> {
    let Chunk { rows, permille, of_rows } = chunk;
    crate::retry::on_race(|| async {
        let mut tx = app.store.write().await?;
        store::jobs::hold(&mut tx, job, lease_end(app)).await?;
        let numbered: Vec<(i64, &Judged)> =
            rows.iter().map(|(row, judged)| (i64::try_from(row.number).unwrap_or(i64::MAX), judged)).collect();
        let recorded = record(app, &mut tx, scope, upload, &numbered).await?;
        let mut counts = Counts::default();
        let mut settled = Vec::with_capacity(rows.len());
        for (((number, _), (row, _)), recorded) in numbered.iter().zip(rows).zip(recorded) {
            counts.count(recorded.result);
            settled.push(settled_row(*number, row, recorded));
        }
        store::upload_rows::insert_many(&mut tx, upload, &settled).await?;
        store::uploads::advance(&mut tx, upload, rows_done, &counts, *permille).await?;
        if !of_rows.is_empty() {
            store::uploads::set_problems(&mut tx, upload, problems).await?;
        }
        store::jobs::progressed(&mut tx, job).await?;
        tx.commit().await?;
        Ok(())
    })
    .await
}

/// Problems of a row that came from a document take along where they stand in it.
pub(crate) fn settled_row(number: i64, row: &Row, recorded: Recorded) -> SettledRow {
    let Recorded { result, completion, mut problems } = recorded;
    row.place(&mut problems);
    let refused = (result == domain::upload::RowResult::Refused).then(|| (row.cells.clone(), problems));
    SettledRow { number, result, completion, refused }
}
