//! Servers and workers say every few seconds that they are alive, also while nothing else may be changed.

use store::processes::Process;
use uuid::Uuid;

use super::machine::host;
use crate::clock::HOUR;
use crate::{App, Result};

/// This process as others see it.
#[derive(Debug, Clone)]
pub struct Alive {
    id: Uuid,
    kind: &'static str,
    host: String,
    started_at: i64,
}

/// Begins to be seen: `server` or `worker`.
pub fn begin(app: &App, kind: &'static str) -> Alive {
    let now = app.clock.now();
    Alive { id: app.chance.id(now), kind, host: host(), started_at: now }
}

/// Says that it is alive, and forgets who has been silent for a day.
pub async fn beat(app: &App, alive: &Alive) -> Result<()> {
    let now = app.clock.now();
    let process = Process {
        process_id: alive.id,
        kind: alive.kind.to_owned(),
        host: alive.host.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: alive.started_at,
        seen_at: now,
    };
    let mut tx = app.store.write().await?;
    store::processes::beat(&mut tx, &process).await?;
    store::processes::delete_before(&mut tx, now - 24 * HOUR).await?;
    Ok(tx.commit().await?)
}

/// Says that it ends.
pub async fn end(app: &App, alive: &Alive) -> Result<()> {
    let mut tx = app.store.write().await?;
    store::processes::remove(&mut tx, alive.id).await?;
    Ok(tx.commit().await?)
}
