//! Decisions about providers' accreditation, each from a day on. Nothing is changed or removed: what was planned can be
//! taken back, and what was wrong is followed by another decision.
//!
//! `provider.standing` holds today's, so that lists and joins need no history; whoever lets a provider submit asks
//! [`on`] with the day, which is right also in the moment in which a planned day arrives.

use domain::access::StaffScope;
use domain::{AccountId, ProviderId};
use jiff::civil::Date;
use uuid::Uuid;

use super::Standing;
use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, date_text, parsed, parsed_or_none, word};

/// A decision as it is entered.
#[derive(Debug, Clone)]
pub struct NewDecision {
    pub id: Uuid,
    pub provider: ProviderId,
    pub starts_on: Date,
    pub standing: Standing,
    /// Its name in the reference data of the day.
    pub decision: String,
    pub term_until: Option<Date>,
    pub reason: String,
    pub recorded_at: i64,
    pub recorded_by: Option<AccountId>,
}

/// A decision on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub id: Uuid,
    pub starts_on: Date,
    pub standing: Standing,
    pub decision: String,
    pub term_until: Option<Date>,
    pub reason: String,
    pub recorded_at: i64,
    /// Empty: the system.
    pub recorded_by: String,
    pub taken_back_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct DecisionRow {
    standing_id: Uuid,
    starts_on: String,
    standing: String,
    decision: String,
    term_until: String,
    reason: String,
    recorded_at: i64,
    recorded_by_name: String,
    taken_back_at: Option<i64>,
}

pub async fn insert(tx: &mut WriteTx, new: &NewDecision) -> Result<()> {
    exec!(
        tx,
        "insert into provider_standing (standing_id, provider_id, number, starts_on, standing, decision, term_until,
         reason, recorded_at, recorded_by)
         values ($1, $2, (select coalesce(max(s.number), 0) + 1 from provider_standing s where s.provider_id = $2),
                 $3, $4, $5, $6, $7, $8, $9)",
        new.id,
        new.provider.as_str(),
        date_text(new.starts_on),
        new.standing.code(),
        &new.decision,
        new.term_until.map(date_text).unwrap_or_default(),
        &new.reason,
        new.recorded_at,
        new.recorded_by.map(AccountId::as_uuid),
    )?;
    Ok(())
}

/// All decisions about a provider, the latest day first.
pub async fn list(tx: &mut ReadTx, _scope: &StaffScope, provider: ProviderId) -> Result<Vec<Decision>> {
    let rows = all!(
        tx,
        DecisionRow,
        "select s.standing_id, s.starts_on, s.standing, s.decision, s.term_until, s.reason, s.recorded_at,
                coalesce(a.name, '') as recorded_by_name, s.taken_back_at
         from provider_standing s left join account a on a.account_id = s.recorded_by
         where s.provider_id = $1 order by s.starts_on desc, s.number desc",
        provider.as_str(),
    )?;
    rows.into_iter()
        .map(|row| {
            let place = at("provider_standing", "starts_on", &row.standing_id);
            Ok(Decision {
                id: row.standing_id,
                starts_on: parsed(&row.starts_on, place)?,
                standing: word(Standing::read(&row.standing), at("provider_standing", "standing", &row.standing_id))?,
                decision: row.decision,
                term_until: parsed_or_none(&row.term_until, at("provider_standing", "term_until", &row.standing_id))?,
                reason: row.reason,
                recorded_at: row.recorded_at,
                recorded_by: row.recorded_by_name,
                taken_back_at: row.taken_back_at,
            })
        })
        .collect()
}

/// How the provider stands on a day, as far as is decided; `None` if there is no such provider.
pub async fn on(tx: &mut ReadTx, provider: ProviderId, day: Date) -> Result<Option<Standing>> {
    let row = maybe!(
        tx,
        (String,),
        "select coalesce((select s.standing from provider_standing s
                          where s.provider_id = $1 and s.starts_on <= $2 and s.taken_back_at is null
                          order by s.starts_on desc, s.number desc limit 1), p.standing)
         from provider p where p.provider_id = $1",
        provider.as_str(),
        date_text(day),
    )?;
    row.map(|(text,)| word(Standing::read(&text), at("provider_standing", "standing", &provider))).transpose()
}

/// The last day of the term that the decision in force names, if it names one.
pub async fn term_on(tx: &mut ReadTx, provider: ProviderId, day: Date) -> Result<Option<Date>> {
    let row = maybe!(
        tx,
        (String,),
        "select term_until from provider_standing
         where provider_id = $1 and starts_on <= $2 and taken_back_at is null
         order by starts_on desc, number desc limit 1",
        provider.as_str(),
        date_text(day),
    )?;
    match row {
        Some((text,)) => parsed_or_none(&text, at("provider_standing", "term_until", &provider)),
        None => Ok(None),
    }
}

/// Writes today's standing beside the provider's name.
pub async fn set_current(tx: &mut WriteTx, provider: ProviderId, standing: Standing) -> Result<()> {
    exec!(tx, "update provider set standing = $1 where provider_id = $2", standing.code(), provider.as_str())?;
    Ok(())
}

/// Takes back what is planned for a day after `today`. `false`: there is no such plan any more.
pub async fn take_back(
    tx: &mut WriteTx,
    _scope: &StaffScope,
    provider: ProviderId,
    id: Uuid,
    (by, now): (AccountId, i64),
    today: Date,
) -> Result<bool> {
    let changed = exec!(
        tx,
        "update provider_standing set taken_back_at = $1, taken_back_by = $2
         where standing_id = $3 and provider_id = $4 and starts_on > $5 and taken_back_at is null",
        now,
        by.as_uuid(),
        id,
        provider.as_str(),
        date_text(today),
    )?;
    Ok(changed == 1)
}

/// Providers with a decision whose day has come and was not seen to; at most so many.
pub async fn due(tx: &mut ReadTx, today: Date, most: i64) -> Result<Vec<ProviderId>> {
    let rows = all!(
        tx,
        (String,),
        "select distinct provider_id from provider_standing
         where starts_on <= $1 and applied_at is null and taken_back_at is null order by provider_id limit $2",
        date_text(today),
        most,
    )?;
    rows.into_iter().map(|(id,)| parsed(&id, at("provider_standing", "provider_id", &id))).collect()
}

/// Notes that the days until `today` were seen to. How many of them were not before.
pub async fn mark_applied(tx: &mut WriteTx, provider: ProviderId, today: Date, now: i64) -> Result<u64> {
    exec!(
        tx,
        "update provider_standing set applied_at = $1
         where provider_id = $2 and starts_on <= $3 and applied_at is null and taken_back_at is null",
        now,
        provider.as_str(),
        date_text(today),
    )
}
