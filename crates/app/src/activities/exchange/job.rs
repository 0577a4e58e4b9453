//! The job that settles a file's records: one thread reads, this one commits.
//!
//! A chunk commits its activities, its answers and how far the file is in one transaction. Whoever
//! resumes begins at the first record that no commit has counted.

use domain::UploadId;
use domain::access::{Actor, ProviderRole, ProviderScope, Seat};
use formats::activities::{Code, open};
use store::activity_files::{ActivityFile, Counts, Told};
use store::jobs::Job;
use tokio::sync::mpsc;

use super::files::{file_format, file_kind, limits};
use super::read::{Item, Items};
use super::settle::{settle, until_newest};
use super::stage::stored;
use super::told;
use crate::lease::lease_end;
use crate::{App, Error, Result};

/// The kind of job that settles a file of activities.
pub const PROCESS_ACTIVITY_FILE: &str = "process_activity_file";

/// Records settled in one transaction.
pub const RECORDS_PER_CHUNK: usize = 500;

enum Read {
    Records {
        items: Vec<Item>,
        permille: i64,
    },
    /// The file is read to its end, or as far as these let it be; warnings stop nothing.
    End(Vec<Told>),
}

/// Settles a file from its first unsettled record to its last.
pub async fn process(app: &App, job: &Job, id: UploadId) -> Result<()> {
    let mut tx = app.store.read().await?;
    let file = store::activity_files::find_for_work(&mut tx, id).await?;
    drop(tx);
    let Some(file) = file.filter(|file| !file.status.is_over()) else { return Ok(()) };
    let mut tx = app.store.write().await?;
    store::activity_files::start(&mut tx, id, app.clock.now()).await?;
    tx.commit().await?;
    // the right to enter activities was checked when the file was received
    let actor = Actor { who: file.submitter.who, seat: Seat::Provider(file.provider, ProviderRole::Editor) };
    let scope = ProviderScope::of_record(file.provider);
    let mut chunks = chunks(app, &file)?;
    let (mut done, mut end) = (file.records_done, None);
    while let Some(chunk) = chunks.recv().await {
        match chunk {
            Read::Records { items, permille } => {
                commit(app, job, &actor, &scope, id, done, &items, permille).await?;
                done += items.len() as i64;
            }
            Read::End(told) => end = Some(told),
        }
    }
    // a channel that closes without saying so is a fault of ours: the job is tried again
    let end = end.ok_or_else(|| Error::Internal("reading stopped before the file's end".to_owned()))?;
    let mut tx = app.store.write().await?;
    store::jobs::hold(&mut tx, job, lease_end(app)).await?;
    store::activity_files::finish(&mut tx, id, &end, app.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// Starts reading; the channel is short, so memory holds a few chunks whatever the size of the file.
fn chunks(app: &App, file: &ActivityFile) -> Result<mpsc::Receiver<Read>> {
    let (path, limits, kind) = (stored(app, file.id), limits(app), file.kind);
    let format = file_format(file)?;
    let reference = app.reference.get();
    let skip = usize::try_from(file.records_done).unwrap_or(usize::MAX);
    // a disk that does not answer is the operator's trouble, not a verdict on the file
    std::fs::File::open(&path)?;
    let (chunks, read) = mpsc::channel(2);
    tokio::task::spawn_blocking(move || {
        let end = match open(&path, format, file_kind(kind), &limits) {
            Ok(records) => all(Items { records, kind, reference: &reference }, skip, &chunks),
            Err(problems) => Some(problems.iter().map(told::problem).collect()),
        };
        if let Some(end) = end {
            // nobody listens any more only when the committing side has stopped for its own reasons
            let _ = chunks.blocking_send(Read::End(end));
        }
    });
    Ok(read)
}

/// Sends every record behind `skip` in chunks, and gives what is to be said of the file. `None`: nobody
/// listens any more.
fn all(mut items: Items<'_>, skip: usize, chunks: &mpsc::Sender<Read>) -> Option<Vec<Told>> {
    let mut end: Vec<Told> = items.records.warnings().iter().map(told::problem).collect();
    let (mut chunk, mut passed) = (Vec::with_capacity(RECORDS_PER_CHUNK), 0);
    while let Some(item) = items.next() {
        match item {
            Ok(_) if passed < skip => {
                passed += 1;
                continue;
            }
            Ok(item) => chunk.push(item),
            Err(fault) => {
                end.push(fault);
                break;
            }
        }
        if chunk.len() == RECORDS_PER_CHUNK {
            let permille = (items.records.progress() * 1000.0) as i64;
            let full = std::mem::replace(&mut chunk, Vec::with_capacity(RECORDS_PER_CHUNK));
            chunks.blocking_send(Read::Records { items: full, permille }).ok()?;
        }
    }
    if passed < skip {
        end.push(told::of_file(Code::FileUnreadable, "records that were there before are not there any more"));
    }
    if !chunk.is_empty() {
        chunks.blocking_send(Read::Records { items: chunk, permille: 1000 }).ok()?;
    }
    Some(end)
}

#[expect(clippy::too_many_arguments, reason = "one call; each says what the transaction is about")]
async fn commit(
    app: &App,
    job: &Job,
    actor: &Actor,
    scope: &ProviderScope,
    file: UploadId,
    done: i64,
    items: &[Item],
    permille: i64,
) -> Result<()> {
    until_newest(|| async {
        let mut tx = app.store.write().await?;
        store::jobs::hold(&mut tx, job, lease_end(app)).await?;
        let settled = settle(app, &mut tx, actor, scope, items).await?;
        let mut counts = Counts::default();
        for record in &settled {
            counts.count(record.ending);
        }
        store::activity_files::insert_records(&mut tx, file, &settled).await?;
        store::activity_files::advance(&mut tx, file, done, &counts, permille).await?;
        store::jobs::progressed(&mut tx, job).await?;
        tx.commit().await?;
        Ok(())
    })
    .await
}
