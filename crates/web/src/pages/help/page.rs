//! A question or a guide, with what belongs to it, and whether it helped.

use app::App;
use app::help::{Page as HelpPage, Shelf};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::HelpEntryId;
use domain::help::Kind;
use serde::Deserialize;

use super::Line;
use crate::access::MaybeSignedIn;
use crate::network::NetworkAddress;
use crate::{Chrome, Faults, Page, REFUSED, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/help/questions/{slug}", get(question))
        .route("/help/guides/{slug}", get(guide))
        .route("/help/answers/{page}", post(answer))
}

#[derive(Template)]
#[template(path = "help/page.html")]
pub(super) struct Shown {
    chrome: Chrome,
    title: String,
    summary: String,
    html: String,
    crumbs: Vec<(String, String)>,
    changed: When,
    related: Vec<Line>,
    helpful: Helpful,
    /// Of a problem.
    problem: Option<super::problems::About>,
}

/// The question below a page.
pub(super) struct Helpful {
    pub page: String,
    pub is_thanked: bool,
    pub remark: String,
    pub faults: Faults,
}

impl Helpful {
    pub fn of(page: &HelpPage, done: &str) -> Self {
        Self {
            page: page.entry.id.to_string(),
            is_thanked: done == "thanks",
            remark: String::new(),
            faults: Faults::none(),
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Place {
    pub done: String,
}

pub(super) fn shown(app: &App, chrome: Chrome, shelf: &Shelf, page: &HelpPage, helpful: Helpful) -> Page<Shown> {
    let entry = &page.entry;
    let mut crumbs = vec![("/help".to_owned(), "Help".to_owned())];
    match (entry.category, entry.kind) {
        (Some(category), _) => {
            crumbs.push((format!("/help/categories/{}", category.code()), category.label().to_owned()));
        }
        (None, Kind::Problem) => crumbs.push(("/help/problems".to_owned(), "Problem codes".to_owned())),
        (None, _) => {}
    }
    Page(Shown {
        title: entry.content.title.clone(),
        summary: entry.content.summary.clone(),
        html: page.html.clone(),
        crumbs,
        changed: When::of(app, entry.changed_at),
        related: shelf.related(page).into_iter().map(Line::of).collect(),
        helpful,
        problem: super::problems::About::of(entry),
        chrome,
    })
}

async fn question(
    state: State<App>,
    chrome: Chrome,
    Path(slug): Path<String>,
    Query(place): Query<Place>,
) -> Result<Page<impl Template>> {
    of_kind(&state, chrome, Kind::Question, &slug, &place).await
}

async fn guide(
    state: State<App>,
    chrome: Chrome,
    Path(slug): Path<String>,
    Query(place): Query<Place>,
) -> Result<Page<impl Template>> {
    of_kind(&state, chrome, Kind::Guide, &slug, &place).await
}

pub(super) async fn of_kind(app: &App, chrome: Chrome, kind: Kind, slug: &str, place: &Place) -> Result<Page<Shown>> {
    let shelf = app.help.shelf(app).await?;
    let page = shelf.find(kind, slug).ok_or(app::Error::NotFound)?;
    Ok(shown(app, chrome, &shelf, page, Helpful::of(page, &place.done)))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Answer {
    helpful: String,
    remark: String,
}

async fn answer(
    State(app): State<App>,
    MaybeSignedIn(session): MaybeSignedIn,
    NetworkAddress(address): NetworkAddress,
    chrome: Chrome,
    Path(id): Path<HelpEntryId>,
    Form(given): Form<Answer>,
) -> Result<Response> {
    let shelf = app.help.shelf(&app).await?;
    let page = shelf.pages().iter().find(|page| page.entry.id == id).ok_or(app::Error::NotFound)?;
    let is_helpful = match given.helpful.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(app::Error::NotFound.into()),
    };
    let by = (session.as_ref().map(|session| &session.actor), address.as_str());
    match app::help::vote(&app, by, id, is_helpful, &given.remark).await {
        Ok(()) => Ok(Redirect::to(&format!("{}?done=thanks#helpful", page.path())).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let helpful = Helpful { remark: given.remark, faults, ..Helpful::of(page, "") };
            Ok((REFUSED, shown(&app, chrome, &shelf, page, helpful)).into_response())
        }
    }
}
