//! A board puts a version of its requirement in force from a day on, or takes a planned one back. What was in force
//! before stays as it was; nobody overwrites what a colleague has changed since they looked.

use domain::access::{Actor, LicensingBoardScope, Who};
use domain::reference::Reference;
use domain::requirement::Requirement;
use domain::{AccountId, State};
use jiff::civil::Date;
use store::counters::{self, Counter};
use store::reference::{Entry, REQUIREMENTS};
use store::{ReadTx, WriteTx};

use super::checks;
use super::effect::{self, Effect};
use crate::{App, Error, Fault, Result, audit};

/// How far somebody saw the history of a state's requirement: its newest entry, -1 if there is none.
pub type Seen = i64;

pub async fn seen(tx: &mut ReadTx, state: State) -> Result<Seen> {
    Ok(store::reference::newest_of(tx, REQUIREMENTS, "", state.code()).await?)
}

/// The board's own version, tidied, or what is wrong with it. A version begins today or later; with the first day
/// of a planned one it takes its place.
fn own_version(reference: &Reference, state: State, from: Date, requirement: Requirement) -> Result<Requirement> {
    let requirement = checks::tidied(Requirement { state, is_example: false, ..requirement });
    let mut faults = checks::faults(&requirement, reference);
    if from < reference.today() {
        faults.push(Fault::new("from", "A version begins today or later: what was in force before stays as it was."));
    }
    let stands = reference.requirements(state).iter().rev().find(|version| version.from <= from);
    if faults.is_empty() && stands.is_some_and(|version| version.value == requirement) {
        faults.push(Fault::new("from", "This is what is in force then already; nothing would change."));
    }
    if faults.is_empty() { Ok(requirement) } else { Err(Error::Invalid(faults)) }
}

/// What the version would mean for the board's licensees, counted on what is on record. Nothing is written.
///
/// Errors: `Invalid` beside the fields of [`Requirement`], `years` and `anchor_year` of its cycle, and `from`.
pub async fn preview(app: &App, scope: &LicensingBoardScope, from: Date, requirement: Requirement) -> Result<Effect> {
    app.reference.refresh(&app.store).await?;
    let reference = app.reference.get();
    let requirement = own_version(&reference, scope.state(), from, requirement)?;
    let mut tx = app.store.read().await?;
    effect::of(&mut tx, &reference, scope, from, requirement).await
}

/// Puts a version in force from a day on. `seen` is what [`seen`] said when its maker looked.
///
/// Errors: as [`preview`]; `Stale` if somebody else changed it meanwhile, `NotFound` for anybody but a licensing
/// board, `Forbidden` for programs.
pub async fn put(app: &App, actor: &Actor, seen: Seen, from: Date, requirement: Requirement) -> Result<()> {
    let (state, by) = editor(actor)?;
    let (mut tx, reference) = begin(app, state, seen).await?;
    let requirement = own_version(&reference, state, from, requirement)?;
    let entry = Entry::Requirement(Some(from), state, Some(requirement));
    store::reference::put(&mut tx, &[entry], app.clock.today(), Some(by), app.clock.now()).await?;
    audit::record(app, &mut tx, actor, "requirement.put", state, None, &format!("from {from}")).await?;
    tx.commit().await?;
    app.reference.refresh(&app.store).await?;
    Ok(())
}

/// Takes back a version that is planned for a later day.
///
/// Errors: as [`put`]; `NotFound` if none begins on that day, `Forbidden` if it is in force already.
pub async fn take_back(app: &App, actor: &Actor, seen: Seen, from: Date) -> Result<()> {
    let (state, by) = editor(actor)?;
    let (mut tx, reference) = begin(app, state, seen).await?;
    if !reference.requirements(state).iter().any(|version| version.from == from) {
        return Err(Error::NotFound);
    }
    if from <= reference.today() {
        return Err(Error::Forbidden("what is in force already is not taken back; put a new version"));
    }
    let entry = Entry::Requirement(Some(from), state, None);
    store::reference::put(&mut tx, &[entry], app.clock.today(), Some(by), app.clock.now()).await?;
    audit::record(app, &mut tx, actor, "requirement.take_back", state, None, &from.to_string()).await?;
    tx.commit().await?;
    app.reference.refresh(&app.store).await?;
    Ok(())
}

fn editor(actor: &Actor) -> Result<(State, AccountId)> {
    let state = actor.licensing_board().ok_or(Error::NotFound)?.state();
    match actor.who {
        Who::Account(account) => Ok((state, account)),
        Who::ApiClient(_) => Err(Error::Forbidden("only the board's people change its requirement")),
    }
}

/// Changes of reference data stand in one line: what is read here is what the change is made of.
async fn begin(app: &App, state: State, seen: Seen) -> Result<(WriteTx, Reference)> {
    let mut tx = app.store.write().await?;
    counters::take(&mut tx, Counter::Reference, 0).await?;
    if self::seen(&mut tx, state).await? != seen {
        return Err(Error::Stale);
    }
    let (rules, _) = store::reference::load(&mut tx).await?;
    Ok((tx, Reference::new(std::sync::Arc::new(rules), app.clock.today())))
}
