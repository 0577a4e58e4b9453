//! `/admin/claims`: claims to accounts that ask for a person, and people who lost their second factor. Yes or no,
//! each with a reason that goes out by letter.

use app::physicians::{self, Asked, Typed};
use app::{App, claims, reasons};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::PhysicianId;
use serde::Deserialize;
use store::claims::Review;
use store::registry_pages::Search;
use uuid::Uuid;

use super::evidence::{Evidence, outcome_kind};
use crate::access::StaffVisitor;
use crate::pages::lost_factors::Request;
use crate::{Chrome, Faults, Page, REFUSED, Result, When};

const LISTED: i64 = 100;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/claims", get(list)).route("/admin/claims/{claim}", get(show).post(decide))
}

/// A claim as the pages show it.
struct ClaimRow {
    id: String,
    name: String,
    birth: String,
    proof: String,
    email: String,
    kind: &'static str,
    outcome: &'static str,
    reasons: Vec<String>,
    asked: When,
}

/// What was typed. Written by ourselves; a field that is missing shows as nothing rather than as a broken page.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Details {
    first: String,
    last: String,
    birth: String,
    issuer: String,
    number: String,
}

impl Details {
    fn of(claim: &Review) -> Self {
        serde_json::from_str(&claim.details).unwrap_or_default()
    }

    /// The same as a question to the identity engine.
    fn typed(&self) -> Typed {
        let (month, day) = self.birth.split_once('/').unwrap_or_default();
        let mut typed = Typed {
            first: self.first.clone(),
            last: self.last.clone(),
            birth_month: month.to_owned(),
            birth_day: day.to_owned(),
            ..Typed::default()
        };
        match self.issuer.as_str() {
            "NPI" => typed.identifier.clone_from(&self.number),
            state if domain::State::read(state).is_some() => {
                typed.state.clone_from(&self.issuer);
                typed.identifier.clone_from(&self.number);
            }
            _ => {
                typed.board.clone_from(&self.issuer);
                typed.diplomate_id.clone_from(&self.number);
            }
        }
        typed
    }
}

impl ClaimRow {
    fn of(app: &App, claim: &Review) -> Self {
        let details = Details::of(claim);
        Self {
            id: claim.claim_id.to_string(),
            name: format!("{} {}", details.first, details.last),
            birth: details.birth,
            proof: format!("{} {}", details.issuer, details.number),
            email: claim.email.clone(),
            kind: outcome_kind(&claim.outcome),
            outcome: reasons::outcome(&claim.outcome),
            reasons: reasons::sentences(&claim.reasons),
            asked: When::of(app, claim.review_asked_at),
        }
    }
}

#[derive(Template)]
#[template(path = "admin/claims.html")]
struct Claims {
    chrome: Chrome,
    claims: Vec<ClaimRow>,
    requests: Vec<Request>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
}

async fn list(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    let chrome = match done.as_str() {
        "granted" => chrome.with_notice("success", "Granted", "A letter with the reason is on its way."),
        "refused" => chrome.with_notice("success", "Refused", "A letter with the reason is on its way."),
        "stale" => chrome.with_notice("info", "Somebody decided this meanwhile", ""),
        _ => chrome,
    };
    let mut tx = app.store.read().await?;
    let claims = store::claims::list_reviews(&mut tx, &visitor.scope, LISTED).await?;
    let requests = store::lost_factors::list_waiting(&mut tx, &visitor.scope, LISTED).await?;
    drop(tx);
    Ok(Page(Claims {
        chrome,
        claims: claims.iter().map(|claim| ClaimRow::of(&app, claim)).collect(),
        requests: requests.into_iter().map(|waiting| Request::of(&app, waiting)).collect(),
    }))
}

#[derive(Template)]
#[template(path = "admin/claim.html")]
struct ClaimPage {
    chrome: Chrome,
    claim: ClaimRow,
    evidence: Evidence,
    given: Given,
    faults: Faults,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Given {
    /// A candidate's record ID, `other` or `no`.
    decision: String,
    other: String,
    reason: String,
}

async fn show(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(claim): Path<Uuid>,
) -> Result<Page<impl Template>> {
    page(&app, &visitor, chrome, claim, Given::default(), Faults::none()).await
}

async fn page(
    app: &App,
    visitor: &StaffVisitor,
    chrome: Chrome,
    claim: Uuid,
    given: Given,
    faults: Faults,
) -> Result<Page<ClaimPage>> {
    let mut tx = app.store.read().await?;
    let review = store::claims::find_review(&mut tx, &visitor.scope, claim).await?;
    drop(tx);
    let review = review.ok_or(app::Error::NotFound)?;
    let typed = Details::of(&review).typed();
    let subject = format!("claim {claim}");
    let explained =
        physicians::explain(app, &visitor.session.actor, &visitor.scope, &typed, Asked::Row(&subject)).await?;
    let (claim, evidence) = (ClaimRow::of(app, &review), Evidence::of(explained));
    Ok(Page(ClaimPage { chrome, claim, evidence, given, faults }))
}

async fn decide(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(claim): Path<Uuid>,
    Form(given): Form<Given>,
) -> Result<Response> {
    match carry_out(&app, &visitor, claim, &given).await {
        Ok(done) => Ok(Redirect::to(&format!("/admin/claims?done={done}")).into_response()),
        Err(app::Error::Stale) => Ok(Redirect::to("/admin/claims?done=stale").into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, page(&app, &visitor, chrome, claim, given, faults).await?).into_response())
        }
    }
}

async fn carry_out(app: &App, visitor: &StaffVisitor, claim: Uuid, given: &Given) -> app::Result<&'static str> {
    let (actor, scope) = (&visitor.session.actor, &visitor.scope);
    let physician: PhysicianId = match given.decision.as_str() {
        "" => return Err(app::Error::invalid("decision", "Choose who this is, or no.")),
        "no" => {
            claims::reviews::refuse(app, actor, scope, claim, &given.reason).await?;
            return Ok("refused");
        }
        "other" => other(app, visitor, &given.other).await?,
        id => id.parse().map_err(|_| app::Error::invalid("decision", "Choose who this is, or no."))?,
    };
    claims::reviews::grant(app, actor, scope, claim, (physician, &given.reason)).await?;
    Ok("granted")
}

/// A physician named by record ID or NPI.
async fn other(app: &App, visitor: &StaffVisitor, typed: &str) -> app::Result<PhysicianId> {
    let typed = typed.trim();
    if let Ok(id) = typed.parse() {
        return Ok(id);
    }
    let unknown =
        || app::Error::invalid("other", "Enter the record ID or the 10-digit NPI of a physician in the registry.");
    if typed.is_empty() {
        return Err(unknown());
    }
    let search = Search { npi: typed.to_owned(), ..Search::default() };
    match physicians::search(app, &visitor.session.actor, &visitor.scope, &search, 0, 2).await {
        Ok(found) => found.physicians.first().map(|physician| physician.id).ok_or_else(unknown),
        Err(app::Error::Invalid(_)) => Err(unknown()),
        Err(error) => Err(error),
    }
}
