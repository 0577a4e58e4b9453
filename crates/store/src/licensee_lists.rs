//! Lists of licensees that a licensing board checks, row by row as they were given, with whom each means.
//!
//! Everything is the board's own: another board's list is as absent as none. Lists are never changed once made.

pub mod checks;
mod lookups;
pub mod results;

use domain::access::LicensingBoardScope;
use domain::licensee_list::RowOutcome;
use domain::{AccountId, LicenseeListId, PhysicianId};
use uuid::Uuid;

pub use lookups::{
    Candidate, RegistryFilter, by_numbers, credit_by_year, key_of, licensee_counts, of_registry, plain_name,
};

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, word};

/// Where a list came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    File,
    Pasted,
    Registry,
}

impl Source {
    pub fn code(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Pasted => "pasted",
            Self::Registry => "registry",
        }
    }

    fn read(code: &str) -> Option<Self> {
        [Self::File, Self::Pasted, Self::Registry].into_iter().find(|source| source.code() == code)
    }
}

/// A list that is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenseeList {
    pub id: LicenseeListId,
    pub name: String,
    pub source: Source,
    /// The file's name, or which licensees of the registry, as people read it.
    pub origin: String,
    pub made_by: AccountId,
    pub made_by_name: String,
    pub made_at: i64,
    pub rows_given: i64,
    /// Licensees that its rows mean, each once.
    pub licensees: i64,
}

/// One row: what was given, and whom it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRow {
    pub number: i64,
    pub given_number: String,
    pub given_first: String,
    pub given_last: String,
    pub given_npi: String,
    pub outcome: RowOutcome,
    /// Only of a matched row, and so are the next two.
    pub physician: Option<PhysicianId>,
    pub license_number: String,
    /// `Last, First Middle`.
    pub name: String,
}

#[derive(sqlx::FromRow)]
struct ListColumns {
    list_id: Uuid,
    name: String,
    source: String,
    origin: String,
    made_by: Uuid,
    made_by_name: String,
    made_at: i64,
    rows_given: i64,
    licensees: i64,
}

impl ListColumns {
    fn list(self) -> Result<LicenseeList> {
        Ok(LicenseeList {
            source: word(Source::read(&self.source), at("licensee_list", "source", &self.list_id))?,
            id: LicenseeListId::new(self.list_id),
            name: self.name,
            origin: self.origin,
            made_by: AccountId::new(self.made_by),
            made_by_name: self.made_by_name,
            made_at: self.made_at,
            rows_given: self.rows_given,
            licensees: self.licensees,
        })
    }
}

#[derive(sqlx::FromRow)]
struct RowColumns {
    row_number: i64,
    given_number: String,
    given_first: String,
    given_last: String,
    given_npi: String,
    outcome: String,
    physician_id: Option<Uuid>,
    license_number: String,
    name: String,
}

impl RowColumns {
    fn row(self) -> Result<ListRow> {
        Ok(ListRow {
            outcome: word(RowOutcome::read(&self.outcome), at("licensee_list_row", "outcome", &self.row_number))?,
            number: self.row_number,
            given_number: self.given_number,
            given_first: self.given_first,
            given_last: self.given_last,
            given_npi: self.given_npi,
            physician: self.physician_id.map(PhysicianId::new),
            license_number: self.license_number,
            name: self.name,
        })
    }
}

/// Adds a list with all its rows.
pub async fn insert(
    tx: &mut WriteTx,
    scope: &LicensingBoardScope,
    list: &LicenseeList,
    rows: &[ListRow],
) -> Result<()> {
    exec!(
        tx,
        "insert into licensee_list (list_id, state, name, source, origin, made_by, made_by_name, made_at, rows_given,
         licensees) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        list.id.as_uuid(),
        scope.state().code().to_owned(),
        &list.name,
        list.source.code(),
        &list.origin,
        list.made_by.as_uuid(),
        &list.made_by_name,
        list.made_at,
        list.rows_given,
        list.licensees,
    )?;
    bulk!(
        tx,
        "insert into licensee_list_row (list_id, row_number, given_number, given_first, given_last, given_npi, outcome,
         physician_id, license_number, name) ",
        rows,
        |row| list.id.as_uuid(),
        row.number,
        row.given_number.as_str(),
        row.given_first.as_str(),
        row.given_last.as_str(),
        row.given_npi.as_str(),
        row.outcome.code(),
        row.physician.map(PhysicianId::as_uuid),
        row.license_number.as_str(),
        row.name.as_str(),
    );
    Ok(())
}

/// The board's list of this ID.
pub async fn find(tx: &mut ReadTx, scope: &LicensingBoardScope, list: LicenseeListId) -> Result<Option<LicenseeList>> {
    let found = maybe!(
        tx,
        ListColumns,
        "select list_id, name, source, origin, made_by, made_by_name, made_at, rows_given, licensees
         from licensee_list where list_id = $1 and state = $2",
        list.as_uuid(),
        scope.state().code().to_owned(),
    )?;
    found.map(ListColumns::list).transpose()
}

/// The board's lists, newest first.
pub async fn list(tx: &mut ReadTx, scope: &LicensingBoardScope, limit: i64, offset: i64) -> Result<Vec<LicenseeList>> {
    let found = all!(
        tx,
        ListColumns,
        "select list_id, name, source, origin, made_by, made_by_name, made_at, rows_given, licensees
         from licensee_list where state = $1 order by made_at desc, list_id desc limit $2 offset $3",
        scope.state().code().to_owned(),
        limit,
        offset,
    )?;
    found.into_iter().map(ListColumns::list).collect()
}

/// How many lists the board has.
pub async fn count(tx: &mut ReadTx, scope: &LicensingBoardScope) -> Result<i64> {
    let sql = "select count(*) from licensee_list where state = $1";
    Ok(one!(tx, (i64,), sql, scope.state().code().to_owned())?.0)
}

/// How many rows ended how. Only those that there are.
pub async fn outcomes(
    tx: &mut ReadTx,
    scope: &LicensingBoardScope,
    list: LicenseeListId,
) -> Result<Vec<(RowOutcome, i64)>> {
    let found = all!(
        tx,
        (String, i64),
        "select r.outcome, count(*) from licensee_list l join licensee_list_row r on r.list_id = l.list_id
         where l.list_id = $1 and l.state = $2 group by r.outcome",
        list.as_uuid(),
        scope.state().code().to_owned(),
    )?;
    let read = |(code, count): (String, i64)| {
        Ok((word(RowOutcome::read(&code), at("licensee_list_row", "outcome", &list))?, count))
    };
    let mut found: Vec<(RowOutcome, i64)> = found.into_iter().map(read).collect::<Result<_>>()?;
    found.sort_unstable();
    Ok(found)
}

/// Rows behind `after` in the list's order, of one outcome or of all.
pub async fn rows(
    tx: &mut ReadTx,
    scope: &LicensingBoardScope,
    list: LicenseeListId,
    outcome: Option<RowOutcome>,
    after: i64,
    limit: i64,
) -> Result<Vec<ListRow>> {
    let outcome = outcome.map_or("", RowOutcome::code);
    let found = all!(
        tx,
        RowColumns,
        "select r.row_number, r.given_number, r.given_first, r.given_last, r.given_npi, r.outcome, r.physician_id,
                r.license_number, r.name
         from licensee_list l join licensee_list_row r on r.list_id = l.list_id
         where l.list_id = $1 and l.state = $2 and ($3 = '' or r.outcome = $3) and r.row_number > $4
         order by r.row_number limit $5",
        list.as_uuid(),
        scope.state().code().to_owned(),
        outcome,
        after,
        limit,
    )?;
    found.into_iter().map(RowColumns::row).collect()
}

/// As [`rows`] of any outcome, a page at a time.
pub async fn rows_at(
    tx: &mut ReadTx,
    scope: &LicensingBoardScope,
    list: LicenseeListId,
    outcome: Option<RowOutcome>,
    limit: i64,
    offset: i64,
) -> Result<Vec<ListRow>> {
    let outcome = outcome.map_or("", RowOutcome::code);
    let found = all!(
        tx,
        RowColumns,
        "select r.row_number, r.given_number, r.given_first, r.given_last, r.given_npi, r.outcome, r.physician_id,
                r.license_number, r.name
         from licensee_list l join licensee_list_row r on r.list_id = l.list_id
         where l.list_id = $1 and l.state = $2 and ($3 = '' or r.outcome = $3)
         order by r.row_number limit $4 offset $5",
        list.as_uuid(),
        scope.state().code().to_owned(),
        outcome,
        limit,
        offset,
    )?;
    found.into_iter().map(RowColumns::row).collect()
}
