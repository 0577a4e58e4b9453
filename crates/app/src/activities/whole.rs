//! Whole records, as vendors send them: all fields and registrations at once replace what is there.
//!
//! Undertakings are the one thing that no file carries: those on record stay, and a new registration
//! waits for them on the activity's page.

use domain::access::{Actor, ProviderScope};
use domain::activity::{Activity, Missing, MocRegistration, Rule};
use domain::reference::Reference;
use store::ReadTx;
use store::counters::{self, Counter};

use super::{changed_fields, editor, faults_of, none_or_invalid, on_record, open_for_change, update};
use crate::error::{Fault, Result};
use crate::{App, audit};

/// What keeps a new record from being saved. Undertakings may follow.
pub fn faults_of_new(new: &Activity, reference: &Reference) -> Vec<Missing> {
    let mut faults = new.faults(reference);
    let of_moc = new.moc.iter().flat_map(|moc| moc.faults(new, reference));
    faults.extend(of_moc.filter(|fault| fault.rule != Rule::MocUndertakingMissing));
    faults
}

/// The record with the undertakings that are on record for its registrations.
pub fn with_undertakings(before: &Activity, typed: Activity) -> Activity {
    let kept = |moc: MocRegistration| match before.registration(moc.board) {
        Some(had) if moc.undertakings.is_empty() => MocRegistration { undertakings: had.undertakings.clone(), ..moc },
        _ => moc,
    };
    Activity { moc: typed.moc.into_iter().map(kept).collect(), ..typed }
}

/// Everything that keeps a whole record from replacing the one before it: its own faults, and
/// completions that it would make invalid.
pub async fn faults_of_whole(
    tx: &mut ReadTx,
    scope: &ProviderScope,
    before: &Activity,
    after: &Activity,
    reference: &Reference,
) -> Result<Vec<Fault>> {
    let mut faults = faults_of(faults_of_new(after, reference));
    faults.extend(on_record::faults_of_change(tx, scope, before, after).await?);
    faults.extend(on_record::faults_of_registrations(tx, scope, before, after).await?);
    Ok(faults)
}

/// Saves a whole record, registrations included, on `version`.
pub async fn save_whole(app: &App, actor: &Actor, typed: Activity, version: i64) -> Result<()> {
    let scope = editor(actor)?;
    let mut tx = app.store.write().await?;
    counters::take(&mut tx, Counter::LedgerLeaf, 0).await?;
    let before = open_for_change(app, &mut tx, &scope, typed.id, version).await?.activity;
    let typed = Activity { is_closed: false, provider: before.provider, ..typed }.tidied();
    let after = with_undertakings(&before, typed);
    none_or_invalid(faults_of_whole(&mut tx, &scope, &before, &after, &app.reference.get()).await?)?;
    update(app, &mut tx, actor, &scope, &after, version).await?;
    audit::record(app, &mut tx, actor, "activity.save", after.id, None, &changed_fields(&before, &after)).await?;
    tx.commit().await?;
    Ok(())
}
