//! Invitations to take a seat: found by the hash of the link's secret, good once and for a while.

use domain::AccountId;
use domain::access::{ProviderScope, Seat};
use uuid::Uuid;

use crate::error::Result;
use crate::seats;
use crate::tx::{ReadTx, WriteTx};
use crate::values::at;

#[derive(Debug, Clone)]
pub struct NewInvitation {
    pub id: Uuid,
    /// SHA-256 of the link's secret.
    pub hash: Vec<u8>,
    pub email: String,
    pub seat: Seat,
    pub invited_by: AccountId,
    pub created_at: i64,
    pub expires_at: i64,
}

/// An invitation nobody has accepted yet, with the organization's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    pub id: Uuid,
    pub email: String,
    pub seat: Seat,
    pub organization: String,
    pub created_at: i64,
    pub expires_at: i64,
}

#[derive(sqlx::FromRow)]
pub(crate) struct OpenRow {
    invitation_id: Uuid,
    email: String,
    kind: String,
    organization: String,
    role: String,
    organization_name: String,
    created_at: i64,
    expires_at: i64,
}

impl TryFrom<OpenRow> for Open {
    type Error = crate::Error;

    fn try_from(row: OpenRow) -> Result<Self> {
        let place = at("invitation", "organization", &row.invitation_id);
        Ok(Self {
            id: row.invitation_id,
            email: row.email,
            seat: seats::read(&row.kind, &row.organization, &row.role, place)?,
            organization: row.organization_name,
            created_at: row.created_at,
            expires_at: row.expires_at,
        })
    }
}

pub async fn insert(tx: &mut WriteTx, invitation: &NewInvitation) -> Result<()> {
    let (organization, role) = seats::columns(invitation.seat);
    exec!(
        tx,
        "insert into invitation (invitation_id, token_hash, email, kind, organization, role, invited_by,
         created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        invitation.id,
        invitation.hash.clone(),
        &invitation.email,
        invitation.seat.kind(),
        organization,
        role,
        invitation.invited_by.as_uuid(),
        invitation.created_at,
        invitation.expires_at,
    )?;
    Ok(())
}

/// The invitation behind a link, if it can still be accepted.
pub async fn find_open(tx: &mut ReadTx, hash: &[u8], now: i64) -> Result<Option<Open>> {
    let row = maybe!(
        tx,
        OpenRow,
        "select i.invitation_id, i.email, i.kind, i.organization, i.role,
                coalesce(p.name, l.name, c.name, '') as organization_name, i.created_at, i.expires_at
         from invitation i
         left join provider p on i.kind = 'provider' and p.provider_id = i.organization
         left join licensing_board l on i.kind = 'licensing_board' and l.state = i.organization
         left join certifying_board c on i.kind = 'certifying_board' and c.board = i.organization
         where i.token_hash = $1 and i.accepted_at is null and i.revoked_at is null and i.expires_at > $2",
        hash.to_vec(),
        now,
    )?;
    row.map(Open::try_from).transpose()
}

/// The provider's invitations that can still be accepted, newest first.
pub async fn list_open(tx: &mut ReadTx, scope: &ProviderScope, now: i64) -> Result<Vec<Open>> {
    let rows = all!(
        tx,
        OpenRow,
        "select i.invitation_id, i.email, i.kind, i.organization, i.role, p.name as organization_name,
                i.created_at, i.expires_at
         from invitation i join provider p on p.provider_id = i.organization
         where i.kind = 'provider' and i.organization = $1 and i.accepted_at is null and i.revoked_at is null
           and i.expires_at > $2
         order by i.created_at desc, i.invitation_id desc",
        scope.provider().as_str(),
        now,
    )?;
    rows.into_iter().map(Open::try_from).collect()
}

/// Uses the invitation up. `false`: it was accepted, revoked or expired meanwhile.
pub async fn accept(tx: &mut WriteTx, id: Uuid, now: i64) -> Result<bool> {
    let changed = exec!(
        tx,
        "update invitation set accepted_at = $1
         where invitation_id = $2 and accepted_at is null and revoked_at is null and expires_at > $1",
        now,
        id,
    )?;
    Ok(changed == 1)
}

/// `false`: the provider has no such open invitation.
pub async fn revoke(tx: &mut WriteTx, scope: &ProviderScope, id: Uuid, now: i64) -> Result<bool> {
    let changed = exec!(
        tx,
        "update invitation set revoked_at = $1
         where invitation_id = $2 and kind = 'provider' and organization = $3
           and accepted_at is null and revoked_at is null",
        now,
        id,
        scope.provider().as_str(),
    )?;
    Ok(changed == 1)
}

/// Withdraws earlier invitations of this address to the provider: the newest link is the one that holds.
pub async fn revoke_earlier(tx: &mut WriteTx, scope: &ProviderScope, email: &str, now: i64) -> Result<u64> {
    exec!(
        tx,
        "update invitation set revoked_at = $1
         where kind = 'provider' and organization = $2 and email = $3 and accepted_at is null and revoked_at is null",
        now,
        scope.provider().as_str(),
        email,
    )
}
