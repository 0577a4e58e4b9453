//! Reading the registry for the in-memory index: all of it in pages by id, or what changed since a
//! number of the change sequence. Pages leave out physicians who were merged into others; changes
//! name them, so that the index can drop them.

use domain::PhysicianId;
use uuid::Uuid;

use super::rows::{CertificationRow, LicenseRow, PhysicianRow, assemble};
use super::Physician;
use crate::error::Result;
use crate::tx::ReadTx;

/// Some physicians, and where to go on.
#[derive(Debug)]
pub struct Page {
    pub physicians: Vec<Physician>,
    /// What to ask for next; `None` after the last page.
    pub next: Option<PhysicianId>,
}

/// The next physicians in the order of their ids; `after` is a [`Page::next`], or `None` to begin.
pub async fn page_after(tx: &mut ReadTx, after: Option<PhysicianId>, size: i64) -> Result<Page> {
    let after = after.map_or(Uuid::nil(), PhysicianId::as_uuid);
    let rows = all!(
        tx,
        PhysicianRow,
        "select physician_id, first_name, middle_name, last_name, suffix, former_last_names, degree, birth, npi,
         changed_seq, merged_into from physician
         where physician_id > $1 and merged_into is null order by physician_id limit $2",
        after,
        size,
    )?;
    let Some(last) = rows.last().map(|row| row.0) else {
        return Ok(Page { physicians: Vec::new(), next: None });
    };
    let licenses = all!(
        tx,
        LicenseRow,
        "select physician_id, state, number, status, issued_on, expires_on from license
         where physician_id > $1 and physician_id <= $2",
        after,
        last,
    )?;
    let certifications = all!(
        tx,
        CertificationRow,
        "select physician_id, board, diplomate_id, status from certification
         where physician_id > $1 and physician_id <= $2",
        after,
        last,
    )?;
    let is_full = i64::try_from(rows.len()).is_ok_and(|found| found == size);
    let physicians = assemble(rows, licenses, certifications)?;
    Ok(Page { physicians, next: is_full.then_some(PhysicianId::new(last)) })
}

/// A physician as of the latest change.
#[derive(Debug)]
pub struct Change {
    pub seq: i64,
    pub physician: Physician,
    pub is_merged: bool,
}

/// Physicians changed after `seq`, the oldest change first. A call may return more than `size`,
/// never part of the physicians that share a number; an empty answer is the end.
pub async fn changed_since(tx: &mut ReadTx, seq: i64, size: i64) -> Result<Vec<Change>> {
    let until: Option<(i64,)> = maybe!(
        tx,
        (i64,),
        "select max(changed_seq) from
         (select changed_seq from physician where changed_seq > $1 order by changed_seq limit $2) as next
         having count(*) > 0",
        seq,
        size,
    )?;
    let Some((until,)) = until else { return Ok(Vec::new()) };
    let rows = all!(
        tx,
        PhysicianRow,
        "select physician_id, first_name, middle_name, last_name, suffix, former_last_names, degree, birth, npi,
         changed_seq, merged_into from physician
         where changed_seq > $1 and changed_seq <= $2 order by changed_seq, physician_id",
        seq,
        until,
    )?;
    let numbers: Vec<(i64, bool)> = rows.iter().map(|row| (row.9, row.10.is_some())).collect();
    let licenses = all!(
        tx,
        LicenseRow,
        "select license.physician_id, state, number, status, issued_on, expires_on
         from physician join license on license.physician_id = physician.physician_id
         where changed_seq > $1 and changed_seq <= $2",
        seq,
        until,
    )?;
    let certifications = all!(
        tx,
        CertificationRow,
        "select certification.physician_id, board, diplomate_id, status
         from physician join certification on certification.physician_id = physician.physician_id
         where changed_seq > $1 and changed_seq <= $2",
        seq,
        until,
    )?;
    let physicians = assemble(rows, licenses, certifications)?;
    Ok(numbers
        .into_iter()
        .zip(physicians)
        .map(|((seq, is_merged), physician)| Change { seq, physician, is_merged })
        .collect())
}
