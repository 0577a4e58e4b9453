//! `/admin/reference/boards`: certifying boards, and for each its rules in force beside those that are
//! planned and those that were.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use domain::Board;
use domain::reference::{Dated, Reference};
use jiff::civil::Date;
use serde::Deserialize;

use super::Day;
use super::differences;
use super::history::{self, Step};
use super::planned::{self, PlanRow};
use crate::access::StaffVisitor;
use crate::{Chrome, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/reference/boards", get(list)).route("/admin/reference/boards/{board}", get(board))
}

/// A board of an address.
pub(super) fn read(board: &str) -> Result<Board> {
    Ok(Board::read(board).ok_or(app::Error::NotFound)?)
}

#[derive(Template)]
#[template(path = "admin/reference/boards.html")]
struct Boards {
    chrome: Chrome,
    rows: Vec<Row>,
    planned: Vec<PlanRow>,
}

struct Row {
    code: Board,
    label: String,
    name: String,
    kind: &'static str,
    state: &'static str,
    types: usize,
    areas: usize,
    rules: Vec<&'static str>,
    note: String,
}

async fn list(State(app): State<App>, _: StaffVisitor, chrome: Chrome) -> Result<Page<impl Template>> {
    app.reference.refresh(&app.store).await?;
    let reference = app.reference.get();
    let rows = reference.rules().boards.chunk_by(|a, b| a.value.code == b.value.code);
    let planned = planned::rows(reference.rules(), reference.today());
    Ok(Page(Boards {
        chrome,
        rows: rows.filter_map(|versions| row(&reference, versions)).collect(),
        planned: planned.into_iter().filter(|row| row.href.starts_with("/admin/reference/boards/")).collect(),
    }))
}

fn row(reference: &Reference, versions: &[Dated<domain::reference::BoardRules>]) -> Option<Row> {
    let today = reference.today();
    let code = versions.first()?.value.code;
    let shown = reference.board(code)?;
    let is_in_force = reference.board_on(code, today).is_some();
    let coming = versions.iter().find(|version| version.from > today);
    let (kind, state) = match (is_in_force, coming.is_some()) {
        (true, _) => ("good", "Takes part"),
        (false, true) => ("waiting", "Planned"),
        (false, false) => ("withdrawn", "No longer takes part"),
    };
    let mut rules = Vec::new();
    let told = [
        (shown.points_equal_credit, "points equal the CME credits"),
        (shown.once_per_date, "one completion per diplomate, activity and date"),
        (shown.type_apart.is_some(), "two records where only a part is of one credit type"),
        (shown.diplomate_id_optional, "diplomate ID may be left out"),
        (shown.completed_from.is_some(), "a first completion date"),
        (shown.activity_starts_from.is_some(), "a first start of activities"),
    ];
    rules.extend(told.into_iter().filter(|(holds, _)| *holds).map(|(_, words)| words));
    Some(Row {
        code,
        label: shown.label.clone(),
        name: shown.name.clone(),
        kind,
        state,
        types: shown.credit_types.len(),
        areas: shown.practice_areas.len(),
        rules,
        note: coming.map(|coming| format!("New rules from {}", Day::of(coming.from).shown)).unwrap_or_default(),
    })
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Place {
    done: String,
}

#[derive(Template)]
#[template(path = "admin/reference/board.html")]
struct BoardPage {
    chrome: Chrome,
    code: Board,
    label: String,
    name: String,
    kind: &'static str,
    state: &'static str,
    /// The version in force and the planned ones.
    columns: Vec<Column>,
    lines: Vec<Line>,
    earlier: Vec<Day>,
    planned: Vec<PlanRow>,
    history: Vec<Step>,
}

struct Column {
    title: String,
    /// For an address: a date, or `ever`.
    version: String,
    is_planned: bool,
}

/// One rule in each of the versions.
struct Line {
    label: &'static str,
    cells: Vec<Cell>,
}

struct Cell {
    values: Vec<String>,
    /// It is not what the version before says.
    is_different: bool,
}

async fn board(
    State(app): State<App>,
    _: StaffVisitor,
    chrome: Chrome,
    Path(board): Path<String>,
    Query(place): Query<Place>,
) -> Result<Page<impl Template>> {
    let code = read(&board)?;
    app.reference.refresh(&app.store).await?;
    let reference = app.reference.get();
    let today = reference.today();
    let mut tx = app.store.read().await?;
    let history = store::reference::history(&mut tx, "boards", "", code.code()).await?;
    drop(tx);
    if history.is_empty() {
        return Err(app::Error::NotFound.into());
    }
    let all: Vec<&Dated<domain::reference::BoardRules>> =
        reference.rules().boards.iter().filter(|version| version.value.code == code).collect();
    let now = all.iter().rposition(|version| version.from <= today);
    let shown = all.get(now.unwrap_or_default()..).unwrap_or_default();
    let is_in_force = reference.board_on(code, today).is_some();
    let (kind, state) = match (is_in_force, shown.iter().any(|version| version.from > today)) {
        (true, _) => ("good", "Takes part"),
        (false, true) => ("waiting", "Planned"),
        (false, false) => ("withdrawn", "No longer takes part"),
    };
    let known = reference.board(code);
    let chrome = match place.done.as_str() {
        "" => chrome,
        _ => chrome.with_notice("success", "Saved", "The change is in the history below."),
    };
    Ok(Page(BoardPage {
        chrome,
        code,
        label: reference.board_label(code),
        name: known.map_or_else(|| code.to_string(), |known| known.name.clone()),
        kind,
        state,
        columns: shown.iter().map(|version| column(version, today)).collect(),
        lines: lines(shown),
        earlier: all.iter().take(now.unwrap_or_default()).map(|version| Day::of(began(version.from))).collect(),
        planned: planned::rows(reference.rules(), today)
            .into_iter()
            .filter(|row| row.href == format!("/admin/reference/boards/{code}"))
            .collect(),
        history: history::steps(&app, history),
    }))
}

/// The first day of a version; none if it holds since ever.
pub(super) fn began(from: Date) -> Option<Date> {
    (from > Date::MIN).then_some(from)
}

fn column(version: &Dated<domain::reference::BoardRules>, today: Date) -> Column {
    let from = began(version.from);
    let is_planned = version.from > today;
    Column {
        title: match from {
            Some(from) if is_planned => format!("From {}", Day::of(from).shown),
            Some(from) => format!("In force since {}", Day::of(from).shown),
            None => "In force".to_owned(),
        },
        version: from.map_or_else(|| "ever".to_owned(), |from| from.to_string()),
        is_planned,
    }
}

fn lines(versions: &[&Dated<domain::reference::BoardRules>]) -> Vec<Line> {
    let facts: Vec<_> = versions.iter().map(|version| differences::of_board(&version.value, version.until)).collect();
    let Some(first) = facts.first() else { return Vec::new() };
    let line = |(at, fact): (usize, &differences::Fact)| {
        let values: Vec<Vec<String>> =
            facts.iter().map(|facts| facts.get(at).map(|fact| fact.values.clone()).unwrap_or_default()).collect();
        let is_different = |place: usize| place > 0 && values.get(place) != values.get(place - 1);
        let cells = values.iter().enumerate();
        Line {
            label: fact.label,
            cells: cells
                .map(|(place, values)| Cell { values: values.clone(), is_different: is_different(place) })
                .collect(),
        }
    };
    first.iter().enumerate().map(line).collect()
}
