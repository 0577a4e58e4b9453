//! `/provider/api-clients`: programs that call the web services for the provider, and their tokens.
//!
//! A new token is on the answer to the form itself and nowhere else, so this is the one form that
//! does not redirect.

use app::App;
use app::api_clients::{self, Wanted};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::access::ProviderScope;
use domain::{ApiClientId, ApiScope, ApiScopes};
use serde::Deserialize;
use store::api_clients::Holder;

use super::token_rows::{TERMS, TokenRow, USUAL_TERM};
use crate::access::Owner;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/provider/api-clients", get(show).post(create))
        .route("/provider/api-clients/{client}/revoke", post(revoke))
}

#[derive(Template)]
#[template(path = "api_clients.html")]
struct ApiClients {
    chrome: Chrome,
    clients: Vec<TokenRow>,
    scopes: Vec<(&'static str, &'static str, bool)>,
    terms: &'static [(&'static str, &'static str)],
    given: NewClient,
    faults: Faults,
    /// The token just made; empty otherwise.
    token: String,
}

/// The form as typed; unknown words among the scopes are kept to be refused.
struct NewClient {
    name: String,
    scopes: Vec<String>,
    days: String,
}

impl Default for NewClient {
    /// What a learning management system does most.
    fn default() -> Self {
        let scopes =
            [ApiScope::ActivitiesRead, ApiScope::LearnersRead, ApiScope::LearnersWrite, ApiScope::LearnersMatch];
        let scopes = scopes.iter().map(|scope| scope.code().to_owned()).collect();
        Self { name: String::new(), scopes, days: USUAL_TERM.to_owned() }
    }
}

impl NewClient {
    fn read(fields: Vec<(String, String)>) -> Self {
        let mut given = Self { name: String::new(), scopes: Vec::new(), days: String::new() };
        for (name, value) in fields {
            match name.as_str() {
                "name" => given.name = value,
                "scope" => given.scopes.push(value),
                "days" => given.days = value,
                _ => {}
            }
        }
        given
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
}

async fn show(
    State(app): State<App>,
    Owner { scope, .. }: Owner,
    chrome: Chrome,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    let chrome = match done.as_str() {
        "revoked" => chrome.with_notice("success", "The token is revoked", "It no longer opens anything."),
        _ => chrome,
    };
    Ok(Page(page(&app, &scope, chrome, NewClient::default(), Faults::none(), String::new()).await?))
}

async fn page(
    app: &App,
    scope: &ProviderScope,
    chrome: Chrome,
    given: NewClient,
    faults: Faults,
    token: String,
) -> Result<ApiClients> {
    let mut tx = app.store.read().await?;
    let clients = store::api_clients::list(&mut tx, &Holder::Provider(*scope), false).await?;
    Ok(ApiClients {
        chrome,
        clients: clients.into_iter().map(|client| TokenRow::of(app, client)).collect(),
        scopes: ApiScope::ALL
            .iter()
            .map(|scope| (scope.code(), scope.label(), given.scopes.iter().any(|one| one == scope.code())))
            .collect(),
        terms: TERMS,
        given,
        faults,
        token,
    })
}

async fn create(
    State(app): State<App>,
    Owner { session, scope }: Owner,
    chrome: Chrome,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let given = NewClient::read(fields);
    let days = given.days.trim().parse().unwrap_or(0);
    let created = match ApiScopes::read(&given.scopes.join(" ")) {
        Some(scopes) => {
            let wanted = Wanted { name: &given.name, scopes, days, is_sandbox: false };
            api_clients::create(&app, &session.actor, &wanted).await
        }
        None => Err(app::Error::invalid("scope", "Choose from the list what the program may do.")),
    };
    match created {
        Ok((_, token)) => {
            let token = token.expose().to_owned();
            let page = page(&app, &scope, chrome, NewClient::default(), Faults::none(), token).await?;
            Ok(Page(page).into_response())
        }
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, Page(page(&app, &scope, chrome, given, faults, String::new()).await?)).into_response())
        }
    }
}

async fn revoke(
    State(app): State<App>,
    Owner { session, .. }: Owner,
    Path(client): Path<ApiClientId>,
) -> Result<Redirect> {
    api_clients::revoke(&app, &session.actor, client).await?;
    Ok(Redirect::to("/provider/api-clients?done=revoked"))
}
