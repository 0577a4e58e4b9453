//! Signing in and out.
//!
//! `next` brings people back to the page they wanted; it can only be a path of this site.

use app::App;
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

use crate::access::{Browser, SessionSecret, ended_cookie, session_cookie};
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub fn routes() -> Router<App> {
    Router::new().route("/sign-in", get(form).post(sign_in)).route("/sign-out", post(sign_out))
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    chrome: Chrome,
    email: String,
    next: String,
    faults: Faults,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SignInForm {
    email: String,
    password: String,
    next: String,
}

async fn form(chrome: Chrome, Query(given): Query<SignInForm>) -> Page<impl Template> {
    Page(SignIn { chrome, email: String::new(), next: given.next, faults: Faults::none() })
}

async fn sign_in(
    State(app): State<App>,
    chrome: Chrome,
    Browser(browser): Browser,
    SessionSecret(earlier): SessionSecret,
    cookies: CookieJar,
    Form(given): Form<SignInForm>,
) -> Result<Response> {
    let (status, faults) = match accounts::sign_in::sign_in(&app, &given.email, &given.password, &browser).await {
        Ok(started) => {
            // the browser forgets the earlier session, so nobody else should keep it
            if let Some(earlier) = earlier {
                sessions::end(&app, earlier.expose()).await?;
            }
            return Ok(arrive(&app, cookies, &started, &given.next));
        }
        Err(app::Error::TooMany { retry_after_seconds: seconds }) => {
            let message = format!("There were too many tries. Wait {seconds} seconds, or choose a new password.");
            (StatusCode::TOO_MANY_REQUESTS, vec![app::Fault::new("password", message)].into())
        }
        Err(error) => (REFUSED, Faults::from_error(error)?),
    };
    Ok((status, Page(SignIn { chrome, email: given.email, next: given.next, faults })).into_response())
}

/// Sets the cookie of a session that just began and goes to `next`, or to the seat's own pages.
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

/// A path of this site. Browsers read `//host` and `/\host` as another site.
fn is_own_path(next: &str) -> bool {
    let mut letters = next.chars();
    letters.next() == Some('/')
        && !matches!(letters.next(), Some('/' | '\\'))
        && next.chars().all(|letter| letter.is_ascii_graphic() && letter != '\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for next in ["/", "/provider", "/provider/uploads?page=2&q=a%20b"] {
            assert!(is_own_path(next), "{next}");
        }
        for next in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/a\r\nb: c",
            "provider",
        ] {
            assert!(!is_own_path(next), "{next}");
        }
    }
}
