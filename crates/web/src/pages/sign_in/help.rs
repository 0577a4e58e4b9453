//! `/sign-in/help`: who lost the second factor and every recovery code asks people for help. The password must
//! have been right before; the letter to the address on file can stop it.

use app::App;
use app::accounts::{lost_factors, sign_in};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

use crate::arrival::Arrival;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in/help", get(form).post(ask))
        .route("/sign-in/help/stop/{secret}", get(to_stop).post(stop))
}

#[derive(Template)]
#[template(path = "sign_in/help.html")]
struct Help {
    chrome: Chrome,
    words: String,
    asked: bool,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "sign_in/stop.html")]
struct Stop {
    chrome: Chrome,
    stopped: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct HelpForm {
    words: String,
}

async fn form(State(app): State<App>, chrome: Chrome, arrival: Arrival) -> Result<Response> {
    match sign_in::half(&app, &arrival.half).await {
        Ok(_) => Ok(Page(Help { chrome, words: String::new(), asked: false, faults: Faults::none() }).into_response()),
        Err(app::Error::LinkOver) => Ok(Redirect::to("/sign-in").into_response()),
        Err(error) => Err(error.into()),
    }
}

async fn ask(
    State(app): State<App>,
    chrome: Chrome,
    arrival: Arrival,
    Form(given): Form<HelpForm>,
) -> Result<Response> {
    let page = |asked, faults| Page(Help { chrome, words: given.words.clone(), asked, faults });
    match lost_factors::ask(&app, &arrival.half, &given.words).await {
        Ok(()) => Ok(page(true, Faults::none()).into_response()),
        Err(app::Error::LinkOver) => Ok(Redirect::to("/sign-in").into_response()),
        Err(error) => Ok((REFUSED, page(false, Faults::from_error(error)?)).into_response()),
    }
}

async fn to_stop(State(app): State<App>, chrome: Chrome, Path(secret): Path<String>) -> Result<Page<impl Template>> {
    lost_factors::to_stop(&app, &secret).await?;
    Ok(Page(Stop { chrome, stopped: false }))
}

async fn stop(State(app): State<App>, chrome: Chrome, Path(secret): Path<String>) -> Result<Page<impl Template>> {
    lost_factors::stop(&app, &secret).await?;
    Ok(Page(Stop { chrome, stopped: true }))
}
