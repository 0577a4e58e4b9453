//! The index of all physicians in memory: built once, patched as the registry changes. What changed since the
//! build lies in a small open part of the key table; when that grows, it is folded in. Answers are the same
//! whether a physician was there from the start or came later.

use domain::PhysicianId;
use rayon::prelude::*;

use crate::candidates::{Found, Search};
use crate::decide;
use crate::decision::{Decision, Evidence, Explanation};
use crate::frequencies::Frequencies;
use crate::given::Given;
use crate::keys::{Kind, key};
use crate::numbers::Number;
use crate::physician::Physician;
use crate::query::Query;
use crate::records::{Records, board_key, each_license_key, id_key};
use crate::score::{Scale, Scored, prior};
use crate::settings::Settings;
use crate::table::Table;

/// Gathers physicians for an [`Index`].
#[derive(Debug)]
pub struct Builder {
    records: Records,
    frequencies: Frequencies,
    settings: Settings,
}

impl Builder {
    /// Adds one physician. Each id once: the builder does not look for an earlier one.
    pub fn push(&mut self, physician: &Physician) {
        let number = self.records.push(physician);
        self.frequencies.add(&self.records, self.records.get(number));
    }

    /// Replaces the default policy.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Builds the key table: about a second for a million physicians.
    pub fn build(self) -> Index {
        let mut index = Index {
            records: self.records,
            frequencies: self.frequencies,
            table: Table::default(),
            settings: self.settings,
            changed: 0,
            gone: 0,
        };
        index.freeze();
        index
    }
}

/// Every physician of the registry, ready to be asked for.
#[derive(Debug)]
pub struct Index {
    records: Records,
    frequencies: Frequencies,
    table: Table,
    settings: Settings,
    /// Physicians added or removed since the table was frozen, and of these, how many were removed.
    changed: usize,
    gone: usize,
}

/// Fewest changes that are worth folding in, and the share of the registry from which on they are.
const FOLD_FROM: usize = 4_096;
const FOLD_SHARE: usize = 8;

/// Queries that one thread takes at a time.
const BATCH: usize = 256;

impl Index {
    /// Starts an index; `expected` physicians only sizes the memory.
    pub fn builder(expected: usize) -> Builder {
        Builder {
            records: Records::with_capacity(expected),
            frequencies: Frequencies::new(),
            settings: Settings::default(),
        }
    }

    /// Adds a physician, or replaces the one with the same id.
    pub fn upsert(&mut self, physician: &Physician) {
        self.remove(physician.id);
        let number = self.records.push(physician);
        self.frequencies.add(&self.records, self.records.get(number));
        let (records, table) = (&self.records, &mut self.table);
        records.each_key(number, |key| table.insert(key, number));
        self.changed += 1;
        if self.changed > FOLD_FROM.max(self.len() / FOLD_SHARE) {
            self.compact();
        }
    }

    /// Takes a physician out; one that is not there is left alone.
    pub fn remove(&mut self, id: PhysicianId) {
        let Some(number) = self.number_of(id) else { return };
        self.frequencies.remove(&self.records, self.records.get(number));
        self.records.mark_gone(number);
        self.gone += 1;
        self.changed += 1;
    }

    /// Folds all changes into the frozen table. [`Index::upsert`] does so by itself when many have gathered.
    pub fn compact(&mut self) {
        let records = std::mem::replace(&mut self.records, Records::with_capacity(0));
        self.records = records.without_gone();
        self.freeze();
    }

    fn freeze(&mut self) {
        // the old table goes before the new one comes
        self.table = Table::default();
        self.records.shrink();
        let records = &self.records;
        self.table = Table::freeze(|each| records.numbers().for_each(|n| records.each_key(n, |key| each(key, n))));
        self.changed = 0;
        self.gone = 0;
    }

    /// Physicians in the index.
    pub fn len(&self) -> usize {
        self.frequencies.people() as usize
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Memory held, in bytes.
    pub fn bytes(&self) -> usize {
        self.records.bytes() + self.table.bytes() + self.frequencies.bytes()
    }

    /// Whether the id is in the index.
    pub fn contains(&self, id: PhysicianId) -> bool {
        self.number_of(id).is_some()
    }

    /// Answers one query by the index's own policy.
    pub fn decide(&self, query: &Query) -> Decision {
        self.decide_with(query, &self.settings)
    }

    /// Answers one query by another policy: a provider's whose files are poor.
    pub fn decide_with(&self, query: &Query, settings: &Settings) -> Decision {
        let given = self.read(query);
        self.answer(&given, &self.search(&given, settings), settings)
    }

    /// Answers many queries on all cores, in their order.
    pub fn decide_all(&self, queries: &[Query]) -> Vec<Decision> {
        queries.par_iter().with_min_len(BATCH).map(|query| self.decide(query)).collect()
    }

    /// A decision with the candidates' weights. For staff only: it names physicians.
    pub fn explain(&self, query: &Query) -> Explanation {
        let given = self.read(query);
        let mut found = self.search(&given, &self.settings);
        let decision = self.answer(&given, &found, &self.settings);
        found.scored.sort_by(|a, b| b.total.total_cmp(&a.total).then(a.id.cmp(&b.id)));
        let evidence = |s: &Scored| Evidence { physician: s.id, weight: s.total, parts: s.weights.parts(&s.levels) };
        Explanation {
            decision,
            prior: self.prior(&self.settings),
            candidates: found.scored.iter().map(evidence).collect(),
        }
    }

    fn read(&self, query: &Query) -> Given {
        let owners = |state, number| {
            let mut owners = 0;
            each_license_key(state, number, &mut |key| owners += self.count(key));
            owners
        };
        Given::read(query, &self.records.names, owners)
    }

    fn search(&self, given: &Given, settings: &Settings) -> Found {
        let license_anywhere = |number: Number| self.count(key(Kind::LicenseAnywhere, number.raw(), 0));
        let bearers = |first, last| self.count(key(Kind::FullName, first, last));
        let scale = Scale {
            records: &self.records,
            frequencies: &self.frequencies,
            prior: self.prior(settings),
            bearers: &bearers,
            license_anywhere: &license_anywhere,
            license_owners: given.license_owners,
            board_owners: given.board.map_or(0, |(board, number)| self.count(board_key(board, number))),
        };
        Search { records: &self.records, table: &self.table, scale, settings, given }.run()
    }

    fn answer(&self, given: &Given, found: &Found, settings: &Settings) -> Decision {
        decide::decide(found, given, settings, |best| {
            let names = &self.records.names;
            let record = self.records.get(best.number);
            let first = names.entry(names.entry(record.first).head).key;
            self.count(key(Kind::FullName, first, names.entry(record.last).key))
        })
    }

    fn prior(&self, settings: &Settings) -> f64 {
        prior(&self.frequencies, settings.unregistered)
    }

    /// Physicians under a key.
    fn count(&self, key: u64) -> u32 {
        let mut count = 0;
        // to look whether somebody is gone costs a walk through memory for each
        if self.gone == 0 {
            self.table.each(key, |_| count += 1);
        } else {
            self.table.each(key, |n| count += u32::from(!self.records.get(n).gone));
        }
        count
    }

    fn number_of(&self, id: PhysicianId) -> Option<u32> {
        let mut number = None;
        self.table.each(id_key(id), |n| {
            if self.records.id(n) == id && !self.records.get(n).gone {
                number = Some(n);
            }
        });
        number
    }
}
