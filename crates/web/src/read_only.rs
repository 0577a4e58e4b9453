//! The door while the system is read-only: what reads goes on, and signing in; every other form and call is refused
//! with 503, in words, and with when to try again. Nobody's form is lost: the refusal carries its fields along.

use app::App;
use app::read_only::{RETRY_AFTER_SECONDS, State as ReadOnly};
use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::StreamExt;

use crate::{Chrome, Error, FORM_BYTES, Page, When};

/// What is sent by POST and yet only asks, or signs in and out. All else that is no GET changes something.
pub(crate) const STILL_WORKS: &[&str] = &[
    "/account/seats/{seat}",
    "/account/sessions/end-others",
    "/account/sessions/{id}/end",
    "/admin/explain",
    "/admin/health/read-only",
    "/admin/physicians",
    "/api/pars/v1/learner-match",
    "/board",
    "/provider/learners/check",
    "/provider/validate",
    "/provider/validate/download",
    "/services/ACCMEActivityService.svc/GetActivity",
    "/services/ACCMELearnerService.svc/GetLearnerMatch",
    "/services/ACCMELearnerService.svc/GetLearnerStatusByCreditId",
    "/services/ACCMELearnerService.svc/GetLearnerStatusByLearner",
    "/shared/{secret}",
    "/shared/{secret}/confirm",
    "/sign-in",
    "/sign-in/passkey",
    "/sign-in/passkey/options",
    "/sign-in/second-factor",
    "/sign-out",
    "/verify",
];

/// A file that is refused is read so far, so that browsers show the answer instead of a broken connection.
const MOST_DRAINED: usize = 8 * 1024 * 1024;

#[derive(Template)]
#[template(path = "read_only.html")]
struct Refusal {
    chrome: Chrome,
    reason: String,
    since: When,
    action: String,
    /// What was typed, to be sent again.
    fields: Vec<(String, String)>,
}

pub(crate) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    // also for pages, whose banner shows what was found here
    let Some(state) = app.read_only.current(&app.store).await else { return next.run(request).await };
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) || STILL_WORKS.contains(&route) {
        return next.run(request).await;
    }
    let path = request.uri().path();
    let is_form = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_form = is_form.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let is_page = !path.starts_with("/api/") && !path.starts_with("/services/");
    let (mut parts, body) = request.into_parts();
    if is_form && is_page {
        let fields = fields(body).await;
        if let Ok(page) = page(&app, &state, &mut parts, fields).await {
            return page;
        }
    } else {
        drain(body).await;
    }
    Error::ReadOnly { reason: state.reason.clone() }.into_response()
}

async fn page(
    app: &App,
    state: &ReadOnly,
    parts: &mut axum::http::request::Parts,
    fields: Vec<(String, String)>,
) -> Result<Response, Error> {
    let chrome = Chrome::from_request_parts(parts, app).await?;
    let action = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
    let since = When::of(app, state.since);
    let page = Page(Refusal { chrome, reason: state.reason.clone(), since, action, fields });
    let retry = [(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS))];
    Ok((StatusCode::SERVICE_UNAVAILABLE, retry, page).into_response())
}

/// A form's fields; none if a secret is among them, which must not stand in a page.
async fn fields(body: Body) -> Vec<(String, String)> {
    let Ok(bytes) = to_bytes(body, FORM_BYTES).await else { return Vec::new() };
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&bytes).unwrap_or_default();
    let is_secret = |name: &str| ["password", "proof", "code", "secret"].iter().any(|word| name.contains(word));
    if fields.iter().any(|(name, _)| is_secret(name)) { Vec::new() } else { fields }
}

async fn drain(body: Body) {
    let mut pieces = body.into_data_stream();
    let mut read = 0;
    while let Some(Ok(piece)) = pieces.next().await {
        read += piece.len();
        if read > MOST_DRAINED {
            break;
        }
    }
}
