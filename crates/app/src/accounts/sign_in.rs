//! Signing in with e-mail and password.
//!
//! A try is counted before the password is looked at, so that many tries at once gain nothing. The
//! wait after failures grows but stays under a minute, and a password reset always gets the owner
//! in: nobody can lock another person out for good.

use domain::AccountId;
use store::WriteTx;
use store::attempts::Tries;

use super::sessions::{self, Started};
use super::{passwords, subject_of};
use crate::clock::HOUR;
use crate::{App, Error, Result, audit};

const KIND: &str = "sign_in";
/// Tries within an hour that cost no wait.
const FREE_TRIES: i64 = 5;
const LONGEST_WAIT_SECONDS: i64 = 60;

/// One answer for an unknown address, a wrong password and a disabled account.
fn no_match() -> Error {
    Error::invalid("password", "This e-mail and password do not match an account. Check both and try again.")
}

/// Seconds to wait after so many failures within the hour.
fn wait_seconds(failures: i64) -> i64 {
    match failures - FREE_TRIES {
        ..0 => 0,
        over @ 0..6 => 1 << over,
        _ => LONGEST_WAIT_SECONDS,
    }
}

/// Signs in and begins a session in the account's first seat.
///
/// Errors: `Invalid` beside the fields, `TooMany` while the wait after failures lasts.
pub async fn sign_in(app: &App, email: &str, password: &str, user_agent: &str) -> Result<Started> {
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
    store::attempts::delete(&mut tx, KIND, &subject).await?;
    let started = start_in_first_seat(app, &mut tx, account.id, user_agent).await?;
    tx.commit().await?;
    Ok(started)
}

/// Counts the try and finds the account, or says how long to wait.
async fn count_try(app: &App, email: &str, subject: &str) -> Result<Option<store::accounts::Account>> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let Tries { count, latest } = store::attempts::count_since(&mut tx, KIND, subject, now - HOUR).await?;
    let waited = (now - latest) / 1_000_000;
    let wait = wait_seconds(count);
    if waited < wait {
        return Err(Error::TooMany { retry_after_seconds: wait - waited });
    }
    store::attempts::insert(&mut tx, app.chance.id(now), KIND, subject, now).await?;
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
    store::attempts::delete(tx, KIND, &subject_of(email)).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_to_a_minute_and_no_further() {
        let waits: Vec<i64> = (0..14).map(wait_seconds).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(wait_seconds(i64::MAX), 60);
    }
}
