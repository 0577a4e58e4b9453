//! What completions on record ask of their activity: a change that would make one of them invalid
//! is refused (domain.md, Activities), and the refusal says how many and which dates. `|| ''` keeps SQLite from
//! reading all of the provider's completions for one activity.

use std::collections::HashMap;

use domain::access::ProviderScope;
use domain::{ActivityId, Amount, Board};
use jiff::civil::Date;

use crate::error::Result;
use crate::tx::ReadTx;
use crate::values::{at, date_text, from_json, parsed};

/// Completions that would become invalid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    pub count: i64,
    pub first: Date,
    pub last: Date,
}

/// What is on record of one kind of credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnRecord {
    pub count: i64,
    pub most: Amount,
    pub last: Date,
    /// The credit types that occur.
    pub types: Vec<String>,
}

/// How many completions the activity has, without withdrawn ones.
pub async fn completions(tx: &mut ReadTx, scope: &ProviderScope, activity: ActivityId) -> Result<i64> {
    let (count,): (i64,) = one!(
        tx,
        (i64,),
        "select count(*) from completion where activity_id = $1 and provider_id || '' = $2 and withdrawn_at is null",
        activity.as_str(),
        scope.provider().as_str(),
    )?;
    Ok(count)
}

/// As [`completions`], of many activities; those without any are left out.
pub async fn completions_of(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    activities: &[ActivityId],
) -> Result<HashMap<ActivityId, i64>> {
    let provider = scope.provider();
    let ids: Vec<String> = activities.iter().map(ActivityId::to_string).collect();
    let rows = among!(
        tx,
        (String, i64),
        "select activity_id, count(*) from completion where provider_id || '' = ",
        provider.as_str(),
        in " and activity_id in (",
        ids,
        ") and withdrawn_at is null group by activity_id"
    );
    rows.into_iter().map(|(id, count)| Ok((parsed(&id, at("completion", "activity_id", &id))?, count))).collect()
}

/// A completion as its provider knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub completed_on: Date,
    pub first: String,
    pub last: String,
    pub is_withdrawn: bool,
}

/// The completions ever reported for an activity, live ones first, at most `limit`: what keeps it from
/// being deleted.
pub async fn named(tx: &mut ReadTx, scope: &ProviderScope, activity: ActivityId, limit: i64) -> Result<Vec<Named>> {
    let rows = all!(
        tx,
        (String, String, String, bool),
        "select completed_on, first_name, last_name, withdrawn_at is not null from completion
         where activity_id = $1 and provider_id || '' = $2
         order by case when withdrawn_at is null then 0 else 1 end, completed_on, last_name, completion_id limit $3",
        activity.as_str(),
        scope.provider().as_str(),
        limit,
    )?;
    let one = |(completed_on, first, last, is_withdrawn): (String, String, String, bool)| {
        let completed_on = parsed(&completed_on, at("completion", "completed_on", &activity))?;
        Ok(Named { completed_on, first, last, is_withdrawn })
    };
    rows.into_iter().map(one).collect()
}

/// Completions before `starts_on` or after `ends_on`.
pub async fn outside_dates(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    activity: ActivityId,
    starts_on: Date,
    ends_on: Date,
) -> Result<Option<Outside>> {
    let (count, first, last): (i64, Option<String>, Option<String>) = one!(
        tx,
        (i64, Option<String>, Option<String>),
        "select count(*), min(completed_on), max(completed_on) from completion
         where activity_id = $1 and provider_id || '' = $2 and withdrawn_at is null
         and (completed_on < $3 or completed_on > $4)",
        activity.as_str(),
        scope.provider().as_str(),
        date_text(starts_on),
        date_text(ends_on),
    )?;
    outside(activity, count, first, last)
}

/// Completions with more CME credit than `most`. Credit derived from MOC points is bound by those.
pub async fn above_credit(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    activity: ActivityId,
    most: Amount,
) -> Result<Option<Outside>> {
    let (count, first, last): (i64, Option<String>, Option<String>) = one!(
        tx,
        (i64, Option<String>, Option<String>),
        "select count(*), min(completed_on), max(completed_on)
         from completion join credit on credit.completion_id = completion.completion_id
         where activity_id = $1 and provider_id || '' = $2 and completion.withdrawn_at is null
         and credit.withdrawn_at is null and kind = 'CME' and derived_from is null and amount > $3",
        activity.as_str(),
        scope.provider().as_str(),
        most.hundredths(),
    )?;
    outside(activity, count, first, last)
}

fn outside(activity: ActivityId, count: i64, first: Option<String>, last: Option<String>) -> Result<Option<Outside>> {
    let (Some(first), Some(last)) = (first, last) else { return Ok(None) };
    let place = at("completion", "completed_on", &activity);
    Ok(Some(Outside { count, first: parsed(&first, place)?, last: parsed(&last, place)? }))
}

/// Completions that report a REMS learner.
pub async fn rems_completions(tx: &mut ReadTx, scope: &ProviderScope, activity: ActivityId) -> Result<i64> {
    let (count,): (i64,) = one!(
        tx,
        (i64,),
        "select count(*) from completion
         where activity_id = $1 and provider_id || '' = $2 and withdrawn_at is null and rems is not null",
        activity.as_str(),
        scope.provider().as_str(),
    )?;
    Ok(count)
}

/// The board's credit on record for the activity; rejected credit asks for nothing.
pub async fn with_board(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    activity: ActivityId,
    board: Board,
) -> Result<Option<OnRecord>> {
    let rows = all!(
        tx,
        (String, i64, i64, String),
        "select types, count(*), max(amount), max(completed_on)
         from completion join credit on credit.completion_id = completion.completion_id
         where activity_id = $1 and provider_id || '' = $2 and completion.withdrawn_at is null
         and credit.withdrawn_at is null and kind = $3 and status <> 'rejected' group by types",
        activity.as_str(),
        scope.provider().as_str(),
        board.code(),
    )?;
    let mut found: Option<OnRecord> = None;
    for (types, count, most, last) in rows {
        let types: Vec<(String, Amount)> = from_json(&types, at("credit", "types", &activity))?;
        let last: Date = parsed(&last, at("completion", "completed_on", &activity))?;
        let sum = found.get_or_insert(OnRecord { count: 0, most: Amount::ZERO, last, types: Vec::new() });
        sum.count += count;
        sum.most = sum.most.max(Amount::new(most));
        sum.last = sum.last.max(last);
        for (name, _) in types {
            if !sum.types.contains(&name) {
                sum.types.push(name);
            }
        }
    }
    Ok(found)
}
