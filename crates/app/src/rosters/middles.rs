//! Middle names of a roster, counted: how much two that agree say for one person, and how much one that is missing
//! says against. The engine counts first and last names; middle names stand in rosters only.

use std::collections::HashMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};

use super::entry::Entry;
use super::merging::key;
use super::waiting::hash;

/// Rows and shares that stand behind a small roster's counts of middle names: one row in five gives none, one in
/// thirteen the same initial, one in a hundred the same name. (J)
const BEHIND: f64 = 10_000.0;
const BEHIND_NONE: f64 = 0.5;
const BEHIND_INITIAL: f64 = 0.08;
const BEHIND_NAME: f64 = 0.01;
/// A middle name goes with the first name's sex: twice as likely as its share says.
const OF_ONE_SEX: f64 = 2.0;
/// How often one person's records agree in the middle name. (J)
const MIDDLE_AGREES: f64 = 0.95;
/// One record has a middle name and the other has none: one in ten of one person's records (J), which stands for so
/// many pairs beside those that are counted in the roster.
const MIDDLE_ON_ONE_SIDE: f64 = 0.1;
const BEHIND_ONE_SIDE: f64 = 10.0;

/// Middle names of the roster's rows, counted.
#[derive(Debug, Default)]
pub(super) struct Middles {
    rows: u32,
    none: u32,
    /// Whole names only.
    names: HashMap<String, u32>,
    initials: HashMap<char, u32>,
    /// Whether the first row of each NPI gives a middle name, by a hash of it; how many rows had one to be compared
    /// with, and in how many only one of both gives any.
    by_npi: HashMap<u32, bool>,
    compared: u32,
    one_side: u32,
}

impl Middles {
    pub(super) fn add(&mut self, entry: &Entry) {
        self.rows += 1;
        let middle = key(&entry.middle);
        if let Some(npi) = &entry.npi {
            match self.by_npi.entry(hash(npi) as u32) {
                Vacant(first) => _ = first.insert(!middle.is_empty()),
                Occupied(first) => {
                    self.compared += 1;
                    self.one_side += u32::from(*first.get() == middle.is_empty());
                }
            }
        }
        let Some(initial) = middle.chars().next() else {
            self.none += 1;
            return;
        };
        *self.initials.entry(initial).or_default() += 1;
        if middle.chars().count() > 1 {
            *self.names.entry(middle).or_default() += 1;
        }
    }

    fn share(&self, count: u32, behind: f64) -> f64 {
        (f64::from(count) + BEHIND * behind) / (f64::from(self.rows) + BEHIND)
    }

    fn on_one_side(&self) -> f64 {
        (f64::from(self.one_side) + MIDDLE_ON_ONE_SIDE * BEHIND_ONE_SIDE) / (f64::from(self.compared) + BEHIND_ONE_SIDE)
    }

    /// The weight of two middle names, as keys, that do not contradict each other.
    pub(super) fn weight(&self, a: &str, b: &str) -> f64 {
        let (Some(initial), Some(_)) = (a.chars().next(), b.chars().next()) else {
            let is_none = a.is_empty() && b.is_empty();
            return if is_none { -self.share(self.none, BEHIND_NONE).ln() } else { self.on_one_side().ln() };
        };
        let count = |count: Option<&u32>| count.copied().unwrap_or_default();
        let initial = self.share(count(self.initials.get(&initial)), BEHIND_INITIAL);
        let whole = a == b && a.chars().count() > 1;
        let name = if whole { self.share(count(self.names.get(a)), BEHIND_NAME) * OF_ONE_SEX } else { 1.0 };
        (MIDDLE_AGREES / name.min(initial)).ln()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::merging::tests::entry;
    use super::*;

    pub(in super::super) fn row(middle: &str, npi: Option<&str>) -> Entry {
        Entry { middle: middle.into(), npi: npi.map(str::to_owned), ..entry("Helen", "OBrien", &[], "02/16") }
    }

    pub(in super::super) fn middles(of: &[(&str, usize)]) -> Middles {
        let mut middles = Middles::default();
        for (middle, count) in of {
            (0..*count).for_each(|_| middles.add(&row(middle, None)));
        }
        middles
    }

    #[test]
    fn middle_names_weigh_by_how_common_they_are() {
        let middles = middles(&[("James", 25_000), ("Thaddeus", 75_000), ("L", 100_000)]);
        assert!(middles.weight("JAMES", "JAMES") > middles.weight("THADDEUS", "THADDEUS"));
        assert!(middles.weight("JAMES", "JAMES") >= middles.weight("J", "JAMES"));
        assert!(middles.weight("", "") > 0.0 && middles.weight("", "L") < 0.0);
    }

    #[test]
    fn boards_that_always_give_a_middle_name_make_a_missing_one_speak() {
        let (mut complete, mut careless) = (Middles::default(), Middles::default());
        for n in 0..5_000 {
            let npi = n.to_string();
            complete.add(&row("Rose", Some(&npi)));
            complete.add(&row("R", Some(&npi)));
            careless.add(&row("Rose", Some(&npi)));
            careless.add(&row("", Some(&npi)));
        }
        assert!(complete.weight("", "ROSE") < Middles::default().weight("", "ROSE"));
        assert!(careless.weight("", "ROSE") > Middles::default().weight("", "ROSE"));
    }
}
