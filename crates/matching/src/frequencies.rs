//! How common each name, day, state and number is among the physicians known now. Counts only, so that
//! adding and removing a physician in any order gives the same weights.

use crate::keys::STATE_NUMBERS;
use crate::parameters as p;
use crate::records::{NameNumber, Record, Records};

/// Digits of the longest core that is counted apart.
const LENGTHS: usize = 13;

/// Numbers of one state or board.
#[derive(Debug, Clone, Default)]
struct Numbers {
    people: u32,
    /// How many have a core of that many digits.
    by_length: [u32; LENGTHS],
}

#[derive(Debug)]
pub(crate) struct Frequencies {
    people: u32,
    with_birth: u32,
    days: Vec<u32>,
    initials: [u32; 256],
    states: Vec<Numbers>,
    boards: Vec<(domain::Board, Numbers)>,
    /// By the number of the name: how many have it as first token, and how many as last name.
    firsts: Vec<u32>,
    lasts: Vec<u32>,
}

impl Frequencies {
    pub(crate) fn new() -> Self {
        Self {
            people: 0,
            with_birth: 0,
            days: vec![0; 366],
            initials: [0; 256],
            states: vec![Numbers::default(); STATE_NUMBERS],
            boards: Vec::new(),
            firsts: Vec::new(),
            lasts: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, records: &Records, record: &Record) {
        self.change(records, record, |count| *count += 1);
    }

    pub(crate) fn remove(&mut self, records: &Records, record: &Record) {
        self.change(records, record, |count| *count -= 1);
    }

    fn change(&mut self, records: &Records, record: &Record, step: fn(&mut u32)) {
        self.firsts.resize(records.names.len(), 0);
        self.lasts.resize(records.names.len(), 0);
        step(&mut self.people);
        if let Some(day) = record.day() {
            step(&mut self.with_birth);
            step(&mut self.days[usize::from(day)]);
        }
        let initial = records.names.text(record.first).bytes().next().unwrap_or(0);
        step(&mut self.initials[usize::from(initial)]);
        step(&mut self.firsts[records.names.entry(record.first).head as usize]);
        step(&mut self.lasts[record.last as usize]);
        for state in records.states(record) {
            step(&mut self.states[usize::from(state)].people);
        }
        for license in records.licenses(record) {
            if let Some(number) = license.number {
                step(&mut self.states[usize::from(license.state)].by_length[number.core_length()]);
            }
        }
        for (board, number) in records.certifications(record) {
            let at = self.boards.iter().position(|(known, _)| *known == board).unwrap_or_else(|| {
                self.boards.push((board, Numbers::default()));
                self.boards.len() - 1
            });
            let numbers = &mut self.boards[at].1;
            step(&mut numbers.people);
            step(&mut numbers.by_length[number.core_length()]);
        }
    }

    pub(crate) fn people(&self) -> u32 {
        self.people
    }

    /// The registry and the country behind it.
    pub(crate) fn population(&self) -> f64 {
        f64::from(self.people) + p::BACKGROUND
    }

    fn smooth(&self, count: u32, background: f64) -> f64 {
        (f64::from(count) + p::BACKGROUND * background) / self.population()
    }

    /// Share of a first name; of one that nobody has if there is no number.
    pub(crate) fn first(&self, head: Option<NameNumber>) -> f64 {
        let count = head.and_then(|head| self.firsts.get(head as usize)).copied().unwrap_or(0);
        self.smooth(count, p::BACKGROUND_FIRST)
    }

    pub(crate) fn last(&self, name: Option<NameNumber>) -> f64 {
        let count = name.and_then(|name| self.lasts.get(name as usize)).copied().unwrap_or(0);
        self.smooth(count, p::BACKGROUND_LAST)
    }

    pub(crate) fn initial(&self, letter: u8) -> f64 {
        self.smooth(self.initials[usize::from(letter)], p::BACKGROUND_INITIAL)
    }

    pub(crate) fn day(&self, day: u16) -> f64 {
        let count = self.days.get(usize::from(day)).copied().unwrap_or(0);
        (f64::from(count) + p::BACKGROUND / 366.0) / (f64::from(self.with_birth) + p::BACKGROUND)
    }

    pub(crate) fn state(&self, state: u16) -> f64 {
        self.smooth(self.states.get(usize::from(state)).map_or(0, |numbers| numbers.people), p::BACKGROUND_STATE)
    }

    /// Of those licensed in the state, the share that has one certain number.
    pub(crate) fn one_license(&self, state: u16) -> f64 {
        1.0 / (self.state(state) * self.population())
    }

    /// Of those licensed in the state, the share that has a number one slip away from one of so many digits.
    pub(crate) fn license_slip(&self, state: u16, digits: usize) -> f64 {
        self.states.get(usize::from(state)).map_or(1.0, |numbers| numbers.slip(digits, self.one_license(state)))
    }

    /// Share of all who have one certain diplomate ID of the board.
    pub(crate) fn one_certification(&self) -> f64 {
        1.0 / self.population()
    }

    pub(crate) fn certification_slip(&self, board: domain::Board, digits: usize) -> f64 {
        let numbers = self.boards.iter().find(|(known, _)| *known == board).map(|(_, numbers)| numbers);
        numbers.map_or(p::BACKGROUND_BOARD, |numbers| numbers.slip(digits, self.one_certification()))
    }

    pub(crate) fn bytes(&self) -> usize {
        (self.firsts.capacity() + self.lasts.capacity()) * 4 + self.states.capacity() * size_of::<Numbers>()
    }
}

impl Numbers {
    /// Slips of a number, times how densely numbers of that length are given out, times the share of each.
    /// At least one: the number that it is a slip of exists.
    fn slip(&self, digits: usize, one: f64) -> f64 {
        let given_out = f64::from(self.by_length.get(digits).copied().unwrap_or(0));
        let possible = 9.0 * 10f64.powi(digits.saturating_sub(1) as i32);
        (p::slips(digits) * (given_out / possible).min(1.0)).max(1.0) * one
    }
}
