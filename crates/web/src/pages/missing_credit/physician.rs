//! `/passport/missing`: a physician's cases, and one of them with its history, to write in or to take back.

use app::missing_credit::{self, Seen};
use app::{App, Error};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::MissingCreditId;
use domain::missing_credit::Side;
use serde::Deserialize;

use super::{Asked, CaseRow, CaseView};
use crate::access::PhysicianVisitor;
use crate::{Chrome, Faults, Page, REFUSED, Result, download};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/passport/missing", get(list))
        .route("/passport/missing/{id}", get(show).post(act))
        .route("/passport/missing/{id}/evidence", get(evidence))
}

#[derive(Template)]
#[template(path = "missing_credit/list.html")]
struct List {
    chrome: Chrome,
    sections: Vec<Section>,
    days: i32,
}

struct Section {
    id: &'static str,
    title: &'static str,
    rows: Vec<CaseRow>,
}

async fn list(State(app): State<App>, visitor: PhysicianVisitor, chrome: Chrome) -> Result<Page<impl Template>> {
    let cases = store::missing_credit::list(&mut app.store.read().await?, &visitor.scope).await?;
    let (open, over) = cases.iter().partition::<Vec<_>, _>(|case| case.state.is_open());
    let rows =
        |cases: Vec<&store::missing_credit::Case>| cases.into_iter().map(|case| CaseRow::of(&app, case)).collect();
    let days = app.reference.get().settings().missing_credit_days;
    let mut sections = vec![
        Section { id: "open", title: "Open cases", rows: rows(open) },
        Section { id: "ended", title: "Ended cases", rows: rows(over) },
    ];
    sections.retain(|section| !section.rows.is_empty());
    Ok(Page(List { chrome, sections, days }))
}

#[derive(Template)]
#[template(path = "missing_credit/case.html")]
struct CasePage {
    chrome: Chrome,
    case: CaseView,
    reply: String,
    faults: Faults,
}

fn page(app: &App, chrome: Chrome, seen: &Seen, reply: String, faults: Faults) -> Page<CasePage> {
    Page(CasePage { chrome, case: CaseView::of(app, seen, Side::Physician), reply, faults })
}

async fn show(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Path(id): Path<MissingCreditId>,
    Query(place): Asked,
) -> Result<Page<impl Template>> {
    let seen = missing_credit::of_physician(&app, &visitor.scope, id).await?;
    let chrome = match place.done.as_str() {
        "opened" => chrome.with_notice(
            "success",
            "Your case is open",
            format!("{} was told. You get a letter when it answers.", seen.case.provider_name),
        ),
        "replied" => chrome.with_notice("success", "Your message is sent", ""),
        "withdrawn" => chrome.with_notice("success", "You took the case back", "The provider was told."),
        _ => chrome,
    };
    Ok(page(&app, chrome, &seen, String::new(), Faults::none()))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Act {
    act: String,
    reply: String,
    version: i64,
}

async fn act(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Path(id): Path<MissingCreditId>,
    Form(given): Form<Act>,
) -> Result<Response> {
    let (actor, scope) = (&visitor.session.actor, &visitor.scope);
    let (done, word) = match given.act.as_str() {
        "reply" => (missing_credit::reply(&app, actor, scope, id, given.version, &given.reply).await, "replied"),
        "withdraw" => (missing_credit::withdraw(&app, actor, scope, id, given.version).await, "withdrawn"),
        _ => (Err(Error::NotFound), ""),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/passport/missing/{id}?done={word}")).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let seen = missing_credit::of_physician(&app, scope, id).await?;
            Ok((REFUSED, page(&app, chrome, &seen, given.reply, faults)).into_response())
        }
    }
}

async fn evidence(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    Path(id): Path<MissingCreditId>,
) -> Result<Response> {
    let seen = missing_credit::of_physician(&app, &visitor.scope, id).await?;
    let file = missing_credit::evidence_of(&app, &visitor.session.actor, &seen.case).await?;
    Ok(download::bytes(&file.name, file.content_type, file.bytes))
}
