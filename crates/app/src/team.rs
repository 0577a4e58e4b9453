//! A provider's team: invited, given another role, removed. Only owners do this, and at least one
//! owner always remains.

use domain::access::{Actor, ProviderRole, ProviderScope, Seat, Who};
use store::seats::Member;
use uuid::Uuid;

use crate::accounts::{check_email, invitations};
use crate::{App, Error, Result, audit};

fn owner(actor: &Actor) -> Result<ProviderScope> {
    actor.provider(ProviderRole::Owner).ok_or(Error::Forbidden("only owners manage the team"))
}

/// Sends an invitation. An earlier one to the same address is withdrawn.
///
/// Errors: `Invalid` on `email` if it is no address or is on the team already.
pub async fn invite(app: &App, actor: &Actor, email: &str, role: ProviderRole) -> Result<()> {
    let scope = owner(actor)?;
    let Who::Account(inviter) = actor.who else { return Err(Error::Forbidden("only people invite people")) };
    let email = store::accounts::email_key(check_email(email)?);
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let team = store::seats::list_team(&mut tx, &scope).await?;
    if team.iter().any(|member| store::accounts::email_key(&member.email) == email) {
        return Err(Error::invalid("email", "This person is on your team already."));
    }
    let provider = store::organizations::find_provider(&mut tx, scope.provider()).await?.ok_or(Error::NotFound)?;
    store::invitations::revoke_earlier(&mut tx, &scope, &email, now).await?;
    let seat = Seat::Provider(scope.provider(), role);
    let id = invitations::send(app, &mut tx, inviter, &email, seat, &provider.name).await?;
    audit::record(app, &mut tx, actor, "team.invite", id, None, role.code()).await?;
    tx.commit().await?;
    Ok(())
}

/// Withdraws an invitation that nobody accepted yet.
pub async fn withdraw(app: &App, actor: &Actor, invitation: Uuid) -> Result<()> {
    let scope = owner(actor)?;
    let mut tx = app.store.write().await?;
    if !store::invitations::revoke(&mut tx, &scope, invitation, app.clock.now()).await? {
        return Err(Error::NotFound);
    }
    audit::record(app, &mut tx, actor, "team.withdraw", invitation, None, "").await?;
    tx.commit().await?;
    Ok(())
}

/// Gives a member another role. Their sessions end, so that they sign in with what they may do now.
pub async fn change_role(app: &App, actor: &Actor, seat_id: Uuid, role: ProviderRole) -> Result<Member> {
    let scope = owner(actor)?;
    let mut tx = app.store.write().await?;
    let member = member_who_may_go(&mut tx, &scope, seat_id, role == ProviderRole::Owner).await?;
    if member.role != role {
        store::seats::set_role(&mut tx, &scope, seat_id, role).await?;
        store::sessions::delete_of_seat(&mut tx, seat_id).await?;
        audit::record(app, &mut tx, actor, "team.change_role", seat_id, None, role.code()).await?;
    }
    tx.commit().await?;
    Ok(member)
}

/// Takes a member off the team and ends their sessions there.
pub async fn remove(app: &App, actor: &Actor, seat_id: Uuid) -> Result<Member> {
    let scope = owner(actor)?;
    let mut tx = app.store.write().await?;
    let member = member_who_may_go(&mut tx, &scope, seat_id, false).await?;
    store::seats::delete(&mut tx, &scope, seat_id).await?;
    audit::record(app, &mut tx, actor, "team.remove", seat_id, None, "").await?;
    tx.commit().await?;
    Ok(member)
}

/// The member, unless the team would be left without an owner.
async fn member_who_may_go(
    tx: &mut store::WriteTx,
    scope: &ProviderScope,
    seat_id: Uuid,
    stays_owner: bool,
) -> Result<Member> {
    let owners = store::seats::lock_and_count_owners(tx, scope).await?;
    let team = store::seats::list_team(tx, scope).await?;
    let member = team.into_iter().find(|member| member.seat_id == seat_id).ok_or(Error::NotFound)?;
    if member.role == ProviderRole::Owner && !stays_owner && owners <= 1 {
        return Err(Error::invalid("role", "A team needs an owner. Make somebody else an owner first."));
    }
    Ok(member)
}
