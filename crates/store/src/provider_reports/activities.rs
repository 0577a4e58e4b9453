//! Activities that end in a period, with their aggregate totals and commercial support.
//!
//! Enduring material is cumulative, so its learners of a period are a difference of two totals: from the
//! last December 31 before the period to the end of the activity, or to the last December 31 within the
//! period while it still runs. For a calendar year that is what `years::totals` says of it.

use domain::Amount;
use domain::access::ProviderScope;
use domain::activity::Support;
use jiff::civil::Date;
use sqlx::AssertSqlSafe;

use super::{CLASS, Class, ClassRow, Period, month};
use crate::error::Result;
use crate::tx::ReadTx;
use crate::values::{at, date_text, from_json};
use crate::years::cumulative;

/// What activities of one class add up to that end in one month. Empty totals count as nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityCell {
    pub class: Class,
    /// Its first day.
    pub month: Date,
    pub activities: i64,
    /// The credits that the activities offer, not those that learners earned.
    pub offered: Amount,
    pub physicians: i64,
    pub others: i64,
    pub support_dollars: i64,
}

#[derive(sqlx::FromRow)]
struct CellRow {
    #[sqlx(flatten)]
    class: ClassRow,
    month: String,
    activities: i64,
    offered: i64,
    physicians: i64,
    others: i64,
    support_dollars: i64,
}

impl CellRow {
    fn cell(self, scope: &ProviderScope) -> Result<ActivityCell> {
        Ok(ActivityCell {
            class: self.class.class(scope.provider())?,
            month: month(&self.month, "activity", scope.provider())?,
            activities: self.activities,
            offered: Amount::new(self.offered),
            physicians: self.physicians,
            others: self.others,
            support_dollars: self.support_dollars,
        })
    }
}

/// The cumulative total of the last December 31 before year `$4`, or nothing.
fn before(column: &str) -> String {
    format!(
        "coalesce((select b.{column} from activity_year_total b where b.activity_id = a.activity_id
             and b.year < $4 order by b.year desc limit 1), 0)"
    )
}

/// Activities that end in the period, drafts too, as they stand.
pub async fn activities(tx: &mut ReadTx, scope: &ProviderScope, period: Period) -> Result<Vec<ActivityCell>> {
    let (had_physicians, had_others, formats) = (before("physicians"), before("others"), cumulative());
    let rows = all!(
        tx,
        CellRow,
        AssertSqlSafe(format!(
            "select {CLASS}, substr(a.ends_on, 1, 7) as month, count(*) as activities,
                 cast(coalesce(sum(a.credit), 0) as bigint) as offered,
                 cast(coalesce(sum(coalesce(a.physician_total, 0)
                     - case when a.format in ({formats}) then {had_physicians} else 0 end), 0) as bigint) as physicians,
                 cast(coalesce(sum(coalesce(a.other_total, 0)
                     - case when a.format in ({formats}) then {had_others} else 0 end), 0) as bigint) as others,
                 cast(coalesce(sum(a.support_dollars), 0) as bigint) as support_dollars
             from activity a where a.provider_id = $1 and a.ends_on between $2 and $3
             group by {CLASS}, substr(a.ends_on, 1, 7)"
        )),
        scope.provider().as_str(),
        date_text(period.from),
        date_text(period.until),
        i64::from(period.from.year()),
    )?;
    rows.into_iter().map(|row| row.cell(scope)).collect()
}

/// Enduring material that runs past the period: its learners up to the last December 31 within it, in
/// the December of that year. It counts as no activity of the period yet.
pub async fn running(tx: &mut ReadTx, scope: &ProviderScope, period: Period) -> Result<Vec<ActivityCell>> {
    let (had_physicians, had_others) = (before("physicians"), before("others"));
    // the last year whose December 31 is within the period
    let is_last_day = period.until.month() == 12 && period.until.day() == 31;
    let last = period.until.year() - if is_last_day { 0 } else { 1 };
    let rows = all!(
        tx,
        CellRow,
        AssertSqlSafe(format!(
            "select {CLASS}, cast(t.year as text) || '-12' as month, cast(0 as bigint) as activities,
                 cast(0 as bigint) as offered,
                 cast(coalesce(sum(t.physicians - {had_physicians}), 0) as bigint) as physicians,
                 cast(coalesce(sum(t.others - {had_others}), 0) as bigint) as others,
                 cast(0 as bigint) as support_dollars
             from activity_year_total t join activity a on a.activity_id = t.activity_id
             where t.provider_id = $1 and a.provider_id = $2 and a.ends_on > $3 and t.year between $4 and $5
             and not exists (select 1 from activity_year_total later where later.activity_id = t.activity_id
                 and later.year > t.year and later.year <= $5)
             group by {CLASS}, t.year"
        )),
        scope.provider().as_str(),
        scope.provider().as_str(),
        date_text(period.until),
        i64::from(period.from.year()),
        i64::from(last),
    )?;
    rows.into_iter().map(|row| row.cell(scope)).collect()
}

/// What one supporter gave to activities that end in the period. One that supported several counts each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Given {
    /// The code of the supporter, or its name where it is not in the list.
    pub source: String,
    pub activities: i64,
    pub dollars: i64,
    /// Activities that it supported in kind.
    pub in_kind: i64,
}

/// One line for each supporter, the largest sum first.
pub async fn support(tx: &mut ReadTx, scope: &ProviderScope, period: Period) -> Result<Vec<Given>> {
    let rows = all!(
        tx,
        (String, i64),
        "select support, count(*) from activity
         where provider_id = $1 and ends_on between $2 and $3 and support <> '[]' group by support",
        scope.provider().as_str(),
        date_text(period.from),
        date_text(period.until),
    )?;
    let mut lines: std::collections::BTreeMap<String, Given> = std::collections::BTreeMap::new();
    for (text, count) in rows {
        let given: Vec<Support> = from_json(&text, at("activity", "support", &scope.provider()))?;
        let (mut counted, mut in_kind): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
        for one in &given {
            let source = one.source.clone();
            let line = lines.entry(source.clone()).or_insert(Given { source, ..Given::default() });
            if !counted.contains(&one.source.as_str()) {
                line.activities += count;
                counted.push(&one.source);
            }
            match one.dollars {
                Some(dollars) => line.dollars = line.dollars.saturating_add(dollars.saturating_mul(count)),
                None if in_kind.contains(&one.source.as_str()) => {}
                None => {
                    line.in_kind += count;
                    in_kind.push(&one.source);
                }
            }
        }
    }
    let mut lines: Vec<Given> = lines.into_values().collect();
    lines.sort_by(|a, b| b.dollars.cmp(&a.dollars).then_with(|| a.source.cmp(&b.source)));
    Ok(lines)
}

/// The first and the last year in which activities of the provider end; `None` if it has none.
pub async fn years(tx: &mut ReadTx, scope: &ProviderScope) -> Result<Option<(i16, i16)>> {
    let (first, last) = one!(
        tx,
        (Option<String>, Option<String>),
        "select (select min(ends_on) from activity where provider_id = $1),
                (select max(ends_on) from activity where provider_id = $1)",
        scope.provider().as_str(),
    )?;
    let year = |day: Option<String>| day.and_then(|day| day.parse::<Date>().ok()).map(Date::year);
    Ok(year(first).zip(year(last)))
}
