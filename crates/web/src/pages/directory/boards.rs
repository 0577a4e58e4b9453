//! `/boards`: which licensing and certifying boards take part, and how, for everybody.

use app::App;
use app::organizations::directory::{self, Board};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use domain::Organization;
use domain::check::us_date;
use domain::organization::Participation;
use formats::tables::{Figure, Table, write_csv};

use crate::{Chrome, Page, Result, download};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/boards", get(list)).route("/boards.csv", get(csv))
}

#[derive(Template)]
#[template(path = "directory/boards.html")]
struct List {
    chrome: Chrome,
    licensing: Vec<Row>,
    certifying: Vec<Row>,
}

/// A board as a line, for everybody and for the accreditor.
pub(in crate::pages) struct Row {
    /// `licensing/CA`, as in the accreditor's addresses.
    pub path: String,
    pub label: String,
    pub name: String,
    pub level: (&'static str, &'static str),
    pub since: String,
    pub planned: String,
    pub website: String,
    pub contact: (String, String, String),
    /// Of licensing boards whose rules are on record: where they stand.
    pub requirements: String,
}

/// Shape and words of how a board takes part.
pub(in crate::pages) fn level(level: Option<Participation>) -> (&'static str, &'static str) {
    match level {
        Some(Participation::NotTakingPart) => ("withdrawn", Participation::NotTakingPart.label()),
        Some(level) => ("good", level.label()),
        None => ("draft", "Not said yet"),
    }
}

impl Row {
    pub fn of(app: &App, board: &Board) -> Self {
        let requirements = match board.organization {
            Organization::LicensingBoard(state) if app.reference.get().requirement(state).is_some() => {
                format!("/requirements/{state}")
            }
            _ => String::new(),
        };
        let kind =
            if matches!(board.organization, Organization::LicensingBoard(_)) { "licensing" } else { "certifying" };
        let planned = board.planned.as_ref();
        Self {
            path: format!("{kind}/{}", board.organization.key()),
            label: board.label.clone(),
            name: board.name.clone(),
            level: level(board.level()),
            since: board.today.as_ref().map(|part| us_date(part.starts_on)).unwrap_or_default(),
            planned: planned.map(|part| format!("{} from {}", part.level, us_date(part.starts_on))).unwrap_or_default(),
            website: board.profile.website.clone(),
            contact: (
                board.profile.contact_name.clone(),
                board.profile.contact_email.clone(),
                board.profile.contact_phone.clone(),
            ),
            requirements,
        }
    }
}

/// Licensing and certifying boards as lines.
pub(in crate::pages) async fn rows(app: &App) -> Result<(Vec<Row>, Vec<Row>)> {
    let (licensing, certifying) = directory::boards(app).await?;
    let rows = |boards: Vec<Board>| boards.iter().map(|board| Row::of(app, board)).collect();
    Ok((rows(licensing), rows(certifying)))
}

async fn list(State(app): State<App>, chrome: Chrome) -> Result<Page<impl Template>> {
    let (licensing, certifying) = rows(&app).await?;
    Ok(Page(List { chrome, licensing, certifying }))
}

async fn csv(State(app): State<App>) -> Result<Response> {
    let (licensing, certifying) = rows(&app).await?;
    let columns = ["Kind", "Code", "Board", "Takes part", "Since", "Planned", "Website", "Contact", "E-mail", "Phone"];
    let row = |kind: &str, row: &Row| {
        let (name, email, phone) = row.contact.clone();
        let code = row.path.split('/').nth(1).unwrap_or_default();
        [kind, code, &row.name, row.level.1, &row.since, &row.planned, &row.website, &name, &email, &phone]
            .map(|text| Figure::Text(text.to_owned()))
            .into()
    };
    let licensing = licensing.iter().map(|one| row("Licensing board", one));
    let table = Table {
        key: "boards",
        title: "Boards".to_owned(),
        definition: String::new(),
        columns: columns.map(str::to_owned).into(),
        rows: licensing.chain(certifying.iter().map(|one| row("Certifying board", one))).collect(),
        total: None,
    };
    let bytes = write_csv(&table).map_err(|error| app::Error::Internal(error.to_string()))?;
    Ok(download::bytes("boards.csv", "text/csv; charset=utf-8", bytes))
}
