//! Files on their way out: streamed, named, never guessed at by the browser.

use app::uploads::ResultFile;
use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use tokio_util::io::ReaderStream;

use crate::Result;

/// Sends a result file and removes it afterwards.
pub async fn result_file(file: ResultFile) -> Result<Response> {
    let opened = tokio::fs::File::open(&file.path).await.map_err(app::Error::Io)?;
    let headers = [(header::CONTENT_TYPE, file.content_type.to_owned()), named(&file.name)];
    // the file goes when the last piece has been read, or the reader has gone away
    let body = ReaderStream::new(opened).map(move |piece| {
        let _keep_until_sent = &file;
        piece
    });
    Ok((headers, Body::from_stream(body)).into_response())
}

/// Sends bytes that are made already.
pub fn bytes(name: &str, content_type: &'static str, bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, content_type.to_owned()), named(name)], bytes).into_response()
}

/// Sends a digital credential; `what` begins its name.
pub fn credential(what: &str, issued: &app::credentials::Issued) -> Response {
    bytes(&format!("{what}-{}.jwt", issued.code), "application/vc+jwt", issued.token.clone().into_bytes())
}

/// The header that names a download: plain letters for old clients, the real name for others (RFC 6266).
pub(crate) fn named(name: &str) -> (header::HeaderName, String) {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_. ".contains(c) { c } else { '_' }).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    let value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    (header::CONTENT_DISPOSITION, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_cannot_break_out_of_its_header() {
        let (_, value) = named("M\u{fc}ller\"\r\nx: y.xlsx");
        assert!(!value.contains('\r') && !value.contains('\n'));
        assert_eq!(value.matches('"').count(), 2);
        assert!(value.ends_with("M%C3%BCller%22%0D%0Ax%3A%20y.xlsx"));
    }
}
