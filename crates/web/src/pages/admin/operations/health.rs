//! `/admin/health`: how everything is, with what to do about what is not well; and read-only mode, on and off.

use app::health::{self, Check, State as Health, Stored};
use app::read_only::{self, By};
use app::{App, Error};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use crate::access::StaffVisitor;
use crate::{Chrome, Faults, Page, REFUSED, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/health", get(show)).route("/admin/health/read-only", post(switch))
}

#[derive(Template)]
#[template(path = "admin/operations/health.html")]
struct HealthPage {
    chrome: Chrome,
    sections: Vec<Section>,
    /// How many checks ask for somebody.
    bad: usize,
    processes: Vec<ProcessRow>,
    read_only: Option<ReadOnlyRow>,
    reason: String,
    faults: Faults,
}

struct Section {
    id: &'static str,
    title: &'static str,
    rows: Vec<CheckRow>,
}

struct CheckRow {
    what: &'static str,
    kind: &'static str,
    word: &'static str,
    found: String,
    advice: String,
}

struct ProcessRow {
    kind: &'static str,
    host: String,
    version: String,
    started: When,
    seen: When,
    is_alive: bool,
}

struct ReadOnlyRow {
    reason: String,
    since: When,
    /// Then it ends from the machine only.
    is_restored: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
}

async fn show(
    State(app): State<App>,
    _visitor: StaffVisitor,
    chrome: Chrome,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    let chrome = match done.as_str() {
        "on" => chrome.with_notice("success", "Nothing can be changed now", "Every server knows within a second."),
        "off" => {
            chrome.with_notice("success", "Changes are allowed again", "Background work goes on where it stopped.")
        }
        "stale" => chrome.with_notice("info", "Somebody was quicker", "Look below how it stands."),
        _ => chrome,
    };
    page(&app, chrome, String::new(), Faults::none()).await
}

async fn page(app: &App, chrome: Chrome, reason: String, faults: Faults) -> Result<Page<HealthPage>> {
    app.registry.refresh(&app.store).await?;
    let now = app.clock.now();
    let stored = Stored::measure(&app.store, &app.config, now).await?;
    let section = |id, title, checks: Vec<Check>| Section { id, title, rows: checks.into_iter().map(row).collect() };
    let mut beside = health::of_settings(&app.config);
    beside.extend(health::of_files(&app.config.data));
    let sections = vec![
        section("system", "The system", health::of_stored(&stored, &app.config, &app.clock)),
        section("process", "This server", health::of_memory(app, &stored)),
        section("settings", "Settings and keys", beside),
    ];
    let bad = sections.iter().flat_map(|section| &section.rows).filter(|row| row.kind == "bad").count();
    let alive: Vec<_> = stored.alive(now).map(|process| process.process_id).collect();
    let processes = stored.processes.iter().map(|process| ProcessRow {
        kind: if process.kind == "server" { "Server" } else { "Worker" },
        host: process.host.clone(),
        version: process.version.clone(),
        started: When::of(app, process.started_at),
        seen: When::of(app, process.seen_at),
        is_alive: alive.contains(&process.process_id),
    });
    let read_only = stored.read_only.as_ref().map(|found| ReadOnlyRow {
        reason: found.reason.clone(),
        since: When::of(app, found.since),
        is_restored: found.restored.is_some(),
    });
    let processes = processes.collect();
    Ok(Page(HealthPage { chrome, sections, bad, processes, read_only, reason, faults }))
}

fn row(check: Check) -> CheckRow {
    let (kind, word) = match check.state {
        Health::Good => ("good", "Well"),
        Health::Watch => ("caution", "Watch"),
        Health::Bad => ("bad", "Needs you"),
    };
    CheckRow { what: check.what, kind, word, found: check.found, advice: check.advice }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Wanted {
    /// `on` or `off`.
    to: String,
    reason: String,
}

async fn switch(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Form(wanted): Form<Wanted>,
) -> Result<Response> {
    let by = By::person(&app, &visitor.session.actor);
    let done = match wanted.to.as_str() {
        "on" => read_only::turn_on(&by, &wanted.reason).await.map(|()| "on"),
        "off" => read_only::turn_off(&by).await.map(|()| "off"),
        _ => Err(Error::NotFound),
    };
    app.read_only.forget();
    match done {
        Ok(done) => Ok(Redirect::to(&format!("/admin/health?done={done}")).into_response()),
        Err(Error::NotFound) if wanted.to == "off" => Ok(Redirect::to("/admin/health?done=stale").into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, page(&app, chrome, wanted.reason, faults).await?).into_response())
        }
    }
}
