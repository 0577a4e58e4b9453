//! What stands beside a physician's record: the account, transcripts that were shared, credit by kind, and claims to
//! the account.

use domain::PhysicianId;
use domain::access::StaffScope;

use crate::error::Result;
use crate::tx::ReadTx;

/// The account that opens the record.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AccountOf {
    pub name: String,
    pub email: String,
    pub since: i64,
}

pub async fn account(tx: &mut ReadTx, _scope: &StaffScope, physician: PhysicianId) -> Result<Option<AccountOf>> {
    maybe!(
        tx,
        AccountOf,
        "select a.name, a.email, s.created_at as since from seat s join account a on a.account_id = s.account_id
         where s.kind = 'physician' and s.organization = $1",
        physician.to_string(),
    )
}

/// A transcript that the physician lets somebody read. What stands in it, and the message, are not staff's.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ShareOf {
    /// `link`, `email` or `board`.
    pub recipient_kind: String,
    pub recipient_name: String,
    pub created_at: i64,
    pub expires_at: i64,
    pub revoked_at: Option<i64>,
    pub openings: i64,
}

/// The newest first.
pub async fn shares(tx: &mut ReadTx, _scope: &StaffScope, physician: PhysicianId, limit: i64) -> Result<Vec<ShareOf>> {
    all!(
        tx,
        ShareOf,
        "select recipient_kind, recipient_name, created_at, expires_at, revoked_at, openings from share
         where physician_id = $1 order by created_at desc, share_id desc limit $2",
        physician.as_uuid(),
        limit,
    )
}

/// Live credit of one kind and status; amounts in hundredths.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CreditOf {
    /// CME, REMS or a certifying board's code.
    pub kind: String,
    pub status: String,
    pub is_derived: i64,
    pub credits: i64,
    pub amount: i64,
}

/// CME first.
pub async fn credits(tx: &mut ReadTx, _scope: &StaffScope, physician: PhysicianId) -> Result<Vec<CreditOf>> {
    all!(
        tx,
        CreditOf,
        "select c.kind, c.status, case when c.derived_from is null then cast(0 as bigint) else 1 end as is_derived,
                count(*) as credits, cast(coalesce(sum(c.amount), 0) as bigint) as amount
         from completion o join credit c on c.completion_id = o.completion_id
         where o.physician_id = $1 and c.withdrawn_at is null
         group by c.kind, c.status, case when c.derived_from is null then cast(0 as bigint) else 1 end
         order by case when c.kind = 'CME' then 0 else 1 end, c.kind, 3, c.status",
        physician.as_uuid(),
    )
}

/// A try to claim the account with this record.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ClaimOf {
    pub claim_id: uuid::Uuid,
    pub outcome: String,
    pub created_at: i64,
    pub accepted_at: Option<i64>,
    pub review_asked_at: Option<i64>,
}

/// The newest first.
pub async fn claims(tx: &mut ReadTx, _scope: &StaffScope, physician: PhysicianId, limit: i64) -> Result<Vec<ClaimOf>> {
    all!(
        tx,
        ClaimOf,
        "select claim_id, outcome, created_at, accepted_at, review_asked_at from account_claim
         where physician_id = $1 order by created_at desc, claim_id desc limit $2",
        physician.as_uuid(),
        limit,
    )
}
