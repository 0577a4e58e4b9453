//! What a provider does, in a few numbers, for the accreditor's page about it.

use domain::access::StaffScope;
use domain::{Amount, ProviderId};
use jiff::civil::Date;

use crate::error::Result;
use crate::tx::ReadTx;
use crate::values::date_text;

/// Of one provider. Credits are what was reported and not withdrawn, without derived ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Of all stages and years.
    pub activities: i64,
    /// Complete, not closed, and not over.
    pub running: i64,
    /// AMA PRA Category 1: how many, and what they add up to.
    pub credits: i64,
    pub amount: Amount,
}

#[derive(sqlx::FromRow)]
struct Row {
    activities: i64,
    running: i64,
    credits: i64,
    amount: i64,
}

/// Credits are those of completions on these days, both included.
pub async fn of_provider(
    tx: &mut ReadTx,
    _scope: &StaffScope,
    provider: ProviderId,
    (first, last): (Date, Date),
    today: Date,
) -> Result<Figures> {
    let row = one!(
        tx,
        Row,
        "select (select count(*) from activity where provider_id = $1) as activities,
                (select count(*) from activity where provider_id = $1 and stage = 'open' and ends_on >= $4) as running,
                cast(coalesce(sum(credits), 0) as bigint) as credits, cast(coalesce(sum(amount), 0) as bigint) as amount
         from credit_tally
         where provider_id = $1 and completed_on between $2 and $3 and kind = 'CME'",
        provider.as_str(),
        date_text(first),
        date_text(last),
        date_text(today),
    )?;
    Ok(Figures {
        activities: row.activities,
        running: row.running,
        credits: row.credits,
        amount: Amount::new(row.amount),
    })
}
