//! The help center: pages that everybody reads from memory, their search, and what staff and readers do with them.
//!
//! [`Help`] holds all published pages with their markup rendered and an index of their words. It is a cache: the
//! database's count of changes says whether it is current, whichever process made them.

mod answers;
mod editing;
mod index;
mod markings;
pub mod markup;
mod requests;
mod seeds;
mod shelf;
mod slides;

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Mutex;

pub use answers::vote;
pub use editing::{Typed, create, move_within, preview, restore, save, set_status};
pub use index::{Hit, Results};
pub use markings::Piece;
pub use requests::{Sent, TypedRequest, add_note, answer, assign, of_account, of_anybody, reopen, send, take};
pub(crate) use seeds::seed;
pub use shelf::{Page, Shelf, path_of};
pub use slides::{MOST_BYTES, SLIDES_ACCEPTED, Staged, add_slides, file, remove_slides, stage};

use crate::{App, Error, Result};

/// The help in memory. Cloning shares it.
#[derive(Clone, Default)]
pub struct Help {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    shelf: RwLock<Option<Arc<Shelf>>>,
    /// One process of reading at a time.
    reading: Mutex<()>,
}

impl Help {
    /// All published pages as of now: one query when nothing has changed.
    pub async fn shelf(&self, app: &App) -> Result<Arc<Shelf>> {
        let mut tx = app.store.read().await?;
        let newest = store::help::newest(&mut tx).await?;
        if let Some(shelf) = self.current(newest) {
            return Ok(shelf);
        }
        let _only_one = self.shared.reading.lock().await;
        if let Some(shelf) = self.current(newest) {
            return Ok(shelf);
        }
        // the number and the pages of one moment
        drop(tx);
        let mut tx = app.store.read().await?;
        let seen = store::help::newest(&mut tx).await?;
        let entries = store::help::published(&mut tx).await?;
        drop(tx);
        let made = tokio::task::spawn_blocking(move || Shelf::of(seen, entries)).await;
        let shelf = Arc::new(made.map_err(|error| Error::Internal(error.to_string()))?);
        *self.shared.shelf.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&shelf));
        Ok(shelf)
    }

    fn current(&self, newest: i64) -> Option<Arc<Shelf>> {
        let held = self.shared.shelf.read().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().filter(|shelf| shelf.seen() >= newest).map(Arc::clone)
    }
}

/// What somebody wrote: no control characters but line ends, and not endless.
fn words(field: &'static str, text: &str, most: usize) -> Result<String> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if text.chars().count() > most {
        return Err(Error::invalid(field, format!("Write at most {most} characters.")));
    }
    Ok(text.chars().filter(|letter| *letter == '\n' || !letter.is_control()).collect())
}

/// As [`words`], where something must be written.
fn some_words(field: &'static str, text: &str, most: usize, ask: &str) -> Result<String> {
    let text = words(field, text, most)?;
    if text.is_empty() { Err(Error::invalid(field, ask)) } else { Ok(text) }
}
