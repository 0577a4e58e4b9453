//! The same request sent again, because its answer got lost, is answered as it was and not done again.
//!
//! A program names a request by a key (the header `Idempotency-Key`). Its answer is kept in the
//! transaction of the work itself: whatever ends the process, both are there or neither.

use domain::access::{Actor, Who};
use domain::{ApiClientId, Code, Problem};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::idempotency::Answered;
use store::{ReadTx, WriteTx};

use crate::clock::HOUR;
use crate::{App, Error, Result};

/// Microseconds for which answers are kept at least.
pub const KEPT_FOR: i64 = 7 * 24 * HOUR;
/// Letters of a key at most.
pub const LONGEST: usize = 255;

/// A program's own name for one of its requests.
#[derive(Debug, Clone)]
pub struct RequestKey {
    client: ApiClientId,
    key: String,
}

impl RequestKey {
    /// Reads the header's value: 1 to [`LONGEST`] visible ASCII letters.
    pub fn read(actor: &Actor, value: &[u8]) -> Result<Self> {
        let wrong = || {
            let remedy = "Write 1 to 255 visible ASCII letters, such as a UUID, without spaces.";
            Error::invalid("Idempotency-Key", remedy)
        };
        let Who::ApiClient(client) = actor.who else {
            return Err(Error::Forbidden("only programs give their requests keys"));
        };
        let key = std::str::from_utf8(value).map_err(|_| wrong())?;
        if key.is_empty() || key.len() > LONGEST || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(wrong());
        }
        Ok(Self { client, key: key.to_owned() })
    }
}

/// What was asked: a call, and the hex SHA-256 of what was sent with it.
pub(crate) fn request(call: &str, digest: &str) -> String {
    format!("{call} {digest}")
}

/// The answer that this request got before. A key that stands for another request is refused.
pub(crate) async fn earlier<T: DeserializeOwned>(
    tx: &mut ReadTx,
    key: Option<&RequestKey>,
    request: &str,
) -> Result<Option<T>> {
    let Some(RequestKey { client, key }) = key else { return Ok(None) };
    let Some(found) = store::idempotency::find(tx, *client, key).await? else { return Ok(None) };
    if found.request != request {
        return Err(Error::Problems(vec![Problem::file(Code::IdempotencyKeyReused).given(key)]));
    }
    let read = serde_json::from_str(&found.answer);
    read.map(Some).map_err(|error| Error::Internal(format!("a kept answer cannot be read: {error}")))
}

/// Keeps an answer, together with the work that the transaction does. `false`: the key was taken by
/// another request meanwhile, so the transaction must be given up and [`earlier`] asked again.
pub(crate) async fn keep<T: Serialize>(
    app: &App,
    tx: &mut WriteTx,
    key: Option<&RequestKey>,
    request: &str,
    answer: &T,
) -> Result<bool> {
    let Some(RequestKey { client, key }) = key else { return Ok(true) };
    let answer = serde_json::to_string(answer).map_err(|error| Error::Internal(error.to_string()))?;
    let answered = Answered { request: request.to_owned(), answer };
    Ok(store::idempotency::insert(tx, *client, key, &answered, app.clock.now()).await?)
}
