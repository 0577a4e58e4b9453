//! Completions as the programs that reported them ask for them again: by their own ID, by learner, by
//! activity and day.
//!
//! Nothing here looks beyond the scope's provider: what another provider reported is as absent as nothing.

use std::collections::HashMap;

use domain::access::ProviderScope;
use domain::credit::{CreditStatus, Kind};
use domain::{ActivityId, Amount, CompletionId, CreditId, MonthDay, PhysicianId};
use jiff::civil::Date;
use uuid::Uuid;

use crate::completions::Person;
use crate::error::{Error, Result};
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, date_text, from_json, parsed, word};

/// A live completion that was reported under a sender's own ID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub submission_id: String,
    pub completion: CompletionId,
    pub activity: ActivityId,
    pub person: Person,
    pub completed_on: Date,
}

#[derive(sqlx::FromRow)]
struct NamedRow {
    submission_id: String,
    completion_id: Uuid,
    activity_id: String,
    physician_id: Option<Uuid>,
    learner_identifier: String,
    completed_on: String,
}

/// Notes further IDs of the sender's for completions of the provider's.
pub async fn insert_further(tx: &mut WriteTx, scope: &ProviderScope, ids: &[(CompletionId, String)]) -> Result<()> {
    bulk!(
        tx,
        "insert into further_submission_id (provider_id, submission_id, completion_id) ",
        ids,
        " on conflict do nothing",
        |row| scope.provider().to_string(),
        row.1.clone(),
        row.0.as_uuid(),
    );
    Ok(())
}

/// What is on record under these IDs of the provider's own; two queries for some hundred of them.
pub async fn named(tx: &mut ReadTx, scope: &ProviderScope, ids: &[String]) -> Result<Vec<Named>> {
    let provider = scope.provider();
    // the index holds live completions with an ID alone, and only a query that says so may use it
    let mut rows = looked_up!(
        tx,
        NamedRow,
        ids,
        "select submission_id, completion_id, activity_id, physician_id, learner_identifier, completed_on
         from wanted cross join completion
         where submission_id = item and submission_id <> '' and withdrawn_at is null and provider_id = ",
        provider.as_str(),
    );
    rows.extend(looked_up!(
        tx,
        NamedRow,
        ids,
        "select f.submission_id, c.completion_id, c.activity_id, c.physician_id, c.learner_identifier, c.completed_on
         from wanted cross join further_submission_id f cross join completion c
         where f.submission_id = item and c.completion_id = f.completion_id and c.withdrawn_at is null
           and f.provider_id = ",
        provider.as_str(),
    ));
    rows.into_iter()
        .map(|row| {
            let id = CompletionId::new(row.completion_id);
            let here = |column| at("completion", column, &id);
            Ok(Named {
                completion: id,
                activity: parsed(&row.activity_id, here("activity_id"))?,
                person: match row.physician_id {
                    Some(physician) => Person::Physician(PhysicianId::new(physician)),
                    None => Person::Rems(row.learner_identifier),
                },
                completed_on: parsed(&row.completed_on, here("completed_on"))?,
                submission_id: row.submission_id,
            })
        })
        .collect()
}

/// The sender's own IDs of a completion, beside the one that it bears.
pub async fn further_of(tx: &mut ReadTx, scope: &ProviderScope, completion: CompletionId) -> Result<Vec<String>> {
    let rows = all!(
        tx,
        (String,),
        "select submission_id from further_submission_id where completion_id = $1 and provider_id = $2
         order by submission_id",
        completion.as_uuid(),
        scope.provider().as_str(),
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Which of a physician's completions are asked for; everything empty means all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Narrowed {
    pub activity: Option<ActivityId>,
    pub completed_on: Option<Date>,
}

/// What the provider has on record of a physician, in the order in which it came, behind `after`.
pub async fn of_physician(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    physician: PhysicianId,
    narrowed: Narrowed,
    after: Option<CompletionId>,
    most: i64,
) -> Result<Vec<CompletionId>> {
    // `|| ''` keeps SQLite from reading all of the provider's completions
    let rows = all!(
        tx,
        (Uuid,),
        "select completion_id from completion
         where physician_id = $1 and withdrawn_at is null and provider_id || '' = $2 and completion_id > $3
           and (cast($4 as text) is null or activity_id = $4) and (cast($5 as text) is null or completed_on = $5)
         order by completion_id limit $6",
        physician.as_uuid(),
        scope.provider().as_str(),
        after.map_or(Uuid::nil(), CompletionId::as_uuid),
        narrowed.activity.map(String::from),
        narrowed.completed_on.map(date_text),
        most,
    )?;
    Ok(rows.into_iter().map(|(id,)| CompletionId::new(id)).collect())
}

/// A completion of an activity on one day, with what may say whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfDay {
    pub id: CompletionId,
    pub physician: Option<PhysicianId>,
    pub learner_identifier: String,
}

/// Completions of one activity of the provider's, one day, and one day of birth as it was reported.
pub async fn of_day(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    activity: ActivityId,
    completed_on: Date,
    birth: MonthDay,
) -> Result<Vec<OfDay>> {
    let rows = all!(
        tx,
        (Uuid, Option<Uuid>, String),
        "select completion_id, physician_id, learner_identifier from completion
         where activity_id = $1 and completed_on = $2 and birth = $3 and provider_id || '' = $4
           and withdrawn_at is null
         order by completion_id",
        activity.as_str(),
        date_text(completed_on),
        birth.to_string(),
        scope.provider().as_str(),
    )?;
    let of_day = |(id, physician, learner_identifier): (Uuid, Option<Uuid>, String)| OfDay {
        id: CompletionId::new(id),
        physician: physician.map(PhysicianId::new),
        learner_identifier,
    };
    Ok(rows.into_iter().map(of_day).collect())
}

/// A live credit as its destination has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub credit: CreditId,
    pub kind: Kind,
    pub amount: Amount,
    /// Tags over the same points.
    pub types: Vec<(String, Amount)>,
    /// The learner's ID with the board, as it was reported.
    pub diplomate_id: String,
    pub status: CreditStatus,
    pub reason: String,
    pub is_derived: bool,
    pub reported_at: i64,
}

#[derive(sqlx::FromRow)]
struct StandingRow {
    credit_id: Uuid,
    completion_id: Uuid,
    kind: String,
    amount: i64,
    types: String,
    diplomate_id: String,
    status: String,
    reason: String,
    derived_from: Option<Uuid>,
    reported_at: i64,
}

/// The live credits of these completions of the provider's, CME before boards.
pub async fn standings(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    completions: &[CompletionId],
) -> Result<HashMap<CompletionId, Vec<Standing>>> {
    let ids: Vec<Uuid> = completions.iter().map(|id| id.as_uuid()).collect();
    let provider = scope.provider();
    let rows = among!(
        tx,
        StandingRow,
        "select c.credit_id, c.completion_id, c.kind, c.amount, c.types, c.diplomate_id, c.status, c.reason,
           c.derived_from, c.reported_at
         from credit c join completion k on k.completion_id = c.completion_id
         where c.withdrawn_at is null and k.provider_id || '' = ",
        provider.as_str(),
        in " and c.completion_id in (",
        ids,
        ")"
    );
    let mut standings: HashMap<CompletionId, Vec<Standing>> = HashMap::new();
    for row in rows {
        let id = CreditId::new(row.credit_id);
        let here = |column| at("credit", column, &id);
        let standing = Standing {
            credit: id,
            kind: Kind::read(&row.kind).ok_or_else(|| Error::corrupt("credit", "kind", id))?,
            amount: Amount::new(row.amount),
            types: from_json(&row.types, here("types"))?,
            diplomate_id: row.diplomate_id,
            status: word(CreditStatus::read(&row.status), here("status"))?,
            reason: row.reason,
            is_derived: row.derived_from.is_some(),
            reported_at: row.reported_at,
        };
        standings.entry(CompletionId::new(row.completion_id)).or_default().push(standing);
    }
    for standings in standings.values_mut() {
        standings.sort_by_key(|standing| standing.kind);
    }
    Ok(standings)
}
