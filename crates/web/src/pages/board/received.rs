//! `/board/received`: transcripts that physicians sent to the board, also of those without a license in its state.

use std::sync::Arc;

use app::shares::{self, What};
use app::{App, transcripts};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::ShareId;

use crate::access::{Browser, LicensingBoardVisitor};
use crate::arrival::browser_words;
use crate::pages::sheet;
use crate::{Chrome, Page, Result, When, download};

/// Transcripts that the list shows, the newest first.
const MOST: i64 = 500;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/board/received", get(list)).route("/board/received/{share}", get(show))
}

#[derive(Template)]
#[template(path = "board/received.html")]
struct ReceivedPage {
    chrome: Chrome,
    board: String,
    rows: Vec<Row>,
    is_cut: bool,
}

struct Row {
    id: String,
    name: String,
    message: String,
    range: String,
    sent: When,
    ends: When,
    looked: Option<When>,
}

async fn list(State(app): State<App>, visitor: LicensingBoardVisitor, chrome: Chrome) -> Result<Page<impl Template>> {
    let mut tx = app.store.read().await?;
    let received = store::shares::received(&mut tx, &visitor.scope, app.clock.now(), MOST).await?;
    let reference = app.reference.get();
    let rows: Vec<Row> = received
        .into_iter()
        .map(|one| Row {
            id: one.share.id.to_string(),
            name: if one.degree.is_empty() { one.name } else { format!("{}, {}", one.name, one.degree) },
            range: transcripts::range_words(&one.share.terms.filter, &reference),
            sent: When::of(&app, one.share.created_at),
            ends: When::of(&app, one.share.terms.expires_at),
            looked: one.looked_at.map(|at| When::of(&app, at)),
            message: one.share.terms.message,
        })
        .collect();
    let is_cut = i64::try_from(rows.len()).is_ok_and(|found| found == MOST);
    Ok(Page(ReceivedPage { chrome, board: visitor.session.organization, rows, is_cut }))
}

#[derive(Template)]
#[template(path = "board/received_transcript.html")]
struct TranscriptPage {
    chrome: Chrome,
    sheet: Arc<str>,
    physician: String,
    ends: When,
    path: String,
    allows_downloads: bool,
    board: String,
}

/// The page, or a download where the address ends in `.pdf` or `.json`.
async fn show(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Browser(browser): Browser,
    Path(share): Path<String>,
) -> Result<Response> {
    let (id, form) = share.rsplit_once('.').unwrap_or((&share, ""));
    let id: ShareId = id.parse().map_err(|_| app::Error::NotFound)?;
    let what = match form {
        "" => What::Page,
        "pdf" => What::Pdf,
        "json" => What::Json,
        _ => return Err(app::Error::NotFound.into()),
    };
    let actor = &visitor.session.actor;
    let opened = shares::read_received(&app, actor, &visitor.scope, id, what, &browser_words(&browser)).await?;
    let official = opened.official;
    let file = format!("transcript-{}.{form}", official.code);
    Ok(match what {
        What::Pdf => download::bytes(&file, "application/pdf", transcripts::pdf(&app, &official).await?),
        What::Json => {
            let json = transcripts::json(&app, std::slice::from_ref(&official))?;
            download::bytes(&file, "application/json", json.into_bytes())
        }
        What::Page => Page(TranscriptPage {
            sheet: sheet::html(&app, &official, "")?,
            physician: official.transcript.holder.name.clone(),
            ends: When::of(&app, opened.expires_at),
            path: format!("/board/received/{id}"),
            allows_downloads: opened.allows_downloads,
            board: visitor.session.organization,
            chrome,
        })
        .into_response(),
    })
}
