//! Passkeys (WebAuthn): added, used to sign in without a password or to prove who asks, removed. The device
//! verifies its owner each time, so a passkey counts as both factors.
//!
//! The challenge waits in the database under the digest of a secret that the page holds; each is good once.

use domain::AccountId;
use domain::access::{Actor, Who};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::ceremonies::{self, Begun, Kind};
use store::passkeys::Passkey as Stored;
use store::{WriteTx, passkeys, second_factors};
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Url,
    WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use super::factors::{self, TurnedOn};
use super::notices::{self, Notice};
use super::sessions::Started;
use super::{Secret, check_label, sign_in, tries};
use crate::chance::hash_of_secret;
use crate::clock::MINUTE;
use crate::{App, Error, Result, audit};

const VALID_FOR: i64 = 10 * MINUTE;
/// More than anybody has devices.
const MOST: usize = 20;

/// What a page gives to the browser: the options as JSON, and the secret that finds the challenge again.
#[derive(Debug, Clone)]
pub struct Asked {
    pub secret: Secret,
    pub options: String,
}

/// Why passkeys cannot be used at the address by which a visitor came, and by which they can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// The address to use instead; `None` if there is none until the site is served over https.
    pub address: Option<String>,
}

/// The address for passkeys, `https://` or on this machine. Browsers refuse an IP address as the name behind a
/// passkey, so `127.0.0.1` is `localhost`.
fn origin(app: &App) -> Option<Url> {
    let mut origin = Url::parse(&app.config.link("")).ok()?;
    let is_this_machine = match origin.host_str()? {
        "127.0.0.1" | "[::1]" | "0.0.0.0" => origin.set_host(Some("localhost")).is_ok(),
        host => host == "localhost",
    };
    (origin.domain().is_some() && (is_this_machine || origin.scheme() == "https")).then_some(origin)
}

/// Whether passkeys can be used by a visitor who came by this host (`name` or `name:port`).
pub fn possible_at(app: &App, host: &str) -> Result<(), Elsewhere> {
    let Some(origin) = origin(app) else { return Err(Elsewhere { address: None }) };
    let port = origin.port().map_or_else(String::new, |port| format!(":{port}"));
    let own = format!("{}{port}", origin.domain().unwrap_or_default());
    match host.eq_ignore_ascii_case(&own) {
        true => Ok(()),
        false => Err(Elsewhere { address: Some(origin.as_str().trim_end_matches('/').to_owned()) }),
    }
}

fn webauthn(app: &App) -> Result<Webauthn> {
    let origin = origin(app).ok_or(Error::Forbidden("passkeys need the site to be served over https"))?;
    let name = origin.domain().unwrap_or_default().to_owned();
    let built =
        WebauthnBuilder::new(&name, &origin).and_then(|builder| builder.rp_name(&app.config.product_name).build());
    built.map_err(|error| Error::Internal(format!("passkeys cannot be used: {error}")))
}

/// Begins to add a passkey to the actor's account.
pub async fn begin(app: &App, actor: &Actor) -> Result<Asked> {
    let account = account(actor)?;
    let mut tx = app.store.read().await?;
    let owner = store::accounts::find(&mut tx, account).await?.ok_or(Error::NotFound)?;
    let held = passkeys::list(&mut tx, account).await?;
    drop(tx);
    if held.len() >= MOST {
        return Err(Error::invalid("name", format!("An account has at most {MOST} passkeys. Remove one first.")));
    }
    let known = held.into_iter().map(|passkey| passkey.credential_id).collect();
    let (mut options, state) = webauthn(app)?
        .start_passkey_registration(account.as_uuid(), &owner.email, &owner.name, Some(known))
        .map_err(|error| Error::Internal(format!("a passkey could not be asked for: {error}")))?;
    // without this the device need not remember whose it is, and could not sign in by itself
    let resident = serde_json::json!("required");
    if let Some(selection) = &mut options.public_key.authenticator_selection {
        selection.require_resident_key = true;
        selection.resident_key = serde_json::from_value(resident).ok();
    }
    asked(app, Kind::PasskeyAdd, Some(account), &options, &state).await
}

/// Adds the passkey that the browser made. All sessions end; the returned one takes the place of the one that
/// asked.
///
/// Errors: `Invalid` on `name` or `passkey`.
pub async fn add(
    app: &App,
    actor: &Actor,
    secret: &str,
    (name, credential): (&str, &str),
    user_agent: &str,
) -> Result<TurnedOn> {
    let account = account(actor)?;
    let name = check_label("name", name, "Name the passkey, such as: my phone.")?;
    let begun = take(app, secret, Kind::PasskeyAdd).await?;
    if begun.account != Some(account) {
        return Err(not_taken());
    }
    let state: PasskeyRegistration = read(&begun.state)?;
    let made: RegisterPublicKeyCredential = serde_json::from_str(credential).map_err(|_| not_taken())?;
    let passkey = webauthn(app)?.finish_passkey_registration(&made, &state).map_err(|_| not_taken())?;

    let now = app.clock.now();
    let credential = written(&passkey)?;
    let stored = Stored {
        id: app.chance.id(now),
        account,
        credential_id: passkey.cred_id().to_vec(),
        name: name.to_owned(),
        sign_count: first_count(&credential),
        credential,
        created_at: now,
        last_used_at: None,
    };
    let mut tx = app.store.write().await?;
    store::accounts::lock(&mut tx, account).await?;
    let had = second_factors::factors(&mut tx, account).await?.any();
    if !passkeys::insert(&mut tx, &stored).await? {
        return Err(Error::invalid("passkey", "This passkey is known already. Choose another device."));
    }
    audit::record(app, &mut tx, actor, "second_factor.on", stored.id, None, "passkey").await?;
    notices::tell(app, &mut tx, account, Notice::PasskeyAdded(stored.name)).await?;
    let turned_on = factors::turned_on(app, &mut tx, actor, had, user_agent).await?;
    tx.commit().await?;
    Ok(turned_on)
}

/// Takes a passkey of the actor's away. Sessions as in [`add`].
///
/// Errors: `NotFound`; `Invalid` on `off` if it is the last factor and the password could not stand alone.
pub async fn remove(app: &App, actor: &Actor, id: Uuid, user_agent: &str) -> Result<Started> {
    let account = account(actor)?;
    let mut tx = app.store.write().await?;
    store::accounts::lock(&mut tx, account).await?;
    let name = passkeys::delete(&mut tx, account, id).await?.ok_or(Error::NotFound)?;
    audit::record(app, &mut tx, actor, "second_factor.off", id, None, "passkey").await?;
    notices::tell(app, &mut tx, account, Notice::PasskeyRemoved(name)).await?;
    let started = factors::turned_off(app, &mut tx, actor, user_agent).await?;
    tx.commit().await?;
    Ok(started)
}

/// Asks for a passkey, whoever's it is: the device says whose.
pub async fn ask(app: &App) -> Result<Asked> {
    let (mut options, state) = webauthn(app)?
        .start_discoverable_authentication()
        .map_err(|error| Error::Internal(format!("a passkey could not be asked for: {error}")))?;
    // by a button, not by the fields' suggestions
    options.mediation = None;
    asked(app, Kind::PasskeyUse, None, &options, &state).await
}

/// Signs in with a passkey alone, in the account's first seat.
///
/// Errors: `Invalid` on `passkey`, the same for every reason.
pub async fn sign_in(app: &App, secret: &str, credential: &str, user_agent: &str) -> Result<Started> {
    let used = verify(app, secret, credential).await?;
    let mut tx = app.store.write().await?;
    store::lost_factors::stop_all(&mut tx, used.account, app.clock.now()).await?;
    tries::SECOND_FACTOR.forget(&mut tx, &used.account.to_string()).await?;
    let started = sign_in::start_in_first_seat(app, &mut tx, used.account, user_agent).await?;
    tx.commit().await?;
    Ok(started)
}

/// Proves with a passkey that it is the session's own person who asks. `session` is the browser's secret.
pub async fn prove(app: &App, actor: &Actor, session: &str, secret: &str, credential: &str) -> Result<()> {
    let account = account(actor)?;
    let used = verify(app, secret, credential).await?;
    if used.account != account {
        return Err(not_taken());
    }
    let mut tx = app.store.write().await?;
    store::sessions::prove(&mut tx, &hash_of_secret(session), app.clock.now()).await?;
    audit::record(app, &mut tx, actor, "session.prove", account, None, "passkey").await?;
    tx.commit().await?;
    Ok(())
}

/// The passkey that answered the challenge; its counter has moved on.
async fn verify(app: &App, secret: &str, credential: &str) -> Result<Stored> {
    let begun = take(app, secret, Kind::PasskeyUse).await?;
    let state: DiscoverableAuthentication = read(&begun.state)?;
    let shown: PublicKeyCredential = serde_json::from_str(credential).map_err(|_| not_taken())?;
    let webauthn = webauthn(app)?;
    let (owner, credential_id) = webauthn.identify_discoverable_authentication(&shown).map_err(|_| not_taken())?;
    let mut tx = app.store.read().await?;
    let found = passkeys::find_by_credential(&mut tx, credential_id).await?;
    drop(tx);
    let stored = found.filter(|passkey| passkey.account.as_uuid() == owner).ok_or_else(not_taken)?;
    let mut passkey: Passkey = read(&stored.credential)?;
    let result = match webauthn.finish_discoverable_authentication_v2(&shown, state, &passkey) {
        Ok(result) => result,
        Err(WebauthnError::CredentialPossibleCompromise) => return Err(copied(app, &stored).await?),
        Err(_) => return Err(not_taken()),
    };
    passkey.update_credential(&result);
    let mut tx = app.store.write().await?;
    let count = i64::from(result.counter());
    if !passkeys::note_use(&mut tx, stored.id, &written(&passkey)?, count, app.clock.now()).await? {
        drop(tx);
        return Err(copied(app, &stored).await?);
    }
    audit::record_nobody(app, &mut tx, "passkey.use", stored.account, "").await?;
    tx.commit().await?;
    Ok(stored)
}

/// A counter that went back: refused like any other fault, and told to the owner.
async fn copied(app: &App, stored: &Stored) -> Result<Error> {
    let mut tx = app.store.write().await?;
    audit::record_nobody(app, &mut tx, "passkey.copied", stored.account, "").await?;
    notices::tell(app, &mut tx, stored.account, Notice::PasskeyCopied(stored.name.clone())).await?;
    tx.commit().await?;
    Ok(not_taken())
}

async fn asked(
    app: &App,
    kind: Kind,
    account: Option<AccountId>,
    options: &impl Serialize,
    state: &impl Serialize,
) -> Result<Asked> {
    let secret = Secret::new(app.chance.secret(""));
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let begun = Begun { account, state: written(state)? };
    ceremonies::insert(&mut tx, (&hash_of_secret(secret.expose()), kind), &begun, now, now + VALID_FOR).await?;
    tx.commit().await?;
    Ok(Asked { secret, options: written(options)? })
}

/// The challenge, used up.
async fn take(app: &App, secret: &str, kind: Kind) -> Result<Begun> {
    let hash = hash_of_secret(secret);
    let mut tx: WriteTx = app.store.write().await?;
    let begun = ceremonies::find(&mut tx, &hash, kind, app.clock.now()).await?;
    let ended = ceremonies::end(&mut tx, &hash).await?;
    tx.commit().await?;
    begun.filter(|_| ended).ok_or_else(not_taken)
}

fn account(actor: &Actor) -> Result<AccountId> {
    match actor.who {
        Who::Account(account) => Ok(account),
        Who::ApiClient(_) => Err(Error::NotFound),
    }
}

fn not_taken() -> Error {
    Error::invalid("passkey", "This passkey was not taken. Try again, or use another way.")
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|error| Error::Internal(format!("a stored passkey cannot be read: {error}")))
}

fn written(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Internal(error.to_string()))
}

/// What the passkey counted when it was made, in the library's JSON.
fn first_count(credential: &str) -> i64 {
    let json: serde_json::Value = serde_json::from_str(credential).unwrap_or_default();
    json.pointer("/cred/counter").and_then(serde_json::Value::as_i64).unwrap_or(0)
}
