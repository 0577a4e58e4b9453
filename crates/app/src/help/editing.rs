//! What staff do with pages of the help: write, publish, put in order, restore. Each names the version that they saw,
//! so of two who edit at once the second is told, and nothing typed is lost.

use domain::HelpEntryId;
use domain::access::{Actor, StaffScope};
use domain::help::{Category, Content, Kind, Status, is_slug, slug_of};
use jiff::civil::{Date, Time};
use serde::Deserialize;
use store::WriteTx;
use store::help::Entry;

use super::{markup, words};
use crate::{App, Error, Fault, Result, audit};

const LONGEST_TITLE: usize = 150;
const LONGEST_SUMMARY: usize = 400;
const LONGEST_WORDS: usize = 400;
const LONGEST_BODY: usize = 60_000;
const LONGEST_LINK: usize = 500;
const MOST_RELATED: usize = 8;

/// The editor's form as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub title: String,
    /// Of a new page; empty: made of the title.
    pub slug: String,
    pub category: String,
    pub summary: String,
    pub body: String,
    pub words: String,
    /// Addresses, one on a line.
    pub related: String,
    /// Of a webinar: an ISO date, `14:30`, minutes.
    pub day: String,
    pub hour: String,
    pub minutes: String,
    pub join_link: String,
    pub recording_link: String,
    /// Of a release, an ISO date.
    pub released_on: String,
    /// The one that was seen.
    pub version: i64,
}

impl Typed {
    /// The form filled in with a page as it stands.
    pub fn of(app: &App, entry: &Entry) -> Self {
        Self {
            version: entry.version,
            slug: entry.slug.clone(),
            ..Self::of_content(app, entry.category, &entry.content)
        }
    }

    /// The form filled in with what some version says.
    pub fn of_content(app: &App, category: Option<Category>, content: &Content) -> Self {
        let when = content.starts_at.and_then(|at| app.clock.civil(at));
        Self {
            title: content.title.clone(),
            slug: String::new(),
            category: category.map_or("", Category::code).to_owned(),
            summary: content.summary.clone(),
            body: content.body.clone(),
            words: content.words.clone(),
            related: content.related.join("\n"),
            day: when.map(|when| when.date().to_string()).unwrap_or_default(),
            hour: when.map(|when| when.strftime("%H:%M").to_string()).unwrap_or_default(),
            minutes: if content.minutes > 0 { content.minutes.to_string() } else { String::new() },
            join_link: content.join_link.clone(),
            recording_link: content.recording_link.clone(),
            released_on: content.released_on.clone(),
            version: 0,
        }
    }
}

/// Gathers the faults of a form.
#[derive(Default)]
struct Reading {
    faults: Vec<Fault>,
}

impl Reading {
    fn fault(&mut self, field: &'static str, message: impl Into<String>) {
        self.faults.push(Fault::new(field, message));
    }

    fn text(&mut self, field: &'static str, typed: &str, most: usize) -> String {
        match words(field, typed, most) {
            Ok(text) => text,
            Err(Error::Invalid(faults)) => {
                self.faults.extend(faults);
                String::new()
            }
            Err(_) => String::new(),
        }
    }

    fn line(&mut self, field: &'static str, typed: &str, most: usize) -> String {
        self.text(field, &typed.replace(['\r', '\n'], " "), most)
    }

    fn link(&mut self, field: &'static str, typed: &str) -> String {
        let link = self.line(field, typed, LONGEST_LINK);
        let is_web = link.starts_with("https://") || link.starts_with("http://");
        let is_whole = is_web && markup::is_safe_link(&link) && !link.contains(' ');
        if !link.is_empty() && !is_whole {
            self.fault(field, "Enter a whole address that begins with https://.");
        }
        link
    }
}

/// Reads the form. Faults stand beside their fields.
async fn read(app: &App, kind: Kind, typed: &Typed) -> Result<(Option<Category>, Content)> {
    let mut reading = Reading::default();
    let mut content = Content {
        title: reading.line("title", &typed.title, LONGEST_TITLE),
        summary: reading.text("summary", &typed.summary, LONGEST_SUMMARY),
        body: reading.text("body", &typed.body, LONGEST_BODY),
        words: reading.line("words", &typed.words, LONGEST_WORDS),
        ..Content::default()
    };
    if content.title.is_empty() && reading.faults.is_empty() {
        reading.fault("title", "Write a title.");
    }
    let category = match kind {
        Kind::Question | Kind::Guide => {
            let category = Category::read(&typed.category);
            if category.is_none() {
                reading.fault("category", "Choose where it belongs.");
            }
            category
        }
        Kind::Webinar | Kind::Release | Kind::Problem => None,
    };
    content.related = related(app, &mut reading, &typed.related).await?;
    if kind == Kind::Webinar {
        read_webinar(app, &mut reading, typed, &mut content);
    }
    if kind == Kind::Release {
        content.released_on = match typed.released_on.trim().parse::<Date>() {
            Ok(day) => day.to_string(),
            Err(_) => {
                reading.fault("released_on", "Enter the day of the release.");
                String::new()
            }
        };
    }
    if reading.faults.is_empty() { Ok((category, content)) } else { Err(Error::Invalid(reading.faults)) }
}

/// Addresses of pages that exist, such as `questions/what-is-moc`.
async fn related(app: &App, reading: &mut Reading, typed: &str) -> Result<Vec<String>> {
    let mut chosen: Vec<String> = Vec::new();
    for line in typed.split_whitespace() {
        let name = line.rsplit_once("/help/").map_or(line, |(_, rest)| rest).trim_matches('/').to_owned();
        if !chosen.contains(&name) {
            chosen.push(name);
        }
    }
    if chosen.len() > MOST_RELATED {
        reading.fault("related", format!("Choose at most {MOST_RELATED}."));
    }
    let shelf = app.help.shelf(app).await?;
    for name in &chosen {
        let is_there = shelf.pages().iter().any(|page| super::shelf::name(page.entry.kind, &page.entry.slug) == *name);
        if !is_there {
            reading.fault("related", format!("“{name}” is not the address of a published page."));
            break;
        }
    }
    Ok(chosen)
}

fn read_webinar(app: &App, reading: &mut Reading, typed: &Typed, content: &mut Content) {
    content.join_link = reading.link("join_link", &typed.join_link);
    content.recording_link = reading.link("recording_link", &typed.recording_link);
    let day = typed.day.trim().parse::<Date>();
    let hour = Time::strptime("%H:%M", typed.hour.trim());
    match (day, hour) {
        (Ok(day), Ok(hour)) => content.starts_at = Some(app.clock.at(day.to_datetime(hour))),
        (Err(_), _) => reading.fault("day", "Enter the day of the webinar."),
        (_, Err(_)) => reading.fault("hour", "Enter when it begins, such as 14:30."),
    }
    match typed.minutes.trim().parse::<i64>() {
        Ok(minutes @ 5..=600) => content.minutes = minutes,
        _ => reading.fault("minutes", "Enter how many minutes it lasts, from 5 to 600."),
    }
}

/// The markup of a form as readers would see it.
pub fn preview(typed: &Typed) -> String {
    markup::html_of(&typed.body)
}

/// Writes a new page, as a draft.
///
/// Errors: `Invalid` on the fields; on `slug` when the address is taken.
pub async fn create(
    app: &App,
    (actor, name): (&Actor, &str),
    scope: &StaffScope,
    kind: Kind,
    typed: &Typed,
) -> Result<HelpEntryId> {
    if kind == Kind::Problem {
        return Err(Error::Forbidden("a page about a problem comes with the problem"));
    }
    let (category, content) = read(app, kind, typed).await?;
    let slug = match typed.slug.trim() {
        "" => slug_of(&content.title),
        slug => slug.to_owned(),
    };
    if !is_slug(&slug) {
        return Err(Error::invalid("slug", "Use small letters, digits and single hyphens, at most 80."));
    }
    let now = app.clock.now();
    let id = HelpEntryId::new(app.chance.id(now));
    let mut tx = app.store.write().await?;
    let place = store::help::list(&mut tx, scope)
        .await?
        .iter()
        .filter(|other| other.kind == kind && other.category == category)
        .map(|other| other.place + 1)
        .max();
    let entry = Entry {
        id,
        kind,
        slug,
        category,
        status: Status::Draft,
        place: place.unwrap_or(1),
        content,
        is_edited: true,
        version: 1,
        created_at: now,
        changed_at: now,
        changed_by: name.to_owned(),
    };
    if !store::help::insert(&mut tx, scope, &entry).await? {
        return Err(Error::invalid("slug", "Another page has this address. Choose another."));
    }
    audit::record(app, &mut tx, actor, "help.create", id, None, &entry.slug).await?;
    tx.commit().await?;
    Ok(id)
}

/// A page as it was seen, or `Stale`.
async fn seen(tx: &mut WriteTx, scope: &StaffScope, id: HelpEntryId, version: i64) -> Result<Entry> {
    let entry = store::help::find(tx, scope, id).await?.ok_or(Error::NotFound)?;
    if entry.version == version { Ok(entry) } else { Err(Error::Stale) }
}

async fn keep(
    app: &App,
    mut tx: WriteTx,
    (actor, name): (&Actor, &str),
    scope: &StaffScope,
    entry: Entry,
    action: &'static str,
) -> Result<()> {
    let entry = Entry { changed_at: app.clock.now(), changed_by: name.to_owned(), ..entry };
    if !store::help::change(&mut tx, scope, &entry).await? {
        return Err(Error::Stale);
    }
    audit::record(app, &mut tx, actor, action, entry.id, None, &entry.slug).await?;
    Ok(tx.commit().await?)
}

/// Saves what was typed; `typed.version` is the one that was seen. What is published stays so.
///
/// Errors: `Stale` when somebody else saved meanwhile; `Invalid` on the fields.
pub async fn save(app: &App, by: (&Actor, &str), scope: &StaffScope, id: HelpEntryId, typed: &Typed) -> Result<()> {
    let found = store::help::find(&mut app.store.read().await?, scope, id).await?.ok_or(Error::NotFound)?;
    let (category, content) = read(app, found.kind, typed).await?;
    let mut tx = app.store.write().await?;
    let entry = seen(&mut tx, scope, id, typed.version).await?;
    // title and summary of a problem are the system's own words
    let content = match entry.kind {
        Kind::Problem => {
            Content { title: entry.content.title.clone(), summary: entry.content.summary.clone(), ..content }
        }
        _ => content,
    };
    if entry.status == Status::Published {
        check_publishable(entry.kind, &content)?;
    }
    keep(app, tx, by, scope, Entry { category, content, ..entry }, "help.save").await
}

/// What a page must have before everybody reads it.
fn check_publishable(kind: Kind, content: &Content) -> Result<()> {
    let mut faults = Vec::new();
    if content.summary.is_empty() && kind != Kind::Release {
        faults.push(Fault::new("summary", "Write the answer in a sentence; lists show it."));
    }
    if content.body.is_empty() && matches!(kind, Kind::Question | Kind::Guide | Kind::Release) {
        faults.push(Fault::new("body", "Write the text."));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// Publishes a page, takes it back to a draft, or puts it away.
///
/// Errors: `Stale`; `Invalid` on what is missing before it can be published.
pub async fn set_status(
    app: &App,
    by: (&Actor, &str),
    scope: &StaffScope,
    (id, version): (HelpEntryId, i64),
    status: Status,
) -> Result<()> {
    let mut tx = app.store.write().await?;
    let entry = seen(&mut tx, scope, id, version).await?;
    if entry.kind == Kind::Problem && status != Status::Published {
        return Err(Error::Forbidden("every problem code has its page"));
    }
    if status == Status::Published {
        check_publishable(entry.kind, &entry.content)?;
    }
    let action = match status {
        Status::Draft => "help.unpublish",
        Status::Published => "help.publish",
        Status::Archived => "help.archive",
    };
    keep(app, tx, by, scope, Entry { status, ..entry }, action).await
}

/// Takes over what an earlier version says. Whether the page is published stays as it is.
///
/// Errors: `Stale`; `NotFound` for a version that is not kept.
pub async fn restore(
    app: &App,
    by: (&Actor, &str),
    scope: &StaffScope,
    (id, version): (HelpEntryId, i64),
    earlier: i64,
) -> Result<()> {
    let mut tx = app.store.write().await?;
    let entry = seen(&mut tx, scope, id, version).await?;
    let versions = store::help::versions(&mut tx, scope, id).await?;
    let found = versions.into_iter().find(|one| one.version == earlier).ok_or(Error::NotFound)?;
    let category = found.category.or(entry.category);
    keep(app, tx, by, scope, Entry { category, content: found.content, ..entry }, "help.restore").await
}

/// Moves a page up or down among those of its kind and category.
pub async fn move_within(app: &App, actor: &Actor, scope: &StaffScope, id: HelpEntryId, is_up: bool) -> Result<()> {
    let mut tx = app.store.write().await?;
    let entry = store::help::find(&mut tx, scope, id).await?.ok_or(Error::NotFound)?;
    let all = store::help::list(&mut tx, scope).await?;
    let mut order: Vec<HelpEntryId> = all
        .iter()
        .filter(|other| {
            other.kind == entry.kind && other.category == entry.category && other.status != Status::Archived
        })
        .map(|other| other.id)
        .collect();
    let Some(at) = order.iter().position(|other| *other == id) else { return Ok(()) };
    let to = if is_up { at.checked_sub(1) } else { Some(at + 1).filter(|to| *to < order.len()) };
    let Some(to) = to else { return Ok(()) };
    order.swap(at, to);
    let places: Vec<(HelpEntryId, i64)> = order.into_iter().zip(1..).collect();
    store::help::set_places(&mut tx, scope, &places).await?;
    audit::record(app, &mut tx, actor, "help.move", id, None, &entry.slug).await?;
    Ok(tx.commit().await?)
}
