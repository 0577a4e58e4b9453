//! What an account has beside its password: an authenticator app, passkeys, recovery codes; who must have
//! something; and what happens whenever that changes.

use domain::AccountId;
use domain::access::{Actor, ProviderRole, Seat, Who};
use store::second_factors::{self, Factors};
use store::{ReadTx, WriteTx};

use super::notices::{self, Notice};
use super::sessions::{self, Started};
use super::{authenticators, recovery_codes};
use crate::{App, Error, Result};

/// A second factor that was just turned on.
#[derive(Debug, Clone)]
pub struct TurnedOn {
    pub started: Started,
    /// The recovery codes, shown this once, if it was the first.
    pub codes: Option<Vec<String>>,
}

/// Whose place needs a second factor: owners of providers, boards, the accreditor (trust.md, Who sees what).
pub fn is_required(app: &App, seat: Seat) -> bool {
    let asks = match seat {
        Seat::Provider(_, role) => role == ProviderRole::Owner,
        Seat::Physician(_) => false,
        Seat::LicensingBoard(_) | Seat::CertifyingBoard(_) | Seat::Accreditor => true,
    };
    asks && app.config.require_second_factor
}

/// What the actor has.
pub async fn of(app: &App, actor: &Actor) -> Result<Factors> {
    let Who::Account(account) = actor.who else { return Err(Error::NotFound) };
    let mut tx = app.store.read().await?;
    Ok(second_factors::factors(&mut tx, account).await?)
}

/// A code that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    Authenticator,
    Recovery,
}

/// Uses up what was typed: six digits of the app, or a recovery code, which its owner hears of.
pub(super) async fn take(app: &App, tx: &mut WriteTx, account: AccountId, typed: &str) -> Result<Option<Taken>> {
    let digits = typed.chars().filter(|letter| !letter.is_whitespace());
    if digits.clone().all(|letter| letter.is_ascii_digit()) && digits.count() <= 8 {
        return Ok(authenticators::take(app, tx, account, typed).await?.then_some(Taken::Authenticator));
    }
    if !recovery_codes::take(app, tx, account, typed).await? {
        return Ok(None);
    }
    let left = second_factors::factors(tx, account).await?.codes;
    notices::tell(app, tx, account, Notice::RecoveryCodeUsed(left)).await?;
    Ok(Some(Taken::Recovery))
}

/// After a factor came: recovery codes if it is the first (`had`: there was one before), and a new session.
pub(super) async fn turned_on(
    app: &App,
    tx: &mut WriteTx,
    actor: &Actor,
    had: bool,
    user_agent: &str,
) -> Result<TurnedOn> {
    let Who::Account(account) = actor.who else { return Err(Error::NotFound) };
    let codes = if had { None } else { Some(recovery_codes::make(app, tx, account).await?) };
    Ok(TurnedOn { started: renew(app, tx, actor, user_agent).await?, codes })
}

/// After a factor went: without any, the recovery codes go too, and the password must be able to stand alone.
pub(super) async fn turned_off(app: &App, tx: &mut WriteTx, actor: &Actor, user_agent: &str) -> Result<Started> {
    let Who::Account(account) = actor.who else { return Err(Error::NotFound) };
    if !second_factors::factors(tx, account).await?.any() {
        if !store::accounts::has_long_password(tx, account).await? {
            let message = "Your password has fewer than 15 characters, which is enough only with a second factor. \
                           Choose a longer password first.";
            return Err(Error::invalid("off", message));
        }
        second_factors::delete_all(tx, account).await?;
    }
    renew(app, tx, actor, user_agent).await
}

/// Ends all sessions of the account and begins one in the same seat.
async fn renew(app: &App, tx: &mut WriteTx, actor: &Actor, user_agent: &str) -> Result<Started> {
    let Who::Account(account) = actor.who else { return Err(Error::NotFound) };
    let held = seat_of(tx, account, actor.seat).await?;
    store::sessions::delete_all(tx, account).await?;
    store::ceremonies::end_all(tx, account).await?;
    sessions::start(app, tx, account, held, user_agent).await
}

async fn seat_of(tx: &mut ReadTx, account: AccountId, seat: Seat) -> Result<(uuid::Uuid, Seat)> {
    let seats = store::seats::list(tx, account).await?;
    let held = seats.into_iter().find(|held| held.seat == seat).ok_or(Error::NotFound)?;
    Ok((held.seat_id, held.seat))
}
