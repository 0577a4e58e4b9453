//! The list of learners as a file: what the page's filter shows, one line for each destination.

use app::App;
use app::learners::download;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;

use super::asked::Asked;
use crate::access::Viewer;
use crate::download::result_file;
use crate::{Error, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/learners/download", get(file))
}

async fn file(State(app): State<App>, Viewer { session, .. }: Viewer, Query(asked): Query<Asked>) -> Result<Response> {
    let as_workbook = match asked.r#as.as_str() {
        "xlsx" => true,
        "csv" => false,
        _ => return Err(Error::App(app::Error::NotFound)),
    };
    result_file(download(&app, &session.actor, &asked.search(&app), asked.sort(), as_workbook).await?).await
}
