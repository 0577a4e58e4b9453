//! Where people act: a seat joins an account to a provider, a board, the accreditor or their own
//! record. One account may hold several.
//!
//! Also how a [`Seat`] stands in columns (kind, organization, role), which API clients, invitations
//! and the audit trail share.

use domain::access::{ProviderRole, ProviderScope, Seat};
use domain::{AccountId, PhysicianId, State};
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{At, at, parsed, word};

/// The organization's own key and the role's word, as stored beside [`Seat::kind`].
pub(crate) fn columns(seat: Seat) -> (String, &'static str) {
    match seat {
        Seat::Provider(provider, role) => (provider.to_string(), role.code()),
        Seat::Physician(physician) => (physician.to_string(), ""),
        Seat::LicensingBoard(state) => (state.code().to_owned(), ""),
        Seat::CertifyingBoard(board) => (board.code().to_owned(), ""),
        Seat::Accreditor => (String::new(), ""),
    }
}

pub(crate) fn read(kind: &str, organization: &str, role: &str, at: At<'_>) -> Result<Seat> {
    Ok(match kind {
        "provider" => Seat::Provider(parsed(organization, at)?, word(ProviderRole::read(role), at)?),
        "physician" => Seat::Physician(parsed(organization, at)?),
        "licensing_board" => Seat::LicensingBoard(word(State::read(organization), at)?),
        "certifying_board" => Seat::CertifyingBoard(parsed(organization, at)?),
        "accreditor" => Seat::Accreditor,
        _ => return Err(at.error()),
    })
}

/// A seat somebody holds, with the organization's name (empty for a physician and the accreditor).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub seat_id: Uuid,
    pub seat: Seat,
    pub organization: String,
}

#[derive(sqlx::FromRow)]
struct HeldRow {
    seat_id: Uuid,
    kind: String,
    organization: String,
    role: String,
    organization_name: String,
}

/// `false`: the account holds a seat there already.
pub async fn insert(tx: &mut WriteTx, seat_id: Uuid, account: AccountId, seat: Seat, now: i64) -> Result<bool> {
    let (organization, role) = columns(seat);
    let inserted = exec!(
        tx,
        "insert into seat (seat_id, account_id, kind, organization, role, created_at)
         values ($1, $2, $3, $4, $5, $6) on conflict (account_id, kind, organization) do nothing",
        seat_id,
        account.as_uuid(),
        seat.kind(),
        organization,
        role,
        now,
    )?;
    Ok(inserted == 1)
}

/// An account's seats, oldest first.
pub async fn list(tx: &mut ReadTx, account: AccountId) -> Result<Vec<Held>> {
    let rows = all!(
        tx,
        HeldRow,
        "select s.seat_id, s.kind, s.organization, s.role,
                coalesce(p.name, l.name, c.name, '') as organization_name
         from seat s
         left join provider p on s.kind = 'provider' and p.provider_id = s.organization
         left join licensing_board l on s.kind = 'licensing_board' and l.state = s.organization
         left join certifying_board c on s.kind = 'certifying_board' and c.board = s.organization
         where s.account_id = $1 order by s.created_at, s.seat_id",
        account.as_uuid()
    )?;
    rows.into_iter()
        .map(|row| {
            let seat = read(&row.kind, &row.organization, &row.role, at("seat", "organization", &row.seat_id))?;
            Ok(Held { seat_id: row.seat_id, seat, organization: row.organization_name })
        })
        .collect()
}

/// The account that holds a physician's record, if somebody claimed it.
pub async fn holder_of_physician(tx: &mut ReadTx, physician: PhysicianId) -> Result<Option<AccountId>> {
    let row = maybe!(
        tx,
        (Uuid,),
        "select account_id from seat where kind = 'physician' and organization = $1",
        physician.to_string()
    )?;
    Ok(row.map(|(id,)| AccountId::new(id)))
}

/// Somebody on a provider's team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub seat_id: Uuid,
    pub account: AccountId,
    pub name: String,
    pub email: String,
    pub role: ProviderRole,
    pub since: i64,
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    seat_id: Uuid,
    account_id: Uuid,
    name: String,
    email: String,
    role: String,
    created_at: i64,
}

/// The provider's team by name, without disabled accounts.
pub async fn list_team(tx: &mut ReadTx, scope: &ProviderScope) -> Result<Vec<Member>> {
    let rows = all!(
        tx,
        MemberRow,
        "select s.seat_id, s.account_id, a.name, a.email, s.role, s.created_at
         from seat s join account a on a.account_id = s.account_id
         where s.kind = 'provider' and s.organization = $1 and a.disabled_at is null
         order by lower(a.name), a.email_key",
        scope.provider().as_str()
    )?;
    rows.into_iter()
        .map(|row| {
            let role = word(ProviderRole::read(&row.role), at("seat", "role", &row.seat_id))?;
            Ok(Member {
                seat_id: row.seat_id,
                account: AccountId::new(row.account_id),
                name: row.name,
                email: row.email,
                role,
                since: row.created_at,
            })
        })
        .collect()
}

/// How many people who can sign in own the provider's team. Locks the team until the transaction
/// ends, so that two owners cannot remove each other at once.
pub async fn lock_and_count_owners(tx: &mut WriteTx, scope: &ProviderScope) -> Result<i64> {
    // the provider's own row serves as the lock; an update that changes nothing locks on both databases
    exec!(tx, "update provider set name = name where provider_id = $1", scope.provider().as_str())?;
    let (count,): (i64,) = one!(
        tx,
        (i64,),
        "select count(*) from seat s join account a on a.account_id = s.account_id
         where s.kind = 'provider' and s.organization = $1 and s.role = 'owner' and a.disabled_at is null",
        scope.provider().as_str()
    )?;
    Ok(count)
}

/// `false`: the seat is not on this provider's team.
pub async fn set_role(tx: &mut WriteTx, scope: &ProviderScope, seat_id: Uuid, role: ProviderRole) -> Result<bool> {
    let changed = exec!(
        tx,
        "update seat set role = $1 where seat_id = $2 and kind = 'provider' and organization = $3",
        role.code(),
        seat_id,
        scope.provider().as_str()
    )?;
    Ok(changed == 1)
}

/// Ends the seat and the sessions in it. `false`: the seat is not on this provider's team.
pub async fn delete(tx: &mut WriteTx, scope: &ProviderScope, seat_id: Uuid) -> Result<bool> {
    let provider = scope.provider();
    exec!(
        tx,
        "delete from session where seat_id in
         (select seat_id from seat where seat_id = $1 and kind = 'provider' and organization = $2)",
        seat_id,
        provider.as_str()
    )?;
    let deleted = exec!(
        tx,
        "delete from seat where seat_id = $1 and kind = 'provider' and organization = $2",
        seat_id,
        provider.as_str()
    )?;
    Ok(deleted == 1)
}
