//! Whether the system may be changed: one row while it may not. Jobs ask for it in the transaction of each chunk
//! (`jobs::hold`); everybody else looks before they begin.

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

/// Why and since when nothing may be changed.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ReadOnly {
    /// As people read it.
    pub reason: String,
    /// Microseconds.
    pub since: i64,
    /// What a restored backup held (JSON), until its ledger was compared with a published head.
    pub restored: Option<String>,
}

/// `None`: changes are welcome.
pub async fn find(tx: &mut ReadTx) -> Result<Option<ReadOnly>> {
    maybe!(tx, ReadOnly, "select reason, since, restored from read_only")
}

/// Turns it on, or replaces the reason. The mark of a restore stays.
pub async fn put(tx: &mut WriteTx, new: &ReadOnly) -> Result<()> {
    exec!(
        tx,
        "insert into read_only (read_only_id, reason, since, restored) values (1, $1, $2, $3)
         on conflict (read_only_id) do update set reason = excluded.reason,
           restored = coalesce(excluded.restored, read_only.restored)",
        &new.reason,
        new.since,
        new.restored.as_deref(),
    )?;
    Ok(())
}

/// `false`: it was not on.
pub async fn remove(tx: &mut WriteTx) -> Result<bool> {
    Ok(exec!(tx, "delete from read_only")? > 0)
}
