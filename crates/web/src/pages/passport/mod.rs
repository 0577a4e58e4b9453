//! The physician's side: the account and how to get it, the credit on record, the transcript, and
//! who looked at it.

mod access;
mod audits;
mod claim;
mod completion;
mod dashboard;
mod gaps;
mod requirements;
mod sharing;
mod transcript;

use app::App;
use axum::Router;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .merge(dashboard::routes())
        .merge(requirements::routes())
        .merge(claim::routes())
        .merge(transcript::routes())
        .merge(completion::routes())
        .merge(access::routes())
        .merge(audits::routes())
        .merge(sharing::routes())
}
