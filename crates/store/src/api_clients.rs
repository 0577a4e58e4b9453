//! Programs that call the web services, each with one token, found by the token's hash.

use domain::access::{ProviderScope, Seat};
use domain::{AccountId, ApiClientId};
use uuid::Uuid;

use crate::error::Result;
use crate::seats;
use crate::tx::{ReadTx, WriteTx};
use crate::values::at;

#[derive(Debug, Clone)]
pub struct NewApiClient {
    pub id: ApiClientId,
    /// SHA-256 of the token.
    pub hash: Vec<u8>,
    /// The token's first characters.
    pub hint: String,
    pub name: String,
    /// A provider's, licensing board's or certifying board's seat; others cannot be stored.
    pub seat: Seat,
    pub created_at: i64,
    pub created_by: Option<AccountId>,
    pub expires_at: i64,
}

/// A program whose token is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    pub id: ApiClientId,
    pub name: String,
    pub seat: Seat,
    pub last_used_at: Option<i64>,
}

/// A row of the list that the provider's owner sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: ApiClientId,
    pub name: String,
    pub hint: String,
    pub seat: Seat,
    pub created_at: i64,
    pub expires_at: i64,
    pub last_used_at: Option<i64>,
    pub revoked_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct ApiClientRow {
    api_client_id: Uuid,
    token_hint: String,
    name: String,
    kind: String,
    organization: String,
    role: String,
    created_at: i64,
    expires_at: i64,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl ApiClientRow {
    fn seat(&self) -> Result<Seat> {
        let place = at("api_client", "organization", &self.api_client_id);
        seats::read(&self.kind, &self.organization, &self.role, place)
    }
}

pub async fn insert(tx: &mut WriteTx, client: &NewApiClient) -> Result<()> {
    let (organization, role) = seats::columns(client.seat);
    exec!(
        tx,
        "insert into api_client (api_client_id, token_hash, token_hint, name, kind, organization, role,
         created_at, created_by, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        client.id.as_uuid(),
        client.hash.clone(),
        &client.hint,
        &client.name,
        client.seat.kind(),
        organization,
        role,
        client.created_at,
        client.created_by.map(AccountId::as_uuid),
        client.expires_at,
    )?;
    Ok(())
}

/// The program whose token has this hash, unless the token expired or was revoked.
pub async fn find_live(tx: &mut ReadTx, hash: &[u8], now: i64) -> Result<Option<Live>> {
    let row = maybe!(
        tx,
        ApiClientRow,
        "select api_client_id, token_hint, name, kind, organization, role, created_at, expires_at, last_used_at,
                revoked_at
         from api_client where token_hash = $1 and expires_at > $2 and revoked_at is null",
        hash.to_vec(),
        now,
    )?;
    row.map(|row| {
        let seat = row.seat()?;
        Ok(Live { id: ApiClientId::new(row.api_client_id), name: row.name, seat, last_used_at: row.last_used_at })
    })
    .transpose()
}

/// All of the provider's programs, newest first.
pub async fn list(tx: &mut ReadTx, scope: &ProviderScope) -> Result<Vec<Listed>> {
    let rows = all!(
        tx,
        ApiClientRow,
        "select api_client_id, token_hint, name, kind, organization, role, created_at, expires_at, last_used_at,
                revoked_at
         from api_client where kind = 'provider' and organization = $1
         order by created_at desc, api_client_id desc",
        scope.provider().as_str(),
    )?;
    rows.into_iter()
        .map(|row| {
            let seat = row.seat()?;
            Ok(Listed {
                id: ApiClientId::new(row.api_client_id),
                name: row.name,
                hint: row.token_hint,
                seat,
                created_at: row.created_at,
                expires_at: row.expires_at,
                last_used_at: row.last_used_at,
                revoked_at: row.revoked_at,
            })
        })
        .collect()
}

/// Notes that the token was used.
pub async fn touch(tx: &mut WriteTx, id: ApiClientId, now: i64) -> Result<()> {
    exec!(tx, "update api_client set last_used_at = $1 where api_client_id = $2", now, id.as_uuid())?;
    Ok(())
}

/// `false`: the provider has no such program, or its token is revoked already.
pub async fn revoke(tx: &mut WriteTx, scope: &ProviderScope, id: ApiClientId, now: i64) -> Result<bool> {
    let changed = exec!(
        tx,
        "update api_client set revoked_at = $1
         where api_client_id = $2 and kind = 'provider' and organization = $3 and revoked_at is null",
        now,
        id.as_uuid(),
        scope.provider().as_str(),
    )?;
    Ok(changed == 1)
}
