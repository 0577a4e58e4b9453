//! The few places where the two databases need different words. Each function has two arms and says
//! why one text cannot serve both.

use crate::tx::{Driver, ReadTx};

/// What follows a `select` that claims work. PostgreSQL lets several workers pass each other's rows;
/// SQLite has a single writer, so nobody can be in the way.
pub(crate) fn skip_locked(tx: &ReadTx) -> &'static str {
    match tx.driver {
        Driver::Sqlite(_) => "",
        Driver::Postgres(_) => " for update skip locked",
    }
}
