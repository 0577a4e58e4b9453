//! Notices by e-mail, to everybody they are for who has an account and did not say no. A job writes to them in the
//! order of their accounts, a batch in each transaction with the place it has reached.

use domain::access::{Actor, StaffScope};
use domain::announcement::Persona;
use domain::{AccountId, AnnouncementId, JobId};
use store::announcements::letters::{self, Recipient};
use store::announcements::{self, Announcement, Words};
use store::jobs::Job;
use store::{WriteTx, notices};

use super::{Reader, account, persona_words};
use crate::lease::lease_end;
use crate::letters::Written;
use crate::mail::{self, Letter};
use crate::{App, Error, Result, audit};

/// The kind of job that writes to them.
pub const MAIL_ANNOUNCEMENT: &str = "mail_announcement";

/// Letters of one transaction.
const AT_ONCE: i64 = 200;

/// Asks for letters about a notice, which go out once it is shown.
///
/// Errors: `Stale` if it changed meanwhile or letters were asked for already; `Invalid` on `mail` if it is over.
pub async fn ask_letters(app: &App, actor: &Actor, scope: &StaffScope, id: AnnouncementId, seen: i64) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let notice = announcements::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if notice.words.shows_until <= now {
        return Err(Error::invalid("mail", "This notice is over. Change until when it is shown, then send it."));
    }
    if notice.version != seen || !letters::ask(&mut tx, scope, &notice, account(actor)?, now).await? {
        return Err(Error::Stale);
    }
    let job = JobId::new(app.chance.id(now));
    let at = notice.words.shows_from.max(now);
    store::jobs::enqueue(&mut tx, job, MAIL_ANNOUNCEMENT, &id.to_string(), at, now).await?;
    audit::record(app, &mut tx, actor, "notice.mail", id, None, &notice.words.title).await?;
    tx.commit().await?;
    app.jobs.wake();
    Ok(())
}

/// How many would be written to.
pub async fn reach(app: &App, scope: &StaffScope, personas: &[Persona]) -> Result<i64> {
    Ok(letters::count(&mut app.store.read().await?, scope, personas).await?)
}

/// Writes to everybody who was not written to yet.
pub(crate) async fn mail(app: &App, job: &Job, id: AnnouncementId) -> Result<()> {
    while batch(app, job, id).await? {}
    Ok(())
}

/// Whether there may be more.
async fn batch(app: &App, job: &Job, id: AnnouncementId) -> Result<bool> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    store::jobs::hold(&mut tx, job, lease_end(app)).await?;
    let Some(notice) = announcements::find(&mut tx, id).await? else { return Ok(false) };
    // what was taken back or is over by now is not told any more
    let is_over = notice.taken_back_at.is_some() || notice.words.shows_until <= now;
    if notice.mailing.asked_at.is_none() || notice.mailing.done_at.is_some() {
        return Ok(false);
    }
    let from = letters::reached(&mut tx, id).await?;
    let next = match is_over {
        true => Vec::new(),
        false => letters::recipients(&mut tx, &notice.words.personas, from, AT_ONCE).await?,
    };
    let Some(last) = next.last() else {
        letters::finish(&mut tx, id, now).await?;
        tx.commit().await?;
        return Ok(false);
    };
    let (to, written) = (last.account_id, i64::try_from(next.len()).unwrap_or(i64::MAX));
    if !letters::move_on(&mut tx, id, from, to, written).await? {
        return Err(Error::Store(store::Error::LeaseLost));
    }
    for recipient in &next {
        write(app, &mut tx, &notice, recipient).await?;
    }
    tx.commit().await?;
    Ok(true)
}

async fn write(app: &App, tx: &mut WriteTx, notice: &Announcement, to: &Recipient) -> Result<()> {
    let link = notices::link(tx, AccountId::new(to.account_id), &app.chance.secret("")).await?;
    let letter = letter(app, &notice.words, &to.name, &link);
    mail::queue(app, tx, &to.email, &Letter::Written(&letter)).await
}

/// The letter to one reader.
pub(crate) fn letter(app: &App, words: &Words, name: &str, link: &str) -> Written {
    let product = &app.config.product_name;
    let why = format!(
        "You get this letter because the accreditor writes to {} on {product}.",
        persona_words(&words.personas)
    );
    let written = Written::new("notice", &words.title, name, why).lines(&words.body);
    let written = match words.path.as_str() {
        "" => written.button(app, &format!("Open {product}"), "/notices"),
        path => written.button(app, "Read more", path),
    };
    written.ends(app, "/notices#letters", &format!("/notices/unsubscribe/{link}")).waits()
}

/// Whether an account gets such letters; `None` for who is not signed in.
pub async fn wants(app: &App, reader: Reader) -> Result<Option<bool>> {
    match reader.account {
        Some(account) => Ok(Some(letters::is_wanted(&mut app.store.read().await?, account).await?)),
        None => Ok(None),
    }
}

/// Chooses whether to get such letters.
pub async fn choose(app: &App, actor: &Actor, is_wanted: bool) -> Result<()> {
    let mut tx = app.store.write().await?;
    letters::choose(&mut tx, account(actor)?, is_wanted, app.clock.now()).await?;
    Ok(tx.commit().await?)
}

/// Whether the link at a letter's foot is one of ours; else `NotFound`.
pub async fn check_link(app: &App, secret: &str) -> Result<()> {
    let found = notices::account_of_link(&mut app.store.read().await?, secret).await?;
    found.map(|_| ()).ok_or(Error::NotFound)
}

/// Ends such letters for whoever's link it is. Again is no error.
pub async fn unsubscribe(app: &App, secret: &str) -> Result<()> {
    let mut tx = app.store.write().await?;
    let account = notices::account_of_link(&mut tx, secret).await?.ok_or(Error::NotFound)?;
    letters::choose(&mut tx, account, false, app.clock.now()).await?;
    Ok(tx.commit().await?)
}
