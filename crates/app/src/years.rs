//! Year-end of a provider (domain.md, Activities): the five steps, the enduring totals and the
//! Program Summary. What the steps are judged by is asked of the activities each time.
//!
//! A year can be worked on late, until the accreditor locks it; what changes after the Program Summary
//! takes the submission back, so that nothing is on record that nobody stands for.

use domain::ActivityId;
use domain::access::{Actor, ProviderRole, ProviderScope, Who};
use domain::activity::Activity;
use domain::activity::year::{self, Done, Facts, INCOME_FIELDS, Income, MOST_INCOME, Step};
use jiff::Timestamp;
use store::activities::{Attested, Save};
use store::counters::{self, Counter};
use store::years::{Enduring, Snapshot, Year};
use store::{ReadTx, WriteTx};

use crate::error::{Error, Fault, Result};
use crate::{App, audit};

/// A year as its page shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct YearEnd {
    pub on_record: Year,
    pub facts: Facts,
    /// The end of the minute in which it is due.
    pub due: Timestamp,
    /// Whether the deadline has passed.
    pub is_late: bool,
    pub is_locked: bool,
    /// Whether the year itself is over: before that nothing is refreshed or submitted.
    pub is_over: bool,
}

/// How a provider's year stands.
pub async fn find(app: &App, scope: &ProviderScope, year: i16) -> Result<YearEnd> {
    find_in(app, &mut app.store.read().await?, scope, year).await
}

async fn find_in(app: &App, tx: &mut ReadTx, scope: &ProviderScope, year: i16) -> Result<YearEnd> {
    if !(1900..=9998).contains(&year) {
        return Err(Error::NotFound);
    }
    app.reference.refresh_in(tx).await?;
    let reference = app.reference.get();
    let last_day = jiff::civil::Date::new(year, 12, 31).map_err(|_| Error::NotFound)?;
    let settings = reference.settings_on(last_day);
    let on_record = store::years::get(tx, scope, year).await?;
    Ok(YearEnd {
        facts: store::years::facts(tx, scope, &on_record).await?,
        on_record,
        due: year::due(year, settings),
        is_late: year::is_late(year, settings, app.clock.timestamp()),
        is_locked: year <= reference.settings().locked_year,
        is_over: app.clock.today() > last_day,
    })
}

fn scope_of(actor: &Actor, least: ProviderRole) -> Result<ProviderScope> {
    let why = match least {
        ProviderRole::Owner => "only owners answer for a year",
        _ => "only editors and owners work on a year",
    };
    actor.provider(least).ok_or(Error::Forbidden(why))
}

fn done(app: &App, actor: &Actor) -> Done {
    let by = match actor.who {
        Who::Account(account) => Some(account),
        Who::ApiClient(_) => None,
    };
    Done { by, at: app.clock.now() }
}

async fn open(app: &App, tx: &mut WriteTx, scope: &ProviderScope, year: i16) -> Result<YearEnd> {
    let found = find_in(app, tx, scope, year).await?;
    if found.is_locked {
        return Err(Error::Forbidden("this reporting year is locked; ask the accreditor"));
    }
    Ok(found)
}

fn must_be_over(found: &YearEnd) -> Result<()> {
    if found.is_over { Ok(()) } else { Err(Error::Forbidden("the year is not over yet")) }
}

async fn save(tx: &mut WriteTx, scope: &ProviderScope, year: &Year) -> Result<()> {
    if store::years::save(tx, scope, year).await? { Ok(()) } else { Err(Error::Stale) }
}

/// Takes the submission back because something it was made of changes.
fn taken_back(year: Year) -> Year {
    Year { submitted: None, is_late: false, submitted_totals: None, ..year }
}

/// Accepts the annual agreement, as it is worded today, for the provider. The first acceptance counts.
pub async fn accept_agreement(app: &App, actor: &Actor, year: i16) -> Result<()> {
    let scope = scope_of(actor, ProviderRole::Owner)?;
    let mut tx = app.store.write().await?;
    let found = open(app, &mut tx, &scope, year).await?;
    if found.on_record.agreement.is_some() {
        return Ok(());
    }
    let agreement_text = app.reference.get().settings().agreement.clone();
    let agreed = Year { agreement: Some(done(app, actor)), agreement_text, ..found.on_record };
    save(&mut tx, &scope, &agreed).await?;
    audit::record(app, &mut tx, actor, "year.agree", year, None, "").await?;
    tx.commit().await?;
    Ok(())
}

/// Says that all activities of the year are entered, or that they are not after all. It cannot be said
/// while drafts wait.
pub async fn say_entered(app: &App, actor: &Actor, year: i16, are_entered: bool) -> Result<()> {
    let scope = scope_of(actor, ProviderRole::Editor)?;
    let mut tx = app.store.write().await?;
    let found = open(app, &mut tx, &scope, year).await?;
    if are_entered && found.facts.drafts > 0 {
        let what = format!("{} drafts of this year wait to be completed or deleted.", found.facts.drafts);
        return Err(Error::invalid("entered", what));
    }
    let entered = are_entered.then(|| done(app, actor));
    let said = if are_entered { found.on_record } else { taken_back(found.on_record) };
    save(&mut tx, &scope, &Year { entered, ..said }).await?;
    audit::record(app, &mut tx, actor, "year.entered", year, None, if are_entered { "yes" } else { "no" }).await?;
    tx.commit().await?;
    Ok(())
}

/// Cumulative totals of an enduring activity as of the end of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refreshed {
    pub activity: ActivityId,
    pub physicians: i64,
    pub others: i64,
}

/// Puts totals of enduring activities as of 31 December on record, all or none. The newest also become
/// the totals of the activity itself. Faults name the activity.
pub async fn refresh_enduring(app: &App, actor: &Actor, year: i16, totals: &[Refreshed]) -> Result<()> {
    let scope = scope_of(actor, ProviderRole::Editor)?;
    let mut tx = app.store.write().await?;
    // uploads are judged by versions of activities, which this changes
    counters::take(&mut tx, Counter::LedgerLeaf, 0).await?;
    let found = open(app, &mut tx, &scope, year).await?;
    must_be_over(&found)?;
    let asked_for = store::years::enduring(&mut tx, &scope, year).await?;
    let (mut faults, mut taken, mut newest) = (Vec::new(), Vec::new(), Vec::new());
    for refreshed in totals {
        let Some(enduring) = asked_for.iter().find(|enduring| enduring.activity == refreshed.activity) else {
            let what = format!("Activity {} is not enduring material that ran past the year.", refreshed.activity);
            faults.push(Fault::new("enduring", what));
            continue;
        };
        faults.extend(faults_of_totals(enduring, refreshed));
        taken.push((refreshed.activity, Snapshot { physicians: refreshed.physicians, others: refreshed.others }));
        if enduring.after.is_none() && !enduring.is_closed {
            newest.push(*refreshed);
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    store::years::put_snapshots(&mut tx, &scope, year, &taken, done(app, actor)).await?;
    move_totals(app, &mut tx, actor, &scope, &newest).await?;
    save(&mut tx, &scope, &taken_back(found.on_record)).await?;
    audit::record(app, &mut tx, actor, "year.refresh", year, None, &format!("{} activities", taken.len())).await?;
    tx.commit().await?;
    Ok(())
}

/// Cumulative numbers only grow from year to year.
fn faults_of_totals(enduring: &Enduring, given: &Refreshed) -> Option<Fault> {
    let low = enduring.before.unwrap_or(Snapshot { physicians: 0, others: 0 });
    let high = enduring.after.unwrap_or(Snapshot { physicians: i64::MAX, others: i64::MAX });
    let id = enduring.activity;
    let pairs = [(given.physicians, low.physicians, high.physicians), (given.others, low.others, high.others)];
    let (total, low, high) = pairs.into_iter().find(|(total, low, high)| total < low || total > high)?;
    let what = if total < low {
        format!("Activity {id}: {total} is less than the {low} of the year before. Totals are cumulative.")
    } else {
        format!("Activity {id}: {total} is more than the {high} of a later year. Totals are cumulative.")
    };
    Some(Fault::new("enduring", what))
}

/// Totals that stand on an activity are at least those of the newest year-end.
async fn move_totals(
    app: &App,
    tx: &mut WriteTx,
    actor: &Actor,
    scope: &ProviderScope,
    newest: &[Refreshed],
) -> Result<()> {
    let ids: Vec<ActivityId> = newest.iter().map(|refreshed| refreshed.activity).collect();
    let mut moved: Vec<(Activity, i64)> = Vec::new();
    for stored in store::activities::find_many(tx, scope, &ids).await? {
        let Some(given) = newest.iter().find(|refreshed| refreshed.activity == stored.activity.id) else { continue };
        let (physician_total, other_total) = (Some(given.physicians), Some(given.others));
        let is_behind = stored.activity.physician_total < physician_total || stored.activity.other_total < other_total;
        if is_behind {
            let activity = Activity {
                physician_total: physician_total.max(stored.activity.physician_total),
                other_total: other_total.max(stored.activity.other_total),
                ..stored.activity
            };
            moved.push((activity, stored.version));
        }
    }
    let saves: Vec<Save<'_>> =
        moved.iter().map(|(activity, version)| Save { activity, version: Some(*version) }).collect();
    let attested = Attested { by: done(app, actor).by, at: app.clock.now() };
    if !store::activities::save_many(tx, scope, &saves, attested).await? {
        return Err(Error::Stale);
    }
    Ok(())
}

/// Saves the income of the Program Summary as far as it was typed, on the year's `version`.
pub async fn save_income(app: &App, actor: &Actor, year: i16, income: Income, version: i64) -> Result<()> {
    let scope = scope_of(actor, ProviderRole::Editor)?;
    let mut faults = Vec::new();
    for (field, dollars) in income.values() {
        if dollars.is_some_and(|dollars| !(0..=MOST_INCOME).contains(&dollars)) {
            faults.push(Fault::new(field, "Write whole dollars; 0 is allowed."));
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let mut tx = app.store.write().await?;
    let found = open(app, &mut tx, &scope, year).await?;
    if found.on_record.version != version {
        return Err(Error::Stale);
    }
    save(&mut tx, &scope, &Year { income, ..taken_back(found.on_record) }).await?;
    audit::record(app, &mut tx, actor, "year.income", year, None, "").await?;
    tx.commit().await?;
    Ok(())
}

/// Submits the Program Summary with the totals of the activities as they are now. A fault beside each
/// step that is not done and each income that is empty.
pub async fn submit(app: &App, actor: &Actor, year: i16, version: i64) -> Result<()> {
    let scope = scope_of(actor, ProviderRole::Owner)?;
    let mut tx = app.store.write().await?;
    let found = open(app, &mut tx, &scope, year).await?;
    must_be_over(&found)?;
    if found.on_record.version != version {
        return Err(Error::Stale);
    }
    let step = |step: &Step| Fault::new(step.code(), format!("{} first.", step.label()));
    let mut faults: Vec<Fault> = found.facts.before_summary().iter().map(step).collect();
    for ((field, dollars), (_, label)) in found.facts.income.values().into_iter().zip(INCOME_FIELDS) {
        if dollars.is_none() {
            faults.push(Fault::new(field, format!("{label}: write whole dollars; 0 is allowed.")));
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let submitted = Year {
        submitted: Some(done(app, actor)),
        is_late: found.is_late,
        submitted_totals: Some(found.facts.totals),
        ..found.on_record
    };
    save(&mut tx, &scope, &submitted).await?;
    let detail = if found.is_late { "late" } else { "" };
    audit::record(app, &mut tx, actor, "year.submit", year, None, detail).await?;
    tx.commit().await?;
    Ok(())
}
