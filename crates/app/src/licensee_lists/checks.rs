//! Checking a list against the board's requirement: asked for here, worked through by a job, kept as a snapshot.
//!
//! The job goes through the list in order and commits each stretch with its results and audit rows. Where it stands
//! is in the check itself, so that a job that was killed goes on there and one that runs twice does nothing twice.

use domain::access::{Actor, LicensingBoardScope, Seat, Who};
use domain::licensee_list::WhichCycle;
use domain::{ComplianceCheckId, JobId, LicenseeListId, PhysicianId};
use jiff::civil::Date;
use store::ReadTx;
use store::counters::{self, Counter};
use store::jobs::Job;
use store::licensee_lists::checks::{self, Check, Subject};
use store::licensee_lists::results::{self, ResultRow};

use super::assessing::{Assessed, Record, Rules, figures, known, look};
use crate::lease::lease_end;
use crate::{App, Error, Result, audit};

/// The kind of job that checks a list.
pub const CHECK_LICENSEE_LIST: &str = "check_licensee_list";

/// Licensees settled in one transaction.
pub const AT_ONCE: i64 = 1_000;

/// Asks for a check of a list. `by` is the person's name.
///
/// Errors: `NotFound` for another board's list; `Invalid` on `list` if nobody is on it, on `as_of` for a day that
/// cannot be looked at, and on `requirement` if the board has none.
pub async fn ask(
    app: &App,
    actor: &Actor,
    by: &str,
    scope: &LicensingBoardScope,
    list: LicenseeListId,
    as_of: Date,
    which: WhichCycle,
) -> Result<ComplianceCheckId> {
    let asked_by = super::person(actor)?;
    let list = super::find(app, scope, list).await?;
    if list.licensees == 0 {
        return Err(Error::invalid("list", "None of its rows means a licensee, so there is nobody to check."));
    }
    let rules = rules(app, scope, as_of, which)?;
    let now = app.clock.now();
    let check = Check {
        id: ComplianceCheckId::new(app.chance.id(now)),
        list: list.id,
        list_name: list.name,
        state: scope.state(),
        requirement: rules.written()?,
        requirement_words: rules.words(app.clock.today()),
        as_of,
        which,
        asked_by,
        asked_by_name: by.to_owned(),
        asked_at: now,
        settled_through: 0,
        settled: 0,
        total: list.licensees,
        ledger_size: None,
        finished_at: None,
    };
    let mut tx = app.store.write().await?;
    checks::insert(&mut tx, &check).await?;
    let id = JobId::new(app.chance.id(now));
    store::jobs::enqueue(&mut tx, id, CHECK_LICENSEE_LIST, &check.id.to_string(), now, now).await?;
    let detail = format!("{}: {} licensees, {}", check.list_name, check.total, cycle_words(as_of, which));
    audit::record(app, &mut tx, actor, "compliance.ask", check.id, None, &detail).await?;
    tx.commit().await?;
    app.jobs.wake();
    Ok(check.id)
}

/// The board's requirement for a check of this day. `Invalid` as for [`ask`].
pub(crate) fn rules(app: &App, scope: &LicensingBoardScope, as_of: Date, which: WhichCycle) -> Result<Rules> {
    let today = app.clock.today();
    let (first, last) = (today.year() - 20, today.year() + 10);
    if !(first..=last).contains(&as_of.year()) {
        return Err(Error::invalid("as_of", format!("Enter a day from {first} to {last}.")));
    }
    if which == WhichCycle::Ended && as_of > today {
        return Err(Error::invalid("as_of", "A cycle that has ended ended today or before. Enter an earlier day."));
    }
    let rules = Rules(app.reference.get().requirements(scope.state()).to_vec());
    if rules.0.is_empty() {
        return Err(Error::invalid("requirement", "Your board's requirement is not on record yet. Enter it first."));
    }
    Ok(rules)
}

/// Which cycle, in words.
pub fn cycle_words(as_of: Date, which: WhichCycle) -> String {
    let day = domain::check::us_date(as_of);
    match which {
        WhichCycle::Current => format!("cycle running on {day}"),
        WhichCycle::Ended => format!("last cycle that ended by {day}"),
    }
}

/// The board's check of this ID.
pub async fn find(app: &App, scope: &LicensingBoardScope, check: ComplianceCheckId) -> Result<Check> {
    checks::find(&mut app.store.read().await?, scope, check).await?.ok_or(Error::NotFound)
}

/// Settles a check from its first unsettled licensee to its last.
pub(crate) async fn work(app: &App, job: &Job, id: ComplianceCheckId) -> Result<()> {
    let mut tx = app.store.read().await?;
    let Some(mut check) = checks::find_for_work(&mut tx, id).await? else { return Ok(()) };
    if check.finished_at.is_some() {
        return Ok(());
    }
    let rules = Rules::read(&check.requirement)?;
    let scope = LicensingBoardScope::of_record(check.state);
    // the right to look was checked when it was asked for
    let actor = Actor { who: Who::Account(check.asked_by), seat: Seat::LicensingBoard(check.state) };
    let ledger_size = counters::taken(&mut tx, Counter::LedgerLeaf).await?;
    // two connections read at once: reading is most of the work
    let mut readers = (tx, app.store.read().await?);
    let mut next = stretch(app, &mut readers, &scope, &check, &rules, check.settled_through).await?;
    while let Some(last) = next.last() {
        let through = last.row;
        // the next stretch is read while this one is written
        let (written, read) = tokio::join!(
            commit(app, job, &actor, &check, &next, ledger_size),
            stretch(app, &mut readers, &scope, &check, &rules, through)
        );
        if !written? {
            return Err(Error::Store(store::Error::LeaseLost));
        }
        check.settled_through = through;
        next = read?;
    }
    let mut tx = app.store.write().await?;
    store::jobs::hold(&mut tx, job, lease_end(app)).await?;
    checks::finish(&mut tx, id, app.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// What is found of the next licensees of the list.
async fn stretch(
    app: &App,
    (one, other): &mut (ReadTx, ReadTx),
    scope: &LicensingBoardScope,
    check: &Check,
    rules: &Rules,
    after: i64,
) -> Result<Vec<ResultRow>> {
    let subjects = checks::subjects(one, check.list, after, AT_ONCE).await?;
    let wanted: Vec<PhysicianId> = subjects.iter().map(|one| one.physician).collect();
    let (first, second) = wanted.split_at(wanted.len() / 2);
    let (first, second) =
        tokio::join!(known(one, scope, rules, check.as_of, first), known(other, scope, rules, check.as_of, second));
    let (mut known, second) = (first?, second?);
    known.facts.extend(second.facts);
    known.credits.extend(second.credits);
    let (reference, today) = (app.reference.get(), app.clock.today());
    let found = |one: Subject| {
        let facts = known.facts.get(&one.physician).cloned().unwrap_or_default();
        let credits = known.credits.get(&one.physician).map_or(&[][..], Vec::as_slice);
        let assessed = look(rules, &facts, credits, check.as_of, check.which, today);
        ResultRow {
            row: one.row,
            physician: one.physician,
            license_number: one.license_number,
            name: one.name,
            found: figures(&assessed, &reference),
        }
    };
    Ok(subjects.into_iter().map(found).collect())
}

/// Commits a stretch; `false`: another worker has done it.
async fn commit(
    app: &App,
    job: &Job,
    actor: &Actor,
    check: &Check,
    found: &[ResultRow],
    ledger_size: i64,
) -> Result<bool> {
    let through = found.last().map_or(check.settled_through, |last| last.row);
    let rule = format!("{}; holds or held a license in {}", check.list_name, check.state.name());
    let id = check.id.to_string();
    let seen = found
        .iter()
        .map(|one| audit::entry(app, Some(actor), "compliance.check", id.clone(), Some(one.physician), &rule));
    let seen: Vec<_> = seen.collect();
    let mut tx = app.store.write().await?;
    store::jobs::hold(&mut tx, job, lease_end(app)).await?;
    if !checks::advance(&mut tx, check, through, found.len() as i64, ledger_size).await? {
        return Ok(false);
    }
    results::insert(&mut tx, check.id, found).await?;
    store::audit::insert_many(&mut tx, &seen).await?;
    store::jobs::progressed(&mut tx, job).await?;
    tx.commit().await?;
    Ok(true)
}

/// What a check found of one licensee, and the record as it stands now.
pub struct Explained {
    pub check: Check,
    pub row: ResultRow,
    rules: Rules,
    record: Option<Record>,
}

impl Explained {
    /// How the licensee stands now by the rules of the check; `None` if the board may not read the record any more.
    pub fn assessed(&self, app: &App) -> Option<(Assessed<'_>, &Record)> {
        let record = self.record.as_ref()?;
        let (as_of, which) = (self.check.as_of, self.check.which);
        Some((look(&self.rules, &record.facts, &record.credits, as_of, which, app.clock.today()), record))
    }
}

/// One licensee of a check with what explains it. The physician sees who looked.
///
/// Errors: `NotFound` for another board's check, or somebody who is not in it.
pub async fn explain(
    app: &App,
    actor: &Actor,
    scope: &LicensingBoardScope,
    check: ComplianceCheckId,
    licensee: PhysicianId,
) -> Result<Explained> {
    let check = find(app, scope, check).await?;
    let mut tx = app.store.read().await?;
    let row = results::find(&mut tx, scope, check.id, licensee).await?.ok_or(Error::NotFound)?;
    let rules = Rules::read(&check.requirement)?;
    let record = Record::read(&mut tx, scope, &rules, check.as_of, licensee).await?;
    drop(tx);
    let rule = format!("{}; holds or held a license in {}", check.list_name, scope.state().name());
    let mut tx = app.store.write().await?;
    audit::record(app, &mut tx, actor, "compliance.check", check.id, Some(licensee), &rule).await?;
    tx.commit().await?;
    Ok(Explained { check, row, rules, record })
}
