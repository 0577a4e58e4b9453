//! Single acts on an activity: copy, close, reopen. Each ends on an activity's page.

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
    answer(&app, &scope, chrome, id, closed, "closed").await
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
    answer(&app, &scope, chrome, id, reopened, "reopened").await
}

/// Back to the activity, or the activity as it stands with the reason on top.
async fn answer(
    app: &App,
    scope: &ProviderScope,
    chrome: Chrome,
    id: ActivityId,
    done: app::Result<()>,
    word: &str,
) -> Result<Response> {
    let (status, title, text) = match done {
        Ok(()) => return Ok(Redirect::to(&format!("/provider/activities/{id}?done={word}")).into_response()),
        Err(app::Error::Invalid(faults)) => {
            let all: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
            (REFUSED, "The activity cannot be closed yet", all.join(" "))
        }
        Err(app::Error::Stale) => {
            let text = "Look at it as it stands now, and decide again.".to_owned();
            (StatusCode::CONFLICT, "Somebody else saved this activity meanwhile", text)
        }
        Err(other) => return Err(other.into()),
    };
    let chrome = chrome.with_notice("warning", title, text);
    Ok((status, Page(show::page(app, scope, chrome, id).await?)).into_response())
}
