//! `/admin/boards`: licensing and certifying boards, how each takes part, and a licensing board entered.

use app::App;
use app::organizations::boards;
use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::State as UsState;
use serde::Deserialize;

use super::{Done, with_done};
use crate::access::StaffVisitor;
use crate::pages::directory::{BoardRow, board_rows};
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/boards", get(list).post(add))
}

#[derive(Template)]
#[template(path = "admin/organizations/boards.html")]
struct List {
    chrome: Chrome,
    groups: [Group; 2],
    /// States without a board.
    states: Vec<(String, &'static str)>,
    given: Given,
    faults: Faults,
}

struct Group {
    title: &'static str,
    anchor: &'static str,
    rows: Vec<BoardRow>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Given {
    state: String,
    name: String,
}

async fn page(app: &App, chrome: Chrome, given: Given, faults: Faults) -> Result<Page<List>> {
    let (licensing, certifying) = board_rows(app).await?;
    let has_board = |state: &UsState| licensing.iter().any(|row| row.label == state.name());
    let states = UsState::all().filter(|state| !has_board(state));
    let states = states.map(|state| (state.code().to_owned(), state.name())).collect();
    let groups = [
        Group { title: "Certifying boards", anchor: "certifying", rows: certifying },
        Group { title: "Licensing boards", anchor: "licensing", rows: licensing },
    ];
    Ok(Page(List { chrome, groups, states, given, faults }))
}

async fn list(
    State(app): State<App>,
    _visitor: StaffVisitor,
    chrome: Chrome,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    page(&app, with_done(chrome, &done), Given::default(), Faults::none()).await
}

async fn add(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Form(given): Form<Given>,
) -> Result<Response> {
    match boards::add_licensing(&app, &visitor.session.actor, &given.state, &given.name).await {
        Ok(state) => Ok(Redirect::to(&format!("/admin/boards/licensing/{state}?done=edited")).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, page(&app, chrome, given, faults).await?).into_response())
        }
    }
}
