//! What comes in, piece by piece: a file with a form, streamed to disk while the form's other fields are read in
//! whatever order the sender wrote them, or the body of a request.

use std::convert::Infallible;

use app::uploads::{Staged, stage};
use app::{App, Error};
use axum::body::{Body, Bytes};
use axum::extract::Multipart;
use futures::{Stream, StreamExt, future};

/// What the form held.
pub struct Incoming {
    pub file: Option<(String, Staged)>,
    /// Whether the sender states that the learners' permission is held.
    pub permission: bool,
}

/// Longest value of a field beside the file.
const FIELD_BYTES: usize = 1_000;

/// Reads a form with the fields `file` and `permission` (`held`, or the page's checkbox).
pub async fn read(app: &App, mut form: Multipart) -> crate::Result<Incoming> {
    let mut incoming = Incoming { file: None, permission: false };
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        match field.name() {
            Some("file") => {
                let name = field.file_name().unwrap_or("learners").to_owned();
                // a form that breaks off is the sender's trouble; only the disk's errors are ours
                let mut broken = None;
                let pieces =
                    field.scan((), |(), piece| future::ready(piece.map_err(|error| broken = Some(error)).ok()));
                let staged = stage(app, pieces.map(Ok::<_, Infallible>)).await;
                if let Some(error) = broken {
                    return Err(unreadable(error));
                }
                incoming.file = Some((name, staged?));
            }
            Some("permission") => {
                let mut field = field;
                let mut text = Vec::new();
                while let Some(piece) = field.chunk().await.map_err(unreadable)? {
                    text.extend(piece.iter().take(FIELD_BYTES - text.len().min(FIELD_BYTES)));
                }
                incoming.permission = matches!(&text[..], b"held" | b"yes" | b"true");
            }
            _ => {
                // other fields mean nothing to us; they must still be read past
                let mut rest = field;
                while rest.chunk().await.map_err(unreadable)?.is_some() {}
            }
        }
    }
    Ok(incoming)
}

/// A body's pieces. One that breaks off sets `broken`: that is the sender's trouble; only the disk's errors are ours.
pub fn pieces(body: Body, broken: &mut bool) -> impl Stream<Item = Result<Bytes, Infallible>> {
    let pieces = body.into_data_stream().scan((), |(), piece| {
        *broken |= piece.is_err();
        future::ready(piece.ok())
    });
    pieces.map(Ok)
}

fn unreadable(error: axum::extract::multipart::MultipartError) -> crate::Error {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        let problem = domain::Problem::file(domain::Code::FileTooLarge).fact("the limit");
        return Error::Problems(vec![problem]).into();
    }
    Error::invalid("file", "The upload broke off or is not a form with a file; send it again.").into()
}
