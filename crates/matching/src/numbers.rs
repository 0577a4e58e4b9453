//! License numbers and diplomate IDs as 64 bits: the raw letters and digits, from which the digit core
//! (no letters, no leading zeros) is drawn. Up to 12 characters are kept exactly; longer ones only as a
//! hash, which can be equal but not alike.

use crate::keys::hash_text;
use crate::spelling::one_edit;

/// Letters and digits of a number; never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number(u64);

/// How two numbers compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Likeness {
    Equal,
    /// One character off, or letters that contradict each other around the same digits.
    Slip,
    Differs,
}

const HASHED: u64 = 1 << 63;
const LONGEST: usize = 12;

/// Characters of an unpacked number.
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

impl Number {
    /// `None` for text without a digit (`pending`, `N/A`), for zeros, and for runs that people type to get past
    /// a required field.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut raw = String::with_capacity(text.len());
        let ascii = if text.is_ascii() { std::borrow::Cow::Borrowed(text) } else { deunicode::deunicode(text).into() };
        raw.extend(ascii.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()));
        for word in ["LICENSE", "LICENCE", "LIC", "NUMBER", "NO"] {
            if let Some(rest) = raw.strip_prefix(word) {
                raw = rest.to_owned();
            }
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
        let digits = self.characters().only(|b| b.is_ascii_digit());
        digits.as_slice().iter().fold(0, |core, b| core * 10 + u64::from(b - b'0'))
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

    /// Compares two numbers of one place. Letters that only one side gives are no difference, and neither are
    /// letters that one side has more of in front (`MD A12345`, `A12345`).
    pub(crate) fn compare(self, other: Number) -> Likeness {
        if self == other {
            return Likeness::Equal;
        }
        if (self.0 | other.0) & HASHED != 0 {
            return Likeness::Differs;
        }
        let (a, b) = (self.characters(), other.characters());
        if self.core() == other.core() {
            let (x, y) = (a.only(|b| b.is_ascii_alphabetic()), b.only(|b| b.is_ascii_alphabetic()));
            let compatible = x.as_slice().ends_with(y.as_slice()) || y.as_slice().ends_with(x.as_slice());
            return if compatible { Likeness::Equal } else { Likeness::Slip };
        }
        let (x, y) = (a.only(|b| b.is_ascii_digit()), b.only(|b| b.is_ascii_digit()));
        let (x, y) = (x.as_slice(), y.as_slice());
        let slip = x.len().min(y.len()) >= 4
            && (one_edit(x, y) || one_edit(without_zeros(x), without_zeros(y)) || one_edit(a.as_slice(), b.as_slice()));
        if slip { Likeness::Slip } else { Likeness::Differs }
    }
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

/// Whether the text has the shape of a controlled-substances (DEA) registration of a person of that last name:
/// a registrant letter, the name's initial (or 9), six digits and their check digit. It is no license.
pub(crate) fn is_dea_number(text: &str, last_initial: u8) -> bool {
    let raw: Vec<u8> = text.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_uppercase()).collect();
    let [registrant, initial, digits @ ..] = raw.as_slice() else { return false };
    if !b"ABFG".contains(registrant) || (*initial != last_initial && *initial != b'9') || digits.len() != 7 {
        return false;
    }
    let weights = [1, 2, 1, 2, 1, 2];
    let sum: u32 = digits.iter().zip(weights).map(|(digit, weight)| u32::from(digit.wrapping_sub(b'0')) * weight).sum();
    digits.iter().all(u8::is_ascii_digit) && digits.last() == Some(&(b'0' + (sum % 10) as u8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn compare(a: &str, b: &str) -> Likeness {
        Number::read(a).unwrap().compare(Number::read(b).unwrap())
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
        for (a, b) in [("001234", "001325"), ("123", "124"), ("ABCDEFGHIJKL123456", "ABCDEFGHIJKL123457")] {
            assert_eq!(compare(a, b), Likeness::Differs, "{a} {b}");
        }
    }

    #[test]
    fn placeholders_are_nothing_given() {
        for text in ["", "N/A", "pending", "none", "0", "000000", "99999", "12345678", "- -", "TBD"] {
            assert_eq!(Number::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_dea_number_needs_the_initial_and_the_check_digit() {
        assert!(is_dea_number("AS1234563", b'S'));
        assert!(is_dea_number("as-1234563", b'S'));
        assert!(!is_dea_number("AS1234563", b'J'));
        assert!(!is_dea_number("AS1234564", b'S'));
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
                prop_assert_eq!(number.compare(number), Likeness::Equal);
            }
        }
    }
}
