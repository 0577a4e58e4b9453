//! One learner by form. Identity is checked while it is typed; the report itself goes through the
//! same checks as a row of a file, and faults come back beside their fields.

use std::collections::HashMap;

use app::{App, Error, reports};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::activity::Status;
use domain::upload::RowResult;
use domain::{Field, Problem, State as UsState};
use serde::Deserialize;

use crate::access::Reporter;
use crate::page::NamedFault;
use crate::{Chrome, Fragment, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/learners/new", get(form).post(report)).route("/provider/learners/check", post(check))
}

/// Inputs that are a field of a learner report as they stand. Month and day of birth are two.
const INPUTS: &[(&str, Field)] = &[
    ("activity", Field::ActivityId),
    ("completed", Field::CompletionDate),
    ("first", Field::FirstName),
    ("last", Field::LastName),
    ("state", Field::State),
    ("identifier", Field::Identifier),
    ("credits", Field::CmeCredits),
    ("board", Field::Board),
    ("diplomate", Field::DiplomateId),
    ("points", Field::BoardCredits),
    ("type1", Field::CreditType(0)),
    ("amount1", Field::CreditTypeAmount(0)),
    ("type2", Field::CreditType(1)),
    ("amount2", Field::CreditTypeAmount(1)),
    ("type3", Field::CreditType(2)),
    ("amount3", Field::CreditTypeAmount(2)),
];

#[derive(Template)]
#[template(path = "learners/new.html")]
struct NewLearner {
    chrome: Chrome,
    given: HashMap<String, String>,
    faults: Vec<NamedFault>,
    /// Problems of the report as a whole.
    problems: Vec<(String, &'static str)>,
    activities: Vec<(String, String)>,
    states: Vec<(String, &'static str)>,
    boards: Vec<(String, String)>,
    types: Vec<String>,
}

impl NewLearner {
    fn value(&self, name: &str) -> &str {
        self.given.get(name).map_or("", String::as_str)
    }

    fn error(&self, name: &str) -> &str {
        self.faults.iter().find(|fault| fault.field == name).map_or("", |fault| fault.message.as_str())
    }
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
        "already" => chrome.with_notice(
            "info",
            "This was reported already",
            "The same credit is on record; nothing was changed.",
        ),
        _ => chrome,
    };
    // the next learner is usually of the same activity and day
    let given = HashMap::from([("activity".to_owned(), done.activity), ("completed".to_owned(), done.completed)]);
    Ok(Page(page(&app, &scope, chrome, given, Vec::new()).await?))
}

async fn report(
    State(app): State<App>,
    Reporter { session, scope }: Reporter,
    chrome: Chrome,
    Form(given): Form<HashMap<String, String>>,
) -> Result<Response> {
    if !given.contains_key("permission") {
        let mut refused = page(&app, &scope, chrome, given, Vec::new()).await?;
        let message = "Confirm that you hold the learner’s permission.".to_owned();
        refused.faults.push(NamedFault { field: "permission".to_owned(), message });
        return Ok((REFUSED, Page(refused)).into_response());
    }
    let mut fields = fields_of(&given);
    fields.push((Field::RecordAction, "Add".to_owned()));
    match reports::report_one(&app, &session.actor, &session.name, fields).await {
        Ok(recorded) => {
            let done = if recorded.result == RowResult::Accepted { "accepted" } else { "already" };
            let kept = match given.get("then").map(String::as_str) {
                Some("another") => {
                    format!("&activity={}&completed={}", plain(&given, "activity"), plain(&given, "completed"))
                }
                _ => String::new(),
            };
            Ok(Redirect::to(&format!("/provider/learners/new?done={done}{kept}")).into_response())
        }
        Err(Error::Problems(problems)) => {
            Ok((REFUSED, Page(page(&app, &scope, chrome, given, problems).await?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// A value that is fit for a query string as it is: IDs and dates are.
fn plain(given: &HashMap<String, String>, name: &str) -> String {
    let value = given.get(name).map_or("", String::as_str);
    value.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}

fn fields_of(given: &HashMap<String, String>) -> Vec<(Field, String)> {
    let value = |name: &str| given.get(name).map(|value| value.trim().to_owned()).unwrap_or_default();
    let mut fields: Vec<(Field, String)> = INPUTS.iter().map(|(name, field)| (*field, value(name))).collect();
    let (month, day) = (value("birth_month"), value("birth_day"));
    let birth = if month.is_empty() && day.is_empty() { String::new() } else { format!("{month}/{day}") };
    fields.push((Field::Birth, birth));
    fields
}

fn input_of(field: Field) -> &'static str {
    match field {
        Field::Birth => "birth",
        field => INPUTS.iter().find(|(_, known)| *known == field).map_or("", |(name, _)| *name),
    }
}

async fn page(
    app: &App,
    scope: &domain::access::ProviderScope,
    chrome: Chrome,
    given: HashMap<String, String>,
    problems: Vec<Problem>,
) -> Result<NewLearner> {
    let today = app.clock.today();
    let mut tx = app.store.read().await?;
    let activities = store::activities::choices(&mut tx, scope, today).await?;
    let reference = app.reference.get();
    let mut types: Vec<String> =
        reference.boards().flat_map(|board| board.credit_types.iter().map(|each| each.name.clone())).collect();
    types.sort();
    types.dedup();
    let say = |problem: &Problem| (problem.message(), problem.code.remedy());
    let (in_fields, whole): (Vec<Problem>, Vec<Problem>) =
        problems.into_iter().partition(|problem| problem.in_field().is_some_and(|field| !input_of(field).is_empty()));
    let fault = |problem: &Problem| NamedFault {
        field: problem.in_field().map(input_of).unwrap_or_default().to_owned(),
        message: format!("{} {}", problem.message(), problem.code.remedy()),
    };
    let label = |(id, title, status): (String, String, Status)| {
        let note = if status == Status::ReadyToClose { " (ended)" } else { "" };
        (id.clone(), format!("{title}, {id}{note}"))
    };
    Ok(NewLearner {
        chrome,
        given,
        faults: in_fields.iter().map(fault).collect(),
        problems: whole.iter().map(say).collect(),
        activities: activities.into_iter().map(label).collect(),
        states: UsState::all().map(|state| (state.to_string(), state.name())).collect(),
        boards: reference
            .boards()
            .map(|board| (board.code.to_string(), format!("{}, {}", board.label, board.name)))
            .collect(),
        types,
    })
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
    Form(given): Form<HashMap<String, String>>,
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
        fields_of(&given).into_iter().filter(|(field, _)| identity.contains(field)).collect();
    let checked = match reports::check_identity(&app, &session.actor, fields).await {
        Ok(None) => Checked {
            kind: "success",
            title: "These details mean one physician.".to_owned(),
            text: "The credit will be linked to that person.",
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
