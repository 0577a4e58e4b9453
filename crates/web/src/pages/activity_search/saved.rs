//! `/activities/saved`: what a physician saved, with what has changed since and what is gone.

use app::App;
use app::saved_activities::{self, Now, Saved};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use domain::ActivityId;
use serde::Deserialize;

use super::row::Row;
use super::{Done, back, with_notice};
use crate::access::PhysicianVisitor;
use crate::pages::activities::{Day, activity_id};
use crate::{Chrome, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/activities/saved", get(list).post(save)).route("/activities/saved/remove", post(remove))
}

#[derive(Template)]
#[template(path = "activity_search/saved.html")]
struct SavedPage {
    chrome: Chrome,
    offered: Vec<Offered>,
    over: Vec<Over>,
}

struct Offered {
    row: Row,
    /// What has changed, and what it was.
    changes: Vec<(&'static str, String)>,
}

/// One that has ended, or that its provider does not show any more.
struct Over {
    id: ActivityId,
    title: String,
    provider: String,
    ends: Day,
    is_gone: bool,
}

async fn list(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Query(done): Query<Done>,
) -> Result<Page<impl Template>> {
    let saved = saved_activities::list(&app, &visitor.session.actor).await?;
    let reference = app.reference.get();
    let gap = super::gap(&app, Some(&visitor.session)).await?;
    let (mut offered, mut over) = (Vec::new(), Vec::new());
    for Saved { activity, look, now, .. } in saved {
        match now {
            Now::Offered { displayed, changes } => {
                let row = Row::of(&displayed, &reference, gap.as_ref(), Some(&[activity]));
                offered.push(Offered { row, changes });
            }
            now => over.push(Over {
                id: activity,
                title: look.title,
                provider: look.provider,
                ends: Day::of(look.ends_on),
                is_gone: now == Now::Gone,
            }),
        }
    }
    Ok(Page(SavedPage { chrome: with_notice(chrome, &done.done), offered, over }))
}

#[derive(Deserialize)]
struct Act {
    activity: String,
    #[serde(default)]
    back: String,
}

async fn save(State(app): State<App>, visitor: PhysicianVisitor, Form(act): Form<Act>) -> Result<Redirect> {
    saved_activities::save(&app, &visitor.session.actor, activity_id(&act.activity)?).await?;
    Ok(Redirect::to(&back(&act.back, "saved")))
}

async fn remove(State(app): State<App>, visitor: PhysicianVisitor, Form(act): Form<Act>) -> Result<Redirect> {
    saved_activities::remove(&app, &visitor.session.actor, activity_id(&act.activity)?).await?;
    Ok(Redirect::to(&back(&act.back, "removed")))
}
