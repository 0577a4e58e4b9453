//! Webhooks: programs of a provider or a certifying board that are told of events as they happen.
//!
//! What is told names no person: ids, states and the sender's own key. Who needs more reads the feed with
//! a token. Each message is signed after Standard Webhooks (standardwebhooks.com).

pub mod address;
mod sending;
mod signing;
mod telling;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::access::{Actor, ProviderRole, Who};
use domain::{DeliveryId, WebhookId};
use store::events::EventKind;
use store::webhooks::{Listener, NewWebhook};

use crate::accounts::Secret;
use crate::clock::HOUR;
use crate::{App, Error, Result, audit};

pub use sending::work;

/// Microseconds for which the log of what was told is kept at least.
pub const KEPT_FOR: i64 = 90 * 24 * HOUR;

/// Webhooks of one organization.
pub const MOST: usize = 10;

/// Whose webhooks the actor manages: owners those of their provider, a board's people those of the board.
pub fn listener(actor: &Actor) -> Option<Listener> {
    let provider = actor.provider(ProviderRole::Owner).map(Listener::Provider);
    provider.or_else(|| actor.certifying_board().map(Listener::CertifyingBoard))
}

/// Adds a webhook that tells of these kinds of events, or of all, from now on. The secret that signs its
/// messages is returned this once.
///
/// Errors: `Invalid` on `url`, `Forbidden` for who manages none.
pub async fn create(app: &App, actor: &Actor, url: &str, kinds: Vec<EventKind>) -> Result<(WebhookId, Secret)> {
    let listener = listener(actor).ok_or(Error::Forbidden("only owners and boards have webhooks"))?;
    let Who::Account(created_by) = actor.who else { return Err(Error::Forbidden("only people add webhooks")) };
    let url = address::read(url, app.config.webhooks_anywhere)?;
    let now = app.clock.now();
    let id = WebhookId::new(app.chance.id(now));
    let secret = format!("{}{}", signing::KEY, STANDARD.encode(app.chance.bytes::<32>()));
    let mut tx = app.store.write().await?;
    if store::webhooks::list(&mut tx, listener).await?.len() >= MOST {
        return Err(Error::invalid("url", format!("{MOST} webhooks are the most. Remove one first.")));
    }
    let new = NewWebhook { id, url: url.into(), secret: secret.clone(), kinds, created_by, at: now };
    store::webhooks::create(&mut tx, listener, &new).await?;
    audit::record(app, &mut tx, actor, "webhook.create", id, None, &new.url).await?;
    tx.commit().await?;
    Ok((id, Secret::new(secret)))
}

/// Stops it at once, with all that waits.
pub async fn remove(app: &App, actor: &Actor, id: WebhookId) -> Result<()> {
    let listener = listener(actor).ok_or(Error::NotFound)?;
    let mut tx = app.store.write().await?;
    if !store::webhooks::remove(&mut tx, listener, id, app.clock.now()).await? {
        return Err(Error::NotFound);
    }
    audit::record(app, &mut tx, actor, "webhook.remove", id, None, "").await?;
    tx.commit().await?;
    Ok(())
}

/// Sends one delivery again, or all that were given up. How many.
pub async fn replay(app: &App, actor: &Actor, id: WebhookId, one: Option<DeliveryId>) -> Result<u64> {
    let listener = listener(actor).ok_or(Error::NotFound)?;
    let mut tx = app.store.write().await?;
    if !store::webhooks::list(&mut tx, listener).await?.iter().any(|webhook| webhook.id == id) {
        return Err(Error::NotFound);
    }
    let again = store::webhooks::replay(&mut tx, listener, id, one, app.clock.now()).await?;
    let what = one.map_or_else(|| "all given up".to_owned(), |one| one.to_string());
    audit::record(app, &mut tx, actor, "webhook.replay", id, None, &what).await?;
    tx.commit().await?;
    Ok(again)
}
