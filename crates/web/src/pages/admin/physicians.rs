//! `/admin/physicians`: the accreditor's staff find a physician by name or by any number.
//!
//! The search is a POST, so that names never stand in an address, a history or a log. It is also how the
//! other record of a merge or a split is chosen: then `beside` in the address says for which record.

use app::App;
use app::physicians;
use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::{Board, PhysicianId, State as UsState};
use serde::Deserialize;
use store::physicians::Physician;
use store::registry_pages::{Found, MOST_COUNTED, Search};

use super::explain::{boards, states};
use crate::access::StaffVisitor;
use crate::pages::uploads::grouped;
use crate::{Chrome, Faults, Page, REFUSED, Result};

const PAGE: i64 = 25;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/physicians", get(form).post(search))
}

/// For which record another one is looked for.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Purpose {
    /// `merge` or `split`.
    purpose: String,
    /// The record that stands already.
    beside: String,
}

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Given {
    name: String,
    state: String,
    number: String,
    npi: String,
    board: String,
    diplomate_id: String,
    page: String,
    purpose: String,
    beside: String,
}

impl Given {
    /// What to look for. A board without an ID, or an ID without a board, is a fault of the form.
    fn search(&self) -> Result<Search, app::Error> {
        let board = Board::read(&self.board);
        let id = self.diplomate_id.trim();
        if board.is_none() && !id.is_empty() {
            return Err(app::Error::invalid("board", "Choose the board that gave the ID."));
        }
        Ok(Search {
            name: self.name.clone(),
            state: UsState::read(&self.state),
            number: self.number.clone(),
            npi: self.npi.clone(),
            certification: board.map(|board| (board, id.to_owned())),
        })
    }

    fn page(&self) -> i64 {
        self.page.parse().unwrap_or(1).clamp(1, MOST_COUNTED / PAGE)
    }
}

#[derive(Template)]
#[template(path = "admin/physicians.html")]
struct SearchPage {
    chrome: Chrome,
    given: Given,
    faults: Faults,
    states: Vec<(String, &'static str)>,
    boards: Vec<(String, String)>,
    /// The record for which another one is looked for, once it is known to be there.
    beside: Option<Beside>,
    /// What was found, once something was looked for.
    found: Option<FoundView>,
}

struct Beside {
    id: String,
    name: String,
    is_merge: bool,
}

struct FoundView {
    rows: Vec<Row>,
    /// How many there are, in words.
    count: String,
    is_cut: bool,
    place: i64,
    pages: i64,
}

struct Row {
    id: String,
    name: String,
    degree: String,
    birth: String,
    npi: String,
    licenses: Vec<(String, &'static str, String)>,
    certifications: Vec<String>,
    /// Where choosing this record leads, if one is to be chosen.
    choose: Option<String>,
}

async fn form(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Query(purpose): Query<Purpose>,
) -> Result<Page<impl Template>> {
    let given = Given { purpose: purpose.purpose, beside: purpose.beside, ..Given::default() };
    Ok(Page(page(&app, &visitor, chrome, given, Faults::none()).await?))
}

async fn search(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Form(given): Form<Given>,
) -> Result<Response> {
    let skip = (given.page() - 1) * PAGE;
    let (actor, scope) = (&visitor.session.actor, &visitor.scope);
    let found = match given.search() {
        Ok(search) => physicians::search(&app, actor, scope, &search, skip, PAGE).await,
        Err(fault) => Err(fault),
    };
    match found {
        Ok(found) => {
            let view = view(found, &given);
            let page = SearchPage { found: Some(view), ..page(&app, &visitor, chrome, given, Faults::none()).await? };
            Ok(Page(page).into_response())
        }
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, Page(page(&app, &visitor, chrome, given, faults).await?)).into_response())
        }
    }
}

async fn page(app: &App, visitor: &StaffVisitor, chrome: Chrome, given: Given, faults: Faults) -> Result<SearchPage> {
    let beside = match given.beside.parse::<PhysicianId>() {
        Ok(id) => {
            let physician = physicians::read(app, &visitor.session.actor, &visitor.scope, id).await?;
            let name = physician.full_name();
            Some(Beside { id: id.to_string(), name, is_merge: given.purpose != "split" })
        }
        Err(_) => None,
    };
    Ok(SearchPage { chrome, given, faults, states: states(), boards: boards(app), beside, found: None })
}

fn view(found: Found, given: &Given) -> FoundView {
    let count = match found.total {
        1 => "1 physician".to_owned(),
        total if total >= MOST_COUNTED => format!("More than {} physicians", grouped(total)),
        total => format!("{} physicians", grouped(total)),
    };
    let pages = (found.total + PAGE - 1) / PAGE;
    FoundView {
        rows: found.physicians.into_iter().map(|physician| row(physician, given)).collect(),
        count,
        is_cut: found.total >= MOST_COUNTED,
        place: given.page(),
        pages,
    }
}

fn row(physician: Physician, given: &Given) -> Row {
    let (id, beside) = (physician.id.to_string(), given.beside.as_str());
    let choose = match given.purpose.as_str() {
        _ if beside.is_empty() || beside == id => None,
        "split" => Some(format!("/admin/changes/split?from={beside}&into={id}")),
        _ => Some(format!("/admin/changes/merge?from={id}&into={beside}")),
    };
    Row {
        name: physician.full_name(),
        birth: physician.birth.map(|day| day.to_string()).unwrap_or_default(),
        npi: physician.npi.unwrap_or_default(),
        licenses: physician
            .licenses
            .into_iter()
            .map(|held| (format!("{} {}", held.state, held.number), license_kind(&held.status), stated(held.status)))
            .collect(),
        certifications: physician
            .certifications
            .into_iter()
            .map(|held| format!("{} {}", held.board, held.diplomate_id))
            .collect(),
        degree: physician.degree,
        id,
        choose,
    }
}

/// Shape of a license's or certification's status, which every board words as it likes.
pub(super) fn license_kind(status: &str) -> &'static str {
    match status.to_ascii_lowercase().as_str() {
        "active" | "certified" => "good",
        "" => "draft",
        _ => "withdrawn",
    }
}

pub(super) fn stated(status: String) -> String {
    if status.is_empty() { "Not stated".to_owned() } else { status }
}
