//! What was done about a licensee of a sample, in order. Rows are only ever added.

use domain::access::{LicensingBoardScope, PhysicianScope};
use domain::license_audit::ActKind;
use domain::{AccountId, AuditCaseId, LicenseAuditId};
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, word};

/// One act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Within the case, from 1.
    pub number: i64,
    pub kind: ActKind,
    pub at: i64,
    /// `None`: the system itself.
    pub by: Option<AccountId>,
    pub by_name: String,
    /// One line for people.
    pub summary: String,
    /// A letter's subject and text; empty of other acts.
    pub subject: String,
    pub body: String,
    /// How a letter went: `mail` or `print`; empty of other acts.
    pub sent_by: String,
}

#[derive(sqlx::FromRow)]
struct ActRow {
    case_id: Uuid,
    number: i64,
    kind: String,
    at: i64,
    by_id: Option<Uuid>,
    by_name: String,
    summary: String,
    subject: String,
    body: String,
    sent_by: String,
}

impl ActRow {
    fn act(self) -> Result<(AuditCaseId, Act)> {
        let id = AuditCaseId::new(self.case_id);
        let act = Act {
            kind: word(ActKind::read(&self.kind), at("license_audit_act", "kind", &id))?,
            number: self.number,
            at: self.at,
            by: self.by_id.map(AccountId::new),
            by_name: self.by_name,
            summary: self.summary,
            subject: self.subject,
            body: self.body,
            sent_by: self.sent_by,
        };
        Ok((id, act))
    }
}

/// Takes the next number of a case of the board, for somebody who saw `seen` acts. `None`: there is another one
/// since, or no such case, or its audit has ended.
pub async fn take_number(
    tx: &mut WriteTx,
    scope: &LicensingBoardScope,
    case: AuditCaseId,
    seen: i64,
) -> Result<Option<i64>> {
    let taken = exec!(
        tx,
        "update license_audit_case set acts = acts + 1 where case_id = $1 and state = $2 and acts = $3
         and exists (select 1 from license_audit a where a.license_audit_id = license_audit_case.license_audit_id
                     and a.closed_at is null)",
        case.as_uuid(),
        scope.state().code().to_owned(),
        seen,
    )?;
    Ok((taken == 1).then_some(seen + 1))
}

/// Adds an act under a number that was taken.
pub async fn insert(tx: &mut WriteTx, case: AuditCaseId, act: &Act) -> Result<()> {
    exec!(
        tx,
        "insert into license_audit_act (case_id, number, kind, at, by_id, by_name, summary, subject, body, sent_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        case.as_uuid(),
        act.number,
        act.kind.code(),
        act.at,
        act.by.map(AccountId::as_uuid),
        &act.by_name,
        &act.summary,
        &act.subject,
        &act.body,
        &act.sent_by,
    )?;
    Ok(())
}

/// The acts of a case of the board, in order.
pub async fn of_case(tx: &mut ReadTx, scope: &LicensingBoardScope, case: AuditCaseId) -> Result<Vec<Act>> {
    let rows = all!(
        tx,
        ActRow,
        "select t.case_id, t.number, t.kind, t.at, t.by_id, t.by_name, t.summary, t.subject, t.body, t.sent_by
         from license_audit_case c join license_audit_act t on t.case_id = c.case_id
         where c.case_id = $1 and c.state = $2 order by t.number",
        case.as_uuid(),
        scope.state().code().to_owned(),
    )?;
    rows.into_iter().map(|row| row.act().map(|(_, act)| act)).collect()
}

/// The letters of the physician's own cases, by case and in order.
pub async fn letters_of_physician(tx: &mut ReadTx, scope: &PhysicianScope) -> Result<Vec<(AuditCaseId, Act)>> {
    let rows = all!(
        tx,
        ActRow,
        "select t.case_id, t.number, t.kind, t.at, t.by_id, t.by_name, t.summary, t.subject, t.body, t.sent_by
         from license_audit_case c join license_audit_act t on t.case_id = c.case_id
         where c.physician_id = $1 and t.kind in ('letter', 'reminder') order by t.case_id, t.number",
        scope.physician().as_uuid(),
    )?;
    rows.into_iter().map(ActRow::act).collect()
}

/// How many acts of each kind an audit of the board has.
pub async fn count(tx: &mut ReadTx, scope: &LicensingBoardScope, audit: LicenseAuditId) -> Result<Vec<(ActKind, i64)>> {
    let rows = all!(
        tx,
        (String, i64),
        "select t.kind, count(*) from license_audit_case c join license_audit_act t on t.case_id = c.case_id
         where c.license_audit_id = $1 and c.state = $2 group by t.kind",
        audit.as_uuid(),
        scope.state().code().to_owned(),
    )?;
    let read = |(kind, count): (String, i64)| {
        Ok((word(ActKind::read(&kind), at("license_audit_act", "kind", &audit))?, count))
    };
    rows.into_iter().map(read).collect()
}
