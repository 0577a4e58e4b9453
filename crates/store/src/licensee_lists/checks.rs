//! Checks of a list against a requirement: asked for, worked through by a job, finished. What a check found of each
//! licensee is in [`super::results`].
//!
//! The requirement is kept as text that only `app` understands, so that a check can be explained after the board has
//! changed its rules.

use domain::access::LicensingBoardScope;
use domain::licensee_list::WhichCycle;
use domain::{AccountId, ComplianceCheckId, LicenseeListId, PhysicianId, State};
use jiff::civil::Date;
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, date_text, parsed, word};

/// A check of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub id: ComplianceCheckId,
    pub list: LicenseeListId,
    pub list_name: String,
    pub state: State,
    /// The requirement, as `app` writes it.
    pub requirement: String,
    /// What people call it.
    pub requirement_words: String,
    pub as_of: Date,
    pub which: WhichCycle,
    pub asked_by: AccountId,
    pub asked_by_name: String,
    pub asked_at: i64,
    /// Row of the list through which licensees are settled.
    pub settled_through: i64,
    pub settled: i64,
    pub total: i64,
    /// Leaves of the ledger when the first licensee was read.
    pub ledger_size: Option<i64>,
    pub finished_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct CheckRow {
    check_id: Uuid,
    list_id: Uuid,
    list_name: String,
    state: String,
    requirement: String,
    requirement_words: String,
    as_of: String,
    which_cycle: String,
    asked_by: Uuid,
    asked_by_name: String,
    asked_at: i64,
    settled_through: i64,
    settled: i64,
    total: i64,
    ledger_size: Option<i64>,
    finished_at: Option<i64>,
}

impl CheckRow {
    fn check(self) -> Result<Check> {
        let id = ComplianceCheckId::new(self.check_id);
        let at = |column| at("compliance_check", column, &id);
        Ok(Check {
            state: word(State::read(&self.state), at("state"))?,
            as_of: parsed(&self.as_of, at("as_of"))?,
            which: word(WhichCycle::read(&self.which_cycle), at("which_cycle"))?,
            id,
            list: LicenseeListId::new(self.list_id),
            list_name: self.list_name,
            requirement: self.requirement,
            requirement_words: self.requirement_words,
            asked_by: AccountId::new(self.asked_by),
            asked_by_name: self.asked_by_name,
            asked_at: self.asked_at,
            settled_through: self.settled_through,
            settled: self.settled,
            total: self.total,
            ledger_size: self.ledger_size,
            finished_at: self.finished_at,
        })
    }
}

/// Adds a check that nobody has worked on yet; `settled_through`, `settled`, `ledger_size` and `finished_at` are not
/// read.
pub async fn insert(tx: &mut WriteTx, check: &Check) -> Result<()> {
    exec!(
        tx,
        "insert into compliance_check (check_id, list_id, state, requirement, requirement_words, as_of, which_cycle,
         asked_by, asked_by_name, asked_at, settled_through, settled, total)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, $11)",
        check.id.as_uuid(),
        check.list.as_uuid(),
        check.state.code().to_owned(),
        &check.requirement,
        &check.requirement_words,
        date_text(check.as_of),
        check.which.code(),
        check.asked_by.as_uuid(),
        &check.asked_by_name,
        check.asked_at,
        check.total,
    )?;
    Ok(())
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select c.check_id, c.list_id, l.name as list_name, c.state, c.requirement, c.requirement_words, c.as_of,
                    c.which_cycle, c.asked_by, c.asked_by_name, c.asked_at, c.settled_through, c.settled, c.total,
                    c.ledger_size, c.finished_at
             from compliance_check c join licensee_list l on l.list_id = c.list_id ",
            $rest
        )
    };
}

/// The board's check of this ID.
pub async fn find(tx: &mut ReadTx, scope: &LicensingBoardScope, check: ComplianceCheckId) -> Result<Option<Check>> {
    let sql = columns!("where c.check_id = $1 and c.state = $2");
    maybe!(tx, CheckRow, sql, check.as_uuid(), scope.state().code().to_owned())?.map(CheckRow::check).transpose()
}

/// A check, for the job that works on it: the record names its board.
pub async fn find_for_work(tx: &mut ReadTx, check: ComplianceCheckId) -> Result<Option<Check>> {
    let sql = columns!("where c.check_id = $1");
    maybe!(tx, CheckRow, sql, check.as_uuid())?.map(CheckRow::check).transpose()
}

/// The checks of one of the board's lists, newest first.
pub async fn of_list(
    tx: &mut ReadTx,
    scope: &LicensingBoardScope,
    list: LicenseeListId,
    limit: i64,
) -> Result<Vec<Check>> {
    let sql = columns!("where c.list_id = $1 and c.state = $2 order by c.asked_at desc, c.check_id desc limit $3");
    let rows = all!(tx, CheckRow, sql, list.as_uuid(), scope.state().code().to_owned(), limit)?;
    rows.into_iter().map(CheckRow::check).collect()
}

/// The board's checks of any list, newest first.
pub async fn newest(tx: &mut ReadTx, scope: &LicensingBoardScope, limit: i64) -> Result<Vec<Check>> {
    let sql = columns!("where c.state = $1 order by c.asked_at desc, c.check_id desc limit $2");
    let rows = all!(tx, CheckRow, sql, scope.state().code().to_owned(), limit)?;
    rows.into_iter().map(CheckRow::check).collect()
}

/// The finished check of the same list that was asked for before this one.
pub async fn before(tx: &mut ReadTx, scope: &LicensingBoardScope, check: &Check) -> Result<Option<Check>> {
    let sql = columns!(
        "where c.list_id = $1 and c.state = $2 and c.finished_at is not null
         and (c.asked_at < $3 or (c.asked_at = $3 and c.check_id < $4))
         order by c.asked_at desc, c.check_id desc limit 1"
    );
    let found = maybe!(
        tx,
        CheckRow,
        sql,
        check.list.as_uuid(),
        scope.state().code().to_owned(),
        check.asked_at,
        check.id.as_uuid()
    )?;
    found.map(CheckRow::check).transpose()
}

/// A licensee to be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub row: i64,
    pub physician: PhysicianId,
    pub license_number: String,
    pub name: String,
}

#[derive(sqlx::FromRow)]
struct SubjectRow {
    row_number: i64,
    physician_id: Uuid,
    license_number: String,
    name: String,
}

/// Licensees of a list behind a row, in the list's order.
pub async fn subjects(tx: &mut ReadTx, list: LicenseeListId, after: i64, limit: i64) -> Result<Vec<Subject>> {
    let rows = all!(
        tx,
        SubjectRow,
        "select row_number, physician_id, license_number, name from licensee_list_row
         where list_id = $1 and outcome = 'matched' and physician_id is not null and row_number > $2
         order by row_number limit $3",
        list.as_uuid(),
        after,
        limit,
    )?;
    let subject = |row: SubjectRow| Subject {
        row: row.row_number,
        physician: PhysicianId::new(row.physician_id),
        license_number: row.license_number,
        name: row.name,
    };
    Ok(rows.into_iter().map(subject).collect())
}

/// Moves a check on from where it stood; `false` if it stood elsewhere, since another worker has done this part.
pub async fn advance(tx: &mut WriteTx, check: &Check, through: i64, settled: i64, ledger_size: i64) -> Result<bool> {
    let moved = exec!(
        tx,
        "update compliance_check set settled_through = $3, settled = settled + $4,
         ledger_size = coalesce(ledger_size, $5)
         where check_id = $1 and settled_through = $2 and finished_at is null",
        check.id.as_uuid(),
        check.settled_through,
        through,
        settled,
        ledger_size,
    )?;
    Ok(moved == 1)
}

/// Ends a check.
pub async fn finish(tx: &mut WriteTx, check: ComplianceCheckId, now: i64) -> Result<()> {
    exec!(
        tx,
        "update compliance_check set finished_at = $2 where check_id = $1 and finished_at is null",
        check.as_uuid(),
        now
    )?;
    Ok(())
}
