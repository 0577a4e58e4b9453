//! `/passport/completions/...`: one completion by itself, with its certificate and its digital credential.

use app::credentials;
use app::{App, transcripts};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use domain::CompletionId;
use domain::transcript::Filter;

use super::transcript::Named;
use crate::access::PhysicianVisitor;
use crate::pages::sheet::{self, Row};
use crate::{Chrome, Page, Result, download};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/passport/completions/{completion}", get(show))
        .route("/passport/completions/{completion}/certificate.pdf", get(certificate))
        .route("/passport/completions/{completion}/credential.jwt", get(credential))
}

#[derive(Template)]
#[template(path = "passport/completion.html")]
struct CompletionPage {
    chrome: Chrome,
    row: Row,
    path: String,
    activity: String,
    /// Whether any of its credit is part of a total: nothing else can be proven.
    counts: bool,
    email: String,
}

fn read(id: &str) -> Result<CompletionId> {
    Ok(id.parse().map_err(|_| app::Error::NotFound)?)
}

async fn show(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Path(id): Path<String>,
) -> Result<Page<impl Template>> {
    let id = read(&id)?;
    let (_, completions) = transcripts::own_record(&app, &visitor.scope).await?;
    let mut completion = completions.into_iter().find(|one| one.id == id).ok_or(app::Error::NotFound)?;
    // in the order of the transcript
    completion.credits.sort_by_key(|credit| credit.kind);
    Ok(Page(CompletionPage {
        chrome,
        row: sheet::row(&completion, &app.reference.get()),
        path: format!("/passport/completions/{id}"),
        activity: completion.activity.to_string(),
        counts: completion.credits.iter().any(transcripts::counts),
        email: visitor.session.email,
    }))
}

async fn certificate(State(app): State<App>, visitor: PhysicianVisitor, Path(id): Path<String>) -> Result<Response> {
    let official = transcripts::own_completion(&app, &visitor.session.actor, &visitor.scope, read(&id)?).await?;
    let pdf = transcripts::certificate(&app, &official).await?;
    Ok(download::bytes(&format!("certificate-{}.pdf", official.code), "application/pdf", pdf))
}

async fn credential(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    Path(id): Path<String>,
    Query(named): Query<Named>,
) -> Result<Response> {
    let filter = Filter { completion: Some(read(&id)?), ..Filter::default() };
    let holder = named.holder(&visitor.session);
    let issued = credentials::own(&app, &visitor.session.actor, &visitor.scope, filter, &holder).await?;
    Ok(download::credential("completion", &issued))
}
