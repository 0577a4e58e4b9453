//! One activity as a file gives it: fields, texts and places, the same from every format.
//!
//! Nothing is understood here yet. A field that is not given is not there: an empty text never is a
//! value, a zero is.

use domain::Board;
use domain::activity::Missing;

use super::field::{Field, Group};
use super::place::Place;
use super::problem::{Problem, Severity};

/// A value as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    pub field: Field,
    /// The number of its group, from 0; 0 for fields without one.
    pub nth: u16,
    /// Trimmed, never empty.
    pub text: String,
    pub place: Place,
}

/// One activity of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// From 1: the n-th record of a document, the row of a sheet.
    pub number: u64,
    pub place: Place,
    /// In the order in which they stand there.
    pub values: Vec<Value>,
    /// What is wrong with its form. One that refuses refuses the record.
    pub problems: Vec<Problem>,
    /// Registrations of a document that name no practice areas of their own: the draft has none
    /// there, the activity's specialties stand for them.
    pub without_areas: Vec<u16>,
}

impl Record {
    pub fn new(number: u64, place: Place) -> Self {
        Self { number, place, values: Vec::new(), problems: Vec::new(), without_areas: Vec::new() }
    }

    /// Adds a value, unless it is empty.
    pub fn put(&mut self, field: Field, nth: u16, text: &str, place: Place) {
        let text = text.trim();
        if !text.is_empty() {
            // Formats disagree about the ends of lines.
            let text =
                if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() };
            self.values.push(Value { field, nth, text, place });
        }
    }

    /// The values of a field in one group.
    pub fn values(&self, field: Field, nth: u16) -> impl Iterator<Item = &Value> {
        self.values.iter().filter(move |value| value.field == field && value.nth == nth)
    }

    /// The first value of a field without a group.
    pub fn first(&self, field: Field) -> Option<&Value> {
        self.values(field, 0).next()
    }

    /// The text of a field without a group; empty if it is not given.
    pub fn text(&self, field: Field) -> &str {
        self.first(field).map_or("", |value| value.text.as_str())
    }

    /// The numbers of a group that hold something, in order.
    pub fn numbers(&self, group: Group) -> Vec<u16> {
        let mut numbers: Vec<u16> =
            self.values.iter().filter(|value| value.field.group() == Some(group)).map(|value| value.nth).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// What a rule found, with the place and the text of the value that broke it; the place of the
    /// record where nothing is given.
    pub fn problem(&self, missing: Missing) -> Problem {
        let with_key = |value: &&Value| value.field.column().key == missing.field;
        let of_board = |value: &&Value| {
            missing.board.is_none_or(|board| {
                let boards = self.values(Field::MocBoard, value.nth);
                boards.map(|given| Board::read(&given.text)).any(|given| given == Some(board))
            })
        };
        let candidates = || self.values.iter().filter(with_key).filter(of_board);
        let exact = candidates().find(|value| value.text == missing.fact);
        match exact.or_else(|| candidates().next()) {
            Some(value) => Problem::rule(missing, value.place.clone()).field(value.field).given(&value.text),
            None => Problem::rule(missing, self.place.clone()),
        }
    }

    /// Whether something refuses it.
    pub fn is_refused(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity() != Severity::Warns)
    }
}
