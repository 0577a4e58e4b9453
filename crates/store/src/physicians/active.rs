//! Active licenses and certifications of one state or board, in order, a page at a time: what a whole roster must
//! name.

use domain::{Board, PhysicianId, State};
use uuid::Uuid;

use super::keys::number_key;
use super::rows::{CertificationRow, LicenseRow, certification, license};
use super::{Certification, License};
use crate::error::Result;
use crate::tx::ReadTx;

/// How many active licenses or certifications of a state or board are on record, of records that stand.
pub async fn count_active(tx: &mut ReadTx, issuer: &str) -> Result<i64> {
    let sql = match issuer.len() {
        2 => {
            "select count(*) from license l join physician p on p.physician_id = l.physician_id
             where l.state = $1 and lower(l.status) = 'active' and p.merged_into is null"
        }
        _ => {
            "select count(*) from certification c join physician p on p.physician_id = c.physician_id
             where c.board = $1 and lower(c.status) in ('active', 'certified') and p.merged_into is null"
        }
    };
    let (count,) = one!(tx, (i64,), sql, issuer)?;
    Ok(count)
}

/// The place behind which a page begins: number and holder.
pub type After = Option<(String, PhysicianId)>;

fn parts(after: &After) -> (String, Uuid) {
    after.as_ref().map_or((String::new(), Uuid::nil()), |(number, id)| (number.clone(), id.as_uuid()))
}

/// Active licenses of a state behind a place.
pub async fn active_licenses(
    tx: &mut ReadTx,
    state: State,
    after: &After,
    limit: i64,
) -> Result<Vec<(PhysicianId, License)>> {
    let (number, holder) = parts(after);
    let rows = all!(
        tx,
        LicenseRow,
        "select l.physician_id, l.state, l.number, l.status, l.issued_on, l.expires_on
         from license l join physician p on p.physician_id = l.physician_id
         where l.state = $1 and lower(l.status) = 'active' and p.merged_into is null
           and (l.number_key, l.number, l.physician_id) > ($2, $3, $4)
         order by l.number_key, l.number, l.physician_id limit $5",
        state.code().to_owned(),
        number_key(&number),
        number,
        holder,
        limit,
    )?;
    rows.into_iter().map(license).collect()
}

/// Active certifications of a board behind a place.
pub async fn active_certifications(
    tx: &mut ReadTx,
    board: Board,
    after: &After,
    limit: i64,
) -> Result<Vec<(PhysicianId, Certification)>> {
    let (number, holder) = parts(after);
    let rows = all!(
        tx,
        CertificationRow,
        "select c.physician_id, c.board, c.diplomate_id, c.status
         from certification c join physician p on p.physician_id = c.physician_id
         where c.board = $1 and lower(c.status) in ('active', 'certified') and p.merged_into is null
           and (c.diplomate_id, c.physician_id) > ($2, $3)
         order by c.diplomate_id, c.physician_id limit $4",
        board.code().to_owned(),
        number,
        holder,
        limit,
    )?;
    rows.into_iter().map(certification).collect()
}
