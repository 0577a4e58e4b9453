//! The physician's side: the account and how to get it, the credit on record, the transcript, and
//! who looked at it.

mod access;
mod claim;
mod dashboard;
mod transcript;

use app::App;
use axum::Router;

pub(super) fn routes() -> Router<App> {
    Router::new().merge(dashboard::routes()).merge(claim::routes()).merge(transcript::routes()).merge(access::routes())
}
