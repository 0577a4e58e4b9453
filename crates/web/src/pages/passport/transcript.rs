//! `/passport/transcript`: the physician's official transcript as page, PDF, JSON, CSV, workbook and digital credential.

use std::sync::Arc;

use app::credentials::{self, Holder};
use app::{App, transcripts};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use crate::access::{PhysicianVisitor, Session};
use crate::pages::sheet::{self, Choice, FileForm, FilterQuery};
use crate::{Chrome, Faults, Page, REFUSED, Result, download};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/passport/transcript", get(show))
        .route("/passport/transcript.pdf", get(pdf))
        .route("/passport/transcript.json", get(json))
        .route("/passport/transcript.csv", get(csv))
        .route("/passport/transcript.xlsx", get(xlsx))
        .route("/passport/transcript/credential", get(credential_page))
        .route("/passport/transcript/credential.jwt", get(credential))
}

#[derive(Template)]
#[template(path = "passport/transcript.html")]
struct TranscriptPage {
    chrome: Chrome,
    choice: Choice,
    /// Nothing where the choice was refused.
    sheet: Option<Arc<str>>,
}

async fn show(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Query(given): Query<FilterQuery>,
) -> Result<Response> {
    let filter = match given.filter() {
        Ok(filter) => filter,
        Err(error) => {
            let choice = Choice::refused(given, Faults::from_error(error)?);
            return Ok((REFUSED, Page(TranscriptPage { chrome, choice, sheet: None })).into_response());
        }
    };
    let official = transcripts::own(&app, &visitor.session.actor, &visitor.scope, filter).await?;
    let sheet = sheet::html(&app, &official, "/passport/completions")?;
    let choice = Choice::of(&app, given, &official);
    Ok(Page(TranscriptPage { chrome, choice, sheet: Some(sheet) }).into_response())
}

async fn file(app: &App, visitor: &PhysicianVisitor, given: &FilterQuery, form: FileForm) -> Result<Response> {
    let official = transcripts::own(app, &visitor.session.actor, &visitor.scope, given.filter()?).await?;
    sheet::file(app, &official, form).await
}

async fn pdf(State(app): State<App>, visitor: PhysicianVisitor, Query(given): Query<FilterQuery>) -> Result<Response> {
    file(&app, &visitor, &given, FileForm::Pdf).await
}

async fn json(State(app): State<App>, visitor: PhysicianVisitor, Query(given): Query<FilterQuery>) -> Result<Response> {
    file(&app, &visitor, &given, FileForm::Json).await
}

async fn csv(State(app): State<App>, visitor: PhysicianVisitor, Query(given): Query<FilterQuery>) -> Result<Response> {
    file(&app, &visitor, &given, FileForm::Csv).await
}

async fn xlsx(State(app): State<App>, visitor: PhysicianVisitor, Query(given): Query<FilterQuery>) -> Result<Response> {
    file(&app, &visitor, &given, FileForm::Xlsx).await
}

#[derive(Template)]
#[template(path = "passport/credential.html")]
struct CredentialPage {
    chrome: Chrome,
    email: String,
    range: String,
    given: FilterQuery,
}

/// What a credential is, and how it shall name its holder.
async fn credential_page(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Query(given): Query<FilterQuery>,
) -> Result<Page<impl Template>> {
    let range = transcripts::range_words(&given.filter()?, &app.reference.get());
    Ok(Page(CredentialPage { chrome, email: visitor.session.email, range, given }))
}

/// How the credential names its holder: `email` for the address in clear, anything else for the scrambled one.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Named {
    holder: String,
}

impl Named {
    pub(super) fn holder(&self, session: &Session) -> Holder {
        match self.holder.as_str() {
            "email" => Holder::Email(session.email.clone()),
            _ => Holder::ScrambledEmail(session.email.clone()),
        }
    }
}

async fn credential(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    Query(given): Query<FilterQuery>,
    Query(named): Query<Named>,
) -> Result<Response> {
    let holder = named.holder(&visitor.session);
    let issued = credentials::own(&app, &visitor.session.actor, &visitor.scope, given.filter()?, &holder).await?;
    Ok(download::credential("transcript", &issued))
}
