//! People of any organization as the accreditor's staff invite, change and remove them. A provider keeps an owner and the
//! accreditor a member of staff, whoever removes whom; nobody removes themselves.

use domain::Organization;
use domain::access::{Actor, ProviderRole, Seat, Who};
use store::WriteTx;
use store::organizations::people::{self, Person};
use uuid::Uuid;

use super::staff;
use crate::accounts::{check_email, invitations};
use crate::{App, Error, Result, audit};

/// What acts about an organization's people are about in the audit trail: its key, as for all that is done to it.
fn subject(organization: Organization) -> String {
    match organization {
        Organization::Accreditor => "accreditor".to_owned(),
        _ => organization.key(),
    }
}

fn subject_of(seat: Seat) -> String {
    Organization::of(seat).map(subject).unwrap_or_default()
}

fn label(seat: Seat) -> &'static str {
    match seat {
        Seat::Provider(_, role) => role.label(),
        _ => "Staff",
    }
}

/// The organization's name as people read it; `None`: there is no such organization.
pub async fn name_of(app: &App, tx: &mut store::ReadTx, organization: Organization) -> Result<Option<String>> {
    use store::organizations as all;
    Ok(match organization {
        Organization::Provider(id) => all::find_provider(tx, id).await?.map(|one| one.name),
        Organization::LicensingBoard(state) => all::find_licensing_board(tx, state).await?.map(|one| one.name),
        Organization::CertifyingBoard(board) => all::find_certifying_board(tx, board).await?.map(|one| one.name),
        Organization::Accreditor => Some(app.config.product_name.clone()),
    })
}

/// Invites somebody. Earlier invitations of the same address to the organization are withdrawn.
///
/// Errors: `Invalid` on `email` if it is no address or has a seat there already.
pub async fn invite(
    app: &App,
    actor: &Actor,
    organization: Organization,
    email: &str,
    role: ProviderRole,
) -> Result<()> {
    staff(actor)?;
    let mut tx = app.store.write().await?;
    send(app, &mut tx, actor, organization, email, role).await?;
    Ok(tx.commit().await?)
}

/// As [`invite`], in the caller's transaction.
pub(super) async fn send(
    app: &App,
    tx: &mut WriteTx,
    actor: &Actor,
    organization: Organization,
    email: &str,
    role: ProviderRole,
) -> Result<()> {
    let (scope, inviter) = staff(actor)?;
    let email = store::accounts::email_key(check_email(email)?);
    let name = name_of(app, tx, organization).await?.ok_or(Error::NotFound)?;
    let there = people::list(tx, &scope, organization).await?;
    if there.iter().any(|person| store::accounts::email_key(&person.email) == email) {
        return Err(Error::invalid("email", "This person has a seat here already."));
    }
    people::revoke_invitations(tx, &scope, organization, &email, app.clock.now()).await?;
    let seat = organization.seat(role);
    let id = invitations::send(app, tx, inviter, &email, seat, &name).await?;
    let detail = format!("{}, invitation {id}", label(seat));
    audit::record(app, tx, actor, "seat.invite", subject(organization), None, &detail).await
}

/// Withdraws an invitation. Where it was to.
pub async fn withdraw(app: &App, actor: &Actor, invitation: Uuid) -> Result<Organization> {
    let (scope, _) = staff(actor)?;
    let mut tx = app.store.write().await?;
    let open = people::find_invitation(&mut tx, &scope, invitation).await?.ok_or(Error::NotFound)?;
    let organization = Organization::of(open.seat).ok_or(Error::NotFound)?;
    people::revoke_invitations(&mut tx, &scope, organization, &open.email, app.clock.now()).await?;
    audit::record(
        app,
        &mut tx,
        actor,
        "seat.withdraw",
        subject(organization),
        None,
        &format!("invitation {invitation}"),
    )
    .await?;
    tx.commit().await?;
    Ok(organization)
}

/// Sends an invitation again, with a new link and all the time that a new one has. Where it is to.
pub async fn send_again(app: &App, actor: &Actor, invitation: Uuid) -> Result<Organization> {
    let (scope, _) = staff(actor)?;
    let mut tx = app.store.write().await?;
    let open = people::find_invitation(&mut tx, &scope, invitation).await?.ok_or(Error::NotFound)?;
    let organization = Organization::of(open.seat).ok_or(Error::NotFound)?;
    send(app, &mut tx, actor, organization, &open.email, role_of(open.seat)).await?;
    tx.commit().await?;
    Ok(organization)
}

fn role_of(seat: Seat) -> ProviderRole {
    match seat {
        Seat::Provider(_, role) => role,
        _ => ProviderRole::Viewer,
    }
}

/// Where a seat is that the staff may look after; `NotFound` of a physician's.
pub async fn organization_of(app: &App, actor: &Actor, seat_id: Uuid) -> Result<Organization> {
    let (scope, _) = staff(actor)?;
    let mut tx = app.store.read().await?;
    people::organization_of(&mut tx, &scope, seat_id).await?.ok_or(Error::NotFound)
}

/// Gives somebody of a provider another role. Their sessions end, so that they sign in with what they may do now.
pub async fn change_role(app: &App, actor: &Actor, seat_id: Uuid, role: ProviderRole) -> Result<()> {
    let (scope, _) = staff(actor)?;
    let mut tx = app.store.write().await?;
    let person = person_who_may_go(&mut tx, actor, seat_id, role == ProviderRole::Owner).await?;
    let Seat::Provider(_, before) = person.seat else { return Err(Error::NotFound) };
    if before != role {
        people::set_role(&mut tx, &scope, seat_id, role).await?;
        store::sessions::delete_of_seat(&mut tx, seat_id).await?;
        let detail = format!("{}: {} became {}", person.name, before.label(), role.label());
        audit::record(app, &mut tx, actor, "seat.change_role", subject_of(person.seat), None, &detail).await?;
    }
    Ok(tx.commit().await?)
}

/// Takes somebody's seat and ends their sessions in it.
pub async fn remove(app: &App, actor: &Actor, seat_id: Uuid) -> Result<()> {
    let (scope, _) = staff(actor)?;
    let mut tx = app.store.write().await?;
    let person = person_who_may_go(&mut tx, actor, seat_id, false).await?;
    people::delete(&mut tx, &scope, seat_id).await?;
    let detail = format!("{}, {}", person.name, label(person.seat));
    audit::record(app, &mut tx, actor, "seat.remove", subject_of(person.seat), None, &detail).await?;
    Ok(tx.commit().await?)
}

/// The person, unless nobody would be left who can manage the organization, or it is whoever asks.
async fn person_who_may_go(tx: &mut WriteTx, actor: &Actor, seat_id: Uuid, stays_owner: bool) -> Result<Person> {
    let (scope, account) = staff(actor)?;
    let organization = people::organization_of(tx, &scope, seat_id).await?.ok_or(Error::NotFound)?;
    people::lock(tx, organization).await?;
    let all = people::list(tx, &scope, organization).await?;
    let others = |keeps: &dyn Fn(&Person) -> bool| {
        all.iter().any(|one| one.seat_id != seat_id && one.disabled_at.is_none() && keeps(one))
    };
    let person = all.iter().find(|person| person.seat_id == seat_id).ok_or(Error::NotFound)?;
    let is_owner = |one: &Person| matches!(one.seat, Seat::Provider(_, ProviderRole::Owner));
    match organization {
        Organization::Provider(_) if is_owner(person) && !stays_owner && !others(&is_owner) => {
            Err(Error::invalid("seat", "A team needs an owner. Make somebody else an owner first."))
        }
        Organization::Accreditor if person.account == account => {
            Err(Error::invalid("seat", "Nobody removes themselves. Ask somebody else of the staff."))
        }
        Organization::Accreditor if !others(&|_| true) => {
            Err(Error::invalid("seat", "Somebody of the staff must remain. Invite somebody else first."))
        }
        _ => Ok(person.clone()),
    }
}

/// Whoever asks, as an account; for pages that mark oneself.
pub fn account_of(actor: &Actor) -> Option<domain::AccountId> {
    match actor.who {
        Who::Account(account) => Some(account),
        Who::ApiClient(_) => None,
    }
}
