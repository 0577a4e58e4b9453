//! Activities that their provider displays to everybody. Reading them takes no scope, so nothing that
//! a provider did not choose to show may be found here.

use domain::ActivityId;
use jiff::civil::Date;

use super::rows::{self, ActivityRow, MocRow};
use super::tally::Stage;
use super::{Stored, with_registrations};
use crate::error::Result;
use crate::tx::ReadTx;
use crate::values::date_text;

/// An activity that everybody may see until it ends. Its registrations come without their undertakings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Displayed {
    pub stored: Stored,
    /// The provider's name.
    pub provider: String,
    /// The change with which it could be seen first.
    pub shown_seq: i64,
}

#[derive(sqlx::FromRow)]
struct DisplayedRow {
    #[sqlx(flatten)]
    activity: ActivityRow,
    provider_name: String,
    shown_seq: Option<i64>,
}

/// An activity that is complete, open, and displayed by a provider in good standing. Whether it is
/// past is for the caller to say.
pub async fn displayed(tx: &mut ReadTx, id: ActivityId) -> Result<Option<Stored>> {
    let rows = all!(
        tx,
        ActivityRow,
        "select activity.* from activity join provider on provider.provider_id = activity.provider_id
         where activity_id = $1 and in_passport and stage = $2 and provider.standing = $3",
        id.as_str(),
        Stage::Open.code(),
        crate::organizations::Standing::Good.code(),
    )?;
    Ok(with_registrations(tx, rows).await?.pop())
}

/// Those among these, in no particular order.
pub async fn displayed_among(tx: &mut ReadTx, ids: &[ActivityId]) -> Result<Vec<Displayed>> {
    let ids: Vec<String> = ids.iter().map(ActivityId::to_string).collect();
    let rows = among!(
        tx,
        DisplayedRow,
        in "select activity.*, provider.name as provider_name, activity_change.shown_seq
            from activity join provider on provider.provider_id = activity.provider_id
            left join activity_change on activity_change.activity_id = activity.activity_id
            where in_passport and stage = 'open' and provider.standing = 'good_standing'
              and activity.activity_id in (",
        ids,
        ")"
    );
    assembled(tx, rows).await
}

/// Those that end on `from` or later, by end and ID, after the one of `after`; at most so many.
pub async fn displayed_after(
    tx: &mut ReadTx,
    from: Date,
    after: Option<(Date, ActivityId)>,
    most: i64,
) -> Result<Vec<Displayed>> {
    let (ends_on, id) = match after {
        Some((ends_on, id)) => (date_text(ends_on), id.to_string()),
        None => (date_text(from), String::new()),
    };
    let rows = all!(
        tx,
        DisplayedRow,
        "select activity.*, provider.name as provider_name, activity_change.shown_seq
         from activity join provider on provider.provider_id = activity.provider_id
         left join activity_change on activity_change.activity_id = activity.activity_id
         where in_passport and stage = 'open' and provider.standing = 'good_standing'
           and (activity.ends_on, activity.activity_id) > ($1, $2)
         order by activity.ends_on, activity.activity_id limit $3",
        ends_on,
        id,
        most,
    )?;
    assembled(tx, rows).await
}

async fn assembled(tx: &mut ReadTx, rows: Vec<DisplayedRow>) -> Result<Vec<Displayed>> {
    let ids: Vec<String> = rows.iter().map(|row| row.activity.activity_id.clone()).collect();
    let moc: Vec<MocRow> = among!(
        tx,
        MocRow,
        in "select activity_id, board, points, credit_types, practice_areas, claim_until
            from activity_moc where activity_id in (",
        ids,
        ")"
    );
    let mut beside = Vec::with_capacity(rows.len());
    let mut activities = Vec::with_capacity(rows.len());
    for row in rows {
        beside.push((row.provider_name, row.shown_seq.unwrap_or_default()));
        activities.push(row.activity);
    }
    let stored = rows::assemble(activities, moc, Vec::new())?;
    let joined = stored.into_iter().zip(beside);
    Ok(joined.map(|(stored, (provider, shown_seq))| Displayed { stored, provider, shown_seq }).collect())
}
