//! Correcting, deleting and sending again what is on record, from the completion's own page.
//!
//! There is no edit (domain.md): a correction withdraws and adds in one transaction, both or neither. Credit that
//! stays the same is left alone, so that a board's answer outlives a correction of the CME amount; once the learner's
//! own details change it is another report, and every board hears of it anew.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::access::{Actor, ProviderRole, ProviderScope};
use domain::activity::Activity;
use domain::credit::{CreditStatus, Kind};
use domain::problem::Check;
use domain::report::{Action, Learner, LearnerReport, MocReport};
use domain::upload::RowResult;
use domain::{Amount, CompletionId, CreditId, Field, PhysicianId, Problem, check};
use formats::Header;
use matching::columns::Line;
use store::WriteTx;
use store::completions::{NewCompletion, Person};
use store::counters::{self, Counter};
use store::learners::Reported;

use super::judge::{Judged, judge};
use super::record::{Recorded, record};
use super::single::{begin, finish};
use crate::registry::query_of;
use crate::{App, Error, Result, audit, ledgers, providers, retry};

/// What the upload of an act says that it was.
pub const CORRECTION: &str = "correction";
pub const DELETION: &str = "deletion";
pub const SENT_AGAIN: &str = "again";

/// How often reports are judged again when their activity changes meanwhile.
const JUDGED: usize = 3;

/// Credits that are sent again in one transaction.
const AT_ONCE: usize = 100;

/// A completion as it should have been reported.
#[derive(Debug, Clone)]
pub struct Correction {
    pub completion: CompletionId,
    /// The live credits that the person saw, in any order.
    pub seen: Vec<CreditId>,
    /// One report for each board, at least one; learner, activity, date and CME credit are the same in all.
    pub reports: Vec<Vec<(Field, String)>>,
}

/// What became of a correction or a deletion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replaced {
    /// The completion that holds the credit now: the same one, unless all of it was reported anew.
    Done(CompletionId),
    /// What was sent is what is on record.
    Unchanged,
    /// Somebody changed the completion since it was shown. Nothing was done.
    Meanwhile,
    /// Problems, each with the place of its report. Nothing was done.
    Refused(Vec<(usize, Problem)>),
}

/// Puts a report in the place of what is on record. The learner is looked for as in any new report.
pub async fn correct(app: &App, actor: &Actor, sender: &str, correction: &Correction) -> Result<Replaced> {
    let scope = reporter(app, actor).await?;
    let reference = app.reference.get();
    let read = |fields: &Vec<(Field, String)>| {
        let header = Header::of(fields.iter().map(|(field, _)| *field));
        formats::learner_report(&header, &header.row(1, fields.clone()), &reference)
    };
    let reports: Vec<LearnerReport> = correction.reports.iter().map(read).collect();
    for tries_left in (0..JUDGED).rev() {
        let judged = judge(app, &scope, reports.clone()).await?;
        let problems = of_all(judged.iter().map(|judged| judged.report.problems.as_slice()));
        if !problems.is_empty() {
            return Ok(Replaced::Refused(problems));
        }
        match retry::on_race(|| correct_once(app, actor, &scope, sender, correction, &judged)).await {
            Err(Error::Stale) if tries_left > 0 => {}
            Ok(done) => {
                ledgers::sign_soon(app).await;
                return Ok(done);
            }
            Err(error) => return Err(error),
        }
    }
    Err(Error::Stale)
}

async fn correct_once(
    app: &App,
    actor: &Actor,
    scope: &ProviderScope,
    sender: &str,
    correction: &Correction,
    judged: &[Judged],
) -> Result<Replaced> {
    let mut tx = app.store.write().await?;
    let Some(old) = Old::find(app, &mut tx, scope, correction.completion).await? else { return Err(Error::NotFound) };
    if !old.is_as_seen(&correction.seen) {
        return Ok(Replaced::Meanwhile);
    }
    // the sender's own key goes on with the report
    let kept = |judged: &Judged| {
        let mut judged = judged.clone();
        judged.report.submission_id = Some(old.facts.submission_id.clone()).filter(|id| !id.is_empty());
        judged
    };
    let judged: Vec<Judged> = judged.iter().map(kept).collect();
    let taken_back: Vec<Judged> = match old.is_of_same_details(&judged) {
        false => vec![old.delete(app, None)],
        true => old.outdated(&judged).map(|credit| old.delete(app, Some(credit))).collect(),
    };
    let is_more = judged.iter().flat_map(|judged| named(&judged.report)).any(|named| !old.holds(&named));
    if taken_back.is_empty() && !is_more {
        return Ok(Replaced::Unchanged);
    }
    let problems = of_all(taken_back.iter().map(|judged| judged.report.problems.as_slice()));
    if !problems.is_empty() {
        return Ok(Replaced::Refused(problems));
    }
    let rows: Vec<(i64, &Judged)> = (1..).zip(taken_back.iter().chain(&judged)).collect();
    let upload = begin(app, &mut tx, actor, scope, sender, CORRECTION).await?;
    let recorded = record(app, &mut tx, scope, upload, &rows).await?;
    let (gone, added) = recorded.split_at(taken_back.len());
    let refused = of_all(added.iter().map(|recorded| recorded.problems.as_slice()));
    if !refused.is_empty() {
        return Ok(Replaced::Refused(refused)); // dropping the transaction leaves nothing behind
    }
    must_be(gone, RowResult::Deleted)?;
    let holds = added.iter().rev().find_map(|recorded| recorded.completion).unwrap_or(old.facts.id);
    finish(&mut tx, upload, &recorded, app.clock.now()).await?;
    let people: BTreeSet<PhysicianId> = old
        .physician()
        .into_iter()
        .chain(judged.iter().filter_map(|judged| physician(judged.person.as_ref())))
        .collect();
    note(app, &mut tx, actor, "learner.correct", old.facts.id, people).await?;
    tx.commit().await?;
    Ok(Replaced::Done(holds))
}

/// Withdraws a completion, or one credit of it. Credit that is derived from points goes with them.
pub async fn withdraw(
    app: &App,
    actor: &Actor,
    sender: &str,
    completion: CompletionId,
    seen: &[CreditId],
    only: Option<CreditId>,
) -> Result<Replaced> {
    let scope = reporter(app, actor).await?;
    let done = retry::on_race(|| async {
        let mut tx = app.store.write().await?;
        let Some(old) = Old::find(app, &mut tx, &scope, completion).await? else { return Err(Error::NotFound) };
        if !old.is_as_seen(seen) {
            return Ok(Replaced::Meanwhile);
        }
        let credit = match only {
            Some(id) => Some(old.reported().find(|credit| credit.id == id).ok_or(Error::NotFound)?),
            None => None,
        };
        let delete = old.delete(app, credit);
        if !delete.report.problems.is_empty() {
            return Ok(Replaced::Refused(of_all([delete.report.problems.as_slice()].into_iter())));
        }
        let upload = begin(app, &mut tx, actor, &scope, sender, DELETION).await?;
        let recorded = record(app, &mut tx, &scope, upload, &[(1, &delete)]).await?;
        must_be(&recorded, RowResult::Deleted)?;
        finish(&mut tx, upload, &recorded, app.clock.now()).await?;
        note(app, &mut tx, actor, "learner.withdraw", completion, old.physician()).await?;
        tx.commit().await?;
        Ok(Replaced::Done(completion))
    })
    .await?;
    ledgers::sign_soon(app).await;
    Ok(done)
}

/// What became of rejected credits that were sent again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SentAgain {
    pub sent: usize,
    /// Not rejected any more, or not the provider's: nothing was done with them.
    pub left_alone: usize,
    /// What the activity or the rules in force now have against them.
    pub refused: Vec<(CreditId, Problem)>,
}

/// Withdraws rejected points and reports them again as they were, so that the board answers anew: for instance once
/// its roster knows the diplomate. Whose they are is not asked again. A hundred at a time are whole or not done at all.
pub async fn send_again(app: &App, actor: &Actor, sender: &str, credits: &[CreditId]) -> Result<SentAgain> {
    let scope = reporter(app, actor).await?;
    app.reference.refresh(&app.store).await?;
    let mut all = SentAgain::default();
    let credits: Vec<CreditId> = credits.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    for piece in credits.chunks(AT_ONCE) {
        let one = retry::on_race(|| send_again_once(app, actor, &scope, sender, piece)).await?;
        all.sent += one.sent;
        all.left_alone += one.left_alone;
        all.refused.extend(one.refused);
    }
    ledgers::sign_soon(app).await;
    Ok(all)
}

async fn send_again_once(
    app: &App,
    actor: &Actor,
    scope: &ProviderScope,
    sender: &str,
    credits: &[CreditId],
) -> Result<SentAgain> {
    let mut answer = SentAgain::default();
    let mut tx = app.store.write().await?;
    // recorders and boards stand in line here, so what is rejected now stays so until commit
    counters::take(&mut tx, Counter::LedgerLeaf, 0).await?;
    let holders = store::learners::holders(&mut tx, scope, credits).await?;
    answer.left_alone = credits.len() - holders.len();
    let mut rows: Vec<Judged> = Vec::with_capacity(2 * holders.len());
    let mut people = BTreeSet::new();
    for (id, completion) in holders {
        let old = Old::find(app, &mut tx, scope, completion).await?;
        let rejected = |credit: &&Reported| credit.id == id && credit.status == CreditStatus::Rejected;
        let Some((old, credit)) = old.as_ref().and_then(|old| Some((old, old.reported().find(rejected)?))) else {
            answer.left_alone += 1;
            continue;
        };
        let (delete, add) = (old.delete(app, Some(credit)), old.add(app, credit));
        match delete.report.problems.iter().chain(&add.report.problems).next() {
            Some(problem) => answer.refused.push((id, problem.clone())),
            None => {
                answer.sent += 1;
                people.extend(old.physician());
                rows.extend([delete, add]);
            }
        }
    }
    if rows.is_empty() {
        return Ok(answer);
    }
    let upload = begin(app, &mut tx, actor, scope, sender, SENT_AGAIN).await?;
    let numbered: Vec<(i64, &Judged)> = (1..).zip(&rows).collect();
    let recorded = record(app, &mut tx, scope, upload, &numbered).await?;
    for pair in recorded.chunks(2) {
        must_be(pair.get(..1).unwrap_or_default(), RowResult::Deleted)?;
        must_be(pair.get(1..).unwrap_or_default(), RowResult::Accepted)?;
    }
    finish(&mut tx, upload, &recorded, app.clock.now()).await?;
    note(app, &mut tx, actor, "learner.send_again", upload, people).await?;
    tx.commit().await?;
    Ok(answer)
}

async fn reporter(app: &App, actor: &Actor) -> Result<ProviderScope> {
    let scope = actor.provider(ProviderRole::LearnerData).ok_or(Error::Forbidden("your role only reads"))?;
    providers::must_be_in_good_standing(app, &scope).await?;
    Ok(scope)
}

/// One row in the audit log for each physician whose record changed, or one without.
async fn note(
    app: &App,
    tx: &mut WriteTx,
    actor: &Actor,
    action: &'static str,
    subject: impl std::fmt::Display,
    people: impl IntoIterator<Item = PhysicianId>,
) -> Result<()> {
    let mut people: Vec<Option<PhysicianId>> = people.into_iter().map(Some).collect();
    if people.is_empty() {
        people.push(None);
    }
    for physician in people {
        audit::record(app, tx, actor, action, &subject, physician, "").await?;
    }
    Ok(())
}

/// What was looked up under the lock can only be otherwise through a fault of ours, or if rules changed meanwhile.
fn must_be(recorded: &[Recorded], result: RowResult) -> Result<()> {
    if recorded.iter().all(|recorded| recorded.result == result) { Ok(()) } else { Err(Error::Stale) }
}

/// Problems with the place of their report; what several reports have in common is said once.
fn of_all<'a>(reports: impl Iterator<Item = &'a [Problem]>) -> Vec<(usize, Problem)> {
    let mut all: Vec<(usize, Problem)> = Vec::new();
    for (place, problems) in reports.enumerate() {
        for problem in problems {
            let is_of_board = problem.in_field().is_some_and(is_of_board);
            if is_of_board || !all.iter().any(|(_, known)| known == problem) {
                all.push((place, problem.clone()));
            }
        }
    }
    all
}

fn is_of_board(field: Field) -> bool {
    matches!(
        field,
        Field::Board | Field::DiplomateId | Field::BoardCredits | Field::CreditType(_) | Field::CreditTypeAmount(_)
    )
}

fn physician(person: Option<&Person>) -> Option<PhysicianId> {
    match person {
        Some(Person::Physician(id)) => Some(*id),
        Some(Person::Rems(_)) | None => None,
    }
}

/// A credit as a report names it.
struct Named {
    kind: Kind,
    amount: Amount,
    types: Vec<(String, Amount)>,
    diplomate_id: String,
}

fn named(report: &LearnerReport) -> Vec<Named> {
    let plain = |kind, amount| Named { kind, amount, types: Vec::new(), diplomate_id: String::new() };
    let mut all: Vec<Named> = report.cme.map(|amount| plain(Kind::Cme, amount)).into_iter().collect();
    if let Some((moc, total)) = report.moc.as_ref().and_then(|moc| Some((moc, moc.total?))) {
        let diplomate = report.learner.board.as_ref().filter(|(board, _)| *board == moc.board);
        all.push(Named {
            kind: Kind::Moc(moc.board),
            amount: total,
            types: moc.types.clone(),
            diplomate_id: diplomate.map(|(_, id)| id.clone()).unwrap_or_default(),
        });
    }
    all.extend(report.rems.as_ref().map(|_| plain(Kind::Rems, Amount::ZERO)));
    all
}

impl Named {
    fn is_same(&self, credit: &Reported) -> bool {
        self.kind == credit.kind
            && self.amount == credit.amount
            && self.diplomate_id == credit.diplomate_id
            && self.types.len() == credit.types.len()
            && self.types.iter().all(|one| credit.types.contains(one))
    }
}

/// A live completion, read under the ledger's lock, with what a report about it needs.
struct Old {
    facts: NewCompletion,
    credits: Vec<Reported>,
    activity: Option<Arc<Activity>>,
    version: i64,
    identity_changes: i64,
    ledger_key: Option<[u8; 32]>,
}

impl Old {
    /// `None`: the provider has no such completion, or it is withdrawn already and holds no credit.
    async fn find(app: &App, tx: &mut WriteTx, scope: &ProviderScope, id: CompletionId) -> Result<Option<Self>> {
        counters::take(tx, Counter::LedgerLeaf, 0).await?;
        app.reference.refresh_in(tx).await?;
        let facts = store::completions::find_many(tx, scope, &[id]).await?.into_iter().next();
        let learner = store::learners::find(tx, scope, id).await?;
        let Some((facts, learner)) = facts.zip(learner) else { return Ok(None) };
        let stored = store::activities::find_for_reports(tx, scope, &[facts.activity]).await?;
        let versions = store::activities::versions(tx, scope, &[facts.activity]).await?;
        let identity_changes = counters::taken(tx, Counter::IdentityChange).await?;
        let ledger_key = match facts.physician {
            Some(physician) => store::completions::person_keys(tx, &[physician]).await?.get(&physician).copied(),
            None => None,
        };
        Ok(Some(Self {
            version: versions.get(&facts.activity).copied().unwrap_or_default(),
            credits: learner.live().cloned().collect(),
            activity: stored.into_iter().next().map(Arc::new),
            identity_changes,
            ledger_key,
            facts,
        }))
    }

    fn physician(&self) -> Option<PhysicianId> {
        self.facts.physician
    }

    fn person(&self) -> Person {
        match self.facts.physician {
            Some(physician) => Person::Physician(physician),
            None => Person::Rems(self.facts.learner_identifier.clone()),
        }
    }

    /// Credit that the provider reported itself.
    fn reported(&self) -> impl Iterator<Item = &Reported> {
        self.credits.iter().filter(|credit| !credit.is_derived)
    }

    /// Derived credit comes and goes without the provider.
    fn is_as_seen(&self, seen: &[CreditId]) -> bool {
        let seen: BTreeSet<CreditId> = seen.iter().copied().collect();
        let now: BTreeSet<CreditId> = self.reported().map(|credit| credit.id).collect();
        !now.is_empty() && now == seen
    }

    fn holds(&self, named: &Named) -> bool {
        self.reported().any(|credit| named.is_same(credit))
    }

    /// Credits that none of the reports names as they are.
    fn outdated<'a>(&'a self, judged: &[Judged]) -> impl Iterator<Item = &'a Reported> {
        let named: Vec<Named> = judged.iter().flat_map(|judged| named(&judged.report)).collect();
        self.reported().filter(move |credit| !named.iter().any(|named| named.is_same(credit)))
    }

    /// Whether the reports say the same of activity, day and learner as the one on record, and mean the same person.
    fn is_of_same_details(&self, judged: &[Judged]) -> bool {
        let facts = &self.facts;
        judged.iter().all(|judged| {
            let report = &judged.report;
            let Learner { first, last, birth, state, identifier, .. } = &report.learner;
            let person = self.person();
            let same_identifier = match person {
                Person::Physician(_) => identifier.as_deref().unwrap_or_default() == facts.learner_identifier,
                Person::Rems(_) => true, // it is the person
            };
            report.activity == Some(facts.activity)
                && report.completed_on == Some(facts.completed_on)
                && judged.person.as_ref() == Some(&person)
                && (*first == facts.first_name && *last == facts.last_name && *birth == facts.birth)
                && (*state == facts.state && same_identifier && report.rems == facts.rems)
        })
    }

    /// A report that takes back one credit, or all that is live.
    fn delete(&self, app: &App, credit: Option<&Reported>) -> Judged {
        let mut report = LearnerReport { action: Some(Action::Delete), ..self.report() };
        if let Some(credit) = credit {
            self.name(&mut report, credit);
        }
        self.judged(app, report)
    }

    /// A report of the same credit once more.
    fn add(&self, app: &App, credit: &Reported) -> Judged {
        let mut report = LearnerReport { action: Some(Action::Add), ..self.report() };
        self.name(&mut report, credit);
        self.judged(app, report)
    }

    /// Names a credit so that no other of the completion is meant.
    fn name(&self, report: &mut LearnerReport, credit: &Reported) {
        match credit.kind {
            Kind::Cme => report.cme = Some(credit.amount),
            Kind::Moc(board) => {
                report.moc = Some(MocReport { board, total: Some(credit.amount), types: credit.types.clone() });
                report.learner.board = Some((board, credit.diplomate_id.clone())).filter(|(_, id)| !id.is_empty());
            }
            Kind::Rems => report.rems = Some(self.facts.rems.clone().unwrap_or_default()),
        }
    }

    fn report(&self) -> LearnerReport {
        let facts = &self.facts;
        LearnerReport {
            activity: Some(facts.activity),
            completed_on: Some(facts.completed_on),
            learner: Learner {
                first: facts.first_name.clone(),
                last: facts.last_name.clone(),
                birth: facts.birth,
                state: facts.state,
                identifier: Some(facts.learner_identifier.clone()).filter(|id| !id.is_empty()),
                board: None,
            },
            submission_id: Some(facts.submission_id.clone()).filter(|id| !id.is_empty()),
            ..LearnerReport::default()
        }
    }

    /// What the activity and the rules have against it. Who it is of is known.
    fn judged(&self, app: &App, mut report: LearnerReport) -> Judged {
        let activity = self.activity.as_deref();
        check::against_activity(&mut report, activity, &app.reference.get(), app.clock.days());
        report.problems.retain(|problem| problem.code.check() != Check::Identity);
        Judged {
            line: Line { query: query_of(&report.learner), decision: None },
            report,
            activity: self.activity.clone(),
            version: self.version,
            person: Some(self.person()),
            ledger_key: self.ledger_key,
            identity_changes: self.identity_changes,
        }
    }
}
