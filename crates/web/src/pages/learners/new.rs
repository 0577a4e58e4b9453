//! One learner by form. Identity is checked while it is typed; the report itself goes through the
//! same checks as a row of a file, and faults come back beside their fields.

use app::{App, Error, prevalidation, reports};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::upload::RowResult;
use domain::{Code, Field};
use serde::Deserialize;

use super::form::{Given, LearnerForm, fields_of};
use crate::access::Reporter;
use crate::{Chrome, Fragment, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/learners/new", get(form).post(report)).route("/provider/learners/check", post(check))
}

#[derive(Template)]
#[template(path = "learners/new.html")]
struct NewLearner {
    chrome: Chrome,
    form: LearnerForm,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
    activity: String,
    completed: String,
}

async fn form(
    State(app): State<App>,
    Reporter { scope, .. }: Reporter,
    chrome: Chrome,
    Query(done): Query<Done>,
) -> Result<Page<impl Template>> {
    let chrome = match done.done.as_str() {
        "accepted" => {
            chrome.with_notice("success", "The learner is reported", "The credit is on the physician’s transcript now.")
        }
        "rems" => chrome.with_notice("success", "The learner is reported", "The REMS learner is on record now."),
        "already" => chrome.with_notice(
            "info",
            "This was reported already",
            "The same credit is on record; nothing was changed.",
        ),
        _ => chrome,
    };
    // the next learner is usually of the same activity and day
    let given = Given::from([("activity".to_owned(), done.activity), ("completed".to_owned(), done.completed)]);
    let form = LearnerForm::new(&app, &scope, given, 1, Vec::new()).await?;
    Ok(Page(NewLearner { chrome, form }))
}

async fn report(
    State(app): State<App>,
    Reporter { session, scope }: Reporter,
    chrome: Chrome,
    Form(given): Form<Given>,
) -> Result<Response> {
    if !given.contains_key("permission") {
        let form = LearnerForm::new(&app, &scope, given, 1, Vec::new()).await?.without_permission();
        return Ok((REFUSED, Page(NewLearner { chrome, form })).into_response());
    }
    let mut fields = fields_of(&given, 0);
    fields.push((Field::RecordAction, "Add".to_owned()));
    match reports::report_one(&app, &session.actor, &session.name, fields).await {
        Ok(recorded) => {
            let is_filled = |name: &str| given.get(name).is_some_and(|value| !value.trim().is_empty());
            let done = match recorded.result {
                RowResult::Accepted if is_filled("credits") || is_filled("board") => "accepted",
                RowResult::Accepted => "rems",
                _ => "already",
            };
            let kept = match given.get("then").map(String::as_str) {
                Some("another") => {
                    format!("&activity={}&completed={}", plain(&given, "activity"), plain(&given, "completed"))
                }
                _ => String::new(),
            };
            Ok(Redirect::to(&format!("/provider/learners/new?done={done}{kept}")).into_response())
        }
        Err(Error::Problems(problems)) => {
            let problems = problems.into_iter().map(|problem| (0, problem)).collect();
            let form = LearnerForm::new(&app, &scope, given, 1, problems).await?;
            Ok((REFUSED, Page(NewLearner { chrome, form })).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// A value that is fit for a query string as it is: IDs and dates are.
fn plain(given: &Given, name: &str) -> String {
    let value = given.get(name).map_or("", String::as_str);
    value.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}

/// What the page says about the person while it is typed.
#[derive(Template)]
#[template(path = "learners/check.html")]
struct Checked {
    kind: &'static str,
    title: String,
    text: &'static str,
}

async fn check(
    State(app): State<App>,
    Reporter { session, .. }: Reporter,
    Form(given): Form<Given>,
) -> Result<Fragment<impl Template>> {
    let identity = [
        Field::FirstName,
        Field::LastName,
        Field::Birth,
        Field::State,
        Field::Identifier,
        Field::Board,
        Field::DiplomateId,
    ];
    let fields: Vec<(Field, String)> =
        fields_of(&given, 0).into_iter().filter(|(field, _)| identity.contains(field)).collect();
    let checked = match prevalidation::check_one(&app, &session.actor, fields).await {
        Ok(None) => Checked {
            kind: "success",
            title: "These details mean one physician.".to_owned(),
            text: "The credit will be linked to that person.",
        },
        Ok(Some(problem)) if problem.code == Code::TooManyTries => Checked {
            kind: "info",
            title: "No more checks of this person for now.".to_owned(),
            text: "Report the learner; it is checked again then.",
        },
        Ok(Some(problem)) => Checked { kind: "warning", title: problem.message(), text: problem.code.remedy() },
        Err(Error::TooMany { .. }) => Checked {
            kind: "info",
            title: "No more checks for now.".to_owned(),
            text: "Report the learner; it is checked again then.",
        },
        Err(error) => return Err(error.into()),
    };
    Ok(Fragment(checked))
}
