//! `/admin/changes/{change}/undo`: what a merge or split moved goes back, and what has come since stays.
//! It takes one person and a reason.

use app::App;
use app::identity::{self, Kind};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::IdentityChangeId;
use serde::Deserialize;

use super::changes::{self, id};
use crate::access::StaffVisitor;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/changes/{change}/undo", get(form).post(undo))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Given {
    reason: String,
}

#[derive(Template)]
#[template(path = "admin/change_undo.html")]
struct UndoPage {
    chrome: Chrome,
    id: String,
    is_merge: bool,
    reason: String,
    goes_back: Vec<String>,
    stays: Vec<String>,
    given: Given,
    faults: Faults,
}

async fn form(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(change): Path<String>,
) -> Result<Response> {
    undo_page(&app, &visitor, chrome, id(&change)?, Given::default(), Faults::none()).await
}

async fn undo(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(change): Path<String>,
    Form(given): Form<Given>,
) -> Result<Response> {
    let id = id(&change)?;
    match identity::undo(&app, &visitor.session.actor, id, &given.reason).await {
        Ok(_) => Ok(Redirect::to(&format!("/admin/changes/{id}?done=undone")).into_response()),
        Err(app::Error::Stale) => Ok(Redirect::to(&format!("/admin/changes/{id}?done=stale")).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let page = undo_page(&app, &visitor, chrome, id, given, faults).await?;
            Ok((REFUSED, page).into_response())
        }
    }
}

async fn undo_page(
    app: &App,
    visitor: &StaffVisitor,
    chrome: Chrome,
    id: IdentityChangeId,
    given: Given,
    faults: Faults,
) -> Result<Response> {
    let preview = match identity::of_undo(app, &visitor.session.actor, id).await {
        Ok(preview) => preview,
        // undone meanwhile, or it cannot be: the change's own page says how it stands
        Err(app::Error::Stale) => return Ok(Redirect::to(&format!("/admin/changes/{id}?done=stale")).into_response()),
        Err(app::Error::Invalid(more)) => {
            let page = changes::page(app, visitor, chrome, id, changes::Given::default(), more.into()).await?;
            return Ok((REFUSED, page).into_response());
        }
        Err(error) => return Err(error.into()),
    };
    Ok(Page(UndoPage {
        chrome,
        id: id.to_string(),
        is_merge: preview.change.kind == Kind::Merge,
        reason: preview.change.reason,
        goes_back: preview.goes_back,
        stays: preview.stays,
        given,
        faults,
    })
    .into_response())
}
