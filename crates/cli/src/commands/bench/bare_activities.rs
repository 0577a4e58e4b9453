//! `credence bench bare-activities`: what a loop would reach that only writes activities.
//!
//! It takes the activities that a file has added, and writes them into another database of the same
//! provider: same tables, same indexes, same statements, same chunks, one transaction each. It reads
//! nothing and checks nothing; all is in memory when the clock starts.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use app::Chance;
use app::activities::exchange::{PROCESS_ACTIVITY_FILE, RECORDS_PER_CHUNK};
use clap::Args;
use domain::access::{Actor, ProviderRole, ProviderScope, Seat};
use domain::activity::Activity;
use domain::{ActivityId, JobId, UploadId};
use store::activities::{Attested, Save};
use store::activity_files::{self, ActivityFile, Counts, Ending, NewFile, Settled, Which};
use store::counters::{self, Counter};
use store::jobs::{self, Job};
use store::{Database, Store, audit};

use crate::output::{count, say};

/// Microseconds for which a worker leases its job.
const LEASE: i64 = 30_000_000;

/// Write the activities of a file again, and nothing else
#[derive(Debug, Args)]
pub(super) struct BareActivities {
    /// Where to write: a copy of the database from before the file
    #[arg(long, value_name = "URL")]
    database: String,
    /// The database in which the file is settled
    #[arg(long, value_name = "URL")]
    like: String,
    /// The file
    #[arg(long, value_name = "ID")]
    file: UploadId,
}

struct Prepared {
    file: ActivityFile,
    records: Vec<Settled>,
    activities: HashMap<ActivityId, Activity>,
}

/// Everything that one transaction writes.
struct Chunk<'a> {
    records: &'a [Settled],
    counts: Counts,
    saves: Vec<Save<'a>>,
    entries: Vec<audit::NewEntry>,
}

impl BareActivities {
    pub(super) async fn run(self) -> Result<()> {
        let like = Store::open(&Database::read(&self.like)?).await?;
        let prepared = Prepared::read(&like, self.file).await?;
        like.close().await;
        let chunks = prepared.chunks()?;
        let store = Store::open(&Database::read(&self.database)?).await?;
        let job = begin(&store, &prepared.file).await?;
        let took = write(&store, &prepared.file, &chunks, &job).await?;
        store.close().await;
        let seconds = took.as_secs_f64();
        let records = prepared.records.len();
        say(&format!("{:>12}  activities", count(prepared.activities.len() as u64)))?;
        // the script reads this line
        say(&format!("{records} records in {seconds:.3} s: {:.0} records/s", records as f64 / seconds.max(0.001)))
    }
}

impl Prepared {
    async fn read(store: &Store, id: UploadId) -> Result<Self> {
        let mut tx = store.read().await?;
        let file =
            activity_files::find_for_work(&mut tx, id).await?.with_context(|| format!("there is no file {id}"))?;
        let scope = ProviderScope::of_record(file.provider);
        let mut records: Vec<Settled> = Vec::new();
        loop {
            let after = records.last().map_or(0, |record| record.number);
            let page = activity_files::list_records(&mut tx, &scope, id, Which::All, after, 5_000).await?;
            if page.is_empty() {
                break;
            }
            records.extend(page);
        }
        if let Some(other) = records.iter().find(|record| record.ending != Ending::Added) {
            bail!("record {} is {}; a bare loop only adds", other.number, other.ending.label());
        }
        let ids: Vec<ActivityId> = records.iter().filter_map(|record| record.activity).collect();
        let mut activities = HashMap::new();
        for some in ids.chunks(5_000) {
            let found = store::activities::find_many(&mut tx, &scope, some).await?;
            activities.extend(found.into_iter().map(|stored| (stored.activity.id, stored.activity)));
        }
        Ok(Self { file, records, activities })
    }

    fn chunks(&self) -> Result<Vec<Chunk<'_>>> {
        let seat = Seat::Provider(self.file.provider, ProviderRole::Editor);
        let actor = Actor { who: self.file.submitter.who, seat };
        let chance = Chance::system();
        let one = |records| {
            let mut chunk = Chunk { records, counts: Counts::default(), saves: Vec::new(), entries: Vec::new() };
            for record in records {
                chunk.counts.count(record.ending);
                let id = record.activity.context("a record names no activity")?;
                let activity = self.activities.get(&id).with_context(|| format!("there is no activity {id}"))?;
                chunk.saves.push(Save { activity, version: None });
                chunk.entries.push(audit::NewEntry {
                    id: chance.id(self.file.received_at),
                    at: self.file.received_at,
                    actor: Some(actor),
                    action: "activity.create",
                    subject: id.to_string(),
                    physician: None,
                    detail: String::new(),
                });
            }
            Ok(chunk)
        };
        self.records.chunks(RECORDS_PER_CHUNK).map(one).collect()
    }
}

/// Everything that is there before the first chunk: the file and its job, leased.
async fn begin(store: &Store, file: &ActivityFile) -> Result<Job> {
    let new = NewFile {
        id: file.id,
        kind: file.kind,
        submitter: file.submitter.clone(),
        file_name: file.file_name.clone(),
        file_format: file.file_format.clone(),
        file_bytes: file.file_bytes,
        digest: file.digest.clone(),
        received_at: file.received_at,
    };
    let (now, payload) = (file.received_at, file.id.to_string());
    let mut tx = store.write().await?;
    if !activity_files::insert(&mut tx, &ProviderScope::of_record(file.provider), &new).await? {
        bail!("the file is in this database already");
    }
    jobs::enqueue(&mut tx, JobId::new(file.id.as_uuid()), PROCESS_ACTIVITY_FILE, &payload, now, now).await?;
    activity_files::start(&mut tx, file.id, now).await?;
    let job = jobs::claim(&mut tx, now, now + LEASE).await?.context("the job cannot be claimed")?;
    if job.payload != payload {
        bail!("other jobs wait in this database");
    }
    tx.commit().await?;
    Ok(job)
}

/// The loop, from the first transaction's beginning to the last one's end.
async fn write(store: &Store, file: &ActivityFile, chunks: &[Chunk<'_>], job: &Job) -> Result<Duration> {
    let scope = ProviderScope::of_record(file.provider);
    let attested = Attested { by: None, at: file.received_at };
    let begun = Instant::now();
    let mut done = 0;
    for chunk in chunks {
        let mut tx = store.write().await?;
        jobs::hold(&mut tx, job, file.received_at + LEASE).await?;
        counters::take(&mut tx, Counter::Activity, chunk.saves.len() as i64).await?;
        if !store::activities::save_many(&mut tx, &scope, &chunk.saves, attested).await? {
            bail!("activities of the file are in this database already");
        }
        audit::insert_many(&mut tx, &chunk.entries).await?;
        activity_files::insert_records(&mut tx, file.id, chunk.records).await?;
        activity_files::advance(&mut tx, file.id, done, &chunk.counts, 1_000).await?;
        jobs::progressed(&mut tx, job).await?;
        tx.commit().await?;
        done += chunk.counts.all();
    }
    let mut tx = store.write().await?;
    activity_files::finish(&mut tx, file.id, &[], file.received_at).await?;
    jobs::finish(&mut tx, job, file.received_at).await?;
    tx.commit().await?;
    Ok(begun.elapsed())
}
