//! The live credit that a batch touches, held in memory while its rows are settled one by one.
//!
//! A row sees what the rows before it did, as if each had been committed alone; what must be written
//! gathers in [`Changes`]. Places in the ledger are counted from 0 here and moved to their real ones
//! when the batch is written.

use std::collections::HashMap;

use domain::credit::Kind;
use domain::{ActivityId, Amount, CompletionId, CreditId};
use jiff::civil::Date;
use store::completions::{Live, LiveCredit, NewCompletion, NewCredit, Person};

/// The key under which a completion is on record at most once (domain.md, check 5).
pub(super) type Key = (ActivityId, Person, Date);

/// What has to be written.
#[derive(Default)]
pub(super) struct Changes {
    pub completions: Vec<NewCompletion>,
    pub credits: Vec<NewCredit>,
    /// Each leaf's credit, in order of their places.
    pub leaves: Vec<PlannedLeaf>,
    /// Credits that were on record before the batch, with the place of the leaf that withdraws them.
    pub withdrawn: Vec<(CreditId, i64)>,
    pub emptied: Vec<CompletionId>,
}

/// A leaf before its hash.
#[derive(Clone, Copy)]
pub(super) enum PlannedLeaf {
    /// Of the n-th new credit.
    Report(usize),
    Withdraw {
        credit: CreditId,
        kind: Kind,
    },
}

#[derive(Default)]
pub(super) struct Book {
    live: HashMap<Key, Entry>,
    pub changes: Changes,
}

struct Entry {
    completion: CompletionId,
    /// Its place among the new completions, if this batch makes it.
    new: Option<usize>,
    credits: Vec<OnRecord>,
}

#[derive(Clone)]
struct OnRecord {
    id: CreditId,
    kind: Kind,
    amount: Amount,
    types: Vec<(String, Amount)>,
    new: Option<usize>,
}

/// A credit that a row reports or names for deletion.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub kind: Kind,
    pub amount: Amount,
    pub types: Vec<(String, Amount)>,
}

/// How a wanted credit stands to what is on record.
pub(super) enum Standing {
    Absent,
    Same,
    Differs(Amount),
}

impl Book {
    pub fn open(&mut self, activity: ActivityId, live: Vec<Live>) {
        for Live { id, person, completed_on, credits } in live {
            let on_record = |LiveCredit { id, kind, amount, types }| OnRecord { id, kind, amount, types, new: None };
            let entry = Entry { completion: id, new: None, credits: credits.into_iter().map(on_record).collect() };
            self.live.insert((activity, person, completed_on), entry);
        }
    }

    pub fn completion(&self, key: &Key) -> Option<CompletionId> {
        self.live.get(key).map(|entry| entry.completion)
    }

    pub fn standing(&self, key: &Key, wanted: &Wanted) -> Standing {
        let known = self.live.get(key).and_then(|entry| entry.credits.iter().find(|credit| credit.kind == wanted.kind));
        match known {
            None => Standing::Absent,
            Some(credit) if credit.amount == wanted.amount && same_types(&credit.types, &wanted.types) => {
                Standing::Same
            }
            Some(credit) => Standing::Differs(credit.amount),
        }
    }

    /// Kinds of credit on record under a key.
    pub fn kinds(&self, key: &Key) -> Vec<Kind> {
        self.live.get(key).map_or(vec![], |entry| entry.credits.iter().map(|credit| credit.kind).collect())
    }

    /// Adds a completion that is not on record.
    pub fn add_completion(&mut self, key: Key, completion: NewCompletion) -> CompletionId {
        let id = completion.id;
        let entry = Entry { completion: id, new: Some(self.changes.completions.len()), credits: Vec::new() };
        self.changes.completions.push(completion);
        self.live.insert(key, entry);
        id
    }

    /// Adds a credit to a completion that is on record; its leaf is planned with it.
    pub fn add_credit(&mut self, key: &Key, mut credit: NewCredit) {
        let Some(entry) = self.live.get_mut(key) else { return };
        let place = self.changes.credits.len();
        credit.leaf_index = self.changes.leaves.len() as i64;
        self.changes.leaves.push(PlannedLeaf::Report(place));
        entry.credits.push(OnRecord {
            id: credit.id,
            kind: credit.kind,
            amount: credit.amount,
            types: credit.types.clone(),
            new: Some(place),
        });
        self.changes.credits.push(credit);
    }

    /// Withdraws the credits of these kinds, and the completion once none is left.
    pub fn withdraw(&mut self, key: &Key, kinds: &[Kind], now: i64) {
        let Some(entry) = self.live.get_mut(key) else { return };
        let (gone, kept) = entry.credits.drain(..).partition(|credit| kinds.contains(&credit.kind));
        entry.credits = kept;
        let gone: Vec<OnRecord> = gone;
        for credit in gone {
            let leaf = self.changes.leaves.len() as i64;
            self.changes.leaves.push(PlannedLeaf::Withdraw { credit: credit.id, kind: credit.kind });
            match credit.new.and_then(|place| self.changes.credits.get_mut(place)) {
                Some(new) => new.withdrawn = Some((leaf, now)),
                None => self.changes.withdrawn.push((credit.id, leaf)),
            }
        }
        if entry.credits.is_empty() {
            match entry.new.and_then(|place| self.changes.completions.get_mut(place)) {
                Some(new) => new.withdrawn_at = Some(now),
                None => self.changes.emptied.push(entry.completion),
            }
            self.live.remove(key);
        }
    }
}

/// Credit types are a set: senders list them in any order.
fn same_types(a: &[(String, Amount)], b: &[(String, Amount)]) -> bool {
    a.len() == b.len() && a.iter().all(|credit_type| b.contains(credit_type))
}
