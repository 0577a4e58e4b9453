//! The people of an organization, on whichever page it has: members, open invitations, and the acts about them.

use app::App;
use app::organizations::people;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use domain::Organization;
use domain::access::{ProviderRole, Seat, StaffScope};
use serde::Deserialize;
use store::ReadTx;
use store::organizations::people::Person;
use uuid::Uuid;

use super::provider::Given;
use super::{board, provider, staff};
use crate::access::{Session, StaffVisitor};
use crate::{Chrome, Faults, REFUSED, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/users/invitations", post(invite))
        .route("/admin/users/invitations/{invitation}/withdraw", post(withdraw))
        .route("/admin/users/invitations/{invitation}/again", post(send_again))
        .route("/admin/users/seats/{seat}/role", post(change_role))
        .route("/admin/users/seats/{seat}/remove", post(remove))
}

/// Invitations whose time is over are listed for as long again, so that they can be sent anew.
const EXPIRED_LISTED: i64 = 60 * 24 * 3_600_000_000;

/// The people of one organization, for `people.html`.
pub(super) struct People {
    pub kind: &'static str,
    pub key: String,
    pub members: Vec<Member>,
    pub invitations: Vec<Invitation>,
    /// Empty where there are none: everywhere but at providers.
    pub roles: Vec<(&'static str, &'static str)>,
    pub given: Invited,
}

pub(super) struct Member {
    pub seat: Uuid,
    pub account: String,
    pub name: String,
    pub email: String,
    /// The role's code; empty where there are none.
    pub role: &'static str,
    pub since: When,
    pub signed_in: Option<When>,
    pub has_second_factor: bool,
    pub is_disabled: bool,
    pub is_self: bool,
}

pub(super) struct Invitation {
    pub id: Uuid,
    pub email: String,
    pub role: &'static str,
    pub until: When,
    pub is_over: bool,
}

/// The invitation's form.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct Invited {
    pub kind: String,
    pub organization: String,
    pub email: String,
    pub role: String,
}

fn role_of(seat: Seat) -> Option<ProviderRole> {
    match seat {
        Seat::Provider(_, role) => Some(role),
        _ => None,
    }
}

impl People {
    pub async fn of(
        app: &App,
        session: &Session,
        scope: &StaffScope,
        tx: &mut ReadTx,
        organization: Organization,
        given: Invited,
    ) -> Result<Self> {
        let now = app.clock.now();
        let own = people::account_of(&session.actor);
        let members = store::organizations::people::list(tx, scope, organization).await?;
        let open = store::organizations::people::invitations(tx, scope, organization, now - EXPIRED_LISTED).await?;
        let member = |person: Person| Member {
            is_self: own == Some(person.account),
            account: person.account.to_string(),
            seat: person.seat_id,
            name: person.name,
            email: person.email,
            role: role_of(person.seat).map_or("", ProviderRole::code),
            since: When::of(app, person.since),
            signed_in: person.signed_in_at.map(|at| When::of(app, at)),
            has_second_factor: person.has_second_factor,
            is_disabled: person.disabled_at.is_some(),
        };
        let invitation = |open: store::invitations::Open| Invitation {
            id: open.id,
            role: role_of(open.seat).map_or("", ProviderRole::label),
            until: When::of(app, open.expires_at),
            is_over: open.expires_at <= now,
            email: open.email,
        };
        let roles = ProviderRole::ALL.iter().map(|role| (role.code(), role.label())).collect();
        Ok(Self {
            kind: organization.kind(),
            key: organization.key(),
            members: members.into_iter().map(member).collect(),
            invitations: open.into_iter().map(invitation).collect(),
            roles: if matches!(organization, Organization::Provider(_)) { roles } else { Vec::new() },
            given,
        })
    }
}

/// Where an organization's page is.
fn page_of(organization: Organization) -> String {
    match organization {
        Organization::Provider(id) => format!("/admin/providers/{id}"),
        Organization::LicensingBoard(state) => format!("/admin/boards/licensing/{state}"),
        Organization::CertifyingBoard(board) => format!("/admin/boards/certifying/{}", board.code()),
        Organization::Accreditor => "/admin/users/staff".to_owned(),
    }
}

fn on(organization: Organization, word: &str) -> Response {
    Redirect::to(&format!("{}?done={word}#people", page_of(organization))).into_response()
}

/// The organization's page again, with what is wrong with the invitation.
async fn refused(
    app: &App,
    visitor: &StaffVisitor,
    chrome: Chrome,
    organization: Organization,
    given: Invited,
    faults: Faults,
) -> Result<Response> {
    let visitor = (&visitor.session, &visitor.scope);
    Ok(match organization {
        Organization::Provider(id) => {
            let from = Given::default();
            (REFUSED, provider::page(app, visitor, chrome, id, (from, given), faults).await?).into_response()
        }
        Organization::LicensingBoard(_) | Organization::CertifyingBoard(_) => {
            let typed = None;
            (REFUSED, board::page(app, visitor, chrome, organization, (typed, given), faults).await?).into_response()
        }
        Organization::Accreditor => (REFUSED, staff::page(app, visitor, chrome, given, faults).await?).into_response(),
    })
}

async fn invite(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Form(given): Form<Invited>,
) -> Result<Response> {
    let organization = Organization::read(&given.kind, &given.organization).ok_or(app::Error::NotFound)?;
    let role = match organization {
        Organization::Provider(_) => ProviderRole::read(&given.role),
        _ => Some(ProviderRole::Viewer),
    };
    let invited = match role {
        Some(role) => people::invite(&app, &visitor.session.actor, organization, &given.email, role).await,
        None => Err(app::Error::invalid("role", "Choose a role.")),
    };
    match invited {
        Ok(()) => Ok(on(organization, "invited")),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            refused(&app, &visitor, chrome, organization, given, faults).await
        }
    }
}

async fn withdraw(State(app): State<App>, visitor: StaffVisitor, Path(id): Path<Uuid>) -> Result<Response> {
    Ok(on(people::withdraw(&app, &visitor.session.actor, id).await?, "withdrawn"))
}

async fn send_again(State(app): State<App>, visitor: StaffVisitor, Path(id): Path<Uuid>) -> Result<Response> {
    Ok(on(people::send_again(&app, &visitor.session.actor, id).await?, "again"))
}

/// On with the page of the seat's organization, or back to it with what kept the change from happening on top.
async fn after(
    app: &App,
    visitor: &StaffVisitor,
    chrome: Chrome,
    organization: Organization,
    (done, word): (Result<(), app::Error>, &str),
) -> Result<Response> {
    match done {
        Ok(()) => Ok(on(organization, word)),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let why = faults.iter().next().map(|fault| fault.message.clone()).unwrap_or_default();
            let chrome = chrome.with_notice("error", "Nothing was changed", why);
            refused(app, visitor, chrome, organization, Invited::default(), Faults::none()).await
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct NewRole {
    role: String,
}

async fn change_role(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(seat): Path<Uuid>,
    Form(given): Form<NewRole>,
) -> Result<Response> {
    let actor = &visitor.session.actor;
    let organization = people::organization_of(&app, actor, seat).await?;
    let done = match ProviderRole::read(&given.role) {
        Some(role) => people::change_role(&app, actor, seat, role).await,
        None => Err(app::Error::invalid("role", "Choose a role.")),
    };
    after(&app, &visitor, chrome, organization, (done, "role")).await
}

async fn remove(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(seat): Path<Uuid>,
) -> Result<Response> {
    let actor = &visitor.session.actor;
    let organization = people::organization_of(&app, actor, seat).await?;
    let done = people::remove(&app, actor, seat).await;
    after(&app, &visitor, chrome, organization, (done, "removed")).await
}
