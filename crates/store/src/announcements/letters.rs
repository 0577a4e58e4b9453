//! Notices by e-mail: who is written to, in the order of accounts, and the place that a job has reached.
//!
//! The place moves in the transaction that queues the letters, so a job that is run twice writes to nobody twice.

use domain::access::StaffScope;
use domain::announcement::Persona;
use domain::{AccountId, AnnouncementId};
use uuid::Uuid;

use super::{Announcement, remember};
use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

/// The word under which an account's choice about such letters is kept, beside the topics of `notices`.
const TOPIC: &str = "announcements";

/// Asks for letters about a notice. `false`: they were asked for already, or it changed meanwhile.
pub async fn ask(
    tx: &mut WriteTx,
    _scope: &StaffScope,
    notice: &Announcement,
    by: AccountId,
    now: i64,
) -> Result<bool> {
    let asked = exec!(
        tx,
        "update announcement set version = version + 1, mail_asked_at = $3
         where announcement_id = $1 and version = $2 and mail_asked_at is null and taken_back_at is null",
        notice.id.as_uuid(),
        notice.version,
        now,
    )?;
    if asked == 1 {
        remember(tx, notice.id, notice.version + 1, "mail", &notice.words, Some(by), now).await?;
    }
    Ok(asked == 1)
}

/// The last account that was reached; the nil UUID before the first.
pub async fn reached(tx: &mut ReadTx, id: AnnouncementId) -> Result<Uuid> {
    let sql = "select mail_after from announcement where announcement_id = $1";
    let row = maybe!(tx, (Option<Uuid>,), sql, id.as_uuid())?;
    Ok(row.and_then(|(after,)| after).unwrap_or_default())
}

/// Somebody who is written to.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Recipient {
    pub account_id: Uuid,
    pub email: String,
    pub name: String,
}

/// The next accounts after one with a seat of these personas, who did not say no and are not closed.
pub async fn recipients(tx: &mut ReadTx, personas: &[Persona], after: Uuid, most: i64) -> Result<Vec<Recipient>> {
    let has = |persona| personas.contains(&persona);
    all!(
        tx,
        Recipient,
        "select a.account_id, a.email, a.name from account a
         where a.account_id > $1 and a.disabled_at is null
         and exists (select 1 from seat s where s.account_id = a.account_id
             and ($2 or (s.kind = 'provider' and $3) or (s.kind = 'physician' and $4)
                  or (s.kind = 'licensing_board' and $5) or (s.kind = 'certifying_board' and $6)))
         and not exists (select 1 from notice_choice c
             where c.account_id = a.account_id and c.topic = $7 and not c.is_wanted)
         order by a.account_id limit $8",
        after,
        has(Persona::Everybody),
        has(Persona::Provider),
        has(Persona::Physician),
        has(Persona::LicensingBoard),
        has(Persona::CertifyingBoard),
        TOPIC,
        most,
    )
}

/// How many would be written to.
pub async fn count(tx: &mut ReadTx, _scope: &StaffScope, personas: &[Persona]) -> Result<i64> {
    let has = |persona| personas.contains(&persona);
    let (count,) = one!(
        tx,
        (i64,),
        "select count(*) from account a where a.disabled_at is null
         and exists (select 1 from seat s where s.account_id = a.account_id
             and ($1 or (s.kind = 'provider' and $2) or (s.kind = 'physician' and $3)
                  or (s.kind = 'licensing_board' and $4) or (s.kind = 'certifying_board' and $5)))
         and not exists (select 1 from notice_choice c
             where c.account_id = a.account_id and c.topic = $6 and not c.is_wanted)",
        has(Persona::Everybody),
        has(Persona::Provider),
        has(Persona::Physician),
        has(Persona::LicensingBoard),
        has(Persona::CertifyingBoard),
        TOPIC,
    )?;
    Ok(count)
}

/// Moves the place behind those who were just written to. `false`: another worker was quicker.
pub async fn move_on(tx: &mut WriteTx, id: AnnouncementId, from: Uuid, to: Uuid, written: i64) -> Result<bool> {
    let moved = exec!(
        tx,
        "update announcement set mail_after = $3, mailed = mailed + $4
         where announcement_id = $1 and mail_done_at is null and (mail_after = $2 or (mail_after is null and $5))",
        id.as_uuid(),
        from,
        to,
        written,
        from.is_nil(),
    )?;
    Ok(moved == 1)
}

pub async fn finish(tx: &mut WriteTx, id: AnnouncementId, now: i64) -> Result<()> {
    exec!(
        tx,
        "update announcement set mail_done_at = $2 where announcement_id = $1 and mail_done_at is null",
        id.as_uuid(),
        now,
    )?;
    Ok(())
}

/// Whether an account gets such letters.
pub async fn is_wanted(tx: &mut ReadTx, account: AccountId) -> Result<bool> {
    let sql = "select is_wanted from notice_choice where account_id = $1 and topic = $2";
    let row = maybe!(tx, (bool,), sql, account.as_uuid(), TOPIC)?;
    Ok(row.is_none_or(|(is_wanted,)| is_wanted))
}

pub async fn choose(tx: &mut WriteTx, account: AccountId, is_wanted: bool, now: i64) -> Result<()> {
    exec!(
        tx,
        "insert into notice_choice (account_id, topic, is_wanted, changed_at) values ($1, $2, $3, $4)
         on conflict (account_id, topic) do update set is_wanted = excluded.is_wanted, changed_at = excluded.changed_at",
        account.as_uuid(),
        TOPIC,
        is_wanted,
        now,
    )?;
    Ok(())
}
