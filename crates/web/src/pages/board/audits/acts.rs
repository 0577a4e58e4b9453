//! What people do in a case: decide, note, check again, resolve. A refused form comes back filled in; whoever acts on
//! what is no longer so is told.

use app::App;
use app::license_audits::cases::{self, At};
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use domain::AuditCaseId;
use domain::license_audit::Decision;
use serde::Deserialize;

use super::case::{Given, page};
use crate::access::LicensingBoardVisitor;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/board/audits/cases/{case}/decide", post(decide))
        .route("/board/audits/cases/{case}/note", post(note))
        .route("/board/audits/cases/{case}/recheck", post(recheck))
        .route("/board/audits/cases/{case}/resolve", post(resolve))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ActForm {
    seen: String,
    decision: String,
    reason: String,
    due_on: String,
    note: String,
    resolved: String,
}

impl ActForm {
    fn given(self) -> Given {
        Given {
            decision: self.decision,
            reason: self.reason,
            due_on: self.due_on,
            note: self.note,
            resolved: self.resolved,
        }
    }
}

pub(super) fn at<'a>(visitor: &'a LicensingBoardVisitor, case: AuditCaseId, seen: &str) -> At<'a> {
    let session = &visitor.session;
    // what is no number was never seen
    let seen = seen.trim().parse().unwrap_or(-1);
    At { actor: &session.actor, by: &session.name, scope: &visitor.scope, case, seen }
}

async fn decide(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Path(case): Path<AuditCaseId>,
    Form(form): Form<ActForm>,
) -> Result<Response> {
    let due = formats::read_date(form.due_on.trim());
    let done = match Decision::read(&form.decision) {
        Some(decision) => cases::decide(&app, at(&visitor, case, &form.seen), decision, &form.reason, due).await,
        None => Err(app::Error::invalid("decision", "Choose a decision.")),
    };
    answer(&app, &visitor, chrome, case, form, done).await
}

async fn note(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Path(case): Path<AuditCaseId>,
    Form(form): Form<ActForm>,
) -> Result<Response> {
    let done = cases::note(&app, at(&visitor, case, &form.seen), &form.note).await;
    answer(&app, &visitor, chrome, case, form, done).await
}

async fn recheck(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Path(case): Path<AuditCaseId>,
    Form(form): Form<ActForm>,
) -> Result<Response> {
    let done = cases::recheck(&app, at(&visitor, case, &form.seen)).await;
    answer(&app, &visitor, chrome, case, form, done).await
}

async fn resolve(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Path(case): Path<AuditCaseId>,
    Form(form): Form<ActForm>,
) -> Result<Response> {
    let done = cases::resolve(&app, at(&visitor, case, &form.seen), &form.resolved).await;
    answer(&app, &visitor, chrome, case, form, done).await
}

async fn answer(
    app: &App,
    visitor: &LicensingBoardVisitor,
    chrome: Chrome,
    case: AuditCaseId,
    form: ActForm,
    done: app::Result<()>,
) -> Result<Response> {
    let faults = match done {
        Ok(()) => return Ok(Redirect::to(&format!("/board/audits/cases/{case}")).into_response()),
        Err(app::Error::Stale) => Faults::none(),
        Err(error) => Faults::from_error(error)?,
    };
    let is_stale = faults.is_empty();
    let evidence = cases::evidence(app, &visitor.session.actor, &visitor.scope, case).await?;
    let chrome = match is_stale {
        true => chrome.with_notice(
            "error",
            "Somebody else acted in this case meanwhile",
            "Nothing of yours was done. Look at what was done below; what you typed is still in the form.",
        ),
        false => chrome,
    };
    let status = if is_stale { axum::http::StatusCode::CONFLICT } else { REFUSED };
    Ok((status, Page(page(app, chrome, &evidence, Some(form.given()), faults))).into_response())
}
