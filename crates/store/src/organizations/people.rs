//! The people of any organization, for the accreditor's staff: who has a seat, who is invited. A provider's own owners
//! use `seats` and `invitations`, which know their provider alone.

use domain::access::{ProviderRole, Seat, StaffScope};
use domain::{AccountId, Organization};
use uuid::Uuid;

use crate::error::Result;
use crate::invitations::{Open, OpenRow};
use crate::seats;
use crate::tx::{ReadTx, WriteTx};
use crate::values::at;

/// Somebody with a seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub seat_id: Uuid,
    pub seat: Seat,
    pub account: AccountId,
    pub name: String,
    pub email: String,
    pub since: i64,
    pub disabled_at: Option<i64>,
    /// Whether the account has an authenticator app or a passkey.
    pub has_second_factor: bool,
    pub signed_in_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct PersonRow {
    seat_id: Uuid,
    kind: String,
    organization: String,
    role: String,
    account_id: Uuid,
    name: String,
    email: String,
    created_at: i64,
    disabled_at: Option<i64>,
    has_second_factor: bool,
    latest_at: Option<i64>,
}

impl TryFrom<PersonRow> for Person {
    type Error = crate::Error;

    fn try_from(row: PersonRow) -> Result<Self> {
        let seat = seats::read(&row.kind, &row.organization, &row.role, at("seat", "organization", &row.seat_id))?;
        Ok(Self {
            seat_id: row.seat_id,
            seat,
            account: AccountId::new(row.account_id),
            name: row.name,
            email: row.email,
            since: row.created_at,
            disabled_at: row.disabled_at,
            has_second_factor: row.has_second_factor,
            signed_in_at: row.latest_at,
        })
    }
}

/// Everybody with a seat, by name, disabled accounts too.
pub async fn list(tx: &mut ReadTx, _scope: &StaffScope, organization: Organization) -> Result<Vec<Person>> {
    let rows = all!(
        tx,
        PersonRow,
        "select s.seat_id, s.kind, s.organization, s.role, a.account_id, a.name, a.email, s.created_at, a.disabled_at,
                (exists (select 1 from passkey k where k.account_id = a.account_id)
                 or exists (select 1 from authenticator t where t.account_id = a.account_id
                            and t.confirmed_at is not null)) as has_second_factor, i.latest_at
         from seat s join account a on a.account_id = s.account_id
         left join account_sign_in i on i.account_id = a.account_id
         where s.kind = $1 and s.organization = $2 order by lower(a.name), a.email_key",
        organization.kind(),
        organization.key(),
    )?;
    rows.into_iter().map(Person::try_from).collect()
}

/// Where a seat is; `None` if there is none of this ID, or it is a physician's.
pub async fn organization_of(tx: &mut ReadTx, _scope: &StaffScope, seat_id: Uuid) -> Result<Option<Organization>> {
    let row = maybe!(
        tx,
        (String, String),
        "select kind, organization from seat where seat_id = $1 and kind <> 'physician'",
        seat_id
    )?;
    Ok(row.and_then(|(kind, key)| Organization::read(&kind, &key)))
}

/// Locks the organization's people until the transaction ends, so that two who remove each other stand in line.
pub async fn lock(tx: &mut WriteTx, organization: Organization) -> Result<()> {
    // an update that changes nothing locks on both databases
    match organization {
        Organization::Provider(_) => {
            exec!(tx, "update provider set name = name where provider_id = $1", organization.key())?
        }
        Organization::LicensingBoard(_) => {
            exec!(tx, "update licensing_board set name = name where state = $1", organization.key())?
        }
        Organization::CertifyingBoard(_) => {
            exec!(tx, "update certifying_board set name = name where board = $1", organization.key())?
        }
        // the accreditor has no row of its own: the first seat with it stands for it
        Organization::Accreditor => exec!(
            tx,
            "update seat set role = role where seat_id in
             (select seat_id from seat where kind = 'accreditor' order by seat_id limit 1)",
        )?,
    };
    Ok(())
}

/// Gives somebody of a provider another role.
pub async fn set_role(tx: &mut WriteTx, _scope: &StaffScope, seat_id: Uuid, role: ProviderRole) -> Result<()> {
    exec!(tx, "update seat set role = $1 where seat_id = $2 and kind = 'provider'", role.code(), seat_id)?;
    Ok(())
}

/// Ends the seat and the sessions in it.
pub async fn delete(tx: &mut WriteTx, _scope: &StaffScope, seat_id: Uuid) -> Result<()> {
    exec!(tx, "delete from session where seat_id = $1", seat_id)?;
    exec!(tx, "delete from seat where seat_id = $1 and kind <> 'physician'", seat_id)?;
    Ok(())
}

/// Invitations that nobody accepted or withdrew, newest first; also those whose time is over since `expired_since`, so
/// that they can be sent again.
pub async fn invitations(
    tx: &mut ReadTx,
    _scope: &StaffScope,
    organization: Organization,
    expired_since: i64,
) -> Result<Vec<Open>> {
    let rows = all!(
        tx,
        OpenRow,
        "select i.invitation_id, i.email, i.kind, i.organization, i.role, '' as organization_name, i.created_at,
                i.expires_at
         from invitation i
         where i.kind = $1 and i.organization = $2 and i.accepted_at is null and i.revoked_at is null
           and i.expires_at > $3
         order by i.created_at desc, i.invitation_id desc",
        organization.kind(),
        organization.key(),
        expired_since,
    )?;
    rows.into_iter().map(Open::try_from).collect()
}

/// An invitation that nobody accepted or withdrew, whether or not its time is over.
pub async fn find_invitation(tx: &mut ReadTx, _scope: &StaffScope, id: Uuid) -> Result<Option<Open>> {
    let row = maybe!(
        tx,
        OpenRow,
        "select i.invitation_id, i.email, i.kind, i.organization, i.role, '' as organization_name, i.created_at,
                i.expires_at
         from invitation i where i.invitation_id = $1 and i.accepted_at is null and i.revoked_at is null",
        id,
    )?;
    row.map(Open::try_from).transpose()
}

/// Withdraws all open invitations of this address to the organization. How many there were.
pub async fn revoke_invitations(
    tx: &mut WriteTx,
    _scope: &StaffScope,
    organization: Organization,
    email: &str,
    now: i64,
) -> Result<u64> {
    exec!(
        tx,
        "update invitation set revoked_at = $1
         where kind = $2 and organization = $3 and email = $4 and accepted_at is null and revoked_at is null",
        now,
        organization.kind(),
        organization.key(),
        email,
    )
}
