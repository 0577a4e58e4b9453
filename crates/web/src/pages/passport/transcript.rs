//! `/passport/transcript`: the physician's official transcript as page, PDF and JSON.

use app::App;
use app::transcripts;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;

use crate::access::PhysicianVisitor;
use crate::pages::sheet::{self, FilterQuery, Sheet};
use crate::{Chrome, Page, Result, download};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/passport/transcript", get(show))
        .route("/passport/transcript.pdf", get(pdf))
        .route("/passport/transcript.json", get(json))
}

#[derive(Template)]
#[template(path = "passport/transcript.html")]
struct TranscriptPage {
    chrome: Chrome,
    sheet: Sheet,
    given: FilterQuery,
    kinds: Vec<(String, String)>,
    query: String,
}

async fn show(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Query(given): Query<FilterQuery>,
) -> Result<Page<impl Template>> {
    let official = transcripts::own(&app, &visitor.session.actor, &visitor.scope, given.filter()).await?;
    let sheet = Sheet::of(&app, &official);
    let kinds = sheet::kinds(&app, &official);
    let query = given.as_query();
    Ok(Page(TranscriptPage { chrome, sheet, given, kinds, query }))
}

async fn pdf(State(app): State<App>, visitor: PhysicianVisitor, Query(given): Query<FilterQuery>) -> Result<Response> {
    let official = transcripts::own(&app, &visitor.session.actor, &visitor.scope, given.filter()).await?;
    let pdf = transcripts::pdf(&app, &official).await?;
    Ok(download::bytes(&format!("transcript-{}.pdf", official.code), "application/pdf", pdf))
}

async fn json(State(app): State<App>, visitor: PhysicianVisitor, Query(given): Query<FilterQuery>) -> Result<Response> {
    let official = transcripts::own(&app, &visitor.session.actor, &visitor.scope, given.filter()).await?;
    let json = transcripts::json(&app, &official)?;
    Ok(download::bytes(&format!("transcript-{}.json", official.code), "application/json", json.into_bytes()))
}
