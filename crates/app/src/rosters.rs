//! Rosters of licensing and certifying boards, merged into the registry (matching.md, Around the
//! engine).
//!
//! A row whose own license or diplomate ID is known updates its physician; else the identity engine
//! decides. Only a match by an identifier is attached, only nobody at all becomes a new physician;
//! everything between waits for a person. Importing the same file again changes nothing.

mod batch;
mod entry;
mod known;
mod made;
mod merging;

use std::collections::VecDeque;
use std::path::Path;

use domain::Problem;
use formats::Limits;
pub use formats::roster::RosterProblem;

use crate::error::{Error, Result};
use crate::{App, retry};
use batch::Counts;
use entry::Entry;

/// Rows in one transaction.
const BATCH: usize = 4_000;
/// Problems that a summary keeps with their rows; the rest are only counted.
const PROBLEMS_KEPT: usize = 1_000;

/// What became of the rows of a roster.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    pub rows: u64,
    /// Physicians who were not in the registry.
    pub new: u64,
    /// Licenses or certifications added to physicians who were.
    pub attached: u64,
    /// Rows that changed a status, a date, or what is known of the physician.
    pub updated: u64,
    pub unchanged: u64,
    /// Rows that could not be merged safely and wait for a person, and how many of them are new.
    pub review: u64,
    pub newly_in_review: u64,
    /// Rows with problems, which were left out.
    pub refused: u64,
    /// The first problems.
    pub problems: Vec<RosterProblem>,
}

impl Summary {
    /// Whether the registry is as it was.
    pub fn changed_nothing(&self) -> bool {
        self.new + self.attached + self.updated + self.newly_in_review == 0
    }

    fn add(&mut self, counts: &Counts) {
        self.new += counts.new;
        self.attached += counts.attached;
        self.updated += counts.updated;
        self.unchanged += counts.unchanged;
        self.review += counts.review;
        self.newly_in_review += counts.newly_in_review;
    }
}

/// Told how many rows of about how many are settled, and what became of them.
pub type Progress<'a> = &'a (dyn Fn(&Summary, u64) + Send + Sync);

/// Which kind of roster. Its word stands in the review list and the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Licenses,
    Certifications,
}

impl Kind {
    pub fn code(self) -> &'static str {
        match self {
            Kind::Licenses => "licenses",
            Kind::Certifications => "certifications",
        }
    }
}

/// Imports a licensing board's roster. [`Error::Problems`] means the file as a whole is refused;
/// rows with problems are in the summary. What is settled before a crash stays settled.
pub async fn import_licenses(app: &App, path: &Path, progress: Progress<'_>) -> Result<Summary> {
    let rows = formats::roster::licenses(path, &Limits::roster()).map_err(refused)?;
    import(app, Kind::Licenses, path, rows.map(|row| row.map(Entry::of_license)), progress).await
}

/// Imports a certifying board's roster; see [`import_licenses`].
pub async fn import_certifications(app: &App, path: &Path, progress: Progress<'_>) -> Result<Summary> {
    let rows = formats::roster::certifications(path, &Limits::roster()).map_err(refused)?;
    import(app, Kind::Certifications, path, rows.map(|row| row.map(Entry::of_certification)), progress).await
}

fn refused(problem: Problem) -> Error {
    Error::Problems(vec![problem])
}

async fn import(
    app: &App,
    kind: Kind,
    path: &Path,
    mut rows: impl Iterator<Item = Result<Entry, RosterProblem>> + Send,
    progress: Progress<'_>,
) -> Result<Summary> {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let expected = lines(path).await?;
    let mut summary = Summary::default();
    // rows that may mean somebody whom the last batch has made: they go first in the next
    let mut waiting: VecDeque<Entry> = VecDeque::new();
    loop {
        let mut batch: Vec<Entry> = waiting.drain(..).collect();
        while batch.len() < BATCH {
            match rows.next() {
                None => break,
                Some(Ok(entry)) => {
                    summary.rows += 1;
                    batch.push(entry);
                }
                Some(Err(problem)) => {
                    summary.rows += 1;
                    summary.refused += 1;
                    if summary.problems.len() < PROBLEMS_KEPT {
                        summary.problems.push(problem);
                    }
                }
            }
        }
        if batch.is_empty() {
            break;
        }
        let settled = retry::on_race(|| batch::settle(app, kind, &file, &batch)).await?;
        summary.add(&settled.counts);
        waiting = settled.waiting.into_iter().filter_map(|place| batch.get(place).cloned()).collect();
        progress(&summary, expected.max(summary.rows));
    }
    app.registry.refresh(&app.store).await?;
    Ok(summary)
}

/// About how many rows a file has, for the progress bar.
async fn lines(path: &Path) -> Result<u64> {
    use tokio::io::AsyncReadExt;
    let mut file = tokio::fs::File::open(path).await?;
    let (mut buffer, mut lines) = (vec![0; 1 << 20], 0);
    loop {
        let read = file.read(&mut buffer).await?;
        if read == 0 {
            return Ok(lines);
        }
        lines += buffer.iter().take(read).filter(|byte| **byte == b'\n').count() as u64;
    }
}
