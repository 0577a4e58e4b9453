//! Backups of a running system, and putting one back.
//!
//! A backup is a folder of its own: the database as one consistent copy, the files that the database speaks of, and a
//! manifest with the digest of each and what the ledger was. The database is copied first: a file is on disk before
//! a row speaks of it, so every file of the copy is there when the files are copied. Keys are never in it: who finds
//! a backup must not be able to sign as we do, nor make people's codes.

mod files;
mod make;
mod manifest;
mod postgres;
mod published;
mod restore;

pub use make::{Made, Step, make, save_keys};
pub use manifest::{Manifest, Newest, newest};
pub use published::{Agreement, compare, reopen, reopen_in_spite};
pub use restore::{Restored, restore};
