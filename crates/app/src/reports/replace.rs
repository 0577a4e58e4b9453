//! Correcting, deleting and sending again what is on record, from the completion's own page.
//!
//! There is no edit (domain.md): a correction withdraws and adds in one transaction, both or neither. Credit that
//! stays the same is left alone, so that a board's answer outlives a correction of the CME amount; once the learner's
//! own details change it is another report, and every board hears of it anew.

mod old;

use std::collections::BTreeSet;

use domain::access::{Actor, ProviderRole, ProviderScope};
use domain::credit::CreditStatus;
use domain::report::LearnerReport;
use domain::upload::RowResult;
use domain::{CompletionId, CreditId, Field, PhysicianId, Problem};
use formats::Header;
use store::WriteTx;
use store::completions::Person;
use store::counters::{self, Counter};
use store::learners::Reported;

use self::old::{Old, named};
use super::judge::{Judged, judge};
use super::record::{Recorded, record};
use super::single::{begin, finish};
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
    // the sender's own keys go on with the report
    let further_ids = store::submissions::further_of(&mut tx, scope, correction.completion).await?;
    let kept = |judged: &Judged| {
        let mut judged = judged.clone();
        judged.report.submission_id = Some(old.facts.submission_id.clone()).filter(|id| !id.is_empty());
        judged.report.further_ids.clone_from(&further_ids);
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
