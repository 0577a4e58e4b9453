//! Saving while somebody types. A script sends the form now and then and puts the answer, a checklist,
//! in its place; without it the form's own button does the same.
//!
//! A beginning is kept, what is complete enough becomes a draft, a draft is saved. An activity that
//! learners can be reported for is never changed behind somebody's back: there only the list is new.

use app::{App, activities};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::Redirect;
use axum::routing::post;
use domain::activity::Status;
use domain::{ActivityId, SketchId};

use super::activity_id;
use super::checklist::Checklist;
use super::edit::{find, keep, made};
use super::form::checklist;
use super::typed::Typed;
use crate::access::Editor;
use crate::{Fragment, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/provider/activities/new/keep", post(keep_new))
        .route("/provider/activities/{id}/keep", post(keep_saved))
        .route("/provider/activities/sketches/{sketch}/discard", post(discard))
}

/// The list and what became of the form. The script reads the rest from the attributes.
#[derive(Template)]
#[template(path = "activities/kept.html")]
struct Kept {
    checklist: Checklist,
    said: String,
    /// Whether everything in the form is safe with the server.
    is_saved: bool,
    /// Set once there is an activity.
    id: Option<ActivityId>,
    version: i64,
    sketch: String,
}

async fn keep_new(
    State(app): State<App>,
    Editor { session, scope }: Editor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Fragment<impl Template>> {
    let given = Typed::new(pairs);
    let list = checklist(&app, None, &given);
    let mut faults = Vec::new();
    if let Ok(activity) = given.read(activities::no_id(), scope.provider()) {
        match made(&app, &session, &given, activity).await {
            Ok(id) => {
                let stored = find(&app, &scope, id).await?;
                let checklist = checklist(&app, Some(&stored), &given);
                let (said, version) = ("Saved as a draft.".to_owned(), stored.version);
                return Ok(Fragment(Kept {
                    checklist,
                    said,
                    is_saved: true,
                    id: Some(id),
                    version,
                    sketch: String::new(),
                }));
            }
            Err(app::Error::Invalid(found)) => faults = found,
            Err(other) => return Err(other.into()),
        }
    }
    let kept = keep(&app, &session, &given).await?;
    Ok(Fragment(Kept {
        checklist: list.with_faults(&faults),
        said: if kept.is_some() { "Kept as a beginning." } else { "Nothing is typed yet." }.to_owned(),
        is_saved: kept.is_some(),
        id: None,
        version: 0,
        sketch: kept.map(|id| id.to_string()).unwrap_or_default(),
    }))
}

async fn keep_saved(
    State(app): State<App>,
    Editor { session, scope }: Editor,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Fragment<impl Template>> {
    let id = activity_id(&id)?;
    let given = Typed::new(pairs);
    let mut version = given.get("version").parse().unwrap_or_default();
    let today = app.clock.today();
    let mut stored = find(&app, &scope, id).await?;
    let (mut faults, mut is_saved) = (Vec::new(), false);
    let said = if stored.activity.status(today) != Status::Draft {
        "Press Save to save your changes.".to_owned()
    } else {
        let saved = match given.read(id, scope.provider()) {
            Ok(activity) => activities::save(&app, &session.actor, activity, version).await,
            Err(unread) => Err(app::Error::Invalid(unread.faults())),
        };
        match saved {
            Ok(()) => {
                stored = find(&app, &scope, id).await?;
                version = stored.version;
                is_saved = true;
                "Saved.".to_owned()
            }
            Err(app::Error::Stale) => {
                "Not saved: somebody else saved this activity meanwhile. Press Save to compare.".to_owned()
            }
            Err(app::Error::Invalid(found)) => {
                faults = found;
                "Not saved yet: see what to correct.".to_owned()
            }
            Err(other) => return Err(other.into()),
        }
    };
    let checklist = checklist(&app, Some(&stored), &given).with_faults(&faults);
    Ok(Fragment(Kept { checklist, said, is_saved, id: Some(id), version, sketch: String::new() }))
}

async fn discard(
    State(app): State<App>,
    Editor { session, .. }: Editor,
    Path(sketch): Path<String>,
) -> Result<Redirect> {
    let sketch: SketchId = sketch.parse().map_err(|_| app::Error::NotFound)?;
    activities::sketches::discard(&app, &session.actor, sketch).await?;
    Ok(Redirect::to("/provider/activities?done=discarded"))
}
