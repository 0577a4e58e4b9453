//! Everything that can go wrong with a request, in two renderings: a page with a way out, or problem
//! details (RFC 9457) for the web services.
//!
//! An error becomes a bare response that carries its [`Failure`]; the `render` layer, which knows the
//! request, writes the body. So refusals by axum itself (wrong method, body too large) look the same.

mod whose;

use app::App;
use askama::Template;
use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::{ApiScope, Problem};
use serde_json::json;

use crate::access::MaybeSignedIn;
use crate::chrome::{self, Chrome};
use crate::layers::RequestId;
use crate::limits;
use crate::problem_details;

/// The problem type of draft-ietf-httpapi-ratelimit-headers.
const QUOTA_EXCEEDED: &str = "https://iana.org/assignments/http-problem-types#quota-exceeded";

pub use whose::Whose;

/// The result of a handler.
pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug)]
pub enum Error {
    App(app::Error),
    /// Nobody is signed in; back to `next` afterwards.
    SignInFirst {
        next: String,
    },
    /// Signed in, where nothing is reached without a second factor, and without one.
    SecondFactorFirst,
    /// Signed in, or a good token, but of somebody else's kind.
    NotYours(Whose),
    /// No token, or one that does not hold.
    NoToken,
    /// An old client's provider, user and password are not all right, or stand in no one place.
    BadCredentials,
    /// The program's owner has not allowed it this.
    ScopeMissing(ApiScope),
    /// The program has used up its allowance of requests.
    RateLimited {
        seconds: i64,
    },
    /// A form that another site sent.
    CrossSite,
    /// Nothing may be changed for now.
    ReadOnly {
        reason: String,
    },
}

impl Error {
    /// Where to come back to after signing in: the page itself, or after a form the visitor's own
    /// pages, because a form cannot be sent again for them.
    pub(crate) fn sign_in_first(method: &Method, uri: &Uri) -> Self {
        let next = match *method {
            Method::GET => uri.path_and_query().map_or_else(String::new, ToString::to_string),
            _ => String::new(),
        };
        Self::SignInFirst { next }
    }
}

impl From<app::Error> for Error {
    fn from(error: app::Error) -> Self {
        Self::App(error)
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::App(app::Error::Store(error))
    }
}

/// What is said about an error, whichever way it is rendered.
#[derive(Debug, Clone)]
struct Failure {
    status: StatusCode,
    title: String,
    detail: String,
    /// Beside fields of a form, or of a row.
    faults: Vec<(String, String)>,
    problems: Vec<Problem>,
    /// What programs may go by: members of the problem details.
    more: Vec<(&'static str, serde_json::Value)>,
}

impl Failure {
    fn new(status: StatusCode, title: &str, detail: &str) -> Self {
        Self {
            status,
            title: title.to_owned(),
            detail: detail.to_owned(),
            faults: Vec::new(),
            problems: Vec::new(),
            more: Vec::new(),
        }
    }

    fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something went wrong on our side",
            "Nothing you sent was half saved. Try again in a moment; if it happens again, tell the help desk the request number below.",
        )
    }

    /// For answers that did not come from our own errors.
    fn of_status(status: StatusCode) -> Self {
        let (title, detail) = match status {
            StatusCode::NOT_FOUND => ("Page not found", "There is nothing at this address, or it is not yours to see."),
            StatusCode::METHOD_NOT_ALLOWED => {
                ("This address works differently", "Go back and use the links and buttons of the page.")
            }
            StatusCode::PAYLOAD_TOO_LARGE => {
                ("This is too large", "What you sent is larger than this page takes. Split it and send the parts.")
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (
                "This form cannot be read",
                "Send the form from the page itself, or with the content type the documentation names.",
            ),
            StatusCode::SERVICE_UNAVAILABLE => {
                ("This is taking too long", "The system is busy. Try again in a moment.")
            }
            status if status.is_client_error() => (
                "This request cannot be read",
                "Part of it is missing or not written as expected. Go back and try again.",
            ),
            _ => return Self { status, ..Self::internal() },
        };
        Self::new(status, title, detail)
    }

    fn of_app(error: app::Error) -> Self {
        match error {
            app::Error::NotFound => Self::of_status(StatusCode::NOT_FOUND),
            app::Error::Forbidden(why) => {
                Self::new(StatusCode::FORBIDDEN, "You may not do this", &format!("It is not allowed: {why}."))
            }
            app::Error::Invalid(faults) => Self {
                faults: faults.into_iter().map(|fault| (fault.field.to_owned(), fault.message)).collect(),
                ..Self::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "Some answers need attention",
                    "Go back and correct them.",
                )
            },
            app::Error::Problems(problems) => Self {
                problems,
                ..Self::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "The data has problems",
                    "Correct them and send it again.",
                )
            },
            app::Error::Stale => Self::new(
                StatusCode::CONFLICT,
                "Somebody else changed this meanwhile",
                "Go back, reload the page, and make your change again.",
            ),
            app::Error::TooMany { retry_after_seconds } => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "Too many tries",
                &format!("Wait {retry_after_seconds} seconds and try again."),
            ),
            app::Error::LinkOver => Self::new(
                StatusCode::GONE,
                "This link is no longer valid",
                "Links in letters work once and for a limited time. Ask for a new one.",
            ),
            app::Error::Store(cause) => Self::logged(&cause),
            app::Error::Io(cause) => Self::logged(&cause),
            app::Error::Internal(cause) => Self::logged(&cause),
        }
    }

    /// The cause goes to the log, under the request's id; the visitor reads nothing of it.
    fn logged(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::internal()
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut retry_after = None;
        let challenge = match &self {
            Self::BadCredentials => "Basic realm=\"Credence\", charset=\"UTF-8\"",
            _ => "Bearer",
        };
        let failure = match self {
            Self::SignInFirst { next } => {
                let query = next_query(&next);
                return Redirect::to(&format!("/sign-in{query}")).into_response();
            }
            Self::SecondFactorFirst => return Redirect::to("/account/second-factor").into_response(),
            Self::App(error) => {
                if let app::Error::TooMany { retry_after_seconds } = error {
                    retry_after = Some(retry_after_seconds);
                }
                Failure::of_app(error)
            }
            Self::NotYours(whose) => {
                Failure::new(StatusCode::FORBIDDEN, "This page is not yours", &format!("It is for {}.", whose.label()))
            }
            Self::NoToken => Failure::new(
                StatusCode::UNAUTHORIZED,
                "A token is needed",
                "Send the header \"Authorization: Bearer\" with a token that has neither expired nor been revoked.",
            ),
            Self::BadCredentials => Failure::new(
                StatusCode::UNAUTHORIZED,
                "ProviderId, User and Password are needed",
                "Send all three in one place: HTTP Basic with ProviderId\\User, headers, or elements of the body. User is the API client's name, Password its token.",
            ),
            Self::ScopeMissing(scope) => Failure {
                more: vec![("code", "scope_missing".into()), ("scope", scope.code().into())],
                ..Failure::new(
                    StatusCode::FORBIDDEN,
                    "The token does not allow this",
                    &format!("It lacks the scope {}. An owner of your team can make one that has it.", scope.code()),
                )
            },
            Self::RateLimited { seconds } => {
                retry_after = Some(seconds);
                Failure {
                    more: vec![
                        ("type", QUOTA_EXCEEDED.into()),
                        ("code", "rate_limit_exceeded".into()),
                        ("violated-policies", json!([limits::NAME])),
                    ],
                    ..Failure::new(
                        StatusCode::TOO_MANY_REQUESTS,
                        "Too many requests",
                        "The allowance of this token is used up for the moment. Wait as long as Retry-After says.",
                    )
                }
            }
            Self::ReadOnly { reason } => {
                retry_after = Some(app::read_only::RETRY_AFTER_SECONDS);
                Failure {
                    more: vec![("code", "read_only".into())],
                    ..Failure::new(
                        StatusCode::SERVICE_UNAVAILABLE,
                        "Nothing can be changed at the moment",
                        &format!("{reason} Reading goes on. What you sent was not saved: send it again in a while."),
                    )
                }
            }
            Self::CrossSite => Failure::new(
                StatusCode::FORBIDDEN,
                "This form came from another site",
                "For your safety it was not accepted. Open the page here and send the form again.",
            ),
        };
        let mut response = failure.status.into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if failure.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response.extensions_mut().insert(failure);
        response
    }
}

/// `?next=...`, or nothing.
pub(crate) fn next_query(next: &str) -> String {
    if next.is_empty() {
        return String::new();
    }
    let mut query = String::from("?next=");
    for byte in next.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => query.push(char::from(byte)),
            _ => query.push_str(&format!("%{byte:02X}")),
        }
    }
    query
}

/// The page for people.
#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    chrome: Chrome,
    failure: Failure,
    request_id: String,
    /// The visitor's own pages, if signed in.
    home: &'static str,
    /// Who is signed in, as "NAME (ORGANIZATION)".
    signed_in_as: String,
    /// Address and words of the page that sends another letter, if a letter's link was over.
    again: Option<(&'static str, &'static str)>,
}

/// Where another letter is asked for. Somebody who was invited asks the one who did.
fn letter_again(path: &str) -> Option<(&'static str, &'static str)> {
    if path.starts_with("/passport/claim/") {
        return Some(("/passport/claim", "Ask for another letter"));
    }
    path.starts_with("/reset/").then_some(("/forgot", "Choose a new password"))
}

/// Writes the body of every answer that says something went wrong.
pub(crate) async fn render(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut response = next.run(Request::from_parts(parts.clone(), body)).await;
    let own = response.extensions_mut().remove::<Failure>();
    let failure = match own {
        Some(failure) => failure,
        None if response.status().as_u16() < 400 || has_own_body(&response) => return response,
        None => Failure::of_status(response.status()),
    };
    let request_id = parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    if parts.uri.path().starts_with("/services/") {
        // old clients read nothing else
        parts.headers.insert(header::ACCEPT, HeaderValue::from_static("application/xml"));
    }
    let rendered = if parts.uri.path().starts_with("/api/") || parts.uri.path().starts_with("/services/") {
        problem_details::written(&details(&failure, &request_id), &parts.headers)
    } else {
        // the page must come even if the database does not answer
        let session = MaybeSignedIn::from_request_parts(&mut parts, &app).await.ok().and_then(|found| found.0);
        let page = ErrorPage {
            chrome: Chrome::of(&app, session.as_ref(), parts.uri.path(), 0),
            request_id,
            home: session.as_ref().map_or("/", |session| session.actor.seat.home()),
            signed_in_as: session.map_or_else(String::new, |session| {
                format!("{} ({}, {})", session.name, chrome::persona_label(session.actor.seat), session.organization)
            }),
            again: letter_again(parts.uri.path()).filter(|_| failure.status == StatusCode::GONE),
            failure,
        };
        match page.render() {
            Ok(html) => ("text/html; charset=utf-8", html),
            Err(_) => ("text/plain; charset=utf-8", page.failure.title),
        }
    };
    let (kind, text) = rendered;
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    *response.body_mut() = Body::from(text);
    response
}

/// Whether a handler wrote this refusal itself, such as a form with faults.
fn has_own_body(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html") || kind.contains("json") || kind.contains("xml"))
}

fn details(failure: &Failure, request_id: &str) -> serde_json::Value {
    let mut body = json!({
        "type": "about:blank",
        "title": failure.title,
        "status": failure.status.as_u16(),
        "detail": failure.detail,
        "request_id": request_id,
    });
    if !failure.faults.is_empty() {
        let errors: Vec<_> =
            failure.faults.iter().map(|(field, message)| json!({ "field": field, "message": message })).collect();
        body["errors"] = errors.into();
    }
    if !failure.problems.is_empty() {
        let problems: Vec<_> = failure.problems.iter().map(problem_json).collect();
        body["problems"] = problems.into();
    }
    for (name, value) in &failure.more {
        body[*name] = value.clone();
    }
    body
}

fn problem_json(problem: &Problem) -> serde_json::Value {
    json!({
        "code": problem.code.as_str(),
        "field": problem.in_field(),
        "given": problem.given,
        "message": problem.message(),
        "remedy": problem.code.remedy(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_survives_the_query() {
        assert_eq!(next_query(""), "");
        assert_eq!(next_query("/provider/x?a=1&b=é"), "?next=/provider/x%3Fa%3D1%26b%3D%C3%A9");
    }
}
