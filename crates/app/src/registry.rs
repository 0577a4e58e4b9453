//! The registry in memory: the identity engine's index of all physicians, shared by everyone in the
//! process.
//!
//! It is a cache. The database's change sequence says what is newer than it, so a roster that
//! another process imports is seen before the next batch is decided; see [`Registry::refresh`].

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use domain::report::Learner;
use matching::{Decision, Explanation, Index, Query, Teller};
use store::counters::{self, Counter};
use store::physicians::{self, Identity};
use store::{ReadTx, Store};
use tokio::sync::Mutex;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::error::{Error, Result};

/// Physicians read at a time while the index is built.
const PAGE: i64 = 20_000;
/// Changes applied at a time: readers wait for no more than these.
const CHANGES: i64 = 2_000;

/// Told how many physicians of how many are in the index.
pub type Progress<'a> = &'a (dyn Fn(u64, u64) + Send + Sync);

/// Cloning shares the index.
#[derive(Clone)]
pub struct Registry {
    shared: Arc<Shared>,
}

struct Shared {
    index: RwLock<Index>,
    /// The number of the change sequence up to which the index is current.
    seen: AtomicI64,
    /// One refresh at a time.
    refreshing: Mutex<()>,
}

impl Registry {
    /// Reads all physicians and builds the index.
    pub async fn build(store: &Store, progress: Progress<'_>) -> Result<Self> {
        let mut tx = store.read().await?;
        let seen = counters::taken(&mut tx, Counter::RegistryChange).await?;
        let total = u64::try_from(physicians::count(&mut tx).await?).unwrap_or_default();
        let capacity = usize::try_from(total).unwrap_or_default();
        let mut builder = spawn_blocking(move || Index::builder(capacity));
        let (mut done, mut after) = (0, None);
        loop {
            // while this page is read, the one before is pushed
            let page = physicians::page_after(&mut tx, after, PAGE).await?;
            after = page.next;
            done += page.physicians.len() as u64;
            let mut so_far = joined(builder).await?;
            builder = spawn_blocking(move || {
                for physician in page.physicians {
                    so_far.push(&as_known(physician));
                }
                so_far
            });
            progress(done, total.max(done));
            if after.is_none() {
                break;
            }
        }
        let builder = joined(builder).await?;
        let index = joined(spawn_blocking(move || builder.build())).await?;
        let shared = Shared { index: RwLock::new(index), seen: AtomicI64::new(seen), refreshing: Mutex::new(()) };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Takes over what has changed in the database since; tells how many physicians that were. One
    /// query when nothing has.
    pub async fn refresh(&self, store: &Store) -> Result<usize> {
        let mut tx = store.read().await?;
        self.refresh_in(&mut tx).await
    }

    /// As [`Registry::refresh`], as far as an open transaction sees. It must not have changed
    /// physicians itself: if it were undone, the index would know people who do not exist.
    pub async fn refresh_in(&self, tx: &mut ReadTx) -> Result<usize> {
        let _one_at_a_time = self.shared.refreshing.lock().await;
        let newest = counters::taken(tx, Counter::RegistryChange).await?;
        let mut seen = self.shared.seen.load(Ordering::SeqCst);
        let mut applied = 0;
        while seen < newest {
            let changes = physicians::changed_since(tx, seen, CHANGES).await?;
            let Some(last) = changes.last() else { break };
            seen = last.seq;
            applied += changes.len();
            let mut index = self.shared.index.write().unwrap_or_else(PoisonError::into_inner);
            for change in changes {
                if change.is_merged {
                    index.remove(change.physician.id);
                } else {
                    index.upsert(&as_known(change.physician));
                }
            }
            drop(index);
            self.shared.seen.store(seen, Ordering::SeqCst);
        }
        self.shared.seen.fetch_max(newest, Ordering::SeqCst);
        Ok(applied)
    }

    /// Whom one description means. Microseconds: no need to leave the async thread.
    pub fn decide(&self, query: &Query) -> Decision {
        self.with_index(|index| index.decide(query))
    }

    /// As [`Registry::decide`], with everyone who came into question, best first. For counting tries and
    /// for staff: it names physicians.
    pub fn explain(&self, query: &Query) -> Explanation {
        self.with_index(|index| index.explain(query))
    }

    /// Whom many descriptions mean, in their order, on all cores. It blocks for as long as that
    /// takes: call it where blocking is allowed.
    pub fn decide_all(&self, queries: &[Query]) -> Vec<Decision> {
        self.with_index(|index| index.decide_all(queries))
    }

    /// Physicians in the index.
    pub fn len(&self) -> usize {
        self.with_index(Index::len)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Memory held by the index.
    pub fn bytes(&self) -> usize {
        self.with_index(Index::bytes)
    }

    fn with_index<T>(&self, ask: impl FnOnce(&Index) -> T) -> T {
        ask(&self.shared.index.read().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn joined<T>(work: JoinHandle<T>) -> Result<T> {
    work.await.map_err(|error| Error::Internal(error.to_string()))
}

/// A physician of the tables as the engine knows them.
fn as_known(identity: Identity) -> matching::Physician {
    let Identity { id, first, middle, last, suffix, former_last, birth, npi, licenses, certifications } = identity;
    matching::Physician { id, first, middle, last, suffix, former_last, birth, npi, licenses, certifications }
}

/// What a learner report says of its learner, as a question to the engine.
pub fn query_of(learner: &Learner) -> Query {
    Query {
        first: learner.first.clone(),
        last: learner.last.clone(),
        birth: learner.birth,
        state: learner.state,
        identifier: learner.identifier.clone(),
        board: learner.board.clone(),
        teller: Teller::Report,
        ..Query::default()
    }
}
