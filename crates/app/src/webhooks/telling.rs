//! Turning events into deliveries: each event once for each webhook that wants it, in their order.

use domain::DeliveryId;
use serde_json::{Value, json};
use store::feeds::Event;
use store::webhooks::{Behind, NewDelivery};

use crate::{App, Result};

/// Events looked at in one transaction.
const AT_ONCE: i64 = 200;

/// Writes deliveries of all new events. Whether there may be more.
pub(super) async fn write_down(app: &App) -> Result<bool> {
    let mut tx = app.store.read().await?;
    let behind = store::webhooks::behind(&mut tx).await?;
    drop(tx);
    let mut more = false;
    for webhook in behind {
        more |= of_one(app, &webhook).await?;
    }
    Ok(more)
}

async fn of_one(app: &App, webhook: &Behind) -> Result<bool> {
    let listener = webhook.listener()?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let newest = store::feeds::newest(&mut tx).await?;
    let events = listener.events(&mut tx, &webhook.kinds, webhook.next_seq - 1, AT_ONCE).await?;
    let is_piece = events.len() as i64 == AT_ONCE;
    // PostgreSQL may show events that came after the newest was asked for: they are told, so they are behind it too
    let last = events.last().map_or(-1, |event| event.seq);
    let next = if is_piece { last } else { last.max(newest) } + 1;
    if !store::webhooks::advance(&mut tx, webhook, next).await? {
        return Ok(false);
    }
    let deliveries: Vec<NewDelivery> = events
        .iter()
        .map(|event| NewDelivery {
            id: DeliveryId::new(app.chance.id(now)),
            event_seq: event.seq,
            event: event.kind.code(),
            body: body(app, event).to_string(),
        })
        .collect();
    store::webhooks::insert(&mut tx, webhook.id, &deliveries, now).await?;
    tx.commit().await?;
    Ok(is_piece)
}

/// What is told: nothing that names a person.
fn body(app: &App, event: &Event) -> Value {
    let mut data = json!({ "provider_id": event.provider.to_string() });
    if let Some(upload) = event.upload {
        data["upload_id"] = json!(upload);
    }
    if let Some(credit) = &event.credit {
        data["credit"] = json!({
            "id": credit.id,
            "submission_id": credit.submission_id,
            "activity_id": credit.activity.to_string(),
            "board": credit.kind.key(),
            "points": credit.points.to_string(),
            "status": credit.status.code(),
            "reason": credit.reason,
            "standing": credit.standing.code(),
        });
    }
    json!({ "type": event.kind.code(), "timestamp": app.clock.machine(event.at), "data": data })
}
