//! Who is signed in: started, recognised, listed, ended.
//!
//! The browser holds a random secret of 256 bits, the database its hash. A session ends after hours
//! without use and after days in any case (settings `session_idle_hours`, `session_days`).

use domain::AccountId;
use domain::access::{Actor, Seat, Who};
use store::WriteTx;
use store::sessions::{Live, NewSession};
use uuid::Uuid;

use super::{Secret, hex};
use crate::chance::hash_of_secret;
use crate::clock::{HOUR, MINUTE};
use crate::{App, Error, Result, audit};

/// A session that just began.
#[derive(Debug, Clone)]
pub struct Started {
    pub account: AccountId,
    pub secret: Secret,
    pub seat: Seat,
}

/// A session as its owner sees it. `id` names it in a form and signs nobody in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSession {
    pub id: String,
    pub created_at: i64,
    pub seen_at: i64,
    pub user_agent: String,
    pub current: bool,
}

pub(crate) fn idle_since(app: &App) -> i64 {
    app.clock.now() - app.config.session_idle_hours * HOUR
}

/// Begins a session in a seat of the account, whose person just proved who they are.
pub async fn start(
    app: &App,
    tx: &mut WriteTx,
    account: AccountId,
    seat: (Uuid, Seat),
    user_agent: &str,
) -> Result<Started> {
    start_proved(app, tx, account, seat, (user_agent, app.clock.now())).await
}

async fn start_proved(
    app: &App,
    tx: &mut WriteTx,
    account: AccountId,
    (seat_id, seat): (Uuid, Seat),
    (user_agent, proved_at): (&str, i64),
) -> Result<Started> {
    let now = app.clock.now();
    let secret = app.chance.secret("");
    let session = NewSession {
        hash: hash_of_secret(&secret),
        account,
        seat_id,
        created_at: now,
        expires_at: now + app.config.session_days * 24 * HOUR,
        proved_at,
        user_agent: user_agent.chars().filter(|letter| !letter.is_control()).take(200).collect(),
    };
    store::sessions::insert(tx, &session).await?;
    let actor = Actor { who: Who::Account(account), seat };
    audit::record(app, tx, &actor, "session.start", account, None, "").await?;
    Ok(Started { account, secret: Secret::new(secret), seat })
}

/// The session that the browser's secret belongs to, if it has not ended.
pub async fn recognise(app: &App, secret: &str) -> Result<Option<Live>> {
    let now = app.clock.now();
    let hash = hash_of_secret(secret);
    let mut tx = app.store.read().await?;
    let Some(live) = store::sessions::find_live(&mut tx, &hash, now, idle_since(app)).await? else {
        return Ok(None);
    };
    drop(tx);
    // noted at most every few minutes, so that reading a page rarely writes
    if now - live.seen_at > 5 * MINUTE {
        let mut tx = app.store.write().await?;
        store::sessions::touch(&mut tx, &hash, now).await?;
        tx.commit().await?;
    }
    Ok(Some(live))
}

/// Ends the session whose secret this is; a wrong secret ends nothing.
pub async fn end(app: &App, secret: &str) -> Result<()> {
    let mut tx = app.store.write().await?;
    store::sessions::delete_by_hash(&mut tx, &hash_of_secret(secret)).await?;
    tx.commit().await?;
    Ok(())
}

/// The account's sessions, most recently used first. `secret` is the one that asks.
pub async fn list(app: &App, account: AccountId, secret: &str) -> Result<Vec<OwnSession>> {
    let own = hash_of_secret(secret);
    let mut tx = app.store.read().await?;
    let listed = store::sessions::list(&mut tx, account, app.clock.now(), idle_since(app)).await?;
    Ok(listed
        .into_iter()
        .map(|session| OwnSession {
            id: hex(&session.hash),
            created_at: session.created_at,
            seen_at: session.seen_at,
            user_agent: session.user_agent,
            current: session.hash == own,
        })
        .collect())
}

/// Ends one of the actor's own sessions, named by [`OwnSession::id`].
pub async fn revoke(app: &App, actor: &Actor, id: &str) -> Result<()> {
    let Who::Account(account) = actor.who else { return Err(Error::NotFound) };
    let mut tx = app.store.write().await?;
    let listed = store::sessions::list(&mut tx, account, app.clock.now(), idle_since(app)).await?;
    let session = listed.into_iter().find(|session| hex(&session.hash) == id).ok_or(Error::NotFound)?;
    store::sessions::delete(&mut tx, account, &session.hash).await?;
    audit::record(app, &mut tx, actor, "session.revoke", account, None, "").await?;
    tx.commit().await?;
    Ok(())
}

/// Ends all of the actor's sessions but the one that asks, and says how many there were.
pub async fn revoke_others(app: &App, actor: &Actor, secret: &str) -> Result<u64> {
    let Who::Account(account) = actor.who else { return Err(Error::NotFound) };
    let mut tx = app.store.write().await?;
    let ended = store::sessions::delete_others(&mut tx, account, &hash_of_secret(secret)).await?;
    audit::record(app, &mut tx, actor, "session.revoke_others", account, None, &ended.to_string()).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Moves the person to another of their seats: the old session ends, a new one begins. It proves nothing anew.
pub async fn take_seat(app: &App, actor: &Actor, secret: &str, seat_id: Uuid, user_agent: &str) -> Result<Started> {
    let Who::Account(account) = actor.who else { return Err(Error::NotFound) };
    let mut tx = app.store.write().await?;
    let seats = store::seats::list(&mut tx, account).await?;
    let held = seats.into_iter().find(|held| held.seat_id == seat_id).ok_or(Error::NotFound)?;
    let own = hash_of_secret(secret);
    let live = store::sessions::find_live(&mut tx, &own, app.clock.now(), idle_since(app)).await?;
    let proved_at = live.map_or(0, |live| live.proved_at);
    store::sessions::delete_by_hash(&mut tx, &own).await?;
    let seat = (held.seat_id, held.seat);
    let started = start_proved(app, &mut tx, account, seat, (user_agent, proved_at)).await?;
    tx.commit().await?;
    Ok(started)
}
