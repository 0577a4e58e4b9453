//! One licensee of a sample: the evidence, what was done, and the forms that do more.

use app::App;
use app::license_audits::cases::{self, Evidence};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use domain::AuditCaseId;
use domain::check::us_date;
use domain::license_audit::{ActKind, Decision};
use store::license_audits::acts::Act;

use super::decision_words;
use crate::access::LicensingBoardVisitor;
use crate::pages::board::evidence::{Figures, Trace};
use crate::{Chrome, Faults, Page, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/board/audits/cases/{case}", get(show))
}

#[derive(Template)]
#[template(path = "board/audits/case.html")]
pub(super) struct ShowCase {
    chrome: Chrome,
    faults: Faults,
    given: Given,
    id: String,
    audit: String,
    audit_name: String,
    licensee: String,
    name: String,
    license: String,
    place: i64,
    seen: i64,
    is_closed: bool,
    decision: (&'static str, &'static str),
    reason: String,
    decided: Option<(When, String)>,
    due: Option<(String, String)>,
    is_open: bool,
    found: Option<(Figures, When)>,
    /// How the licensee stands now; `None` if the board may not read the record any more.
    now: Option<(Figures, Trace)>,
    has_changed: bool,
    has_account: bool,
    decisions: Vec<(&'static str, &'static str)>,
    acts: Vec<ActRow>,
    has_letter: bool,
}

/// What was typed into the forms, or a start for it.
#[derive(Default)]
pub(super) struct Given {
    pub decision: String,
    pub reason: String,
    pub due_on: String,
    pub note: String,
    pub resolved: String,
}

struct ActRow {
    number: i64,
    kind: &'static str,
    at: When,
    by: String,
    summary: String,
    /// How it was sent; empty of other acts.
    sent: &'static str,
}

async fn show(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Path(case): Path<AuditCaseId>,
) -> Result<Page<impl Template>> {
    let evidence = cases::evidence(&app, &visitor.session.actor, &visitor.scope, case).await?;
    Ok(Page(page(&app, chrome, &evidence, None, Faults::none())))
}

/// The page; `given` is what comes back from a refused form.
pub(super) fn page(app: &App, chrome: Chrome, evidence: &Evidence, given: Option<Given>, faults: Faults) -> ShowCase {
    let case = &evidence.case;
    let assessed = evidence.assessed(app.clock.today());
    let now = assessed.zip(evidence.record.as_ref()).map(|(assessed, record)| {
        let figures = app::licensee_lists::assessing::figures(&assessed, &app.reference.get());
        (figures, Trace::of(app, &assessed, record))
    });
    let has_changed = now.as_ref().is_some_and(|(now, _)| case.found.as_ref().is_some_and(|found| found != now));
    let today = app.clock.today();
    let month = today.checked_add(jiff::Span::new().days(30)).unwrap_or(today);
    ShowCase {
        chrome,
        faults,
        given: given.unwrap_or_else(|| Given { due_on: month.to_string(), ..Given::default() }),
        id: case.id.to_string(),
        audit: case.audit.to_string(),
        audit_name: case.audit_name.clone(),
        licensee: case.physician.to_string(),
        name: case.name.clone(),
        license: case.license_number.clone(),
        place: case.place,
        seen: case.acts,
        is_closed: case.is_closed,
        decision: decision_words(case),
        reason: case.reason.clone(),
        decided: case.decided_at.map(|at| (When::of(app, at), case.decided_by_name.clone())),
        due: case.due_on.map(|due| (us_date(due), due.to_string())),
        is_open: case.decision.is_some_and(Decision::asks_something) && case.resolved_at.is_none(),
        found: case.found.as_ref().zip(case.assessed_at).map(|(found, at)| (Figures::of(found), When::of(app, at))),
        now: now.map(|(figures, trace)| (Figures::of(&figures), trace)),
        has_changed,
        has_account: evidence.has_account,
        decisions: Decision::ALL.iter().map(|decision| (decision.code(), decision.label())).collect(),
        acts: evidence.acts.iter().rev().map(|act| act_row(app, act)).collect(),
        has_letter: case.decision.is_some(),
    }
}

fn act_row(app: &App, act: &Act) -> ActRow {
    let sent = match (act.kind, act.sent_by.as_str()) {
        (ActKind::Letter | ActKind::Reminder, "mail") => "Sent by e-mail",
        (ActKind::Letter | ActKind::Reminder, _) => "To be printed",
        _ => "",
    };
    ActRow {
        number: act.number,
        kind: act.kind.label(),
        at: When::of(app, act.at),
        by: act.by_name.clone(),
        summary: act.summary.clone(),
        sent,
    }
}
