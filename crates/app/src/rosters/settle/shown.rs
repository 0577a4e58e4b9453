//! A review with both sides: the row that waits, and the physicians whom it may be about.

use domain::access::Actor;
use domain::{Board, MonthDay, PhysicianId, ReviewId, State};
use jiff::civil::Date;
use matching::Evidence;
use store::ReadTx;
use store::physicians::{self, Physician};
use store::reviews::{self, Kept, Pair};

use super::super::entry::{Entry, Own};
use super::entry;
use crate::identity::staff;
use crate::{App, Error, Result, audit};

/// Candidates shown beside a row.
const MOST_CANDIDATES: usize = 10;

/// A roster's row as pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub first: String,
    pub middle: String,
    pub last: String,
    pub suffix: String,
    pub former_last: Vec<String>,
    pub degree: String,
    pub birth: Option<MonthDay>,
    pub npi: Option<String>,
    pub issued: Issued,
    /// A license that a certifying board names beside its own number.
    pub known_by: Option<(State, String)>,
}

/// What the board that sent the roster has given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Issued {
    License { state: State, number: String, status: String, issued_on: Option<Date>, expires_on: Option<Date> },
    Certification { board: Board, diplomate_id: String, status: String },
}

impl From<Entry> for Row {
    fn from(entry: Entry) -> Self {
        Self {
            first: entry.first,
            middle: entry.middle,
            last: entry.last,
            suffix: entry.suffix,
            former_last: entry.former_last,
            degree: entry.degree,
            birth: entry.birth,
            npi: entry.npi,
            issued: match entry.held {
                Own::License { state, number, status, issued_on, expires_on } => {
                    Issued::License { state, number, status, issued_on, expires_on }
                }
                Own::Certification { board, diplomate_id, status } => {
                    Issued::Certification { board, diplomate_id, status }
                }
            },
            known_by: entry.known_by,
        }
    }
}

/// A physician who may be meant, with what the engine weighed.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub physician: Physician,
    /// `None`: not one of the engine's, such as a side of a pair or whom the row went to.
    pub evidence: Option<Evidence>,
}

/// A review with both sides.
#[derive(Debug, Clone)]
pub struct Opened {
    pub kept: Kept,
    /// `None` for a pair.
    pub row: Option<Row>,
    /// Best first. For a pair: its two records.
    pub candidates: Vec<Candidate>,
}

/// Shows a review, waiting or settled, with whom it may be about. Each of them sees that staff looked.
///
/// Errors: `NotFound`; `Forbidden` for anybody but staff.
pub async fn open(app: &App, actor: &Actor, review: ReviewId) -> Result<Opened> {
    let (scope, _) = staff(actor)?;
    let mut tx = app.store.read().await?;
    let kept = reviews::find(&mut tx, &scope, review).await?.ok_or(Error::NotFound)?;
    let (row, named) = if kept.review.source == reviews::PAIR {
        (None, Pair::read(&kept.review)?.both().map(|id| (id, None)).to_vec())
    } else {
        let entry = entry(&kept)?;
        app.registry.refresh_in(&mut tx).await?;
        let explained = app.registry.explain(&entry.query());
        let found = explained.candidates.into_iter().take(MOST_CANDIDATES);
        (Some(Row::from(entry)), found.map(|evidence| (evidence.physician, Some(evidence))).collect())
    };
    let candidates = candidates(&mut tx, &kept, named).await?;
    drop(tx);
    let mut tx = app.store.write().await?;
    for candidate in &candidates {
        audit::record(app, &mut tx, actor, "review.open", review, Some(candidate.physician.id), "").await?;
    }
    tx.commit().await?;
    Ok(Opened { kept, row, candidates })
}

/// The named physicians as they stand, in their order; whom the row went to comes last.
async fn candidates(
    tx: &mut ReadTx,
    kept: &Kept,
    mut named: Vec<(PhysicianId, Option<Evidence>)>,
) -> Result<Vec<Candidate>> {
    let settled = kept.settled.as_ref().and_then(|settled| settled.physician);
    if let Some(settled) = settled.filter(|settled| !named.iter().any(|(id, _)| id == settled)) {
        named.push((settled, None));
    }
    let ids: Vec<PhysicianId> = named.iter().map(|(id, _)| *id).collect();
    let mut physicians = physicians::by_ids(tx, &ids).await?;
    let mut candidates = Vec::with_capacity(named.len());
    for (id, evidence) in named {
        if let Some(place) = physicians.iter().position(|physician| physician.id == id) {
            candidates.push(Candidate { physician: physicians.swap_remove(place), evidence });
        }
    }
    Ok(candidates)
}
