//! A column that stands some rows too low or too high: refused rows are asked again with the value of a neighbour.
//!
//! Work is bounded. Only rows near other refused ones are asked, and where nearly all are refused every fourth of
//! them; the others are asked only about what fitted near them. A clean file asks next to nothing.

use super::stretches::{self, Sign};
use super::{Column, Fault, Line, Stretch, WITHIN, is_matched, is_refused};
use crate::decision::{Decision, Reason};
use crate::query::Query;

/// What is tried: a column and how many rows below the value stands. One row up or down is a blank or a missing
/// cell in any column; more than that happens to identifiers, which are pasted from other lists.
const TRIED: [(Column, isize); 12] = [
    (Column::Identifier, 1),
    (Column::Identifier, -1),
    (Column::BoardId, 1),
    (Column::BoardId, -1),
    (Column::Birth, 1),
    (Column::Birth, -1),
    (Column::Names, 1),
    (Column::Names, -1),
    (Column::Identifier, 2),
    (Column::Identifier, -2),
    (Column::Identifier, 3),
    (Column::Identifier, -3),
];

/// How many refused rows there must be near a row before it is asked: fewer cannot make a stretch.
const REFUSED: usize = 3;

/// How near they stand at least, where neighbours are different people.
const NEAR: usize = 4;

/// Where more rows than this are refused near a row, only one in [`EVERY`] is asked at first.
const CROWD: usize = 32;
const EVERY: usize = 4;

pub(super) fn find(lines: &[&Line], ask: impl Fn(&[Query]) -> Vec<Decision>) -> Vec<Stretch> {
    let first = asked_first(lines);
    let mut trials: Vec<Trial> = TRIED.iter().map(|&(column, by)| Trial::new(lines, column, by)).collect();
    put(&mut trials, &ask, |_| first.clone());
    put(&mut trials, &ask, |trial| trial.rows_near_fits());
    trials.iter().flat_map(Trial::stretches).collect()
}

/// Refused rows close to others, and of a crowd a part. A learner in many rows has one of them refused where a column
/// is shifted, so there the others may be farther away.
fn asked_first(lines: &[&Line]) -> Vec<usize> {
    let refused: Vec<usize> = (0..lines.len()).filter(|row| is_refused(lines[*row])).collect();
    let count = |row: usize, within: usize| {
        let from = refused.partition_point(|other| other + within < row);
        let to = refused.partition_point(|other| *other <= row + within);
        to - from
    };
    let is_repeated = |row: usize| {
        let beside = [row.checked_sub(1), row.checked_add(1).filter(|next| *next < lines.len())];
        beside.into_iter().flatten().any(|other| super::is_same_learner(lines, row, other))
    };
    let is_asked = |(place, row): (usize, usize)| {
        let around = count(row, WITHIN);
        let is_dense = around >= REFUSED && (count(row, NEAR) >= REFUSED || is_repeated(row));
        (is_dense && (around <= CROWD || place % EVERY == 0)).then_some(row)
    };
    refused.iter().copied().enumerate().filter_map(is_asked).collect()
}

/// Asks every trial's rows, all in one go.
fn put(trials: &mut [Trial], ask: impl Fn(&[Query]) -> Vec<Decision>, rows: impl Fn(&Trial) -> Vec<usize>) {
    let (mut places, mut queries) = (Vec::new(), Vec::new());
    for (number, trial) in trials.iter().enumerate() {
        for row in rows(trial).into_iter().filter(|row| trial.answers[*row].is_none()) {
            if let Some(query) = trial.question(row) {
                places.push((number, row));
                queries.push(query);
            }
        }
    }
    if queries.is_empty() {
        return;
    }
    for ((number, row), decision) in places.into_iter().zip(ask(&queries)) {
        trials[number].answers[row] = Some(trials[number].is_explained(&decision));
    }
}

/// One suspicion and what the rows said to it.
struct Trial<'a> {
    lines: &'a [&'a Line],
    column: Column,
    by: isize,
    /// Of rows that were asked: whether they match with the neighbour's value.
    answers: Vec<Option<bool>>,
}

impl<'a> Trial<'a> {
    fn new(lines: &'a [&'a Line], column: Column, by: isize) -> Self {
        Self { lines, column, by, answers: vec![None; lines.len()] }
    }

    /// The row in which the value would stand.
    fn lender(&self, row: usize) -> Option<&'a Query> {
        let line = self.lines.get(row.checked_add_signed(self.by)?)?;
        Some(&line.query)
    }

    /// The row with its neighbour's value; `None` if the neighbour has none, or the same.
    fn question(&self, row: usize) -> Option<Query> {
        let (own, lender) = (&self.lines[row].query, self.lender(row)?);
        self.lines[row].decision.as_ref().filter(|decision| !self.column.agrees(decision))?;
        if self.column.is_same(own, lender) {
            return None;
        }
        match self.column {
            // the other identifier is left out: it may be shifted as well
            Column::Identifier => {
                let identifier = super::number_of(lender).and(lender.identifier.clone());
                Some(Query { identifier: Some(identifier?), board: None, ..own.clone() })
            }
            Column::BoardId => {
                let (board, _) = lender.board.as_ref()?;
                own.board.as_ref().filter(|(own, _)| own == board)?;
                Some(Query { board: lender.board.clone(), identifier: None, ..own.clone() })
            }
            Column::Birth => Some(Query { birth: Some(lender.birth?), ..own.clone() }),
            Column::Names => {
                let names = own.clone();
                Some(Query {
                    first: names.first,
                    middle: names.middle,
                    last: names.last,
                    suffix: names.suffix,
                    former_last: names.former_last,
                    ..lender.clone()
                })
            }
        }
    }

    /// Whether the answer to [`Trial::question`] is a match in which the new value agrees. The birthday must agree
    /// always: it tells a shifted column of identifiers from shifted names.
    fn is_explained(&self, decision: &Decision) -> bool {
        is_matched(decision)
            && decision.reasons.contains(&Reason::BirthEqual)
            && match self.column {
                Column::Identifier | Column::BoardId => self.column.agrees(decision),
                Column::Birth => true,
                Column::Names => decision.by_identifier(),
            }
    }

    fn rows_near_fits(&self) -> Vec<usize> {
        let fits: Vec<usize> = (0..self.answers.len()).filter(|row| self.answers[*row] == Some(true)).collect();
        let is_near = |row: &usize| {
            let next = fits.partition_point(|fit| fit + WITHIN < *row);
            fits.get(next).is_some_and(|fit| *fit <= row + WITHIN)
        };
        (0..self.lines.len()).filter(is_near).collect()
    }

    fn sign(&self, row: usize) -> Sign {
        let Some(decision) = &self.lines[row].decision else { return Sign::Silent };
        if let Some(fits) = self.answers[row] {
            return if fits { Sign::Fits { refused: !is_matched(decision) } } else { Sign::Unfit };
        }
        let is_same = self.lender(row).is_some_and(|lender| self.column.is_same(&self.lines[row].query, lender));
        if !is_matched(decision) || !self.column.agrees(decision) || is_same {
            return Sign::Silent;
        }
        // without an identifier, an equal birthday may be a namesake's
        let is_sure = decision.by_identifier() || self.column == Column::Identifier;
        if is_sure { Sign::Against } else { Sign::Unfit }
    }

    fn stretches(&self) -> Vec<Stretch> {
        if !self.answers.contains(&Some(true)) {
            return Vec::new();
        }
        let signs: Vec<Sign> = (0..self.lines.len()).map(|row| self.sign(row)).collect();
        let stretch = |(first, last)| Stretch { column: self.column, fault: Fault::Shifted(self.by), first, last };
        let is_same = |a: usize, b: usize| super::is_same_learner(self.lines, a, b);
        stretches::of(&signs, is_same).into_iter().map(stretch).collect()
    }
}
