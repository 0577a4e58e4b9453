//! What of the record goes by a board's rules or by the year's deadline, counted for the accreditor's
//! staff before they change it. Counts over all providers, so they take the staff's scope.

use domain::Board;
use domain::access::StaffScope;
use domain::credit::CreditStatus;

use crate::error::Result;
use crate::tx::ReadTx;

/// Counting credit stops here, for each status: a board has millions, and nobody needs the exact number.
pub const MOST_COUNTED: i64 = 1_000_000;

/// Activities, or what belongs to them, by how far the activity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stages {
    pub drafts: i64,
    /// Active or Ready to Close.
    pub open: i64,
    pub closed: i64,
}

impl Stages {
    pub fn total(self) -> i64 {
        self.drafts + self.open + self.closed
    }

    pub(crate) fn add(&mut self, stage: &str, count: i64) {
        match stage {
            "draft" => self.drafts += count,
            "closed" => self.closed += count,
            _ => self.open += count,
        }
    }
}

/// Registrations of activities with a board.
pub async fn registrations_of(tx: &mut ReadTx, _scope: &StaffScope, board: Board) -> Result<Stages> {
    let rows = all!(
        tx,
        (String, i64),
        "select stage, count(*) from activity_moc join activity on activity.activity_id = activity_moc.activity_id
         where board = $1 group by stage",
        board.code(),
    )?;
    let mut stages = Stages::default();
    rows.iter().for_each(|(stage, count)| stages.add(stage, *count));
    Ok(stages)
}

/// A board's credit on record; each number is at most [`MOST_COUNTED`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Credits {
    pub pending: i64,
    pub accepted: i64,
}

pub async fn credits_of(tx: &mut ReadTx, _scope: &StaffScope, board: Board) -> Result<Credits> {
    let mut counted = [0; 2];
    for (count, status) in counted.iter_mut().zip([CreditStatus::Pending, CreditStatus::Accepted]) {
        (*count,) = one!(
            tx,
            (i64,),
            "select count(*) from (select 1 as one from credit where kind = $1 and kind <> 'CME' and status = $2
                 and withdrawn_at is null limit $3) as found",
            board.code(),
            status.code(),
            MOST_COUNTED,
        )?;
    }
    let [pending, accepted] = counted;
    Ok(Credits { pending, accepted })
}

/// How far providers are with a reporting year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, sqlx::FromRow)]
pub struct Years {
    pub providers: i64,
    pub agreed: i64,
    pub submitted: i64,
}

pub async fn years_of(tx: &mut ReadTx, _scope: &StaffScope, year: i16) -> Result<Years> {
    one!(
        tx,
        Years,
        "select (select count(*) from provider) as providers, count(agreed_at) as agreed,
             count(submitted_at) as submitted
         from provider_year where year = $1",
        i64::from(year),
    )
}
