//! `Idempotency-Key`: a program's own name for a request, so that the same one sent again is answered
//! as before and not done again.

use app::idempotency::RequestKey;
use axum::http::HeaderMap;
use domain::access::Actor;
use utoipa::IntoParams;

use crate::Result;

/// How the header is described; [`given`] reads it.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it only describes")]
pub(super) struct IdempotencyKey {
    /// Your own name for this request, such as a UUID. The same request with the same key again is answered as
    /// the first time and not done again; another request with it is refused (idempotency_key_reused). Answers are
    /// kept for seven days at least.
    #[param(rename = "Idempotency-Key", nullable = false, min_length = 1, max_length = 255, pattern = "^[!-~]+$")]
    key: Option<String>,
}

/// The request's key, if it has one.
pub(super) fn given(actor: &Actor, headers: &HeaderMap) -> Result<Option<RequestKey>> {
    let mut values = headers.get_all("idempotency-key").iter();
    let key = values.next().map(|value| RequestKey::read(actor, value.as_bytes())).transpose()?;
    if values.next().is_some() {
        return Err(app::Error::invalid("Idempotency-Key", "Send one key with a request.").into());
    }
    Ok(key)
}
