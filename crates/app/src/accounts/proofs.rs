//! Asking again: what could do lasting harm (tokens, teams, merges, the factors themselves) needs a proof of who
//! asks that is at most 15 minutes old. Who has a second factor proves with it; others with the password.

use domain::AccountId;
use domain::access::{Actor, Who};

use super::{factors, passwords, tries};
use crate::chance::hash_of_secret;
use crate::clock::MINUTE;
use crate::{App, Error, Result, audit};

const FRESH_FOR: i64 = 15 * MINUTE;

/// How the actor can prove who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ways {
    pub password: bool,
    /// The app's, or a recovery code.
    pub code: bool,
    pub authenticator: bool,
    pub passkey: bool,
}

/// Whether a proof of this time still counts.
pub fn is_fresh(app: &App, proved_at: i64) -> bool {
    app.clock.now() - proved_at <= FRESH_FOR
}

pub async fn ways(app: &App, actor: &Actor) -> Result<Ways> {
    let held = factors::of(app, actor).await?;
    Ok(Ways {
        password: !held.any(),
        code: held.any(),
        authenticator: held.authenticators > 0,
        passkey: held.passkeys > 0,
    })
}

/// Proves it with the password, or for who has a second factor with a code. `session` is the browser's secret.
///
/// Errors: `Invalid` on `proof`; `TooMany`.
pub async fn prove(app: &App, actor: &Actor, session: &str, typed: &str) -> Result<()> {
    let Who::Account(account) = actor.who else { return Err(Error::NotFound) };
    let ways = ways(app, actor).await?;
    if typed.trim().is_empty() {
        let what = if ways.password { "Enter your password." } else { "Enter a code." };
        return Err(Error::invalid("proof", what));
    }
    let subject = account.to_string();
    let mut tx = app.store.write().await?;
    tries::PROOF.count(app, &mut tx, &subject).await?;
    tx.commit().await?;
    let with = if ways.password { "password" } else { "code" };
    if ways.password && !is_password(app, account, typed).await? {
        return Err(Error::invalid("proof", "This is not your password."));
    }
    let mut tx = app.store.write().await?;
    if !ways.password && factors::take(app, &mut tx, account, typed).await?.is_none() {
        let message = "This code does not agree, or was used already. Enter the code that the app shows now.";
        return Err(Error::invalid("proof", message));
    }
    tries::PROOF.forget(&mut tx, &subject).await?;
    store::sessions::prove(&mut tx, &hash_of_secret(session), app.clock.now()).await?;
    audit::record(app, &mut tx, actor, "session.prove", account, None, with).await?;
    tx.commit().await?;
    Ok(())
}

async fn is_password(app: &App, account: AccountId, typed: &str) -> Result<bool> {
    let mut tx = app.store.read().await?;
    let account = store::accounts::find(&mut tx, account).await?;
    drop(tx);
    passwords::verify(typed, account.as_ref().map(|account| account.password_hash.as_str())).await
}
