//! A provider's reporting year: what was said and submitted, and what its activities add up to.
//!
//! Only what a person said is stored; sums and counts are asked of the activities each time, so they
//! cannot disagree with them. Enduring material is cumulative: a year's learners are the difference of
//! two snapshots, or of its totals and the last snapshot once it has ended.

mod enduring;

use domain::access::ProviderScope;
use domain::activity::Format;
use domain::activity::year::{Done, Facts, Income, Totals};
use domain::{AccountId, Amount};
use uuid::Uuid;

pub use enduring::{Enduring, Snapshot, enduring, last_snapshot, put_snapshots};

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, from_json, json};

/// What is on record of a year beside its activities.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Year {
    pub year: i16,
    pub agreement: Option<Done>,
    /// The words that were accepted.
    pub agreement_text: String,
    pub entered: Option<Done>,
    pub income: Income,
    pub submitted: Option<Done>,
    /// Whether it was submitted after the deadline.
    pub is_late: bool,
    pub submitted_totals: Option<Totals>,
    /// Counts saves; 0 if nothing was said yet.
    pub version: i64,
}

#[derive(sqlx::FromRow)]
struct YearRow {
    agreed_at: Option<i64>,
    agreed_by: Option<Uuid>,
    agreement: String,
    entered_at: Option<i64>,
    entered_by: Option<Uuid>,
    income: String,
    submitted_at: Option<i64>,
    submitted_by: Option<Uuid>,
    submitted_late: bool,
    submitted_totals: Option<String>,
    version: i64,
}

fn done(by: Option<Uuid>, at: Option<i64>) -> Option<Done> {
    at.map(|at| Done { by: by.map(AccountId::new), at })
}

fn by(done: Option<Done>) -> Option<Uuid> {
    done.and_then(|done| done.by).map(AccountId::as_uuid)
}

/// The year as it was left; an empty one if nobody said anything yet.
pub async fn get(tx: &mut ReadTx, scope: &ProviderScope, year: i16) -> Result<Year> {
    let row = maybe!(
        tx,
        YearRow,
        "select agreed_at, agreed_by, agreement, entered_at, entered_by, income, submitted_at, submitted_by,
             submitted_late, submitted_totals, version
         from provider_year where provider_id = $1 and year = $2",
        scope.provider().as_str(),
        i64::from(year),
    )?;
    let Some(row) = row else { return Ok(Year { year, ..Year::default() }) };
    let provider = scope.provider();
    let place = |column| at("provider_year", column, &provider);
    Ok(Year {
        year,
        agreement: done(row.agreed_by, row.agreed_at),
        agreement_text: row.agreement,
        entered: done(row.entered_by, row.entered_at),
        income: from_json(&row.income, place("income"))?,
        submitted: done(row.submitted_by, row.submitted_at),
        is_late: row.submitted_late,
        submitted_totals: row
            .submitted_totals
            .as_deref()
            .map(|text| from_json(text, place("submitted_totals")))
            .transpose()?,
        version: row.version,
    })
}

/// Saves a year if its `version` is still the newest; tells whether it was.
pub async fn save(tx: &mut WriteTx, scope: &ProviderScope, year: &Year) -> Result<bool> {
    let saved = exec!(
        tx,
        "insert into provider_year (provider_id, year, agreed_at, agreed_by, agreement, entered_at, entered_by, income,
             submitted_at, submitted_by, submitted_late, submitted_totals, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict (provider_id, year) do update set agreed_at = excluded.agreed_at, agreed_by = excluded.agreed_by,
             agreement = excluded.agreement, entered_at = excluded.entered_at, entered_by = excluded.entered_by,
             income = excluded.income, submitted_at = excluded.submitted_at, submitted_by = excluded.submitted_by,
             submitted_late = excluded.submitted_late, submitted_totals = excluded.submitted_totals,
             version = excluded.version
         where provider_year.version = excluded.version - 1",
        scope.provider().as_str(),
        i64::from(year.year),
        year.agreement.map(|done| done.at),
        by(year.agreement),
        year.agreement_text.as_str(),
        year.entered.map(|done| done.at),
        by(year.entered),
        json(&year.income)?,
        year.submitted.map(|done| done.at),
        by(year.submitted),
        year.is_late,
        year.submitted_totals.map(|totals| json(&totals)).transpose()?,
        year.version + 1,
    )?;
    Ok(saved > 0)
}

fn days(year: i16) -> (String, String) {
    (format!("{year:04}-01-01"), format!("{year:04}-12-31"))
}

/// Formats whose totals are cumulative, as a list for SQL. They are words of our own.
pub(crate) fn cumulative() -> String {
    let formats = Format::ALL.iter().filter(|format| format.is_cumulative());
    formats.map(|format| format!("'{}'", format.code())).collect::<Vec<_>>().join(", ")
}

#[derive(sqlx::FromRow)]
struct TotalsRow {
    activities: i64,
    credits: i64,
    physicians: i64,
    others: i64,
    support_dollars: i64,
    supported: i64,
}

/// What the provider's activities of the year add up to; see [`Totals`].
pub async fn totals(tx: &mut ReadTx, scope: &ProviderScope, year: i16) -> Result<Totals> {
    let (first, last) = days(year);
    let before = |column: &str| {
        format!(
            "coalesce((select b.{column} from activity_year_total b where b.activity_id = activity.activity_id
                 and b.year < $2 order by b.year desc limit 1), 0)"
        )
    };
    let (had_physicians, had_others, formats) = (before("physicians"), before("others"), cumulative());
    let ended = one!(
        tx,
        TotalsRow,
        sqlx::AssertSqlSafe(format!(
            "select count(*) as activities, cast(coalesce(sum(credit), 0) as bigint) as credits,
                 cast(coalesce(sum(coalesce(physician_total, 0)
                     - case when format in ({formats}) then {had_physicians} else 0 end), 0) as bigint) as physicians,
                 cast(coalesce(sum(coalesce(other_total, 0)
                     - case when format in ({formats}) then {had_others} else 0 end), 0) as bigint) as others,
                 cast(coalesce(sum(support_dollars), 0) as bigint) as support_dollars,
                 cast(coalesce(sum(case when has_support then 1 else 0 end), 0) as bigint) as supported
             from activity where provider_id = $1 and ends_on between $3 and $4"
        )),
        scope.provider().as_str(),
        i64::from(year),
        first,
        last.clone(),
    )?;
    let (physicians, others): (i64, i64) = one!(
        tx,
        (i64, i64),
        sqlx::AssertSqlSafe(format!(
            "select cast(coalesce(sum(taken.physicians - {had_physicians}), 0) as bigint),
                 cast(coalesce(sum(taken.others - {had_others}), 0) as bigint)
             from activity_year_total taken join activity on activity.activity_id = taken.activity_id
             where taken.provider_id = $1 and taken.year = $2 and activity.ends_on > $3"
        )),
        scope.provider().as_str(),
        i64::from(year),
        last,
    )?;
    Ok(Totals {
        activities: ended.activities,
        credits: Amount::new(ended.credits),
        physicians: ended.physicians + physicians,
        others: ended.others + others,
        support_dollars: ended.support_dollars,
        supported: ended.supported,
    })
}

#[derive(sqlx::FromRow)]
struct CountsRow {
    drafts: i64,
    unclosed: i64,
    enduring: i64,
    refreshed: i64,
}

/// Everything that the steps of a year-end are judged by.
pub async fn facts(tx: &mut ReadTx, scope: &ProviderScope, on_record: &Year) -> Result<Facts> {
    let (first, last) = days(on_record.year);
    let running = format!("format in ({}) and stage <> 'draft' and starts_on <= $3 and ends_on > $3", cumulative());
    let counts = one!(
        tx,
        CountsRow,
        sqlx::AssertSqlSafe(format!(
            "select (select count(*) from activity where provider_id = $1 and stage = 'draft'
                         and (starts_on between $2 and $3 or ends_on between $2 and $3)) as drafts,
                    (select count(*) from activity where provider_id = $1 and ends_on between $2 and $3
                         and stage <> 'closed') as unclosed,
                    (select count(*) from activity where provider_id = $1 and {running}) as enduring,
                    (select count(*) from activity where provider_id = $1 and {running} and exists
                         (select 1 from activity_year_total taken where taken.activity_id = activity.activity_id
                          and year = $4)) as refreshed",
        )),
        scope.provider().as_str(),
        first,
        last,
        i64::from(on_record.year),
    )?;
    Ok(Facts {
        agreement: on_record.agreement,
        entered: on_record.entered,
        drafts: counts.drafts,
        unclosed: counts.unclosed,
        enduring: counts.enduring,
        refreshed: counts.refreshed,
        income: on_record.income,
        submitted: on_record.submitted,
        submitted_totals: on_record.submitted_totals,
        totals: totals(tx, scope, on_record.year).await?,
    })
}
