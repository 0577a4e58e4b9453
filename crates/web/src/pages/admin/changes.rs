//! `/admin/changes`: merges and splits. One person proposes, another confirms or refuses; what is done can
//! be undone, with a reason.

use app::identity::{self, Change, KeptAccount, Kind, Preview, Stage};
use app::{App, physicians};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::access::Who;
use domain::{IdentityChangeId, PhysicianId};
use serde::Deserialize;
use store::identity_changes;

use super::physician::stage;
use super::preview::{PreviewView, Record};
use crate::access::StaffVisitor;
use crate::pages::uploads::grouped;
use crate::{Chrome, Faults, Page, REFUSED, Result, When};

const PAGE: i64 = 25;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/changes", get(list))
        .route("/admin/changes/{change}", get(show))
        .route("/admin/changes/{change}/confirm", post(confirm))
        .route("/admin/changes/{change}/decline", post(decline))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Place {
    stage: String,
    page: String,
    done: String,
}

#[derive(Template)]
#[template(path = "admin/changes.html")]
struct Changes {
    chrome: Chrome,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    is_waiting: bool,
    pager: String,
    place: u64,
    pages: u64,
}

struct Tab {
    href: String,
    label: &'static str,
    count: String,
    is_current: bool,
}

struct Row {
    id: String,
    what: &'static str,
    from: String,
    into: String,
    reason: String,
    by: String,
    at: When,
    kind: &'static str,
    stage: &'static str,
    is_own: bool,
}

async fn list(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Query(place): Query<Place>,
) -> Result<Page<impl Template>> {
    let chosen = Stage::read(&place.stage).unwrap_or(Stage::Proposed);
    let mut tx = app.store.read().await?;
    let (mut tabs, mut total) = (Vec::new(), 0);
    for (each, label) in [
        (Stage::Proposed, "Waiting"),
        (Stage::Confirmed, "Done"),
        (Stage::Undone, "Undone"),
        (Stage::Declined, "Refused"),
    ] {
        let count = identity_changes::count(&mut tx, &visitor.scope, Some(each)).await?;
        if each == chosen {
            total = count;
        }
        let href = format!("/admin/changes?stage={}", each.code());
        tabs.push(Tab { href, label, count: grouped(count), is_current: each == chosen });
    }
    let pages = (total + PAGE - 1) / PAGE;
    let page = place.page.parse().unwrap_or(1_i64).clamp(1, pages.max(1));
    let found = identity_changes::list(&mut tx, &visitor.scope, Some(chosen), PAGE, (page - 1) * PAGE).await?;
    drop(tx);
    let ids: Vec<PhysicianId> =
        found.iter().flat_map(|change| std::iter::once(change.from).chain(change.into)).collect();
    let named = physicians::name(&app, &visitor.session.actor, &visitor.scope, &ids, "merges and splits").await?;
    let name = |id: Option<PhysicianId>| match id {
        Some(id) => named.get(&id).map(|physician| physician.full_name()).unwrap_or_default(),
        None => "A new record".to_owned(),
    };
    let rows = found.into_iter().map(|change| {
        let (kind, stage) = stage(change.stage);
        Row {
            what: what(change.kind),
            from: name(Some(change.from)),
            into: name(change.into),
            is_own: is_own(&visitor, &change),
            id: change.id.to_string(),
            reason: change.reason,
            by: change.proposed.name,
            at: When::of(&app, change.proposed.at),
            kind,
            stage,
        }
    });
    Ok(Page(Changes {
        chrome,
        tabs,
        rows: rows.collect(),
        is_waiting: chosen == Stage::Proposed,
        pager: format!("/admin/changes?stage={}&page=", chosen.code()),
        place: u64::try_from(page).unwrap_or(1),
        pages: u64::try_from(pages).unwrap_or_default(),
    }))
}

fn what(kind: Kind) -> &'static str {
    match kind {
        Kind::Merge => "Merge",
        Kind::Split => "Split",
    }
}

fn is_own(visitor: &StaffVisitor, change: &Change) -> bool {
    visitor.session.actor.who == Who::Account(change.proposed.by)
}

pub(super) fn id(change: &str) -> Result<IdentityChangeId> {
    Ok(change.parse().map_err(|_| app::Error::NotFound)?)
}

/// What the forms of a change say.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct Given {
    seen: String,
    /// Which account stays: `from` or `into`.
    keep: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "admin/change.html")]
pub(super) struct ChangePage {
    chrome: Chrome,
    id: String,
    is_merge: bool,
    title: String,
    reason: String,
    kind: &'static str,
    stage: &'static str,
    is_waiting: bool,
    is_confirmed: bool,
    /// The visitor proposed it, so somebody else must confirm.
    is_own: bool,
    history: Vec<Step>,
    stayed: Vec<String>,
    from: Record,
    into: Option<Record>,
    preview: Option<PreviewView>,
    /// How many licenses, certifications and completions moved, once they did.
    moved: Vec<(&'static str, String)>,
    given: Given,
    faults: Faults,
}

/// Somebody did something to the change.
struct Step {
    what: &'static str,
    by: String,
    at: When,
    reason: String,
}

async fn show(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(change): Path<String>,
    Query(place): Query<Place>,
) -> Result<Page<impl Template>> {
    let chrome = match place.done.as_str() {
        "proposed" => chrome.with_notice(
            "success",
            "Proposed",
            "Somebody else of the staff must confirm it. Nothing has moved yet.",
        ),
        "confirmed" => chrome.with_notice("success", "Done", "Everything below has moved."),
        "declined" => chrome.with_notice("success", "The proposal is taken back", "Nothing has moved."),
        "undone" => chrome.with_notice("success", "Undone", "What had moved was put back."),
        "stale" => {
            chrome.with_notice("warning", "Something changed since you looked", "Look at it again before you confirm.")
        }
        _ => chrome,
    };
    page(&app, &visitor, chrome, id(&change)?, Given::default(), Faults::none()).await
}

async fn confirm(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(change): Path<String>,
    Form(given): Form<Given>,
) -> Result<Response> {
    let id = id(&change)?;
    let keep = match given.keep.as_str() {
        "from" => Some(KeptAccount::From),
        "into" => Some(KeptAccount::Into),
        _ => None,
    };
    match identity::confirm(&app, &visitor.session.actor, id, &given.seen, keep).await {
        Ok(_) => Ok(Redirect::to(&format!("/admin/changes/{id}?done=confirmed")).into_response()),
        Err(error) => answer(&app, &visitor, chrome, id, given, error).await,
    }
}

async fn decline(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(change): Path<String>,
    Form(given): Form<Given>,
) -> Result<Response> {
    let id = id(&change)?;
    match identity::decline(&app, &visitor.session.actor, id, &given.reason).await {
        Ok(()) => Ok(Redirect::to(&format!("/admin/changes/{id}?done=declined")).into_response()),
        Err(error) => answer(&app, &visitor, chrome, id, given, error).await,
    }
}

/// Back to the page: with faults, or because somebody else was quicker.
async fn answer(
    app: &App,
    visitor: &StaffVisitor,
    chrome: Chrome,
    id: IdentityChangeId,
    given: Given,
    error: app::Error,
) -> Result<Response> {
    if matches!(error, app::Error::Stale) {
        return Ok(Redirect::to(&format!("/admin/changes/{id}?done=stale")).into_response());
    }
    let faults = Faults::from_error(error)?;
    Ok((REFUSED, page(app, visitor, chrome, id, given, faults).await?).into_response())
}

pub(super) async fn page(
    app: &App,
    visitor: &StaffVisitor,
    chrome: Chrome,
    id: IdentityChangeId,
    given: Given,
    faults: Faults,
) -> Result<Page<ChangePage>> {
    let actor = &visitor.session.actor;
    let (change, preview) = identity::of_change(app, actor, id).await?;
    let (from, into) = records(app, visitor, &change, preview.as_ref()).await?;
    let (kind, stage) = stage(change.stage);
    let count = |count: usize| grouped(i64::try_from(count).unwrap_or(i64::MAX));
    let moved = change.moved.as_ref().map(|moved| {
        vec![
            ("Licenses", count(moved.licenses.len())),
            ("Certifications", count(moved.certifications.len())),
            ("Completions", count(moved.completions.len())),
            ("Held by both already", count(moved.double_licenses.len() + moved.double_certifications.len())),
            ("Completions set aside", count(moved.set_aside.len())),
        ]
    });
    Ok(Page(ChangePage {
        chrome,
        id: id.to_string(),
        is_merge: change.kind == Kind::Merge,
        title: format!("{} of {}", what(change.kind), from.name),
        kind,
        stage,
        is_waiting: change.stage == Stage::Proposed,
        is_confirmed: change.stage == Stage::Confirmed,
        is_own: is_own(visitor, &change),
        history: history(app, &change),
        reason: change.reason,
        stayed: change.stayed,
        from,
        into,
        preview: preview.map(PreviewView::of),
        moved: moved.unwrap_or_default(),
        given,
        faults,
    }))
}

/// Both records as the page names them: from the preview, which was noted as a look, or read for it.
async fn records(
    app: &App,
    visitor: &StaffVisitor,
    change: &Change,
    preview: Option<&Preview>,
) -> Result<(Record, Option<Record>)> {
    if let Some(preview) = preview {
        return Ok((Record::of(&preview.from), preview.into.as_ref().map(Record::of)));
    }
    let ids: Vec<PhysicianId> = std::iter::once(change.from).chain(change.into).collect();
    let named = physicians::name(app, &visitor.session.actor, &visitor.scope, &ids, "merges and splits").await?;
    let from = named.get(&change.from).map(Record::of).ok_or(app::Error::NotFound)?;
    Ok((from, change.into.and_then(|into| named.get(&into)).map(Record::of)))
}

/// The newest first.
fn history(app: &App, change: &Change) -> Vec<Step> {
    let step = |what, act: &identity::Act, reason: &str| Step {
        what,
        by: act.name.clone(),
        at: When::of(app, act.at),
        reason: reason.to_owned(),
    };
    let taken_back = if change.stage == Stage::Declined { "Refused" } else { "Undone" };
    let mut steps = Vec::new();
    steps.extend(change.undone.as_ref().map(|act| step(taken_back, act, &change.undo_reason)));
    steps.extend(change.confirmed.as_ref().map(|act| step("Confirmed", act, "")));
    steps.push(step("Proposed", &change.proposed, &change.reason));
    steps
}
