//! A crowd of invented physicians and the reports about them, the same for every run of one seed.

use domain::{MonthDay, State};
use matching::{Physician, Query};
use rand_like::Chance;

use crate::people::id;

/// A small generator of chance: the tests need repeatable numbers, not good ones.
pub(crate) mod rand_like {
    pub(crate) struct Chance(pub(crate) u64);

    impl Chance {
        pub(crate) fn below(&mut self, end: usize) -> usize {
            // splitmix64
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = self.0;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((mixed ^ (mixed >> 31)) % end as u64) as usize
        }

        pub(crate) fn one_in(&mut self, count: usize) -> bool {
            self.below(count) == 0
        }

        pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
            &of[self.below(of.len())]
        }
    }
}

const FIRSTS: &[&str] = &[
    "William",
    "Robert",
    "James",
    "John",
    "Mary",
    "Patricia",
    "Jennifer",
    "Elizabeth",
    "Margaret",
    "Daniel",
    "Amit",
    "Wei",
    "Maria",
    "Jose",
    "Anh",
    "Fatima",
    "Olga",
    "Kwame",
    "Ingrid",
    "Soren",
    "Thomas",
    "Susan",
    "Joseph",
    "Karen",
    "Yuki",
    "Priya",
    "Hans",
    "Lucia",
];
const SYLLABLES: &[&str] =
    &["bar", "len", "dor", "mik", "son", "tor", "ves", "kal", "rin", "hol", "gar", "wick", "ster", "man", "pol", "zen"];
const STATES: &[&str] = &["CA", "NY", "TX", "OH", "FL", "VT"];

pub(crate) fn last_name(chance: &mut Chance) -> String {
    let count = 2 + chance.below(2);
    (0..count).map(|_| *chance.pick(SYLLABLES)).collect()
}

fn day(chance: &mut Chance) -> Option<MonthDay> {
    MonthDay::new(1 + chance.below(12) as u8, 1 + chance.below(28) as u8)
}

/// As many physicians as asked for; one in thirty is a relative of the one before.
pub(crate) fn crowd(seed: u64, count: u32) -> Vec<Physician> {
    let mut chance = Chance(seed);
    let mut out: Vec<Physician> = Vec::new();
    for number in 0..count {
        let relative = out.last().filter(|_| chance.one_in(30)).map(|p| (p.last.clone(), p.birth));
        let (last, birth) = match relative {
            Some((last, birth)) => (last, if chance.one_in(10) { birth } else { day(&mut chance) }),
            None => (last_name(&mut chance), day(&mut chance)),
        };
        let mut physician = Physician {
            first: (*chance.pick(FIRSTS)).into(),
            middle: if chance.one_in(3) { String::new() } else { (*chance.pick(FIRSTS)).into() },
            last,
            birth,
            npi: (!chance.one_in(20)).then(|| (1_000_000_000 + u64::from(number) * 997).to_string()),
            ..Physician::new(id(number + 1))
        };
        if chance.one_in(10) {
            physician.former_last.push(last_name(&mut chance));
        }
        for place in 0..=chance.below(2) {
            let code = STATES[(chance.below(STATES.len() - 1) + place) % STATES.len()];
            let form = format!("MD-{:06}", number * 2 + place as u32 + 1_000);
            physician.licenses.push((State::read(code).unwrap(), form));
        }
        out.push(physician);
    }
    out
}

/// What went into a report, for the table of confusion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    Clean,
    Initial,
    TypoFirst,
    TypoLast,
    FormerName,
    Swapped,
    WrongDay,
    LicenseTypo,
    LicenseOfOther,
    Unregistered,
}

const FAULTS: &[Fault] = &[
    Fault::Initial,
    Fault::TypoFirst,
    Fault::TypoLast,
    Fault::FormerName,
    Fault::Swapped,
    Fault::WrongDay,
    Fault::LicenseTypo,
    Fault::LicenseOfOther,
    Fault::Unregistered,
];

pub(crate) struct Report {
    pub(crate) query: Query,
    /// `None` for a person outside the registry.
    pub(crate) truth: Option<domain::PhysicianId>,
    pub(crate) fault: Fault,
    pub(crate) with_identifier: bool,
}

fn typo(text: &str, chance: &mut Chance) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let place = 1 + chance.below(letters.len() - 1);
    match chance.below(3) {
        0 => drop(letters.remove(place)),
        1 => letters.insert(place, 'x'),
        _ => letters.swap(place - 1, place),
    }
    letters.into_iter().collect()
}

pub(crate) fn reports(people: &[Physician], seed: u64, count: usize) -> Vec<Report> {
    let mut chance = Chance(seed);
    (0..count)
        .map(|_| {
            let person = chance.pick(people);
            let other = chance.pick(people);
            let (state, number) = chance.pick(&person.licenses).clone();
            let with_identifier = !chance.one_in(4);
            let mut fault = if chance.one_in(4) { *chance.pick(FAULTS) } else { Fault::Clean };
            let mut query = Query {
                first: person.first.clone(),
                last: person.last.clone(),
                birth: person.birth,
                state: Some(state),
                identifier: with_identifier.then_some(number),
                ..Query::default()
            };
            match fault {
                Fault::Clean => {}
                Fault::Initial => query.first.truncate(1),
                Fault::TypoFirst => query.first = typo(&query.first, &mut chance),
                Fault::TypoLast => query.last = typo(&query.last, &mut chance),
                Fault::FormerName => match person.former_last.first() {
                    Some(former) => query.last = former.clone(),
                    None => fault = Fault::Clean,
                },
                Fault::Swapped => std::mem::swap(&mut query.first, &mut query.last),
                Fault::WrongDay => query.birth = query.birth.and_then(|b| MonthDay::new(b.month(), b.day() % 28 + 1)),
                Fault::LicenseTypo => query.identifier = query.identifier.map(|number| typo(&number, &mut chance)),
                Fault::LicenseOfOther => {
                    let (state, number) = chance.pick(&other.licenses).clone();
                    (query.state, query.identifier) = (Some(state), Some(number));
                }
                Fault::Unregistered => {
                    query.birth = day(&mut chance);
                    query.identifier = with_identifier.then(|| format!("MD-9{:05}", chance.below(100_000)));
                }
            }
            let truth = (fault != Fault::Unregistered).then_some(person.id);
            Report { query, truth, fault, with_identifier }
        })
        .collect()
}
