//! Forgotten and changed passwords.
//!
//! Asking answers the same for every address. A new password ends all sessions and closes all other
//! links; choosing one by a link also signs in, so that somebody else's failed tries cannot keep the
//! owner out.

use domain::AccountId;
use domain::access::{Actor, Who};
use store::WriteTx;

use super::sessions::Started;
use super::sign_in::Entered;
use super::{Secret, check_email, passwords, sign_in, subject_of};
use crate::chance::hash_of_secret;
use crate::clock::HOUR;
use crate::mail::{self, Letter};
use crate::{App, Error, Result, audit};

const VALID_FOR: i64 = HOUR;
const KIND: &str = "password_reset";
/// Letters an hour to one address; more tries are answered alike and send nothing.
const LETTERS_AN_HOUR: i64 = 5;

/// Sends a link to the address if it belongs to somebody. Never says whether it does.
pub async fn request(app: &App, email: &str) -> Result<()> {
    let email = check_email(email)?;
    let now = app.clock.now();
    let subject = subject_of(email);
    let mut tx = app.store.write().await?;
    let tries = store::attempts::count_since(&mut tx, KIND, &subject, now - HOUR).await?;
    // the same write for every address: a stranger's takes as long
    store::attempts::insert(&mut tx, app.chance.id(now), KIND, &subject, now).await?;
    let account = store::accounts::find_by_email(&mut tx, email).await?;
    let account = account.filter(|account| account.disabled_at.is_none() && tries.count < LETTERS_AN_HOUR);
    if let Some(account) = account {
        let secret = open_for(app, &mut tx, account.id).await?;
        let letter = Letter::PasswordReset { name: &account.name, secret: &secret };
        mail::queue(app, &mut tx, &account.email, &letter).await?;
        audit::record_nobody(app, &mut tx, "password.reset_request", account.id, "").await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Makes a link that takes a new password, for an hour.
pub(super) async fn open_for(app: &App, tx: &mut WriteTx, account: AccountId) -> Result<Secret> {
    let secret = Secret::new(app.chance.secret(""));
    let now = app.clock.now();
    store::password_resets::insert(tx, &hash_of_secret(secret.expose()), account, now, now + VALID_FOR).await?;
    Ok(secret)
}

/// Whether the link can still be used; else [`Error::LinkOver`].
pub async fn check_link(app: &App, secret: &str) -> Result<()> {
    let mut tx = app.store.read().await?;
    let open = store::password_resets::find_open(&mut tx, &hash_of_secret(secret), app.clock.now()).await?;
    open.map(|_| ()).ok_or(Error::LinkOver)
}

/// Sets the new password, ends all sessions, and signs in: the letter stands for the password and for no second
/// factor.
pub async fn choose(app: &App, secret: &str, password: &str, user_agent: &str) -> Result<Entered> {
    let now = app.clock.now();
    let hash = hash_of_secret(secret);
    let mut tx = app.store.read().await?;
    let id = store::password_resets::find_open(&mut tx, &hash, now).await?.ok_or(Error::LinkOver)?;
    let account = store::accounts::find(&mut tx, id).await?.ok_or(Error::LinkOver)?;
    let has_factor = store::second_factors::factors(&mut tx, id).await?.any();
    drop(tx);
    passwords::check(app, "password", password, &account.email, has_factor)?;
    let password_hash = passwords::hash(app, password).await?;

    let mut tx = app.store.write().await?;
    if !store::password_resets::use_up(&mut tx, &hash, now).await? {
        return Err(Error::LinkOver);
    }
    store::accounts::set_password(&mut tx, id, &password_hash, passwords::is_long(password)).await?;
    store::password_resets::close_all(&mut tx, id, now).await?;
    store::sessions::delete_all(&mut tx, id).await?;
    sign_in::forget_tries(&mut tx, &account.email).await?;
    mail::queue(app, &mut tx, &account.email, &Letter::PasswordChanged { name: &account.name }).await?;
    audit::record_nobody(app, &mut tx, "password.reset", id, "").await?;
    store::ceremonies::end_all(&mut tx, id).await?;
    let entered = sign_in::enter(app, &mut tx, id, user_agent).await?;
    tx.commit().await?;
    Ok(entered)
}

/// Changes the password of somebody who is signed in and knows the old one. All sessions end; the
/// returned one takes the place of the one that asked.
pub async fn change(app: &App, actor: &Actor, old: &str, new: &str, user_agent: &str) -> Result<Started> {
    let Who::Account(id) = actor.who else { return Err(Error::NotFound) };
    let mut tx = app.store.read().await?;
    let account = store::accounts::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let seats = store::seats::list(&mut tx, id).await?;
    let has_factor = store::second_factors::factors(&mut tx, id).await?.any();
    drop(tx);
    if !passwords::verify(old, Some(&account.password_hash)).await? {
        return Err(Error::invalid("current_password", "This is not your current password."));
    }
    passwords::check(app, "new_password", new, &account.email, has_factor)?;
    let password_hash = passwords::hash(app, new).await?;
    let seat = seats.into_iter().find(|held| held.seat == actor.seat).ok_or(Error::NotFound)?;

    let mut tx = app.store.write().await?;
    store::accounts::set_password(&mut tx, id, &password_hash, passwords::is_long(new)).await?;
    store::password_resets::close_all(&mut tx, id, app.clock.now()).await?;
    store::sessions::delete_all(&mut tx, id).await?;
    mail::queue(app, &mut tx, &account.email, &Letter::PasswordChanged { name: &account.name }).await?;
    audit::record(app, &mut tx, actor, "password.change", id, None, "").await?;
    let started = super::sessions::start(app, &mut tx, id, (seat.seat_id, seat.seat), user_agent).await?;
    tx.commit().await?;
    Ok(started)
}
