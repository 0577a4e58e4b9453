//! Credit that was completed in a period, from the tally that `credit_tally` keeps.

use domain::Amount;
use domain::access::ProviderScope;
use domain::credit::{CreditStatus, Kind};
use jiff::civil::Date;
use sqlx::AssertSqlSafe;

use super::{CLASS, Class, ClassRow, Period, month};
use crate::error::Result;
use crate::tx::ReadTx;
use crate::values::{at, date_text, word};

/// Live credits of one kind and status, of activities of one class, completed in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditCell {
    pub class: Class,
    /// Its first day.
    pub month: Date,
    pub kind: Kind,
    pub status: CreditStatus,
    pub credits: i64,
    pub amount: Amount,
}

#[derive(sqlx::FromRow)]
struct CellRow {
    #[sqlx(flatten)]
    class: ClassRow,
    month: String,
    kind: String,
    status: String,
    credits: i64,
    amount: i64,
}

/// Live credit of the period.
pub async fn credits(tx: &mut ReadTx, scope: &ProviderScope, period: Period) -> Result<Vec<CreditCell>> {
    let rows = all!(
        tx,
        CellRow,
        AssertSqlSafe(format!(
            "select {CLASS}, substr(t.completed_on, 1, 7) as month, t.kind, t.status,
                 cast(sum(t.credits) as bigint) as credits, cast(sum(t.amount) as bigint) as amount
             from credit_tally t join activity a on a.activity_id = t.activity_id
             where t.provider_id = $1 and t.completed_on between $2 and $3 and t.credits > 0
             group by {CLASS}, substr(t.completed_on, 1, 7), t.kind, t.status"
        )),
        scope.provider().as_str(),
        date_text(period.from),
        date_text(period.until),
    )?;
    let cell = |row: CellRow| {
        let provider = scope.provider();
        Ok(CreditCell {
            class: row.class.class(provider)?,
            month: month(&row.month, "credit_tally", provider)?,
            kind: word(Kind::read(&row.kind), at("credit_tally", "kind", &provider))?,
            status: word(CreditStatus::read(&row.status), at("credit_tally", "status", &provider))?,
            credits: row.credits,
            amount: Amount::new(row.amount),
        })
    };
    rows.into_iter().map(cell).collect()
}
