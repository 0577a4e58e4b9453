//! The system's own readers of the outbox: each goes through the events in order, from a place of its own, and
//! moves on in the transaction of what it did. So a kill forgets nothing and does nothing twice, and two workers
//! stand in line.

use store::WriteTx;
use store::counters::{self, Counter};
use store::events::{self, Passed};

use crate::{App, Result};

/// Events looked at in one transaction.
const AT_ONCE: i64 = 500;
/// Whether there are events that a reader has not seen. A look without any lock.
pub(crate) async fn is_behind(app: &App, reader: Counter) -> Result<bool> {
    let mut tx = app.store.read().await?;
    Ok(counters::taken(&mut tx, reader).await? < counters::taken(&mut tx, Counter::Event).await?)
}

/// The next events of a reader, who has seen them once the transaction commits.
pub(crate) async fn take(tx: &mut WriteTx, reader: Counter) -> Result<Vec<Passed>> {
    let first = counters::take(tx, reader, 0).await?;
    let events = events::from(tx, first, AT_ONCE).await?;
    if let Some(last) = events.last() {
        counters::take(tx, reader, last.seq + 1 - first).await?;
    }
    Ok(events)
}
