//! The list of all pages, those first that did not help, on request.

use std::cmp::Reverse;

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use domain::HelpEntryId;
use domain::help::{Category, Kind, Status};
use serde::Deserialize;
use store::help::{Entry, Votes};

use super::{categories, shape};
use crate::access::StaffVisitor;
use crate::addresses::encoded;
use crate::{Chrome, Page, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/help", get(list)).route("/admin/help/{id}/move", post(move_within))
}

/// What the list is narrowed to and ordered by, as its address has it.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    q: String,
    kind: String,
    status: String,
    category: String,
    sort: String,
    page: String,
    done: String,
}

const PER_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "admin/help/list.html")]
struct List {
    chrome: Chrome,
    asked: Asked,
    kinds: Vec<(&'static str, &'static str)>,
    new_kinds: Vec<(&'static str, &'static str)>,
    statuses: Vec<(&'static str, &'static str)>,
    categories: Vec<(&'static str, String)>,
    sorts: [(&'static str, &'static str); 3],
    found: usize,
    rows: Vec<Row>,
    /// The rows stand in the order of their category, so they can be moved.
    is_ordered: bool,
    page: u64,
    pages: u64,
    pager: String,
}

struct Row {
    id: String,
    title: String,
    kind: &'static str,
    category: &'static str,
    shape: &'static str,
    status: &'static str,
    votes: Votes,
    changed: When,
    by: String,
}

fn offered<T: Copy>(
    first: &'static str,
    all: &[T],
    named: impl Fn(T) -> (&'static str, &'static str),
) -> Vec<(&'static str, &'static str)> {
    std::iter::once(("", first)).chain(all.iter().map(|one| named(*one))).collect()
}

impl Asked {
    fn fits(&self, entry: &Entry) -> bool {
        let words = self.q.to_lowercase();
        let content = &entry.content;
        let text = || format!("{} {} {} {}", entry.slug, content.title, content.summary, content.body).to_lowercase();
        Kind::read(&self.kind).is_none_or(|kind| entry.kind == kind)
            && Status::read(&self.status).is_none_or(|status| entry.status == status)
            && Category::read(&self.category).is_none_or(|category| entry.category == Some(category))
            && (words.trim().is_empty() || {
                let text = text();
                words.split_whitespace().all(|word| text.contains(word))
            })
    }
}

async fn list(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    let mut tx = app.store.read().await?;
    let votes = store::help::all_votes(&mut tx, &visitor.scope).await?;
    let mut entries = store::help::list(&mut tx, &visitor.scope).await?;
    drop(tx);
    entries.retain(|entry| asked.fits(entry));
    let votes_of = |entry: &Entry| votes.get(&entry.id).copied().unwrap_or_default();
    match asked.sort.as_str() {
        "unhelpful" => entries.sort_by_key(|entry| {
            let votes = votes_of(entry);
            (Reverse(votes.no), votes.yes)
        }),
        "changed" => entries.sort_by_key(|entry| Reverse(entry.changed_at)),
        _ => {
            let order = |category: Option<Category>| Category::ALL.iter().position(|one| Some(*one) == category);
            entries.sort_by_key(|entry| (entry.kind, order(entry.category), entry.place));
        }
    }
    let found = entries.len();
    let pages = found.div_ceil(PER_PAGE).max(1);
    let page = asked.page.parse::<usize>().unwrap_or(1).clamp(1, pages);
    let rows = entries.iter().skip((page - 1) * PER_PAGE).take(PER_PAGE).map(|entry| Row {
        id: entry.id.to_string(),
        title: entry.content.title.clone(),
        kind: entry.kind.label(),
        category: entry.category.map_or("", Category::label),
        shape: shape(entry.status),
        status: entry.status.label(),
        votes: votes_of(entry),
        changed: When::of(&app, entry.changed_at),
        by: if entry.changed_by.is_empty() { "Came with a release".to_owned() } else { entry.changed_by.clone() },
    });
    let chrome = match asked.done.as_str() {
        "moved" => chrome.with_notice("success", "The page stands in another place now", ""),
        _ => chrome,
    };
    Ok(Page(List {
        chrome,
        rows: rows.collect(),
        kinds: offered("Any kind", Kind::ALL, |kind| (kind.code(), kind.label())),
        new_kinds: [Kind::Question, Kind::Guide, Kind::Webinar, Kind::Release]
            .map(|kind| (kind.code(), kind.label()))
            .to_vec(),
        statuses: offered("Any status", Status::ALL, |status| (status.code(), status.label())),
        categories: std::iter::once(("", "Any part".to_owned())).chain(categories()).collect(),
        sorts: [("", "As readers see them"), ("unhelpful", "Not helpful first"), ("changed", "Last changed first")],
        found,
        is_ordered: asked.sort.is_empty() && !asked.category.is_empty() && !asked.kind.is_empty(),
        page: page as u64,
        pages: pages as u64,
        pager: format!(
            "/admin/help?q={}&kind={}&status={}&category={}&sort={}&page=",
            encoded(&asked.q),
            encoded(&asked.kind),
            encoded(&asked.status),
            encoded(&asked.category),
            encoded(&asked.sort),
        ),
        asked,
    }))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Move {
    way: String,
    category: String,
    kind: String,
}

async fn move_within(
    State(app): State<App>,
    visitor: StaffVisitor,
    Path(id): Path<HelpEntryId>,
    Form(given): Form<Move>,
) -> Result<Redirect> {
    app::help::move_within(&app, &visitor.session.actor, &visitor.scope, id, given.way == "up").await?;
    let (kind, category) = (encoded(&given.kind), encoded(&given.category));
    Ok(Redirect::to(&format!("/admin/help?kind={kind}&category={category}&done=moved")))
}
