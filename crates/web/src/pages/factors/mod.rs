//! `/account/second-factor`: authenticator app, passkeys, recovery codes. Whoever must have a second factor
//! reaches these pages and no other before one is on.

mod authenticator;
mod codes;
mod overview;
mod passkeys;
mod qr;

use app::App;
use app::accounts::factors::TurnedOn;
use app::accounts::passkeys::Elsewhere;
use askama::Template;
use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;

use crate::access::session_cookie;
use crate::error::Error;
use crate::{Chrome, Page};

pub fn routes() -> Router<App> {
    Router::new()
        .merge(overview::routes())
        .merge(authenticator::routes())
        .merge(passkeys::routes())
        .merge(codes::routes())
}

/// Whether passkeys can be used at the address by which a visitor came.
#[derive(Debug, Clone)]
pub(crate) struct PasskeyPlace {
    pub(crate) possible: bool,
    /// The address to use instead, if there is one.
    pub(crate) instead: Option<String>,
}

impl FromRequestParts<App> for PasskeyPlace {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        Ok(match app::accounts::passkeys::possible_at(app, host) {
            Ok(()) => Self { possible: true, instead: None },
            Err(Elsewhere { address }) => Self { possible: false, instead: address },
        })
    }
}

/// Recovery codes on the only page that ever shows them.
#[derive(Template)]
#[template(path = "factors/codes.html")]
struct Codes {
    chrome: Chrome,
    codes: Vec<String>,
    /// What was just done, in words.
    title: &'static str,
    home: &'static str,
}

/// After a factor was turned on: the recovery codes if it was the first, else back to the list. The new session
/// takes the place of the one that asked.
fn turned_on(
    app: &App,
    cookies: CookieJar,
    chrome: Chrome,
    (turned_on, title): (TurnedOn, &'static str),
    list: &str,
) -> Response {
    let cookies = cookies.add(session_cookie(app, &turned_on.started.secret));
    match turned_on.codes {
        Some(codes) => {
            (cookies, Page(Codes { chrome, codes, title, home: turned_on.started.seat.home() })).into_response()
        }
        None => (cookies, Redirect::to(list)).into_response(),
    }
}
