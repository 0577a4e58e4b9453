//! Who is signed in, where. A row is found by the hash of the browser's secret, never by the secret.
//!
//! A session belongs to one seat; the seat's role is read with it each time, so a change of role
//! holds at once.

use domain::AccountId;
use domain::access::Seat;
use uuid::Uuid;

use crate::error::Result;
use crate::seats;
use crate::tx::{ReadTx, WriteTx};
use crate::values::at;

#[derive(Debug, Clone)]
pub struct NewSession {
    /// SHA-256 of the secret.
    pub hash: Vec<u8>,
    pub account: AccountId,
    pub seat_id: Uuid,
    pub created_at: i64,
    pub expires_at: i64,
    /// When the person last proved who they are.
    pub proved_at: i64,
    pub user_agent: String,
}

/// A session that has not ended, with the person and the seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    pub account: AccountId,
    pub name: String,
    pub email: String,
    pub seat: Seat,
    /// The organization's name; empty for a physician and the accreditor.
    pub organization: String,
    pub seen_at: i64,
    /// When the person last proved who they are.
    pub proved_at: i64,
    /// Whether the account has an authenticator app or a passkey.
    pub has_second_factor: bool,
}

/// A row of the list that a person sees of their own sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub hash: Vec<u8>,
    pub created_at: i64,
    pub seen_at: i64,
    pub user_agent: String,
}

#[derive(sqlx::FromRow)]
struct LiveRow {
    account_id: Uuid,
    name: String,
    email: String,
    seat_id: Uuid,
    kind: String,
    organization: String,
    role: String,
    organization_name: String,
    seen_at: i64,
    proved_at: i64,
    has_second_factor: bool,
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    session_hash: Vec<u8>,
    created_at: i64,
    seen_at: i64,
    user_agent: String,
}

pub async fn insert(tx: &mut WriteTx, session: &NewSession) -> Result<()> {
    exec!(
        tx,
        "insert into session (session_hash, account_id, seat_id, created_at, seen_at, expires_at, proved_at,
         user_agent) values ($1, $2, $3, $4, $4, $5, $6, $7)",
        session.hash.clone(),
        session.account.as_uuid(),
        session.seat_id,
        session.created_at,
        session.expires_at,
        session.proved_at,
        &session.user_agent,
    )?;
    exec!(
        tx,
        "insert into account_sign_in (account_id, latest_at) values ($1, $2)
         on conflict (account_id) do update set latest_at = excluded.latest_at",
        session.account.as_uuid(),
        session.created_at,
    )?;
    Ok(())
}

/// The session with this hash, unless it expired, was last seen before `idle_since`, or the account
/// is disabled.
pub async fn find_live(tx: &mut ReadTx, hash: &[u8], now: i64, idle_since: i64) -> Result<Option<Live>> {
    let row = maybe!(
        tx,
        LiveRow,
        "select a.account_id, a.name, a.email, s.seat_id, s.kind, s.organization, s.role,
                coalesce(p.name, l.name, c.name, '') as organization_name, session.seen_at,
                session.proved_at,
                (exists (select 1 from passkey k where k.account_id = a.account_id)
                 or exists (select 1 from authenticator t where t.account_id = a.account_id
                            and t.confirmed_at is not null)) as has_second_factor
         from session
         join account a on a.account_id = session.account_id
         join seat s on s.seat_id = session.seat_id and s.account_id = session.account_id
         left join provider p on s.kind = 'provider' and p.provider_id = s.organization
         left join licensing_board l on s.kind = 'licensing_board' and l.state = s.organization
         left join certifying_board c on s.kind = 'certifying_board' and c.board = s.organization
         where session.session_hash = $1 and session.expires_at > $2 and session.seen_at > $3
           and a.disabled_at is null",
        hash.to_vec(),
        now,
        idle_since,
    )?;
    row.map(|row| {
        let seat = seats::read(&row.kind, &row.organization, &row.role, at("seat", "organization", &row.seat_id))?;
        Ok(Live {
            account: AccountId::new(row.account_id),
            name: row.name,
            email: row.email,
            seat,
            organization: row.organization_name,
            seen_at: row.seen_at,
            proved_at: row.proved_at,
            has_second_factor: row.has_second_factor,
        })
    })
    .transpose()
}

/// The account's sessions that have not ended, most recently used first.
pub async fn list(tx: &mut ReadTx, account: AccountId, now: i64, idle_since: i64) -> Result<Vec<Listed>> {
    let rows = all!(
        tx,
        ListedRow,
        "select session_hash, created_at, seen_at, user_agent from session
         where account_id = $1 and expires_at > $2 and seen_at > $3 order by seen_at desc, created_at desc",
        account.as_uuid(),
        now,
        idle_since,
    )?;
    Ok(rows
        .into_iter()
        .map(|row| Listed {
            hash: row.session_hash,
            created_at: row.created_at,
            seen_at: row.seen_at,
            user_agent: row.user_agent,
        })
        .collect())
}

/// Notes that the session was used.
pub async fn touch(tx: &mut WriteTx, hash: &[u8], now: i64) -> Result<()> {
    exec!(tx, "update session set seen_at = $1 where session_hash = $2", now, hash.to_vec())?;
    Ok(())
}

/// Notes that the person of the session just proved who they are.
pub async fn prove(tx: &mut WriteTx, hash: &[u8], now: i64) -> Result<()> {
    exec!(tx, "update session set proved_at = $1 where session_hash = $2", now, hash.to_vec())?;
    Ok(())
}

/// Ends all sessions of the account but this one, and says how many there were.
pub async fn delete_others(tx: &mut WriteTx, account: AccountId, hash: &[u8]) -> Result<u64> {
    exec!(tx, "delete from session where account_id = $1 and session_hash <> $2", account.as_uuid(), hash.to_vec())
}

/// Ends one session of the account. `false`: it has no such session.
pub async fn delete(tx: &mut WriteTx, account: AccountId, hash: &[u8]) -> Result<bool> {
    let deleted =
        exec!(tx, "delete from session where session_hash = $1 and account_id = $2", hash.to_vec(), account.as_uuid())?;
    Ok(deleted == 1)
}

/// Ends the session with this hash, whoever holds it: its secret was shown.
pub async fn delete_by_hash(tx: &mut WriteTx, hash: &[u8]) -> Result<()> {
    exec!(tx, "delete from session where session_hash = $1", hash.to_vec())?;
    Ok(())
}

/// Ends all sessions of the account, and says how many there were.
pub async fn delete_all(tx: &mut WriteTx, account: AccountId) -> Result<u64> {
    exec!(tx, "delete from session where account_id = $1", account.as_uuid())
}

/// Ends the sessions in one seat: after a change of role everybody signs in anew.
pub async fn delete_of_seat(tx: &mut WriteTx, seat_id: Uuid) -> Result<u64> {
    exec!(tx, "delete from session where seat_id = $1", seat_id)
}

/// Ends all sessions: after a restore, what was revoked since must not open again.
pub async fn delete_everybodys(tx: &mut WriteTx) -> Result<u64> {
    exec!(tx, "delete from session")
}

/// Forgets sessions that ended by themselves.
pub async fn delete_ended(tx: &mut WriteTx, now: i64, idle_since: i64) -> Result<u64> {
    exec!(tx, "delete from session where expires_at <= $1 or seen_at <= $2", now, idle_since)
}
