//! Authenticator apps (TOTP, RFC 6238): SHA-1, six digits, 30 seconds, which is what the apps agree on. A code of
//! the step before or after is taken too; each step once.

use domain::AccountId;
use domain::access::{Actor, Who};
use store::{WriteTx, second_factors};
use totp_rs::{Builder, Secret, Totp};

use super::factors::{self, TurnedOn};
use super::notices::{self, Notice};
use super::seal;
use super::sessions::Started;
use crate::clock::MINUTE;
use crate::{App, Error, Result, audit};

/// How long a secret that nobody confirmed is shown.
const PENDING_FOR: i64 = 30 * MINUTE;

/// What an app is told: once by picture, once as text.
#[derive(Clone)]
pub struct Enrolment {
    /// The secret in Base32, in groups of four.
    pub secret: String,
    /// For the picture: `otpauth://totp/...`.
    pub address: String,
}

fn totp(secret: &[u8]) -> Result<Totp> {
    let secret: Box<[u8]> = secret.into();
    Builder::new()
        .with_secret(Secret::new(secret))
        .build()
        .map_err(|_| Error::Internal("an authenticator's secret is too short".into()))
}

fn account(actor: &Actor) -> Result<AccountId> {
    match actor.who {
        Who::Account(account) => Ok(account),
        Who::ApiClient(_) => Err(Error::NotFound),
    }
}

/// Makes a secret, to be confirmed with a first code.
///
/// Errors: `Invalid` on `authenticator` if one is on already.
pub async fn begin(app: &App, actor: &Actor) -> Result<()> {
    let account = account(actor)?;
    let sealed = seal::seal(app, account, &app.chance.bytes::<20>()).await?;
    let mut tx = app.store.write().await?;
    if !second_factors::begin(&mut tx, account, &sealed, app.clock.now()).await? {
        let message = "An authenticator app is on already. Turn it off before you set up another.";
        return Err(Error::invalid("authenticator", message));
    }
    audit::record(app, &mut tx, actor, "second_factor.begin", account, None, "authenticator").await?;
    tx.commit().await?;
    Ok(())
}

/// The secret that waits for its first code. `NotFound` if none waits.
pub async fn pending(app: &App, actor: &Actor) -> Result<Enrolment> {
    let account = account(actor)?;
    let secret = pending_secret(app, account).await?;
    let text = totp(&secret)?.secret().to_base32();
    let mut tx = app.store.read().await?;
    let email = store::accounts::find(&mut tx, account).await?.ok_or(Error::NotFound)?.email;
    let issuer = encoded(&app.config.product_name);
    let address = format!(
        "otpauth://totp/{issuer}:{}?secret={text}&issuer={issuer}&algorithm=SHA1&digits=6&period=30",
        encoded(&email)
    );
    let letters: Vec<char> = text.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Ok(Enrolment { secret: groups.join(" "), address })
}

async fn pending_secret(app: &App, account: AccountId) -> Result<Vec<u8>> {
    let mut tx = app.store.read().await?;
    let found = second_factors::find(&mut tx, account).await?;
    drop(tx);
    let waits = found.filter(|app_| app_.confirmed_at.is_none() && app_.created_at > app.clock.now() - PENDING_FOR);
    seal::open(app, account, &waits.ok_or(Error::NotFound)?.sealed_secret).await
}

/// Turns the app on with its first code. All sessions end; the returned one takes the place of the one that asked.
///
/// Errors: `Invalid` on `code`; `NotFound` if no secret waits.
pub async fn confirm(app: &App, actor: &Actor, code: &str, user_agent: &str) -> Result<TurnedOn> {
    let account = account(actor)?;
    let secret = pending_secret(app, account).await?;
    let Some(step) = matched(app, &secret, code)? else {
        let message = "This code does not agree. Enter the six digits that the app shows now.";
        return Err(Error::invalid("code", message));
    };
    let mut tx = app.store.write().await?;
    store::accounts::lock(&mut tx, account).await?;
    let had = second_factors::factors(&mut tx, account).await?.any();
    if !second_factors::confirm(&mut tx, account, step, app.clock.now()).await? {
        return Err(Error::NotFound);
    }
    audit::record(app, &mut tx, actor, "second_factor.on", account, None, "authenticator").await?;
    notices::tell(app, &mut tx, account, Notice::AuthenticatorOn).await?;
    let turned_on = factors::turned_on(app, &mut tx, actor, had, user_agent).await?;
    tx.commit().await?;
    Ok(turned_on)
}

/// Turns the app off. All sessions end; the returned one takes the place of the one that asked.
///
/// Errors: `NotFound`; `Invalid` on `off` if the password could not stand alone.
pub async fn turn_off(app: &App, actor: &Actor, user_agent: &str) -> Result<Started> {
    let account = account(actor)?;
    let mut tx = app.store.write().await?;
    store::accounts::lock(&mut tx, account).await?;
    if !second_factors::delete(&mut tx, account).await? {
        return Err(Error::NotFound);
    }
    audit::record(app, &mut tx, actor, "second_factor.off", account, None, "authenticator").await?;
    notices::tell(app, &mut tx, account, Notice::AuthenticatorOff).await?;
    let started = factors::turned_off(app, &mut tx, actor, user_agent).await?;
    tx.commit().await?;
    Ok(started)
}

/// Uses up a code. `false`: it is wrong, or of a step that was used.
pub(super) async fn take(app: &App, tx: &mut WriteTx, account: AccountId, code: &str) -> Result<bool> {
    let Some(found) = second_factors::find(tx, account).await? else { return Ok(false) };
    let secret = seal::open(app, account, &found.sealed_secret).await?;
    match matched(app, &secret, code)? {
        Some(step) => Ok(second_factors::take_step(tx, account, step).await?),
        None => Ok(false),
    }
}

/// The time step whose code this is.
fn matched(app: &App, secret: &[u8], code: &str) -> Result<Option<i64>> {
    let digits: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
    let seconds = u64::try_from(app.clock.now() / 1_000_000).unwrap_or_default();
    Ok(totp(secret)?.check(&digits, seconds).and_then(|step| i64::try_from(step).ok()))
}

fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'@' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        let totp = totp(b"12345678901234567890").unwrap();
        // appendix B gives eight digits; apps show the last six
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(totp.check(code, seconds), Some(seconds / 30));
            assert_eq!(totp.check(code, seconds + 30), Some(seconds / 30), "the step before is taken too");
            assert_eq!(totp.check(code, seconds + 90), None);
        }
        assert_eq!(totp.check("000000", 59), None);
    }

    #[test]
    fn names_with_spaces_and_signs_go_into_the_picture() {
        assert_eq!(encoded("Credence CME: a/b"), "Credence%20CME%3A%20a%2Fb");
    }
}
