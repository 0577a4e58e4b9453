//! Short ways to write physicians and queries. Everyone is invented.

use domain::{Board, MonthDay, PhysicianId, State};
use matching::{Decision, Index, Outcome, Physician, Query, Reason};
use uuid::Uuid;

pub(crate) fn id(number: u32) -> PhysicianId {
    PhysicianId::new(Uuid::from_u128(number.into()))
}

fn state(code: &str) -> State {
    State::read(code).unwrap()
}

/// `"first middle|last"`, birthday, `"ST number, ST number"`.
pub(crate) fn physician(number: u32, name: &str, birth: &str, licenses: &str) -> Physician {
    let (given, last) = name.split_once('|').unwrap();
    let (first, middle) = given.split_once(' ').unwrap_or((given, ""));
    Physician {
        first: first.into(),
        middle: middle.into(),
        last: last.into(),
        birth: MonthDay::read(birth),
        licenses: licenses
            .split(", ")
            .filter(|license| !license.is_empty())
            .map(|license| license.split_once(' ').unwrap())
            .map(|(code, number)| (state(code), number.to_owned()))
            .collect(),
        ..Physician::new(id(number))
    }
}

pub(crate) trait With: Sized {
    fn npi(self, npi: &str) -> Self;
    fn board(self, board: &str, number: &str) -> Self;
    fn former(self, last: &str) -> Self;
    fn suffix(self, suffix: &str) -> Self;
}

impl With for Physician {
    fn npi(self, npi: &str) -> Self {
        Self { npi: Some(npi.into()), ..self }
    }

    fn board(mut self, board: &str, number: &str) -> Self {
        self.certifications.push((Board::read(board).unwrap(), number.into()));
        self
    }

    fn former(mut self, last: &str) -> Self {
        self.former_last.push(last.into());
        self
    }

    fn suffix(self, suffix: &str) -> Self {
        Self { suffix: suffix.into(), ..self }
    }
}

impl With for Query {
    fn npi(self, npi: &str) -> Self {
        Self { npi: Some(npi.into()), ..self }
    }

    fn board(self, board: &str, number: &str) -> Self {
        Self { board: Some((Board::read(board).unwrap(), number.into())), ..self }
    }

    fn former(mut self, last: &str) -> Self {
        self.former_last.push(last.into());
        self
    }

    fn suffix(self, suffix: &str) -> Self {
        Self { suffix: suffix.into(), ..self }
    }
}

/// `"first|last"`, birthday, state or empty, column H or empty.
pub(crate) fn query(name: &str, birth: &str, state: &str, identifier: &str) -> Query {
    let (first, last) = name.split_once('|').unwrap();
    Query {
        first: first.into(),
        last: last.into(),
        birth: MonthDay::read(birth),
        state: State::read(state),
        identifier: Some(identifier.into()),
        ..Query::default()
    }
}

pub(crate) fn index<'a>(physicians: impl IntoIterator<Item = &'a Physician>) -> Index {
    let mut builder = Index::builder(0);
    physicians.into_iter().for_each(|physician| builder.push(physician));
    builder.build()
}

#[track_caller]
pub(crate) fn assert_matched(decision: &Decision, number: u32) {
    assert_eq!(decision.outcome, Outcome::Matched(id(number)), "{decision:?}");
}

/// Asserts the outcome's word and that the reason is among those given.
#[track_caller]
pub(crate) fn assert_refused(decision: &Decision, outcome: &str, reason: Reason) {
    assert_eq!(decision.outcome.code(), outcome, "{decision:?}");
    assert!(decision.reasons.contains(&reason), "{decision:?}");
}
