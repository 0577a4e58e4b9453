//! Licenses and certifications on their way from one record to another, as whole rows: what is put
//! back later must be what was there, down to when a board last told of it.

use domain::{Board, PhysicianId, State};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::tx::{ReadTx, WriteTx};

/// A license as it stands in its table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct LicenseRow {
    pub physician_id: Uuid,
    pub state: String,
    pub number: String,
    pub number_key: String,
    pub status: String,
    pub issued_on: Option<String>,
    pub expires_on: Option<String>,
    pub updated_at: i64,
    #[serde(default)]
    pub import_id: Option<Uuid>,
    #[serde(default)]
    pub said_name: Option<String>,
}

/// A certification as it stands in its table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct CertificationRow {
    pub physician_id: Uuid,
    pub board: String,
    pub diplomate_id: String,
    pub status: String,
    pub updated_at: i64,
    #[serde(default)]
    pub import_id: Option<Uuid>,
    #[serde(default)]
    pub said_name: Option<String>,
}

/// A physician's license, if they hold it.
pub async fn license(tx: &mut ReadTx, of: PhysicianId, state: State, number: &str) -> Result<Option<LicenseRow>> {
    maybe!(
        tx,
        LicenseRow,
        "select physician_id, state, number, number_key, status, issued_on, expires_on, updated_at, import_id,
                said_name
         from license where physician_id = $1 and state = $2 and number = $3",
        of.as_uuid(),
        state.code().to_owned(),
        number,
    )
}

/// A physician's certification, if they hold it.
pub async fn certification(
    tx: &mut ReadTx,
    of: PhysicianId,
    board: Board,
    diplomate_id: &str,
) -> Result<Option<CertificationRow>> {
    maybe!(
        tx,
        CertificationRow,
        "select physician_id, board, diplomate_id, status, updated_at, import_id, said_name
         from certification where physician_id = $1 and board = $2 and diplomate_id = $3",
        of.as_uuid(),
        board.code().to_owned(),
        diplomate_id,
    )
}

/// Gives a license to another record that does not hold it. `false`: the first does not hold it.
pub async fn move_license(
    tx: &mut WriteTx,
    from: PhysicianId,
    into: PhysicianId,
    state: State,
    number: &str,
) -> Result<bool> {
    let changed = exec!(
        tx,
        "update license set physician_id = $2 where physician_id = $1 and state = $3 and number = $4",
        from.as_uuid(),
        into.as_uuid(),
        state.code().to_owned(),
        number,
    )?;
    Ok(changed == 1)
}

/// As [`move_license`].
pub async fn move_certification(
    tx: &mut WriteTx,
    from: PhysicianId,
    into: PhysicianId,
    board: Board,
    diplomate_id: &str,
) -> Result<bool> {
    let changed = exec!(
        tx,
        "update certification set physician_id = $2 where physician_id = $1 and board = $3 and diplomate_id = $4",
        from.as_uuid(),
        into.as_uuid(),
        board.code().to_owned(),
        diplomate_id,
    )?;
    Ok(changed == 1)
}

/// Drops a license from a record; the caller keeps the row. Missing is an error.
pub async fn drop_license(tx: &mut WriteTx, of: PhysicianId, state: State, number: &str) -> Result<()> {
    let dropped = exec!(
        tx,
        "delete from license where physician_id = $1 and state = $2 and number = $3",
        of.as_uuid(),
        state.code().to_owned(),
        number,
    )?;
    if dropped == 1 { Ok(()) } else { Err(Error::corrupt("license", "number", number)) }
}

/// As [`drop_license`].
pub async fn drop_certification(tx: &mut WriteTx, of: PhysicianId, board: Board, diplomate_id: &str) -> Result<()> {
    let dropped = exec!(
        tx,
        "delete from certification where physician_id = $1 and board = $2 and diplomate_id = $3",
        of.as_uuid(),
        board.code().to_owned(),
        diplomate_id,
    )?;
    if dropped == 1 { Ok(()) } else { Err(Error::corrupt("certification", "diplomate_id", diplomate_id)) }
}

/// Puts a license back as it was.
pub async fn restore_license(tx: &mut WriteTx, row: &LicenseRow) -> Result<()> {
    exec!(
        tx,
        "insert into license (physician_id, state, number, number_key, status, issued_on, expires_on, updated_at,
         import_id, said_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        row.physician_id,
        row.state.as_str(),
        row.number.as_str(),
        row.number_key.as_str(),
        row.status.as_str(),
        row.issued_on.as_deref(),
        row.expires_on.as_deref(),
        row.updated_at,
        row.import_id,
        row.said_name.as_deref(),
    )?;
    Ok(())
}

/// Puts a certification back as it was.
pub async fn restore_certification(tx: &mut WriteTx, row: &CertificationRow) -> Result<()> {
    exec!(
        tx,
        "insert into certification (physician_id, board, diplomate_id, status, updated_at, import_id, said_name)
         values ($1, $2, $3, $4, $5, $6, $7)",
        row.physician_id,
        row.board.as_str(),
        row.diplomate_id.as_str(),
        row.status.as_str(),
        row.updated_at,
        row.import_id,
        row.said_name.as_deref(),
    )?;
    Ok(())
}
