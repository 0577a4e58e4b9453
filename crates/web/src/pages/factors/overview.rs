//! What the account has beside its password, and how to change it.

use app::App;
use app::accounts::{authenticators, factors};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use domain::access::Who;
use serde::Deserialize;
use store::second_factors::Factors;

use super::PasskeyPlace;
use crate::access::{Session, SignedIn};
use crate::{Chrome, Error, Faults, Page, Result, When};

pub(super) const LIST: &str = "/account/second-factor";

pub(super) fn routes() -> Router<App> {
    Router::new().route("/account/second-factor", get(show))
}

#[derive(Template)]
#[template(path = "factors/overview.html")]
pub(super) struct Overview {
    chrome: Chrome,
    must_set_up: bool,
    is_required: bool,
    home: &'static str,
    held: Factors,
    /// Since when the authenticator app is on.
    authenticator: Option<When>,
    /// A secret waits for its first code.
    is_pending: bool,
    passkeys: Vec<PasskeyRow>,
    place: PasskeyPlace,
    new_name: String,
    faults: Faults,
}

struct PasskeyRow {
    id: String,
    name: String,
    added: When,
    used: Option<When>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
}

async fn show(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    chrome: Chrome,
    place: PasskeyPlace,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    let chrome = match done.as_str() {
        "authenticator" => {
            chrome.with_notice("success", "The authenticator app is on", "All other sessions were ended.")
        }
        "authenticator-off" => {
            chrome.with_notice("success", "The authenticator app is off", "All other sessions were ended.")
        }
        "passkey" => chrome.with_notice("success", "The passkey is added", "All other sessions were ended."),
        "passkey-removed" => {
            chrome.with_notice("success", "The passkey is removed", "It no longer signs in to anything here.")
        }
        _ => chrome,
    };
    Ok(Page(page(&app, &session, chrome, place, (String::new(), Faults::none())).await?))
}

/// The page, with what was typed as a passkey's name and what was wrong.
pub(super) async fn page(
    app: &App,
    session: &Session,
    chrome: Chrome,
    place: PasskeyPlace,
    (new_name, faults): (String, Faults),
) -> Result<Overview> {
    let Who::Account(account) = session.actor.who else { return Err(Error::App(app::Error::NotFound)) };
    let is_pending = match authenticators::pending(app, &session.actor).await {
        Ok(_) => true,
        Err(app::Error::NotFound) => false,
        Err(error) => return Err(error.into()),
    };
    let mut tx = app.store.read().await?;
    let held = store::second_factors::factors(&mut tx, account).await?;
    let authenticator = store::second_factors::find(&mut tx, account).await?;
    let passkeys = store::passkeys::list(&mut tx, account).await?;
    let rows = passkeys.into_iter().map(|passkey| PasskeyRow {
        id: passkey.id.to_string(),
        name: passkey.name,
        added: When::of(app, passkey.created_at),
        used: passkey.last_used_at.map(|used| When::of(app, used)),
    });
    Ok(Overview {
        chrome,
        must_set_up: session.must_set_up,
        is_required: factors::is_required(app, session.actor.seat),
        home: session.actor.seat.home(),
        held,
        authenticator: authenticator.and_then(|app_| app_.confirmed_at).map(|at| When::of(app, at)),
        is_pending,
        passkeys: rows.collect(),
        place,
        new_name,
        faults,
    })
}
