//! How states write their license numbers, from `data/license_forms.tsv`: what stands before and behind the running
//! number, which people drop or add, and which forms belong to another profession. The surprise: most states need
//! no line, because letters and leading zeros never tell two numbers apart anyway.

use std::sync::LazyLock;

use crate::keys::{STATE_NUMBERS, state_number};

const TEXT: &str = include_str!("../data/license_forms.tsv");

/// Whose license a form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profession {
    /// Doctor of medicine.
    Md,
    /// Doctor of osteopathic medicine.
    Do,
    /// Physicians of both kinds, or not known.
    Any,
}

impl Profession {
    /// Whether no physician holds both.
    pub(crate) fn contradict(a: Self, b: Self) -> bool {
        matches!((a, b), (Profession::Md, Profession::Do) | (Profession::Do, Profession::Md))
    }
}

/// One way to write a number: capital letters and digits, marks left out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) profession: Profession,
    prefix: &'static str,
    suffix: &'static str,
    /// Fewest and most digits of the running number.
    digits: (usize, usize),
}

impl Form {
    /// The digits between prefix and suffix, if the number has this form.
    pub(crate) fn running_number<'a>(&self, number: &'a [u8]) -> Option<&'a [u8]> {
        let digits = number.strip_prefix(self.prefix.as_bytes())?.strip_suffix(self.suffix.as_bytes())?;
        let fits = (self.digits.0..=self.digits.1).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
        fits.then_some(digits)
    }
}

static FORMS: LazyLock<Vec<Vec<Form>>> = LazyLock::new(|| {
    let mut forms: Vec<Vec<Form>> = (0..STATE_NUMBERS).map(|_| Vec::new()).collect();
    for line in TEXT.lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        let (state, profession, prefix, digits, suffix) = (cell(), cell(), cell(), cell(), cell());
        let (Some(state), Some((least, most))) = (domain::State::read(state), digits.split_once('-')) else { continue };
        let (Ok(least), Ok(most)) = (least.parse(), most.parse()) else { continue };
        let profession = match profession {
            "MD" => Profession::Md,
            "DO" => Profession::Do,
            _ => Profession::Any,
        };
        if let Some(of_state) = forms.get_mut(usize::from(state_number(state))) {
            of_state.push(Form { profession, prefix, suffix, digits: (least, most) });
        }
    }
    forms
});

/// The forms of a state, by its number in keys; none for most.
pub(crate) fn forms_of(state: u16) -> &'static [Form] {
    FORMS.get(usize::from(state)).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numbers::{Likeness, Number};

    fn compare(state: &str, a: &str, b: &str) -> Likeness {
        let forms = forms_of(state_number(domain::State::read(state).unwrap()));
        Number::read(a).unwrap().compare(Number::read(b).unwrap(), forms)
    }

    #[test]
    fn every_line_of_the_file_is_read() {
        let lines: Vec<&str> = TEXT.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(FORMS.iter().map(Vec::len).sum::<usize>(), lines.len());
        for line in lines {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), 6, "{line}");
            assert!(["MD", "DO", "any"].contains(&cells[1]), "{line}");
            let plain = |text: &str| text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
            assert!(plain(cells[2]) && plain(cells[4]) && !(cells[2].is_empty() && cells[4].is_empty()), "{line}");
        }
    }

    #[test]
    fn a_number_without_its_prefix_or_suffix_is_the_same_number() {
        for (state, full, bare) in [
            ("OH", "35.012345", "12345"),
            ("IL", "036-098765", "98765"),
            ("MI", "4301098765", "098765"),
            ("VA", "0101-234567", "234567"),
            ("IN", "01067890A", "067890"),
            ("NJ", "25MA08123400", "MA081234"),
            ("NJ", "25MA08123400", "08123400"),
            ("WI", "54321-20", "54321"),
            ("UT", "7654321-1205", "7654321"),
            ("VT", "042.0012345", "12345"),
            ("KS", "04-31234", "31234"),
            ("DE", "C1-0012345", "12345"),
            ("CA", "20A12345", "12345"),
            ("FL", "ME 98765", "98765"),
        ] {
            assert_eq!(compare(state, full, bare), Likeness::Equal, "{state} {full} {bare}");
            assert_eq!(compare(state, bare, full), Likeness::Equal, "{state} {bare} {full}");
        }
    }

    #[test]
    fn a_form_of_the_other_profession_is_another_number() {
        for (state, md, osteopath) in [
            ("OH", "35.012345", "34.012345"),
            ("FL", "ME12345", "OS12345"),
            ("CA", "A12345", "20A12345"),
            ("NJ", "25MA08123400", "25MB08123400"),
            ("WI", "54321-20", "54321-21"),
            ("MI", "4301098765", "5101098765"),
            ("DE", "C1-0012345", "C2-0012345"),
        ] {
            assert_ne!(compare(state, md, osteopath), Likeness::Equal, "{state} {md} {osteopath}");
        }
        assert_eq!(compare("FL", "ME12345", "OS12345"), Likeness::Differs);
        // in a state without forms the digits are all there is
        assert_eq!(compare("GA", "012345", "12345"), Likeness::Equal);
    }
}
