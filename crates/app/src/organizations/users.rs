//! Accounts that the accreditor's staff disable and enable. Disabling ends every session at once, and works whatever the
//! person is elsewhere: a stolen account must be closed even if it is a team's only owner.

use domain::access::Actor;
use domain::{AccountId, Organization};
use store::organizations::people;

use super::staff;
use crate::{App, Error, Result, audit};

/// Closes an account until it is enabled again.
///
/// Errors: `Invalid` on `account` if it is one's own, or the last of the accreditor's staff.
pub async fn disable(app: &App, actor: &Actor, account: AccountId) -> Result<()> {
    let (scope, own) = staff(actor)?;
    let now = app.clock.now();
    if account == own {
        return Err(Error::invalid("account", "Nobody disables their own account. Ask somebody else of the staff."));
    }
    let mut tx = app.store.write().await?;
    store::accounts::find(&mut tx, account).await?.ok_or(Error::NotFound)?;
    // two who disable each other stand in line here
    people::lock(&mut tx, Organization::Accreditor).await?;
    let staff = people::list(&mut tx, &scope, Organization::Accreditor).await?;
    let is_staff = staff.iter().any(|one| one.account == account);
    if is_staff && !staff.iter().any(|one| one.account != account && one.disabled_at.is_none()) {
        return Err(Error::invalid("account", "Somebody of the staff must remain. Invite somebody else first."));
    }
    if store::accounts::disable(&mut tx, account, now).await? {
        let ended = store::sessions::delete_all(&mut tx, account).await?;
        let detail = format!("{ended} sessions ended");
        audit::record(app, &mut tx, actor, "account.disable", account, None, &detail).await?;
    }
    Ok(tx.commit().await?)
}

/// Lets a disabled account be used again.
pub async fn enable(app: &App, actor: &Actor, account: AccountId) -> Result<()> {
    staff(actor)?;
    let mut tx = app.store.write().await?;
    store::accounts::find(&mut tx, account).await?.ok_or(Error::NotFound)?;
    if store::accounts::enable(&mut tx, account).await? {
        audit::record(app, &mut tx, actor, "account.enable", account, None, "").await?;
    }
    Ok(tx.commit().await?)
}
