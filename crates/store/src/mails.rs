//! Letters to people, queued in the transaction of what they tell about and sent afterwards.
//!
//! Without a mail server they are kept, and the demo's mailbox page shows them. Of a letter that was sent both parts
//! are blanked, and the address that ends such letters: they may hold secret links.

pub mod log;

use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

#[derive(Debug, Clone, PartialEq, Eq, Default, sqlx::FromRow)]
pub struct Mail {
    pub mail_id: Uuid,
    pub to_address: String,
    /// A stable word for the kind of letter, such as `invitation`.
    pub kind: String,
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// The same in HTML.
    pub html: String,
    /// The address whose POST ends such letters; empty for a letter that is a duty.
    pub unsubscribe: String,
    /// Whether others go first that somebody waits for.
    pub can_wait: bool,
    pub created_at: i64,
    pub sent_at: Option<i64>,
    pub failed_at: Option<i64>,
    pub failure: Option<String>,
}

/// Queues a letter; the last three fields are not read.
pub async fn insert(tx: &mut WriteTx, mail: &Mail) -> Result<()> {
    exec!(
        tx,
        "insert into mail (mail_id, to_address, kind, subject, body, html, unsubscribe, can_wait, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        mail.mail_id,
        &mail.to_address,
        &mail.kind,
        &mail.subject,
        &mail.body,
        &mail.html,
        &mail.unsubscribe,
        mail.can_wait,
        mail.created_at,
    )?;
    Ok(())
}

pub async fn list_newest(tx: &mut ReadTx, limit: i64) -> Result<Vec<Mail>> {
    all!(tx, Mail, "select * from mail order by created_at desc, mail_id desc limit $1", limit)
}

/// Letters that nobody has tried to send yet: those first that somebody waits for, then by age.
pub async fn list_waiting(tx: &mut ReadTx, limit: i64) -> Result<Vec<Mail>> {
    all!(
        tx,
        Mail,
        "select * from mail where sent_at is null and failed_at is null
         order by can_wait, created_at, mail_id limit $1",
        limit
    )
}

pub async fn mark_sent(tx: &mut WriteTx, id: Uuid, now: i64) -> Result<()> {
    exec!(
        tx,
        "update mail set sent_at = $1, tried_at = $1, tries = tries + 1, failure = null,
             body = '', html = '', unsubscribe = ''
         where mail_id = $2",
        now,
        id
    )?;
    Ok(())
}

/// `failure` is the mail server's answer.
pub async fn mark_failed(tx: &mut WriteTx, id: Uuid, now: i64, failure: &str) -> Result<()> {
    exec!(
        tx,
        "update mail set failed_at = $1, tried_at = $1, tries = tries + 1, failure = $2 where mail_id = $3",
        now,
        failure,
        id
    )?;
    Ok(())
}

/// One letter.
pub async fn find(tx: &mut ReadTx, id: Uuid) -> Result<Option<Mail>> {
    maybe!(tx, Mail, "select * from mail where mail_id = $1", id)
}

/// How many letters were queued after `since`.
pub async fn count_since(tx: &mut ReadTx, since: i64) -> Result<i64> {
    let (count,): (i64,) = one!(tx, (i64,), "select count(*) from mail where created_at > $1", since)?;
    Ok(count)
}
