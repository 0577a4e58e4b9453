//! Tries that a limit counts: sign-ins, account claims, password resets. Those of pre-validation are `identity_tries`.
//!
//! `subject` is what the limit is kept for; callers hash it where it would be personal.

use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

/// How often it was tried, and when last (microseconds; 0 if never).
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Tries {
    pub count: i64,
    pub latest: i64,
}

pub async fn insert(tx: &mut WriteTx, id: Uuid, kind: &str, subject: &str, at: i64) -> Result<()> {
    exec!(tx, "insert into attempt (attempt_id, kind, subject, at) values ($1, $2, $3, $4)", id, kind, subject, at)?;
    Ok(())
}

/// The tries after `since`.
pub async fn count_since(tx: &mut ReadTx, kind: &str, subject: &str, since: i64) -> Result<Tries> {
    one!(
        tx,
        Tries,
        "select count(*) as count, cast(coalesce(max(at), 0) as bigint) as latest
         from attempt where kind = $1 and subject = $2 and at > $3",
        kind,
        subject,
        since,
    )
}

/// Forgets the tries for one subject: it got through.
pub async fn delete(tx: &mut WriteTx, kind: &str, subject: &str) -> Result<()> {
    exec!(tx, "delete from attempt where kind = $1 and subject = $2", kind, subject)?;
    Ok(())
}

/// Forgets tries that no limit counts any more.
pub async fn delete_before(tx: &mut WriteTx, at: i64) -> Result<u64> {
    exec!(tx, "delete from attempt where at < $1", at)
}
