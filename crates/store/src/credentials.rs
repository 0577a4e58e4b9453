//! Digital credentials that were issued. Whether one still stands is asked of its credits, never stored.
//!
//! A credential has a place in a status list, a number that says nothing about whose it is; places are
//! handed out at random by `app`, and the unique index is what keeps two credentials from one place.

use domain::credit::CreditStatus;
use domain::{CredentialId, PhysicianId};
use uuid::Uuid;

use crate::error::Result;
use crate::transcript_issues::Cited;
use crate::transcripts::Record;
use crate::tx::{ReadTx, WriteTx};

/// One issued credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub id: CredentialId,
    /// The transcript issue whose credits it cites.
    pub code: String,
    pub physician: PhysicianId,
    /// SHA-256 of what it says.
    pub content: Vec<u8>,
    /// The key that signed it.
    pub key: String,
    pub place: Place,
    pub issued_at: i64,
    /// The signed credential, a compact JWS.
    pub token: String,
}

/// Where a status list tells about a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Counted from 0.
    pub list: i64,
    pub index: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    credential_id: Uuid,
    code: String,
    physician_id: Uuid,
    content: Vec<u8>,
    key_id: String,
    status_list: i64,
    status_index: i64,
    issued_at: i64,
    token: String,
}

impl From<Row> for Credential {
    fn from(row: Row) -> Self {
        Self {
            id: CredentialId::new(row.credential_id),
            code: row.code,
            physician: PhysicianId::new(row.physician_id),
            content: row.content,
            key: row.key_id,
            place: Place { list: row.status_list, index: row.status_index },
            issued_at: row.issued_at,
            token: row.token,
        }
    }
}

pub async fn insert(tx: &mut WriteTx, credential: &Credential, cited: &[Cited]) -> Result<()> {
    exec!(
        tx,
        "insert into credential (credential_id, code, physician_id, content, key_id, status_list, status_index,
         issued_at, token) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        credential.id.as_uuid(),
        &credential.code,
        credential.physician.as_uuid(),
        &credential.content,
        &credential.key,
        credential.place.list,
        credential.place.index,
        credential.issued_at,
        &credential.token,
    )?;
    bulk!(
        tx,
        "insert into credential_credit (credential_id, credit_id, status) ",
        cited,
        |one| credential.id.as_uuid(),
        one.credit.as_uuid(),
        one.status.code(),
    );
    Ok(())
}

/// By its id. Needs no scope: whoever holds the credential may ask whether it stands.
pub async fn find(tx: &mut ReadTx, id: CredentialId) -> Result<Option<Credential>> {
    let row = maybe!(tx, Row, "select * from credential where credential_id = $1", id.as_uuid())?;
    Ok(row.map(Credential::from))
}

/// The one of this record that says the same and was signed with the same key.
pub async fn find_same(tx: &mut ReadTx, record: &Record, content: &[u8], key: &str) -> Result<Option<Credential>> {
    let row = maybe!(
        tx,
        Row,
        "select * from credential where physician_id = $1 and content = $2 and key_id = $3",
        record.physician().as_uuid(),
        content.to_vec(),
        key,
    )?;
    Ok(row.map(Credential::from))
}

/// The last status list and how many credentials have a place in it; nothing before the first credential.
pub async fn last_list(tx: &mut ReadTx) -> Result<Option<(i64, i64)>> {
    maybe!(
        tx,
        (i64, i64),
        "select status_list, count(*) from credential
         where status_list = (select max(status_list) from credential) group by status_list",
    )
}

pub async fn is_taken(tx: &mut ReadTx, place: Place) -> Result<bool> {
    let found = maybe!(
        tx,
        (Uuid,),
        "select credential_id from credential where status_list = $1 and status_index = $2",
        place.list,
        place.index,
    )?;
    Ok(found.is_some())
}

/// The places of a list whose credentials cite credit that was withdrawn or rejected since.
pub async fn fallen(tx: &mut ReadTx, list: i64) -> Result<Vec<i64>> {
    let rows = all!(
        tx,
        (i64,),
        "select distinct c.status_index
         from credential c
         join credential_credit x on x.credential_id = c.credential_id
         join credit k on k.credit_id = x.credit_id
         where c.status_list = $1 and (k.withdrawn_at is not null or (k.status = $2 and x.status <> $2))",
        list,
        CreditStatus::Rejected.code(),
    )?;
    Ok(rows.into_iter().map(|(index,)| index).collect())
}

/// A credential that cites credit which stands on another record than the one it was issued for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elsewhere {
    pub index: i64,
    pub issued_for: PhysicianId,
    pub stands_on: Option<PhysicianId>,
}

/// Those of a list. Merging the records of one person moves credit too, so this alone makes nothing untrue.
pub async fn elsewhere(tx: &mut ReadTx, list: i64) -> Result<Vec<Elsewhere>> {
    let rows = all!(
        tx,
        (i64, Uuid, Option<Uuid>),
        "select distinct c.status_index, c.physician_id, p.physician_id
         from credential c
         join credential_credit x on x.credential_id = c.credential_id
         join credit k on k.credit_id = x.credit_id
         join completion p on p.completion_id = k.completion_id
         where c.status_list = $1 and (p.physician_id is null or p.physician_id <> c.physician_id)",
        list,
    )?;
    let elsewhere = rows.into_iter().map(|(index, issued_for, stands_on)| Elsewhere {
        index,
        issued_for: PhysicianId::new(issued_for),
        stands_on: stands_on.map(PhysicianId::new),
    });
    Ok(elsewhere.collect())
}
