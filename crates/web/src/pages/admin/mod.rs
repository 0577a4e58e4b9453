//! `/admin`: the accreditor's staff. How the whole stands, the registry with its physicians, what waits
//! for a person, merges and splits, and why a report was linked or not.
//!
//! Every page that shows a physician's record goes through `app`, which notes who looked.

mod changes;
mod claims;
mod evidence;
mod explain;
mod help;
mod merge;
mod operations;
mod organizations;
mod overview;
mod physician;
mod physicians;
mod preview;
pub(super) mod reference;
mod requests;
mod review;
mod reviews;
mod split;
mod standing;
mod trail;
mod undo;

use app::App;
use axum::Router;

pub fn routes() -> Router<App> {
    Router::new()
        .merge(operations::routes())
        .merge(overview::routes())
        .merge(physicians::routes())
        .merge(physician::routes())
        .merge(standing::routes())
        .merge(reviews::routes())
        .merge(review::routes())
        .merge(claims::routes())
        .merge(merge::routes())
        .merge(split::routes())
        .merge(changes::routes())
        .merge(undo::routes())
        .merge(explain::routes())
        .merge(reference::routes())
        .merge(organizations::routes())
        .merge(help::routes())
        .merge(requests::routes())
}

/// Forms that take files.
pub fn upload_routes() -> Router<App> {
    help::upload_routes()
}
