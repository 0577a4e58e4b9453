//! How long a worker holds a job without renewing: long enough for the slowest chunk, short enough
//! that a crashed worker's job is soon taken over.

use crate::App;

pub(crate) const LEASE_SECONDS: i64 = 30;

/// When a lease taken now ends.
pub(crate) fn lease_end(app: &App) -> i64 {
    app.clock.now() + LEASE_SECONDS * 1_000_000
}
