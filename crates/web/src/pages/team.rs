//! `/provider/team`: who works with the provider's records, in which role; invitations.

use app::{App, team};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::access::{ProviderRole, Seat};
use serde::Deserialize;
use uuid::Uuid;

use super::lost_factors::Request;
use crate::access::{Owner, Session};
use crate::{Chrome, Faults, Page, REFUSED, Result, When};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/provider/team", get(show))
        .route("/provider/team/invitations", post(invite))
        .route("/provider/team/invitations/{invitation}/withdraw", post(withdraw))
        .route("/provider/team/{seat}/role", post(change_role))
        .route("/provider/team/{seat}/remove", post(remove))
}

#[derive(Template)]
#[template(path = "team.html")]
struct Team {
    chrome: Chrome,
    members: Vec<MemberRow>,
    invitations: Vec<InvitationRow>,
    /// Members who lost their second factor and wait for an owner.
    requests: Vec<Request>,
    roles: Vec<(&'static str, &'static str)>,
    given: Invited,
    faults: Faults,
}

struct MemberRow {
    seat: Uuid,
    name: String,
    email: String,
    role: ProviderRole,
    since: When,
    is_self: bool,
}

struct InvitationRow {
    id: Uuid,
    email: String,
    role: &'static str,
    until: When,
}

/// The invitation's form.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Invited {
    email: String,
    role: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
}

/// Code and words of each role, strongest first.
fn roles() -> Vec<(&'static str, &'static str)> {
    let words = |role| match role {
        ProviderRole::Owner => "Owner: everything, also the team and API clients",
        ProviderRole::Editor => "Editor: enters activities and reports learners",
        ProviderRole::LearnerData => "Learner data: reports learners",
        ProviderRole::Viewer => "Viewer: reads",
    };
    ProviderRole::ALL.iter().map(|role| (role.code(), words(*role))).collect()
}

async fn show(
    State(app): State<App>,
    Owner { session, scope }: Owner,
    chrome: Chrome,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    let chrome = match done.as_str() {
        "invited" => chrome.with_notice("success", "The invitation is sent", "It can be accepted within seven days."),
        "granted" | "refused" => chrome.with_notice("success", "Decided", "A letter with the reason is on its way."),
        "withdrawn" => chrome.with_notice("success", "The invitation is withdrawn", "Its link no longer works."),
        "role" => chrome.with_notice("success", "The role is changed", "It holds from the member’s next sign-in."),
        "removed" => chrome.with_notice("success", "The member is removed", "They can no longer see this provider."),
        _ => chrome,
    };
    Ok(Page(page(&app, &session, &scope, chrome, Invited::default(), Faults::none()).await?))
}

async fn page(
    app: &App,
    session: &Session,
    scope: &domain::access::ProviderScope,
    chrome: Chrome,
    given: Invited,
    faults: Faults,
) -> Result<Team> {
    let mut tx = app.store.read().await?;
    let members = store::seats::list_team(&mut tx, scope).await?;
    let invitations = store::invitations::list_open(&mut tx, scope, app.clock.now()).await?;
    let requests = store::lost_factors::list_waiting_of_team(&mut tx, scope).await?;
    // nobody decides about themselves
    let others = requests.into_iter().filter(|waiting| waiting.email != session.email);
    let requests = others.map(|waiting| Request::of(app, waiting)).collect();
    let members = members.into_iter().map(|member| MemberRow {
        seat: member.seat_id,
        is_self: member.email == session.email,
        name: member.name,
        email: member.email,
        role: member.role,
        since: When::of(app, member.since),
    });
    let invitations = invitations.into_iter().map(|open| InvitationRow {
        id: open.id,
        email: open.email,
        role: match open.seat {
            Seat::Provider(_, role) => role.label(),
            _ => "",
        },
        until: When::of(app, open.expires_at),
    });
    Ok(Team {
        chrome,
        members: members.collect(),
        invitations: invitations.collect(),
        requests,
        roles: roles(),
        given,
        faults,
    })
}

async fn invite(
    State(app): State<App>,
    Owner { session, scope }: Owner,
    chrome: Chrome,
    Form(given): Form<Invited>,
) -> Result<Response> {
    let invited = match ProviderRole::read(&given.role) {
        Some(role) => team::invite(&app, &session.actor, &given.email, role).await,
        None => Err(app::Error::invalid("role", "Choose a role.")),
    };
    match invited {
        Ok(()) => Ok(Redirect::to("/provider/team?done=invited").into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, Page(page(&app, &session, &scope, chrome, given, faults).await?)).into_response())
        }
    }
}

async fn withdraw(State(app): State<App>, Owner { session, .. }: Owner, Path(id): Path<Uuid>) -> Result<Redirect> {
    team::withdraw(&app, &session.actor, id).await?;
    Ok(Redirect::to("/provider/team?done=withdrawn"))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct NewRole {
    role: String,
}

async fn change_role(
    State(app): State<App>,
    Owner { session, scope }: Owner,
    chrome: Chrome,
    Path(seat): Path<Uuid>,
    Form(given): Form<NewRole>,
) -> Result<Response> {
    let changed = match ProviderRole::read(&given.role) {
        Some(role) => team::change_role(&app, &session.actor, seat, role).await,
        None => Err(app::Error::invalid("role", "Choose a role.")),
    };
    match changed {
        Ok(_) => Ok(Redirect::to("/provider/team?done=role").into_response()),
        Err(error) => refused(&app, &session, &scope, chrome, error).await,
    }
}

async fn remove(
    State(app): State<App>,
    Owner { session, scope }: Owner,
    chrome: Chrome,
    Path(seat): Path<Uuid>,
) -> Result<Response> {
    match team::remove(&app, &session.actor, seat).await {
        Ok(_) => Ok(Redirect::to("/provider/team?done=removed").into_response()),
        Err(error) => refused(&app, &session, &scope, chrome, error).await,
    }
}

/// The page again, with what kept the change from happening on top.
async fn refused(
    app: &App,
    session: &Session,
    scope: &domain::access::ProviderScope,
    chrome: Chrome,
    error: app::Error,
) -> Result<Response> {
    let faults = Faults::from_error(error)?;
    let chrome = chrome.with_notice("error", "Nothing was changed", faults.of("role"));
    let page = page(app, session, scope, chrome, Invited::default(), Faults::none()).await?;
    Ok((REFUSED, Page(page)).into_response())
}
