//! Programs elsewhere that are told of events: who listens, and what became of each telling.
//!
//! An event becomes a delivery in the transaction that moves the webhook's `next_seq` behind it, so that
//! two processes never tell it twice and a killed one forgets none.

use domain::access::{CertifyingBoardScope, ProviderScope};
use domain::{AccountId, WebhookId};
use uuid::Uuid;

use crate::error::Result;
use crate::events::EventKind;
use crate::feeds::{self, Event};
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, word};

mod deliveries;

pub use deliveries::{
    Delivery, Due, NewDelivery, State, claim, delete_before, due, insert, log, replay, settle, webhooks_due,
};

/// Whose events a webhook tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listener {
    Provider(ProviderScope),
    CertifyingBoard(CertifyingBoardScope),
}

impl Listener {
    fn kind(self) -> &'static str {
        match self {
            Listener::Provider(_) => "provider",
            Listener::CertifyingBoard(_) => "certifying_board",
        }
    }

    fn organization(self) -> String {
        match self {
            Listener::Provider(scope) => scope.provider().to_string(),
            Listener::CertifyingBoard(scope) => scope.board().code().to_owned(),
        }
    }

    /// The events behind `seen` that concern it.
    pub async fn events(self, tx: &mut ReadTx, kinds: &[EventKind], seen: i64, most: i64) -> Result<Vec<Event>> {
        match self {
            Listener::Provider(scope) => feeds::of_provider(tx, &scope, kinds, seen, most).await,
            Listener::CertifyingBoard(scope) => feeds::of_board(tx, &scope, kinds, seen, most).await,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWebhook {
    pub id: WebhookId,
    pub url: String,
    /// In the form of Standard Webhooks: `whsec_` and base64.
    pub secret: String,
    /// Empty: all.
    pub kinds: Vec<EventKind>,
    pub created_by: AccountId,
    pub at: i64,
}

/// A webhook as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    pub id: WebhookId,
    pub url: String,
    /// Empty: all.
    pub kinds: Vec<EventKind>,
    pub created_at: i64,
    /// Deliveries that wait, and those that were given up.
    pub waiting: i64,
    pub given_up: i64,
}

/// A webhook that has events to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    pub id: WebhookId,
    pub kinds: Vec<EventKind>,
    pub kind: String,
    pub organization: String,
    pub next_seq: i64,
}

#[derive(sqlx::FromRow)]
struct WebhookRow {
    webhook_id: Uuid,
    url: String,
    events: String,
    created_at: i64,
    waiting: i64,
    given_up: i64,
}

#[derive(sqlx::FromRow)]
struct BehindRow {
    webhook_id: Uuid,
    kind: String,
    organization: String,
    events: String,
    next_seq: i64,
}

fn words(kinds: &[EventKind]) -> String {
    kinds.iter().map(|kind| kind.code()).collect::<Vec<_>>().join(" ")
}

fn kinds(words: &str, id: Uuid) -> Result<Vec<EventKind>> {
    words.split_whitespace().map(|one| word(EventKind::read(one), at("webhook", "events", &id))).collect()
}

/// It tells what happens from now on.
pub async fn create(tx: &mut WriteTx, listener: Listener, new: &NewWebhook) -> Result<()> {
    let next_seq = feeds::newest(tx).await? + 1;
    exec!(
        tx,
        "insert into webhook (webhook_id, kind, organization, url, secret, events, created_at, created_by, next_seq)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new.id.as_uuid(),
        listener.kind(),
        listener.organization(),
        new.url.as_str(),
        new.secret.as_str(),
        words(&new.kinds),
        new.at,
        new.created_by.as_uuid(),
        next_seq,
    )?;
    Ok(())
}

/// Those of the listener, oldest first.
pub async fn list(tx: &mut ReadTx, listener: Listener) -> Result<Vec<Webhook>> {
    let rows = all!(
        tx,
        WebhookRow,
        "select w.webhook_id, w.url, w.events, w.created_at,
                (select count(*) from webhook_delivery d
                 where d.webhook_id = w.webhook_id and d.state = 'waiting') as waiting,
                (select count(*) from webhook_delivery d
                 where d.webhook_id = w.webhook_id and d.state = 'given_up') as given_up
         from webhook w where w.kind = $1 and w.organization = $2 and w.removed_at is null
         order by w.created_at, w.webhook_id",
        listener.kind(),
        listener.organization(),
    )?;
    rows.into_iter()
        .map(|row| {
            Ok(Webhook {
                id: WebhookId::new(row.webhook_id),
                kinds: kinds(&row.events, row.webhook_id)?,
                url: row.url,
                created_at: row.created_at,
                waiting: row.waiting,
                given_up: row.given_up,
            })
        })
        .collect()
}

/// `false`: the listener has no such webhook. What still waits is not sent any more.
pub async fn remove(tx: &mut WriteTx, listener: Listener, id: WebhookId, now: i64) -> Result<bool> {
    let removed = exec!(
        tx,
        "update webhook set removed_at = $4
         where webhook_id = $1 and kind = $2 and organization = $3 and removed_at is null",
        id.as_uuid(),
        listener.kind(),
        listener.organization(),
        now,
    )?;
    exec!(
        tx,
        "update webhook_delivery set state = 'given_up', failure = 'removed' where webhook_id = $1 and state = 'waiting'
         and exists (select 1 from webhook w where w.webhook_id = $1 and w.removed_at is not null)",
        id.as_uuid(),
    )?;
    Ok(removed == 1)
}

/// Webhooks that have not been told of all events yet.
pub async fn behind(tx: &mut ReadTx) -> Result<Vec<Behind>> {
    let newest = feeds::newest(tx).await?;
    let rows = all!(
        tx,
        BehindRow,
        "select webhook_id, kind, organization, events, next_seq from webhook
         where removed_at is null and next_seq <= $1 order by webhook_id",
        newest,
    )?;
    rows.into_iter()
        .map(|row| {
            Ok(Behind {
                id: WebhookId::new(row.webhook_id),
                kinds: kinds(&row.events, row.webhook_id)?,
                kind: row.kind,
                organization: row.organization,
                next_seq: row.next_seq,
            })
        })
        .collect()
}

impl Behind {
    /// Whose events it tells; the record itself names its owner.
    pub fn listener(&self) -> Result<Listener> {
        let place = || at("webhook", "organization", &self.id);
        match self.kind.as_str() {
            "provider" => {
                let provider = self.organization.parse().map_err(|_| place().error())?;
                Ok(Listener::Provider(ProviderScope::of_record(provider)))
            }
            _ => {
                let board = self.organization.parse().map_err(|_| place().error())?;
                Ok(Listener::CertifyingBoard(CertifyingBoardScope::of_record(board)))
            }
        }
    }
}

/// Moves a webhook behind the events that the transaction turns into deliveries. `false`: another
/// process has done so.
pub async fn advance(tx: &mut WriteTx, webhook: &Behind, next_seq: i64) -> Result<bool> {
    let moved = exec!(
        tx,
        "update webhook set next_seq = $3 where webhook_id = $1 and next_seq = $2 and removed_at is null",
        webhook.id.as_uuid(),
        webhook.next_seq,
        next_seq,
    )?;
    Ok(moved == 1)
}
