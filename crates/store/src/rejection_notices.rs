//! Letters to providers about credit that boards rejected: who waits for one, and what it tells.

use domain::access::ProviderScope;
use domain::{ActivityId, ProviderId};

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, parsed};

/// Notes that a provider has to hear of this event. An earlier one that waits stays the first.
pub async fn note(tx: &mut WriteTx, provider: ProviderId, seq: i64) -> Result<()> {
    exec!(
        tx,
        "insert into rejection_notice (provider_id, waiting_seq, mailed_at) values ($1, $2, 0)
         on conflict (provider_id) do update set waiting_seq = coalesce(rejection_notice.waiting_seq, excluded.waiting_seq)",
        provider.as_str(),
        seq,
    )?;
    Ok(())
}

/// Providers that wait and had their last letter before, with the first event that waits; longest ago first.
pub async fn due(tx: &mut ReadTx, mailed_before: i64, most: i64) -> Result<Vec<(ProviderId, i64)>> {
    let rows = all!(
        tx,
        (String, i64),
        "select provider_id, waiting_seq from rejection_notice
         where waiting_seq is not null and mailed_at < $1 order by mailed_at, provider_id limit $2",
        mailed_before,
        most,
    )?;
    rows.into_iter()
        .map(|(provider, seq)| Ok((parsed(&provider, at("rejection_notice", "provider_id", &provider))?, seq)))
        .collect()
}

/// Settles what waited from this event on, with or without a letter. `false`: another worker was quicker.
pub async fn settle(tx: &mut WriteTx, scope: &ProviderScope, waiting_seq: i64, mailed_at: Option<i64>) -> Result<bool> {
    let settled = exec!(
        tx,
        "update rejection_notice set waiting_seq = null, mailed_at = coalesce($3, mailed_at)
         where provider_id = $1 and waiting_seq = $2",
        scope.provider().as_str(),
        waiting_seq,
        mailed_at,
    )?;
    Ok(settled == 1)
}

/// Credit of one activity that was rejected for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    pub activity: ActivityId,
    pub title: String,
    pub board: String,
    pub reason: String,
    pub credits: i64,
}

#[derive(sqlx::FromRow)]
struct RejectedRow {
    activity_id: String,
    title: String,
    kind: String,
    reason: String,
    credits: i64,
}

/// What was rejected from this event on and still is, most first. What was withdrawn since is left out.
pub async fn rejected_since(tx: &mut ReadTx, scope: &ProviderScope, seq: i64, most: i64) -> Result<Vec<Rejected>> {
    let provider = scope.provider();
    let rows = all!(
        tx,
        RejectedRow,
        "select c.activity_id, a.title, k.kind, k.reason, count(*) as credits
         from event e
         join credit k on k.credit_id = e.credit_id
         join completion c on c.completion_id = k.completion_id
         join activity a on a.activity_id = c.activity_id
         where e.provider_id = $1 and e.event_seq >= $2 and e.kind = 'credit.decided'
           and k.status = 'rejected' and k.withdrawn_at is null
         group by c.activity_id, a.title, k.kind, k.reason
         order by count(*) desc, c.activity_id, k.kind, k.reason limit $3",
        provider.as_str(),
        seq,
        most,
    )?;
    rows.into_iter()
        .map(|row| {
            Ok(Rejected {
                activity: parsed(&row.activity_id, at("completion", "activity_id", &row.activity_id))?,
                title: row.title,
                board: row.kind,
                reason: row.reason,
                credits: row.credits,
            })
        })
        .collect()
}
