//! Comparing a restored ledger with a head that was published before the loss: what is on a transcript, what a board
//! or a witness keeps. Only this can say what is missing.

use ledger::{Frontier, Hash};
use store::{ReadTx, Store};

use super::restore::{Mark, ledger_key};
use crate::read_only::{self, By};
use crate::{Config, Error, Result};

/// Leaves read at a time.
const PAGE: i64 = 20_000;

/// What a published head says of the ledger as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// Every leaf that the head covers is there, as it was.
    Agrees { size: u64, leaves: u64 },
    /// The head covers more leaves than there are: so many were accepted and are lost.
    Lost { size: u64, leaves: u64 },
    /// There are enough leaves, but not those that were signed.
    Differs { size: u64 },
}

/// Compares the leaves with a head that our own key signed.
///
/// Errors: `Invalid` on `head` for what is no head of this ledger.
pub async fn compare(config: &Config, store: &Store, note: &str) -> Result<Agreement> {
    let key = ledger_key(config)?;
    let head = ledger::open(note, &key).map_err(|error| Error::invalid("head", error.to_string()))?;
    let mut tx = store.read().await?;
    let mut frontier = Frontier::default();
    while frontier.size() < head.size {
        let hashes = leaves(&mut tx, frontier.size(), head.size).await?;
        if hashes.is_empty() {
            return Ok(Agreement::Lost { size: head.size, leaves: frontier.size() });
        }
        frontier.extend(hashes);
    }
    if frontier.root() != head.root {
        return Ok(Agreement::Differs { size: head.size });
    }
    let leaves = store::counters::taken(&mut tx, store::counters::Counter::LedgerLeaf).await?;
    Ok(Agreement::Agrees { size: head.size, leaves: leaves.unsigned_abs() })
}

async fn leaves(tx: &mut ReadTx, from: u64, until: u64) -> Result<Vec<Hash>> {
    let most = PAGE.min(i64::try_from(until - from).unwrap_or(PAGE));
    let from = i64::try_from(from).unwrap_or(i64::MAX);
    let hashes = store::ledger::published::hashes_from(tx, from, most).await?;
    Ok(hashes.into_iter().map(Hash).collect())
}

/// Allows changes again if the published head agrees.
pub async fn reopen(config: &Config, by: &By<'_>, note: &str) -> Result<Agreement> {
    let agreement = compare(config, by.store, note).await?;
    if let Agreement::Agrees { size, leaves } = agreement {
        let detail = format!("agrees with the head over {size} leaves, of {leaves}");
        open(by, &detail).await?;
    }
    Ok(agreement)
}

/// Allows changes again although leaves are lost or no published head is known, because somebody at the machine says
/// so. Whoever keeps a newer head will complain, and be right.
///
/// Errors: `Invalid` on `reason`.
pub async fn reopen_in_spite(by: &By<'_>, reason: &str) -> Result<()> {
    let reason = read_only::checked(reason)?;
    open(by, &format!("in spite of what may be lost: {reason}")).await
}

async fn open(by: &By<'_>, detail: &str) -> Result<()> {
    let mut tx = by.store.write().await?;
    let state = store::read_only::find(&mut tx).await?.ok_or(Error::NotFound)?;
    let mark: Option<Mark> = state.restored.as_deref().and_then(|mark| serde_json::from_str(mark).ok());
    let subject = mark.map(|mark| mark.made).unwrap_or_default();
    store::read_only::remove(&mut tx).await?;
    store::audit::insert(&mut tx, &by.entry("read_only.off", &subject, detail)).await?;
    Ok(tx.commit().await?)
}
