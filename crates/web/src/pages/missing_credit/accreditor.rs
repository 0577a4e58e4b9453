//! `/admin/missing-credit`: everybody's cases, overdue ones first, and how long providers take to answer.

use app::App;
use app::missing_credit::{self, Seen};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::missing_credit::Side;
use domain::{MissingCreditId, ProviderId};
use serde::Deserialize;

use super::{Asked, CaseRow, CaseView, FILTERS, PER_PAGE, pages};
use crate::access::StaffVisitor;
use crate::addresses::encoded;
use crate::{Chrome, Faults, Page, REFUSED, Result, download};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/missing-credit", get(list))
        .route("/admin/missing-credit/{id}", get(show).post(act))
        .route("/admin/missing-credit/{id}/evidence", get(evidence))
}

/// Cases that the figures count: of a year.
const COUNTED: i64 = 365 * 24 * 3_600_000_000;

#[derive(Template)]
#[template(path = "missing_credit/admin_list.html")]
struct List {
    chrome: Chrome,
    show: String,
    provider: String,
    filters: &'static [(&'static str, &'static str)],
    rows: Vec<CaseRow>,
    overdue: i64,
    figures: Vec<Figures>,
    page: u64,
    pages: u64,
    pager: String,
}

struct Figures {
    name: String,
    href: String,
    open: i64,
    overdue: i64,
    answered: i64,
    declined: i64,
    median: String,
}

async fn list(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Query(place): Asked,
) -> Result<Page<impl Template>> {
    let mut tx = app.store.read().await?;
    let skip = (place.page() - 1) * PER_PAGE;
    let provider: Option<ProviderId> = place.provider.trim().parse().ok();
    let listed =
        store::missing_credit::list_all(&mut tx, &visitor.scope, provider, place.filter(), skip, PER_PAGE).await?;
    let figures = store::missing_credit::figures(&mut tx, &visitor.scope, app.clock.now() - COUNTED).await?;
    let figures = figures.into_iter().map(|one| Figures {
        href: format!("/admin/missing-credit?show=all&provider={}", one.provider),
        name: one.name,
        open: one.open,
        overdue: one.overdue,
        answered: one.answered,
        declined: one.declined,
        median: one.median_hours.map(days).unwrap_or_default(),
    });
    Ok(Page(List {
        chrome,
        rows: listed.cases.iter().map(|case| CaseRow::of(&app, case)).collect(),
        filters: FILTERS,
        overdue: store::missing_credit::count_overdue(&mut tx, &visitor.scope).await?,
        figures: figures.collect(),
        page: u64::try_from(place.page()).unwrap_or(1),
        pages: pages(listed.all),
        pager: format!(
            "/admin/missing-credit?show={}&provider={}&page=",
            encoded(&place.show),
            encoded(&place.provider)
        ),
        show: place.show,
        provider: place.provider,
    }))
}

/// Hours as days with one decimal.
fn days(hours: i64) -> String {
    let tenths = hours.max(0).saturating_mul(10) / 24;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[derive(Template)]
#[template(path = "missing_credit/admin_case.html")]
struct CasePage {
    chrome: Chrome,
    case: CaseView,
    given: Act,
    faults: Faults,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Act {
    act: String,
    words: String,
    version: i64,
}

fn page(app: &App, chrome: Chrome, seen: &Seen, given: Act, faults: Faults) -> Page<CasePage> {
    Page(CasePage { chrome, case: CaseView::of(app, seen, Side::Accreditor), given, faults })
}

async fn show(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(id): Path<MissingCreditId>,
    Query(place): Asked,
) -> Result<Page<impl Template>> {
    let seen = missing_credit::of_any(&app, &visitor.session.actor, &visitor.scope, id).await?;
    let chrome = match place.done.as_str() {
        "urged" => chrome.with_notice("success", "The provider was asked to answer", "You can ask again in a day."),
        "closed" => chrome.with_notice("success", "The case is closed", "Both sides were told."),
        _ => chrome,
    };
    Ok(page(&app, chrome, &seen, Act::default(), Faults::none()))
}

async fn act(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(id): Path<MissingCreditId>,
    Form(given): Form<Act>,
) -> Result<Response> {
    let by = (&visitor.scope, visitor.session.name.as_str());
    let actor = &visitor.session.actor;
    let (done, word) = match given.act.as_str() {
        "urge" => (missing_credit::urge(&app, actor, by, id, given.version, &given.words).await, "urged"),
        "close" => (missing_credit::close(&app, actor, by, id, given.version, &given.words).await, "closed"),
        _ => (Err(app::Error::NotFound), ""),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/admin/missing-credit/{id}?done={word}")).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let seen = missing_credit::of_any(&app, actor, &visitor.scope, id).await?;
            Ok((REFUSED, page(&app, chrome, &seen, given, faults)).into_response())
        }
    }
}

async fn evidence(State(app): State<App>, visitor: StaffVisitor, Path(id): Path<MissingCreditId>) -> Result<Response> {
    let mut tx = app.store.read().await?;
    let case = store::missing_credit::find_any(&mut tx, &visitor.scope, id).await?.ok_or(app::Error::NotFound)?;
    drop(tx);
    let file = missing_credit::evidence_of(&app, &visitor.session.actor, &case).await?;
    Ok(download::bytes(&file.name, file.content_type, file.bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_told_as_days() {
        assert_eq!([days(0), days(30), days(240), days(-5)], ["0.0", "1.2", "10.0", "0.0"]);
    }
}
