//! The history of a provider's uploads, newest first.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use domain::UploadId;
use domain::access::ProviderRole;
use serde::Deserialize;

use super::{grouped, status_words};
use crate::access::Viewer;
use crate::{Chrome, Page, Result, When};

const PER_PAGE: i64 = 25;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/uploads", get(list))
}

#[derive(Template)]
#[template(path = "uploads/list.html")]
struct Uploads {
    chrome: Chrome,
    uploads: Vec<UploadRow>,
    total: i64,
    page: u64,
    pages: u64,
    may_report: bool,
}

struct UploadRow {
    id: UploadId,
    name: String,
    received: When,
    by: String,
    status: (&'static str, &'static str),
    rows: String,
    accepted: String,
    refused: i64,
    refused_shown: String,
}

#[derive(Deserialize)]
struct Paged {
    page: Option<i64>,
}

async fn list(
    State(app): State<App>,
    Viewer { scope, .. }: Viewer,
    chrome: Chrome,
    Query(paged): Query<Paged>,
) -> Result<Page<impl Template>> {
    let page = paged.page.unwrap_or(1).clamp(1, 1_000_000);
    let mut tx = app.store.read().await?;
    let total = store::uploads::count(&mut tx, &scope).await?;
    let uploads = store::uploads::list(&mut tx, &scope, (page - 1) * PER_PAGE, PER_PAGE).await?;
    let row = |upload: store::uploads::Upload| UploadRow {
        id: upload.id,
        received: When::of(&app, upload.received_at),
        status: status_words(&upload),
        rows: grouped(upload.counts.rows),
        accepted: grouped(upload.counts.accepted),
        refused: upload.counts.refused,
        refused_shown: grouped(upload.counts.refused),
        by: upload.submitted_by_name,
        name: upload.file_name,
    };
    Ok(Page(Uploads {
        chrome,
        uploads: uploads.into_iter().map(row).collect(),
        total,
        page: page.unsigned_abs(),
        pages: (total.max(1) as u64).div_ceil(PER_PAGE as u64),
        may_report: scope.may(ProviderRole::LearnerData),
    }))
}
