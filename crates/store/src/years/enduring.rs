//! Learner totals of enduring material as of the end of a year: cumulative, so that a year's own
//! learners are the difference of two.

use domain::access::ProviderScope;
use domain::activity::year::Done;
use domain::{AccountId, ActivityId};
use jiff::civil::Date;

use super::{cumulative, days};
use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, parsed};

/// Cumulative learner totals at the end of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshot {
    pub physicians: i64,
    pub others: i64,
}

/// An enduring activity that still ran on 31 December, with what is known of its totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enduring {
    pub activity: ActivityId,
    pub title: String,
    pub starts_on: Date,
    pub ends_on: Date,
    pub is_closed: bool,
    /// The totals that stand on the activity now.
    pub physician_total: Option<i64>,
    pub other_total: Option<i64>,
    /// As of the end of the year before, of this year, and of the first later year on record.
    pub before: Option<Snapshot>,
    pub taken: Option<Snapshot>,
    pub after: Option<Snapshot>,
}

#[derive(sqlx::FromRow)]
struct EnduringRow {
    activity_id: String,
    title: String,
    starts_on: String,
    ends_on: String,
    stage: String,
    physician_total: Option<i64>,
    other_total: Option<i64>,
}

/// Enduring activities whose totals a year-end asks for, oldest start first.
pub async fn enduring(tx: &mut ReadTx, scope: &ProviderScope, year: i16) -> Result<Vec<Enduring>> {
    let (_, last) = days(year);
    let rows = all!(
        tx,
        EnduringRow,
        sqlx::AssertSqlSafe(format!(
            "select activity_id, title, starts_on, ends_on, stage, physician_total, other_total from activity
             where provider_id = $1 and format in ({}) and stage <> 'draft' and starts_on <= $2 and ends_on > $2
             order by starts_on, activity_id",
            cumulative()
        )),
        scope.provider().as_str(),
        last,
    )?;
    let ids: Vec<String> = rows.iter().map(|row| row.activity_id.clone()).collect();
    let taken = snapshots(tx, &ids).await?;
    let one = |row: EnduringRow| {
        let of = |wanted: &dyn Fn(i64) -> bool, last: bool| {
            let mut found = taken.iter().filter(|(id, at, _)| *id == row.activity_id && wanted(*at));
            let found = if last { found.next_back() } else { found.next() };
            found.map(|(_, _, snapshot)| *snapshot)
        };
        let year = i64::from(year);
        let place = |column| at("activity", column, &row.activity_id);
        Ok(Enduring {
            activity: parsed(&row.activity_id, place("activity_id"))?,
            starts_on: parsed(&row.starts_on, place("starts_on"))?,
            ends_on: parsed(&row.ends_on, place("ends_on"))?,
            is_closed: row.stage == "closed",
            before: of(&|at| at < year, true),
            taken: of(&|at| at == year, true),
            after: of(&|at| at > year, false),
            physician_total: row.physician_total,
            other_total: row.other_total,
            title: row.title.clone(),
        })
    };
    rows.into_iter().map(one).collect()
}

/// All snapshots of these activities, by year.
async fn snapshots(tx: &mut ReadTx, ids: &[String]) -> Result<Vec<(String, i64, Snapshot)>> {
    let mut rows = among!(
        tx,
        (String, i64, i64, i64),
        in "select activity_id, year, physicians, others from activity_year_total where activity_id in (",
        ids,
        ")"
    );
    rows.sort_unstable();
    let one = |(id, year, physicians, others)| (id, year, Snapshot { physicians, others });
    Ok(rows.into_iter().map(one).collect())
}

/// The newest snapshot of an activity of this provider, with its year: totals never fall below it.
pub async fn last_snapshot(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    activity: ActivityId,
) -> Result<Option<(i16, Snapshot)>> {
    let row = maybe!(
        tx,
        (i64, i64, i64),
        "select year, physicians, others from activity_year_total
         where activity_id = $1 and provider_id = $2 order by year desc limit 1",
        activity.as_str(),
        scope.provider().as_str(),
    )?;
    Ok(row.map(|(year, physicians, others)| (i16::try_from(year).unwrap_or(i16::MAX), Snapshot { physicians, others })))
}

/// Puts totals as of the end of a year on record, or corrects them.
pub async fn put_snapshots(
    tx: &mut WriteTx,
    scope: &ProviderScope,
    year: i16,
    taken: &[(ActivityId, Snapshot)],
    by: Done,
) -> Result<()> {
    let provider = scope.provider().to_string();
    bulk!(
        tx,
        "insert into activity_year_total (activity_id, year, provider_id, physicians, others, taken_at, taken_by) ",
        taken,
        " on conflict (activity_id, year) do update set physicians = excluded.physicians, others = excluded.others,
          taken_at = excluded.taken_at, taken_by = excluded.taken_by
          where activity_year_total.provider_id = excluded.provider_id",
        |row| row.0.to_string(),
        i64::from(year),
        provider.clone(),
        row.1.physicians,
        row.1.others,
        by.at,
        by.by.map(AccountId::as_uuid)
    );
    Ok(())
}
