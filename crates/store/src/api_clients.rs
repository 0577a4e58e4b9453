//! Programs that call the web services, each with one token, found by the token's hash.

use domain::access::{CertifyingBoardScope, LicensingBoardScope, ProviderScope, Seat};
use domain::{AccountId, ApiClientId, ApiScopes};
use uuid::Uuid;

use crate::error::Result;
use crate::seats;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, word};

/// Whose programs are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    Provider(ProviderScope),
    LicensingBoard(LicensingBoardScope),
    CertifyingBoard(CertifyingBoardScope),
}

impl Holder {
    fn kind(&self) -> &'static str {
        match self {
            Holder::Provider(_) => "provider",
            Holder::LicensingBoard(_) => "licensing_board",
            Holder::CertifyingBoard(_) => "certifying_board",
        }
    }

    fn organization(&self) -> String {
        match self {
            Holder::Provider(scope) => scope.provider().to_string(),
            Holder::LicensingBoard(scope) => scope.state().code().to_owned(),
            Holder::CertifyingBoard(scope) => scope.board().code().to_owned(),
        }
    }
}

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
    /// What a provider's program may do; none for boards' programs.
    pub scopes: ApiScopes,
    /// Of the provider's sandbox: it never opens real data.
    pub is_sandbox: bool,
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
    pub scopes: ApiScopes,
    pub last_used_at: Option<i64>,
}

/// A row of the list that those who manage tokens see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: ApiClientId,
    pub name: String,
    pub hint: String,
    pub seat: Seat,
    pub scopes: ApiScopes,
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
    scopes: String,
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

    fn scopes(&self) -> Result<ApiScopes> {
        word(ApiScopes::read(&self.scopes), at("api_client", "scopes", &self.api_client_id))
    }
}

pub async fn insert(tx: &mut WriteTx, client: &NewApiClient) -> Result<()> {
    let (organization, role) = seats::columns(client.seat);
    exec!(
        tx,
        "insert into api_client (api_client_id, token_hash, token_hint, name, kind, organization, role,
         scopes, is_sandbox, created_at, created_by, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        client.id.as_uuid(),
        client.hash.clone(),
        &client.hint,
        &client.name,
        client.seat.kind(),
        organization,
        role,
        client.scopes.to_string(),
        client.is_sandbox,
        client.created_at,
        client.created_by.map(AccountId::as_uuid),
        client.expires_at,
    )?;
    Ok(())
}

/// The program whose token has this hash, unless the token expired or was revoked. A sandbox's is looked for only
/// where `is_sandbox` says so, and a real one only where it does not.
pub async fn find_live(tx: &mut ReadTx, hash: &[u8], is_sandbox: bool, now: i64) -> Result<Option<Live>> {
    let row = maybe!(
        tx,
        ApiClientRow,
        "select api_client_id, token_hint, name, kind, organization, role, scopes, created_at, expires_at, last_used_at,
                revoked_at
         from api_client where token_hash = $1 and is_sandbox = $2 and expires_at > $3 and revoked_at is null",
        hash.to_vec(),
        is_sandbox,
        now,
    )?;
    row.map(|row| {
        let seat = row.seat()?;
        let scopes = row.scopes()?;
        let id = ApiClientId::new(row.api_client_id);
        Ok(Live { id, name: row.name, seat, scopes, last_used_at: row.last_used_at })
    })
    .transpose()
}

/// All of the holder's programs, or those of its sandbox, newest first.
pub async fn list(tx: &mut ReadTx, holder: &Holder, is_sandbox: bool) -> Result<Vec<Listed>> {
    let rows = all!(
        tx,
        ApiClientRow,
        "select api_client_id, token_hint, name, kind, organization, role, scopes, created_at, expires_at, last_used_at,
                revoked_at
         from api_client where kind = $1 and organization = $2 and is_sandbox = $3
         order by created_at desc, api_client_id desc",
        holder.kind(),
        holder.organization(),
        is_sandbox,
    )?;
    rows.into_iter()
        .map(|row| {
            let (seat, scopes) = (row.seat()?, row.scopes()?);
            Ok(Listed {
                id: ApiClientId::new(row.api_client_id),
                name: row.name,
                hint: row.token_hint,
                seat,
                scopes,
                created_at: row.created_at,
                expires_at: row.expires_at,
                last_used_at: row.last_used_at,
                revoked_at: row.revoked_at,
            })
        })
        .collect()
}

/// Whether a program of this ID is on record: in a sandbox's own database it stands in for the real row.
pub async fn is_known(tx: &mut ReadTx, id: ApiClientId) -> Result<bool> {
    let row = maybe!(tx, (String,), "select name from api_client where api_client_id = $1", id.as_uuid())?;
    Ok(row.is_some())
}

/// Notes that the token was used.
pub async fn touch(tx: &mut WriteTx, id: ApiClientId, now: i64) -> Result<()> {
    exec!(tx, "update api_client set last_used_at = $1 where api_client_id = $2", now, id.as_uuid())?;
    Ok(())
}

/// `false`: the holder has no such program, or its token is revoked already.
pub async fn revoke(tx: &mut WriteTx, holder: &Holder, id: ApiClientId, now: i64) -> Result<bool> {
    let changed = exec!(
        tx,
        "update api_client set revoked_at = $1
         where api_client_id = $2 and kind = $3 and organization = $4 and revoked_at is null",
        now,
        id.as_uuid(),
        holder.kind(),
        holder.organization(),
    )?;
    Ok(changed == 1)
}
