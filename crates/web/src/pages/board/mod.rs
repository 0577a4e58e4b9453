//! A licensing board's pages: its licensees and what they have earned.

mod access_log;
mod audits;
mod evidence;
mod figures;
mod licensees;
mod lists;
mod received;
mod requirements;
mod statistics;

use app::App;
use axum::Router;

pub fn routes() -> Router<App> {
    Router::new()
        .merge(licensees::routes())
        .merge(received::routes())
        .merge(access_log::routes())
        .merge(requirements::routes())
        .merge(lists::routes())
        .merge(audits::routes())
        .merge(statistics::routes())
}

pub fn upload_routes() -> Router<App> {
    lists::upload_routes()
}
