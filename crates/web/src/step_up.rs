//! Asks again who it is before what could do lasting harm, when the last proof is older than 15 minutes.
//!
//! A download of many people's records is asked about likewise, and comes once the proof is given.
//!
//! The question is the answer to the form itself and carries all of its fields along, so nothing typed is lost and
//! no script is needed: its own form goes to the same address with the proof beside them. Handlers know nothing of
//! it; the proof's fields are cut out before they see the form.

use app::App;
use app::accounts::proofs::{self, Ways};
use app::accounts::{Secret, passkeys};
use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use crate::access::{Session, SessionSecret, SignedIn};
use crate::error::Error;
use crate::pages::factors::PasskeyPlace;
use crate::{Chrome, FORM_BYTES, Faults, Page, REFUSED};

/// Forms that need a fresh proof.
const ASKED: &[&str] = &[
    "/account/email",
    "/account/second-factor/authenticator",
    "/account/second-factor/authenticator/off",
    "/account/second-factor/codes",
    "/account/second-factor/passkeys",
    "/account/second-factor/passkeys/{passkey}/remove",
    "/admin/changes/{change}/confirm",
    "/admin/changes/{change}/undo",
    "/admin/claims/{claim}",
    "/admin/claims/lost/{request}",
    "/admin/health/read-only",
    "/admin/boards/{kind}/{board}/clients/{client}/revoke",
    "/admin/providers/new",
    "/admin/providers/{provider}/decisions",
    "/admin/providers/{provider}/decisions/{decision}/take-back",
    "/admin/users/invitations",
    "/admin/users/invitations/{invitation}/again",
    "/admin/users/invitations/{invitation}/withdraw",
    "/admin/users/seats/{seat}/remove",
    "/admin/users/seats/{seat}/role",
    "/admin/users/{account}/disable",
    "/admin/users/{account}/enable",
    "/board/api-clients",
    "/certifying/api-clients",
    "/provider/api-clients",
    "/provider/team/invitations",
    "/provider/team/invitations/{invitation}/withdraw",
    "/provider/team/lost/{request}",
    "/provider/team/{seat}/remove",
    "/provider/team/{seat}/role",
];

/// Downloads of many people's records, which need one too. Asked once, all of them are open for as long as a proof
/// is fresh. What somebody has just sent, and a person's own record, are not asked for.
const EXPORTS: &[&str] = &[
    "/admin/imports/{import}/file",
    "/board/audits/{audit}/report.xlsx",
    "/board/lists/checks/{check}/results.csv",
    "/board/lists/checks/{check}/results.xlsx",
    "/board/lists/{list}/rows.csv",
    "/board/lists/{list}/rows.xlsx",
    "/board/roster/{import}/file",
    "/certifying/download",
    "/certifying/roster/{import}/file",
    "/provider/learners/download",
];

/// Names of the proof's own fields.
const PROOF: &str = "proof";
const PASSKEY_SECRET: &str = "proof_secret";
const PASSKEY: &str = "proof_credential";

#[derive(Template)]
#[template(path = "step_up.html")]
struct Question {
    chrome: Chrome,
    action: String,
    /// The form's own fields, carried along.
    fields: Vec<(String, String)>,
    /// A file is asked for, and comes once the proof is given.
    is_export: bool,
    ways: Ways,
    passkeys: PasskeyPlace,
    faults: Faults,
}

pub(crate) async fn ask(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let is_export = EXPORTS.contains(&route);
    let is_asked = match *request.method() {
        Method::POST => is_export || ASKED.contains(&route),
        _ => is_export,
    };
    if !is_asked {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    // who is not signed in, or must set up a factor first, is told so by the handler
    let Ok(SignedIn(session)) = SignedIn::from_request_parts(&mut parts, &app).await else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    let Ok(body) = to_bytes(body, FORM_BYTES).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let (fields, proof) = read(&body);
    let is_fresh = proofs::is_fresh(&app, session.proved_at);
    let outcome = match (is_fresh, proof.is_given()) {
        (true, _) => Ok(()),
        (false, true) => proof.check(&app, &session, &mut parts).await,
        (false, false) => Err(Refused { status: StatusCode::FORBIDDEN, faults: Faults::none() }),
    };
    let Err(refused) = outcome else {
        if is_export && parts.method == Method::POST {
            // now the browser asks for the file again
            return Redirect::to(&address(&parts)).into_response();
        }
        let bytes = if proof.is_given() { Body::from(written(&fields)) } else { Body::from(body) };
        parts.headers.remove(header::CONTENT_LENGTH);
        return next.run(Request::from_parts(parts, bytes)).await;
    };
    match question(&app, &session, &mut parts, fields, is_export, refused).await {
        Ok(response) => response,
        Err(error) => error.into_response(),
    }
}

struct Refused {
    status: StatusCode,
    faults: Faults,
}

/// What was given to prove it.
#[derive(Default)]
struct Proof {
    typed: Option<String>,
    secret: String,
    credential: String,
}

impl Proof {
    fn is_given(&self) -> bool {
        self.typed.is_some() || !self.credential.is_empty()
    }

    async fn check(&self, app: &App, session: &Session, parts: &mut axum::http::request::Parts) -> Result<(), Refused> {
        let SessionSecret(own) = SessionSecret::from_request_parts(parts, app).await.unwrap_or(SessionSecret(None));
        let own = own.unwrap_or_else(|| Secret::new(String::new()));
        let checked = match self.credential.is_empty() {
            false => passkeys::prove(app, &session.actor, own.expose(), &self.secret, &self.credential).await,
            true => {
                let typed = self.typed.as_deref().unwrap_or_default();
                proofs::prove(app, &session.actor, own.expose(), typed).await
            }
        };
        let fault = |status, message: String| Refused { status, faults: vec![app::Fault::new(PROOF, message)].into() };
        checked.map_err(|error| match error {
            app::Error::TooMany { retry_after_seconds: seconds } => {
                let message = format!("There were too many tries. Wait {seconds} seconds.");
                fault(StatusCode::TOO_MANY_REQUESTS, message)
            }
            app::Error::Invalid(faults) => {
                let message = faults.into_iter().next().map(|fault| fault.message).unwrap_or_default();
                fault(REFUSED, message)
            }
            _ => fault(REFUSED, "This could not be checked. Try again.".to_owned()),
        })
    }
}

fn address(parts: &axum::http::request::Parts) -> String {
    parts.uri.path_and_query().map_or_else(String::new, ToString::to_string)
}

async fn question(
    app: &App,
    session: &Session,
    parts: &mut axum::http::request::Parts,
    fields: Vec<(String, String)>,
    is_export: bool,
    refused: Refused,
) -> Result<Response, Error> {
    let chrome = Chrome::from_request_parts(parts, app).await?;
    let passkeys = PasskeyPlace::from_request_parts(parts, app).await?;
    let ways = proofs::ways(app, &session.actor).await?;
    let action = address(parts);
    let page = Question { chrome, action, fields, is_export, ways, passkeys, faults: refused.faults };
    Ok((refused.status, Page(page)).into_response())
}

/// The form's own fields, in order, and the proof among them.
fn read(body: &[u8]) -> (Vec<(String, String)>, Proof) {
    let mut proof = Proof::default();
    let mut fields = Vec::new();
    let all: Vec<(String, String)> = serde_urlencoded::from_bytes(body).unwrap_or_default();
    for (name, value) in all {
        match name.as_str() {
            PROOF => proof.typed = Some(value),
            PASSKEY_SECRET => proof.secret = value,
            PASSKEY => proof.credential = value,
            _ => fields.push((name, value)),
        }
    }
    (fields, proof)
}

fn written(fields: &[(String, String)]) -> String {
    serde_urlencoded::to_string(fields).unwrap_or_default()
}
