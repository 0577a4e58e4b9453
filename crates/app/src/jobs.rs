//! Background work: workers lease jobs from the database, run them, and say how they ended.
//!
//! A job that fails is tried again with a growing delay; one whose lease passed to another worker
//! stops silently, since its fenced transactions can no longer commit. While the system is read-only none is taken,
//! and one under way rests at its next chunk.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use store::jobs::Job;
use tokio::sync::{Notify, watch};

use crate::activities::exchange;
use crate::lease::{LEASE_SECONDS, lease_end};
use crate::rosters::imports;
use crate::{App, Error, Result, announcements, board_rules, data_report, license_audits, licensee_lists, uploads};

/// The longest pause before a failed job is tried again: 1 s doubled this often, about 17 minutes.
const MOST_DOUBLINGS: i64 = 10;
/// How often an idle worker looks for jobs of other processes.
const IDLE: Duration = Duration::from_millis(500);

/// Wakes this process's workers when a job was queued here.
#[derive(Clone, Default)]
pub struct Jobs {
    queued: Arc<Notify>,
}

impl Jobs {
    pub fn wake(&self) {
        self.queued.notify_waiters();
    }
}

/// Works until told to stop; a job in hand is left to its lease.
pub async fn work(app: App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let queued = app.jobs.queued.clone();
        let woken = queued.notified();
        if let Err(error) = app.reference.refresh(&app.store).await {
            tracing::error!(%error, "changes of reference data could not be looked for");
        }
        match run_next(&app).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "a worker could not take a job"),
        }
        tokio::select! {
            () = woken => {}
            () = tokio::time::sleep(IDLE) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Runs the next job that is due. `false`: there is none.
pub async fn run_next(app: &App) -> Result<bool> {
    let mut tx = app.store.write().await?;
    let Some(job) = store::jobs::claim(&mut tx, app.clock.now(), lease_end(app)).await? else { return Ok(false) };
    tx.commit().await?;
    let ended = tokio::select! {
        ended = run(app, &job) => ended,
        lost = keep_lease(app, &job) => lost,
    };
    let mut tx = app.store.write().await?;
    match ended {
        Ok(()) => store::jobs::finish(&mut tx, &job, app.clock.now()).await?,
        Err(Error::Store(store::Error::LeaseLost)) => {
            tracing::warn!(job = %job.id, kind = job.kind, "the job went to another worker");
            return Ok(true);
        }
        Err(Error::Store(store::Error::ReadOnly)) => {
            tracing::info!(job = %job.id, kind = job.kind, "a job rests until changes are allowed again");
            store::jobs::pause(&mut tx, &job).await?;
        }
        Err(error) => {
            tracing::error!(%error, job = %job.id, kind = job.kind, "a job failed and is tried again later");
            let retry_at = app.clock.now() + (1_000_000 << job.attempts.min(MOST_DOUBLINGS));
            store::jobs::fail(&mut tx, &job, &error.to_string(), retry_at).await?;
        }
    }
    tx.commit().await?;
    Ok(true)
}

/// Renews the lease while the job runs, and ends with an error once it is lost.
pub(crate) async fn keep_lease(app: &App, job: &Job) -> Result<()> {
    loop {
        tokio::time::sleep(Duration::from_secs(LEASE_SECONDS as u64 / 3)).await;
        let mut tx = app.store.write().await?;
        store::jobs::hold(&mut tx, job, lease_end(app)).await?;
        tx.commit().await?;
    }
}

async fn run(app: &App, job: &Job) -> Result<()> {
    let subject = |text: &str| text.parse().map_err(|_| Error::Internal(format!("job {} names nothing", job.id)));
    match job.kind.as_str() {
        uploads::PROCESS_UPLOAD => uploads::process(app, job, subject(&job.payload)?).await,
        exchange::PROCESS_ACTIVITY_FILE => exchange::process(app, job, subject(&job.payload)?).await,
        announcements::MAIL_ANNOUNCEMENT => announcements::mail(app, job, named(job)?).await,
        data_report::COUNT_YEAR => data_report::work(app, job, named(job)?).await,
        board_rules::ANSWER_WAITING => board_rules::answer_waiting(app, job).await,
        uploads::RESUBMIT_UPLOAD => uploads::resubmit_all(app, job, subject(&job.payload)?).await,
        license_audits::ASSESS_LICENSE_AUDIT => license_audits::work(app, job, named(job)?).await,
        imports::IMPORT_ROSTER => imports::work(app, job, named(job)?).await,
        licensee_lists::checks::CHECK_LICENSEE_LIST => licensee_lists::checks::work(app, job, named(job)?).await,
        kind => Err(Error::Internal(format!("nobody knows the kind of job {kind}"))),
    }
}

/// What the job is about, as it is written down.
fn named<T: FromStr>(job: &Job) -> Result<T> {
    job.payload.parse().map_err(|_| Error::Internal(format!("job {} names nothing", job.id)))
}
