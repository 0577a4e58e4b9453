//! Transactions, and the macros that run one statement text on either driver.

use std::ops::{Deref, DerefMut};

use sqlx::{Postgres, Sqlite, Transaction};

use crate::error::Result;

pub(crate) enum Driver {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// A consistent view of the data. Dropping it ends it.
pub struct ReadTx {
    pub(crate) driver: Driver,
}

/// A change, whole or not at all. It takes effect with [`WriteTx::commit`]; dropping it undoes it.
pub struct WriteTx {
    read: ReadTx,
}

impl WriteTx {
    pub(crate) fn new(driver: Driver) -> Self {
        Self { read: ReadTx { driver } }
    }

    /// Makes the change last. Only after this returns may anybody be told that it happened.
    pub async fn commit(self) -> Result<()> {
        match self.read.driver {
            Driver::Sqlite(tx) => tx.commit().await?,
            Driver::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

impl ReadTx {
    pub fn is_postgres(&self) -> bool {
        matches!(self.driver, Driver::Postgres(_))
    }
}

/// Reads work inside a change too.
impl Deref for WriteTx {
    type Target = ReadTx;

    fn deref(&self) -> &ReadTx {
        &self.read
    }
}

impl DerefMut for WriteTx {
    fn deref_mut(&mut self) -> &mut ReadTx {
        &mut self.read
    }
}

/// Runs a body on whichever driver the transaction holds. It is compiled twice, once for each
/// driver's own types.
macro_rules! on {
    ($tx:expr, |$db:ident| $body:expr) => {
        match &mut $tx.driver {
            $crate::tx::Driver::Sqlite(connection) => {
                let $db = &mut **connection;
                $body
            }
            $crate::tx::Driver::Postgres(connection) => {
                let $db = &mut **connection;
                $body
            }
        }
    };
}

/// Changes rows: `exec!(tx, "update t set a = $1 where b = $2", a, b)?` gives how many.
macro_rules! exec {
    ($tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        on!($tx, |db| sqlx::query($sql)$(.bind($value))*.execute(db).await.map(|done| done.rows_affected()))
            .map_err($crate::Error::from)
    };
}

/// Selects: `all!(tx, Row, "select ...", a, b)?` gives a `Vec<Row>`.
macro_rules! all {
    ($tx:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        on!($tx, |db| sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_all(db).await).map_err($crate::Error::from)
    };
}

/// Selects at most one row: an `Option<Row>`.
macro_rules! maybe {
    ($tx:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        on!($tx, |db| sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_optional(db).await)
            .map_err($crate::Error::from)
    };
}

/// Selects exactly one row.
macro_rules! one {
    ($tx:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        on!($tx, |db| sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_one(db).await).map_err($crate::Error::from)
    };
}

/// Rows in one `values` list. Measured: past 50 there is no clear gain on either database.
pub(crate) const ROWS_PER_STATEMENT: usize = 50;

/// Inserts many rows with multi-row `values`:
/// `bulk!(tx, "insert into t (a, b) ", rows, |row| row.a, row.b)`. An optional tail follows the
/// values, such as `on conflict do nothing`. It gives how many rows were changed.
macro_rules! bulk {
    ($tx:expr, $sql:expr, $rows:expr, |$row:ident| $($value:expr),+ $(,)?) => {
        bulk!($tx, $sql, $rows, "", |$row| $($value),+)
    };
    ($tx:expr, $sql:expr, $rows:expr, $tail:expr, |$row:ident| $($value:expr),+ $(,)?) => {{
        let mut affected = 0;
        for rows in $rows.chunks($crate::tx::ROWS_PER_STATEMENT) {
            match &mut $tx.driver {
                $crate::tx::Driver::Sqlite(connection) => {
                    let mut query = sqlx::QueryBuilder::<sqlx::Sqlite>::new($sql);
                    query.push_values(rows, |mut tuple, $row| { $(tuple.push_bind($value);)+ });
                    query.push($tail);
                    affected += query.build().execute(&mut **connection).await?.rows_affected();
                }
                $crate::tx::Driver::Postgres(connection) => {
                    let mut query = sqlx::QueryBuilder::<sqlx::Postgres>::new($sql);
                    query.push_values(rows, |mut tuple, $row| { $(tuple.push_bind($value);)+ });
                    query.push($tail);
                    affected += query.build().execute(&mut **connection).await?.rows_affected();
                }
            }
        }
        affected
    }};
}

/// Selects rows whose column is in a list:
/// `among!(tx, Row, "select .. where a = ", a, " and x in (", list, ")")`, where the leading binds
/// are optional. Long lists are asked for in pieces.
macro_rules! among {
    ($tx:expr, $row:ty, $($head:literal, $bind:expr,)* in $open:literal, $list:expr, $tail:literal) => {{
        let mut found: Vec<$row> = Vec::new();
        for list in $list.chunks(500) {
            match &mut $tx.driver {
                $crate::tx::Driver::Sqlite(connection) => {
                    let mut query = sqlx::QueryBuilder::<sqlx::Sqlite>::new("");
                    among!(@build query, $($head, $bind,)* in $open, list, $tail);
                    found.extend(query.build_query_as::<$row>().fetch_all(&mut **connection).await?);
                }
                $crate::tx::Driver::Postgres(connection) => {
                    let mut query = sqlx::QueryBuilder::<sqlx::Postgres>::new("");
                    among!(@build query, $($head, $bind,)* in $open, list, $tail);
                    found.extend(query.build_query_as::<$row>().fetch_all(&mut **connection).await?);
                }
            }
        }
        found
    }};
    (@build $query:ident, $($head:literal, $bind:expr,)* in $open:literal, $list:ident, $tail:literal) => {
        $(
            $query.push($head);
            $query.push_bind($bind);
        )*
        $query.push($open);
        let mut places = $query.separated(", ");
        for value in $list {
            places.push_bind(value.clone());
        }
        $query.push($tail);
    };
}

/// As `among!`, for conditions that several indexes could serve: the list comes first in a
/// `cross join`, which SQLite never reorders, so each of its values is looked up by key. The values
/// are called `item`: `looked_up!(tx, Row, list, "select .. from wanted cross join t where x = item and a = ", a)`.
macro_rules! looked_up {
    ($tx:expr, $row:ty, $list:expr, $($part:literal, $bind:expr),+ $(,)?) => {{
        let mut found: Vec<$row> = Vec::new();
        for list in $list.chunks(500) {
            match &mut $tx.driver {
                $crate::tx::Driver::Sqlite(connection) => {
                    let mut query = sqlx::QueryBuilder::<sqlx::Sqlite>::new("with wanted (item) as (");
                    looked_up!(@build query, list, $($part, $bind),+);
                    found.extend(query.build_query_as::<$row>().fetch_all(&mut **connection).await?);
                }
                $crate::tx::Driver::Postgres(connection) => {
                    let mut query = sqlx::QueryBuilder::<sqlx::Postgres>::new("with wanted (item) as (");
                    looked_up!(@build query, list, $($part, $bind),+);
                    found.extend(query.build_query_as::<$row>().fetch_all(&mut **connection).await?);
                }
            }
        }
        found
    }};
    (@build $query:ident, $list:ident, $($part:literal, $bind:expr),+ $(,)?) => {
        $query.push_values($list, |mut tuple, value| {
            tuple.push_bind(value.clone());
        });
        $query.push(") ");
        $(
            $query.push($part);
            $query.push_bind($bind);
        )+
    };
}
