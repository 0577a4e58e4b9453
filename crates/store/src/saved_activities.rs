//! Activities that somebody keeps to come back to. They belong to the account, so that a merge of two physicians'
//! records leaves them with whoever saved them.

use domain::{AccountId, ActivityId};

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, parsed};

/// An activity as somebody saved it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedActivity {
    pub activity: ActivityId,
    pub saved_at: i64,
    /// What it looked like then: JSON of the caller's making.
    pub looked_like: String,
}

/// Saves an activity; one that is there already keeps its time and gets the new look.
pub async fn put(tx: &mut WriteTx, account: AccountId, saved: &SavedActivity) -> Result<()> {
    exec!(
        tx,
        "insert into saved_activity (account_id, activity_id, saved_at, looked_like) values ($1, $2, $3, $4)
         on conflict (account_id, activity_id) do update set looked_like = excluded.looked_like",
        account.as_uuid(),
        saved.activity.as_str(),
        saved.saved_at,
        &saved.looked_like,
    )?;
    Ok(())
}

/// `false`: it was not saved.
pub async fn delete(tx: &mut WriteTx, account: AccountId, activity: ActivityId) -> Result<bool> {
    let gone = exec!(
        tx,
        "delete from saved_activity where account_id = $1 and activity_id = $2",
        account.as_uuid(),
        activity.as_str(),
    )?;
    Ok(gone == 1)
}

/// All that the account saved, newest first.
pub async fn list(tx: &mut ReadTx, account: AccountId) -> Result<Vec<SavedActivity>> {
    let rows = all!(
        tx,
        (String, i64, String),
        "select activity_id, saved_at, looked_like from saved_activity where account_id = $1
         order by saved_at desc, activity_id",
        account.as_uuid(),
    )?;
    rows.into_iter()
        .map(|(id, saved_at, looked_like)| {
            let activity = parsed(&id, at("saved_activity", "activity_id", &id))?;
            Ok(SavedActivity { activity, saved_at, looked_like })
        })
        .collect()
}

/// How many the account saved.
pub async fn count(tx: &mut ReadTx, account: AccountId) -> Result<i64> {
    let (count,) = one!(tx, (i64,), "select count(*) from saved_activity where account_id = $1", account.as_uuid())?;
    Ok(count)
}

/// Which of these the account saved.
pub async fn among(tx: &mut ReadTx, account: AccountId, ids: &[ActivityId]) -> Result<Vec<ActivityId>> {
    let ids: Vec<String> = ids.iter().map(ActivityId::to_string).collect();
    let rows = among!(
        tx,
        (String,),
        "select activity_id from saved_activity where account_id = ",
        account.as_uuid(),
        in " and activity_id in (",
        ids,
        ")"
    );
    rows.into_iter().map(|(id,)| parsed(&id, at("saved_activity", "activity_id", &id))).collect()
}
