//! `/api/pars/v1/activities`: activities saved and read back by programs, in JSON or XML of one
//! meaning (formats.md, section 4).
//!
//! What comes in is named by `Content-Type`, what goes out by `Accept`; without one it is the former,
//! and JSON where nothing came in.

mod answer;
mod files;
mod find;
mod save;
mod tree;

use app::App;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use formats::activities::ActivityFormat;
use utoipa_axum::router::OpenApiRouter;

pub(super) use answer::ActivityResultList;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().merge(find::routes()).merge(files::routes())
}

pub(super) fn upload_routes() -> OpenApiRouter<App> {
    save::upload_routes()
}

/// The format that a media type names.
fn format_of(media: &str) -> Option<ActivityFormat> {
    let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match media.as_str() {
        "application/json" | "text/json" => Some(ActivityFormat::Json),
        "application/xml" | "text/xml" => Some(ActivityFormat::Xml),
        _ if media.ends_with("+json") => Some(ActivityFormat::Json),
        _ if media.ends_with("+xml") => Some(ActivityFormat::Xml),
        _ => None,
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok()).filter(|text| !text.trim().is_empty())
}

/// The format to answer in. Of several accepted ones the first; none that we write is 406.
fn wanted(headers: &HeaderMap, otherwise: ActivityFormat) -> Result<ActivityFormat, StatusCode> {
    let Some(accepted) = text(headers, header::ACCEPT) else { return Ok(otherwise) };
    let one = |media: &str| match media.split(';').next().unwrap_or_default().trim() {
        "*/*" | "application/*" => Some(otherwise),
        media => format_of(media),
    };
    accepted.split(',').find_map(one).ok_or(StatusCode::NOT_ACCEPTABLE)
}

/// The format of a body; one that is neither is 415.
fn sent(headers: &HeaderMap) -> Result<ActivityFormat, StatusCode> {
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
            wanted(&headers, ActivityFormat::Json).ok()
        };
        assert_eq!(wanted(&HeaderMap::new(), ActivityFormat::Xml).ok(), Some(ActivityFormat::Xml));
        assert_eq!(wants("text/html, application/xml;q=0.9, */*;q=0.8"), Some(ActivityFormat::Xml));
        assert_eq!(wants("*/*"), Some(ActivityFormat::Json));
        assert_eq!(wants("Application/JSON; charset=utf-8"), Some(ActivityFormat::Json));
        assert_eq!(wants("text/html"), None);
    }
}
