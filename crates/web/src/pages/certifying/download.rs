//! The board's credit of one status as a file, with the filters of the page.

use app::App;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use domain::check::us_date;
use formats::FileFormat;
use formats::tables::{Figure, Table, write_csv, write_workbook};
use serde::Deserialize;
use store::moc::{MOST_COUNTED, MocCredit};

use super::Place;
use crate::access::CertifyingBoardVisitor;
use crate::download::bytes;
use crate::{Error, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/certifying/download", get(download))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    /// `csv` or `xlsx`.
    r#as: String,
    #[serde(flatten)]
    place: Place,
}

async fn download(
    State(app): State<App>,
    visitor: CertifyingBoardVisitor,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let status = asked.place.status();
    let search = asked.place.search(&app).await?;
    let mut tx = app.store.read().await?;
    let credits = store::moc::search(&mut tx, &visitor.scope, status, &search, MOST_COUNTED, 0).await?;
    drop(tx);
    let board = visitor.scope.board();
    let name = format!("{board} {} {}", status.code(), app.clock.today());
    let table = table(&app, status.label(), credits);
    let failed = |error: formats::result::WriteError| Error::App(app::Error::Internal(error.to_string()));
    match asked.r#as.as_str() {
        "xlsx" => {
            let about = [("Board".to_owned(), visitor.session.organization.clone())];
            let file = write_workbook(&about, &[table]).map_err(failed)?;
            Ok(bytes(&format!("{name}.xlsx"), FileFormat::Xlsx.content_type(), file))
        }
        "csv" => Ok(bytes(&format!("{name}.csv"), "text/csv; charset=utf-8", write_csv(&table).map_err(failed)?)),
        _ => Err(Error::App(app::Error::NotFound)),
    }
}

fn table(app: &App, title: &str, credits: Vec<MocCredit>) -> Table {
    let columns = [
        "Credit ID",
        "First name",
        "Last name",
        "Diplomate ID",
        "Activity ID",
        "Activity",
        "Provider ID",
        "Provider",
        "Points",
        "Credit types",
        "Completed",
        "Reported",
        "Status",
        "Reason",
    ];
    let row = |credit: MocCredit| {
        let types = credit.types.iter().map(|(name, amount)| format!("{amount} {name}")).collect::<Vec<_>>();
        let reported = app.clock.day_of(credit.reported_at).map(us_date).unwrap_or_default();
        vec![
            Figure::Text(credit.id.to_string()),
            Figure::Text(credit.first),
            Figure::Text(credit.last),
            Figure::Text(credit.diplomate_id),
            Figure::Text(credit.activity.to_string()),
            Figure::Text(credit.title),
            Figure::Text(credit.provider.to_string()),
            Figure::Text(credit.provider_name),
            Figure::Credits(credit.points),
            Figure::Text(types.join("; ")),
            Figure::Text(us_date(credit.completed_on)),
            Figure::Text(reported),
            Figure::Text(credit.status.label().to_owned()),
            Figure::Text(credit.reason),
        ]
    };
    let definition = match credits.len() as i64 {
        MOST_COUNTED => {
            "The first 10,000 credits of the list. Programs read all of them at /api/pars/v1/moc/completions."
        }
        _ => "Every credit of the list, as it stood when the file was made.",
    };
    Table {
        key: "credits",
        title: title.to_owned(),
        definition: definition.to_owned(),
        columns: columns.map(str::to_owned).into(),
        rows: credits.into_iter().map(row).collect(),
        total: None,
    }
}
