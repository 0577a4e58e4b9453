//! What the accreditor's staff changed of an organization or an account: rows of the audit trail by what they are about.

use domain::access::StaffScope;

use crate::error::Result;
use crate::tx::ReadTx;

/// One act of the staff.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Change {
    pub at: i64,
    /// The person's name; empty if the account is gone.
    pub who: String,
    pub action: String,
    pub detail: String,
}

/// The newest acts about one subject: a provider ID, a state, a board's code, an account's ID.
pub async fn of_subject(tx: &mut ReadTx, _scope: &StaffScope, subject: &str, most: i64) -> Result<Vec<Change>> {
    all!(
        tx,
        Change,
        "select audit.at, coalesce(a.name, '') as who, audit.action, audit.detail
         from audit left join account a on a.account_id = audit.who_id
         where audit.seat_kind = 'accreditor' and audit.subject = $1
         order by audit.at desc, audit.audit_id desc limit $2",
        subject,
        most,
    )
}
