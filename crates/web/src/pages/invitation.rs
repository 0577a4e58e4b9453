//! Accepting an invitation from its letter: with a new account, or with the one the person has.

use app::App;
use app::accounts::devices::Tell;
use app::accounts::invitations::{self, Invited};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

use crate::arrival::Arrival;
use crate::chrome::persona_label;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub fn routes() -> Router<App> {
    Router::new().route("/invitation/{secret}", get(show).post(accept))
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct Invitation {
    chrome: Chrome,
    invited: Invited,
    persona: &'static str,
    typed_name: String,
    faults: Faults,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Accepted {
    name: String,
    password: String,
}

fn page(chrome: Chrome, invited: Invited, typed_name: String, faults: Faults) -> Page<Invitation> {
    let persona = persona_label(invited.seat);
    Page(Invitation { chrome, invited, persona, typed_name, faults })
}

async fn show(State(app): State<App>, chrome: Chrome, Path(secret): Path<String>) -> Result<Page<impl Template>> {
    let invited = invitations::open(&app, &secret).await?;
    Ok(page(chrome, invited, String::new(), Faults::none()))
}

async fn accept(
    State(app): State<App>,
    chrome: Chrome,
    arrival: Arrival,
    Path(secret): Path<String>,
    Form(given): Form<Accepted>,
) -> Result<Response> {
    let invited = invitations::open(&app, &secret).await?;
    if invited.has_account {
        invitations::join(&app, &secret).await?;
        return Ok(Redirect::to("/sign-in").into_response());
    }
    match invitations::accept(&app, &secret, &given.name, &given.password, &arrival.agent).await {
        Ok(started) => arrival.begin(&app, &started, "", Tell::Nobody).await,
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, page(chrome, invited, given.name, faults)).into_response())
        }
    }
}
