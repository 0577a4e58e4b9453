//! `/admin/reference/settings`: deadlines, limits and thresholds with unit and meaning, and for each group
//! what it was, is and will be.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use domain::reference::{Reference, Settings};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::Day;
use super::board::began;
use super::history::{self, Step};
use super::planned::{self, PlanRow};
use super::setting_words::{self, GROUPS, Group};
use crate::access::StaffVisitor;
use crate::{Chrome, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/reference/settings", get(list))
        .route("/admin/reference/settings/{setting}", get(setting))
}

/// Settings by their names.
pub(super) fn fields(settings: &Settings) -> Map<String, Value> {
    match serde_json::to_value(settings) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

#[derive(Template)]
#[template(path = "admin/reference/settings.html")]
struct SettingsPage {
    chrome: Chrome,
    rows: Vec<Row>,
}

struct Row {
    code: &'static str,
    label: &'static str,
    meaning: &'static str,
    counted_by: &'static str,
    value: String,
    planned: Vec<(Day, String)>,
}

async fn list(State(app): State<App>, _: StaffVisitor, chrome: Chrome) -> Result<Page<impl Template>> {
    app.reference.refresh(&app.store).await?;
    let reference = app.reference.get();
    let now = fields(reference.settings());
    let rows = GROUPS.iter().map(|group| Row {
        code: group.code,
        label: group.label,
        meaning: group.meaning,
        counted_by: group.counted_by,
        value: group.value(&now),
        planned: versions(&reference, group)
            .into_iter()
            .filter(|one| one.is_planned)
            .map(|one| (one.from, one.value))
            .collect(),
    });
    Ok(Page(SettingsPage { chrome, rows: rows.collect() }))
}

pub(super) struct Version {
    pub(super) from: Day,
    pub(super) value: String,
    pub(super) is_planned: bool,
    pub(super) is_in_force: bool,
}

/// The values of a group one after the other, each from its first day.
pub(super) fn versions(reference: &Reference, group: &Group) -> Vec<Version> {
    let mut list: Vec<Version> = Vec::new();
    for version in &reference.rules().settings {
        let value = group.value(&fields(&version.value));
        if list.last().is_some_and(|last| last.value == value) {
            continue;
        }
        let is_planned = version.from > reference.today();
        if !is_planned {
            list.iter_mut().for_each(|earlier| earlier.is_in_force = false);
        }
        // the standard that a release sets for the same day is no version of its own
        let from = Day::of(began(version.from));
        list.retain(|earlier| earlier.from.machine != from.machine);
        list.push(Version { from, value, is_planned, is_in_force: !is_planned });
    }
    list
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Place {
    done: String,
}

#[derive(Template)]
#[template(path = "admin/reference/setting.html")]
struct SettingPage {
    chrome: Chrome,
    group: &'static Group,
    versions: Vec<Version>,
    planned: Vec<PlanRow>,
    history: Vec<Step>,
}

async fn setting(
    State(app): State<App>,
    _: StaffVisitor,
    chrome: Chrome,
    Path(code): Path<String>,
    Query(place): Query<Place>,
) -> Result<Page<impl Template>> {
    let group = setting_words::group(&code).ok_or(app::Error::NotFound)?;
    app.reference.refresh(&app.store).await?;
    let reference = app.reference.get();
    let chrome = match place.done.as_str() {
        "" => chrome,
        _ => chrome.with_notice("success", "Saved", "The change is in the history below."),
    };
    Ok(Page(SettingPage {
        chrome,
        group,
        versions: versions(&reference, group),
        planned: planned::rows(reference.rules(), reference.today())
            .into_iter()
            .filter(|row| row.href == format!("/admin/reference/settings/{}", group.code))
            .collect(),
        history: history::steps(&app, changes(&app, group).await?),
    }))
}

/// All that was ever put for the settings of a group.
async fn changes(app: &App, group: &Group) -> Result<Vec<store::reference::Change>> {
    let mut tx = app.store.read().await?;
    let mut all = Vec::new();
    for field in group.fields {
        all.extend(store::reference::history(&mut tx, "settings", "", field.name).await?);
    }
    Ok(all)
}
