//! One audit: how far it is, its sample, the draw to verify, its report, and its end.

use app::App;
use app::license_audits::{self, reports};
use app::licensee_lists::assessing::Rules;
use app::licensee_lists::checks::cycle_words;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::LicenseAuditId;
use domain::license_audit::Decision;
use formats::tables::Figure;
use serde::Deserialize;
use store::license_audits::LicenseAudit;
use store::license_audits::cases::{Case, Progress};

use super::decision_words;
use crate::access::LicensingBoardVisitor;
use crate::pages::board::evidence;
use crate::pages::board::figures::Shown;
use crate::pages::uploads::grouped;
use crate::{Chrome, Faults, Page, REFUSED, Result, When, download};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/board/audits/{audit}", get(show))
        .route("/board/audits/{audit}/draw.csv", get(draw))
        .route("/board/audits/{audit}/report", get(report))
        .route("/board/audits/{audit}/report.xlsx", get(workbook))
        .route("/board/audits/{audit}/close", post(close))
}

#[derive(Template)]
#[template(path = "board/audits/show.html")]
struct ShowAudit {
    chrome: Chrome,
    faults: Faults,
    head: Head,
    sample: String,
    decided: String,
    awaited: String,
    overdue: String,
    is_assessed: bool,
    assessed: String,
    /// Code, label, count, whether it is shown.
    tabs: Vec<(&'static str, &'static str, usize, bool)>,
    all: usize,
    is_filtered: bool,
    rows: Vec<Row>,
    draw: &'static str,
}

/// What stands on top of every page of an audit.
struct Head {
    id: String,
    name: String,
    list: String,
    list_name: String,
    cycle: String,
    requirement: String,
    is_example: bool,
    seed: String,
    population: String,
    digest: String,
    started: When,
    by: String,
    closed: Option<(When, String)>,
}

impl Head {
    fn of(app: &App, audit: &LicenseAudit) -> Result<Self> {
        Ok(Self {
            id: audit.id.to_string(),
            name: audit.name.clone(),
            list: audit.list.to_string(),
            list_name: audit.list_name.clone(),
            cycle: cycle_words(audit.as_of, audit.which),
            requirement: audit.requirement_words.clone(),
            is_example: Rules::read(&audit.requirement)?.is_example(),
            seed: audit.seed.clone(),
            population: grouped(audit.population),
            digest: audit.population_digest.clone(),
            started: When::of(app, audit.made_at),
            by: audit.made_by_name.clone(),
            closed: audit.closed_at.map(|at| (When::of(app, at), audit.closed_by_name.clone())),
        })
    }
}

struct Row {
    id: String,
    place: i64,
    name: String,
    license: String,
    standing: (&'static str, &'static str),
    counted: String,
    missing: String,
    decision: (&'static str, &'static str),
    due: Option<(String, String, bool)>,
}

#[derive(Deserialize, Default)]
struct Asked {
    show: Option<String>,
}

/// Which cases a tab shows.
const TABS: [(&str, &str); 6] = [
    ("open", "Not decided"),
    ("overdue", "Overdue"),
    ("compliant", "Compliant"),
    ("deficient", "Deficient"),
    ("exempt", "Exempt"),
    ("needs_information", "Needs information"),
];

async fn show(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Path(audit): Path<LicenseAuditId>,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    Ok(Page(page(&app, &visitor, chrome, audit, &asked, Faults::none()).await?))
}

async fn page(
    app: &App,
    visitor: &LicensingBoardVisitor,
    chrome: Chrome,
    audit: LicenseAuditId,
    asked: &Asked,
    faults: Faults,
) -> Result<ShowAudit> {
    let (audit, progress): (LicenseAudit, Progress) = license_audits::find(app, &visitor.scope, audit).await?;
    let cases = store::license_audits::cases::of_audit(&mut app.store.read().await?, &visitor.scope, audit.id).await?;
    let today = app.clock.today();
    let is_overdue = |case: &Case| case.resolved_at.is_none() && case.due_on.is_some_and(|due| due < today);
    let fits = |code: &str, case: &Case| match code {
        "open" => case.decision.is_none(),
        "overdue" => is_overdue(case),
        code => case.decision.is_some() && case.decision == Decision::read(code),
    };
    let chosen = asked.show.as_deref().filter(|code| TABS.iter().any(|(one, _)| one == code));
    let count = |code: &str| cases.iter().filter(|case| fits(code, case)).count();
    let row = |case: &Case| Row {
        id: case.id.to_string(),
        place: case.place,
        name: case.name.clone(),
        license: case.license_number.clone(),
        standing: case
            .found
            .as_ref()
            .map_or(("waiting", "Not compared yet"), |found| evidence::standing(found.standing)),
        counted: case.found.as_ref().map(|found| found.counted.fixed()).unwrap_or_default(),
        missing: case.found.as_ref().map(|found| found.missing.fixed()).unwrap_or_default(),
        decision: decision_words(case),
        due: case.due_on.map(|due| (domain::check::us_date(due), due.to_string(), is_overdue(case))),
    };
    Ok(ShowAudit {
        chrome,
        faults,
        head: Head::of(app, &audit)?,
        sample: grouped(audit.sample_size),
        decided: grouped(progress.decided),
        awaited: grouped(progress.awaited),
        overdue: grouped(progress.overdue),
        is_assessed: progress.assessed == progress.cases,
        assessed: format!("{} of {}", grouped(progress.assessed), grouped(progress.cases)),
        tabs: TABS
            .iter()
            .map(|(code, label)| (*code, *label, count(code), chosen == Some(*code)))
            .filter(|(.., count, is_shown)| *count > 0 || *is_shown)
            .collect(),
        all: cases.len(),
        is_filtered: chosen.is_some(),
        rows: cases.iter().filter(|case| chosen.is_none_or(|code| fits(code, case))).map(row).collect(),
        draw: reports::DRAW_WORDS,
    })
}

async fn close(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Path(audit): Path<LicenseAuditId>,
) -> Result<Response> {
    let session = &visitor.session;
    match license_audits::close(&app, &session.actor, &session.name, &visitor.scope, audit).await {
        Ok(()) => Ok(Redirect::to(&format!("/board/audits/{audit}/report")).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let page = page(&app, &visitor, chrome, audit, &Asked::default(), faults).await?;
            Ok((REFUSED, Page(page)).into_response())
        }
    }
}

async fn draw(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    Path(audit): Path<LicenseAuditId>,
) -> Result<Response> {
    let (_, table) = reports::draw(&app, &visitor.scope, audit).await?;
    let written = tokio::task::spawn_blocking(move || app::licensee_lists::tables::written(table, &[], "csv")).await;
    let bytes = written.map_err(|error| app::Error::Internal(error.to_string()))??;
    Ok(download::bytes("draw.csv", "text/csv; charset=utf-8", bytes))
}

#[derive(Template)]
#[template(path = "board/audits/report.html")]
struct ShowReport {
    chrome: Chrome,
    head: Head,
    compliance: String,
    median_days: String,
    letters: String,
    resolved: String,
    tables: Vec<Shown>,
}

async fn report(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Path(audit): Path<LicenseAuditId>,
) -> Result<Page<impl Template>> {
    let report = reports::report(&app, &visitor.scope, audit).await?;
    let shown = |table: &formats::tables::Table| match table.key {
        "summary" | "licensees" => Shown::of(table),
        _ => Shown::with_bars(table),
    };
    Ok(Page(ShowReport {
        chrome,
        head: Head::of(&app, &report.audit)?,
        compliance: report.compliance.map_or(Figure::None, Figure::Percent).shown(),
        median_days: report.median_days.map_or(Figure::None, Figure::Count).shown(),
        letters: grouped(report.letters + report.reminders),
        resolved: grouped(report.resolved),
        tables: report.tables.iter().filter(|table| table.key != "licensees").map(shown).collect(),
    }))
}

async fn workbook(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    Path(audit): Path<LicenseAuditId>,
) -> Result<Response> {
    let report = reports::report(&app, &visitor.scope, audit).await?;
    let bytes = reports::workbook(&app, &visitor.session.organization, &report)?;
    Ok(download::bytes("audit.xlsx", formats::FileFormat::Xlsx.content_type(), bytes))
}
