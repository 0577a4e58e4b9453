//! The ledger as the system keeps it: its signing key, and heads signed over stored leaves.

use std::path::Path;

use ledger::{Checkpoint, Frontier, Hash, Signer};
use store::counters::{self, Counter};
use store::ledger::Head;

use crate::{App, Chance, Error, Result};

/// Leaves read at a time.
const PAGE: i64 = 20_000;

/// The key that signs heads, with the ledger's own name in it.
#[derive(Clone)]
pub struct Ledger {
    signer: std::sync::Arc<Signer>,
}

impl Ledger {
    /// Reads the key from the data folder, or makes one.
    pub fn open(data: &Path, name: &str, chance: &Chance) -> Result<Self> {
        let file = data.join("ledger-key.pem");
        let internal = |error: ledger::KeyError| Error::Internal(format!("the ledger's key: {error}"));
        let signer = if file.exists() {
            Signer::from_pem(name, &std::fs::read_to_string(&file)?).map_err(internal)?
        } else {
            let signer = Signer::from_seed(name, &chance.bytes()).map_err(internal)?;
            write_secret(&file, &signer.to_pem().map_err(internal)?)?;
            signer
        };
        Ok(Self { signer: std::sync::Arc::new(signer) })
    }

    pub fn signer(&self) -> &Signer {
        &self.signer
    }
}

/// Writes a file that only its owner can read.
pub(crate) fn write_secret(file: &Path, text: &str) -> Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(file)?;
    file.write_all(text.as_bytes())?;
    Ok(file.sync_all()?)
}

/// Signs a head after facts were committed. They stand whether or not this succeeds, so a failure is
/// only logged; background work tries again within seconds.
pub async fn sign_soon(app: &App) {
    if let Err(error) = sign_head(app).await {
        tracing::error!(%error, "the ledger's head could not be signed");
    }
}

/// Signs a head over all leaves, if there are new ones. The root is computed from the leaves as they
/// are stored, going on from the last signed head; a head never covers fewer leaves than the last.
pub async fn sign_head(app: &App) -> Result<()> {
    let mut tx = app.store.read().await?;
    let last = store::ledger::last_head(&mut tx).await?;
    let mut frontier = match &last {
        Some(head) => Frontier::from_bytes(&head.frontier)
            .map_err(|_| store::Error::corrupt("ledger_head", "frontier", head.size))?,
        None => Frontier::default(),
    };
    let from = last.as_ref().map_or(0, |head| head.size);
    let mut next = from;
    loop {
        let leaves = store::ledger::leaves_from(&mut tx, next, PAGE).await?;
        for leaf in &leaves {
            if leaf.index != next {
                return Err(store::Error::corrupt("ledger_leaf", "leaf_index", next).into());
            }
            frontier.append(Hash(leaf.hash));
            next += 1;
        }
        if leaves.len() < PAGE as usize {
            break;
        }
    }
    drop(tx);
    if next == from {
        return Ok(());
    }
    let now = app.clock.now().max(last.map_or(0, |head| head.signed_at));
    let signer = app.ledger.signer();
    let checkpoint = Checkpoint {
        origin: signer.name().to_owned(),
        size: frontier.size(),
        root: frontier.root(),
        signed_at: Some(app.clock.machine(now)),
    };
    let note = signer.sign(&checkpoint).map_err(|error| Error::Internal(error.to_string()))?;
    let head = Head { size: next, root: frontier.root().0, frontier: frontier.to_bytes(), note, signed_at: now };
    let mut tx = app.store.write().await?;
    // signers stand in line; another worker may have signed as much meanwhile: then its head stands
    counters::take(&mut tx, Counter::LedgerLeaf, 0).await?;
    if store::ledger::last_head(&mut tx).await?.is_none_or(|last| last.size < head.size) {
        store::ledger::insert_head(&mut tx, &head).await?;
        tx.commit().await?;
    }
    Ok(())
}
