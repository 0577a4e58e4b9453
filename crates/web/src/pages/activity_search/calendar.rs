//! Calendar files of what a search finds and of what a physician saved; and the search as a table file.

use app::App;
use app::activity_search::{self, Search};
use app::saved_activities::{self, Now};
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use axum::routing::get;
use domain::reference::Reference;
use store::activities::Displayed;

use super::gap;
use crate::access::{MaybeSignedIn, PhysicianVisitor};
use crate::pages::activities::calendar::{self, Event};
use crate::pages::activities::public;
use crate::{Result, download};

/// Activities of one calendar: more than anybody plans by, and a file that programs still read.
const MOST: usize = 200;
const ICS: &str = "text/calendar; charset=utf-8";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/activities/calendar.ics", get(of_search))
        .route("/activities/saved/calendar.ics", get(of_saved))
}

/// A calendar of these activities.
fn written<'a>(app: &App, reference: &Reference, activities: impl Iterator<Item = &'a Displayed>) -> Vec<u8> {
    let parts: Vec<_> = activities
        .map(|one| {
            let activity = &one.stored.activity;
            let address = app.config.link(&format!("/activities/{}", activity.id));
            (one, public::place(activity, reference), address, app.clock.machine(one.stored.updated_at))
        })
        .collect();
    let events = parts.iter().map(|(one, place, address, changed)| Event {
        activity: &one.stored.activity,
        provider: &one.provider,
        place,
        address,
        changed,
    });
    calendar::file(events).into_bytes()
}

async fn of_search(
    State(app): State<App>,
    MaybeSignedIn(session): MaybeSignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let search = Search::read(&query.unwrap_or_default());
    let gap = gap(&app, session.as_ref()).await?;
    let results = activity_search::search_first(&app, &search, gap.as_ref(), MOST).await?;
    let file = written(&app, &app.reference.get(), results.activities.iter());
    Ok(download::bytes("activities.ics", ICS, file))
}

async fn of_saved(State(app): State<App>, visitor: PhysicianVisitor) -> Result<Response> {
    let saved = saved_activities::list(&app, &visitor.session.actor).await?;
    let offered = saved.iter().filter_map(|one| match &one.now {
        Now::Offered { displayed, .. } => Some(displayed.as_ref()),
        Now::Ended | Now::Gone => None,
    });
    let file = written(&app, &app.reference.get(), offered);
    Ok(download::bytes("saved-activities.ics", ICS, file))
}
