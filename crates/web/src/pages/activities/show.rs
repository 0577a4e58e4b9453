//! One activity: where it stands, what is missing for the next status, its registrations.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use domain::access::{ProviderRole, ProviderScope};
use domain::activity::{Activity, Missing, MocRegistration, Rule, Status};
use domain::reference::{List, Reference};
use domain::{ActivityId, Board};
use jiff::civil::Date;
use serde::Deserialize;

use super::{Day, activity_id, edit_at, status_words};
use crate::access::Viewer;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/activities/{id}", get(show))
}

#[derive(Template)]
#[template(path = "activities/show.html")]
pub(super) struct ActivityPage {
    chrome: Chrome,
    id: ActivityId,
    activity: Activity,
    status: (&'static str, &'static str),
    version: i64,
    starts: Day,
    ends: Day,
    place: String,
    delivery: String,
    credit: String,
    support: Vec<String>,
    outcomes: Vec<String>,
    saved: When,
    closed: Option<When>,
    completions: i64,
    completions_shown: String,
    /// What the next status is called in a sentence, and what it still needs.
    next: &'static str,
    missing: Vec<ToDo>,
    registrations: Vec<Registered>,
    boards_left: Vec<(String, String)>,
    can_close: bool,
    is_draft: bool,
    may_edit: bool,
    may_report: bool,
}

struct ToDo {
    href: String,
    words: String,
}

struct Registered {
    board: Board,
    heading: String,
    points: String,
    credit_types: String,
    practice_areas: String,
    claim_until: Option<Day>,
    attested: bool,
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
    Path(id): Path<String>,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    let chrome = match done.as_str() {
        "created" => chrome.with_notice("success", "The activity is saved", "What is still missing is listed here."),
        "saved" => chrome.with_notice("success", "The activity is saved", ""),
        "copied" => {
            let text = "Give it its own title, dates and credit. The activity it was copied from is unchanged.";
            chrome.with_notice("success", "This is the copy", text)
        }
        "closed" => {
            chrome.with_notice("success", "The activity is closed", "It can be reopened until its year is locked.")
        }
        "reopened" => chrome.with_notice("success", "The activity is open again", ""),
        "is_closed" => chrome.with_notice("info", "A closed activity is not edited", "Reopen it first."),
        "registered" => chrome.with_notice("success", "The registration is saved", ""),
        "unregistered" => chrome.with_notice("success", "The registration is taken back", ""),
        _ => chrome,
    };
    Ok(Page(page(&app, &scope, chrome, activity_id(&id)?).await?))
}

/// The page of an activity, also for what was refused on it.
pub(super) async fn page(app: &App, scope: &ProviderScope, chrome: Chrome, id: ActivityId) -> Result<ActivityPage> {
    let (today, reference) = (app.clock.today(), app.reference.get());
    let mut tx = app.store.read().await?;
    let stored = store::activities::find(&mut tx, scope, id).await?.ok_or(app::Error::NotFound)?;
    let completions = store::activities::completions(&mut tx, scope, id).await?;
    let activity = stored.activity;
    let status = activity.status(today);
    let (next, missing) = missing_for_next(&activity, today, &reference);
    Ok(ActivityPage {
        chrome,
        id,
        status: status_words(status),
        version: stored.version,
        starts: Day::of(activity.starts_on),
        ends: Day::of(activity.ends_on),
        place: place(&activity, &reference),
        delivery: activity.deliveries.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        credit: activity.credit.map(|credit| credit.fixed()).unwrap_or_default(),
        support: activity.support.iter().map(support).collect(),
        outcomes: activity.outcomes.iter().map(|measured| outcome(measured, &reference)).collect(),
        saved: When::of(app, stored.updated_at),
        closed: stored.closed_at.map(|at| When::of(app, at)),
        completions,
        completions_shown: grouped(completions),
        next,
        can_close: status == Status::ReadyToClose && missing.is_empty(),
        missing: missing.into_iter().map(|missing| ToDo { href: href(id, &missing), words: missing.words() }).collect(),
        registrations: activity.moc.iter().map(|moc| registered(moc, &reference)).collect(),
        boards_left: boards_left(&activity, &reference),
        is_draft: status == Status::Draft,
        may_edit: scope.may(ProviderRole::Editor),
        may_report: scope.may(ProviderRole::LearnerData),
        activity,
    })
}

fn missing_for_next(activity: &Activity, today: Date, reference: &Reference) -> (&'static str, Vec<Missing>) {
    match activity.next(today, reference) {
        Some((Status::Active, missing)) => ("before learners can be reported", missing),
        Some((_, mut missing)) => {
            // that it has not ended is nothing to fill in
            missing.retain(|missing| missing.rule != Rule::NotEnded);
            ("before it can be closed", missing)
        }
        None => ("", Vec::new()),
    }
}

/// The form with the field in view: the activity's, or that of a registration.
fn href(id: ActivityId, missing: &Missing) -> String {
    match missing.board {
        Some(board) => format!("/provider/activities/{id}/moc/{board}#{}", missing.field),
        None => edit_at(id, missing.field),
    }
}

fn place(activity: &Activity, reference: &Reference) -> String {
    let state = reference.name_of(List::States, activity.state.trim());
    let country = reference.name_of(List::Countries, activity.country.trim());
    let parts = [activity.city.trim(), &state, &country];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn support(support: &domain::activity::Support) -> String {
    match support.dollars {
        Some(dollars) => format!("{}, ${}", support.source, grouped(dollars)),
        None => format!("{}, in kind", support.source),
    }
}

fn outcome(measured: &domain::activity::MeasuredOutcome, reference: &Reference) -> String {
    let ways = match (measured.objective, measured.subjective) {
        (true, true) => "objective and subjective",
        (true, false) => "objective",
        _ => "subjective",
    };
    format!("{}, {ways}", reference.name_of(List::Outcomes, &measured.outcome))
}

fn registered(moc: &MocRegistration, reference: &Reference) -> Registered {
    let board = reference.board(moc.board);
    Registered {
        board: moc.board,
        heading: board.map_or_else(|| moc.board.to_string(), |board| format!("{} ({})", board.name, board.label)),
        points: moc.points.fixed(),
        credit_types: moc.credit_types.join(", "),
        practice_areas: moc.practice_areas.join(", "),
        claim_until: moc.claim_until.map(Day::of),
        attested: moc.is_attested(),
    }
}

/// Boards that the activity could still be registered with.
fn boards_left(activity: &Activity, reference: &Reference) -> Vec<(String, String)> {
    let is_left = |board: &&domain::reference::BoardRules| activity.registration(board.code).is_none();
    let choice =
        |board: &domain::reference::BoardRules| (board.code.to_string(), format!("{}, {}", board.label, board.name));
    reference.boards().filter(is_left).map(choice).collect()
}
