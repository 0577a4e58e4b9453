//! Letters to people, queued in the transaction of what they tell about and sent afterwards.
//!
//! Without a mail server they are kept, and the demo's mailbox page shows them. A sent letter's body
//! is blanked: it may hold a secret link.

use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Mail {
    pub mail_id: Uuid,
    pub to_address: String,
    pub subject: String,
    pub body: String,
    pub created_at: i64,
    pub sent_at: Option<i64>,
    pub failed_at: Option<i64>,
    pub failure: Option<String>,
}

/// Queues a letter; the last three fields are not read.
pub async fn insert(tx: &mut WriteTx, mail: &Mail) -> Result<()> {
    exec!(
        tx,
        "insert into mail (mail_id, to_address, subject, body, created_at) values ($1, $2, $3, $4, $5)",
        mail.mail_id,
        &mail.to_address,
        &mail.subject,
        &mail.body,
        mail.created_at,
    )?;
    Ok(())
}

pub async fn list_newest(tx: &mut ReadTx, limit: i64) -> Result<Vec<Mail>> {
    all!(tx, Mail, "select * from mail order by created_at desc, mail_id desc limit $1", limit)
}

/// Letters that nobody has tried to send yet, oldest first.
pub async fn list_waiting(tx: &mut ReadTx, limit: i64) -> Result<Vec<Mail>> {
    all!(
        tx,
        Mail,
        "select * from mail where sent_at is null and failed_at is null order by created_at, mail_id limit $1",
        limit
    )
}

pub async fn mark_sent(tx: &mut WriteTx, id: Uuid, now: i64) -> Result<()> {
    exec!(tx, "update mail set sent_at = $1, body = '' where mail_id = $2", now, id)?;
    Ok(())
}

/// `failure` is the mail server's answer.
pub async fn mark_failed(tx: &mut WriteTx, id: Uuid, now: i64, failure: &str) -> Result<()> {
    exec!(tx, "update mail set failed_at = $1, failure = $2 where mail_id = $3", now, failure, id)?;
    Ok(())
}

/// How many letters were queued after `since`.
pub async fn count_since(tx: &mut ReadTx, since: i64) -> Result<i64> {
    let (count,): (i64,) = one!(tx, (i64,), "select count(*) from mail where created_at > $1", since)?;
    Ok(count)
}
