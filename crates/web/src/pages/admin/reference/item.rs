//! `/admin/reference/lists/{list}/item`: one item with its days, what is planned for it and its history.
//! Its group and code stand in the query, since codes hold any letters.

use std::collections::BTreeMap;

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use domain::check::us_date;
use domain::reference::{Item, ItemKey, List, Rules};
use jiff::civil::Date;
use serde::Deserialize;

use super::history::{self, Step};
use super::planned::{self, PlanRow};
use super::{Day, list_of, words};
use crate::access::StaffVisitor;
use crate::addresses::encoded;
use crate::{Chrome, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/reference/lists/{list}/item", get(item))
}

/// Where an item's page is, or a form about it.
pub(super) fn address(key: &ItemKey, form: &str) -> String {
    let (group, code) = (encoded(&key.group), encoded(&key.code));
    format!("/admin/reference/lists/{}/item{form}?group={group}&code={code}", key.list.code())
}

/// Where an item stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    InForce,
    Planned,
    Over,
}

impl Standing {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Planned => "planned",
            Self::Over => "over",
        }
    }
}

/// An item with all its stretches.
pub(super) struct Listed {
    pub(super) key: ItemKey,
    /// Today's name, else the next one or the last.
    pub(super) name: String,
    pub(super) first: Option<Date>,
    pub(super) last: Option<Date>,
    pub(super) state: Standing,
    /// By first day.
    pub(super) stretches: Vec<Item>,
}

/// The items of a list, each once, by group and name.
pub(super) fn entries(rules: &Rules, list: List, today: Date) -> Vec<Listed> {
    let mut by_key: BTreeMap<ItemKey, Vec<Item>> = BTreeMap::new();
    for item in rules.items.iter().filter(|item| item.list == list) {
        by_key.entry(item.key()).or_default().push(item.clone());
    }
    let mut all: Vec<Listed> = by_key.into_iter().filter_map(|(key, items)| listed(key, items, today)).collect();
    let order = |entry: &Listed| (entry.key.group.to_lowercase(), entry.name.to_lowercase());
    all.sort_by_cached_key(order);
    all
}

fn listed(key: ItemKey, mut stretches: Vec<Item>, today: Date) -> Option<Listed> {
    stretches.sort_by_key(|item| item.valid_from);
    let now = stretches.iter().find(|item| item.in_force(today));
    let next = stretches.iter().find(|item| item.valid_from.is_some_and(|from| from > today));
    let shown = now.or(next).or(stretches.last())?;
    let state = match (now, next) {
        (Some(_), _) => Standing::InForce,
        (None, Some(_)) => Standing::Planned,
        (None, None) => Standing::Over,
    };
    let first = stretches.first().and_then(|item| item.valid_from);
    let last = stretches.last().and_then(|item| item.valid_until);
    Some(Listed { key, name: shown.name.clone(), first, last, state, stretches })
}

/// What comes, in a few words; empty if nothing does.
pub(super) fn note(entry: &Listed, today: Date) -> String {
    let coming = entry.stretches.iter().find(|item| item.valid_from.is_some_and(|from| from > today));
    match (coming, entry.state) {
        (Some(coming), Standing::InForce) if coming.name != entry.name => {
            format!("“{}” from {}", coming.name, coming.valid_from.map(us_date).unwrap_or_default())
        }
        (Some(coming), _) => format!("From {}", coming.valid_from.map(us_date).unwrap_or_default()),
        (None, Standing::InForce) => entry.last.map(|last| format!("Until {}", us_date(last))).unwrap_or_default(),
        (None, _) => String::new(),
    }
}

/// Group and code of the address.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Named {
    group: String,
    code: String,
    done: String,
}

#[derive(Template)]
#[template(path = "admin/reference/item.html")]
struct ItemPage {
    chrome: Chrome,
    list: &'static str,
    list_label: &'static str,
    name: String,
    code: String,
    group_label: &'static str,
    group: String,
    kind: &'static str,
    state: &'static str,
    stretches: Vec<(String, Day, Day)>,
    is_in_force: bool,
    has_end: bool,
    /// Nothing else can be planned before this is done or taken back.
    planned: Vec<PlanRow>,
    rename: String,
    end: String,
    bring_back: String,
    history: Vec<Step>,
}

async fn item(
    State(app): State<App>,
    _: StaffVisitor,
    chrome: Chrome,
    Path(list): Path<String>,
    Query(named): Query<Named>,
) -> Result<Page<impl Template>> {
    let list = list_of(&list)?;
    app.reference.refresh(&app.store).await?;
    let reference = app.reference.get();
    let (rules, today) = (reference.rules(), reference.today());
    let key = ItemKey { list, group: named.group, code: named.code };
    let history = store::reference::history(&mut app.store.read().await?, list.code(), &key.group, &key.code).await?;
    if history.is_empty() {
        return Err(app::Error::NotFound.into());
    }
    let entry = entries(rules, list, today).into_iter().find(|entry| entry.key == key);
    let (kind, state) = match entry.as_ref().map(|entry| entry.state) {
        Some(Standing::InForce) => ("good", "In force"),
        Some(Standing::Planned) => ("waiting", "Planned"),
        Some(Standing::Over) => ("withdrawn", "Over"),
        None => ("withdrawn", "Taken back"),
    };
    let own = address(&key, "");
    let chrome = match named.done.as_str() {
        "" => chrome,
        _ => chrome.with_notice("success", "Saved", "The change is in the history below."),
    };
    let is_in_force = entry.as_ref().is_some_and(|entry| entry.state == Standing::InForce);
    Ok(Page(ItemPage {
        chrome,
        list: list.code(),
        list_label: list.label(),
        name: entry.as_ref().map_or_else(|| key.code.clone(), |entry| entry.name.clone()),
        group_label: words::group_label(list).unwrap_or_default(),
        group: key.group.clone(),
        kind,
        state,
        is_in_force,
        has_end: entry.as_ref().is_some_and(|entry| entry.last.is_some()),
        stretches: entry
            .iter()
            .flat_map(|entry| &entry.stretches)
            .map(|item| (item.name.clone(), Day::of(item.valid_from), Day::of(item.valid_until)))
            .collect(),
        planned: planned::rows(rules, today).into_iter().filter(|row| row.href == own).collect(),
        rename: address(&key, "/rename"),
        end: address(&key, "/end"),
        bring_back: address(&key, "/bring-back"),
        code: key.code,
        history: history::steps(&app, history),
    }))
}
