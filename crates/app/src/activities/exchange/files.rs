//! Files of activities: received, found again, and what format and kind each is of.

use domain::access::{Actor, ProviderScope};
use domain::{JobId, UploadId};
use formats::activities::{ActivityFormat, ActivityLimits, SheetKind, sniff};
use store::activity_files::{ActivityFile, FileKind, NewFile, Told};
use store::uploads::Submitter;

use super::super::editor;
use super::job::PROCESS_ACTIVITY_FILE;
use super::request::Answer;
use super::stage::Staged;
use super::told;
use crate::idempotency::{self, RequestKey};
use crate::{App, Error, Result, audit, providers};

/// A received file: a new one, or the earlier one of the same bytes.
#[derive(Debug, Clone)]
pub struct Received {
    pub file: ActivityFile,
    pub seen_before: bool,
}

/// Accepts a staged file; a job settles its records. `name` is whatever the sender calls the file: it
/// is shown, never used as a path. The inner error says why it is no file of activities.
pub async fn receive(
    app: &App,
    actor: &Actor,
    sender: &str,
    kind: FileKind,
    name: &str,
    staged: Staged,
) -> Result<std::result::Result<Received, Told>> {
    receive_once(app, actor, sender, kind, name, staged, None).await
}

/// As [`receive`], keeping the answer under the key of its request. [`Error::Stale`]: another request
/// has just taken the key.
pub(super) async fn receive_once(
    app: &App,
    actor: &Actor,
    sender: &str,
    kind: FileKind,
    name: &str,
    staged: Staged,
    keyed: Option<(&RequestKey, &str)>,
) -> Result<std::result::Result<Received, Told>> {
    let scope = editor(actor)?;
    providers::must_be_in_good_standing(app, &scope).await?;
    let path = staged.path.clone();
    let format = tokio::task::spawn_blocking(move || sniff(&path)).await;
    let format = match format.map_err(|error| Error::Internal(error.to_string()))? {
        Ok(format) => format,
        Err(problem) => return Ok(Err(told::problem(&problem))),
    };
    let now = app.clock.now();
    let new = NewFile {
        id: staged.id,
        kind,
        submitter: Submitter { who: actor.who, name: sender.to_owned() },
        file_name: shown_name(name),
        file_format: word_of(format)?,
        file_bytes: staged.bytes,
        digest: staged.digest.clone(),
        received_at: now,
    };
    let mut tx = app.store.write().await?;
    let seen_before = !store::activity_files::insert(&mut tx, &scope, &new).await?;
    if let Some((key, request)) = keyed
        && !idempotency::keep(app, &mut tx, Some(key), request, &Answer::Received { seen_before }).await?
    {
        return Err(Error::Stale);
    }
    if !seen_before {
        let job = JobId::new(app.chance.id(now));
        store::jobs::enqueue(&mut tx, job, PROCESS_ACTIVITY_FILE, &new.id.to_string(), now, now).await?;
        audit::record(app, &mut tx, actor, "activity_file.receive", new.id, None, &new.file_name).await?;
        // from here on the file is the record's: should the commit's answer get lost, it must be there
        staged.claim();
    }
    tx.commit().await?;
    app.jobs.wake();
    let received = received(app, &scope, kind, &new.digest, seen_before).await?;
    Ok(Ok(received.ok_or(Error::NotFound)?))
}

/// The file of these bytes, as it was received.
pub(super) async fn received(
    app: &App,
    scope: &ProviderScope,
    kind: FileKind,
    digest: &str,
    seen_before: bool,
) -> Result<Option<Received>> {
    let mut tx = app.store.read().await?;
    let file = store::activity_files::find_by_digest(&mut tx, scope, kind, digest).await?;
    Ok(file.map(|file| Received { file, seen_before }))
}

/// The provider's file of this ID.
pub async fn find(app: &App, scope: &ProviderScope, id: UploadId) -> Result<ActivityFile> {
    let mut tx = app.store.read().await?;
    store::activity_files::find(&mut tx, scope, id).await?.ok_or(Error::NotFound)
}

fn word_of(format: ActivityFormat) -> Result<String> {
    match format {
        ActivityFormat::Xml => Ok("xml".to_owned()),
        ActivityFormat::Json => Ok("json".to_owned()),
        ActivityFormat::Sheet(sheet) => {
            serde_json::to_string(&sheet).map_err(|error| Error::Internal(error.to_string()))
        }
    }
}

/// The format that a file came in.
pub fn file_format(file: &ActivityFile) -> Result<ActivityFormat> {
    match file.file_format.as_str() {
        "xml" => Ok(ActivityFormat::Xml),
        "json" => Ok(ActivityFormat::Json),
        sheet => {
            serde_json::from_str(sheet).map(ActivityFormat::Sheet).map_err(|error| Error::Internal(error.to_string()))
        }
    }
}

/// The kind of sheet that a kind of file is.
pub fn file_kind(kind: FileKind) -> SheetKind {
    match kind {
        FileKind::Activities => SheetKind::Activities,
        FileKind::Counts => SheetKind::Counts,
    }
}

/// What no file may exceed: the setting `upload_bytes`, and the formats' own limits.
pub(super) fn limits(app: &App) -> ActivityLimits {
    let mut limits = ActivityLimits::default();
    limits.sheet.file_bytes = app.config.upload_bytes;
    limits
}

/// A file name fit to be shown: no folders, no control characters, not endless.
fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|c| !c.is_control()).take(120).collect();
    if shown.trim().is_empty() { "activities".to_owned() } else { shown }
}
