//! Web services for programs. Callers show a bearer token; failures are problem details (RFC 9457).
//!
//! Handlers come into the router together with what describes them (`routes!`), so nothing is served
//! that the OpenAPI document does not know.

mod activities;
mod activity_search;
mod body;
mod document;
mod events;
mod feed;
mod keys;
mod learner_match;
mod learners;
mod media;
mod moc;
mod reference;
mod remark;
pub(crate) mod svc;
mod transcript_document;
mod transcripts;
mod uploads;

use app::App;
use axum::Router;
use utoipa_axum::router::OpenApiRouter;

/// Everything with small bodies.
pub fn routes() -> Router<App> {
    services().merge(document::routes()).merge(reference::routes())
}

/// Calls with small bodies, without the pages about them.
pub fn services() -> Router<App> {
    small().into()
}

/// What takes files: no time limit, bodies up to the setting `upload_bytes`.
pub fn upload_routes() -> Router<App> {
    large().into()
}

fn small() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .merge(activities::routes())
        .merge(activity_search::routes())
        .merge(uploads::routes())
        .merge(learners::routes())
        .merge(events::routes())
        .merge(moc::routes())
        .merge(transcripts::routes())
}

fn large() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .merge(activities::upload_routes())
        .merge(uploads::upload_routes())
        .merge(learners::upload_routes())
        .merge(learner_match::upload_routes())
}
