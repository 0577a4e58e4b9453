//! Keeping what is typed of an activity before it can be one: a form that saves itself sends its
//! fields here until title, format and both dates are there, and to [`super::save`] from then on.
//!
//! A sketch belongs to the person who types. It has no rules: whatever stands in the form is kept.

use domain::access::{Actor, ProviderScope, Who};
use domain::activity::Activity;
use domain::{AccountId, ActivityId, SketchId};
use store::sketches::{Fields, Sketch};

use super::{create_in, editor};
use crate::App;
use crate::error::{Error, Result};

/// The most that a sketch holds: fields and characters of all of them.
const MOST_FIELDS: usize = 1_000;
const MOST_CHARACTERS: usize = 200_000;
/// Sketches of one person; beginning another drops the oldest.
const MOST_SKETCHES: usize = 20;

fn person(actor: &Actor) -> Result<(ProviderScope, AccountId)> {
    match actor.who {
        Who::Account(account) => Ok((editor(actor)?, account)),
        Who::ApiClient(_) => Err(Error::Forbidden("only people type")),
    }
}

/// Keeps what was typed, under a new ID or the one that it is kept under already.
pub async fn keep(app: &App, actor: &Actor, id: Option<SketchId>, fields: &Fields) -> Result<SketchId> {
    let (scope, account) = person(actor)?;
    let characters: usize = fields.iter().map(|(name, given)| name.len() + given.len()).sum();
    if fields.len() > MOST_FIELDS || characters > MOST_CHARACTERS {
        return Err(Error::invalid("description", "This is more than an activity's form can hold."));
    }
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    if id.is_none() {
        let held = store::sketches::list(&mut tx, &scope, account).await?;
        for oldest in held.iter().skip(MOST_SKETCHES - 1) {
            store::sketches::delete(&mut tx, &scope, account, oldest.id).await?;
        }
    }
    let id = id.unwrap_or_else(|| SketchId::new(app.chance.id(now)));
    if !store::sketches::put(&mut tx, &scope, account, id, fields, now).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    Ok(id)
}

/// This person's sketches, the newest first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Sketch>> {
    let (scope, account) = person(actor)?;
    Ok(store::sketches::list(&mut app.store.read().await?, &scope, account).await?)
}

/// Makes an activity of what was sketched and drops the sketch, both or neither.
pub async fn create(app: &App, actor: &Actor, sketch: SketchId, new: Activity) -> Result<ActivityId> {
    let (scope, account) = person(actor)?;
    let mut tx = app.store.write().await?;
    let id = create_in(app, &mut tx, actor, new).await?;
    store::sketches::delete(&mut tx, &scope, account, sketch).await?;
    tx.commit().await?;
    Ok(id)
}

/// Drops a sketch.
pub async fn discard(app: &App, actor: &Actor, sketch: SketchId) -> Result<()> {
    let (scope, account) = person(actor)?;
    let mut tx = app.store.write().await?;
    if !store::sketches::delete(&mut tx, &scope, account, sketch).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    Ok(())
}
