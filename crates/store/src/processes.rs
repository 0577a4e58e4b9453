//! Servers and workers that are at work on this database. Each says so every few seconds; one that ends says so too,
//! one that is killed is noticed by its silence.

use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Process {
    pub process_id: Uuid,
    /// `server` or `worker`.
    pub kind: String,
    /// The machine's name and the process's number there.
    pub host: String,
    pub version: String,
    pub started_at: i64,
    pub seen_at: i64,
}

/// Says that a process is alive.
pub async fn beat(tx: &mut WriteTx, process: &Process) -> Result<()> {
    exec!(
        tx,
        "insert into process (process_id, kind, host, version, started_at, seen_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (process_id) do update set seen_at = excluded.seen_at",
        process.process_id,
        &process.kind,
        &process.host,
        &process.version,
        process.started_at,
        process.seen_at,
    )?;
    Ok(())
}

/// All that were heard of, the oldest first.
pub async fn list(tx: &mut ReadTx) -> Result<Vec<Process>> {
    all!(
        tx,
        Process,
        "select process_id, kind, host, version, started_at, seen_at from process order by started_at, process_id"
    )
}

/// One that ended.
pub async fn remove(tx: &mut WriteTx, id: Uuid) -> Result<()> {
    exec!(tx, "delete from process where process_id = $1", id)?;
    Ok(())
}

/// Those that fell silent before this time.
pub async fn delete_before(tx: &mut WriteTx, seen_before: i64) -> Result<u64> {
    exec!(tx, "delete from process where seen_at < $1", seen_before)
}
