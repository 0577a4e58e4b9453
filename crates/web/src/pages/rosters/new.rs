//! A roster to send: the file, which kind it is, whether it is the whole roster. Also a sample to start from.

use app::rosters::Kind;
use app::rosters::imports::{self, Staged, stage};
use app::{App, Error};
use askama::Template;
use axum::Router;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use futures::{StreamExt, future};

use super::kind_words;
use crate::access::RosterSender;
use crate::{Chrome, Faults, Page, REFUSED, Result, download};

/// Longest value of a field beside the file.
const FIELD_BYTES: usize = 200;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/imports/new", get(form))
        .route("/board/roster/new", get(form))
        .route("/certifying/roster/new", get(form))
        .route("/admin/imports/samples/{name}", get(sample))
        .route("/board/roster/samples/{name}", get(sample))
        .route("/certifying/roster/samples/{name}", get(sample))
}

pub(super) fn upload_routes() -> Router<App> {
    Router::new()
        .route("/admin/imports/new", post(receive))
        .route("/board/roster/new", post(receive))
        .route("/certifying/roster/new", post(receive))
}

#[derive(Template)]
#[template(path = "rosters/new.html")]
struct NewImport {
    chrome: Chrome,
    faults: Faults,
    base: &'static str,
    /// Code and words; one is not asked for.
    kinds: Vec<(&'static str, &'static str)>,
    kind: String,
    is_whole: bool,
    percent: i32,
    max_bytes: u64,
    max_megabytes: u64,
    /// The kinds again, each with its columns: name, and whether it must be there.
    columns: Vec<(&'static str, Vec<(&'static str, bool)>)>,
}

fn page(app: &App, visitor: &RosterSender, chrome: Chrome, faults: Faults, kind: &str, is_whole: bool) -> NewImport {
    let kinds = imports::kinds(&visitor.sender);
    let columns = |kind: &Kind| {
        let columns = match kind {
            Kind::Licenses => formats::roster::license_columns().collect(),
            Kind::Certifications => formats::roster::certification_columns().collect(),
        };
        (kind.code(), columns)
    };
    NewImport {
        faults,
        base: visitor.base,
        kinds: kinds.iter().map(|kind| (kind.code(), kind_words(kind.code()))).collect(),
        kind: kind.to_owned(),
        is_whole,
        percent: app.reference.get().settings().roster_ends_percent,
        max_bytes: app.config.upload_bytes,
        max_megabytes: app.config.upload_bytes >> 20,
        columns: kinds.iter().map(columns).collect(),
        chrome,
    }
}

async fn form(State(app): State<App>, visitor: RosterSender, chrome: Chrome) -> Page<impl Template> {
    Page(page(&app, &visitor, chrome, Faults::none(), "", false))
}

async fn receive(State(app): State<App>, visitor: RosterSender, chrome: Chrome, form: Multipart) -> Result<Response> {
    let sent = Sent::read(&app, form).await?;
    let (kind, is_whole) = (sent.kind.clone(), sent.is_whole);
    match accept(&app, &visitor, sent).await {
        Ok(received) => {
            let seen = if received.seen_before { "?seen=before" } else { "" };
            Ok(Redirect::to(&format!("{}/{}{seen}", visitor.base, received.import.id)).into_response())
        }
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, Page(page(&app, &visitor, chrome, faults, &kind, is_whole))).into_response())
        }
    }
}

async fn accept(app: &App, visitor: &RosterSender, sent: Sent) -> app::Result<imports::Received> {
    let kinds = imports::kinds(&visitor.sender);
    let kind = match kinds {
        [only] => Some(*only),
        _ => Kind::read(&sent.kind),
    };
    let mut faults = Vec::new();
    if kind.is_none() {
        faults.push(app::Fault::new("kind", "Choose the kind of roster."));
    }
    let (name, staged) = match sent.file {
        None => {
            faults.push(app::Fault::new("file", "Choose the roster’s file."));
            return Err(Error::Invalid(faults));
        }
        Some((_, Err(Error::Invalid(wrong)))) => {
            faults.extend(wrong);
            return Err(Error::Invalid(faults));
        }
        Some((_, Err(other))) => return Err(other),
        Some((name, Ok(staged))) => (name, staged),
    };
    let Some(kind) = kind else {
        faults.push(app::Fault::new("file", "Choose the file again; a browser does not keep it."));
        return Err(Error::Invalid(faults));
    };
    let sending = imports::Sending {
        sender: &visitor.sender,
        by: &visitor.session.name,
        name: &name,
        kind,
        is_whole: sent.is_whole,
    };
    imports::receive(app, &visitor.session.actor, sending, staged).await
}

/// What the form held.
struct Sent {
    kind: String,
    is_whole: bool,
    /// A file that was chosen, or what is wrong with it.
    file: Option<(String, app::Result<Staged>)>,
}

impl Sent {
    async fn read(app: &App, mut form: Multipart) -> Result<Self> {
        let mut sent = Self { kind: String::new(), is_whole: false, file: None };
        while let Some(mut part) = form.next_field().await.map_err(unreadable)? {
            match part.name() {
                Some("kind") => sent.kind = short(&mut part).await?,
                Some("whole") => sent.is_whole = short(&mut part).await? == "yes",
                // a form without a chosen file sends one without a name
                Some("file") if part.file_name().is_some_and(|name| !name.is_empty()) => {
                    let name = part.file_name().unwrap_or_default().to_owned();
                    // a form that breaks off is the sender's trouble; only the disk's errors are ours
                    let mut broken = None;
                    let pieces =
                        part.scan((), |(), piece| future::ready(piece.map_err(|error| broken = Some(error)).ok()));
                    let pieces = pieces.map(Ok::<_, std::convert::Infallible>);
                    let staged = stage(app, app.config.upload_bytes, pieces).await;
                    if let Some(error) = broken {
                        return Err(unreadable(error));
                    }
                    sent.file = Some((name, staged));
                }
                _ => while part.chunk().await.map_err(unreadable)?.is_some() {},
            }
        }
        Ok(sent)
    }
}

async fn short(part: &mut Field<'_>) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(unreadable)? {
        bytes.extend(piece.iter().take(FIELD_BYTES - bytes.len().min(FIELD_BYTES)));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn unreadable(error: axum::extract::multipart::MultipartError) -> crate::Error {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        let problem = domain::Problem::file(domain::Code::FileTooLarge).fact("the limit");
        return Error::Problems(vec![problem]).into();
    }
    Error::invalid("file", "The form broke off; send it again.").into()
}

async fn sample(visitor: RosterSender, Path(name): Path<String>) -> Response {
    let kinds = imports::kinds(&visitor.sender);
    let kind = kinds.iter().find(|kind| name == format!("{}.csv", kind.code()));
    let bytes = match kind {
        Some(Kind::Licenses) => formats::roster::licenses_template(),
        Some(Kind::Certifications) => formats::roster::certifications_template(),
        None => return StatusCode::NOT_FOUND.into_response(),
    };
    download::bytes(&name, "text/csv; charset=utf-8", bytes)
}
