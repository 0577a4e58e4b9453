//! Letters to physicians about their own record: one each morning for all that is new, and only if something is.
//! Each kind can be turned off, also by the link at a letter's foot.
//!
//! News is noted in the transaction of what it is about, or by following the ledger in order; the letter and the
//! end of the note are one transaction. So a kill forgets nothing and tells nothing twice.

pub(crate) mod letters;

use domain::access::{Actor, PhysicianScope, Who};
use domain::{AccountId, PhysicianId};
use jiff::ToSpan;
use jiff::civil::Weekday;
use store::WriteTx;
use store::accounts::Account;
use store::counters::{self, Counter};
use store::notices::{self, Topic};

use crate::clock::HOUR;
use crate::letters::Written;
use crate::mail::{self, Letter};
use crate::{App, Error, Result, retry};

/// When letters go out, by the operator's clock.
const MORNING: i64 = 7 * HOUR;
/// News that is older is no news: a system that was just filled writes no letters about its past.
const STALE: i64 = 48 * HOUR;
const WEEK: i64 = 7 * 24 * HOUR;
/// Physicians who are written to in one round.
const AT_ONCE: i64 = 50;
/// Leaves of the ledger that are looked at in one transaction.
const LEAVES: i64 = 2_000;

/// Notes news of a physician for the next morning's letter.
pub(crate) async fn note(app: &App, tx: &mut WriteTx, physician: PhysicianId, topic: Topic, at: i64) -> Result<()> {
    Ok(notices::note(tx, physician, topic, at, next_morning(app)).await?)
}

fn next_morning(app: &App) -> i64 {
    app.clock.end_of(app.clock.today()) + MORNING
}

/// Monday's, the next one.
fn next_week(app: &App) -> i64 {
    let today = app.clock.today();
    let monday = (1..=7).map(|days: i64| today.saturating_add(days.days()));
    let monday = monday.into_iter().find(|day| day.weekday() == Weekday::Monday).unwrap_or(today);
    app.clock.start_of(monday) + MORNING
}

/// Notes credit that was reported, for physicians who have an account. Whether there may be more.
pub async fn note_next(app: &App) -> Result<bool> {
    let mut tx = app.store.read().await?;
    let is_behind =
        counters::taken(&mut tx, Counter::PhysicianNews).await? < counters::taken(&mut tx, Counter::LedgerLeaf).await?;
    drop(tx);
    if is_behind {
        retry::on_race(|| note_reported(app)).await?;
    }
    Ok(is_behind)
}

/// Every credit has a leaf in the order of commits; the outbox tells of those for certifying boards only.
async fn note_reported(app: &App) -> Result<()> {
    let fresh = app.clock.now() - STALE;
    let mut tx = app.store.write().await?;
    // taking locks: two workers stand in line
    let first = counters::take(&mut tx, Counter::PhysicianNews, 0).await?;
    let until = counters::taken(&mut tx, Counter::LedgerLeaf).await?.min(first + LEAVES);
    counters::take(&mut tx, Counter::PhysicianNews, until - first).await?;
    // in the order of ids, so that two who note for the same people wait for one another
    for (physician, since) in notices::reported_to(&mut tx, first, until, fresh).await? {
        note(app, &mut tx, physician, Topic::NewCredit, since).await?;
    }
    Ok(tx.commit().await?)
}

/// Writes the letters that are due.
pub async fn write_due(app: &App) -> Result<()> {
    let due = notices::due(&mut app.store.read().await?, app.clock.now(), AT_ONCE).await?;
    for physician in due {
        retry::on_race(|| write(app, physician)).await?;
    }
    Ok(())
}

async fn write(app: &App, physician: PhysicianId) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    // taken before anything is read: whoever notes news meanwhile waits, and notes it anew
    let taken = notices::take(&mut tx, physician, now).await?;
    if let Some(account) = account_of(&mut tx, physician).await? {
        let wanted = notices::wanted(&mut tx, account.id).await?;
        let told: Vec<(Topic, i64)> = taken.into_iter().filter(|(topic, _)| wanted.contains(topic)).collect();
        if told.iter().any(|(topic, _)| *topic == Topic::Weekly) {
            notices::note(&mut tx, physician, Topic::Weekly, now, next_week(app)).await?;
        }
        let scope = PhysicianScope::of_record(physician);
        let link = notices::link(&mut tx, account.id, &app.chance.secret("")).await?;
        if let Some(letter) = letters::news(app, &mut tx, &scope, &account.name, &told, &link).await? {
            mail::queue(app, &mut tx, &account.email, &Letter::Written(&letter)).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Who signs in for a record, unless the account is closed.
async fn account_of(tx: &mut WriteTx, physician: PhysicianId) -> Result<Option<Account>> {
    let Some(account) = store::seats::holder_of_physician(tx, physician).await? else { return Ok(None) };
    let account = store::accounts::find(tx, account).await?;
    Ok(account.filter(|account| account.disabled_at.is_none()))
}

/// Tells at once that a share was opened for the first time. `letter` is made for a name.
pub(crate) async fn share_opened(
    app: &App,
    tx: &mut WriteTx,
    physician: PhysicianId,
    letter: impl FnOnce(&str) -> Written,
) -> Result<()> {
    let Some(account) = account_of(tx, physician).await? else { return Ok(()) };
    if notices::wanted(tx, account.id).await?.contains(&Topic::ShareOpened) {
        let link = notices::link(tx, account.id, &app.chance.secret("")).await?;
        let end = format!("/unsubscribe/{link}");
        let letter = letter(&account.name).ends(app, "/passport/sharing#letters", &end);
        mail::queue(app, tx, &account.email, &Letter::Written(&letter)).await?;
    }
    Ok(())
}

/// The letters that a physician wants.
pub async fn wanted(app: &App, actor: &Actor) -> Result<Vec<Topic>> {
    Ok(notices::wanted(&mut app.store.read().await?, account_id(actor)?).await?)
}

/// Chooses the letters that a physician wants: these, and no others.
pub async fn choose(app: &App, actor: &Actor, scope: &PhysicianScope, chosen: &[Topic]) -> Result<()> {
    let mut tx = app.store.write().await?;
    set(app, &mut tx, account_id(actor)?, scope.physician(), chosen).await?;
    crate::audit::record(app, &mut tx, actor, "notices.choose", "", Some(scope.physician()), &listed(chosen)).await?;
    Ok(tx.commit().await?)
}

fn listed(topics: &[Topic]) -> String {
    if topics.is_empty() {
        "none".to_owned()
    } else {
        topics.iter().map(|topic| topic.code()).collect::<Vec<_>>().join(", ")
    }
}

async fn set(app: &App, tx: &mut WriteTx, account: AccountId, physician: PhysicianId, chosen: &[Topic]) -> Result<()> {
    let now = app.clock.now();
    for topic in Topic::ALL {
        notices::choose(tx, account, *topic, chosen.contains(topic), now).await?;
    }
    match chosen.contains(&Topic::Weekly) {
        true => notices::note(tx, physician, Topic::Weekly, now, next_week(app)).await?,
        false => notices::forget(tx, physician, Topic::Weekly).await?,
    }
    Ok(())
}

fn account_id(actor: &Actor) -> Result<AccountId> {
    match actor.who {
        Who::Account(account) => Ok(account),
        Who::ApiClient(_) => Err(Error::NotFound),
    }
}

/// Whether the link at a letter's foot is one of ours; else `NotFound`.
pub async fn check_link(app: &App, secret: &str) -> Result<()> {
    let found = notices::account_of_link(&mut app.store.read().await?, secret).await?;
    found.map(|_| ()).ok_or(Error::NotFound)
}

/// Ends all these letters for whoever's link it is.
pub async fn unsubscribe(app: &App, secret: &str) -> Result<()> {
    let mut tx = app.store.write().await?;
    let account = notices::account_of_link(&mut tx, secret).await?.ok_or(Error::NotFound)?;
    let seats = store::seats::list(&mut tx, account).await?;
    let of_physician = seats.iter().find_map(|held| match held.seat {
        domain::access::Seat::Physician(physician) => Some((physician, held.seat)),
        _ => None,
    });
    let (physician, seat) = of_physician.ok_or(Error::NotFound)?;
    set(app, &mut tx, account, physician, &[]).await?;
    let actor = Actor { who: Who::Account(account), seat };
    crate::audit::record(app, &mut tx, &actor, "notices.choose", "", Some(physician), "none, by a letter’s link")
        .await?;
    Ok(tx.commit().await?)
}

/// The week that a summary covers begins here, whenever its note was made.
fn week_before(now: i64) -> i64 {
    now - WEEK
}
