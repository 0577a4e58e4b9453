//! The invented registry to measure with: names by frequency, relatives, several licenses.
//!
//! Unlike the demo's few hundred names, these follow the long tail of a real country: the most
//! frequent last name is one in a hundred people, and half of all people share a thousand names. A
//! person follows from seed and place alone, so that no list of a million is held.

use domain::{MonthDay, State};

use crate::demo::dice::Dice;
use crate::demo::licenses::{MOST_PHYSICIANS, diplomate_id, license_number, npi};
use crate::demo::names::{ENDINGS, FEMALE, LAST, MALE, ONSETS, SUFFIXES};

/// States by inhabitants, in hundred thousands.
#[rustfmt::skip]
const STATES: &[(&str, u64)] = &[
    ("CA", 390), ("TX", 300), ("FL", 220), ("NY", 197), ("PA", 130), ("IL", 126), ("OH", 118), ("GA", 108),
    ("NC", 106), ("MI", 100), ("NJ", 93), ("VA", 87), ("WA", 78), ("AZ", 73), ("MA", 70), ("TN", 70), ("IN", 68),
    ("MD", 62), ("MO", 62), ("WI", 59), ("CO", 58), ("MN", 57), ("SC", 52), ("AL", 50), ("LA", 46), ("KY", 45),
    ("OR", 42), ("OK", 40), ("CT", 36), ("UT", 33), ("IA", 32), ("PR", 32), ("NV", 31), ("AR", 30), ("MS", 29),
    ("KS", 29), ("NM", 21), ("NE", 20), ("ID", 19), ("WV", 18), ("HI", 14), ("NH", 14), ("ME", 14), ("RI", 11),
    ("MT", 11), ("DE", 10), ("SD", 9), ("ND", 8), ("AK", 7), ("DC", 7), ("VT", 6), ("WY", 6),
];

/// Boards with a credit type of theirs, each as likely.
pub(super) const BOARDS: &[(&str, &str)] = &[
    ("ABIM", "Medical Knowledge"),
    ("ABP", "Lifelong Learning and Self-Assessment"),
    ("ABA", "Lifelong Learning"),
    ("ABS", "Self-Assessment"),
    ("ABPATH", "Lifelong Learning"),
    ("ABOS", "Accredited CME"),
    ("ABOHNS", "Lifelong Learning"),
    ("ABTS", "Self-Assessment"),
    ("ABO", "Self-Assessment"),
    ("ABPMR", "Self-Assessment"),
];

const SYLLABLES: &[&str] = &[
    "ba", "cor", "da", "del", "en", "fa", "gar", "ha", "ist", "ja", "kan", "lo", "ma", "nik", "ol", "pe", "qua", "ra",
    "san", "ti", "ul", "ven", "wa", "yo", "za",
];

/// Different last names in use, and first names of women or men.
const LAST_NAMES: f64 = 88_000.0;
const FIRST_NAMES: f64 = 1_200.0;

/// The demo's own physicians hold the numbers below; both may be in one registry.
const FIRST_NUMBER: u64 = 20;

/// Somebody of the registry, as they are: rosters and learner files tell it less exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) first: String,
    pub(super) middle: String,
    pub(super) last: String,
    pub(super) suffix: String,
    /// Empty for most.
    pub(super) former_last: String,
    pub(super) birth: MonthDay,
    pub(super) degree: &'static str,
    /// Empty for a few.
    pub(super) npi: String,
    /// At least one; states differ.
    pub(super) licenses: Vec<(State, String)>,
    /// Board with the diplomate's ID.
    pub(super) certifications: Vec<(&'static str, String)>,
}

/// All people of a registry.
#[derive(Debug, Clone)]
pub(super) struct Crowd {
    pub(super) size: u64,
    pub(super) seed: u64,
}

impl Crowd {
    /// How many numbers are left that nobody in the registry holds.
    pub(super) fn free_numbers(&self) -> u64 {
        MOST_PHYSICIANS.saturating_sub(FIRST_NUMBER + self.size)
    }

    /// Dice for the `number`-th thing of a kind, others for each seed.
    pub(super) fn dice(&self, kind: &str, number: u64) -> Dice {
        Dice::of(&format!("bench {kind} {}", self.seed), number)
    }

    /// The person at a place, from 0.
    pub(super) fn person(&self, place: u64) -> Person {
        let mut dice = self.dice("person", place);
        // relatives: the last name and state of the person before
        let is_relative = place > 0 && dice.percent(2);
        let mut family = self.dice("family", if is_relative { place - 1 } else { place });
        let last = family_name(&mut family);
        let home = any_state(&mut family);
        let is_twin = is_relative && dice.percent(2);
        let birth = any_birth(if is_twin { &mut family } else { &mut dice });
        let is_woman = dice.percent(40);
        let number = FIRST_NUMBER + place;
        Person {
            id: format!("P{:07}", place + 1),
            first: any_first(&mut dice, is_woman),
            middle: if dice.percent(80) { any_first(&mut dice, is_woman) } else { String::new() },
            last,
            suffix: if !is_woman && dice.percent(3) { (*dice.pick_early(SUFFIXES)).to_owned() } else { String::new() },
            former_last: if is_woman && dice.percent(15) { any_last(&mut dice) } else { String::new() },
            birth,
            degree: if dice.percent(10) { "DO" } else { "MD" },
            npi: if dice.percent(97) { npi(number) } else { String::new() },
            licenses: licenses(&mut dice, home, number),
            certifications: certifications(&mut dice, number),
        }
    }

    /// License number, NPI and certification that nobody in the registry holds, another for each `nth`.
    pub(super) fn unused_license(&self, state: State, nth: u64) -> String {
        license_number(state.code(), self.unused(nth))
    }

    pub(super) fn unused_npi(&self, nth: u64) -> String {
        npi(self.unused(nth))
    }

    pub(super) fn unused_certification(&self, dice: &mut Dice, nth: u64) -> (&'static str, String) {
        let (board, _) = dice.pick(BOARDS);
        (board, diplomate_id(board, self.unused(nth)))
    }

    fn unused(&self, nth: u64) -> u64 {
        FIRST_NUMBER + self.size + nth
    }
}

fn licenses(dice: &mut Dice, home: State, number: u64) -> Vec<(State, String)> {
    let count = *dice.weighted(&[(1, 75), (2, 18), (3, 3), (4, 2), (5, 1), (6, 1)]);
    let mut states = vec![home];
    while states.len() < count {
        let state = any_state(dice);
        if !states.contains(&state) {
            states.push(state);
        }
    }
    states.into_iter().map(|state| (state, license_number(state.code(), number))).collect()
}

fn certifications(dice: &mut Dice, number: u64) -> Vec<(&'static str, String)> {
    let count = *dice.weighted(&[(0, 20), (1, 68), (2, 12)]);
    let mut boards: Vec<&'static str> = Vec::new();
    while boards.len() < count {
        let (board, _) = *dice.pick(BOARDS);
        if !boards.contains(&board) {
            boards.push(board);
        }
    }
    boards.into_iter().map(|board| (board, diplomate_id(board, number))).collect()
}

pub(super) fn any_state(dice: &mut Dice) -> State {
    let code = *dice.weighted(STATES);
    State::read(code).unwrap_or_else(|| any_state(dice))
}

pub(super) fn any_birth(dice: &mut Dice) -> MonthDay {
    let (month, day) = (1 + dice.below(12), 1 + dice.below(31));
    // a day past the month's end is thrown again, so that every day is as likely
    MonthDay::new(month as u8, day as u8).unwrap_or_else(|| any_birth(dice))
}

pub(super) fn any_first(dice: &mut Dice, is_woman: bool) -> String {
    let (list, kind) = if is_woman { (FEMALE, "female") } else { (MALE, "male") };
    let rank = rank(dice, FIRST_NAMES, 20.0);
    match list.get(rank) {
        Some(name) => (*name).to_owned(),
        None => invented(kind, rank, 2),
    }
}

pub(super) fn any_last(dice: &mut Dice) -> String {
    let rank = rank(dice, LAST_NAMES, 11.0);
    match LAST.get(rank) {
        Some(name) => (*name).to_owned(),
        None if rank.is_multiple_of(3) => {
            let mut dice = Dice::of("bench last name", rank as u64);
            format!("{}{}", dice.pick(ONSETS), dice.pick(ENDINGS))
        }
        None => invented("last", rank, 3),
    }
}

fn family_name(dice: &mut Dice) -> String {
    let last = any_last(dice);
    match dice.below(1_000) {
        0..30 => format!("{last}-{}", any_last(dice)),
        30..45 => format!("{}{last}", dice.pick(&["De la ", "Van ", "Del ", "St. ", "Mc", "O'"])),
        _ => last,
    }
}

/// The place of a name in the order of frequency (Zipf's law as Mandelbrot bends it near its top):
/// `flat` says how many of the first names are about as frequent.
fn rank(dice: &mut Dice, names: f64, flat: f64) -> usize {
    let even = (dice.draw() >> 11) as f64 / (1_u64 << 53) as f64;
    (flat * ((1.0 + names / flat).powf(even) - 1.0)) as usize
}

/// The name of a rank beyond the lists.
fn invented(kind: &str, rank: usize, least: u64) -> String {
    let mut dice = Dice::of(kind, rank as u64);
    let count = least + dice.below(2);
    let name: String = (0..count).map(|_| *dice.pick(SYLLABLES)).collect();
    let (head, tail) = name.split_at(1);
    head.to_uppercase() + tail
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;

    #[test]
    fn a_place_holds_the_same_person_and_another_for_another_seed() {
        let crowd = Crowd { size: 100, seed: 1 };
        assert_eq!(crowd.person(7), crowd.person(7));
        assert_ne!(crowd.person(7).last, Crowd { size: 100, seed: 2 }.person(7).last);
    }

    #[test]
    fn names_are_as_frequent_as_in_a_country() {
        let crowd = Crowd { size: 50_000, seed: 1 };
        let mut lasts: HashMap<String, usize> = HashMap::new();
        for place in 0..crowd.size {
            *lasts.entry(crowd.person(place).last).or_default() += 1;
        }
        let most = lasts.values().max().copied().unwrap_or_default();
        assert!((300..800).contains(&most), "the most frequent name has {most} of 50,000");
        assert!(lasts.len() > 10_000, "{} names", lasts.len());
    }

    #[test]
    fn numbers_are_nobody_elses() {
        let crowd = Crowd { size: 20_000, seed: 1 };
        let mut numbers = HashSet::new();
        for place in 0..crowd.size {
            let person = crowd.person(place);
            assert!(person.licenses.iter().all(|held| numbers.insert(format!("{} {}", held.0, held.1))));
            assert!(person.certifications.iter().all(|held| numbers.insert(format!("{} {}", held.0, held.1))));
            assert!(person.npi.is_empty() || numbers.insert(person.npi));
        }
        let unused = crowd.unused_license(State::read("CA").unwrap(), 3);
        assert!(!numbers.contains(&format!("CA {unused}")) && !numbers.contains(&crowd.unused_npi(3)));
    }

    #[tokio::test]
    async fn every_board_takes_the_credit_type_that_learners_claim() {
        let folder = tempfile::tempdir().unwrap();
        let store = store::Store::open(&store::Database::Sqlite(folder.path().join("credence.db"))).await.unwrap();
        let reference = app::CurrentReference::open(&store, app::Clock::system("UTC")).await.unwrap().get();
        for (board, credit_type) in BOARDS {
            let rules = reference.board(domain::Board::read(board).unwrap()).unwrap();
            let credit_type = rules.credit_type(credit_type);
            assert!(credit_type.is_some_and(|found| found.in_force(jiff::civil::date(2026, 3, 14))), "{board}");
        }
    }
}
