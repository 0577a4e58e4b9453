//! What a program is told of each of its reports.

use domain::credit::{CreditStatus, Kind};
use domain::upload::RowResult;
use domain::{Amount, CompletionId, Problem, UploadId};
use formats::Row;
use serde::{Deserialize, Serialize};
use store::submissions::Standing;

use crate::reports::Recorded;

pub use store::activity_files::Told;

/// A request whose reports are all settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Under which people find what was refused, to correct it on screen.
    pub upload: UploadId,
    /// One for each report, in order.
    pub records: Vec<Record>,
}

/// What became of one report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The n-th report of the document.
    pub number: i64,
    /// The line on which it begins; 0 where there is no document.
    pub line: i64,
    pub ending: Ending,
    /// `ccid:provider:completion`, where there is a completion.
    pub credit_id: String,
    /// The completion's live credit as it stands now.
    pub destinations: Vec<Destination>,
    /// Problems, which keep the report out, and warnings, which do not.
    pub told: Vec<Told>,
}

/// The end of one report. A report of several boards is several rows, each of which is settled for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    Accepted,
    /// Of several boards some were taken; the problems say what was not.
    PartlyAccepted,
    AlreadyReported,
    Deleted,
    Refused,
}

impl Ending {
    pub const ALL: &[Ending] =
        &[Self::Accepted, Self::PartlyAccepted, Self::AlreadyReported, Self::Deleted, Self::Refused];

    pub fn code(self) -> &'static str {
        match self {
            Ending::Accepted => "accepted",
            Ending::PartlyAccepted => "partly_accepted",
            Ending::AlreadyReported => "already_reported",
            Ending::Deleted => "deleted",
            Ending::Refused => "refused",
        }
    }

    /// Of the rows of one report.
    fn of(results: &[RowResult]) -> Self {
        let any = |result| results.contains(&result);
        let is_refused = any(RowResult::Refused);
        match (any(RowResult::Accepted), any(RowResult::Deleted), any(RowResult::AlreadyReported)) {
            (true, ..) | (_, true, _) | (.., true) if is_refused => Ending::PartlyAccepted,
            (true, ..) => Ending::Accepted,
            (_, true, _) => Ending::Deleted,
            (.., true) => Ending::AlreadyReported,
            _ => Ending::Refused,
        }
    }
}

/// Where credit of a completion goes, and what that place says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    /// CME, REMS or a certifying board's code.
    pub name: String,
    pub status: CreditStatus,
    /// Why it was rejected; empty otherwise.
    pub reason: String,
    pub credits: Amount,
    /// Made by the system from other credit of the completion.
    pub is_derived: bool,
    /// Microseconds since 1970, UTC.
    pub reported_at: i64,
}

impl From<&Standing> for Destination {
    fn from(standing: &Standing) -> Self {
        Self {
            name: standing.kind.key().to_owned(),
            status: standing.status,
            reason: standing.reason.clone(),
            credits: standing.amount,
            is_derived: standing.is_derived,
            reported_at: standing.reported_at,
        }
    }
}

impl Destination {
    /// REMS credit has no amount.
    pub fn has_amount(&self) -> bool {
        self.name != Kind::Rems.key()
    }
}

/// One report's rows put together.
pub(super) struct Gathered {
    pub number: i64,
    pub line: i64,
    pub results: Vec<RowResult>,
    pub completions: Vec<CompletionId>,
    pub told: Vec<Told>,
}

impl Gathered {
    /// Rows of one report follow one another.
    pub fn reports<'a>(rows: impl Iterator<Item = (&'a Row, Recorded)>) -> Vec<Self> {
        let mut reports: Vec<Self> = Vec::new();
        for (row, recorded) in rows {
            let (number, line) = match &row.origin {
                Some(origin) => (origin.record, origin.line),
                None => (row.number, 0),
            };
            let number = i64::try_from(number).unwrap_or(i64::MAX);
            if reports.last().is_none_or(|last| last.number != number) {
                let line = i64::try_from(line).unwrap_or_default();
                reports.push(Self { number, line, results: vec![], completions: vec![], told: vec![] });
            }
            if let Some(last) = reports.last_mut() {
                last.add(row, recorded);
            }
        }
        reports
    }

    fn add(&mut self, row: &Row, recorded: Recorded) {
        let Recorded { result, completion, mut problems } = recorded;
        row.place(&mut problems);
        self.results.push(result);
        if let Some(completion) = completion.filter(|id| !self.completions.contains(id)) {
            self.completions.push(completion);
        }
        let warnings = row.origin.iter().flat_map(|origin| &origin.warnings).map(warning);
        for told in problems.iter().map(problem).chain(warnings) {
            // what is wrong with the whole report is wrong with each of its rows
            if !self.told.contains(&told) {
                self.told.push(told);
            }
        }
    }

    pub fn record(self, credit_id: String, destinations: Vec<Destination>) -> Record {
        let Self { number, line, results, told, .. } = self;
        Record { number, line, ending: Ending::of(&results), credit_id, destinations, told }
    }
}

/// A problem in the words in which its sender is told it.
pub(super) fn problem(problem: &Problem) -> Told {
    Told {
        is_warning: false,
        code: problem.code.as_str().to_owned(),
        place: problem.at.clone(),
        field: problem.in_field().map_or(String::new(), |field| field.label().to_owned()),
        given: problem.given.clone(),
        message: problem.message(),
        remedy: problem.remedy().into_owned(),
    }
}

fn warning(warning: &formats::learners::Warning) -> Told {
    Told {
        is_warning: true,
        code: "passed_over".to_owned(),
        place: warning.at.clone(),
        field: String::new(),
        given: String::new(),
        message: warning.message.clone(),
        remedy: "Nothing need be done. Check the spelling if it should count.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_of_several_rows_has_one_end() {
        use RowResult::{Accepted, AlreadyReported, Deleted, Refused};
        for (rows, ending) in [
            (&[Accepted, AlreadyReported][..], Ending::Accepted),
            (&[AlreadyReported, Refused], Ending::PartlyAccepted),
            (&[Refused, Accepted], Ending::PartlyAccepted),
            (&[Deleted, Deleted], Ending::Deleted),
            (&[AlreadyReported], Ending::AlreadyReported),
            (&[Refused, Refused], Ending::Refused),
        ] {
            assert_eq!(Ending::of(rows), ending, "{rows:?}");
        }
    }
}
