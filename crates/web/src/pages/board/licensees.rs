//! `/board`: a licensing board finds one of its licensees and reads the transcript at once.
//!
//! The search is a POST, so that names never stand in an address, a history or a log.

use std::sync::Arc;

use app::App;
use app::{credentials, licensees, transcripts};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::check::us_date;
use domain::transcript::Filter;
use domain::{CompletionId, PhysicianId};
use serde::Deserialize;
use store::licensees::{Licensee, MOST_COUNTED, MOST_LISTED, Search};

use crate::access::LicensingBoardVisitor;
use crate::pages::sheet::{self, Choice, FileForm, FilterQuery};
use crate::pages::uploads::grouped;
use crate::{Chrome, Faults, Page, REFUSED, Result, download};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/board", get(form).post(search))
        .route("/board/licensees/{licensee}", get(transcript))
        .route("/board/licensees/{licensee}/completions/{completion}", get(completion))
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
    /// Nothing where the choice was refused.
    sheet: Option<Arc<str>>,
    /// As the transcript names them.
    licensee: String,
    choice: Choice,
    path: String,
    credential: String,
    board: String,
}

/// The page, or a download where the address ends in `.pdf`, `.json`, `.csv`, `.xlsx` or `.jwt`.
async fn transcript(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Path(licensee): Path<String>,
    Query(given): Query<FilterQuery>,
) -> Result<Response> {
    let (physician, ending) = split(&licensee)?;
    let (actor, scope) = (&visitor.session.actor, &visitor.scope);
    let page = |choice, licensee, sheet| {
        let path = format!("/board/licensees/{physician}");
        let board = visitor.session.organization.clone();
        Page(LicenseePage { chrome, sheet, licensee, choice, credential: format!("{path}.jwt"), path, board })
    };
    let filter = match given.filter() {
        Ok(filter) => filter,
        Err(error) if ending.is_empty() => {
            let choice = Choice::refused(given, Faults::from_error(error)?);
            return Ok((REFUSED, page(choice, String::new(), None)).into_response());
        }
        Err(error) => return Err(error.into()),
    };
    if ending == "jwt" {
        let issued = credentials::of_licensee(&app, actor, scope, physician, filter).await?;
        return Ok(download::credential("transcript", &issued));
    }
    let form = FileForm::read(ending);
    if form.is_none() && !ending.is_empty() {
        return Err(app::Error::NotFound.into());
    }
    let official = transcripts::of_licensee(&app, actor, scope, physician, filter).await?;
    match form {
        Some(form) => sheet::file(&app, &official, form).await,
        None => {
            let below = format!("/board/licensees/{physician}/completions");
            let sheet = sheet::html(&app, &official, &below)?;
            let licensee = official.transcript.holder.name.clone();
            Ok(page(Choice::of(&app, given, &official), licensee, Some(sheet)).into_response())
        }
    }
}

/// An id with the ending of a file, if any.
fn split<T: std::str::FromStr>(address: &str) -> Result<(T, &str)> {
    let (id, ending) = address.rsplit_once('.').unwrap_or((address, ""));
    Ok((id.parse().map_err(|_| app::Error::NotFound)?, ending))
}

#[derive(Template)]
#[template(path = "board/completion.html")]
struct CompletionPage {
    chrome: Chrome,
    row: sheet::Row,
    activity: String,
    physician: String,
    licensee: String,
    path: String,
    board: String,
}

/// One completion of a licensee; its certificate with `.pdf`, its digital credential with `.jwt`.
async fn completion(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Path((licensee, completion)): Path<(String, String)>,
) -> Result<Response> {
    let licensee: PhysicianId = licensee.parse().map_err(|_| app::Error::NotFound)?;
    let (id, ending) = split::<CompletionId>(&completion)?;
    let (actor, scope) = (&visitor.session.actor, &visitor.scope);
    if ending == "jwt" {
        let filter = Filter { completion: Some(id), ..Filter::default() };
        let issued = credentials::of_licensee(&app, actor, scope, licensee, filter).await?;
        return Ok(download::credential("completion", &issued));
    }
    if !matches!(ending, "" | "pdf") {
        return Err(app::Error::NotFound.into());
    }
    let official = transcripts::completion_of_licensee(&app, actor, scope, licensee, id).await?;
    if ending == "pdf" {
        let pdf = transcripts::certificate(&app, &official).await?;
        return Ok(download::bytes(&format!("certificate-{}.pdf", official.code), "application/pdf", pdf));
    }
    let completion = official.transcript.completions.first().ok_or(app::Error::NotFound)?;
    Ok(Page(CompletionPage {
        row: sheet::row(completion, &app.reference.get()),
        activity: completion.activity.to_string(),
        physician: official.transcript.holder.name.clone(),
        licensee: format!("/board/licensees/{licensee}"),
        path: format!("/board/licensees/{licensee}/completions/{id}"),
        board: visitor.session.organization.clone(),
        chrome,
    })
    .into_response())
}
