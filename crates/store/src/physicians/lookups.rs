//! Finding physicians by what is known of them, always many at once: a roster asks for thousands.

use std::collections::HashMap;

use domain::{Board, PhysicianId, State};
use uuid::Uuid;

use super::rows::{CertificationRow, LicenseRow, PhysicianRow, assemble, certification, license};
use super::{Certification, License, Physician};
use crate::error::Result;
use crate::tx::ReadTx;

/// How many physicians the registry holds.
pub async fn count(tx: &mut ReadTx) -> Result<i64> {
    let (count,): (i64,) = one!(tx, (i64,), "select count(*) from physician where merged_into is null")?;
    Ok(count)
}

/// One physician with licenses and certifications, merged or not.
pub async fn find(tx: &mut ReadTx, id: PhysicianId) -> Result<Option<Physician>> {
    Ok(by_ids(tx, &[id]).await?.pop())
}

/// Physicians with licenses and certifications, in no particular order.
pub async fn by_ids(tx: &mut ReadTx, ids: &[PhysicianId]) -> Result<Vec<Physician>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
    let physicians: Vec<PhysicianRow> = among!(
        tx,
        PhysicianRow,
        in "select physician_id, first_name, middle_name, last_name, suffix, former_last_names, degree, birth, npi
            from physician where physician_id in (",
        ids,
        ")"
    );
    let licenses: Vec<LicenseRow> = among!(
        tx,
        LicenseRow,
        in "select physician_id, state, number, status, issued_on, expires_on from license where physician_id in (",
        ids,
        ")"
    );
    let certifications: Vec<CertificationRow> = among!(
        tx,
        CertificationRow,
        in "select physician_id, board, diplomate_id, status from certification where physician_id in (",
        ids,
        ")"
    );
    assemble(physicians, licenses, certifications)
}

/// Who holds these NPIs.
pub async fn holders_of_npis(tx: &mut ReadTx, npis: &[String]) -> Result<HashMap<String, PhysicianId>> {
    let rows: Vec<(String, Uuid)> = among!(
        tx,
        (String, Uuid),
        in "select npi, physician_id from physician where merged_into is null and npi in (",
        npis,
        ")"
    );
    Ok(rows.into_iter().map(|(npi, id)| (npi, PhysicianId::new(id))).collect())
}

/// Selects rows by pairs of two text columns, some hundred pairs at a time. The pairs come first in a
/// `cross join`, which SQLite never reorders: asked with `in`, it would read the whole table.
macro_rules! among_pairs {
    ($tx:expr, $row:ty, $select:expr, $pairs:expr) => {{
        let mut found: Vec<$row> = Vec::new();
        for pairs in $pairs.chunks(500) {
            macro_rules! run {
                ($connection:expr, $driver:ty) => {{
                    let mut query = sqlx::QueryBuilder::<$driver>::new("with wanted (a, b) as (");
                    query.push_values(pairs, |mut tuple, pair| {
                        tuple.push_bind(pair.0.code().to_owned()).push_bind(pair.1.clone());
                    });
                    query.push(") ");
                    query.push($select);
                    found.extend(query.build_query_as::<$row>().fetch_all(&mut **$connection).await?);
                }};
            }
            match &mut $tx.driver {
                crate::tx::Driver::Sqlite(connection) => run!(connection, sqlx::Sqlite),
                crate::tx::Driver::Postgres(connection) => run!(connection, sqlx::Postgres),
            }
        }
        found
    }};
}

/// Who holds these licenses.
pub async fn holders_of_licenses(
    tx: &mut ReadTx,
    licenses: &[(State, String)],
) -> Result<HashMap<(State, String), (PhysicianId, License)>> {
    let rows: Vec<LicenseRow> = among_pairs!(
        tx,
        LicenseRow,
        "select physician_id, state, number, status, issued_on, expires_on
         from wanted cross join license where state = a and number = b",
        licenses
    );
    rows.into_iter()
        .map(|row| license(row).map(|(id, license)| ((license.state, license.number.clone()), (id, license))))
        .collect()
}

/// Who holds these certifications.
pub async fn holders_of_certifications(
    tx: &mut ReadTx,
    certifications: &[(Board, String)],
) -> Result<HashMap<(Board, String), (PhysicianId, Certification)>> {
    let rows: Vec<CertificationRow> = among_pairs!(
        tx,
        CertificationRow,
        "select physician_id, board, diplomate_id, status
         from wanted cross join certification where board = a and diplomate_id = b",
        certifications
    );
    rows.into_iter()
        .map(|row| certification(row).map(|(id, held)| ((held.board, held.diplomate_id.clone()), (id, held))))
        .collect()
}
