//! Web services for programs. Callers show a bearer token; failures are problem details (RFC 9457).

mod activities;
mod uploads;

use app::App;
use axum::Router;

/// Everything with small bodies.
pub fn routes() -> Router<App> {
    Router::new().merge(activities::routes()).merge(uploads::routes())
}

/// What takes files: no time limit, bodies up to the setting `upload_bytes`.
pub fn upload_routes() -> Router<App> {
    Router::new().merge(activities::upload_routes()).merge(uploads::upload_routes())
}
