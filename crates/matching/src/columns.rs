//! What only many rows of a file together can tell: a column that stands some rows too low or too high, a value
//! copied down, a filled series, first and last names in each other's column. [`find`] answers stretches of rows,
//! so that a sender gets one message where each row alone would be one more refusal.
//!
//! It never matches anybody. Rows that were refused are asked again with a neighbour's value, and all that is told
//! is that they would match then: what the sender learns anyway by moving the column.

mod repeated;
mod shifted;
mod stretches;

use crate::decision::{Decision, Outcome, Reason};
use crate::names;
use crate::numbers::Number;
use crate::query::Query;

/// How far one row says anything about another. A learner may fill many rows, so a handful of odd ones lies apart;
/// across more rows than this they are no longer one slip of the hand.
pub(crate) const WITHIN: usize = 64;

/// Rows on either side that decide about a row: rows read a part at a time need as many from before and after.
pub const CONTEXT: usize = 2 * WITHIN;

/// One row of a file and what the engine answered.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// As far as it could be read: a neighbour's identifier may stand in a row that has no name.
    pub query: Query,
    /// `None` where too little could be read to ask.
    pub decision: Option<Decision>,
}

/// What a fault is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// License number or NPI.
    Identifier,
    /// Diplomate ID.
    BoardId,
    Birth,
    /// First and last name together.
    Names,
}

/// What is wrong with a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The value of a row stands so many rows below it, or above it if negative.
    Shifted(isize),
    /// One value stands beside different people.
    CopiedDown,
    /// Numbers rise by one from row to row, beside different people.
    Series,
    /// First and last name stand in each other's column.
    Exchanged,
}

/// Neighbouring rows with one fault. Places are counted from 0 in the lines that were looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    pub column: Column,
    pub fault: Fault,
    pub first: usize,
    pub last: usize,
}

impl Stretch {
    /// Whether a row within the stretch is to be refused for it: one that was refused while this column does not
    /// agree, and in a shifted stretch also one that matched although no identifier agrees, or the names do not.
    pub fn concerns(&self, decision: &Decision) -> bool {
        if is_matched(decision) {
            let is_sure = decision.by_identifier() && (self.column != Column::Names || self.column.agrees(decision));
            return matches!(self.fault, Fault::Shifted(_)) && !is_sure;
        }
        !self.column.agrees(decision)
    }
}

/// Every stretch of the lines, from the first to the last. `ask` answers queries in their order;
/// it is called at most twice, and only for rows near others that were refused.
pub fn find(lines: &[&Line], ask: impl Fn(&[Query]) -> Vec<Decision>) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    // the surer kinds first: a shifted column of consecutive numbers looks like a series as well
    let kinds = shifted::find(lines, ask)
        .into_iter()
        .chain(repeated::copied_down(lines, Column::Identifier))
        .chain(repeated::copied_down(lines, Column::BoardId))
        .chain(repeated::birth_copied_down(lines))
        .chain(repeated::series(lines))
        .chain(repeated::exchanged(lines));
    for stretch in kinds {
        stretches::add_beside(&mut found, stretch);
    }
    found.sort_by_key(|stretch| stretch.first);
    found
}

impl Column {
    /// Whether the row's own value agrees with the one it was matched to, or was likeliest to be: somebody of the
    /// same names, for a stranger's birthday or number may agree by chance.
    fn agrees(self, decision: &Decision) -> bool {
        let says = |reason| decision.reasons.contains(&reason);
        let names = !says(Reason::FirstNameDiffers) && !says(Reason::LastNameDiffers);
        let value = match self {
            Column::Identifier => {
                says(Reason::LicenseEqual) || says(Reason::LicenseOtherState) || says(Reason::NpiEqual)
            }
            Column::BoardId => says(Reason::BoardIdEqual),
            Column::Birth => says(Reason::BirthEqual),
            Column::Names => return is_matched(decision) && names,
        };
        value && (names || is_matched(decision))
    }

    /// Whether two rows give the same value; what is not given is never the same.
    fn is_same(self, a: &Query, b: &Query) -> bool {
        match self {
            Column::Identifier => number_of(a).zip(number_of(b)).is_some_and(|(a, b)| a.core() == b.core()),
            Column::BoardId => match (&a.board, &b.board) {
                (Some((board, a)), Some((other, b))) => {
                    let numbers = Number::read(a).zip(Number::read(b));
                    board == other && numbers.is_some_and(|(a, b)| a.core() == b.core())
                }
                _ => false,
            },
            Column::Birth => a.birth.is_some() && a.birth == b.birth,
            Column::Names => a.birth == b.birth && a.identifier == b.identifier && a.board == b.board,
        }
    }
}

fn number_of(query: &Query) -> Option<Number> {
    Number::read(query.identifier.as_deref()?)
}

fn is_matched(decision: &Decision) -> bool {
    matches!(decision.outcome, Outcome::Matched(_))
}

fn is_refused(line: &Line) -> bool {
    line.decision.as_ref().is_some_and(|decision| !is_matched(decision))
}

/// A name as it is compared.
fn person(query: &Query) -> (String, String) {
    let read = |text: &str, column| names::read(text, column).spaced;
    (read(&query.last, names::Column::Last), read(&query.first, names::Column::First))
}

fn is_same_learner(lines: &[&Line], a: usize, b: usize) -> bool {
    person(&lines[a].query) == person(&lines[b].query)
}
