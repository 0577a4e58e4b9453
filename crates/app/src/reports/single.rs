//! One learner, typed on a page: the same checks and the same record as a row of a file, with an
//! answer at once. Nothing is kept of a report that is refused; the page still holds what was typed.

use domain::access::{Actor, ProviderRole, ProviderScope};
use domain::report::Learner;
use domain::upload::{Counts, RowResult};
use domain::{Field, PhysicianId, Problem, UploadId};
use formats::Header;
use matching::Outcome;
use sha2::{Digest, Sha256};
use store::upload_rows::SettledRow;
use store::uploads::{NewUpload, Source, Submitter};

use super::judge::{Judged, identity_problem, judge};
use super::record::{Recorded, record};
use crate::claims::subjects::folded_name;
use crate::registry::query_of;
use crate::{App, Error, Result, audit, ledgers, providers, retry};

/// Reports one learner. `Problems` says what is wrong with it.
pub async fn report_one(app: &App, actor: &Actor, sender: &str, fields: Vec<(Field, String)>) -> Result<Recorded> {
    let scope = actor.provider(ProviderRole::LearnerData).ok_or(Error::Forbidden("your role only reads"))?;
    providers::must_be_in_good_standing(app, &scope).await?;
    let header = Header::of(fields.iter().map(|(field, _)| *field));
    let row = header.row(1, fields);
    let report = formats::learner_report(&header, &row, &app.reference.get());
    let judged = judge(app, &scope, vec![report]).await?;
    let Some(judged) = judged.into_iter().next() else { return Err(Error::NotFound) };
    if !judged.report.problems.is_empty() {
        return Err(Error::Problems(judged.report.problems));
    }
    let recorded = retry::on_race(|| record_one(app, actor, &scope, sender, &judged)).await?;
    ledgers::sign_soon(app).await;
    Ok(recorded)
}

async fn record_one(
    app: &App,
    actor: &Actor,
    scope: &ProviderScope,
    sender: &str,
    judged: &Judged,
) -> Result<Recorded> {
    let now = app.clock.now();
    let id = UploadId::new(app.chance.id(now));
    let mut tx = app.store.write().await?;
    let upload = NewUpload {
        id,
        source: Source::Form,
        submitter: Submitter { who: actor.who, name: sender.to_owned() },
        file_name: String::new(),
        file_format: "form".to_owned(),
        file_bytes: 0,
        // a form has no bytes to compare; its own ID keeps it apart from all others
        digest: Sha256::digest(id.as_uuid().as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect(),
        permission_on: app.clock.today(),
        received_at: now,
    };
    store::uploads::insert(&mut tx, scope, &upload).await?;
    let recorded = record(app, &mut tx, scope, id, &[(1, judged)]).await?;
    let Some(recorded) = recorded.into_iter().next() else { return Err(Error::NotFound) };
    if recorded.result == RowResult::Refused {
        return Err(Error::Problems(recorded.problems)); // dropping the transaction leaves nothing behind
    }
    let settled = SettledRow { number: 1, result: recorded.result, completion: recorded.completion, refused: None };
    store::upload_rows::insert_many(&mut tx, id, &[settled]).await?;
    let mut counts = Counts::default();
    counts.count(recorded.result);
    store::uploads::advance(&mut tx, id, 0, &counts, 1000).await?;
    store::uploads::finish(&mut tx, id, &[], now).await?;
    audit::record(app, &mut tx, actor, "learner.report", id, None, "").await?;
    tx.commit().await?;
    Ok(recorded)
}

/// Tries that one provider may make at one person, and at all, in a day.
const TRIES_AT_ONE: i64 = 40;
const TRIES_IN_ALL: i64 = 2_000;
const DAY: i64 = 86_400_000_000;

/// Whether these details mean one physician, before any credit is reported. `None`: yes. The answer
/// names fields to look at and nothing that the registry knows; each try is counted and audited.
pub async fn check_identity(app: &App, actor: &Actor, fields: Vec<(Field, String)>) -> Result<Option<Problem>> {
    let scope = actor.provider(ProviderRole::LearnerData).ok_or(Error::Forbidden("your role only reads"))?;
    let header = Header::of(fields.iter().map(|(field, _)| *field));
    let row = header.row(1, fields);
    let reference = app.reference.get();
    let report = formats::learner_report_for(formats::Purpose::Identity, &header, &row, &reference);
    if let Some(problem) = report.problems.into_iter().next() {
        return Ok(Some(problem));
    }
    app.registry.refresh(&app.store).await?;
    let explained = app.registry.explain(&query_of(&report.learner));
    let likely = explained.candidates.first().map(|candidate| candidate.physician);
    count_try(app, actor, &scope, &report.learner, likely).await?;
    let decision = explained.decision;
    Ok((!matches!(decision.outcome, Outcome::Matched(_))).then(|| identity_problem(&decision)))
}

/// Counts by the name and by the physician who is likeliest meant: neither another spelling of the name
/// nor another name beside the same license is a new person.
async fn count_try(
    app: &App,
    actor: &Actor,
    scope: &ProviderScope,
    learner: &Learner,
    likely: Option<PhysicianId>,
) -> Result<()> {
    const KIND: &str = "identity.check";
    let now = app.clock.now();
    let all = scope.provider().to_string();
    // hashed: the log of tries must not become a second registry
    let hashed = |person: &str| -> String {
        Sha256::digest(format!("{all}|{person}").as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let named = hashed(&folded_name(&learner.last, &learner.first));
    let meant = likely.map(|physician| hashed(&physician.to_string()));
    let people = meant.iter().chain([&named]).map(|person| (person, TRIES_AT_ONE));
    let mut tx = app.store.write().await?;
    for (subject, most) in people.chain([(&all, TRIES_IN_ALL)]) {
        if store::attempts::count_since(&mut tx, KIND, subject, now - DAY).await?.count >= most {
            return Err(Error::TooMany { retry_after_seconds: 3_600 });
        }
        store::attempts::insert(&mut tx, app.chance.id(now), KIND, subject, now).await?;
    }
    audit::record(app, &mut tx, actor, "identity.check", &named[..16], None, "").await?;
    Ok(tx.commit().await?)
}
