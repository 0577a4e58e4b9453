//! A PDF or a digital credential sent to `/verify`. It is read in memory up to a limit, looked at, and not kept.

use std::time::Duration;

use app::App;
use app::credentials::check::{self, Checked, Refusal, Signed};
use askama::Template;
use axum::Router;
use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use tower_http::limit::RequestBodyLimitLayer;

use super::shown::Shown;
use super::{FormPage, page};
use crate::{Chrome, Page, REFUSED, Result};

pub(super) const MOST_BYTES: u64 = check::MOST_BYTES as u64;
/// What comes in beyond the limit is read and thrown away up to here, so that the answer arrives.
const MOST_READ: usize = 4 * check::MOST_BYTES;
/// Longest e-mail address or name.
const HOLDER_BYTES: usize = 500;
const SLOWEST: Duration = Duration::from_secs(60);

pub fn upload_routes() -> Router<App> {
    Router::new().route("/verify", post(send).layer(RequestBodyLimitLayer::new(MOST_READ)))
}

#[derive(Template)]
#[template(path = "verify/file.html")]
struct FileAnswer {
    chrome: Chrome,
    title: &'static str,
    /// How the alert on top says it.
    kind: &'static str,
    sentence: String,
    /// The standing of what is on record, if the file says what that is.
    shown: Option<Shown>,
    /// What a credential says.
    credential: Option<Box<Signed>>,
}

async fn send(State(app): State<App>, chrome: Chrome, form: Multipart) -> Result<Response> {
    let read = tokio::time::timeout(SLOWEST, read(form)).await;
    let (file, holder) = match read {
        Ok(Ok(read)) => read,
        Ok(Err(_)) | Err(_) => (Vec::new(), String::new()),
    };
    let checked = check::check(&app, &file, &holder).await?;
    if checked_is_empty(&checked) {
        let message =
            "Choose a PDF or a credential file (.jwt or .json). If you did, it did not arrive; send it again.";
        let faults = vec![app::Fault::new("file", message)].into();
        let form: Page<FormPage> = page(chrome, String::new(), holder, faults);
        return Ok((REFUSED, form).into_response());
    }
    let answer = answer(&app, chrome, checked);
    let is_refused = answer.shown.is_none();
    let page = Page(answer);
    Ok(if is_refused { (REFUSED, page).into_response() } else { page.into_response() })
}

fn checked_is_empty(checked: &Checked) -> bool {
    matches!(checked, Checked::Refused(Refusal::Empty))
}

/// The file up to one byte more than the limit, and what was typed beside it.
async fn read(mut form: Multipart) -> Result<(Vec<u8>, String), MultipartError> {
    let (mut file, mut holder) = (Vec::new(), Vec::new());
    while let Some(mut field) = form.next_field().await? {
        let (kept, most) = match field.name() {
            Some("file") => (&mut file, check::MOST_BYTES + 1),
            Some("holder") => (&mut holder, HOLDER_BYTES),
            _ => (&mut Vec::new(), 0),
        };
        while let Some(piece) = field.chunk().await? {
            let room = most.saturating_sub(kept.len());
            kept.extend(piece.iter().take(room));
        }
    }
    Ok((file, String::from_utf8_lossy(&holder).into_owned()))
}

fn answer(app: &App, chrome: Chrome, checked: Checked) -> FileAnswer {
    match checked {
        Checked::Paper(verified) => FileAnswer {
            chrome,
            title: "Exactly the file that was issued",
            kind: "success",
            sentence: "Not a byte of this file was changed since we issued it.".to_owned(),
            shown: Some(Shown::of(app, &verified)),
            credential: None,
        },
        Checked::OtherPaper(verified) => FileAnswer {
            chrome,
            title: "Not the file that was issued",
            kind: "error",
            sentence: format!(
                "The code {} in this file was given out, but the file is not the one that we issued: somebody changed it, \
                 or another program saved it again. Do not rely on what it says. Compare it with what follows, or ask for \
                 the original.",
                verified.code
            ),
            shown: Some(Shown::of(app, &verified)),
            credential: None,
        },
        Checked::Credential(signed) => FileAnswer {
            chrome,
            title: "A credential that we signed",
            kind: "success",
            sentence: "The signature is ours, and not a letter was changed since.".to_owned(),
            shown: Some(Shown::of(app, &signed.verified)),
            credential: Some(signed),
        },
        Checked::Refused(refusal) => {
            let (title, sentence) = words(refusal);
            FileAnswer { chrome, title, kind: "error", sentence: sentence.to_owned(), shown: None, credential: None }
        }
    }
}

/// Why a file cannot be vouched for, and what to do.
fn words(refusal: Refusal) -> (&'static str, &'static str) {
    match refusal {
        Refusal::Empty => ("No file", "Choose a file."),
        Refusal::TooLarge => (
            "Too large",
            "What we issue is smaller: a PDF up to 5 MB, a credential up to 1 MB. Send the original file.",
        ),
        Refusal::Unreadable => (
            "Neither a PDF nor a credential",
            "The file is neither a PDF nor a signed credential (.jwt or .json), or a part of it is missing. Send the file as \
             you received it.",
        ),
        Refusal::Unsigned => (
            "No signature",
            "This is what a credential says, without its signature: anybody could have written it. Ask for the signed file, \
             which ends in .jwt.",
        ),
        Refusal::NoCode => (
            "No code in this PDF",
            "This PDF holds no code of ours. If one is printed at its foot, type it instead: a scanned or printed copy keeps \
             only the picture.",
        ),
        Refusal::NoSuchCode => {
            ("Not issued by us", "No transcript was issued under the code in this PDF. Do not rely on it.")
        }
        Refusal::NotOurs => (
            "Not signed by us",
            "This credential is signed with a key, or in a way, that is not ours. If somebody else issued it, verify it with \
             them.",
        ),
        Refusal::Altered => (
            "Altered",
            "This credential names our key, but the signature does not fit: it was changed after it was signed, or never \
             signed by us. Do not rely on it.",
        ),
        Refusal::OtherKind => (
            "No credential",
            "We signed this file, but it says nothing about anybody’s credit. Send the credential itself.",
        ),
        Refusal::NotOnRecord => (
            "Not on record",
            "The signature is ours, but there is no record that this credential was issued, so nobody can say whether it \
             still holds. Do not rely on it, and ask for a new one.",
        ),
    }
}
