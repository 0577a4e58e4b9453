//! What someone outside says of a person: a row of a learner report, a roster's row, a claim to an account.
//! Texts come as they were typed; empty and absent mean the same.

use domain::{Board, MonthDay, State};

/// Who tells, which decides what an identifier unknown to the registry means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Teller {
    /// A provider or the physician: an unknown identifier is evidence against every candidate.
    #[default]
    Report,
    /// A licensing or certifying board: an unknown identifier or state is news, not evidence.
    Roster,
}

/// What is said of one person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    pub first: String,
    pub middle: String,
    pub last: String,
    pub suffix: String,
    pub former_last: Vec<String>,
    pub birth: Option<MonthDay>,
    pub state: Option<State>,
    /// Column H of the learner template: a license number of `state`, or an NPI (formats.md, section 1).
    pub identifier: Option<String>,
    /// An NPI from a source that keeps it apart.
    pub npi: Option<String>,
    pub board: Option<(Board, String)>,
    pub teller: Teller,
}
