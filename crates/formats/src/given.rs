//! The values of one row by their meaning, and what can be wrong with any value whatever it means.
//!
//! Columns come in any order, so a row is gone through once and each cell put in its place; asking
//! the header for every field in turn would cost more than reading the file does.

use domain::report::LearnerReport;
use domain::{Code, Field, Problem};

use crate::columns::max_chars;

/// The values of a row, trimmed; empty where nothing stands.
#[derive(Default)]
pub(crate) struct Given<'a> {
    pub(crate) action: &'a str,
    pub(crate) activity: &'a str,
    pub(crate) internal_activity: &'a str,
    pub(crate) date: &'a str,
    pub(crate) first: &'a str,
    pub(crate) last: &'a str,
    pub(crate) birth: &'a str,
    pub(crate) state: &'a str,
    pub(crate) identifier: &'a str,
    pub(crate) cme: &'a str,
    pub(crate) board: &'a str,
    pub(crate) diplomate: &'a str,
    pub(crate) board_credits: &'a str,
    pub(crate) submission: &'a str,
    /// Name and amount of each credit type, by its number.
    pub(crate) types: Vec<(&'a str, &'a str)>,
    pub(crate) rems: [&'a str; 7],
}

/// The REMS fields, in the order of [`Given::rems`].
const REMS: [Field; 7] = [
    Field::RemsLocalId,
    Field::RemsProfession,
    Field::RemsState,
    Field::RemsDea,
    Field::RemsPracticeArea,
    Field::RemsSurgical,
    Field::RemsTimeInPractice,
];

impl<'a> Given<'a> {
    pub(crate) fn put(&mut self, field: Field, value: &'a str) {
        match field {
            Field::RecordAction => self.action = value,
            Field::ActivityId => self.activity = value,
            Field::InternalActivityId => self.internal_activity = value,
            Field::CompletionDate => self.date = value,
            Field::FirstName => self.first = value,
            Field::LastName => self.last = value,
            Field::Birth => self.birth = value,
            Field::State => self.state = value,
            Field::Identifier => self.identifier = value,
            Field::CmeCredits => self.cme = value,
            Field::Board => self.board = value,
            Field::DiplomateId => self.diplomate = value,
            Field::BoardCredits => self.board_credits = value,
            Field::SubmissionId => self.submission = value,
            Field::CreditType(n) => self.pair(n).0 = value,
            Field::CreditTypeAmount(n) => self.pair(n).1 = value,
            Field::RemsLocalId
            | Field::RemsProfession
            | Field::RemsState
            | Field::RemsDea
            | Field::RemsPracticeArea
            | Field::RemsSurgical
            | Field::RemsTimeInPractice => {
                let place = REMS.iter().zip(&mut self.rems).find(|(rems, _)| **rems == field);
                if let Some((_, place)) = place {
                    *place = value;
                }
            }
        }
    }

    fn pair(&mut self, n: u8) -> &mut (&'a str, &'a str) {
        let n = usize::from(n);
        if n >= self.types.len() {
            self.types.resize(n + 1, ("", ""));
        }
        &mut self.types[n]
    }

    /// Credit types of which something is given, with their numbers.
    pub(crate) fn given_types(&self) -> impl Iterator<Item = (u8, &'a str, &'a str)> {
        (0..=u8::MAX)
            .zip(&self.types)
            .filter(|(_, (name, amount))| !name.is_empty() || !amount.is_empty())
            .map(|(n, (name, amount))| (n, *name, *amount))
    }
}

/// What can be wrong with any value, whatever it means.
pub(crate) fn check_text(report: &mut LearnerReport, field: Field, value: &str) {
    if value.starts_with('=') {
        report.problem(Problem::field(Code::CellIsFormula, field).given(value));
    }
    if value.starts_with('#') && is_spreadsheet_error(value) {
        report.problem(Problem::field(Code::CellIsError, field).given(value));
    }
    let longest = max_chars(field);
    if value.len() > longest && value.chars().count() > longest {
        report.problem(Problem::field(Code::ValueTooLong, field).given(value).fact(longest.to_string()));
    }
    let plain = value.bytes().all(|b| (b' '..=b'~').contains(&b));
    if !plain && value.chars().any(is_invisible) {
        report.problem(Problem::field(Code::ValueHasControlCharacters, field).given(value));
    }
    let is_id = matches!(field, Field::ActivityId | Field::Identifier | Field::DiplomateId);
    if is_id && is_rounded(value) {
        report.problem(Problem::field(Code::IdRounded, field).given(value));
    }
}

pub(crate) fn is_spreadsheet_error(value: &str) -> bool {
    ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"].contains(&value)
}

/// Control characters, marks of undecodable text, and marks that hide or reorder what is beside them.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{FFFD}' | '\u{FEFF}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// `3.5E+07`: what a spreadsheet makes of an ID with many digits.
fn is_rounded(value: &str) -> bool {
    let Some((mantissa, exponent)) = value.split_once(['E', 'e']) else { return false };
    let digits = exponent.strip_prefix('+').unwrap_or(exponent);
    let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    number(whole) && number(fraction) && number(digits) && (exponent.starts_with('+') || mantissa.contains('.'))
}
