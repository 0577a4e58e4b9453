//! `/admin/reference/lists/{list}`: a list as a table that can be searched.

use std::collections::HashMap;

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use domain::reference::{List, Reference};
use serde::Deserialize;
use store::reference::Touched;

use super::item::{self, Listed, Standing};
use super::{Day, list_of, words};
use crate::access::StaffVisitor;
use crate::addresses::encoded;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result, When};

const PAGE: usize = 100;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/reference/lists/{list}", get(list))
}

/// What the address says. Nonsense in it shows the whole list.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    state: String,
    page: String,
    done: String,
}

#[derive(Template)]
#[template(path = "admin/reference/list.html")]
struct ListPage {
    chrome: Chrome,
    code: &'static str,
    label: &'static str,
    meaning: &'static str,
    group_label: Option<&'static str>,
    has_codes: bool,
    q: String,
    state: String,
    states: [(&'static str, &'static str); 4],
    count: String,
    is_filtered: bool,
    rows: Vec<Row>,
    query: String,
    own: String,
    add: String,
    pager: String,
    place: u64,
    pages: u64,
}

pub(super) struct Row {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) code: String,
    pub(super) group: String,
    pub(super) first: Day,
    pub(super) last: Day,
    pub(super) kind: &'static str,
    pub(super) state: &'static str,
    /// What comes, where something is planned.
    pub(super) note: String,
    pub(super) changed_at: Option<When>,
    pub(super) changed_by: String,
}

async fn list(
    State(app): State<App>,
    _: StaffVisitor,
    chrome: Chrome,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    let list = list_of(&code)?;
    let rows = rows(&app, list, &asked).await?;
    let pages = rows.len().div_ceil(PAGE);
    let place = asked.page.parse().unwrap_or(1_usize).clamp(1, pages.max(1));
    let (query, own) = (query(&asked), format!("/admin/reference/lists/{}", list.code()));
    Ok(Page(ListPage {
        chrome: if asked.done.is_empty() { chrome } else { chrome.with_notice("success", "Saved", "") },
        code: list.code(),
        label: list.label(),
        meaning: words::meaning(list),
        group_label: words::group_label(list),
        has_codes: rows.iter().any(|row| row.code != row.name),
        states: [("", "Any"), ("in_force", "In force"), ("planned", "Planned"), ("over", "Over")],
        count: grouped(i64::try_from(rows.len()).unwrap_or(i64::MAX)),
        is_filtered: !asked.q.trim().is_empty() || !asked.state.is_empty(),
        rows: rows.into_iter().skip((place - 1) * PAGE).take(PAGE).collect(),
        q: asked.q,
        state: asked.state,
        pager: format!("{own}?{query}&page="),
        add: format!("{own}/add"),
        query,
        own,
        place: u64::try_from(place).unwrap_or(1),
        pages: u64::try_from(pages).unwrap_or_default(),
    }))
}

/// The words of the address that are a filter.
fn query(asked: &Asked) -> String {
    format!("q={}&state={}", encoded(asked.q.trim()), encoded(&asked.state))
}

/// The list as the address asks for it, by group and name.
pub(super) async fn rows(app: &App, list: List, asked: &Asked) -> Result<Vec<Row>> {
    app.reference.refresh(&app.store).await?;
    let reference = app.reference.get();
    let touched = store::reference::touched(&mut app.store.read().await?, list.code()).await?;
    let touched: HashMap<(String, String), Touched> =
        touched.into_iter().map(|one| ((one.item_group.clone(), one.code.clone()), one)).collect();
    let wanted = asked.q.trim().to_lowercase();
    let has = |entry: &Listed| {
        let texts = [&entry.name, &entry.key.code, &entry.key.group];
        texts.iter().any(|text| text.to_lowercase().contains(&wanted))
    };
    let is_wanted = |entry: &Listed| asked.state.is_empty() || entry.state.code() == asked.state;
    let entries = item::entries(reference.rules(), list, reference.today());
    let kept = entries.into_iter().filter(|entry| has(entry) && is_wanted(entry));
    Ok(kept.map(|entry| row(app, &reference, entry, &touched)).collect())
}

fn row(app: &App, reference: &Reference, entry: Listed, touched: &HashMap<(String, String), Touched>) -> Row {
    let own = touched.get(&(entry.key.group.clone(), entry.key.code.clone()));
    let by_people = own.filter(|own| own.changed_by_name.is_some());
    let (kind, state) = match entry.state {
        Standing::InForce => ("good", "In force"),
        Standing::Planned => ("waiting", "Planned"),
        Standing::Over => ("withdrawn", "Over"),
    };
    Row {
        href: item::address(&entry.key, ""),
        note: item::note(&entry, reference.today()),
        name: entry.name,
        code: entry.key.code,
        group: entry.key.group,
        first: Day::of(entry.first),
        last: Day::of(entry.last),
        kind,
        state,
        changed_at: by_people.map(|own| When::of(app, own.changed_at)),
        changed_by: by_people.and_then(|own| own.changed_by_name.clone()).unwrap_or_default(),
    }
}
