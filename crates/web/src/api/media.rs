//! The two formats of web services: what comes in is named by `Content-Type`, what goes out by `Accept`;
//! without one it is the former, and JSON where nothing came in.

use app::submissions::DocumentFormat;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use formats::activities::ActivityFormat;

/// JSON and XML have one meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    Json,
    Xml,
}

impl Media {
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Media::Json => "application/json; charset=utf-8",
            Media::Xml => "application/xml; charset=utf-8",
        }
    }
}

impl From<Media> for ActivityFormat {
    fn from(media: Media) -> Self {
        match media {
            Media::Json => Self::Json,
            Media::Xml => Self::Xml,
        }
    }
}

impl From<Media> for DocumentFormat {
    fn from(media: Media) -> Self {
        match media {
            Media::Json => Self::Json,
            Media::Xml => Self::Xml,
        }
    }
}

/// The format that a media type names.
fn format_of(media: &str) -> Option<Media> {
    let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match media.as_str() {
        "application/json" | "text/json" => Some(Media::Json),
        "application/xml" | "text/xml" => Some(Media::Xml),
        _ if media.ends_with("+json") => Some(Media::Json),
        _ if media.ends_with("+xml") => Some(Media::Xml),
        _ => None,
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok()).filter(|text| !text.trim().is_empty())
}

/// The format to answer in. Of several accepted ones the first; none that we write is 406.
pub(super) fn wanted(headers: &HeaderMap, otherwise: Media) -> Result<Media, StatusCode> {
    let Some(accepted) = text(headers, header::ACCEPT) else { return Ok(otherwise) };
    let one = |media: &str| match media.split(';').next().unwrap_or_default().trim() {
        "*/*" | "application/*" => Some(otherwise),
        media => format_of(media),
    };
    accepted.split(',').find_map(one).ok_or(StatusCode::NOT_ACCEPTABLE)
}

/// The format of a body; one that is neither is 415.
pub(super) fn sent(headers: &HeaderMap) -> Result<Media, StatusCode> {
    let format = text(headers, header::CONTENT_TYPE).and_then(format_of);
    format.ok_or(StatusCode::UNSUPPORTED_MEDIA_TYPE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_accepted_format_is_written() {
        let wants = |accept: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, axum::http::HeaderValue::from_static(accept));
            wanted(&headers, Media::Json).ok()
        };
        assert_eq!(wanted(&HeaderMap::new(), Media::Xml).ok(), Some(Media::Xml));
        assert_eq!(wants("text/html, application/xml;q=0.9, */*;q=0.8"), Some(Media::Xml));
        assert_eq!(wants("*/*"), Some(Media::Json));
        assert_eq!(wants("Application/JSON; charset=utf-8"), Some(Media::Json));
        assert_eq!(wants("text/html"), None);
    }
}
