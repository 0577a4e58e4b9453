//! A roster that the operator imports from a file on this machine: the same record, comparison and job, worked on by
//! the command itself. What a killed command left is taken over by the next one of the same file.

use std::path::Path;

use domain::{JobId, RegistryImportId};
use futures::stream;
use store::registry_imports::{self, Door, NewImport, RegistryImport, State};
use tokio::io::AsyncReadExt;

use super::preview::Preview;
use super::receive::stage;
use super::working::{IMPORT_ROSTER, Proceeded, proceed, refuse};
use super::{Kind, of_roster};
use crate::lease::lease_end;
use crate::rosters::{Progress, Summary};
use crate::uploads::shown_name;
use crate::{App, Error, Result, audit, jobs};

/// The largest roster from the disk.
const MOST_BYTES: u64 = 4 << 30;
/// Bytes copied at a time.
const PIECE: usize = 1 << 20;

/// How a command imports.
#[derive(Debug, Clone, Copy)]
pub struct Begun<'a> {
    pub kind: Kind,
    /// Whether active licenses that the file does not name end.
    pub is_whole: bool,
    /// How many licenses may end although that is more than the setting allows.
    pub ends_allowed: u64,
    /// Who says so, such as the name of the account on this machine.
    pub by: &'a str,
}

/// What came of it.
#[derive(Debug)]
pub enum Commanded {
    Done(Summary),
    /// More would end than may without a second look; nothing was changed.
    Braked(RegistryImportId, Preview),
}

/// Imports a roster from the disk and waits for its end.
///
/// Errors: `Problems` if nothing can be read; a lost lease if another command took the same file over.
pub async fn import_now(app: &App, path: &Path, begun: Begun<'_>, progress: Progress<'_>) -> Result<Commanded> {
    let file = tokio::fs::File::open(path).await?;
    let pieces = stream::try_unfold(file, |mut file| async move {
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        std::io::Result::Ok((read > 0).then_some((piece, file)))
    });
    let staged = stage(app, MOST_BYTES, pieces).await.map_err(of_file)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let new = NewImport {
        id: RegistryImportId::new(app.chance.id(app.clock.now())),
        kind: begun.kind.code().to_owned(),
        door: Door::Command,
        issuer: String::new(),
        is_whole: begun.is_whole,
        file_name: shown_name(&name),
        file_bytes: staged.bytes,
        digest: staged.digest.clone(),
        sent_by: None,
        sent_by_name: begun.by.to_owned(),
        received_at: app.clock.now(),
        state: State::Importing,
    };
    staged.keep(app).await?;
    let (import, job) = taken(app, &new).await?;
    let import = RegistryImport { ends_allowed: i64::try_from(begun.ends_allowed).unwrap_or(i64::MAX), ..import };
    let proceeded = tokio::select! {
        proceeded = proceed(app, &job, &import, progress) => proceeded,
        lost = jobs::keep_lease(app, &job) => Err(lost.err().unwrap_or(Error::Stale)),
    };
    let proceeded = match proceeded {
        Err(Error::Problems(problems)) => {
            let words: Vec<String> = problems.iter().map(of_roster).collect();
            refuse(app, &job, &import, &words.join(" ")).await?;
            Err(Error::Problems(problems))
        }
        other => other,
    };
    // an import that stopped for our own reasons is left to the job: it is tried again
    if matches!(proceeded, Ok(_) | Err(Error::Problems(_))) {
        let mut tx = app.store.write().await?;
        store::jobs::finish(&mut tx, &job, app.clock.now()).await?;
        tx.commit().await?;
    }
    Ok(match proceeded? {
        Proceeded::Done(summary) => Commanded::Done(summary),
        Proceeded::Waits(preview) => Commanded::Braked(import.id, preview),
    })
}

/// The import to work on, with its job in our hands: what an earlier command left, or a new one.
async fn taken(app: &App, new: &NewImport) -> Result<(RegistryImport, store::jobs::Job)> {
    let mut tx = app.store.write().await?;
    let left = registry_imports::find_unfinished(&mut tx, &new.kind, &new.digest).await?;
    let id = left.map_or(new.id, |import| import.id);
    if id == new.id {
        registry_imports::insert(&mut tx, new).await?;
        let now = app.clock.now();
        let job = JobId::new(app.chance.id(now));
        store::jobs::enqueue(&mut tx, job, IMPORT_ROSTER, &id.to_string(), now, now).await?;
        audit::record_nobody(app, &mut tx, "registry_import.receive", id, &new.file_name).await?;
    }
    let job = store::jobs::take_over(&mut tx, IMPORT_ROSTER, &id.to_string(), lease_end(app)).await?;
    let job = job.ok_or_else(|| Error::Internal("the import has no job".to_owned()))?;
    let import = registry_imports::find_for_work(&mut tx, id).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    Ok((import, job))
}

/// The command tells problems of the file by their codes.
fn of_file(error: Error) -> Error {
    match error {
        Error::Invalid(faults) => {
            Error::Internal(faults.into_iter().map(|fault| fault.message).collect::<Vec<_>>().join(" "))
        }
        other => other,
    }
}
