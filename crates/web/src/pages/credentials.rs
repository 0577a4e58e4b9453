//! What a verifier of credentials asks for without knowing us: the issuer's DID document, its keys, and the status
//! lists. Public, the same for everybody, and about nobody.

use app::App;
use app::credentials::status;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::Result;

/// Keys change rarely, and a new one should be known soon.
const KEYS_KEPT: &str = "public, max-age=300";
/// A list is made anew after seconds, and a withdrawn credential should be found out.
const LIST_KEPT: &str = "public, max-age=60";

pub fn routes() -> Router<App> {
    Router::new()
        .route("/.well-known/did.json", get(did_document))
        .route("/.well-known/jwks.json", get(jwks))
        .route("/credentials/status/{list}", get(list))
}

fn answer(content_type: &'static str, kept: &'static str, text: String) -> Response {
    // for verifiers that run in a page of somebody else's
    let open = (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    ([(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, kept), open], text).into_response()
}

async fn did_document(State(app): State<App>) -> Response {
    answer("application/did+json", KEYS_KEPT, app.credentials.did_document().to_string())
}

async fn jwks(State(app): State<App>) -> Response {
    answer("application/jwk-set+json", KEYS_KEPT, app.credentials.jwks().to_string())
}

async fn list(State(app): State<App>, Path(list): Path<String>) -> Result<Response> {
    let number: u32 = list.parse().map_err(|_| app::Error::NotFound)?;
    Ok(answer("application/vc+jwt", LIST_KEPT, status::list(&app, i64::from(number)).await?))
}
