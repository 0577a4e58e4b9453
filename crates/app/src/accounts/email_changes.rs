//! A new e-mail address: it counts once its own letter was answered, and for seven days the old address can undo
//! it. So neither a stolen session nor a typing error takes an account away.

use domain::access::{Actor, Who};
use store::email_changes::{self as stored, NewChange};

use super::{Secret, check_email};
use crate::chance::hash_of_secret;
use crate::clock::HOUR;
use crate::mail::{self, AccountLetter, Letter};
use crate::{App, Error, Result, audit};

const VALID_FOR: i64 = 24 * HOUR;
const UNDONE_WITHIN: i64 = 7 * 24 * HOUR;
pub(crate) const KEPT_FOR: i64 = 30 * 24 * HOUR;

/// What the link of a letter is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changing {
    pub old_email: String,
    pub new_email: String,
}

impl From<stored::Change> for Changing {
    fn from(change: stored::Change) -> Self {
        Self { old_email: change.old_email, new_email: change.new_email }
    }
}

/// Asks for another address. The answer is the same where somebody else has the address; it then gets no letter.
///
/// Errors: `Invalid` on `email`.
pub async fn request(app: &App, actor: &Actor, email: &str) -> Result<()> {
    let Who::Account(id) = actor.who else { return Err(Error::NotFound) };
    let email = check_email(email)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let account = store::accounts::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if store::accounts::email_key(email) == store::accounts::email_key(&account.email) {
        return Err(Error::invalid("email", "This is your address already."));
    }
    let taken = store::accounts::find_by_email(&mut tx, email).await?.is_some();
    let (confirm, undo) = (Secret::new(app.chance.secret("")), Secret::new(app.chance.secret("")));
    let change = NewChange {
        id: app.chance.id(now),
        account: id,
        old_email: account.email.clone(),
        new_email: email.to_owned(),
        confirm_hash: hash_of_secret(confirm.expose()),
        undo_hash: hash_of_secret(undo.expose()),
        created_at: now,
        expires_at: now + VALID_FOR,
    };
    stored::insert(&mut tx, &change).await?;
    let name = &account.name;
    if !taken {
        let letter = Letter::Account(AccountLetter::ConfirmEmail { name, secret: &confirm });
        mail::queue(app, &mut tx, email, &letter).await?;
    }
    let letter = Letter::Account(AccountLetter::EmailChanging { name, secret: &undo });
    mail::queue(app, &mut tx, &account.email, &letter).await?;
    audit::record(app, &mut tx, actor, "email.request", id, None, "").await?;
    tx.commit().await?;
    Ok(())
}

/// What the letter to the new address confirms; [`Error::LinkOver`] if nothing any more.
pub async fn to_confirm(app: &App, secret: &str) -> Result<Changing> {
    let mut tx = app.store.read().await?;
    let change = stored::find_to_confirm(&mut tx, &hash_of_secret(secret), app.clock.now()).await?;
    change.map(Changing::from).ok_or(Error::LinkOver)
}

/// Gives the account the new address.
pub async fn confirm(app: &App, secret: &str) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let change = stored::find_to_confirm(&mut tx, &hash_of_secret(secret), now).await?.ok_or(Error::LinkOver)?;
    let confirmed = stored::confirm(&mut tx, change.id, now).await?;
    if !confirmed || !store::accounts::set_email(&mut tx, change.account, &change.new_email).await? {
        return Err(Error::LinkOver);
    }
    store::password_resets::close_all(&mut tx, change.account, now).await?;
    let letter = Letter::Account(AccountLetter::EmailChanged { name: &change.name });
    mail::queue(app, &mut tx, &change.old_email, &letter).await?;
    mail::queue(app, &mut tx, &change.new_email, &letter).await?;
    audit::record_nobody(app, &mut tx, "email.confirm", change.account, "").await?;
    tx.commit().await?;
    Ok(())
}

/// What the letter to the old address undoes; [`Error::LinkOver`] if nothing any more.
pub async fn to_undo(app: &App, secret: &str) -> Result<Changing> {
    let since = app.clock.now() - UNDONE_WITHIN;
    let mut tx = app.store.read().await?;
    let change = stored::find_to_undo(&mut tx, &hash_of_secret(secret), since).await?;
    change.map(Changing::from).ok_or(Error::LinkOver)
}

/// Gives the account its old address back, ends every session, and sends a link for a new password there:
/// whoever changed the address knew how to sign in.
pub async fn undo(app: &App, secret: &str) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let found = stored::find_to_undo(&mut tx, &hash_of_secret(secret), now - UNDONE_WITHIN).await?;
    let change = found.ok_or(Error::LinkOver)?;
    stored::undo_later(&mut tx, change.account, change.id, now).await?;
    if !store::accounts::set_email(&mut tx, change.account, &change.old_email).await? {
        return Err(Error::LinkOver);
    }
    store::sessions::delete_all(&mut tx, change.account).await?;
    store::ceremonies::end_all(&mut tx, change.account).await?;
    store::password_resets::close_all(&mut tx, change.account, now).await?;
    let reset = super::resets::open_for(app, &mut tx, change.account).await?;
    let letter = Letter::PasswordReset { name: &change.name, secret: &reset };
    mail::queue(app, &mut tx, &change.old_email, &letter).await?;
    audit::record_nobody(app, &mut tx, "email.undo", change.account, "").await?;
    tx.commit().await?;
    Ok(())
}
