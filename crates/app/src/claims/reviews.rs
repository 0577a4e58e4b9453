//! Claims that a person decides: the way out where details did not agree, or where the e-mail address of an
//! account is lost. Yes sends a letter to the claimant; where the record has an account already, its owner hears
//! of it at the address on file and can stop it for 72 hours.

use domain::PhysicianId;
use domain::access::{Actor, StaffScope, Who};
use store::claims::{Grant, Settlement};
use uuid::Uuid;

use crate::accounts::Secret;
use crate::accounts::lost_factors::{WAIT, check_reason};
use crate::chance::hash_of_secret;
use crate::clock::HOUR;
use crate::mail::{self, AccountLetter, Letter};
use crate::{App, Error, Result, audit};

/// How long a granted claim waits to be finished.
const OPEN_FOR: i64 = 7 * 24 * HOUR;

/// Says yes: the claim is about this physician.
///
/// Errors: `Invalid` on `reason` or `physician`; `Stale` if somebody else decided.
pub async fn grant(
    app: &App,
    actor: &Actor,
    scope: &StaffScope,
    claim: Uuid,
    (physician, reason): (PhysicianId, &str),
) -> Result<()> {
    let Who::Account(by) = actor.who else { return Err(Error::NotFound) };
    let reason = check_reason(reason)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let review = store::claims::find_review(&mut tx, scope, claim).await?.ok_or(Error::Stale)?;
    let unknown = || Error::invalid("physician", "Choose a physician of the registry.");
    let physician = store::identity_changes::records::survivor(&mut tx, physician).await?.ok_or_else(unknown)?;
    let holder = store::seats::holder_of_physician(&mut tx, physician).await?;
    if holder == Some(by) {
        return Err(Error::Forbidden("nobody decides about their own record; ask a colleague"));
    }
    let owner = match holder {
        Some(holder) => store::accounts::find(&mut tx, holder).await?,
        None => None,
    };
    let opens_at = if owner.is_some() { now + WAIT } else { now };
    let (secret, stop) = (Secret::new(app.chance.secret("")), Secret::new(app.chance.secret("")));
    let grant = Grant {
        physician,
        hash: hash_of_secret(secret.expose()),
        stop_hash: hash_of_secret(stop.expose()),
        opens_at,
        expires_at: opens_at + OPEN_FOR,
    };
    let (from, until) = (app.clock.show(opens_at), app.clock.show(grant.expires_at));
    let settlement = Settlement { by, reason, at: now, grant: Some(grant) };
    if !store::claims::settle_review(&mut tx, scope, claim, &settlement).await? {
        return Err(Error::Stale);
    }
    let letter = AccountLetter::ClaimGranted { secret: &secret, reason, from: &from, until: &until };
    mail::queue(app, &mut tx, &review.email, &Letter::Account(letter)).await?;
    if let Some(owner) = owner {
        let letter = AccountLetter::ClaimTakesOver { name: &owner.name, secret: &stop, from: &from };
        mail::queue(app, &mut tx, &owner.email, &Letter::Account(letter)).await?;
    }
    audit::record(app, &mut tx, actor, "claim.settle_review", claim, Some(physician), "granted").await?;
    tx.commit().await?;
    Ok(())
}

/// Says no.
///
/// Errors: `Invalid` on `reason`; `Stale` if somebody else decided.
pub async fn refuse(app: &App, actor: &Actor, scope: &StaffScope, claim: Uuid, reason: &str) -> Result<()> {
    let Who::Account(by) = actor.who else { return Err(Error::NotFound) };
    let reason = check_reason(reason)?;
    let mut tx = app.store.write().await?;
    let review = store::claims::find_review(&mut tx, scope, claim).await?.ok_or(Error::Stale)?;
    let settlement = Settlement { by, reason, at: app.clock.now(), grant: None };
    if !store::claims::settle_review(&mut tx, scope, claim, &settlement).await? {
        return Err(Error::Stale);
    }
    let letter = Letter::Account(AccountLetter::ClaimRefused { reason });
    mail::queue(app, &mut tx, &review.email, &letter).await?;
    audit::record(app, &mut tx, actor, "claim.settle_review", claim, None, "refused").await?;
    tx.commit().await?;
    Ok(())
}

/// Whether the letter to the address on file can still stop it; else [`Error::LinkOver`].
pub async fn to_stop(app: &App, secret: &str) -> Result<()> {
    let mut tx = app.store.read().await?;
    let found = store::claims::find_to_stop(&mut tx, &hash_of_secret(secret)).await?;
    found.map(|_| ()).ok_or(Error::LinkOver)
}

/// Stops a granted claim before it was finished.
pub async fn stop(app: &App, secret: &str) -> Result<()> {
    let hash = hash_of_secret(secret);
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let physician = store::claims::find_to_stop(&mut tx, &hash).await?.ok_or(Error::LinkOver)?;
    if !store::claims::stop(&mut tx, &hash, now).await? {
        return Err(Error::LinkOver);
    }
    let entry = audit::entry(app, None, "claim.stop", physician.to_string(), Some(physician), "");
    store::audit::insert(&mut tx, &entry).await?;
    tx.commit().await?;
    Ok(())
}
