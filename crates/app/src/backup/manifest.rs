//! What a backup says of itself. It is written last and the folder named last: a folder with a manifest is whole.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

pub(super) const FILE: &str = "manifest.json";
/// Where copied files of the data folder lie in a backup.
pub(super) const FILES: &str = "files";
pub(super) const FORMAT: u32 = 1;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Of this manifest: 1.
    pub format: u32,
    /// Of the program that made it.
    pub version: String,
    /// When the copy of the database was taken: what was accepted later is not in it. Microseconds, and as text.
    pub made_at: i64,
    pub made: String,
    pub database: DatabaseCopy,
    pub ledger: LedgerThen,
    /// Digests of the keys, which are kept apart, so that the right ones are put beside it.
    pub keys: Vec<FileCopy>,
    pub files: Vec<FileCopy>,
    /// What of the data folder is not in it.
    pub left_out: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseCopy {
    /// `sqlite` or `postgres`.
    pub kind: String,
    /// The database's own name and version.
    pub version: String,
    /// The newest migration.
    pub migration: i64,
    pub copy: FileCopy,
}

/// The ledger as the copy has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerThen {
    pub leaves: i64,
    /// The last signed head as it was published; nothing before the first.
    pub head: Option<String>,
    /// The key that checks it, in one line.
    pub key: String,
}

/// A file with the SHA-256 of its bytes in hex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileCopy {
    /// From the backup's folder, of keys from the data folder; always with `/`.
    pub path: String,
    pub bytes: u64,
    pub sha256: String,
}

impl Manifest {
    /// Reads the manifest of a backup's folder.
    pub fn read(folder: &Path) -> Result<Self> {
        let file = folder.join(FILE);
        let text = std::fs::read_to_string(&file).map_err(|error| {
            Error::Internal(format!("{} is no whole backup: {FILE} cannot be read ({error})", folder.display()))
        })?;
        let manifest: Self = serde_json::from_str(&text)
            .map_err(|error| Error::Internal(format!("{} cannot be understood: {error}", file.display())))?;
        match manifest.format {
            FORMAT => Ok(manifest),
            other => Err(Error::Internal(format!("{} has the format {other}, of a newer program", file.display()))),
        }
    }
}

/// The newest backup of a folder of backups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newest {
    pub made_at: i64,
    pub leaves: i64,
    pub name: String,
}

/// Looks at the folders in a folder; those without a manifest that can be read are none.
pub fn newest(backups: &Path) -> Option<Newest> {
    let entries = std::fs::read_dir(backups).ok()?;
    let read = entries.filter_map(Result::ok).filter_map(|entry| {
        let manifest = Manifest::read(&entry.path()).ok()?;
        let name = entry.file_name().to_string_lossy().into_owned();
        Some(Newest { made_at: manifest.made_at, leaves: manifest.ledger.leaves, name })
    });
    read.filter(|newest| !newest.name.ends_with(super::files::PARTIAL)).max_by_key(|newest| newest.made_at)
}
