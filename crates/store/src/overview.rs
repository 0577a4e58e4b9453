//! How much there is of everything, for the accreditor's first page.
//!
//! Counting stops at [`MOST_COUNTED`]: exact numbers of millions would cost seconds and tell nobody
//! more.

use domain::ProviderId;
use domain::access::StaffScope;

use crate::error::Result;
use crate::tx::ReadTx;
use crate::values::{at, parsed};

pub const MOST_COUNTED: i64 = 1_000_000;

/// Each number is at most [`MOST_COUNTED`], except those of `rows`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Overview {
    pub providers: i64,
    pub activities: i64,
    pub completions: i64,
    pub pending_moc: i64,
    pub uploads: i64,
    pub rows_accepted: i64,
    pub rows_refused: i64,
}

pub async fn count(tx: &mut ReadTx, _scope: &StaffScope) -> Result<Overview> {
    one!(
        tx,
        Overview,
        "select (select count(*) from provider) as providers,
                (select count(*) from (select 1 as one from activity limit $1) as a) as activities,
                (select count(*) from (select 1 as one from completion where withdrawn_at is null limit $1) as c)
                    as completions,
                (select count(*) from (select 1 as one from certifying_board b
                    join credit k on k.kind <> 'CME' and k.kind = b.board
                         and k.status = 'pending' and k.withdrawn_at is null limit $1) as m) as pending_moc,
                (select count(*) from upload) as uploads,
                (select cast(coalesce(sum(accepted), 0) as bigint) from upload) as rows_accepted,
                (select cast(coalesce(sum(refused), 0) as bigint) from upload) as rows_refused",
        MOST_COUNTED,
    )
}

/// What a provider sent so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub provider: ProviderId,
    pub uploads: i64,
    pub accepted: i64,
    pub refused: i64,
    /// When the newest upload came in.
    pub latest_at: i64,
}

#[derive(sqlx::FromRow)]
struct SentRow {
    provider_id: String,
    uploads: i64,
    accepted: i64,
    refused: i64,
    latest_at: i64,
}

/// Providers that sent anything.
pub async fn sent(tx: &mut ReadTx, _scope: &StaffScope) -> Result<Vec<Sent>> {
    let rows = all!(
        tx,
        SentRow,
        "select provider_id, count(*) as uploads, cast(coalesce(sum(accepted), 0) as bigint) as accepted,
                cast(coalesce(sum(refused), 0) as bigint) as refused, max(received_at) as latest_at
         from upload group by provider_id",
    )?;
    rows.into_iter()
        .map(|row| {
            Ok(Sent {
                provider: parsed(&row.provider_id, at("upload", "provider_id", &row.provider_id))?,
                uploads: row.uploads,
                accepted: row.accepted,
                refused: row.refused,
                latest_at: row.latest_at,
            })
        })
        .collect()
}
