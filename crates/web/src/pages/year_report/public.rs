//! `/report` and `/report/{year}`: what the accreditor published of a year, for everybody.

use app::App;
use app::data_report::{self, License, Shown};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::admin::stats;
use super::section::{Section, sections};
use super::{Wanted, file, year};
use crate::{Chrome, Page, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/report", get(newest))
        .route("/report/{year}", get(show))
        .route("/report/{year}/download", get(download))
}

#[derive(Template)]
#[template(path = "year_report/public.html")]
struct PublicReport {
    chrome: Chrome,
    year: i16,
    years: Vec<Tab>,
    foreword: Vec<String>,
    sentences: Vec<String>,
    stats: Vec<(String, &'static str, &'static str)>,
    sections: Vec<Section>,
    counted: When,
    published: When,
    license: &'static str,
    license_address: &'static str,
}

#[derive(Template)]
#[template(path = "year_report/none.html")]
struct NoReport {
    chrome: Chrome,
}

struct Tab {
    year: i16,
    is_current: bool,
}

async fn newest(State(app): State<App>, chrome: Chrome) -> Result<Response> {
    match data_report::published_years(&app).await?.first() {
        Some(year) => Ok(Redirect::to(&format!("/report/{year}")).into_response()),
        None => Ok(Page(NoReport { chrome }).into_response()),
    }
}

async fn show(State(app): State<App>, chrome: Chrome, Path(wanted): Path<String>) -> Result<Page<impl Template>> {
    let year = year(&wanted).ok_or(app::Error::NotFound)?;
    let (snapshot, trend) = data_report::published(&app, year).await?;
    let years = data_report::published_years(&app).await?;
    let tables = data_report::all_tables(&app, &snapshot, &trend, Shown::ToEverybody);
    let before = trend.iter().find(|(one, _)| *one == year - 1).map(|(_, line)| line);
    let report = &snapshot.report;
    Ok(Page(PublicReport {
        chrome,
        year,
        years: years.iter().map(|one| Tab { year: *one, is_current: *one == year }).collect(),
        foreword: report
            .foreword
            .split("\n\n")
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .collect(),
        sentences: data_report::sentences(&snapshot, before),
        stats: stats(&snapshot.figures.total),
        sections: sections(&tables, &format!("/report/{year}/download?as=csv&table=")),
        counted: When::of(&app, report.counted_at.unwrap_or_default()),
        published: When::of(&app, report.published_at.unwrap_or_default()),
        license: License::NAME,
        license_address: License::ADDRESS,
    }))
}

async fn download(
    State(app): State<App>,
    Path(wanted_year): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let year = year(&wanted_year).ok_or(app::Error::NotFound)?;
    let (snapshot, trend) = data_report::published(&app, year).await?;
    let tables = data_report::all_tables(&app, &snapshot, &trend, Shown::ToEverybody);
    file(year, &wanted, &tables, || data_report::workbook(&app, &snapshot, &tables, Shown::ToEverybody))
}
