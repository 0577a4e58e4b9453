//! `/passport/claim`: a physician gives details, gets a letter, and chooses a password. The answer
//! to the details is one and the same page, whatever they were.

use app::App;
use app::accounts::devices::Tell;
use app::claims::{self, Claim, Opened, Typed};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::State as UsState;
use serde::Deserialize;

use crate::arrival::Arrival;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/passport/claim", get(form).post(request))
        .route("/passport/claim/review", post(review))
        .route("/passport/claim/stop/{secret}", get(to_stop).post(stop))
        .route("/passport/claim/{secret}", get(open).post(finish))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ClaimForm {
    first: String,
    last: String,
    birth_month: String,
    birth_day: String,
    state: String,
    license: String,
    npi: String,
    board: String,
    diplomate_id: String,
    email: String,
}

#[derive(Template)]
#[template(path = "passport/claim.html")]
struct ClaimPage {
    chrome: Chrome,
    given: ClaimForm,
    states: Vec<(String, &'static str)>,
    boards: Vec<(String, String)>,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "passport/claim_sent.html")]
struct Sent {
    chrome: Chrome,
    email: String,
    claim: String,
}

#[derive(Template)]
#[template(path = "passport/claim_review.html")]
struct ReviewAsked {
    chrome: Chrome,
}

#[derive(Template)]
#[template(path = "passport/claim_finish.html")]
struct Finish {
    chrome: Chrome,
    opened: Opened,
    faults: Faults,
}

fn claim_page(app: &App, chrome: Chrome, given: ClaimForm, faults: Faults) -> Page<ClaimPage> {
    let reference = app.reference.get();
    let states = UsState::all().map(|state| (state.code().to_owned(), state.name())).collect();
    let boards = reference.boards().map(|board| (board.code.to_string(), board.name.clone())).collect();
    Page(ClaimPage { chrome, given, states, boards, faults })
}

async fn form(State(app): State<App>, chrome: Chrome) -> Page<impl Template> {
    claim_page(&app, chrome, ClaimForm::default(), Faults::none())
}

async fn request(State(app): State<App>, chrome: Chrome, Form(given): Form<ClaimForm>) -> Result<Response> {
    let typed = Typed {
        first: given.first.clone(),
        last: given.last.clone(),
        birth_month: given.birth_month.clone(),
        birth_day: given.birth_day.clone(),
        state: given.state.clone(),
        license: given.license.clone(),
        npi: given.npi.clone(),
        board: given.board.clone(),
        diplomate_id: given.diplomate_id.clone(),
        email: given.email.clone(),
    };
    let claim = match Claim::read(&typed) {
        Ok(claim) => claim,
        Err(error) => {
            let faults = Faults::from_error(error)?;
            return Ok((REFUSED, claim_page(&app, chrome, given, faults)).into_response());
        }
    };
    let id = claims::request(&app, &claim).await?;
    Ok(Page(Sent { chrome, email: claim.email, claim: id.to_string() }).into_response())
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ReviewForm {
    claim: String,
}

async fn review(State(app): State<App>, chrome: Chrome, Form(given): Form<ReviewForm>) -> Result<Page<impl Template>> {
    if let Ok(claim) = given.claim.parse() {
        claims::ask_review(&app, claim).await?;
    }
    Ok(Page(ReviewAsked { chrome }))
}

async fn open(State(app): State<App>, chrome: Chrome, Path(secret): Path<String>) -> Result<Page<impl Template>> {
    let opened = claims::open(&app, &secret).await?;
    Ok(Page(Finish { chrome, opened, faults: Faults::none() }))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct FinishForm {
    password: String,
    /// `factor`: goes on to set up a second factor.
    then: String,
}

async fn finish(
    State(app): State<App>,
    chrome: Chrome,
    arrival: Arrival,
    Path(secret): Path<String>,
    Form(given): Form<FinishForm>,
) -> Result<Response> {
    let opened = claims::open(&app, &secret).await?;
    if opened.has_account {
        return match claims::join(&app, &secret).await {
            Ok(()) => Ok(Redirect::to("/sign-in?next=/passport").into_response()),
            Err(error) => refused(chrome, opened, error),
        };
    }
    let next = if given.then == "factor" { "/account/second-factor" } else { "" };
    match claims::accept(&app, &secret, &given.password, &arrival.agent).await {
        Ok(started) => arrival.begin(&app, &started, next, Tell::Nobody).await,
        Err(error) => refused(chrome, opened, error),
    }
}

fn refused(chrome: Chrome, opened: Opened, error: app::Error) -> Result<Response> {
    let faults = Faults::from_error(error)?;
    Ok((REFUSED, Page(Finish { chrome, opened, faults })).into_response())
}

#[derive(Template)]
#[template(path = "passport/claim_stop.html")]
struct Stop {
    chrome: Chrome,
    stopped: bool,
}

async fn to_stop(State(app): State<App>, chrome: Chrome, Path(secret): Path<String>) -> Result<Page<impl Template>> {
    claims::to_stop(&app, &secret).await?;
    Ok(Page(Stop { chrome, stopped: false }))
}

async fn stop(State(app): State<App>, chrome: Chrome, Path(secret): Path<String>) -> Result<Page<impl Template>> {
    claims::stop(&app, &secret).await?;
    Ok(Page(Stop { chrome, stopped: true }))
}
