//! Which generation of its sandbox a provider works in. The real database knows only that: what a sandbox holds
//! is a database of its own, of which its page asks what came in and what became of it.

use domain::access::ProviderScope;
use domain::credit::CreditStatus;
use domain::upload::{Counts, UploadStatus};

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, word};

/// A sandbox as the real database knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sandbox {
    /// How often it was begun anew.
    pub generation: i64,
    pub reset_at: Option<i64>,
}

/// The provider's sandbox; one that was never reset is in its generation 0.
pub async fn find(tx: &mut ReadTx, scope: &ProviderScope) -> Result<Sandbox> {
    let row = maybe!(
        tx,
        (i64, i64),
        "select generation, reset_at from sandbox where provider_id = $1",
        scope.provider().as_str(),
    )?;
    Ok(row.map_or_else(Sandbox::default, |(generation, at)| Sandbox { generation, reset_at: Some(at) }))
}

/// Begins the provider's sandbox anew and returns its generation.
pub async fn begin_anew(tx: &mut WriteTx, scope: &ProviderScope, now: i64) -> Result<i64> {
    let (generation,): (i64,) = one!(
        tx,
        (i64,),
        "insert into sandbox (provider_id, generation, reset_at) values ($1, 1, $2)
         on conflict (provider_id) do update set generation = sandbox.generation + 1, reset_at = excluded.reset_at
         returning generation",
        scope.provider().as_str(),
        now,
    )?;
    Ok(generation)
}

/// Something that was sent to a sandbox: a file, or a request with learners. Of the sandbox's own database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    pub name: String,
    pub at: i64,
    pub status: UploadStatus,
    pub counts: Counts,
}

#[derive(sqlx::FromRow)]
struct ReceivedRow {
    file_name: String,
    received_at: i64,
    status: String,
    rows: i64,
    accepted: i64,
    refused: i64,
    already_reported: i64,
    deleted: i64,
}

/// What was received, newest first. Of the sandbox's own database.
pub async fn received(tx: &mut ReadTx, scope: &ProviderScope, most: i64) -> Result<Vec<Received>> {
    let rows = all!(
        tx,
        ReceivedRow,
        "select file_name, received_at, status, rows, accepted, refused, already_reported, deleted
         from upload where provider_id = $1 order by received_at desc, upload_id desc limit $2",
        scope.provider().as_str(),
        most,
    )?;
    rows.into_iter()
        .map(|row| {
            Ok(Received {
                status: word(UploadStatus::read(&row.status), at("upload", "status", &row.file_name))?,
                name: row.file_name,
                at: row.received_at,
                counts: Counts {
                    rows: row.rows,
                    accepted: row.accepted,
                    refused: row.refused,
                    already_reported: row.already_reported,
                    deleted: row.deleted,
                },
            })
        })
        .collect()
}

/// Live credit of one kind in one status, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// `CME`, `REMS` or a board's code.
    pub kind: String,
    pub status: CreditStatus,
    /// Why a board rejected it; empty otherwise.
    pub reason: String,
    pub credits: i64,
}

/// The credit on record by kind and what became of it. Of the sandbox's own database.
pub async fn standing(tx: &mut ReadTx, scope: &ProviderScope) -> Result<Vec<Standing>> {
    let rows = all!(
        tx,
        (String, String, String, i64),
        "select k.kind, k.status, k.reason, cast(count(*) as bigint)
         from completion c join credit k on k.completion_id = c.completion_id
         where c.provider_id = $1 and k.withdrawn_at is null
         group by k.kind, k.status, k.reason order by k.kind, k.status, k.reason",
        scope.provider().as_str(),
    )?;
    rows.into_iter()
        .map(|(kind, status, reason, credits)| {
            let status = word(CreditStatus::read(&status), at("credit", "status", &kind))?;
            Ok(Standing { kind, status, reason, credits })
        })
        .collect()
}
