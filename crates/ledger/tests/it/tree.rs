//! Roots and proofs: the classic eight leaves of the certificate transparency projects, and trees of any shape
//! compared with the definition of RFC 9162, 2.1, written here as it stands there.

use ledger::{
    Frontier, Hash, ProofError, consistency_proof, consistency_ranges, inclusion_proof, inclusion_ranges, leaf_hash,
    root, verify_consistency, verify_inclusion,
};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

const CLASSIC_LEAVES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

/// Roots of the first 0, 1, .. 8 classic leaves.
const CLASSIC_ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn classic() -> Vec<Hash> {
    CLASSIC_LEAVES.iter().map(|bytes| leaf_hash(bytes)).collect()
}

fn numbered(size: u64) -> Vec<Hash> {
    (0..size).map(|i| leaf_hash(&i.to_be_bytes())).collect()
}

fn node(left: Hash, right: Hash) -> Hash {
    Hash(Sha256::digest([[1].as_slice(), &left.0, &right.0].concat()).into())
}

/// MTH of RFC 9162, 2.1.1.
fn defined_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash(Sha256::digest([]).into()),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node(defined_root(left), defined_root(right))
        }
    }
}

/// PATH of RFC 9162, 2.1.3.1.
fn defined_path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    let (mut path, sibling) = match index.checked_sub(left.len()) {
        None => (defined_path(index, left), right),
        Some(index) => (defined_path(index, right), left),
    };
    path.push(defined_root(sibling));
    path
}

/// SUBPROOF of RFC 9162, 2.1.4.1.
fn defined_subproof(old: usize, leaves: &[Hash], known: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if known { Vec::new() } else { vec![defined_root(leaves)] };
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    let (mut proof, sibling) = match old.checked_sub(left.len()) {
        None | Some(0) => (defined_subproof(old, left, known), right),
        Some(old) => (defined_subproof(old, right, false), left),
    };
    proof.push(defined_root(sibling));
    proof
}

#[test]
fn the_classic_leaves_give_the_classic_roots() {
    let leaves = classic();
    for (size, expected) in CLASSIC_ROOTS.iter().enumerate() {
        assert_eq!(root(&leaves[..size]).to_hex(), *expected, "{size} leaves");
        assert_eq!(defined_root(&leaves[..size]).to_hex(), *expected, "{size} leaves, by definition");
    }
}

#[test]
fn the_example_tree_of_the_rfc_gives_the_proofs_it_lists() {
    // RFC 9162, 2.1.5 names the nodes of a tree of 7 leaves: a..g paired from d0..d6, then g, h, i, j, k, l.
    let d = &classic()[..7];
    let (g, h, i) = (node(d[0], d[1]), node(d[2], d[3]), node(d[4], d[5]));
    let (k, l) = (node(g, h), node(i, d[6]));
    assert_eq!(inclusion_proof(d, 0, 7), Ok(vec![d[1], h, l]));
    assert_eq!(inclusion_proof(d, 3, 7), Ok(vec![d[2], g, l]));
    assert_eq!(inclusion_proof(d, 4, 7), Ok(vec![d[5], d[6], k]));
    assert_eq!(inclusion_proof(d, 6, 7), Ok(vec![i, k]));
    assert_eq!(consistency_proof(d, 3, 7), Ok(vec![d[2], d[3], g, l]));
    assert_eq!(consistency_proof(d, 4, 7), Ok(vec![l]));
    assert_eq!(consistency_proof(d, 6, 7), Ok(vec![i, d[6], k]));
}

#[test]
fn every_proof_of_every_small_tree_is_the_defined_one_and_verifies() {
    let leaves = numbered(33);
    for size in 1..=leaves.len() {
        let tree = &leaves[..size];
        let head = defined_root(tree);
        for index in 0..size {
            let proof = inclusion_proof(&leaves, index as u64, size as u64).unwrap();
            assert_eq!(proof, defined_path(index, tree), "leaf {index} of {size}");
            assert!(verify_inclusion(leaves[index], index as u64, size as u64, &proof, head), "{index} of {size}");
        }
        for old in 1..size {
            let proof = consistency_proof(&leaves, old as u64, size as u64).unwrap();
            assert_eq!(proof, defined_subproof(old, tree, true), "{old} to {size}");
            let old_head = defined_root(&tree[..old]);
            assert!(verify_consistency(old as u64, old_head, size as u64, head, &proof), "{old} to {size}");
        }
    }
}

#[test]
fn the_same_tree_and_the_empty_tree_need_no_proof() {
    let leaves = numbered(5);
    let (empty, head) = (root(&[]), root(&leaves));
    assert_eq!(consistency_proof(&leaves, 5, 5), Ok(vec![]));
    assert_eq!(consistency_proof(&leaves, 0, 5), Ok(vec![]));
    assert!(verify_consistency(5, head, 5, head, &[]));
    assert!(verify_consistency(0, empty, 5, head, &[]));
    assert!(verify_consistency(0, empty, 0, empty, &[]));
    assert!(!verify_consistency(0, head, 5, head, &[]), "an empty tree has one root only");
    assert!(!verify_consistency(0, empty, 0, head, &[]), "an empty tree has one root only");
    assert!(!verify_consistency(5, empty, 5, head, &[]));
    assert!(!verify_consistency(5, head, 5, head, &[head]));
    assert!(!verify_consistency(5, head, 4, head, &[]));
}

#[test]
fn proofs_that_the_leaves_cannot_give_are_refused() {
    let leaves = numbered(4);
    assert_eq!(inclusion_proof(&leaves, 4, 4), Err(ProofError::NoSuchLeaf { index: 4, size: 4 }));
    assert_eq!(inclusion_proof(&leaves, 0, 0), Err(ProofError::NoSuchLeaf { index: 0, size: 0 }));
    assert_eq!(inclusion_proof(&leaves, 0, 5), Err(ProofError::TooFewLeaves { size: 5, known: 4 }));
    assert_eq!(consistency_proof(&leaves, 3, 2), Err(ProofError::Shrinks { old: 3, new: 2 }));
    assert_eq!(consistency_proof(&leaves, 3, u64::MAX), Err(ProofError::TooFewLeaves { size: u64::MAX, known: 4 }));
    assert!(!verify_inclusion(leaves[0], 4, 4, &[], root(&leaves)));
    assert!(!verify_inclusion(leaves[0], 0, 0, &[], root(&[])));
}

#[test]
fn ranges_reach_to_the_largest_sizes_without_overflow() {
    for size in [1, 2, 3, (1 << 40) + 1, u64::MAX - 1, u64::MAX] {
        for index in [0, size / 2, size - 1] {
            assert!(inclusion_ranges(index, size).unwrap().len() <= 64);
            assert!(consistency_ranges(index, size).unwrap().len() <= 65);
        }
    }
}

#[test]
fn bytes_that_no_frontier_wrote_are_refused() {
    let stored = numbered(7).into_iter().collect::<Frontier>().to_bytes();
    let mut other_size = stored.clone();
    other_size[7] = 8;
    let mut negative = 64_u64.to_be_bytes().to_vec();
    negative.extend([0; 32]);
    assert!(Frontier::from_bytes(&negative).is_ok());
    negative[..8].copy_from_slice(&(1_u64 << 63).to_be_bytes());
    let longer = [stored.as_slice(), &[0]].concat();
    for bytes in [&[], &stored[..7], &stored[..stored.len() - 1], &longer, &other_size, &negative] {
        let error = Frontier::from_bytes(bytes).unwrap_err();
        assert_eq!(error.length, bytes.len());
    }
}

proptest! {
    #[test]
    fn a_frontier_stored_and_read_back_after_any_leaf_ends_at_the_defined_root(size in 0..300_u64, pause in 0..300_u64) {
        let leaves = numbered(size);
        let pause = pause.min(size) as usize;
        let mut frontier: Frontier = leaves[..pause].iter().copied().collect();
        frontier = Frontier::from_bytes(&frontier.to_bytes()).unwrap();
        frontier.extend(leaves[pause..].iter().copied());
        prop_assert_eq!(frontier.size(), size);
        prop_assert_eq!(frontier.root(), defined_root(&leaves));
        prop_assert!(frontier.to_bytes().len() <= 8 + 32 * 9);
    }

    #[test]
    fn an_inclusion_proof_holds_for_nothing_else(size in 2..200_u64, at: prop::sample::Index, change: prop::sample::Index) {
        let leaves = numbered(size);
        let index = at.index(size as usize) as u64;
        let head = root(&leaves);
        let proof = inclusion_proof(&leaves, index, size).unwrap();
        let leaf = leaves[index as usize];
        prop_assert!(verify_inclusion(leaf, index, size, &proof, head));

        let other = leaf_hash(b"another");
        let mut changed = proof.clone();
        changed[change.index(proof.len())] = other;
        prop_assert!(!verify_inclusion(other, index, size, &proof, head));
        prop_assert!(!verify_inclusion(leaf, index, size, &changed, head));
        prop_assert!(!verify_inclusion(leaf, index, size, &proof, other));
        prop_assert!(!verify_inclusion(leaf, (index + 1) % size, size, &proof, head));
        prop_assert!(!verify_inclusion(leaf, index, size, &proof[1..], head));
        prop_assert!(!verify_inclusion(leaf, index, size, &[proof.as_slice(), &[other]].concat(), head));
    }

    #[test]
    fn a_log_that_changed_or_dropped_an_old_leaf_cannot_prove_consistency(
        new in 2..200_u64, at: prop::sample::Index, edited: prop::sample::Index,
    ) {
        let leaves = numbered(new);
        let old = 1 + at.index(new as usize - 1) as u64;
        let old_head = root(&leaves[..old as usize]);
        let proof = consistency_proof(&leaves, old, new).unwrap();
        prop_assert!(verify_consistency(old, old_head, new, root(&leaves), &proof));

        let mut tampered = leaves.clone();
        tampered[edited.index(old as usize)] = leaf_hash(b"edited");
        let forged = consistency_proof(&tampered, old, new).unwrap();
        for proof in [&forged, &proof] {
            prop_assert!(!verify_consistency(old, old_head, new, root(&tampered), proof));
        }

        let mut shorter = leaves.clone();
        shorter.remove(edited.index(old as usize));
        shorter.push(leaf_hash(b"filler"));
        let forged = consistency_proof(&shorter, old, new).unwrap();
        prop_assert!(!verify_consistency(old, old_head, new, root(&shorter), &forged));

        let longer = [proof.as_slice(), &[old_head]].concat();
        prop_assert!(!verify_consistency(old, old_head, new, root(&leaves), &longer));
        prop_assert!(!verify_consistency(old, old_head, new, root(&leaves), &proof[..proof.len() - 1]));
    }
}
