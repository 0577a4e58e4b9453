//! The review list, settled by the accreditor's staff: a row goes to a physician of the registry,
//! becomes a new physician, or is taken off the list; each can be taken back.
//!
//! What a settlement added, and the record before it, is kept beside the review: taking it back takes
//! away exactly that and leaves whatever came since.

mod shown;
mod taken_back;

use domain::access::{Actor, StaffScope};
use domain::{PhysicianId, ReviewId};
use store::identity_changes::{Facts, records};
use store::physicians::{self, Certification, Held, License, NewPhysician};
use store::reviews::{self, Kept, Settled, Settlement};
use store::{ReadTx, WriteTx};

pub use shown::{Candidate, Issued, Opened, Row, open};
pub use taken_back::reopen;

use super::entry::{Entry, Own};
use super::merging::enrich;
use crate::identity::{reason, staff};
use crate::{App, Error, Result, audit, retry};
use taken_back::{Added, held};

fn entry(kept: &Kept) -> Result<Entry> {
    let corrupt = |_| store::Error::corrupt("registry_review", "row", kept.review.id);
    Ok(serde_json::from_str(&kept.review.row).map_err(corrupt)?)
}

/// The row of a review that waits. `Stale` if it does not, `NotFound` for a pair: that is merged.
async fn waiting(tx: &mut ReadTx, scope: &StaffScope, review: ReviewId) -> Result<Entry> {
    let kept = reviews::find(tx, scope, review).await?.ok_or(Error::NotFound)?;
    if kept.settled.is_some() {
        return Err(Error::Stale);
    }
    if kept.review.source == reviews::PAIR {
        return Err(Error::NotFound);
    }
    entry(&kept)
}

/// Attaches a waiting row to a physician: the license or certification, and facts that the record lacks.
///
/// Errors: `Stale` if the review does not wait any more; `NotFound` for a pair or a physician who is not
/// there; `Invalid` on `physician` if that record was merged into another.
pub async fn attach(app: &App, actor: &Actor, review: ReviewId, physician: PhysicianId) -> Result<()> {
    let (scope, _) = staff(actor)?;
    retry::on_race(|| async {
        let mut tx = app.store.write().await?;
        physicians::lock(&mut tx).await?;
        let entry = waiting(&mut tx, &scope, review).await?;
        if records::merged_into(&mut tx, physician).await?.is_some() {
            return Err(Error::invalid("physician", "This record was merged into another. Choose the one that stays."));
        }
        let mut known = physicians::find(&mut tx, physician).await?.ok_or(Error::NotFound)?;
        let before = Facts::of(&known);
        enrich(&mut known, &entry, npi_is_free(&mut tx, &entry).await?);
        let after = Facts::of(&known);
        let held_before = held(&mut tx, physician, &entry.held).await?;
        physicians::update(&mut tx, std::slice::from_ref(&known)).await?;
        put(app, &mut tx, physician, &entry.held).await?;
        let held_after = held(&mut tx, physician, &entry.held).await?;
        let added = Added { before, after, held_before, held_after };
        settle(app, &mut tx, actor, (review, Settlement::Attached), Some(physician), "", Some(&added)).await?;
        audit::record(app, &mut tx, actor, "review.attach", review, Some(physician), &name_of(&entry.held)).await?;
        Ok(tx.commit().await?)
    })
    .await?;
    app.registry.refresh(&app.store).await?;
    Ok(())
}

/// Makes a new physician of a waiting row. An NPI that somebody holds is left out.
///
/// Errors: as [`attach`].
pub async fn make_new(app: &App, actor: &Actor, review: ReviewId) -> Result<PhysicianId> {
    let (scope, _) = staff(actor)?;
    let made = retry::on_race(|| async {
        let mut tx = app.store.write().await?;
        physicians::lock(&mut tx).await?;
        let entry = waiting(&mut tx, &scope, review).await?;
        let now = app.clock.now();
        let id = PhysicianId::new(app.chance.id(now));
        let npi = if npi_is_free(&mut tx, &entry).await? { entry.npi.clone() } else { None };
        let facts = Facts {
            first: entry.first.clone(),
            middle: entry.middle.clone(),
            last: entry.last.clone(),
            suffix: entry.suffix.clone(),
            former_last: entry.former_last.iter().map(|name| name.replace(';', " ")).collect(),
            degree: entry.degree.clone(),
            birth: entry.birth,
            npi,
        };
        let new = NewPhysician { physician: facts.physician(id), ledger_key: app.chance.bytes() };
        physicians::insert(&mut tx, &[new], now).await?;
        put(app, &mut tx, id, &entry.held).await?;
        let held_after = held(&mut tx, id, &entry.held).await?;
        let added = Added { before: facts.clone(), after: facts, held_before: None, held_after };
        settle(app, &mut tx, actor, (review, Settlement::New), Some(id), "", Some(&added)).await?;
        audit::record(app, &mut tx, actor, "review.new", review, Some(id), &name_of(&entry.held)).await?;
        tx.commit().await?;
        Ok(id)
    })
    .await?;
    app.registry.refresh(&app.store).await?;
    Ok(made)
}

/// Takes a row or a pair off the list; nothing else changes.
///
/// Errors: `Stale` if it does not wait any more; `Invalid` on `reason` if that is empty or too long.
pub async fn dismiss(app: &App, actor: &Actor, review: ReviewId, why: &str) -> Result<()> {
    let (scope, _) = staff(actor)?;
    let why = reason(why)?;
    let mut tx = app.store.write().await?;
    reviews::find(&mut tx, &scope, review).await?.ok_or(Error::NotFound)?;
    settle(app, &mut tx, actor, (review, Settlement::Dismissed), None, why, None).await?;
    audit::record(app, &mut tx, actor, "review.dismiss", review, None, why).await?;
    Ok(tx.commit().await?)
}

async fn npi_is_free(tx: &mut ReadTx, entry: &Entry) -> Result<bool> {
    let npi: Vec<String> = entry.npi.iter().cloned().collect();
    Ok(physicians::holders_of_npis(tx, &npi).await?.is_empty())
}

/// Adds the license or certification to the physician, or sets its status and dates.
async fn put(app: &App, tx: &mut WriteTx, physician: PhysicianId, own: &Own) -> Result<()> {
    let now = app.clock.now();
    match own.clone() {
        Own::License { state, number, status, issued_on, expires_on } => {
            let held = License { state, number, status, issued_on, expires_on };
            physicians::put_licenses(tx, &[Held::new(physician, held)], now).await?;
        }
        Own::Certification { board, diplomate_id, status } => {
            let held = Certification { board, diplomate_id, status };
            physicians::put_certifications(tx, &[Held::new(physician, held)], now).await?;
        }
    }
    Ok(())
}

fn name_of(own: &Own) -> String {
    match own {
        Own::License { state, number, .. } => format!("License {state} {number}"),
        Own::Certification { board, diplomate_id, .. } => format!("Certification {board} {diplomate_id}"),
    }
}

/// Ends the review, with what it needs to be taken back. `Stale` if it has ended already.
async fn settle(
    app: &App,
    tx: &mut WriteTx,
    actor: &Actor,
    (id, settlement): (ReviewId, Settlement),
    physician: Option<PhysicianId>,
    why: &str,
    added: Option<&Added>,
) -> Result<()> {
    let (_, account) = staff(actor)?;
    let by = store::accounts::find(tx, account).await?.map(|account| account.name).unwrap_or_default();
    let end = Settled { id, settlement, physician, by, at: app.clock.now() };
    if reviews::settle(tx, &[end]).await? == 0 {
        return Err(Error::Stale);
    }
    let change = added.map(serde_json::to_string).transpose().map_err(|error| Error::Internal(error.to_string()))?;
    Ok(reviews::keep_change(tx, id, why, change.as_deref()).await?)
}
