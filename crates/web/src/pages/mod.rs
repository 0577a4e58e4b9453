//! Pages for people. Each module is one page or a few that belong together: struct, handler and form.

mod account;
mod api_clients;
mod invitation;
mod landing;
mod learners;
mod mailbox;
mod password;
mod sign_in;
mod team;
mod uploads;

use app::App;
use axum::Router;

/// Everything with small bodies.
pub fn routes() -> Router<App> {
    Router::new()
        .merge(landing::routes())
        .merge(sign_in::routes())
        .merge(password::routes())
        .merge(invitation::routes())
        .merge(account::routes())
        .merge(learners::routes())
        .merge(mailbox::routes())
        .merge(team::routes())
        .merge(uploads::routes())
        .merge(api_clients::routes())
}

/// What takes files: no time limit, bodies up to the setting `upload_bytes`.
pub fn upload_routes() -> Router<App> {
    Router::new().merge(uploads::upload_routes())
}
