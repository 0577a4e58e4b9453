//! What happened with a physician's record, for the physician: rows of the audit trail that name it, and the credit
//! that was reported and withdrawn. Records that were merged into it are part of it.

use domain::access::{PhysicianScope, ProviderScope};
use domain::{CompletionId, PhysicianId};
use uuid::Uuid;

use crate::error::Result;
use crate::identity_changes::records::merged_here;
use crate::tx::ReadTx;

/// A stretch of time in microseconds: from `from`, before `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    pub from: i64,
    pub until: i64,
}

/// Somebody's act.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Act {
    pub at: i64,
    /// As [`domain::access::Seat::kind`]; empty if nobody was signed in.
    pub seat_kind: String,
    /// The organization's name, or its key where it has none.
    pub organization: String,
    /// What a program is called by its owner; empty for people.
    pub program: String,
    pub action: String,
    pub subject: String,
    pub detail: String,
}

/// Credit of one activity that was reported, and perhaps withdrawn since.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Report {
    pub provider: String,
    pub title: String,
    /// `YYYY-MM-DD`.
    pub completed_on: String,
    pub reported_at: i64,
    pub withdrawn_at: Option<i64>,
    /// The day on which the provider said that it holds the learner's permission.
    pub permission_on: String,
    pub upload_id: Uuid,
    /// How it came: `file`, `form` or `service`.
    pub source: String,
}

/// The newest acts of the stretch, each record at most so many.
pub async fn acts(tx: &mut ReadTx, scope: &PhysicianScope, stretch: Stretch, most: i64) -> Result<Vec<Act>> {
    let mut acts = Vec::new();
    for record in records(tx, scope).await? {
        let rows = all!(
            tx,
            Act,
            "select audit.at, audit.seat_kind, coalesce(p.name, l.name, c.name, audit.organization) as organization,
                    coalesce(a.name, '') as program, audit.action, audit.subject, audit.detail
             from audit
             left join provider p on audit.seat_kind = 'provider' and p.provider_id = audit.organization
             left join licensing_board l on audit.seat_kind = 'licensing_board' and l.state = audit.organization
             left join certifying_board c on audit.seat_kind = 'certifying_board' and c.board = audit.organization
             left join api_client a on audit.who_kind = 'api_client' and a.api_client_id = audit.who_id
             where audit.physician_id = $1 and audit.at >= $2 and audit.at < $3
             order by audit.at desc, audit.audit_id desc limit $4",
            record,
            stretch.from,
            stretch.until,
            most,
        )?;
        acts.extend(rows);
    }
    Ok(acts)
}

/// Credit that was reported or withdrawn within the stretch, each record at most so many, the newest first.
pub async fn reports(tx: &mut ReadTx, scope: &PhysicianScope, stretch: Stretch, most: i64) -> Result<Vec<Report>> {
    let mut reports = Vec::new();
    for record in records(tx, scope).await? {
        let rows = all!(
            tx,
            Report,
            "select p.name as provider, a.title, c.completed_on, c.reported_at, c.withdrawn_at, u.permission_on,
                    c.upload_id, u.source
             from completion c
             join activity a on a.activity_id = c.activity_id
             join provider p on p.provider_id = c.provider_id
             join upload u on u.upload_id = c.upload_id
             where c.physician_id = $1
               and ((c.reported_at >= $2 and c.reported_at < $3) or (c.withdrawn_at >= $2 and c.withdrawn_at < $3))
             order by c.reported_at desc, c.completion_id desc limit $4",
            record,
            stretch.from,
            stretch.until,
            most,
        )?;
        reports.extend(rows);
    }
    Ok(reports)
}

async fn records(tx: &mut ReadTx, scope: &PhysicianScope) -> Result<Vec<Uuid>> {
    let mut all = vec![scope.physician()];
    all.extend(merged_here(tx, scope.physician()).await?);
    Ok(all.into_iter().map(PhysicianId::as_uuid).collect())
}

/// Whose record a completion of the provider stands in. `None`: no such completion, or a learner who is no physician.
pub async fn of_completion(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    completion: CompletionId,
) -> Result<Option<PhysicianId>> {
    let row = maybe!(
        tx,
        (Option<Uuid>,),
        "select physician_id from completion where completion_id = $1 and provider_id = $2",
        completion.as_uuid(),
        scope.provider().as_str(),
    )?;
    Ok(row.and_then(|(id,)| id).map(PhysicianId::new))
}

/// A provider's word that it holds the physician's permission, given with something that it submitted.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Permission {
    pub provider: String,
    /// `YYYY-MM-DD`.
    pub permission_on: String,
    pub received_at: i64,
    /// `file`, `form` or `service`.
    pub source: String,
    /// Live completions of the physician that came with it.
    pub completions: i64,
}

/// The statements behind the physician's live credit, the newest first.
pub async fn permissions(tx: &mut ReadTx, scope: &PhysicianScope, most: i64) -> Result<Vec<Permission>> {
    all!(
        tx,
        Permission,
        "select p.name as provider, u.permission_on, u.received_at, u.source, count(*) as completions
         from completion c
         join upload u on u.upload_id = c.upload_id
         join provider p on p.provider_id = c.provider_id
         where c.physician_id = $1 and c.withdrawn_at is null
         group by p.name, u.upload_id, u.permission_on, u.received_at, u.source
         order by u.received_at desc, u.upload_id desc limit $2",
        scope.physician().as_uuid(),
        most,
    )
}
