//! People with a completion in a period, and when it was reported. A person counts once an activity,
//! however often they completed it; physicians by their record, others by the provider's own ID.
//!
//! The sums are made activity by activity from the index `completion_activity`.

use domain::access::ProviderScope;
use jiff::civil::Date;
use sqlx::AssertSqlSafe;

use super::{CLASS, Class, ClassRow, Period};
use crate::error::Result;
use crate::tx::ReadTx;
use crate::values::{at, date_text, parsed};

/// Learners of the activities of one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearnerCell {
    pub class: Class,
    pub physicians: i64,
    pub others: i64,
}

#[derive(sqlx::FromRow)]
struct LearnerRow {
    #[sqlx(flatten)]
    class: ClassRow,
    physicians: i64,
    others: i64,
}

/// Learners with a live completion in the period.
pub async fn learners(tx: &mut ReadTx, scope: &ProviderScope, period: Period) -> Result<Vec<LearnerCell>> {
    let people = |column: &str, which: &str| {
        format!(
            "(select count(distinct k.{column}) from completion k where k.activity_id = a.activity_id
                 and k.physician_id is {which} and k.withdrawn_at is null and k.completed_on between $2 and $3)"
        )
    };
    let (physicians, others) = (people("physician_id", "not null"), people("learner_identifier", "null"));
    let rows = all!(
        tx,
        LearnerRow,
        AssertSqlSafe(format!(
            "select {CLASS}, cast(sum({physicians}) as bigint) as physicians, cast(sum({others}) as bigint) as others
             from activity a where a.provider_id = $1 group by {CLASS}"
        )),
        scope.provider().as_str(),
        date_text(period.from),
        date_text(period.until),
    )?;
    let cell = |row: LearnerRow| {
        let class = row.class.class(scope.provider())?;
        Ok(LearnerCell { class, physicians: row.physicians, others: row.others })
    };
    rows.into_iter().map(cell).collect()
}

/// Completions of one day that were reported on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCell {
    pub completed_on: Date,
    /// Days since 1970, in the zone that was asked for.
    pub reported_day: i64,
    pub is_physician: bool,
    pub completions: i64,
    /// People who have no earlier completion of the same activity in the period.
    pub learners: i64,
}

/// Live completions of the period by day of completion and day of report. `offset` is what the zone is
/// ahead of UTC, in microseconds.
pub async fn days(tx: &mut ReadTx, scope: &ProviderScope, period: Period, offset: i64) -> Result<Vec<DayCell>> {
    let mut cells = Vec::new();
    for (is_physician, which, same) in [
        (true, "not null", "e.physician_id = k.physician_id"),
        (false, "null", "e.physician_id is null and e.learner_identifier = k.learner_identifier"),
    ] {
        let rows = all!(
            tx,
            (String, i64, i64, i64),
            AssertSqlSafe(format!(
                "select k.completed_on, (k.reported_at + $4) / 86400000000, count(*),
                     cast(sum(case when exists (select 1 from completion e where e.activity_id = k.activity_id
                         and {same} and e.completed_on >= $2 and e.completed_on < k.completed_on
                         and e.withdrawn_at is null) then 0 else 1 end) as bigint)
                 from activity a cross join completion k
                 where a.provider_id = $1 and k.activity_id = a.activity_id and k.physician_id is {which}
                 and k.withdrawn_at is null and k.completed_on between $2 and $3
                 group by 1, 2 order by 1, 2"
            )),
            scope.provider().as_str(),
            date_text(period.from),
            date_text(period.until),
            offset,
        )?;
        for (completed_on, reported_day, completions, learners) in rows {
            let completed_on = parsed(&completed_on, at("completion", "completed_on", &scope.provider()))?;
            cells.push(DayCell { completed_on, reported_day, is_physician, completions, learners });
        }
    }
    Ok(cells)
}
