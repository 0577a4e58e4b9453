//! A physician claims the account of their record: details that agree with the registry, then a
//! letter that proves the e-mail address. One physician is one account.
//!
//! Whoever asks gets one answer, whatever happened: month and day of birth are 366 values, so an
//! answer that told would soon tell a birthday. Every try does the same work and leaves the same
//! rows; tries are counted for the person they are about, whoever makes them.

mod details;
pub mod reviews;
pub(crate) mod subjects;

use domain::access::{Actor, Seat, Who};
use domain::{AccountId, PhysicianId};
use matching::{Decision, Outcome, Reason};
use store::WriteTx;
use store::claims::NewClaim;
use store::counters::{self, Counter};
use store::identity_changes::records::survivor;
use uuid::Uuid;

pub use details::{Claim, Proof, Typed};
pub use reviews::{stop, to_stop};

use crate::accounts::sessions::{self, Started};
use crate::accounts::{Secret, passwords};
use crate::chance::hash_of_secret;
use crate::clock::HOUR;
use crate::mail::{self, Letter};
use crate::{App, Error, Result, audit};

const DAY: i64 = 24 * HOUR;
/// How long the letter's link works.
const VALID_FOR: i64 = DAY;
/// Failed tries about one person, and the time they count for (trust.md, Who sees what).
const FAILED_TRIES: i64 = 3;
const FAILED_FOR: i64 = 30 * DAY;
/// Failed tries about anybody in a day: more than mistyping brings, and too few to guess at many
/// people's birthdays. Beyond it no claim is proven until there are fewer.
const FAILED_TRIES_IN_ALL: i64 = 300;
/// Tries that name one e-mail address in a day, whatever tag it carries.
const TRIES_PER_ADDRESS: i64 = 5;
/// How long after a try a person can be asked to look at it.
const REVIEW_WITHIN: i64 = 7 * DAY;
/// How long claims are kept that nobody was asked to look at.
pub(crate) const KEPT_FOR: i64 = 40 * DAY;

const FAILED: &str = "claim_failed";
const MADE: &str = "claim_made";
const ADDRESS: &str = "claim_address";

/// What a try came to. Told to nobody but the audit trail and the letter.
enum Verdict {
    /// The details prove this physician, and nobody has the account.
    Proven(PhysicianId),
    /// They prove a physician whose account exists.
    Taken(PhysicianId),
    /// They prove nobody.
    Unproven,
    /// Too many tries failed, or too many name this address: not looked at.
    Blocked,
}

impl Verdict {
    fn code(&self) -> &'static str {
        match self {
            Self::Proven(_) => "proven",
            Self::Taken(_) => "taken",
            Self::Unproven => "unproven",
            Self::Blocked => "blocked",
        }
    }
}

/// Takes a claim. The id it returns is good only for [`ask_review`].
pub async fn request(app: &App, claim: &Claim) -> Result<Uuid> {
    app.registry.refresh(&app.store).await?;
    let explained = app.registry.explain(&claim.query());
    let decision = &explained.decision;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    // one after the other, so that tries made at once are counted too
    counters::take(&mut tx, Counter::AccountClaim, 1).await?;
    let holder = subjects::holder(&explained);
    let subjects = subjects::of(claim, &explained, || app.chance.id(now));
    let address = subjects::of_address(&claim.email);
    let verdict = judge(&mut tx, decision, &subjects, &address, now).await?;

    let secret = Secret::new(app.chance.secret(""));
    let hash = hash_of_secret(secret.expose());
    let until = app.clock.show(now + VALID_FOR);
    // read in any case, so that it takes as long
    let about = proven(decision).or(holder).unwrap_or(PhysicianId::new(Uuid::nil()));
    let found = store::physicians::find(&mut tx, about).await?;
    match (&verdict, found) {
        (Verdict::Proven(_), Some(found)) => {
            let letter = Letter::Claim { name: &found.full_name(), secret: &secret, until: &until };
            mail::queue(app, &mut tx, &claim.email, &letter).await?;
        }
        (Verdict::Taken(physician), _) => notify_owner(app, &mut tx, *physician).await?,
        _ => {}
    }
    let kind = if matches!(verdict, Verdict::Unproven) { FAILED } else { MADE };
    for subject in subjects.iter().map(String::as_str).chain([subjects::EVERYONE]) {
        store::attempts::insert(&mut tx, app.chance.id(now), kind, subject, now).await?;
    }
    store::attempts::insert(&mut tx, app.chance.id(now), ADDRESS, &address, now).await?;
    let id = app.chance.id(now);
    let reasons: Vec<&str> = decision.reasons.iter().map(|reason| reason.code()).collect();
    let proven = match verdict {
        Verdict::Proven(physician) => Some((hash, physician)),
        _ => None,
    };
    let row = NewClaim {
        id,
        proven,
        email: claim.email.clone(),
        details: claim.to_json()?,
        outcome: verdict.code().to_owned(),
        reasons: reasons.join(" "),
        created_at: now,
        expires_at: now + VALID_FOR,
    };
    store::claims::insert(&mut tx, &row).await?;
    // the person it is about sees that somebody tried, whether it was they or not
    let entry = audit::entry(app, None, "claim.request", id.to_string(), holder, verdict.code());
    store::audit::insert(&mut tx, &entry).await?;
    tx.commit().await?;
    Ok(id)
}

async fn judge(tx: &mut WriteTx, decision: &Decision, subjects: &[String], address: &str, now: i64) -> Result<Verdict> {
    let mut blocked = store::attempts::count_since(tx, ADDRESS, address, now - DAY).await?.count >= TRIES_PER_ADDRESS;
    for subject in subjects {
        let failed = store::attempts::count_since(tx, FAILED, subject, now - FAILED_FOR).await?;
        blocked |= failed.count >= FAILED_TRIES;
    }
    let in_all = store::attempts::count_since(tx, FAILED, subjects::EVERYONE, now - DAY).await?.count;
    if in_all >= FAILED_TRIES_IN_ALL {
        tracing::warn!(in_all, "too many account claims failed today; none is proven until there are fewer");
        blocked = true;
    }
    let proven = proven(decision);
    let owner = match proven {
        Some(physician) => store::seats::holder_of_physician(tx, physician).await?,
        None => None,
    };
    Ok(match proven {
        _ if blocked => Verdict::Blocked,
        Some(physician) if owner.is_some() => Verdict::Taken(physician),
        Some(physician) => Verdict::Proven(physician),
        None => Verdict::Unproven,
    })
}

/// Stricter than a link of credit: an identifier and the whole birthday must agree.
fn proven(decision: &Decision) -> Option<PhysicianId> {
    match decision.outcome {
        Outcome::Matched(physician) if decision.by_identifier() && decision.reasons.contains(&Reason::BirthEqual) => {
            Some(physician)
        }
        _ => None,
    }
}

/// Tells the owner of an account, at the address on file, that somebody claimed it again.
async fn notify_owner(app: &App, tx: &mut WriteTx, physician: PhysicianId) -> Result<()> {
    let Some(owner) = store::seats::holder_of_physician(tx, physician).await? else { return Ok(()) };
    let Some(account) = store::accounts::find(tx, owner).await? else { return Ok(()) };
    mail::queue(app, tx, &account.email, &Letter::ClaimedAgain { name: &account.name }).await
}

/// Asks the accreditor's staff to look at a claim. Says nothing about whether there is one.
pub async fn ask_review(app: &App, claim: Uuid) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    if store::claims::ask_review(&mut tx, claim, now - REVIEW_WITHIN, now).await? {
        audit::record_nobody(app, &mut tx, "claim.ask_review", claim, "").await?;
    }
    tx.commit().await?;
    Ok(())
}

/// What the letter's link offers.
#[derive(Debug, Clone)]
pub struct Opened {
    pub name: String,
    pub email: String,
    /// The address has an account already, which gains the physician's record.
    pub has_account: bool,
    /// The record has an account, whose address this one becomes: a person granted it.
    pub takes_over: bool,
}

/// What the link offers; [`Error::LinkOver`] if nothing any more.
pub async fn open(app: &App, secret: &str) -> Result<Opened> {
    let mut tx = app.store.read().await?;
    let open = store::claims::find_open(&mut tx, &hash_of_secret(secret), app.clock.now()).await?;
    let open = open.ok_or(Error::LinkOver)?;
    let physician = survivor(&mut tx, open.physician).await?.ok_or(Error::LinkOver)?;
    let physician = store::physicians::find(&mut tx, physician).await?.ok_or(Error::LinkOver)?;
    let account = store::accounts::find_by_email(&mut tx, &open.email).await?.map(|account| account.id);
    let holder = store::seats::holder_of_physician(&mut tx, physician.id).await?;
    // the account's own address may be the one that claims: then it only chooses a password anew
    let takes_over = open.by_a_person && holder.is_some() && (account.is_none() || account == holder);
    Ok(Opened {
        name: physician.full_name(),
        email: open.email,
        has_account: account.is_some() && !takes_over,
        takes_over,
    })
}

/// Makes the account and signs in. `LinkOver` if somebody else finished first.
pub async fn accept(app: &App, secret: &str, password: &str, user_agent: &str) -> Result<Started> {
    let opened = open(app, secret).await?;
    if opened.has_account {
        return Err(Error::LinkOver);
    }
    passwords::check(app, "password", password, &opened.email, false)?;
    let password_hash = passwords::hash(app, password).await?;
    let mut tx = app.store.write().await?;
    let (physician, email, holder) = use_up(app, &mut tx, secret).await?;
    let seat = Seat::Physician(physician);
    let account = match holder {
        Some(holder) => {
            take_over(&mut tx, holder, &email, &password_hash, app.clock.now()).await?;
            holder
        }
        None => crate::accounts::create(app, &mut tx, &email, &opened.name, &password_hash, seat).await?,
    };
    let held = store::seats::list(&mut tx, account).await?;
    let own = held.iter().find(|held| held.seat == seat);
    let seat_id = own.map(|held| held.seat_id).ok_or(Error::LinkOver)?;
    let actor = Actor { who: Who::Account(account), seat };
    audit::record(app, &mut tx, &actor, "claim.accept", account, Some(physician), "").await?;
    let started = sessions::start(app, &mut tx, account, (seat_id, seat), user_agent).await?;
    tx.commit().await?;
    Ok(started)
}

/// Gives the address's account the physician's record; the person then signs in as usual.
///
/// Errors: `Invalid` on `email` if the account is of another physician.
pub async fn join(app: &App, secret: &str) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let (physician, email, holder) = use_up(app, &mut tx, secret).await?;
    if holder.is_some() {
        return Err(Error::LinkOver);
    }
    let account = store::accounts::find_by_email(&mut tx, &email).await?.ok_or(Error::LinkOver)?;
    let seats = store::seats::list(&mut tx, account.id).await?;
    if seats.iter().any(|held| matches!(held.seat, Seat::Physician(_))) {
        let message =
            "This e-mail address belongs to the account of another physician. Claim again with an address of your own.";
        return Err(Error::invalid("email", message));
    }
    let seat = Seat::Physician(physician);
    store::seats::insert(&mut tx, app.chance.id(now), account.id, seat, now).await?;
    let actor = Actor { who: Who::Account(account.id), seat };
    audit::record(app, &mut tx, &actor, "claim.accept", account.id, Some(physician), "").await?;
    tx.commit().await?;
    Ok(())
}

/// Uses the link up, unless the physician's account exists by now. Only where a person granted the claim may it
/// exist; then its holder is told too.
async fn use_up(app: &App, tx: &mut WriteTx, secret: &str) -> Result<(PhysicianId, String, Option<AccountId>)> {
    let now = app.clock.now();
    // two links for one physician stand in one line
    counters::take(tx, Counter::AccountClaim, 0).await?;
    let open = store::claims::find_open(tx, &hash_of_secret(secret), now).await?.ok_or(Error::LinkOver)?;
    // the record may have been merged into another since the letter was sent
    let physician = survivor(tx, open.physician).await?.ok_or(Error::LinkOver)?;
    let holder = store::seats::holder_of_physician(tx, physician).await?;
    let is_taken = holder.is_some() && !open.by_a_person;
    if is_taken || !store::claims::accept(tx, open.id, now).await? {
        return Err(Error::LinkOver);
    }
    Ok((physician, open.email, holder))
}

/// Gives the record's account the new address and password, and nothing of what guarded it before.
async fn take_over(tx: &mut WriteTx, holder: AccountId, email: &str, password_hash: &str, now: i64) -> Result<()> {
    if !store::accounts::set_email(tx, holder, email).await? {
        return Err(Error::LinkOver);
    }
    store::accounts::set_password(tx, holder, password_hash, true).await?;
    store::second_factors::delete_all(tx, holder).await?;
    store::sessions::delete_all(tx, holder).await?;
    store::ceremonies::end_all(tx, holder).await?;
    store::password_resets::close_all(tx, holder, now).await?;
    Ok(())
}
