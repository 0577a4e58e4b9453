//! What `credence verify` reads: each leaf beside the rows it speaks of, as they stand, and counts.
//!
//! Nothing here is shared with the functions that write or show credit, so that a fault there does
//! not hide itself.

use uuid::Uuid;

use crate::error::Result;
use crate::tx::ReadTx;

/// A leaf with the raw values of its credit, completion and person; absent where a row is missing.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Evidence {
    pub leaf_index: i64,
    pub leaf_hash: Vec<u8>,
    pub event: String,
    pub credit_id: Uuid,
    pub at: i64,
    pub leaf_status: Option<String>,
    pub leaf_reason: Option<String>,
    /// To whose record the leaf moved the credit, and that person's key.
    pub holder_id: Option<Uuid>,
    pub holder_key: Option<Vec<u8>>,
    pub completion_id: Option<Uuid>,
    pub kind: Option<String>,
    pub amount: Option<i64>,
    pub types: Option<String>,
    pub diplomate_id: Option<String>,
    pub status: Option<String>,
    pub reason: Option<String>,
    pub derived_from: Option<Uuid>,
    pub reported_at: Option<i64>,
    pub credit_leaf: Option<i64>,
    pub withdrawn_leaf: Option<i64>,
    pub withdrawn_at: Option<i64>,
    pub activity_id: Option<String>,
    pub provider_id: Option<String>,
    /// Who holds it today, and whom it was reported for.
    pub physician_id: Option<Uuid>,
    pub reported_physician_id: Option<Uuid>,
    pub completed_on: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub birth: Option<String>,
    pub state: Option<String>,
    pub learner_identifier: Option<String>,
    pub rems: Option<String>,
    pub submission_id: Option<String>,
    pub upload_id: Option<Uuid>,
    pub row_number: Option<i64>,
    pub completion_reported_at: Option<i64>,
    pub person_key: Option<Vec<u8>>,
    /// Of whom it was reported for.
    pub ledger_key: Option<Vec<u8>>,
}

/// Leaves from an index on, in order, each with what it speaks of.
pub async fn evidence(tx: &mut ReadTx, from: i64, most: i64) -> Result<Vec<Evidence>> {
    all!(
        tx,
        Evidence,
        "select l.leaf_index, l.leaf_hash, l.event, l.credit_id, l.at, l.status as leaf_status,
           l.reason as leaf_reason, l.holder_id, h.ledger_key as holder_key, c.completion_id, c.kind, c.amount, c.types, c.diplomate_id,
           c.status, c.reason, c.derived_from,
           c.reported_at, c.leaf_index as credit_leaf, c.withdrawn_leaf, c.withdrawn_at, k.activity_id,
           k.provider_id, k.physician_id, k.reported_physician_id, k.completed_on, k.first_name, k.last_name, k.birth, k.state, k.learner_identifier,
           k.rems, k.submission_id, k.upload_id, k.row_number, k.reported_at as completion_reported_at,
           k.person_key, p.ledger_key
         from ledger_leaf l
         left join credit c on c.credit_id = l.credit_id
         left join completion k on k.completion_id = c.completion_id
         left join physician p on p.physician_id = k.reported_physician_id
         left join physician h on h.physician_id = l.holder_id
         where l.leaf_index >= $1 order by l.leaf_index limit $2",
        from,
        most,
    )
}

/// Counts over the facts, to be compared with what the leaves add up to.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Census {
    pub leaves_given_out: i64,
    pub credits: i64,
    pub withdrawn: i64,
    pub decided: i64,
    /// Completions that no credit stands for.
    pub empty: i64,
    /// Completions whose own mark disagrees with their credits'.
    pub at_odds: i64,
    /// People, activities and dates with more than one live completion.
    pub doubled: i64,
    /// Live derived credits whose origin is no live points of the same completion, or that are no CME credit.
    pub derived_at_odds: i64,
    /// Lines of the tally that are not what its credits add up to, or are missing.
    pub tally_at_odds: i64,
}

pub async fn census(tx: &mut ReadTx) -> Result<Census> {
    one!(
        tx,
        Census,
        "select
           coalesce((select value from counter where name = 'ledger_leaf'), 0) as leaves_given_out,
           (select count(*) from credit) as credits,
           (select count(*) from credit where withdrawn_at is not null) as withdrawn,
           (select count(*) from credit where kind not in ('CME', 'REMS') and status <> 'pending') as decided,
           (select count(*) from completion k
              left join (select completion_id, count(*) as credits from credit group by completion_id) c
                on c.completion_id = k.completion_id
              where c.credits is null) as empty,
           (select count(*) from completion k
              join (select completion_id,
                      case when count(withdrawn_at) = count(*) then max(withdrawn_at) end as withdrawn_at
                    from credit group by completion_id) c
                on c.completion_id = k.completion_id
              where coalesce(k.withdrawn_at, 0) <> coalesce(c.withdrawn_at, 0)) as at_odds,
           (select count(*) from (
              select 1 from completion where withdrawn_at is null
              group by activity_id, completed_on, physician_id,
                case when physician_id is null then learner_identifier end
              having count(*) > 1) twice) as doubled,
           (select count(*) from credit d left join credit o on o.credit_id = d.derived_from
              where d.derived_from is not null and d.withdrawn_at is null
                and (o.credit_id is null or o.withdrawn_at is not null or o.completion_id <> d.completion_id
                     or o.kind in ('CME', 'REMS') or d.kind <> 'CME')) as derived_at_odds,
           (select count(*) from (
              select 1 from (
                select provider_id, activity_id, completed_on, kind, status, credits, amount from credit_tally
                union all
                select k.provider_id, k.activity_id, k.completed_on, c.kind, c.status, -1, - c.amount
                from credit c join completion k on k.completion_id = c.completion_id
                where c.withdrawn_at is null and c.derived_from is null) counted
              group by provider_id, activity_id, completed_on, kind, status
              having sum(credits) <> 0 or sum(amount) <> 0) odd) as tally_at_odds",
    )
}
