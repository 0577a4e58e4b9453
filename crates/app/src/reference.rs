//! The rules in force, held in memory: every row of every upload is checked against them.

use std::sync::{Arc, PoisonError, RwLock};

use domain::reference::Reference;
use store::Store;

use crate::error::Result;

/// Cloning shares it.
#[derive(Clone)]
pub struct CurrentReference {
    current: Arc<RwLock<Arc<Reference>>>,
}

impl CurrentReference {
    /// Seeds the tables of a new database, then reads them.
    pub async fn open(store: &Store) -> Result<Self> {
        let mut tx = store.write().await?;
        store::reference::seed(&mut tx).await?;
        let reference = store::reference::load(&mut tx).await?;
        tx.commit().await?;
        Ok(Self { current: Arc::new(RwLock::new(Arc::new(reference))) })
    }

    /// The rules as of now. Hold on to it for the length of one piece of work, so that all of it
    /// is judged alike.
    pub fn get(&self) -> Arc<Reference> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the tables again, after the accreditor has changed them.
    pub async fn reload(&self, store: &Store) -> Result<()> {
        let reference = store::reference::load(&mut store.read().await?).await?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(reference);
        Ok(())
    }
}
