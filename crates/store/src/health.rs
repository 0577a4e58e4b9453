//! What an operator wants to know of the database itself: its version and size, work that does not move, files that
//! it counts on.

use uuid::Uuid;

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
    /// Given up by a person.
    pub failed: i64,
    /// Failed at least once, to be tried again.
    pub retrying: i64,
    /// Since when the oldest waits that is due.
    pub oldest_due: Option<i64>,
}

/// A file in the data folder that rows of the database speak of.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StoredFile {
    pub file_id: Uuid,
    /// `uploads`, `activities` (an activity file, in the same folder) or `evidence`.
    pub kind: String,
    /// Hex SHA-256 of its bytes.
    pub digest: String,
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

/// Bytes that the database takes. The two ask for it in words of their own.
pub async fn bytes(tx: &mut ReadTx) -> Result<i64> {
    let sql = match tx.driver {
        Driver::Sqlite(_) => "select page_count * page_size from pragma_page_count(), pragma_page_size()",
        Driver::Postgres(_) => "select pg_database_size(current_database())",
    };
    let (bytes,) = one!(tx, (i64,), sql)?;
    Ok(bytes)
}

/// The number of the newest migration that was run.
pub async fn migration(tx: &mut ReadTx) -> Result<i64> {
    let (version,) = one!(tx, (i64,), "select max(version) from _sqlx_migrations")?;
    Ok(version)
}

pub async fn jobs(tx: &mut ReadTx, now: i64) -> Result<Jobs> {
    let open = crate::jobs::open_count(tx).await?;
    let sql = "select count(*) from job where state = 'queued' and failure is null and run_at < $1";
    let (overdue,) = one!(tx, (i64,), sql, now - OVERDUE_AFTER)?;
    let (failed,) = one!(tx, (i64,), "select count(*) from job where state = 'failed'")?;
    let sql = "select count(*) from job where state = 'queued' and failure is not null";
    let (retrying,) = one!(tx, (i64,), sql)?;
    let sql = "select min(run_at) from job where state = 'queued' and failure is null and run_at <= $1";
    let (oldest_due,) = one!(tx, (Option<i64>,), sql, now)?;
    Ok(Jobs { open, overdue, failed, retrying, oldest_due })
}

/// When the newest act was written down: a clock that is behind it runs wrong.
pub async fn newest_act(tx: &mut ReadTx) -> Result<Option<i64>> {
    let (at,) = one!(tx, (Option<i64>,), "select max(at) from audit")?;
    Ok(at)
}

/// The files that came in after this one, in the order of their IDs within a kind.
pub async fn stored_files(tx: &mut ReadTx, kind: &str, after: Uuid, most: i64) -> Result<Vec<StoredFile>> {
    let sql = match kind {
        "uploads" => {
            "select upload_id as file_id, 'uploads' as kind, digest from upload
             where source = 'file' and upload_id > $1 order by upload_id limit $2"
        }
        "activities" => {
            "select activity_file_id as file_id, 'activities' as kind, digest from activity_file
             where activity_file_id > $1 order by activity_file_id limit $2"
        }
        "help" => {
            "select help_file_id as file_id, 'help' as kind, digest from help_file
             where help_file_id > $1 order by help_file_id limit $2"
        }
        _ => {
            "select evidence_id as file_id, 'evidence' as kind, digest from evidence
             where evidence_id > $1 order by evidence_id limit $2"
        }
    };
    all!(tx, StoredFile, sql, after, most)
}
