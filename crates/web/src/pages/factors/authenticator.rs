//! Setting up an authenticator app: the secret as a picture and as text, then its first code.

use app::App;
use app::accounts::authenticators::{self, Enrolment};
use askama::Template;
use axum::Router;
use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use super::qr::{self, Qr};
use super::{PasskeyPlace, overview, turned_on};
use crate::access::{Browser, SignedIn};
use crate::pages::sign_in::arrive;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/account/second-factor/authenticator", get(show).post(begin))
        .route("/account/second-factor/authenticator/confirm", post(confirm))
        .route("/account/second-factor/authenticator/off", post(turn_off))
}

#[derive(Template)]
#[template(path = "factors/authenticator.html")]
struct SetUp {
    chrome: Chrome,
    enrolment: Enrolment,
    qr: Option<Qr>,
    faults: Faults,
}

fn page(chrome: Chrome, enrolment: Enrolment, faults: Faults) -> Page<SetUp> {
    Page(SetUp { chrome, qr: qr::draw(&enrolment.address), enrolment, faults })
}

async fn begin(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    chrome: Chrome,
    place: PasskeyPlace,
) -> Result<Response> {
    match authenticators::begin(&app, &session.actor).await {
        Ok(()) => Ok(Redirect::to("/account/second-factor/authenticator").into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let page = overview::page(&app, &session, chrome, place, (String::new(), faults)).await?;
            Ok((REFUSED, Page(page)).into_response())
        }
    }
}

async fn show(State(app): State<App>, SignedIn(session): SignedIn, chrome: Chrome) -> Result<Response> {
    match authenticators::pending(&app, &session.actor).await {
        Ok(enrolment) => Ok(page(chrome, enrolment, Faults::none()).into_response()),
        // nothing waits any more: begin from the list
        Err(app::Error::NotFound) => Ok(Redirect::to(overview::LIST).into_response()),
        Err(error) => Err(error.into()),
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct FirstCode {
    code: String,
}

async fn confirm(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    chrome: Chrome,
    Browser(agent): Browser,
    cookies: CookieJar,
    Form(given): Form<FirstCode>,
) -> Result<Response> {
    match authenticators::confirm(&app, &session.actor, &given.code, &agent).await {
        Ok(done) => {
            let done = (done, "The authenticator app is on");
            Ok(turned_on(&app, cookies, chrome, done, "/account/second-factor?done=authenticator"))
        }
        Err(app::Error::NotFound) => Ok(Redirect::to(overview::LIST).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let enrolment = authenticators::pending(&app, &session.actor).await?;
            Ok((REFUSED, page(chrome, enrolment, faults)).into_response())
        }
    }
}

async fn turn_off(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    chrome: Chrome,
    place: PasskeyPlace,
    Browser(agent): Browser,
    cookies: CookieJar,
) -> Result<Response> {
    match authenticators::turn_off(&app, &session.actor, &agent).await {
        Ok(started) => Ok(arrive(&app, cookies, &started, "/account/second-factor?done=authenticator-off")),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let page = overview::page(&app, &session, chrome, place, (String::new(), faults)).await?;
            Ok((REFUSED, Page(page)).into_response())
        }
    }
}
