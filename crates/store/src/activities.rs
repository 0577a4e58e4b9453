//! Activities with their MOC registrations, each belonging to one provider.
//!
//! Status is not a column: `stage` (said by the domain at each save), the end date and the day give
//! it. A save names the version it was typed on; an older one changes nothing.

mod alike;
mod displayed;
mod lists;
mod on_record;
mod registrations;
mod rows;
mod saving;
mod tally;
mod uses;
mod writing;

use std::collections::HashMap;

use domain::access::ProviderScope;
use domain::activity::Activity;
use domain::{AccountId, ActivityId};

pub use alike::{alike, with_internal_ids};
pub use displayed::{Displayed, displayed, displayed_after, displayed_among};
pub use lists::{Counts, Filter, Listed, Sort, choices, counts, list, list_ids};
pub use on_record::{
    Named, OnRecord, Outside, above_credit, completions, completions_of, named, outside_dates, rems_completions,
    with_board,
};
pub use registrations::{Undertaken, undertaken};
pub use saving::{Save, delete, insert, save_many, update};
pub use uses::{Unclosed, closed_with, unclosed, unclosed_after};

use crate::counters::{self, Counter};
use crate::error::{Error, Result};
use crate::tx::{ReadTx, WriteTx};
use rows::{ActivityRow, MocRow, UndertakingRow};

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

/// Who gave the undertakings of MOC registrations that a save brings, and when.
#[derive(Debug, Clone, Copy)]
pub struct Attested {
    pub by: Option<AccountId>,
    pub at: i64,
}

/// The first ID that is handed out.
const FIRST_ID: i64 = 200_000_001;

/// New activity IDs in order: nine digits each, that no activity has.
pub async fn next_ids(tx: &mut WriteTx, count: usize) -> Result<Vec<ActivityId>> {
    let mut ids = Vec::with_capacity(count);
    while ids.len() < count {
        let wanted = i64::try_from(count - ids.len()).unwrap_or(i64::MAX);
        let first = FIRST_ID + counters::take(tx, Counter::Activity, wanted).await?;
        let texts: Vec<String> = (first..first + wanted).map(|number| format!("{number:09}")).collect();
        // activities brought from elsewhere keep their IDs, so some may stand in the way
        let taken = among!(tx, (String,), in "select activity_id from activity where activity_id in (", texts, ")");
        for text in texts {
            if !taken.iter().any(|(id,)| *id == text) {
                ids.push(text.parse().map_err(|_| Error::corrupt("counter", "value", "activity"))?);
            }
        }
    }
    Ok(ids)
}

/// A new activity ID: nine digits that no activity has.
pub async fn next_id(tx: &mut WriteTx) -> Result<ActivityId> {
    next_ids(tx, 1).await?.pop().ok_or_else(|| Error::corrupt("counter", "value", "activity"))
}

/// An activity of this provider; another provider's is not found.
pub async fn find(tx: &mut ReadTx, scope: &ProviderScope, id: ActivityId) -> Result<Option<Stored>> {
    Ok(find_many(tx, scope, &[id]).await?.pop())
}

/// The activities of this provider among these, in no particular order.
pub async fn find_many(tx: &mut ReadTx, scope: &ProviderScope, ids: &[ActivityId]) -> Result<Vec<Stored>> {
    let provider = scope.provider().to_string();
    let ids: Vec<String> = ids.iter().map(ActivityId::to_string).collect();
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
    Ok(find_many(tx, scope, ids).await?.into_iter().map(|stored| stored.activity).collect())
}

/// The activities of this provider with these internal IDs. Several may share one.
pub async fn find_by_internal_ids(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    internal_ids: &[String],
) -> Result<Vec<Activity>> {
    Ok(with_internal_ids(tx, scope, internal_ids).await?.into_iter().map(|stored| stored.activity).collect())
}

async fn with_registrations(tx: &mut ReadTx, rows: Vec<ActivityRow>) -> Result<Vec<Stored>> {
    let ids: Vec<String> = rows.iter().map(|row| row.activity_id.clone()).collect();
    let moc: Vec<MocRow> = among!(
        tx,
        MocRow,
        in "select activity_id, board, points, credit_types, practice_areas, claim_until
            from activity_moc where activity_id in (",
        ids,
        ")"
    );
    let mut registered: Vec<String> = moc.iter().map(|row| row.activity_id.clone()).collect();
    registered.dedup();
    let undertakings: Vec<UndertakingRow> = among!(
        tx,
        UndertakingRow,
        in "select activity_id, board, undertaking from activity_moc_undertaking where activity_id in (",
        registered,
        ")"
    );
    rows::assemble(rows, moc, undertakings)
}
