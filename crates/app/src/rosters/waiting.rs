//! Rows of the roster that wait until more is known, and what they say of themselves beyond name and
//! birthday. Of very many only the places in the file are kept, and the file is read again.
//!
//! Rows that wait under one name and birthday and contradict each other are not one person's. Which of
//! them is the known physician's must not depend on which comes first, so none is attached. Two numbers of
//! one state or board contradict each other most of all: there are two people, then, of that name and birthday.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use store::physicians::Physician;

use super::Kind;
use super::entry::{Entry, Identifier};
use super::merging::key;
use super::odds::Records;

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
    /// How many of those one NPI joins, by the same and the NPI.
    joined: HashMap<u64, Records>,
    /// Their numbers, by the same and the state or board.
    numbers: HashMap<u64, Value>,
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
    /// Whether one state or board gave them two numbers.
    two_numbers: bool,
    /// How many they are and still wait.
    records: Records,
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

pub(super) fn hash(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

fn place(entry: &Entry, which: &Which) -> u64 {
    hash((key(&entry.first), key(&entry.last), entry.birth.map(|birth| birth.ordinal()), which))
}

fn own_middle(entry: &Entry) -> Which {
    key(&entry.middle).chars().next().map_or(Which::WithoutMiddle, Which::Initial)
}

/// Under which middle names rows of this row's person could stand.
fn whose(entry: &Entry, is_middle_known: bool) -> Vec<Which> {
    match own_middle(entry) {
        Which::Initial(initial) if is_middle_known => vec![Which::Initial(initial), Which::WithoutMiddle],
        _ => vec![Which::All],
    }
}

impl Said {
    fn add(&mut self, other: Said) {
        self.npi.add(other.npi);
        self.initial.add(other.initial);
        self.middle.add(other.middle);
        self.suffix.add(other.suffix);
        self.degree.add(other.degree);
        self.two_numbers |= other.two_numbers;
        self.records = self.records.with(other.records);
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
        let mut records = Records::default();
        records.add(entry.kind());
        let said = Said {
            npi: Value::of(entry.npi.as_deref().unwrap_or_default()),
            initial: Value::of(&initial.map(String::from).unwrap_or_default()),
            middle: if middle.chars().count() > 1 { Value::of(&middle) } else { Value::Nothing },
            // no suffix is one of its own: a father's
            suffix: Value::One(hash(key(&entry.suffix)) as u32),
            degree: Value::of(&key(&entry.degree)),
            two_numbers: false,
            records,
        };
        let (issuer, number) = entry.held.issued();
        for which in [Which::All, own_middle(entry)] {
            let place = place(entry, &which);
            let numbers = self.numbers.entry(hash((place, issuer))).or_default();
            numbers.add(Value::of(number));
            let two_numbers = *numbers == Value::Several;
            self.said.entry(place).or_default().add(Said { two_numbers, ..said });
            if let Some(npi) = &entry.npi {
                self.joined.entry(hash((place, npi))).or_default().add(entry.kind());
            }
        }
    }

    /// A row does not wait any more: rows that are asked after it must not count it.
    pub(super) fn forget(&mut self, entry: &Entry) {
        for which in [Which::All, own_middle(entry)] {
            let place = place(entry, &which);
            if let Some(said) = self.said.get_mut(&place) {
                said.records = said.records.without(entry.kind());
            }
            if let Some(npi) = &entry.npi
                && let Some(joined) = self.joined.get_mut(&hash((place, npi)))
            {
                *joined = joined.without(entry.kind());
            }
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
        let mut said = self.said_beside(entry, !physician.middle.is_empty());
        said.npi.add(Value::of(physician.npi.as_deref().unwrap_or_default()));
        let several = [said.npi, said.initial, said.middle, said.suffix, said.degree].contains(&Value::Several);
        several || said.two_numbers || self.has_another_number(entry, physician)
    }

    /// Whether a row that waits beside this one has another number of a state or board than the physician has: somebody
    /// else of that name and birthday holds it.
    fn has_another_number(&self, entry: &Entry, physician: &Physician) -> bool {
        let places: Vec<u64> =
            whose(entry, !physician.middle.is_empty()).iter().map(|which| place(entry, which)).collect();
        let licenses = physician.licenses.iter().map(|held| (held.state.code(), held.number.as_str()));
        let certifications =
            physician.certifications.iter().map(|held| (held.board.code(), held.diplomate_id.as_str()));
        licenses.chain(certifications).any(|(issuer, number)| {
            places.iter().any(|place| {
                let waiting = self.numbers.get(&hash((place, issuer)));
                waiting.is_some_and(|waiting| *waiting != Value::of(number))
            })
        })
    }

    /// What rows that could be of the same person say. Other middle names are other people's, if that of the physician
    /// is known.
    fn said_beside(&self, entry: &Entry, is_middle_known: bool) -> Said {
        let mut said = Said::default();
        for which in whose(entry, is_middle_known) {
            said.add(self.said.get(&place(entry, &which)).copied().unwrap_or_default());
        }
        said
    }

    /// What comes with this row, itself included, because they have one NPI; and how much waits beside it that could be
    /// of the same person. Rows with a middle name are hardly that of one without.
    pub(super) fn beside(&self, entry: &Entry) -> (Records, Records) {
        let joined = |which: &Which| {
            let of = entry.npi.as_ref().and_then(|npi| self.joined.get(&hash((place(entry, which), npi))));
            of.copied().unwrap_or_default()
        };
        let all = |which: &Which| self.said.get(&place(entry, which)).copied().unwrap_or_default().records;
        let which = if entry.middle.is_empty() { vec![Which::WithoutMiddle] } else { whose(entry, true) };
        let mut beside =
            which.iter().fold(Records::default(), |so_far, which| so_far.with(all(which).less(joined(which))));
        if entry.npi.is_none() {
            beside = beside.without(entry.kind());
        }
        let mut own = joined(&Which::All);
        if own == Records::default() {
            own.add(entry.kind());
        }
        (own, beside)
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
    use domain::State;
    use store::physicians::License;

    use super::super::entry::Own;
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

    #[test]
    fn two_numbers_of_one_state_are_two_people_of_that_name_and_birthday() {
        let license = |state: &str, number: &str| License {
            state: State::read(state).unwrap(),
            number: number.into(),
            status: String::new(),
            issued_on: None,
            expires_on: None,
        };
        let row = |state, number| {
            let held = Own::from(license(state, number));
            Entry { npi: None, middle: "Eve".into(), held, ..entry("Helen", "OBrien", &[], "02/16") }
        };
        let holder = |state, number| Physician { licenses: vec![license(state, number)], ..physician() };
        let mut waiting = Waiting::default();
        waiting.add(&row("TX", "T1"));
        waiting.add(&row("CA", "A1"));
        assert!(!waiting.disagree(&row("TX", "T1"), &holder("NV", "N1")));
        assert!(!waiting.disagree(&row("TX", "T1"), &holder("CA", "A1")), "the other row is the physician's own");
        assert!(waiting.disagree(&row("TX", "T1"), &holder("CA", "A2")), "the other row is somebody else's");
        waiting.add(&row("CA", "A3"));
        assert!(waiting.disagree(&row("TX", "T1"), &holder("NV", "N1")), "two rows of one state wait");
    }

    #[test]
    fn rows_of_one_npi_come_together_and_only_the_others_wait_beside_them() {
        let with_npi = || Entry { middle: "Eve".into(), ..entry("Helen", "OBrien", &[], "02/16") };
        let without = || Entry { npi: None, ..with_npi() };
        let mut waiting = Waiting::default();
        for row in [with_npi(), Entry { middle: "E".into(), ..with_npi() }, without()] {
            waiting.add(&row);
        }
        let licenses = |licenses| Records { licenses, certifications: 0 };
        assert_eq!(waiting.beside(&with_npi()), (licenses(2), licenses(1)));
        assert_eq!(waiting.beside(&without()), (licenses(1), licenses(2)));
        // a row that is settled is not counted any more
        waiting.forget(&with_npi());
        assert_eq!(waiting.beside(&without()), (licenses(1), licenses(1)));
        waiting.forget(&without());
        assert_eq!(waiting.beside(&with_npi()), (licenses(1), licenses(0)));
    }
}
