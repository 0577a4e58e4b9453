//! New recovery codes. They are on the answer to the form itself and nowhere else, so it does not redirect.

use app::App;
use app::accounts::recovery_codes;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;

use super::{Codes, PasskeyPlace, overview};
use crate::access::SignedIn;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/account/second-factor/codes", post(renew))
}

async fn renew(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    chrome: Chrome,
    place: PasskeyPlace,
) -> Result<Response> {
    match recovery_codes::renew(&app, &session.actor).await {
        Ok(codes) => {
            let home = session.actor.seat.home();
            Ok(Page(Codes { chrome, codes, title: "New recovery codes", home }).into_response())
        }
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let page = overview::page(&app, &session, chrome, place, (String::new(), faults)).await?;
            Ok((REFUSED, Page(page)).into_response())
        }
    }
}
