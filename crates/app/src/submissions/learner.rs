//! One learner's records, read back or withdrawn by an identifier: `NPI:1234567893`, `CA:A12345`, `ABIM:123456`.
//!
//! An identifier means whoever the registry knows by it, however it is spelled. Only what this provider has
//! reported of that person is ever told: somebody of whom it has reported nothing is as absent as nobody.

use domain::access::{Actor, ProviderRole, ProviderScope};
use domain::report::{Action, Learner, LearnerReport};
use domain::{Board, CompletionId, PhysicianId, State};
use matching::{Query, Reason};
use store::completions::{NewCompletion, Person};
use store::submissions::{self, Narrowed};

use super::on_record::{self, OnRecord};
use super::request::Call;
use super::settle::write;
use super::told::Settled;
use crate::reports::judge_known;
use crate::uploads::credit_id;
use crate::{App, Error, Result, providers, retry};

/// Records that are withdrawn in one request.
const MOST_WITHDRAWN: i64 = 1_000;
/// How often records are looked for again when they change meanwhile.
const TRIES: usize = 5;

/// Some of a learner's records, in the order in which they were reported.
#[derive(Debug)]
pub struct LearnerRecords {
    pub records: Vec<OnRecord>,
    /// Behind which there are more.
    pub next: Option<CompletionId>,
}

/// What the provider has on record of a learner. `NotFound`: nothing, whoever is meant.
pub async fn records(
    app: &App,
    scope: &ProviderScope,
    learner: &str,
    narrowed: Narrowed,
    after: Option<CompletionId>,
    most: i64,
) -> Result<LearnerRecords> {
    let mut ids = of_learner(app, scope, learner, narrowed, after, most + 1).await?;
    if ids.is_empty() {
        return Err(Error::NotFound);
    }
    let most = usize::try_from(most).unwrap_or_default();
    let next = (ids.len() > most).then(|| ids.get(most.saturating_sub(1)).copied()).flatten();
    ids.truncate(most);
    let mut tx = app.store.read().await?;
    let mut completions = store::completions::find_many(&mut tx, scope, &ids).await?;
    completions.sort_by_key(|completion| completion.id);
    let mut standings = submissions::standings(&mut tx, scope, &ids).await?;
    let mut activities: Vec<_> = completions.iter().map(|completion| completion.activity).collect();
    activities.sort_unstable();
    activities.dedup();
    let activities = store::activities::find_many(&mut tx, scope, &activities).await?;
    let provider = store::organizations::find_provider(&mut tx, scope.provider()).await?.ok_or(Error::NotFound)?;
    let header = formats::learners::header();
    let mut records = Vec::with_capacity(completions.len());
    for (number, completion) in (1..).zip(&completions) {
        let title = activities.iter().find(|stored| stored.activity.id == completion.activity);
        let title = title.map_or("", |stored| stored.activity.title.as_str());
        let standings = standings.remove(&completion.id).unwrap_or_default();
        records.push(OnRecord {
            id: completion.id,
            credit_id: credit_id(scope.provider(), completion.id),
            rows: on_record::rows(&header, number, completion, (&provider.name, title), &standings),
        });
    }
    Ok(LearnerRecords { records, next })
}

/// Withdraws what the provider has on record of a learner: deletions like any others. With nothing to narrow
/// it down, `all` must say that all of it is meant. `NotFound`: there is nothing, whoever is meant.
pub async fn withdraw(
    app: &App,
    actor: &Actor,
    call: &Call<'_>,
    learner: &str,
    narrowed: Narrowed,
    all: bool,
) -> Result<Settled> {
    let scope = actor.provider(ProviderRole::LearnerData).ok_or(Error::Forbidden("your role only reads"))?;
    providers::must_be_in_good_standing(app, &scope).await?;
    if narrowed.activity.is_none() && narrowed.completed_on.is_none() && !all {
        let why =
            "Name the activity or the completion date, or send all=true to withdraw all of the learner's records.";
        return Err(Error::invalid("all", why));
    }
    for left in (0..TRIES).rev() {
        match withdraw_once(app, actor, &scope, call, learner, narrowed).await {
            Err(Error::Stale) if left > 0 => {}
            done => return done,
        }
    }
    Err(Error::Stale)
}

async fn withdraw_once(
    app: &App,
    actor: &Actor,
    scope: &ProviderScope,
    call: &Call<'_>,
    learner: &str,
    narrowed: Narrowed,
) -> Result<Settled> {
    let ids = of_learner(app, scope, learner, narrowed, None, MOST_WITHDRAWN + 1).await?;
    if ids.is_empty() {
        return Err(Error::NotFound);
    }
    if ids.len() as i64 > MOST_WITHDRAWN {
        return Err(Error::invalid("moduleID", "These are more than 1,000 records: name the activity, or the date."));
    }
    let mut tx = app.store.read().await?;
    let mut completions = store::completions::find_many(&mut tx, scope, &ids).await?;
    drop(tx);
    completions.sort_by_key(|completion| completion.id);
    let header = formats::learners::header();
    let rows: Vec<_> = (1..).zip(&completions).map(|(nth, one)| on_record::deletion(&header, nth, one)).collect();
    let judged = judge_known(app, scope, completions.iter().map(|one| deletion(learner, one)).collect()).await?;
    let rows: Vec<_> = rows.into_iter().zip(judged).collect();
    retry::on_race(|| async {
        let mut tx = app.store.write().await?;
        let settled = write(app, &mut tx, actor, scope, call, &rows, &[]).await?;
        tx.commit().await?;
        Ok(settled)
    })
    .await
}

/// A deletion of everything under a completion's key.
fn deletion(learner: &str, completion: &NewCompletion) -> (LearnerReport, Person) {
    let person = match completion.physician {
        Some(physician) => Person::Physician(physician),
        None => Person::Rems(completion.learner_identifier.clone()),
    };
    let report = LearnerReport {
        action: Some(Action::Delete),
        activity: Some(completion.activity),
        completed_on: Some(completion.completed_on),
        learner: Learner {
            first: completion.first_name.clone(),
            last: completion.last_name.clone(),
            birth: completion.birth,
            state: completion.state,
            identifier: Some(learner.to_owned()),
            board: None,
        },
        ..LearnerReport::default()
    };
    (report, person)
}

/// The provider's completions of whoever an identifier means, in order.
async fn of_learner(
    app: &App,
    scope: &ProviderScope,
    learner: &str,
    narrowed: Narrowed,
    after: Option<CompletionId>,
    most: i64,
) -> Result<Vec<CompletionId>> {
    let mut found = Vec::new();
    let physicians = holders(app, learner).await?;
    let mut tx = app.store.read().await?;
    for physician in physicians {
        found.extend(submissions::of_physician(&mut tx, scope, physician, narrowed, after, most).await?);
    }
    found.sort_unstable();
    found.truncate(usize::try_from(most).unwrap_or_default());
    Ok(found)
}

/// Whom the registry knows by an identifier. Two people may hold the same license number.
pub(super) async fn holders(app: &App, learner: &str) -> Result<Vec<PhysicianId>> {
    let Some((query, reason)) = question(learner) else { return Ok(Vec::new()) };
    app.registry.refresh(&app.store).await?;
    let candidates = app.registry.explain(&query).candidates;
    let holds = |parts: &[matching::Part]| parts.iter().any(|part| part.reason == reason);
    Ok(candidates.into_iter().filter(|one| holds(&one.parts)).map(|one| one.physician).collect())
}

/// An identifier as a question to the identity engine, and what its answer must say.
fn question(learner: &str) -> Option<(Query, Reason)> {
    let (domain, value) = learner.split_once(':')?;
    let (domain, value) = (domain.trim(), value.trim());
    if value.is_empty() {
        return None;
    }
    let value = value.to_owned();
    if domain.eq_ignore_ascii_case("npi") {
        return Some((Query { npi: Some(value), ..Query::default() }, Reason::NpiEqual));
    }
    if let Some(state) = State::read(domain) {
        let query = Query { state: Some(state), identifier: Some(value), ..Query::default() };
        return Some((query, Reason::LicenseEqual));
    }
    let board = Board::read(domain)?;
    Some((Query { board: Some((board, value)), ..Query::default() }, Reason::BoardIdEqual))
}
