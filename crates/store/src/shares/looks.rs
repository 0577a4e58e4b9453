//! Opening a share: the code that its recipient's mail holds, the browser that may read on, and the log of it all.

use domain::ShareId;
use uuid::Uuid;

use super::Share;
use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

/// Tries at one code.
pub const MOST_TRIES: i64 = 5;

/// What became of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// It is used up with this.
    Right,
    Wrong,
    /// There is none, it is too old, or was tried too often.
    Over,
}

/// Keeps others from the share until the transaction ends, so that what is counted stays so.
pub async fn lock(tx: &mut WriteTx, share: ShareId) -> Result<()> {
    // an update that changes nothing locks on both databases
    exec!(tx, "update share set openings = openings where share_id = $1", share.as_uuid())?;
    Ok(())
}

/// Keeps a new code; the one before opens nothing any more.
pub async fn set_code(tx: &mut WriteTx, share: ShareId, code_hash: &[u8], until: i64) -> Result<()> {
    exec!(
        tx,
        "update share set code_hash = $2, code_until = $3, code_tries = 0 where share_id = $1",
        share.as_uuid(),
        code_hash.to_vec(),
        until,
    )?;
    Ok(())
}

/// Tries a code. The try counts once the transaction commits, whatever came of it.
pub async fn try_code(tx: &mut WriteTx, share: ShareId, code_hash: &[u8], now: i64) -> Result<Tried> {
    // the row is locked by counting, so that no more than so many tries ever compare
    let counted = exec!(
        tx,
        "update share set code_tries = code_tries + 1
         where share_id = $1 and code_hash is not null and code_until > $2 and code_tries < $3",
        share.as_uuid(),
        now,
        MOST_TRIES,
    )?;
    if counted == 0 {
        return Ok(Tried::Over);
    }
    let used = exec!(
        tx,
        "update share set code_hash = null where share_id = $1 and code_hash = $2",
        share.as_uuid(),
        code_hash.to_vec(),
    )?;
    Ok(if used == 1 { Tried::Right } else { Tried::Wrong })
}

/// Lets a browser read on until then.
pub async fn insert_visit(
    tx: &mut WriteTx,
    share: ShareId,
    visit_hash: &[u8],
    confirmed_email: &str,
    ends_at: i64,
) -> Result<()> {
    exec!(
        tx,
        "insert into share_visit (visit_hash, share_id, confirmed_email, ends_at) values ($1, $2, $3, $4)",
        visit_hash.to_vec(),
        share.as_uuid(),
        confirmed_email,
        ends_at,
    )?;
    Ok(())
}

/// The address that a browser's visit was confirmed by, empty if none was asked for. `None`: no such visit.
pub async fn visit(tx: &mut ReadTx, share: ShareId, visit_hash: &[u8], now: i64) -> Result<Option<String>> {
    let row = maybe!(
        tx,
        (String,),
        "select confirmed_email from share_visit where visit_hash = $1 and share_id = $2 and ends_at > $3",
        visit_hash.to_vec(),
        share.as_uuid(),
        now,
    )?;
    Ok(row.map(|(email,)| email))
}

/// Forgets visits that ended before.
pub async fn delete_visits_before(tx: &mut WriteTx, at: i64) -> Result<u64> {
    exec!(tx, "delete from share_visit where ends_at < $1", at)
}

/// One look at a shared transcript.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Look {
    pub at: i64,
    /// `page`, `pdf` or `json`.
    pub what: String,
    /// Roughly, such as `Firefox on Windows`.
    pub device: String,
    /// The address that was confirmed; empty if none was asked for.
    pub confirmed_email: String,
}

/// Logs a look. Whether it is the share's first.
pub async fn insert(tx: &mut WriteTx, id: Uuid, share: ShareId, look: &Look) -> Result<bool> {
    let (before,): (i64,) = one!(tx, (i64,), "select count(*) from share_look where share_id = $1", share.as_uuid())?;
    exec!(
        tx,
        "insert into share_look (look_id, share_id, at, what, device, confirmed_email) values ($1, $2, $3, $4, $5, $6)",
        id,
        share.as_uuid(),
        look.at,
        look.what.as_str(),
        look.device.as_str(),
        look.confirmed_email.as_str(),
    )?;
    Ok(before == 0)
}

/// The newest looks at a share.
pub async fn list(tx: &mut ReadTx, share: &Share, most: i64) -> Result<Vec<Look>> {
    all!(
        tx,
        Look,
        "select at, what, device, confirmed_email from share_look where share_id = $1
         order by at desc, look_id desc limit $2",
        share.id.as_uuid(),
        most,
    )
}
