//! Answers to requests that carried a key of their sender's, so that the same request again is answered
//! and not done again. A row is written in the transaction of the work it tells of, or not at all.

use domain::ApiClientId;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

/// A request that was answered.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Answered {
    /// The call and the digest of what was sent.
    pub request: String,
    /// What became of it (JSON).
    pub answer: String,
}

/// What the program's key stands for; another program's keys are its own.
pub async fn find(tx: &mut ReadTx, client: ApiClientId, key: &str) -> Result<Option<Answered>> {
    let sql = "select request, answer from idempotency_key where api_client_id = $1 and idempotency_key = $2";
    maybe!(tx, Answered, sql, client.as_uuid(), key)
}

/// Writes down an answer. `false`: the key is taken. A transaction that is just taking it is waited for.
pub async fn insert(tx: &mut WriteTx, client: ApiClientId, key: &str, kept: &Answered, now: i64) -> Result<bool> {
    let inserted = exec!(
        tx,
        "insert into idempotency_key (api_client_id, idempotency_key, request, answer, created_at)
         values ($1, $2, $3, $4, $5) on conflict (api_client_id, idempotency_key) do nothing",
        client.as_uuid(),
        key,
        kept.request.as_str(),
        kept.answer.as_str(),
        now,
    )?;
    Ok(inserted == 1)
}

/// Forgets what was answered before `at`; gives how many.
pub async fn delete_before(tx: &mut WriteTx, at: i64) -> Result<u64> {
    exec!(tx, "delete from idempotency_key where created_at < $1", at)
}
