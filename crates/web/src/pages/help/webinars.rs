//! `/help/webinars`: those to come with a calendar file, those past with the recording and the slides.

use app::App;
use app::help::Page as HelpPage;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use domain::HelpFileId;
use domain::help::Kind;

use super::calendar::{self, Meeting};
use super::page::{Helpful, Place};
use crate::{Chrome, Page, Result, When, download};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/help/webinars", get(list))
        .route("/help/webinars/{slug}", get(show))
        .route("/help/webinars/{slug}/calendar.ics", get(calendar_file))
        .route("/help/files/{file}", get(file))
}

/// A webinar as pages show it.
struct Webinar {
    slug: String,
    title: String,
    summary: String,
    html: String,
    when: When,
    minutes: i64,
    is_upcoming: bool,
    join_link: String,
    recording_link: String,
    slides: Vec<Slides>,
}

struct Slides {
    id: String,
    name: String,
    size: String,
}

impl Webinar {
    async fn of(app: &App, page: &HelpPage) -> Result<Self> {
        let content = &page.entry.content;
        let starts_at = content.starts_at.unwrap_or_default();
        let files = store::help::files(&mut app.store.read().await?, page.entry.id).await?;
        let slides = files.into_iter().map(|file| Slides {
            id: file.id.to_string(),
            size: size(file.bytes),
            name: file.file_name,
        });
        Ok(Self {
            slug: page.entry.slug.clone(),
            title: content.title.clone(),
            summary: content.summary.clone(),
            html: page.html.clone(),
            when: When::of(app, starts_at),
            minutes: content.minutes,
            // until it is over
            is_upcoming: starts_at + content.minutes * 60_000_000 > app.clock.now(),
            join_link: content.join_link.clone(),
            recording_link: content.recording_link.clone(),
            slides: slides.collect(),
        })
    }
}

/// Bytes as people read them.
pub(in crate::pages) fn size(bytes: i64) -> String {
    match bytes {
        ..1_000_000 => format!("{} KB", (bytes / 1_000).max(1)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

#[derive(Template)]
#[template(path = "help/webinars.html")]
struct List {
    chrome: Chrome,
    upcoming: Vec<Webinar>,
    past: Vec<Webinar>,
}

async fn list(State(app): State<App>, chrome: Chrome) -> Result<Page<impl Template>> {
    let shelf = app.help.shelf(&app).await?;
    let mut webinars = Vec::new();
    for page in shelf.of_kind(Kind::Webinar) {
        webinars.push((page.entry.content.starts_at, Webinar::of(&app, page).await?));
    }
    webinars.sort_by_key(|(starts_at, _)| *starts_at);
    let (upcoming, mut past): (Vec<_>, Vec<_>) =
        webinars.into_iter().map(|(_, one)| one).partition(|one| one.is_upcoming);
    past.reverse();
    Ok(Page(List { chrome, upcoming, past }))
}

#[derive(Template)]
#[template(path = "help/webinar.html")]
struct Show {
    chrome: Chrome,
    webinar: Webinar,
    helpful: Helpful,
}

async fn show(
    State(app): State<App>,
    chrome: Chrome,
    Path(slug): Path<String>,
    Query(place): Query<Place>,
) -> Result<Page<impl Template>> {
    let shelf = app.help.shelf(&app).await?;
    let page = shelf.find(Kind::Webinar, &slug).ok_or(app::Error::NotFound)?;
    let helpful = Helpful::of(page, &place.done);
    Ok(Page(Show { chrome, webinar: Webinar::of(&app, page).await?, helpful }))
}

async fn calendar_file(State(app): State<App>, Path(slug): Path<String>) -> Result<Response> {
    let shelf = app.help.shelf(&app).await?;
    let page = shelf.find(Kind::Webinar, &slug).ok_or(app::Error::NotFound)?;
    let content = &page.entry.content;
    let starts_at = content.starts_at.ok_or(app::Error::NotFound)?;
    let address = app.config.link(&page.path());
    let id = page.entry.id.to_string();
    let file = calendar::file(&Meeting {
        id: &id,
        title: &content.title,
        about: &content.summary,
        starts_at,
        minutes: content.minutes,
        link: if content.join_link.is_empty() { &address } else { &content.join_link },
        changed_at: page.entry.changed_at,
    });
    Ok(download::bytes(&format!("{slug}.ics"), "text/calendar; charset=utf-8", file.into_bytes()))
}

async fn file(State(app): State<App>, Path(id): Path<HelpFileId>) -> Result<Response> {
    let file = app::help::file(&app, None, id).await?;
    Ok(download::bytes(&file.name, file.content_type, file.bytes))
}
