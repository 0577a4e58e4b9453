//! Check 5: what is on record already, and what the batch adds or withdraws.
//!
//! All of it happens in the caller's transaction, after the ledger's lock is taken: recorders stand
//! in one line, so what was looked up stays true until commit.

use std::collections::HashMap;
use std::sync::Arc;

use domain::access::ProviderScope;
use domain::activity::Activity;
use domain::credit::{CreditStatus, Kind, Part};
use domain::pairing::{self, Record};
use domain::reference::{BoardRules, Reference};
use domain::report::{Action, LearnerReport};
use domain::upload::RowResult;
use domain::{ActivityId, Board, Code, CompletionId, CreditId, Field, Problem, UploadId};
use store::completions::{self, NewCompletion, NewCredit, Person};
use store::counters::{self, Counter};
use store::{ReadTx, WriteTx};

use super::book::{Book, Key, Standing, Wanted};
use super::judge::Judged;
use super::repeated::Repeated;
use super::write::{Keys, Writing};
use crate::{App, Error, Result, providers};

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub result: RowResult,
    pub completion: Option<CompletionId>,
    /// Why it was refused: all problems of all checks.
    pub problems: Vec<Problem>,
}

/// Settles the rows of one upload in order. Returns one answer for each: all are refused if the provider may not submit
/// any more, so that an upload that is running stops taking rows. `Stale`: an activity has
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
    if !providers::is_in_good_standing(app, tx, scope).await? {
        return Ok(rows.iter().map(|(_, judged)| refused_by_standing(judged)).collect());
    }
    must_be_current(tx, scope, rows).await?;
    let mut book = Book::default();
    for (activity, people) in people_of(rows) {
        book.open(activity, completions::live(tx, scope, activity, &people).await?);
    }
    let now = app.clock.now();
    let batch = Batch { app, scope, upload, now, reference: app.reference.get() };
    let mut repeated = Repeated::find(tx, scope, rows).await?;
    let mut recorded = Vec::with_capacity(rows.len());
    for (number, judged) in rows {
        recorded.push(repeated.around(&mut book, judged, |book| batch.settle(book, *number, judged)));
    }
    Writing { scope, upload: Some(upload), now }.write(tx, book.changes, &keys_of(rows)).await?;
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
    reference: Arc<Reference>,
}

/// A good row: its report, what it is about, and the key under which that is on record.
struct Row<'a> {
    number: i64,
    report: &'a LearnerReport,
    activity: &'a Activity,
    key: Key,
}

fn refused(problems: Vec<Problem>) -> Recorded {
    Recorded { result: RowResult::Refused, completion: None, problems }
}

/// What else is wrong with the row is told beside it.
fn refused_by_standing(judged: &Judged) -> Recorded {
    let mut problems = judged.report.problems.clone();
    problems.push(Problem::row(Code::ProviderMayNotSubmit));
    refused(problems)
}

impl Batch<'_> {
    fn settle(&self, book: &mut Book, number: i64, judged: &Judged) -> Recorded {
        let report = &judged.report;
        if !report.problems.is_empty() {
            return refused(report.problems.clone());
        }
        let (Some(action), Some(activity), Some(day), Some(person)) =
            (report.action, &judged.activity, report.completed_on, &judged.person)
        else {
            // every check passed, so a missing part is a fault of ours: refuse rather than guess
            return refused(vec![Problem::row(Code::IdentityNotFound)]);
        };
        let row = Row { number, report, activity, key: (activity.id, person.clone(), day) };
        match action {
            Action::Add => self.add(book, &row),
            Action::Delete => self.delete(book, &row),
        }
    }

    fn add(&self, book: &mut Book, row: &Row<'_>) -> Recorded {
        let mut problems = Vec::new();
        let mut missing = Vec::new();
        for wanted in self.wanted(row) {
            match book.standing(&row.key, &wanted) {
                Standing::Same(_) => {}
                Standing::Absent => missing.push(wanted),
                Standing::Differs(_) if self.takes_one(row, wanted.kind) => {
                    let board = wanted.kind.key().to_owned();
                    problems.push(Problem::field(Code::BoardOncePerDate, Field::Board).given(board));
                }
                Standing::Differs(amount) => {
                    let differs = Problem::field(Code::CreditDiffers, amount_field(wanted.kind));
                    problems.push(differs.given(wanted.amount.to_string()).fact(amount.to_string()));
                }
            }
        }
        problems.extend(self.sum_problems(book, row, &missing));
        if !problems.is_empty() {
            return refused(problems);
        }
        let known = book.completion(&row.key);
        if missing.is_empty() {
            return Recorded { result: RowResult::AlreadyReported, completion: known, problems };
        }
        let completion = match known {
            Some(completion) => completion,
            None => book.add_completion(row.key.clone(), self.completion(row)),
        };
        for wanted in missing {
            book.add_credit(&row.key, self.credit(completion, wanted, None));
        }
        Recorded { result: RowResult::Accepted, completion: Some(completion), problems }
    }

    /// A delete that names credits withdraws those, and must agree with them; one that names none
    /// withdraws the whole completion.
    fn delete(&self, book: &mut Book, row: &Row<'_>) -> Recorded {
        let named = book.completion(&row.key).zip(self.named(book, row));
        let Some((completion, credits)) = named else {
            return refused(vec![Problem::row(Code::DeleteNotFound)]);
        };
        book.withdraw(&row.key, &credits, self.now);
        // points that stay count as CME credit again, if that went
        if let Some((origin, amount)) = book.due(&row.key) {
            let cme = Wanted { amount, ..Wanted::plain(Kind::Cme) };
            book.add_credit(&row.key, self.credit(completion, cme, Some(origin)));
        }
        Recorded { result: RowResult::Deleted, completion: Some(completion), problems: Vec::new() }
    }

    /// The credits on record that a delete names; `None` if one of them is not there.
    fn named(&self, book: &Book, row: &Row<'_>) -> Option<Vec<CreditId>> {
        let wanted = self.wanted(row);
        let board = row.report.moc.as_ref().map(|moc| Kind::Moc(moc.board));
        if wanted.is_empty() && board.is_none() {
            return Some(book.credits(&row.key).iter().map(|credit| credit.id).collect());
        }
        let of = |kind: Kind| book.reported(&row.key).filter(move |credit| credit.kind == kind);
        let mut named = Vec::new();
        for wanted in &wanted {
            match book.standing(&row.key, wanted) {
                Standing::Same(credit) => named.push(credit),
                // a delete may leave out the credit types: then the amount must name one record, or all of them
                Standing::Differs(sum) if wanted.types.is_empty() => {
                    let all: Vec<CreditId> = of(wanted.kind).map(|credit| credit.id).collect();
                    let mut same = of(wanted.kind).filter(|credit| credit.amount == wanted.amount);
                    match (sum == wanted.amount, same.next(), same.next()) {
                        (true, ..) => named.extend(all),
                        (false, Some(only), None) => named.push(only.id),
                        _ => return None,
                    }
                }
                Standing::Differs(_) | Standing::Absent => return None,
            }
        }
        // a board named without points means whatever that board has on record
        if let Some(kind) = board.filter(|kind| !wanted.iter().any(|wanted| wanted.kind == *kind)) {
            let all: Vec<CreditId> = of(kind).map(|credit| credit.id).collect();
            if all.is_empty() {
                return None;
            }
            named.extend(all);
        }
        Some(named)
    }

    fn rules(&self, row: &Row<'_>, board: Board) -> Option<&BoardRules> {
        self.reference.board_on(board, row.key.2)
    }

    fn takes_one(&self, row: &Row<'_>, kind: Kind) -> bool {
        kind.board().is_some_and(|board| pairing::takes_one_per_date(board, row.activity, row.key.2, &self.reference))
    }

    /// What is wrong with a board's records taken together, those on record and those of the row.
    fn sum_problems(&self, book: &Book, row: &Row<'_>, missing: &[Wanted]) -> Vec<Problem> {
        let on_record: Vec<_> = book.reported(&row.key).collect();
        let of_record = on_record.iter().map(|credit| (credit.kind, credit.amount, credit.types.as_slice()));
        let of_row = missing.iter().map(|wanted| (wanted.kind, wanted.amount, wanted.types.as_slice()));
        let all: Vec<_> = of_record.chain(of_row).collect();
        let credit = all.iter().find(|(kind, ..)| *kind == Kind::Cme).map(|(_, amount, _)| *amount);
        let has_new_credit = missing.iter().any(|wanted| wanted.kind == Kind::Cme);
        let mut boards: Vec<Board> = all.iter().filter_map(|(kind, ..)| kind.board()).collect();
        boards.sort_unstable();
        boards.dedup();
        boards.retain(|board| has_new_credit || missing.iter().any(|wanted| wanted.kind.board() == Some(*board)));
        let problem = |board: Board| {
            let (rules, registration) = (self.rules(row, board)?, row.activity.registration(board)?);
            let records = all.iter().filter(|(kind, ..)| kind.board() == Some(board));
            let records: Vec<Record<'_>> =
                records.map(|(_, points, types)| Record { points: *points, types }).collect();
            pairing::sum_problem(rules, registration, &records, credit)
        };
        boards.into_iter().filter_map(problem).collect()
    }

    /// The credits that a row names.
    fn wanted(&self, row: &Row<'_>) -> Vec<Wanted> {
        let report = row.report;
        let mut list = Vec::new();
        if let Some(amount) = report.cme {
            list.push(Wanted { amount, ..Wanted::plain(Kind::Cme) });
        }
        if let Some(moc) = &report.moc
            && let Some(amount) = moc.total
        {
            let diplomate = report.learner.board.as_ref().filter(|(board, _)| *board == moc.board);
            list.push(Wanted {
                kind: Kind::Moc(moc.board),
                part: self.rules(row, moc.board).map_or(Part::Whole, |rules| pairing::part_of(rules, &moc.types)),
                amount,
                types: moc.types.clone(),
                diplomate_id: diplomate.map(|(_, id)| id.clone()).unwrap_or_default(),
            });
        }
        if report.rems.is_some() {
            list.push(Wanted::plain(Kind::Rems));
        }
        list
    }

    fn completion(&self, row: &Row<'_>) -> NewCompletion {
        let Row { report, key: (activity, person, completed_on), .. } = row;
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
            state: learner.state,
            learner_identifier,
            rems: report.rems.clone(),
            person_key,
            submission_id: report.submission_id.clone().unwrap_or_default(),
            upload: self.upload,
            row_number: row.number,
            reported_at: self.now,
            withdrawn_at: None,
        }
    }

    fn credit(&self, completion: CompletionId, wanted: Wanted, derived_from: Option<CreditId>) -> NewCredit {
        let status = match wanted.kind {
            Kind::Moc(_) => CreditStatus::Pending,
            Kind::Cme | Kind::Rems => CreditStatus::Accepted,
        };
        NewCredit {
            id: CreditId::new(self.app.chance.id(self.now)),
            completion,
            kind: wanted.kind,
            part: wanted.part,
            amount: wanted.amount,
            types: wanted.types,
            diplomate_id: wanted.diplomate_id,
            status,
            derived_from,
            reported_at: self.now,
            leaf_index: 0,
            withdrawn: None,
        }
    }
}

fn amount_field(kind: Kind) -> Field {
    match kind {
        Kind::Cme => Field::CmeCredits,
        Kind::Moc(_) => Field::BoardCredits,
        Kind::Rems => Field::RemsLocalId,
    }
}
