//! One file of activities: live progress, then how its records ended, problems by frequency with the
//! remedy, the first records with problems, and the result to take away.

use app::App;
use app::activities::exchange::{self, ActivityFile, Ending, FileKind, Settled, Told, Which};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use domain::UploadId;
use domain::access::ProviderScope;
use domain::upload::UploadStatus;
use serde::Deserialize;

use crate::access::Viewer;
use crate::pages::uploads::grouped;
use crate::{Chrome, Fragment, Page, Result, When, download};

/// Refused records that the page itself shows; the result file has all.
const SHOWN: i64 = 50;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/provider/activities/files/{id}", get(show))
        .route("/provider/activities/files/{id}/progress", get(progress))
        .route("/provider/activities/files/{id}/result", get(result))
}

#[derive(Template)]
#[template(path = "activity_files/show.html")]
struct ShowFile {
    chrome: Chrome,
    name: String,
    what: &'static str,
    received: When,
    by: String,
    progress: Progress,
}

/// What changes while records are read: the answer of the progress address.
#[derive(Template)]
#[template(path = "activity_files/progress.html")]
struct Progress {
    id: UploadId,
    title: &'static str,
    say: String,
    tab: String,
    share: u64,
    is_done: bool,
    note: &'static str,
    figures: Vec<(&'static str, String)>,
    file_problems: Vec<Told>,
    problems: Vec<ProblemRow>,
    refused: Vec<Settled>,
    /// Refused records beyond those shown.
    more: String,
    has_refused: bool,
    has_records: bool,
}

struct ProblemRow {
    code: String,
    title: &'static str,
    remedy: &'static str,
    is_warning: bool,
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
    let (file, progress) = find(&app, &scope, id).await?;
    let chrome = match seen.seen.as_deref() {
        Some("before") => chrome.with_notice(
            "info",
            "This file was sent before",
            "These are the very same bytes, so nothing was read again. This is the earlier file.",
        ),
        _ => chrome,
    };
    let what = match file.kind {
        FileKind::Activities => "A file of activities",
        FileKind::Counts => "Learner counts",
    };
    let received = When::of(&app, file.received_at);
    Ok(Page(ShowFile { chrome, name: file.file_name, what, received, by: file.submitter.name, progress }))
}

async fn progress(
    State(app): State<App>,
    Viewer { scope, .. }: Viewer,
    Path(id): Path<UploadId>,
) -> Result<Fragment<impl Template>> {
    Ok(Fragment(find(&app, &scope, id).await?.1))
}

async fn find(app: &App, scope: &ProviderScope, id: UploadId) -> Result<(ActivityFile, Progress)> {
    let file = exchange::find(app, scope, id).await?;
    let mut tx = app.store.read().await?;
    let problems = store::activity_files::problem_counts(&mut tx, scope, id).await?;
    let refused = if file.status.is_over() {
        store::activity_files::list_records(&mut tx, scope, id, Which::Refused, i64::MIN, SHOWN).await?
    } else {
        Vec::new()
    };
    let progress = Progress::of(&file, problems, refused);
    Ok((file, progress))
}

impl Progress {
    fn of(file: &ActivityFile, problems: Vec<(String, bool, i64)>, refused: Vec<Settled>) -> Self {
        let is_done = file.status.is_over();
        let title = match file.status {
            UploadStatus::Received => "Waiting for its turn",
            UploadStatus::Processing => "Reading the file",
            UploadStatus::Failed => "The file could not be read to its end",
            UploadStatus::Done => "All records are settled",
        };
        let (counts, share) = (&file.counts, (file.read_permille / 10).clamp(0, 100).unsigned_abs());
        let mut figures = vec![("Records read", grouped(counts.all()))];
        figures.extend(Ending::ALL.iter().map(|ending| (ending.label(), grouped(counts.of(*ending)))));
        let say = match is_done {
            true => format!("{title}. {} records, {} refused.", grouped(counts.all()), grouped(counts.refused)),
            false => format!("{share} percent read, {} records refused.", grouped(counts.refused)),
        };
        let row = |(code, is_warning, count): (String, bool, i64)| {
            let (title, remedy) = exchange::title_of(&code).unwrap_or_default();
            let share = (count * 100 / counts.all().max(1)).clamp(0, 100).unsigned_abs();
            ProblemRow { code, title, remedy, is_warning, count: grouped(count), share }
        };
        let beyond = counts.refused - refused.len() as i64;
        Self {
            id: file.id,
            title,
            say,
            tab: if is_done { file.file_name.clone() } else { format!("{share}%: {}", file.file_name) },
            share,
            is_done,
            note: if is_done { "" } else { "You may close this page. Reading goes on, and the result will be here." },
            figures,
            file_problems: file.problems.clone(),
            problems: problems.into_iter().map(row).collect(),
            more: if is_done && beyond > 0 { grouped(beyond) } else { String::new() },
            refused,
            has_refused: counts.refused > 0,
            has_records: counts.all() > 0,
        }
    }
}

#[derive(Deserialize)]
struct WhichRecords {
    records: Option<String>,
}

async fn result(
    State(app): State<App>,
    Viewer { scope, .. }: Viewer,
    Path(id): Path<UploadId>,
    Query(which): Query<WhichRecords>,
) -> Result<Response> {
    let which = if which.records.as_deref() == Some("refused") { Which::Refused } else { Which::All };
    download::result_file(exchange::result_file(&app, &scope, id, which).await?).await
}
