//! `/verify`: anybody who holds a transcript, a certificate or a digital credential asks whether it still stands: by the
//! code on the paper (typed, or opened by its QR code), or by sending the file.

mod files;
mod shown;

use app::App;
use app::transcripts::read_code;
use app::verification;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

pub use files::upload_routes;
use shown::Shown;

use crate::{Chrome, Faults, Page, REFUSED, Result};

pub fn routes() -> Router<App> {
    Router::new().route("/verify", get(form)).route("/verify/{code}", get(show))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    code: String,
}

#[derive(Template)]
#[template(path = "verify/form.html")]
struct FormPage {
    chrome: Chrome,
    typed_code: String,
    typed_holder: String,
    faults: Faults,
    max_bytes: u64,
}

fn page(chrome: Chrome, typed_code: String, typed_holder: String, faults: Faults) -> Page<FormPage> {
    Page(FormPage { chrome, typed_code, typed_holder, faults, max_bytes: files::MOST_BYTES })
}

#[derive(Template)]
#[template(path = "verify/answer.html")]
struct AnswerPage {
    chrome: Chrome,
    shown: Shown,
}

async fn form(chrome: Chrome, Query(asked): Query<Asked>) -> Response {
    if asked.code.trim().is_empty() {
        return page(chrome, String::new(), String::new(), Faults::none()).into_response();
    }
    match read_code(&asked.code) {
        Some(code) => Redirect::to(&format!("/verify/{code}")).into_response(),
        None => refused(REFUSED, chrome, asked.code, "A code has 12 letters and digits, such as 7KQ2-MX4D-91TB."),
    }
}

fn refused(status: StatusCode, chrome: Chrome, typed_code: String, message: &str) -> Response {
    let faults = vec![app::Fault::new("code", message)].into();
    (status, page(chrome, typed_code, String::new(), faults)).into_response()
}

async fn show(State(app): State<App>, chrome: Chrome, Path(code): Path<String>) -> Result<Response> {
    match verification::verify(&app, &code).await {
        Ok(verified) => Ok(Page(AnswerPage { shown: Shown::of(&app, &verified), chrome }).into_response()),
        Err(app::Error::NotFound) => {
            let message = "No transcript was issued under this code. Compare it with the paper letter by letter.";
            Ok(refused(StatusCode::NOT_FOUND, chrome, code, message))
        }
        Err(error) => Err(error.into()),
    }
}
