//! `/passport/requirements`: each license of the physician with its cycle, what is missing and by when, and why each
//! completion counts.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;

use super::gaps::{self, LicenseView};
use crate::access::PhysicianVisitor;
use crate::{Chrome, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/passport/requirements", get(show))
}

#[derive(Template)]
#[template(path = "passport/requirements.html")]
struct Requirements {
    chrome: Chrome,
    physician: String,
    licenses: Vec<LicenseView>,
    has_examples: bool,
}

async fn show(State(app): State<App>, visitor: PhysicianVisitor, chrome: Chrome) -> Result<Page<impl Template>> {
    let found = app::requirements::own(&app, &visitor.scope).await?;
    let (_, completions) = app::transcripts::own_record(&app, &visitor.scope).await?;
    let licenses = gaps::views(&found, &completions, &app.reference.get());
    Ok(Page(Requirements {
        chrome,
        physician: found.physician.full_name(),
        has_examples: licenses.iter().any(|license| license.is_example),
        licenses,
    }))
}
