//! Signing in with e-mail and password, and then, for who has one, with the second factor.
//!
//! Between the two there is half a sign-in: a secret of ten minutes that is no session and opens nothing but the
//! page for the code. Answers and their time are the same for every address until the password was right.

use domain::AccountId;
use store::WriteTx;
use store::ceremonies::{self, Begun, Kind};
use store::second_factors;

use super::notices::{self, Notice};
use super::sessions::{self, Started};
use super::tries::{SECOND_FACTOR, SIGN_IN};
use super::{Secret, factors, lost_factors, passwords, subject_of};
use crate::chance::hash_of_secret;
use crate::clock::MINUTE;
use crate::{App, Error, Result, audit};

const HALF_FOR: i64 = 10 * MINUTE;
/// Wrong codes after which the owner hears of it: the password must be known to somebody.
const TOLD_AFTER: i64 = 5;

/// What a right password led to.
#[derive(Debug, Clone)]
pub enum Entered {
    Whole(Started),
    /// The second factor is missing: for [`finish`].
    Half(Secret),
    /// The factors were taken away as granted, and the password is too short without: the secret of a page that
    /// takes a longer one.
    ChoosePassword(Secret),
}

/// One answer for an unknown address, a wrong password and a disabled account.
fn no_match() -> Error {
    Error::invalid("password", "This e-mail and password do not match an account. Check both and try again.")
}

/// Takes e-mail and password.
///
/// Errors: `Invalid` beside the fields, `TooMany` while the wait after failures lasts.
pub async fn sign_in(app: &App, email: &str, password: &str, user_agent: &str) -> Result<Entered> {
    let mut faults = Vec::new();
    if email.trim().is_empty() {
        faults.push(crate::Fault::new("email", "Enter your e-mail address."));
    }
    if password.is_empty() {
        faults.push(crate::Fault::new("password", "Enter your password."));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let subject = subject_of(email);
    let found = count_try(app, email, &subject).await?;
    let account = found.filter(|account| account.disabled_at.is_none());
    let right = passwords::verify(password, account.as_ref().map(|account| account.password_hash.as_str())).await?;
    let Some(account) = account.filter(|_| right) else { return Err(no_match()) };

    let mut tx = app.store.write().await?;
    SIGN_IN.forget(&mut tx, &subject).await?;
    let entered = enter(app, &mut tx, account.id, user_agent).await?;
    tx.commit().await?;
    Ok(entered)
}

/// After the password, or the letter that replaces it, was right.
pub(super) async fn enter(app: &App, tx: &mut WriteTx, account: AccountId, user_agent: &str) -> Result<Entered> {
    if second_factors::factors(tx, account).await?.any() {
        if !lost_factors::take_granted(app, tx, account).await? {
            return Ok(Entered::Half(begin_half(app, tx, account).await?));
        }
        if !store::accounts::has_long_password(tx, account).await? {
            return Ok(Entered::ChoosePassword(super::resets::open_for(app, tx, account).await?));
        }
    }
    Ok(Entered::Whole(start_in_first_seat(app, tx, account, user_agent).await?))
}

async fn begin_half(app: &App, tx: &mut WriteTx, account: AccountId) -> Result<Secret> {
    let secret = Secret::new(app.chance.secret(""));
    let now = app.clock.now();
    let begun = Begun { account: Some(account), state: String::new() };
    let hash = hash_of_secret(secret.expose());
    ceremonies::insert(tx, (&hash, Kind::HalfSignIn), &begun, now, now + HALF_FOR).await?;
    Ok(secret)
}

/// Whose sign-in is half done; `LinkOver` if the ten minutes are.
pub(super) async fn half_of(app: &App, secret: &str) -> Result<AccountId> {
    let mut tx = app.store.read().await?;
    let begun = ceremonies::find(&mut tx, &hash_of_secret(secret), Kind::HalfSignIn, app.clock.now()).await?;
    begun.and_then(|begun| begun.account).ok_or(Error::LinkOver)
}

/// What the half signed-in person has to go on with.
pub async fn half(app: &App, secret: &str) -> Result<second_factors::Factors> {
    let account = half_of(app, secret).await?;
    Ok(second_factors::factors(&mut app.store.read().await?, account).await?)
}

/// Takes the code of the app, or a recovery code, and begins the session.
///
/// Errors: `LinkOver` after ten minutes; `Invalid` on `code`; `TooMany`.
pub async fn finish(app: &App, secret: &str, code: &str, user_agent: &str) -> Result<Started> {
    let account = half_of(app, secret).await?;
    if code.trim().is_empty() {
        return Err(Error::invalid("code", "Enter a code."));
    }
    let subject = account.to_string();
    let mut tx = app.store.write().await?;
    let earlier = SECOND_FACTOR.count(app, &mut tx, &subject).await?;
    audit::record_nobody(app, &mut tx, "second_factor.try", account, "").await?;
    if earlier == TOLD_AFTER {
        notices::tell(app, &mut tx, account, Notice::CodesWrong).await?;
    }
    tx.commit().await?;

    let mut tx = app.store.write().await?;
    let Some(taken) = factors::take(app, &mut tx, account, code).await? else {
        let message = "This code does not agree, or was used already. Enter the code that the app shows now.";
        return Err(Error::invalid("code", message));
    };
    if !ceremonies::end(&mut tx, &hash_of_secret(secret)).await? {
        return Err(Error::LinkOver);
    }
    SECOND_FACTOR.forget(&mut tx, &subject).await?;
    store::lost_factors::stop_all(&mut tx, account, app.clock.now()).await?;
    if taken == factors::Taken::Recovery {
        audit::record_nobody(app, &mut tx, "second_factor.recovery_code", account, "").await?;
    }
    let started = start_in_first_seat(app, &mut tx, account, user_agent).await?;
    tx.commit().await?;
    Ok(started)
}

/// Counts the try and finds the account, or says how long to wait.
async fn count_try(app: &App, email: &str, subject: &str) -> Result<Option<store::accounts::Account>> {
    let mut tx = app.store.write().await?;
    SIGN_IN.count(app, &mut tx, subject).await?;
    let account = store::accounts::find_by_email(&mut tx, email).await?;
    if let Some(account) = &account {
        audit::record_nobody(app, &mut tx, "session.try", account.id, "").await?;
    }
    tx.commit().await?;
    Ok(account)
}

/// Begins a session in the oldest seat. Somebody whose seats were all taken away cannot sign in.
pub(super) async fn start_in_first_seat(
    app: &App,
    tx: &mut WriteTx,
    account: AccountId,
    user_agent: &str,
) -> Result<Started> {
    let seats = store::seats::list(tx, account).await?;
    let Some(first) = seats.into_iter().next() else {
        return Err(Error::invalid(
            "email",
            "Your account does not belong to an organization any more. Ask its owner to invite you again.",
        ));
    };
    sessions::start(app, tx, account, (first.seat_id, first.seat), user_agent).await
}

/// Forgets the failures for an address: its owner proved to be who they are.
pub(super) async fn forget_tries(tx: &mut WriteTx, email: &str) -> Result<()> {
    SIGN_IN.forget(tx, &subject_of(email)).await
}
