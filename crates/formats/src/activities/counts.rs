//! Learner counts: a sheet that only updates totals of activities. An empty total stays as it is on
//! record; a zero is a number.

use domain::ActivityId;
use domain::activity::{Missing, Rule};
use domain::reference::Reference;

use super::field::Field;
use super::problem::{Code, Problem, Severity};
use super::record::Record;
use super::values::Values;

/// The totals of one activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    pub activity_id: Option<ActivityId>,
    /// The provider's own ID; empty if it is not given.
    pub internal_id: String,
    pub physicians: Option<i64>,
    pub others: Option<i64>,
    /// What refuses the row.
    pub problems: Vec<Problem>,
}

/// Understands a row of learner counts.
pub fn read_counts(record: &Record) -> Counts {
    let reference = Reference::default();
    let mut values = Values { record, reference: &reference, problems: Vec::new() };
    let activity_id = values.read(Field::ActivityId, 0, Code::ActivityIdMalformed, |text| text.parse().ok());
    let internal_id = values.text(Field::InternalId, 0);
    let physicians = values.whole(Field::PhysicianTotal, 0);
    let others = values.whole(Field::OtherTotal, 0);
    if record.first(Field::ActivityId).is_none() && internal_id.is_empty() {
        let problem = Problem::new(Code::ActivityMissing, record.place.clone());
        values.problems.push(problem.field(Field::ActivityId));
    }
    let totals = [(Field::PhysicianTotal, physicians), (Field::OtherTotal, others)];
    if totals.iter().all(|(field, _)| record.first(*field).is_none()) {
        let problem = Problem::new(Code::GroupIncomplete, record.place.clone()).field(Field::ActivityId);
        values.problems.push(problem.fact("a number of learners"));
    }
    for (field, total) in totals {
        if let Some(total) = total.filter(|total| *total < 0) {
            let missing = Missing::of(Rule::TotalNegative).at(field.column().key).fact(total.to_string());
            values.problems.push(record.problem(missing));
        }
    }
    let own = record.problems.iter().filter(|problem| problem.severity() != Severity::Warns).cloned();
    let problems = own.chain(values.problems).collect();
    Counts { activity_id, internal_id, physicians, others, problems }
}
