//! `/board/api-clients` and `/certifying/api-clients`: programs that read and answer for a board, and their tokens.
//!
//! A new token is on the answer to the form itself and nowhere else, so this is the one form that does not redirect.

use app::App;
use app::api_clients::{self, Wanted};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::{ApiClientId, ApiScopes};
use serde::Deserialize;
use store::api_clients::Holder;

use super::token_rows::{TERMS, TokenRow, USUAL_TERM};
use crate::access::BoardStaff;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/board/api-clients", get(show).post(create))
        .route("/board/api-clients/{client}/revoke", post(revoke))
        .route("/certifying/api-clients", get(show).post(create))
        .route("/certifying/api-clients/{client}/revoke", post(revoke))
}

#[derive(Template)]
#[template(path = "board/api_clients.html")]
struct Programs {
    chrome: Chrome,
    base: &'static str,
    is_licensing: bool,
    clients: Vec<TokenRow>,
    terms: &'static [(&'static str, &'static str)],
    given: NewClient,
    faults: Faults,
    /// The token just made; empty otherwise.
    token: String,
}

#[derive(Deserialize)]
#[serde(default)]
struct NewClient {
    name: String,
    days: String,
}

impl Default for NewClient {
    fn default() -> Self {
        Self { name: String::new(), days: USUAL_TERM.to_owned() }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
}

async fn show(
    State(app): State<App>,
    staff: BoardStaff,
    chrome: Chrome,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    let chrome = match done.as_str() {
        "revoked" => chrome.with_notice("success", "The token is revoked", "It no longer opens anything."),
        _ => chrome,
    };
    Ok(Page(page(&app, &staff, chrome, NewClient::default(), Faults::none(), String::new()).await?))
}

async fn page(
    app: &App,
    staff: &BoardStaff,
    chrome: Chrome,
    given: NewClient,
    faults: Faults,
    token: String,
) -> Result<Programs> {
    let mut tx = app.store.read().await?;
    let clients = store::api_clients::list(&mut tx, &staff.holder, false).await?;
    Ok(Programs {
        chrome,
        base: staff.base,
        is_licensing: matches!(staff.holder, Holder::LicensingBoard(_)),
        clients: clients.into_iter().map(|client| TokenRow::of(app, client)).collect(),
        terms: TERMS,
        given,
        faults,
        token,
    })
}

async fn create(
    State(app): State<App>,
    staff: BoardStaff,
    chrome: Chrome,
    Form(given): Form<NewClient>,
) -> Result<Response> {
    let days = given.days.trim().parse().unwrap_or(0);
    let wanted = Wanted { name: &given.name, scopes: ApiScopes::default(), days, is_sandbox: false };
    match api_clients::create(&app, &staff.session.actor, &wanted).await {
        Ok((_, token)) => {
            let token = token.expose().to_owned();
            let page = page(&app, &staff, chrome, NewClient::default(), Faults::none(), token).await?;
            Ok(Page(page).into_response())
        }
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, Page(page(&app, &staff, chrome, given, faults, String::new()).await?)).into_response())
        }
    }
}

async fn revoke(State(app): State<App>, staff: BoardStaff, Path(client): Path<ApiClientId>) -> Result<Redirect> {
    api_clients::revoke(&app, &staff.session.actor, client).await?;
    Ok(Redirect::to(&format!("{}?done=revoked", staff.base)))
}
