//! What is on record of people, or of completions, right now: what the duplicate check compares with.

use std::collections::HashMap;

use domain::access::ProviderScope;
use domain::credit::{Kind, Part};
use domain::{ActivityId, Amount, CompletionId, CreditId, PhysicianId};
use jiff::civil::Date;
use uuid::Uuid;

use super::Person;
use crate::error::{Error, Result};
use crate::tx::ReadTx;
use crate::values::{at, from_json, parsed, word};

/// A live completion with its live credits, as the duplicate check needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    pub id: CompletionId,
    pub person: Person,
    pub completed_on: Date,
    pub credits: Vec<LiveCredit>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveCredit {
    pub id: CreditId,
    pub kind: Kind,
    pub part: Part,
    pub amount: Amount,
    pub types: Vec<(String, Amount)>,
    pub derived_from: Option<CreditId>,
}

#[derive(sqlx::FromRow)]
struct LiveRow {
    completion_id: Uuid,
    physician_id: Option<Uuid>,
    learner_identifier: String,
    completed_on: String,
}

#[derive(sqlx::FromRow)]
struct LiveCreditRow {
    credit_id: Uuid,
    completion_id: Uuid,
    kind: String,
    part: String,
    amount: i64,
    types: String,
    derived_from: Option<Uuid>,
}

/// What is on record for these people in one activity of the scope's provider.
pub async fn live(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    activity: ActivityId,
    people: &[Person],
) -> Result<Vec<Live>> {
    let mut physicians = Vec::new();
    let mut others = Vec::new();
    for person in people {
        match person {
            Person::Physician(id) => physicians.push(id.as_uuid()),
            Person::Rems(local_id) => others.push(local_id.clone()),
        }
    }
    // a person who is named twice, far apart, would be asked for in two queries and found twice
    physicians.sort_unstable();
    physicians.dedup();
    others.sort_unstable();
    others.dedup();
    let provider = scope.provider();
    // `|| ''` keeps SQLite from reading all of the provider's completions for each learner
    let mut rows = looked_up!(
        tx,
        LiveRow,
        physicians,
        "select completion_id, physician_id, learner_identifier, completed_on from wanted cross join completion
         where physician_id = item and physician_id is not null and withdrawn_at is null and activity_id = ",
        activity.as_str(),
        " and provider_id || '' = ",
        provider.as_str(),
    );
    rows.extend(looked_up!(
        tx,
        LiveRow,
        others,
        "select completion_id, physician_id, learner_identifier, completed_on from wanted cross join completion
         where learner_identifier = item and physician_id is null and withdrawn_at is null and activity_id = ",
        activity.as_str(),
        " and provider_id || '' = ",
        provider.as_str(),
    ));
    with_credits(tx, rows).await
}

/// As [`live`], the scope's live ones among these.
pub async fn live_among(tx: &mut ReadTx, scope: &ProviderScope, completions: &[CompletionId]) -> Result<Vec<Live>> {
    let ids: Vec<Uuid> = completions.iter().map(|id| id.as_uuid()).collect();
    let provider = scope.provider();
    let rows = among!(
        tx,
        LiveRow,
        "select completion_id, physician_id, learner_identifier, completed_on from completion
         where withdrawn_at is null and provider_id || '' = ",
        provider.as_str(),
        in " and completion_id in (",
        ids,
        ")"
    );
    with_credits(tx, rows).await
}

async fn with_credits(tx: &mut ReadTx, rows: Vec<LiveRow>) -> Result<Vec<Live>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.completion_id).collect();
    let mut credits = live_credits(tx, &ids).await?;
    rows.into_iter()
        .map(|row| {
            let id = CompletionId::new(row.completion_id);
            Ok(Live {
                id,
                person: match row.physician_id {
                    Some(physician) => Person::Physician(PhysicianId::new(physician)),
                    None => Person::Rems(row.learner_identifier),
                },
                completed_on: parsed(&row.completed_on, at("completion", "completed_on", &id))?,
                credits: credits.remove(&id).unwrap_or_default(),
            })
        })
        .collect()
}

async fn live_credits(tx: &mut ReadTx, completions: &[Uuid]) -> Result<HashMap<CompletionId, Vec<LiveCredit>>> {
    let rows = among!(
        tx,
        LiveCreditRow,
        in "select credit_id, completion_id, kind, part, amount, types, derived_from from credit
            where withdrawn_at is null and completion_id in (",
        completions,
        ") order by credit_id"
    );
    let mut credits: HashMap<CompletionId, Vec<LiveCredit>> = HashMap::new();
    for row in rows {
        let id = CreditId::new(row.credit_id);
        let kind = Kind::read(&row.kind).ok_or_else(|| Error::corrupt("credit", "kind", id))?;
        let credit = LiveCredit {
            id,
            kind,
            part: word(Part::read(&row.part), at("credit", "part", &id))?,
            amount: Amount::new(row.amount),
            types: from_json(&row.types, at("credit", "types", &id))?,
            derived_from: row.derived_from.map(CreditId::new),
        };
        credits.entry(CompletionId::new(row.completion_id)).or_default().push(credit);
    }
    Ok(credits)
}
