//! The job that counts a year: one provider after another, each in a transaction of its own, then one that writes the
//! snapshot. Killed, it starts again from the first; run twice, the second finds it done.

use std::collections::BTreeMap;

use domain::access::ProviderScope;
use domain::credit::{CreditStatus, Kind};
use domain::{Amount, Board, YearReportId};
use store::ReadTx;
use store::jobs::Job;
use store::organizations::{self, Provider};
use store::year_reports::{self, ActivityGroup, Group};

use super::few::{self, Counted};
use super::figures::{BoardLine, By, Figures, Line, Lines};
use crate::lease::lease_end;
use crate::{App, Error, Result};

/// The kind of job that counts a year.
pub const COUNT_YEAR: &str = "count_year";

/// Providers after which the job says how far it is.
const TELL_AFTER: usize = 50;

/// Counts the year of a report.
pub(crate) async fn work(app: &App, job: &Job, id: YearReportId) -> Result<()> {
    let mut tx = app.store.read().await?;
    let Some(mut report) = year_reports::find_for_work(&mut tx, id).await? else { return Ok(()) };
    if report.counted_at.is_some() {
        return Ok(());
    }
    let providers = organizations::list_providers(&mut tx).await?;
    drop(tx);
    let begun = app.clock.now();
    report.providers = i64::try_from(providers.len()).unwrap_or(i64::MAX);
    let mut tally = Tally::default();
    for (done, provider) in (0_i64..).zip(&providers) {
        if usize::try_from(done).is_ok_and(|done| done.is_multiple_of(TELL_AFTER)) {
            let mut tx = app.store.write().await?;
            store::jobs::hold(&mut tx, job, lease_end(app)).await?;
            year_reports::progress(&mut tx, id, done, report.providers, begun).await?;
            tx.commit().await?;
        }
        tally.count(&mut app.store.read().await?, provider, report.year).await?;
    }
    let figures = serde_json::to_string(&tally.figures())
        .map_err(|error| Error::Internal(format!("a report could not be written: {error}")))?;
    let mut tx = app.store.write().await?;
    store::jobs::hold(&mut tx, job, lease_end(app)).await?;
    year_reports::progress(&mut tx, id, report.providers, report.providers, begun).await?;
    year_reports::finish(&mut tx, &report, &figures, app.clock.now()).await?;
    Ok(tx.commit().await?)
}

#[derive(Default)]
struct Tally {
    total: Counted,
    by: BTreeMap<(By, String), Counted>,
    boards: BTreeMap<Board, CountedBoard>,
}

struct CountedBoard {
    line: BoardLine,
    providers: usize,
}

impl Tally {
    async fn count(&mut self, tx: &mut ReadTx, provider: &Provider, year: i16) -> Result<()> {
        let scope = ProviderScope::of_record(provider.id);
        let mut ended = year_reports::activities(tx, &scope, year).await?;
        ended.extend(year_reports::running(tx, &scope, year).await?);
        for ActivityGroup { group, activities, offered, physicians, others } in ended {
            let closed = if group.is_closed { activities } else { 0 };
            self.add(provider, &group, &Line { activities, closed, offered, physicians, others, ..Line::default() });
        }
        for one in year_reports::completions(tx, &scope, year).await? {
            self.add(provider, &one.group, &Line { completions: one.completions, ..Line::default() });
        }
        let mut boards: BTreeMap<Board, BoardLine> = BTreeMap::new();
        for one in year_reports::registrations(tx, &scope, year).await? {
            let line = boards.entry(one.board).or_insert_with(|| nothing_of(one.board));
            line.activities += one.activities;
            line.offered = line.offered + one.points;
        }
        for one in year_reports::credits(tx, &scope, year).await? {
            match one.kind {
                Kind::Cme => self.add(provider, &one.group, &Line { cme: one.amount, ..Line::default() }),
                Kind::Moc(board) if one.status != CreditStatus::Rejected => {
                    let line = boards.entry(board).or_insert_with(|| nothing_of(board));
                    line.completions += one.credits;
                    line.points = line.points + one.amount;
                }
                Kind::Moc(_) | Kind::Rems => {}
            }
        }
        for (board, line) in boards {
            self.add_board(board, &line);
        }
        Ok(())
    }

    /// Adds to every line that the group belongs to. Nothing leaves no trace, so that it makes nobody a provider of
    /// the year.
    fn add(&mut self, provider: &Provider, group: &Group, line: &Line) {
        if *line == Line::default() {
            return;
        }
        self.total.line.add(line);
        self.total.providers.insert(provider.id);
        for by in By::ALL {
            let key = key(by, provider, group);
            let counted = self.by.entry((by, key.clone())).or_insert_with(|| Counted { key, ..Counted::default() });
            counted.line.add(line);
            counted.providers.insert(provider.id);
        }
    }

    fn add_board(&mut self, board: Board, line: &BoardLine) {
        let none = || CountedBoard { line: nothing_of(board), providers: 0 };
        let counted = self.boards.entry(board).or_insert_with(none);
        counted.providers += 1;
        counted.line.providers += 1;
        counted.line.activities += line.activities;
        counted.line.offered = counted.line.offered + line.offered;
        counted.line.completions += line.completions;
        counted.line.points = counted.line.points + line.points;
    }

    fn figures(&self) -> Figures {
        let of = |by: By| self.by.iter().filter(move |((one, _), _)| *one == by).map(|(_, counted)| counted.clone());
        let each = By::ALL.map(|by| (by, of(by).collect::<Vec<Counted>>()));
        let is_few = |one: &&CountedBoard| few::is_few(one.providers, &[one.line.completions]);
        let (little, enough): (Vec<&CountedBoard>, Vec<&CountedBoard>) = self.boards.values().partition(is_few);
        Figures {
            total: self.total.named().line,
            staff: Lines {
                by: each.iter().map(|(by, lines)| (*by, lines.iter().map(Counted::named).collect())).collect(),
                boards: self.boards.values().map(|one| one.line.clone()).collect(),
                few: Vec::new(),
            },
            everybody: Lines {
                by: each.iter().map(|(by, lines)| (*by, few::joined(lines))).collect(),
                boards: enough.iter().map(|one| one.line.clone()).collect(),
                few: little.iter().map(|one| one.line.board).collect(),
            },
        }
    }
}

fn nothing_of(board: Board) -> BoardLine {
    BoardLine { board, providers: 0, activities: 0, offered: Amount::ZERO, completions: 0, points: Amount::ZERO }
}

/// What a group of a provider's activities is found under. A word that sorts as the list is read.
fn key(by: By, provider: &Provider, group: &Group) -> String {
    let known = |text: &str| if text.is_empty() { NONE.to_owned() } else { text.to_owned() };
    match by {
        By::Format => group.format.code().to_owned(),
        By::OrganizationType => known(&provider.organization_type),
        By::State => known(&provider.state),
        By::Delivery => match group.deliveries.as_slice() {
            [] => NONE.to_owned(),
            ways => ways.iter().map(|way| way.code()).collect::<Vec<_>>().join("+"),
        },
        By::Stage => if group.is_closed { CLOSED } else { OPEN }.to_owned(),
    }
}

/// Words for keys that no list has.
pub(super) const NONE: &str = "none";
pub(super) const CLOSED: &str = "closed";
pub(super) const OPEN: &str = "open";
