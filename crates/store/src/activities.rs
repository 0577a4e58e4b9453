//! Activities with their MOC registrations, each belonging to one provider.
//!
//! Status is not a column: `is_complete` (said by the domain at each save), the end date, `closed_at`
//! and the day give it. A save names the version it was typed on; an older one changes nothing.

mod lists;
mod on_record;
mod rows;

use std::collections::HashMap;

use domain::access::ProviderScope;
use domain::activity::{Activity, MocRegistration};
use domain::{AccountId, ActivityId};

pub use lists::{Counts, Filter, Listed, Sort, choices, counts, list};
pub use on_record::{OnRecord, Outside, above_credit, completions, outside_dates, rems_completions, with_board};

use crate::counters::{self, Counter};
use crate::error::{Error, Result};
use crate::tx::{ReadTx, WriteTx};
use crate::values::{date_text, json};
use rows::{ActivityRow, MocRow};

/// An activity as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub activity: Activity,
    /// Counts saves, from 1.
    pub version: i64,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
    pub updated_at: i64,
    pub closed_at: Option<i64>,
}

/// Who gave the undertakings of MOC registrations that a save attests, and when.
#[derive(Debug, Clone, Copy)]
pub struct Attested {
    pub by: Option<AccountId>,
    pub at: i64,
}

/// The first ID that is handed out.
const FIRST_ID: i64 = 200_000_001;

/// A new activity ID: nine digits that no activity has.
pub async fn next_id(tx: &mut WriteTx) -> Result<ActivityId> {
    loop {
        let number = FIRST_ID + counters::take(tx, Counter::Activity, 1).await?;
        let text = format!("{number:09}");
        let id: ActivityId = text.parse().map_err(|_| Error::corrupt("counter", "value", "activity"))?;
        // activities brought from elsewhere keep their IDs, so one may stand in the way
        let taken: Option<(i64,)> =
            maybe!(tx, (i64,), "select version from activity where activity_id = $1", id.as_str())?;
        if taken.is_none() {
            return Ok(id);
        }
    }
}

/// Adds an activity of this provider. An ID that is there already is a unique violation.
pub async fn insert(tx: &mut WriteTx, scope: &ProviderScope, new: &Activity, attested: Attested) -> Result<()> {
    exec!(
        tx,
        "insert into activity (activity_id, provider_id, internal_id, title, format, starts_on, ends_on, deliveries,
         city, state, country, credit, description, providership, joint_providers, in_passport, url, fee, registration,
         is_rems, outcomes, has_support, support, physician_total, other_total, tags, is_complete, search_key,
         created_at, updated_at, closed_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
         $23, $24, $25, '{}', $26, $27, $28, $28, $29, 1)",
        new.id.as_str(),
        scope.provider().as_str(),
        new.internal_id.as_str(),
        new.title.as_str(),
        new.format.code(),
        date_text(new.starts_on),
        date_text(new.ends_on),
        json(&new.deliveries)?,
        new.city.as_str(),
        new.state.map(|state| state.code().to_owned()).unwrap_or_default(),
        new.country.as_str(),
        new.credit.map(|credit| credit.hundredths()),
        new.description.as_str(),
        new.providership.map_or("", |choice| choice.code()),
        json(&new.joint_providers)?,
        new.in_passport,
        new.url.as_str(),
        new.fee.map_or("", |choice| choice.code()),
        new.registration.map_or("", |choice| choice.code()),
        new.is_rems,
        json(&new.outcomes)?,
        new.has_support,
        json(&new.support)?,
        new.physician_total,
        new.other_total,
        new.missing_for_active().is_empty(),
        rows::search_key(new),
        attested.at,
        new.is_closed.then_some(attested.at),
    )?;
    put_registrations(tx, new, attested).await
}

/// Saves an activity of this provider if `version` is still the newest; tells whether it was.
pub async fn update(
    tx: &mut WriteTx,
    scope: &ProviderScope,
    changed: &Activity,
    version: i64,
    attested: Attested,
) -> Result<bool> {
    let done = exec!(
        tx,
        "update activity set internal_id = $3, title = $4, format = $5, starts_on = $6, ends_on = $7, deliveries = $8,
         city = $9, state = $10, country = $11, credit = $12, description = $13, providership = $14,
         joint_providers = $15, in_passport = $16, url = $17, fee = $18, registration = $19, is_rems = $20,
         outcomes = $21, has_support = $22, support = $23, physician_total = $24, other_total = $25,
         is_complete = $26, search_key = $27, updated_at = $28,
         closed_at = case when $29 then coalesce(closed_at, $28) else null end, version = version + 1
         where activity_id = $1 and provider_id = $2 and version = $30",
        changed.id.as_str(),
        scope.provider().as_str(),
        changed.internal_id.as_str(),
        changed.title.as_str(),
        changed.format.code(),
        date_text(changed.starts_on),
        date_text(changed.ends_on),
        json(&changed.deliveries)?,
        changed.city.as_str(),
        changed.state.map(|state| state.code().to_owned()).unwrap_or_default(),
        changed.country.as_str(),
        changed.credit.map(|credit| credit.hundredths()),
        changed.description.as_str(),
        changed.providership.map_or("", |choice| choice.code()),
        json(&changed.joint_providers)?,
        changed.in_passport,
        changed.url.as_str(),
        changed.fee.map_or("", |choice| choice.code()),
        changed.registration.map_or("", |choice| choice.code()),
        changed.is_rems,
        json(&changed.outcomes)?,
        changed.has_support,
        json(&changed.support)?,
        changed.physician_total,
        changed.other_total,
        changed.missing_for_active().is_empty(),
        rows::search_key(changed),
        attested.at,
        changed.is_closed,
        version,
    )?;
    if done == 0 {
        return Ok(false);
    }
    put_registrations(tx, changed, attested).await?;
    Ok(true)
}

/// Makes the MOC registrations those of the value. An attestation keeps its first date and person.
async fn put_registrations(tx: &mut WriteTx, activity: &Activity, attested: Attested) -> Result<()> {
    let on_record = all!(tx, (String,), "select board from activity_moc where activity_id = $1", activity.id.as_str())?;
    for (board,) in on_record {
        if !activity.moc.iter().any(|registration| registration.board.code() == board) {
            exec!(
                tx,
                "delete from activity_moc where activity_id = $1 and board = $2",
                activity.id.as_str(),
                board.as_str(),
            )?;
        }
    }
    for registration in &activity.moc {
        put_registration(tx, activity.id, registration, attested).await?;
    }
    Ok(())
}

async fn put_registration(
    tx: &mut WriteTx,
    activity: ActivityId,
    registration: &MocRegistration,
    attested: Attested,
) -> Result<()> {
    let is_attested = registration.attested;
    exec!(
        tx,
        "insert into activity_moc (activity_id, board, points, credit_types, practice_areas, claim_until, attested_at,
         attested_by) values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (activity_id, board) do update set points = excluded.points,
         credit_types = excluded.credit_types, practice_areas = excluded.practice_areas,
         claim_until = excluded.claim_until,
         attested_by = case when excluded.attested_at is null then null
             when activity_moc.attested_at is null then excluded.attested_by else activity_moc.attested_by end,
         attested_at = case when excluded.attested_at is null then null
             else coalesce(activity_moc.attested_at, excluded.attested_at) end",
        activity.as_str(),
        registration.board.code(),
        registration.points.hundredths(),
        json(&registration.credit_types)?,
        json(&registration.practice_areas)?,
        registration.claim_until.map(date_text),
        is_attested.then_some(attested.at),
        attested.by.filter(|_| is_attested).map(AccountId::as_uuid),
    )?;
    Ok(())
}

/// An activity of this provider; another provider's is not found.
pub async fn find(tx: &mut ReadTx, scope: &ProviderScope, id: ActivityId) -> Result<Option<Stored>> {
    Ok(some(tx, scope, &[id.to_string()]).await?.pop())
}

/// The versions of the scope's activities among these: whoever judged by an older one judges again.
pub async fn versions(tx: &mut ReadTx, scope: &ProviderScope, ids: &[ActivityId]) -> Result<HashMap<ActivityId, i64>> {
    let provider = scope.provider();
    let ids: Vec<String> = ids.iter().map(|id| id.to_string()).collect();
    let rows = among!(
        tx,
        (String, i64),
        "select activity_id, version from activity where provider_id = ",
        provider.as_str(),
        in " and activity_id in (",
        ids,
        ")"
    );
    rows.into_iter()
        .map(|(id, version)| Ok((id.parse().map_err(|_| Error::corrupt("activity", "activity_id", &id))?, version)))
        .collect()
}

/// The activities of this provider that a batch of reports names, as the checks need them.
pub async fn find_for_reports(tx: &mut ReadTx, scope: &ProviderScope, ids: &[ActivityId]) -> Result<Vec<Activity>> {
    let ids: Vec<String> = ids.iter().map(ActivityId::to_string).collect();
    Ok(some(tx, scope, &ids).await?.into_iter().map(|stored| stored.activity).collect())
}

async fn some(tx: &mut ReadTx, scope: &ProviderScope, ids: &[String]) -> Result<Vec<Stored>> {
    let provider = scope.provider().to_string();
    let rows: Vec<ActivityRow> = among!(
        tx,
        ActivityRow,
        "select * from activity where provider_id = ",
        provider.as_str(),
        in " and activity_id in (",
        ids,
        ")"
    );
    with_registrations(tx, rows).await
}

/// The activities of this provider with these internal IDs. Several may share one.
pub async fn find_by_internal_ids(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    internal_ids: &[String],
) -> Result<Vec<Activity>> {
    let provider = scope.provider().to_string();
    let rows: Vec<ActivityRow> = among!(
        tx,
        ActivityRow,
        "select * from activity where provider_id = ",
        provider.as_str(),
        in " and internal_id <> '' and internal_id in (",
        internal_ids,
        ")"
    );
    Ok(with_registrations(tx, rows).await?.into_iter().map(|stored| stored.activity).collect())
}

async fn with_registrations(tx: &mut ReadTx, rows: Vec<ActivityRow>) -> Result<Vec<Stored>> {
    let ids: Vec<String> = rows.iter().map(|row| row.activity_id.clone()).collect();
    let moc: Vec<MocRow> = among!(
        tx,
        MocRow,
        in "select activity_id, board, points, credit_types, practice_areas, claim_until, attested_at
            from activity_moc where activity_id in (",
        ids,
        ")"
    );
    rows::assemble(rows, moc)
}
