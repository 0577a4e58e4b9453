//! Single acts on an activity: copy, close, reopen, delete. What is refused ends on the activity's page
//! with the reason.

use app::{App, activities};
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use domain::ActivityId;
use domain::access::ProviderScope;
use serde::Deserialize;

use super::{activity_id, show};
use crate::access::Editor;
use crate::{Chrome, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/provider/activities/{id}/copy", post(copy))
        .route("/provider/activities/{id}/close", post(close))
        .route("/provider/activities/{id}/reopen", post(reopen))
        .route("/provider/activities/{id}/delete", post(delete))
}

/// The version that the page showed.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Seen {
    version: String,
}

impl Seen {
    fn version(&self) -> i64 {
        self.version.parse().unwrap_or_default()
    }
}

async fn copy(State(app): State<App>, Editor { session, .. }: Editor, Path(id): Path<String>) -> Result<Redirect> {
    let copied = activities::copy(&app, &session.actor, activity_id(&id)?).await?;
    Ok(Redirect::to(&format!("/provider/activities/{copied}?done=copied")))
}

async fn close(
    State(app): State<App>,
    Editor { session, scope }: Editor,
    chrome: Chrome,
    Path(id): Path<String>,
    Form(seen): Form<Seen>,
) -> Result<Response> {
    let id = activity_id(&id)?;
    let closed = activities::close(&app, &session.actor, id, seen.version()).await;
    match closed {
        Ok(()) => Ok(Redirect::to(&format!("/provider/activities/{id}?done=closed")).into_response()),
        Err(error) => refused(&app, &scope, chrome, id, error, "The activity cannot be closed yet").await,
    }
}

async fn reopen(
    State(app): State<App>,
    Editor { session, scope }: Editor,
    chrome: Chrome,
    Path(id): Path<String>,
    Form(seen): Form<Seen>,
) -> Result<Response> {
    let id = activity_id(&id)?;
    let reopened = activities::reopen(&app, &session.actor, id, seen.version()).await;
    match reopened {
        Ok(()) => Ok(Redirect::to(&format!("/provider/activities/{id}?done=reopened")).into_response()),
        Err(error) => refused(&app, &scope, chrome, id, error, "The activity cannot be reopened").await,
    }
}

async fn delete(
    State(app): State<App>,
    Editor { session, scope }: Editor,
    chrome: Chrome,
    Path(id): Path<String>,
    Form(seen): Form<Seen>,
) -> Result<Response> {
    let id = activity_id(&id)?;
    match activities::delete(&app, &session.actor, id, seen.version()).await {
        Ok(()) => Ok(Redirect::to("/provider/activities?done=deleted").into_response()),
        Err(error) => refused(&app, &scope, chrome, id, error, "The activity cannot be deleted").await,
    }
}

/// The activity as it stands with the reason on top.
async fn refused(
    app: &App,
    scope: &ProviderScope,
    chrome: Chrome,
    id: ActivityId,
    error: app::Error,
    heading: &'static str,
) -> Result<Response> {
    let (status, title, text) = match error {
        app::Error::Invalid(faults) => {
            let all: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
            (REFUSED, heading, all.join(" "))
        }
        app::Error::Stale => {
            let text = "Look at it as it stands now, and decide again.".to_owned();
            (StatusCode::CONFLICT, "Somebody else saved this activity meanwhile", text)
        }
        other => return Err(other.into()),
    };
    let chrome = chrome.with_notice("warning", title, text);
    Ok((status, Page(show::page(app, scope, chrome, id).await?)).into_response())
}
