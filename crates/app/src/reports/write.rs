//! What a batch adds and withdraws, put into the tables: facts, their leaves, and events for boards.
//!
//! The caller holds the ledger's lock. Places in the ledger, counted from 0 until here, become real ones.

use std::collections::{HashMap, HashSet};

use domain::access::ProviderScope;
use domain::credit::Kind;
use domain::{CompletionId, CreditId, PhysicianId, UploadId};
use store::completions::{self, NewCompletion, NewCredit};
use store::counters::{self, Counter};
use store::events::{self, EventKind, NewEvent};
use store::ledger::{Leaf, LedgerEvent};
use store::{ReadTx, WriteTx};

use super::book::{Changes, PlannedLeaf};
use super::leaf;
use crate::Result;

/// The commitment keys of physicians.
pub(crate) type Keys = HashMap<PhysicianId, [u8; 32]>;

/// Whose changes they are and when they happen.
pub(crate) struct Writing<'a> {
    pub scope: &'a ProviderScope,
    /// What brought them; nothing for what the system itself derives.
    pub upload: Option<UploadId>,
    pub now: i64,
}

impl Writing<'_> {
    /// Writes everything. `keys` has the key of each physician whom the changes are about.
    pub async fn write(&self, tx: &mut WriteTx, mut changes: Changes, keys: &Keys) -> Result<()> {
        if changes.leaves.is_empty() {
            return Ok(());
        }
        let people = self.people(tx, &changes, keys).await?;
        let moved = changes.credits.iter().filter(|credit| moved_to(&people, credit).is_some()).count();
        let first = counters::take(tx, Counter::LedgerLeaf, (changes.leaves.len() + moved) as i64).await?;
        for credit in &mut changes.credits {
            credit.leaf_index += first;
            credit.withdrawn = credit.withdrawn.map(|(leaf, at)| (leaf + first, at));
        }
        let withdrawn: Vec<(CreditId, i64)> =
            changes.withdrawn.iter().map(|(credit, leaf)| (*credit, leaf + first)).collect();
        completions::withdraw_credits(tx, &withdrawn, self.now).await?;
        for completion in &changes.emptied {
            completions::withdraw(tx, *completion, self.now).await?;
        }
        let leaves = self.leaves(&changes, &people, first)?;
        completions::insert(tx, self.scope, &changes.completions, &changes.credits).await?;
        store::submissions::insert_further(tx, self.scope, &changes.further_ids).await?;
        store::ledger::append(tx, &leaves).await?;
        events::append(tx, &self.events(&changes)).await?;
        Ok(())
    }

    /// The facts of every completion that gets a new credit.
    async fn people(&self, tx: &mut ReadTx, changes: &Changes, keys: &Keys) -> Result<HashMap<CompletionId, Facts>> {
        let new: HashSet<CompletionId> = changes.completions.iter().map(|completion| completion.id).collect();
        let others: Vec<CompletionId> =
            changes.credits.iter().map(|credit| credit.completion).filter(|id| !new.contains(id)).collect();
        let others = completions::find_many(tx, self.scope, &others).await?;
        // a completion that moved was reported for somebody else than the row's physician
        let moved: Vec<PhysicianId> = others
            .iter()
            .filter(|completion| completion.physician != completion.reported_physician)
            .flat_map(|completion| completion.reported_physician.into_iter().chain(completion.physician))
            .collect();
        let moved = completions::person_keys(tx, &moved).await?;
        let mut facts = HashMap::new();
        for completion in changes.completions.iter().chain(&others) {
            let key_of = |physician| keys.get(&physician).or_else(|| moved.get(&physician)).copied();
            let key = completion.reported_physician.map_or(completion.person_key, key_of);
            let key = key.ok_or_else(|| store::Error::corrupt("completion", "person_key", completion.id))?;
            let holder = completion.physician.filter(|_| completion.physician != completion.reported_physician);
            let moved_to = holder.and_then(|holder| Some((holder, key_of(holder)?)));
            facts.insert(completion.id, Facts { completion: completion.clone(), key, moved_to });
        }
        Ok(facts)
    }

    fn leaves(&self, changes: &Changes, people: &HashMap<CompletionId, Facts>, first: i64) -> Result<Vec<Leaf>> {
        let mut leaves = Vec::with_capacity(changes.leaves.len());
        for (index, planned) in (first..).zip(&changes.leaves) {
            let (hash, event, credit) = match *planned {
                PlannedLeaf::Withdraw { credit, .. } => {
                    (leaf::withdrawn(credit, self.now), LedgerEvent::Withdraw, credit)
                }
                PlannedLeaf::Report(place) => {
                    let credit = &changes.credits[place];
                    let facts = people
                        .get(&credit.completion)
                        .ok_or_else(|| store::Error::corrupt("credit", "completion_id", credit.id))?;
                    (facts.leaf(credit), LedgerEvent::Report, credit.id)
                }
            };
            leaves.push(Leaf { index, hash, event, credit, at: self.now });
        }
        let next = first + changes.leaves.len() as i64;
        let moved = changes.credits.iter().filter_map(|credit| Some((credit.id, moved_to(people, credit)?)));
        for (index, (credit, (holder, key))) in (next..).zip(moved) {
            let hash = leaf::relinked(credit, &leaf::holder(&key, holder, credit), self.now);
            leaves.push(Leaf { index, hash, event: LedgerEvent::Relink { holder }, credit, at: self.now });
        }
        Ok(leaves)
    }

    /// Certifying boards hear of their credit, and of its withdrawal.
    fn events(&self, changes: &Changes) -> Vec<NewEvent> {
        let told = changes.leaves.iter().map(|leaf| match *leaf {
            PlannedLeaf::Report(place) => {
                let credit = &changes.credits[place];
                (EventKind::CreditReported, credit.id, credit.kind)
            }
            PlannedLeaf::Withdraw { credit, kind } => (EventKind::CreditWithdrawn, credit, kind),
        });
        let event = |(kind, credit, of): (EventKind, CreditId, Kind)| {
            let board = Some(of.board()?);
            let (at, provider) = (self.now, self.scope.provider());
            Some(NewEvent { kind, at, provider, board, credit: Some(credit), upload: self.upload })
        };
        told.filter_map(event).collect()
    }
}

/// What a leaf needs of a completion.
struct Facts {
    completion: NewCompletion,
    /// The commitment key of whom it was reported for.
    key: [u8; 32],
    /// Who holds it, if that is not whom it was reported for: new credit must follow, with a leaf that
    /// says so.
    moved_to: Option<(PhysicianId, [u8; 32])>,
}

/// Where a credit goes at once, because its completion has moved.
fn moved_to(people: &HashMap<CompletionId, Facts>, credit: &NewCredit) -> Option<(PhysicianId, [u8; 32])> {
    people.get(&credit.completion).and_then(|facts| facts.moved_to)
}

impl Facts {
    fn leaf(&self, credit: &NewCredit) -> [u8; 32] {
        let completion = &self.completion;
        let birth = completion.birth.map(|day| day.to_string()).unwrap_or_default();
        let person = leaf::Person {
            physician: completion.reported_physician,
            first_name: &completion.first_name,
            last_name: &completion.last_name,
            birth: &birth,
            state: completion.state.as_ref().map(|state| state.code()).unwrap_or_default(),
            learner_identifier: &completion.learner_identifier,
            diplomate_id: &credit.diplomate_id,
            rems: completion.rems.as_ref(),
        };
        leaf::reported(&leaf::ReportedCredit {
            credit: credit.id,
            completion: credit.completion,
            provider: completion.provider,
            activity: completion.activity,
            completed_on: completion.completed_on,
            kind: credit.kind,
            amount: credit.amount,
            types: &credit.types,
            derived_from: credit.derived_from,
            reported_at: credit.reported_at,
            completion_reported_at: completion.reported_at,
            submission_id: &completion.submission_id,
            upload: completion.upload,
            row_number: completion.row_number,
            person: &leaf::person(&self.key, person),
        })
    }
}
