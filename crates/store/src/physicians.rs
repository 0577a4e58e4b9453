//! Physicians as the boards' rosters tell them, with their licenses and certifications.
//!
//! Every change takes a number of the registry's change sequence, so that the in-memory index of
//! each process finds what is newer than itself. Licenses and certifications change their physician.

mod active;
pub(crate) mod keys;
mod lookups;
mod pages;
mod rows;

use domain::{Board, MonthDay, PhysicianId, RegistryImportId, State};
use jiff::civil::Date;

pub use active::{After, active_certifications, active_licenses, count_active};
pub use lookups::{
    Coverage, Holders, by_ids, count, coverage, find, holders_of_certifications, holders_of_licenses, holders_of_npis,
    people,
};
pub use pages::{Change, Identity, Page, changed_since, page_after};

use crate::counters::{self, Counter};
use crate::error::Result;
use crate::tx::WriteTx;
use crate::values::date_text;

/// One physician. Empty text means unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Physician {
    pub id: PhysicianId,
    pub first: String,
    pub middle: String,
    pub last: String,
    pub suffix: String,
    pub former_last: Vec<String>,
    /// `MD` or `DO`.
    pub degree: String,
    pub birth: Option<MonthDay>,
    pub npi: Option<String>,
    /// By state and number.
    pub licenses: Vec<License>,
    /// By board and diplomate ID.
    pub certifications: Vec<Certification>,
}

/// A license of any status: an old number still says who is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct License {
    pub state: State,
    pub number: String,
    /// As the board words it, such as `Active`.
    pub status: String,
    pub issued_on: Option<Date>,
    pub expires_on: Option<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certification {
    pub board: Board,
    pub diplomate_id: String,
    pub status: String,
}

/// A physician who is not in the registry yet, with the key of their commitments in the ledger.
#[derive(Debug, Clone)]
pub struct NewPhysician {
    pub physician: Physician,
    pub ledger_key: [u8; 32],
}

/// A license or certification and whose it is.
#[derive(Debug, Clone)]
pub struct Held<T> {
    pub physician: PhysicianId,
    pub held: T,
    /// The roster that says so; `None` leaves on record which roster last did.
    pub said: Option<Said>,
}

/// The roster whose row tells of a license or certification, and the name in that row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub import: RegistryImportId,
    pub name: String,
}

impl<T> Held<T> {
    /// As the registry's own word: no roster says it.
    pub fn new(physician: PhysicianId, held: T) -> Self {
        Self { physician, held, said: None }
    }
}

impl Physician {
    /// First, middle and last name with the suffix.
    pub fn full_name(&self) -> String {
        let parts = [&self.first, &self.middle, &self.last, &self.suffix];
        parts.into_iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// Keeps other changes of the registry out until this transaction ends, so that what is looked up
/// here is still so when it is written.
pub async fn lock(tx: &mut WriteTx) -> Result<()> {
    counters::take(tx, Counter::RegistryChange, 0).await.map(|_| ())
}

/// Adds physicians with their licenses and certifications.
pub async fn insert(tx: &mut WriteTx, new: &[NewPhysician], now: i64) -> Result<()> {
    let first = take_changes(tx, new.len()).await?;
    let rows: Vec<(i64, &NewPhysician)> = (first..).zip(new).collect();
    bulk!(
        tx,
        "insert into physician (physician_id, first_name, middle_name, last_name, suffix, former_last_names, degree,
         birth, npi, ledger_key, created_at, changed_seq, name_key) ",
        rows,
        |row| row.1.physician.id.as_uuid(),
        row.1.physician.first.as_str(),
        row.1.physician.middle.as_str(),
        row.1.physician.last.as_str(),
        row.1.physician.suffix.as_str(),
        row.1.physician.former_last.join(";"),
        row.1.physician.degree.as_str(),
        rows::birth_text(row.1.physician.birth),
        row.1.physician.npi.as_deref(),
        row.1.ledger_key.to_vec(),
        now,
        row.0,
        keys::name_key(&row.1.physician.last, &row.1.physician.first),
    );
    let (mut licenses, mut certifications) = (Vec::new(), Vec::new());
    for NewPhysician { physician: Physician { id, licenses: held, certifications: certified, .. }, .. } in new {
        licenses.extend(held.iter().map(|held| Held::new(*id, held.clone())));
        certifications.extend(certified.iter().map(|held| Held::new(*id, held.clone())));
    }
    put_licenses(tx, &licenses, now).await?;
    put_certifications(tx, &certifications, now).await
}

/// Replaces names, degree, birth and NPI of physicians who are in the registry; what they hold stays.
pub async fn update(tx: &mut WriteTx, changed: &[Physician]) -> Result<()> {
    let first = take_changes(tx, changed.len()).await?;
    let rows: Vec<(i64, &Physician)> = (first..).zip(changed).collect();
    // an upsert that never inserts: the ids are known; it is the portable way to update many rows
    // in one statement. Key and creation time stand for columns that it leaves alone.
    bulk!(
        tx,
        "insert into physician (physician_id, first_name, middle_name, last_name, suffix, former_last_names, degree,
         birth, npi, ledger_key, created_at, changed_seq, name_key) ",
        rows,
        " on conflict (physician_id) do update set first_name = excluded.first_name,
         middle_name = excluded.middle_name, last_name = excluded.last_name, suffix = excluded.suffix,
         former_last_names = excluded.former_last_names, degree = excluded.degree, birth = excluded.birth,
         npi = excluded.npi, changed_seq = excluded.changed_seq, name_key = excluded.name_key",
        |row| row.1.id.as_uuid(),
        row.1.first.as_str(),
        row.1.middle.as_str(),
        row.1.last.as_str(),
        row.1.suffix.as_str(),
        row.1.former_last.join(";"),
        row.1.degree.as_str(),
        rows::birth_text(row.1.birth),
        row.1.npi.as_deref(),
        Vec::<u8>::new(),
        0i64,
        row.0,
        keys::name_key(&row.1.last, &row.1.first),
    );
    Ok(())
}

/// Adds licenses, or sets status and dates of those that the physician holds already. Whoever else holds
/// the same number keeps it. The physicians must be marked with [`touch`] unless they are new.
pub async fn put_licenses(tx: &mut WriteTx, licenses: &[Held<License>], now: i64) -> Result<()> {
    bulk!(
        tx,
        "insert into license (physician_id, state, number, number_key, status, issued_on, expires_on, updated_at,
         import_id, said_name) ",
        licenses,
        " on conflict (physician_id, state, number) do update set status = excluded.status, issued_on = excluded.issued_on,
         expires_on = excluded.expires_on, updated_at = excluded.updated_at,
         import_id = coalesce(excluded.import_id, license.import_id),
         said_name = coalesce(excluded.said_name, license.said_name)",
        |row| row.physician.as_uuid(),
        row.held.state.code().to_owned(),
        row.held.number.as_str(),
        keys::number_key(&row.held.number),
        row.held.status.as_str(),
        row.held.issued_on.map(date_text),
        row.held.expires_on.map(date_text),
        now,
        row.said.as_ref().map(|said| said.import.as_uuid()),
        row.said.as_ref().map(|said| said.name.as_str()),
    );
    Ok(())
}

/// Adds certifications, or sets the status of those that are there; see [`put_licenses`].
pub async fn put_certifications(tx: &mut WriteTx, held: &[Held<Certification>], now: i64) -> Result<()> {
    bulk!(
        tx,
        "insert into certification (physician_id, board, diplomate_id, status, updated_at, import_id, said_name) ",
        held,
        " on conflict (physician_id, board, diplomate_id) do update set status = excluded.status,
         updated_at = excluded.updated_at, import_id = coalesce(excluded.import_id, certification.import_id),
         said_name = coalesce(excluded.said_name, certification.said_name)",
        |row| row.physician.as_uuid(),
        row.held.board.code().to_owned(),
        row.held.diplomate_id.as_str(),
        row.held.status.as_str(),
        now,
        row.said.as_ref().map(|said| said.import.as_uuid()),
        row.said.as_ref().map(|said| said.name.as_str()),
    );
    Ok(())
}

/// Marks physicians as changed, because something that belongs to them changed.
pub async fn touch(tx: &mut WriteTx, physicians: &[PhysicianId]) -> Result<()> {
    // all of one call share a number: readers of the sequence ask for what is above it
    let number = take_changes(tx, 1).await?;
    for ids in physicians.chunks(500) {
        let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
        touch_some(tx, number, &ids).await?;
    }
    Ok(())
}

async fn touch_some(tx: &mut WriteTx, number: i64, ids: &[uuid::Uuid]) -> Result<()> {
    macro_rules! run {
        ($connection:expr, $driver:ty) => {{
            let mut query = sqlx::QueryBuilder::<$driver>::new("update physician set changed_seq = ");
            query.push_bind(number).push(" where physician_id in (");
            let mut places = query.separated(", ");
            for id in ids {
                places.push_bind(*id);
            }
            query.push(")");
            query.build().execute(&mut **$connection).await?;
        }};
    }
    match &mut tx.driver {
        crate::tx::Driver::Sqlite(connection) => run!(connection, sqlx::Sqlite),
        crate::tx::Driver::Postgres(connection) => run!(connection, sqlx::Postgres),
    }
    Ok(())
}

/// Numbers of the change sequence start at 1, so that 0 means "nothing seen yet".
async fn take_changes(tx: &mut WriteTx, count: usize) -> Result<i64> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    Ok(counters::take(tx, Counter::RegistryChange, count).await? + 1)
}
