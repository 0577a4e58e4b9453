//! `/certifying`: the credit that providers reported to a certifying board, and the board's answers.
//!
//! Answers go by checkbox, one or many at a time; each is a fact of its own, so that one credit that
//! somebody else decided meanwhile does not hold up the others.

use app::App;
use app::decisions::{self, Decision, REASONS, Settled};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::CreditId;
use domain::access::CertifyingBoardScope;
use domain::check::us_date;
use domain::credit::CreditStatus;
use serde::Deserialize;
use store::moc::{MOST_COUNTED, MocCredit};

use super::uploads::grouped;
use crate::access::CertifyingBoardVisitor;
use crate::{Chrome, Faults, Page, REFUSED, Result, When};

const PAGE: i64 = 50;
const STATUSES: [CreditStatus; 3] = [CreditStatus::Pending, CreditStatus::Accepted, CreditStatus::Rejected];

pub fn routes() -> Router<App> {
    Router::new().route("/certifying", get(show).post(decide))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Place {
    status: String,
    page: String,
    /// What the last form did: `accepted` or `rejected`, how many, and how many came too late.
    done: String,
    count: String,
    late: String,
}

impl Place {
    fn status(&self) -> CreditStatus {
        CreditStatus::read(&self.status).unwrap_or(CreditStatus::Pending)
    }

    fn page(&self) -> i64 {
        self.page.parse().unwrap_or(1).clamp(1, MOST_COUNTED)
    }
}

#[derive(Template)]
#[template(path = "certifying/queue.html")]
struct Queue {
    chrome: Chrome,
    board: String,
    tabs: Vec<Tab>,
    is_pending: bool,
    status_kind: &'static str,
    status_word: &'static str,
    rows: Vec<Row>,
    place: u64,
    pages: u64,
    pager_href: String,
    reasons: &'static [(&'static str, &'static str)],
    given: Answer,
    faults: Faults,
}

struct Tab {
    href: String,
    label: &'static str,
    count: String,
    is_current: bool,
}

struct Row {
    id: String,
    learner: String,
    diplomate_id: String,
    title: String,
    provider: String,
    activity: String,
    points: String,
    types: Vec<String>,
    completed: String,
    machine_completed: String,
    reported: When,
    reason: String,
    is_selected: bool,
}

/// What the form says.
#[derive(Default)]
struct Answer {
    credits: Vec<CreditId>,
    accepts: bool,
    reason: String,
    note: String,
}

impl Answer {
    fn read(fields: Vec<(String, String)>) -> Self {
        let mut answer = Self::default();
        for (field, value) in fields {
            match field.as_str() {
                "credit" => answer.credits.extend(value.parse::<CreditId>()),
                "answer" => answer.accepts = value == "accept",
                "reason" => answer.reason = value,
                "note" => answer.note = value,
                _ => {}
            }
        }
        answer
    }

    /// The status and reason to record.
    fn verdict(&self) -> Result<(CreditStatus, String), app::Error> {
        if self.credits.is_empty() {
            return Err(app::Error::invalid("credits", "Select the credits to answer."));
        }
        if self.accepts {
            return Ok((CreditStatus::Accepted, String::new()));
        }
        Ok((CreditStatus::Rejected, decisions::reason_words(&self.reason, &self.note)?))
    }
}

async fn show(
    State(app): State<App>,
    visitor: CertifyingBoardVisitor,
    chrome: Chrome,
    Query(place): Query<Place>,
) -> Result<Page<impl Template>> {
    let chrome = with_notice(chrome, &place);
    queue(&app, &visitor, chrome, &place, Answer::default(), Faults::none()).await
}

async fn decide(
    State(app): State<App>,
    visitor: CertifyingBoardVisitor,
    chrome: Chrome,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let answer = Answer::read(fields);
    let (status, reason) = match answer.verdict() {
        Ok(verdict) => verdict,
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let page = queue(&app, &visitor, chrome, &Place::default(), answer, faults).await?;
            return Ok((REFUSED, page).into_response());
        }
    };
    let decisions: Vec<Decision> =
        answer.credits.iter().map(|&credit| Decision { credit, status, reason: reason.clone() }).collect();
    let settled = decisions::decide_many(&app, &visitor.session.actor, &decisions).await?;
    let decided = settled.iter().filter(|one| **one == Settled::Decided).count();
    // somebody else of the board was quicker, or the provider withdrew it
    let late = settled.len() - decided;
    let to = format!("/certifying?done={}&count={decided}&late={late}", status.code());
    Ok(Redirect::to(&to).into_response())
}

fn with_notice(chrome: Chrome, place: &Place) -> Chrome {
    let count: i64 = place.count.parse().unwrap_or_default();
    let late: i64 = place.late.parse().unwrap_or_default();
    let credits = |count: i64| if count == 1 { "1 credit".to_owned() } else { format!("{} credits", grouped(count)) };
    let text = match late {
        0 => String::new(),
        late => format!("{} had been decided or withdrawn meanwhile.", credits(late)),
    };
    match CreditStatus::read(&place.done) {
        Some(CreditStatus::Accepted) => chrome.with_notice("success", format!("{} accepted", credits(count)), text),
        Some(CreditStatus::Rejected) => {
            chrome.with_notice("success", format!("{} rejected. The provider is told why.", credits(count)), text)
        }
        _ => chrome,
    }
}

async fn queue(
    app: &App,
    visitor: &CertifyingBoardVisitor,
    chrome: Chrome,
    place: &Place,
    given: Answer,
    faults: Faults,
) -> Result<Page<Queue>> {
    let status = place.status();
    let scope = &visitor.scope;
    let (tabs, total) = tabs(app, scope, status).await?;
    let pages = (total + PAGE - 1) / PAGE;
    let page = place.page().min(pages.max(1));
    let mut tx = app.store.read().await?;
    let credits = store::moc::list(&mut tx, scope, status, PAGE, (page - 1) * PAGE).await?;
    let (status_kind, status_word) = match status {
        CreditStatus::Pending => ("waiting", "Pending"),
        CreditStatus::Accepted => ("good", "Accepted"),
        CreditStatus::Rejected => ("bad", "Rejected"),
    };
    Ok(Page(Queue {
        chrome,
        board: visitor.session.organization.clone(),
        tabs,
        is_pending: status == CreditStatus::Pending,
        status_kind,
        status_word,
        rows: credits.into_iter().map(|credit| row(app, credit, &given)).collect(),
        place: u64::try_from(page).unwrap_or(1),
        pages: u64::try_from(pages).unwrap_or_default(),
        pager_href: format!("/certifying?status={}&page=", status.code()),
        reasons: REASONS,
        given,
        faults,
    }))
}

/// One tab for each status, and how many credits the chosen one has.
async fn tabs(app: &App, scope: &CertifyingBoardScope, chosen: CreditStatus) -> Result<(Vec<Tab>, i64)> {
    let mut tx = app.store.read().await?;
    let (mut tabs, mut total) = (Vec::new(), 0);
    for status in STATUSES {
        let count = store::moc::count(&mut tx, scope, status).await?;
        if status == chosen {
            total = count;
        }
        let more = if count == MOST_COUNTED { "+" } else { "" };
        tabs.push(Tab {
            href: format!("/certifying?status={}", status.code()),
            label: status.label(),
            count: format!("{}{more}", grouped(count)),
            is_current: status == chosen,
        });
    }
    Ok((tabs, total))
}

fn row(app: &App, credit: MocCredit, given: &Answer) -> Row {
    Row {
        is_selected: given.credits.contains(&credit.id),
        id: credit.id.to_string(),
        learner: format!("{} {}", credit.first, credit.last),
        diplomate_id: credit.diplomate_id,
        title: credit.title,
        provider: credit.provider_name,
        activity: credit.activity.to_string(),
        points: credit.points.to_string(),
        types: credit.types.iter().map(|(name, amount)| format!("{amount} {name}")).collect(),
        completed: us_date(credit.completed_on),
        machine_completed: credit.completed_on.to_string(),
        reported: When::of(app, credit.reported_at),
        reason: credit.reason,
    }
}
