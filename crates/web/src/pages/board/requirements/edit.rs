//! `/board/requirements/edit`: a version of the requirement from a day on. It is shown with what it would mean
//! first, and only what was shown is saved; who looked before a colleague changed it is told so.

use std::hash::{DefaultHasher, Hash, Hasher};

use app::requirements::{self, Seen};
use app::{App, Fault};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::requirement::Requirement;
use jiff::civil::Date;
use store::reference::REQUIREMENTS;

use super::effect::EffectView;
use super::form::{self, CapLine, TopicLine};
use crate::access::LicensingBoardVisitor;
use crate::pages::admin::reference::Day;
use crate::pages::admin::reference::given::Given;
use crate::pages::admin::reference::history::{self, Step};
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/board/requirements/edit", get(show).post(change))
        .route("/board/requirements/take-back", get(ask_back).post(take_back))
}

#[derive(Template)]
#[template(path = "board/requirements/edit.html")]
struct Edit {
    chrome: Chrome,
    board: String,
    given: Given,
    topics: Vec<TopicLine>,
    caps: Vec<CapLine>,
    cycles: [(&'static str, &'static str); 4],
    firsts: [(&'static str, &'static str); 3],
    seen: Seen,
    today: String,
    /// The rules that stand came with a release.
    is_example: bool,
    faults: Faults,
    effect: Option<EffectView>,
    stale: Option<Step>,
    /// The line that was just added, to go on writing in: `topic_2`.
    at: String,
}

const CYCLES: [(&str, &str); 4] = [
    ("fixed_date", "On one day for everybody"),
    ("birth_month", "With the licensee’s month of birth"),
    ("expires", "On the day on which the license expires"),
    ("issued", "On the day before the anniversary of the license’s issue"),
];

const FIRSTS: [(&str, &str); 3] = [
    ("full", "All hours and topics"),
    ("pro_rata", "Hours for each full month since the license was issued, and all topics"),
    ("exempt", "Nothing"),
];

async fn page(app: &App, visitor: &LicensingBoardVisitor, chrome: Chrome, given: Given) -> Result<Edit> {
    let reference = app.reference.get();
    let state = visitor.scope.state();
    Ok(Edit {
        chrome,
        board: visitor.session.organization.clone(),
        topics: form::topic_lines(&given, &reference),
        caps: form::cap_lines(&given),
        cycles: CYCLES,
        firsts: FIRSTS,
        seen: requirements::seen(&mut app.store.read().await?, state).await?,
        today: app.clock.today().to_string(),
        is_example: reference.requirement(state).is_some_and(|version| version.value.is_example),
        faults: Faults::none(),
        effect: None,
        stale: None,
        at: String::new(),
        given,
    })
}

async fn show(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Response> {
    app.reference.refresh(&app.store).await?;
    let reference = app.reference.get();
    let versions = reference.requirements(visitor.scope.state());
    let today = app.clock.today();
    let asked = Given(asked);
    let mut given = match asked.get("version") {
        // a new version begins as a copy of the last one
        "" => {
            let mut given = versions.last().map(|last| form::typed(&last.value)).unwrap_or_default();
            given.put("from", today.tomorrow().unwrap_or(today).to_string());
            given
        }
        day => {
            let planned = versions.iter().find(|version| version.from > today && version.from.to_string() == day);
            let planned = planned.ok_or(app::Error::NotFound)?;
            let mut given = form::typed(&planned.value);
            given.put("from", day);
            given
        }
    };
    if versions.last().is_some_and(|last| last.value.is_example) {
        // the note of an example says that it is one
        given.0.retain(|(name, _)| name != "note");
    }
    Ok(Page(page(&app, &visitor, chrome, given).await?).into_response())
}

async fn change(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    app.reference.refresh(&app.store).await?;
    let mut given = Given(sent);
    let then = given.get("then").to_owned();
    if form::turned(&mut given, &then) {
        let seen = given.seen();
        let mut page = page(&app, &visitor, chrome, given).await?;
        page.seen = seen.unwrap_or(page.seen);
        page.at = match then.as_str() {
            "add_topic" => page.topics.last().map(|line| format!("topic_{}", line.at)).unwrap_or_default(),
            "add_cap" => page.caps.last().map(|line| format!("cap_{}", line.at)).unwrap_or_default(),
            _ => String::new(),
        };
        return Ok(Page(page).into_response());
    }
    let mut page = page(&app, &visitor, chrome, given.clone()).await?;
    let (seen, newest) = (given.seen(), page.seen);
    if seen != Some(newest) {
        page.stale = newest_step(&app, &visitor).await?;
        return Ok((StatusCode::CONFLICT, Page(page)).into_response());
    }
    let mut faults = Vec::new();
    let from = given.needed_day("from", &mut faults);
    let asked = match (from, form::requirement(visitor.scope.state(), &given)) {
        (Some(from), Ok(requirement)) => Ok((from, requirement)),
        (_, Ok(_)) => Err(faults),
        (_, Err(more)) => Err(faults.into_iter().chain(more).collect::<Vec<Fault>>()),
    };
    let (from, requirement) = match asked {
        Ok(asked) => asked,
        Err(faults) => {
            page.faults = faults.into();
            return Ok((REFUSED, Page(page)).into_response());
        }
    };
    let mark = mark(newest, from, &requirement);
    let is_sent = then == "save";
    if is_sent && given.get("mark") == mark {
        return match requirements::put(&app, &visitor.session.actor, newest, from, requirement).await {
            Ok(()) => Ok(Redirect::to("/board/requirements?done=saved").into_response()),
            Err(app::Error::Stale) => {
                page.stale = newest_step(&app, &visitor).await?;
                Ok((StatusCode::CONFLICT, Page(page)).into_response())
            }
            Err(error) => {
                page.faults = Faults::from_error(error)?;
                Ok((REFUSED, Page(page)).into_response())
            }
        };
    }
    match requirements::preview(&app, &visitor.scope, from, requirement.clone()).await {
        Ok(effect) => {
            let reference = app.reference.get();
            page.effect = Some(EffectView::of(&effect, &requirement, from, &reference, mark, is_sent));
            Ok(Page(page).into_response())
        }
        Err(error) => {
            page.faults = Faults::from_error(error)?;
            Ok((REFUSED, Page(page)).into_response())
        }
    }
}

async fn newest_step(app: &App, visitor: &LicensingBoardVisitor) -> Result<Option<Step>> {
    let mut tx = app.store.read().await?;
    let changes = store::reference::history(&mut tx, REQUIREMENTS, "", visitor.scope.state().code()).await?;
    Ok(history::steps(app, changes).into_iter().next())
}

/// Differs with any answer and with anything that was changed since: only what was looked at is saved.
fn mark(seen: Seen, from: Date, requirement: &Requirement) -> String {
    let mut hasher = DefaultHasher::new();
    format!("{seen} {from} {requirement:?}").hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

#[derive(Template)]
#[template(path = "board/requirements/take_back.html")]
struct TakeBack {
    chrome: Chrome,
    board: String,
    from: Day,
    seen: Seen,
    stale: Option<Step>,
}

/// The planned version whose first day an answer names.
fn planned(app: &App, visitor: &LicensingBoardVisitor, given: &Given) -> Result<Date> {
    let reference = app.reference.get();
    let versions = reference.requirements(visitor.scope.state());
    let is_meant = |from: Date| from > reference.today() && from.to_string() == given.get("from");
    Ok(versions.iter().map(|version| version.from).find(|from| is_meant(*from)).ok_or(app::Error::NotFound)?)
}

async fn ask_back(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Response> {
    app.reference.refresh(&app.store).await?;
    let from = Day::of(planned(&app, &visitor, &Given(asked))?);
    let seen = requirements::seen(&mut app.store.read().await?, visitor.scope.state()).await?;
    let board = visitor.session.organization.clone();
    Ok(Page(TakeBack { chrome, board, from, seen, stale: None }).into_response())
}

async fn take_back(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    app.reference.refresh(&app.store).await?;
    let given = Given(sent);
    let from = planned(&app, &visitor, &given)?;
    let seen = given.seen().unwrap_or(Seen::MIN);
    match requirements::take_back(&app, &visitor.session.actor, seen, from).await {
        Ok(()) => Ok(Redirect::to("/board/requirements?done=taken-back").into_response()),
        Err(app::Error::Stale) => {
            let stale = newest_step(&app, &visitor).await?;
            let seen = requirements::seen(&mut app.store.read().await?, visitor.scope.state()).await?;
            let board = visitor.session.organization.clone();
            let page = TakeBack { chrome, board, from: Day::of(from), seen, stale };
            Ok((StatusCode::CONFLICT, Page(page)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
