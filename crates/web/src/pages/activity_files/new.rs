//! Sending a file of activities or learner counts, and the templates to start from.

use app::activities::exchange::{self, FileKind, Received, Staged, Told};
use app::{App, Error, Fault};
use askama::Template;
use axum::Router;
use axum::extract::{Multipart, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use formats::FileFormat;
use formats::activities::{ActivityFormat, SheetKind, template_tsv, template_xlsx};
use futures::StreamExt;

use crate::access::{Editor, Session};
use crate::{Chrome, Faults, Page, REFUSED, Result, download};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/provider/activities/files/new", get(form))
        .route("/provider/activities/files/templates/{name}", get(template))
}

pub(super) fn upload_routes() -> Router<App> {
    Router::new().route("/provider/activities/files/new", post(receive))
}

#[derive(Template)]
#[template(path = "activity_files/new.html")]
struct NewFile {
    chrome: Chrome,
    faults: Faults,
    kinds: [(&'static str, &'static str); 2],
    kind: &'static str,
    max_bytes: u64,
    max_megabytes: u64,
}

fn page(app: &App, chrome: Chrome, faults: Faults, kind: FileKind) -> NewFile {
    let max_bytes = app.config.upload_bytes;
    let kinds = [
        (FileKind::Activities.code(), "Activities, with all their fields"),
        (FileKind::Counts.code(), "Learner counts of activities that are there"),
    ];
    NewFile { chrome, faults, kinds, kind: kind.code(), max_bytes, max_megabytes: max_bytes >> 20 }
}

async fn form(State(app): State<App>, _: Editor, chrome: Chrome) -> Page<impl Template> {
    Page(page(&app, chrome, Faults::none(), FileKind::Activities))
}

/// What the form held.
struct Incoming {
    file: Option<(String, std::result::Result<Staged, Told>)>,
    kind: FileKind,
    is_whole: bool,
}

/// Longest value of a field beside the file.
const FIELD_BYTES: usize = 100;

async fn incoming(app: &App, mut form: Multipart) -> app::Result<Incoming> {
    let mut incoming = Incoming { file: None, kind: FileKind::Activities, is_whole: true };
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return Ok(incoming),
            Err(_) => return Ok(Incoming { is_whole: false, ..incoming }),
        };
        match field.name() {
            Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                // a form that breaks off is the sender's trouble; only the disk's errors are ours
                let mut broken = false;
                let pieces = field.scan((), |(), piece| {
                    broken |= piece.is_err();
                    futures::future::ready(piece.ok())
                });
                let staged = exchange::stage(app, pieces.map(Ok::<_, std::convert::Infallible>)).await?;
                if broken {
                    return Ok(Incoming { is_whole: false, ..incoming });
                }
                let is_chosen = !name.is_empty() || staged.is_ok();
                incoming.file = is_chosen.then_some((name, staged));
            }
            name => {
                let is_kind = name == Some("kind");
                let (mut field, mut text) = (field, Vec::new());
                while let Ok(Some(piece)) = field.chunk().await {
                    text.extend(piece.iter().take(FIELD_BYTES - text.len().min(FIELD_BYTES)));
                }
                let kind = std::str::from_utf8(&text).ok().and_then(FileKind::read);
                incoming.kind = kind.filter(|_| is_kind).unwrap_or(incoming.kind);
            }
        }
    }
}

async fn receive(
    State(app): State<App>,
    Editor { session, .. }: Editor,
    chrome: Chrome,
    form: Multipart,
) -> Result<Response> {
    let incoming = incoming(&app, form).await?;
    let kind = incoming.kind;
    match accept(&app, &session, incoming).await? {
        Ok(received) => {
            let seen = if received.seen_before { "?seen=before" } else { "" };
            Ok(Redirect::to(&format!("/provider/activities/files/{}{seen}", received.file.id)).into_response())
        }
        Err(fault) => {
            let faults = Faults::from(vec![Fault::new("file", fault)]);
            Ok((REFUSED, Page(page(&app, chrome, faults, kind))).into_response())
        }
    }
}

/// The inner error is what stands beside the file.
async fn accept(
    app: &App,
    session: &Session,
    incoming: Incoming,
) -> app::Result<std::result::Result<Received, String>> {
    let words = |told: Told| format!("{} {}", told.message, told.remedy);
    if !incoming.is_whole {
        return Ok(Err("The upload broke off; send it again.".to_owned()));
    }
    let Some((name, staged)) = incoming.file else {
        return Ok(Err("Choose the file that holds your activities.".to_owned()));
    };
    let staged = match staged {
        Ok(staged) => staged,
        Err(told) => return Ok(Err(words(told))),
    };
    let received = exchange::receive(app, &session.actor, &session.name, incoming.kind, &name, staged).await?;
    Ok(received.map_err(words))
}

async fn template(State(app): State<App>, _: Editor, Path(name): Path<String>) -> Result<Response> {
    let (kind, is_workbook) = match name.as_str() {
        "activities.xlsx" => (SheetKind::Activities, true),
        "activities.txt" => (SheetKind::Activities, false),
        "learner-counts.xlsx" => (SheetKind::Counts, true),
        "learner-counts.txt" => (SheetKind::Counts, false),
        _ => return Err(Error::NotFound.into()),
    };
    let reference = app.reference.get();
    let make = move || if is_workbook { template_xlsx(kind, &reference) } else { template_tsv(kind) };
    let made = tokio::task::spawn_blocking(make).await.map_err(|error| Error::Internal(error.to_string()))?;
    let bytes = made.map_err(|error| Error::Internal(error.to_string()))?;
    let format = ActivityFormat::Sheet(if is_workbook { FileFormat::Xlsx } else { FileFormat::TSV });
    Ok(download::bytes(&name, format.content_type(), bytes))
}
