//! A licensing board's audits: a sample drawn from a list by a stated seed, each licensee compared with the board's
//! requirement, decided by people, written to and followed up.
//!
//! Every look at and every act about a licensee is audited, so that the physician sees it.

pub mod cases;
pub mod letters;
pub mod reports;
pub mod sample;

use domain::access::{Actor, LicensingBoardScope, Seat, Who};
use domain::licensee_list::{RowOutcome, WhichCycle};
use domain::{AuditCaseId, JobId, LicenseAuditId, LicenseeListId, PhysicianId};
use jiff::civil::Date;
use store::counters::{self, Counter};
use store::jobs::Job;
use store::license_audits::cases::{Drawn, Progress};
use store::license_audits::{self, LicenseAudit};
use store::licensee_lists::ListRow;

use crate::lease::lease_end;
use crate::licensee_lists::assessing::{Rules, figures, known, look};
use crate::licensee_lists::{self, MOST_ROWS, checks};
use crate::{App, Error, Fault, Result, audit};
use sample::{LONGEST_SEED, Size};

/// The kind of job that compares a sample with the requirement.
pub const ASSESS_LICENSE_AUDIT: &str = "assess_license_audit";

/// The largest sample: each licensee of it is a person's work.
pub const MOST_CASES: usize = 5_000;

/// Licensees compared in one transaction.
const AT_ONCE: i64 = 200;

/// What a board asks for.
#[derive(Debug, Clone)]
pub struct NewAudit {
    pub name: String,
    pub list: LicenseeListId,
    /// A number or a share, as it was typed.
    pub size: String,
    pub seed: String,
    pub as_of: Date,
    pub which: WhichCycle,
}

/// A seed that nobody chose: 16 letters and digits.
pub fn new_seed(app: &App) -> String {
    app.chance.bytes::<8>().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Draws the sample of a new audit and asks for its comparison. `by` is the person's name.
///
/// Errors: `NotFound` for another board's list; `Invalid` on `name`, `list`, `size`, `seed`, `as_of` and
/// `requirement`.
pub async fn start(
    app: &App,
    actor: &Actor,
    by: &str,
    scope: &LicensingBoardScope,
    new: NewAudit,
) -> Result<LicenseAuditId> {
    let made_by = licensee_lists::person(actor)?;
    let list = licensee_lists::find(app, scope, new.list).await?;
    let rules = checks::rules(app, scope, new.as_of, new.which)?;
    let (name, size) = understood(&new)?;
    let most = i64::try_from(MOST_ROWS).unwrap_or(i64::MAX);
    let mut tx = app.store.read().await?;
    let matched = Some(RowOutcome::Matched);
    let population = store::licensee_lists::rows(&mut tx, scope, list.id, matched, 0, most).await?;
    drop(tx);
    let size = size.of(population.len());
    if size == 0 {
        return Err(Error::invalid("list", "None of its rows means a licensee, so there is nobody to draw."));
    }
    if size > MOST_CASES {
        return Err(Error::invalid("size", "A sample has at most 5,000 licensees. Ask for fewer."));
    }
    let now = app.clock.now();
    let audit = LicenseAudit {
        id: LicenseAuditId::new(app.chance.id(now)),
        state: scope.state(),
        name,
        list: list.id,
        list_name: list.name,
        population: i64::try_from(population.len()).unwrap_or(i64::MAX),
        population_digest: sample::population_digest(population.iter().map(|row| row.license_number.as_str())),
        seed: new.seed.trim().to_owned(),
        sample_size: i64::try_from(size).unwrap_or(i64::MAX),
        requirement: rules.written()?,
        requirement_words: rules.words(app.clock.today()),
        as_of: new.as_of,
        which: new.which,
        made_by,
        made_by_name: by.to_owned(),
        made_at: now,
        closed_at: None,
        closed_by_name: String::new(),
    };
    let drawn = drawn(app, now, &audit.seed, &population, size);
    let mut tx = app.store.write().await?;
    license_audits::insert(&mut tx, &audit).await?;
    license_audits::cases::insert(&mut tx, scope, audit.id, &drawn).await?;
    let id = JobId::new(app.chance.id(now));
    store::jobs::enqueue(&mut tx, id, ASSESS_LICENSE_AUDIT, &audit.id.to_string(), now, now).await?;
    let detail = format!("{}: {size} of {} by the seed {}", audit.name, audit.population, audit.seed);
    audit::record(app, &mut tx, actor, "license_audit.start", audit.id, None, &detail).await?;
    tx.commit().await?;
    app.jobs.wake();
    Ok(audit.id)
}

/// Name and size, or all that is wrong with what was typed.
fn understood(new: &NewAudit) -> Result<(String, Size)> {
    let mut faults = Vec::new();
    let name = licensee_lists::named("name", &new.name).unwrap_or_default();
    if name.is_empty() {
        faults.push(Fault::new("name", "Give the audit a name of at most 120 characters, such as “Spring renewals”."));
    }
    let seed = new.seed.trim();
    if seed.is_empty() || seed.len() > LONGEST_SEED || !seed.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        faults.push(Fault::new("seed", "Write 1 to 64 plain letters, digits or signs."));
    }
    let size = Size::read(&new.size);
    if size.is_none() {
        faults.push(Fault::new("size", "Enter how many licensees, such as 50, or a share, such as 10%."));
    }
    match size {
        Some(size) if faults.is_empty() => Ok((name, size)),
        _ => Err(Error::Invalid(faults)),
    }
}

fn drawn(app: &App, now: i64, seed: &str, population: &[ListRow], size: usize) -> Vec<Drawn> {
    let numbers: Vec<&str> = population.iter().map(|row| row.license_number.as_str()).collect();
    let order = sample::order(seed, &numbers);
    let rows = order.into_iter().take(size).filter_map(|place| population.get(place));
    let drawn = (1..).zip(rows).filter_map(|(place, row)| {
        Some(Drawn {
            id: AuditCaseId::new(app.chance.id(now)),
            place,
            physician: row.physician?,
            license_number: row.license_number.clone(),
            name: row.name.clone(),
        })
    });
    drawn.collect()
}

/// The board's audit of this ID with how far it is.
pub async fn find(app: &App, scope: &LicensingBoardScope, audit: LicenseAuditId) -> Result<(LicenseAudit, Progress)> {
    let mut tx = app.store.read().await?;
    let found = license_audits::find(&mut tx, scope, audit).await?.ok_or(Error::NotFound)?;
    let progress = license_audits::cases::progress(&mut tx, scope, audit, app.clock.today()).await?;
    Ok((found, progress))
}

/// Ends an audit: nothing is decided or written any more.
///
/// Errors: `Stale` if it has ended; `Invalid` on `close` while somebody is not decided.
pub async fn close(
    app: &App,
    actor: &Actor,
    by: &str,
    scope: &LicensingBoardScope,
    audit: LicenseAuditId,
) -> Result<()> {
    licensee_lists::person(actor)?;
    let mut tx = app.store.write().await?;
    let found = license_audits::find(&mut tx, scope, audit).await?.ok_or(Error::NotFound)?;
    let progress = license_audits::cases::progress(&mut tx, scope, audit, app.clock.today()).await?;
    let open = progress.cases - progress.decided;
    if open > 0 {
        let many = if open == 1 { "1 licensee is".to_owned() } else { format!("{open} licensees are") };
        return Err(Error::invalid("close", format!("{many} not decided yet. Decide all of the sample first.")));
    }
    if !license_audits::close(&mut tx, scope, audit, by, app.clock.now()).await? {
        return Err(Error::Stale);
    }
    audit::record(app, &mut tx, actor, "license_audit.close", audit, None, &found.name).await?;
    Ok(tx.commit().await?)
}

/// Compares what was not compared yet. What is done is marked in the same transaction, so a second run goes on
/// where the first was broken off.
pub(crate) async fn work(app: &App, job: &Job, id: LicenseAuditId) -> Result<()> {
    let Some(found) = license_audits::find_for_work(&mut app.store.read().await?, id).await? else { return Ok(()) };
    let rules = Rules::read(&found.requirement)?;
    let scope = LicensingBoardScope::of_record(found.state);
    // the right to look was checked when the audit was started
    let actor = Actor { who: Who::Account(found.made_by), seat: Seat::LicensingBoard(found.state) };
    let rule = format!("{}; holds or held a license in {}", found.name, found.state.name());
    loop {
        let mut tx = app.store.write().await?;
        store::jobs::hold(&mut tx, job, lease_end(app)).await?;
        let cases = license_audits::cases::unassessed(&mut tx, id, AT_ONCE).await?;
        if cases.is_empty() {
            return Ok(());
        }
        let physicians: Vec<PhysicianId> = cases.iter().map(|case| case.physician).collect();
        let known = known(&mut tx, &scope, &rules, found.as_of, &physicians).await?;
        let ledger_size = counters::taken(&mut tx, Counter::LedgerLeaf).await?;
        let (reference, now) = (app.reference.get(), app.clock.now());
        let mut seen = Vec::with_capacity(cases.len());
        for case in &cases {
            let facts = known.facts.get(&case.physician).cloned().unwrap_or_default();
            let credits = known.credits.get(&case.physician).map_or(&[][..], Vec::as_slice);
            let assessed = look(&rules, &facts, credits, found.as_of, found.which, app.clock.today());
            let figures = figures(&assessed, &reference);
            license_audits::cases::assessed(&mut tx, case.id, &figures, ledger_size, now).await?;
            let subject = case.id.to_string();
            seen.push(audit::entry(app, Some(&actor), "license_audit.draw", subject, Some(case.physician), &rule));
        }
        store::audit::insert_many(&mut tx, &seen).await?;
        store::jobs::progressed(&mut tx, job).await?;
        tx.commit().await?;
    }
}
