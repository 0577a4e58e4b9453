//! How many activities a provider has in each stage, kept by every save so that no page counts
//! 50,000 rows. Open ones are kept by end date, so the numbers turn over at midnight by themselves.

use std::collections::HashMap;

use domain::ActivityId;
use domain::access::ProviderScope;
use domain::activity::{Activity, Format, Status};
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

/// Where an activity is counted: stage, format and, if open, end date.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    stage: String,
    format: String,
    ends_on: String,
}

impl Place {
    pub fn of(activity: &Activity) -> Self {
        Self::new(stage(activity).code().to_owned(), activity.format.code().to_owned(), date_text(activity.ends_on))
    }

    fn new(stage: String, format: String, ends_on: String) -> Self {
        let ends_on = if stage == Stage::Open.code() { ends_on } else { String::new() };
        Self { stage, format, ends_on }
    }
}

/// Where these activities of the provider are counted now.
pub(super) async fn places(tx: &mut ReadTx, scope: &ProviderScope, ids: &[ActivityId]) -> Result<Vec<Place>> {
    let provider = scope.provider();
    let ids: Vec<String> = ids.iter().map(ActivityId::to_string).collect();
    let rows = among!(
        tx,
        (String, String, String),
        "select stage, format, ends_on from activity where provider_id = ",
        provider.as_str(),
        in " and activity_id in (",
        ids,
        ")"
    );
    Ok(rows.into_iter().map(|(stage, format, ends_on)| Place::new(stage, format, ends_on)).collect())
}

/// Adds to the counts. Rows are taken in order, so that two savers cannot wait for each other.
pub(super) async fn add(tx: &mut WriteTx, scope: &ProviderScope, change: HashMap<Place, i64>) -> Result<()> {
    let mut rows: Vec<(Place, i64)> = change.into_iter().filter(|(_, count)| *count != 0).collect();
    rows.sort_unstable();
    let provider = scope.provider().to_string();
    bulk!(
        tx,
        "insert into activity_tally (provider_id, stage, format, ends_on, activities) ",
        rows,
        " on conflict (provider_id, stage, format, ends_on)
          do update set activities = activity_tally.activities + excluded.activities",
        |row| provider.clone(),
        row.0.stage.clone(),
        row.0.format.clone(),
        row.0.ends_on.clone(),
        row.1
    );
    Ok(())
}

/// Counts by status on a day, of one format or all.
pub(super) async fn counts(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    format: Option<Format>,
    today: Date,
) -> Result<Counts> {
    let rows = all!(
        tx,
        (String, i64),
        "select case when stage <> 'open' then stage when ends_on < $2 then 'ready_to_close' else 'active' end,
             cast(coalesce(sum(activities), 0) as bigint)
         from activity_tally where provider_id = $1 and ($3 = '' or format = $3) group by 1",
        scope.provider().as_str(),
        date_text(today),
        format.map_or("", Format::code),
    )?;
    let of = |(status, count): (String, i64)| Some((Status::read(&status)?, count));
    Ok(Counts::from_rows(rows.into_iter().filter_map(of)))
}
