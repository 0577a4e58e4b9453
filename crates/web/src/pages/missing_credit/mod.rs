//! Credit that physicians miss, seen by the three who deal with it: the physician asks and opens a case, the provider
//! answers it, the accreditor has those that are overdue.

mod accreditor;
mod new;
mod physician;
mod provider;
mod report;

use app::App;
use app::missing_credit::{Seen, Standing};
use axum::Router;
use axum::extract::Query;
use domain::access::{ProviderRole, ProviderScope};
use domain::check::us_date;
use domain::missing_credit::{CaseState, Finding, Side, Step};
use jiff::civil::Date;
use serde::Deserialize;
use store::missing_credit::{Case, Filter};

use crate::When;

pub(super) use provider::waiting;

pub fn routes() -> Router<App> {
    Router::new()
        .merge(physician::routes())
        .merge(new::routes())
        .merge(provider::routes())
        .merge(report::routes())
        .merge(accreditor::routes())
}

/// The form that takes a file.
pub fn upload_routes() -> Router<App> {
    new::upload_routes()
}

/// A day, as shown and as machines read it.
pub(crate) struct Day {
    pub shown: String,
    pub machine: String,
}

impl Day {
    pub fn of(day: Date) -> Self {
        Self { shown: us_date(day), machine: day.to_string() }
    }
}

/// A case as a line of a list.
pub(super) struct CaseRow {
    pub id: String,
    pub title: String,
    pub activity: String,
    pub provider: String,
    pub completed: Day,
    pub amount: String,
    pub opened: When,
    /// As the physician gave it.
    pub learner: String,
    pub status: Status,
}

/// How a case stands, as a shape and a word, with what the clock says.
pub(super) struct Status {
    pub shape: &'static str,
    pub word: &'static str,
    pub clock: String,
}

impl Status {
    pub fn of(app: &App, case: &Case) -> Self {
        let (shape, word) = match case.state {
            CaseState::Open | CaseState::NeedsInformation if case.overdue_at.is_some() => ("bad", "Overdue"),
            CaseState::Open => ("waiting", "Waits for the provider"),
            CaseState::NeedsInformation => ("caution", "Waits for the physician"),
            CaseState::Answered => ("good", "Credit reported"),
            CaseState::Declined => ("bad", "Declined"),
            CaseState::Withdrawn => ("withdrawn", "Withdrawn"),
            CaseState::Closed => ("closed", "Closed by the accreditor"),
        };
        Self { shape, word, clock: clock(app, case) }
    }
}

/// What the clock says: days that are left, or since when the accreditor has it.
fn clock(app: &App, case: &Case) -> String {
    if !case.state.is_open() {
        let day = case.settled_at.and_then(|at| app.clock.day_of(at)).map(us_date).unwrap_or_default();
        return format!("Ended {day}");
    }
    if let Some(day) = case.overdue_at.and_then(|at| app.clock.day_of(at)) {
        return format!("With the accreditor since {}", us_date(day));
    }
    let Some(due) = app.clock.day_of(case.due_at - 1) else { return String::new() };
    let left = app.clock.today().until(due).map_or(0, |left| left.get_days());
    match left {
        ..=0 => "Ends today".to_owned(),
        1 => format!("1 day left, until {}", us_date(due)),
        _ => format!("{left} days left, until {}", us_date(due)),
    }
}

impl CaseRow {
    pub fn of(app: &App, case: &Case) -> Self {
        Self {
            id: case.id.to_string(),
            title: case.title.clone(),
            activity: case.activity.map(|id| id.to_string()).unwrap_or_default(),
            provider: case.provider_name.clone(),
            completed: Day::of(case.completed_on),
            amount: case.amount.to_string(),
            opened: When::of(app, case.opened_at),
            learner: format!("{} {}", case.shown.first, case.shown.last),
            status: Status::of(app, case),
        }
    }
}

/// A line of the history.
pub(super) struct Line {
    pub when: When,
    pub what: &'static str,
    pub who: String,
    pub words: String,
}

/// A case with everything that its pages show, whoever reads it.
pub(super) struct CaseView {
    pub row: CaseRow,
    /// Of the file, or empty.
    pub evidence: String,
    pub state: CaseState,
    pub is_open: bool,
    pub is_overdue: bool,
    pub due: Day,
    pub reason: String,
    pub shown: store::missing_credit::Shown,
    pub known: Vec<FindingView>,
    pub lines: Vec<Line>,
    pub version: i64,
    /// What counts today of the credit that answered it.
    pub credit: Option<(String, Day)>,
    pub is_deleted: bool,
}

/// One thing that the system knew, as an alert.
pub(super) struct FindingView {
    pub tone: &'static str,
    pub title: &'static str,
    pub words: String,
}

impl FindingView {
    pub fn of(finding: &Finding) -> Self {
        Self { tone: finding.tone(), title: finding.title(), words: finding.words() }
    }
}

impl CaseView {
    /// `to`: who reads it, so that nobody is told of themselves as of somebody else.
    pub fn of(app: &App, seen: &Seen, to: Side) -> Self {
        let case = &seen.case;
        let lines = seen.steps.iter().map(|step| Line {
            when: When::of(app, step.at),
            what: match (step.step, step.side) {
                (Step::Answered, _) if to == Side::Physician => "Your credit is on record",
                (step, _) => step.label(),
            },
            who: who(case, step.side, &step.author, to),
            words: step.words.clone(),
        });
        let (credit, is_deleted) = match &seen.credit {
            Standing::None => (None, false),
            Standing::Deleted => (None, true),
            Standing::Counts(reported) => (
                Some((format!("{}, {} credits", reported.title, reported.amount), Day::of(reported.completed_on))),
                false,
            ),
        };
        Self {
            row: CaseRow::of(app, case),
            evidence: case.evidence.as_ref().map(|file| file.file_name.clone()).unwrap_or_default(),
            state: case.state,
            is_open: case.state.is_open(),
            is_overdue: case.state.is_open() && case.overdue_at.is_some(),
            due: Day::of(app.clock.day_of(case.due_at - 1).unwrap_or(case.completed_on)),
            reason: case.reason.clone(),
            shown: case.shown.clone(),
            known: case.known.iter().map(FindingView::of).collect(),
            lines: lines.collect(),
            version: case.version,
            credit,
            is_deleted,
        }
    }
}

/// Who did a step. People of a provider are named to their own team and to the accreditor.
fn who(case: &Case, side: Side, author: &str, to: Side) -> String {
    match side {
        Side::Physician if to == Side::Physician => "You".to_owned(),
        Side::Physician => format!("{} {}", case.shown.first, case.shown.last),
        Side::Provider if to == Side::Physician || author.is_empty() => case.provider_name.clone(),
        Side::Provider => format!("{author}, {}", case.provider_name),
        Side::Accreditor if to == Side::Accreditor => format!("{author}, accreditor"),
        Side::Accreditor => "The accreditor".to_owned(),
        Side::System => String::new(),
    }
}

/// The filter of a list, as its address has it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Place {
    pub show: String,
    pub page: String,
    pub provider: String,
    pub done: String,
}

pub(super) type Asked = Query<Place>;

pub(super) const PER_PAGE: i64 = 25;

/// What a list can be narrowed to: codes and words.
pub(super) const FILTERS: &[(&str, &str)] = &[
    ("", "Open"),
    ("overdue", "Overdue"),
    ("needs_information", "With a question"),
    ("answered", "Credit reported"),
    ("declined", "Declined"),
    ("withdrawn", "Withdrawn"),
    ("closed", "Closed"),
    ("all", "All"),
];

impl Place {
    pub fn filter(&self) -> Filter {
        match self.show.as_str() {
            "overdue" => Filter::Overdue,
            "all" => Filter::All,
            code => CaseState::read(code).map_or(Filter::Open, Filter::State),
        }
    }

    /// Of the list, from 1.
    pub fn page(&self) -> i64 {
        self.page.parse().unwrap_or(1).clamp(1, 10_000)
    }
}

/// How many pages a list has.
pub(super) fn pages(all: i64) -> u64 {
    u64::try_from(all.saturating_add(PER_PAGE - 1) / PER_PAGE).unwrap_or(1).max(1)
}

/// Whether somebody of the provider may act.
pub(super) fn may_act(scope: &ProviderScope) -> bool {
    scope.may(ProviderRole::LearnerData)
}
