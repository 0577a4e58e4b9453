//! People who sign in: passwords, second factors, passkeys, sessions, invitations, and the ways back for who lost
//! one of them.
//!
//! What is stored of any secret is its hash, so a stolen database signs nobody in. Answers to
//! strangers are alike whether an account exists or not.

pub mod authenticators;
pub mod devices;
pub mod email_changes;
pub mod factors;
pub mod invitations;
pub mod lost_factors;
pub mod notices;
pub mod passkeys;
pub mod passwords;
pub mod proofs;
pub mod recovery_codes;
pub mod resets;
mod seal;
pub mod sessions;
pub mod sign_in;
mod tries;

use std::fmt;

use domain::AccountId;
use domain::access::Seat;
use store::WriteTx;
use store::accounts::Account;

use crate::chance::hash_of_secret;
use crate::{App, Error, Result};

/// A secret on its way to the one person who may have it. It cannot be printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(secret: String) -> Self {
        Self(secret)
    }

    /// The secret itself: for a cookie, a letter, or a page shown once.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a limit counts tries for. Hashed, because an address that somebody mistyped is still personal.
fn subject_of(email: &str) -> String {
    hex(&hash_of_secret(&store::accounts::email_key(email)))
}

/// A new person with a first seat. `password_hash` comes from [`passwords::hash`], made before the
/// transaction began: hashing is slow on purpose.
///
/// Errors: `Invalid` on `email` if the address belongs to somebody already.
pub async fn create(
    app: &App,
    tx: &mut WriteTx,
    email: &str,
    name: &str,
    password_hash: &str,
    seat: Seat,
) -> Result<AccountId> {
    let now = app.clock.now();
    let id = AccountId::new(app.chance.id(now));
    let account = Account {
        id,
        email: email.trim().to_owned(),
        name: name.trim().to_owned(),
        password_hash: password_hash.to_owned(),
        created_at: now,
        disabled_at: None,
    };
    if !store::accounts::insert(tx, &account).await? {
        return Err(Error::invalid("email", "An account with this e-mail exists already. Sign in instead."));
    }
    store::seats::insert(tx, app.chance.id(now), id, seat, now).await?;
    Ok(id)
}

/// An address that mail can be sent to, as typed but trimmed.
pub fn check_email(email: &str) -> Result<&str> {
    let email = email.trim();
    let written = email.parse::<lettre::Address>().is_ok_and(|address| address.domain().contains('.'));
    if email.is_empty() {
        Err(Error::invalid("email", "Enter an e-mail address."))
    } else if !written || email.len() > 254 {
        Err(Error::invalid("email", "Enter an e-mail address such as name@example.org."))
    } else {
        Ok(email)
    }
}

/// A person's name as they write it, trimmed.
pub fn check_name(name: &str) -> Result<&str> {
    check_label("name", name, "Enter your name.")
}

/// A name on one line, trimmed; `missing` is said of an empty one.
fn check_label<'a>(field: &'static str, name: &'a str, missing: &str) -> Result<&'a str> {
    let name = name.trim();
    if name.is_empty() {
        Err(Error::invalid(field, missing))
    } else if name.chars().count() > 100 || name.chars().any(char::is_control) {
        Err(Error::invalid(field, "Enter a name of at most 100 letters, on one line."))
    } else {
        Ok(name)
    }
}
