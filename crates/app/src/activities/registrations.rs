//! Registering an activity for a certifying board's MOC / CC credit (domain.md, MOC / CC
//! registration). Which boards there are and what they take is reference data.

use domain::access::Actor;
use domain::activity::MocRegistration;
use domain::{ActivityId, Board};
use store::counters::{self, Counter};

use super::{editor, faults_of, none_or_invalid, on_record, open_for_change, update};
use crate::error::{Error, Result};
use crate::{App, audit};

/// Registers with a board, or changes the registration there is. Faults stand beside `board`,
/// `points`, `credit_types`, `practice_areas`, `claim_until` and `undertakings`.
pub async fn register(app: &App, actor: &Actor, id: ActivityId, version: i64, typed: MocRegistration) -> Result<()> {
    let scope = editor(actor)?;
    let mut tx = app.store.write().await?;
    counters::take(&mut tx, Counter::LedgerLeaf, 0).await?;
    let mut activity = open_for_change(app, &mut tx, &scope, id, version).await?.activity;
    let mut faults = faults_of(typed.faults(&activity, &app.reference.get()));
    if let Some(on_record) = on_record::of_board(&mut tx, &scope, &activity, typed.board).await? {
        faults.extend(on_record::faults_of_registration(&on_record, &typed));
    }
    none_or_invalid(faults)?;
    let board = typed.board;
    activity.moc.retain(|registration| registration.board != board);
    activity.moc.push(typed);
    update(app, &mut tx, actor, &scope, &activity, version).await?;
    audit::record(app, &mut tx, actor, "activity.register", id, None, board.code()).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes back a registration that no credit was reported under.
pub async fn unregister(app: &App, actor: &Actor, id: ActivityId, version: i64, board: Board) -> Result<()> {
    let scope = editor(actor)?;
    let mut tx = app.store.write().await?;
    counters::take(&mut tx, Counter::LedgerLeaf, 0).await?;
    let mut activity = open_for_change(app, &mut tx, &scope, id, version).await?.activity;
    if activity.registration(board).is_none() {
        return Err(Error::NotFound);
    }
    if let Some(on_record) = on_record::of_board(&mut tx, &scope, &activity, board).await? {
        return Err(Error::Invalid(vec![on_record::fault_of_removal(&on_record, board)]));
    }
    activity.moc.retain(|registration| registration.board != board);
    update(app, &mut tx, actor, &scope, &activity, version).await?;
    audit::record(app, &mut tx, actor, "activity.unregister", id, None, board.code()).await?;
    tx.commit().await?;
    Ok(())
}
