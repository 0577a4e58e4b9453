//! Pages for people. Each module is one page or a few that belong together: struct, handler and form.

mod account;
pub(crate) mod activities;
mod activity_files;
mod activity_search;
mod admin;
pub(crate) mod announcements;
mod api_clients;
mod board;
mod board_programs;
mod certifying;
mod contact;
mod credentials;
mod directory;
pub(crate) mod factors;
mod help;
mod invitation;
mod landing;
mod learners;
pub(crate) mod lost_factors;
mod mailbox;
mod mark;
mod missing_credit;
mod own_credit;
mod passport;
mod password;
mod provider;
mod reports;
mod requirements;
pub(crate) mod rosters;
mod sandbox;
mod shared;
mod sheet;
mod sign_in;
mod status;
mod team;
mod token_rows;
mod transparency;
mod unsubscribe;
mod uploads;
mod validate;
mod verify;
mod webhooks;
mod year_report;
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
        .merge(announcements::routes())
        .merge(year_report::routes())
        .merge(factors::routes())
        .merge(activities::routes())
        .merge(activity_files::routes())
        .merge(activity_search::routes())
        .merge(contact::routes())
        .merge(help::routes())
        .merge(learners::routes())
        .merge(lost_factors::routes())
        .merge(directory::routes())
        .merge(mailbox::routes())
        .merge(mark::routes())
        .merge(missing_credit::routes())
        .merge(own_credit::routes())
        .merge(provider::routes())
        .merge(reports::routes())
        .merge(team::routes())
        .merge(uploads::routes())
        .merge(validate::routes())
        .merge(admin::routes())
        .merge(board::routes())
        .merge(board_programs::routes())
        .merge(certifying::routes())
        .merge(passport::routes())
        .merge(requirements::routes())
        .merge(rosters::routes())
        .merge(verify::routes())
        .merge(shared::routes())
        .merge(unsubscribe::routes())
        .merge(credentials::routes())
        .merge(api_clients::routes())
        .merge(sandbox::routes())
        .merge(status::routes())
        .merge(transparency::routes())
        .merge(webhooks::routes())
        .merge(years::routes())
}

/// What takes files: no time limit, bodies up to the setting `upload_bytes`.
pub fn upload_routes() -> Router<App> {
    Router::new()
        .merge(activity_files::upload_routes())
        .merge(admin::upload_routes())
        .merge(board::upload_routes())
        .merge(missing_credit::upload_routes())
        .merge(own_credit::upload_routes())
        .merge(rosters::upload_routes())
        .merge(uploads::upload_routes())
        .merge(validate::upload_routes())
        .merge(verify::upload_routes())
}
