//! Numbers about a provider's activities, grouped: what its reports draw and download. Activities
//! belong to a period by their start; drafts count too, with what they have.
//!
//! Texts of outcomes and supporters stand in JSON columns that SQL does not look into: equal texts are
//! counted together by SQL and taken apart here.

use std::collections::BTreeMap;

use domain::Amount;
use domain::access::ProviderScope;
use domain::activity::{MeasuredOutcome, Support};
use jiff::civil::Date;
use sqlx::AssertSqlSafe;

use crate::error::Result;
use crate::tx::ReadTx;
use crate::values::{at, date_text, from_json};

/// Starts from the first to the last day, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub from: Date,
    pub until: Date,
}

impl Period {
    /// A calendar year.
    pub fn year(year: i16) -> Self {
        let day = |month, day| Date::new(year, month, day).unwrap_or(Date::MAX);
        Self { from: day(1, 1), until: day(12, 31) }
    }
}

/// What activities are grouped by. The key of a line is the stored word: a format's code, `2026-03`,
/// `2026`, `direct`, `closed`; empty where an activity says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Format,
    Month,
    Year,
    Providership,
    Stage,
}

impl Group {
    fn sql(self) -> &'static str {
        match self {
            Group::Format => "format",
            Group::Month => "substr(starts_on, 1, 7)",
            Group::Year => "substr(starts_on, 1, 4)",
            Group::Providership => "providership",
            Group::Stage => "stage",
        }
    }
}

/// What the activities of one group add up to. Empty totals count as nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    pub key: String,
    pub activities: i64,
    /// The credits that the activities offer, not those that learners earned.
    pub credits: Amount,
    pub physicians: i64,
    pub others: i64,
    pub support_dollars: i64,
}

#[derive(sqlx::FromRow)]
struct LineRow {
    key: String,
    activities: i64,
    credits: i64,
    physicians: i64,
    others: i64,
    support_dollars: i64,
}

/// One line for each group that occurs, by key.
pub async fn lines(tx: &mut ReadTx, scope: &ProviderScope, period: Period, group: Group) -> Result<Vec<Line>> {
    let sql = format!(
        "select {} as key, count(*) as activities,
             cast(coalesce(sum(credit), 0) as bigint) as credits,
             cast(coalesce(sum(physician_total), 0) as bigint) as physicians,
             cast(coalesce(sum(other_total), 0) as bigint) as others,
             cast(coalesce(sum(support_dollars), 0) as bigint) as support_dollars
         from activity where provider_id = $1 and starts_on between $2 and $3 group by 1 order by 1",
        group.sql()
    );
    let rows = all!(
        tx,
        LineRow,
        AssertSqlSafe(sql),
        scope.provider().as_str(),
        date_text(period.from),
        date_text(period.until),
    )?;
    let line = |row: LineRow| Line {
        key: row.key,
        activities: row.activities,
        credits: Amount::new(row.credits),
        physicians: row.physicians,
        others: row.others,
        support_dollars: row.support_dollars,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// Activities that measured an outcome. One that measured several counts for each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OutcomeLine {
    /// The code of the outcome; empty: nothing measured, or not yet said.
    pub outcome: String,
    pub activities: i64,
    pub objective: i64,
    pub subjective: i64,
}

/// One line for each outcome that occurs, by code; those without any come first.
pub async fn outcomes(tx: &mut ReadTx, scope: &ProviderScope, period: Period) -> Result<Vec<OutcomeLine>> {
    let rows = all!(
        tx,
        (String, i64),
        "select outcomes, count(*) from activity
         where provider_id = $1 and starts_on between $2 and $3 group by outcomes",
        scope.provider().as_str(),
        date_text(period.from),
        date_text(period.until),
    )?;
    let mut lines: BTreeMap<String, OutcomeLine> = BTreeMap::new();
    let mut add = |outcome: String, count: i64, objective: bool, subjective: bool| {
        let line = lines.entry(outcome.clone()).or_insert(OutcomeLine { outcome, ..OutcomeLine::default() });
        line.activities += count;
        line.objective += if objective { count } else { 0 };
        line.subjective += if subjective { count } else { 0 };
    };
    for (text, count) in rows {
        let measured: Vec<MeasuredOutcome> = from_json(&text, at("activity", "outcomes", &scope.provider()))?;
        if measured.is_empty() {
            add(String::new(), count, false, false);
        }
        for one in measured {
            add(one.outcome, count, one.objective, one.subjective);
        }
    }
    Ok(lines.into_values().collect())
}

/// What one supporter gave. One that supported several activities counts each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SupportLine {
    pub source: String,
    pub activities: i64,
    pub dollars: i64,
    /// Activities that it supported in kind.
    pub in_kind: i64,
}

/// One line for each supporter, the largest sum first.
pub async fn support(tx: &mut ReadTx, scope: &ProviderScope, period: Period) -> Result<Vec<SupportLine>> {
    let rows = all!(
        tx,
        (String, i64),
        "select support, count(*) from activity
         where provider_id = $1 and starts_on between $2 and $3 and support <> '[]' group by support",
        scope.provider().as_str(),
        date_text(period.from),
        date_text(period.until),
    )?;
    let mut lines: BTreeMap<String, SupportLine> = BTreeMap::new();
    for (text, count) in rows {
        let given: Vec<Support> = from_json(&text, at("activity", "support", &scope.provider()))?;
        let mut counted: Vec<&str> = Vec::new();
        for one in &given {
            let source = one.source.clone();
            let line = lines.entry(source.clone()).or_insert(SupportLine { source, ..SupportLine::default() });
            if !counted.contains(&one.source.as_str()) {
                line.activities += count;
                counted.push(&one.source);
            }
            match one.dollars {
                Some(dollars) => line.dollars += dollars * count,
                None => line.in_kind += count,
            }
        }
    }
    let mut lines: Vec<SupportLine> = lines.into_values().collect();
    lines.sort_by(|a, b| b.dollars.cmp(&a.dollars).then_with(|| a.source.cmp(&b.source)));
    Ok(lines)
}

/// The years in which activities of the provider start, newest first.
pub async fn years(tx: &mut ReadTx, scope: &ProviderScope) -> Result<Vec<i16>> {
    let rows = all!(
        tx,
        (String,),
        "select distinct substr(starts_on, 1, 4) from activity where provider_id = $1",
        scope.provider().as_str(),
    )?;
    let mut years: Vec<i16> = rows.iter().filter_map(|(year,)| year.parse().ok()).collect();
    years.sort_unstable_by(|a, b| b.cmp(a));
    Ok(years)
}
