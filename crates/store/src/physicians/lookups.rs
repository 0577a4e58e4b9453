//! Finding physicians by what is known of them, always many at once: a roster asks for thousands.

use std::collections::HashMap;

use domain::{Board, PhysicianId, State};
use uuid::Uuid;

use super::keys::number_key;
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

/// Physicians without what they hold, in no particular order: for rosters, which need a million of them.
pub async fn people(tx: &mut ReadTx, ids: &[PhysicianId]) -> Result<Vec<Physician>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
    assemble(people_rows(tx, &ids).await?, Vec::new(), Vec::new())
}

async fn people_rows(tx: &mut ReadTx, ids: &[Uuid]) -> Result<Vec<PhysicianRow>> {
    Ok(among!(
        tx,
        PhysicianRow,
        in "select physician_id, first_name, middle_name, last_name, suffix, former_last_names, degree, birth, npi
            from physician where physician_id in (",
        ids,
        ")"
    ))
}

/// Physicians with licenses and certifications, in no particular order.
pub async fn by_ids(tx: &mut ReadTx, ids: &[PhysicianId]) -> Result<Vec<Physician>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
    let physicians = people_rows(tx, &ids).await?;
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

/// Selects rows by several text columns at once, some hundred keys at a time. The keys come first in a
/// `cross join`, which SQLite never reorders: asked with `in`, it would read the whole table.
macro_rules! among_keys {
    ($tx:expr, $row:ty, $columns:literal, $select:literal, $keys:expr, |$key:ident| $($value:expr),+) => {{
        let mut found: Vec<$row> = Vec::new();
        for keys in $keys.chunks(500) {
            macro_rules! run {
                ($connection:expr, $driver:ty) => {{
                    let mut query = sqlx::QueryBuilder::<$driver>::new(concat!("with wanted (", $columns, ") as ("));
                    query.push_values(keys, |mut tuple, $key| { $(tuple.push_bind($value);)+ });
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

/// Who holds each number, and how it stands. Two physicians may hold the same.
pub type Holders<K, T> = HashMap<(K, String), Vec<(PhysicianId, T)>>;

/// Who holds these licenses.
pub async fn holders_of_licenses(tx: &mut ReadTx, licenses: &[(State, String)]) -> Result<Holders<State, License>> {
    let rows: Vec<LicenseRow> = among_keys!(
        tx,
        LicenseRow,
        "a, b, c",
        "select physician_id, state, number, status, issued_on, expires_on
         from wanted cross join license where state = a and number_key = b and number = c",
        licenses,
        |key| key.0.code().to_owned(),
        number_key(&key.1),
        key.1.clone()
    );
    let mut holders = Holders::new();
    for row in rows {
        let (id, license) = license(row)?;
        holders.entry((license.state, license.number.clone())).or_default().push((id, license));
    }
    Ok(holders)
}

/// Who holds these certifications.
pub async fn holders_of_certifications(
    tx: &mut ReadTx,
    certifications: &[(Board, String)],
) -> Result<Holders<Board, Certification>> {
    let rows: Vec<CertificationRow> = among_keys!(
        tx,
        CertificationRow,
        "a, b",
        "select physician_id, board, diplomate_id, status
         from wanted cross join certification where board = a and diplomate_id = b",
        certifications,
        |key| key.0.code().to_owned(),
        key.1.clone()
    );
    let mut holders = Holders::new();
    for row in rows {
        let (id, held) = certification(row)?;
        holders.entry((held.board, held.diplomate_id.clone())).or_default().push((id, held));
    }
    Ok(holders)
}

/// What the registry says of its own completeness; see [`coverage`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Coverage {
    pub physicians: i64,
    /// Who are certified, and how many of those have no license: the licensing boards' rosters lack them.
    pub certified: i64,
    pub certified_only: i64,
}

/// Counts how complete the registry is. Reads all of it.
pub async fn coverage(tx: &mut ReadTx) -> Result<Coverage> {
    let (certified,): (i64,) = one!(tx, (i64,), "select count(distinct physician_id) from certification")?;
    let (certified_only,): (i64,) = one!(
        tx,
        (i64,),
        "select count(distinct physician_id) from certification
         where not exists (select 1 from license where license.physician_id = certification.physician_id)",
    )?;
    Ok(Coverage { physicians: count(tx).await?, certified, certified_only })
}
