//! What licenses and certifications became over time: each change of status or dates a row that is only added to,
//! whether a roster said so or staff put it right by hand.
//!
//! The license itself holds what counts now; this says since when and why. Rows name who held it then: a merge or a
//! split moves the license and leaves its history, which is found by the number.

use domain::access::StaffScope;
use domain::{AccountId, PhysicianId, RegistryImportId, StandingChangeId};
use jiff::civil::Date;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, date_text, parsed, word};

/// Where a change came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// A roster's row said so.
    Roster,
    /// A whole roster does not name it any more.
    Absent,
    /// Staff put it right.
    Hand,
    /// Staff took a change back.
    Undo,
}

impl Source {
    pub const ALL: &[Source] = &[Self::Roster, Self::Absent, Self::Hand, Self::Undo];

    pub fn code(self) -> &'static str {
        match self {
            Self::Roster => "roster",
            Self::Absent => "absent",
            Self::Hand => "hand",
            Self::Undo => "undo",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.code() == code)
    }
}

/// How a license or certification stands; the latter has no dates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    pub status: String,
    pub issued_on: Option<Date>,
    pub expires_on: Option<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingChange {
    pub id: StandingChangeId,
    pub physician: PhysicianId,
    /// A state's two letters or a board's code.
    pub issuer: String,
    pub number: String,
    pub before: Standing,
    pub after: Standing,
    pub effective_on: Date,
    pub at: i64,
    pub source: Source,
    pub import: Option<RegistryImportId>,
    pub by: Option<AccountId>,
    /// A name, or the roster's file.
    pub by_name: String,
    pub reason: String,
    /// The change that this one took back.
    pub undoes: Option<StandingChangeId>,
}

#[derive(sqlx::FromRow)]
struct Row {
    change_id: Uuid,
    physician_id: Uuid,
    issuer: String,
    number: String,
    status_before: String,
    issued_before: Option<String>,
    expires_before: Option<String>,
    status: String,
    issued_on: Option<String>,
    expires_on: Option<String>,
    effective_on: String,
    at: i64,
    source: String,
    import_id: Option<Uuid>,
    by_account: Option<Uuid>,
    by_name: String,
    reason: String,
    undoes: Option<Uuid>,
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select c.change_id, c.physician_id, c.issuer, c.number, c.status_before, c.issued_before,
             c.expires_before, c.status, c.issued_on, c.expires_on, c.effective_on, c.at, c.source, c.import_id,
             c.by_account, c.by_name, c.reason, c.undoes from standing_change c ",
            $rest
        )
    };
}

impl TryFrom<Row> for StandingChange {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let id = StandingChangeId::new(row.change_id);
        let here = |column| at("standing_change", column, &id);
        let date = |text: Option<String>, column| text.map(|text| parsed(&text, here(column))).transpose();
        Ok(Self {
            physician: PhysicianId::new(row.physician_id),
            before: Standing {
                status: row.status_before,
                issued_on: date(row.issued_before, "issued_before")?,
                expires_on: date(row.expires_before, "expires_before")?,
            },
            after: Standing {
                status: row.status,
                issued_on: date(row.issued_on, "issued_on")?,
                expires_on: date(row.expires_on, "expires_on")?,
            },
            effective_on: parsed(&row.effective_on, here("effective_on"))?,
            source: word(Source::read(&row.source), here("source"))?,
            id,
            issuer: row.issuer,
            number: row.number,
            at: row.at,
            import: row.import_id.map(RegistryImportId::new),
            by: row.by_account.map(AccountId::new),
            by_name: row.by_name,
            reason: row.reason,
            undoes: row.undoes.map(StandingChangeId::new),
        })
    }
}

/// Writes changes down. A change that was taken back already breaks the unique key on `undoes`.
pub async fn insert(tx: &mut WriteTx, changes: &[StandingChange]) -> Result<()> {
    bulk!(
        tx,
        "insert into standing_change (change_id, physician_id, issuer, number, status_before, issued_before,
         expires_before, status, issued_on, expires_on, effective_on, at, source, import_id, by_account, by_name,
         reason, undoes) ",
        changes,
        |row| row.id.as_uuid(),
        row.physician.as_uuid(),
        row.issuer.as_str(),
        row.number.as_str(),
        row.before.status.as_str(),
        row.before.issued_on.map(date_text),
        row.before.expires_on.map(date_text),
        row.after.status.as_str(),
        row.after.issued_on.map(date_text),
        row.after.expires_on.map(date_text),
        date_text(row.effective_on),
        row.at,
        row.source.code(),
        row.import.map(RegistryImportId::as_uuid),
        row.by.map(AccountId::as_uuid),
        row.by_name.as_str(),
        row.reason.as_str(),
        row.undoes.map(StandingChangeId::as_uuid),
    );
    Ok(())
}

pub async fn find(tx: &mut ReadTx, _scope: &StaffScope, id: StandingChangeId) -> Result<Option<StandingChange>> {
    let sql = columns!("where c.change_id = $1");
    maybe!(tx, Row, sql, id.as_uuid())?.map(StandingChange::try_from).transpose()
}

/// What a number became, the newest first, for the record that holds it now. What another holder of the same number
/// went through is left out.
pub async fn history(
    tx: &mut ReadTx,
    _scope: &StaffScope,
    holder: PhysicianId,
    issuer: &str,
    number: &str,
    limit: i64,
) -> Result<Vec<StandingChange>> {
    let sql = columns!(
        "where c.issuer = $1 and c.number = $2
           and (c.physician_id = $3
                or (not exists (select 1 from license l where l.physician_id = c.physician_id
                                and l.state = c.issuer and l.number = c.number)
                    and not exists (select 1 from certification h where h.physician_id = c.physician_id
                                    and h.board = c.issuer and h.diplomate_id = c.number)))
         order by c.at desc, c.change_id desc limit $4"
    );
    let rows = all!(tx, Row, sql, issuer, number, holder.as_uuid(), limit)?;
    rows.into_iter().map(StandingChange::try_from).collect()
}

/// Whether somebody took this change back.
pub async fn is_undone(tx: &mut ReadTx, _scope: &StaffScope, id: StandingChangeId) -> Result<bool> {
    let (count,) = one!(tx, (i64,), "select count(*) from standing_change where undoes = $1", id.as_uuid())?;
    Ok(count > 0)
}

/// Where a license or certification of a record comes from: the import that last said something new of it, the name
/// as its row gave it, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub issuer: String,
    pub number: String,
    pub import: Option<RegistryImportId>,
    pub said_name: String,
    pub updated_at: i64,
}

/// Origins of all that a record holds, by issuer and number.
pub async fn origins(tx: &mut ReadTx, _scope: &StaffScope, of: PhysicianId) -> Result<Vec<Origin>> {
    let rows = all!(
        tx,
        (String, String, Option<Uuid>, Option<String>, i64),
        "select state, number, import_id, said_name, updated_at from license where physician_id = $1
         union all
         select board, diplomate_id, import_id, said_name, updated_at from certification where physician_id = $1
         order by 1, 2",
        of.as_uuid(),
    )?;
    let origin = |(issuer, number, import, said_name, updated_at): (String, String, Option<Uuid>, _, i64)| Origin {
        issuer,
        number,
        import: import.map(RegistryImportId::new),
        said_name: Option::<String>::unwrap_or_default(said_name),
        updated_at,
    };
    Ok(rows.into_iter().map(origin).collect())
}
