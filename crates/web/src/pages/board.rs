//! `/board`: a licensing board finds one of its licensees and reads the transcript at once.
//!
//! The search is a POST, so that names never stand in an address, a history or a log.

use app::App;
use app::{licensees, transcripts};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::PhysicianId;
use domain::check::us_date;
use serde::Deserialize;
use store::licensees::{Licensee, MOST_COUNTED, MOST_LISTED, Search};

use super::sheet::{self, FilterQuery, Sheet};
use super::uploads::grouped;
use crate::access::LicensingBoardVisitor;
use crate::{Chrome, Faults, Page, REFUSED, Result, download};

pub fn routes() -> Router<App> {
    Router::new().route("/board", get(form).post(search)).route("/board/licensees/{licensee}", get(transcript))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SearchForm {
    last: String,
    first: String,
    number: String,
    npi: String,
}

#[derive(Template)]
#[template(path = "board/search.html")]
struct SearchPage {
    chrome: Chrome,
    board: String,
    state: &'static str,
    given: SearchForm,
    faults: Faults,
    /// What was found, once something was looked for.
    found: Option<Found>,
}

struct Found {
    rows: Vec<Row>,
    /// How many there are, in words.
    count: String,
    is_cut: bool,
}

struct Row {
    id: String,
    name: String,
    licenses: Vec<License>,
}

struct License {
    number: String,
    status: String,
    status_kind: &'static str,
    /// US date, or empty where the roster does not say.
    expires: String,
    machine_expires: String,
}

fn page(
    visitor: &LicensingBoardVisitor,
    chrome: Chrome,
    given: SearchForm,
    faults: Faults,
    found: Option<Found>,
) -> Page<SearchPage> {
    let board = visitor.session.organization.clone();
    Page(SearchPage { chrome, board, state: visitor.scope.state().name(), given, faults, found })
}

async fn form(visitor: LicensingBoardVisitor, chrome: Chrome) -> Page<impl Template> {
    page(&visitor, chrome, SearchForm::default(), Faults::none(), None)
}

async fn search(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Form(given): Form<SearchForm>,
) -> Result<Response> {
    let search = Search {
        last: given.last.clone(),
        first: given.first.clone(),
        number: given.number.clone(),
        npi: given.npi.trim().to_owned(),
    };
    match licensees::search(&app, &visitor.session.actor, &visitor.scope, &search).await {
        Ok(found) => Ok(page(&visitor, chrome, given, Faults::none(), Some(listed(found))).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, page(&visitor, chrome, given, faults, None)).into_response())
        }
    }
}

fn listed(found: store::licensees::Found) -> Found {
    let count = match found.total {
        1 => "1 licensee".to_owned(),
        total if total >= MOST_COUNTED => format!("More than {} licensees", grouped(total)),
        total => format!("{} licensees", grouped(total)),
    };
    Found { is_cut: found.total > MOST_LISTED, count, rows: found.licensees.into_iter().map(row).collect() }
}

fn row(licensee: Licensee) -> Row {
    let licenses = licensee.licenses.into_iter().map(|held| License {
        status_kind: if held.status.eq_ignore_ascii_case("active") { "good" } else { "withdrawn" },
        status: if held.status.is_empty() { "Not stated".to_owned() } else { held.status },
        number: held.number,
        expires: held.expires_on.map(us_date).unwrap_or_default(),
        machine_expires: held.expires_on.map(|date| date.to_string()).unwrap_or_default(),
    });
    let name = match licensee.degree.is_empty() {
        true => licensee.name,
        false => format!("{}, {}", licensee.name, licensee.degree),
    };
    Row { id: licensee.id.to_string(), name, licenses: licenses.collect() }
}

#[derive(Template)]
#[template(path = "board/licensee.html")]
struct LicenseePage {
    chrome: Chrome,
    sheet: Sheet,
    given: FilterQuery,
    kinds: Vec<(String, String)>,
    query: String,
    path: String,
    board: String,
}

/// The page, or a download where the address ends in `.pdf` or `.json`.
async fn transcript(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Path(licensee): Path<String>,
    Query(given): Query<FilterQuery>,
) -> Result<Response> {
    let (id, form) = licensee.rsplit_once('.').unwrap_or((&licensee, ""));
    let physician: PhysicianId = id.parse().map_err(|_| app::Error::NotFound)?;
    if !matches!(form, "" | "pdf" | "json") {
        return Err(app::Error::NotFound.into());
    }
    let actor = &visitor.session.actor;
    let official = transcripts::of_licensee(&app, actor, &visitor.scope, physician, given.filter()).await?;
    let file = format!("transcript-{}.{form}", official.code);
    Ok(match form {
        "pdf" => download::bytes(&file, "application/pdf", transcripts::pdf(&app, &official).await?),
        "json" => download::bytes(&file, "application/json", transcripts::json(&app, &official)?.into_bytes()),
        _ => Page(LicenseePage {
            sheet: Sheet::of(&app, &official),
            kinds: sheet::kinds(&app, &official),
            query: given.as_query(),
            path: format!("/board/licensees/{physician}"),
            board: visitor.session.organization.clone(),
            chrome,
            given,
        })
        .into_response(),
    })
}
