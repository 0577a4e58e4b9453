//! One import: live progress, what it would change before anybody lets it in, what it did, its rows with problems, and
//! the file to take away.

use std::collections::HashMap;

use app::rosters::imports::{self, Preview, RegistryImport, State, preview_of};
use app::{App, physicians};
use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State as Of};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::{PhysicianId, RegistryImportId};
use serde::Deserialize;
use store::physicians::Physician;
use store::registry_imports::Sender;
use tokio_util::io::ReaderStream;

use super::progress::{IssuerRow, Progress, issuer_row};
use super::{kind_words, sender_words};
use crate::access::RosterSender;
use crate::pages::uploads::grouped;
use crate::{Chrome, Faults, Fragment, Page, Result, When, download};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/imports/{import}", get(show))
        .route("/board/roster/{import}", get(show))
        .route("/certifying/roster/{import}", get(show))
        .route("/admin/imports/{import}/progress", get(progress))
        .route("/board/roster/{import}/progress", get(progress))
        .route("/certifying/roster/{import}/progress", get(progress))
        .route("/admin/imports/{import}/problems.csv", get(problems))
        .route("/board/roster/{import}/problems.csv", get(problems))
        .route("/certifying/roster/{import}/problems.csv", get(problems))
        .route("/admin/imports/{import}/file", get(file))
        .route("/board/roster/{import}/file", get(file))
        .route("/certifying/roster/{import}/file", get(file))
}

#[derive(Template)]
#[template(path = "rosters/show.html")]
struct ShowImport {
    chrome: Chrome,
    base: &'static str,
    id: String,
    name: String,
    kind: &'static str,
    received: When,
    by: String,
    is_whole: bool,
    size: String,
    digest: String,
    approved: Option<(String, When)>,
    finished: Option<When>,
    faults: Faults,
    part: Part,
}

/// What changes while a job works: the answer of the progress address.
#[derive(Template)]
#[template(path = "rosters/part.html")]
struct Part {
    progress: Progress,
    base: &'static str,
    id: String,
    is_staff: bool,
    preview: Option<View>,
    /// Whether the import can be let in, and what was typed.
    waits: bool,
    may_approve: bool,
    typed_ends: String,
    typed_reason: String,
    faults: Faults,
    can_repeat: bool,
}

/// What a roster would change, or has changed.
struct View {
    changes_nothing: bool,
    is_braked: bool,
    percent: i32,
    ends_shown: String,
    ends_absent: bool,
    is_whole: bool,
    issuers: Vec<IssuerRow>,
    changes: Vec<ChangeRow>,
    more_changes: String,
    names: Vec<NameRow>,
    more_names: String,
    absent: Vec<AbsentRow>,
    more_absent: String,
}

struct ChangeRow {
    row: String,
    number: String,
    name: String,
    before: String,
    after: String,
    ends: bool,
}

struct NameRow {
    row: String,
    number: String,
    said: String,
    /// ID and name on record; staff alone see them.
    record: Option<(String, String)>,
}

struct AbsentRow {
    number: String,
    record: Option<(String, String)>,
}

/// Examples of each kind on the page.
const SHOWN: usize = 25;

#[derive(Deserialize, Default)]
struct Seen {
    seen: Option<String>,
}

async fn show(
    Of(app): Of<App>,
    visitor: RosterSender,
    chrome: Chrome,
    Path(import): Path<String>,
    Query(seen): Query<Seen>,
) -> Result<Page<impl Template>> {
    let chrome = match seen.seen.as_deref() {
        Some("before") => chrome.with_notice(
            "info",
            "This file was sent before",
            "These are the very same bytes, so nothing was read again. This is the earlier import; compare the file \
             once more below if the registry has changed since.",
        ),
        Some("let-in") => chrome.with_notice("success", "The roster is let in", "See below how far it is."),
        Some("stopped") => chrome.with_notice("success", "The roster is not let in", "Nothing of it was done."),
        _ => chrome,
    };
    page(&app, &visitor, chrome, id_of(&import)?, Faults::none(), ("", "")).await
}

pub(super) fn id_of(text: &str) -> Result<RegistryImportId> {
    Ok(text.parse().map_err(|_| app::Error::NotFound)?)
}

/// The page, with what was typed and refused: how many end, and a reason.
pub(super) async fn page(
    app: &App,
    visitor: &RosterSender,
    chrome: Chrome,
    id: RegistryImportId,
    faults: Faults,
    typed: (&str, &str),
) -> Result<Page<impl Template + use<>>> {
    let import = imports::find(app, &visitor.sender, id).await?;
    let part = part(app, visitor, &import, faults.clone(), typed).await?;
    Ok(Page(ShowImport {
        base: visitor.base,
        id: id.to_string(),
        kind: kind_words(&import.kind),
        received: When::of(app, import.received_at),
        by: sender_words(&import),
        is_whole: import.is_whole,
        size: size(import.file_bytes),
        digest: import.digest.clone(),
        approved: import.approved_at.map(|at| (import.approved_by_name.clone(), When::of(app, at))),
        finished: import.finished_at.map(|at| When::of(app, at)),
        name: import.file_name,
        faults,
        part,
        chrome,
    }))
}

fn size(bytes: i64) -> String {
    match bytes {
        ..1_024 => format!("{bytes} bytes"),
        1_024..1_048_576 => format!("{} KB", bytes >> 10),
        _ => format!("{} MB", grouped(bytes >> 20)),
    }
}

async fn progress(
    Of(app): Of<App>,
    visitor: RosterSender,
    Path(import): Path<String>,
) -> Result<Fragment<impl Template>> {
    let import = imports::find(&app, &visitor.sender, id_of(&import)?).await?;
    Ok(Fragment(part(&app, &visitor, &import, Faults::none(), ("", "")).await?))
}

async fn part(
    app: &App,
    visitor: &RosterSender,
    import: &RegistryImport,
    faults: Faults,
    (typed_ends, typed_reason): (&str, &str),
) -> Result<Part> {
    let is_staff = matches!(visitor.sender, Sender::Staff(_));
    let preview = match import.state {
        State::Compared | State::Stopped => preview_of(import)?,
        _ => None,
    };
    let view = match preview {
        Some(preview) => Some(view(app, visitor, import, preview).await?),
        None => None,
    };
    let is_braked = view.as_ref().is_some_and(|view| view.is_braked);
    Ok(Part {
        progress: Progress::of(app, visitor.base, import)?,
        base: visitor.base,
        id: import.id.to_string(),
        is_staff,
        waits: import.state == State::Compared,
        may_approve: is_staff || !is_braked,
        preview: view,
        typed_ends: typed_ends.to_owned(),
        typed_reason: typed_reason.to_owned(),
        faults,
        can_repeat: matches!(import.state, State::Done | State::Stopped),
    })
}

async fn view(app: &App, visitor: &RosterSender, import: &RegistryImport, preview: Preview) -> Result<View> {
    let named = match &visitor.sender {
        Sender::Staff(scope) => {
            let of_names = preview.names.iter().take(SHOWN).map(|row| row.physician);
            let of_absent = preview.absent.iter().take(SHOWN).map(|row| row.physician);
            let ids: Vec<PhysicianId> = of_names.chain(of_absent).collect();
            physicians::name(app, &visitor.session.actor, scope, &ids, "what a roster would change").await?
        }
        // a board sees of the registry what it sent itself
        _ => HashMap::new(),
    };
    let record = |id: PhysicianId| named.get(&id).map(|of: &Physician| (id.to_string(), of.full_name()));
    let more = |all: u64, shown: usize| match all.saturating_sub(shown as u64) {
        0 => String::new(),
        hidden => grouped(i64::try_from(hidden).unwrap_or(i64::MAX)),
    };
    let number = |row: u64| grouped(i64::try_from(row).unwrap_or(i64::MAX));
    let absent_all = preview.issuers.iter().map(|issuer| issuer.absent).sum();
    let (changes, names, absent) =
        (preview.changes.len().min(SHOWN), preview.names.len().min(SHOWN), preview.absent.len().min(SHOWN));
    Ok(View {
        changes_nothing: preview.changes_nothing(),
        is_braked: preview.is_braked(),
        percent: app.reference.get().settings().roster_ends_percent,
        ends_shown: number(preview.ends()),
        ends_absent: preview.ends_absent,
        is_whole: import.is_whole,
        issuers: preview.issuers.iter().map(|issuer| issuer_row(issuer, preview.ends_absent)).collect(),
        more_changes: more(preview.changed, changes),
        more_names: more(preview.names_differ, names),
        more_absent: more(absent_all, absent),
        changes: preview
            .changes
            .into_iter()
            .take(SHOWN)
            .map(|row| ChangeRow {
                row: number(row.row),
                number: format!("{} {}", row.issuer, row.number),
                name: row.name,
                before: row.before,
                after: row.after,
                ends: row.ends,
            })
            .collect(),
        names: preview
            .names
            .into_iter()
            .take(SHOWN)
            .map(|row| NameRow {
                row: number(row.row),
                number: format!("{} {}", row.issuer, row.number),
                said: row.said,
                record: record(row.physician),
            })
            .collect(),
        absent: preview
            .absent
            .into_iter()
            .take(SHOWN)
            .map(|row| AbsentRow { number: format!("{} {}", row.issuer, row.number), record: record(row.physician) })
            .collect(),
    })
}

async fn problems(Of(app): Of<App>, visitor: RosterSender, Path(import): Path<String>) -> Result<Response> {
    let import = imports::find(&app, &visitor.sender, id_of(&import)?).await?;
    let csv = imports::problems_csv(&app, &import).await?;
    Ok(download::bytes(&format!("{} problems.csv", import.file_name), "text/csv; charset=utf-8", csv))
}

/// The file as it came, as an attachment that no browser shows.
async fn file(Of(app): Of<App>, visitor: RosterSender, Path(import): Path<String>) -> Result<Response> {
    let import = imports::find(&app, &visitor.sender, id_of(&import)?).await?;
    let file = imports::file(&app, &visitor.session.actor, &import).await?;
    let headers = [(header::CONTENT_TYPE, "application/octet-stream".to_owned()), download::named(&import.file_name)];
    Ok((headers, Body::from_stream(ReaderStream::new(file))).into_response())
}
