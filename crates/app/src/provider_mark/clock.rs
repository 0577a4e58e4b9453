//! Looks at each provider's mark when something may have changed: it begins, thirty days are left, it ends.
//!
//! What was seen and which letter was written is one row, changed in the transaction of the letter: after a kill nothing
//! is said twice, and of two workers the second finds that somebody has looked.

use domain::ProviderId;
use domain::access::ProviderScope;
use jiff::ToSpan;
use store::provider_marks::{self, Seen};

use super::{State, letters, months, state};
use crate::clock::HOUR;
use crate::{App, Result, retry};

/// Providers looked at in one round.
const AT_ONCE: i64 = 100;
/// Days before the end at which the owners are told.
const WARNED_BEFORE: i64 = 30;
/// How often a provider without a mark is looked at, to see it begin.
const DAY: i64 = 24 * HOUR;

/// Looks at the marks that are due. Whether there may be more.
pub async fn look_due(app: &App) -> Result<bool> {
    let due = provider_marks::due(&mut app.store.read().await?, app.clock.now(), AT_ONCE).await?;
    let is_full = i64::try_from(due.len()).is_ok_and(|found| found >= AT_ONCE);
    for provider in due {
        retry::on_race(|| look(app, provider)).await?;
    }
    Ok(is_full)
}

async fn look(app: &App, provider: ProviderId) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let Some(seen) = provider_marks::lock(&mut tx, provider).await?.filter(|seen| seen.look_at <= now) else {
        return Ok(());
    };
    let scope = ProviderScope::of_record(provider);
    let next = match state(app, &mut tx, provider).await? {
        State::Current { until, .. } => {
            let begun_at = match seen.begun_at {
                Some(at) => at,
                None => begun(app, &mut tx, provider).await?.unwrap_or(now),
            };
            let warn_on = until.saturating_sub(WARNED_BEFORE.days());
            let is_near = app.clock.today() >= warn_on;
            if is_near && seen.warned_of != Some(until) {
                letters::ends_soon(app, &mut tx, &scope, until).await?;
            }
            let look_at = if is_near { app.clock.end_of(until) } else { app.clock.start_of(warn_on) };
            Seen { begun_at: Some(begun_at), warned_of: is_near.then_some(until), look_at, ..seen }
        }
        State::NotCurrent(why) => {
            if seen.begun_at.is_some() {
                letters::ended(app, &mut tx, &scope, why).await?;
            }
            let ended_at = seen.begun_at.map(|_| now).or(seen.ended_at);
            Seen { begun_at: None, ended_at, warned_of: None, look_at: now + DAY }
        }
    };
    provider_marks::save(&mut tx, provider, &next).await?;
    Ok(tx.commit().await?)
}

/// The oldest report of those that carry the mark now: it is current at least since then.
async fn begun(app: &App, tx: &mut store::ReadTx, provider: ProviderId) -> Result<Option<i64>> {
    let first = app.clock.today().saturating_sub(months(app).months());
    Ok(provider_marks::first_report(tx, provider, app.clock.start_of(first)).await?)
}
