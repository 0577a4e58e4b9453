//! Licensees of an audit's sample: how each stands, what was decided last, and by when something is due.

use domain::access::{LicensingBoardScope, PhysicianScope};
use domain::license_audit::Decision;
use domain::{AuditCaseId, LicenseAuditId, PhysicianId};
use jiff::civil::Date;
use uuid::Uuid;

use crate::error::Result;
use crate::licensee_lists::results::{Standings, standings};
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, date_text, json, parsed, word};

/// One licensee of a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub id: AuditCaseId,
    pub audit: LicenseAuditId,
    pub audit_name: String,
    /// Place in the draw, from 1.
    pub place: i64,
    pub physician: PhysicianId,
    pub license_number: String,
    pub name: String,
    /// Acts so far.
    pub acts: i64,
    /// As of the last comparison; `None` before the first.
    pub found: Option<Standings>,
    pub assessed_at: Option<i64>,
    pub ledger_size: Option<i64>,
    pub decision: Option<Decision>,
    pub reason: String,
    pub decided_at: Option<i64>,
    pub decided_by_name: String,
    pub due_on: Option<Date>,
    pub resolved_at: Option<i64>,
    /// The audit has ended.
    pub is_closed: bool,
}

/// A licensee who was drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    pub id: AuditCaseId,
    pub place: i64,
    pub physician: PhysicianId,
    pub license_number: String,
    pub name: String,
}

#[derive(sqlx::FromRow)]
struct CaseRow {
    case_id: Uuid,
    license_audit_id: Uuid,
    audit_name: String,
    place: i64,
    physician_id: Uuid,
    license_number: String,
    name: String,
    acts: i64,
    standing: Option<String>,
    cycle_from: Option<String>,
    cycle_until: Option<String>,
    required: i64,
    counted: i64,
    missing: i64,
    topics: String,
    assessed_at: Option<i64>,
    ledger_size: Option<i64>,
    decision: Option<String>,
    reason: String,
    decided_at: Option<i64>,
    decided_by_name: Option<String>,
    due_on: Option<String>,
    resolved_at: Option<i64>,
    closed_at: Option<i64>,
}

impl CaseRow {
    fn case(self) -> Result<Case> {
        let id = AuditCaseId::new(self.case_id);
        let found = self.standing.map(|standing| {
            let figures = (
                standing,
                self.cycle_from,
                self.cycle_until,
                self.required,
                self.counted,
                self.missing,
                self.topics.clone(),
            );
            standings(figures, "license_audit_case", &self.case_id)
        });
        let decision = self.decision.map(|code| word(Decision::read(&code), at("license_audit_case", "decision", &id)));
        let due_on = self.due_on.map(|day| parsed(&day, at("license_audit_case", "due_on", &id)));
        Ok(Case {
            id,
            audit: LicenseAuditId::new(self.license_audit_id),
            audit_name: self.audit_name,
            place: self.place,
            physician: PhysicianId::new(self.physician_id),
            license_number: self.license_number,
            name: self.name,
            acts: self.acts,
            found: found.transpose()?,
            assessed_at: self.assessed_at,
            ledger_size: self.ledger_size,
            decision: decision.transpose()?,
            reason: self.reason,
            decided_at: self.decided_at,
            decided_by_name: self.decided_by_name.unwrap_or_default(),
            due_on: due_on.transpose()?,
            resolved_at: self.resolved_at,
            is_closed: self.closed_at.is_some(),
        })
    }
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select c.case_id, c.license_audit_id, a.name as audit_name, c.place, c.physician_id, c.license_number,
                    c.name, c.acts, c.standing, c.cycle_from, c.cycle_until, c.required, c.counted, c.missing,
                    c.topics, c.assessed_at, c.ledger_size, c.decision, c.reason, c.decided_at, c.decided_by_name,
                    c.due_on, c.resolved_at, a.closed_at
             from license_audit_case c join license_audit a on a.license_audit_id = c.license_audit_id ",
            $rest
        )
    };
}

/// Adds the sample of an audit.
pub async fn insert(
    tx: &mut WriteTx,
    scope: &LicensingBoardScope,
    audit: LicenseAuditId,
    sample: &[Drawn],
) -> Result<()> {
    let state = scope.state();
    bulk!(
        tx,
        "insert into license_audit_case (case_id, license_audit_id, state, place, physician_id, license_number, name,
         acts, required, counted, missing, topics, reason) ",
        sample,
        |one| one.id.as_uuid(),
        audit.as_uuid(),
        state.code().to_owned(),
        one.place,
        one.physician.as_uuid(),
        one.license_number.as_str(),
        one.name.as_str(),
        0_i64,
        0_i64,
        0_i64,
        0_i64,
        "[]",
        "",
    );
    Ok(())
}

/// The board's case of this ID.
pub async fn find(tx: &mut ReadTx, scope: &LicensingBoardScope, case: AuditCaseId) -> Result<Option<Case>> {
    let sql = columns!("where c.case_id = $1 and c.state = $2");
    let found = maybe!(tx, CaseRow, sql, case.as_uuid(), scope.state().code().to_owned())?;
    found.map(CaseRow::case).transpose()
}

/// All licensees of one of the board's samples, in the order of the draw.
pub async fn of_audit(tx: &mut ReadTx, scope: &LicensingBoardScope, audit: LicenseAuditId) -> Result<Vec<Case>> {
    let sql = columns!("where c.license_audit_id = $1 and c.state = $2 order by c.place");
    let rows = all!(tx, CaseRow, sql, audit.as_uuid(), scope.state().code().to_owned())?;
    rows.into_iter().map(CaseRow::case).collect()
}

/// The physician's own cases, newest audit first.
pub async fn of_physician(tx: &mut ReadTx, scope: &PhysicianScope) -> Result<Vec<Case>> {
    let sql = columns!("where c.physician_id = $1 order by a.made_at desc, c.case_id desc");
    let rows = all!(tx, CaseRow, sql, scope.physician().as_uuid())?;
    rows.into_iter().map(CaseRow::case).collect()
}

/// The name of the board that audits, by case of the physician's.
pub async fn boards_of_physician(tx: &mut ReadTx, scope: &PhysicianScope) -> Result<Vec<(AuditCaseId, String)>> {
    let rows = all!(
        tx,
        (Uuid, String),
        "select c.case_id, coalesce(b.name, c.state) from license_audit_case c
         left join licensing_board b on b.state = c.state where c.physician_id = $1",
        scope.physician().as_uuid(),
    )?;
    Ok(rows.into_iter().map(|(id, name)| (AuditCaseId::new(id), name)).collect())
}

/// Cases of an audit that were never compared with the requirement, in the order of the draw.
pub async fn unassessed(tx: &mut ReadTx, audit: LicenseAuditId, limit: i64) -> Result<Vec<Case>> {
    let sql = columns!("where c.license_audit_id = $1 and c.assessed_at is null order by c.place limit $2");
    let rows = all!(tx, CaseRow, sql, audit.as_uuid(), limit)?;
    rows.into_iter().map(CaseRow::case).collect()
}

/// How many cases an audit has that were compared, decided, and are open or overdue on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, sqlx::FromRow)]
pub struct Progress {
    pub cases: i64,
    pub assessed: i64,
    pub decided: i64,
    pub awaited: i64,
    pub overdue: i64,
}

/// How far an audit is.
pub async fn progress(
    tx: &mut ReadTx,
    scope: &LicensingBoardScope,
    audit: LicenseAuditId,
    today: Date,
) -> Result<Progress> {
    one!(
        tx,
        Progress,
        "select count(*) as cases,
                cast(coalesce(sum(case when assessed_at is not null then 1 else 0 end), 0) as bigint) as assessed,
                cast(coalesce(sum(case when decision is not null then 1 else 0 end), 0) as bigint) as decided,
                cast(coalesce(sum(case when due_on is not null and resolved_at is null then 1 else 0 end), 0)
                     as bigint) as awaited,
                cast(coalesce(sum(case when due_on < $3 and resolved_at is null then 1 else 0 end), 0) as bigint)
                     as overdue
         from license_audit_case where license_audit_id = $1 and state = $2",
        audit.as_uuid(),
        scope.state().code().to_owned(),
        date_text(today),
    )
}

/// Writes down how a licensee stands now.
pub async fn assessed(
    tx: &mut WriteTx,
    case: AuditCaseId,
    found: &Standings,
    ledger_size: i64,
    now: i64,
) -> Result<()> {
    exec!(
        tx,
        "update license_audit_case set standing = $2, cycle_from = $3, cycle_until = $4, required = $5, counted = $6,
         missing = $7, topics = $8, assessed_at = $9, ledger_size = $10 where case_id = $1",
        case.as_uuid(),
        found.standing.code(),
        found.cycle.map(|(from, _)| date_text(from)),
        found.cycle.map(|(_, until)| date_text(until)),
        found.required.hundredths(),
        found.counted.hundredths(),
        found.missing.hundredths(),
        json(&found.topics)?,
        now,
        ledger_size,
    )?;
    Ok(())
}

/// A decision as a case keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided<'a> {
    pub decision: Decision,
    pub reason: &'a str,
    pub by_name: &'a str,
    pub at: i64,
    pub due_on: Option<Date>,
}

/// Writes down a decision; the one before it is in the acts.
pub async fn decide(tx: &mut WriteTx, case: AuditCaseId, decided: &Decided<'_>) -> Result<()> {
    exec!(
        tx,
        "update license_audit_case set decision = $2, reason = $3, decided_by_name = $4, decided_at = $5, due_on = $6,
         resolved_at = null where case_id = $1",
        case.as_uuid(),
        decided.decision.code(),
        decided.reason,
        decided.by_name,
        decided.at,
        decided.due_on.map(date_text),
    )?;
    Ok(())
}

/// Writes down that what was missing is there.
pub async fn resolve(tx: &mut WriteTx, case: AuditCaseId, now: i64) -> Result<()> {
    exec!(tx, "update license_audit_case set resolved_at = $2 where case_id = $1", case.as_uuid(), now)?;
    Ok(())
}
