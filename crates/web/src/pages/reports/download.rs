//! A report as files: all tables in a workbook, or one as comma-separated text.

use app::App;
use app::provider_reports::{self, Period};
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use formats::FileFormat;

use super::Asked;
use crate::access::Viewer;
use crate::download::bytes;
use crate::{Error, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/reports/download", get(download))
}

async fn download(
    State(app): State<App>,
    Viewer { session, scope }: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let period = asked.period(app.clock.today());
    let report = provider_reports::report(&app, &scope, period).await?;
    match asked.r#as.as_str() {
        "xlsx" => {
            let file = provider_reports::workbook(&app, &scope, &session.organization, &report).await?;
            Ok(bytes(&format!("{}.xlsx", name(period)), FileFormat::Xlsx.content_type(), file))
        }
        "csv" => {
            let file = provider_reports::csv(&report, &asked.table)?;
            Ok(bytes(&format!("{} {}.csv", name(period), asked.table), "text/csv; charset=utf-8", file))
        }
        _ => Err(Error::App(app::Error::NotFound)),
    }
}

fn name(period: Period) -> String {
    match provider_reports::whole_year(period) {
        Some(year) => format!("Report {year}"),
        None => format!("Report {} to {}", period.from, period.until),
    }
}
