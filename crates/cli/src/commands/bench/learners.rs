//! The learner file to measure with: who a provider reports, with the errors that providers make,
//! and beside it the truth of each row.
//!
//! Nobody is reported twice. Twelve in a hundred are identified by their board as well or instead,
//! eight by NPI; eight in a hundred stand in no roster.

use domain::State;

use super::crowd::{BOARDS, Crowd, Person, any_birth, any_first, any_last, any_state};
use super::slips::{self, Slip};
use crate::demo::dice::Dice;
use crate::demo::licenses::MOST_PHYSICIANS;

/// What identifies the learner, with weights.
const SCENARIOS: &[(&str, u64)] = &[
    ("name+birth+state+license", 55),
    ("name+birth+state", 20),
    ("name+birth+npi", 8),
    ("name+birth+state+board", 12),
    ("name+birth+state+license+board", 5),
];

const AMOUNTS: &[&str] = &["0.25", "0.5", "0.75", "1", "1.25", "1.5", "2", "3", "4.5", "7"];

/// One row of the file and of the truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Learner {
    pub(super) first: String,
    pub(super) last: String,
    /// Month and day as typed: after a slip it may be no day of the calendar.
    pub(super) birth: (u8, u8),
    pub(super) state: String,
    pub(super) identifier: String,
    pub(super) credits: &'static str,
    pub(super) board: &'static str,
    pub(super) diplomate_id: String,
    /// Of the board, or empty.
    pub(super) credit_type: &'static str,
    /// The physician's ID, or NONE.
    pub(super) truth: String,
    pub(super) scenario: &'static str,
    pub(super) errors: Vec<&'static str>,
}

/// The learner of a row, from 0. `before` is the birth date in the row above.
pub(super) fn learner(crowd: &Crowd, row: u64, before: Option<(u8, u8)>) -> Learner {
    let mut typist = Typist { crowd, row, dice: crowd.dice("learner", row), errors: Vec::new() };
    let mut person = crowd.person(place(crowd, row));
    let license = typist.dice.below(person.licenses.len() as u64) as usize;
    let (mut state, mut number) = person.licenses.swap_remove(license);
    let mut truth = person.id.clone();
    if typist.dice.percent(8) {
        truth = "NONE".to_owned();
        (state, number) = typist.stranger(&mut person, state);
    }
    let scenario = match *typist.dice.weighted(SCENARIOS) {
        scenario if scenario.contains("board") && person.certifications.is_empty() => SCENARIOS[0].0,
        scenario if scenario.contains("npi") && person.npi.is_empty() => SCENARIOS[0].0,
        scenario => scenario,
    };
    let (first, last) = typist.name(&person);
    let birth = typist.birth(&person, before);
    let (state, identifier) = match scenario {
        "name+birth+npi" => (typist.dice.percent(50).then_some(state), typist.npi(&person.npi)),
        _ => typist.license(state, &number, scenario.contains("license")),
    };
    let (board, diplomate_id) = match scenario.contains("board") {
        true => typist.certification(&person),
        false => ("", String::new()),
    };
    let credit_type = BOARDS.iter().find(|(code, _)| *code == board).map_or("", |(_, credit_type)| *credit_type);
    let spelled = typist.dice.percent(50);
    Learner {
        first: slips::typed(&mut typist.dice, &first),
        last: slips::typed(&mut typist.dice, &last),
        birth,
        state: state.map(|state| if spelled { state.name().to_owned() } else { state.to_string() }).unwrap_or_default(),
        identifier,
        credits: typist.dice.pick::<&str>(AMOUNTS),
        board,
        diplomate_id,
        credit_type,
        truth,
        scenario,
        errors: typist.errors,
    }
}

/// Scattered over the registry, everybody once: the step is a prime beyond its size.
fn place(crowd: &Crowd, row: u64) -> u64 {
    let start = crowd.dice("start", 0).below(crowd.size);
    (start + row % crowd.size * MOST_PHYSICIANS) % crowd.size
}

/// Whoever types a row, with the errors made in it so far.
struct Typist<'a> {
    crowd: &'a Crowd,
    row: u64,
    dice: Dice,
    errors: Vec<&'static str>,
}

impl Typist<'_> {
    fn slips(&mut self, (name, rate): Slip) -> bool {
        let does = self.dice.below(10_000) < rate;
        if does {
            self.errors.push(name);
        }
        does
    }

    /// Turns the person into somebody who is in no roster: most share their name with one who is.
    fn stranger(&mut self, person: &mut Person, state: State) -> (State, String) {
        self.errors.push("unregistered");
        let (kind, state) = match self.dice.below(10) {
            0..5 => ("namesake", any_state(&mut self.dice)),
            5..7 => ("namesake_same_state", state),
            _ => ("", state),
        };
        if kind.is_empty() {
            let is_woman = self.dice.percent(50);
            person.first = any_first(&mut self.dice, is_woman);
            person.last = any_last(&mut self.dice);
        } else {
            self.errors.push(kind);
        }
        person.birth = any_birth(&mut self.dice);
        person.npi = self.crowd.unused_npi(self.row);
        person.certifications = vec![self.crowd.unused_certification(&mut self.dice, self.row)];
        (state, self.crowd.unused_license(state, self.row))
    }

    fn name(&mut self, person: &Person) -> (String, String) {
        let mut first = person.first.clone();
        let mut last = person.last.clone();
        if let Some(short) = slips::nickname(&first)
            && self.slips(slips::NICKNAME)
        {
            first = short.to_owned();
        } else if self.slips(slips::INITIAL) {
            first = slips::initial(&first);
        } else if !person.middle.is_empty() && self.slips(slips::MIDDLE_AS_FIRST) {
            first.clone_from(&person.middle);
        } else if self.slips(slips::TYPO_FIRST) {
            first = slips::typo(&mut self.dice, &first);
        }
        if !person.former_last.is_empty() && self.slips(slips::FORMER_NAME) {
            last.clone_from(&person.former_last);
        } else if last.contains('-') && self.slips(slips::HALF_HYPHEN) {
            let half = usize::from(self.dice.percent(50));
            last = last.split('-').nth(half).unwrap_or_default().to_owned();
        } else if self.slips(slips::TYPO_LAST) {
            last = slips::typo(&mut self.dice, &last);
        }
        if !person.suffix.is_empty() && self.dice.percent(50) {
            last = format!("{last} {}", person.suffix);
        } else if self.slips(slips::SUFFIX_IN_LAST) {
            last.push_str(self.dice.pick::<&str>(&[" MD", ", MD", " DO"]));
        }
        if self.slips(slips::SWAPPED) { (last, first) } else { (first, last) }
    }

    fn birth(&mut self, person: &Person, before: Option<(u8, u8)>) -> (u8, u8) {
        let (mut month, mut day) = (person.birth.month(), person.birth.day());
        if self.slips(slips::WRONG_DAY) {
            day = day % 28 + 1;
        } else if self.slips(slips::WRONG_MONTH) {
            (month, day) = (month % 12 + 1, day.min(28));
        } else if day <= 12 && day != month && self.slips(slips::MONTH_DAY_SWAPPED) {
            (month, day) = (day, month);
        }
        match before {
            Some(before) if self.slips(slips::COPIED_DOWN_BIRTH) => before,
            _ => (month, day),
        }
    }

    fn npi(&mut self, npi: &str) -> String {
        if self.slips(slips::NPI_TYPO) { slips::digit_typo(&mut self.dice, npi) } else { npi.to_owned() }
    }

    fn license(&mut self, state: State, number: &str, is_given: bool) -> (Option<State>, String) {
        let mut state = state;
        let mut given = String::new();
        if is_given {
            given = number.to_owned();
            if self.slips(slips::LICENSE_OF_OTHER) {
                let other = self.dice.below(self.crowd.size);
                if let Some(first) = self.crowd.person(other).licenses.into_iter().next() {
                    (state, given) = first;
                }
            } else if self.slips(slips::LICENSE_TYPO) {
                given = slips::digit_typo(&mut self.dice, number);
            } else if self.slips(slips::LICENSE_TRANSPOSED) {
                given = slips::transposed(&mut self.dice, number);
            } else if self.slips(slips::LICENSE_FORMAT) {
                given = slips::reformatted(&mut self.dice, number);
            }
        }
        if self.slips(slips::WRONG_STATE) {
            state = any_state(&mut self.dice);
        }
        (Some(state), given)
    }

    fn certification(&mut self, person: &Person) -> (&'static str, String) {
        if person.certifications.is_empty() {
            return ("", String::new());
        }
        let (board, id) = self.dice.pick(&person.certifications).clone();
        let id = if self.slips(slips::BOARD_ID_TYPO) { slips::digit_typo(&mut self.dice, &id) } else { id };
        (board, id)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;

    #[test]
    fn everybody_is_reported_once_and_the_shares_are_as_said() {
        let crowd = Crowd { size: 10_000, seed: 3 };
        let mut shares: HashMap<String, usize> = HashMap::new();
        let mut places = HashSet::new();
        let mut before = None;
        for row in 0..10_000 {
            assert!(places.insert(place(&crowd, row)));
            let learner = learner(&crowd, row, before);
            before = Some(learner.birth);
            *shares.entry(learner.scenario.to_owned()).or_default() += 1;
            for error in learner.errors {
                *shares.entry(error.to_owned()).or_default() += 1;
            }
        }
        for (what, least, most) in [
            ("name+birth+state", 1_850, 2_150),
            ("name+birth+npi", 700, 900),
            ("unregistered", 700, 900),
            ("namesake", 330, 480),
            ("license_format", 700, 1_100),
            ("wrong_day", 50, 120),
            ("typo_last", 80, 160),
        ] {
            let share = shares.get(what).copied().unwrap_or_default();
            assert!((least..most).contains(&share), "{what}: {share}");
        }
    }
}
