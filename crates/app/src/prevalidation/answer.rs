//! What is told of one learner. Every answer has the same parts, so that none tells by its shape.

use domain::{Code, Problem};
use matching::{Decision, Field, Outcome as Verdict};

use crate::reports::identity_problem;

/// The outcome in a word, as the identity outcomes of domain.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Matched,
    NoMatch,
    Several,
    Conflict,
    /// One is likely, but not certain.
    Uncertain,
    /// Nobody was looked for: the record cannot be read, or its person was asked about too often.
    NotChecked,
}

impl Outcome {
    pub const ALL: &[Outcome] =
        &[Self::Matched, Self::NoMatch, Self::Several, Self::Conflict, Self::Uncertain, Self::NotChecked];

    /// The stable word for programs and files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::NoMatch => "no_match",
            Self::Several => "several",
            Self::Conflict => "conflict",
            Self::Uncertain => "uncertain",
            Self::NotChecked => "not_checked",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Matched => "Matched",
            Self::NoMatch => "No match",
            Self::Several => "Several possible",
            Self::Conflict => "Conflict",
            Self::Uncertain => "Not certain",
            Self::NotChecked => "Not checked",
        }
    }
}

/// What is told of one learner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub outcome: Outcome,
    /// Stable codes: of a match what it rests on, otherwise those of `problems`.
    pub reasons: Vec<&'static str>,
    /// What to look at or to add, best first.
    pub fields: Vec<Field>,
    /// In words with remedies; none of a match.
    pub problems: Vec<Problem>,
}

impl Answer {
    pub(super) fn of(decision: &Decision) -> Self {
        let outcome = match decision.outcome {
            Verdict::Matched(_) => {
                // which of what was sent carries it; not what of it differs, that would be the registry's
                let reason = if decision.by_identifier() { "identifier_agrees" } else { "name_and_birth_agree" };
                return Self { outcome: Outcome::Matched, reasons: vec![reason], fields: vec![], problems: vec![] };
            }
            Verdict::None => Outcome::NoMatch,
            Verdict::Several => Outcome::Several,
            Verdict::Conflict => Outcome::Conflict,
            Verdict::Review => Outcome::Uncertain,
        };
        let mut fields = decision.settle_with.clone();
        fields.dedup();
        Self { fields, ..Self::with(outcome, vec![identity_problem(decision)]) }
    }

    /// The person was described too often in ways that did not mean them.
    pub(super) fn too_many() -> Self {
        Self::with(Outcome::NotChecked, vec![Problem::row(Code::TooManyTries)])
    }

    pub(super) fn not_checked(problems: Vec<Problem>) -> Self {
        Self::with(Outcome::NotChecked, problems)
    }

    fn with(outcome: Outcome, problems: Vec<Problem>) -> Self {
        let mut reasons: Vec<&'static str> = problems.iter().map(|problem| problem.code.as_str()).collect();
        reasons.dedup();
        Self { outcome, reasons, fields: Vec::new(), problems }
    }

    /// A sentence for people.
    pub fn message(&self) -> String {
        match (self.problems.is_empty(), self.reasons.first()) {
            (true, Some(&"identifier_agrees")) => "One physician, by an ID that was given.".to_owned(),
            (true, _) => "One physician, by name, birth date and state.".to_owned(),
            (false, _) => self.problems.iter().map(Problem::message).collect::<Vec<_>>().join(" "),
        }
    }

    /// What to do; empty where nothing need be done.
    pub fn remedy(&self) -> String {
        let mut remedies: Vec<_> = self.problems.iter().map(Problem::remedy).collect();
        remedies.dedup();
        remedies.join(" ")
    }
}

/// How many answers there are of each outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally([u64; Outcome::ALL.len()]);

impl Tally {
    pub fn of(answers: &[Answer]) -> Self {
        let mut tally = Self::default();
        for answer in answers {
            if let Some(count) = tally.0.get_mut(answer.outcome as usize) {
                *count += 1;
            }
        }
        tally
    }

    pub fn count(&self, outcome: Outcome) -> u64 {
        self.0.get(outcome as usize).copied().unwrap_or_default()
    }
}
