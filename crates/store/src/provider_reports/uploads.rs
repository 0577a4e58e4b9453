//! Rows of uploads that were received in a stretch of time, and why rows stand refused.

use domain::Code;
use domain::access::ProviderScope;

use crate::error::Result;
use crate::tx::ReadTx;
use crate::values::{at, word};

/// What became of rows. Corrected rows count as what they became.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, sqlx::FromRow)]
pub struct Rows {
    pub uploads: i64,
    pub accepted: i64,
    pub refused: i64,
    pub already_reported: i64,
    pub deleted: i64,
}

/// Sums of uploads received from the first to before the second time, in microseconds.
pub async fn rows(tx: &mut ReadTx, scope: &ProviderScope, from: i64, before: i64) -> Result<Rows> {
    one!(
        tx,
        Rows,
        "select count(*) as uploads, cast(coalesce(sum(accepted), 0) as bigint) as accepted,
             cast(coalesce(sum(refused), 0) as bigint) as refused,
             cast(coalesce(sum(already_reported), 0) as bigint) as already_reported,
             cast(coalesce(sum(deleted), 0) as bigint) as deleted
         from upload where provider_id = $1 and received_at >= $2 and received_at < $3",
        scope.provider().as_str(),
        from,
        before,
    )
}

/// How many rows that stand refused have which problem, most frequent first. A row with several
/// problems counts for each.
pub async fn problems(tx: &mut ReadTx, scope: &ProviderScope, from: i64, before: i64) -> Result<Vec<(Code, i64)>> {
    let rows = all!(
        tx,
        (String, i64),
        "select p.code, count(*) from upload u join upload_row_problem p on p.upload_id = u.upload_id
         where u.provider_id = $1 and u.received_at >= $2 and u.received_at < $3
         group by p.code order by count(*) desc, p.code",
        scope.provider().as_str(),
        from,
        before,
    )?;
    let one =
        |(code, count): (String, i64)| Ok((word(code.parse().ok(), at("upload_row_problem", "code", &code))?, count));
    rows.into_iter().map(one).collect()
}
