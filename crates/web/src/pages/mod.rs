//! Pages for people. Each module is one page or a few that belong together: struct, handler and form.

mod account;
mod activities;
mod activity_files;
mod admin;
mod api_clients;
mod board;
mod certifying;
mod invitation;
mod landing;
mod learners;
mod mailbox;
mod passport;
mod password;
mod provider;
mod reports;
mod sandbox;
mod sheet;
mod sign_in;
mod team;
mod token_rows;
mod uploads;
mod validate;
mod verify;
mod webhooks;
mod years;

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
        .merge(activities::routes())
        .merge(activity_files::routes())
        .merge(learners::routes())
        .merge(mailbox::routes())
        .merge(provider::routes())
        .merge(reports::routes())
        .merge(team::routes())
        .merge(uploads::routes())
        .merge(validate::routes())
        .merge(admin::routes())
        .merge(board::routes())
        .merge(certifying::routes())
        .merge(passport::routes())
        .merge(verify::routes())
        .merge(api_clients::routes())
        .merge(sandbox::routes())
        .merge(webhooks::routes())
        .merge(years::routes())
}

/// What takes files: no time limit, bodies up to the setting `upload_bytes`.
pub fn upload_routes() -> Router<App> {
    Router::new()
        .merge(activity_files::upload_routes())
        .merge(uploads::upload_routes())
        .merge(validate::upload_routes())
}
