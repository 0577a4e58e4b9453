//! The form's four ways: a new activity, a beginning that is kept, an activity on record, and the
//! answer when somebody else saved it meanwhile. Nothing that was typed is ever lost: what cannot be
//! saved as an activity is kept as a beginning, or comes back in the form.

use app::{App, activities};
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::access::ProviderScope;
use domain::{ActivityId, Board, SketchId};
use serde::Deserialize;
use store::activities::Stored;

use super::activity_id;
use super::form::{About, form};
use super::typed::Typed;
use crate::access::{Editor, Session};
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/provider/activities/new", get(blank).post(create))
        .route("/provider/activities/{id}/edit", get(edit).post(save))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    sketch: String,
    done: String,
    /// The activity that was saved before this one.
    last: String,
}

/// The fields of a beginning of this person; none if it is not theirs or was dropped.
async fn sketched(app: &App, session: &Session, id: &str) -> Result<Option<(SketchId, Typed)>> {
    let Ok(id) = id.parse::<SketchId>() else { return Ok(None) };
    let held = activities::sketches::list(app, &session.actor).await?;
    Ok(held.into_iter().find(|sketch| sketch.id == id).map(|sketch| (id, Typed::new(sketch.fields))))
}

async fn blank(
    State(app): State<App>,
    Editor { session, .. }: Editor,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let Some((id, given)) = sketched(&app, &session, &asked.sketch).await? else {
        if !asked.sketch.is_empty() {
            return Ok(Redirect::to("/provider/activities/new").into_response());
        }
        let chrome = match activity_id(&asked.last) {
            Ok(last) => {
                let text = format!("It is {last} in the list. Here is room for the next one.");
                chrome.with_notice("success", "The activity is saved", text)
            }
            Err(_) => chrome,
        };
        let given = Typed::new(vec![("country".into(), "USA".into())]);
        return Ok(Page(form(&app, chrome, About::New(None), given, Faults::none())).into_response());
    };
    let chrome = match asked.done.as_str() {
        "kept" => {
            let text = "It becomes a draft as soon as it has a title, a format and both dates.";
            chrome.with_notice("success", "What you typed is kept", text)
        }
        _ => chrome,
    };
    Ok(Page(form(&app, chrome, About::New(Some(id)), given, Faults::none())).into_response())
}

/// Keeps what was typed of a new activity, under the ID it is kept under already if it is this
/// person's. None if there is nothing to keep.
pub(super) async fn keep(app: &App, session: &Session, given: &Typed) -> Result<Option<SketchId>> {
    if !given.is_begun() {
        return Ok(None);
    }
    let known = given.get("sketch").parse::<SketchId>().ok();
    let fields = given.fields();
    match activities::sketches::keep(app, &session.actor, known, &fields).await {
        Err(app::Error::NotFound) if known.is_some() => {
            Ok(Some(activities::sketches::keep(app, &session.actor, None, &fields).await?))
        }
        kept => Ok(Some(kept?)),
    }
}

/// Makes the activity and drops the beginning.
pub(super) async fn made(
    app: &App,
    session: &Session,
    given: &Typed,
    activity: domain::activity::Activity,
) -> app::Result<ActivityId> {
    match given.get("sketch").parse::<SketchId>() {
        Ok(sketch) => activities::sketches::create(app, &session.actor, sketch, activity).await,
        Err(_) => activities::create(app, &session.actor, activity).await,
    }
}

async fn create(
    State(app): State<App>,
    Editor { session, scope }: Editor,
    chrome: Chrome,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let given = Typed::new(pairs);
    let faults: Faults = match given.read(activities::no_id(), scope.provider()) {
        Ok(activity) => match made(&app, &session, &given, activity).await {
            Ok(id) => return Ok(Redirect::to(&to(&given, id, "created")).into_response()),
            Err(error) => Faults::from_error(error)?,
        },
        Err(unread) => {
            if unread.unreadable.is_empty()
                && let Some(id) = keep(&app, &session, &given).await?
            {
                let address = format!("/provider/activities/new?sketch={id}&done=kept#checklist");
                return Ok(Redirect::to(&address).into_response());
            }
            unread.faults().into()
        }
    };
    // what is too much for a beginning still comes back in the form
    let kept = match keep(&app, &session, &given).await {
        Ok(kept) => kept,
        Err(crate::Error::App(app::Error::Invalid(_))) => None,
        Err(other) => return Err(other),
    };
    let form = form(&app, chrome, About::New(kept), given, faults);
    Ok((REFUSED, Page(form)).into_response())
}

/// Where to go after saving: to the activity, or on with the form.
fn to(given: &Typed, id: ActivityId, done: &str) -> String {
    match given.get("to") {
        "edit" => format!("/provider/activities/{id}/edit?done={done}#checklist"),
        "new" => format!("/provider/activities/new?done={done}&last={id}"),
        "moc" => match Board::read(given.get("register_board")) {
            Some(board) => format!("/provider/activities/{id}/moc/{board}"),
            None => format!("/provider/activities/{id}?done={done}#moc"),
        },
        _ => format!("/provider/activities/{id}?done={done}"),
    }
}

pub(super) async fn find(app: &App, scope: &ProviderScope, id: ActivityId) -> Result<Stored> {
    let stored = store::activities::find(&mut app.store.read().await?, scope, id).await?;
    Ok(stored.ok_or(app::Error::NotFound)?)
}

async fn edit(
    State(app): State<App>,
    Editor { scope, .. }: Editor,
    chrome: Chrome,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let stored = find(&app, &scope, activity_id(&id)?).await?;
    if stored.activity.is_closed {
        return Ok(Redirect::to(&format!("/provider/activities/{id}?done=is_closed")).into_response());
    }
    if stored.activity.year_of_closing() <= app.reference.get().settings().locked_year {
        return Ok(Redirect::to(&format!("/provider/activities/{id}?done=is_locked")).into_response());
    }
    let chrome = match asked.done.as_str() {
        "created" | "saved" => chrome.with_notice("success", "The activity is saved", ""),
        _ => chrome,
    };
    let given = Typed::of(&stored.activity);
    let form = form(&app, chrome, About::Saved(&stored), given, Faults::none());
    Ok(Page(form).into_response())
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
        Ok(activity) => activities::save(&app, &session.actor, activity, version).await,
        Err(unread) => Err(app::Error::Invalid(unread.faults())),
    };
    let error = match saved {
        Ok(()) => return Ok(Redirect::to(&to(&given, id, "saved")).into_response()),
        Err(error) => error,
    };
    let stored = find(&app, &scope, id).await?;
    if matches!(error, app::Error::Stale) {
        return Ok(overtaken(&app, &scope, chrome, &stored, given));
    }
    if let app::Error::Forbidden(why) = error {
        // closed or locked meanwhile: what was typed is still on the page
        let text = format!("What you typed is kept below, but not saved: {why}.");
        let chrome = chrome.with_notice("warning", "The activity cannot be changed", text);
        let form = form(&app, chrome, About::Saved(&stored), given, Faults::none());
        return Ok((StatusCode::FORBIDDEN, Page(form)).into_response());
    }
    let faults = Faults::from_error(error)?;
    // the version stays what it was: faults do not make somebody else's change seen
    let mut form = form(&app, chrome, About::Saved(&stored), given, faults);
    form.version = version;
    Ok((REFUSED, Page(form)).into_response())
}

/// Somebody else saved meanwhile: what was typed comes back on top of the new version, with the
/// names of the fields in which the two differ.
fn overtaken(app: &App, scope: &ProviderScope, chrome: Chrome, stored: &Stored, given: Typed) -> Response {
    // 7.50 and 7.5 do not differ
    let read = given.read(stored.activity.id, scope.provider()).map(|activity| Typed::of(&activity));
    let differences = read.unwrap_or_else(|_| given.clone()).differences(&Typed::of(&stored.activity)).join(", ");
    let text = if differences.is_empty() {
        "It now stands as you typed it.".to_owned()
    } else {
        format!(
            "What you typed is kept below and differs from the saved activity in: {differences}. Saving now puts yours in its place."
        )
    };
    let chrome = chrome.with_notice("warning", "Somebody else saved this activity meanwhile", text);
    let form = form(app, chrome, About::Saved(stored), given, Faults::none());
    (StatusCode::CONFLICT, Page(form)).into_response()
}
