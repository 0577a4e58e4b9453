//! What people do with an import: let it in, decide against it, have the same file compared once more.

use app::rosters::imports;
use app::{App, Error};
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use serde::Deserialize;

use super::show::{id_of, page};
use crate::access::RosterSender;
use crate::{Chrome, Faults, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/imports/{import}/let-in", post(let_in))
        .route("/board/roster/{import}/let-in", post(let_in))
        .route("/certifying/roster/{import}/let-in", post(let_in))
        .route("/admin/imports/{import}/stop", post(stop))
        .route("/board/roster/{import}/stop", post(stop))
        .route("/certifying/roster/{import}/stop", post(stop))
        .route("/admin/imports/{import}/again", post(again))
        .route("/board/roster/{import}/again", post(again))
        .route("/certifying/roster/{import}/again", post(again))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Given {
    ends: String,
    reason: String,
}

async fn let_in(
    State(app): State<App>,
    visitor: RosterSender,
    chrome: Chrome,
    Path(import): Path<String>,
    Form(given): Form<Given>,
) -> Result<Response> {
    let id = id_of(&import)?;
    let ends = given.ends.trim().replace(',', "").parse().ok();
    let session = &visitor.session;
    let answer = imports::approve(&app, &session.actor, &visitor.sender, &session.name, id, ends).await;
    told(&app, &visitor, chrome, answer, &import, "let-in", (&given.ends, "")).await
}

async fn stop(
    State(app): State<App>,
    visitor: RosterSender,
    chrome: Chrome,
    Path(import): Path<String>,
    Form(given): Form<Given>,
) -> Result<Response> {
    let id = id_of(&import)?;
    let answer = imports::stop(&app, &visitor.session.actor, &visitor.sender, id, &given.reason).await;
    told(&app, &visitor, chrome, answer, &import, "stopped", ("", &given.reason)).await
}

/// Back to the import, or the page again with what was refused.
async fn told(
    app: &App,
    visitor: &RosterSender,
    chrome: Chrome,
    answer: app::Result<()>,
    import: &str,
    done: &str,
    typed: (&str, &str),
) -> Result<Response> {
    let place = format!("{}/{import}", visitor.base);
    match answer {
        Ok(()) => Ok(Redirect::to(&format!("{place}?seen={done}")).into_response()),
        // somebody else was quicker: the page shows what became of it
        Err(Error::Stale) => Ok(Redirect::to(&place).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, page(app, visitor, chrome, id_of(import)?, faults, typed).await?).into_response())
        }
    }
}

async fn again(State(app): State<App>, visitor: RosterSender, Path(import): Path<String>) -> Result<Response> {
    let session = &visitor.session;
    let id = id_of(&import)?;
    match imports::again(&app, &session.actor, &visitor.sender, &session.name, id).await {
        Ok(new) => Ok(Redirect::to(&format!("{}/{}", visitor.base, new.id)).into_response()),
        Err(Error::Stale) => Ok(Redirect::to(&format!("{}/{id}", visitor.base)).into_response()),
        Err(error) => Err(error.into()),
    }
}
