//! Signing in and out: e-mail and password, then the second factor of who has one; or a passkey alone.
//!
//! `next` brings people back to the page they wanted; it can only be a path of this site.

mod help;
mod passkey;
mod second_factor;

use app::App;
use app::accounts::devices::Tell;
use app::accounts::sessions::Started;
use app::accounts::{self, sessions};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use serde::Deserialize;

use crate::access::{SessionSecret, ended_cookie, session_cookie};
use crate::arrival::{Arrival, is_own_path};
use crate::pages::factors::PasskeyPlace;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in", get(form).post(sign_in))
        .route("/sign-out", post(sign_out))
        .merge(second_factor::routes())
        .merge(passkey::routes())
        .merge(help::routes())
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    chrome: Chrome,
    email: String,
    next: String,
    passkeys: PasskeyPlace,
    faults: Faults,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SignInForm {
    email: String,
    password: String,
    next: String,
}

async fn form(chrome: Chrome, passkeys: PasskeyPlace, Query(given): Query<SignInForm>) -> Page<impl Template> {
    Page(SignIn { chrome, email: String::new(), next: given.next, passkeys, faults: Faults::none() })
}

async fn sign_in(
    State(app): State<App>,
    chrome: Chrome,
    passkeys: PasskeyPlace,
    SessionSecret(earlier): SessionSecret,
    arrival: Arrival,
    Form(given): Form<SignInForm>,
) -> Result<Response> {
    let entered = accounts::sign_in::sign_in(&app, &given.email, &given.password, &arrival.agent).await;
    let (status, faults) = match entered {
        Ok(entered) => {
            // the browser forgets the earlier session, so nobody else should keep it
            if let Some(earlier) = earlier {
                sessions::end(&app, earlier.expose()).await?;
            }
            return arrival.enter(&app, entered, &given.next, Tell::Owner).await;
        }
        Err(app::Error::TooMany { retry_after_seconds: seconds }) => {
            let message = format!("There were too many tries. Wait {seconds} seconds, or choose a new password.");
            (StatusCode::TOO_MANY_REQUESTS, vec![app::Fault::new("password", message)].into())
        }
        Err(error) => (REFUSED, Faults::from_error(error)?),
    };
    Ok((status, Page(SignIn { chrome, email: given.email, next: given.next, passkeys, faults })).into_response())
}

/// Sets the cookie of a session that takes the place of another, and goes to `next` or to the seat's own pages.
pub(crate) fn arrive(app: &App, cookies: CookieJar, started: &Started, next: &str) -> Response {
    let to = if is_own_path(next) { next } else { started.seat.home() };
    (cookies.add(session_cookie(app, &started.secret)), Redirect::to(to)).into_response()
}

async fn sign_out(
    State(app): State<App>,
    SessionSecret(secret): SessionSecret,
    cookies: CookieJar,
) -> Result<(CookieJar, Redirect)> {
    if let Some(secret) = secret {
        sessions::end(&app, secret.expose()).await?;
    }
    let ended: Cookie<'static> = ended_cookie(&app);
    Ok((cookies.remove(ended), Redirect::to("/")))
}
