//! One list: what became of its rows, its checks, and the form that asks for another.

use app::App;
use app::licensee_lists::{checks, tables};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::LicenseeListId;
use domain::licensee_list::{RowOutcome, WhichCycle};
use serde::Deserialize;
use store::licensee_lists::{LicenseeList, ListRow};

use super::{PAGE, page_of, pages, rules_of};
use crate::access::LicensingBoardVisitor;
use crate::pages::uploads::grouped;
use crate::{Chrome, Faults, Page, REFUSED, Result, When, download};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/board/lists/{list}", get(show))
        .route("/board/lists/{list}/rows.xlsx", get(rows_xlsx))
        .route("/board/lists/{list}/rows.csv", get(rows_csv))
        .route("/board/lists/{list}/checks", post(ask))
}

/// Checks of the list that the page names.
const CHECKS: i64 = 20;

#[derive(Template)]
#[template(path = "board/lists/show.html")]
struct ShowList {
    chrome: Chrome,
    faults: Faults,
    id: String,
    name: String,
    made: When,
    by: String,
    given: String,
    licensees: String,
    has_licensees: bool,
    /// Outcomes that there are: code, label, count, whether it is shown.
    outcomes: Vec<(&'static str, &'static str, String, bool)>,
    is_filtered: bool,
    rows: Vec<Row>,
    page: u64,
    pages: u64,
    href: String,
    checks: Vec<CheckRow>,
    requirement: String,
    is_example: bool,
    as_of: String,
    which: String,
    cycles: Vec<(&'static str, &'static str)>,
}

struct Row {
    number: i64,
    given: String,
    given_name: String,
    kind: &'static str,
    word: &'static str,
    why: &'static str,
    licensee: String,
    name: String,
    license: String,
}

struct CheckRow {
    id: String,
    asked: When,
    by: String,
    words: String,
    requirement: String,
    is_done: bool,
    settled: String,
}

#[derive(Deserialize, Default)]
struct Asked {
    outcome: Option<String>,
    page: Option<u64>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct CheckForm {
    as_of: String,
    which: String,
}

async fn show(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Path(list): Path<LicenseeListId>,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    let form = CheckForm { as_of: app.clock.today().to_string(), which: WhichCycle::Current.code().to_owned() };
    Ok(Page(page(&app, &visitor, chrome, list, asked, form, Faults::none()).await?))
}

async fn page(
    app: &App,
    visitor: &LicensingBoardVisitor,
    chrome: Chrome,
    list: LicenseeListId,
    asked: Asked,
    form: CheckForm,
    faults: Faults,
) -> Result<ShowList> {
    let scope = &visitor.scope;
    let found: LicenseeList = app::licensee_lists::find(app, scope, list).await?;
    let outcome = asked.outcome.as_deref().and_then(RowOutcome::read);
    let mut tx = app.store.read().await?;
    let outcomes = store::licensee_lists::outcomes(&mut tx, scope, list).await?;
    let fitting = outcomes.iter().filter(|(one, _)| outcome.is_none_or(|wanted| wanted == *one));
    let count: i64 = fitting.map(|(_, count)| count).sum();
    let (page, before) = page_of(asked.page, count);
    let rows = store::licensee_lists::rows_at(&mut tx, scope, list, outcome, PAGE, before).await?;
    let checks = store::licensee_lists::checks::of_list(&mut tx, scope, list, CHECKS).await?;
    let rules = rules_of(app, scope);
    let part = outcome.map(|one| format!("outcome={}&", one.code())).unwrap_or_default();
    Ok(ShowList {
        chrome,
        faults,
        id: list.to_string(),
        name: found.name,
        made: When::of(app, found.made_at),
        by: found.made_by_name,
        given: grouped(found.rows_given),
        licensees: grouped(found.licensees),
        has_licensees: found.licensees > 0,
        outcomes: outcomes
            .iter()
            .map(|(one, count)| (one.code(), one.label(), grouped(*count), outcome == Some(*one)))
            .collect(),
        is_filtered: outcome.is_some(),
        rows: rows.into_iter().map(row).collect(),
        page,
        pages: pages(count),
        href: format!("/board/lists/{list}?{part}page="),
        checks: checks.into_iter().map(|check| check_row(app, check)).collect(),
        requirement: rules.words(app.clock.today()),
        is_example: rules.is_example(),
        as_of: form.as_of,
        which: form.which,
        cycles: WhichCycle::ALL.iter().map(|which| (which.code(), which.label())).collect(),
    })
}

fn row(row: ListRow) -> Row {
    let kind = match row.outcome {
        RowOutcome::Matched => "good",
        RowOutcome::Repeated => "closed",
        RowOutcome::Several => "caution",
        RowOutcome::NotFound | RowOutcome::AnotherName | RowOutcome::Unreadable => "bad",
    };
    let name = [row.given_last, row.given_first].into_iter().filter(|part| !part.is_empty());
    Row {
        number: row.number,
        given: row.given_number,
        given_name: name.collect::<Vec<_>>().join(", "),
        kind,
        word: row.outcome.label(),
        why: if row.outcome == RowOutcome::Matched { "" } else { row.outcome.reason() },
        licensee: row.physician.map(|id| id.to_string()).unwrap_or_default(),
        name: row.name,
        license: row.license_number,
    }
}

fn check_row(app: &App, check: store::licensee_lists::checks::Check) -> CheckRow {
    CheckRow {
        id: check.id.to_string(),
        asked: When::of(app, check.asked_at),
        by: check.asked_by_name,
        words: checks::cycle_words(check.as_of, check.which),
        requirement: check.requirement_words,
        is_done: check.finished_at.is_some(),
        settled: format!("{} of {}", grouped(check.settled), grouped(check.total)),
    }
}

async fn rows_xlsx(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    Path(list): Path<LicenseeListId>,
) -> Result<Response> {
    rows_file(&app, &visitor, list, "xlsx").await
}

async fn rows_csv(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    Path(list): Path<LicenseeListId>,
) -> Result<Response> {
    rows_file(&app, &visitor, list, "csv").await
}

async fn rows_file(
    app: &App,
    visitor: &LicensingBoardVisitor,
    list: LicenseeListId,
    format: &'static str,
) -> Result<Response> {
    let table = tables::of_list(app, &visitor.scope, list).await?;
    file("list", table, Vec::new(), format).await
}

/// A table as a download, written beside the other requests.
pub(super) async fn file(
    name: &str,
    table: formats::tables::Table,
    about: Vec<(String, String)>,
    format: &'static str,
) -> Result<Response> {
    let written = tokio::task::spawn_blocking(move || tables::written(table, &about, format)).await;
    let bytes = written.map_err(|error| app::Error::Internal(error.to_string()))??;
    let kind = match format {
        "xlsx" => formats::FileFormat::Xlsx.content_type(),
        _ => "text/csv; charset=utf-8",
    };
    Ok(download::bytes(&format!("{name}.{format}"), kind, bytes))
}

async fn ask(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Path(list): Path<LicenseeListId>,
    Form(form): Form<CheckForm>,
) -> Result<Response> {
    let session = &visitor.session;
    let asked = match day(&form.as_of, "as_of") {
        Ok(day) => {
            let which = WhichCycle::read(&form.which).unwrap_or(WhichCycle::Current);
            checks::ask(&app, &session.actor, &session.name, &visitor.scope, list, day, which).await
        }
        Err(error) => Err(error),
    };
    match asked {
        Ok(check) => Ok(Redirect::to(&format!("/board/lists/checks/{check}")).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let page = page(&app, &visitor, chrome, list, Asked::default(), form, faults).await?;
            Ok((REFUSED, Page(page)).into_response())
        }
    }
}

/// A day as browsers send it, or as people write it.
pub(in crate::pages::board) fn day(text: &str, field: &'static str) -> app::Result<jiff::civil::Date> {
    formats::read_date(text.trim()).ok_or_else(|| app::Error::invalid(field, "Enter a day as MM/DD/YYYY."))
}
