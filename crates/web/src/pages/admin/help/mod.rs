//! `/admin/help`: the accreditor's staff write, publish and order the pages of the help.

mod edit;
mod list;
mod slides;
mod versions;

use app::App;
use axum::Router;
use domain::help::{Category, Status};

pub(super) fn routes() -> Router<App> {
    Router::new().merge(list::routes()).merge(edit::routes()).merge(versions::routes()).merge(slides::routes())
}

/// The form that takes a file.
pub fn upload_routes() -> Router<App> {
    slides::upload_routes()
}

/// The shape that stands for a status.
fn shape(status: Status) -> &'static str {
    match status {
        Status::Draft => "draft",
        Status::Published => "good",
        Status::Archived => "closed",
    }
}

/// Categories as a form offers them, with whom each is for.
fn categories() -> Vec<(&'static str, String)> {
    let named =
        |category: &Category| (category.code(), format!("{}: {}", category.audience().label(), category.label()));
    Category::ALL.iter().map(named).collect()
}
