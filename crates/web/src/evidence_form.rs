//! A form with an optional file in the field `evidence`: the file goes to disk as it comes, the other fields are short
//! texts in any order. What was typed is had even where the file is refused, so that the form can come back with it.

use std::collections::HashMap;
use std::convert::Infallible;

use app::evidence::{Staged, stage};
use app::{App, Error};
use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use futures::{StreamExt, future};

/// Longest value of a field beside the file, in bytes, and how many there are at most.
const FIELD_BYTES: usize = 10_000;
const MOST_FIELDS: usize = 100;

/// What the form held.
#[derive(Debug, Default)]
pub struct Typed {
    fields: HashMap<String, Vec<String>>,
}

impl Typed {
    /// The first value of a field, or nothing.
    pub fn text(&self, name: &str) -> String {
        self.fields.get(name).and_then(|values| values.first()).cloned().unwrap_or_default()
    }

    /// All values of a field.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.fields.get(name).cloned().unwrap_or_default()
    }
}

/// Reads the form. The file's own faults are `Invalid` on `evidence`, apart from the fields.
pub async fn read(app: &App, mut form: Multipart) -> crate::Result<(Typed, app::Result<Option<Staged>>)> {
    let mut typed = Typed::default();
    let mut evidence = Ok(None);
    let mut fields = 0;
    while let Some(mut field) = form.next_field().await.map_err(|error| broken(&error))? {
        fields += 1;
        if fields > MOST_FIELDS {
            return Err(Error::invalid("evidence", "The form has too many fields; send it again.").into());
        }
        let name = field.name().unwrap_or_default().to_owned();
        if name == "evidence" {
            let file_name = field.file_name().unwrap_or_default().to_owned();
            // a form that breaks off is the sender's trouble; only the disk's errors are ours
            let mut broke = None;
            let pieces =
                (&mut field).scan((), |(), piece| future::ready(piece.map_err(|error| broke = Some(error)).ok()));
            let staged = stage(app, &file_name, pieces.map(Ok::<_, Infallible>)).await;
            if let Some(error) = broke {
                return Err(broken(&error));
            }
            evidence = match staged {
                Err(error @ Error::Invalid(_)) => Err(error),
                Err(error) => return Err(error.into()),
                Ok(staged) => Ok(staged),
            };
            // what is left of a file that is too large
            while field.chunk().await.map_err(|error| broken(&error))?.is_some() {}
        } else {
            let mut text = Vec::new();
            while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
                text.extend(piece.iter().take(FIELD_BYTES.saturating_sub(text.len())));
            }
            typed.fields.entry(name).or_default().push(String::from_utf8_lossy(&text).into_owned());
        }
    }
    Ok((typed, evidence))
}

fn broken(error: &MultipartError) -> crate::Error {
    let message = match error.status() {
        axum::http::StatusCode::PAYLOAD_TOO_LARGE => "The file is too large. Choose one of at most 5 MB.",
        _ => "The form broke off or cannot be read; send it again.",
    };
    Error::invalid("evidence", message).into()
}
