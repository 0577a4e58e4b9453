//! The job of an import: compares the file with the registry and waits for somebody to let it in; then settles it.
//!
//! Before settling it compares once more. If more would end than the person saw who let it in, it goes back and waits:
//! the registry has changed since.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::RegistryImportId;
use store::jobs::Job;
use store::registry_imports::{self, RegistryImport, RowProblem, Stand, State};

use super::comparing::{Compared, compare};
use super::ending::end_absent;
use super::preview::Preview;
use super::problems::kept;
use super::{PROBLEMS_KEPT, kind_of, of_roster, stored_file};
use crate::lease::lease_end;
use crate::rosters::{Progress, Summary, Under, import, reading};
use crate::{App, Error, Result, audit};

/// The kind of job that works on an import.
pub const IMPORT_ROSTER: &str = "import_roster";

/// How often it is written down how far comparing is.
const TELL: Duration = Duration::from_millis(700);

/// Works on an import as far as it goes without a person.
pub(crate) async fn work(app: &App, job: &Job, id: RegistryImportId) -> Result<()> {
    let mut tx = app.store.read().await?;
    let Some(found) = registry_imports::find_for_work(&mut tx, id).await? else { return Ok(()) };
    drop(tx);
    if !found.state.is_running() {
        return Ok(());
    }
    match proceed(app, job, &found, &|_, _| {}).await {
        Ok(_) => Ok(()),
        Err(Error::Problems(problems)) => {
            let words: Vec<String> = problems.iter().map(of_roster).collect();
            refuse(app, job, &found, &words.join(" ")).await
        }
        Err(other) => Err(other),
    }
}

/// What came of it.
#[derive(Debug)]
pub(super) enum Proceeded {
    /// It waits for somebody to let it in.
    Waits(Preview),
    Done(Summary),
}

pub(super) async fn proceed(app: &App, job: &Job, found: &RegistryImport, progress: Progress<'_>) -> Result<Proceeded> {
    let kind = kind_of(found)?;
    let path = stored_file(app, &found.digest);
    // a disk that does not answer is the operator's trouble, not a verdict on the file
    std::fs::File::open(&path)?;
    let compared = compared(app, job, found, &path).await?;
    let is_let_in = found.state == State::Importing;
    let ends = i64::try_from(compared.preview.ends()).unwrap_or(i64::MAX);
    if !is_let_in || (compared.preview.is_braked() && ends > found.ends_allowed) {
        wait(app, job, found, &compared).await?;
        return Ok(Proceeded::Waits(compared.preview));
    }
    let under = Under { import: found.id, job, issuer: &found.issuer };
    let summary = import(app, kind, &path, &found.file_name, Some(under), progress).await?;
    if compared.preview.ends_absent {
        end_absent(app, found, &compared.preview, &compared.named, under).await?;
        app.registry.refresh(&app.store).await?;
    }
    finish(app, job, found, &summary).await?;
    Ok(Proceeded::Done(summary))
}

/// Compares, and says meanwhile how far it is.
async fn compared(app: &App, job: &Job, found: &RegistryImport, path: &Path) -> Result<Compared> {
    let kind = kind_of(found)?;
    let of = number(reading::lines(path).await?);
    let read = AtomicU64::new(0);
    let told = |rows: u64| read.store(rows, Ordering::Relaxed);
    tokio::select! {
        compared = compare(app, kind, path, &found.issuer, found.is_whole, &told) => compared,
        lost = telling(app, job, found, of, &read) => lost,
    }
}

/// Writes down now and then how far comparing is; ends only when the lease is lost.
async fn telling(app: &App, job: &Job, found: &RegistryImport, of: i64, read: &AtomicU64) -> Result<Compared> {
    loop {
        let done = number(read.load(Ordering::Relaxed));
        let mut tx = app.store.write().await?;
        store::jobs::hold(&mut tx, job, lease_end(app)).await?;
        let stand = Stand { stage: "comparing".to_owned(), done, of: of.max(done) };
        registry_imports::set_stand(&mut tx, found.id, &stand, app.clock.now()).await?;
        tx.commit().await?;
        tokio::time::sleep(TELL).await;
    }
}

fn kept_problems(problems: &[formats::roster::RosterProblem]) -> Vec<RowProblem> {
    problems.iter().take(PROBLEMS_KEPT).map(kept).collect()
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

async fn wait(app: &App, job: &Job, found: &RegistryImport, compared: &Compared) -> Result<()> {
    let Compared { preview, problems, .. } = compared;
    let text = serde_json::to_string(preview).map_err(|error| Error::Internal(error.to_string()))?;
    let counts = (number(preview.rows), number(preview.refused));
    let mut tx = app.store.write().await?;
    store::jobs::hold(&mut tx, job, lease_end(app)).await?;
    let note = match found.state {
        State::Importing => "More would end than was said when it was let in: the registry has changed since.",
        _ => "",
    };
    registry_imports::set_compared(&mut tx, found.id, &text, note, counts, &kept_problems(problems)).await?;
    Ok(tx.commit().await?)
}

async fn finish(app: &App, job: &Job, found: &RegistryImport, summary: &Summary) -> Result<()> {
    let whole = (number(summary.rows), number(summary.refused), number(summary.review));
    let mut tx = app.store.write().await?;
    store::jobs::hold(&mut tx, job, lease_end(app)).await?;
    registry_imports::finish(&mut tx, found.id, whole, &kept_problems(&summary.problems), app.clock.now()).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn refuse(app: &App, job: &Job, found: &RegistryImport, why: &str) -> Result<()> {
    let mut tx = app.store.write().await?;
    store::jobs::hold(&mut tx, job, lease_end(app)).await?;
    registry_imports::refuse(&mut tx, found.id, why, app.clock.now()).await?;
    audit::record_nobody(app, &mut tx, "registry_import.refuse", found.id, why).await?;
    Ok(tx.commit().await?)
}
