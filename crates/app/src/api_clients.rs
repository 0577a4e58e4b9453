//! Programs that call the web services: one token each, shown once, expiring, revocable.
//!
//! A token begins with `crd_`, so that scanners can find one that leaked; one of a sandbox with `crs_`.

use domain::access::{Actor, ProviderRole, Seat, Who};
use domain::{ApiClientId, ApiScopes};
use store::api_clients::{Holder, Live, NewApiClient};

use crate::accounts::Secret;
use crate::chance::hash_of_secret;
use crate::clock::HOUR;
use crate::{App, Error, Result, audit};

const PREFIX: &str = "crd_";
/// Tokens that begin so open the provider's sandbox and nothing else.
pub const SANDBOX_PREFIX: &str = "crs_";
/// Characters of the token that are kept, so that people can tell tokens apart.
const HINT: usize = 8;
pub const LONGEST_DAYS: i64 = 366;

/// What is needed for a new program. `days` is how long its token holds.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    pub name: &'a str,
    /// What a provider's program may do; its seat is the weakest role that may do all of it. A board's program
    /// does what its people do, and has none.
    pub scopes: ApiScopes,
    pub days: i64,
    /// For the provider's sandbox.
    pub is_sandbox: bool,
}

/// Whose programs the actor manages: an owner those of the provider, a board's people those of the board.
pub fn holder(actor: &Actor) -> Option<Holder> {
    let provider = actor.provider(ProviderRole::Owner).map(Holder::Provider);
    let licensing = || actor.licensing_board().map(Holder::LicensingBoard);
    provider.or_else(licensing).or_else(|| actor.certifying_board().map(Holder::CertifyingBoard))
}

/// A program of the actor's own organization. The token is returned this once.
pub async fn create(app: &App, actor: &Actor, wanted: &Wanted<'_>) -> Result<(ApiClientId, Secret)> {
    let holder = holder(actor).ok_or(Error::Forbidden("only owners and boards give tokens to programs"))?;
    let name = wanted.name.trim();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return Err(Error::invalid("name", "Name the program that will use the token, in at most 100 letters."));
    }
    if !(1..=LONGEST_DAYS).contains(&wanted.days) {
        return Err(Error::invalid("days", "Choose how long the token is to hold: at most a year."));
    }
    if wanted.scopes.is_empty() && matches!(holder, Holder::Provider(_)) {
        return Err(Error::invalid("scope", "Choose what the program may do: at least one thing."));
    }
    let Who::Account(by) = actor.who else { return Err(Error::Forbidden("only people give tokens to programs")) };
    let mut tx = app.store.write().await?;
    let seat = match holder {
        Holder::Provider(scope) => Seat::Provider(scope.provider(), wanted.scopes.role()),
        Holder::LicensingBoard(_) | Holder::CertifyingBoard(_) => actor.seat,
    };
    let (client, token) = if wanted.is_sandbox {
        new_of_sandbox(app, name, seat, wanted.days)
    } else {
        new(app, name, seat, wanted.days)
    };
    let client = NewApiClient { created_by: Some(by), scopes: wanted.scopes.clone(), ..client };
    store::api_clients::insert(&mut tx, &client).await?;
    audit::record(app, &mut tx, actor, "api_client.create", client.id, None, &client.scopes.to_string()).await?;
    tx.commit().await?;
    Ok((client.id, token))
}

/// A row and its token for any seat, not stored yet. One of a provider may do all that its role may.
pub fn new(app: &App, name: &str, seat: Seat, days: i64) -> (NewApiClient, Secret) {
    with_prefix(app, PREFIX, name, seat, days)
}

/// As [`new`], for the sandbox of a provider.
pub fn new_of_sandbox(app: &App, name: &str, seat: Seat, days: i64) -> (NewApiClient, Secret) {
    with_prefix(app, SANDBOX_PREFIX, name, seat, days)
}

fn with_prefix(app: &App, prefix: &str, name: &str, seat: Seat, days: i64) -> (NewApiClient, Secret) {
    let now = app.clock.now();
    let token = app.chance.secret(prefix);
    let client = NewApiClient {
        id: ApiClientId::new(app.chance.id(now)),
        hash: hash_of_secret(&token),
        hint: token.chars().take(HINT).collect(),
        name: name.to_owned(),
        seat,
        scopes: match seat {
            Seat::Provider(_, role) => ApiScopes::of_role(role),
            _ => ApiScopes::default(),
        },
        is_sandbox: prefix == SANDBOX_PREFIX,
        created_at: now,
        created_by: None,
        expires_at: now + days * 24 * HOUR,
    };
    (client, Secret::new(token))
}

/// Makes the token worthless at once.
pub async fn revoke(app: &App, actor: &Actor, id: ApiClientId) -> Result<()> {
    let holder = holder(actor).ok_or(Error::Forbidden("only owners and boards revoke tokens"))?;
    let mut tx = app.store.write().await?;
    if !store::api_clients::revoke(&mut tx, &holder, id, app.clock.now()).await? {
        return Err(Error::NotFound);
    }
    audit::record(app, &mut tx, actor, "api_client.revoke", id, None, "").await?;
    tx.commit().await?;
    Ok(())
}

/// The program whose token this is, if the token still holds.
pub async fn recognise(app: &App, token: &str) -> Result<Option<Live>> {
    if token.starts_with(PREFIX) { look_up(app, token, false).await } else { Ok(None) }
}

/// The program whose token of a sandbox this is, if the token still holds.
pub async fn recognise_of_sandbox(app: &App, token: &str) -> Result<Option<Live>> {
    if token.starts_with(SANDBOX_PREFIX) { look_up(app, token, true).await } else { Ok(None) }
}

async fn look_up(app: &App, token: &str, is_sandbox: bool) -> Result<Option<Live>> {
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let Some(live) = store::api_clients::find_live(&mut tx, &hash_of_secret(token), is_sandbox, now).await? else {
        return Ok(None);
    };
    drop(tx);
    // noted at most once an hour, so that calls rarely write
    if live.last_used_at.is_none_or(|used| now - used > HOUR) {
        let mut tx = app.store.write().await?;
        store::api_clients::touch(&mut tx, live.id, now).await?;
        tx.commit().await?;
    }
    Ok(Some(live))
}
