//! A new upload: choose the file, state the permission, send. Also the templates to start from.

use app::uploads as app_uploads;
use app::{App, Error, Fault};
use askama::Template;
use axum::Router;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use crate::access::Reporter;
use crate::{Chrome, Faults, Page, REFUSED, Result, download, incoming};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/uploads/new", get(form)).route("/provider/uploads/templates/{name}", get(template))
}

pub(super) fn upload_routes() -> Router<App> {
    Router::new().route("/provider/uploads/new", post(receive))
}

#[derive(Template)]
#[template(path = "uploads/new.html")]
struct NewUpload {
    chrome: Chrome,
    faults: Faults,
    permission: bool,
    max_bytes: u64,
    max_megabytes: u64,
}

fn page(app: &App, chrome: Chrome, faults: Faults, permission: bool) -> NewUpload {
    let max_bytes = app.config.upload_bytes;
    NewUpload { chrome, faults, permission, max_bytes, max_megabytes: max_bytes >> 20 }
}

async fn form(State(app): State<App>, _: Reporter, chrome: Chrome) -> Page<impl Template> {
    Page(page(&app, chrome, Faults::none(), false))
}

async fn receive(
    State(app): State<App>,
    Reporter { session, .. }: Reporter,
    chrome: Chrome,
    form: Multipart,
) -> Result<Response> {
    let (permission, answer) = match incoming::read(&app, form).await {
        Ok(incoming) => (incoming.permission, accept(&app, &session, incoming).await),
        Err(crate::Error::App(error)) => (false, Err(error)),
        Err(other) => return Err(other),
    };
    match answer {
        Ok(received) => {
            let seen = if received.seen_before { "?seen=before" } else { "" };
            Ok(Redirect::to(&format!("/provider/uploads/{}{seen}", received.upload.id)).into_response())
        }
        Err(error) => {
            let faults = faults_of(error)?;
            Ok((REFUSED, Page(page(&app, chrome, faults, permission))).into_response())
        }
    }
}

async fn accept(
    app: &App,
    session: &crate::access::Session,
    incoming: incoming::Incoming,
) -> app::Result<app_uploads::Received> {
    let mut faults = Vec::new();
    if !incoming.permission {
        faults.push(Fault::new("permission", "Confirm that you hold each learner's permission."));
    }
    match incoming.file {
        Some((name, staged)) if faults.is_empty() => {
            app_uploads::receive(app, &session.actor, &session.name, &name, staged).await
        }
        Some(_) => {
            faults.push(Fault::new("file", "Choose the file again; a browser does not keep it."));
            Err(Error::Invalid(faults))
        }
        None => {
            faults.push(Fault::new("file", "Choose the file that holds your learners."));
            Err(Error::Invalid(faults))
        }
    }
}

/// Problems of the file stand beside the file; anything else is passed on.
fn faults_of(error: Error) -> Result<Faults> {
    match error {
        Error::Problems(problems) => {
            let say = |problem: domain::Problem| {
                Fault::new("file", format!("{} {}", problem.message(), problem.code.remedy()))
            };
            Ok(Faults::from(problems.into_iter().map(say).collect::<Vec<_>>()))
        }
        other => Faults::from_error(other),
    }
}

async fn template(State(app): State<App>, _: Reporter, Path(name): Path<String>) -> Result<Response> {
    let reference = app.reference.get();
    let internal = |error: formats::result::WriteError| Error::Internal(error.to_string());
    match name.as_str() {
        "learners.xlsx" => {
            let made = tokio::task::spawn_blocking(move || formats::template_xlsx(&reference)).await;
            let bytes = made.map_err(|error| Error::Internal(error.to_string()))?.map_err(internal)?;
            Ok(download::bytes(&name, formats::FileFormat::Xlsx.content_type(), bytes))
        }
        "learners.txt" => {
            let bytes = formats::template_tsv().map_err(internal)?;
            Ok(download::bytes(&name, "text/tab-separated-values; charset=utf-8", bytes))
        }
        "learners.xml" | "learners.json" => {
            let format = if name.ends_with("json") { formats::FileFormat::Json } else { formats::FileFormat::Xml };
            let bytes = formats::learners::template(format == formats::FileFormat::Json);
            let bytes = bytes.map_err(|error| Error::Internal(error.to_string()))?;
            Ok(download::bytes(&name, format.content_type(), bytes))
        }
        _ => Ok(StatusCode::NOT_FOUND.into_response()),
    }
}
