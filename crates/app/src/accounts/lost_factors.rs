//! Who lost the second factor and every recovery code asks people for help: an owner of the own team, or the
//! accreditor's staff. Yes takes effect after 72 hours, in which the letter to the address on file can stop it;
//! then the password alone lets the person in, once, and the lost factors are gone.

use domain::AccountId;
use domain::access::{Actor, ProviderRole, Who};
use store::lost_factors::{self as stored, NewRequest, Settlement, Waiting};
use store::{WriteTx, second_factors};
use uuid::Uuid;

use super::notices::{self, Notice};
use super::{Secret, sign_in};
use crate::chance::hash_of_secret;
use crate::clock::HOUR;
use crate::mail::{self, AccountLetter, Letter};
use crate::{App, Error, Result, audit};

/// Between yes and its effect.
pub(crate) const WAIT: i64 = 72 * HOUR;
/// How long the open door waits for the person.
const OPEN_FOR: i64 = 14 * 24 * HOUR;
const MOST_LETTERS: usize = 1000;

/// Asks for help. `half` is the secret of a sign-in whose password was right.
///
/// Errors: `LinkOver`; `Invalid` on `words`.
pub async fn ask(app: &App, half: &str, words: &str) -> Result<()> {
    let account = sign_in::half_of(app, half).await?;
    let words = words.trim();
    if words.is_empty() || words.chars().count() > MOST_LETTERS {
        let message = format!("Say what happened and how you can be reached, in at most {MOST_LETTERS} letters.");
        return Err(Error::invalid("words", message));
    }
    let now = app.clock.now();
    let secret = Secret::new(app.chance.secret(""));
    let request = NewRequest {
        id: app.chance.id(now),
        account,
        words: words.to_owned(),
        stop_hash: hash_of_secret(secret.expose()),
        asked_at: now,
    };
    let mut tx = app.store.write().await?;
    store::accounts::lock(&mut tx, account).await?;
    // asked twice is asked once
    if stored::insert(&mut tx, &request).await? {
        let found = store::accounts::find(&mut tx, account).await?.ok_or(Error::LinkOver)?;
        let letter = Letter::Account(AccountLetter::HelpAsked { name: &found.name, secret: &secret });
        mail::queue(app, &mut tx, &found.email, &letter).await?;
        audit::record_nobody(app, &mut tx, "lost_factor.ask", account, "").await?;
    }
    tx.commit().await?;
    Ok(())
}

/// A request that the actor may settle: staff all but their own, owners those of their own team.
///
/// Errors: `NotFound`.
pub async fn find(app: &App, actor: &Actor, id: Uuid) -> Result<Waiting> {
    let Who::Account(by) = actor.who else { return Err(Error::NotFound) };
    let mut tx = app.store.read().await?;
    let waiting = match (actor.staff(), actor.provider(ProviderRole::Owner)) {
        (Some(_), _) => stored::find_waiting(&mut tx, id).await?,
        (None, Some(scope)) => {
            let team = stored::list_waiting_of_team(&mut tx, &scope).await?;
            team.into_iter().find(|waiting| waiting.lost_factor_id == id)
        }
        (None, None) => None,
    };
    // nobody opens the own door
    waiting.filter(|waiting| waiting.account_id != by.as_uuid()).ok_or(Error::NotFound)
}

/// Says yes or no, with a reason that the person reads.
///
/// Errors: `NotFound`; `Invalid` on `reason`; `Stale` if somebody else settled it.
pub async fn settle(app: &App, actor: &Actor, id: Uuid, is_granted: bool, reason: &str) -> Result<()> {
    let Who::Account(by) = actor.who else { return Err(Error::NotFound) };
    let waiting = find(app, actor, id).await?;
    let reason = check_reason(reason)?;
    let now = app.clock.now();
    let opens_at = is_granted.then_some(now + WAIT);
    let mut tx = app.store.write().await?;
    let settlement = Settlement { by, reason, opens_at, at: now };
    if !stored::settle(&mut tx, id, &settlement).await? {
        return Err(Error::Stale);
    }
    let from = opens_at.map(|at| app.clock.show(at));
    let letter = AccountLetter::HelpAnswered { name: &waiting.name, reason, from: from.as_deref() };
    mail::queue(app, &mut tx, &waiting.email, &Letter::Account(letter)).await?;
    let word = if is_granted { "granted" } else { "refused" };
    audit::record(app, &mut tx, actor, "lost_factor.settle", waiting.account_id, None, word).await?;
    tx.commit().await?;
    Ok(())
}

/// A reason that the person concerned reads.
pub(crate) fn check_reason(reason: &str) -> Result<&str> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > MOST_LETTERS {
        return Err(Error::invalid("reason", "Say why, in a sentence or two. The person reads it in the letter."));
    }
    Ok(reason)
}

/// Whether the letter's link still stops something; else [`Error::LinkOver`].
pub async fn to_stop(app: &App, secret: &str) -> Result<()> {
    let mut tx = app.store.read().await?;
    stored::find_to_stop(&mut tx, &hash_of_secret(secret)).await?.map(|_| ()).ok_or(Error::LinkOver)
}

/// Stops the request, granted or not.
pub async fn stop(app: &App, secret: &str) -> Result<()> {
    let hash = hash_of_secret(secret);
    let mut tx = app.store.write().await?;
    let account = stored::find_to_stop(&mut tx, &hash).await?.ok_or(Error::LinkOver)?;
    if !stored::stop(&mut tx, &hash, app.clock.now()).await? {
        return Err(Error::LinkOver);
    }
    store::ceremonies::end_all(&mut tx, account).await?;
    audit::record_nobody(app, &mut tx, "lost_factor.stop", account, "").await?;
    tx.commit().await?;
    Ok(())
}

/// Uses up what was granted, if its time has come, and takes the lost factors away.
pub(super) async fn take_granted(app: &App, tx: &mut WriteTx, account: AccountId) -> Result<bool> {
    let now = app.clock.now();
    let Some(granted) = stored::find_granted(tx, account, now - OPEN_FOR).await? else { return Ok(false) };
    if granted.opens_at > now || !stored::use_up(tx, granted.id, now).await? {
        return Ok(false);
    }
    second_factors::delete_all(tx, account).await?;
    store::sessions::delete_all(tx, account).await?;
    notices::tell(app, tx, account, Notice::FactorsCleared).await?;
    audit::record_nobody(app, tx, "lost_factor.use", account, "").await?;
    Ok(true)
}
