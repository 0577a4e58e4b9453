//! What storing can answer. A row that cannot be understood names its table, column and key, so
//! that an operator can look at it.

/// The result of a store function.
pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database answered: {0}")]
    Sql(#[from] sqlx::Error),
    #[error("the tables could not be brought up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("the value in {table}.{column} of {id} cannot be understood")]
    Corrupt { table: &'static str, column: &'static str, id: String },
    #[error("SQLite {found} can damage a database in WAL mode; 3.51.3 or later is needed")]
    SqliteTooOld { found: String },
    #[error("PostgreSQL runs with synchronous_commit = off and would lose accepted records in a crash; turn it on")]
    PostgresLosesCommits,
    #[error("{0} is not the address of a database; write sqlite:FILE or postgres://USER@HOST/NAME")]
    BadAddress(String),
    /// The key is somebody's already.
    #[error("{0} is there already")]
    Taken(String),
    /// Another worker took over this piece of work.
    #[error("the lease on this work has passed to another worker")]
    LeaseLost,
    /// Nothing may be changed for now: work stops where it stands and goes on later.
    #[error("the system is read-only for now")]
    ReadOnly,
    /// A copy of the database could not be made or put back.
    #[error("the copy of the database: {0}")]
    Copy(#[from] std::io::Error),
}

impl Error {
    pub fn corrupt(table: &'static str, column: &'static str, id: impl ToString) -> Self {
        Self::Corrupt { table, column, id: id.to_string() }
    }

    /// A key that must be unique is there already. SQLite does not name the constraint, so only the
    /// inserting function can say what this means.
    pub fn is_unique_violation(&self) -> bool {
        match self {
            Self::Sql(sqlx::Error::Database(error)) => error.is_unique_violation(),
            Self::Taken(_) => true,
            _ => false,
        }
    }

    /// The transaction lost a race and can be run again from its start.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Sql(sqlx::Error::Database(error)) => {
                // PostgreSQL: serialization failure, deadlock; SQLite: busy, and its snapshot form
                matches!(error.code().as_deref(), Some("40001" | "40P01" | "5" | "517"))
            }
            _ => false,
        }
    }
}
