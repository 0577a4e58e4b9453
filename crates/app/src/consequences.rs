//! What follows from events by itself: credit is derived, boards' rules answer, rejections are told. Each reads the
//! outbox at its own pace.

use std::time::Duration;

use tokio::sync::watch;

use crate::{App, Result, board_rules, derived, missing_credit, notices, organizations, provider_mark, rejections};

/// How often an idle process looks for events.
const IDLE: Duration = Duration::from_millis(500);

/// Lets all readers read until told to stop.
pub async fn work(app: App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let round = match app.read_only.current(&app.store).await {
            Some(_) => Ok(false),
            None => round(&app).await,
        };
        let more = match round {
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
    let mut more = organizations::standings::see_to_due(app).await?;
    more |= derived::derive_next(app).await?;
    more |= board_rules::answer_next(app).await?;
    more |= rejections::note_next(app).await?;
    more |= notices::note_next(app).await?;
    more |= missing_credit::follow_next(app).await?;
    more |= missing_credit::tick_due(app).await?;
    more |= provider_mark::look_due(app).await?;
    rejections::write_due(app).await?;
    notices::write_due(app).await?;
    Ok(more)
}
