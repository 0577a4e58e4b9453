//! The live credit that a batch touches, held in memory while its rows are settled one by one.
//!
//! A row sees what the rows before it did, as if each had been committed alone; what must be written
//! gathers in [`Changes`]. Places in the ledger are counted from 0 here and moved to their real ones
//! when the batch is written. CME credit that was derived from points is on record and yet not reported: it is
//! in nobody's way, and goes with what it was derived from.

use std::collections::HashMap;

use domain::credit::{Kind, Part};
use domain::{ActivityId, Amount, CompletionId, CreditId};
use jiff::civil::Date;
use store::completions::{Live, LiveCredit, NewCompletion, NewCredit, Person};

/// The key under which a completion is on record at most once (domain.md, check 5).
pub(crate) type Key = (ActivityId, Person, Date);

/// What has to be written.
#[derive(Default)]
pub(crate) struct Changes {
    pub completions: Vec<NewCompletion>,
    pub credits: Vec<NewCredit>,
    /// Each leaf's credit, in order of their places.
    pub leaves: Vec<PlannedLeaf>,
    /// Credits that were on record before the batch, with the place of the leaf that withdraws them.
    pub withdrawn: Vec<(CreditId, i64)>,
    pub emptied: Vec<CompletionId>,
    /// Senders' own IDs of completions, beside those that stand in new ones.
    pub further_ids: Vec<(CompletionId, String)>,
}

/// A leaf before its hash.
#[derive(Clone, Copy)]
pub(crate) enum PlannedLeaf {
    /// Of the n-th new credit.
    Report(usize),
    Withdraw {
        credit: CreditId,
        kind: Kind,
    },
}

#[derive(Default)]
pub(crate) struct Book {
    live: HashMap<Key, Entry>,
    pub changes: Changes,
}

struct Entry {
    completion: CompletionId,
    /// Its place among the new completions, if this batch makes it.
    new: Option<usize>,
    credits: Vec<OnRecord>,
}

/// A credit of a completion as it stands after the rows so far.
#[derive(Debug, Clone)]
pub(crate) struct OnRecord {
    pub id: CreditId,
    pub kind: Kind,
    pub part: Part,
    pub amount: Amount,
    pub types: Vec<(String, Amount)>,
    pub derived_from: Option<CreditId>,
    new: Option<usize>,
}

/// A credit that a row reports or names for deletion.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub kind: Kind,
    pub part: Part,
    pub amount: Amount,
    pub types: Vec<(String, Amount)>,
    /// The learner's ID with the board; it is kept and never compared.
    pub diplomate_id: String,
}

impl Wanted {
    /// Nothing but its kind.
    pub fn plain(kind: Kind) -> Self {
        Self { kind, part: Part::Whole, amount: Amount::ZERO, types: Vec::new(), diplomate_id: String::new() }
    }
}

/// How a wanted credit stands to what is on record.
pub(crate) enum Standing {
    Absent,
    Same(CreditId),
    /// What is on record instead.
    Differs(Amount),
}

impl Book {
    pub fn open(&mut self, activity: ActivityId, live: Vec<Live>) {
        for Live { id, person, completed_on, credits } in live {
            let credits = credits.into_iter().map(OnRecord::of).collect();
            self.live.insert((activity, person, completed_on), Entry { completion: id, new: None, credits });
        }
    }

    pub fn completion(&self, key: &Key) -> Option<CompletionId> {
        self.live.get(key).map(|entry| entry.completion)
    }

    /// Notes a sender's own ID of a completion, unless it is the one that the new completion bears.
    pub fn name(&mut self, completion: CompletionId, id: &str) {
        let is_borne = self.changes.completions.iter().rev().any(|new| new.id == completion && new.submission_id == id);
        if !is_borne {
            self.changes.further_ids.push((completion, id.to_owned()));
        }
    }

    /// All credit on record under a key.
    pub fn credits(&self, key: &Key) -> &[OnRecord] {
        self.live.get(key).map_or(&[], |entry| &entry.credits)
    }

    /// What somebody reported under a key.
    pub fn reported(&self, key: &Key) -> impl Iterator<Item = &OnRecord> {
        self.credits(key).iter().filter(|credit| credit.derived_from.is_none())
    }

    pub fn standing(&self, key: &Key, wanted: &Wanted) -> Standing {
        let of_kind = || self.reported(key).filter(|credit| credit.kind == wanted.kind);
        let same = |credit: &&OnRecord| credit.amount == wanted.amount && same_types(&credit.types, &wanted.types);
        if let Some(credit) = of_kind().find(same) {
            return Standing::Same(credit.id);
        }
        let mut in_the_way = of_kind().filter(|credit| !credit.part.goes_with(wanted.part)).peekable();
        match in_the_way.peek() {
            None => Standing::Absent,
            Some(_) => Standing::Differs(in_the_way.map(|credit| credit.amount).sum()),
        }
    }

    /// The CME credit that the points under a key still have to become, and the credit that it follows from: of
    /// several boards' points the largest, and nothing where CME credit was reported.
    pub fn due(&self, key: &Key) -> Option<(CreditId, Amount)> {
        if self.reported(key).any(|credit| credit.kind == Kind::Cme) {
            return None;
        }
        let mut sums: Vec<(Kind, CreditId, Amount)> = Vec::new();
        for credit in self.reported(key).filter(|credit| credit.kind.board().is_some()) {
            match sums.iter_mut().find(|(kind, ..)| *kind == credit.kind) {
                Some((.., sum)) => *sum = *sum + credit.amount,
                None => sums.push((credit.kind, credit.id, credit.amount)),
            }
        }
        let (_, origin, amount) = sums.into_iter().reduce(|most, next| if next.2 > most.2 { next } else { most })?;
        let is_there = self.credits(key).iter().any(|credit| credit.derived_from.is_some() && credit.amount == amount);
        (!is_there).then_some((origin, amount))
    }

    /// Adds a completion that is not on record.
    pub fn add_completion(&mut self, key: Key, completion: NewCompletion) -> CompletionId {
        let id = completion.id;
        let entry = Entry { completion: id, new: Some(self.changes.completions.len()), credits: Vec::new() };
        self.changes.completions.push(completion);
        self.live.insert(key, entry);
        id
    }

    /// Adds a credit to a completion that is on record; its leaf is planned with it. CME credit takes the place of
    /// what was derived.
    pub fn add_credit(&mut self, key: &Key, mut credit: NewCredit) {
        if credit.kind == Kind::Cme {
            self.withdraw_derived(key, credit.reported_at);
        }
        let Some(entry) = self.live.get_mut(key) else { return };
        let place = self.changes.credits.len();
        credit.leaf_index = self.changes.leaves.len() as i64;
        self.changes.leaves.push(PlannedLeaf::Report(place));
        entry.credits.push(OnRecord {
            id: credit.id,
            kind: credit.kind,
            part: credit.part,
            amount: credit.amount,
            types: credit.types.clone(),
            derived_from: credit.derived_from,
            new: Some(place),
        });
        self.changes.credits.push(credit);
    }

    /// Withdraws these credits with what was derived from their boards' points, and the completion once nothing
    /// is left.
    pub fn withdraw(&mut self, key: &Key, credits: &[CreditId], now: i64) {
        let known = self.credits(key);
        let kind_of = |id: CreditId| known.iter().find(|credit| credit.id == id).map(|credit| credit.kind);
        let kinds: Vec<Kind> = credits.iter().filter_map(|id| kind_of(*id)).collect();
        let follows = |credit: &OnRecord| {
            let origin = credit.derived_from.and_then(kind_of);
            origin.is_some_and(|origin| kinds.contains(&origin))
        };
        let gone = known.iter().filter(|credit| credits.contains(&credit.id) || follows(credit));
        let gone: Vec<CreditId> = gone.map(|credit| credit.id).collect();
        self.take_out(key, &gone, now);
        let Some(entry) = self.live.get(key).filter(|entry| entry.credits.is_empty()) else { return };
        match entry.new.and_then(|place| self.changes.completions.get_mut(place)) {
            Some(new) => new.withdrawn_at = Some(now),
            None => self.changes.emptied.push(entry.completion),
        }
        self.live.remove(key);
    }

    /// Withdraws the CME credit that was derived, if there is any.
    pub fn withdraw_derived(&mut self, key: &Key, now: i64) {
        let derived = self.credits(key).iter().filter(|credit| credit.derived_from.is_some());
        let derived: Vec<CreditId> = derived.map(|credit| credit.id).collect();
        self.take_out(key, &derived, now);
    }

    fn take_out(&mut self, key: &Key, credits: &[CreditId], now: i64) {
        let Some(entry) = self.live.get_mut(key) else { return };
        for credit in entry.credits.extract_if(.., |credit| credits.contains(&credit.id)) {
            let leaf = self.changes.leaves.len() as i64;
            self.changes.leaves.push(PlannedLeaf::Withdraw { credit: credit.id, kind: credit.kind });
            match credit.new.and_then(|place| self.changes.credits.get_mut(place)) {
                Some(new) => new.withdrawn = Some((leaf, now)),
                None => self.changes.withdrawn.push((credit.id, leaf)),
            }
        }
    }
}

impl OnRecord {
    fn of(live: LiveCredit) -> Self {
        let LiveCredit { id, kind, part, amount, types, derived_from } = live;
        Self { id, kind, part, amount, types, derived_from, new: None }
    }
}

/// Credit types are a set: senders list them in any order.
fn same_types(a: &[(String, Amount)], b: &[(String, Amount)]) -> bool {
    a.len() == b.len() && a.iter().all(|credit_type| b.contains(credit_type))
}
