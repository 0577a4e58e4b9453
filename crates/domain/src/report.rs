//! A learner report as a sender gave it: one row of a file, one element, one form.
//!
//! Readers fill in what they can and note a problem for what they cannot, so that later checks
//! still run on the rest: a sender learns **all** faults of a row at once, not the first.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::field::Field;
use crate::{ActivityId, Amount, Board, MonthDay, Problem, State};

/// There is no edit: a record is corrected by a delete and an add (domain.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Add,
    Delete,
}

/// Who is meant, in the sender's words. `identifier` is column H: a license number or an NPI.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Learner {
    pub first: String,
    pub last: String,
    pub birth: Option<MonthDay>,
    pub state: Option<State>,
    pub identifier: Option<String>,
    pub board: Option<(Board, String)>,
}

/// Credit for one certifying board. Types are **tags over the same points**: never add them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MocReport {
    pub board: Board,
    pub total: Option<Amount>,
    pub types: Vec<(String, Amount)>,
}

/// A learner of a risk-evaluation (REMS) activity, perhaps not a physician.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RemsReport {
    pub local_id: String,
    pub profession: String,
    pub state: String,
    pub dea: String,
    pub practice_area: String,
    pub surgical: String,
    pub time_in_practice: String,
}

/// One report with everything readable in it, and all problems found so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LearnerReport {
    pub action: Option<Action>,
    pub activity: Option<ActivityId>,
    /// The provider's own ID of the activity, used where no activity ID is given.
    pub internal_activity: Option<String>,
    pub completed_on: Option<Date>,
    pub learner: Learner,
    pub cme: Option<Amount>,
    pub moc: Option<MocReport>,
    pub rems: Option<RemsReport>,
    /// The sender's own key of this row.
    pub submission_id: Option<String>,
    /// Further keys of the sender's: each certificate of a document may have one.
    pub further_ids: Vec<String>,
    pub problems: Vec<Problem>,
}

impl LearnerReport {
    /// The sender's own keys, the row's first.
    pub fn own_ids(&self) -> impl Iterator<Item = &String> {
        self.submission_id.iter().chain(&self.further_ids)
    }

    /// Notes a problem unless the same field already has one of the same code.
    pub fn problem(&mut self, problem: Problem) {
        let known = self.problems.iter().any(|p| p.code == problem.code && p.place == problem.place);
        if !known {
            self.problems.push(problem);
        }
    }

    /// Whether a field already has a problem: what follows from a bad value is not reported twice.
    pub fn faulty(&self, field: Field) -> bool {
        self.problems.iter().any(|p| p.in_field() == Some(field))
    }

    /// Whether only REMS is reported: then the physician identity rules do not apply (domain.md).
    pub fn is_rems_only(&self) -> bool {
        self.rems.is_some() && self.cme.is_none() && self.moc.is_none()
    }
}
