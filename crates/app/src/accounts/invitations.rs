//! Accepting an invitation: the link proves the e-mail address, the person chooses name and password.
//!
//! Somebody who has an account already only gains a seat; their password is not asked for, because
//! nothing of theirs is shown or changed by joining.

use domain::AccountId;
use domain::access::Seat;
use store::WriteTx;
use store::invitations::NewInvitation;
use uuid::Uuid;

use super::sessions::Started;
use super::{Secret, check_name, passwords, sign_in};
use crate::chance::hash_of_secret;
use crate::clock::HOUR;
use crate::mail::{self, Letter};
use crate::{App, Error, Fault, Result, audit};

/// What the invited person reads before deciding.
#[derive(Debug, Clone)]
pub struct Invited {
    pub email: String,
    pub seat: Seat,
    pub organization: String,
    pub has_account: bool,
}

/// How long an invitation can be accepted.
const VALID_FOR: i64 = 7 * 24 * HOUR;

/// Invites an address to a seat with the organization of this name, by letter. Who may, and whether the person is there
/// already, is for the caller to say.
pub(crate) async fn send(
    app: &App,
    tx: &mut WriteTx,
    inviter: AccountId,
    email: &str,
    seat: Seat,
    organization: &str,
) -> Result<Uuid> {
    let now = app.clock.now();
    let by = store::accounts::find(tx, inviter).await?.ok_or(Error::NotFound)?;
    let secret = Secret::new(app.chance.secret(""));
    let invitation = NewInvitation {
        id: app.chance.id(now),
        hash: hash_of_secret(secret.expose()),
        email: email.to_owned(),
        seat,
        invited_by: inviter,
        created_at: now,
        expires_at: now + VALID_FOR,
    };
    store::invitations::insert(tx, &invitation).await?;
    let letter = Letter::Invitation {
        organization,
        role: match seat {
            Seat::Provider(_, role) => role.label(),
            _ => "Staff",
        },
        inviter: &by.name,
        secret: &secret,
        until: &app.clock.show(invitation.expires_at),
    };
    mail::queue(app, tx, email, &letter).await?;
    Ok(invitation.id)
}

/// What the link offers; [`Error::LinkOver`] if nothing any more.
pub async fn open(app: &App, secret: &str) -> Result<Invited> {
    let mut tx = app.store.read().await?;
    let open = store::invitations::find_open(&mut tx, &hash_of_secret(secret), app.clock.now()).await?;
    let open = open.ok_or(Error::LinkOver)?;
    let account = store::accounts::find_by_email(&mut tx, &open.email).await?;
    let organization = match open.seat {
        Seat::Accreditor => app.config.product_name.clone(),
        _ => open.organization,
    };
    Ok(Invited { email: open.email, seat: open.seat, organization, has_account: account.is_some() })
}

/// Makes the account and its seat, and signs in.
pub async fn accept(app: &App, secret: &str, name: &str, password: &str, user_agent: &str) -> Result<Started> {
    let invited = open(app, secret).await?;
    let mut faults: Vec<Fault> = Vec::new();
    let mut collect = |result: Result<()>| match result {
        Err(Error::Invalid(more)) => {
            faults.extend(more);
            Ok(())
        }
        other => other,
    };
    collect(check_name(name).map(|_| ()))?;
    collect(passwords::check(app, "password", password, &invited.email, false))?;
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let password_hash = passwords::hash(app, password).await?;

    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let found = store::invitations::find_open(&mut tx, &hash_of_secret(secret), now).await?.ok_or(Error::LinkOver)?;
    if !store::invitations::accept(&mut tx, found.id, now).await? {
        return Err(Error::LinkOver);
    }
    let account = super::create(app, &mut tx, &found.email, name, &password_hash, found.seat).await?;
    audit::record_nobody(app, &mut tx, "invitation.accept", account, found.seat.kind()).await?;
    let started = sign_in::start_in_first_seat(app, &mut tx, account, user_agent).await?;
    tx.commit().await?;
    Ok(started)
}

/// Gives an existing account the seat; the person then signs in as usual.
pub async fn join(app: &App, secret: &str) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let found = store::invitations::find_open(&mut tx, &hash_of_secret(secret), now).await?.ok_or(Error::LinkOver)?;
    let account = store::accounts::find_by_email(&mut tx, &found.email).await?.ok_or(Error::LinkOver)?;
    if !store::invitations::accept(&mut tx, found.id, now).await? {
        return Err(Error::LinkOver);
    }
    store::seats::insert(&mut tx, app.chance.id(now), account.id, found.seat, now).await?;
    audit::record_nobody(app, &mut tx, "invitation.accept", account.id, found.seat.kind()).await?;
    tx.commit().await?;
    Ok(())
}
