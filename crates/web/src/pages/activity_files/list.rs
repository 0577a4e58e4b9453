//! The files of activities that the provider sent, newest first, and the ways to take a list away.

use app::App;
use app::activities::exchange::ExportFormat;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use domain::UploadId;
use domain::access::ProviderRole;

use super::status_words;
use crate::access::Viewer;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result, When};

/// Files shown: what is older is still found by its address.
const MOST: i64 = 200;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/activities/files", get(list))
}

#[derive(Template)]
#[template(path = "activity_files/list.html")]
struct Files {
    chrome: Chrome,
    files: Vec<Row>,
    formats: Vec<(&'static str, &'static str)>,
    may_send: bool,
}

struct Row {
    id: UploadId,
    name: String,
    by: String,
    status: (&'static str, &'static str),
    received: When,
    records: String,
    saved: String,
    refused: String,
}

async fn list(State(app): State<App>, Viewer { scope, .. }: Viewer, chrome: Chrome) -> Result<Page<impl Template>> {
    let mut tx = app.store.read().await?;
    let files = store::activity_files::list(&mut tx, &scope, MOST).await?;
    let rows = files.into_iter().map(|file| Row {
        id: file.id,
        status: status_words(&file),
        received: When::of(&app, file.received_at),
        records: grouped(file.counts.all()),
        saved: grouped(file.counts.all() - file.counts.refused - file.counts.unchanged),
        refused: grouped(file.counts.refused),
        by: file.submitter.name,
        name: file.file_name,
    });
    Ok(Page(Files {
        chrome,
        files: rows.collect(),
        formats: ExportFormat::ALL.iter().map(|format| (format.code(), format.label())).collect(),
        may_send: scope.may(ProviderRole::Editor),
    }))
}
