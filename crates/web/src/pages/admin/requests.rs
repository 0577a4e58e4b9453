//! `/admin/requests`: what people asked the staff, who has it in hand, and the answers.

use app::App;
use app::help;
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::HelpRequestId;
use domain::access::Who;
use domain::help::{RequestState, RequestStep, Topic};
use formats::tables::{Figure, Table, write_csv};
use serde::Deserialize;
use store::help::{Owner, Request, RequestFilter, Standing};

use crate::access::StaffVisitor;
use crate::addresses::encoded;
use crate::pages::contact::{start, status, topics};
use crate::{Chrome, Faults, Page, REFUSED, Result, When, download};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/requests", get(list))
        .route("/admin/requests/download", get(csv))
        .route("/admin/requests/{id}", get(show).post(act))
}

const PER_PAGE: i64 = 25;
/// Requests of one file.
const MOST_OF_A_FILE: i64 = 10_000;

/// What the list is narrowed to, as its address has it.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    show: String,
    topic: String,
    owner: String,
    q: String,
    page: String,
    done: String,
}

const SHOWN: &[(&str, &str)] =
    &[("", "Waiting"), ("new", "New"), ("in_hand", "In hand"), ("answered", "Answered"), ("all", "All")];
const OWNERS: &[(&str, &str)] = &[("", "Anybody"), ("me", "Me"), ("nobody", "Nobody yet")];

impl Asked {
    fn filter(&self, visitor: &StaffVisitor) -> RequestFilter {
        RequestFilter {
            standing: match self.show.as_str() {
                "all" => Standing::Any,
                code => RequestState::read(code).map_or(Standing::Waiting, Standing::State),
            },
            topic: Topic::read(&self.topic),
            owner: match (self.owner.as_str(), visitor.session.actor.who) {
                ("me", Who::Account(id)) => Owner::Account(id),
                ("nobody", _) => Owner::Nobody,
                _ => Owner::Anybody,
            },
            words: self.q.clone(),
        }
    }

    fn query(&self) -> String {
        let Self { show, topic, owner, q, .. } = self;
        format!("show={}&topic={}&owner={}&q={}", encoded(show), encoded(topic), encoded(owner), encoded(q))
    }
}

#[derive(Template)]
#[template(path = "admin/requests/list.html")]
struct List {
    chrome: Chrome,
    asked: Asked,
    shown: &'static [(&'static str, &'static str)],
    topics: Vec<(&'static str, &'static str)>,
    owners: &'static [(&'static str, &'static str)],
    rows: Vec<Row>,
    all: i64,
    waiting: i64,
    query: String,
    page: u64,
    pages: u64,
    pager: String,
}

struct Row {
    id: String,
    number: i64,
    topic: &'static str,
    start: String,
    name: String,
    email: String,
    opened: When,
    shape: &'static str,
    status: &'static str,
    assigned: String,
}

impl Row {
    fn of(app: &App, request: &Request) -> Self {
        let (shape, status) = status(request.state);
        Self {
            id: request.id.to_string(),
            number: request.number,
            topic: request.topic.label(),
            start: start(&request.words),
            name: request.name.clone(),
            email: request.email.clone(),
            opened: When::of(app, request.opened_at),
            shape,
            status,
            assigned: request.assigned_name.clone(),
        }
    }
}

async fn list(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    let mut tx = app.store.read().await?;
    let page = asked.page.parse::<i64>().unwrap_or(1).clamp(1, 10_000);
    let filter = asked.filter(&visitor);
    let (found, all) =
        store::help::list_requests(&mut tx, &visitor.scope, &filter, (page - 1) * PER_PAGE, PER_PAGE).await?;
    let pages = all.saturating_add(PER_PAGE - 1) / PER_PAGE;
    Ok(Page(List {
        chrome,
        rows: found.iter().map(|request| Row::of(&app, request)).collect(),
        shown: SHOWN,
        topics: std::iter::once(("", "Any topic")).chain(topics()).collect(),
        owners: OWNERS,
        all,
        waiting: store::help::count_requests(&mut tx, &visitor.scope).await?,
        page: u64::try_from(page).unwrap_or(1),
        pages: u64::try_from(pages).unwrap_or(1).max(1),
        pager: format!("/admin/requests?{}&page=", asked.query()),
        query: asked.query(),
        asked,
    }))
}

async fn csv(State(app): State<App>, visitor: StaffVisitor, Query(asked): Query<Asked>) -> Result<Response> {
    let filter = asked.filter(&visitor);
    let mut tx = app.store.read().await?;
    let (found, _) = store::help::list_requests(&mut tx, &visitor.scope, &filter, 0, MOST_OF_A_FILE).await?;
    drop(tx);
    let text = |text: &str| Figure::Text(text.to_owned());
    let day = |at: Option<i64>| at.and_then(|at| app.clock.day_of(at)).map_or(Figure::None, Figure::Date);
    let rows = found.iter().map(|request| {
        vec![
            Figure::Count(request.number),
            day(Some(request.opened_at)),
            text(request.topic.label()),
            text(request.state.label()),
            text(&request.assigned_name),
            text(&request.name),
            text(&request.email),
            text(&request.words),
            day(request.answered_at),
        ]
    });
    let columns = ["Number", "Sent", "Topic", "Status", "In hand of", "Name", "E-mail", "Request", "Answered"];
    let table = Table {
        key: "requests",
        title: "Requests".to_owned(),
        definition: String::new(),
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        rows: rows.collect(),
        total: None,
    };
    let bytes = write_csv(&table).map_err(|error| app::Error::Internal(error.to_string()))?;
    Ok(download::bytes("requests.csv", "text/csv; charset=utf-8", bytes))
}

#[derive(Template)]
#[template(path = "admin/requests/show.html")]
struct Show {
    chrome: Chrome,
    title: String,
    row: Row,
    words: String,
    has_account: bool,
    answered: Option<When>,
    lines: Vec<Line>,
    staff: Vec<(String, String)>,
    assigned: String,
    is_answered: bool,
    version: i64,
    given: Act,
    faults: Faults,
}

struct Line {
    when: When,
    what: &'static str,
    who: String,
    words: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Act {
    act: String,
    answer: String,
    note: String,
    assigned: String,
    version: i64,
}

async fn page(
    app: &App,
    visitor: &StaffVisitor,
    chrome: Chrome,
    id: HelpRequestId,
    given: Act,
    faults: Faults,
) -> Result<Page<Show>> {
    let (request, lines) = help::of_anybody(app, &visitor.scope, id).await?;
    let staff = store::help::staff(&mut app.store.read().await?, &visitor.scope).await?;
    let lines = lines.into_iter().filter(|line| line.step != RequestStep::Sent).map(|line| Line {
        when: When::of(app, line.at),
        what: line.step.label(),
        who: line.author,
        words: line.words,
    });
    Ok(Page(Show {
        chrome,
        title: format!("Request {}", request.number),
        row: Row::of(app, &request),
        has_account: request.account.is_some(),
        answered: request.answered_at.map(|at| When::of(app, at)),
        lines: lines.collect(),
        staff: staff.into_iter().map(|one| (one.account.to_string(), one.name)).collect(),
        assigned: request.assigned_to.map(|id| id.to_string()).unwrap_or_default(),
        is_answered: request.state == RequestState::Answered,
        version: request.version,
        words: request.words,
        given,
        faults,
    }))
}

async fn show(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(id): Path<HelpRequestId>,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    let (title, text) = match asked.done.as_str() {
        "take" => ("The request is in your hands", ""),
        "assign" => ("The request is given on", ""),
        "note" => ("The note is kept", "Only the staff sees it."),
        "answer" => ("The answer is on its way", "It went out by e-mail."),
        "reopen" => ("The request is in hand again", ""),
        _ => ("", ""),
    };
    let chrome = if title.is_empty() { chrome } else { chrome.with_notice("success", title, text) };
    page(&app, &visitor, chrome, id, Act::default(), Faults::none()).await
}

async fn act(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(id): Path<HelpRequestId>,
    Form(given): Form<Act>,
) -> Result<Response> {
    let by = (&visitor.session.actor, visitor.session.name.as_str());
    let seen = (&visitor.scope, id, given.version);
    let done = match given.act.as_str() {
        "take" => help::take(&app, by, seen).await,
        "assign" => help::assign(&app, by, seen, &given.assigned).await,
        "note" => help::add_note(&app, by, seen, &given.note).await,
        "answer" => help::answer(&app, by, seen, &given.answer).await,
        "reopen" => help::reopen(&app, by, seen, &given.note).await,
        _ => Err(app::Error::NotFound),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/admin/requests/{id}?done={}", given.act)).into_response()),
        // somebody else was quicker: what was typed is still there, beside what they did
        Err(app::Error::Stale) => {
            let chrome = chrome.with_notice(
                "warning",
                "Somebody else changed this request meanwhile",
                "See below what was done. What you typed is still in the form; nothing was sent.",
            );
            let page = page(&app, &visitor, chrome, id, given, Faults::none()).await?;
            Ok((axum::http::StatusCode::CONFLICT, page).into_response())
        }
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, page(&app, &visitor, chrome, id, given, faults).await?).into_response())
        }
    }
}
