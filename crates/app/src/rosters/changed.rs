//! Whom a reading of the rows has changed. A row that waits is worth asking again only if somebody changed who could be
//! meant by it, or whom it could be taken for; of a million rows those are few after the first readings.

use std::collections::HashSet;

use domain::MonthDay;
use store::physicians::Physician;

use super::entry::{Entry, Identifier};
use super::merging::key;
use super::waiting::hash;

/// Hashes of names with birthdays, of numbers and of NPIs.
#[derive(Debug, Default)]
pub(super) struct Changed(HashSet<u64>);

impl Changed {
    /// The row was settled, and does not wait any more.
    pub(super) fn add(&mut self, entry: &Entry) {
        self.names(entry.birth, &entry.last, &entry.former_last);
        self.0.insert(of_number(&entry.identifier()));
        self.0.extend(entry.npi.as_ref().map(of_npi));
    }

    /// The physician has new names, facts, or another license.
    pub(super) fn add_physician(&mut self, physician: &Physician) {
        self.names(physician.birth, &physician.last, &physician.former_last);
        self.0.extend(physician.npi.as_ref().map(of_npi));
    }

    /// A certifying board has named somebody for the license.
    pub(super) fn add_number(&mut self, license: &Identifier) {
        self.0.insert(of_number(license));
    }

    pub(super) fn extend(&mut self, other: Changed) {
        self.0.extend(other.0);
    }

    pub(super) fn may_concern(&self, entry: &Entry) -> bool {
        of_names(entry.birth, &entry.last, &entry.former_last).any(|name| self.0.contains(&name))
            || self.0.contains(&of_number(&entry.identifier()))
            || entry.named_license().is_some_and(|license| self.0.contains(&of_number(&license)))
            || entry.npi.as_ref().is_some_and(|npi| self.0.contains(&of_npi(npi)))
    }

    fn names(&mut self, birth: Option<MonthDay>, last: &str, former: &[String]) {
        self.0.extend(of_names(birth, last, former));
    }
}

fn of_names<'a>(birth: Option<MonthDay>, last: &'a str, former: &'a [String]) -> impl Iterator<Item = u64> + 'a {
    let birth = birth.map(|birth| birth.ordinal());
    std::iter::once(last).chain(former.iter().map(String::as_str)).map(move |name| hash(("name", key(name), birth)))
}

fn of_number(number: &Identifier) -> u64 {
    hash(("number", number))
}

fn of_npi(npi: &String) -> u64 {
    hash(("npi", npi))
}

#[cfg(test)]
mod tests {
    use super::super::merging::tests::{entry, physician};
    use super::*;

    #[test]
    fn a_row_is_asked_again_when_its_name_its_number_or_its_npi_was_settled() {
        let row = entry("Helen", "O'Brien", &["Quist"], "02/16");
        let other = Entry { npi: None, ..entry("Nora", "Brandvold", &[], "11/30") };
        let after = |change: &dyn Fn(&mut Changed)| {
            let mut changed = Changed::default();
            change(&mut changed);
            changed.may_concern(&row)
        };
        assert!(!after(&|_| ()));
        assert!(after(&|changed| changed.add_physician(&physician())));
        let former = Physician { last: "QUIST".into(), ..physician() };
        assert!(after(&|changed| changed.add_physician(&former)));
        let born_later = Physician { birth: MonthDay::new(2, 17), ..physician() };
        assert!(!after(&|changed| changed.add_physician(&born_later)));
        assert!(after(&|changed| changed.add(&Entry { npi: row.npi.clone(), ..other.clone() })));
        assert!(after(&|changed| changed.add_number(&row.identifier())));
        // both rows of this test have one number
        assert!(after(&|changed| changed.add(&other)));
    }
}
