//! Opening a database: which one, with which guarantees, and tables brought up to date.
//!
//! SQLite has one write connection and a pool of readers that cannot write; PostgreSQL has one pool.

use std::path::Path;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, Postgres, SqlitePool, Transaction};

use crate::error::{Error, Result};
use crate::tx::{Driver, ReadTx, WriteTx};

/// The address of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    Sqlite(std::path::PathBuf),
    Postgres(String),
}

impl Database {
    /// Reads `sqlite:FILE` or `postgres://...`.
    pub fn read(address: &str) -> Result<Self> {
        if let Some(file) = address.strip_prefix("sqlite:") {
            Ok(Self::Sqlite(Path::new(file.trim_start_matches("//")).to_owned()))
        } else if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            Ok(Self::Postgres(address.to_owned()))
        } else {
            Err(Error::BadAddress(address.to_owned()))
        }
    }
}

/// The database. Cloning shares the connections.
#[derive(Clone)]
pub struct Store {
    pools: Pools,
}

/// How much memory, and how long a log, the one who writes may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    Usual,
    /// 256 MiB of pages, and as much of the log before it is folded into the file.
    Bulk,
}

impl Room {
    fn pragmas(self) -> [&'static str; 3] {
        match self {
            Room::Usual => ["pragma cache_size = -65536", "pragma wal_autocheckpoint = 1000", "pragma shrink_memory"],
            Room::Bulk => ["pragma cache_size = -262144", "pragma wal_autocheckpoint = 65536", "pragma shrink_memory"],
        }
    }
}

#[derive(Clone)]
enum Pools {
    Sqlite { write: SqlitePool, read: SqlitePool },
    Postgres(PgPool),
}

/// Readers of a SQLite database at a time.
const READERS: u32 = 6;
const FEW_READERS: u32 = 2;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

impl Store {
    /// Opens the database, refuses one that could lose accepted records, and brings its tables up
    /// to date.
    pub async fn open(database: &Database) -> Result<Self> {
        Self::open_with(database, READERS).await
    }

    /// As [`Store::open`], for a small SQLite file of which one process may hold many open: with few readers.
    pub async fn open_small(file: &Path) -> Result<Self> {
        Self::open_with(&Database::Sqlite(file.to_owned()), FEW_READERS).await
    }

    /// The number of the newest migration that this program knows.
    pub fn newest_migration() -> i64 {
        MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
    }

    async fn open_with(database: &Database, readers: u32) -> Result<Self> {
        let store = Self { pools: Self::connect(database, readers).await? };
        store.refuse_unsafe().await?;
        match &store.pools {
            Pools::Sqlite { write, .. } => MIGRATIONS.run(write).await?,
            Pools::Postgres(pool) => MIGRATIONS.run(pool).await?,
        }
        Ok(store)
    }

    async fn connect(database: &Database, readers: u32) -> Result<Pools> {
        match database {
            Database::Sqlite(file) => {
                let options = SqliteConnectOptions::new()
                    .filename(file)
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    // normal would lose acknowledged commits on power loss
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
                    .busy_timeout(Duration::from_secs(30))
                    .pragma("cache_size", "-65536")
                    .pragma("mmap_size", "0");
                let write = SqlitePoolOptions::new()
                    .max_connections(1)
                    .acquire_timeout(Duration::from_secs(120))
                    .connect_with(options.clone())
                    .await?;
                let reader = options.pragma("query_only", "on").pragma("cache_size", "-8192");
                let read = SqlitePoolOptions::new().max_connections(readers).connect_with(reader).await?;
                Ok(Pools::Sqlite { write, read })
            }
            Database::Postgres(address) => {
                let options: PgConnectOptions = address.parse()?;
                let pool = PgPoolOptions::new()
                    .max_connections(12)
                    .acquire_timeout(Duration::from_secs(60))
                    .connect_with(options)
                    .await?;
                Ok(Pools::Postgres(pool))
            }
        }
    }

    async fn refuse_unsafe(&self) -> Result<()> {
        match &self.pools {
            Pools::Sqlite { read, .. } => {
                let (found,): (String,) = sqlx::query_as("select sqlite_version()").fetch_one(read).await?;
                let parts: Vec<u32> = found.split('.').filter_map(|part| part.parse().ok()).collect();
                if parts < vec![3, 51, 3] {
                    return Err(Error::SqliteTooOld { found });
                }
            }
            Pools::Postgres(pool) => {
                let (mode,): (String,) = sqlx::query_as("show synchronous_commit").fetch_one(pool).await?;
                if mode == "off" {
                    return Err(Error::PostgresLosesCommits);
                }
            }
        }
        Ok(())
    }

    /// A consistent view.
    pub async fn read(&self) -> Result<ReadTx> {
        let driver = match &self.pools {
            Pools::Sqlite { read, .. } => Driver::Sqlite(read.begin().await?),
            Pools::Postgres(pool) => {
                Driver::Postgres(begun(pool, "begin isolation level repeatable read read only").await?)
            }
        };
        Ok(ReadTx { driver })
    }

    /// A change. On SQLite there is one at a time; others wait in line.
    pub async fn write(&self) -> Result<WriteTx> {
        let driver = match &self.pools {
            Pools::Sqlite { write, .. } => Driver::Sqlite(write.begin_with("begin immediate").await?),
            Pools::Postgres(pool) => Driver::Postgres(begun(pool, "begin").await?),
        };
        Ok(WriteTx::new(driver))
    }

    /// Makes room for a change of very many rows, or takes it away again: the pages of its indexes, which it meets in
    /// no order, stay in memory and go into the file once for many transactions. What is committed is on disk as
    /// before. Nothing to do on PostgreSQL.
    pub async fn make_room(&self, room: Room) -> Result<()> {
        if let Pools::Sqlite { write, .. } = &self.pools {
            for pragma in room.pragmas() {
                sqlx::query(pragma).execute(write).await?;
            }
        }
        Ok(())
    }

    /// Closes all connections; SQLite then folds its log into the file.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// Begins in a task of its own, which ends even when the caller goes away: sqlx 0.9 forgets a begin that is
/// dropped on its way, and the pool then hands out a connection inside that transaction (sqlx issue 4393).
async fn begun(pool: &PgPool, statement: &'static str) -> Result<Transaction<'static, Postgres>> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with(statement).await }).await;
    Ok(begun.unwrap_or(Err(sqlx::Error::WorkerCrashed))?)
}
