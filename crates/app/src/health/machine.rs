//! What only the operating system knows: free space, and the name of the machine.

use std::path::Path;

pub const MEGABYTE: u64 = 1024 * 1024;

/// Bytes that we may still write where this folder is. `None`: it cannot be looked at.
pub fn free_bytes(folder: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(folder).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

/// The machine's name and this process's number, such as `credence-1, process 812`.
pub(super) fn host() -> String {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    format!("{name}, process {}", std::process::id())
}
