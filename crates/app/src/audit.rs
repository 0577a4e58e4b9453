//! Who did what: one row for each change, and for each look at a physician's record, in the same
//! transaction as what it tells about.

use std::fmt::Display;

use domain::PhysicianId;
use domain::access::Actor;
use store::WriteTx;
use store::audit::NewEntry;

use crate::{App, Result};

/// Records what somebody did. `action` is a stable word such as `upload.receive`, `subject` the id
/// of what was acted on, `physician` whose record was read or changed; `detail` holds no secret.
pub async fn record(
    app: &App,
    tx: &mut WriteTx,
    actor: &Actor,
    action: &'static str,
    subject: impl Display,
    physician: Option<PhysicianId>,
    detail: &str,
) -> Result<()> {
    let entry = entry(app, Some(actor), action, subject.to_string(), physician, detail);
    Ok(store::audit::insert(tx, &entry).await?)
}

/// Records what happened while nobody was signed in: a try to sign in, a password reset.
pub async fn record_nobody(
    app: &App,
    tx: &mut WriteTx,
    action: &'static str,
    subject: impl Display,
    detail: &str,
) -> Result<()> {
    let entry = entry(app, None, action, subject.to_string(), None, detail);
    Ok(store::audit::insert(tx, &entry).await?)
}

/// A row for [`store::audit::insert_many`], where one act touches many records.
pub fn entry(
    app: &App,
    actor: Option<&Actor>,
    action: &'static str,
    subject: String,
    physician: Option<PhysicianId>,
    detail: &str,
) -> NewEntry {
    let at = app.clock.now();
    NewEntry { id: app.chance.id(at), at, actor: actor.copied(), action, subject, physician, detail: detail.to_owned() }
}
