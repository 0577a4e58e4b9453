//! People who lost their second factor and ask for help: asked, stopped from the address on file, settled by a
//! person, used once after a wait.

use domain::AccountId;
use domain::access::{ProviderScope, StaffScope};
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

#[derive(Debug, Clone)]
pub struct NewRequest {
    pub id: Uuid,
    pub account: AccountId,
    pub words: String,
    pub stop_hash: Vec<u8>,
    pub asked_at: i64,
}

/// A request that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    pub lost_factor_id: Uuid,
    pub account_id: Uuid,
    pub name: String,
    pub email: String,
    pub words: String,
    pub asked_at: i64,
}

/// A request that was granted and may be used now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Granted {
    pub id: Uuid,
    pub opens_at: i64,
}

/// `false`: the account waits for an answer already.
pub async fn insert(tx: &mut WriteTx, new: &NewRequest) -> Result<bool> {
    let inserted = exec!(
        tx,
        "insert into lost_factor (lost_factor_id, account_id, words, stop_hash, asked_at)
         select $1, $2, $3, $4, $5 where not exists
           (select 1 from lost_factor where account_id = $2 and settled_at is null and stopped_at is null)",
        new.id,
        new.account.as_uuid(),
        &new.words,
        new.stop_hash.clone(),
        new.asked_at,
    )?;
    Ok(inserted == 1)
}

/// Requests that wait, the oldest first.
pub async fn list_waiting(tx: &mut ReadTx, _scope: &StaffScope, limit: i64) -> Result<Vec<Waiting>> {
    all!(
        tx,
        Waiting,
        "select l.lost_factor_id, l.account_id, a.name, a.email, l.words, l.asked_at
         from lost_factor l join account a on a.account_id = l.account_id
         where l.settled_at is null and l.stopped_at is null order by l.asked_at, l.lost_factor_id limit $1",
        limit,
    )
}

pub async fn count_waiting(tx: &mut ReadTx, _scope: &StaffScope) -> Result<i64> {
    let (count,): (i64,) =
        one!(tx, (i64,), "select count(*) from lost_factor where settled_at is null and stopped_at is null")?;
    Ok(count)
}

/// Requests of members of the provider's team who sit nowhere else: for its owners.
pub async fn list_waiting_of_team(tx: &mut ReadTx, scope: &ProviderScope) -> Result<Vec<Waiting>> {
    all!(
        tx,
        Waiting,
        "select l.lost_factor_id, l.account_id, a.name, a.email, l.words, l.asked_at
         from lost_factor l join account a on a.account_id = l.account_id
         where l.settled_at is null and l.stopped_at is null
           and exists (select 1 from seat s where s.account_id = l.account_id and s.kind = 'provider'
                       and s.organization = $1)
           and not exists (select 1 from seat s where s.account_id = l.account_id
                           and (s.kind <> 'provider' or s.organization <> $1))
         order by l.asked_at, l.lost_factor_id",
        scope.provider().as_str(),
    )
}

/// A request that waits.
pub async fn find_waiting(tx: &mut ReadTx, id: Uuid) -> Result<Option<Waiting>> {
    maybe!(
        tx,
        Waiting,
        "select l.lost_factor_id, l.account_id, a.name, a.email, l.words, l.asked_at
         from lost_factor l join account a on a.account_id = l.account_id
         where l.lost_factor_id = $1 and l.settled_at is null and l.stopped_at is null",
        id,
    )
}

/// What a person decided. `opens_at` is `None` for no.
#[derive(Debug, Clone)]
pub struct Settlement<'a> {
    pub by: AccountId,
    pub reason: &'a str,
    pub opens_at: Option<i64>,
    pub at: i64,
}

/// `false`: it was settled or stopped meanwhile.
pub async fn settle(tx: &mut WriteTx, id: Uuid, settlement: &Settlement<'_>) -> Result<bool> {
    let changed = exec!(
        tx,
        "update lost_factor set settled_at = $1, settled_by = $2, granted = $3, reason = $4, opens_at = $5
         where lost_factor_id = $6 and settled_at is null and stopped_at is null",
        settlement.at,
        settlement.by.as_uuid(),
        settlement.opens_at.is_some(),
        settlement.reason,
        settlement.opens_at,
        id,
    )?;
    Ok(changed == 1)
}

/// What was granted to the account and not used, stopped or let lapse.
pub async fn find_granted(tx: &mut ReadTx, account: AccountId, opened_after: i64) -> Result<Option<Granted>> {
    let row = maybe!(
        tx,
        (Uuid, i64),
        "select lost_factor_id, opens_at from lost_factor
         where account_id = $1 and granted and stopped_at is null and used_at is null and opens_at > $2
         order by opens_at desc limit 1",
        account.as_uuid(),
        opened_after,
    )?;
    Ok(row.map(|(id, opens_at)| Granted { id, opens_at }))
}

/// `false`: it was used or stopped meanwhile.
pub async fn use_up(tx: &mut WriteTx, id: Uuid, now: i64) -> Result<bool> {
    let changed = exec!(
        tx,
        "update lost_factor set used_at = $1
         where lost_factor_id = $2 and granted and used_at is null and stopped_at is null and opens_at <= $1",
        now,
        id,
    )?;
    Ok(changed == 1)
}

/// Whose request the letter's secret can still stop.
pub async fn find_to_stop(tx: &mut ReadTx, hash: &[u8]) -> Result<Option<AccountId>> {
    let row = maybe!(
        tx,
        (Uuid,),
        "select account_id from lost_factor where stop_hash = $1 and stopped_at is null and used_at is null
           and (settled_at is null or granted)",
        hash.to_vec(),
    )?;
    Ok(row.map(|(account,)| AccountId::new(account)))
}

/// `false`: it was used or stopped meanwhile.
pub async fn stop(tx: &mut WriteTx, hash: &[u8], now: i64) -> Result<bool> {
    let changed = exec!(
        tx,
        "update lost_factor set stopped_at = $1 where stop_hash = $2 and stopped_at is null and used_at is null",
        now,
        hash.to_vec(),
    )?;
    Ok(changed == 1)
}

/// The account signed in with its factor after all: nothing is lost, so nothing stays open.
pub async fn stop_all(tx: &mut WriteTx, account: AccountId, now: i64) -> Result<u64> {
    exec!(
        tx,
        "update lost_factor set stopped_at = $1 where account_id = $2 and stopped_at is null and used_at is null
           and (settled_at is null or granted)",
        now,
        account.as_uuid(),
    )
}
