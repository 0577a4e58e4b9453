//! How many requests programs have left, kept so that a restart gives nobody a fresh allowance.
//!
//! They live in the process's memory; only what changed is written down, many at once.

use domain::ApiClientId;
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

/// What a program had left at a moment, in thousandths of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    pub client: ApiClientId,
    pub left_millis: i64,
    pub at: i64,
}

#[derive(sqlx::FromRow)]
struct AllowanceRow {
    api_client_id: Uuid,
    left_millis: i64,
    at: i64,
}

pub async fn find(tx: &mut ReadTx, client: ApiClientId) -> Result<Option<Allowance>> {
    let row = maybe!(
        tx,
        AllowanceRow,
        "select api_client_id, left_millis, at from api_allowance where api_client_id = $1",
        client.as_uuid(),
    )?;
    Ok(row.map(|row| Allowance {
        client: ApiClientId::new(row.api_client_id),
        left_millis: row.left_millis,
        at: row.at,
    }))
}

/// Writes down what programs have left, in place of what stood there.
pub async fn save(tx: &mut WriteTx, allowances: &[Allowance]) -> Result<()> {
    bulk!(
        tx,
        "insert into api_allowance (api_client_id, left_millis, at) ",
        allowances,
        " on conflict (api_client_id) do update set left_millis = excluded.left_millis, at = excluded.at",
        |row| row.client.as_uuid(),
        row.left_millis,
        row.at
    );
    Ok(())
}

/// Forgets allowances that are whole again.
pub async fn delete_before(tx: &mut WriteTx, at: i64) -> Result<u64> {
    exec!(tx, "delete from api_allowance where at < $1", at)
}
