//! Rosters of licensing and certifying boards, merged into the registry (matching.md, Around the
//! engine).
//!
//! A row whose own license or diplomate ID is known updates its physician; one with another identifier
//! in common is attached; one that nobody could be meant by is a new physician. Rows that only share a
//! name and a birthday with somebody are put aside until the whole file is read, and asked again, with
//! the rows of the review list, for as long as any of them settles. What is not sure then waits for a
//! person. Importing the same file again changes nothing, nor does the order of its rows.

mod batch;
mod changed;
mod entry;
pub mod imports;
mod judging;
mod known;
mod made;
mod merging;
mod middles;
mod odds;
mod reading;
pub mod settle;
pub mod standings;
mod summary;
mod waiting;

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::Path;

use domain::{PhysicianId, RegistryImportId, ReviewId};
pub use formats::roster::RosterProblem;
use store::Room;
use store::jobs::Job;
use store::physicians::{self, Coverage};
use store::registry_imports::Stand;
use store::reviews;

use crate::error::Result;
use crate::{App, retry};
use batch::{Desk, Done, Reading};
use changed::Changed;
use entry::{Entry, Identifier};
use judging::Again;
use middles::Middles;
use odds::Scale;
use reading::Rows;
pub use summary::Summary;
use waiting::Waiting;

/// Rows in one transaction. The more, the fewer pages of an index are written again and again.
const BATCH: usize = 16_000;
/// Problems that a summary keeps with their rows; the rest are only counted.
const PROBLEMS_KEPT: usize = 1_000;
/// Readings of the rows that wait. Each settles far fewer than the one before; what then is left can be settled
/// by the next import.
const READINGS: usize = 8;

/// Told what has become of the rows, and how far the work is.
pub type Progress<'a> = &'a (dyn Fn(&Summary, At) + Send + Sync);

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    pub stage: Stage,
    pub done: u64,
    /// About how many there are.
    pub of: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Rows are read for the first time.
    Rows,
    /// Rows that waited are asked again.
    Waiting,
}

impl Stage {
    /// The word that is stored while an import is in this part.
    pub fn code(self) -> &'static str {
        match self {
            Stage::Rows => "rows",
            Stage::Waiting => "waiting",
        }
    }
}

/// Which kind of roster. Its word stands in the review list and the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Licenses,
    Certifications,
}

impl Kind {
    pub const ALL: [Kind; 2] = [Kind::Licenses, Kind::Certifications];

    pub fn code(self) -> &'static str {
        match self {
            Kind::Licenses => "licenses",
            Kind::Certifications => "certifications",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// The record of an import, the lease of the worker that does it, and whose rows alone are taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Under<'a> {
    pub(crate) import: RegistryImportId,
    pub(crate) job: &'a Job,
    /// A state's or board's code; empty takes any.
    pub(crate) issuer: &'a str,
}

/// Whether a board calls a license or certification active. Everything else is not, however it is worded.
pub fn is_active(status: &str) -> bool {
    ["active", "certified"].iter().any(|word| status.eq_ignore_ascii_case(word))
}

/// Imports a licensing board's roster. [`Error::Problems`] means the file as a whole is refused;
/// rows with problems are in the summary. What is settled before a crash stays settled.
pub async fn import_licenses(app: &App, path: &Path, progress: Progress<'_>) -> Result<Summary> {
    import(app, Kind::Licenses, path, "", None, progress).await
}

/// Imports a certifying board's roster; see [`import_licenses`].
pub async fn import_certifications(app: &App, path: &Path, progress: Progress<'_>) -> Result<Summary> {
    import(app, Kind::Certifications, path, "", None, progress).await
}

/// As [`import_licenses`], of either kind. `name`: what people call the file, if not by its path. With a record, each
/// batch says in its own transaction how far the work is and what it did, and a worker whose lease is lost commits
/// nothing more.
pub(crate) async fn import(
    app: &App,
    kind: Kind,
    path: &Path,
    name: &str,
    under: Option<Under<'_>>,
    progress: Progress<'_>,
) -> Result<Summary> {
    app.store.make_room(Room::Bulk).await?;
    let imported = match Import::new(app, kind, path, name, under, progress).await {
        Ok(import) => import.run().await,
        Err(error) => Err(error),
    };
    let made_usual = app.store.make_room(Room::Usual).await;
    let summary = imported?;
    made_usual?;
    Ok(summary)
}

struct Import<'a> {
    app: &'a App,
    kind: Kind,
    path: &'a Path,
    /// The file's name, for the audit.
    file: String,
    under: Option<Under<'a>>,
    /// Lines of the file.
    lines: u64,
    /// How far the work is.
    at: At,
    progress: Progress<'a>,
    summary: Summary,
    middles: Middles,
    waiting: Waiting,
    /// Texts of rows that staff took off the review list.
    dismissed: HashSet<String>,
    /// Physicians whose license, on the review list, a certifying board has named.
    named: HashMap<Identifier, PhysicianId>,
    /// What the reading before this one changed; nothing is known of it in the second and in the last.
    before: Option<Changed>,
    changed: Changed,
}

impl<'a> Import<'a> {
    async fn new(
        app: &'a App,
        kind: Kind,
        path: &'a Path,
        name: &str,
        under: Option<Under<'a>>,
        progress: Progress<'a>,
    ) -> Result<Self> {
        let mut tx = app.store.read().await?;
        let dismissed = reviews::dismissed_rows(&mut tx, kind.code()).await?;
        Ok(Self {
            app,
            kind,
            path,
            file: match name {
                "" => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                name => name.to_owned(),
            },
            under,
            lines: reading::lines(path).await?,
            at: At { stage: Stage::Rows, done: 0, of: 0 },
            progress,
            summary: Summary::default(),
            middles: Middles::default(),
            waiting: Waiting::default(),
            dismissed,
            named: HashMap::new(),
            before: None,
            changed: Changed::default(),
        })
    }

    /// Opens the file from its beginning.
    fn rows(&self) -> Result<Rows> {
        reading::open(self.kind, self.path, self.under.map_or("", |under| under.issuer))
    }

    async fn run(mut self) -> Result<Summary> {
        self.listed(None, &mut Waiting::default()).await?;
        self.read().await?;
        self.changed = Changed::default();
        let scale = self.scale().await?;
        for _ in 0..READINGS {
            let (before, mut next) = (self.settled(), Waiting::default());
            self.waiting_rows(&scale, false, &mut next).await?;
            self.listed(Some(&scale), &mut next).await?;
            self.waiting = next;
            self.before = Some(std::mem::take(&mut self.changed));
            if self.settled() == before {
                break;
            }
        }
        self.before = None;
        self.waiting_rows(&scale, true, &mut Waiting::default()).await?;
        self.app.registry.refresh(&self.app.store).await?;
        Ok(self.summary)
    }

    fn settled(&self) -> u64 {
        let so_far = &self.summary;
        so_far.new + so_far.attached + so_far.updated + so_far.unchanged + so_far.from_list
    }

    /// The first reading.
    async fn read(&mut self) -> Result<()> {
        let mut rows = self.rows()?;
        let mut put_off: VecDeque<Entry> = VecDeque::new();
        loop {
            let mut batch: Vec<Entry> = put_off.drain(..).collect();
            while batch.len() < BATCH {
                let Some(row) = rows.next() else { break };
                self.summary.rows += 1;
                match row {
                    Ok(entry) => {
                        self.middles.add(&entry);
                        batch.push(entry);
                    }
                    Err(problem) => {
                        self.summary.refused += 1;
                        if self.summary.problems.len() < PROBLEMS_KEPT {
                            self.summary.problems.push(problem);
                        }
                    }
                }
            }
            if batch.is_empty() {
                return Ok(());
            }
            let of = self.lines.max(self.summary.rows);
            self.at = At { stage: Stage::Rows, done: self.summary.rows, of };
            let done = self.settle(&batch, Reading::First).await?;
            let waiting = self.note(done, &mut batch);
            waiting.iter().for_each(|entry| self.waiting.add(entry));
            put_off.extend(batch);
            (self.progress)(&self.summary, self.at);
        }
    }

    /// Asks again about the rows of the file that wait. `last`: those that still do go to the review list.
    async fn waiting_rows(&mut self, scale: &Scale, last: bool, next: &mut Waiting) -> Result<()> {
        let mut rows: Rows = match self.waiting.take_kept() {
            Some(kept) => Box::new(kept.into_iter().map(Ok)),
            None => self.rows()?,
        };
        let (mut done, of) = (0, self.waiting.rows.len() as u64);
        let mut put_off: VecDeque<Entry> = VecDeque::new();
        while done < of || !put_off.is_empty() {
            let mut batch: Vec<Entry> = put_off.drain(..).collect();
            while batch.len() < BATCH
                && done < of
                && let Some(row) = rows.next()
            {
                if let Ok(entry) = row
                    && self.waiting.rows.contains(&entry.row)
                {
                    done += 1;
                    batch.push(entry);
                }
            }
            if batch.is_empty() {
                break;
            }
            self.at = At { stage: Stage::Waiting, done, of };
            self.ask_again(&mut batch, scale, last, next).await?;
            put_off.extend(batch);
            (self.progress)(&self.summary, self.at);
        }
        Ok(())
    }

    /// Asks again about the rows of the review list, of either kind; without a scale only looks what they say.
    async fn listed(&mut self, scale: Option<&Scale>, next: &mut Waiting) -> Result<()> {
        for kind in Kind::ALL {
            let mut after: Option<ReviewId> = None;
            let mut put_off: Vec<Entry> = Vec::new();
            loop {
                let mut tx = self.app.store.read().await?;
                let most = i64::try_from(BATCH).unwrap_or(i64::MAX);
                let page = reviews::waiting_after(&mut tx, kind.code(), after, most).await?;
                drop(tx);
                after = page.last().map(|review| review.id).or(after);
                let mut batch = std::mem::take(&mut put_off);
                batch.extend(page.iter().filter_map(Entry::of_review));
                if batch.is_empty() {
                    break;
                }
                match scale {
                    Some(scale) => self.ask_again(&mut batch, scale, false, next).await?,
                    None => batch.drain(..).for_each(|entry| self.waiting.add(&entry)),
                }
                put_off = batch;
            }
        }
        Ok(())
    }

    /// Asks again about some rows and leaves in the batch what is put off.
    async fn ask_again(&mut self, batch: &mut Vec<Entry>, scale: &Scale, last: bool, next: &mut Waiting) -> Result<()> {
        if let Some(before) = &self.before {
            let concerned = |entry: &Entry| before.may_concern(entry) || self.changed.may_concern(entry);
            let (asked, others): (Vec<Entry>, Vec<Entry>) = batch.drain(..).partition(concerned);
            others.iter().for_each(|entry| next.add(entry));
            *batch = asked;
            if batch.is_empty() {
                return Ok(());
            }
        }
        let again = Again { scale, middles: &self.middles, waiting: &self.waiting, named: &self.named };
        let reading = if last { Reading::Last(&again) } else { Reading::Again(&again) };
        let done = self.settle(batch, reading).await?;
        let left: HashSet<usize> = done.waiting.iter().chain(&done.put_off).copied().collect();
        let settled = batch.iter().enumerate().filter(|(place, _)| !left.contains(place));
        for (_, entry) in settled {
            self.waiting.forget(entry);
            self.changed.add(entry);
        }
        self.note(done, batch).iter().for_each(|entry| next.add(entry));
        Ok(())
    }

    async fn settle(&self, batch: &[Entry], reading: Reading<'_>) -> Result<Done> {
        let At { stage, done, of } = self.at;
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let stand = Stand { stage: stage.code().to_owned(), done: number(done), of: number(of) };
        let desk = Desk { file: &self.file, dismissed: &self.dismissed, under: self.under, stand };
        retry::on_race(|| batch::settle(self.app, &desk, batch, reading)).await
    }

    /// Counts what became of a batch, leaves in it what is put off, and gives what waits.
    fn note(&mut self, done: Done, batch: &mut Vec<Entry>) -> Vec<Entry> {
        self.summary.add(&done.counts);
        self.changed.extend(done.changed);
        // of interest are only those that wait
        self.named.extend(done.named.into_iter().filter(|(license, _)| self.waiting.has_license(license)));
        let at = |places: &[usize]| -> Vec<Entry> { places.iter().filter_map(|p| batch.get(*p).cloned()).collect() };
        let (waiting, put_off) = (at(&done.waiting), at(&done.put_off));
        *batch = put_off;
        waiting
    }

    async fn scale(&self) -> Result<Scale> {
        if self.waiting.is_empty() {
            return Ok(Scale::new(Coverage::default()));
        }
        let mut tx = self.app.store.read().await?;
        Ok(Scale::new(physicians::coverage(&mut tx).await?))
    }
}
