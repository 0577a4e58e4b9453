//! Who could be meant: physicians found under the query's keys, tier by tier, weighed as they are found.
//! The search stops when somebody agrees on first, last and birthday, is sure enough, and has the state or an
//! identifier: nobody whom a later tier finds could come near.

use std::cell::OnceCell;

use crate::compare::{Birth, Identifier, State};
use crate::given::{Given, GivenName};
use crate::keys::{Kind, first_birth_state, full_name_state, key, name_key, sound_birth};
use crate::names::bearing_tokens;
use crate::query::Teller;
use crate::records::{Records, board_key, each_license_key};
use crate::score::{Scale, Scored};
use crate::settings::Settings;
use crate::table::Table;

/// Everyone found, and who owns the identifiers that were given.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) scored: Vec<Scored>,
    pub(crate) license_owned: bool,
    pub(crate) npi_owned: bool,
    pub(crate) board_owned: bool,
}

pub(crate) struct Search<'a> {
    pub(crate) records: &'a Records,
    pub(crate) table: &'a Table,
    pub(crate) scale: Scale<'a>,
    pub(crate) settings: &'a Settings,
    pub(crate) given: &'a Given,
}

/// How far the search went.
struct Progress {
    found: Found,
    /// Numbers already weighed, in rising order.
    seen: Vec<u32>,
    exchanged: OnceCell<Given>,
}

impl Search<'_> {
    pub(crate) fn run(&self) -> Found {
        let mut progress = Progress { found: Found::default(), seen: Vec::new(), exchanged: OnceCell::new() };
        self.by_identifier(&mut progress);
        if !self.settled(&progress, true) {
            self.by_name_and_birthday(&mut progress);
        }
        if !self.settled(&progress, false) {
            self.by_less(&mut progress);
        }
        if !self.settled(&progress, false) {
            self.by_exchanged_names(&mut progress);
        }
        progress.found
    }

    /// Tier 1: identifiers. Only their owners can make an identifier "somebody else's".
    fn by_identifier(&self, progress: &mut Progress) {
        let given = self.given;
        let mut batch = Vec::new();
        if let (Some(number), Some(state)) = (given.license, given.state) {
            each_license_key(state, number, &mut |key| self.table.each(key, |n| batch.push(n)));
        }
        if let Some(npi) = given.npi.and_then(|npi| npi.value) {
            self.table.each(key(Kind::Npi, u64::from(npi), 0), |n| batch.push(n));
        }
        if let Some((board, number)) = given.board {
            self.table.each(board_key(board, number), |n| batch.push(n));
        }
        self.weigh(progress, batch);
        let owned =
            |level: fn(&Scored) -> Identifier| progress.found.scored.iter().any(|s| level(s) == Identifier::Equal);
        let license_owned = given.state.is_some() && owned(|s| s.levels.license);
        let (npi_owned, board_owned) = (owned(|s| s.levels.npi), owned(|s| s.levels.board));
        progress.found.license_owned = license_owned;
        progress.found.npi_owned = npi_owned;
        progress.found.board_owned = board_owned;
        if let Some(number) = given.license
            && !self.settled(progress, true)
        {
            let mut batch = Vec::new();
            self.table.each(key(Kind::LicenseAnywhere, number.raw(), 0), |n| batch.push(n));
            self.weigh(progress, batch);
        }
    }

    /// Tier 2: last name, a part of it or a former one, and the birthday.
    fn by_name_and_birthday(&self, progress: &mut Progress) {
        let mut batch = Vec::new();
        if let Some(day) = self.given.day {
            self.last_and_day(&self.given.last, day, &mut batch);
            self.given.former.iter().for_each(|former| self.last_and_day(former, day, &mut batch));
        }
        self.weigh(progress, batch);
    }

    /// Tier 3: month and day exchanged; a last name misspelled or unknown; a birthday wrong or missing.
    fn by_less(&self, progress: &mut Progress) {
        let given = self.given;
        let mut batch = Vec::new();
        if let Some(day) = given.swapped_day {
            self.last_and_day(&given.last, day, &mut batch);
        }
        if let Some(day) = given.day
            && !given.first.is_empty()
        {
            if let Some(state) = given.state {
                self.table.each(first_birth_state(given.first.head_key, day, state), |n| batch.push(n));
            }
            self.table.each(sound_birth(given.last.sound, given.first.initial(), day), |n| batch.push(n));
        }
        self.full_name(&given.first, &given.last, &mut batch);
        for former in &given.former {
            self.full_name(&given.first, former, &mut batch);
        }
        self.weigh(progress, batch);
    }

    /// Tier 4: first and last name in each other's column.
    fn by_exchanged_names(&self, progress: &mut Progress) {
        let given = self.given;
        let mut batch = Vec::new();
        if let Some(day) = given.day {
            self.last_and_day(&given.first, day, &mut batch);
        }
        self.full_name(&given.last, &given.first, &mut batch);
        self.weigh(progress, batch);
    }

    fn last_and_day(&self, last: &GivenName, day: u16, batch: &mut Vec<u32>) {
        if last.is_empty() {
            return;
        }
        let mut look = |name: u64| self.table.each(key(Kind::LastBirth, name, u64::from(day)), |n| batch.push(n));
        look(last.key);
        if last.spaced.contains(' ') {
            bearing_tokens(&last.spaced).map(name_key).for_each(look);
        }
    }

    /// Bearers of a full name who have the state. Rosters tell of states that the registry does not know yet.
    fn full_name(&self, first: &GivenName, last: &GivenName, batch: &mut Vec<u32>) {
        if first.is_empty() || last.is_empty() {
            return;
        }
        let state = self.given.state.filter(|_| self.given.teller == Teller::Report);
        let mut look = |last: u64| {
            let key = match state {
                Some(state) => full_name_state(first.head_key, last, state),
                None => key(Kind::FullName, first.head_key, last),
            };
            self.table.each(key, |n| batch.push(n));
        };
        look(last.key);
        if last.spaced.contains(' ') {
            bearing_tokens(&last.spaced).map(name_key).for_each(look);
        }
    }

    fn weigh(&self, progress: &mut Progress, mut batch: Vec<u32>) {
        batch.sort_unstable();
        batch.dedup();
        batch.retain(|n| progress.seen.binary_search(n).is_err() && !self.records.get(*n).gone);
        for number in &batch {
            progress.found.scored.push(self.scale.score(self.given, &progress.exchanged, *number));
        }
        progress.seen.append(&mut batch);
        progress.seen.sort_unstable();
    }

    /// Whether the search may stop. After identifiers alone the names must be equal: only then can nobody else
    /// fit the name and birthday better (rules 3 and 8).
    fn settled(&self, progress: &Progress, equal: bool) -> bool {
        progress.found.scored.iter().any(|s| {
            let names = if equal { s.levels.names_equal() } else { s.levels.names_agree() && !s.levels.exchanged };
            let place = s.levels.state == State::Equal || s.levels.identifier_equal();
            names && place && s.levels.birth == Birth::Equal && s.total >= self.settings.match_at
        })
    }
}
