//! All imports, newest first: who sent what, when, and what became of it.

use app::App;
use app::rosters::imports::{Filter, RegistryImport, State};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State as Of};
use axum::routing::get;
use serde::Deserialize;
use store::registry_imports;

use super::{kind_words, sender_words, state_words};
use crate::access::RosterSender;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result, When};

const PER_PAGE: i64 = 25;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/imports", get(list))
        .route("/board/roster", get(list))
        .route("/certifying/roster", get(list))
}

#[derive(Template)]
#[template(path = "rosters/list.html")]
struct Imports {
    chrome: Chrome,
    base: &'static str,
    is_staff: bool,
    rows: Vec<Row>,
    total: String,
    kinds: Vec<(&'static str, &'static str)>,
    states: Vec<(&'static str, &'static str)>,
    filter: Filter,
    is_filtered: bool,
    place: u64,
    pages: u64,
    /// Ends with `page=`.
    pager: String,
}

impl Imports {
    fn address_to_send(&self) -> String {
        format!("{}/new", self.base)
    }
}

struct Row {
    id: String,
    name: String,
    kind: &'static str,
    by: String,
    status: (&'static str, &'static str),
    received: When,
    rows: String,
    new: String,
    changed: String,
    same: String,
    review: String,
    refused: String,
    is_done: bool,
}

/// The list as its address says it. Nonsense counts as not given.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Place {
    kind: String,
    state: String,
    page: String,
}

async fn list(
    Of(app): Of<App>,
    visitor: RosterSender,
    chrome: Chrome,
    Query(place): Query<Place>,
) -> Result<Page<impl Template>> {
    let kinds = app::rosters::imports::kinds(&visitor.sender);
    let filter = Filter {
        kind: kinds.iter().find(|kind| kind.code() == place.kind).map_or("", |kind| kind.code()).to_owned(),
        state: State::read(&place.state).map_or("", State::code).to_owned(),
    };
    let mut tx = app.store.read().await?;
    let total = registry_imports::count(&mut tx, &visitor.sender, &filter).await?;
    let pages = (total + PER_PAGE - 1).max(1) / PER_PAGE;
    let page = place.page.parse().unwrap_or(1).clamp(1, pages.max(1));
    let list = registry_imports::list(&mut tx, &visitor.sender, &filter, (page - 1) * PER_PAGE, PER_PAGE).await?;
    let all_kinds = kinds.iter().map(|kind| (kind.code(), kind_words(kind.code())));
    let mut states = vec![("", "Any")];
    states.extend([
        ("compared", "Waits to be let in"),
        ("comparing", "Being compared"),
        ("importing", "Being imported"),
        ("done", "Done"),
        ("stopped", "Not let in"),
        ("refused", "File refused"),
    ]);
    Ok(Page(Imports {
        base: visitor.base,
        is_staff: visitor.base == "/admin/imports",
        rows: list.into_iter().map(|import| row(&app, import)).collect(),
        total: grouped(total),
        kinds: std::iter::once(("", "Any")).chain(all_kinds).collect(),
        states,
        is_filtered: !filter.kind.is_empty() || !filter.state.is_empty(),
        pager: format!("{}?kind={}&state={}&page=", visitor.base, filter.kind, filter.state),
        filter,
        place: page.unsigned_abs(),
        pages: pages.unsigned_abs(),
        chrome,
    }))
}

fn row(app: &App, import: RegistryImport) -> Row {
    let counts = import.counts;
    Row {
        id: import.id.to_string(),
        kind: kind_words(&import.kind),
        by: sender_words(&import),
        status: state_words(&import),
        received: When::of(app, import.received_at),
        rows: grouped(counts.rows),
        new: grouped(counts.added_new + counts.attached),
        changed: grouped(counts.updated),
        same: grouped(counts.unchanged()),
        review: grouped(counts.review),
        refused: grouped(counts.refused),
        is_done: import.state == State::Done,
        name: import.file_name,
    }
}
