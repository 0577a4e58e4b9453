//! One upload: live progress, then counts, problems by frequency with how to fix them, and the
//! result to take away.

use app::App;
use app::uploads::{self as app_uploads, RESUBMIT_UPLOAD, Which};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::access::{ProviderRole, ProviderScope};
use domain::upload::UploadStatus;
use domain::{Code, UploadId};
use serde::Deserialize;
use store::uploads::{Source, Upload};

use super::{column_alerts, grouped};
use crate::access::{Reporter, Viewer};
use crate::{Chrome, Fragment, Page, Result, When, download};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/provider/uploads/{id}", get(show))
        .route("/provider/uploads/{id}/progress", get(progress))
        .route("/provider/uploads/{id}/result", get(result))
        .route("/provider/uploads/{id}/resubmit", post(resubmit))
}

#[derive(Template)]
#[template(path = "uploads/show.html")]
struct ShowUpload {
    chrome: Chrome,
    name: String,
    received: When,
    by: String,
    permission_on: String,
    progress: Progress,
}

/// What changes while rows are read: the answer of the progress address.
#[derive(Template)]
#[template(path = "uploads/progress.html")]
struct Progress {
    id: UploadId,
    title: String,
    say: String,
    tab: String,
    share: u64,
    is_done: bool,
    is_failed: bool,
    note: &'static str,
    figures: Vec<(&'static str, String)>,
    file_problems: Vec<(String, &'static str)>,
    column_alerts: Vec<(&'static str, String)>,
    problems: Vec<ProblemRow>,
    refused: i64,
    has_rows: bool,
    /// Of a request no file is kept, so there are no rows with results to take away but the refused ones.
    has_file: bool,
    may_correct: bool,
}

struct ProblemRow {
    code: Code,
    count: String,
    share: u64,
}

#[derive(Deserialize)]
struct Seen {
    seen: Option<String>,
}

async fn show(
    State(app): State<App>,
    Viewer { scope, .. }: Viewer,
    chrome: Chrome,
    Path(id): Path<UploadId>,
    Query(seen): Query<Seen>,
) -> Result<Page<impl Template>> {
    let (upload, progress) = find(&app, &scope, id).await?;
    let chrome = match seen.seen.as_deref() {
        Some("before") => chrome.with_notice(
            "info",
            "This file was uploaded before",
            "These are the very same bytes, so nothing was read again. This is the earlier upload.",
        ),
        Some("again") => chrome.with_notice("success", "The refused rows are sent again", "See below how far it is."),
        _ => chrome,
    };
    let received = When::of(&app, upload.received_at);
    let permission_on = domain::check::us_date(upload.permission_on);
    Ok(Page(ShowUpload {
        chrome,
        name: upload.file_name,
        received,
        by: upload.submitted_by_name,
        permission_on,
        progress,
    }))
}

async fn progress(
    State(app): State<App>,
    Viewer { scope, .. }: Viewer,
    Path(id): Path<UploadId>,
) -> Result<Fragment<impl Template>> {
    Ok(Fragment(find(&app, &scope, id).await?.1))
}

async fn find(app: &App, scope: &ProviderScope, id: UploadId) -> Result<(Upload, Progress)> {
    let mut tx = app.store.read().await?;
    let upload = store::uploads::find(&mut tx, scope, id).await?.filter(|upload| upload.source != Source::Form);
    let upload = upload.ok_or(app::Error::NotFound)?;
    let counts = store::upload_rows::problem_counts(&mut tx, scope, id).await?;
    let is_resubmitted = store::jobs::is_open(&mut tx, RESUBMIT_UPLOAD, &id.to_string()).await?;
    let progress = Progress::of(app, scope, &upload, counts, is_resubmitted);
    Ok((upload, progress))
}

impl Progress {
    fn of(app: &App, scope: &ProviderScope, upload: &Upload, counts: Vec<(Code, i64)>, is_resubmitted: bool) -> Self {
        let is_done = upload.status.is_over() && !is_resubmitted;
        let is_failed = upload.status == UploadStatus::Failed;
        let title = match (upload.status, is_resubmitted) {
            (_, true) => "Sending the refused rows again",
            (UploadStatus::Received, _) => "Waiting for its turn",
            (UploadStatus::Processing, _) => "Reading the file",
            (UploadStatus::Failed, _) => "The file was refused",
            (UploadStatus::Done, _) => "All rows are settled",
        };
        let rows = &upload.counts;
        let mut figures = vec![
            ("Rows read", grouped(rows.rows)),
            ("Accepted", grouped(rows.accepted)),
            ("Refused", grouped(rows.refused)),
            ("Already reported", grouped(rows.already_reported)),
            ("Deleted", grouped(rows.deleted)),
        ];
        figures.extend(speed(app, upload));
        let share = (upload.read_permille / 10).clamp(0, 100).unsigned_abs();
        let refused = rows.refused;
        let say = match is_done {
            true => format!("{title}. {} accepted, {} refused.", grouped(rows.accepted), grouped(refused)),
            false => format!("{share} percent read, {} rows refused.", grouped(refused)),
        };
        let row = |(code, count): (Code, i64)| ProblemRow {
            code,
            count: grouped(count),
            share: (count * 100 / refused.max(1)).clamp(0, 100).unsigned_abs(),
        };
        let of_file = upload.problems.iter().filter(|problem| problem.stretch().is_none());
        Self {
            id: upload.id,
            title: title.to_owned(),
            say,
            tab: if is_done { upload.file_name.clone() } else { format!("{share}%: {}", upload.file_name) },
            share,
            is_done,
            is_failed,
            note: match (is_done, upload.source) {
                (false, _) => "You may close this page. Reading goes on, and the result will be under Uploads.",
                (true, Source::Service) => {
                    "A program sent this as a request and was answered report by report. No file of it is kept; what \
                     was refused waits here."
                }
                (true, _) => "",
            },
            figures,
            file_problems: of_file.map(|p| (p.message(), p.code.remedy())).collect(),
            column_alerts: column_alerts(upload, &counts),
            problems: counts.into_iter().map(row).collect(),
            refused,
            has_rows: rows.rows > 0,
            has_file: upload.source == Source::File,
            may_correct: scope.may(ProviderRole::LearnerData),
        }
    }
}

/// Rows per second, and while it runs, the time left by the share of the file that is read.
fn speed(app: &App, upload: &Upload) -> Vec<(&'static str, String)> {
    let Some(started) = upload.started_at else { return Vec::new() };
    let micros = upload.finished_at.unwrap_or_else(|| app.clock.now()) - started;
    if micros < 1_000 {
        return Vec::new(); // too short to tell; in a demo's past, time stood still
    }
    let per_second = upload.counts.rows.saturating_mul(1_000_000) / micros;
    let mut figures = vec![("Rows per second", grouped(per_second))];
    if upload.finished_at.is_none() && upload.read_permille > 0 {
        let left = micros.saturating_mul(1_000 - upload.read_permille) / upload.read_permille / 1_000_000;
        figures.push(("Time left", duration(left)));
    }
    figures
}

pub(crate) fn duration(seconds: i64) -> String {
    match seconds {
        ..5 => "a moment".to_owned(),
        5..90 => format!("{seconds} s"),
        _ => format!("{} min", (seconds + 30) / 60),
    }
}

#[derive(Deserialize)]
struct WhichRows {
    rows: Option<String>,
}

async fn result(
    State(app): State<App>,
    Viewer { scope, .. }: Viewer,
    Path(id): Path<UploadId>,
    Query(which): Query<WhichRows>,
) -> Result<Response> {
    let which = if which.rows.as_deref() == Some("refused") { Which::Refused } else { Which::All };
    download::result_file(app_uploads::result_file(&app, &scope, id, which).await?).await
}

async fn resubmit(
    State(app): State<App>,
    Reporter { session, .. }: Reporter,
    Path(id): Path<UploadId>,
) -> Result<Response> {
    app_uploads::resubmit(&app, &session.actor, id).await?;
    Ok(Redirect::to(&format!("/provider/uploads/{id}?seen=again")).into_response())
}
