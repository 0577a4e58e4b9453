//! `/admin/report`: the newest count of a year, a new one, and what everybody sees of it.

use app::App;
use app::data_report::{self, Shown, Snapshot};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::YearReportId;
use formats::tables::Figure;
use serde::Deserialize;

use super::section::{Section, sections};
use super::{Wanted, file, year};
use crate::access::StaffVisitor;
use crate::pages::uploads::grouped;
use crate::{Chrome, Faults, Page, REFUSED, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/report", get(show))
        .route("/admin/report/download", get(download))
        .route("/admin/report/count", post(count))
        .route("/admin/report/publish", post(publish))
        .route("/admin/report/take-back", post(take_back))
}

#[derive(Template)]
#[template(path = "year_report/admin.html")]
struct ReportPage {
    chrome: Chrome,
    year: i16,
    years: Vec<Tab>,
    /// Nothing, if the year was never counted.
    counted: Option<Counted>,
    sections: Vec<Section>,
    /// A count on its way: how far, in words.
    open: Option<String>,
    published: Option<Published>,
    /// Whether everybody sees this very count.
    is_published: bool,
    is_over: bool,
    foreword: String,
    faults: Faults,
}

struct Tab {
    year: i16,
    is_current: bool,
}

struct Counted {
    id: String,
    begun: When,
    ended: When,
    stats: Vec<(String, &'static str, &'static str)>,
}

struct Published {
    at: When,
    year: i16,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    year: String,
    done: String,
}

async fn show(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    let chrome = match asked.done.as_str() {
        "counting" => chrome.with_notice("info", "The year is being counted", "This page shows it once it is done."),
        "published" => chrome.with_notice("success", "The report is published", "Everybody sees it now."),
        "taken-back" => chrome.with_notice("success", "The report is taken back", "Nobody else sees it any more."),
        _ => chrome,
    };
    Ok(Page(page(&app, &visitor, chrome, year(&asked.year), Faults::none(), None).await?))
}

async fn page(
    app: &App,
    visitor: &StaffVisitor,
    chrome: Chrome,
    wanted: Option<i16>,
    faults: Faults,
    foreword: Option<String>,
) -> Result<ReportPage> {
    let this = app.clock.today().year();
    let years = data_report::years(app).await?;
    // the newest year that is over has the figures that people want
    let usual = if years.contains(&(this - 1)) { this - 1 } else { this };
    let year = wanted.filter(|year| years.contains(year)).unwrap_or(usual);
    let found = data_report::at_hand(app, &visitor.scope, year).await?;
    let is_published = match (&found.newest, &found.published) {
        (Some(newest), Some(published)) => newest.report.id == published.id,
        _ => false,
    };
    let open = found.open.map(|open| match open.providers {
        0 => "It waits for a worker.".to_owned(),
        all => format!("{} of {} providers are counted.", grouped(open.providers_done), grouped(all)),
    });
    Ok(ReportPage {
        chrome,
        year,
        years: years.iter().map(|one| Tab { year: *one, is_current: *one == year }).collect(),
        open,
        is_published,
        is_over: year < this,
        foreword: foreword
            .or_else(|| found.published.as_ref().map(|published| published.foreword.clone()))
            .unwrap_or_default(),
        published: found
            .published
            .and_then(|published| Some(Published { at: When::of(app, published.published_at?), year: published.year })),
        sections: found.newest.as_ref().map_or_else(Vec::new, |newest| {
            let tables = data_report::all_tables(app, newest, &found.trend, Shown::ToStaff);
            sections(&tables, &format!("/admin/report/download?as=csv&year={year}&table="))
        }),
        counted: found.newest.map(|newest| counted(app, &newest)),
        faults,
    })
}

fn counted(app: &App, snapshot: &Snapshot) -> Counted {
    let report = &snapshot.report;
    Counted {
        id: report.id.to_string(),
        begun: When::of(app, report.begun_at.unwrap_or(report.asked_at)),
        ended: When::of(app, report.counted_at.unwrap_or(report.asked_at)),
        stats: stats(&snapshot.figures.total),
    }
}

/// The figures on top of both pages: number, what it counts, a note.
pub(super) fn stats(line: &data_report::Line) -> Vec<(String, &'static str, &'static str)> {
    vec![
        (grouped(line.activities), "activities", "That end in the year, without drafts."),
        (Figure::Credits(line.offered).shown(), "credits offered", "AMA PRA Category 1 Credits of those activities."),
        (grouped(line.physicians), "physician interactions", "By providers’ totals."),
        (grouped(line.others), "other-learner interactions", "By providers’ totals."),
        (grouped(line.completions), "completions", "Reported by name: another count."),
        (grouped(line.providers), "providers", "With any of these."),
    ]
}

async fn download(State(app): State<App>, visitor: StaffVisitor, Query(wanted): Query<Wanted>) -> Result<Response> {
    let year = year(&wanted.year).ok_or(app::Error::NotFound)?;
    let found = data_report::at_hand(&app, &visitor.scope, year).await?;
    let snapshot = found.newest.ok_or(app::Error::NotFound)?;
    let tables = data_report::all_tables(&app, &snapshot, &found.trend, Shown::ToStaff);
    file(year, &wanted, &tables, || data_report::workbook(&app, &snapshot, &tables, Shown::ToStaff))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Given {
    year: String,
    report: String,
    foreword: String,
}

async fn count(State(app): State<App>, visitor: StaffVisitor, Form(given): Form<Given>) -> Result<Redirect> {
    let year = year(&given.year).ok_or(app::Error::NotFound)?;
    data_report::ask(&app, &visitor.session.actor, &visitor.scope, year).await?;
    Ok(Redirect::to(&format!("/admin/report?year={year}&done=counting")))
}

async fn publish(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Form(given): Form<Given>,
) -> Result<Response> {
    let id: YearReportId = given.report.parse().map_err(|_| app::Error::NotFound)?;
    match data_report::publish(&app, &visitor.session.actor, &visitor.scope, id, &given.foreword).await {
        Ok(year) => Ok(Redirect::to(&format!("/admin/report?year={year}&done=published")).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let page = page(&app, &visitor, chrome, year(&given.year), faults, Some(given.foreword)).await?;
            Ok((REFUSED, Page(page)).into_response())
        }
    }
}

async fn take_back(State(app): State<App>, visitor: StaffVisitor, Form(given): Form<Given>) -> Result<Redirect> {
    let year = year(&given.year).ok_or(app::Error::NotFound)?;
    data_report::take_back(&app, &visitor.session.actor, &visitor.scope, year).await?;
    Ok(Redirect::to(&format!("/admin/report?year={year}&done=taken-back")))
}
