//! A provider's completions as its staff look for them: who, what, when, and what became of it.

use domain::access::ProviderScope;
use domain::credit::{Credit, CreditStatus, Kind};
use domain::{ActivityId, Amount, CompletionId, CreditId};
use jiff::civil::Date;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::physicians::keys;
use crate::tx::ReadTx;
use crate::values::{at, from_json, parsed, word};

/// What to look for; everything empty means all.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// The beginning of a last name, or last and first name.
    pub name: String,
    pub activity: Option<ActivityId>,
    pub status: Option<CreditStatus>,
}

/// One completion on a provider's list.
#[derive(Debug, Clone)]
pub struct Learner {
    pub id: CompletionId,
    pub first_name: String,
    pub last_name: String,
    pub birth: String,
    pub identifier: String,
    pub activity: ActivityId,
    pub title: String,
    pub completed_on: Date,
    pub reported_at: i64,
    pub credits: Vec<Credit>,
}

#[derive(sqlx::FromRow)]
struct LearnerRow {
    completion_id: Uuid,
    first_name: String,
    last_name: String,
    birth: String,
    learner_identifier: String,
    activity_id: String,
    title: String,
    completed_on: String,
    reported_at: i64,
}

macro_rules! found {
    ($columns:literal, $rest:literal) => {
        concat!(
            "select ",
            $columns,
            " from completion k join activity a on a.activity_id = k.activity_id
              where k.provider_id = $1 and k.withdrawn_at is null
                and k.name_key >= $2 and k.name_key < $3
                and (cast($4 as text) is null or k.activity_id = $4)
                and (cast($5 as text) is null or exists (
                  select 1 from credit c where c.completion_id = k.completion_id and c.withdrawn_at is null
                    and c.status = $5)) ",
            $rest
        )
    };
}

/// Newest reports first.
pub async fn search(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    search: &Search,
    skip: i64,
    most: i64,
) -> Result<Vec<Learner>> {
    let (from, before) = keys::name_range(&search.name);
    let rows = all!(
        tx,
        LearnerRow,
        found!(
            "k.completion_id, k.first_name, k.last_name, k.birth, k.learner_identifier, k.activity_id, a.title,
             k.completed_on, k.reported_at",
            "order by k.reported_at desc, k.completion_id desc limit $6 offset $7"
        ),
        scope.provider().as_str(),
        from,
        before,
        search.activity.map(String::from),
        search.status.map(CreditStatus::code),
        most,
        skip,
    )?;
    let mut learners = Vec::with_capacity(rows.len());
    for row in rows {
        let id = CompletionId::new(row.completion_id);
        learners.push(Learner {
            id,
            first_name: row.first_name,
            last_name: row.last_name,
            birth: row.birth,
            identifier: row.learner_identifier,
            activity: parsed(&row.activity_id, at("completion", "activity_id", &id))?,
            title: row.title,
            completed_on: parsed(&row.completed_on, at("completion", "completed_on", &id))?,
            reported_at: row.reported_at,
            credits: Vec::new(),
        });
    }
    add_credits(tx, &mut learners).await?;
    Ok(learners)
}

pub async fn count(tx: &mut ReadTx, scope: &ProviderScope, search: &Search) -> Result<i64> {
    let (from, before) = keys::name_range(&search.name);
    let (count,) = one!(
        tx,
        (i64,),
        found!("count(*)", ""),
        scope.provider().as_str(),
        from,
        before,
        search.activity.map(String::from),
        search.status.map(CreditStatus::code),
    )?;
    Ok(count)
}

#[derive(sqlx::FromRow)]
struct CreditRow {
    credit_id: Uuid,
    completion_id: Uuid,
    kind: String,
    amount: i64,
    types: String,
    status: String,
    reason: String,
    derived_from: Option<Uuid>,
}

async fn add_credits(tx: &mut ReadTx, learners: &mut [Learner]) -> Result<()> {
    let ids: Vec<Uuid> = learners.iter().map(|learner| learner.id.as_uuid()).collect();
    let rows = among!(
        tx,
        CreditRow,
        in "select credit_id, completion_id, kind, amount, types, status, reason, derived_from from credit
            where withdrawn_at is null and completion_id in (",
        ids,
        ") order by kind"
    );
    for row in rows {
        let id = CreditId::new(row.credit_id);
        let credit = Credit {
            id,
            kind: Kind::read(&row.kind).ok_or_else(|| Error::corrupt("credit", "kind", id))?,
            amount: Amount::new(row.amount),
            types: from_json(&row.types, at("credit", "types", &id))?,
            status: word(CreditStatus::read(&row.status), at("credit", "status", &id))?,
            reason: row.reason,
            is_derived: row.derived_from.is_some(),
        };
        let completion = CompletionId::new(row.completion_id);
        if let Some(learner) = learners.iter_mut().find(|learner| learner.id == completion) {
            learner.credits.push(credit);
        }
    }
    Ok(())
}

/// What the provider's first page counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Figures {
    pub completions_this_year: i64,
    pub pending: i64,
    pub rejected: i64,
    pub refused_rows: i64,
    pub accepted_rows: i64,
    pub running: i64,
}

/// Counts over the provider's own records; `year` is the calendar year of completion. Activity by activity from
/// an index and from the tally of credits, so that no row of a million is read.
pub async fn figures(tx: &mut ReadTx, scope: &ProviderScope, year: i16) -> Result<Figures> {
    one!(
        tx,
        Figures,
        "select
           (select count(*) from activity a cross join completion k
              where a.provider_id = $1 and k.activity_id = a.activity_id and k.withdrawn_at is null
              and k.completed_on >= $2 and k.completed_on < $3) as completions_this_year,
           (select cast(coalesce(sum(credits), 0) as bigint) from credit_tally
              where provider_id = $1 and status = 'pending') as pending,
           (select cast(coalesce(sum(credits), 0) as bigint) from credit_tally
              where provider_id = $1 and status = 'rejected') as rejected,
           (select cast(coalesce(sum(refused), 0) as bigint) from upload where provider_id = $1) as refused_rows,
           (select cast(coalesce(sum(accepted), 0) as bigint) from upload where provider_id = $1) as accepted_rows,
           (select count(*) from upload where provider_id = $1 and status in ('received', 'processing')) as running",
        scope.provider().as_str(),
        format!("{year:04}-01-01"),
        format!("{:04}-01-01", year.saturating_add(1)),
    )
}

/// Live CME credits of the scope's provider by month of completion (`YYYY-MM`), in hundredths.
pub async fn credits_by_month(tx: &mut ReadTx, scope: &ProviderScope, year: i16) -> Result<Vec<(String, i64)>> {
    all!(
        tx,
        (String, i64),
        "select substr(completed_on, 1, 7), cast(coalesce(sum(amount), 0) as bigint)
         from credit_tally
         where provider_id = $1 and kind = 'CME' and credits > 0 and completed_on >= $2 and completed_on < $3
         group by substr(completed_on, 1, 7) order by 1",
        scope.provider().as_str(),
        format!("{year:04}-01-01"),
        format!("{:04}-01-01", year.saturating_add(1)),
    )
}
