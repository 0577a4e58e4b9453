//! Webhooks of a provider and of a certifying board: `/provider/api-clients/webhooks`,
//! `/certifying/webhooks`. The same pages for both, each below its own address.
//!
//! A new secret is on the answer to the form itself and nowhere else, so that form does not redirect.

use app::{App, webhooks};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::{DeliveryId, WebhookId};
use serde::Deserialize;
use store::events::EventKind;
use store::webhooks::{Delivery, Listener, State as Told, Webhook};

use crate::access::Listens;
use crate::{Chrome, Faults, Page, REFUSED, Result, When};

/// Deliveries shown of one webhook.
const SHOWN: i64 = 100;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/provider/api-clients/webhooks", get(list).post(create))
        .route("/provider/api-clients/webhooks/{webhook}", get(show))
        .route("/provider/api-clients/webhooks/{webhook}/replay", post(replay))
        .route("/provider/api-clients/webhooks/{webhook}/remove", post(remove))
        .route("/certifying/webhooks", get(list).post(create))
        .route("/certifying/webhooks/{webhook}", get(show))
        .route("/certifying/webhooks/{webhook}/replay", post(replay))
        .route("/certifying/webhooks/{webhook}/remove", post(remove))
}

#[derive(Template)]
#[template(path = "webhooks/list.html")]
struct List {
    chrome: Chrome,
    base: &'static str,
    is_provider: bool,
    rows: Vec<Row>,
    /// Word, what people call it, whether it is chosen.
    kinds: Vec<(&'static str, String, bool)>,
    url: String,
    faults: Faults,
    /// The secret just made; empty otherwise.
    secret: String,
}

struct Row {
    id: WebhookId,
    url: String,
    tells: String,
    added: When,
    waiting: i64,
    given_up: i64,
}

/// What people call an event.
fn label(kind: EventKind) -> &'static str {
    match kind {
        EventKind::CreditReported => "Credit reported to a board",
        EventKind::CreditWithdrawn => "Credit withdrawn",
        EventKind::CreditDecided => "A board accepted or rejected credit",
        EventKind::CreditMoved => "Credit moved to the right physician’s record",
        EventKind::CreditSetAside => "Credit set aside: the physician has it twice",
        EventKind::CreditRestored => "Credit that was set aside counts again",
        EventKind::UploadFinished => "An upload is finished",
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
    count: String,
}

async fn list(
    State(app): State<App>,
    Listens { listener, base, .. }: Listens,
    chrome: Chrome,
    Query(Done { done, .. }): Query<Done>,
) -> Result<Page<impl Template>> {
    let chrome = match done.as_str() {
        "removed" => chrome.with_notice("success", "The webhook is removed", "Nothing more is sent to it."),
        _ => chrome,
    };
    Ok(Page(page(&app, listener, base, chrome, &Given::default(), Faults::none(), String::new()).await?))
}

/// What the form says.
#[derive(Default)]
struct Given {
    url: String,
    kinds: Vec<EventKind>,
}

async fn page(
    app: &App,
    listener: Listener,
    base: &'static str,
    chrome: Chrome,
    given: &Given,
    faults: Faults,
    secret: String,
) -> Result<List> {
    let mut tx = app.store.read().await?;
    let webhooks = store::webhooks::list(&mut tx, listener).await?;
    let is_provider = matches!(listener, Listener::Provider(_));
    let kinds = EventKind::ALL.iter().filter(|kind| is_provider || **kind != EventKind::UploadFinished);
    Ok(List {
        chrome,
        base,
        is_provider,
        rows: webhooks.into_iter().map(|webhook| row(app, webhook)).collect(),
        kinds: kinds
            .map(|kind| (kind.code(), format!("{} ({})", label(*kind), kind.code()), given.kinds.contains(kind)))
            .collect(),
        url: given.url.clone(),
        faults,
        secret,
    })
}

fn row(app: &App, webhook: Webhook) -> Row {
    let tells = match webhook.kinds.as_slice() {
        [] => "All events".to_owned(),
        kinds => kinds.iter().map(|kind| kind.code()).collect::<Vec<_>>().join(", "),
    };
    Row {
        id: webhook.id,
        url: webhook.url,
        tells,
        added: When::of(app, webhook.created_at),
        waiting: webhook.waiting,
        given_up: webhook.given_up,
    }
}

async fn create(
    State(app): State<App>,
    Listens { session, listener, base }: Listens,
    chrome: Chrome,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let mut given = Given::default();
    for (field, value) in fields {
        match field.as_str() {
            "url" => given.url = value,
            "event" => given.kinds.extend(EventKind::read(&value)),
            _ => {}
        }
    }
    match webhooks::create(&app, &session.actor, &given.url, given.kinds.clone()).await {
        Ok((_, secret)) => {
            let (empty, secret) = (Given::default(), secret.expose().to_owned());
            Ok(Page(page(&app, listener, base, chrome, &empty, Faults::none(), secret).await?).into_response())
        }
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let page = page(&app, listener, base, chrome, &given, faults, String::new()).await?;
            Ok((REFUSED, Page(page)).into_response())
        }
    }
}

#[derive(Template)]
#[template(path = "webhooks/show.html")]
struct Show {
    chrome: Chrome,
    base: &'static str,
    row: Row,
    log: Vec<Line>,
}

struct Line {
    id: DeliveryId,
    event: String,
    body: String,
    status_kind: &'static str,
    status_word: &'static str,
    tries: i64,
    happened: When,
    tried: Option<When>,
    /// When it is tried again, of one that waits.
    again: Option<When>,
    failure: String,
    may_replay: bool,
}

async fn show(
    State(app): State<App>,
    Listens { listener, base, .. }: Listens,
    chrome: Chrome,
    Path(id): Path<WebhookId>,
    Query(Done { done, count }): Query<Done>,
) -> Result<Page<impl Template>> {
    let again = match count.parse().unwrap_or(0) {
        0 => "Nothing to send again".to_owned(),
        1 => "1 message is sent again".to_owned(),
        many => format!("{many} messages are sent again"),
    };
    let chrome = match done.as_str() {
        "replayed" => chrome.with_notice("success", again, String::new()),
        _ => chrome,
    };
    let mut tx = app.store.read().await?;
    let webhooks = store::webhooks::list(&mut tx, listener).await?;
    let webhook = webhooks.into_iter().find(|webhook| webhook.id == id).ok_or(app::Error::NotFound)?;
    let log = store::webhooks::log(&mut tx, listener, id, SHOWN).await?;
    let log = log.into_iter().map(|delivery| line(&app, delivery)).collect();
    Ok(Page(Show { chrome, base, row: row(&app, webhook), log }))
}

fn line(app: &App, delivery: Delivery) -> Line {
    let (status_kind, status_word) = match delivery.state {
        Told::Waiting => ("waiting", "Waiting"),
        Told::Delivered => ("good", "Delivered"),
        Told::GivenUp => ("bad", "Given up"),
    };
    Line {
        id: delivery.id,
        event: delivery.event,
        body: delivery.body,
        status_kind,
        status_word,
        tries: delivery.tries,
        happened: When::of(app, delivery.created_at),
        tried: delivery.tried_at.map(|at| When::of(app, at)),
        again: (delivery.state == Told::Waiting && delivery.tries > 0).then(|| When::of(app, delivery.due_at)),
        failure: delivery.failure,
        may_replay: delivery.state != Told::Waiting,
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Replay {
    /// One of them; without it all that were given up.
    delivery: Option<DeliveryId>,
}

async fn replay(
    State(app): State<App>,
    Listens { session, base, .. }: Listens,
    Path(id): Path<WebhookId>,
    Form(Replay { delivery }): Form<Replay>,
) -> Result<Redirect> {
    let count = webhooks::replay(&app, &session.actor, id, delivery).await?;
    Ok(Redirect::to(&format!("{base}/{id}?done=replayed&count={count}")))
}

async fn remove(
    State(app): State<App>,
    Listens { session, base, .. }: Listens,
    Path(id): Path<WebhookId>,
) -> Result<Redirect> {
    webhooks::remove(&app, &session.actor, id).await?;
    Ok(Redirect::to(&format!("{base}?done=removed")))
}
