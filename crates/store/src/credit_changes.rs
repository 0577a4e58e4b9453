//! Whose credit changed, for a licensing board: its licensees and nobody else's.
//!
//! The ledger says it, because every report, withdrawal, decision and move of a credit has a leaf there, numbered
//! when it was committed. A credit that moved changed the records that had it before as well.

use std::collections::HashSet;

use domain::PhysicianId;
use domain::access::LicensingBoardScope;
use uuid::Uuid;

use crate::counters::{self, Counter};
use crate::error::Result;
use crate::tx::ReadTx;

/// Leaves looked at by one statement, and by one question.
const STEP: i64 = 2_000;
const FURTHEST: i64 = 40_000;

/// Licensees whose credit changed, each once, in the order of the first change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changed {
    pub licensees: Vec<PhysicianId>,
    /// The first leaf that was not looked at: where to go on.
    pub next: i64,
    /// Whether there are leaves from there on already.
    pub has_more: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    leaf_index: i64,
    physician_id: Uuid,
}

/// Licensees whose credit changed by leaf `first` or later, at most `most`. It also ends after [`FURTHEST`] leaves,
/// which may concern none of them, then with `has_more`.
pub async fn of_licensees(tx: &mut ReadTx, scope: &LicensingBoardScope, first: i64, most: usize) -> Result<Changed> {
    let end = counters::taken(tx, Counter::LedgerLeaf).await?;
    let mut seen = HashSet::new();
    let mut licensees = Vec::new();
    let mut next = first.clamp(0, end);
    let furthest = end.min(next + FURTHEST);
    while next < furthest {
        let until = furthest.min(next + STEP);
        for row in step(tx, scope, next, until).await? {
            if seen.contains(&row.physician_id) {
                continue;
            }
            if licensees.len() == most {
                return Ok(Changed { licensees, next: row.leaf_index, has_more: true });
            }
            seen.insert(row.physician_id);
            licensees.push(PhysicianId::new(row.physician_id));
        }
        next = until;
    }
    Ok(Changed { licensees, next, has_more: next < end })
}

async fn step(tx: &mut ReadTx, scope: &LicensingBoardScope, first: i64, until: i64) -> Result<Vec<Row>> {
    all!(
        tx,
        Row,
        "select t.leaf_index, t.physician_id from (
             select l.leaf_index, c.physician_id
             from ledger_leaf l join credit k on k.credit_id = l.credit_id
             join completion c on c.completion_id = k.completion_id
             where l.leaf_index >= $1 and l.leaf_index < $2
             union
             select l.leaf_index, c.reported_physician_id
             from ledger_leaf l join credit k on k.credit_id = l.credit_id
             join completion c on c.completion_id = k.completion_id
             where l.leaf_index >= $1 and l.leaf_index < $2
             union
             select l.leaf_index, moved.holder_id
             from ledger_leaf l join ledger_leaf moved on moved.credit_id = l.credit_id and moved.event = 'relink'
             where l.leaf_index >= $1 and l.leaf_index < $2
         ) t
         join physician p on p.physician_id = t.physician_id and p.merged_into is null
         where exists (select 1 from license h where h.physician_id = t.physician_id and h.state = $3)
         order by t.leaf_index, t.physician_id",
        first,
        until,
        scope.state().code(),
    )
}

/// The first leaf of this time or later, in microseconds since 1970; the one to come, if there is none.
///
/// Leaves are numbered when they are committed and bear the time at which their work began, so neighbors may be
/// some moments out of order: whoever asks takes a time a little earlier.
pub async fn first_since(tx: &mut ReadTx, at: i64) -> Result<i64> {
    let (mut low, mut high) = (0, counters::taken(tx, Counter::LedgerLeaf).await?);
    while low < high {
        let middle = low + (high - low) / 2;
        let leaf = maybe!(tx, (i64,), "select at from ledger_leaf where leaf_index = $1", middle)?;
        match leaf {
            Some((happened,)) if happened < at => low = middle + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}
