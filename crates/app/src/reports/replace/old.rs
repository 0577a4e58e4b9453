//! What is on record of one completion, and reports about it: that take its credit back, or name it once more.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::access::ProviderScope;
use domain::activity::Activity;
use domain::credit::Kind;
use domain::problem::Check;
use domain::report::{Action, Learner, LearnerReport, MocReport};
use domain::{Amount, CompletionId, CreditId, PhysicianId, check};
use matching::columns::Line;
use store::WriteTx;
use store::completions::{NewCompletion, Person};
use store::counters::{self, Counter};
use store::learners::Reported;

use crate::registry::query_of;
use crate::reports::judge::Judged;
use crate::{App, Result};

/// A credit as a report names it.
pub(super) struct Named {
    kind: Kind,
    amount: Amount,
    types: Vec<(String, Amount)>,
    diplomate_id: String,
}

/// The credits that a report names.
pub(super) fn named(report: &LearnerReport) -> Vec<Named> {
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
pub(super) struct Old {
    pub facts: NewCompletion,
    credits: Vec<Reported>,
    activity: Option<Arc<Activity>>,
    version: i64,
    identity_changes: i64,
    ledger_key: Option<[u8; 32]>,
}

impl Old {
    /// `None`: the provider has no such completion, or it is withdrawn already and holds no credit.
    pub async fn find(app: &App, tx: &mut WriteTx, scope: &ProviderScope, id: CompletionId) -> Result<Option<Self>> {
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

    pub fn physician(&self) -> Option<PhysicianId> {
        self.facts.physician
    }

    fn person(&self) -> Person {
        match self.facts.physician {
            Some(physician) => Person::Physician(physician),
            None => Person::Rems(self.facts.learner_identifier.clone()),
        }
    }

    /// Credit that the provider reported itself.
    pub fn reported(&self) -> impl Iterator<Item = &Reported> {
        self.credits.iter().filter(|credit| !credit.is_derived)
    }

    /// Derived credit comes and goes without the provider.
    pub fn is_as_seen(&self, seen: &[CreditId]) -> bool {
        let seen: BTreeSet<CreditId> = seen.iter().copied().collect();
        let now: BTreeSet<CreditId> = self.reported().map(|credit| credit.id).collect();
        !now.is_empty() && now == seen
    }

    pub fn holds(&self, named: &Named) -> bool {
        self.reported().any(|credit| named.is_same(credit))
    }

    /// Credits that none of the reports names as they are.
    pub fn outdated<'a>(&'a self, judged: &[Judged]) -> impl Iterator<Item = &'a Reported> {
        let named: Vec<Named> = judged.iter().flat_map(|judged| named(&judged.report)).collect();
        self.reported().filter(move |credit| !named.iter().any(|named| named.is_same(credit)))
    }

    /// Whether the reports say the same of activity, day and learner as the one on record, and mean the same person.
    pub fn is_of_same_details(&self, judged: &[Judged]) -> bool {
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
    pub fn delete(&self, app: &App, credit: Option<&Reported>) -> Judged {
        let mut report = LearnerReport { action: Some(Action::Delete), ..self.report() };
        if let Some(credit) = credit {
            self.name(&mut report, credit);
        }
        self.judged(app, report)
    }

    /// A report of the same credit once more.
    pub fn add(&self, app: &App, credit: &Reported) -> Judged {
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
