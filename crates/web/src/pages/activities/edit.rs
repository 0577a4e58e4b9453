//! The activity's form, for a new one and for one that is there. Title, format and dates save a
//! draft; what else is missing never keeps a save back.

use app::{App, activities};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::ActivityId;
use domain::access::ProviderScope;
use domain::activity::{Activity, Delivery, Fee, Format, Providership, Registration};
use domain::reference::{List, Reference};
use store::activities::Stored;

use super::activity_id;
use super::typed::Typed;
use crate::access::Editor;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/provider/activities/new", get(blank).post(create))
        .route("/provider/activities/{id}/edit", get(edit).post(save))
}

type Choices = Vec<(&'static str, &'static str)>;

#[derive(Template)]
#[template(path = "activities/edit.html")]
struct ActivityForm {
    chrome: Chrome,
    /// None for a new one.
    id: Option<ActivityId>,
    heading: String,
    version: i64,
    given: Typed,
    faults: Faults,
    formats: Choices,
    deliveries: Vec<(&'static str, &'static str, bool)>,
    states: Vec<(String, String)>,
    countries: Vec<(String, String)>,
    rems_programs: Vec<(String, String)>,
    providerships: Choices,
    fees: Choices,
    registrations: Choices,
    outcomes: Vec<(String, String, bool)>,
    sources: Vec<Source>,
}

/// One line for a source of commercial support.
struct Source {
    /// Counted from 1.
    number: usize,
    source_field: String,
    dollars_field: String,
    source: String,
    dollars: String,
}

macro_rules! choices {
    ($choice:ty) => {
        <$choice>::ALL.iter().map(|choice| (choice.code(), choice.label())).collect()
    };
}

/// What is in the list today; a value that is over stays with the activity that has it.
fn items(reference: &Reference, list: List, given: &str) -> Vec<(String, String)> {
    let over = reference.find(list, given).filter(|item| !item.in_force(reference.today()));
    let all = reference.items(list).chain(over);
    all.map(|item| (item.code.clone(), item.name.clone())).collect()
}

fn form(reference: &Reference, chrome: Chrome, stored: Option<&Stored>, given: Typed, faults: Faults) -> ActivityForm {
    let deliveries = Delivery::ALL.iter().map(|way| (way.code(), way.label(), given.has("deliveries", way.code())));
    let outcomes = reference.items(List::Outcomes).flat_map(|outcome| {
        ["objective", "subjective"].map(|way| {
            let choice = format!("{}_{way}", outcome.code);
            let ticked = given.has("outcomes", &choice);
            (choice, format!("{}, {way}", outcome.name), ticked)
        })
    });
    let sources = given.support().into_iter().enumerate().map(|(n, (source, dollars))| Source {
        number: n + 1,
        source_field: format!("support_source_{n}"),
        dollars_field: format!("support_dollars_{n}"),
        source,
        dollars,
    });
    ActivityForm {
        chrome,
        sources: sources.collect(),
        id: stored.map(|stored| stored.activity.id),
        heading: stored.map(|stored| stored.activity.title.clone()).unwrap_or_default(),
        version: stored.map_or(0, |stored| stored.version),
        faults,
        formats: choices!(Format),
        deliveries: deliveries.collect(),
        states: items(reference, List::States, given.get("state")),
        countries: items(reference, List::Countries, given.get("country")),
        rems_programs: items(reference, List::RemsPrograms, given.get("rems")),
        providerships: choices!(Providership),
        fees: choices!(Fee),
        registrations: choices!(Registration),
        outcomes: outcomes.collect(),
        given,
    }
}

async fn blank(State(app): State<App>, _: Editor, chrome: Chrome) -> Page<impl Template> {
    let given = Typed::new(vec![("country".into(), "USA".into())]);
    Page(form(&app.reference.get(), chrome, None, given, Faults::none()))
}

async fn create(
    State(app): State<App>,
    Editor { session, scope }: Editor,
    chrome: Chrome,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let given = Typed::new(pairs);
    let created = match given.read(activities::no_id(), scope.provider()) {
        Ok(activity) => activities::create(&app, &session.actor, activity).await,
        Err(faults) => Err(app::Error::Invalid(faults)),
    };
    match created {
        Ok(id) => Ok(Redirect::to(&format!("/provider/activities/{id}?done=created")).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, Page(form(&app.reference.get(), chrome, None, given, faults))).into_response())
        }
    }
}

/// What was typed, with the fields that this form does not show as they are on record.
fn with_unshown(typed: Activity, before: Activity) -> Activity {
    Activity {
        other_credits: before.other_credits,
        is_interprofessional: before.is_interprofessional,
        professions: before.professions,
        specialties: before.specialties,
        other_breakdown: before.other_breakdown,
        commendation_tags: before.commendation_tags,
        is_mips: before.is_mips,
        has_state_topics: before.has_state_topics,
        state_topics: before.state_topics,
        outlines: before.outlines,
        pharmacy: before.pharmacy,
        ..typed
    }
}

async fn find(app: &App, scope: &ProviderScope, id: ActivityId) -> Result<Stored> {
    let stored = store::activities::find(&mut app.store.read().await?, scope, id).await?;
    Ok(stored.ok_or(app::Error::NotFound)?)
}

async fn edit(
    State(app): State<App>,
    Editor { scope, .. }: Editor,
    chrome: Chrome,
    Path(id): Path<String>,
) -> Result<Response> {
    let stored = find(&app, &scope, activity_id(&id)?).await?;
    if stored.activity.is_closed {
        return Ok(Redirect::to(&format!("/provider/activities/{id}?done=is_closed")).into_response());
    }
    let given = Typed::of(&stored.activity);
    Ok(Page(form(&app.reference.get(), chrome, Some(&stored), given, Faults::none())).into_response())
}

async fn save(
    State(app): State<App>,
    Editor { session, scope }: Editor,
    chrome: Chrome,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let id = activity_id(&id)?;
    let given = Typed::new(pairs);
    let version = given.get("version").parse().unwrap_or_default();
    let saved = match given.read(id, scope.provider()) {
        Ok(activity) => {
            let before = find(&app, &scope, id).await?.activity;
            activities::save(&app, &session.actor, with_unshown(activity, before), version).await
        }
        Err(faults) => Err(app::Error::Invalid(faults)),
    };
    let error = match saved {
        Ok(()) => return Ok(Redirect::to(&format!("/provider/activities/{id}?done=saved")).into_response()),
        Err(error) => error,
    };
    let stored = find(&app, &scope, id).await?;
    if matches!(error, app::Error::Stale) {
        return Ok(overtaken(&app.reference.get(), chrome, &stored, given));
    }
    let faults = Faults::from_error(error)?;
    // the version stays what it was: faults do not make somebody else's change seen
    let form = ActivityForm { version, ..form(&app.reference.get(), chrome, Some(&stored), given, faults) };
    Ok((REFUSED, Page(form)).into_response())
}

/// Somebody else saved meanwhile: what was typed comes back on top of the new version, with the
/// names of the fields in which the two differ.
fn overtaken(reference: &Reference, chrome: Chrome, stored: &Stored, given: Typed) -> Response {
    let differences = given.differences(&Typed::of(&stored.activity)).join(", ");
    let text = if differences.is_empty() {
        "It now stands as you typed it.".to_owned()
    } else {
        format!(
            "What you typed is kept below and differs from the saved activity in: {differences}. Saving now puts yours in its place."
        )
    };
    let chrome = chrome.with_notice("warning", "Somebody else saved this activity meanwhile", text);
    (StatusCode::CONFLICT, Page(form(reference, chrome, Some(stored), given, Faults::none()))).into_response()
}
