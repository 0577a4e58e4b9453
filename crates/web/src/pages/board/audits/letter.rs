//! Letters of a case: a draft to be changed, looked at and sent, and each letter as it went, fit to be printed.

use app::App;
use app::license_audits::cases;
use app::license_audits::letters::Draft;
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::AuditCaseId;
use domain::license_audit::ActKind;
use serde::Deserialize;
use store::license_audits::cases::Case;

use super::acts::at;
use crate::access::LicensingBoardVisitor;
use crate::{Chrome, Faults, Page, REFUSED, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/board/audits/cases/{case}/letter", get(letter).post(send_letter))
        .route("/board/audits/cases/{case}/reminder", get(reminder).post(send_reminder))
        .route("/board/audits/cases/{case}/letters/{number}", get(sent))
}

#[derive(Template)]
#[template(path = "board/audits/letter.html")]
struct Write {
    chrome: Chrome,
    faults: Faults,
    id: String,
    audit: String,
    audit_name: String,
    name: String,
    heading: &'static str,
    action: &'static str,
    seen: String,
    subject: String,
    body: String,
    /// The letter as it would go, once it was asked for.
    is_preview: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct LetterForm {
    seen: String,
    subject: String,
    body: String,
    then: String,
}

async fn letter(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Path(case): Path<AuditCaseId>,
) -> Result<Page<impl Template>> {
    form(&app, &visitor, chrome, case, ActKind::Letter).await
}

async fn reminder(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Path(case): Path<AuditCaseId>,
) -> Result<Page<impl Template>> {
    form(&app, &visitor, chrome, case, ActKind::Reminder).await
}

async fn form(
    app: &App,
    visitor: &LicensingBoardVisitor,
    chrome: Chrome,
    case: AuditCaseId,
    kind: ActKind,
) -> Result<Page<Write>> {
    let (case, draft) = cases::draft(app, &visitor.session.organization, &visitor.scope, case, kind).await?;
    let given =
        LetterForm { seen: case.acts.to_string(), subject: draft.subject, body: draft.body, then: String::new() };
    Ok(Page(page(chrome, &case, kind, given, Faults::none())))
}

fn page(chrome: Chrome, case: &Case, kind: ActKind, given: LetterForm, faults: Faults) -> Write {
    let (heading, action) = match kind {
        ActKind::Reminder => ("Reminder", "reminder"),
        _ => ("Letter", "letter"),
    };
    Write {
        chrome,
        is_preview: given.then == "preview" && faults.is_empty(),
        faults,
        id: case.id.to_string(),
        audit: case.audit.to_string(),
        audit_name: case.audit_name.clone(),
        name: case.name.clone(),
        heading,
        action,
        seen: given.seen,
        subject: given.subject,
        body: given.body,
    }
}

async fn send_letter(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Path(case): Path<AuditCaseId>,
    Form(form): Form<LetterForm>,
) -> Result<Response> {
    send(&app, &visitor, chrome, case, ActKind::Letter, form).await
}

async fn send_reminder(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Path(case): Path<AuditCaseId>,
    Form(form): Form<LetterForm>,
) -> Result<Response> {
    send(&app, &visitor, chrome, case, ActKind::Reminder, form).await
}

async fn send(
    app: &App,
    visitor: &LicensingBoardVisitor,
    chrome: Chrome,
    case: AuditCaseId,
    kind: ActKind,
    form: LetterForm,
) -> Result<Response> {
    let (found, _) = cases::draft(app, &visitor.session.organization, &visitor.scope, case, kind).await?;
    if form.then == "preview" {
        return Ok(Page(page(chrome, &found, kind, form, Faults::none())).into_response());
    }
    let draft = Draft { subject: form.subject.clone(), body: form.body.clone() };
    match cases::send(app, at(visitor, case, &form.seen), kind, &draft).await {
        Ok(()) => Ok(Redirect::to(&format!("/board/audits/cases/{case}")).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, Page(page(chrome, &found, kind, form, faults))).into_response())
        }
    }
}

#[derive(Template)]
#[template(path = "board/audits/sent.html")]
struct Sent {
    chrome: Chrome,
    id: String,
    name: String,
    board: String,
    subject: String,
    body: String,
    at: When,
    by: String,
    is_mailed: bool,
}

async fn sent(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Path((case, number)): Path<(AuditCaseId, i64)>,
) -> Result<Page<impl Template>> {
    let mut tx = app.store.read().await?;
    let found = store::license_audits::cases::find(&mut tx, &visitor.scope, case).await?.ok_or(app::Error::NotFound)?;
    let acts = store::license_audits::acts::of_case(&mut tx, &visitor.scope, case).await?;
    let act = acts.into_iter().find(|act| act.number == number && act.kind.is_letter());
    let act = act.ok_or(app::Error::NotFound)?;
    Ok(Page(Sent {
        chrome,
        id: case.to_string(),
        name: found.name,
        board: visitor.session.organization,
        subject: act.subject,
        body: act.body,
        at: When::of(&app, act.at),
        by: act.by_name,
        is_mailed: act.sent_by == "mail",
    }))
}
