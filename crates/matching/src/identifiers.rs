//! How the numbers of a query agree with those of one physician: licenses in whatever state, the NPI, diplomate IDs.
//! The surprise: column H may have meant either a license or an NPI, and may agree in its second reading only.

use crate::given::{Given, GivenNpi, Other};
use crate::license_forms::forms_of;
use crate::numbers::{Likeness, Number};
use crate::records::{Record, Records};

/// A license, NPI or diplomate ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Identifier {
    Equal,
    /// Equal, but in another state than the one given.
    OtherState,
    Slip,
    /// Two characters off, a part of the number, or a slip in another state: it speaks neither way.
    Alike,
    Differs,
    /// The registry knows none of this physician.
    Missing,
    NotGiven,
}

impl Identifier {
    pub(crate) fn agrees(self) -> bool {
        matches!(self, Identifier::Equal | Identifier::OtherState | Identifier::Slip)
    }

    /// Of several numbers of one physician, the level with the lowest rank counts.
    fn rank(self) -> u8 {
        match self {
            Identifier::Equal => 0,
            Identifier::OtherState => 1,
            Identifier::Slip => 2,
            Identifier::Alike => 3,
            Identifier::Differs => 4,
            Identifier::Missing => 5,
            Identifier::NotGiven => 6,
        }
    }
}

/// License and NPI; where column H agrees with this physician only in its other reading, that one counts.
pub(crate) fn compare_column_h(given: &Given, records: &Records, record: &Record) -> (Identifier, Identifier) {
    let license = given.license.map_or(Identifier::NotGiven, |number| compare_license(number, given, records, record));
    let npi = given.npi.map_or(Identifier::NotGiven, |npi| compare_npi(npi, record));
    match given.other {
        Some(Other::Npi(other)) if !license.agrees() => match compare_npi(other, record) {
            level if level.agrees() => (Identifier::NotGiven, level),
            _ => (license, npi),
        },
        Some(Other::License(other)) if !npi.agrees() => match compare_license(other, given, records, record) {
            level if level.agrees() => (level, Identifier::NotGiven),
            _ => (license, npi),
        },
        _ => (license, npi),
    }
}

fn compare_license(number: Number, given: &Given, records: &Records, record: &Record) -> Identifier {
    let mut best = Identifier::Missing;
    for license in records.licenses(record) {
        let Some(theirs) = license.number else { continue };
        let here = given.state.is_none_or(|state| state == license.state);
        let level = match (number.compare(theirs, forms_of(license.state)), here) {
            (Likeness::Equal, true) => return Identifier::Equal,
            (Likeness::Equal, false) => Identifier::OtherState,
            (Likeness::Slip, true) => Identifier::Slip,
            (Likeness::Slip, false) | (Likeness::Alike, true) => Identifier::Alike,
            _ => Identifier::Differs,
        };
        if level.rank() < best.rank() {
            best = level;
        }
    }
    best
}

fn compare_npi(npi: GivenNpi, record: &Record) -> Identifier {
    if record.npi == 0 {
        return Identifier::Missing;
    }
    if npi.value == Some(record.npi) {
        return Identifier::Equal;
    }
    let mut digits = [b'0'; 10];
    let mut rest = record.npi;
    for place in digits.iter_mut().rev() {
        *place = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let theirs = Number::pack(std::str::from_utf8(&digits).unwrap_or_default());
    match npi.digits.compare(theirs, &[]) {
        Likeness::Slip => Identifier::Slip,
        Likeness::Alike => Identifier::Alike,
        _ => Identifier::Differs,
    }
}

pub(crate) fn compare_board(given: &Given, records: &Records, record: &Record) -> Identifier {
    let Some((board, number)) = given.board else { return Identifier::NotGiven };
    let levels = records.certifications(record).filter(|(theirs, _)| *theirs == board);
    let each = levels.map(|(_, theirs)| match number.compare(theirs, &[]) {
        Likeness::Equal => Identifier::Equal,
        Likeness::Slip => Identifier::Slip,
        Likeness::Alike => Identifier::Alike,
        Likeness::Differs => Identifier::Differs,
    });
    each.min_by_key(|level| level.rank()).unwrap_or(Identifier::Missing)
}
