//! Background work. A worker leases a job for a while; the lease's token is a fence: a worker whose
//! lease was given to another cannot commit what it has done since.

pub mod listed;

use domain::JobId;
use uuid::Uuid;

use crate::dialect;
use crate::error::{Error, Result};
use crate::tx::{ReadTx, WriteTx};

/// A job in a worker's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: JobId,
    pub kind: String,
    pub payload: String,
    /// This try included.
    pub attempts: i64,
    pub lease_token: i64,
}

pub async fn enqueue(tx: &mut WriteTx, id: JobId, kind: &str, payload: &str, run_at: i64, now: i64) -> Result<()> {
    exec!(
        tx,
        "insert into job (job_id, kind, payload, state, run_at, attempts, lease_token, created_at)
         values ($1, $2, $3, 'queued', $4, 0, 0, $5)",
        id.as_uuid(),
        kind,
        payload,
        run_at,
        now,
    )?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct JobRow {
    job_id: Uuid,
    kind: String,
    payload: String,
    attempts: i64,
    lease_token: i64,
}

impl From<JobRow> for Job {
    fn from(row: JobRow) -> Self {
        Self {
            id: JobId::new(row.job_id),
            kind: row.kind,
            payload: row.payload,
            attempts: row.attempts,
            lease_token: row.lease_token,
        }
    }
}

/// Leases the next job that is due, or whose worker has gone silent. None while nothing may be changed.
pub async fn claim(tx: &mut WriteTx, now: i64, leased_until: i64) -> Result<Option<Job>> {
    let sql = format!(
        "select job_id, kind, payload, attempts, lease_token from job
         where ((state = 'queued' and run_at <= $1) or (state = 'running' and leased_until < $1))
           and not exists (select 1 from read_only)
         order by run_at limit 1{}",
        dialect::skip_locked(tx)
    );
    let row = maybe!(tx, JobRow, sqlx::AssertSqlSafe(sql.as_str()), now)?;
    let Some(mut job) = row.map(Job::from) else { return Ok(None) };
    job.attempts += 1;
    job.lease_token += 1;
    exec!(
        tx,
        "update job set state = 'running', attempts = $2, lease_token = $3, leased_until = $4 where job_id = $1",
        job.id.as_uuid(),
        job.attempts,
        job.lease_token,
        leased_until,
    )?;
    Ok(Some(job))
}

/// Takes a job that is not done into these hands, whoever had it: their lease is over. `None`: there is none.
pub async fn take_over(tx: &mut WriteTx, kind: &str, payload: &str, leased_until: i64) -> Result<Option<Job>> {
    let row = maybe!(
        tx,
        JobRow,
        "select job_id, kind, payload, attempts, lease_token from job
         where kind = $1 and payload = $2 and state in ('queued', 'running') order by created_at limit 1",
        kind,
        payload,
    )?;
    let Some(mut job) = row.map(Job::from) else { return Ok(None) };
    job.attempts += 1;
    job.lease_token += 1;
    exec!(
        tx,
        "update job set state = 'running', attempts = $2, lease_token = $3, leased_until = $4 where job_id = $1",
        job.id.as_uuid(),
        job.attempts,
        job.lease_token,
        leased_until,
    )?;
    Ok(Some(job))
}

/// Holds on to the lease, or says that it is lost, or that nothing may be changed for now. Part of every transaction
/// that a job commits.
pub async fn hold(tx: &mut WriteTx, job: &Job, leased_until: i64) -> Result<()> {
    let held = exec!(
        tx,
        "update job set leased_until = $3 where job_id = $1 and lease_token = $2 and state = 'running'
           and not exists (select 1 from read_only)",
        job.id.as_uuid(),
        job.lease_token,
        leased_until,
    )?;
    match held {
        1 => Ok(()),
        _ if crate::read_only::find(tx).await?.is_some() => Err(Error::ReadOnly),
        _ => Err(Error::LeaseLost),
    }
}

/// Puts a job back as it was before it was taken: it goes on where it stopped. Nothing failed.
pub async fn pause(tx: &mut WriteTx, job: &Job) -> Result<()> {
    exec!(
        tx,
        "update job set state = 'queued', leased_until = null,
           attempts = case when attempts > 0 then attempts - 1 else 0 end
         where job_id = $1 and lease_token = $2 and state = 'running'",
        job.id.as_uuid(),
        job.lease_token,
    )?;
    Ok(())
}

/// Forgets earlier tries once work has moved on: only failures in a row count.
pub async fn progressed(tx: &mut WriteTx, job: &Job) -> Result<()> {
    exec!(tx, "update job set attempts = 0 where job_id = $1 and lease_token = $2", job.id.as_uuid(), job.lease_token)?;
    Ok(())
}

pub async fn finish(tx: &mut WriteTx, job: &Job, now: i64) -> Result<()> {
    let done = exec!(
        tx,
        "update job set state = 'done', finished_at = $3, leased_until = null, failure = null
         where job_id = $1 and lease_token = $2",
        job.id.as_uuid(),
        job.lease_token,
        now,
    )?;
    if done == 1 { Ok(()) } else { Err(Error::LeaseLost) }
}

/// Puts a failed job back for later. No job is given up: what was acknowledged must finish.
pub async fn fail(tx: &mut WriteTx, job: &Job, failure: &str, retry_at: i64) -> Result<()> {
    exec!(
        tx,
        "update job set state = 'queued', failure = $3, run_at = $4, leased_until = null
         where job_id = $1 and lease_token = $2",
        job.id.as_uuid(),
        job.lease_token,
        failure,
        retry_at,
    )?;
    Ok(())
}

/// Gives running jobs back at once, and lets those that wait for another try begin. Only for a
/// process that is the sole worker of its database.
pub async fn release_all(tx: &mut WriteTx, now: i64) -> Result<u64> {
    exec!(
        tx,
        "update job set state = 'queued', leased_until = null, attempts = 0,
           run_at = case when failure is null then run_at else $1 end
         where state = 'running' or (state = 'queued' and failure is not null)",
        now,
    )
}

/// Whether such a job is waiting or running.
pub async fn is_open(tx: &mut ReadTx, kind: &str, payload: &str) -> Result<bool> {
    let sql = "select count(*) from job where kind = $1 and payload = $2 and state in ('queued', 'running')";
    let (open,) = one!(tx, (i64,), sql, kind, payload)?;
    Ok(open > 0)
}

/// Jobs that are waiting or running.
pub async fn open_count(tx: &mut ReadTx) -> Result<i64> {
    let (open,) = one!(tx, (i64,), "select count(*) from job where state in ('queued', 'running')")?;
    Ok(open)
}
