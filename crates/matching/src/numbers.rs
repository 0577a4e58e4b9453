//! License numbers and diplomate IDs as 64 bits: the raw letters and digits, from which the digit core
//! (no letters, no leading zeros) is drawn. Up to 12 characters are kept exactly; longer ones only as a
//! hash, which can be equal but not alike.

use std::borrow::Cow;

use crate::keys::hash_text;
use crate::license_forms::{Form, Profession};
use crate::spelling::{one_edit, two_edits};

/// Letters and digits of a number; never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number(u64);

/// How two numbers compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Likeness {
    Equal,
    /// One character off, or letters that contradict each other around the same digits.
    Slip,
    /// Two characters off, or one is the end or the beginning of the other: it speaks neither way.
    Alike,
    Differs,
}

const HASHED: u64 = 1 << 63;
const LONGEST: usize = 12;

/// Characters of an unpacked number.
#[derive(Debug, Clone, Copy)]
struct Characters {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Characters {
    fn as_slice(&self) -> &[u8] {
        &self.bytes[LONGEST - self.length..]
    }

    fn only(&self, keep: impl Fn(u8) -> bool) -> Characters {
        let mut out = Characters { bytes: [0; LONGEST], length: 0 };
        for b in self.as_slice().iter().rev().copied().filter(|b| keep(*b)) {
            out.length += 1;
            out.bytes[LONGEST - out.length] = b;
        }
        out
    }
}

impl Characters {
    fn in_forms(self, forms: &'static [Form]) -> impl Iterator<Item = (u64, &'static Form)> + Clone {
        forms.iter().filter_map(move |form| Some((value(form.running_number(self.as_slice())?), form)))
    }
}

/// Digits as one value.
fn value(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |value, b| value * 10 + u64::from(b.wrapping_sub(b'0')))
}

impl Number {
    /// `None` for text without a digit (`pending`, `N/A`), for zeros, for runs that people type to get past a
    /// required field, and for what a spreadsheet made of a long number (`1.23457E+09`).
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = without_spreadsheet_marks(text)?;
        let mut raw = String::with_capacity(text.len());
        for word in text.split(|c: char| !c.is_ascii_alphanumeric()) {
            // `License`, `Number`, the name of a state
            if word.len() < 3 || word.bytes().any(|b| b.is_ascii_digit()) {
                raw.extend(word.chars().map(|c| c.to_ascii_uppercase()));
            }
        }
        for word in ["LICENSE", "LICENCE", "LIC", "NUMBER", "NPI", "NO"] {
            if let Some(rest) = raw.strip_prefix(word) {
                raw = rest.to_owned();
            }
        }
        if raw.bytes().any(|b| matches!(b, b'O' | b'I' | b'L' | b'S' | b'B')) {
            raw = with_digits_inside(&raw);
        }
        (!is_placeholder(&raw)).then(|| Self::pack(&raw))
    }

    /// Packs capital letters and digits.
    pub(crate) fn pack(raw: &str) -> Self {
        if raw.len() > LONGEST {
            return Self(hash_text(raw.bytes()) | HASHED);
        }
        // each character counts 1 to 36, so that leading zeros and lengths stay apart
        Self(raw.bytes().fold(0, |packed, b| {
            let value = if b.is_ascii_digit() { b - b'0' } else { b.wrapping_sub(b'A').wrapping_add(10) };
            packed * 37 + u64::from(value) + 1
        }))
    }

    fn characters(self) -> Characters {
        let mut out = Characters { bytes: [0; LONGEST], length: 0 };
        if self.0 & HASHED != 0 {
            return out;
        }
        let mut packed = self.0;
        while packed > 0 && out.length < LONGEST {
            let value = (packed % 37).saturating_sub(1) as u8;
            packed /= 37;
            out.length += 1;
            out.bytes[LONGEST - out.length] = if value < 10 { b'0' + value } else { b'A' + value - 10 };
        }
        out
    }

    /// The digits as one value, leading zeros gone. A hashed number is its own core.
    pub(crate) fn core(self) -> u64 {
        if self.0 & HASHED != 0 {
            return self.0;
        }
        value(self.characters().only(|b| b.is_ascii_digit()).as_slice())
    }

    /// How many digits the core has, at most 12.
    pub(crate) fn core_length(self) -> usize {
        if self.0 & HASHED != 0 {
            return LONGEST;
        }
        self.core().checked_ilog10().map_or(1, |log| log as usize + 1)
    }

    /// The 64 bits, never 0.
    pub(crate) fn raw(self) -> u64 {
        self.0
    }

    pub(crate) fn from_raw(raw: u64) -> Option<Self> {
        (raw != 0).then_some(Self(raw))
    }

    /// The running number within each form of its state that fits, with the form.
    pub(crate) fn in_forms(self, forms: &'static [Form]) -> impl Iterator<Item = (u64, &'static Form)> + Clone {
        let known = !forms.is_empty() && self.0 & HASHED == 0;
        let characters = if known { self.characters() } else { Characters { bytes: [0; LONGEST], length: 0 } };
        characters.in_forms(if known { forms } else { &[] })
    }

    /// Compares two numbers of one place, whose forms are given. Letters that only one side gives are no difference,
    /// neither is a prefix that only one side gives; forms of two professions are.
    pub(crate) fn compare(self, other: Number, forms: &'static [Form]) -> Likeness {
        if self == other {
            return Likeness::Equal;
        }
        if (self.0 | other.0) & HASHED != 0 {
            return Likeness::Differs;
        }
        let (a, b) = (self.characters(), other.characters());
        let one_character = || a.length.min(b.length) >= 4 && one_edit(a.as_slice(), b.as_slice());
        let (digits, their_digits) = (a.only(|b| b.is_ascii_digit()), b.only(|b| b.is_ascii_digit()));
        let (x, y) = (digits.as_slice(), their_digits.as_slice());
        if !forms.is_empty()
            && let Some(likeness) = compare_forms(a, b, forms, (value(x), value(y)))
        {
            return if likeness == Likeness::Differs && one_character() { Likeness::Slip } else { likeness };
        }
        if value(x) == value(y) {
            let (x, y) = (a.only(|b| b.is_ascii_alphabetic()), b.only(|b| b.is_ascii_alphabetic()));
            let compatible = is_within(x.as_slice(), y.as_slice()) || is_within(y.as_slice(), x.as_slice());
            return if compatible { Likeness::Equal } else { Likeness::Slip };
        }
        let (short, long) = (without_zeros(x), without_zeros(y));
        let (short, long) = if short.len() <= long.len() { (short, long) } else { (long, short) };
        if x.len().min(y.len()) >= 4 && (one_edit(x, y) || one_edit(short, long)) || one_character() {
            return Likeness::Slip;
        }
        let alike = short.len() >= 5 && (long.starts_with(short) || long.ends_with(short) || two_edits(short, long));
        if alike { Likeness::Alike } else { Likeness::Differs }
    }
}

/// What the forms of a state say of two numbers with their digit cores, if they say anything: two professions are
/// different numbers, one running number is the same where one side gives it bare or both in forms of one profession.
fn compare_forms(a: Characters, b: Characters, forms: &'static [Form], cores: (u64, u64)) -> Option<Likeness> {
    let (ours, theirs) = (a.in_forms(forms), b.in_forms(forms));
    let pairs = || ours.clone().flat_map(|ours| theirs.clone().map(move |theirs| (ours, theirs)));
    if pairs().any(|((_, x), (_, y))| Profession::contradict(x.profession, y.profession)) {
        return Some(Likeness::Differs);
    }
    let one_profession = |x: &Form, y: &Form| x.profession == y.profession && x.profession != Profession::Any;
    let same = cores.0 != cores.1
        && (ours.clone().any(|(number, _)| number == cores.1)
            || theirs.clone().any(|(number, _)| number == cores.0)
            || pairs().any(|((ours, x), (theirs, y))| ours == theirs && one_profession(x, y)));
    same.then_some(Likeness::Equal)
}

/// Whether the letters stand in the other text in their order.
fn is_within(letters: &[u8], of: &[u8]) -> bool {
    let mut of = of.iter();
    letters.iter().all(|letter| of.any(|other| other == letter))
}

/// Undoes what spreadsheets do: an apostrophe or `="..."` around the text, `.0` behind a whole number. `None` for a
/// number that lost its digits (`1.23457E+09`). Digits and letters of other widths become plain ones.
pub(crate) fn without_spreadsheet_marks(text: &str) -> Option<Cow<'_, str>> {
    if !text.is_ascii() {
        let plain = deunicode::deunicode(text);
        return without_spreadsheet_marks(&plain).map(|text| Cow::Owned(text.into_owned()));
    }
    if text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Some(Cow::Borrowed(text));
    }
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '='));
    let is_whole = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if let Some((mantissa, exponent)) = text.split_once(['E', 'e'])
        && let Some((whole, fraction)) = mantissa.split_once('.').or(Some((mantissa, "0")))
    {
        let signed = exponent.strip_prefix('+');
        let lost = whole.len() == 1 && is_whole(whole) && is_whole(fraction) && is_whole(signed.unwrap_or(exponent));
        if lost && (signed.is_some() || mantissa.len() > 1) {
            return None;
        }
    }
    let whole = text.split_once('.').filter(|(whole, zeros)| is_whole(whole) && zeros.bytes().all(|b| b == b'0'));
    Some(Cow::Borrowed(whole.map_or(text, |(whole, _)| whole)))
}

/// The digit that a letter is mistaken for, and any digit itself.
pub(crate) fn digit_for(c: char) -> Option<char> {
    Some(match c {
        '0'..='9' => c,
        'O' | 'o' => '0',
        'I' | 'i' | 'L' | 'l' => '1',
        'S' | 's' => '5',
        'B' => '8',
        _ => return None,
    })
}

/// Letters between two digits that look like digits are digits; a last `O` behind a digit too.
fn with_digits_inside(raw: &str) -> String {
    let mut out: Vec<char> = raw.chars().collect();
    for at in 1..out.len() {
        let next = out.get(at + 1).copied();
        let between = next.is_some_and(|next| next.is_ascii_digit() || (next == 'O' && out[at] == 'O'));
        if out[at - 1].is_ascii_digit() && (between || (out[at] == 'O' && next.is_none())) {
            out[at] = digit_for(out[at]).unwrap_or(out[at]);
        }
    }
    out.into_iter().collect()
}

fn without_zeros(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|b| **b == b'0').count();
    &digits[zeros..]
}

fn is_placeholder(raw: &str) -> bool {
    let digits = raw.bytes().filter(u8::is_ascii_digit);
    let mut distinct = digits.clone();
    let first = distinct.next();
    let all_same = distinct.all(|b| Some(b) == first);
    let run = matches!(raw, "12345678" | "123456789" | "1234567890" | "0123456789");
    first.is_none() || run || (all_same && (first == Some(b'0') || digits.count() >= 5))
}

/// Whether the text has the shape of a controlled-substances (DEA) registration: a registrant letter, an initial (or
/// 9), six digits and a check digit. Either the check digit fits or the initial is that of the last name: then it is
/// no license, however it was mistyped or whoever was married since.
pub(crate) fn is_dea_number(text: &str, last_initial: u8) -> bool {
    let raw: Vec<u8> = text.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_uppercase()).collect();
    let [registrant, initial, digits @ ..] = raw.as_slice() else { return false };
    let shaped = b"ABFG".contains(registrant)
        && (initial.is_ascii_uppercase() || *initial == b'9')
        && digits.len() == 7
        && digits.iter().all(u8::is_ascii_digit);
    let weights = [1, 2, 1, 2, 1, 2];
    let sum: u32 = digits.iter().zip(weights).map(|(digit, weight)| u32::from(digit.wrapping_sub(b'0')) * weight).sum();
    let checked = digits.last() == Some(&(b'0' + (sum % 10) as u8));
    shaped && (checked || *initial == last_initial)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn compare(a: &str, b: &str) -> Likeness {
        Number::read(a).unwrap().compare(Number::read(b).unwrap(), &[])
    }

    #[test]
    fn formats_of_one_number_are_equal() {
        for (a, b) in [
            ("MD-001234", "1234"),
            ("md 001234", "MD001234"),
            ("A12345", "12345"),
            ("MD A12345", "A12345"),
            ("Lic. # 35.001234", "35001234"),
            ("00001234A", "1234"),
            ("MD123456L", "MD123456"),
            ("California A12345", "A12345"),
            ("'012345", "012345"),
            ("=\"012345\"", "012345"),
            ("12345.0", "12345"),
            ("1O2345", "102345"),
            ("12I45", "12145"),
            ("\u{ff11}2345", "12345"),
        ] {
            assert_eq!(compare(a, b), Likeness::Equal, "{a} {b}");
            assert_eq!(compare(b, a), Likeness::Equal, "{b} {a}");
        }
    }

    #[test]
    fn one_slip_is_alike_and_two_are_not() {
        for (a, b) in [
            ("MD-001234", "MD-001235"),
            ("MD-001234", "MD-001243"),
            ("MD-001234", "MD-101234"),
            ("A12345", "C12345"),
            ("123456", "12456"),
        ] {
            assert_eq!(compare(a, b), Likeness::Slip, "{a} {b}");
        }
        for (a, b) in [("412345", "419995"), ("4301012345", "12345"), ("123456", "1243560")] {
            assert_eq!(compare(a, b), if a == "412345" { Likeness::Differs } else { Likeness::Alike }, "{a} {b}");
        }
        for (a, b) in [("001234", "001325"), ("123", "124"), ("A1B2C3D4E5F6G7H8", "A1B2C3D4E5F6G7H9")] {
            assert_eq!(compare(a, b), Likeness::Differs, "{a} {b}");
        }
    }

    #[test]
    fn placeholders_are_nothing_given() {
        for text in [
            "",
            "N/A",
            "pending",
            "none",
            "0",
            "000000",
            "99999",
            "12345678",
            "- -",
            "TBD",
            "1.23457E+09",
            "1E+09",
            "#N/A",
        ] {
            assert_eq!(Number::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_dea_number_needs_the_initial_or_the_check_digit() {
        assert!(is_dea_number("AS1234563", b'S'));
        assert!(is_dea_number("as-1234563", b'S'));
        assert!(is_dea_number("AS1234563", b'J'), "the check digit fits");
        assert!(is_dea_number("AS1234564", b'S'), "the initial fits");
        assert!(!is_dea_number("AS1234564", b'J'));
        assert!(!is_dea_number("A12345", b'1'));
        assert!(!is_dea_number("ME1234563", b'E'));
    }

    proptest! {
        #[test]
        fn packing_keeps_every_character(raw in "[A-Z0-9]{1,12}") {
            let unpacked = Number::pack(&raw).characters();
            prop_assert_eq!(unpacked.as_slice(), raw.as_bytes());
        }

        #[test]
        fn any_text_can_be_read(text in "\\PC*") {
            if let Some(number) = Number::read(&text) {
                prop_assert!(number.core_length() <= LONGEST);
                prop_assert_eq!(number.compare(number, &[]), Likeness::Equal);
            }
        }
    }
}
