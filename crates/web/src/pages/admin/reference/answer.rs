//! The answer to any form of the editor: what a change would do, that it is saved, what is wrong with it, or who changed
//! the same meanwhile. One for all, so that lists, boards and settings behave alike.

use app::reference::{Change, Seen};
use app::{App, Fault};
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use super::acts::{self, Step};
use super::effect::EffectView;
use super::given::Given;
use super::history;
use crate::access::StaffVisitor;
use crate::{Faults, Page, REFUSED, Result};

/// What a form shows of its answer.
pub(super) struct Told<'a> {
    pub(super) seen: &'a mut Seen,
    pub(super) faults: &'a mut Faults,
    pub(super) effect: &'a mut Option<EffectView>,
    pub(super) stale: &'a mut Option<history::Step>,
}

/// A form of the editor.
pub(super) trait EditForm: Template {
    fn told(&mut self) -> Told<'_>;
}

/// What a form is about.
pub(super) struct About {
    /// Where it leads once it is saved.
    pub(super) saved: String,
    /// List, group and code under which its history is kept.
    pub(super) histories: Vec<(&'static str, String, String)>,
}

/// Answers a form that came with this change, or with what is wrong with it.
pub(super) async fn answer(
    app: &App,
    visitor: &StaffVisitor,
    mut form: impl EditForm,
    change: Result<Change, Vec<Fault>>,
    given: &Given,
    about: About,
) -> Result<Response> {
    let told = form.told();
    let change = match change {
        Ok(change) => change,
        Err(faults) => {
            *told.faults = faults.into();
            // who is told of a slip has still not seen what somebody else changed
            *told.seen = given.seen().unwrap_or(*told.seen);
            return Ok((REFUSED, Page(form)).into_response());
        }
    };
    let step = acts::step(app, &visitor.session.actor, change.clone(), given).await?;
    let status = step.status();
    match step {
        Step::Saved => return Ok(Redirect::to(&about.saved).into_response()),
        Step::Shown(shown) => *told.effect = Some(EffectView::of(app, &change, *shown).await?),
        Step::Refused(faults) => *told.faults = faults,
        Step::Stale => {
            let mut tx = app.store.read().await?;
            let mut changes = Vec::new();
            for (list, group, code) in &about.histories {
                changes.extend(store::reference::history(&mut tx, list, group, code).await?);
            }
            *told.stale = history::steps(app, changes).into_iter().next();
        }
    }
    Ok((status, Page(form)).into_response())
}
