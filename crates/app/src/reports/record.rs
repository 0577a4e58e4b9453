//! Check 5 and the facts: what is on record already, and what the batch adds or withdraws.
//!
//! All of it happens in the caller's transaction, after the ledger's lock is taken: recorders stand
//! in one line, so what was looked up stays true until commit.

use std::collections::{HashMap, HashSet};

use domain::access::ProviderScope;
use domain::credit::{CreditStatus, Kind};
use domain::report::{Action, LearnerReport};
use domain::upload::RowResult;
use domain::{ActivityId, CompletionId, CreditId, Field, PhysicianId, Problem, UploadId};
use domain::{Code, check};
use ledger::Hash;
use store::completions::{self, NewCompletion, NewCredit, Person};
use store::counters::{self, Counter};
use store::events::{self, EventKind, NewEvent};
use store::ledger::{Leaf, LedgerEvent};
use store::{ReadTx, WriteTx};

use super::book::{Book, Changes, Key, PlannedLeaf, Standing, Wanted};
use super::judge::Judged;
use super::leaf;
use crate::{App, Error, Result};

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub result: RowResult,
    pub completion: Option<CompletionId>,
    /// Why it was refused: all problems of all checks.
    pub problems: Vec<Problem>,
}

/// Settles the rows of one upload in order. Returns one answer for each. `Stale`: an activity has
/// changed since it was judged by, or records of physicians were merged or split, so the rows must be
/// judged again.
pub async fn record(
    app: &App,
    tx: &mut WriteTx,
    scope: &ProviderScope,
    upload: UploadId,
    rows: &[(i64, &Judged)],
) -> Result<Vec<Recorded>> {
    counters::take(tx, Counter::LedgerLeaf, 0).await?;
    must_be_current(tx, scope, rows).await?;
    let mut book = Book::default();
    for (activity, people) in people_of(rows) {
        book.open(activity, completions::live(tx, scope, activity, &people).await?);
    }
    let reference = app.reference.get();
    let batch = Batch { app, scope, upload, now: app.clock.now() };
    let mut recorded = Vec::with_capacity(rows.len());
    for (number, judged) in rows {
        let taken_once = |kind: Kind| match (kind.board(), &judged.activity) {
            (Some(board), Some(activity)) => check::takes_one_per_date(board, activity, &reference),
            _ => false,
        };
        recorded.push(batch.settle(&mut book, *number, judged, taken_once));
    }
    batch.write(tx, book.changes, &keys_of(rows)).await?;
    Ok(recorded)
}

/// The commitment keys that judging has read ahead.
fn keys_of(rows: &[(i64, &Judged)]) -> Keys {
    let key = |judged: &Judged| match judged.person {
        Some(Person::Physician(physician)) => Some((physician, judged.ledger_key?)),
        _ => None,
    };
    rows.iter().filter_map(|(_, judged)| key(judged)).collect()
}

type Keys = HashMap<PhysicianId, [u8; 32]>;

async fn must_be_current(tx: &mut ReadTx, scope: &ProviderScope, rows: &[(i64, &Judged)]) -> Result<()> {
    let judged: HashMap<ActivityId, i64> =
        rows.iter().filter_map(|(_, judged)| Some((judged.activity.as_ref()?.id, judged.version))).collect();
    let ids: Vec<ActivityId> = judged.keys().copied().collect();
    let current = store::activities::versions(tx, scope, &ids).await?;
    // whoever merges holds the ledger's lock too, so this stays true until commit
    let identity_changes = counters::taken(tx, Counter::IdentityChange).await?;
    let is_current = judged.iter().all(|(id, version)| current.get(id) == Some(version))
        && rows.iter().all(|(_, judged)| judged.identity_changes == identity_changes);
    if is_current { Ok(()) } else { Err(Error::Stale) }
}

/// The people of good rows, by activity.
fn people_of(rows: &[(i64, &Judged)]) -> HashMap<ActivityId, Vec<Person>> {
    let mut people: HashMap<ActivityId, Vec<Person>> = HashMap::new();
    for (_, judged) in rows {
        if let (Some(activity), Some(person)) = (judged.report.activity, &judged.person) {
            people.entry(activity).or_default().push(person.clone());
        }
    }
    people
}

struct Batch<'a> {
    app: &'a App,
    scope: &'a ProviderScope,
    upload: UploadId,
    now: i64,
}

fn refused(problems: Vec<Problem>) -> Recorded {
    Recorded { result: RowResult::Refused, completion: None, problems }
}

impl Batch<'_> {
    fn settle(&self, book: &mut Book, number: i64, judged: &Judged, taken_once: impl Fn(Kind) -> bool) -> Recorded {
        let report = &judged.report;
        if !report.problems.is_empty() {
            return refused(report.problems.clone());
        }
        let (Some(action), Some(activity), Some(day), Some(person)) =
            (report.action, report.activity, report.completed_on, &judged.person)
        else {
            // every check passed, so a missing part is a fault of ours: refuse rather than guess
            return refused(vec![Problem::row(Code::IdentityNotFound)]);
        };
        let key = (activity, person.clone(), day);
        match action {
            Action::Add => self.add(book, number, report, key, taken_once),
            Action::Delete => self.delete(book, report, &key),
        }
    }

    fn add(
        &self,
        book: &mut Book,
        number: i64,
        report: &LearnerReport,
        key: Key,
        taken_once: impl Fn(Kind) -> bool,
    ) -> Recorded {
        let mut problems = Vec::new();
        let mut missing = Vec::new();
        for wanted in wanted(report) {
            match book.standing(&key, &wanted) {
                Standing::Same => {}
                Standing::Absent => missing.push(wanted),
                Standing::Differs(_) if taken_once(wanted.kind) => {
                    let board = wanted.kind.key().to_owned();
                    problems.push(Problem::field(Code::BoardOncePerDate, Field::Board).given(board));
                }
                Standing::Differs(amount) => {
                    let differs = Problem::field(Code::CreditDiffers, amount_field(wanted.kind));
                    problems.push(differs.given(wanted.amount.to_string()).fact(amount.to_string()));
                }
            }
        }
        if !problems.is_empty() {
            return refused(problems);
        }
        let known = book.completion(&key);
        if missing.is_empty() {
            return Recorded { result: RowResult::AlreadyReported, completion: known, problems };
        }
        let completion = match known {
            Some(completion) => completion,
            None => book.add_completion(key.clone(), self.completion(number, report, &key)),
        };
        for wanted in missing {
            book.add_credit(&key, self.credit(completion, wanted));
        }
        Recorded { result: RowResult::Accepted, completion: Some(completion), problems }
    }

    /// A delete that names credits withdraws those, and must agree with them; one that names none
    /// withdraws the whole completion.
    fn delete(&self, book: &mut Book, report: &LearnerReport, key: &Key) -> Recorded {
        let Some(completion) = book.completion(key) else {
            return refused(vec![Problem::row(Code::DeleteNotFound)]);
        };
        let wanted = wanted(report);
        let agree = wanted.iter().all(|wanted| match book.standing(key, wanted) {
            Standing::Same => true,
            // a delete may leave out the credit types
            Standing::Differs(amount) => wanted.types.is_empty() && amount == wanted.amount,
            Standing::Absent => false,
        });
        if !agree {
            return refused(vec![Problem::row(Code::DeleteNotFound)]);
        }
        let mut kinds: Vec<Kind> = wanted.iter().map(|wanted| wanted.kind).collect();
        // a board named without points means whatever that board has on record
        let named = report.moc.as_ref().map(|moc| Kind::Moc(moc.board));
        kinds.extend(named.filter(|kind| !kinds.contains(kind)));
        let live = book.kinds(key);
        if kinds.is_empty() {
            kinds = live;
        } else if !kinds.iter().all(|kind| live.contains(kind)) {
            return refused(vec![Problem::row(Code::DeleteNotFound)]);
        }
        book.withdraw(key, &kinds, self.now);
        Recorded { result: RowResult::Deleted, completion: Some(completion), problems: Vec::new() }
    }

    fn completion(&self, number: i64, report: &LearnerReport, key: &Key) -> NewCompletion {
        let (activity, person, completed_on) = key;
        let learner = &report.learner;
        let (physician, learner_identifier, person_key) = match person {
            Person::Physician(id) => (Some(*id), learner.identifier.clone().unwrap_or_default(), None),
            Person::Rems(local_id) => (None, local_id.clone(), Some(self.app.chance.bytes())),
        };
        NewCompletion {
            id: CompletionId::new(self.app.chance.id(self.now)),
            activity: *activity,
            provider: self.scope.provider(),
            physician,
            reported_physician: physician,
            completed_on: *completed_on,
            first_name: learner.first.clone(),
            last_name: learner.last.clone(),
            birth: learner.birth,
            learner_identifier,
            rems: report.rems.clone(),
            person_key,
            submission_id: report.submission_id.clone().unwrap_or_default(),
            upload: self.upload,
            row_number: number,
            reported_at: self.now,
            withdrawn_at: None,
        }
    }

    fn credit(&self, completion: CompletionId, wanted: Wanted) -> NewCredit {
        let status = match wanted.kind {
            Kind::Moc(_) => CreditStatus::Pending,
            Kind::Cme | Kind::Rems => CreditStatus::Accepted,
        };
        NewCredit {
            id: CreditId::new(self.app.chance.id(self.now)),
            completion,
            kind: wanted.kind,
            amount: wanted.amount,
            types: wanted.types,
            status,
            derived_from: None,
            reported_at: self.now,
            leaf_index: 0,
            withdrawn: None,
        }
    }

    async fn write(&self, tx: &mut WriteTx, mut changes: Changes, keys: &Keys) -> Result<()> {
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
        store::ledger::append(tx, &leaves).await?;
        events::append(tx, &self.events(&changes)).await?;
        Ok(())
    }

    /// The commitment of every completion that gets a new credit.
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
            facts.insert(completion.id, Facts { moved_to, ..Facts::of(completion, &key) });
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
        let planned = changes.leaves.iter().filter_map(|leaf| match *leaf {
            PlannedLeaf::Report(place) => {
                let credit = &changes.credits[place];
                Some((EventKind::CreditReported, credit.id, credit.kind.board()?))
            }
            PlannedLeaf::Withdraw { credit, kind } => Some((EventKind::CreditWithdrawn, credit, kind.board()?)),
        });
        let event = |(kind, credit, board)| NewEvent {
            kind,
            at: self.now,
            provider: self.scope.provider(),
            board: Some(board),
            credit: Some(credit),
            upload: Some(self.upload),
        };
        planned.map(event).collect()
    }
}

/// What a leaf needs of a completion.
struct Facts {
    completion: NewCompletion,
    person: Hash,
    /// Who holds it, if that is not whom it was reported for: new credit must follow, with a leaf that
    /// says so.
    moved_to: Option<(PhysicianId, [u8; 32])>,
}

/// Where a credit goes at once, because its completion has moved.
fn moved_to(people: &HashMap<CompletionId, Facts>, credit: &NewCredit) -> Option<(PhysicianId, [u8; 32])> {
    people.get(&credit.completion).and_then(|facts| facts.moved_to)
}

impl Facts {
    fn of(completion: &NewCompletion, key: &[u8; 32]) -> Self {
        let birth = completion.birth.map(|day| day.to_string()).unwrap_or_default();
        let person = leaf::Person {
            physician: completion.reported_physician,
            first_name: &completion.first_name,
            last_name: &completion.last_name,
            birth: &birth,
            learner_identifier: &completion.learner_identifier,
            rems: completion.rems.as_ref(),
        };
        Self { person: leaf::person(key, person), completion: completion.clone(), moved_to: None }
    }

    fn leaf(&self, credit: &NewCredit) -> [u8; 32] {
        leaf::reported(&leaf::ReportedCredit {
            credit: credit.id,
            completion: credit.completion,
            provider: self.completion.provider,
            activity: self.completion.activity,
            completed_on: self.completion.completed_on,
            kind: credit.kind,
            amount: credit.amount,
            types: &credit.types,
            derived_from: credit.derived_from,
            reported_at: credit.reported_at,
            completion_reported_at: self.completion.reported_at,
            submission_id: &self.completion.submission_id,
            upload: self.completion.upload,
            row_number: self.completion.row_number,
            person: &self.person,
        })
    }
}

/// The credits that a report names.
fn wanted(report: &LearnerReport) -> Vec<Wanted> {
    let mut list = Vec::new();
    if let Some(amount) = report.cme {
        list.push(Wanted { kind: Kind::Cme, amount, types: Vec::new() });
    }
    if let Some(moc) = &report.moc
        && let Some(amount) = moc.total
    {
        list.push(Wanted { kind: Kind::Moc(moc.board), amount, types: moc.types.clone() });
    }
    if report.rems.is_some() {
        list.push(Wanted { kind: Kind::Rems, amount: domain::Amount::ZERO, types: Vec::new() });
    }
    list
}

fn amount_field(kind: Kind) -> Field {
    match kind {
        Kind::Cme => Field::CmeCredits,
        Kind::Moc(_) => Field::BoardCredits,
        Kind::Rems => Field::RemsLocalId,
    }
}
