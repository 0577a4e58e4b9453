//! How many activities a provider has in each stage, kept by every save so that no page counts
//! 50,000 rows. Open ones are kept by the month and by the day of their end, so the numbers turn over
//! at midnight by themselves, and few rows are added up.

use std::collections::{BTreeMap, HashMap};

use domain::ActivityId;
use domain::access::ProviderScope;
use domain::activity::{Activity, Status};
use jiff::civil::Date;

use super::Counts;
use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::date_text;

/// What the fields alone say of a status; the day says the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Draft,
    Open,
    Closed,
}

impl Stage {
    pub fn code(self) -> &'static str {
        match self {
            Stage::Draft => "draft",
            Stage::Open => "open",
            Stage::Closed => "closed",
        }
    }
}

pub(super) fn stage(activity: &Activity) -> Stage {
    match (activity.is_closed, activity.is_complete()) {
        (true, _) => Stage::Closed,
        (false, true) => Stage::Open,
        (false, false) => Stage::Draft,
    }
}

/// Where an activity is counted: at its stage and, if it is open, by its end date.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    stage: String,
    /// Empty unless open.
    ends_on: String,
}

impl Place {
    pub fn of(activity: &Activity) -> Self {
        Self::new(stage(activity).code().to_owned(), date_text(activity.ends_on))
    }

    fn new(stage: String, ends_on: String) -> Self {
        let ends_on = if stage == Stage::Open.code() { ends_on } else { String::new() };
        Self { stage, ends_on }
    }

    fn month(&self) -> String {
        month(&self.ends_on).to_owned()
    }
}

/// `YYYY-MM` of a date's text.
fn month(day: &str) -> &str {
    day.rsplit_once('-').map_or("", |(month, _)| month)
}

/// Where these activities of the provider are counted now.
pub(super) async fn places(tx: &mut ReadTx, scope: &ProviderScope, ids: &[ActivityId]) -> Result<Vec<Place>> {
    let provider = scope.provider();
    let ids: Vec<String> = ids.iter().map(ActivityId::to_string).collect();
    let rows = among!(
        tx,
        (String, String),
        "select stage, ends_on from activity where provider_id = ",
        provider.as_str(),
        in " and activity_id in (",
        ids,
        ")"
    );
    Ok(rows.into_iter().map(|(stage, ends_on)| Place::new(stage, ends_on)).collect())
}

/// Adds to the counts. Rows are taken in order, so that two savers cannot wait for each other.
pub(super) async fn add(tx: &mut WriteTx, scope: &ProviderScope, change: HashMap<Place, i64>) -> Result<()> {
    let (mut months, mut days) = (BTreeMap::new(), BTreeMap::new());
    for (place, count) in change {
        *months.entry((place.stage.clone(), place.month())).or_insert(0) += count;
        if !place.ends_on.is_empty() {
            *days.entry(place.ends_on).or_insert(0) += count;
        }
    }
    let months: Vec<((String, String), i64)> = months.into_iter().filter(|(_, count)| *count != 0).collect();
    let days: Vec<(String, i64)> = days.into_iter().filter(|(_, count)| *count != 0).collect();
    let provider = scope.provider().to_string();
    bulk!(
        tx,
        "insert into activity_tally (provider_id, stage, ends_in, activities) ",
        months,
        " on conflict (provider_id, stage, ends_in)
          do update set activities = activity_tally.activities + excluded.activities",
        |row| provider.clone(),
        row.0.0.clone(),
        row.0.1.clone(),
        row.1
    );
    bulk!(
        tx,
        "insert into activity_day_tally (provider_id, ends_on, activities) ",
        days,
        " on conflict (provider_id, ends_on)
          do update set activities = activity_day_tally.activities + excluded.activities",
        |row| provider.clone(),
        row.0.clone(),
        row.1
    );
    Ok(())
}

/// Counts by status on a day: whole months, and the days of this one.
pub(super) async fn counts(tx: &mut ReadTx, scope: &ProviderScope, today: Date) -> Result<Counts> {
    let today = date_text(today);
    let rows = all!(
        tx,
        (String, i64),
        "select case when stage <> 'open' then stage when ends_in < $2 then 'ready_to_close' else 'active' end,
             cast(coalesce(sum(activities), 0) as bigint)
         from activity_tally where provider_id = $1 and ends_in <> $2 group by 1
         union all
         select case when ends_on < $3 then 'ready_to_close' else 'active' end,
             cast(coalesce(sum(activities), 0) as bigint)
         from activity_day_tally where provider_id = $1 and ends_on between $2 || '-01' and $2 || '-31' group by 1",
        scope.provider().as_str(),
        month(&today),
        today.as_str(),
    )?;
    let of = |(status, count): (String, i64)| Some((Status::read(&status)?, count));
    Ok(Counts::from_rows(rows.into_iter().filter_map(of)))
}
