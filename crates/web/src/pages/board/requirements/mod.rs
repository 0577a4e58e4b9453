//! `/board/requirements`: what the board asks of its licensees, what is planned, and who changed what. Its people
//! put new versions from a day on; nothing that was in force is ever overwritten.

mod edit;
mod effect;
mod form;

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use serde::Deserialize;
use store::reference::REQUIREMENTS;

use crate::access::LicensingBoardVisitor;
use crate::pages::admin::reference::history::{self, Step};
use crate::pages::requirements::{Version, versions};
use crate::{Chrome, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/board/requirements", get(show)).merge(edit::routes())
}

#[derive(Template)]
#[template(path = "board/requirements/show.html")]
struct Show {
    chrome: Chrome,
    board: String,
    state: &'static str,
    code: String,
    current: Option<Version>,
    planned: Vec<Version>,
    history: Vec<Step>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
}

async fn show(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    app.reference.refresh(&app.store).await?;
    let state = visitor.scope.state();
    let changes = store::reference::history(&mut app.store.read().await?, REQUIREMENTS, "", state.code()).await?;
    let (current, planned) = versions(&app.reference.get(), state);
    let chrome = match done.as_str() {
        "saved" => chrome.with_notice("success", "The version is saved", "It stands below with its first day."),
        "taken-back" => chrome.with_notice("success", "The planned version is taken back", "Nothing else changed."),
        _ => chrome,
    };
    Ok(Page(Show {
        chrome,
        board: visitor.session.organization.clone(),
        state: state.name(),
        code: state.to_string(),
        current,
        planned,
        history: history::steps(&app, changes),
    }))
}
