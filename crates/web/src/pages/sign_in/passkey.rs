//! Signing in with a passkey: a script asks for the challenge, and the form brings the device's answer.

use app::App;
use app::accounts::devices::Tell;
use app::accounts::passkeys;
use axum::extract::{Form, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use super::SignIn;
use crate::arrival::Arrival;
use crate::pages::factors::PasskeyPlace;
use crate::{Chrome, Error, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/sign-in/passkey", post(sign_in)).route("/sign-in/passkey/options", post(options))
}

/// A new challenge, and the secret that finds it again. For signing in and for proving who asks.
async fn options(State(app): State<App>) -> Result<Response> {
    let asked = passkeys::ask(&app).await?;
    let options: serde_json::Value =
        serde_json::from_str(&asked.options).map_err(|error| app::Error::Internal(error.to_string()))?;
    Ok(Json(json!({ "secret": asked.secret.expose(), "options": options })).into_response())
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Shown {
    secret: String,
    credential: String,
    next: String,
}

async fn sign_in(
    State(app): State<App>,
    chrome: Chrome,
    place: PasskeyPlace,
    arrival: Arrival,
    Form(given): Form<Shown>,
) -> Result<Response> {
    match passkeys::sign_in(&app, &given.secret, &given.credential, &arrival.agent).await {
        Ok(started) => arrival.begin(&app, &started, &given.next, Tell::Owner).await,
        Err(error @ app::Error::Invalid(_)) => {
            let faults = Faults::from_error(error)?;
            let page = SignIn { chrome, email: String::new(), next: given.next, passkeys: place, faults };
            Ok((REFUSED, Page(page)).into_response())
        }
        Err(error) => Err(Error::from(error)),
    }
}
