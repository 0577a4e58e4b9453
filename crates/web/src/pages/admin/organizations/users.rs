//! `/admin/users`: every account, found by name or address.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use serde::Deserialize;
use store::account_lists::{self, Listed, MOST_COUNTED, Search, Show};
use store::seats::Held;

use crate::access::StaffVisitor;
use crate::addresses::encoded;
use crate::chrome::persona_label;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/users", get(list))
}

const PER_PAGE: i64 = 25;

const KINDS: &[(&str, &str)] = &[
    ("", "Any"),
    ("provider", "Providers"),
    ("licensing_board", "Licensing boards"),
    ("certifying_board", "Certifying boards"),
    ("physician", "Physicians"),
    ("accreditor", "Accreditor"),
];

const SHOWS: &[(&str, &str, Show)] = &[
    ("", "All", Show::All),
    ("disabled", "Disabled", Show::Disabled),
    ("no_factor", "Without a second factor", Show::WithoutSecondFactor),
    ("never", "Never signed in", Show::NeverSignedIn),
];

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    q: String,
    kind: String,
    show: String,
    page: String,
}

#[derive(Template)]
#[template(path = "admin/organizations/users.html")]
struct List {
    chrome: Chrome,
    asked: Asked,
    kinds: &'static [(&'static str, &'static str)],
    shows: Vec<(&'static str, &'static str)>,
    rows: Vec<Row>,
    found: String,
    page: u64,
    pages: u64,
    pager: String,
}

/// An account as a line.
pub(super) struct Row {
    pub id: String,
    pub name: String,
    pub email: String,
    pub seats: Vec<String>,
    pub has_second_factor: bool,
    pub signed_in: Option<When>,
    pub made: When,
    pub status: (&'static str, &'static str),
}

/// A seat in words: `Provider owner, Lakemont University`.
pub(super) fn seat_words(held: &Held) -> String {
    match held.organization.is_empty() {
        true => persona_label(held.seat).to_owned(),
        false => format!("{}, {}", persona_label(held.seat), held.organization),
    }
}

impl Row {
    pub fn of(app: &App, account: Listed, seats: &[Held]) -> Self {
        Self {
            id: account.id.to_string(),
            name: account.name,
            email: account.email,
            seats: seats.iter().map(seat_words).collect(),
            has_second_factor: account.has_second_factor,
            signed_in: account.signed_in_at.map(|at| When::of(app, at)),
            made: When::of(app, account.created_at),
            status: if account.disabled_at.is_some() { ("withdrawn", "Disabled") } else { ("good", "Active") },
        }
    }
}

async fn list(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    let show = SHOWS.iter().find(|(code, ..)| *code == asked.show).map(|(.., show)| *show).unwrap_or_default();
    let kind = KINDS.iter().find(|(code, _)| *code == asked.kind).map_or("", |(code, _)| code).to_owned();
    let search = Search { words: asked.q.chars().take(200).collect(), kind, show };
    let mut tx = app.store.read().await?;
    let count = account_lists::count(&mut tx, &visitor.scope, &search).await?;
    let pages = count.saturating_add(PER_PAGE - 1).div_euclid(PER_PAGE).max(1);
    let page = asked.page.parse().unwrap_or(1).clamp(1, pages);
    let mut rows = Vec::new();
    for account in account_lists::list(&mut tx, &visitor.scope, &search, (page - 1) * PER_PAGE, PER_PAGE).await? {
        let seats = store::seats::list(&mut tx, account.id).await?;
        rows.push(Row::of(&app, account, &seats));
    }
    let query = format!("q={}&kind={}&show={}&", encoded(&search.words), search.kind, encoded(&asked.show));
    Ok(Page(List {
        chrome,
        kinds: KINDS,
        shows: SHOWS.iter().map(|(code, words, _)| (*code, *words)).collect(),
        rows,
        found: format!("{}{}", grouped(count), if count >= MOST_COUNTED { "+" } else { "" }),
        page: u64::try_from(page).unwrap_or(1),
        pages: u64::try_from(pages).unwrap_or(1),
        pager: format!("/admin/users?{query}page="),
        asked,
    }))
}
