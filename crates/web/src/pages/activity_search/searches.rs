//! `/activities/searches`: searches that a physician keeps, and letters about what is new in them.

use app::App;
use app::activity_search::{Facet, Search};
use app::saved_searches;
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::check::us_date;
use domain::reference::Reference;
use serde::Deserialize;
use store::saved_searches::{Alert, SavedSearch};
use uuid::Uuid;

use super::{Done, with_notice};
use crate::access::PhysicianVisitor;
use crate::{Chrome, Faults, Page, REFUSED, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/activities/searches", get(list).post(keep))
        .route("/activities/searches/new", get(new))
        .route("/activities/searches/{id}", post(change))
        .route("/activities/searches/{id}/remove", post(remove))
}

struct Kept {
    id: Uuid,
    name: String,
    alert: &'static str,
    /// What it asks for, in words.
    about: String,
    href: String,
    /// When a letter, or a look for something new, was last.
    told: When,
    is_told: bool,
}

impl Kept {
    fn of(app: &App, saved: SavedSearch) -> Self {
        let search = Search::read(&saved.query);
        Self {
            id: saved.id,
            about: about(&search, &app.reference.get()),
            href: super::facets::address(&search),
            told: When::of(app, saved.told_at),
            is_told: saved.alert != Alert::Off && saved.told_at > saved.created_at,
            name: saved.name,
            alert: saved.alert.code(),
        }
    }
}

/// What a search asks for, in words.
fn about(search: &Search, reference: &Reference) -> String {
    let mut parts = Vec::new();
    if !search.words.is_empty() {
        parts.push(format!("\u{201c}{}\u{201d}", search.words));
    }
    for (facet, values) in &search.chosen {
        let names = values.iter().map(|value| match facet {
            Facet::Provider => format!("provider {value}"),
            facet => facet.name_of(value, reference),
        });
        parts.push(names.collect::<Vec<_>>().join(" or "));
    }
    parts.extend(search.from.map(|day| format!("on or after {}", us_date(day))));
    parts.extend(search.to.map(|day| format!("on or before {}", us_date(day))));
    parts.extend(search.least.map(|amount| format!("at least {amount} credits")));
    parts.extend(search.most.map(|amount| format!("at most {amount} credits")));
    if search.fits {
        parts.push("fits what your licenses miss".to_owned());
    }
    if parts.is_empty() { "All activities".to_owned() } else { parts.join("; ") }
}

fn alerts() -> Vec<(&'static str, &'static str)> {
    Alert::ALL.into_iter().map(|alert| (alert.code(), alert.label())).collect()
}

#[derive(Template)]
#[template(path = "activity_search/searches.html")]
struct SearchesPage {
    chrome: Chrome,
    searches: Vec<Kept>,
    alerts: Vec<(&'static str, &'static str)>,
    /// Faults of the search with this ID, as it was typed.
    faults: Faults,
    refused: String,
}

#[derive(Template)]
#[template(path = "activity_search/new_search.html")]
struct NewSearch {
    chrome: Chrome,
    query: String,
    about: String,
    called: String,
    alert: String,
    alerts: Vec<(&'static str, &'static str)>,
    faults: Faults,
}

async fn page(app: &App, visitor: &PhysicianVisitor, chrome: Chrome) -> Result<SearchesPage> {
    let searches = saved_searches::list(app, &visitor.session.actor).await?;
    let searches = searches.into_iter().map(|saved| Kept::of(app, saved)).collect();
    Ok(SearchesPage { chrome, searches, alerts: alerts(), faults: Faults::none(), refused: String::new() })
}

async fn list(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Query(done): Query<Done>,
) -> Result<Page<impl Template>> {
    Ok(Page(page(&app, &visitor, with_notice(chrome, &done.done)).await?))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Typed {
    name: String,
    alert: String,
    /// What is asked for, as it stands in addresses.
    query: String,
}

fn form(app: &App, chrome: Chrome, typed: Typed, faults: Faults) -> NewSearch {
    let search = Search::read(&typed.query).on_page(1);
    NewSearch {
        chrome,
        query: search.query(),
        about: about(&search, &app.reference.get()),
        called: typed.name,
        alert: if typed.alert.is_empty() { "weekly".to_owned() } else { typed.alert },
        alerts: alerts(),
        faults,
    }
}

async fn new(
    State(app): State<App>,
    _visitor: PhysicianVisitor,
    chrome: Chrome,
    Query(mut typed): Query<Typed>,
) -> Page<impl Template> {
    if typed.name.is_empty() {
        typed.name = Search::read(&typed.query).words;
    }
    Page(form(&app, chrome, typed, Faults::none()))
}

async fn keep(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let search = Search::read(&typed.query);
    let alert = Alert::read(&typed.alert).unwrap_or(Alert::Off);
    match saved_searches::keep(&app, &visitor.session.actor, &typed.name, &search, alert).await {
        Ok(_) => Ok(Redirect::to("/activities/searches?done=kept").into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, Page(form(&app, chrome, typed, faults))).into_response())
        }
    }
}

async fn change(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let id = search_id(&id)?;
    let alert = Alert::read(&typed.alert).unwrap_or(Alert::Off);
    match saved_searches::change(&app, &visitor.session.actor, id, &typed.name, alert).await {
        Ok(()) => Ok(Redirect::to("/activities/searches?done=changed").into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let mut page = page(&app, &visitor, chrome).await?;
            for search in page.searches.iter_mut().filter(|search| search.id == id) {
                (search.name, search.alert) = (typed.name.clone(), alert.code());
            }
            Ok((REFUSED, Page(SearchesPage { faults, refused: id.to_string(), ..page })).into_response())
        }
    }
}

async fn remove(State(app): State<App>, visitor: PhysicianVisitor, Path(id): Path<String>) -> Result<Redirect> {
    saved_searches::remove(&app, &visitor.session.actor, search_id(&id)?).await?;
    Ok(Redirect::to("/activities/searches?done=dropped"))
}

/// An address with something else than an ID leads nowhere.
fn search_id(text: &str) -> Result<Uuid> {
    text.parse().map_err(|_| app::Error::NotFound.into())
}
