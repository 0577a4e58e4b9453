//! Checks 3 and 4: the activity with its rules, and who the learner is. Reads only.

use std::collections::HashMap;
use std::sync::Arc;

use domain::access::ProviderScope;
use domain::activity::Activity;
use domain::check;
use domain::problem::Check;
use domain::report::LearnerReport;
use domain::{ActivityId, Code, Field, PhysicianId, Problem};
use matching::columns::Line;
use matching::{Decision, Outcome, Query};
use store::completions::Person;
use store::counters::{self, Counter};

use crate::registry::query_of;
use crate::{App, Result};

/// A report with all problems found so far and, if it has none, who it is of.
#[derive(Debug, Clone)]
pub struct Judged {
    pub report: LearnerReport,
    pub activity: Option<Arc<Activity>>,
    /// The activity's version by which it was judged.
    pub version: i64,
    pub person: Option<Person>,
    /// The physician's commitment key, read ahead so that the writing transaction need not.
    pub ledger_key: Option<[u8; 32]>,
    /// How many merges, splits and the like there were before the physician was looked for.
    pub identity_changes: i64,
    /// What was asked and answered about the person: rows of a file explain one another.
    pub line: Line,
}

impl Judged {
    /// Refuses the row for a fault of its stretch of the file, in place of what was said of its person alone.
    pub(crate) fn refuse_as_part(&mut self, problem: Problem) {
        self.report.problems.retain(|problem| problem.code.check() != Check::Identity);
        self.report.problem(problem);
        self.person = None;
    }
}

/// Judges a batch of reports of one provider.
pub async fn judge(app: &App, scope: &ProviderScope, mut reports: Vec<LearnerReport>) -> Result<Vec<Judged>> {
    let activities = Activities::find(app, scope, &reports).await?;
    app.reference.refresh(&app.store).await?;
    let reference = app.reference.get();
    let days = app.clock.days();
    for report in &mut reports {
        let activity = activities.of(report);
        if let Some(activity) = activity {
            report.activity = Some(activity.id);
        }
        check::against_activity(report, activity.map(Arc::as_ref), &reference, days);
    }
    let mut tx = app.store.read().await?;
    let identity_changes = counters::taken(&mut tx, Counter::IdentityChange).await?;
    app.registry.refresh_in(&mut tx).await?;
    drop(tx);
    let registry = app.registry.clone();
    let judged = tokio::task::spawn_blocking(move || {
        // a row of which too little is readable gets an answer too, and nobody hears it
        let queries: Vec<Query> = reports.iter().map(|report| query_of(&report.learner)).collect();
        let decisions = registry.decide_all(&queries);
        let told = reports.into_iter().zip(queries.into_iter().zip(decisions));
        told.map(|(report, (query, decision))| told_of(report, query, decision)).collect::<Vec<_>>()
    });
    let judged = judged.await.map_err(|error| crate::Error::Internal(format!("judging stopped: {error}")))?;
    let found: Vec<PhysicianId> = judged.iter().filter_map(|(_, person, _)| physician_of(person.as_ref())).collect();
    let keys = store::completions::person_keys(&mut app.store.read().await?, &found).await?;
    let judged = judged.into_iter().map(|(report, person, line)| Judged {
        activity: activities.of(&report).cloned(),
        version: report.activity.and_then(|id| activities.versions.get(&id).copied()).unwrap_or_default(),
        ledger_key: physician_of(person.as_ref()).and_then(|physician| keys.get(&physician).copied()),
        report,
        person,
        identity_changes,
        line,
    });
    Ok(judged.collect())
}

/// As [`judge`] for reports of people who are known already, such as deletions of what is on record.
pub(crate) async fn judge_known(
    app: &App,
    scope: &ProviderScope,
    reports: Vec<(LearnerReport, Person)>,
) -> Result<Vec<Judged>> {
    let (mut reports, people): (Vec<LearnerReport>, Vec<Person>) = reports.into_iter().unzip();
    let activities = Activities::find(app, scope, &reports).await?;
    app.reference.refresh(&app.store).await?;
    let (reference, days) = (app.reference.get(), app.clock.days());
    for report in &mut reports {
        let activity = activities.of(report).map(Arc::as_ref);
        check::against_activity(report, activity, &reference, days);
    }
    let physicians: Vec<PhysicianId> = people.iter().filter_map(|person| physician_of(Some(person))).collect();
    let mut tx = app.store.read().await?;
    let identity_changes = counters::taken(&mut tx, Counter::IdentityChange).await?;
    let keys = store::completions::person_keys(&mut tx, &physicians).await?;
    let judged = reports.into_iter().zip(people).map(|(report, person)| Judged {
        activity: activities.of(&report).cloned(),
        version: report.activity.and_then(|id| activities.versions.get(&id).copied()).unwrap_or_default(),
        ledger_key: physician_of(Some(&person)).and_then(|physician| keys.get(&physician).copied()),
        identity_changes,
        line: Line { query: query_of(&report.learner), decision: None },
        person: Some(person),
        report,
    });
    Ok(judged.collect())
}

/// The report with who it is of, or with the problem why nobody is.
fn told_of(mut report: LearnerReport, query: Query, decision: Decision) -> (LearnerReport, Option<Person>, Line) {
    let mut person = rems_person(&report);
    if !has_identity(&report) {
        return (report, person, Line { query, decision: None });
    }
    match decision.outcome {
        Outcome::Matched(physician) => person = Some(Person::Physician(physician)),
        _ => report.problem(identity_problem(&decision)),
    }
    (report, person, Line { query, decision: Some(decision) })
}

fn physician_of(person: Option<&Person>) -> Option<PhysicianId> {
    match person {
        Some(Person::Physician(physician)) => Some(*physician),
        Some(Person::Rems(_)) | None => None,
    }
}

/// Whether enough was readable to look for a physician. A row that is refused for its stretch of the file was looked
/// at with its neighbours; alone there is nothing to add.
fn has_identity(report: &LearnerReport) -> bool {
    let learner = &report.learner;
    let unread = [Field::FirstName, Field::LastName, Field::Birth, Field::State, Field::Board, Field::DiplomateId];
    !report.is_rems_only()
        && !learner.first.is_empty()
        && !learner.last.is_empty()
        && learner.birth.is_some()
        && !unread.iter().any(|field| report.faulty(*field))
        && !report.problems.iter().any(|problem| problem.code.is_of_many_rows())
}

fn rems_person(report: &LearnerReport) -> Option<Person> {
    let rems = report.rems.as_ref().filter(|_| report.is_rems_only())?;
    Some(Person::Rems(rems.local_id.clone()))
}

/// The answer to a sender whose learner could not be linked: which fields to look at, in the
/// sender's own column names, and nothing that the registry knows.
pub fn identity_problem(decision: &Decision) -> Problem {
    let code = match decision.outcome {
        Outcome::None | Outcome::Matched(_) => Code::IdentityNotFound,
        Outcome::Several => Code::IdentitySeveral,
        Outcome::Conflict => Code::IdentityConflict,
        Outcome::Review => Code::IdentityUncertain,
    };
    let mut words: Vec<&str> = decision.settle_with.iter().map(|field| label(*field)).collect();
    words.dedup();
    Problem::row(code).fact(words.join(", "))
}

/// A field in the words of the template, for answers to senders.
pub fn label(field: matching::Field) -> &'static str {
    match field {
        matching::Field::FirstName => "first name",
        matching::Field::LastName => "last name",
        matching::Field::Birth => "month and day of birth",
        matching::Field::State => "licensing state",
        matching::Field::License => "license ID",
        matching::Field::Npi => "NPI",
        matching::Field::BoardId => "certifying board ID",
    }
}

/// The activities that a batch names, found with one query.
struct Activities {
    by_id: HashMap<ActivityId, Arc<Activity>>,
    by_internal: HashMap<String, Arc<Activity>>,
    versions: HashMap<ActivityId, i64>,
}

impl Activities {
    async fn find(app: &App, scope: &ProviderScope, reports: &[LearnerReport]) -> Result<Self> {
        let mut ids: Vec<ActivityId> = reports.iter().filter_map(|report| report.activity).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut internal: Vec<String> = reports
            .iter()
            .filter(|report| report.activity.is_none())
            .filter_map(|report| report.internal_activity.clone())
            .collect();
        internal.sort_unstable();
        internal.dedup();
        let mut tx = app.store.read().await?;
        let by_id = store::activities::find_for_reports(&mut tx, scope, &ids).await?;
        let named = store::activities::find_by_internal_ids(&mut tx, scope, &internal).await?;
        let found: Vec<ActivityId> = by_id.iter().chain(&named).map(|activity| activity.id).collect();
        let versions = store::activities::versions(&mut tx, scope, &found).await?;
        let mut by_internal: HashMap<String, Option<Arc<Activity>>> = HashMap::new();
        for activity in named {
            // an internal ID that names two activities names none
            let entry = by_internal.entry(activity.internal_id.clone());
            entry.and_modify(|known| *known = None).or_insert_with(|| Some(Arc::new(activity)));
        }
        Ok(Self {
            by_id: by_id.into_iter().map(|activity| (activity.id, Arc::new(activity))).collect(),
            by_internal: by_internal.into_iter().filter_map(|(id, activity)| Some((id, activity?))).collect(),
            versions,
        })
    }

    fn of(&self, report: &LearnerReport) -> Option<&Arc<Activity>> {
        match (&report.activity, &report.internal_activity) {
            (Some(id), _) => self.by_id.get(id),
            (None, Some(internal)) => self.by_internal.get(internal),
            (None, None) => None,
        }
    }
}
