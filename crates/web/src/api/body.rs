//! A small JSON body, and what is wrong with it in words that name the place.

use axum::body::Bytes;
use serde::de::DeserializeOwned;

/// Reads it whole. Bodies of these calls are small: the router's limit stands before this.
pub(super) fn json<T: DeserializeOwned>(bytes: &Bytes) -> app::Result<T> {
    serde_json::from_slice(bytes).map_err(|error| {
        // serde's words name the field, the line and the column, and quote no more than a value's kind
        app::Error::invalid("body", format!("This is not the JSON that the call reads: {error}."))
    })
}
