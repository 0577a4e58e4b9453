//! Styles, scripts and icons, inside the binary. A debug build reads them from the disk, so that a
//! change shows at once.
//!
//! An address with the current version in it (`/assets/VERSION/credence.css`) may be kept for good;
//! any other is asked for again each time and mostly answered with 304.

use std::sync::LazyLock;

use app::App;
use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;

use crate::error::Error;

#[derive(RustEmbed)]
#[folder = "assets"]
struct Assets;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Changes with any file, so that a new binary is never shown with an old one's styles.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut sum = [0_u8; 8];
    for name in Assets::iter() {
        let Some(file) = Assets::get(&name) else { continue };
        for (byte, part) in sum.iter_mut().zip(file.metadata.sha256_hash()) {
            *byte = byte.rotate_left(3) ^ part;
        }
    }
    hex(&sum)
});

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/assets/{*path}", get(asset))
}

fn is_version(text: &str) -> bool {
    text.len() == VERSION.len() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Where the files are, with the version: `/assets/0123456789abcdef`.
pub fn base() -> String {
    format!("/assets/{}", *VERSION)
}

async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let (name, versioned) = match path.split_once('/') {
        Some((version, rest)) if version == *VERSION => (rest, !cfg!(debug_assertions)),
        // an old page after an update: today's file is better than none
        Some((version, rest)) if is_version(version) => (rest, false),
        _ => (path.as_str(), false),
    };
    let Some(file) = Assets::get(name) else { return Error::App(app::Error::NotFound).into_response() };
    let etag = format!("\"{}\"", hex(&file.metadata.sha256_hash()));
    let caching = if versioned { "public, max-age=31536000, immutable" } else { "no-cache" };
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let Ok(tag) = HeaderValue::from_str(&etag) else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let about = [(header::ETAG, tag), (header::CACHE_CONTROL, HeaderValue::from_static(caching))];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, about).into_response();
    }
    (about, [(header::CONTENT_TYPE, kind.as_ref().to_owned())], file.data.into_owned()).into_response()
}
