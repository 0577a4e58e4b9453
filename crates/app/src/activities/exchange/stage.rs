//! A file on its way in: written to disk and synced before anybody is told that it was received.

use std::path::{Path, PathBuf};

use domain::UploadId;
use formats::activities::Code;
use futures::{Stream, StreamExt, pin_mut};
use sha2::{Digest, Sha256};
use store::activity_files::Told;
use tokio::io::AsyncWriteExt;

use super::told;
use crate::{App, Result};

/// A file that lies safely on disk and belongs to nothing yet; dropped, it is removed.
#[derive(Debug)]
pub struct Staged {
    pub(super) id: UploadId,
    pub(super) bytes: i64,
    /// Hex SHA-256.
    pub(super) digest: String,
    pub(super) path: PathBuf,
    is_claimed: bool,
}

impl Staged {
    /// From now on the file belongs to a row of the database.
    pub(super) fn claim(mut self) {
        self.is_claimed = true;
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.is_claimed {
            // gone already, or a disk that refuses: nothing to do about either
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Where the bytes of a file lie.
pub(super) fn stored(app: &App, id: UploadId) -> PathBuf {
    app.config.uploads().join(format!("activities-{id}"))
}

/// Writes a file while it comes in. The inner error says what is wrong with it: empty or too large.
pub async fn stage<S, B, E>(app: &App, bytes: S) -> Result<std::result::Result<Staged, Told>>
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
    E: std::fmt::Display,
{
    let id = UploadId::new(app.chance.id(app.clock.now()));
    let path = stored(app, id);
    let folder = path.parent().unwrap_or(Path::new(".")).to_owned();
    tokio::fs::create_dir_all(&folder).await?;
    let mut file = tokio::fs::File::create(&path).await?;
    let mut staged = Staged { id, bytes: 0, digest: String::new(), path, is_claimed: false };
    let mut digest = Sha256::new();
    let mut length: u64 = 0;
    pin_mut!(bytes);
    while let Some(piece) = bytes.next().await {
        let piece = piece.map_err(|error| crate::Error::Io(std::io::Error::other(error.to_string())))?;
        length += piece.as_ref().len() as u64;
        if length > app.config.upload_bytes {
            return Ok(Err(told::of_file(Code::FileTooLarge, &format!("{} MB", app.config.upload_bytes >> 20))));
        }
        digest.update(piece.as_ref());
        file.write_all(piece.as_ref()).await?;
    }
    if length == 0 {
        return Ok(Err(told::of_file(Code::FileEmpty, "")));
    }
    file.sync_all().await?;
    // the name itself must survive too
    tokio::fs::File::open(&folder).await?.sync_all().await?;
    staged.bytes = i64::try_from(length).unwrap_or(i64::MAX);
    staged.digest = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Ok(staged))
}
