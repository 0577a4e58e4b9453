//! What is told to a webhook, one event at a time: waiting until it is taken, tried again with growing
//! pauses, given up after many days.

use domain::{DeliveryId, WebhookId};
use uuid::Uuid;

use super::Listener;
use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, word};

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Waiting,
    Delivered,
    GivenUp,
}

impl State {
    pub fn code(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Delivered => "delivered",
            State::GivenUp => "given_up",
        }
    }

    fn read(code: &str) -> Option<Self> {
        [Self::Waiting, Self::Delivered, Self::GivenUp].into_iter().find(|state| state.code() == code)
    }
}

/// An event that is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    pub id: DeliveryId,
    pub event_seq: i64,
    pub event: &'static str,
    pub body: String,
}

/// A delivery that is to be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub id: DeliveryId,
    pub webhook: WebhookId,
    pub url: String,
    pub secret: String,
    pub body: String,
    /// Tries so far.
    pub tries: i64,
    pub due_at: i64,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub id: DeliveryId,
    pub event: String,
    pub body: String,
    pub state: State,
    pub tries: i64,
    pub due_at: i64,
    /// The HTTP status of the last answer.
    pub status: Option<i64>,
    /// Why the last try failed; empty if it did not.
    pub failure: String,
    pub created_at: i64,
    pub tried_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct DueRow {
    delivery_id: Uuid,
    webhook_id: Uuid,
    url: String,
    secret: String,
    body: String,
    tries: i64,
    due_at: i64,
}

#[derive(sqlx::FromRow)]
struct DeliveryRow {
    delivery_id: Uuid,
    event: String,
    body: String,
    state: String,
    tries: i64,
    due_at: i64,
    status: Option<i64>,
    failure: String,
    created_at: i64,
    tried_at: Option<i64>,
}

/// In the transaction that moves the webhook behind these events.
pub async fn insert(tx: &mut WriteTx, webhook: WebhookId, deliveries: &[NewDelivery], now: i64) -> Result<()> {
    bulk!(
        tx,
        "insert into webhook_delivery (delivery_id, webhook_id, event_seq, event, body, state, tries, due_at, failure,
         created_at) ",
        deliveries,
        |one| one.id.as_uuid(),
        webhook.as_uuid(),
        one.event_seq,
        one.event,
        one.body.as_str(),
        State::Waiting.code(),
        0_i64,
        now,
        "",
        now,
    );
    Ok(())
}

/// Webhooks with deliveries whose time has come.
pub async fn webhooks_due(tx: &mut ReadTx, now: i64) -> Result<Vec<WebhookId>> {
    let sql = "select distinct webhook_id from webhook_delivery where state = 'waiting' and due_at <= $1";
    let rows = all!(tx, (Uuid,), sql, now)?;
    Ok(rows.into_iter().map(|(id,)| WebhookId::new(id)).collect())
}

/// Those of a webhook whose time has come, the longest waiting first.
pub async fn due(tx: &mut ReadTx, webhook: WebhookId, now: i64, most: i64) -> Result<Vec<Due>> {
    let rows = all!(
        tx,
        DueRow,
        "select d.delivery_id, d.webhook_id, w.url, w.secret, d.body, d.tries, d.due_at
         from webhook_delivery d join webhook w on w.webhook_id = d.webhook_id
         where d.webhook_id = $1 and d.state = 'waiting' and d.due_at <= $2
         order by d.due_at, d.delivery_id limit $3",
        webhook.as_uuid(),
        now,
        most,
    )?;
    let due = |row: DueRow| Due {
        id: DeliveryId::new(row.delivery_id),
        webhook: WebhookId::new(row.webhook_id),
        url: row.url,
        secret: row.secret,
        body: row.body,
        tries: row.tries,
        due_at: row.due_at,
    };
    Ok(rows.into_iter().map(due).collect())
}

/// Takes a delivery to send it: nobody else does until then. `false`: somebody else has it.
pub async fn claim(tx: &mut WriteTx, due: &Due, until: i64) -> Result<bool> {
    let claimed = exec!(
        tx,
        "update webhook_delivery set due_at = $3 where delivery_id = $1 and state = 'waiting' and due_at = $2",
        due.id.as_uuid(),
        due.due_at,
        until,
    )?;
    Ok(claimed == 1)
}

/// How a try ended. `again_at` says when the next one is due; nothing: there is none.
pub async fn settle(
    tx: &mut WriteTx,
    id: DeliveryId,
    answer: (Option<i64>, &str),
    again_at: Option<i64>,
    now: i64,
) -> Result<()> {
    let (status, failure) = answer;
    let state = match (failure.is_empty(), again_at) {
        (true, _) => State::Delivered,
        (false, Some(_)) => State::Waiting,
        (false, None) => State::GivenUp,
    };
    exec!(
        tx,
        "update webhook_delivery set state = $2, tries = tries + 1, status = $3, failure = $4, due_at = $5, tried_at = $6
         where delivery_id = $1 and state = 'waiting'",
        id.as_uuid(),
        state.code(),
        status,
        failure,
        again_at.unwrap_or(now),
        now,
    )?;
    Ok(())
}

/// The newest deliveries of one of the listener's webhooks.
pub async fn log(tx: &mut ReadTx, listener: Listener, webhook: WebhookId, most: i64) -> Result<Vec<Delivery>> {
    let rows = all!(
        tx,
        DeliveryRow,
        "select d.delivery_id, d.event, d.body, d.state, d.tries, d.due_at, d.status, d.failure, d.created_at,
                d.tried_at
         from webhook_delivery d join webhook w on w.webhook_id = d.webhook_id
         where w.webhook_id = $1 and w.kind = $2 and w.organization = $3
         order by d.event_seq desc limit $4",
        webhook.as_uuid(),
        listener.kind(),
        listener.organization(),
        most,
    )?;
    rows.into_iter()
        .map(|row| {
            Ok(Delivery {
                id: DeliveryId::new(row.delivery_id),
                event: row.event,
                body: row.body,
                state: word(State::read(&row.state), at("webhook_delivery", "state", &row.delivery_id))?,
                tries: row.tries,
                due_at: row.due_at,
                status: row.status,
                failure: row.failure,
                created_at: row.created_at,
                tried_at: row.tried_at,
            })
        })
        .collect()
}

/// Sends deliveries of the listener's webhook again, one of them or all that were given up. How many.
pub async fn replay(
    tx: &mut WriteTx,
    listener: Listener,
    webhook: WebhookId,
    one: Option<DeliveryId>,
    now: i64,
) -> Result<u64> {
    let (kind, organization) = (listener.kind(), listener.organization());
    match one {
        Some(one) => exec!(
            tx,
            "update webhook_delivery set state = 'waiting', tries = 0, due_at = $5
             where delivery_id = $1 and webhook_id = $2 and state <> 'waiting'
               and exists (select 1 from webhook w where w.webhook_id = $2 and w.kind = $3 and w.organization = $4
                           and w.removed_at is null)",
            one.as_uuid(),
            webhook.as_uuid(),
            kind,
            organization,
            now,
        ),
        None => exec!(
            tx,
            "update webhook_delivery set state = 'waiting', tries = 0, due_at = $4
             where webhook_id = $1 and state = 'given_up'
               and exists (select 1 from webhook w where w.webhook_id = $1 and w.kind = $2 and w.organization = $3
                           and w.removed_at is null)",
            webhook.as_uuid(),
            kind,
            organization,
            now,
        ),
    }
}

/// Forgets what was settled before `at`; gives how many. What waits is kept, however long.
pub async fn delete_before(tx: &mut WriteTx, at: i64) -> Result<u64> {
    exec!(tx, "delete from webhook_delivery where created_at < $1 and state <> 'waiting'", at)
}
