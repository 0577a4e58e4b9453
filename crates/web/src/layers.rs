//! What happens around every request: its id, its log line, its headers.
//!
//! The log names the route, never the address: addresses can hold secrets of letters, and queries
//! can hold names.

use std::any::Any;
use std::time::Duration;

use app::App;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::compression::predicate::{Predicate, SizeAbove};
use tower_http::csrf::{CsrfLayer, ProtectionError};
use tracing::Span;

use crate::Error;

/// Names one request in the log and on its error page.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Marks an answer that is to be sent as it is.
#[derive(Clone)]
pub(crate) struct NotCompressed;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(crate) async fn request_id(State(app): State<App>, mut request: Request, next: Next) -> Response {
    // a caller's own id is not taken over: it would go into the log
    let id = app.chance.id(app.clock.now()).simple().to_string();
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

pub(crate) fn span(request: &Request) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str);
    let id = request.extensions().get::<RequestId>().map_or("-", |id| id.0.as_str());
    tracing::info_span!("request", method = %request.method(), route, id)
}

pub(crate) fn log_response<B>(response: &axum::http::Response<B>, latency: Duration, _span: &Span) {
    let milliseconds = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(status = response.status().as_u16(), milliseconds, "answered");
}

const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

pub(crate) async fn security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // a page that brings its own says so, such as a letter with its styles
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(CONTENT_SECURITY_POLICY);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    // pictures of provider marks say otherwise
    let policy = headers.entry(HeaderName::from_static("cross-origin-resource-policy"));
    policy.or_insert(HeaderValue::from_static("same-origin"));
    // whatever does not say otherwise may be about a person
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Refuses forms that another site sends in a visitor's name. Programs send no `Origin` and pass;
/// they show a token instead of a cookie.
pub(crate) fn csrf(app: &App) -> CsrfLayer<fn(ProtectionError) -> Response> {
    let layer = CsrfLayer::new();
    // a proxy may change `Host`; the configured address is ours in any case
    let base = app.config.base_url.trim_end_matches('/');
    let layer = match layer.clone().add_trusted_origin(base) {
        Ok(trusting) => trusting,
        Err(_) => layer,
    };
    layer.with_rejection_response(|_| Error::CrossSite.into_response())
}

pub(crate) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let message = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    Error::from(app::Error::Internal(format!("a handler panicked: {message}"))).into_response()
}

/// Pages, styles and text of some length.
pub(crate) fn worth_compressing() -> impl Predicate {
    SizeAbove::new(1024).and(may_be_compressed)
}

/// Not what is packed already, nor what a script waits for.
fn may_be_compressed(_status: StatusCode, _version: Version, headers: &HeaderMap, extensions: &Extensions) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let text = kind.starts_with("text/") && !kind.starts_with("text/event-stream");
    let textual = text || kind.contains("json") || kind.contains("svg");
    textual && extensions.get::<NotCompressed>().is_none()
}
