//! `/provider/missing-credit`: cases that wait for the provider, and one of them with what the physician gave, to report,
//! ask or decline.

use app::missing_credit::{self, Seen};
use app::{App, Error};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::access::ProviderScope;
use domain::check::us_date;
use domain::missing_credit::{Finding, Side};
use domain::{CompletionId, MissingCreditId};
use serde::Deserialize;
use store::ReadTx;

use super::{Asked, CaseRow, CaseView, FILTERS, PER_PAGE, may_act, pages};
use crate::access::{Reporter, Viewer};
use crate::{Chrome, Faults, Page, REFUSED, Result, download};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/provider/missing-credit", get(list))
        .route("/provider/missing-credit/{id}", get(show).post(act))
        .route("/provider/missing-credit/{id}/evidence", get(evidence))
}

/// Cases that wait for the provider, for its first page.
pub(in crate::pages) async fn waiting(tx: &mut ReadTx, scope: &ProviderScope) -> store::Result<i64> {
    Ok(store::missing_credit::count_waiting(tx, scope).await?.0)
}

#[derive(Template)]
#[template(path = "missing_credit/provider_list.html")]
struct List {
    chrome: Chrome,
    show: String,
    filters: &'static [(&'static str, &'static str)],
    rows: Vec<CaseRow>,
    waiting: i64,
    overdue: i64,
    page: u64,
    pages: u64,
    pager: String,
}

async fn list(
    State(app): State<App>,
    Viewer { scope, .. }: Viewer,
    chrome: Chrome,
    Query(place): Asked,
) -> Result<Page<impl Template>> {
    let mut tx = app.store.read().await?;
    let skip = (place.page() - 1) * PER_PAGE;
    let listed = store::missing_credit::list_of_provider(&mut tx, &scope, place.filter(), skip, PER_PAGE).await?;
    let (waiting, overdue) = store::missing_credit::count_waiting(&mut tx, &scope).await?;
    Ok(Page(List {
        chrome,
        rows: listed.cases.iter().map(|case| CaseRow::of(&app, case)).collect(),
        filters: FILTERS,
        waiting,
        overdue,
        page: u64::try_from(place.page()).unwrap_or(1),
        pages: pages(listed.all),
        pager: format!("/provider/missing-credit?show={}&page=", crate::addresses::encoded(&place.show)),
        show: place.show,
    }))
}

#[derive(Template)]
#[template(path = "missing_credit/provider_case.html")]
struct CasePage {
    chrome: Chrome,
    case: CaseView,
    may_act: bool,
    /// Reports of the provider that may be the credit that is missed: their IDs and words.
    candidates: Vec<(String, String)>,
    /// The refused row that means this physician, with its page.
    refused: Option<String>,
    reasons: Vec<(String, String)>,
    given: Act,
    faults: Faults,
    /// The report that answered, for its page.
    completion: String,
}

/// What was typed in one of the forms.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Act {
    act: String,
    question: String,
    reason: String,
    words: String,
    completion: String,
    version: i64,
}

fn page(app: &App, chrome: Chrome, scope: &ProviderScope, seen: &Seen, given: Act, faults: Faults) -> Page<CasePage> {
    let candidates = seen.candidates.iter().map(|one| {
        let words = format!("{}, {} credits on {}", one.title, one.amount, us_date(one.completed_on));
        (one.completion.to_string(), words)
    });
    let refused = seen.case.known.iter().find_map(|finding| match finding {
        Finding::Refused { upload, row, .. } => Some(format!("/provider/uploads/{upload}/rows?after={}", row - 1)),
        _ => None,
    });
    Page(CasePage {
        chrome,
        case: CaseView::of(app, seen, Side::Provider),
        may_act: may_act(scope),
        candidates: candidates.collect(),
        refused,
        reasons: missing_credit::decline_reasons(app),
        given,
        faults,
        completion: seen.case.completion.map(|id| id.to_string()).unwrap_or_default(),
    })
}

async fn show(
    State(app): State<App>,
    Viewer { session, scope }: Viewer,
    chrome: Chrome,
    Path(id): Path<MissingCreditId>,
    Query(place): Asked,
) -> Result<Page<impl Template>> {
    let seen = missing_credit::of_provider(&app, &session.actor, &scope, id).await?;
    let chrome = match place.done.as_str() {
        "reported" => {
            chrome.with_notice("success", "The credit is reported", "The physician was told; the case is answered.")
        }
        "answered" => chrome.with_notice("success", "The case is answered", "The physician was told."),
        "asked" => chrome.with_notice("success", "Your question is sent", "The clock runs on."),
        "declined" => chrome.with_notice("success", "The case is declined", "The physician reads your reason."),
        _ => chrome,
    };
    Ok(page(&app, chrome, &scope, &seen, Act::default(), Faults::none()))
}

async fn act(
    State(app): State<App>,
    Reporter { session, scope }: Reporter,
    chrome: Chrome,
    Path(id): Path<MissingCreditId>,
    Form(given): Form<Act>,
) -> Result<Response> {
    let (actor, name) = (&session.actor, session.name.as_str());
    let (done, word) = match given.act.as_str() {
        "ask" => (missing_credit::ask(&app, actor, name, id, given.version, &given.question).await, "asked"),
        "decline" => {
            let why = (given.reason.as_str(), given.words.as_str());
            (missing_credit::decline(&app, actor, name, id, given.version, why).await, "declined")
        }
        "answer" => match given.completion.parse::<CompletionId>() {
            Ok(completion) => (missing_credit::answer(&app, actor, name, id, completion).await, "answered"),
            Err(_) => (Err(Error::invalid("completion", "Choose the report.")), ""),
        },
        _ => (Err(Error::NotFound), ""),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/provider/missing-credit/{id}?done={word}")).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let seen = missing_credit::of_provider(&app, actor, &scope, id).await?;
            Ok((REFUSED, page(&app, chrome, &scope, &seen, given, faults)).into_response())
        }
    }
}

async fn evidence(
    State(app): State<App>,
    Viewer { session, scope }: Viewer,
    Path(id): Path<MissingCreditId>,
) -> Result<Response> {
    let mut tx = app.store.read().await?;
    let case = store::missing_credit::find_of_provider(&mut tx, &scope, id).await?.ok_or(Error::NotFound)?;
    drop(tx);
    let file = missing_credit::evidence_of(&app, &session.actor, &case).await?;
    Ok(download::bytes(&file.name, file.content_type, file.bytes))
}
