//! What has begun and not ended: half a sign-in, a passkey that was asked for. Found by the digest of the
//! browser's secret, good once or for some minutes; none of it is a session.

use domain::AccountId;
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

/// What has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The password was right, the second factor is missing.
    HalfSignIn,
    /// A passkey was asked to sign somebody in, or to prove who they are.
    PasskeyUse,
    /// A passkey is being added.
    PasskeyAdd,
}

impl Kind {
    fn code(self) -> &'static str {
        match self {
            Self::HalfSignIn => "half_sign_in",
            Self::PasskeyUse => "passkey_use",
            Self::PasskeyAdd => "passkey_add",
        }
    }
}

/// Something begun. `account` is `None` where a passkey will tell whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    pub account: Option<AccountId>,
    pub state: String,
}

pub async fn insert(
    tx: &mut WriteTx,
    (hash, kind): (&[u8], Kind),
    begun: &Begun,
    now: i64,
    expires_at: i64,
) -> Result<()> {
    exec!(
        tx,
        "insert into ceremony (secret_hash, kind, account_id, state, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        hash.to_vec(),
        kind.code(),
        begun.account.map(|account| account.as_uuid()),
        &begun.state,
        now,
        expires_at,
    )?;
    Ok(())
}

/// What the browser's secret began, while it lasts and its account is not disabled.
pub async fn find(tx: &mut ReadTx, hash: &[u8], kind: Kind, now: i64) -> Result<Option<Begun>> {
    let row = maybe!(
        tx,
        (Option<Uuid>, String),
        "select c.account_id, c.state from ceremony c left join account a on a.account_id = c.account_id
         where c.secret_hash = $1 and c.kind = $2 and c.expires_at > $3 and a.disabled_at is null",
        hash.to_vec(),
        kind.code(),
        now,
    )?;
    Ok(row.map(|(account, state)| Begun { account: account.map(AccountId::new), state }))
}

/// Ends it. `false`: it had ended, so whoever ends it now was too late.
pub async fn end(tx: &mut WriteTx, hash: &[u8]) -> Result<bool> {
    Ok(exec!(tx, "delete from ceremony where secret_hash = $1", hash.to_vec())? == 1)
}

/// Ends everything begun for an account: its password or factors changed.
pub async fn end_all(tx: &mut WriteTx, account: AccountId) -> Result<()> {
    exec!(tx, "delete from ceremony where account_id = $1", account.as_uuid())?;
    Ok(())
}

/// Forgets what nobody can end any more.
pub async fn delete_expired(tx: &mut WriteTx, now: i64) -> Result<u64> {
    exec!(tx, "delete from ceremony where expires_at <= $1", now)
}
