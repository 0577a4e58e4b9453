//! The rules in force, held in memory: every row of every upload is checked against them.
//!
//! It is a cache. The database's count of changes says whether it is current, so what staff change on
//! one machine is seen by all; what is planned for a day takes effect on that day, since every look at
//! it says what day it is.

mod boards;
mod change;
mod edit;
mod effect;
mod items;
mod planned;
mod settings;

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use domain::reference::{Reference, Rules};
use store::{ReadTx, Store};

pub use change::{Change, group_label};
pub use edit::{Seen, apply, preview, put_setting, seen};
pub use effect::{Broken, Effect, Example};
pub use planned::{Planned, What, planned};

use crate::clock::Clock;
use crate::error::Result;

/// Cloning shares it.
#[derive(Clone)]
pub struct CurrentReference {
    shared: Arc<Shared>,
    clock: Clock,
}

struct Shared {
    rules: RwLock<Arc<Rules>>,
    /// How many changes the rules are made of.
    seen: AtomicI64,
}

impl CurrentReference {
    /// Seeds the tables of a new database, then reads them.
    pub async fn open(store: &Store, clock: Clock) -> Result<Self> {
        let mut tx = store.write().await?;
        store::reference::seed(&mut tx).await?;
        let (rules, seen) = store::reference::load(&mut tx).await?;
        tx.commit().await?;
        let shared = Shared { rules: RwLock::new(Arc::new(rules)), seen: AtomicI64::new(seen) };
        Ok(Self { shared: Arc::new(shared), clock })
    }

    /// The rules as of now. Hold on to it for the length of one piece of work, so that all of it
    /// is judged alike.
    pub fn get(&self) -> Arc<Reference> {
        let rules = Arc::clone(&self.shared.rules.read().unwrap_or_else(PoisonError::into_inner));
        Arc::new(Reference::new(rules, self.clock.today()))
    }

    /// How many changes the rules in force are made of.
    pub fn seen(&self) -> i64 {
        self.shared.seen.load(Ordering::SeqCst)
    }

    /// Takes over what has changed in the database since; one query when nothing has. Tells whether
    /// something had.
    pub async fn refresh(&self, store: &Store) -> Result<bool> {
        let mut tx = store.read().await?;
        self.refresh_in(&mut tx).await
    }

    /// As [`CurrentReference::refresh`], as far as an open transaction sees. It must not have changed
    /// reference data itself: if it were undone, rules would be in force that were never made.
    pub async fn refresh_in(&self, tx: &mut ReadTx) -> Result<bool> {
        if store::reference::newest(tx).await? <= self.shared.seen.load(Ordering::SeqCst) {
            return Ok(false);
        }
        self.load(tx).await?;
        Ok(true)
    }

    /// Reads the tables again, whatever the count says.
    pub async fn reload(&self, store: &Store) -> Result<()> {
        self.load(&mut store.read().await?).await
    }

    async fn load(&self, tx: &mut ReadTx) -> Result<()> {
        let (rules, seen) = store::reference::load(tx).await?;
        let mut held = self.shared.rules.write().unwrap_or_else(PoisonError::into_inner);
        // of two readers the one that saw more wins, whoever is done last
        if seen >= self.shared.seen.load(Ordering::SeqCst) {
            *held = Arc::new(rules);
            self.shared.seen.store(seen, Ordering::SeqCst);
        }
        Ok(())
    }
}
