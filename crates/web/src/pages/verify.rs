//! `/verify`: anybody who holds a printed transcript asks by its code whether it still stands.

use app::App;
use app::transcripts::{range_words, read_code};
use app::verification::{self, Validity, Verified};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

use crate::{Chrome, Faults, Page, REFUSED, Result, When};

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
    faults: Faults,
}

#[derive(Template)]
#[template(path = "verify/answer.html")]
struct AnswerPage {
    chrome: Chrome,
    verified: Verified,
    issued: When,
    range: String,
    is_valid: bool,
    /// What changed since, in words; empty if nothing did.
    changes: String,
}

async fn form(chrome: Chrome, Query(asked): Query<Asked>) -> Response {
    if asked.code.trim().is_empty() {
        return Page(FormPage { chrome, typed_code: String::new(), faults: Faults::none() }).into_response();
    }
    match read_code(&asked.code) {
        Some(code) => Redirect::to(&format!("/verify/{code}")).into_response(),
        None => refused(REFUSED, chrome, asked.code, "A code has 12 letters and digits, such as 7KQ2-MX4D-91TB."),
    }
}

fn refused(status: StatusCode, chrome: Chrome, typed_code: String, message: &str) -> Response {
    let faults = vec![app::Fault::new("code", message)].into();
    (status, Page(FormPage { chrome, typed_code, faults })).into_response()
}

async fn show(State(app): State<App>, chrome: Chrome, Path(code): Path<String>) -> Result<Response> {
    let verified = match verification::verify(&app, &code).await {
        Ok(verified) => verified,
        Err(app::Error::NotFound) => {
            let message = "No transcript was issued under this code. Compare it with the paper letter by letter.";
            return Ok(refused(StatusCode::NOT_FOUND, chrome, code, message));
        }
        Err(error) => return Err(error.into()),
    };
    let changes = match verified.validity {
        Validity::Valid => String::new(),
        Validity::Corrected { withdrawn, rejected, moved } => changes(withdrawn, rejected, moved),
    };
    Ok(Page(AnswerPage {
        chrome,
        issued: When::of(&app, verified.issued_at),
        range: range_words(&verified.filter, &app.reference.get()),
        is_valid: verified.validity == Validity::Valid,
        changes,
        verified,
    })
    .into_response())
}

fn changes(withdrawn: usize, rejected: usize, moved: usize) -> String {
    let some = |count: usize, what: &str| match count {
        0 => None,
        1 => Some(format!("1 credit was {what}")),
        count => Some(format!("{count} credits were {what}")),
    };
    let parts = [
        some(withdrawn, "withdrawn by the provider"),
        some(rejected, "rejected by a certifying board"),
        some(moved, "found to be another physician’s"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_said_in_words() {
        assert_eq!(changes(1, 0, 0), "1 credit was withdrawn by the provider");
        assert_eq!(
            changes(2, 1, 0),
            "2 credits were withdrawn by the provider and 1 credit was rejected by a certifying board"
        );
    }
}
