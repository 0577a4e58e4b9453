//! The accreditor's report of a year: activities, credits, interactions and completions of all providers, by format,
//! organization type, state, delivery and board, and from year to year.
//!
//! It is a snapshot. A job counts provider by provider, each from its own indexes and tallies, and the moments at which
//! it began and ended stand on every page; so a page reads a few kilobytes, whatever the database holds. What everybody
//! may see is made in the same count (`few`), since only there it is known which providers stand behind a line.

mod counting;
mod few;
mod figures;
mod tables;
mod words;

use domain::access::{Actor, StaffScope, Who};
use domain::{AccountId, JobId, YearReportId};
use formats::tables::Table;
use store::year_reports::{self, YearReport};

pub use counting::COUNT_YEAR;
pub(crate) use counting::work;
pub use few::{FEWEST_LEARNERS, FEWEST_PROVIDERS};
pub use figures::{BoardLine, By, Figures, Line, Named, Shown};
pub use tables::{YEARS, board_table, table_of};
pub use words::{License, sentences};

use crate::clock::HOUR;
use crate::{App, Error, Result, audit};

/// The longest foreword of a published report, in characters.
pub const LONGEST_FOREWORD: usize = 2_000;
/// A count that is older is made anew by the system itself: of this year and the one before.
const DAILY: i64 = 24 * HOUR;

/// A count with its figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    pub report: YearReport,
    pub figures: Figures,
}

impl Snapshot {
    fn read(report: YearReport) -> Result<Self> {
        let figures = serde_json::from_str(&report.figures)
            .map_err(|error| Error::Internal(format!("report {} cannot be read: {error}", report.id)))?;
        Ok(Self { report, figures })
    }

    pub fn year(&self) -> i16 {
        self.report.year
    }
}

/// What staff see of a year.
#[derive(Debug, Clone, PartialEq)]
pub struct YearAtHand {
    /// The newest count.
    pub newest: Option<Snapshot>,
    /// A count on its way.
    pub open: Option<YearReport>,
    /// What everybody sees.
    pub published: Option<YearReport>,
    /// The newest count of every year, the oldest year first.
    pub trend: Vec<(i16, Line)>,
}

/// Years that can be looked at: from the first in which activities end to this one. The newest first.
pub async fn years(app: &App) -> Result<Vec<i16>> {
    let known = year_reports::years(&mut app.store.read().await?).await?;
    let this = app.clock.today().year();
    let first = known.map_or(this, |(first, _)| first.min(this));
    // a slip of the pen in a date makes no hundred tabs
    Ok((first.max(this.saturating_sub(MOST_YEARS - 1))..=this).rev().collect())
}

/// Years that are offered and counted at most.
const MOST_YEARS: i16 = 15;

/// A year as staff see it.
pub async fn at_hand(app: &App, scope: &StaffScope, year: i16) -> Result<YearAtHand> {
    let mut tx = app.store.read().await?;
    let newest = year_reports::newest(&mut tx, scope).await?;
    let open = year_reports::open(&mut tx).await?.into_iter().find(|report| report.year == year);
    let published = year_reports::published(&mut tx).await?.into_iter().find(|report| report.year == year);
    drop(tx);
    let snapshots: Vec<Snapshot> = newest.into_iter().map(Snapshot::read).collect::<Result<_>>()?;
    let trend = snapshots.iter().rev().map(|one| (one.year(), one.figures.total.clone())).collect();
    Ok(YearAtHand { newest: snapshots.into_iter().find(|one| one.year() == year), open, published, trend })
}

/// What everybody sees: the published year, and each published year before and after it for the trend, oldest first.
///
/// Errors: `NotFound` for a year that is not published.
pub async fn published(app: &App, year: i16) -> Result<(Snapshot, Vec<(i16, Line)>)> {
    let all = year_reports::published(&mut app.store.read().await?).await?;
    let all: Vec<Snapshot> = all.into_iter().map(Snapshot::read).collect::<Result<_>>()?;
    let trend = all.iter().rev().map(|one| (one.year(), one.figures.total.clone())).collect();
    let one = all.into_iter().find(|one| one.year() == year).ok_or(Error::NotFound)?;
    Ok((one, trend))
}

/// The published years, newest first.
pub async fn published_years(app: &App) -> Result<Vec<i16>> {
    let all = year_reports::published(&mut app.store.read().await?).await?;
    Ok(all.into_iter().map(|report| report.year).collect())
}

/// Asks for a new count of a year. Asking while one runs changes nothing.
///
/// Errors: `Invalid` on `year` for one that cannot be counted.
pub async fn ask(app: &App, actor: &Actor, _scope: &StaffScope, year: i16) -> Result<()> {
    if !years(app).await?.contains(&year) {
        return Err(Error::invalid("year", "No activity ends in this year, so there is nothing to count."));
    }
    let mut tx = app.store.write().await?;
    if enqueue(app, &mut tx, year, Some(account(actor)?)).await? {
        audit::record(app, &mut tx, actor, "report.count", year, None, "").await?;
    }
    tx.commit().await?;
    app.jobs.wake();
    Ok(())
}

async fn enqueue(app: &App, tx: &mut store::WriteTx, year: i16, by: Option<AccountId>) -> Result<bool> {
    let now = app.clock.now();
    let id = YearReportId::new(app.chance.id(now));
    let is_new = year_reports::insert(tx, id, year, by, now).await?;
    if is_new {
        let job = JobId::new(app.chance.id(now));
        store::jobs::enqueue(tx, job, COUNT_YEAR, &id.to_string(), now, now).await?;
    }
    Ok(is_new)
}

/// Has years counted that never were, and this year and the one before once a day. Run now and then.
pub async fn count_due(app: &App) -> Result<()> {
    let counted = year_reports::counted(&mut app.store.read().await?).await?;
    let (now, this) = (app.clock.now(), app.clock.today().year());
    for year in years(app).await? {
        let last = counted.iter().find(|(known, _)| *known == year).map(|(_, at)| *at);
        let is_due = match last {
            None => true,
            Some(at) => year >= this - 1 && at < now - DAILY,
        };
        if is_due {
            let mut tx = app.store.write().await?;
            enqueue(app, &mut tx, year, None).await?;
            tx.commit().await?;
        }
    }
    app.jobs.wake();
    Ok(())
}

/// Shows a count to everybody, with words of the staff before it.
///
/// Errors: `Invalid` on `foreword`, and on `publish` for a year that is not over or would show single providers;
/// `Stale` if a newer count is there or it is shown already.
pub async fn publish(app: &App, actor: &Actor, scope: &StaffScope, id: YearReportId, foreword: &str) -> Result<i16> {
    let foreword = foreword.replace('\r', "").trim().to_owned();
    if foreword.chars().count() > LONGEST_FOREWORD {
        return Err(Error::invalid("foreword", "The words have more than 2,000 characters. Shorten them."));
    }
    if foreword.chars().any(|letter| letter.is_control() && letter != '\n') {
        return Err(Error::invalid("foreword", "The words hold characters that cannot be shown. Type them anew."));
    }
    let by = account(actor)?;
    let mut tx = app.store.write().await?;
    let report = year_reports::find_for_work(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let newest = year_reports::newest(&mut tx, scope).await?.into_iter().find(|one| one.year == report.year);
    if newest.is_none_or(|newest| newest.id != id) {
        return Err(Error::Stale);
    }
    if report.year >= app.clock.today().year() {
        return Err(Error::invalid("publish", "This year is not over. Publish it when all of it is on record."));
    }
    let snapshot = Snapshot::read(report)?;
    if snapshot.figures.total.providers < FEWEST_PROVIDERS {
        let message = "Fewer than three providers reported in this year, so its figures would show what one reported.";
        return Err(Error::invalid("publish", message));
    }
    let now = app.clock.now();
    year_reports::take_back(&mut tx, scope, snapshot.year(), by, now).await?;
    if !year_reports::publish(&mut tx, scope, id, &foreword, by, now).await? {
        return Err(Error::Stale);
    }
    audit::record(app, &mut tx, actor, "report.publish", snapshot.year(), None, &id.to_string()).await?;
    tx.commit().await?;
    Ok(snapshot.year())
}

/// Shows a year to nobody any more.
///
/// Errors: `NotFound` if it is not shown.
pub async fn take_back(app: &App, actor: &Actor, scope: &StaffScope, year: i16) -> Result<()> {
    let mut tx = app.store.write().await?;
    if !year_reports::take_back(&mut tx, scope, year, account(actor)?, app.clock.now()).await? {
        return Err(Error::NotFound);
    }
    audit::record(app, &mut tx, actor, "report.take_back", year, None, "").await?;
    Ok(tx.commit().await?)
}

fn account(actor: &Actor) -> Result<AccountId> {
    match actor.who {
        Who::Account(account) => Ok(account),
        Who::ApiClient(_) => Err(Error::NotFound),
    }
}

/// All tables of a snapshot, in the order in which they are read.
pub fn all_tables(app: &App, snapshot: &Snapshot, trend: &[(i16, Line)], shown: Shown) -> Vec<Table> {
    tables::all(&app.reference.get(), snapshot, trend, shown)
}

/// All tables in one workbook, with what they are and the license in its first sheet.
pub fn workbook(app: &App, snapshot: &Snapshot, tables: &[Table], shown: Shown) -> Result<Vec<u8>> {
    let about = words::about(app, snapshot, shown);
    formats::tables::write_workbook(&about, tables).map_err(written)
}

/// One table as comma-separated text; `NotFound` for a key without a table.
pub fn csv(tables: &[Table], key: &str) -> Result<Vec<u8>> {
    let table = tables.iter().find(|table| table.key == key).ok_or(Error::NotFound)?;
    formats::tables::write_csv(table).map_err(written)
}

fn written(error: formats::result::WriteError) -> Error {
    Error::Internal(format!("a report could not be written: {error}"))
}
