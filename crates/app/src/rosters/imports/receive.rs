//! A roster comes in: streamed to disk, synced, its header looked at, and only then acknowledged.

use std::path::{Path, PathBuf};

use domain::access::Actor;
use domain::{JobId, RegistryImportId};
use futures::Stream;
use store::registry_imports::{self, NewImport, RegistryImport, Sender, State};

use super::working::IMPORT_ROSTER;
use super::{Kind, find, folder, kinds, of_roster, stored_file};
use crate::licensee_lists::person;
use crate::rosters::reading;
use crate::uploads::{UnclaimedFile, shown_name, store_bytes};
use crate::{App, Error, Result, audit};

/// A roster that lies safely on disk but belongs to no import yet; dropped, it is removed.
#[derive(Debug)]
pub struct Staged {
    pub(super) bytes: i64,
    pub(super) digest: String,
    pub(super) file: UnclaimedFile,
}

impl Staged {
    pub fn path(&self) -> &Path {
        &self.file.path
    }

    /// Puts the file where its digest is looked for. The same bytes may lie there already.
    pub(super) async fn keep(self, app: &App) -> Result<PathBuf> {
        let path = stored_file(app, &self.digest);
        tokio::fs::rename(&self.file.path, &path).await?;
        self.file.claim();
        // the name itself must survive a power cut too
        tokio::fs::File::open(folder(app)).await?.sync_all().await?;
        Ok(path)
    }
}

/// Writes a roster to disk while it comes in. `Invalid` on `file` when it is empty or too large.
pub async fn stage<S, B, E>(app: &App, most: u64, bytes: S) -> Result<Staged>
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
    E: std::fmt::Display,
{
    let path = folder(app).join(format!("{}.new", app.chance.id(app.clock.now())));
    let file = UnclaimedFile { path };
    let (bytes, digest) = store_bytes(&file.path, most, bytes).await.map_err(in_words)?;
    Ok(Staged { bytes, digest, file })
}

/// Problems of a file as a whole, beside the field.
pub(super) fn in_words(error: Error) -> Error {
    match error {
        Error::Problems(problems) => {
            let faults = problems.iter().map(|problem| crate::Fault::new("file", of_roster(problem)));
            Error::Invalid(faults.collect())
        }
        other => other,
    }
}

/// An import that was written down, or the earlier one of the same bytes.
#[derive(Debug, Clone)]
pub struct Received {
    pub import: RegistryImport,
    pub seen_before: bool,
}

/// What somebody says of a roster that they send.
#[derive(Debug, Clone, Copy)]
pub struct Sending<'a> {
    pub sender: &'a Sender,
    /// The person's name.
    pub by: &'a str,
    /// Whatever they call the file: it is shown, never used as a path.
    pub name: &'a str,
    pub kind: Kind,
    /// Whether active licenses that the file does not name shall end.
    pub is_whole: bool,
}

/// Accepts a staged roster. A file that the sender sent before is not read again.
///
/// Errors: `Invalid` on `kind` for a kind that the sender does not have, on `file` if nothing can be read;
/// `Forbidden` for programs.
pub async fn receive(app: &App, actor: &Actor, sending: Sending<'_>, staged: Staged) -> Result<Received> {
    let Sending { sender, by, name, kind, is_whole } = sending;
    let sent_by = person(actor)?;
    if !kinds(sender).contains(&kind) {
        return Err(Error::invalid("kind", "Choose the kind of roster."));
    }
    let mut tx = app.store.read().await?;
    let same = registry_imports::find_same(&mut tx, sender, kind.code(), &staged.digest).await?;
    drop(tx);
    if let Some(import) = same {
        return Ok(Received { import, seen_before: true });
    }
    check(kind, staged.path()).await.map_err(in_words)?;
    let now = app.clock.now();
    let import = NewImport {
        id: RegistryImportId::new(app.chance.id(now)),
        kind: kind.code().to_owned(),
        door: sender.door(),
        issuer: sender.issuer(),
        is_whole,
        file_name: shown_name(name),
        file_bytes: staged.bytes,
        digest: staged.digest.clone(),
        sent_by: Some(sent_by),
        sent_by_name: by.to_owned(),
        received_at: now,
        state: State::Comparing,
    };
    // should the commit's answer get lost, the file must be there
    staged.keep(app).await?;
    begin(app, actor, &import).await?;
    Ok(Received { import: find(app, sender, import.id).await?, seen_before: false })
}

/// Writes an import down with its job.
pub(super) async fn begin(app: &App, actor: &Actor, import: &NewImport) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    registry_imports::insert(&mut tx, import).await?;
    let job = JobId::new(app.chance.id(now));
    store::jobs::enqueue(&mut tx, job, IMPORT_ROSTER, &import.id.to_string(), now, now).await?;
    audit::record(app, &mut tx, actor, "registry_import.receive", import.id, None, &import.file_name).await?;
    tx.commit().await?;
    app.jobs.wake();
    Ok(())
}

/// Whether the file can be read as such a roster at all.
pub(super) async fn check(kind: Kind, path: &Path) -> Result<()> {
    let path = path.to_owned();
    let opened = tokio::task::spawn_blocking(move || reading::open(kind, &path, "").map(|_| ())).await;
    opened.map_err(|error| Error::Internal(format!("reading a roster stopped: {error}")))?
}
