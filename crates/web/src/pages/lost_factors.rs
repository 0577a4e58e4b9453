//! People who lost their second factor and ask for help: the accreditor's staff decide about everybody, owners
//! about members of their own team. The same page under both addresses.

use app::App;
use app::accounts::lost_factors;
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;
use store::lost_factors::Waiting;
use uuid::Uuid;

use crate::access::{Owner, Session, StaffVisitor};
use crate::{Chrome, Faults, Page, REFUSED, Result, When};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/admin/claims/lost/{request}", get(show_staff).post(decide_staff))
        .route("/provider/team/lost/{request}", get(show_owner).post(decide_owner))
}

/// A request as pages list it.
pub(crate) struct Request {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) words: String,
    pub(crate) asked: When,
}

impl Request {
    pub(crate) fn of(app: &App, waiting: Waiting) -> Self {
        Self {
            id: waiting.lost_factor_id,
            name: waiting.name,
            email: waiting.email,
            words: waiting.words,
            asked: When::of(app, waiting.asked_at),
        }
    }
}

/// Where the pages of the one who decides begin.
#[derive(Clone, Copy)]
struct Place {
    base: &'static str,
    list: &'static str,
    label: &'static str,
}

const STAFF: Place = Place { base: "/admin/claims/lost", list: "/admin/claims", label: "Claims and lost factors" };
const OWNERS: Place = Place { base: "/provider/team/lost", list: "/provider/team", label: "Team" };

#[derive(Template)]
#[template(path = "lost_factor.html")]
struct LostFactor {
    chrome: Chrome,
    place: Place,
    request: Request,
    given: Given,
    faults: Faults,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Given {
    /// `yes` or `no`.
    decision: String,
    reason: String,
}

async fn show_staff(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(request): Path<Uuid>,
) -> Result<Page<impl Template>> {
    page(&app, &visitor.session, chrome, (STAFF, request), Given::default(), Faults::none()).await
}

async fn show_owner(
    State(app): State<App>,
    Owner { session, .. }: Owner,
    chrome: Chrome,
    Path(request): Path<Uuid>,
) -> Result<Page<impl Template>> {
    page(&app, &session, chrome, (OWNERS, request), Given::default(), Faults::none()).await
}

async fn decide_staff(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(request): Path<Uuid>,
    Form(given): Form<Given>,
) -> Result<Response> {
    decide(&app, &visitor.session, chrome, (STAFF, request), given).await
}

async fn decide_owner(
    State(app): State<App>,
    Owner { session, .. }: Owner,
    chrome: Chrome,
    Path(request): Path<Uuid>,
    Form(given): Form<Given>,
) -> Result<Response> {
    decide(&app, &session, chrome, (OWNERS, request), given).await
}

async fn page(
    app: &App,
    session: &Session,
    chrome: Chrome,
    (place, request): (Place, Uuid),
    given: Given,
    faults: Faults,
) -> Result<Page<LostFactor>> {
    let waiting = lost_factors::find(app, &session.actor, request).await?;
    Ok(Page(LostFactor { chrome, place, request: Request::of(app, waiting), given, faults }))
}

async fn decide(
    app: &App,
    session: &Session,
    chrome: Chrome,
    (place, request): (Place, Uuid),
    given: Given,
) -> Result<Response> {
    let settled = match given.decision.as_str() {
        "yes" => lost_factors::settle(app, &session.actor, request, true, &given.reason).await.map(|()| "granted"),
        "no" => lost_factors::settle(app, &session.actor, request, false, &given.reason).await.map(|()| "refused"),
        _ => {
            // only who may decide is asked to choose
            lost_factors::find(app, &session.actor, request).await?;
            Err(app::Error::invalid("decision", "Choose yes or no."))
        }
    };
    match settled {
        Ok(done) => Ok(Redirect::to(&format!("{}?done={done}", place.list)).into_response()),
        Err(app::Error::Stale) => Ok(Redirect::to(&format!("{}?done=stale", place.list)).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, page(app, session, chrome, (place, request), given, faults).await?).into_response())
        }
    }
}
