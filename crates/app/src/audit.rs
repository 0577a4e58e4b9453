//! Who did what: one row for each change, and for each look at a physician's record, in the same
//! transaction as what it tells about.
//!
//! A look by somebody else, and a board's no, are also noted for the physician's next letter, here, so that no look
//! is written down without. What physicians do in their own seat stands in their own trail.

use std::fmt::Display;

use domain::PhysicianId;
use domain::access::{Actor, Seat};
use store::WriteTx;
use store::audit::NewEntry;
use store::notices::Topic;

use crate::{App, Result, notices};

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
    insert(app, tx, &[entry]).await
}

/// Writes rows down, and notes for the physicians' letters what these tell of.
pub async fn insert(app: &App, tx: &mut WriteTx, entries: &[NewEntry]) -> Result<()> {
    store::audit::insert_many(tx, entries).await?;
    for entry in entries {
        if let (Some(physician), Some(topic)) = (entry.physician, topic(entry)) {
            notices::note(app, tx, physician, topic, entry.at).await?;
        }
    }
    Ok(())
}

/// What a letter to the physician tells of this. Lists in which staff merely came by a record are no look.
fn topic(entry: &NewEntry) -> Option<Topic> {
    let is_own = entry.actor.is_some_and(|actor| matches!(actor.seat, Seat::Physician(_)));
    match entry.action {
        "credit.reject" => Some(Topic::Rejected),
        "transcript.read" | "physician.read" | "completion.read" | "share.view" | "share.pdf" | "share.json"
        | "transcript.verify"
            if !is_own =>
        {
            Some(Topic::Looked)
        }
        _ => None,
    }
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
    let own = actor.and_then(|actor| match actor.seat {
        Seat::Physician(own) => Some(own),
        _ => None,
    });
    let physician = physician.or(own);
    NewEntry { id: app.chance.id(at), at, actor: actor.copied(), action, subject, physician, detail: detail.to_owned() }
}
