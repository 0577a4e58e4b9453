//! The ledger as everybody may read it: signed heads and bare leaf hashes. What was hashed is never shown.

use super::{Head, HeadRow};
use crate::error::{Error, Result};
use crate::tx::ReadTx;

/// The head over exactly so many leaves.
pub async fn head_of(tx: &mut ReadTx, size: i64) -> Result<Option<Head>> {
    let sql = "select size, root, frontier, note, signed_at from ledger_head where size = $1";
    maybe!(tx, HeadRow, sql, size)?.map(Head::try_from).transpose()
}

/// Heads over fewer leaves than this, the largest first.
pub async fn heads_below(tx: &mut ReadTx, size: i64, most: i64) -> Result<Vec<Head>> {
    let sql = "select size, root, frontier, note, signed_at from ledger_head where size < $1
               order by size desc limit $2";
    all!(tx, HeadRow, sql, size, most)?.into_iter().map(Head::try_from).collect()
}

/// Leaf hashes from an index on, in order and without gaps.
pub async fn hashes_from(tx: &mut ReadTx, index: i64, most: i64) -> Result<Vec<[u8; 32]>> {
    let sql = "select leaf_index, leaf_hash from ledger_leaf where leaf_index >= $1 order by leaf_index limit $2";
    let rows = all!(tx, (i64, Vec<u8>), sql, index, most)?;
    let mut hashes = Vec::with_capacity(rows.len());
    for (expected, (found, hash)) in (index..).zip(rows) {
        let hash = hash.as_slice().try_into().ok().filter(|_| found == expected);
        hashes.push(hash.ok_or_else(|| Error::corrupt("ledger_leaf", "leaf_index", expected))?);
    }
    Ok(hashes)
}
