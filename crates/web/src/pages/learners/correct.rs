//! Correcting one completion: the form of a new report, filled in with what is on record.

use std::str::FromStr;

use app::reports::{self, Correction, Replaced};
use app::{App, Error};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::{CompletionId, CreditId, Field};
use store::learners::Learner;

use super::form::{Given, LearnerForm, given_of, is_without_board, reports_of};
use super::rows::name;
use super::show::found;
use crate::access::Reporter;
use crate::{Chrome, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/learners/{id}/correct", get(form).post(send))
}

#[derive(Template)]
#[template(path = "learners/correct.html")]
struct Correct {
    chrome: Chrome,
    form: LearnerForm,
    id: CompletionId,
    here: String,
    name: String,
    /// The live credits that are shown, for a second look when the form comes back.
    seen: String,
    /// Boards that have answered, so that one knows what a new report costs.
    answered: String,
}

impl Correct {
    fn of(chrome: Chrome, form: LearnerForm, learner: &Learner) -> Self {
        let answered: Vec<&str> = learner
            .live()
            .filter(|credit| credit.decided_at.is_some())
            .filter_map(|credit| credit.kind.board().map(|_| credit.kind.key()))
            .collect();
        Self {
            id: learner.id,
            here: format!("/provider/learners/{}", learner.id),
            name: name(learner),
            seen: seen(learner),
            answered: answered.join(", "),
            chrome,
            form,
        }
    }
}

/// The credits of the provider's own reports, in the words of a hidden field.
pub(super) fn seen(learner: &Learner) -> String {
    let ids = learner.live().filter(|credit| !credit.is_derived).map(|credit| credit.id.to_string());
    ids.collect::<Vec<_>>().join(" ")
}

pub(super) fn read_seen(given: Option<&String>) -> Vec<CreditId> {
    given.into_iter().flat_map(|ids| ids.split_whitespace()).filter_map(|id| CreditId::from_str(id).ok()).collect()
}

/// Boards on record, and one group more.
fn groups(learner: &Learner) -> usize {
    learner.live().filter(|credit| credit.kind.board().is_some()).count() + 1
}

async fn form(
    State(app): State<App>,
    Reporter { scope, .. }: Reporter,
    chrome: Chrome,
    Path(id): Path<CompletionId>,
) -> Result<Response> {
    let learner = found(&app, &scope, id).await?;
    if learner.withdrawn_at.is_some() {
        return Ok(Redirect::to(&format!("/provider/learners/{id}?done=meanwhile")).into_response());
    }
    let form = LearnerForm::new(&app, &scope, given_of(&learner), groups(&learner), Vec::new()).await?;
    Ok(Page(Correct::of(chrome, form, &learner)).into_response())
}

async fn send(
    State(app): State<App>,
    Reporter { session, scope }: Reporter,
    chrome: Chrome,
    Path(id): Path<CompletionId>,
    Form(given): Form<Given>,
) -> Result<Response> {
    let learner = found(&app, &scope, id).await?;
    let groups = groups(&learner);
    if !given.contains_key("permission") {
        let form = LearnerForm::new(&app, &scope, given, groups, Vec::new()).await?.without_permission();
        return Ok((REFUSED, Page(Correct::of(chrome, form, &learner))).into_response());
    }
    // what an empty group would say, the first says already; the places of those that are sent stay known
    let all = reports_of(&given).into_iter().enumerate();
    let sent: Vec<(usize, Vec<(Field, String)>)> =
        all.filter(|(nth, fields)| *nth == 0 || !is_without_board(fields)).collect();
    let add = |(_, fields): &(usize, Vec<(Field, String)>)| {
        let mut fields = fields.clone();
        fields.push((Field::RecordAction, "Add".to_owned()));
        fields
    };
    let correction =
        Correction { completion: id, seen: read_seen(given.get("seen")), reports: sent.iter().map(add).collect() };
    match reports::correct(&app, &session.actor, &session.name, &correction).await {
        Ok(Replaced::Done(now)) => {
            Ok(Redirect::to(&format!("/provider/learners/{now}?done=corrected")).into_response())
        }
        Ok(Replaced::Unchanged) => {
            let chrome = chrome.with_notice(
                "info",
                "Nothing was changed",
                "What you sent is what is on record. To have rejected points looked at again as they are, use the list \
                 of those rejected by boards.",
            );
            let form = LearnerForm::new(&app, &scope, given, groups, Vec::new()).await?;
            Ok((REFUSED, Page(Correct::of(chrome, form, &learner))).into_response())
        }
        Ok(Replaced::Refused(problems)) => {
            let placed = |(report, problem)| (sent.get(report).map_or(0, |(nth, _)| *nth), problem);
            let problems = problems.into_iter().map(placed).collect();
            let form = LearnerForm::new(&app, &scope, given, groups, problems).await?;
            Ok((REFUSED, Page(Correct::of(chrome, form, &learner))).into_response())
        }
        Ok(Replaced::Meanwhile) | Err(Error::Stale) => {
            let now = found(&app, &scope, id).await?;
            if now.withdrawn_at.is_some() {
                return Ok(Redirect::to(&format!("/provider/learners/{id}?done=meanwhile")).into_response());
            }
            let chrome = chrome.with_notice(
                "warning",
                "The report was changed meanwhile",
                "Nothing of yours was saved, and what you typed still stands here. Compare it with what is on record \
                 now, and send it again if it is right.",
            );
            let form = LearnerForm::new(&app, &scope, given, groups, Vec::new()).await?;
            Ok((StatusCode::CONFLICT, Page(Correct::of(chrome, form, &now))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
