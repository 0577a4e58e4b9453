//! A fresh, empty database for each test: a SQLite file, or a database of its own on the PostgreSQL
//! server that `CREDENCE_TEST_POSTGRES` names (`postgres://USER@HOST:PORT/postgres`).

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{Connection, Executor};

static MADE: AtomicU32 = AtomicU32::new(0);

/// The address of a fresh database; a SQLite file lies in `folder`.
pub async fn fresh(folder: &Path) -> String {
    match std::env::var("CREDENCE_TEST_POSTGRES") {
        Ok(server) => fresh_on(&server).await,
        Err(_) => format!("sqlite:{}", folder.join("credence.db").display()),
    }
}

async fn fresh_on(server: &str) -> String {
    let number = MADE.fetch_add(1, Ordering::SeqCst);
    let name = format!("credence_test_{}_{number}", std::process::id());
    let mut connection = sqlx::PgConnection::connect(server).await.expect("the PostgreSQL for tests answers");
    for sql in [format!("drop database if exists {name}"), format!("create database {name}")] {
        connection.execute(sqlx::AssertSqlSafe(sql)).await.expect("a database for this test");
    }
    let (rest, _) = server.rsplit_once('/').expect("an address with a database name");
    format!("{rest}/{name}")
}

/// What a query of one text column answers, asked from outside the program.
pub async fn texts(address: &str, sql: &str) -> Vec<String> {
    let query = sqlx::AssertSqlSafe(sql.to_owned());
    if let Some(file) = address.strip_prefix("sqlite:") {
        let mut connection = sqlx::SqliteConnection::connect(file).await.expect("the file opens");
        sqlx::query_scalar(query).fetch_all(&mut connection).await.expect("an answer")
    } else {
        let mut connection = sqlx::PgConnection::connect(address).await.expect("the database answers");
        sqlx::query_scalar(query).fetch_all(&mut connection).await.expect("an answer")
    }
}

/// Changes rows behind the program's back, as somebody with the database's password could.
pub async fn tamper(address: &str, sql: &str) -> u64 {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    if let Some(file) = address.strip_prefix("sqlite:") {
        let mut connection = sqlx::SqliteConnection::connect(file).await.expect("the file opens");
        connection.execute("pragma foreign_keys = off").await.expect("a pragma");
        connection.execute(sql).await.expect("the edit runs").rows_affected()
    } else {
        let mut connection = sqlx::PgConnection::connect(address).await.expect("the database answers");
        connection.execute("set session_replication_role = replica").await.expect("a setting");
        connection.execute(sql).await.expect("the edit runs").rows_affected()
    }
}
