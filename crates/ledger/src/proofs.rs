//! Inclusion and consistency proofs of RFC 9162, 2.1.3 and 2.1.4. A proof is the roots of a few ranges of leaves; the
//! `*_ranges` functions say which, so that a store with cached subtrees need not read every leaf.
//!
//! Verifying is written from the RFC's other algorithm, which never sees the leaves: proof and check share no code.

use std::ops::Range;

use crate::hash::{empty_root, node_hash};
use crate::{Hash, root};

/// A proof was asked for that the tree cannot give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The leaf does not lie inside the tree.
    #[error("leaf {index} is not in a tree of {size} leaves")]
    NoSuchLeaf {
        /// Counted from 0.
        index: u64,
        /// Of the tree that was named.
        size: u64,
    },
    /// The older tree is larger than the newer one.
    #[error("a tree of {old} leaves cannot grow into one of {new}")]
    Shrinks {
        /// Leaves of the older tree.
        old: u64,
        /// Leaves of the newer tree.
        new: u64,
    },
    /// The tree is larger than the leaves that were given.
    #[error("a tree of {size} leaves was named, but only {known} are known")]
    TooFewLeaves {
        /// Of the tree that was named.
        size: u64,
        /// Leaves that were given.
        known: u64,
    },
}

/// The ranges of leaves whose roots prove, in this order, that leaf `index` is in the tree of the first `size` leaves.
pub fn inclusion_ranges(index: u64, size: u64) -> Result<Vec<Range<u64>>, ProofError> {
    if index >= size {
        return Err(ProofError::NoSuchLeaf { index, size });
    }
    let mut ranges = Vec::new();
    let mut tree = 0..size;
    while tree.end - tree.start > 1 {
        let middle = split(&tree);
        let (left, right) = (tree.start..middle, middle..tree.end);
        let (inside, sibling) = if index < middle { (left, right) } else { (right, left) };
        ranges.push(sibling);
        tree = inside;
    }
    ranges.reverse();
    Ok(ranges)
}

/// The ranges of leaves whose roots prove, in this order, that the tree of the first `new` leaves begins with the tree
/// of the first `old`. Empty if the trees are the same or the old one is empty.
pub fn consistency_ranges(old: u64, new: u64) -> Result<Vec<Range<u64>>, ProofError> {
    if old > new {
        return Err(ProofError::Shrinks { old, new });
    }
    let mut ranges = Vec::new();
    if old == 0 || old == new {
        return Ok(ranges);
    }
    let mut tree = 0..new;
    while tree.end != old {
        let middle = split(&tree);
        let (left, right) = (tree.start..middle, middle..tree.end);
        let (inside, sibling) = if old <= middle { (left, right) } else { (right, left) };
        ranges.push(sibling);
        tree = inside;
    }
    // The old tree itself is left out when it is one complete subtree: the verifier already holds its root.
    if tree.start > 0 {
        ranges.push(tree);
    }
    ranges.reverse();
    Ok(ranges)
}

/// Proves that `leaves[index]` is in the tree of the first `size` leaves. The leaves are leaf hashes.
pub fn inclusion_proof(leaves: &[Hash], index: u64, size: u64) -> Result<Vec<Hash>, ProofError> {
    roots(leaves, size, inclusion_ranges(index, size)?)
}

/// Proves that the tree of the first `new` leaves only appends to the tree of the first `old`.
pub fn consistency_proof(leaves: &[Hash], old: u64, new: u64) -> Result<Vec<Hash>, ProofError> {
    roots(leaves, new, consistency_ranges(old, new)?)
}

/// Whether `proof` shows that `leaf` is number `index` (from 0) of the tree with this size and root.
#[must_use]
pub fn verify_inclusion(leaf: Hash, index: u64, size: u64, proof: &[Hash], tree_root: Hash) -> bool {
    if index >= size {
        return false;
    }
    // The names of RFC 9162, 2.1.3.2: fn and sn are the positions of the leaf and of the last leaf, level by level.
    let (mut first, mut last) = (index, size - 1);
    let mut computed = leaf;
    for hash in proof {
        if last == 0 {
            return false;
        }
        if is_right_child(first) || first == last {
            computed = node_hash(*hash, computed);
            climb_to_right_child(&mut first, &mut last);
        } else {
            computed = node_hash(computed, *hash);
        }
        first >>= 1;
        last >>= 1;
    }
    last == 0 && computed == tree_root
}

/// Whether `proof` shows that the tree `(new, new_root)` begins with the whole tree `(old, old_root)`.
#[must_use]
pub fn verify_consistency(old: u64, old_root: Hash, new: u64, new_root: Hash, proof: &[Hash]) -> bool {
    if old == 0 {
        return old_root == empty_root() && proof.is_empty() && (new > 0 || new_root == old_root);
    }
    if old >= new {
        return old == new && old_root == new_root && proof.is_empty();
    }
    // RFC 9162, 2.1.4.2. A complete old tree is not repeated in the proof: its root starts both computations.
    let known = old.is_power_of_two().then_some(&old_root);
    let mut hashes = known.into_iter().chain(proof);
    let Some(start) = hashes.next() else { return false };
    let (mut first, mut last) = (old - 1, new - 1);
    let shared = first.trailing_ones();
    first >>= shared;
    last >>= shared;
    let (mut old_computed, mut new_computed) = (*start, *start);
    for hash in hashes {
        if last == 0 {
            return false;
        }
        if is_right_child(first) || first == last {
            old_computed = node_hash(*hash, old_computed);
            new_computed = node_hash(*hash, new_computed);
            climb_to_right_child(&mut first, &mut last);
        } else {
            new_computed = node_hash(new_computed, *hash);
        }
        first >>= 1;
        last >>= 1;
    }
    last == 0 && old_computed == old_root && new_computed == new_root
}

/// Where a tree of at least two leaves divides: after the largest power of two smaller than its size.
fn split(tree: &Range<u64>) -> u64 {
    let last = tree.end - tree.start - 1;
    tree.start + (1 << last.ilog2())
}

fn roots(leaves: &[Hash], size: u64, ranges: Vec<Range<u64>>) -> Result<Vec<Hash>, ProofError> {
    let missing = ProofError::TooFewLeaves { size, known: leaves.len() as u64 };
    let tree = usize::try_from(size).ok().and_then(|size| leaves.get(..size)).ok_or(missing)?;
    let range_root = |range: Range<u64>| tree.get(range.start as usize..range.end as usize).map(root);
    ranges.into_iter().map(|range| range_root(range).ok_or(missing)).collect()
}

fn is_right_child(position: u64) -> bool {
    position & 1 == 1
}

/// At the tree's right edge a node has no sibling on some levels: climb past them, down to no further than the root.
fn climb_to_right_child(first: &mut u64, last: &mut u64) {
    while !is_right_child(*first) && *first != 0 {
        *first >>= 1;
        *last >>= 1;
    }
}
