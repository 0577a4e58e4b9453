//! The tamper-evident log's tables: leaves in order, and signed heads.
//!
//! A leaf row holds only the hash; what was hashed is the fact itself, which `credence verify`
//! reads again from its own table.

pub mod published;

use domain::credit::CreditStatus;
use domain::{CreditId, PhysicianId};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::tx::{ReadTx, WriteTx};

/// What a leaf says happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerEvent {
    Report,
    Withdraw,
    Decide {
        status: CreditStatus,
        reason: String,
    },
    /// The credit went to this physician's record, with a merge or a split of records.
    Relink {
        holder: PhysicianId,
    },
}

impl LedgerEvent {
    fn code(&self) -> &'static str {
        match self {
            LedgerEvent::Report => "report",
            LedgerEvent::Withdraw => "withdraw",
            LedgerEvent::Decide { .. } => "decide",
            LedgerEvent::Relink { .. } => "relink",
        }
    }
}

/// One leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    pub index: i64,
    pub hash: [u8; 32],
    pub event: LedgerEvent,
    pub credit: CreditId,
    pub at: i64,
}

/// A signed head. `frontier` is the right edge of the tree, from which the next head goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub size: i64,
    pub root: [u8; 32],
    pub frontier: Vec<u8>,
    pub note: String,
    pub signed_at: i64,
}

pub async fn append(tx: &mut WriteTx, leaves: &[Leaf]) -> Result<()> {
    bulk!(
        tx,
        "insert into ledger_leaf (leaf_index, leaf_hash, event, credit_id, at, holder_id, status, reason) ",
        leaves,
        |leaf| leaf.index,
        leaf.hash.as_slice(),
        leaf.event.code(),
        leaf.credit.as_uuid(),
        leaf.at,
        relinked(&leaf.event),
        decided(&leaf.event).map(|(status, _)| status),
        decided(&leaf.event).map(|(_, reason)| reason),
    );
    Ok(())
}

fn decided(event: &LedgerEvent) -> Option<(&'static str, String)> {
    match event {
        LedgerEvent::Decide { status, reason } => Some((status.code(), reason.clone())),
        LedgerEvent::Report | LedgerEvent::Withdraw | LedgerEvent::Relink { .. } => None,
    }
}

fn relinked(event: &LedgerEvent) -> Option<Uuid> {
    match event {
        LedgerEvent::Relink { holder } => Some(holder.as_uuid()),
        LedgerEvent::Report | LedgerEvent::Withdraw | LedgerEvent::Decide { .. } => None,
    }
}

#[derive(sqlx::FromRow)]
struct LeafRow {
    leaf_index: i64,
    leaf_hash: Vec<u8>,
    event: String,
    credit_id: Uuid,
    at: i64,
    holder_id: Option<Uuid>,
    status: Option<String>,
    reason: Option<String>,
}

impl TryFrom<LeafRow> for Leaf {
    type Error = Error;

    fn try_from(row: LeafRow) -> Result<Self> {
        let corrupt = |column| Error::corrupt("ledger_leaf", column, row.leaf_index);
        let event = match row.event.as_str() {
            "report" => LedgerEvent::Report,
            "withdraw" => LedgerEvent::Withdraw,
            "decide" => {
                let status = row.status.as_deref().and_then(CreditStatus::read).ok_or_else(|| corrupt("status"))?;
                LedgerEvent::Decide { status, reason: row.reason.clone().unwrap_or_default() }
            }
            "relink" => {
                let holder = row.holder_id.map(PhysicianId::new).ok_or_else(|| corrupt("holder_id"))?;
                LedgerEvent::Relink { holder }
            }
            _ => return Err(corrupt("event")),
        };
        let hash = row.leaf_hash.as_slice().try_into().map_err(|_| corrupt("leaf_hash"))?;
        Ok(Self { index: row.leaf_index, hash, event, credit: CreditId::new(row.credit_id), at: row.at })
    }
}

/// Leaves from an index on, in order.
pub async fn leaves_from(tx: &mut ReadTx, index: i64, most: i64) -> Result<Vec<Leaf>> {
    let rows = all!(
        tx,
        LeafRow,
        "select leaf_index, leaf_hash, event, credit_id, at, holder_id, status, reason
         from ledger_leaf where leaf_index >= $1 order by leaf_index limit $2",
        index,
        most,
    )?;
    rows.into_iter().map(Leaf::try_from).collect()
}

pub async fn insert_head(tx: &mut WriteTx, head: &Head) -> Result<()> {
    exec!(
        tx,
        "insert into ledger_head (size, root, frontier, note, signed_at) values ($1, $2, $3, $4, $5)",
        head.size,
        head.root.as_slice(),
        head.frontier.as_slice(),
        head.note.as_str(),
        head.signed_at,
    )?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct HeadRow {
    size: i64,
    root: Vec<u8>,
    frontier: Vec<u8>,
    note: String,
    signed_at: i64,
}

impl TryFrom<HeadRow> for Head {
    type Error = Error;

    fn try_from(row: HeadRow) -> Result<Self> {
        let root = row.root.as_slice().try_into().map_err(|_| Error::corrupt("ledger_head", "root", row.size))?;
        Ok(Self { size: row.size, root, frontier: row.frontier, note: row.note, signed_at: row.signed_at })
    }
}

/// The newest signed head.
pub async fn last_head(tx: &mut ReadTx) -> Result<Option<Head>> {
    let sql = "select size, root, frontier, note, signed_at from ledger_head order by size desc limit 1";
    maybe!(tx, HeadRow, sql)?.map(Head::try_from).transpose()
}

/// All signed heads, oldest first.
pub async fn heads(tx: &mut ReadTx) -> Result<Vec<Head>> {
    let sql = "select size, root, frontier, note, signed_at from ledger_head order by size";
    all!(tx, HeadRow, sql)?.into_iter().map(Head::try_from).collect()
}
