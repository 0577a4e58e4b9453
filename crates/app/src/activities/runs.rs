//! Activities made of another one: a copy, and the same education on several dates and places.

use domain::ActivityId;
use domain::access::{Actor, ProviderScope};
use domain::activity::{Activity, Run};
use domain::check::us_date;
use store::WriteTx;
use store::activities::Save;

use super::{attested, editor, faults_of_new, get, insert, none_or_invalid};
use crate::error::{Error, Fault, Result};
use crate::{App, audit};

/// Runs of one entry: more than a weekly course has in three years.
const MOST_RUNS: usize = 200;

/// Makes a Draft of the same content. What belongs to one run of an activity is left out: the credit
/// amount (which is designated anew), totals, outcomes, support, claim dates and undertakings. One of a
/// locked year moves by whole years into the first open one, for else nobody could change it.
pub async fn copy(app: &App, actor: &Actor, id: ActivityId) -> Result<ActivityId> {
    let scope = editor(actor)?;
    let mut tx = app.store.write().await?;
    app.reference.refresh_in(&mut tx).await?;
    let of = get(&mut tx, &scope, id).await?.activity;
    let mut draft = of.copy(app.reference.get().settings().text_most);
    let locked = app.reference.get().settings().locked_year;
    draft.move_by_years(locked + 1 - draft.year_of_closing());
    let copied = insert(app, &mut tx, actor, &scope, draft).await?;
    audit::record(app, &mut tx, actor, "activity.copy", copied, None, &format!("of {id}")).await?;
    tx.commit().await?;
    Ok(copied)
}

/// Enters an activity and its further runs, all or none. The first ID is the activity's own, then one
/// for each run. Faults of a run stand beside `runs`, with its number counted from 1.
pub async fn create_series(app: &App, actor: &Actor, first: Activity, runs: &[Run]) -> Result<Vec<ActivityId>> {
    let scope = editor(actor)?;
    let mut tx = app.store.write().await?;
    app.reference.refresh_in(&mut tx).await?;
    let first = first.tidied();
    none_or_invalid(super::faults_of(faults_of_new(&first, &app.reference.get())))?;
    let mut all = vec![first.clone()];
    all.extend(made(app, &first, runs)?);
    let ids = insert_all(app, &mut tx, actor, &scope, all, "").await?;
    tx.commit().await?;
    Ok(ids)
}

/// Enters further runs of an activity that is there, all or none; an ID for each in their order.
pub async fn repeat(app: &App, actor: &Actor, id: ActivityId, runs: &[Run]) -> Result<Vec<ActivityId>> {
    let scope = editor(actor)?;
    let mut tx = app.store.write().await?;
    app.reference.refresh_in(&mut tx).await?;
    let first = get(&mut tx, &scope, id).await?.activity;
    let ids = insert_all(app, &mut tx, actor, &scope, made(app, &first, runs)?, &format!("of {id}")).await?;
    tx.commit().await?;
    Ok(ids)
}

fn made(app: &App, first: &Activity, runs: &[Run]) -> Result<Vec<Activity>> {
    if runs.is_empty() || runs.len() > MOST_RUNS {
        return Err(Error::invalid("runs", format!("Give the dates of 1 to {MOST_RUNS} runs.")));
    }
    let reference = app.reference.get();
    let made = domain::activity::repeat(first, runs);
    let mut faults = Vec::new();
    for (number, activity) in (1..).zip(&made) {
        for fault in faults_of_new(activity, &reference) {
            faults.push(Fault::new("runs", format!("Run {number}: {}", fault.words())));
        }
        let before = std::iter::once(first).chain(made.iter().take(number - 1));
        if before.into_iter().any(|other| other.starts_on == activity.starts_on && other.city == activity.city) {
            let what =
                format!("Run {number}: there is another run on {} in the same place.", us_date(activity.starts_on));
            faults.push(Fault::new("runs", what));
        }
    }
    none_or_invalid(faults)?;
    Ok(made)
}

async fn insert_all(
    app: &App,
    tx: &mut WriteTx,
    actor: &Actor,
    scope: &ProviderScope,
    activities: Vec<Activity>,
    detail: &str,
) -> Result<Vec<ActivityId>> {
    let ids = store::activities::next_ids(tx, activities.len()).await?;
    let provider = scope.provider();
    let new: Vec<Activity> = activities
        .into_iter()
        .zip(&ids)
        .map(|(activity, id)| Activity { id: *id, provider, is_closed: false, ..activity })
        .collect();
    let saves: Vec<Save<'_>> = new.iter().map(|activity| Save { activity, version: None }).collect();
    if !store::activities::save_many(tx, scope, &saves, attested(app, actor)).await? {
        return Err(Error::Stale);
    }
    let entry = |id: &ActivityId| audit::entry(app, Some(actor), "activity.repeat", id.to_string(), None, detail);
    let entries: Vec<_> = ids.iter().map(entry).collect();
    store::audit::insert_many(tx, &entries).await?;
    Ok(ids)
}
