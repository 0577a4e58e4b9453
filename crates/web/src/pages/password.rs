//! A forgotten password: asking for a letter, and choosing a new one by its link.
//!
//! The answer to asking is the same whether the address belongs to somebody or not.

use app::App;
use app::accounts::devices::Tell;
use app::accounts::resets;
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use crate::arrival::Arrival;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub fn routes() -> Router<App> {
    Router::new().route("/forgot", get(forgot).post(ask)).route("/reset/{secret}", get(reset).post(choose))
}

#[derive(Template)]
#[template(path = "forgot.html")]
struct Forgot {
    chrome: Chrome,
    email: String,
    sent: bool,
    faults: Faults,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    email: String,
}

async fn forgot(chrome: Chrome) -> Page<impl Template> {
    Page(Forgot { chrome, email: String::new(), sent: false, faults: Faults::none() })
}

async fn ask(State(app): State<App>, chrome: Chrome, Form(given): Form<Asked>) -> Result<Response> {
    let page = |sent, faults| Page(Forgot { chrome, email: given.email.clone(), sent, faults });
    match resets::request(&app, &given.email).await {
        Ok(()) => Ok(page(true, Faults::none()).into_response()),
        Err(error) => Ok((REFUSED, page(false, Faults::from_error(error)?)).into_response()),
    }
}

#[derive(Template)]
#[template(path = "reset.html")]
struct Reset {
    chrome: Chrome,
    faults: Faults,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Chosen {
    password: String,
}

async fn reset(State(app): State<App>, chrome: Chrome, Path(secret): Path<String>) -> Result<Page<impl Template>> {
    resets::check_link(&app, &secret).await?;
    Ok(Page(Reset { chrome, faults: Faults::none() }))
}

async fn choose(
    State(app): State<App>,
    chrome: Chrome,
    arrival: Arrival,
    Path(secret): Path<String>,
    Form(given): Form<Chosen>,
) -> Result<Response> {
    match resets::choose(&app, &secret, &given.password, &arrival.agent).await {
        Ok(entered) => arrival.enter(&app, entered, "", Tell::Nobody).await,
        Err(error) => Ok((REFUSED, Page(Reset { chrome, faults: Faults::from_error(error)? })).into_response()),
    }
}
