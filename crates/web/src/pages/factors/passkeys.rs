//! Adding and removing passkeys. The page that asks the device for one needs a script; all else does not.

use app::App;
use app::accounts::passkeys::{self, Asked};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use uuid::Uuid;

use super::{PasskeyPlace, overview, turned_on};
use crate::access::{Browser, Session, SignedIn};
use crate::pages::sign_in::arrive;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/account/second-factor/passkeys", post(begin))
        .route("/account/second-factor/passkeys/add", post(add))
        .route("/account/second-factor/passkeys/{passkey}/remove", post(remove))
}

#[derive(Template)]
#[template(path = "factors/passkey.html")]
struct Add {
    chrome: Chrome,
    name: String,
    asked: Asked,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct NewPasskey {
    name: String,
    secret: String,
    credential: String,
}

async fn begin(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    chrome: Chrome,
    place: PasskeyPlace,
    Form(given): Form<NewPasskey>,
) -> Result<Response> {
    let asked = match given.name.trim().is_empty() {
        true => Err(app::Error::invalid("name", "Name the passkey, such as: my phone.")),
        false => passkeys::begin(&app, &session.actor).await,
    };
    match asked {
        Ok(asked) => Ok(Page(Add { chrome, name: given.name, asked }).into_response()),
        Err(error) => refused(&app, &session, chrome, place, given.name, error).await,
    }
}

async fn add(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    chrome: Chrome,
    place: PasskeyPlace,
    Browser(agent): Browser,
    cookies: CookieJar,
    Form(given): Form<NewPasskey>,
) -> Result<Response> {
    let made = (given.name.as_str(), given.credential.as_str());
    match passkeys::add(&app, &session.actor, &given.secret, made, &agent).await {
        Ok(done) => {
            let done = (done, "The passkey is added");
            Ok(turned_on(&app, cookies, chrome, done, "/account/second-factor?done=passkey"))
        }
        Err(error) => refused(&app, &session, chrome, place, given.name, error).await,
    }
}

async fn remove(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    chrome: Chrome,
    place: PasskeyPlace,
    Browser(agent): Browser,
    cookies: CookieJar,
    Path(passkey): Path<Uuid>,
) -> Result<Response> {
    match passkeys::remove(&app, &session.actor, passkey, &agent).await {
        Ok(started) => Ok(arrive(&app, cookies, &started, "/account/second-factor?done=passkey-removed")),
        Err(error) => refused(&app, &session, chrome, place, String::new(), error).await,
    }
}

async fn refused(
    app: &App,
    session: &Session,
    chrome: Chrome,
    place: PasskeyPlace,
    name: String,
    error: app::Error,
) -> Result<Response> {
    let faults = Faults::from_error(error)?;
    Ok((REFUSED, Page(overview::page(app, session, chrome, place, (name, faults)).await?)).into_response())
}
