//! All completions of a provider: by name, activity and status, newest report first.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use domain::access::ProviderRole;
use domain::check::us_date;
use domain::credit::{Credit, CreditStatus};
use domain::reference::Reference;
use domain::transcript::{credit_lines, status_line};
use serde::Deserialize;
use store::learners::{Learner, Search};

use crate::access::Viewer;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result, When};

const PER_PAGE: i64 = 50;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/learners", get(list))
}

#[derive(Template)]
#[template(path = "learners/list.html")]
struct Learners {
    chrome: Chrome,
    learners: Vec<LearnerRow>,
    total: String,
    given: Given,
    page: u64,
    pages: u64,
    next: String,
    may_report: bool,
}

struct LearnerRow {
    name: String,
    birth: String,
    identifier: String,
    activity: String,
    title: String,
    completed: String,
    completed_machine: String,
    reported: When,
    credits: Vec<CreditLine>,
}

struct CreditLine {
    lines: Vec<String>,
    kind: &'static str,
    status: String,
}

/// The filters, as typed.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Given {
    q: String,
    activity: String,
    status: String,
    page: Option<i64>,
}

async fn list(
    State(app): State<App>,
    Viewer { scope, .. }: Viewer,
    chrome: Chrome,
    Query(given): Query<Given>,
) -> Result<Page<impl Template>> {
    let search = Search {
        name: given.q.clone(),
        activity: given.activity.trim().parse().ok(),
        status: CreditStatus::read(&given.status),
    };
    let page = given.page.unwrap_or(1).clamp(1, 1_000_000);
    let mut tx = app.store.read().await?;
    let total = store::learners::count(&mut tx, &scope, &search).await?;
    let found = store::learners::search(&mut tx, &scope, &search, (page - 1) * PER_PAGE, PER_PAGE).await?;
    let reference = app.reference.get();
    Ok(Page(Learners {
        chrome,
        learners: found.into_iter().map(|learner| row(&app, &reference, learner)).collect(),
        total: grouped(total),
        page: page.unsigned_abs(),
        pages: (total.max(1) as u64).div_ceil(PER_PAGE as u64),
        next: format!(
            "?q={}&activity={}&status={}&page=",
            query(&given.q),
            query(&given.activity),
            query(&given.status)
        ),
        given,
        may_report: scope.may(ProviderRole::LearnerData),
    }))
}

/// A value inside a query string.
fn query(value: &str) -> String {
    let mut encoded = String::new();
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

fn row(app: &App, reference: &Reference, learner: Learner) -> LearnerRow {
    LearnerRow {
        name: format!("{} {}", learner.first_name, learner.last_name),
        birth: learner.birth,
        identifier: learner.identifier,
        activity: learner.activity.to_string(),
        title: learner.title,
        completed: us_date(learner.completed_on),
        completed_machine: learner.completed_on.to_string(),
        reported: When::of(app, learner.reported_at),
        credits: learner.credits.iter().map(|credit| credit_line(credit, reference)).collect(),
    }
}

fn credit_line(credit: &Credit, reference: &Reference) -> CreditLine {
    let lines = match credit.kind {
        domain::credit::Kind::Rems => vec!["REMS learner".to_owned()],
        _ => credit_lines(credit, reference),
    };
    CreditLine { lines, kind: shape(credit.status), status: status_line(credit, reference) }
}

fn shape(status: CreditStatus) -> &'static str {
    match status {
        CreditStatus::Accepted => "good",
        CreditStatus::Pending => "waiting",
        CreditStatus::Rejected => "bad",
    }
}
