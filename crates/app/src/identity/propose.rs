//! Proposals: the first person's word. Nothing moves.

use domain::access::{Actor, StaffScope};
use domain::{AccountId, IdentityChangeId, PhysicianId};
use store::WriteTx;
use store::identity_changes;
use store::physicians;

use super::{Act, Change, Kind, Plan, Preview, Stage, preview, reason, staff};
use crate::{App, Error, Result, audit};

/// Proposes to merge `from` into `into`.
///
/// Errors: as [`super::of_merge`]; `Invalid` on `reason`; on `into` while another proposal names one of them.
pub async fn propose_merge(
    app: &App,
    actor: &Actor,
    from: PhysicianId,
    into: PhysicianId,
    why: &str,
) -> Result<IdentityChangeId> {
    let (scope, account) = staff(actor)?;
    let why = reason(why)?;
    let mut tx = locked(app).await?;
    let preview = preview::merge(&mut tx, &scope, from, into).await?;
    insert(app, tx, actor, account, &preview, None, why).await
}

/// Proposes a split; see [`super::of_split`].
pub async fn propose_split(
    app: &App,
    actor: &Actor,
    from: PhysicianId,
    into: Option<PhysicianId>,
    plan: &Plan,
    why: &str,
) -> Result<IdentityChangeId> {
    let (scope, account) = staff(actor)?;
    let why = reason(why)?;
    let mut tx = locked(app).await?;
    let preview = preview::split(&mut tx, &scope, from, into, plan).await?;
    insert(app, tx, actor, account, &preview, Some(plan.clone()), why).await
}

/// Proposals stand in one line, so that no two name the same record.
async fn locked(app: &App) -> Result<WriteTx> {
    let mut tx = app.store.write().await?;
    physicians::lock(&mut tx).await?;
    Ok(tx)
}

async fn insert(
    app: &App,
    mut tx: WriteTx,
    actor: &Actor,
    account: AccountId,
    preview: &Preview,
    plan: Option<Plan>,
    why: &str,
) -> Result<IdentityChangeId> {
    let now = app.clock.now();
    let named: Vec<PhysicianId> =
        [Some(preview.from.id), preview.into.as_ref().map(|into| into.id)].into_iter().flatten().collect();
    if identity_changes::is_proposed(&mut tx, &named).await? {
        return Err(Error::invalid("into", "A proposal about one of these records waits already. Settle it first."));
    }
    let change = Change {
        id: IdentityChangeId::new(app.chance.id(now)),
        kind: preview.kind,
        from: preview.from.id,
        into: preview.into.as_ref().map(|into| into.id),
        reason: why.to_owned(),
        plan: plan.filter(|_| preview.kind == Kind::Split),
        moved: None,
        stage: Stage::Proposed,
        proposed: Act { by: account, name: String::new(), at: now },
        confirmed: None,
        undone: None,
        undo_reason: String::new(),
        stayed: Vec::new(),
    };
    identity_changes::insert(&mut tx, &change).await?;
    tell(app, &mut tx, actor, &change, "identity.propose", change.kind.code()).await?;
    tx.commit().await?;
    Ok(change.id)
}

/// Takes a proposal back; anybody of the staff may.
///
/// Errors: `NotFound`; `Stale` if it is none any more; `Invalid` on `reason`.
pub async fn decline(app: &App, actor: &Actor, change: IdentityChangeId, why: &str) -> Result<()> {
    let (scope, account) = staff(actor)?;
    let why = reason(why)?;
    let mut tx = locked(app).await?;
    let found = find(&mut tx, &scope, change).await?;
    if !identity_changes::decline(&mut tx, change, account, app.clock.now(), why).await? {
        return Err(Error::Stale);
    }
    tell(app, &mut tx, actor, &found, "identity.decline", found.kind.code()).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn find(tx: &mut WriteTx, scope: &StaffScope, change: IdentityChangeId) -> Result<Change> {
    identity_changes::find(tx, scope, change).await?.ok_or(Error::NotFound)
}

/// An audit row for each record that a change names. The detail names neither of them: each physician
/// reads their own row.
pub(super) async fn tell(
    app: &App,
    tx: &mut WriteTx,
    actor: &Actor,
    change: &Change,
    action: &'static str,
    detail: &str,
) -> Result<()> {
    for physician in [Some(change.from), change.into].into_iter().flatten() {
        audit::record(app, tx, actor, action, change.id, Some(physician), detail).await?;
    }
    Ok(())
}
