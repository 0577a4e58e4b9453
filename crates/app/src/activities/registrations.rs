//! Registering an activity for a certifying board's MOC / CC credit (domain.md, MOC / CC
//! registration). Which boards there are and what they take is reference data.

use domain::access::Actor;
use domain::activity::{Activity, MocRegistration};
use domain::check::us_date;
use domain::reference::{BoardRules, Reference};
use domain::{ActivityId, Amount, Board};
use store::counters::{self, Counter};

use super::{editor, none_or_invalid, on_record, open_for_change, update};
use crate::error::{Error, Fault, Result};
use crate::{App, audit};

/// Registers with a board, or changes the registration there is. Faults stand beside `board`,
/// `points`, `credit_types`, `practice_areas`, `claim_until` and `attested`.
pub async fn register(app: &App, actor: &Actor, id: ActivityId, version: i64, typed: MocRegistration) -> Result<()> {
    let scope = editor(actor)?;
    let mut tx = app.store.write().await?;
    counters::take(&mut tx, Counter::LedgerLeaf, 0).await?;
    let mut activity = open_for_change(app, &mut tx, &scope, id, version).await?.activity;
    let mut faults = faults_of(&typed, &activity, &app.reference.get());
    if let Some(on_record) = on_record::of_board(&mut tx, &scope, &activity, typed.board).await? {
        faults.extend(on_record::faults_of_registration(
            &on_record,
            typed.points,
            &typed.credit_types,
            typed.claim_until,
        ));
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
        let what = format!("{} completions on record earn points of this board.", on_record.count);
        return Err(Error::invalid("board", what));
    }
    activity.moc.retain(|registration| registration.board != board);
    update(app, &mut tx, actor, &scope, &activity, version).await?;
    audit::record(app, &mut tx, actor, "activity.unregister", id, None, board.code()).await?;
    tx.commit().await?;
    Ok(())
}

fn faults_of(typed: &MocRegistration, activity: &Activity, reference: &Reference) -> Vec<Fault> {
    let mut faults = Vec::new();
    let Some(rules) = reference.board(typed.board) else {
        return vec![Fault::new("board", "Choose a board that takes part.")];
    };
    if let Some(from) = rules.activity_starts_from.filter(|from| activity.starts_on < *from) {
        let what = format!("{} takes activities that start on {} or later.", rules.label, us_date(from));
        faults.push(Fault::new("board", what));
    }
    faults.extend(faults_of_points(typed.points, activity, rules));
    faults.extend(faults_of_lists(typed, activity, rules));
    if let Some(until) = typed.claim_until.filter(|until| *until < activity.starts_on) {
        let what = format!("{} is before the activity starts.", us_date(until));
        faults.push(Fault::new("claim_until", what));
    }
    if !typed.attested {
        faults.push(Fault::new("attested", "Give the undertakings; without them the board takes no credit."));
    }
    faults
}

fn faults_of_points(points: Amount, activity: &Activity, rules: &BoardRules) -> Option<Fault> {
    if points <= Amount::ZERO {
        return Some(Fault::new("points", "Give the points a learner can earn, at least 0.25."));
    }
    match activity.credit {
        Some(credit) if rules.points_equal_credit && points != credit => {
            let what = format!("{} points equal the CME credit, which is {credit} here.", rules.label);
            Some(Fault::new("points", what))
        }
        _ => None,
    }
}

fn faults_of_lists(typed: &MocRegistration, activity: &Activity, rules: &BoardRules) -> Vec<Fault> {
    let mut faults = Vec::new();
    if typed.credit_types.is_empty() {
        faults.push(Fault::new("credit_types", "Choose at least one credit type."));
    }
    for name in &typed.credit_types {
        match rules.credit_types.iter().find(|credit_type| credit_type.name == *name) {
            None => faults.push(Fault::new("credit_types", format!("{} has no credit type “{name}”.", rules.label))),
            // it must be in force for some completion of the activity
            Some(found)
                if found.valid_until.is_some_and(|until| until < activity.starts_on)
                    || found.valid_from.is_some_and(|from| from > activity.ends_on) =>
            {
                let what = format!("“{name}” is not in force during the activity's dates.");
                faults.push(Fault::new("credit_types", what));
            }
            Some(_) => {}
        }
    }
    for name in &typed.practice_areas {
        if !rules.practice_areas.contains(name) {
            let what = format!("{} has no practice area “{name}”.", rules.label);
            faults.push(Fault::new("practice_areas", what));
        }
    }
    faults
}
