//! Notices of the accreditor: written by its staff, shown on the pages of those they are for, put away one by one, and
//! sent by e-mail if asked for. Every change stays in the history.
//!
//! Not to be taken for [`crate::notices`], the letters to physicians about their own record.

mod deadlines;
mod given;
pub(crate) mod letters;

use domain::access::{Actor, Seat, StaffScope, Who};
use domain::announcement::{Level, Persona};
use domain::{AccountId, AnnouncementId};
use store::announcements::{self, Announcement, Version, Words};

pub use deadlines::{make_due, year_end};
pub use given::Given;
pub(crate) use letters::mail;
pub use letters::{MAIL_ANNOUNCEMENT, ask_letters, check_link, choose, reach, unsubscribe, wants};

use crate::{App, Error, Result, audit};

/// Notices in the list of the staff, and in a reader's.
const MOST_LISTED: i64 = 500;

/// How a notice stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Planned,
    Shown,
    Over,
    TakenBack,
}

impl Standing {
    pub fn of(notice: &Announcement, now: i64) -> Self {
        let words = &notice.words;
        match notice.taken_back_at {
            Some(_) => Self::TakenBack,
            None if now < words.shows_from => Self::Planned,
            None if now < words.shows_until => Self::Shown,
            None => Self::Over,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Planned => "Planned",
            Self::Shown => "Shown now",
            Self::Over => "Over",
            Self::TakenBack => "Taken back",
        }
    }
}

/// Who reads: the seat in which somebody acts, and their account; nothing of those who are not signed in.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reader {
    pub seat: Option<Seat>,
    pub account: Option<AccountId>,
}

impl Reader {
    pub fn of(actor: Option<&Actor>) -> Self {
        let account = actor.and_then(|actor| match actor.who {
            Who::Account(account) => Some(account),
            Who::ApiClient(_) => None,
        });
        Self { seat: actor.map(|actor| actor.seat), account }
    }

    fn is_meant(self, notice: &Announcement) -> bool {
        notice.words.personas.iter().any(|persona| persona.includes(self.seat))
    }
}

/// What a reader's pages show now, the most urgent first.
pub async fn shown(app: &App, reader: Reader) -> Result<Vec<Announcement>> {
    let mut all = announcements::shown(&mut app.store.read().await?, app.clock.now(), reader.account).await?;
    all.retain(|notice| reader.is_meant(notice));
    all.sort_by_key(|notice| std::cmp::Reverse(notice.words.level));
    Ok(all)
}

/// Notices for a reader that are shown or were, the latest first, with how each stands.
pub async fn of_reader(app: &App, reader: Reader) -> Result<Vec<(Announcement, Standing)>> {
    let now = app.clock.now();
    let all = announcements::begun(&mut app.store.read().await?, now, MOST_LISTED).await?;
    let meant = all.into_iter().filter(|notice| reader.is_meant(notice));
    Ok(meant.map(|notice| (Standing::of(&notice, now), notice)).map(|(standing, notice)| (notice, standing)).collect())
}

/// Puts a notice away for whoever reads. Again is no error.
///
/// Errors: `NotFound` for one that is not shown to the reader, or that stays.
pub async fn dismiss(app: &App, actor: &Actor, id: AnnouncementId) -> Result<()> {
    let account = account(actor)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let notice = announcements::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let is_shown = Standing::of(&notice, now) == Standing::Shown && notice.words.is_dismissible;
    if !is_shown || !Reader::of(Some(actor)).is_meant(&notice) {
        return Err(Error::NotFound);
    }
    announcements::dismiss(&mut tx, account, id, now).await?;
    Ok(tx.commit().await?)
}

/// All notices, for staff.
pub async fn list(app: &App, scope: &StaffScope) -> Result<Vec<(Announcement, Standing)>> {
    let now = app.clock.now();
    let all = announcements::list(&mut app.store.read().await?, scope, MOST_LISTED).await?;
    Ok(all.into_iter().map(|notice| (Standing::of(&notice, now), notice)).map(|(a, b)| (b, a)).collect())
}

/// A notice with its history and how many put it away.
#[derive(Debug, Clone)]
pub struct Whole {
    pub notice: Announcement,
    pub standing: Standing,
    pub history: Vec<Version>,
    pub dismissals: i64,
    /// How many would get a letter now.
    pub reach: i64,
}

pub async fn find(app: &App, scope: &StaffScope, id: AnnouncementId) -> Result<Whole> {
    let mut tx = app.store.read().await?;
    let notice = announcements::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    Ok(Whole {
        standing: Standing::of(&notice, app.clock.now()),
        history: announcements::history(&mut tx, scope, id).await?,
        dismissals: announcements::dismissals(&mut tx, scope, id).await?,
        reach: announcements::letters::count(&mut tx, scope, &notice.words.personas).await?,
        notice,
    })
}

/// Writes a new notice. `occasion` names what it is made from, if it is made from something known.
///
/// Errors: `Invalid` on the form's fields; `Stale` if one of the occasion is there already.
pub async fn write(
    app: &App,
    actor: &Actor,
    _scope: &StaffScope,
    given: &Given,
    occasion: Option<&str>,
) -> Result<AnnouncementId> {
    let words = given.words(app)?;
    let by = account(actor)?;
    let now = app.clock.now();
    let id = AnnouncementId::new(app.chance.id(now));
    let mut tx = app.store.write().await?;
    if !announcements::insert(&mut tx, id, &words, occasion, Some(by), now).await? {
        return Err(Error::Stale);
    }
    audit::record(app, &mut tx, actor, "notice.write", id, None, &told(&words)).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a notice whose newest version is `seen`.
///
/// Errors: `Invalid` on the form's fields; `Stale` if somebody changed it meanwhile, or took it back.
pub async fn change(
    app: &App,
    actor: &Actor,
    scope: &StaffScope,
    id: AnnouncementId,
    seen: i64,
    given: &Given,
) -> Result<()> {
    let words = given.words(app)?;
    let mut tx = app.store.write().await?;
    announcements::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if !announcements::update(&mut tx, scope, id, seen, &words, account(actor)?, app.clock.now()).await? {
        return Err(Error::Stale);
    }
    if given.show_again {
        announcements::show_again(&mut tx, scope, id).await?;
    }
    audit::record(app, &mut tx, actor, "notice.change", id, None, &told(&words)).await?;
    Ok(tx.commit().await?)
}

/// Takes a notice back at once; letters about it that are not queued yet are not written any more.
///
/// Errors: `Stale` if somebody changed it meanwhile, or took it back.
pub async fn take_back(app: &App, actor: &Actor, scope: &StaffScope, id: AnnouncementId, seen: i64) -> Result<()> {
    let mut tx = app.store.write().await?;
    let notice = announcements::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let is_seen = notice.version == seen;
    if !is_seen || !announcements::take_back(&mut tx, scope, &notice, account(actor)?, app.clock.now()).await? {
        return Err(Error::Stale);
    }
    audit::record(app, &mut tx, actor, "notice.take_back", id, None, &notice.words.title).await?;
    Ok(tx.commit().await?)
}

fn account(actor: &Actor) -> Result<AccountId> {
    match actor.who {
        Who::Account(account) => Ok(account),
        Who::ApiClient(_) => Err(Error::NotFound),
    }
}

/// For the audit trail.
fn told(words: &Words) -> String {
    let personas: Vec<&str> = words.personas.iter().map(|persona| persona.code()).collect();
    format!("{}, for {}", words.title, personas.join(" "))
}

/// The persona's short name, as pages and letters write it.
pub fn persona_words(personas: &[Persona]) -> String {
    let words = personas.iter().map(|persona| match persona {
        Persona::Everybody => "everybody",
        Persona::Provider => "providers",
        Persona::Physician => "physicians",
        Persona::LicensingBoard => "licensing boards",
        Persona::CertifyingBoard => "certifying boards",
    });
    words.collect::<Vec<_>>().join(", ")
}

/// The kind of alert that a level looks like.
pub fn alert_kind(level: Level) -> &'static str {
    match level {
        Level::Info => "info",
        Level::Warning => "warning",
        Level::Urgent => "error",
    }
}
