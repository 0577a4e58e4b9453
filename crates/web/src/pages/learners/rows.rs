//! A completion as a line of a list: who, which activity, and each destination with what it said.

use app::App;
use domain::check::us_date;
use domain::credit::{CreditStatus, Kind};
use domain::reference::Reference;
use domain::report::RemsReport;
use domain::transcript::credit_lines;
use store::learners::{Learner, Reported};

use crate::When;

pub(super) struct LearnerRow {
    pub id: String,
    pub name: String,
    pub birth: String,
    pub identifier: String,
    pub activity: String,
    pub title: String,
    pub completed: String,
    pub completed_machine: String,
    pub reported: When,
    pub credits: Vec<CreditLine>,
    pub rems: Option<RemsReport>,
}

pub(super) struct CreditLine {
    pub to: String,
    /// The credit, then its types.
    pub lines: Vec<String>,
    pub shape: &'static str,
    pub status: &'static str,
    pub reason: String,
}

impl LearnerRow {
    pub(super) fn of(app: &App, reference: &Reference, learner: &Learner) -> Self {
        Self {
            id: learner.id.to_string(),
            name: name(learner),
            birth: learner.birth.clone(),
            identifier: learner.identifier.clone(),
            activity: learner.activity.to_string(),
            title: learner.title.clone(),
            completed: us_date(learner.completed_on),
            completed_machine: learner.completed_on.to_string(),
            reported: When::of(app, learner.reported_at),
            credits: learner.standing().map(|credit| CreditLine::of(reference, credit)).collect(),
            rems: learner.rems.clone(),
        }
    }
}

/// REMS learners may have no name.
pub(super) fn name(learner: &Learner) -> String {
    let name = format!("{} {}", learner.first_name, learner.last_name);
    if name.trim().is_empty() { format!("Learner {}", learner.identifier) } else { name.trim().to_owned() }
}

impl CreditLine {
    pub(super) fn of(reference: &Reference, credit: &Reported) -> Self {
        let lines = match credit.kind {
            Kind::Rems => vec!["REMS learner".to_owned()],
            _ => credit_lines(&credit.credit(), reference),
        };
        let (shape, status) = status(credit);
        Self { to: destination(reference, credit.kind), lines, shape, status, reason: credit.reason.clone() }
    }
}

/// What people call a destination.
pub(super) fn destination(reference: &Reference, kind: Kind) -> String {
    match kind {
        Kind::Cme => "CME".to_owned(),
        Kind::Rems => "REMS".to_owned(),
        Kind::Moc(board) => reference.board_label(board),
    }
}

/// Shape and word.
pub(super) fn status(credit: &Reported) -> (&'static str, &'static str) {
    match (credit.withdrawn_at, credit.status) {
        (Some(_), _) => ("withdrawn", "Withdrawn"),
        (None, CreditStatus::Accepted) => ("good", "Accepted"),
        (None, CreditStatus::Pending) => ("waiting", "Pending"),
        (None, CreditStatus::Rejected) => ("bad", "Rejected"),
    }
}
