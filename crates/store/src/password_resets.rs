//! Links that let somebody choose a new password: found by the hash of the link's secret, good once.

use domain::AccountId;
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

pub async fn insert(tx: &mut WriteTx, hash: &[u8], account: AccountId, now: i64, expires_at: i64) -> Result<()> {
    exec!(
        tx,
        "insert into password_reset (token_hash, account_id, created_at, expires_at) values ($1, $2, $3, $4)",
        hash.to_vec(),
        account.as_uuid(),
        now,
        expires_at,
    )?;
    Ok(())
}

/// Whose password the link may still change.
pub async fn find_open(tx: &mut ReadTx, hash: &[u8], now: i64) -> Result<Option<AccountId>> {
    let row = maybe!(
        tx,
        (Uuid,),
        "select r.account_id from password_reset r join account a on a.account_id = r.account_id
         where r.token_hash = $1 and r.used_at is null and r.expires_at > $2 and a.disabled_at is null",
        hash.to_vec(),
        now,
    )?;
    Ok(row.map(|(id,)| AccountId::new(id)))
}

/// Uses the link up. `false`: it was used or expired meanwhile.
pub async fn use_up(tx: &mut WriteTx, hash: &[u8], now: i64) -> Result<bool> {
    let changed = exec!(
        tx,
        "update password_reset set used_at = $1 where token_hash = $2 and used_at is null and expires_at > $1",
        now,
        hash.to_vec(),
    )?;
    Ok(changed == 1)
}

/// Closes every other link of the account: a changed password makes them worthless.
pub async fn close_all(tx: &mut WriteTx, account: AccountId, now: i64) -> Result<()> {
    exec!(
        tx,
        "update password_reset set used_at = $1 where account_id = $2 and used_at is null",
        now,
        account.as_uuid()
    )?;
    Ok(())
}
