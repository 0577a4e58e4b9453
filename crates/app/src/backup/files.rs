//! Copying files with their digests, synced to disk. Links are not followed, and paths of a manifest never lead out
//! of its folder.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use super::manifest::FileCopy;
use crate::{Error, Result};

/// Folders of the data folder that no backup needs; all others are copied, so that a new kind of file is not forgotten.
const FOLDERS_LEFT_OUT: [&str; 3] = ["sandbox", "scratch", KEY_FOLDER];
/// What is not in a backup, and why.
pub(super) const LEFT_OUT: [&str; 4] = [
    "ledger-key.pem, factor.key, credential-keys: keys are kept apart (credence backup --keys-to)",
    "sandbox: a sandbox that is missing is made anew, empty",
    "scratch: files on their way out",
    "files that lie in the data folder itself",
];
pub(super) const KEY_FILES: [&str; 2] = ["ledger-key.pem", "factor.key"];
pub(super) const KEY_FOLDER: &str = "credential-keys";
/// Ends the name of a folder that is being written.
pub(super) const PARTIAL: &str = ".partial";

/// Files below a folder, as paths from there, in order. A folder that is not there has none.
pub(super) fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(inner) = folders.pop() {
        let entries = match fs::read_dir(folder.join(&inner)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error.into()),
        };
        for entry in entries {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(inner.join(entry.file_name()));
            } else if kind.is_file() {
                found.push(inner.join(entry.file_name()));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Folders of the data folder to be copied: all but those left out, and none that holds the backups themselves.
pub(super) fn folders(data: &Path, backups: &Path) -> Result<Vec<String>> {
    let backups = fs::canonicalize(backups)?;
    let mut found = Vec::new();
    for entry in fs::read_dir(data)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let holds_backups = backups.starts_with(fs::canonicalize(entry.path())?);
        if entry.file_type()?.is_dir() && !FOLDERS_LEFT_OUT.contains(&name.as_str()) && !holds_backups {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}

/// Copies a file to a place where none is yet; who may read it is set from the start. `None`: it went away meanwhile.
pub(super) fn copy(from: &Path, into: &Path, shown: &str, mode: u32) -> Result<Option<FileCopy>> {
    let mut source = match File::open(from) {
        Ok(source) => source,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if let Some(folder) = into.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut target = File::options().write(true).create_new(true).mode(mode).open(into)?;
    let (sha256, bytes) = pass(&mut source, Some(&mut target))?;
    target.sync_all()?;
    Ok(Some(FileCopy { path: shown.to_owned(), bytes, sha256 }))
}

/// The digest of a file as it lies there.
pub(super) fn digest(file: &Path, shown: &str) -> Result<FileCopy> {
    let (sha256, bytes) = pass(&mut File::open(file)?, None)?;
    Ok(FileCopy { path: shown.to_owned(), bytes, sha256 })
}

fn pass(source: &mut File, mut target: Option<&mut File>) -> Result<(String, u64)> {
    let mut hash = Sha256::new();
    let mut bytes = 0;
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = source.read(&mut buffer)?;
        let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else { break };
        hash.update(piece);
        bytes += read as u64;
        if let Some(target) = &mut target {
            target.write_all(piece)?;
        }
    }
    let hex = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((hex, bytes))
}

/// Makes the names in a folder last.
pub(super) fn sync_folder(folder: &Path) -> Result<()> {
    Ok(File::open(folder)?.sync_all()?)
}

/// The place of a manifest's path below a folder; an error if it would lead elsewhere.
pub(super) fn inside(folder: &Path, path: &str) -> Result<PathBuf> {
    let is_plain = !path.is_empty() && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    match is_plain {
        true => Ok(folder.join(path)),
        false => Err(Error::Internal(format!("the manifest names {path:?}, which is no place in the backup"))),
    }
}

/// Whether a folder is not there or holds nothing.
pub(super) fn is_free(folder: &Path) -> Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_a_manifest_stays_in_its_folder() {
        let folder = Path::new("/backup");
        assert_eq!(inside(folder, "files/uploads/a").unwrap(), Path::new("/backup/files/uploads/a"));
        for hostile in ["", "..", "/etc/passwd", "files/../../etc/passwd", "./x/.."] {
            assert!(inside(folder, hostile).is_err(), "{hostile}");
        }
    }

    #[test]
    fn a_copy_has_the_digest_of_its_bytes_and_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let (from, into) = (folder.path().join("a"), folder.path().join("deep/er/b"));
        fs::write(&from, b"abc").unwrap();
        let copied = copy(&from, &into, "b", 0o600).unwrap().unwrap();
        let sha = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!((copied.bytes, copied.sha256.as_str()), (3, sha));
        assert_eq!(digest(&into, "b").unwrap(), copied);
        assert!(copy(&from, &into, "b", 0o600).is_err());
        assert_eq!(copy(&folder.path().join("gone"), &folder.path().join("c"), "c", 0o600).unwrap(), None);
    }
}
