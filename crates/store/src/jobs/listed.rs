//! Jobs as the accreditor's staff look at them: how many stand how, which failed and why; and the two things a person
//! may do about one.

use domain::JobId;
use domain::access::StaffScope;
use uuid::Uuid;

use crate::error::Result;
use crate::question::Question;
use crate::tx::{ReadTx, WriteTx};

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    Running,
    /// Failed, and waits to be tried again.
    Retrying,
    Waiting,
    /// A person gave it up.
    GivenUp,
    Done,
}

impl Standing {
    pub const ALL: [Standing; 5] =
        [Standing::Running, Standing::Retrying, Standing::Waiting, Standing::GivenUp, Standing::Done];

    /// As it stands in addresses and metrics.
    pub fn code(self) -> &'static str {
        match self {
            Standing::Running => "running",
            Standing::Retrying => "retrying",
            Standing::Waiting => "waiting",
            Standing::GivenUp => "given-up",
            Standing::Done => "done",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.code() == code)
    }

    fn condition(self) -> &'static str {
        match self {
            Standing::Running => "state = 'running'",
            Standing::Retrying => "state = 'queued' and failure is not null",
            Standing::Waiting => "state = 'queued' and failure is null",
            Standing::GivenUp => "state = 'failed'",
            Standing::Done => "state = 'done'",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    pub job_id: Uuid,
    pub kind: String,
    pub payload: String,
    pub state: String,
    /// When it is due, or was.
    pub run_at: i64,
    /// Tries in a row that failed, the one under way included.
    pub attempts: i64,
    pub leased_until: Option<i64>,
    pub created_at: i64,
    pub finished_at: Option<i64>,
    pub failure: Option<String>,
}

impl Listed {
    pub fn standing(&self) -> Standing {
        match (self.state.as_str(), &self.failure) {
            ("running", _) => Standing::Running,
            ("failed", _) => Standing::GivenUp,
            ("done", _) => Standing::Done,
            (_, Some(_)) => Standing::Retrying,
            (_, None) => Standing::Waiting,
        }
    }
}

/// How many open jobs of a kind stand in one way.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Count {
    pub kind: String,
    /// As [`Standing::code`].
    pub standing: String,
    pub jobs: i64,
    /// When the first of them was due.
    pub oldest: i64,
}

/// Those that are not done, by kind.
pub async fn counts(tx: &mut ReadTx) -> Result<Vec<Count>> {
    all!(
        tx,
        Count,
        "select kind, standing, count(*) as jobs, min(run_at) as oldest
         from (select kind, run_at,
                      case when state = 'running' then 'running' when state = 'failed' then 'given-up'
                           when failure is not null then 'retrying' else 'waiting' end as standing
               from job where state in ('queued', 'running', 'failed')) as open_job
         group by kind, standing order by kind, standing"
    )
}

/// Jobs that stand so, of one kind or of all (empty): those due first, of the done the newest.
pub async fn list(
    tx: &mut ReadTx,
    _scope: &StaffScope,
    standing: Standing,
    kind: &str,
    most: i64,
) -> Result<Vec<Listed>> {
    let mut question = Question::new(
        "select job_id, kind, payload, state, run_at, attempts, leased_until, created_at, finished_at, failure
         from job where ",
    );
    question.push(standing.condition(), []);
    if !kind.is_empty() {
        question.push(" and kind = ?", [kind.into()]);
    }
    let order = if standing == Standing::Done { "desc" } else { "asc" };
    question.push(&format!(" order by run_at {order}, job_id {order} limit ?"), [most.into()]);
    asked!(tx, Listed, question)
}

/// Lets a job that failed or was given up begin at once, as if it had never failed. `false`: there is none such.
pub async fn start_again(tx: &mut WriteTx, _scope: &StaffScope, id: JobId, now: i64) -> Result<bool> {
    let started = exec!(
        tx,
        "update job set state = 'queued', run_at = $2, attempts = 0, finished_at = null
         where job_id = $1 and (state = 'failed' or (state = 'queued' and failure is not null))",
        id.as_uuid(),
        now,
    )?;
    Ok(started == 1)
}

/// Gives a job up that waits or runs: whoever works on it can commit nothing any more. `false`: there is none such.
pub async fn give_up(tx: &mut WriteTx, _scope: &StaffScope, id: JobId, now: i64) -> Result<bool> {
    let given_up = exec!(
        tx,
        "update job set state = 'failed', finished_at = $2, leased_until = null, lease_token = lease_token + 1
         where job_id = $1 and state in ('queued', 'running')",
        id.as_uuid(),
        now,
    )?;
    Ok(given_up == 1)
}
