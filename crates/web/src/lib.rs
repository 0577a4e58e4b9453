//! Credence over HTTP: pages for people, web services for programs.
//!
//! Each module of `pages` and `api` offers `routes()`, and `upload_routes()` where large bodies come
//! in; [`router`] joins them and puts the layers around. A handler's arguments say who may call it
//! (`access`), every failure is rendered in one place (`error`).

pub mod access;
mod addresses;
pub mod api;
mod arrival;
mod assets;
pub mod chrome;
mod download;
pub mod error;
mod evidence_form;
mod incoming;
mod layers;
mod limits;
mod metrics;
mod network;
pub mod page;
pub mod pages;
mod plots;
mod problem_details;
mod public_limits;
mod read_only;
mod sandbox;
mod step_up;

use std::time::Duration;

use app::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

pub use chrome::Chrome;
pub use error::{Error, Result};
pub use page::{Faults, Fragment, Page, REFUSED, When};

/// Forms are small; files come in by the upload routes.
const FORM_BYTES: usize = 1024 * 1024;
/// What multipart adds around a file.
const ENVELOPE_BYTES: usize = 64 * 1024;
const SLOWEST_PAGE: Duration = Duration::from_secs(60);

/// Everything this server answers.
pub fn router(app: App) -> Router {
    let others = Router::new()
        .merge(pages::routes())
        .merge(api::routes())
        .merge(assets::routes())
        .merge(metrics::routes())
        .route("/healthz", get(healthz));
    let of_sandboxes = app.config.upload_bytes.min(app::sandbox::UPLOAD_BYTES);
    let services = limited(api::upload_routes(), api::services(), of_sandboxes);
    let allowances = from_fn_with_state(app.clone(), limits::limit);
    let services = services.layer(allowances.clone());
    let door = from_fn_with_state(sandbox::Door { app: app.clone(), services }, sandbox::divert);
    let today = limited(api::upload_routes(), api::services(), app.config.upload_bytes);
    let today = today.layer(allowances.clone()).layer(door.clone());
    let old = api::svc::routes(api::svc::Services(today));
    let uploads = Router::new().merge(pages::upload_routes()).merge(api::upload_routes()).merge(old);
    // the last layer named is the first to see a request
    limited(uploads, others, app.config.upload_bytes)
        .layer(from_fn_with_state(app.clone(), step_up::ask))
        .layer(from_fn_with_state((app.clone(), public_limits::PublicLimits::default()), public_limits::limit))
        .layer(allowances)
        .layer(door)
        .layer(from_fn_with_state(app.clone(), read_only::guard))
        .layer(layers::csrf(&app))
        .layer(CatchPanicLayer::custom(layers::panicked))
        .layer(from_fn_with_state(app.clone(), error::render))
        .layer(CompressionLayer::new().compress_when(layers::worth_compressing()))
        .layer(from_fn(layers::security_headers))
        .layer(from_fn_with_state(app.clone(), metrics::count))
        .layer(TraceLayer::new_for_http().make_span_with(layers::span).on_response(layers::log_response))
        .layer(from_fn_with_state(app.clone(), layers::request_id))
        .with_state(app)
}

/// Routes for files of at most so many bytes, and others, whose bodies are small and whose answers come soon.
fn limited(files: Router<App>, others: Router<App>, file_bytes: u64) -> Router<App> {
    let file_bytes = usize::try_from(file_bytes).unwrap_or(usize::MAX).saturating_add(ENVELOPE_BYTES);
    let files = files.layer(RequestBodyLimitLayer::new(file_bytes)).layer(DefaultBodyLimit::disable());
    let others = others
        .fallback(async || Error::App(app::Error::NotFound))
        .layer(RequestBodyLimitLayer::new(FORM_BYTES))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, SLOWEST_PAGE));
    files.merge(others)
}

/// For load balancers: the process answers. Says nothing about the database.
async fn healthz() -> &'static str {
    "ok\n"
}
