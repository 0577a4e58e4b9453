//! `credence bench bare-submissions`: what a loop would reach that only writes what requests have written.
//!
//! One durable transaction for each request, one after another, with the same statements into the same tables.
//! It reads nothing, matches nobody, checks nothing; all rows are in memory when the clock starts.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use app::Chance;
use clap::Args;
use domain::access::{Actor, ProviderRole, ProviderScope, Seat, Who};
use domain::{ApiClientId, UploadId};
use store::audit::{self, NewEntry};
use store::counters::{self, Counter};
use store::uploads::{self, NewUpload, Source, Submitter};
use store::{Database, Store, completions, events, ledger, upload_rows};

use super::prepared::{Chunk, Prepared};
use crate::output::say;

/// Write what requests have written again, and nothing else
#[derive(Debug, Args)]
pub(super) struct BareSubmissions {
    /// Where to write: a copy of the database from before the requests
    #[arg(long, value_name = "URL")]
    database: String,
    /// The database in which they are settled
    #[arg(long, value_name = "URL")]
    like: String,
    /// A file with the IDs of their uploads, one in a line
    #[arg(long, value_name = "FILE")]
    uploads: PathBuf,
}

/// One request, ready to be written.
struct Request {
    new: NewUpload,
    header: String,
    scope: ProviderScope,
    chunk: Chunk,
    entry: NewEntry,
}

impl BareSubmissions {
    pub(super) async fn run(self) -> Result<()> {
        let text = std::fs::read_to_string(&self.uploads).context("the list of uploads cannot be read")?;
        let ids: Vec<UploadId> =
            text.split_whitespace().map(str::parse).collect::<Result<_, _>>().context("no ID of an upload")?;
        let like = Store::open(&Database::read(&self.like)?).await?;
        let prepared = Prepared::read_all(&like, &ids).await?;
        like.close().await;
        let first = prepared.iter().map(|one| one.first_leaf).filter(|leaf| *leaf > 0).min().unwrap_or_default();
        let requests: Vec<Request> = prepared.into_iter().map(Request::of).collect::<Result<_>>()?;
        let store = Store::open(&Database::read(&self.database)?).await?;
        if counters::taken(&mut store.read().await?, Counter::LedgerLeaf).await? != first {
            bail!("the two databases differ in more than the requests; write into a copy from before them");
        }
        let took = write(&store, &requests).await?;
        store.close().await;
        let rows: usize = requests.iter().map(|request| request.chunk.rows.len()).sum();
        let seconds = took.as_secs_f64();
        // the script reads this line
        say(&format!("{rows} rows in {seconds:.3} s: {:.1} rows/s", rows as f64 / seconds.max(0.001)))
    }
}

impl Request {
    fn of(prepared: Prepared) -> Result<Self> {
        let Prepared { upload, chunks, .. } = prepared;
        let [chunk]: [Chunk; 1] = chunks.try_into().ok().context("a request is written in one transaction")?;
        let program = Who::ApiClient(ApiClientId::new(upload.id.as_uuid()));
        let new = NewUpload {
            id: upload.id,
            source: Source::Service,
            submitter: Submitter { who: program, name: upload.submitted_by_name },
            file_name: upload.file_name,
            file_format: upload.file_format,
            file_bytes: upload.file_bytes,
            digest: upload.digest,
            permission_on: upload.permission_on,
            received_at: upload.received_at,
        };
        let entry = NewEntry {
            id: Chance::system().id(upload.received_at),
            at: upload.received_at,
            actor: Some(Actor { who: program, seat: Seat::Provider(upload.provider, ProviderRole::LearnerData) }),
            action: "learner.submit",
            subject: upload.id.to_string(),
            physician: None,
            detail: format!("{} rows", chunk.counts.rows),
        };
        let header = upload.header.context("an upload without a header")?;
        Ok(Self { new, header, scope: ProviderScope::of_record(upload.provider), chunk, entry })
    }
}

/// The loop, from the first transaction's beginning to the last one's end.
async fn write(store: &Store, requests: &[Request]) -> Result<Duration> {
    let begun = Instant::now();
    for Request { new, header, scope, chunk, entry } in requests {
        let mut tx = store.write().await?;
        counters::take(&mut tx, Counter::LedgerLeaf, chunk.leaves.len() as i64).await?;
        completions::insert(&mut tx, scope, &chunk.completions, &chunk.credits).await?;
        ledger::append(&mut tx, &chunk.leaves).await?;
        events::append(&mut tx, &chunk.events).await?;
        uploads::insert_settled(&mut tx, scope, new, header, &[], &chunk.counts).await?;
        upload_rows::insert_many(&mut tx, new.id, &chunk.rows).await?;
        audit::insert(&mut tx, entry).await?;
        tx.commit().await?;
    }
    Ok(begun.elapsed())
}
