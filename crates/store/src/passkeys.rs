//! Passkeys: public keys that sign people in. The private halves never leave their owners' devices.
//!
//! A use moves the signature counter on in the same statement that checks it, so that a copied passkey is
//! noticed also when both are used at once.

use domain::AccountId;
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

/// A passkey as stored. `credential` is the library's own JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    pub id: Uuid,
    pub account: AccountId,
    pub credential_id: Vec<u8>,
    pub name: String,
    pub credential: String,
    pub sign_count: i64,
    pub created_at: i64,
    pub last_used_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct Row {
    passkey_id: Uuid,
    account_id: Uuid,
    credential_id: Vec<u8>,
    name: String,
    credential: String,
    sign_count: i64,
    created_at: i64,
    last_used_at: Option<i64>,
}

impl From<Row> for Passkey {
    fn from(row: Row) -> Self {
        Self {
            id: row.passkey_id,
            account: AccountId::new(row.account_id),
            credential_id: row.credential_id,
            name: row.name,
            credential: row.credential,
            sign_count: row.sign_count,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        }
    }
}

/// `false`: somebody has this credential already.
pub async fn insert(tx: &mut WriteTx, passkey: &Passkey) -> Result<bool> {
    let inserted = exec!(
        tx,
        "insert into passkey (passkey_id, account_id, credential_id, name, credential, sign_count, created_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (credential_id) do nothing",
        passkey.id,
        passkey.account.as_uuid(),
        passkey.credential_id.clone(),
        &passkey.name,
        &passkey.credential,
        passkey.sign_count,
        passkey.created_at,
    )?;
    Ok(inserted == 1)
}

/// The account's passkeys, oldest first.
pub async fn list(tx: &mut ReadTx, account: AccountId) -> Result<Vec<Passkey>> {
    let rows = all!(
        tx,
        Row,
        "select passkey_id, account_id, credential_id, name, credential, sign_count, created_at, last_used_at
         from passkey where account_id = $1 order by created_at, passkey_id",
        account.as_uuid(),
    )?;
    Ok(rows.into_iter().map(Passkey::from).collect())
}

/// Whose credential this is, unless the account is disabled.
pub async fn find_by_credential(tx: &mut ReadTx, credential_id: &[u8]) -> Result<Option<Passkey>> {
    let row = maybe!(
        tx,
        Row,
        "select p.passkey_id, p.account_id, p.credential_id, p.name, p.credential, p.sign_count, p.created_at,
                p.last_used_at
         from passkey p join account a on a.account_id = p.account_id
         where p.credential_id = $1 and a.disabled_at is null",
        credential_id.to_vec(),
    )?;
    Ok(row.map(Passkey::from))
}

/// Notes a use. `false`: the counter did not go on, as when a copy of the passkey was used meanwhile.
pub async fn note_use(tx: &mut WriteTx, id: Uuid, credential: &str, sign_count: i64, now: i64) -> Result<bool> {
    let changed = exec!(
        tx,
        "update passkey set credential = $1, sign_count = $2, last_used_at = $3
         where passkey_id = $4 and (sign_count < $2 or (sign_count = 0 and cast($2 as bigint) = 0))",
        credential,
        sign_count,
        now,
        id,
    )?;
    Ok(changed == 1)
}

/// The name of the passkey that was taken away; `None` if the account has no such passkey.
pub async fn delete(tx: &mut WriteTx, account: AccountId, id: Uuid) -> Result<Option<String>> {
    let row = maybe!(
        tx,
        (String,),
        "delete from passkey where passkey_id = $1 and account_id = $2 returning name",
        id,
        account.as_uuid(),
    )?;
    Ok(row.map(|(name,)| name))
}
