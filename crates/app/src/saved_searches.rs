//! Searches that a physician keeps, and letters about what is new in them.
//!
//! "New" is what everybody could see for the first time since the search was told last, by the change sequence, not
//! by the clock: an activity that waited as a draft for months is new when it is shown. The place moves in the
//! transaction that queues the letter, so a crash neither forgets an activity nor tells it twice.

use domain::access::Actor;
use domain::{AccountId, check};
use store::accounts;
use store::activities::Displayed;
use store::counters::{self, Counter};
use store::saved_searches::{self, Alert, SavedSearch};
use uuid::Uuid;

use crate::activity_search::{self, Search};
use crate::clock::HOUR;
use crate::letters::Item;
use crate::mail::{self, Letter};
use crate::saved_activities::account;
use crate::{App, Error, Result, retry};

/// Searches that an account may keep.
pub const MOST: usize = 50;
const MOST_NAME_LETTERS: usize = 80;
/// Letters come at the same hour each day, or a little later: not an hour later each time.
const DAY: i64 = 24 * HOUR - HOUR / 4;
const WEEK: i64 = 7 * 24 * HOUR - HOUR / 4;
/// Searches that are looked at in one round, and activities that a letter names.
const AT_ONCE: i64 = 50;
const NAMED: usize = 10;

/// The searches of a physician, oldest first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<SavedSearch>> {
    Ok(saved_searches::list(&mut app.store.read().await?, account(actor)?).await?)
}

pub async fn get(app: &App, actor: &Actor, id: Uuid) -> Result<SavedSearch> {
    let found = saved_searches::find(&mut app.store.read().await?, account(actor)?, id).await?;
    found.ok_or(Error::NotFound)
}

fn named(name: &str) -> Result<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let name: String = name.chars().filter(|letter| !letter.is_control()).collect();
    match name.chars().count() {
        0 => Err(Error::invalid("name", "Give the search a name, by which you know it again.")),
        1..=MOST_NAME_LETTERS => Ok(name),
        _ => Err(Error::invalid("name", "The name has more than 80 letters. Shorten it.")),
    }
}

/// Keeps a search, without its page. What is there by now is not new.
pub async fn keep(app: &App, actor: &Actor, name: &str, search: &Search, alert: Alert) -> Result<Uuid> {
    let account = account(actor)?;
    let name = named(name)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    if saved_searches::list(&mut tx, account).await?.len() >= MOST {
        return Err(Error::invalid("name", "50 searches are saved. Remove one of them first."));
    }
    let new = SavedSearch {
        id: app.chance.id(now),
        account,
        name,
        query: search.clone().on_page(1).query(),
        alert,
        told_seq: counters::taken(&mut tx, Counter::ActivityChange).await?,
        told_at: now,
        created_at: now,
        stop_key: app.chance.secret("stop_"),
    };
    saved_searches::insert(&mut tx, &new).await?;
    tx.commit().await?;
    Ok(new.id)
}

/// Gives a search another name and other letters.
pub async fn change(app: &App, actor: &Actor, id: Uuid, name: &str, alert: Alert) -> Result<()> {
    let (account, name) = (account(actor)?, named(name)?);
    let mut tx = app.store.write().await?;
    let from = (counters::taken(&mut tx, Counter::ActivityChange).await?, app.clock.now());
    if !saved_searches::update(&mut tx, account, id, &name, alert, from).await? {
        return Err(Error::NotFound);
    }
    Ok(tx.commit().await?)
}

pub async fn remove(app: &App, actor: &Actor, id: Uuid) -> Result<()> {
    let account = account(actor)?;
    let mut tx = app.store.write().await?;
    if !saved_searches::delete(&mut tx, account, id).await? {
        return Err(Error::NotFound);
    }
    Ok(tx.commit().await?)
}

/// The search whose letters a key ends, for the page that asks once more.
pub async fn of_stop_key(app: &App, key: &str) -> Result<SavedSearch> {
    let key = readable(key)?;
    let found = saved_searches::find_by_stop_key(&mut app.store.read().await?, key).await?;
    found.ok_or(Error::LinkOver)
}

/// A key that can be looked up at all: no letter in it that a database takes for no text.
fn readable(key: &str) -> Result<&str> {
    if key.bytes().all(|byte| byte.is_ascii_graphic()) { Ok(key) } else { Err(Error::LinkOver) }
}

/// Ends the letters of a search, whoever holds the key. Doing it again is no error.
pub async fn stop(app: &App, key: &str) -> Result<()> {
    let key = readable(key)?;
    let mut tx = app.store.write().await?;
    if !saved_searches::stop(&mut tx, key).await? {
        return Err(Error::LinkOver);
    }
    Ok(tx.commit().await?)
}

/// Writes the letters that are due; says how many were queued. Run now and then.
pub async fn tell_due(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let due = saved_searches::due(&mut app.store.read().await?, now - DAY, now - WEEK, AT_ONCE).await?;
    let mut letters = 0;
    for search in due {
        letters += usize::from(retry::on_race(|| tell(app, &search)).await?);
    }
    Ok(letters)
}

/// Looks for what is new in one search and queues a letter if there is something. Whether there was a letter.
async fn tell(app: &App, saved: &SavedSearch) -> Result<bool> {
    // whatever is looked for is in the index before the transaction begins that moves the place
    app.activity_search.refresh(app).await?;
    let until = app.activity_search.seen();
    let search = Search::read(&saved.query);
    let gap = match search.fits {
        true => crate::activity_gaps::of_account(app, saved.account).await?,
        false => None,
    };
    let mut tx = app.store.write().await?;
    if !saved_searches::tell(&mut tx, saved, until.max(saved.told_seq), app.clock.now()).await? {
        return Ok(false);
    }
    let shown = (saved.told_seq, until);
    let results = activity_search::search_new(app, &mut tx, &search, gap.as_ref(), shown, NAMED).await?;
    let person = accounts::find(&mut tx, saved.account).await?.filter(|account| account.disabled_at.is_none());
    let written = match person {
        Some(person) if results.total > 0 => {
            let lines: Vec<Item> = results.activities.iter().map(|one| line(app, one)).collect();
            let letter = Letter::NewActivities {
                name: &person.name,
                search: &saved.name,
                query: &saved.query,
                total: results.total,
                lines: &lines,
                stop_key: &saved.stop_key,
            };
            mail::queue(app, &mut tx, &person.email, &letter).await?;
            true
        }
        _ => false,
    };
    tx.commit().await?;
    Ok(written)
}

/// An activity in a letter: what a physician decides by, and where to read more.
fn line(app: &App, displayed: &Displayed) -> Item {
    let activity = &displayed.stored.activity;
    let days = match activity.format.is_live() {
        true => check::us_date(activity.starts_on),
        false => format!("until {}", check::us_date(activity.ends_on)),
    };
    let credit = activity.credit.map(|credit| format!(", {credit} credits")).unwrap_or_default();
    Item {
        title: activity.title.clone(),
        detail: format!("{}, {}, {days}{credit}", displayed.provider, activity.format),
        href: app.config.link(&format!("/activities/{}", activity.id)),
    }
}

/// Whose searches these are; for tests and for the demo.
pub async fn of_account(app: &App, account: AccountId) -> Result<Vec<SavedSearch>> {
    Ok(saved_searches::list(&mut app.store.read().await?, account).await?)
}
