//! What could not be merged safely and waits for a person of the accreditor's staff: rows of rosters,
//! and pairs of records that may be one person.
//!
//! The same row of the same kind of roster is kept once, waiting or settled, so importing a file again
//! adds nothing.

use std::collections::{HashMap, HashSet};

use domain::access::StaffScope;
use domain::{PhysicianId, ReviewId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, from_json, json, word};

/// The source of a review that suggests a merge; its row is a [`Pair`].
pub const PAIR: &str = "pair";

/// What waits or waited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    pub id: ReviewId,
    /// The kind of roster: `licenses` or `certifications`; or [`PAIR`].
    pub source: String,
    /// In the roster's file; 0 for a pair.
    pub row_number: i64,
    /// The row as it came, as JSON.
    pub row: String,
    /// What the engine said: an outcome and reason codes separated by spaces.
    pub outcome: String,
    pub reasons: String,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
}

/// Two records that may be one person, as a review's row names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    a: PhysicianId,
    b: PhysicianId,
}

impl Pair {
    /// In one order, whichever is named first, so that a pair is kept once.
    pub fn new(one: PhysicianId, other: PhysicianId) -> Self {
        Self { a: one.min(other), b: one.max(other) }
    }

    pub fn both(self) -> [PhysicianId; 2] {
        [self.a, self.b]
    }

    /// The review's row.
    pub fn row(self) -> Result<String> {
        json(&self)
    }

    pub fn read(review: &Review) -> Result<Self> {
        from_json(&review.row, at("registry_review", "row", &review.id))
    }
}

/// How a review ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Settlement {
    /// Staff attached the row to a physician of the registry.
    Attached,
    /// Staff made a new physician of it.
    New,
    /// The two records of a pair were merged.
    Merged,
    /// Staff took it off the list; nothing was changed.
    Dismissed,
    /// A later import could settle it.
    Import,
}

impl Settlement {
    pub const ALL: &[Settlement] = &[Self::Attached, Self::New, Self::Merged, Self::Dismissed, Self::Import];

    pub fn code(self) -> &'static str {
        match self {
            Self::Attached => "attached",
            Self::New => "new",
            Self::Merged => "merged",
            Self::Dismissed => "dismissed",
            Self::Import => "import",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|settlement| settlement.code() == code)
    }
}

/// The end of a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    pub id: ReviewId,
    pub settlement: Settlement,
    /// Whose record the row went to.
    pub physician: Option<PhysicianId>,
    /// As people read it: a name, or which import.
    pub by: String,
    /// Microseconds since 1970, UTC.
    pub at: i64,
}

/// A review with its end, if it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub review: Review,
    pub settled: Option<Settled>,
    /// Why it ended so, where somebody said it.
    pub reason: String,
    /// What settling it added and the record before (JSON); see [`keep_change`].
    pub change: Option<String>,
}

/// Which reviews; empty text means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub source: String,
    pub outcome: String,
}

/// How many reviews of one source and outcome wait.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    pub source: String,
    pub outcome: String,
    pub count: i64,
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

impl From<ReviewRow> for Review {
    fn from(row: ReviewRow) -> Self {
        Self {
            id: ReviewId::new(row.review_id),
            source: row.source,
            row_number: row.row_number,
            row: row.row,
            outcome: row.outcome,
            reasons: row.reasons,
            created_at: row.created_at,
        }
    }
}

#[derive(sqlx::FromRow)]
struct KeptRow {
    #[sqlx(flatten)]
    review: ReviewRow,
    settled_at: Option<i64>,
    settlement: Option<String>,
    settled_physician: Option<Uuid>,
    settled_by: Option<String>,
    settled_reason: Option<String>,
    settled_change: Option<String>,
}

impl TryFrom<KeptRow> for Kept {
    type Error = crate::Error;

    fn try_from(row: KeptRow) -> Result<Self> {
        let review = Review::from(row.review);
        let settled = match (row.settled_at, row.settlement) {
            (Some(at_time), Some(code)) => Some(Settled {
                id: review.id,
                settlement: word(Settlement::read(&code), at("registry_review", "settlement", &review.id))?,
                physician: row.settled_physician.map(PhysicianId::new),
                by: row.settled_by.unwrap_or_default(),
                at: at_time,
            }),
            _ => None,
        };
        Ok(Self { review, settled, reason: row.settled_reason.unwrap_or_default(), change: row.settled_change })
    }
}

/// Adds rows of one source that are not there yet, and tells how many those were.
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

/// The reviews of these rows that still wait, by row.
pub async fn waiting_rows(tx: &mut ReadTx, source: &str, rows: &[String]) -> Result<HashMap<String, ReviewId>> {
    let found: Vec<(String, Uuid)> = among!(
        tx,
        (String, Uuid),
        "select row, review_id from registry_review where settled_at is null and source = ",
        source,
        in " and row in (",
        rows,
        ")"
    );
    Ok(found.into_iter().map(|(row, id)| (row, ReviewId::new(id))).collect())
}

/// Waiting rows of one source in the order of their ids, after one of them or from the first: for work
/// that looks at all of them again.
pub async fn waiting_after(tx: &mut ReadTx, source: &str, after: Option<ReviewId>, most: i64) -> Result<Vec<Review>> {
    let rows = all!(
        tx,
        ReviewRow,
        "select review_id, source, row_number, row, outcome, reasons, created_at from registry_review
         where settled_at is null and source = $1 and review_id > $2 order by review_id limit $3",
        source,
        after.map_or(Uuid::nil(), ReviewId::as_uuid),
        most,
    )?;
    Ok(rows.into_iter().map(Review::from).collect())
}

/// The rows of one source that staff took off the list, however they read.
pub async fn dismissed_rows(tx: &mut ReadTx, source: &str) -> Result<HashSet<String>> {
    let rows = all!(
        tx,
        (String,),
        "select row from registry_review where settled_at is not null and settlement = 'dismissed' and source = $1",
        source,
    )?;
    Ok(rows.into_iter().map(|(row,)| row).collect())
}

/// Ends reviews that still wait, and tells how many those were.
pub async fn settle(tx: &mut WriteTx, done: &[Settled]) -> Result<u64> {
    let mut settled = 0;
    for end in done {
        settled += exec!(
            tx,
            "update registry_review set settled_at = $2, settlement = $3, settled_physician = $4, settled_by = $5
             where review_id = $1 and settled_at is null",
            end.id.as_uuid(),
            end.at,
            end.settlement.code(),
            end.physician.map(PhysicianId::as_uuid),
            end.by.as_str(),
        )?;
    }
    Ok(settled)
}

/// Notes beside a settled review why it ended so, and what taking it back needs (JSON).
pub async fn keep_change(tx: &mut WriteTx, id: ReviewId, reason: &str, change: Option<&str>) -> Result<()> {
    exec!(
        tx,
        "update registry_review set settled_reason = $2, settled_change = $3 where review_id = $1",
        id.as_uuid(),
        reason,
        change,
    )?;
    Ok(())
}

/// Puts a settled review back on the list. `false`: it waits already, or there is none.
pub async fn reopen(tx: &mut WriteTx, id: ReviewId) -> Result<bool> {
    let changed = exec!(
        tx,
        "update registry_review set settled_at = null, settlement = null, settled_physician = null,
         settled_by = null, settled_reason = null, settled_change = null
         where review_id = $1 and settled_at is not null",
        id.as_uuid(),
    )?;
    Ok(changed == 1)
}

/// One review, waiting or settled.
pub async fn find(tx: &mut ReadTx, _scope: &StaffScope, id: ReviewId) -> Result<Option<Kept>> {
    let row = maybe!(
        tx,
        KeptRow,
        "select review_id, source, row_number, row, outcome, reasons, created_at, settled_at, settlement,
         settled_physician, settled_by, settled_reason, settled_change from registry_review where review_id = $1",
        id.as_uuid(),
    )?;
    row.map(Kept::try_from).transpose()
}

/// How many reviews wait.
pub async fn count(tx: &mut ReadTx, _scope: &StaffScope, filter: &Filter) -> Result<i64> {
    let (count,): (i64,) = one!(
        tx,
        (i64,),
        "select count(*) from registry_review
         where settled_at is null and ($1 = '' or source = $1) and ($2 = '' or outcome = $2)",
        filter.source.as_str(),
        filter.outcome.as_str(),
    )?;
    Ok(count)
}

/// What waits, counted by source and outcome.
pub async fn counts(tx: &mut ReadTx, _scope: &StaffScope) -> Result<Vec<Waiting>> {
    all!(
        tx,
        Waiting,
        "select source, outcome, count(*) as count from registry_review where settled_at is null
         group by source, outcome order by source, outcome",
    )
}

/// Reviews that wait, the oldest first.
pub async fn list(
    tx: &mut ReadTx,
    _scope: &StaffScope,
    filter: &Filter,
    limit: i64,
    offset: i64,
) -> Result<Vec<Review>> {
    let rows = all!(
        tx,
        ReviewRow,
        "select review_id, source, row_number, row, outcome, reasons, created_at from registry_review
         where settled_at is null and ($1 = '' or source = $1) and ($2 = '' or outcome = $2)
         order by created_at, review_id limit $3 offset $4",
        filter.source.as_str(),
        filter.outcome.as_str(),
        limit,
        offset,
    )?;
    Ok(rows.into_iter().map(Review::from).collect())
}

/// Reviews that are settled, the latest first.
pub async fn list_settled(
    tx: &mut ReadTx,
    _scope: &StaffScope,
    filter: &Filter,
    limit: i64,
    offset: i64,
) -> Result<Vec<Kept>> {
    let rows = all!(
        tx,
        KeptRow,
        "select review_id, source, row_number, row, outcome, reasons, created_at, settled_at, settlement,
         settled_physician, settled_by, settled_reason, settled_change from registry_review
         where settled_at is not null and ($1 = '' or source = $1) and ($2 = '' or outcome = $2)
         order by settled_at desc, review_id limit $3 offset $4",
        filter.source.as_str(),
        filter.outcome.as_str(),
        limit,
        offset,
    )?;
    rows.into_iter().map(Kept::try_from).collect()
}
