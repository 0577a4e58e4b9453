//! The change sequence of activities: what a search index must read again, and when an activity could first be
//! seen by everybody.
//!
//! A row stays when its activity is deleted: that is a change as well.

use domain::activity::Activity;
use domain::{ActivityId, ProviderId};

use crate::counters::{self, Counter};
use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, parsed};

/// An activity that changed, and the number of its newest change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub activity: ActivityId,
    pub seq: i64,
}

/// Notes that these were saved or deleted. The first number is 1.
pub(crate) async fn note(tx: &mut WriteTx, changed: &[(ActivityId, bool)]) -> Result<()> {
    let count = i64::try_from(changed.len()).unwrap_or(i64::MAX);
    let first = counters::take(tx, Counter::ActivityChange, count).await? + 1;
    let rows: Vec<(String, i64, Option<i64>)> = changed
        .iter()
        .zip(first..)
        .map(|((activity, is_shown), seq)| (activity.to_string(), seq, is_shown.then_some(seq)))
        .collect();
    bulk!(
        tx,
        "insert into activity_change (activity_id, changed_seq, shown_seq) ",
        rows,
        " on conflict (activity_id) do update set changed_seq = excluded.changed_seq,
          shown_seq = coalesce(activity_change.shown_seq, excluded.shown_seq)",
        |row| row.0.clone(),
        row.1,
        row.2
    );
    Ok(())
}

/// Notes a change of all that a provider displays: its name or its standing is another.
pub async fn note_provider(tx: &mut WriteTx, provider: ProviderId) -> Result<()> {
    let rows = all!(
        tx,
        (String,),
        "select activity_id from activity where provider_id = $1 and in_passport and stage = 'open'",
        provider.as_str(),
    )?;
    let shown: Result<Vec<(ActivityId, bool)>> =
        rows.into_iter().map(|(id,)| Ok((parsed(&id, at("activity", "activity_id", &id))?, true))).collect();
    note(tx, &shown?).await
}

/// Whether everybody may see an activity until it ends.
pub(crate) fn is_shown(activity: &Activity) -> bool {
    activity.in_passport == Some(true) && !activity.is_closed && activity.is_complete()
}

/// The changes after this one, in order; at most so many.
pub async fn since(tx: &mut ReadTx, seq: i64, most: i64) -> Result<Vec<Change>> {
    let rows = all!(
        tx,
        (String, i64),
        "select activity_id, changed_seq from activity_change where changed_seq > $1 order by changed_seq limit $2",
        seq,
        most,
    )?;
    rows.into_iter()
        .map(|(id, seq)| Ok(Change { activity: parsed(&id, at("activity_change", "activity_id", &id))?, seq }))
        .collect()
}
