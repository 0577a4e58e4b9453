//! Closing activities, one or many, and opening them again until their year is locked.

use std::collections::HashMap;

use domain::ActivityId;
use domain::access::{Actor, ProviderScope};
use domain::activity::{Activity, Missing, Status};
use store::activities::{Save, Stored};

use super::{attested, editor, faults_of, get, is_locked, none_or_invalid, open_for_change, refuse_locked, update};
use crate::error::{Error, Result};
use crate::{App, audit};

/// Closes an activity that has ended and lacks nothing; what it lacks stands beside the fields.
pub async fn close(app: &App, actor: &Actor, id: ActivityId, version: i64) -> Result<()> {
    let scope = editor(actor)?;
    let mut tx = app.store.write().await?;
    let before = open_for_change(app, &mut tx, &scope, id, version).await?.activity;
    none_or_invalid(faults_of(before.missing_for(Status::Closed, app.clock.today(), &app.reference.get())))?;
    let after = Activity { is_closed: true, ..before };
    update(app, &mut tx, actor, &scope, &after, version).await?;
    audit::record(app, &mut tx, actor, "activity.close", id, None, "").await?;
    tx.commit().await?;
    Ok(())
}

/// What became of one activity of many that were to be closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closing {
    Closed,
    AlreadyClosed,
    /// What keeps it open; everything of it.
    Missing(Vec<Missing>),
    Locked,
    NotFound,
}

/// Activities closed in one transaction; more are taken in turns.
const AT_ONCE: usize = 500;
/// Tries while others save the same activities.
const TRIES: usize = 5;

/// Closes every one of these that can be, in the given order; an answer for each. One that cannot
/// be closed never keeps another open.
pub async fn close_many(app: &App, actor: &Actor, ids: &[ActivityId]) -> Result<Vec<(ActivityId, Closing)>> {
    let scope = editor(actor)?;
    let mut answers = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        let mut tries = 0;
        let closed = loop {
            match close_some(app, actor, &scope, some).await {
                Err(Error::Stale) if tries < TRIES => tries += 1,
                done => break done?,
            }
        };
        answers.extend(closed);
    }
    Ok(answers)
}

async fn close_some(
    app: &App,
    actor: &Actor,
    scope: &ProviderScope,
    ids: &[ActivityId],
) -> Result<Vec<(ActivityId, Closing)>> {
    let mut tx = app.store.write().await?;
    app.reference.refresh_in(&mut tx).await?;
    let (today, reference) = (app.clock.today(), app.reference.get());
    let found = store::activities::find_many(&mut tx, scope, ids).await?;
    let mut found: HashMap<ActivityId, Stored> = found.into_iter().map(|stored| (stored.activity.id, stored)).collect();
    let (mut answers, mut closed) = (Vec::with_capacity(ids.len()), Vec::new());
    for id in ids {
        let answer = match found.remove(id) {
            // an ID that stands there twice was closed by its first place
            None if closed.iter().any(|(activity, _): &(Activity, i64)| activity.id == *id) => Closing::AlreadyClosed,
            None => Closing::NotFound,
            Some(stored) if stored.activity.is_closed => Closing::AlreadyClosed,
            Some(stored) if is_locked(&reference, &stored.activity) => Closing::Locked,
            Some(stored) => {
                let missing = stored.activity.missing_for(Status::Closed, today, &reference);
                if missing.is_empty() {
                    closed.push((Activity { is_closed: true, ..stored.activity }, stored.version));
                    Closing::Closed
                } else {
                    Closing::Missing(missing)
                }
            }
        };
        answers.push((*id, answer));
    }
    let saves: Vec<Save<'_>> =
        closed.iter().map(|(activity, version)| Save { activity, version: Some(*version) }).collect();
    if !store::activities::save_many(&mut tx, scope, &saves, attested(app, actor)).await? {
        return Err(Error::Stale);
    }
    let entry = |(activity, _): &(Activity, i64)| {
        audit::entry(app, Some(actor), "activity.close", activity.id.to_string(), None, "with others")
    };
    let entries: Vec<_> = closed.iter().map(entry).collect();
    store::audit::insert_many(&mut tx, &entries).await?;
    tx.commit().await?;
    Ok(answers)
}

/// Opens a closed activity again, until its reporting year is locked.
pub async fn reopen(app: &App, actor: &Actor, id: ActivityId, version: i64) -> Result<()> {
    let scope = editor(actor)?;
    let mut tx = app.store.write().await?;
    app.reference.refresh_in(&mut tx).await?;
    let Stored { activity: before, version: newest, .. } = get(&mut tx, &scope, id).await?;
    if newest != version {
        return Err(Error::Stale);
    }
    refuse_locked(app, &before)?;
    if !before.is_closed {
        return Err(Error::Forbidden("the activity is open"));
    }
    let after = Activity { is_closed: false, ..before };
    update(app, &mut tx, actor, &scope, &after, version).await?;
    audit::record(app, &mut tx, actor, "activity.reopen", id, None, "").await?;
    tx.commit().await?;
    Ok(())
}
