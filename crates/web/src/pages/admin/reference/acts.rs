//! From a form to a change: first everybody is shown what it would affect, and only what was shown is
//! saved. Whoever looked before somebody else changed the same is told so.

use std::hash::{DefaultHasher, Hash, Hasher};

use app::App;
use app::reference::{Change, Effect, Seen};
use axum::http::StatusCode;
use domain::access::Actor;

use super::given::Given;
use crate::{Faults, REFUSED, Result};

/// What came of a form.
pub(super) enum Step {
    /// What the change would do, for the form to be shown again with it.
    Shown(Box<Shown>),
    Saved,
    Refused(Faults),
    /// Somebody else changed the same.
    Stale,
}

pub(super) struct Shown {
    pub(super) effect: Effect,
    /// What must come back for the change to be saved.
    pub(super) mark: String,
    /// It was to be saved, but something was typed since it was shown.
    pub(super) is_again: bool,
}

impl Step {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Shown(_) | Self::Saved => StatusCode::OK,
            Self::Refused(_) => REFUSED,
            Self::Stale => StatusCode::CONFLICT,
        }
    }
}

/// How far the history of what a form is about was seen.
pub(super) async fn seen(app: &App, change: &Change) -> Result<Seen> {
    Ok(app::reference::seen(&mut app.store.read().await?, change).await?)
}

pub(super) async fn step(app: &App, actor: &Actor, change: Change, given: &Given) -> Result<Step> {
    let newest = seen(app, &change).await?;
    if given.seen() != Some(newest) {
        return Ok(Step::Stale);
    }
    let mark = mark(&change, newest);
    let is_sent = given.get("then") == "save";
    let answer = if is_sent && given.get("mark") == mark {
        app::reference::apply(app, actor, change, Some(newest)).await.map(|()| Step::Saved)
    } else {
        let shown = app::reference::preview(app, actor, change).await;
        shown.map(|effect| Step::Shown(Box::new(Shown { effect, mark, is_again: is_sent })))
    };
    match answer {
        Ok(step) => Ok(step),
        Err(app::Error::Stale) => Ok(Step::Stale),
        Err(error) => Ok(Step::Refused(Faults::from_error(error)?)),
    }
}

/// Differs with any answer and with anything that was changed since: only what was looked at is saved.
fn mark(change: &Change, seen: Seen) -> String {
    let mut hasher = DefaultHasher::new();
    format!("{seen} {change:?}").hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
