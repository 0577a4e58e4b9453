//! The system's own readers of the outbox: each goes through the events in order, from a place of its own, and
//! moves on in the transaction of what it did. So a kill forgets nothing and does nothing twice, and two workers
//! stand in line.

use std::time::Duration;

use store::WriteTx;
use store::counters::{self, Counter};
use store::events::{self, Passed};
use tokio::sync::watch;

use crate::{App, Result, board_rules, derived, rejections};

/// Events looked at in one transaction.
const AT_ONCE: i64 = 500;
/// How often an idle process looks for events.
const IDLE: Duration = Duration::from_millis(500);

/// Lets all readers read until told to stop.
pub async fn work(app: App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let more = match round(&app).await {
            Ok(more) => more,
            Err(error) => {
                tracing::error!(%error, "what follows from events could not be done; it is tried again");
                false
            }
        };
        if !more {
            tokio::select! {
                () = tokio::time::sleep(IDLE) => {}
                _ = stop.changed() => {}
            }
        }
    }
}

/// One turn of each reader. Whether one of them may find more.
pub async fn round(app: &App) -> Result<bool> {
    let mut more = derived::derive_next(app).await?;
    more |= board_rules::answer_next(app).await?;
    more |= rejections::note_next(app).await?;
    rejections::write_due(app).await?;
    Ok(more)
}

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
