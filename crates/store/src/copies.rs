//! Copies of a whole database while it is in use, for backups. SQLite writes one itself (`vacuum into`); PostgreSQL's
//! own program does, within a snapshot that is held here, so that what is said of the copy is true of it.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, PgConnection, SqliteConnection};

use crate::connect::{Database, Store};
use crate::error::{Error, Result};
use crate::tx::ReadTx;

/// A view of a PostgreSQL database that another program may share while it is held.
pub struct Snapshot {
    pub view: ReadTx,
    /// For `pg_dump --snapshot`.
    pub name: String,
}

impl Store {
    /// Holds a view that `pg_dump` can share. Only on PostgreSQL.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        let mut view = self.read().await?;
        let (name,) = one!(view, (String,), "select pg_export_snapshot()")?;
        Ok(Snapshot { view, name })
    }
}

/// Writes a whole and consistent copy of a SQLite database into a file that is not there yet, while others read and
/// write. Synced to disk when it returns.
pub async fn copy_sqlite(from: &Path, into: &Path) -> Result<()> {
    let mut connection = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(from)).await?;
    let copied = sqlx::query("vacuum into $1").bind(into.to_string_lossy().into_owned()).execute(&mut connection).await;
    connection.close().await?;
    copied?;
    let file = into.to_owned();
    let synced = tokio::task::spawn_blocking(move || std::fs::File::open(file)?.sync_all()).await;
    synced.map_err(std::io::Error::other)??;
    Ok(())
}

/// What SQLite finds wrong with a database file; empty if it is whole.
pub async fn faults_of_sqlite(file: &Path) -> Result<Vec<String>> {
    let mut connection = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file)).await?;
    let found: Vec<(String,)> = sqlx::query_as("pragma quick_check").fetch_all(&mut connection).await?;
    connection.close().await?;
    Ok(found.into_iter().map(|(line,)| line).filter(|line| line != "ok").collect())
}

/// Whether a database is not there yet, or holds no table.
pub async fn is_empty(database: &Database) -> Result<bool> {
    let tables: i64 = match database {
        Database::Sqlite(file) => return Ok(!file.exists()),
        Database::Postgres(address) => {
            let mut connection = PgConnection::connect(address).await.map_err(Error::Sql)?;
            let sql = "select count(*) from pg_catalog.pg_tables
                       where schemaname not in ('pg_catalog', 'information_schema')";
            let (tables,) = sqlx::query_as(sql).fetch_one(&mut connection).await?;
            connection.close().await?;
            tables
        }
    };
    Ok(tables == 0)
}
