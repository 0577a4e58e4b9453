//! How each field of a query agrees with one physician: a level a field, no numbers yet.

use crate::given::{Given, GivenName};
use crate::identifiers::{compare_board, compare_column_h};
use crate::names::{Suffix, bearing_tokens, head, joined};
use crate::nicknames::{forms_of, related};
use crate::records::{NameNumber, Record, Records};
use crate::spelling::{few_edits, one_slip};

/// First names, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum First {
    Equal,
    Nickname,
    Typo,
    Middle,
    Initial,
    Alike,
    Differs,
}

/// Last names, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Last {
    Equal,
    Former,
    Part,
    Typo,
    Alike,
    Differs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Birth {
    Equal,
    Swapped,
    DayDiffers,
    MonthDiffers,
    Differs,
    /// One side has none: no evidence.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Equal,
    Differs,
    NotGiven,
}

pub(crate) use crate::identifiers::Identifier;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Middle {
    Equal,
    Differs,
    NotCompared,
}

/// All fields of one comparison.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Levels {
    pub(crate) first: First,
    pub(crate) last: Last,
    /// The names were compared in each other's place.
    pub(crate) exchanged: bool,
    pub(crate) middle: Middle,
    pub(crate) suffix: SuffixLevel,
    pub(crate) birth: Birth,
    pub(crate) state: State,
    pub(crate) license: Identifier,
    pub(crate) npi: Identifier,
    pub(crate) board: Identifier,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SuffixLevel {
    Equal,
    Differs,
    NotCompared,
}

impl Levels {
    pub(crate) fn names_agree(&self) -> bool {
        self.first != First::Differs && self.last != Last::Differs
    }

    /// First and last name letter by letter, in their own columns.
    pub(crate) fn names_equal(&self) -> bool {
        self.first == First::Equal && self.last == Last::Equal && !self.exchanged
    }

    pub(crate) fn identifiers(&self) -> [Identifier; 3] {
        [self.license, self.npi, self.board]
    }

    pub(crate) fn identifier_agrees(&self) -> bool {
        self.identifiers().into_iter().any(Identifier::agrees)
    }

    pub(crate) fn identifier_equal(&self) -> bool {
        self.identifiers().contains(&Identifier::Equal)
    }
}

/// Compares a query with one physician. `exchanged` says that its names were put in each other's place.
pub(crate) fn compare(given: &Given, exchanged: bool, records: &Records, record: &Record) -> Levels {
    let (license, npi) = compare_column_h(given, records, record);
    Levels {
        first: compare_first(&given.first, &given.middle, records, record.first, record.middle),
        last: compare_last(given, records, record),
        exchanged,
        middle: compare_middle(given, records, record),
        suffix: match (given.suffix, record.suffix()) {
            (Suffix::None, _) | (_, Suffix::None) => SuffixLevel::NotCompared,
            (a, b) if a == b => SuffixLevel::Equal,
            _ => SuffixLevel::Differs,
        },
        birth: compare_birth(given, record),
        state: match given.state {
            None => State::NotGiven,
            Some(state) if records.licenses(record).any(|license| license.state == state) => State::Equal,
            Some(_) => State::Differs,
        },
        license,
        npi,
        board: compare_board(given, records, record),
    }
}

fn compare_first(
    given: &GivenName,
    given_middle: &str,
    records: &Records,
    first: NameNumber,
    middle: NameNumber,
) -> First {
    let entry = records.names.entry(first);
    let text = records.names.text(first);
    if given.is_empty() || text.is_empty() {
        return First::Differs;
    }
    let (theirs, ours) = (head(text), given.head());
    let initial = theirs.len() == 1 || ours.len() == 1;
    if given.number == Some(first) || given.head_number == Some(entry.head) {
        return if initial { First::Initial } else { First::Equal };
    }
    if given.key == entry.key {
        return if joined(&given.spaced).eq(joined(text)) { First::Equal } else { First::Typo };
    }
    let middle = records.names.text(middle);
    if !initial && joined(&given.spaced).eq(joined(text).chain(joined(head(middle)))) {
        return First::Equal;
    }
    if related(given.forms, records.names.entry(entry.head).forms) {
        return First::Nickname;
    }
    let is_middle = |name: &str| name.len() > 1 && middle.split(' ').chain(text.split(' ').skip(1)).any(|m| m == name);
    let stands_behind = || given.rest().chain(given_middle.split(' ')).any(|token| token == theirs);
    if is_middle(ours) || (theirs.len() > 1 && stands_behind()) {
        return First::Middle;
    }
    if initial {
        return if theirs.as_bytes().first() == ours.as_bytes().first() { First::Initial } else { First::Differs };
    }
    let shorter = theirs.len().min(ours.len());
    let same_initial = theirs.as_bytes().first() == ours.as_bytes().first();
    if shorter >= 3 && (shorter >= 4 || same_initial) && one_slip(ours.as_bytes(), theirs.as_bytes()) {
        return First::Typo;
    }
    let begins = shorter >= 3 && (theirs.starts_with(ours) || ours.starts_with(theirs));
    if begins || (same_initial && few_edits(ours, theirs)) {
        return First::Alike;
    }
    First::Differs
}

fn compare_last(given: &Given, records: &Records, record: &Record) -> Last {
    let with_current = compare_last_name(&given.last, records, record);
    let former = given.former.iter().map(|former| compare_last_name(former, records, record));
    former.fold(with_current, |best, level| match level {
        Last::Equal | Last::Former => best.min(Last::Former),
        _ => best,
    })
}

fn compare_last_name(given: &GivenName, records: &Records, record: &Record) -> Last {
    let entry = records.names.entry(record.last);
    let text = records.names.text(record.last);
    if given.is_empty() || text.is_empty() {
        return Last::Differs;
    }
    if given.number == Some(record.last) {
        return Last::Equal;
    }
    if given.key == entry.key {
        let same_letters = joined(&given.spaced).eq(joined(text));
        return if same_letters { Last::Equal } else { Last::Typo };
    }
    let formers = || records.former(record).iter().copied();
    if formers().any(|former| records.names.entry(former).key == given.key) {
        return Last::Former;
    }
    if let Some(before) = given.spaced.strip_suffix(text).and_then(|before| before.strip_suffix(' '))
        && before.split(' ').all(|word| is_middle_name(word, records, record))
    {
        return Last::Equal;
    }
    let double = text.contains(' ') || given.spaced.contains(' ');
    if double && bearing_tokens(&given.spaced).any(|ours| bearing_tokens(text).any(|theirs| theirs == ours)) {
        return Last::Part;
    }
    if close(&given.spaced, text, one_slip) {
        return Last::Typo;
    }
    let sounds_alike = given.sound == entry.sound && given.sound >= 8 * 8;
    if sounds_alike
        || few_edits(&given.spaced, text)
        || formers().any(|former| close(&given.spaced, records.names.text(former), one_slip))
    {
        return Last::Alike;
    }
    Last::Differs
}

/// Whether a word before the family name is the physician's middle name, or its initial.
fn is_middle_name(word: &str, records: &Records, record: &Record) -> bool {
    let theirs =
        records.names.text(record.middle).split(' ').chain(records.names.text(record.first).split(' ').skip(1));
    let mut theirs = theirs.filter(|token| !token.is_empty());
    theirs.any(|theirs| theirs == word || (word.len() == 1 && theirs.starts_with(word)))
}

/// Compares two names without their spaces; those shorter than four letters are too near to one another.
fn close(a: &str, b: &str, near: fn(&[u8], &[u8]) -> bool) -> bool {
    if a.len().abs_diff(b.len()) > 8 {
        return false;
    }
    if a.contains(' ') || b.contains(' ') {
        let (a, b): (Vec<u8>, Vec<u8>) = (joined(a).collect(), joined(b).collect());
        return a.len().min(b.len()) >= 4 && near(&a, &b);
    }
    a.len().min(b.len()) >= 4 && near(a.as_bytes(), b.as_bytes())
}

fn compare_middle(given: &Given, records: &Records, record: &Record) -> Middle {
    let first = records.names.text(record.first);
    let theirs = records.names.text(record.middle);
    // words of the first name are no middle name where both sides have them: `Mary Ann` is no more than equal
    let both = |word: &&str| !first.split(' ').skip(1).any(|theirs| theirs == *word);
    let behind = || given.first.rest().filter(both);
    let ours = if given.middle.is_empty() { behind().next().unwrap_or("") } else { head(&given.middle) };
    if ours.is_empty() || (theirs.is_empty() && !first.contains(' ')) {
        return Middle::NotCompared;
    }
    let fits = |token: &str| {
        token == ours
            || (token.len().min(ours.len()) == 1 && token.as_bytes().first() == ours.as_bytes().first())
            || related(forms_of(token), forms_of(ours))
    };
    // the second word of `Mary Ann` may stand in either column
    let behind_first = first.split(' ').skip(1).filter(|word| !given.first.rest().any(|ours| ours == *word));
    let mut all = theirs.split(' ').filter(|token| !token.is_empty()).chain(behind_first).peekable();
    if all.peek().is_none() {
        return Middle::NotCompared;
    }
    if all.any(fits) { Middle::Equal } else { Middle::Differs }
}

fn compare_birth(given: &Given, record: &Record) -> Birth {
    let (Some(birth), Some(ours), Some(theirs)) = (given.birth, given.day, record.day()) else { return Birth::Unknown };
    if ours == theirs {
        return Birth::Equal;
    }
    if given.swapped_day == Some(theirs) {
        return Birth::Swapped;
    }
    let (month, day) = month_and_day(theirs);
    if month == birth.month() {
        Birth::DayDiffers
    } else if day == birth.day() {
        Birth::MonthDiffers
    } else {
        Birth::Differs
    }
}

/// The month and day of a leap year's day 0 to 365.
fn month_and_day(ordinal: u16) -> (u8, u8) {
    const STARTS: [u16; 12] = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335];
    let month = STARTS.iter().filter(|start| **start <= ordinal).count();
    let start = STARTS.get(month - 1).copied().unwrap_or(0);
    (month as u8, (ordinal - start + 1) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_year_are_read_back() {
        for month in 1..=12 {
            for day in 1..=31 {
                if let Some(date) = domain::MonthDay::new(month, day) {
                    assert_eq!(month_and_day(date.ordinal()), (month, day));
                }
            }
        }
    }
}
