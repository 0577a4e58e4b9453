//! The ledger against vectors from outside and against an independent recursion straight from RFC 9162.
//! One binary; `tree` has the Merkle tree, `notes` the keys and checkpoints.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be made fails its test")]

mod notes;
mod tree;
