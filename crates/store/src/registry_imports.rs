//! Rosters of boards on their way into the registry: one record for each file that somebody sent, how far work on it
//! is, and what it did.
//!
//! Counts of what was changed grow with each batch, in the batch's own transaction, so that a job that was killed
//! counts nothing twice. What a file holds as a whole (its rows, those refused, those that wait) is written at the end.

use domain::access::{CertifyingBoardScope, LicensingBoardScope, StaffScope};
use domain::{AccountId, RegistryImportId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, from_json, json, word};

/// Who may see an import: staff all, a board its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    Staff(StaffScope),
    LicensingBoard(LicensingBoardScope),
    CertifyingBoard(CertifyingBoardScope),
}

impl Sender {
    /// The state or board whose rows alone are theirs; empty for staff.
    pub fn issuer(&self) -> String {
        match self {
            Sender::Staff(_) => String::new(),
            Sender::LicensingBoard(scope) => scope.state().code().to_owned(),
            Sender::CertifyingBoard(scope) => scope.board().code().to_owned(),
        }
    }

    /// The stored word of the door.
    pub fn door(&self) -> Door {
        match self {
            Sender::Staff(_) => Door::Accreditor,
            Sender::LicensingBoard(_) => Door::LicensingBoard,
            Sender::CertifyingBoard(_) => Door::CertifyingBoard,
        }
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($variant,)+ }

        impl $name {
            pub const ALL: &[$name] = &[$(Self::$variant,)+];

            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            pub fn read(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

words! {
    /// Which door a roster came by.
    Door {
        Accreditor = "accreditor",
        LicensingBoard = "licensing_board",
        CertifyingBoard = "certifying_board",
        Command = "command",
    }
}

words! {
    /// How far an import is.
    State {
        Comparing = "comparing",
        Compared = "compared",
        Importing = "importing",
        Done = "done",
        Stopped = "stopped",
        Refused = "refused",
    }
}

impl State {
    /// Whether a job works on it.
    pub fn is_running(self) -> bool {
        matches!(self, State::Comparing | State::Importing)
    }
}

/// An import before work on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewImport {
    pub id: RegistryImportId,
    /// `licenses` or `certifications`.
    pub kind: String,
    pub door: Door,
    pub issuer: String,
    pub is_whole: bool,
    pub file_name: String,
    pub file_bytes: i64,
    /// Hex SHA-256.
    pub digest: String,
    pub sent_by: Option<AccountId>,
    pub sent_by_name: String,
    pub received_at: i64,
    pub state: State,
}

/// What became of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, sqlx::FromRow)]
pub struct Counts {
    pub rows: i64,
    pub refused: i64,
    pub added_new: i64,
    pub attached: i64,
    pub updated: i64,
    pub review: i64,
    pub newly_in_review: i64,
    pub from_list: i64,
    pub shared: i64,
    pub pairs: i64,
    pub ended: i64,
}

impl Counts {
    /// Rows that changed nothing.
    pub fn unchanged(&self) -> i64 {
        (self.rows - self.refused - self.added_new - self.attached - self.updated - self.review).max(0)
    }
}

/// A row with a problem, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RowProblem {
    pub row: u64,
    pub column: String,
    pub given: String,
    pub message: String,
    pub remedy: String,
}

/// How far work is within its present part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stand {
    /// A word of `app`.
    pub stage: String,
    pub done: i64,
    pub of: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryImport {
    pub id: RegistryImportId,
    pub kind: String,
    pub door: Door,
    pub issuer: String,
    pub is_whole: bool,
    pub file_name: String,
    pub file_bytes: i64,
    pub digest: String,
    pub sent_by: Option<AccountId>,
    pub sent_by_name: String,
    pub received_at: i64,
    pub state: State,
    pub stand: Stand,
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
    /// JSON of `app`.
    pub preview: Option<String>,
    pub refusal: String,
    pub approved_by_name: String,
    pub approved_at: Option<i64>,
    pub ends_allowed: i64,
    pub counts: Counts,
    pub problems: Vec<RowProblem>,
}

#[derive(sqlx::FromRow)]
struct Row {
    import_id: Uuid,
    kind: String,
    sender: String,
    issuer: String,
    is_whole: i64,
    file_name: String,
    file_bytes: i64,
    digest: String,
    sent_by: Option<Uuid>,
    sent_by_name: String,
    received_at: i64,
    state: String,
    stage: String,
    stage_done: i64,
    stage_of: i64,
    started_at: Option<i64>,
    finished_at: Option<i64>,
    preview: Option<String>,
    refusal: String,
    approved_by_name: String,
    approved_at: Option<i64>,
    ends_allowed: i64,
    #[sqlx(flatten)]
    counts: Counts,
    problems: String,
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select import_id, kind, sender, issuer, is_whole, file_name, file_bytes, digest, sent_by, sent_by_name,
             received_at, state, stage, stage_done, stage_of, started_at, finished_at, preview, refusal,
             approved_by_name, approved_at, ends_allowed, rows, refused, added_new, attached, updated, review,
             newly_in_review, from_list, shared, pairs, ended, problems from registry_import ",
            $rest
        )
    };
}

impl TryFrom<Row> for RegistryImport {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let id = RegistryImportId::new(row.import_id);
        let here = |column| at("registry_import", column, &id);
        Ok(Self {
            door: word(Door::read(&row.sender), here("sender"))?,
            state: word(State::read(&row.state), here("state"))?,
            problems: from_json(&row.problems, here("problems"))?,
            id,
            kind: row.kind,
            issuer: row.issuer,
            is_whole: row.is_whole == 1,
            file_name: row.file_name,
            file_bytes: row.file_bytes,
            digest: row.digest,
            sent_by: row.sent_by.map(AccountId::new),
            sent_by_name: row.sent_by_name,
            received_at: row.received_at,
            stand: Stand { stage: row.stage, done: row.stage_done, of: row.stage_of },
            started_at: row.started_at,
            finished_at: row.finished_at,
            preview: row.preview,
            refusal: row.refusal,
            approved_by_name: row.approved_by_name,
            approved_at: row.approved_at,
            ends_allowed: row.ends_allowed,
            counts: row.counts,
        })
    }
}

/// Writes down that a roster came.
pub async fn insert(tx: &mut WriteTx, import: &NewImport) -> Result<()> {
    exec!(
        tx,
        "insert into registry_import (import_id, kind, sender, issuer, is_whole, file_name, file_bytes, digest,
         sent_by, sent_by_name, received_at, state, stage, stage_done, stage_of, refusal, approved_by_name,
         ends_allowed, rows, refused, added_new, attached, updated, review, newly_in_review, from_list, shared, pairs,
         ended, problems)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', 0, 0, '', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                 0, '[]')",
        import.id.as_uuid(),
        &import.kind,
        import.door.code(),
        &import.issuer,
        i64::from(import.is_whole),
        &import.file_name,
        import.file_bytes,
        &import.digest,
        import.sent_by.map(AccountId::as_uuid),
        &import.sent_by_name,
        import.received_at,
        import.state.code(),
    )?;
    Ok(())
}

/// An import that the sender may see.
pub async fn find(tx: &mut ReadTx, sender: &Sender, id: RegistryImportId) -> Result<Option<RegistryImport>> {
    let sql = columns!("where import_id = $1 and ($2 = '' or issuer = $2)");
    maybe!(tx, Row, sql, id.as_uuid(), sender.issuer())?.map(RegistryImport::try_from).transpose()
}

/// An import, for the job that works on it: the record names its sender.
pub async fn find_for_work(tx: &mut ReadTx, id: RegistryImportId) -> Result<Option<RegistryImport>> {
    maybe!(tx, Row, columns!("where import_id = $1"), id.as_uuid())?.map(RegistryImport::try_from).transpose()
}

/// The newest import of the same bytes as the same kind of roster that the sender may see, unless it was stopped or
/// refused.
pub async fn find_same(tx: &mut ReadTx, sender: &Sender, kind: &str, digest: &str) -> Result<Option<RegistryImport>> {
    let sql = columns!(
        "where digest = $1 and kind = $2 and ($3 = '' or issuer = $3) and state not in ('stopped', 'refused')
         order by received_at desc, import_id desc limit 1"
    );
    maybe!(tx, Row, sql, digest, kind, sender.issuer())?.map(RegistryImport::try_from).transpose()
}

/// The import of the same bytes that a command began and nobody has ended.
pub async fn find_unfinished(tx: &mut ReadTx, kind: &str, digest: &str) -> Result<Option<RegistryImport>> {
    let sql = columns!(
        "where digest = $1 and kind = $2 and sender = 'command' and state in ('comparing', 'importing')
         order by received_at desc, import_id desc limit 1"
    );
    maybe!(tx, Row, sql, digest, kind)?.map(RegistryImport::try_from).transpose()
}

/// Which imports; empty is any.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    pub kind: String,
    pub state: String,
}

pub async fn count(tx: &mut ReadTx, sender: &Sender, filter: &Filter) -> Result<i64> {
    let sql = "select count(*) from registry_import
               where ($1 = '' or issuer = $1) and ($2 = '' or kind = $2) and ($3 = '' or state = $3)";
    let (count,) = one!(tx, (i64,), sql, sender.issuer(), &filter.kind, &filter.state)?;
    Ok(count)
}

/// The newest first.
pub async fn list(
    tx: &mut ReadTx,
    sender: &Sender,
    filter: &Filter,
    skip: i64,
    limit: i64,
) -> Result<Vec<RegistryImport>> {
    let sql = columns!(
        "where ($1 = '' or issuer = $1) and ($2 = '' or kind = $2) and ($3 = '' or state = $3)
         order by received_at desc, import_id desc limit $4 offset $5"
    );
    let rows = all!(tx, Row, sql, sender.issuer(), &filter.kind, &filter.state, limit, skip)?;
    rows.into_iter().map(RegistryImport::try_from).collect()
}

/// Imports by their IDs, for naming the sources of a record.
pub async fn by_ids(tx: &mut ReadTx, _scope: &StaffScope, ids: &[RegistryImportId]) -> Result<Vec<RegistryImport>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let row = maybe!(tx, Row, columns!("where import_id = $1"), id)?;
        found.extend(row.map(RegistryImport::try_from).transpose()?);
    }
    Ok(found)
}

/// Says how far work is.
pub async fn set_stand(tx: &mut WriteTx, id: RegistryImportId, stand: &Stand, now: i64) -> Result<()> {
    exec!(
        tx,
        "update registry_import set stage = $2, stage_done = $3, stage_of = $4, started_at = coalesce(started_at, $5)
         where import_id = $1",
        id.as_uuid(),
        &stand.stage,
        stand.done,
        stand.of,
        now,
    )?;
    Ok(())
}

/// What would change is known; `note` says why it waits once more. `false`: it was not being compared, or imported, any more.
pub async fn set_compared(
    tx: &mut WriteTx,
    id: RegistryImportId,
    preview: &str,
    note: &str,
    counts: (i64, i64),
    problems: &[RowProblem],
) -> Result<bool> {
    let (rows, refused) = counts;
    let changed = exec!(
        tx,
        "update registry_import set state = 'compared', preview = $2, rows = $3, refused = $4, problems = $5,
         refusal = $6, started_at = null, approved_by_name = '', approved_at = null, ends_allowed = 0
         where import_id = $1 and state in ('comparing', 'importing')",
        id.as_uuid(),
        preview,
        rows,
        refused,
        json(problems)?,
        note,
    )?;
    Ok(changed == 1)
}

/// Somebody lets a compared import in. `false`: it does not wait for that.
pub async fn approve(
    tx: &mut WriteTx,
    sender: &Sender,
    id: RegistryImportId,
    by_name: &str,
    ends_allowed: i64,
    now: i64,
) -> Result<bool> {
    let changed = exec!(
        tx,
        "update registry_import set state = 'importing', approved_by_name = $3, approved_at = $4, ends_allowed = $5, refusal = '',
         stage = '', stage_done = 0, stage_of = 0, started_at = null
         where import_id = $1 and ($2 = '' or issuer = $2) and state = 'compared'",
        id.as_uuid(),
        sender.issuer(),
        by_name,
        now,
        ends_allowed,
    )?;
    Ok(changed == 1)
}

/// Somebody decides against a compared import. `false`: it does not wait for that.
pub async fn stop(tx: &mut WriteTx, sender: &Sender, id: RegistryImportId, why: &str, now: i64) -> Result<bool> {
    let changed = exec!(
        tx,
        "update registry_import set state = 'stopped', refusal = $3, finished_at = $4
         where import_id = $1 and ($2 = '' or issuer = $2) and state = 'compared'",
        id.as_uuid(),
        sender.issuer(),
        why,
        now,
    )?;
    Ok(changed == 1)
}

/// Nothing can be read: `refusal` says why.
pub async fn refuse(tx: &mut WriteTx, id: RegistryImportId, refusal: &str, now: i64) -> Result<()> {
    exec!(
        tx,
        "update registry_import set state = 'refused', refusal = $2, finished_at = $3
         where import_id = $1 and state in ('comparing', 'importing')",
        id.as_uuid(),
        refusal,
        now,
    )?;
    Ok(())
}

/// Adds what one transaction changed.
pub async fn add(tx: &mut WriteTx, id: RegistryImportId, more: &Counts) -> Result<()> {
    exec!(
        tx,
        "update registry_import set added_new = added_new + $2, attached = attached + $3, updated = updated + $4,
         newly_in_review = newly_in_review + $5, from_list = from_list + $6, shared = shared + $7, pairs = pairs + $8,
         ended = ended + $9
         where import_id = $1",
        id.as_uuid(),
        more.added_new,
        more.attached,
        more.updated,
        more.newly_in_review,
        more.from_list,
        more.shared,
        more.pairs,
        more.ended,
    )?;
    Ok(())
}

/// Ends an import with what its file held as a whole: rows, refused rows, rows that wait for a person.
pub async fn finish(
    tx: &mut WriteTx,
    id: RegistryImportId,
    (rows, refused, review): (i64, i64, i64),
    problems: &[RowProblem],
    now: i64,
) -> Result<()> {
    exec!(
        tx,
        "update registry_import set state = 'done', rows = $2, refused = $3, review = $4, problems = $5,
         finished_at = $6 where import_id = $1 and state = 'importing'",
        id.as_uuid(),
        rows,
        refused,
        review,
        json(problems)?,
        now,
    )?;
    Ok(())
}
