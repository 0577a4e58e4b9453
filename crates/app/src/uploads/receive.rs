//! Receiving a file: streamed to disk, synced, and only then acknowledged with its upload and job.

use std::path::{Path, PathBuf};

use domain::access::{Actor, ProviderScope, Seat};
use domain::{Code, JobId, Problem, UploadId};
use futures::{Stream, StreamExt, pin_mut};
use sha2::{Digest, Sha256};
use store::uploads::{NewUpload, Source, Submitter, Upload};
use tokio::io::AsyncWriteExt;

use super::process::PROCESS_UPLOAD;
use super::stored_file;
use crate::idempotency::{self, RequestKey};
use crate::{App, Error, Result, audit, providers};

/// A received file: a new upload, or the earlier one of the same bytes.
#[derive(Debug, Clone)]
pub struct Received {
    pub upload: Upload,
    pub seen_before: bool,
}

/// A file that lies safely on disk but belongs to no upload yet; dropped, it is removed.
#[derive(Debug)]
pub struct Staged {
    id: UploadId,
    bytes: i64,
    digest: String,
    file: UnclaimedFile,
}

impl Staged {
    /// Where it lies until it is dropped or received.
    pub fn path(&self) -> &Path {
        &self.file.path
    }
}

/// Writes a file to disk while it comes in. `Problems` when it is empty or too large.
pub async fn stage<S, B, E>(app: &App, bytes: S) -> Result<Staged>
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
    E: std::fmt::Display,
{
    let id = UploadId::new(app.chance.id(app.clock.now()));
    let file = UnclaimedFile { path: stored_file(app, id) };
    let (length, digest) = store_bytes(&file.path, app.config.upload_bytes, bytes).await?;
    Ok(Staged { id, bytes: length, digest, file })
}

/// Accepts a staged file from somebody who states that the learners' permission is held. `name` is
/// whatever the sender calls the file: it is shown, never used as a path.
pub async fn receive(app: &App, actor: &Actor, sender: &str, name: &str, staged: Staged) -> Result<Received> {
    receive_once(app, actor, sender, name, staged, None).await
}

/// As [`receive`], for a program that may send a request again and names it by a key.
pub async fn receive_once(
    app: &App,
    actor: &Actor,
    sender: &str,
    name: &str,
    staged: Staged,
    key: Option<&RequestKey>,
) -> Result<Received> {
    receive_as(app, actor, sender, name, staged, key, "uploads").await
}

/// As [`receive_once`] for a file that came by another call: keys stand for a call and what was sent.
pub(crate) async fn receive_as(
    app: &App,
    actor: &Actor,
    sender: &str,
    name: &str,
    staged: Staged,
    key: Option<&RequestKey>,
    call: &str,
) -> Result<Received> {
    let scope = reporter(actor)?;
    providers::must_be_in_good_standing(app, &scope).await?;
    let digest = staged.digest.clone();
    let request = idempotency::request(call, &digest);
    if let Some(answered) = answered(app, &scope, key, &request, &digest).await? {
        return Ok(answered);
    }
    let now = app.clock.now();
    let path = staged.file.path.clone();
    let format = tokio::task::spawn_blocking(move || formats::sniff(&path)).await;
    let format = format.map_err(|error| Error::Internal(error.to_string()))?;
    let format = format.map_err(|problem| Error::Problems(vec![problem]))?;
    let upload = NewUpload {
        id: staged.id,
        source: Source::File,
        submitter: Submitter { who: actor.who, name: sender.to_owned() },
        file_name: shown_name(name),
        file_format: serde_json::to_string(&format).map_err(|error| Error::Internal(error.to_string()))?,
        file_bytes: staged.bytes,
        digest: staged.digest,
        permission_on: app.clock.today(),
        received_at: now,
    };
    let mut tx = app.store.write().await?;
    let seen_before = !store::uploads::insert(&mut tx, &scope, &upload).await?;
    if !idempotency::keep(app, &mut tx, key, &request, &seen_before).await? {
        drop(tx);
        return answered(app, &scope, key, &request, &digest).await?.ok_or(Error::Stale);
    }
    if !seen_before {
        let job = JobId::new(app.chance.id(now));
        store::jobs::enqueue(&mut tx, job, PROCESS_UPLOAD, &upload.id.to_string(), now, now).await?;
        audit::record(app, &mut tx, actor, "upload.receive", upload.id, None, &upload.file_name).await?;
        // from here on the file is the upload's: should the commit's answer get lost, it must be there
        staged.file.claim();
    }
    tx.commit().await?;
    app.jobs.wake();
    let mut tx = app.store.read().await?;
    let upload = store::uploads::find_by_digest(&mut tx, &scope, &digest).await?.ok_or(Error::NotFound)?;
    Ok(Received { upload, seen_before })
}

/// What the same request was answered before; the bytes lead to its upload.
async fn answered(
    app: &App,
    scope: &ProviderScope,
    key: Option<&RequestKey>,
    request: &str,
    digest: &str,
) -> Result<Option<Received>> {
    let mut tx = app.store.read().await?;
    let Some(seen_before) = idempotency::earlier(&mut tx, key, request).await? else { return Ok(None) };
    let upload = store::uploads::find_by_digest(&mut tx, scope, digest).await?;
    Ok(upload.map(|upload| Received { upload, seen_before }))
}

fn reporter(actor: &Actor) -> Result<ProviderScope> {
    let least = domain::access::ProviderRole::LearnerData;
    match (actor.provider(least), actor.seat) {
        (Some(scope), _) => Ok(scope),
        (None, Seat::Provider(..)) => Err(Error::Forbidden("your role in this organization only reads")),
        (None, _) => Err(Error::Forbidden("only accredited providers report learners")),
    }
}

/// Writes the stream to a file that survives a power cut, and gives its length and hex SHA-256.
pub(crate) async fn store_bytes<S, B, E>(path: &Path, most: u64, bytes: S) -> Result<(i64, String)>
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
    E: std::fmt::Display,
{
    let folder = path.parent().unwrap_or(Path::new("."));
    tokio::fs::create_dir_all(folder).await?;
    let part = UnclaimedFile { path: path.with_extension("part") };
    let mut file = tokio::fs::File::create(&part.path).await?;
    let mut digest = Sha256::new();
    let mut length: u64 = 0;
    pin_mut!(bytes);
    while let Some(piece) = bytes.next().await {
        let piece = piece.map_err(|error| Error::Io(std::io::Error::other(error.to_string())))?;
        length += piece.as_ref().len() as u64;
        if length > most {
            let limit = format!("{} MB", most >> 20);
            return Err(Error::Problems(vec![Problem::file(Code::FileTooLarge).fact(limit)]));
        }
        digest.update(piece.as_ref());
        file.write_all(piece.as_ref()).await?;
    }
    if length == 0 {
        return Err(Error::Problems(vec![Problem::file(Code::FileEmpty)]));
    }
    file.sync_all().await?;
    tokio::fs::rename(&part.path, path).await?;
    // the name itself must survive too
    tokio::fs::File::open(folder).await?.sync_all().await?;
    let hex = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((i64::try_from(length).unwrap_or(i64::MAX), hex))
}

/// A file that is removed unless somebody claims it.
#[derive(Debug)]
pub(crate) struct UnclaimedFile {
    pub path: PathBuf,
}

impl UnclaimedFile {
    pub fn claim(self) {
        std::mem::forget(self);
    }
}

impl Drop for UnclaimedFile {
    fn drop(&mut self) {
        // gone already after a rename; nothing to do about a disk that refuses
        let _ = std::fs::remove_file(&self.path);
    }
}

/// A file name fit to be shown: no folders, no control characters, not endless.
pub(crate) fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|c| !c.is_control()).take(120).collect();
    if shown.trim().is_empty() { "learners".to_owned() } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_shown_but_never_a_path() {
        assert_eq!(shown_name("../../etc/passwd"), "passwd");
        assert_eq!(shown_name("C:\\temp\\Learners\u{7}.xlsx"), "Learners.xlsx");
        assert_eq!(shown_name("  "), "learners");
    }
}
