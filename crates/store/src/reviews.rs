//! Rows of rosters that could not be merged safely and wait for a person of the accreditor's staff.
//!
//! The same row of the same kind of roster is kept once, so importing a file again adds nothing.

use std::collections::HashSet;

use domain::ReviewId;
use domain::access::StaffScope;
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};

/// A row that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    pub id: ReviewId,
    /// The kind of roster: `licenses` or `certifications`.
    pub source: String,
    pub row_number: i64,
    /// The row as it came, as JSON.
    pub row: String,
    /// What the engine said: an outcome and reason codes separated by spaces.
    pub outcome: String,
    pub reasons: String,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
}

#[derive(sqlx::FromRow)]
struct ReviewRow {
    review_id: Uuid,
    source: String,
    row_number: i64,
    row: String,
    outcome: String,
    reasons: String,
    created_at: i64,
}

/// Adds rows of one kind of roster that are not there yet, and tells how many those were.
pub async fn insert(tx: &mut WriteTx, source: &str, reviews: &[Review]) -> Result<u64> {
    let texts: Vec<String> = reviews.iter().map(|review| review.row.clone()).collect();
    let mut known = known_rows(tx, source, &texts).await?;
    let new: Vec<&Review> = reviews.iter().filter(|review| known.insert(review.row.clone())).collect();
    bulk!(
        tx,
        "insert into registry_review (review_id, source, row_number, row, outcome, reasons, created_at) ",
        new,
        |review| review.id.as_uuid(),
        source.to_owned(),
        review.row_number,
        review.row.as_str(),
        review.outcome.as_str(),
        review.reasons.as_str(),
        review.created_at,
    );
    Ok(new.len() as u64)
}

/// Which of these rows are on the list, waiting or settled.
pub async fn known_rows(tx: &mut ReadTx, source: &str, rows: &[String]) -> Result<HashSet<String>> {
    let found: Vec<(String,)> = among!(
        tx,
        (String,),
        "select row from registry_review where source = ",
        source,
        in " and row in (",
        rows,
        ")"
    );
    Ok(found.into_iter().map(|(row,)| row).collect())
}

/// How many rows wait.
pub async fn count(tx: &mut ReadTx, _scope: &StaffScope) -> Result<i64> {
    let (count,): (i64,) = one!(tx, (i64,), "select count(*) from registry_review where settled_at is null")?;
    Ok(count)
}

/// Rows that wait, the oldest first.
pub async fn list(tx: &mut ReadTx, _scope: &StaffScope, limit: i64, offset: i64) -> Result<Vec<Review>> {
    let rows = all!(
        tx,
        ReviewRow,
        "select review_id, source, row_number, row, outcome, reasons, created_at from registry_review
         where settled_at is null order by created_at, review_id limit $1 offset $2",
        limit,
        offset,
    )?;
    Ok(rows
        .into_iter()
        .map(|row| Review {
            id: ReviewId::new(row.review_id),
            source: row.source,
            row_number: row.row_number,
            row: row.row,
            outcome: row.outcome,
            reasons: row.reasons,
            created_at: row.created_at,
        })
        .collect())
}
