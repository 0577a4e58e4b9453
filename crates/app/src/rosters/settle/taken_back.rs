//! Taking a settlement back: what it added goes, what the record had before returns, and what came since
//! stays.

use domain::access::Actor;
use domain::{PhysicianId, ReviewId};
use serde::{Deserialize, Serialize};
use store::counters::{self, Counter};
use store::identity_changes::Facts;
use store::identity_changes::held::{self, CertificationRow, LicenseRow};
use store::identity_changes::records;
use store::physicians;
use store::reviews::{self, Kept, Settlement};
use store::{ReadTx, WriteTx};

use super::super::entry::Own;
use super::{entry, name_of};
use crate::identity::facts::put_back;
use crate::identity::{reason, staff};
use crate::{App, Error, Result, audit, retry};

/// What a settlement added, for taking it back.
#[derive(Serialize, Deserialize)]
pub(super) struct Added {
    /// The record's facts before and after; the same for a record that was made.
    pub(super) before: Facts,
    pub(super) after: Facts,
    /// The license or certification as the record had it before, if it did, and as it was put.
    pub(super) held_before: Option<HeldRow>,
    pub(super) held_after: Option<HeldRow>,
}

#[derive(PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum HeldRow {
    License(LicenseRow),
    Certification(CertificationRow),
}

/// Takes a settlement back and puts the review on the list again. Tells in words what stayed because
/// it has changed since.
///
/// Errors: `Stale` if it waits already; `Invalid` on `review`, saying why, if it was settled by an import or
/// a merge, or the record has been merged, or a new record is in use by now.
pub async fn reopen(app: &App, actor: &Actor, review: ReviewId, why: &str) -> Result<Vec<String>> {
    let (scope, _) = staff(actor)?;
    let why = reason(why)?;
    let stayed = retry::on_race(|| async {
        let mut tx = app.store.write().await?;
        physicians::lock(&mut tx).await?;
        let kept = reviews::find(&mut tx, &scope, review).await?.ok_or(Error::NotFound)?;
        let settled = kept.settled.clone().ok_or(Error::Stale)?;
        let stayed = match (settled.settlement, settled.physician) {
            (Settlement::Dismissed, _) => Vec::new(),
            (Settlement::Attached, Some(physician)) => detach(&mut tx, &kept, physician).await?,
            (Settlement::New, Some(physician)) => unmake(&mut tx, &kept, physician).await?,
            (Settlement::Merged, _) => return Err(cannot("A merge settled it. Undo the merge instead.")),
            _ => return Err(cannot("An import settled it. Split the record if that was wrong.")),
        };
        if !reviews::reopen(&mut tx, review).await? {
            return Err(Error::Stale);
        }
        audit::record(app, &mut tx, actor, "review.reopen", review, settled.physician, why).await?;
        tx.commit().await?;
        Ok(stayed)
    })
    .await?;
    app.registry.refresh(&app.store).await?;
    Ok(stayed)
}

fn cannot(message: &str) -> Error {
    Error::invalid("review", message)
}

fn added(kept: &Kept) -> Result<Added> {
    let corrupt = || store::Error::corrupt("registry_review", "settled_change", kept.review.id);
    let text = kept.change.as_deref().ok_or_else(corrupt)?;
    Ok(serde_json::from_str(text).map_err(|_| corrupt())?)
}

/// Takes away what attaching added.
async fn detach(tx: &mut WriteTx, kept: &Kept, physician: PhysicianId) -> Result<Vec<String>> {
    let (added, entry) = (added(kept)?, entry(kept)?);
    if records::merged_into(tx, physician).await?.is_some() {
        return Err(cannot("The record was merged into another since. Undo the merge first."));
    }
    let known = physicians::find(tx, physician).await?.ok_or(Error::NotFound)?;
    let (facts, fields) = put_back(&Facts::of(&known), &added.before, &added.after);
    let mut stayed: Vec<String> =
        fields.iter().map(|field| format!("The record’s {field}: it was changed again since.")).collect();
    let now = held(tx, physician, &entry.held).await?;
    match (&now, &added.held_before) {
        (None, _) => stayed.push(format!("{}: it is not of this record any more.", name_of(&entry.held))),
        // a later roster has said more of what the record had before: that stands
        (Some(_), Some(_)) if now != added.held_after => {
            stayed.push(format!("{}: it was changed again since.", name_of(&entry.held)));
        }
        (Some(_), before) => {
            drop_held(tx, physician, &entry.held).await?;
            match before {
                Some(HeldRow::License(row)) => held::restore_license(tx, row).await?,
                Some(HeldRow::Certification(row)) => held::restore_certification(tx, row).await?,
                None => {}
            }
        }
    }
    // reports that were judged by what goes now are judged again
    counters::take(tx, Counter::IdentityChange, 1).await?;
    physicians::update(tx, &[facts.physician(physician)]).await?;
    Ok(stayed)
}

/// Takes back a physician whom a row made, unless something has come to the record since.
async fn unmake(tx: &mut WriteTx, kept: &Kept, physician: PhysicianId) -> Result<Vec<String>> {
    let entry = entry(kept)?;
    if records::merged_into(tx, physician).await?.is_some() {
        return Err(cannot("The record was merged into another since. Undo the merge first."));
    }
    let known = physicians::find(tx, physician).await?.ok_or(Error::NotFound)?;
    let own = usize::from(held(tx, physician, &entry.held).await?.is_some());
    let others = known.licenses.len() + known.certifications.len() - own;
    if others > 0 || records::is_in_use(tx, physician).await? {
        return Err(cannot("The new record has got licenses, credit or an account since. Merge or split it instead."));
    }
    if own > 0 {
        drop_held(tx, physician, &entry.held).await?;
    }
    counters::take(tx, Counter::IdentityChange, 1).await?;
    // a record stays for what cites it, and stands for nobody
    records::set_merged(tx, physician, Some(physician)).await?;
    physicians::touch(tx, &[physician]).await?;
    Ok(Vec::new())
}

/// The row's license or certification as the physician has it.
pub(super) async fn held(tx: &mut ReadTx, physician: PhysicianId, own: &Own) -> Result<Option<HeldRow>> {
    Ok(match own {
        Own::License { state, number, .. } => held::license(tx, physician, *state, number).await?.map(HeldRow::License),
        Own::Certification { board, diplomate_id, .. } => {
            held::certification(tx, physician, *board, diplomate_id).await?.map(HeldRow::Certification)
        }
    })
}

async fn drop_held(tx: &mut WriteTx, physician: PhysicianId, own: &Own) -> Result<()> {
    match own {
        Own::License { state, number, .. } => held::drop_license(tx, physician, *state, number).await?,
        Own::Certification { board, diplomate_id, .. } => {
            held::drop_certification(tx, physician, *board, diplomate_id).await?;
        }
    }
    Ok(())
}
