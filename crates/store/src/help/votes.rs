//! Whether a page helped its readers. One answer for each page and voter: the newest counts.

use std::collections::HashMap;

use domain::HelpEntryId;
use domain::access::StaffScope;
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

/// How many said yes, and how many no.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Votes {
    pub yes: i64,
    pub no: i64,
}

/// What a reader wrote.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Said {
    pub is_helpful: bool,
    pub words: String,
    pub at: i64,
}

/// `voter` is a digest.
pub async fn vote(
    tx: &mut WriteTx,
    id: HelpEntryId,
    voter: &str,
    is_helpful: bool,
    words: &str,
    now: i64,
) -> Result<()> {
    exec!(
        tx,
        "insert into help_vote (help_entry_id, voter, is_helpful, words, at) values ($1, $2, $3, $4, $5)
         on conflict (help_entry_id, voter) do update set is_helpful = excluded.is_helpful, words = excluded.words,
         at = excluded.at",
        id.as_uuid(),
        voter,
        is_helpful,
        words,
        now,
    )?;
    Ok(())
}

/// What readers said of every page.
pub async fn all_votes(tx: &mut ReadTx, _scope: &StaffScope) -> Result<HashMap<HelpEntryId, Votes>> {
    let rows = all!(
        tx,
        (Uuid, i64, i64),
        "select help_entry_id, cast(sum(case when is_helpful then 1 else 0 end) as bigint),
                cast(sum(case when is_helpful then 0 else 1 end) as bigint)
         from help_vote group by help_entry_id",
    )?;
    Ok(rows.into_iter().map(|(id, yes, no)| (HelpEntryId::new(id), Votes { yes, no })).collect())
}

/// What was written about a page, the newest first.
pub async fn said(tx: &mut ReadTx, _scope: &StaffScope, id: HelpEntryId, most: i64) -> Result<Vec<Said>> {
    all!(
        tx,
        Said,
        "select is_helpful, words, at from help_vote where help_entry_id = $1 and words <> '' order by at desc limit $2",
        id.as_uuid(),
        most,
    )
}
