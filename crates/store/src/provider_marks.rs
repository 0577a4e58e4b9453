//! The mark of providers that report: the newest report that counts for it, and what letters were written.
//!
//! Whether a mark is current is never stored: it follows from the newest accepted report and the day.

use domain::ProviderId;
use jiff::civil::Date;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, date_text, parsed, parsed_or_none};

/// When the newest completion was reported that has accepted credit and was not withdrawn (microseconds).
pub async fn newest_report(tx: &mut ReadTx, provider: ProviderId) -> Result<Option<i64>> {
    let row = maybe!(
        tx,
        (i64,),
        "select c.reported_at from completion c
         where c.provider_id = $1 and c.withdrawn_at is null
           and exists (select 1 from credit k where k.completion_id = c.completion_id and k.status = 'accepted'
                       and k.withdrawn_at is null)
         order by c.reported_at desc limit 1",
        provider.as_str(),
    )?;
    Ok(row.map(|(at,)| at))
}

/// As [`newest_report`], the oldest at `since` or later.
pub async fn first_report(tx: &mut ReadTx, provider: ProviderId, since: i64) -> Result<Option<i64>> {
    let row = maybe!(
        tx,
        (i64,),
        "select c.reported_at from completion c
         where c.provider_id = $1 and c.reported_at >= $2 and c.withdrawn_at is null
           and exists (select 1 from credit k where k.completion_id = c.completion_id and k.status = 'accepted'
                       and k.withdrawn_at is null)
         order by c.reported_at limit 1",
        provider.as_str(),
        since,
    )?;
    Ok(row.map(|(at,)| at))
}

/// What was last seen of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Since when it is current; nothing while it is not.
    pub begun_at: Option<i64>,
    pub ended_at: Option<i64>,
    /// The last day that a letter warned of.
    pub warned_of: Option<Date>,
    /// When to look again.
    pub look_at: i64,
}

#[derive(sqlx::FromRow)]
struct SeenRow {
    begun_at: Option<i64>,
    ended_at: Option<i64>,
    warned_of: String,
    look_at: i64,
}

/// `None`: nobody has looked at this provider's mark yet.
pub async fn find(tx: &mut ReadTx, provider: ProviderId) -> Result<Option<Seen>> {
    let row = maybe!(
        tx,
        SeenRow,
        "select begun_at, ended_at, warned_of, look_at from provider_mark where provider_id = $1",
        provider.as_str(),
    )?;
    row.map(|row| {
        Ok(Seen {
            begun_at: row.begun_at,
            ended_at: row.ended_at,
            warned_of: parsed_or_none(&row.warned_of, at("provider_mark", "warned_of", &provider))?,
            look_at: row.look_at,
        })
    })
    .transpose()
}

/// Providers to be looked at by now; at most so many.
pub async fn due(tx: &mut ReadTx, now: i64, most: i64) -> Result<Vec<ProviderId>> {
    let rows = all!(
        tx,
        (String,),
        "select provider_id from provider_mark where look_at <= $1 order by look_at limit $2",
        now,
        most
    )?;
    rows.into_iter().map(|(id,)| parsed(&id, at("provider_mark", "provider_id", &id))).collect()
}

/// Locks a provider's mark until the transaction ends, and gives it.
pub async fn lock(tx: &mut WriteTx, provider: ProviderId) -> Result<Option<Seen>> {
    // an update that changes nothing locks on both databases
    exec!(tx, "update provider_mark set look_at = look_at where provider_id = $1", provider.as_str())?;
    find(tx, provider).await
}

pub async fn save(tx: &mut WriteTx, provider: ProviderId, seen: &Seen) -> Result<()> {
    exec!(
        tx,
        "insert into provider_mark (provider_id, begun_at, ended_at, warned_of, look_at) values ($1, $2, $3, $4, $5)
         on conflict (provider_id) do update set begun_at = excluded.begun_at, ended_at = excluded.ended_at,
          warned_of = excluded.warned_of, look_at = excluded.look_at",
        provider.as_str(),
        seen.begun_at,
        seen.ended_at,
        seen.warned_of.map(date_text).unwrap_or_default(),
        seen.look_at,
    )?;
    Ok(())
}

/// Has the mark looked at as soon as somebody looks: how its provider stands has changed.
pub async fn look_now(tx: &mut WriteTx, provider: ProviderId) -> Result<()> {
    exec!(tx, "update provider_mark set look_at = 0 where provider_id = $1", provider.as_str())?;
    Ok(())
}
