//! The list of activities as a file: what the page's filter shows, all pages of it.

use app::App;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use store::activities::Listed;

use super::asked::Asked;
use crate::Result;
use crate::access::Viewer;

/// Activities of one file: more than any provider has.
const MOST: i64 = 100_000;

const COLUMNS: [&str; 15] = [
    "ACCME Activity ID",
    "Internal ID",
    "Title",
    "Status",
    "Format",
    "Start Date",
    "End Date",
    "Delivery",
    "City",
    "State",
    "Country",
    "AMA PRA Category 1 Credits",
    "MOC Boards",
    "REMS",
    "Completions",
];

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/activities/download", get(download))
}

async fn download(
    State(app): State<App>,
    Viewer { scope, .. }: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let today = app.clock.today();
    let mut tx = app.store.read().await?;
    let listed = store::activities::list(&mut tx, &scope, &asked.filter(), today, asked.sort(), MOST, 0).await?;
    let mut file = line(COLUMNS.map(str::to_owned));
    for Listed { stored, completions } in listed {
        let activity = stored.activity;
        let list = |words: Vec<String>| words.join("; ");
        file += &line([
            activity.id.to_string(),
            activity.internal_id.clone(),
            activity.title.clone(),
            activity.status(today).label().to_owned(),
            activity.format.label().to_owned(),
            activity.starts_on.to_string(),
            activity.ends_on.to_string(),
            list(activity.deliveries.iter().map(ToString::to_string).collect()),
            activity.city.clone(),
            activity.state.clone(),
            activity.country.clone(),
            activity.credit.map(|credit| credit.fixed()).unwrap_or_default(),
            list(activity.moc.iter().map(|moc| moc.board.to_string()).collect()),
            if activity.is_rems() { "Yes" } else { "No" }.to_owned(),
            completions.to_string(),
        ]);
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"activities.csv\""),
    ];
    Ok((headers, file).into_response())
}

/// One line of RFC 4180, every cell in quotes, none of which a spreadsheet would run.
fn line<const N: usize>(cells: [String; N]) -> String {
    let cells = cells.map(|cell| {
        let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
        format!("\"{guard}{}\"", cell.replace('"', "\"\""))
    });
    cells.join(",") + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn cells_are_quoted_and_formulas_disarmed() {
        let cells = ["a \"b\", c".to_owned(), "=1+1".to_owned(), "-2".to_owned(), String::new()];
        assert_eq!(line(cells), "\"a \"\"b\"\", c\",\"'=1+1\",\"'-2\",\"\"\r\n");
    }
}
