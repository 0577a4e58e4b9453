//! Completions go with the person: each of their credits gets a leaf in the ledger that names the new
//! holder, and certifying boards hear of theirs.
//!
//! The caller holds the ledger's lock.

use domain::credit::Kind;
use domain::{CompletionId, PhysicianId};
use store::WriteTx;
use store::counters::{self, Counter};
use store::events::{self, EventKind, NewEvent};
use store::identity_changes::records::{self, MovingCredit, Way};
use store::ledger::{Leaf, LedgerEvent};

use crate::reports::leaf;
use crate::{App, Error, Result};

/// Gives completions that `from` holds to `into`.
///
/// Errors: `Stale` if one of them is somebody else's by now.
pub(super) async fn move_all(
    app: &App,
    tx: &mut WriteTx,
    completions: &[CompletionId],
    from: PhysicianId,
    into: PhysicianId,
) -> Result<()> {
    if completions.is_empty() {
        return Ok(());
    }
    let now = app.clock.now();
    for completion in completions {
        if !records::move_completion(tx, *completion, from, into).await? {
            return Err(Error::Stale);
        }
    }
    let credits = records::credits_of(tx, completions).await?;
    let keys = store::completions::person_keys(tx, &[into]).await?;
    let key = keys.get(&into).ok_or_else(|| store::Error::corrupt("physician", "ledger_key", into))?;
    let first = counters::take(tx, Counter::LedgerLeaf, credits.len() as i64).await?;
    let leaves: Vec<Leaf> = (first..)
        .zip(&credits)
        .map(|(index, moving)| Leaf {
            index,
            hash: leaf::relinked(moving.credit, &leaf::holder(key, into, moving.credit), now),
            event: LedgerEvent::Relink { holder: into },
            credit: moving.credit,
            at: now,
        })
        .collect();
    store::ledger::append(tx, &leaves).await?;
    tell(app, tx, EventKind::CreditMoved, &credits).await
}

/// Lets completions count again that were set aside with records merged into this one, where nothing is in
/// their way any more. Gives each with the record that it came from.
pub(super) async fn let_return(
    app: &App,
    tx: &mut WriteTx,
    into: PhysicianId,
) -> Result<Vec<(CompletionId, PhysicianId)>> {
    let mut returned = Vec::new();
    for merged in records::merged_here(tx, into).await? {
        for completion in records::live_completions(tx, merged).await? {
            if records::way(tx, completion, merged, into).await? == Way::Free {
                move_all(app, tx, &[completion], merged, into).await?;
                tell_of(app, tx, EventKind::CreditRestored, &[completion]).await?;
                returned.push((completion, merged));
            }
        }
    }
    Ok(returned)
}

/// Tells certifying boards what became of their credits of these completions.
pub(super) async fn tell_of(app: &App, tx: &mut WriteTx, kind: EventKind, completions: &[CompletionId]) -> Result<()> {
    let credits = records::credits_of(tx, completions).await?;
    tell(app, tx, kind, &credits).await
}

async fn tell(app: &App, tx: &mut WriteTx, kind: EventKind, credits: &[MovingCredit]) -> Result<()> {
    let at = app.clock.now();
    let mut told = Vec::new();
    for moving in credits.iter().filter(|moving| moving.is_live) {
        let Some(board) = Kind::read(&moving.kind).and_then(|kind| kind.board()) else { continue };
        let provider = moving
            .provider
            .parse()
            .map_err(|_| store::Error::corrupt("completion", "provider_id", moving.completion))?;
        told.push(NewEvent { kind, at, provider, board: Some(board), credit: Some(moving.credit), upload: None });
    }
    Ok(events::append(tx, &told).await?)
}
