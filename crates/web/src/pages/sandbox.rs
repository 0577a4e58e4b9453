//! `/provider/api-clients/sandbox`: what the provider's sandbox is, the learners with fixed outcomes, its tokens,
//! what came in lately, and the reset.
//!
//! The only page that reads a sandbox's database. Looking at it makes none: one that nothing was sent to yet is
//! shown as empty.

use app::App;
use app::api_clients::{self, Wanted};
use app::sandbox::{self, Brings, Learner};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::access::{ProviderRole, ProviderScope};
use domain::credit::CreditStatus;
use domain::upload::UploadStatus;
use domain::{Amount, ApiClientId, ApiScopes};
use serde::Deserialize;
use store::api_clients::Holder;
use store::sandboxes::{Received, Standing};

use super::token_rows::{TERMS, TokenRow, USUAL_TERM};
use crate::access::{Owner, Viewer};
use crate::{Chrome, Faults, Page, REFUSED, Result, When};

/// What came in lately: so many.
const LATELY: i64 = 10;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/provider/api-clients/sandbox", get(show).post(create))
        .route("/provider/api-clients/sandbox/tokens/{client}/revoke", post(revoke))
        .route("/provider/api-clients/sandbox/reset", post(reset))
}

#[derive(Template)]
#[template(path = "sandbox.html")]
struct SandboxPage {
    chrome: Chrome,
    is_owner: bool,
    /// Where the web services begin.
    base: String,
    activity: &'static str,
    moc_activity: &'static str,
    boards: String,
    credits: String,
    learners: Vec<LearnerRow>,
    tokens: Vec<TokenRow>,
    terms: &'static [(&'static str, &'static str)],
    given: NewToken,
    faults: Faults,
    /// The token just made; empty otherwise.
    token: String,
    reset_at: Option<When>,
    inside: Inside,
}

struct LearnerRow {
    learner: &'static Learner,
    is_npi: bool,
    /// Kind and word of the outcome's mark.
    mark: (&'static str, &'static str),
    problem: &'static str,
}

/// What the sandbox holds.
#[derive(Default)]
struct Inside {
    /// It could not be opened; a reset puts that right.
    is_broken: bool,
    received: Vec<ReceivedRow>,
    standing: Vec<StandingRow>,
}

struct ReceivedRow {
    name: String,
    at: When,
    status: (&'static str, &'static str),
    rows: i64,
    accepted: i64,
    refused: i64,
    /// Reported before, or deleted.
    others: i64,
}

struct StandingRow {
    kind: String,
    mark: (&'static str, &'static str),
    reason: String,
    credits: i64,
}

#[derive(Deserialize)]
#[serde(default)]
struct NewToken {
    name: String,
    days: String,
}

impl Default for NewToken {
    fn default() -> Self {
        Self { name: String::new(), days: USUAL_TERM.to_owned() }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
}

async fn show(
    State(app): State<App>,
    Viewer { scope, .. }: Viewer,
    chrome: Chrome,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    let chrome = match done.as_str() {
        "revoked" => chrome.with_notice("success", "The token is revoked", "It no longer opens the sandbox."),
        "reset" => chrome.with_notice(
            "success",
            "The sandbox is as new",
            "What was sent to it is forgotten. Its tokens still hold.",
        ),
        _ => chrome,
    };
    Ok(Page(page(&app, &scope, chrome, NewToken::default(), Faults::none(), String::new()).await?))
}

async fn page(
    app: &App,
    scope: &ProviderScope,
    chrome: Chrome,
    given: NewToken,
    faults: Faults,
    token: String,
) -> Result<SandboxPage> {
    let mut tx = app.store.read().await?;
    let tokens = store::api_clients::list(&mut tx, &Holder::Provider(*scope), true).await?;
    let known = store::sandboxes::find(&mut tx, scope).await?;
    drop(tx);
    let inside = inside(app, scope).await.unwrap_or_else(|error| {
        tracing::error!(%error, "a sandbox could not be opened for its page");
        Inside { is_broken: true, ..Inside::default() }
    });
    Ok(SandboxPage {
        chrome,
        is_owner: scope.may(ProviderRole::Owner),
        base: app.config.link("/api/pars/v1"),
        activity: sandbox::ACTIVITY,
        moc_activity: sandbox::MOC_ACTIVITY,
        boards: sandbox::BOARDS.join(" and "),
        credits: Amount::new(sandbox::CREDITS).to_string(),
        learners: sandbox::LEARNERS.iter().map(learner_row).collect(),
        tokens: tokens.into_iter().map(|client| TokenRow::of(app, client)).collect(),
        terms: TERMS,
        given,
        faults,
        token,
        reset_at: known.reset_at.map(|at| When::of(app, at)),
        inside,
    })
}

fn learner_row(learner: &'static Learner) -> LearnerRow {
    let kind = match learner.brings {
        Brings::Matched => "good",
        Brings::BoardRejects => "caution",
        Brings::NoMatch | Brings::Several | Brings::Conflict => "bad",
    };
    let is_npi = learner.is_by_npi();
    LearnerRow { learner, is_npi, mark: (kind, learner.brings.label()), problem: learner.brings.problem() }
}

/// Asks the sandbox's own database.
async fn inside(app: &App, scope: &ProviderScope) -> app::Result<Inside> {
    let Some(visit) = sandbox::look_into(app, scope).await? else { return Ok(Inside::default()) };
    let mut tx = visit.app.store.read().await?;
    let received = store::sandboxes::received(&mut tx, scope, LATELY).await?;
    let standing = store::sandboxes::standing(&mut tx, scope).await?;
    Ok(Inside {
        is_broken: false,
        received: received.into_iter().map(|one| received_row(app, one)).collect(),
        standing: standing.into_iter().map(standing_row).collect(),
    })
}

fn received_row(app: &App, one: Received) -> ReceivedRow {
    ReceivedRow {
        name: one.name,
        at: When::of(app, one.at),
        status: match one.status {
            UploadStatus::Received => ("waiting", "Waiting"),
            UploadStatus::Processing => ("running", "In work"),
            UploadStatus::Done => ("good", "Settled"),
            UploadStatus::Failed => ("bad", "Not readable"),
        },
        rows: one.counts.rows,
        accepted: one.counts.accepted,
        refused: one.counts.refused,
        others: one.counts.already_reported + one.counts.deleted,
    }
}

fn standing_row(one: Standing) -> StandingRow {
    let kind = match one.status {
        CreditStatus::Accepted => "good",
        CreditStatus::Pending => "waiting",
        CreditStatus::Rejected => "bad",
    };
    StandingRow { kind: one.kind, mark: (kind, one.status.label()), reason: one.reason, credits: one.credits }
}

async fn create(
    State(app): State<App>,
    Owner { session, scope }: Owner,
    chrome: Chrome,
    Form(given): Form<NewToken>,
) -> Result<Response> {
    let days = given.days.trim().parse().unwrap_or(0);
    // nothing in there is real, so its tokens may do all that a program may
    let scopes = ApiScopes::of_role(ProviderRole::Owner);
    let wanted = Wanted { name: &given.name, scopes, days, is_sandbox: true };
    match api_clients::create(&app, &session.actor, &wanted).await {
        Ok((_, token)) => {
            let token = token.expose().to_owned();
            let page = page(&app, &scope, chrome, NewToken::default(), Faults::none(), token).await?;
            Ok(Page(page).into_response())
        }
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, Page(page(&app, &scope, chrome, given, faults, String::new()).await?)).into_response())
        }
    }
}

async fn revoke(
    State(app): State<App>,
    Owner { session, .. }: Owner,
    Path(client): Path<ApiClientId>,
) -> Result<Redirect> {
    api_clients::revoke(&app, &session.actor, client).await?;
    Ok(Redirect::to("/provider/api-clients/sandbox?done=revoked"))
}

async fn reset(State(app): State<App>, Owner { session, .. }: Owner) -> Result<Redirect> {
    sandbox::reset(&app, &session.actor).await?;
    Ok(Redirect::to("/provider/api-clients/sandbox?done=reset"))
}
