//! The growing edge of the tree: one hash for each complete subtree, largest first, which is all that appending and
//! computing the root need. A tree of 25 million leaves is 14 hashes here.
//!
//! A checkpoint is never signed from a stored frontier alone: it is a cache, and the root has to be recomputed from
//! the stored leaves first.

use crate::Hash;
use crate::hash::{empty_root, node_hash};

/// The state needed to append leaves to a tree of RFC 9162. `Default` is the empty tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    /// Roots of the complete subtrees, one for each 1 in the binary size, largest subtree first.
    peaks: Vec<Hash>,
}

/// Stored bytes that no frontier wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these {length} bytes are not a stored frontier")]
pub struct CorruptFrontier {
    /// How many bytes there were.
    pub length: usize,
}

impl Frontier {
    /// Appends one leaf, given as [`crate::leaf_hash`].
    pub fn append(&mut self, leaf: Hash) {
        let mut hash = leaf;
        // Each 1 at the end of the size is a complete subtree as large as what is now to its right: join them.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = node_hash(left, hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root over all leaves so far; SHA-256 of nothing for the empty tree.
    pub fn root(&self) -> Hash {
        let join = |right, left: &Hash| node_hash(*left, right);
        match self.peaks.split_last() {
            Some((last, rest)) => rest.iter().rev().fold(*last, join),
            None => empty_root(),
        }
    }

    /// For storing: the size as eight big-endian bytes, then the subtree roots of 32 bytes each.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        self.peaks.iter().for_each(|peak| bytes.extend(peak.0));
        bytes
    }

    /// Reads what [`Frontier::to_bytes`] wrote. Fails unless the number of hashes fits the size, which must also fit
    /// a database's bigint.
    pub fn from_bytes(bytes: &[u8]) -> Result<Frontier, CorruptFrontier> {
        let corrupt = CorruptFrontier { length: bytes.len() };
        let (size, hashes) = bytes.split_first_chunk::<8>().ok_or(corrupt)?;
        let size = u64::from_be_bytes(*size);
        let (hashes, rest) = hashes.as_chunks::<32>();
        if !rest.is_empty() || hashes.len() != size.count_ones() as usize || i64::try_from(size).is_err() {
            return Err(corrupt);
        }
        Ok(Frontier { size, peaks: hashes.iter().map(|hash| Hash(*hash)).collect() })
    }
}

impl Extend<Hash> for Frontier {
    fn extend<I: IntoIterator<Item = Hash>>(&mut self, leaves: I) {
        leaves.into_iter().for_each(|leaf| self.append(leaf));
    }
}

impl FromIterator<Hash> for Frontier {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Frontier {
        let mut frontier = Frontier::default();
        frontier.extend(leaves);
        frontier
    }
}

/// The root of the tree over these leaf hashes.
pub fn root(leaves: &[Hash]) -> Hash {
    leaves.iter().copied().collect::<Frontier>().root()
}
