//! Closing many activities at once: those that were ticked in the list, or all that are ready in what
//! the list shows. The answer names each one that stays open, with everything that is missing.

use std::collections::HashMap;

use app::activities::Closing;
use app::{App, activities};
use askama::Template;
use axum::Router;
use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use domain::ActivityId;
use domain::activity::Status;
use store::activities::Filter;

use super::asked::Asked;
use super::checklist::ToDo;
use super::{edit_page, typed::Typed};
use crate::access::Editor;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result};

/// Activities of one act; more than any provider closes in a year.
const MOST: i64 = 10_000;
/// Activities that the answer names one by one.
const SHOWN: usize = 500;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/activities/close", post(close))
}

#[derive(Template)]
#[template(path = "activities/closed.html")]
struct ClosedPage {
    chrome: Chrome,
    heading: String,
    open: Vec<Open>,
    /// How many more stay open than are named.
    more: String,
    back: String,
}

/// An activity that stays open.
struct Open {
    id: ActivityId,
    heading: String,
    why: String,
    missing: Vec<ToDo>,
}

async fn close(
    State(app): State<App>,
    Editor { session, scope }: Editor,
    chrome: Chrome,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let given = Typed::new(pairs);
    let asked = Asked::of(&given);
    let ids: Vec<ActivityId> = if given.get("which") == "ready" {
        let ready = Filter { status: Some(Status::ReadyToClose), ..asked.filter() };
        let mut tx = app.store.read().await?;
        store::activities::list_ids(&mut tx, &scope, &ready, app.clock.today(), MOST).await?
    } else {
        let most = usize::try_from(MOST).unwrap_or(usize::MAX);
        given.all("ids").filter_map(|id| id.parse().ok()).take(most).collect()
    };
    let back = asked.address("/provider/activities", &asked.sort);
    if ids.is_empty() {
        return Ok(Redirect::to(&format!("{back}done=nothing_chosen")).into_response());
    }
    let answers = activities::close_many(&app, &session.actor, &ids).await?;
    let closed = answers.iter().filter(|(_, answer)| *answer == Closing::Closed).count();
    let not_closed: Vec<(ActivityId, Closing)> =
        answers.into_iter().filter(|(_, answer)| *answer != Closing::Closed).collect();
    let shown: Vec<ActivityId> = not_closed.iter().take(SHOWN).map(|(id, _)| *id).collect();
    let found = store::activities::find_many(&mut app.store.read().await?, &scope, &shown).await?;
    let titles: HashMap<ActivityId, String> =
        found.into_iter().map(|stored| (stored.activity.id, stored.activity.title)).collect();
    let more = not_closed.len().saturating_sub(SHOWN);
    let open = not_closed.into_iter().take(SHOWN).map(|(id, answer)| Open {
        id,
        heading: titles.get(&id).cloned().unwrap_or_else(|| id.to_string()),
        why: match &answer {
            Closing::Closed | Closing::Missing(_) => String::new(),
            Closing::AlreadyClosed => "It was closed already.".to_owned(),
            Closing::Locked => "Its reporting year is locked.".to_owned(),
            Closing::NotFound => "There is no such activity.".to_owned(),
        },
        missing: match &answer {
            Closing::Missing(missing) => missing.iter().map(|one| ToDo::of(&edit_page(id), id, one)).collect(),
            _ => Vec::new(),
        },
    });
    let count = |number: usize| grouped(i64::try_from(number).unwrap_or(i64::MAX));
    Ok(Page(ClosedPage {
        chrome,
        heading: match closed {
            0 => "No activity was closed".to_owned(),
            1 => "1 activity is closed".to_owned(),
            _ => format!("{} activities are closed", count(closed)),
        },
        open: open.collect(),
        more: if more == 0 { String::new() } else { count(more) },
        back: back.trim_end_matches(['?', '&']).to_owned(),
    })
    .into_response())
}
