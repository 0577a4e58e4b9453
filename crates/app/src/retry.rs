//! Running a transaction again when it lost a race: a deadlock, a serialization failure, or a unique
//! key that somebody else has just taken. What the second run looks up is then true.

use std::future::Future;

use crate::{Error, Result};

const TRIES: usize = 5;

/// Runs a whole transaction until it does not lose a race any more.
pub async fn on_race<T, F, R>(mut run: R) -> Result<T>
where
    R: FnMut() -> F,
    F: Future<Output = Result<T>>,
{
    for _ in 1..TRIES {
        match run().await {
            Err(Error::Store(error)) if error.is_retryable() || error.is_unique_violation() => {
                tracing::info!(%error, "a transaction lost a race and runs again");
            }
            done => return done,
        }
    }
    run().await
}
