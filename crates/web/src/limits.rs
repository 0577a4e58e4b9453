//! Rate limits of the web services, told on every answer with the fields of draft-ietf-httpapi-ratelimit-headers:
//! `RateLimit-Policy: "requests";q=6000;w=60` and `RateLimit: "requests";r=5999;t=1`.
//!
//! The layer also recognises the program, so that the database is asked for a token once a request.

use app::App;
use app::api_limits::{Taken, WINDOW};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::Error;
use crate::access::Program;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// The policy's name, in the headers and in the problem details of 429.
pub(crate) const NAME: &str = "requests";
const BASE: &str = "/api/pars/";

/// Takes each request of the web services off its program's allowance.
pub(crate) async fn limit(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with(BASE) {
        return next.run(request).await;
    }
    // the door to the sandboxes has recognised its own
    let program = match request.extensions().get::<Option<Program>>() {
        Some(program) => Ok(program.clone()),
        None => Program::of_headers(&app, request.headers()).await,
    };
    let program = match program {
        Ok(program) => program,
        Err(error) => return error.into_response(),
    };
    let taken = match &program {
        Some(program) => match app.api_limits.take(&app, program.id()).await {
            Ok(taken) => Some(taken),
            Err(error) => return Error::from(error).into_response(),
        },
        None => None,
    };
    let mut response = match taken.and_then(|taken| taken.refused_for) {
        Some(seconds) => Error::RateLimited { seconds }.into_response(),
        None => {
            request.extensions_mut().insert(program);
            next.run(request).await
        }
    };
    show(&app, response.headers_mut(), taken.as_ref());
    response
}

/// Says what the policy is and, to a program that is known, what is left of it.
pub(crate) fn show(app: &App, headers: &mut HeaderMap, taken: Option<&Taken>) {
    let policy = format!("\"{NAME}\";q={};w={WINDOW}", app.config.api_requests_per_minute.max(1));
    let left = taken.map(|taken| format!("\"{NAME}\";r={};t={}", taken.left, taken.full_in));
    for (name, value) in [(POLICY, Some(policy)), (LIMIT, left)] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            headers.insert(name, value);
        }
    }
}
