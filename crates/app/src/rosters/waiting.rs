//! Rows of the roster that wait until more is known, and what they say of themselves beyond name and
//! birthday. Of very many only the places in the file are kept, and the file is read again.
//!
//! Rows that wait under one name and birthday and contradict each other are not one person's. Which of
//! them is the known physician's must not depend on which comes first, so none is attached.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use store::physicians::Physician;

use super::Kind;
use super::entry::{Entry, Identifier};
use super::merging::key;

/// Rows that are kept in memory: some 60 MB.
const MOST_KEPT: usize = 100_000;

#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// Places in the file.
    pub(super) rows: HashSet<u64>,
    /// The rows themselves, unless they are more than [`MOST_KEPT`].
    kept: Vec<Entry>,
    /// By full name, birthday and the middle names that are meant.
    said: HashMap<u64, Said>,
    /// Licenses of the review list: certifying boards may name them.
    licenses: HashSet<Identifier>,
}

/// Rows of one name and birthday.
#[derive(Hash)]
enum Which {
    All,
    WithoutMiddle,
    Initial(char),
}

/// What all of them say.
#[derive(Debug, Default, Clone, Copy)]
struct Said {
    npi: Value,
    initial: Value,
    middle: Value,
    suffix: Value,
    degree: Value,
    /// A license is among them.
    license: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Value {
    #[default]
    Nothing,
    /// The hash of the one value.
    One(u32),
    Several,
}

impl Value {
    fn add(&mut self, value: Value) {
        *self = match (*self, value) {
            (Value::Nothing, other) | (other, Value::Nothing) => other,
            (one, other) if one == other => one,
            _ => Value::Several,
        };
    }

    fn of(text: &str) -> Self {
        if text.is_empty() { Value::Nothing } else { Value::One(hash(text) as u32) }
    }
}

fn hash(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

fn place(entry: &Entry, which: &Which) -> u64 {
    hash((key(&entry.first), key(&entry.last), entry.birth.map(|birth| birth.ordinal()), which))
}

impl Said {
    fn add(&mut self, other: Said) {
        self.npi.add(other.npi);
        self.initial.add(other.initial);
        self.middle.add(other.middle);
        self.suffix.add(other.suffix);
        self.degree.add(other.degree);
        self.license |= other.license;
    }
}

impl Waiting {
    pub(super) fn is_empty(&self) -> bool {
        self.said.is_empty()
    }

    pub(super) fn add(&mut self, entry: &Entry) {
        match entry.review {
            None => {
                self.rows.insert(entry.row);
                if self.rows.len() <= MOST_KEPT {
                    self.kept.push(entry.clone());
                } else {
                    self.kept = Vec::new();
                }
            }
            Some(_) if entry.kind() == Kind::Licenses => _ = self.licenses.insert(entry.identifier()),
            Some(_) => {}
        }
        let middle = key(&entry.middle);
        let initial = middle.chars().next();
        let said = Said {
            npi: Value::of(entry.npi.as_deref().unwrap_or_default()),
            initial: Value::of(&initial.map(String::from).unwrap_or_default()),
            middle: if middle.chars().count() > 1 { Value::of(&middle) } else { Value::Nothing },
            // no suffix is one of its own: a father's
            suffix: Value::One(hash(key(&entry.suffix)) as u32),
            degree: Value::of(&key(&entry.degree)),
            license: entry.kind() == Kind::Licenses,
        };
        for which in [Which::All, initial.map_or(Which::WithoutMiddle, Which::Initial)] {
            self.said.entry(place(entry, &which)).or_default().add(said);
        }
    }

    /// The rows in the order of the file, if they are few enough to be kept.
    pub(super) fn take_kept(&mut self) -> Option<Vec<Entry>> {
        let mut kept = std::mem::take(&mut self.kept);
        kept.sort_unstable_by_key(|entry| entry.row);
        (kept.len() == self.rows.len()).then_some(kept)
    }

    /// Whether rows that wait beside this one speak of more than one person, of whom the physician may be one.
    pub(super) fn disagree(&self, entry: &Entry, physician: &Physician) -> bool {
        let of = |which| self.said.get(&place(entry, &which)).copied().unwrap_or_default();
        let mut said = match key(&entry.middle).chars().next() {
            // other middle names are other people's, if that of the physician is known
            Some(initial) if !physician.middle.is_empty() => of(Which::Initial(initial)),
            _ => of(Which::All),
        };
        said.add(of(Which::WithoutMiddle));
        said.npi.add(Value::of(physician.npi.as_deref().unwrap_or_default()));
        [said.npi, said.initial, said.middle, said.suffix, said.degree].contains(&Value::Several)
    }

    /// Whether a license of somebody of this name and birthday waits.
    pub(super) fn is_license_waiting(&self, entry: &Entry) -> bool {
        self.said.get(&place(entry, &Which::All)).is_some_and(|said| said.license)
    }

    /// Whether the license that a certifying board names waits on the review list.
    pub(super) fn names_waiting_license(&self, entry: &Entry) -> bool {
        entry.named_license().is_some_and(|license| self.has_license(&license))
    }

    pub(super) fn has_license(&self, license: &Identifier) -> bool {
        self.licenses.contains(license)
    }
}

#[cfg(test)]
mod tests {
    use super::super::merging::tests::{entry, physician};
    use super::*;

    #[test]
    fn rows_that_contradict_each_other_stop_one_another() {
        let row = || Entry { npi: None, middle: "Eve".into(), ..entry("Helen", "OBrien", &[], "02/16") };
        let among = |others: Vec<Entry>, of: &Physician| {
            let mut waiting = Waiting::default();
            waiting.add(&row());
            others.iter().for_each(|other| waiting.add(other));
            waiting.disagree(&row(), of)
        };
        let with = |others| among(others, &physician());
        assert!(!with(vec![]));
        assert!(!with(vec![Entry { npi: Some("1".into()), ..row() }, Entry { middle: "E".into(), ..row() }]));
        assert!(with(vec![Entry { npi: Some("1".into()), ..row() }, Entry { npi: Some("2".into()), ..row() }]));
        assert!(with(vec![Entry { middle: "Ella".into(), ..row() }]));
        // R is another one, unless it is not known which of them the physician is
        assert!(!with(vec![Entry { middle: "R".into(), ..row() }]));
        let without = Physician { middle: String::new(), ..physician() };
        assert!(among(vec![Entry { middle: "R".into(), ..row() }], &without));
        assert!(!among(vec![Entry { middle: "E".into(), ..row() }], &without));
        assert!(with(vec![Entry { suffix: "III".into(), ..row() }]));
        assert!(!with(vec![Entry { last: "Quist".into(), suffix: "III".into(), ..row() }]));
    }
}
