//! What an operator wants to know of the database itself: its version, and work that does not move.

use crate::error::Result;
use crate::tx::{Driver, ReadTx};

/// Work longer due than this, in microseconds, has nobody who does it.
const OVERDUE_AFTER: i64 = 10 * 60 * 1_000_000;

/// Background work by how it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jobs {
    /// Waiting or running.
    pub open: i64,
    /// Due for ten minutes or more, yet nobody has taken them.
    pub overdue: i64,
    /// Given up after many tries.
    pub failed: i64,
}

/// The database's name and version. The two ask for it in words of their own.
pub async fn version(tx: &mut ReadTx) -> Result<String> {
    let (name, sql) = match tx.driver {
        Driver::Sqlite(_) => ("SQLite", "select sqlite_version()"),
        Driver::Postgres(_) => ("PostgreSQL", "show server_version"),
    };
    let (version,) = one!(tx, (String,), sql)?;
    Ok(format!("{name} {version}"))
}

pub async fn jobs(tx: &mut ReadTx, now: i64) -> Result<Jobs> {
    let open = crate::jobs::open_count(tx).await?;
    let sql = "select count(*) from job where state = 'queued' and run_at < $1";
    let (overdue,) = one!(tx, (i64,), sql, now - OVERDUE_AFTER)?;
    let (failed,) = one!(tx, (i64,), "select count(*) from job where state = 'failed'")?;
    Ok(Jobs { open, overdue, failed })
}
