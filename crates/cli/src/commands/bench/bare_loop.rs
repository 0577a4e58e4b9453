//! `credence bench bare-loop`: what a loop would reach that only writes.
//!
//! It takes the very rows that an upload has written, and writes them into another database that
//! holds the same registry: same tables, same indexes, same statements, same chunks, one transaction
//! each. It reads nothing, matches nobody, checks nothing; all rows are in memory when the clock starts.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use app::uploads::PROCESS_UPLOAD;
use clap::Args;
use domain::access::{ProviderScope, Who};
use domain::{AccountId, JobId, UploadId};
use store::counters::{self, Counter};
use store::jobs::{self, Job};
use store::uploads::{self, NewUpload, Source, Submitter};
use store::{Database, Store, completions, events, ledger, upload_rows};

use super::prepared::{self, Chunk, Prepared};
use crate::output::{count, say};

/// Microseconds for which a worker leases its job.
const LEASE: i64 = 30_000_000;

/// Write the rows of an upload again, and nothing else
#[derive(Debug, Args)]
pub(super) struct BareLoop {
    /// Where to write: a copy of the database from before the upload
    #[arg(long, value_name = "URL")]
    database: String,
    /// The database in which the upload is settled
    #[arg(long, value_name = "URL")]
    like: String,
    /// The upload
    #[arg(long, value_name = "ID")]
    upload: UploadId,
}

impl BareLoop {
    pub(super) async fn run(self) -> Result<()> {
        let like = Store::open(&Database::read(&self.like)?).await?;
        let prepared = Prepared::read(&like, self.upload).await?;
        like.close().await;
        let store = Store::open(&Database::read(&self.database)?).await?;
        let job = begin(&store, &prepared).await?;
        let took = write(&store, &prepared, &job).await?;
        store.close().await;
        tell(&prepared, took)
    }
}

/// Everything that is there before the first chunk: the upload and its job, leased.
async fn begin(store: &Store, prepared: &Prepared) -> Result<Job> {
    let upload = &prepared.upload;
    let scope = ProviderScope::of_record(upload.provider);
    let new = NewUpload {
        id: upload.id,
        source: Source::File,
        submitter: Submitter { who: Who::Account(AccountId::new(upload.id.as_uuid())), name: String::new() },
        file_name: upload.file_name.clone(),
        file_format: upload.file_format.clone(),
        file_bytes: upload.file_bytes,
        digest: upload.digest.clone(),
        permission_on: upload.permission_on,
        received_at: upload.received_at,
    };
    let now = upload.received_at;
    let mut tx = store.write().await?;
    if counters::taken(&mut tx, Counter::LedgerLeaf).await? != prepared.first_leaf {
        bail!("the two databases differ in more than the upload; write into a copy from before it");
    }
    if !uploads::insert(&mut tx, &scope, &new).await? {
        bail!("the upload is in this database already");
    }
    jobs::enqueue(&mut tx, JobId::new(upload.id.as_uuid()), PROCESS_UPLOAD, &upload.id.to_string(), now, now).await?;
    uploads::start(&mut tx, upload.id, upload.header.as_deref().unwrap_or_default(), now).await?;
    let job = jobs::claim(&mut tx, now, now + LEASE).await?.context("the job cannot be claimed")?;
    if job.payload != upload.id.to_string() {
        bail!("other jobs wait in this database");
    }
    tx.commit().await?;
    Ok(job)
}

/// The loop, from the first transaction's beginning to the last one's end.
async fn write(store: &Store, prepared: &Prepared, job: &Job) -> Result<Duration> {
    let upload = &prepared.upload;
    let scope = ProviderScope::of_record(upload.provider);
    let begun = Instant::now();
    let mut done = 0;
    for chunk in &prepared.chunks {
        let mut tx = store.write().await?;
        jobs::hold(&mut tx, job, upload.received_at + LEASE).await?;
        counters::take(&mut tx, Counter::LedgerLeaf, chunk.leaves.len() as i64).await?;
        completions::insert(&mut tx, &scope, &chunk.completions, &chunk.credits).await?;
        ledger::append(&mut tx, &chunk.leaves).await?;
        events::append(&mut tx, &chunk.events).await?;
        upload_rows::insert_many(&mut tx, upload.id, &chunk.rows).await?;
        uploads::advance(&mut tx, upload.id, done, &chunk.counts, 1_000).await?;
        tx.commit().await?;
        done += chunk.counts.rows;
    }
    let mut tx = store.write().await?;
    uploads::finish(&mut tx, upload.id, &[], upload.received_at).await?;
    events::append(&mut tx, &[prepared::finished(upload)]).await?;
    jobs::finish(&mut tx, job, upload.received_at).await?;
    tx.commit().await?;
    Ok(begun.elapsed())
}

fn tell(prepared: &Prepared, took: Duration) -> Result<()> {
    let sum = |of: fn(&Chunk) -> usize| prepared.chunks.iter().map(of).sum::<usize>() as u64;
    let rows = sum(|chunk| chunk.rows.len());
    for (table, rows) in [
        ("upload_row", rows),
        ("completion", sum(|chunk| chunk.completions.len())),
        ("credit", sum(|chunk| chunk.credits.len())),
        ("ledger_leaf", sum(|chunk| chunk.leaves.len())),
        ("event", sum(|chunk| chunk.events.len()) + 1),
    ] {
        say(&format!("{:>12}  rows of {table}", count(rows)))?;
    }
    let seconds = took.as_secs_f64();
    // the scripts read this line
    say(&format!("{rows} rows in {seconds:.3} s: {:.0} rows/s", rows as f64 / seconds.max(0.001)))
}
