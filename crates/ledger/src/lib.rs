//! The tamper-evident log, as pure functions: what a leaf is made of, the Merkle tree of RFC 9162, its proofs, and
//! tree heads signed as C2SP checkpoints; and documents signed as JWS for whoever carries them away. Nothing here reads a
//! clock, a disk or randomness.
//!
//! What it proves: whoever edits a stored row without the signing key is found out by recomputing the root. With the
//! key, an edit is found only by someone who kept an older checkpoint.

mod canonical;
mod checkpoint;
mod commitment;
mod frontier;
mod hash;
mod jws;
mod keys;
mod proofs;

pub use canonical::Canonical;
pub use checkpoint::{Checkpoint, NoteError, open};
pub use commitment::commitment;
pub use frontier::{CorruptFrontier, Frontier, root};
pub use hash::{Hash, InvalidHash, leaf_hash};
pub use jws::{DocumentKey, DocumentSigner, Header, JwsError, open_jws};
pub use keys::{KeyError, Signer, VerifyingKey};
pub use proofs::{
    ProofError, consistency_proof, consistency_ranges, inclusion_proof, inclusion_ranges, verify_consistency,
    verify_inclusion,
};
