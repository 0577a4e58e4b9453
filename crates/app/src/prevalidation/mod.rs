//! Pre-validation: whether learners can be told apart before any credit exists. Nothing is stored of those who are
//! asked about but the log.
//!
//! An answer is an outcome, codes of reasons and names of fields that the caller sent, never anything that only the
//! registry knows. Form, file and web service all come through [`check`], which counts and audits each batch.

mod answer;
mod documents;
mod pasted;
mod tries;

use domain::access::{Actor, ProviderRole, ProviderScope};
use domain::report::{Learner, LearnerReport};
use domain::{Field, PhysicianId, Problem};
use formats::{Header, Purpose};
use matching::{Decision, Outcome as Verdict, Query};

use crate::registry::query_of;
use crate::{App, Error, Result, audit, providers, retry};

pub use answer::{Answer, Outcome, Tally};
pub use documents::{Asked, MOST_AT_ONCE, MOST_IN_FILE, read_document, read_file};
pub use pasted::{COLUMNS, read_pasted};
pub use tries::MOST_AT_ONE;
pub(crate) use tries::WINDOW;

/// Whom these reports mean, one answer for each, in their order. Reports with problems of their own are answered
/// with those. `TooMany`: the provider has asked about as many learners as it may today, and nothing was counted.
pub async fn check(app: &App, actor: &Actor, reports: Vec<LearnerReport>) -> Result<Vec<Answer>> {
    let scope = actor.provider(ProviderRole::LearnerData).ok_or(Error::Forbidden("your role only reads"))?;
    providers::must_be_in_good_standing(app, &scope).await?;
    app.registry.refresh(&app.store).await?;
    let registry = app.registry.clone();
    let asked = tokio::task::spawn_blocking(move || {
        let readable: Vec<Query> =
            reports.iter().filter(|report| report.problems.is_empty()).map(|one| query_of(&one.learner)).collect();
        let mut decisions = registry.decide_all(&readable).into_iter().zip(&readable);
        let judge = |report: LearnerReport| {
            let decided = report.problems.is_empty().then(|| decisions.next()).flatten();
            let meant = decided.as_ref().and_then(|(decision, query)| match decision.outcome {
                Verdict::Matched(physician) => Some(physician),
                // rarer, so only these pay for a list of candidates
                _ => registry.explain(query).candidates.first().map(|candidate| candidate.physician),
            });
            Judged {
                decision: decided.map(|(decision, _)| decision),
                learner: report.learner,
                problems: report.problems,
                meant,
            }
        };
        reports.into_iter().map(judge).collect::<Vec<Judged>>()
    });
    let asked = asked.await.map_err(|error| Error::Internal(format!("checking stopped: {error}")))?;
    let told = retry::on_race(|| counted(app, actor, &scope, &asked)).await?;
    Ok(asked.into_iter().zip(told).map(|(one, may_be_told)| one.answer(may_be_told)).collect())
}

/// One learner by form. `None`: these details mean one physician.
pub async fn check_one(app: &App, actor: &Actor, fields: Vec<(Field, String)>) -> Result<Option<Problem>> {
    let header = Header::of(fields.iter().map(|(field, _)| *field));
    let row = header.row(1, fields);
    let report = formats::learner_report_for(Purpose::Identity, &header, &row, &app.reference.get());
    let answers = check(app, actor, vec![report]).await?;
    Ok(answers.into_iter().next().and_then(|answer| answer.problems.into_iter().next()))
}

/// What is known of one learner before it is counted whether the answer may be given.
struct Judged {
    learner: Learner,
    problems: Vec<Problem>,
    /// `None` where the report has problems.
    decision: Option<Decision>,
    /// Who is likeliest meant, matched or not. Never told.
    meant: Option<PhysicianId>,
}

impl Judged {
    fn answer(self, may_be_told: bool) -> Answer {
        match self.decision {
            Some(decision) if may_be_told => Answer::of(&decision),
            Some(_) => Answer::too_many(),
            None => Answer::not_checked(self.problems),
        }
    }
}

/// Counts a batch in one transaction with its audit row, and says of each learner whether it may be answered.
async fn counted(app: &App, actor: &Actor, scope: &ProviderScope, asked: &[Judged]) -> Result<Vec<bool>> {
    let described = asked.iter().map(|one| {
        let decision = one.decision.as_ref()?;
        let is_match = matches!(decision.outcome, Verdict::Matched(_));
        Some(tries::Described::of(scope, &one.learner, one.meant, is_match))
    });
    let described: Vec<Option<tries::Described>> = described.collect();
    let mut tx = app.store.write().await?;
    let told = tries::count(app, &mut tx, scope, &described).await?;
    let matched = asked.iter().zip(&told).filter(|(one, told)| {
        **told && one.decision.as_ref().is_some_and(|decision| matches!(decision.outcome, Verdict::Matched(_)))
    });
    let (matched, held_back) = (matched.count(), told.iter().filter(|told| !**told).count());
    let detail = format!("{} asked, {matched} matched, {held_back} held back", asked.len());
    // whom a single check was about can be found again by its digest
    let subject = match described.first() {
        Some(Some(one)) if asked.len() == 1 => one.shown(),
        _ => scope.provider().to_string(),
    };
    audit::record(app, &mut tx, actor, "identity.check", subject, None, &detail).await?;
    tx.commit().await?;
    Ok(told)
}
