//! Web services for programs. Callers show a bearer token; failures are problem details (RFC 9457).
//!
//! Handlers come into the router together with what describes them (`routes!`), so nothing is served
//! that the OpenAPI document does not know.

mod activities;
mod body;
mod document;
mod events;
mod feed;
mod keys;
mod moc;
mod reference;
mod uploads;

use app::App;
use axum::Router;
use utoipa_axum::router::OpenApiRouter;

/// Everything with small bodies.
pub fn routes() -> Router<App> {
    Router::from(small()).merge(document::routes()).merge(reference::routes())
}

/// What takes files: no time limit, bodies up to the setting `upload_bytes`.
pub fn upload_routes() -> Router<App> {
    large().into()
}

fn small() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .merge(activities::routes())
        .merge(uploads::routes())
        .merge(events::routes())
        .merge(moc::routes())
}

fn large() -> OpenApiRouter<App> {
    OpenApiRouter::default().merge(activities::upload_routes()).merge(uploads::upload_routes())
}
