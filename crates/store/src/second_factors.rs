//! Authenticator apps and recovery codes: what an account has beside its password. Passkeys are in `passkeys`.
//!
//! A code is taken by moving `last_step` on, so the same code sent twice at the same moment is taken once.

use domain::AccountId;
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

/// An account's authenticator app. Times are microseconds.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Authenticator {
    /// Sealed; `app` opens it.
    pub sealed_secret: Vec<u8>,
    pub last_step: i64,
    pub created_at: i64,
    /// `None` until a first code was typed.
    pub confirmed_at: Option<i64>,
}

/// What an account has beside its password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Factors {
    pub authenticators: i64,
    pub passkeys: i64,
    /// Recovery codes that were not used yet.
    pub codes: i64,
}

impl Factors {
    /// Whether signing in takes more than the password.
    pub fn any(&self) -> bool {
        self.authenticators + self.passkeys > 0
    }
}

pub async fn factors(tx: &mut ReadTx, account: AccountId) -> Result<Factors> {
    one!(
        tx,
        Factors,
        "select (select count(*) from authenticator where account_id = $1 and confirmed_at is not null) as authenticators,
                (select count(*) from passkey where account_id = $1) as passkeys,
                (select count(*) from recovery_code where account_id = $1 and used_at is null) as codes",
        account.as_uuid(),
    )
}

/// The account's app, confirmed or not.
pub async fn find(tx: &mut ReadTx, account: AccountId) -> Result<Option<Authenticator>> {
    maybe!(
        tx,
        Authenticator,
        "select sealed_secret, last_step, created_at, confirmed_at from authenticator where account_id = $1",
        account.as_uuid(),
    )
}

/// Begins with a new secret, unless an app is on already (`false`). One that was never confirmed is replaced.
pub async fn begin(tx: &mut WriteTx, account: AccountId, sealed_secret: &[u8], now: i64) -> Result<bool> {
    let changed = exec!(
        tx,
        "insert into authenticator (account_id, sealed_secret, last_step, created_at) values ($1, $2, 0, $3)
         on conflict (account_id) do update set sealed_secret = excluded.sealed_secret, last_step = 0,
         created_at = excluded.created_at where authenticator.confirmed_at is null",
        account.as_uuid(),
        sealed_secret.to_vec(),
        now,
    )?;
    Ok(changed == 1)
}

/// Turns the app on with the step of its first code. `false`: it is on, or there is none.
pub async fn confirm(tx: &mut WriteTx, account: AccountId, step: i64, now: i64) -> Result<bool> {
    let changed = exec!(
        tx,
        "update authenticator set confirmed_at = $1, last_step = $2 where account_id = $3 and confirmed_at is null",
        now,
        step,
        account.as_uuid(),
    )?;
    Ok(changed == 1)
}

/// Uses up the code of a time step. `false`: it or a later one was used before.
pub async fn take_step(tx: &mut WriteTx, account: AccountId, step: i64) -> Result<bool> {
    let changed = exec!(
        tx,
        "update authenticator set last_step = $1
         where account_id = $2 and confirmed_at is not null and last_step < $1",
        step,
        account.as_uuid(),
    )?;
    Ok(changed == 1)
}

/// `false`: the account has no app that is on.
pub async fn delete(tx: &mut WriteTx, account: AccountId) -> Result<bool> {
    let deleted =
        exec!(tx, "delete from authenticator where account_id = $1 and confirmed_at is not null", account.as_uuid())?;
    Ok(deleted == 1)
}

/// Puts new recovery codes in the place of all earlier ones.
pub async fn replace_codes(tx: &mut WriteTx, account: AccountId, hashes: &[Vec<u8>], now: i64) -> Result<()> {
    exec!(tx, "delete from recovery_code where account_id = $1", account.as_uuid())?;
    for hash in hashes {
        exec!(
            tx,
            "insert into recovery_code (account_id, code_hash, created_at) values ($1, $2, $3)",
            account.as_uuid(),
            hash.clone(),
            now,
        )?;
    }
    Ok(())
}

/// Uses a recovery code up. `false`: the account has no such code, or it was used.
pub async fn take_code(tx: &mut WriteTx, account: AccountId, hash: &[u8], now: i64) -> Result<bool> {
    let changed = exec!(
        tx,
        "update recovery_code set used_at = $1 where account_id = $2 and code_hash = $3 and used_at is null",
        now,
        account.as_uuid(),
        hash.to_vec(),
    )?;
    Ok(changed == 1)
}

/// Takes away everything beside the password.
pub async fn delete_all(tx: &mut WriteTx, account: AccountId) -> Result<()> {
    let account: Uuid = account.as_uuid();
    exec!(tx, "delete from authenticator where account_id = $1", account)?;
    exec!(tx, "delete from recovery_code where account_id = $1", account)?;
    exec!(tx, "delete from passkey where account_id = $1", account)?;
    Ok(())
}
