//! Transcripts that were issued and still say what is on record, kept in memory: whoever looks again does not wait until
//! hundreds of rows are read again.
//!
//! It is a cache that the database vouches for. Everything a transcript says comes with a number that grows in the
//! transaction of the change; each look reads these numbers first, in its own transaction, and what was made under
//! others is made again. Whether somebody may look was settled before anybody asks here.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use domain::PhysicianId;
use domain::transcript::Filter;
use jiff::civil::Date;
use lru::LruCache;
use store::ReadTx;
use store::counters::{self, Counter};
use store::transcript_issues::Issue;

use super::Official;
use crate::{App, Result};

/// A transcript of 400 credits takes some 1.5 MB with its page and its PDF.
const MOST: NonZeroUsize = NonZeroUsize::new(64).unwrap();

/// Of whom, for which kind of reader, and what of it.
pub(super) type Key = (PhysicianId, String, Filter);

/// Cloning shares it.
#[derive(Clone)]
pub struct Kept {
    transcripts: Arc<Mutex<LruCache<Key, Entry>>>,
}

#[derive(Clone)]
struct Entry {
    seen: Seen,
    official: Arc<Official>,
    issue: Arc<Issue>,
}

/// How many changes there were of everything that a transcript says: credit (each change is a leaf of the ledger), people
/// with their licenses, licensing boards' names, activities with their providers' names, reference data, and the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    database: [i64; 4],
    reference: i64,
    today: Date,
}

impl Seen {
    /// As the transaction sees it.
    pub async fn read(app: &App, tx: &mut ReadTx) -> Result<Self> {
        let counted = [Counter::LedgerLeaf, Counter::RegistryChange, Counter::ActivityChange, Counter::BoardName];
        let database = counters::several(tx, counted).await?;
        Ok(Self { database, reference: app.reference.seen(), today: app.clock.today() })
    }
}

impl Kept {
    /// What was kept, if it was made under the same numbers.
    pub(super) fn get(&self, key: &Key, seen: Seen) -> Option<(Arc<Official>, Arc<Issue>)> {
        let mut transcripts = self.transcripts.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = transcripts.get(key).filter(|entry| entry.seen == seen)?;
        Some((Arc::clone(&entry.official), Arc::clone(&entry.issue)))
    }

    /// Keeps a transcript whose issue is in the database.
    pub(super) fn put(&self, key: Key, seen: Seen, official: &Arc<Official>, issue: &Arc<Issue>) {
        let entry = Entry { seen, official: Arc::clone(official), issue: Arc::clone(issue) };
        self.transcripts.lock().unwrap_or_else(PoisonError::into_inner).put(key, entry);
    }
}

impl Default for Kept {
    fn default() -> Self {
        Self { transcripts: Arc::new(Mutex::new(LruCache::new(MOST))) }
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").finish_non_exhaustive()
    }
}

/// Room for what is made of a transcript, a page's HTML or a file's bytes, so that it is made once for as long as the
/// transcript stands. A clone has room of its own, since whoever clones means to change something.
#[derive(Debug)]
pub struct Rendering<T: ?Sized>(OnceLock<(String, Arc<T>)>);

impl<T: ?Sized> Rendering<T> {
    /// What was made under this name.
    pub fn get(&self, name: &str) -> Option<Arc<T>> {
        self.0.get().filter(|(known, _)| known == name).map(|(_, made)| Arc::clone(made))
    }

    /// Keeps what was made, unless something is kept already: what has another name is made anew each time.
    pub fn put(&self, name: &str, made: &Arc<T>) {
        let _ = self.0.set((name.to_owned(), Arc::clone(made)));
    }
}

impl<T: ?Sized> Default for Rendering<T> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<T: ?Sized> Clone for Rendering<T> {
    fn clone(&self) -> Self {
        Self::default()
    }
}
