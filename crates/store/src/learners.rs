//! A provider's completions as its staff look for them: who, what, when, and what became of it.

mod rejected;
mod search;
mod whole;

use domain::access::ProviderScope;

use crate::error::Result;
use crate::tx::ReadTx;

pub use rejected::{Group, Standing, count_rejected, holders, rejected, rejections, standings};
pub use search::{MOST_COUNTED, Search, Sort, count, search};
pub use whole::{Learner, Reported, TakenBack, find, find_many, taken_back, took_place_of};

/// What the provider's first page counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Figures {
    pub completions_this_year: i64,
    pub pending: i64,
    pub rejected: i64,
    pub refused_rows: i64,
    pub accepted_rows: i64,
    pub running: i64,
}

/// Counts over the provider's own records; `year` is the calendar year of completion. Activity by activity from
/// an index and from the tally of credits, so that no row of a million is read.
pub async fn figures(tx: &mut ReadTx, scope: &ProviderScope, year: i16) -> Result<Figures> {
    one!(
        tx,
        Figures,
        "select
           (select count(*) from activity a cross join completion k
              where a.provider_id = $1 and k.activity_id = a.activity_id and k.withdrawn_at is null
              and k.completed_on >= $2 and k.completed_on < $3) as completions_this_year,
           (select cast(coalesce(sum(credits), 0) as bigint) from credit_tally
              where provider_id = $1 and status = 'pending') as pending,
           (select cast(coalesce(sum(credits), 0) as bigint) from credit_tally
              where provider_id = $1 and status = 'rejected') as rejected,
           (select cast(coalesce(sum(refused), 0) as bigint) from upload where provider_id = $1) as refused_rows,
           (select cast(coalesce(sum(accepted), 0) as bigint) from upload where provider_id = $1) as accepted_rows,
           (select count(*) from upload where provider_id = $1 and status in ('received', 'processing')) as running",
        scope.provider().as_str(),
        format!("{year:04}-01-01"),
        format!("{:04}-01-01", year.saturating_add(1)),
    )
}

/// Live CME credits of the scope's provider by month of completion (`YYYY-MM`), in hundredths.
pub async fn credits_by_month(tx: &mut ReadTx, scope: &ProviderScope, year: i16) -> Result<Vec<(String, i64)>> {
    all!(
        tx,
        (String, i64),
        "select substr(completed_on, 1, 7), cast(coalesce(sum(amount), 0) as bigint)
         from credit_tally
         where provider_id = $1 and kind = 'CME' and credits > 0 and completed_on >= $2 and completed_on < $3
         group by substr(completed_on, 1, 7) order by 1",
        scope.provider().as_str(),
        format!("{year:04}-01-01"),
        format!("{:04}-01-01", year.saturating_add(1)),
    )
}
