//! New addresses of accounts: asked for, confirmed from the new address, undone from the old one.

use domain::AccountId;
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

#[derive(Debug, Clone)]
pub struct NewChange {
    pub id: Uuid,
    pub account: AccountId,
    pub old_email: String,
    pub new_email: String,
    /// SHA-256 of the secret in the letter to the new address.
    pub confirm_hash: Vec<u8>,
    /// SHA-256 of the secret in the letter to the old one.
    pub undo_hash: Vec<u8>,
    pub created_at: i64,
    pub expires_at: i64,
}

/// A change behind a link that still works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub id: Uuid,
    pub account: AccountId,
    pub name: String,
    pub old_email: String,
    pub new_email: String,
}

type Row = (Uuid, Uuid, String, String, String);

fn change((id, account, name, old_email, new_email): Row) -> Change {
    Change { id, account: AccountId::new(account), name, old_email, new_email }
}

/// Takes down a change. Earlier ones of the account that were not confirmed end.
pub async fn insert(tx: &mut WriteTx, new: &NewChange) -> Result<()> {
    let account = new.account.as_uuid();
    exec!(tx, "delete from email_change where account_id = $1 and confirmed_at is null", account)?;
    exec!(
        tx,
        "insert into email_change (change_id, account_id, old_email, new_email, confirm_hash, undo_hash, created_at,
         expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        new.id,
        account,
        &new.old_email,
        &new.new_email,
        new.confirm_hash.clone(),
        new.undo_hash.clone(),
        new.created_at,
        new.expires_at,
    )?;
    Ok(())
}

/// The change that the letter to the new address confirms.
pub async fn find_to_confirm(tx: &mut ReadTx, hash: &[u8], now: i64) -> Result<Option<Change>> {
    let row = maybe!(
        tx,
        Row,
        "select c.change_id, c.account_id, a.name, c.old_email, c.new_email
         from email_change c join account a on a.account_id = c.account_id
         where c.confirm_hash = $1 and c.confirmed_at is null and c.undone_at is null and c.expires_at > $2
           and a.disabled_at is null",
        hash.to_vec(),
        now,
    )?;
    Ok(row.map(change))
}

/// The change that the letter to the old address stops or undoes, if it was asked for or confirmed after `since`.
pub async fn find_to_undo(tx: &mut ReadTx, hash: &[u8], since: i64) -> Result<Option<Change>> {
    let row = maybe!(
        tx,
        Row,
        "select c.change_id, c.account_id, a.name, c.old_email, c.new_email
         from email_change c join account a on a.account_id = c.account_id
         where c.undo_hash = $1 and c.undone_at is null and coalesce(c.confirmed_at, c.created_at) > $2",
        hash.to_vec(),
        since,
    )?;
    Ok(row.map(change))
}

/// `false`: it was confirmed or stopped meanwhile.
pub async fn confirm(tx: &mut WriteTx, id: Uuid, now: i64) -> Result<bool> {
    let changed = exec!(
        tx,
        "update email_change set confirmed_at = $1 where change_id = $2 and confirmed_at is null and undone_at is null",
        now,
        id,
    )?;
    Ok(changed == 1)
}

/// `false`: it was undone meanwhile.
pub async fn undo(tx: &mut WriteTx, id: Uuid, now: i64) -> Result<bool> {
    Ok(exec!(tx, "update email_change set undone_at = $1 where change_id = $2 and undone_at is null", now, id)? == 1)
}

/// Ends the account's changes after this one: whoever undoes a change undoes what was built on it.
pub async fn undo_later(tx: &mut WriteTx, account: AccountId, id: Uuid, now: i64) -> Result<()> {
    exec!(
        tx,
        "update email_change set undone_at = $1 where account_id = $2 and undone_at is null and created_at >=
         (select created_at from email_change where change_id = $3)",
        now,
        account.as_uuid(),
        id,
    )?;
    Ok(())
}

/// Forgets changes from before.
pub async fn delete_before(tx: &mut WriteTx, at: i64) -> Result<u64> {
    exec!(tx, "delete from email_change where created_at < $1", at)
}
