//! A licensing board's audits: a sample of its licensees with what is found, decided and written of each.
//!
//! A sample never changes once it is drawn. What is done about a licensee is an act, numbered within the case:
//! whoever adds one names how many acts they saw, so that of two people who decide at once the second is told.

pub mod acts;
pub mod cases;

use domain::access::LicensingBoardScope;
use domain::licensee_list::WhichCycle;
use domain::{AccountId, LicenseAuditId, LicenseeListId, State};
use jiff::civil::Date;
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, date_text, parsed, word};

/// An audit of a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenseAudit {
    pub id: LicenseAuditId,
    pub state: State,
    pub name: String,
    /// The population: its matched licensees.
    pub list: LicenseeListId,
    pub list_name: String,
    pub population: i64,
    /// Hex SHA-256 of the sorted license numbers, each ended by a line break.
    pub population_digest: String,
    pub seed: String,
    pub sample_size: i64,
    /// The requirement, as `app` writes it.
    pub requirement: String,
    pub requirement_words: String,
    pub as_of: Date,
    pub which: WhichCycle,
    pub made_by: AccountId,
    pub made_by_name: String,
    pub made_at: i64,
    pub closed_at: Option<i64>,
    pub closed_by_name: String,
}

#[derive(sqlx::FromRow)]
struct AuditRow {
    license_audit_id: Uuid,
    state: String,
    name: String,
    list_id: Uuid,
    list_name: String,
    population: i64,
    population_digest: String,
    seed: String,
    sample_size: i64,
    requirement: String,
    requirement_words: String,
    as_of: String,
    which_cycle: String,
    made_by: Uuid,
    made_by_name: String,
    made_at: i64,
    closed_at: Option<i64>,
    closed_by_name: Option<String>,
}

impl AuditRow {
    fn audit(self) -> Result<LicenseAudit> {
        let id = LicenseAuditId::new(self.license_audit_id);
        let at = |column| at("license_audit", column, &id);
        Ok(LicenseAudit {
            state: word(State::read(&self.state), at("state"))?,
            as_of: parsed(&self.as_of, at("as_of"))?,
            which: word(WhichCycle::read(&self.which_cycle), at("which_cycle"))?,
            id,
            name: self.name,
            list: LicenseeListId::new(self.list_id),
            list_name: self.list_name,
            population: self.population,
            population_digest: self.population_digest,
            seed: self.seed,
            sample_size: self.sample_size,
            requirement: self.requirement,
            requirement_words: self.requirement_words,
            made_by: AccountId::new(self.made_by),
            made_by_name: self.made_by_name,
            made_at: self.made_at,
            closed_at: self.closed_at,
            closed_by_name: self.closed_by_name.unwrap_or_default(),
        })
    }
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select a.license_audit_id, a.state, a.name, a.list_id, l.name as list_name, a.population,
                    a.population_digest, a.seed, a.sample_size, a.requirement, a.requirement_words, a.as_of,
                    a.which_cycle, a.made_by, a.made_by_name, a.made_at, a.closed_at, a.closed_by_name
             from license_audit a join licensee_list l on l.list_id = a.list_id ",
            $rest
        )
    };
}

/// Adds an audit; its sample follows with [`cases::insert`].
pub async fn insert(tx: &mut WriteTx, audit: &LicenseAudit) -> Result<()> {
    exec!(
        tx,
        "insert into license_audit (license_audit_id, state, name, list_id, population, population_digest, seed,
         sample_size, requirement, requirement_words, as_of, which_cycle, made_by, made_by_name, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        audit.id.as_uuid(),
        audit.state.code().to_owned(),
        &audit.name,
        audit.list.as_uuid(),
        audit.population,
        &audit.population_digest,
        &audit.seed,
        audit.sample_size,
        &audit.requirement,
        &audit.requirement_words,
        date_text(audit.as_of),
        audit.which.code(),
        audit.made_by.as_uuid(),
        &audit.made_by_name,
        audit.made_at,
    )?;
    Ok(())
}

/// The board's audit of this ID.
pub async fn find(tx: &mut ReadTx, scope: &LicensingBoardScope, audit: LicenseAuditId) -> Result<Option<LicenseAudit>> {
    let sql = columns!("where a.license_audit_id = $1 and a.state = $2");
    let found = maybe!(tx, AuditRow, sql, audit.as_uuid(), scope.state().code().to_owned())?;
    found.map(AuditRow::audit).transpose()
}

/// An audit, for the job that works on it: the record names its board.
pub async fn find_for_work(tx: &mut ReadTx, audit: LicenseAuditId) -> Result<Option<LicenseAudit>> {
    let sql = columns!("where a.license_audit_id = $1");
    maybe!(tx, AuditRow, sql, audit.as_uuid())?.map(AuditRow::audit).transpose()
}

/// The board's audits, those under way first, then newest first; at most `limit`.
pub async fn list(tx: &mut ReadTx, scope: &LicensingBoardScope, limit: i64) -> Result<Vec<LicenseAudit>> {
    let sql = columns!(
        "where a.state = $1
         order by case when a.closed_at is null then 0 else 1 end, a.made_at desc, a.license_audit_id desc limit $2"
    );
    let rows = all!(tx, AuditRow, sql, scope.state().code().to_owned(), limit)?;
    rows.into_iter().map(AuditRow::audit).collect()
}

/// Ends an audit; `false` if it had ended.
pub async fn close(
    tx: &mut WriteTx,
    scope: &LicensingBoardScope,
    audit: LicenseAuditId,
    by: &str,
    now: i64,
) -> Result<bool> {
    let closed = exec!(
        tx,
        "update license_audit set closed_at = $3, closed_by_name = $4
         where license_audit_id = $1 and state = $2 and closed_at is null",
        audit.as_uuid(),
        scope.state().code().to_owned(),
        now,
        by,
    )?;
    Ok(closed == 1)
}
