//! `/sign-in/second-factor`: the password was right, and nobody is signed in yet.

use app::App;
use app::accounts::devices::Tell;
use app::accounts::sign_in::{self};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;
use store::second_factors::Factors;

use crate::arrival::Arrival;
use crate::pages::factors::PasskeyPlace;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/sign-in/second-factor", get(form).post(finish))
}

#[derive(Template)]
#[template(path = "sign_in/second_factor.html")]
struct SecondFactor {
    chrome: Chrome,
    held: Factors,
    passkeys: PasskeyPlace,
    next: String,
    faults: Faults,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct CodeForm {
    code: String,
    next: String,
}

async fn form(
    State(app): State<App>,
    chrome: Chrome,
    passkeys: PasskeyPlace,
    arrival: Arrival,
    Query(given): Query<CodeForm>,
) -> Result<Response> {
    match sign_in::half(&app, &arrival.half).await {
        Ok(held) => {
            Ok(Page(SecondFactor { chrome, held, passkeys, next: given.next, faults: Faults::none() }).into_response())
        }
        // the ten minutes are over, or nobody began
        Err(app::Error::LinkOver) => Ok(Redirect::to("/sign-in").into_response()),
        Err(error) => Err(error.into()),
    }
}

async fn finish(
    State(app): State<App>,
    chrome: Chrome,
    passkeys: PasskeyPlace,
    arrival: Arrival,
    Form(given): Form<CodeForm>,
) -> Result<Response> {
    let held = match sign_in::half(&app, &arrival.half).await {
        Err(app::Error::LinkOver) => return Ok(Redirect::to("/sign-in").into_response()),
        held => held?,
    };
    let (status, faults) = match sign_in::finish(&app, &arrival.half, &given.code, &arrival.agent).await {
        Ok(started) => return arrival.begin(&app, &started, &given.next, Tell::Owner).await,
        Err(app::Error::TooMany { retry_after_seconds: seconds }) => {
            let message = format!("There were too many tries. Wait {seconds} seconds.");
            (StatusCode::TOO_MANY_REQUESTS, vec![app::Fault::new("code", message)].into())
        }
        Err(error) => (REFUSED, Faults::from_error(error)?),
    };
    Ok((status, Page(SecondFactor { chrome, held, passkeys, next: given.next, faults })).into_response())
}
