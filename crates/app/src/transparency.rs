//! The ledger for everybody: signed heads, and proofs that a leaf is in it and that it only ever grew. A proof needs
//! the roots of a few ranges of leaves; those of whole blocks are kept in memory, so that a proof over millions of
//! leaves reads some thousand.
//!
//! Only what a signed head covers is shown, and of a leaf only its hash.

use std::ops::Range;
use std::sync::Arc;

pub use ledger::Hash;
use store::ReadTx;
use store::ledger::{Head, published};
use tokio::sync::Mutex;

use crate::{App, Error, Result};

/// Leaves of a block: a power of two, so that every larger range of a proof begins with a block.
const BLOCK: u64 = 1_024;
/// Blocks read at a time.
const AT_ONCE: u64 = 16;

/// Roots of the whole blocks so far. Cloning shares them.
#[derive(Clone, Default)]
pub struct Blocks {
    roots: Arc<Mutex<Vec<Hash>>>,
}

/// A leaf is in the tree of a head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inclusion {
    pub index: u64,
    pub size: u64,
    pub leaf: Hash,
    pub root: Hash,
    pub proof: Vec<Hash>,
}

/// The newer tree begins with the whole older one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consistency {
    pub old: u64,
    pub old_root: Hash,
    pub new: u64,
    pub new_root: Hash,
    pub proof: Vec<Hash>,
}

/// The line of text that checks this ledger's heads.
pub fn key(app: &App) -> String {
    app.ledger.signer().verifying_key().to_string()
}

/// The newest signed head.
pub async fn newest(app: &App) -> Result<Option<Head>> {
    Ok(store::ledger::last_head(&mut app.store.read().await?).await?)
}

/// Proves that leaf `index` (from 0) is among the first `size`. `size` 0: as the newest head has it.
///
/// Errors: `Invalid` on `index` or `size`.
pub async fn inclusion(app: &App, index: u64, size: u64) -> Result<Inclusion> {
    let mut tx = app.store.read().await?;
    let signed = signed_size(&mut tx).await?;
    let size = if size == 0 { signed } else { size };
    check_size("size", size, signed)?;
    let ranges = ledger::inclusion_ranges(index, size).map_err(|error| Error::invalid("index", error.to_string()))?;
    let leaf = app.blocks.root(&mut tx, index..index + 1).await?;
    let root = app.blocks.root(&mut tx, 0..size).await?;
    let proof = app.blocks.roots(&mut tx, ranges).await?;
    Ok(Inclusion { index, size, leaf, root, proof })
}

/// Proves that the tree of the first `new` leaves begins with that of the first `old`. `new` 0: as the newest head
/// has it.
///
/// Errors: `Invalid` on `old` or `new`.
pub async fn consistency(app: &App, old: u64, new: u64) -> Result<Consistency> {
    let mut tx = app.store.read().await?;
    let signed = signed_size(&mut tx).await?;
    let new = if new == 0 { signed } else { new };
    check_size("new", new, signed)?;
    let ranges = ledger::consistency_ranges(old, new).map_err(|error| Error::invalid("old", error.to_string()))?;
    let old_root = app.blocks.root(&mut tx, 0..old).await?;
    let new_root = app.blocks.root(&mut tx, 0..new).await?;
    let proof = app.blocks.roots(&mut tx, ranges).await?;
    Ok(Consistency { old, old_root, new, new_root, proof })
}

async fn signed_size(tx: &mut ReadTx) -> Result<u64> {
    Ok(store::ledger::last_head(tx).await?.map_or(0, |head| head.size.unsigned_abs()))
}

fn check_size(field: &'static str, size: u64, signed: u64) -> Result<()> {
    match size <= signed {
        true => Ok(()),
        false => {
            Err(Error::invalid(field, format!("The newest head covers {signed} leaves. Ask for at most so many.")))
        }
    }
}

impl Blocks {
    async fn roots(&self, tx: &mut ReadTx, ranges: Vec<Range<u64>>) -> Result<Vec<Hash>> {
        let mut roots = Vec::with_capacity(ranges.len());
        for range in ranges {
            roots.push(self.root(tx, range).await?);
        }
        Ok(roots)
    }

    /// The root over a range as proofs have them: a short one, or one that begins with a block. The split of a range
    /// falls between blocks, so their roots stand for their leaves.
    async fn root(&self, tx: &mut ReadTx, range: Range<u64>) -> Result<Hash> {
        if range.end - range.start <= BLOCK {
            return Ok(ledger::root(&hashes(tx, range).await?));
        }
        let (first, after) = (range.start / BLOCK, range.end / BLOCK);
        let mut tree = self.whole(tx, first..after).await?;
        if range.end > after * BLOCK {
            tree.push(ledger::root(&hashes(tx, after * BLOCK..range.end).await?));
        }
        Ok(ledger::root(&tree))
    }

    /// Roots of whole blocks; those not known yet are computed, one caller at a time.
    async fn whole(&self, tx: &mut ReadTx, blocks: Range<u64>) -> Result<Vec<Hash>> {
        let mut roots = self.roots.lock().await;
        loop {
            let known = roots.len() as u64;
            if known >= blocks.end {
                break;
            }
            let until = blocks.end.min(known + AT_ONCE);
            let leaves = hashes(tx, known * BLOCK..until * BLOCK).await?;
            roots.extend(leaves.chunks(BLOCK as usize).map(ledger::root));
        }
        let wanted = usize::try_from(blocks.start).unwrap_or(usize::MAX)..usize::try_from(blocks.end).unwrap_or(0);
        let wanted = roots.get(wanted).ok_or_else(|| Error::Internal("blocks of the ledger are missing".to_owned()))?;
        Ok(wanted.to_vec())
    }
}

async fn hashes(tx: &mut ReadTx, range: Range<u64>) -> Result<Vec<Hash>> {
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let most = range.end - range.start;
    let found = published::hashes_from(tx, number(range.start), number(most)).await?;
    if found.len() as u64 != most {
        return Err(store::Error::corrupt("ledger_leaf", "leaf_index", range.end).into());
    }
    Ok(found.into_iter().map(Hash).collect())
}
