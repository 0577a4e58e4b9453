//! Single values of a record as what they mean, with a problem where they cannot be read.
//!
//! A value is judged the same whatever it came from: `true`, `Yes` and a spreadsheet's `TRUE` are
//! one answer, and every form of a date that learner files may have is one here.

use domain::activity::Answer;
use domain::reference::{List, Reference};
use domain::{Amount, Board};
use jiff::civil::Date;

use super::field::Field;
use super::problem::{Code, Problem};
use super::record::{Record, Value};
use crate::dates::read_date;

/// What stands for the amount of support without a value.
pub(super) const IN_KIND: &str = "In kind";

/// The values of one record, and what is found wrong with them.
pub(super) struct Values<'a> {
    pub(super) record: &'a Record,
    pub(super) reference: &'a Reference,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Values<'a> {
    pub(super) fn wrong(&mut self, code: Code, value: &Value) {
        self.problems.push(Problem::new(code, value.place.clone()).field(value.field).given(&value.text));
    }

    /// The one value of a field. The same value again is no matter, another one is.
    pub(super) fn one(&mut self, field: Field, nth: u16) -> Option<&'a Value> {
        let mut values = self.record.values(field, nth);
        let first = values.next()?;
        for again in values.filter(|again| again.text != first.text) {
            self.wrong(Code::ValueRepeated, again);
        }
        self.check(first);
        Some(first)
    }

    fn check(&mut self, value: &Value) {
        let hidden = |c: char| match c {
            '\n' | '\t' | '\r' => false,
            '\u{FFFD}' | '\u{FEFF}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' => true,
            '\u{2066}'..='\u{2069}' => true,
            c => c.is_control(),
        };
        if value.text.chars().any(hidden) {
            self.wrong(Code::InvisibleCharacters, value);
        }
    }

    pub(super) fn text(&mut self, field: Field, nth: u16) -> String {
        self.one(field, nth).map(|value| value.text.clone()).unwrap_or_default()
    }

    /// All values of a field that may have several, each once.
    pub(super) fn several(&mut self, field: Field, nth: u16) -> Vec<&'a Value> {
        let mut list: Vec<&Value> = Vec::new();
        for value in self.record.values(field, nth) {
            if !list.iter().any(|known| known.text == value.text) {
                self.check(value);
                list.push(value);
            }
        }
        list
    }

    /// The value that `read` makes of a field; a problem where it makes nothing of it.
    pub(super) fn read<T>(
        &mut self,
        field: Field,
        nth: u16,
        code: Code,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.one(field, nth)?;
        let found = read(&value.text);
        if found.is_none() {
            self.wrong(code, value);
        }
        found
    }

    pub(super) fn truth(&mut self, field: Field) -> Option<bool> {
        self.read(field, 0, Code::NotYesOrNo, truth)
    }

    pub(super) fn answer(&mut self, field: Field) -> Option<Answer> {
        let yes_or_no = |text: &str| truth(text).map(|yes| if yes { Answer::Yes } else { Answer::No });
        self.read(field, 0, Code::ChoiceUnknown, |text| yes_or_no(text).or_else(|| Answer::read(text)))
    }

    pub(super) fn date(&mut self, field: Field, nth: u16) -> Option<Date> {
        self.read(field, nth, Code::DateUnreadable, |text| read_date(text).filter(|date| date.year() >= 1900))
    }

    pub(super) fn amount(&mut self, field: Field, nth: u16) -> Option<Amount> {
        self.read(field, nth, Code::AmountUnreadable, |text| Amount::read(text).ok())
    }

    pub(super) fn whole(&mut self, field: Field, nth: u16) -> Option<i64> {
        self.read(field, nth, Code::NumberUnreadable, whole)
    }

    /// Cash in whole dollars; `None` in kind.
    pub(super) fn dollars(&mut self, nth: u16) -> Option<i64> {
        let read = |text: &str| match folded(text).as_str() {
            "inkind" => Some(None),
            _ => whole(text.strip_prefix('$').unwrap_or(text)).map(Some),
        };
        self.read(Field::SupportAmount, nth, Code::DollarsUnreadable, read).flatten()
    }

    /// The code of an item of a list; what is not in it stays as it was given, for the rules to judge.
    pub(super) fn listed(&mut self, field: Field, nth: u16, list: List) -> String {
        let reference = self.reference;
        self.one(field, nth).map(|value| code_of(reference, list, &value.text)).unwrap_or_default()
    }

    pub(super) fn listed_all(&mut self, field: Field, nth: u16, list: List) -> Vec<String> {
        let reference = self.reference;
        let mut codes: Vec<String> = Vec::new();
        for value in self.several(field, nth) {
            let code = code_of(reference, list, &value.text);
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes
    }

    pub(super) fn board(&mut self, nth: u16) -> Option<Board> {
        self.read(Field::MocBoard, nth, Code::BoardUnknown, Board::read)
    }
}

/// The code that a text means in a list. Categories of the draft are plural (`athletic trainers`).
pub(super) fn code_of(reference: &Reference, list: List, text: &str) -> String {
    let singular = || {
        let words = text.split_whitespace().map(|word| word.strip_suffix('s').unwrap_or(word));
        words.collect::<Vec<_>>().join(" ")
    };
    let found = reference
        .find(list, text)
        .or_else(|| if list == List::Professions { reference.find(list, &singular()) } else { None });
    found.map_or_else(|| text.to_owned(), |item| item.code.clone())
}

/// Letters and digits alone, lowercase.
pub(super) fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

pub(super) fn truth(text: &str) -> Option<bool> {
    const YES: &[&str] = &["yes", "true", "y", "1", "t"];
    const NO: &[&str] = &["no", "false", "n", "0", "f"];
    let among = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    match (among(YES), among(NO)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

/// A whole number, with commas between thousands or not; `125.00` is whole too.
pub(super) fn whole(text: &str) -> Option<i64> {
    let text = text.trim();
    let text = match text.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|b| b == b'0') => whole,
        _ => text,
    };
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let mut groups = digits.split(',');
    let first = groups.next().filter(|first| !first.is_empty() && (first.len() <= 3 || !digits.contains(',')))?;
    let mut all = first.to_owned();
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        all.push_str(group);
    }
    if !all.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    all.parse::<i64>().ok().map(|number| sign * number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_read_with_commas_and_zeros_behind_the_point() {
        for (text, number) in [("0", 0), ("125", 125), ("1,250", 1250), ("12500.00", 12500), ("-3", -3)] {
            assert_eq!(whole(text), Some(number), "{text}");
        }
        for text in ["", "1.5", "1,25", ",125", "1e3", "ten", "99999999999999999999", "--1", "1234,567"] {
            assert_eq!(whole(text), None, "{text}");
        }
    }
}
