//! `/status`: whether things work, for everybody. No versions, sizes or names: what an attacker could use is not here.

use app::App;
use app::health::{self, State as Health};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use crate::{Chrome, Page, When};

pub fn routes() -> Router<App> {
    Router::new().route("/status", get(show)).route("/status.json", get(machine))
}

#[derive(Template)]
#[template(path = "status.html")]
struct StatusPage {
    chrome: Chrome,
    kind: &'static str,
    word: &'static str,
    sentences: Vec<String>,
    at: When,
}

async fn show(State(app): State<App>, chrome: Chrome) -> Response {
    let found = health::public(&app).await;
    let (kind, word) = said(found.state);
    let page = StatusPage { chrome, kind, word, sentences: found.sentences, at: When::of(&app, app.clock.now()) };
    (code(found.state), Page(page)).into_response()
}

/// The same for programs that watch.
async fn machine(State(app): State<App>) -> Response {
    let found = health::public(&app).await;
    let status = match found.state {
        Health::Good => "ok",
        Health::Watch => "limited",
        Health::Bad => "down",
    };
    let body = json!({ "status": status, "says": found.sentences, "at": app.clock.machine(app.clock.now()) });
    (code(found.state), Json(body)).into_response()
}

fn said(state: Health) -> (&'static str, &'static str) {
    match state {
        Health::Good => ("good", "Everything works"),
        Health::Watch => ("caution", "Some things work differently"),
        Health::Bad => ("bad", "Out of order"),
    }
}

fn code(state: Health) -> StatusCode {
    if state == Health::Bad { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK }
}
