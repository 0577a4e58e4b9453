//! `/contact`: anybody asks the accreditor's staff; who is signed in finds requests and answers here again.

use app::App;
use app::help::{self, TypedRequest};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::HelpRequestId;
use domain::access::Who;
use domain::help::{RequestState, RequestStep, Topic};
use serde::Deserialize;
use store::help::Request;

use crate::access::{MaybeSignedIn, Session, SignedIn};
use crate::network::NetworkAddress;
use crate::{Chrome, Faults, Page, REFUSED, Result, When};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/contact", get(form).post(send))
        .route("/contact/sent", get(sent))
        .route("/contact/requests", get(list))
        .route("/contact/requests/{id}", get(show))
}

#[derive(Template)]
#[template(path = "contact/form.html")]
struct ContactForm {
    chrome: Chrome,
    typed: TypedRequest,
    faults: Faults,
    topics: Vec<(&'static str, &'static str)>,
    is_signed_in: bool,
}

pub(super) fn topics() -> Vec<(&'static str, &'static str)> {
    Topic::ALL.iter().map(|topic| (topic.code(), topic.label())).collect()
}

/// Who is signed in is answered at their own address: nobody asks in another's name.
fn of_session(typed: TypedRequest, session: Option<&Session>) -> TypedRequest {
    match session {
        Some(session) => TypedRequest { name: session.name.clone(), email: session.email.clone(), ..typed },
        None => typed,
    }
}

async fn form(
    MaybeSignedIn(session): MaybeSignedIn,
    chrome: Chrome,
    Query(typed): Query<TypedRequest>,
) -> Page<impl Template> {
    // a link may choose the topic; nothing else is taken from an address
    let typed = TypedRequest { topic: typed.topic, ..TypedRequest::default() };
    let is_signed_in = session.is_some();
    let typed = of_session(typed, session.as_ref());
    Page(ContactForm { chrome, typed, faults: Faults::none(), topics: topics(), is_signed_in })
}

async fn send(
    State(app): State<App>,
    MaybeSignedIn(session): MaybeSignedIn,
    NetworkAddress(address): NetworkAddress,
    chrome: Chrome,
    Form(typed): Form<TypedRequest>,
) -> Result<Response> {
    let typed = of_session(typed, session.as_ref());
    let by = (session.as_ref().map(|session| &session.actor), address.as_str());
    match help::send(&app, by, &typed).await {
        Ok(sent) => Ok(Redirect::to(&format!("/contact/sent?number={}", sent.number)).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let page = ContactForm { chrome, typed, faults, topics: topics(), is_signed_in: session.is_some() };
            Ok((REFUSED, Page(page)).into_response())
        }
    }
}

#[derive(Template)]
#[template(path = "contact/sent.html")]
struct SentPage {
    chrome: Chrome,
    number: String,
    is_signed_in: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SentPlace {
    number: String,
}

async fn sent(
    MaybeSignedIn(session): MaybeSignedIn,
    chrome: Chrome,
    Query(place): Query<SentPlace>,
) -> Page<impl Template> {
    let number = match place.number.parse::<u32>() {
        Ok(number) => format!("It has the number {number}"),
        Err(_) => "It has a number".to_owned(),
    };
    Page(SentPage { chrome, number, is_signed_in: session.is_some() })
}

/// A request as a line of a list.
struct Row {
    id: String,
    number: i64,
    topic: &'static str,
    start: String,
    opened: When,
    shape: &'static str,
    status: &'static str,
}

/// How a request stands: shape and word.
pub(super) fn status(state: RequestState) -> (&'static str, &'static str) {
    match state {
        RequestState::New => ("waiting", "New"),
        RequestState::InHand => ("running", "In hand"),
        RequestState::Answered => ("good", "Answered"),
    }
}

/// How a text begins, on one line.
pub(super) fn start(words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(90) {
        Some((cut, _)) => format!("{}…", line.get(..cut).unwrap_or_default()),
        None => line,
    }
}

impl Row {
    fn of(app: &App, request: &Request) -> Self {
        let (shape, status) = status(request.state);
        Self {
            id: request.id.to_string(),
            number: request.number,
            topic: request.topic.label(),
            start: start(&request.words),
            opened: When::of(app, request.opened_at),
            shape,
            status,
        }
    }
}

#[derive(Template)]
#[template(path = "contact/list.html")]
struct List {
    chrome: Chrome,
    rows: Vec<Row>,
}

async fn list(State(app): State<App>, SignedIn(session): SignedIn, chrome: Chrome) -> Result<Page<impl Template>> {
    let Who::Account(account) = session.actor.who else { return Err(app::Error::NotFound.into()) };
    let requests = store::help::list_own_requests(&mut app.store.read().await?, account).await?;
    Ok(Page(List { chrome, rows: requests.iter().map(|request| Row::of(&app, request)).collect() }))
}

#[derive(Template)]
#[template(path = "contact/request.html")]
struct Show {
    chrome: Chrome,
    title: String,
    row: Row,
    lines: Vec<Line>,
}

struct Line {
    when: When,
    what: &'static str,
    who: String,
    words: String,
}

async fn show(
    State(app): State<App>,
    SignedIn(session): SignedIn,
    chrome: Chrome,
    Path(id): Path<HelpRequestId>,
) -> Result<Page<impl Template>> {
    let (request, lines) = help::of_account(&app, &session.actor, id).await?;
    let lines = lines.into_iter().map(|line| Line {
        when: When::of(&app, line.at),
        what: if line.step == RequestStep::Sent { "You asked" } else { "We answered" },
        who: if line.step == RequestStep::Sent { String::new() } else { line.author },
        words: line.words,
    });
    let row = Row::of(&app, &request);
    Ok(Page(Show { chrome, title: format!("Request {}", request.number), row, lines: lines.collect() }))
}
