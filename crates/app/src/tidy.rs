//! Forgetting what is over: ended sessions, tries that no limit counts any more, old answers, and what webhooks were
//! told long ago.

use crate::accounts::{email_changes, sessions};
use crate::clock::HOUR;
use crate::{App, Result, claims, idempotency, prevalidation, webhooks};

/// Forgets it all. Run now and then.
pub async fn tidy(app: &App) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    store::sessions::delete_ended(&mut tx, now, sessions::idle_since(app)).await?;
    store::ceremonies::delete_expired(&mut tx, now).await?;
    store::devices::delete_before(&mut tx, now - 400 * 24 * HOUR).await?;
    store::email_changes::delete_before(&mut tx, now - email_changes::KEPT_FOR).await?;
    // the longest limit counts tries of 30 days
    store::attempts::delete_before(&mut tx, now - 40 * 24 * HOUR).await?;
    store::claims::delete_before(&mut tx, now - claims::KEPT_FOR).await?;
    store::idempotency::delete_before(&mut tx, now - idempotency::KEPT_FOR).await?;
    store::shares::looks::delete_visits_before(&mut tx, now).await?;
    store::webhooks::delete_before(&mut tx, now - webhooks::KEPT_FOR).await?;
    // an hour fills any allowance
    store::api_allowances::delete_before(&mut tx, now - HOUR).await?;
    store::identity_tries::delete_before(&mut tx, now - prevalidation::WINDOW, app.clock.today()).await?;
    tx.commit().await?;
    Ok(())
}
