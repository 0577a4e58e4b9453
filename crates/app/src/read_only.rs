//! Read-only mode: people go on reading and signing in, nothing else is changed, in any process. What it means for
//! each kind of work stands in docs/OPERATING.md.
//!
//! The truth is a row of the database. Each process remembers it for a second, so that requests do not ask for it
//! each; jobs ask in the transaction of every chunk and need no memory.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::access::Actor;
use store::Store;
use store::audit::NewEntry;
pub use store::read_only::ReadOnly as State;

use crate::{App, Chance, Clock, Error, Result};

/// How long a look at the database is believed.
const BELIEVED: Duration = Duration::from_secs(1);
/// Seconds after which whoever was refused may try again.
pub const RETRY_AFTER_SECONDS: i64 = 60;
const MOST_LETTERS: usize = 300;

/// What this process knows. Cloning shares it.
#[derive(Clone, Default)]
pub struct ReadOnly {
    known: Arc<Mutex<Known>>,
}

#[derive(Default)]
struct Known {
    state: Option<Arc<State>>,
    looked: Option<Instant>,
}

impl ReadOnly {
    /// Whether and why nothing may be changed; at most a second old. If the database does not answer, what was known
    /// last.
    pub async fn current(&self, store: &Store) -> Option<Arc<State>> {
        {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if known.looked.is_some_and(|looked| looked.elapsed() < BELIEVED) {
                return known.state.clone();
            }
            // others go on with what is known while this one looks
            known.looked = Some(Instant::now());
        }
        let read = async { store::read_only::find(&mut store.read().await?).await };
        match read.await {
            Ok(found) => self.known.lock().unwrap_or_else(PoisonError::into_inner).state = found.map(Arc::new),
            Err(error) => tracing::warn!(%error, "whether changes are allowed could not be looked up"),
        }
        self.last_known()
    }

    /// As [`ReadOnly::current`], without a look.
    pub fn last_known(&self) -> Option<Arc<State>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).state.clone()
    }

    /// The next question looks at the database.
    pub fn forget(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).looked = None;
    }
}

/// Who turns it on or off: a person on a page, or somebody at the machine.
pub struct By<'a> {
    pub store: &'a Store,
    pub clock: &'a Clock,
    pub chance: &'a Chance,
    /// `None`: from the machine.
    pub actor: Option<&'a Actor>,
}

impl<'a> By<'a> {
    pub fn person(app: &'a App, actor: &'a Actor) -> Self {
        Self { store: &app.store, clock: &app.clock, chance: &app.chance, actor: Some(actor) }
    }

    pub(crate) fn entry(&self, action: &'static str, subject: &str, detail: &str) -> NewEntry {
        let at = self.clock.now();
        NewEntry {
            id: self.chance.id(at),
            at,
            actor: self.actor.copied(),
            action,
            subject: subject.to_owned(),
            physician: None,
            detail: detail.to_owned(),
        }
    }
}

/// Allows no changes from now on; every process knows within a second, jobs stop at their next chunk.
///
/// Errors: `Invalid` on `reason`.
pub async fn turn_on(by: &By<'_>, reason: &str) -> Result<()> {
    let reason = checked(reason)?;
    let mut tx = by.store.write().await?;
    let state = State { reason: reason.to_owned(), since: by.clock.now(), restored: None };
    store::read_only::put(&mut tx, &state).await?;
    store::audit::insert(&mut tx, &by.entry("read_only.on", "", reason)).await?;
    Ok(tx.commit().await?)
}

/// Allows changes again.
///
/// Errors: `Forbidden` after a restore, which must first be compared with a published head; `NotFound` if changes
/// were allowed.
pub async fn turn_off(by: &By<'_>) -> Result<()> {
    let mut tx = by.store.write().await?;
    let state = store::read_only::find(&mut tx).await?.ok_or(Error::NotFound)?;
    if state.restored.is_some() {
        return Err(Error::Forbidden(AFTER_RESTORE));
    }
    store::read_only::remove(&mut tx).await?;
    store::audit::insert(&mut tx, &by.entry("read_only.off", "", &state.reason)).await?;
    Ok(tx.commit().await?)
}

const AFTER_RESTORE: &str = "the data was restored from a backup, and must first be compared with the last published \
                             head: credence read-only off --published-head FILE";

/// The reason as it will be shown to everybody.
pub(crate) fn checked(reason: &str) -> Result<&str> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::invalid("reason", "Say why in a few words. Everybody reads them."));
    }
    if reason.chars().count() > MOST_LETTERS || reason.chars().any(char::is_control) {
        let message = format!("Write one line of at most {MOST_LETTERS} characters.");
        return Err(Error::invalid("reason", message));
    }
    Ok(reason)
}
