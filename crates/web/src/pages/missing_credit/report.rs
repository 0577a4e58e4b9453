//! Reporting from a case: the form of one learner, filled in with what the physician gave. It takes the same path as
//! every report, and then answers the case.

use app::{App, Error, missing_credit, reports};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::{Field, MissingCreditId, Problem};
use store::missing_credit::Case;

use crate::access::Reporter;
use crate::pages::learners::form::{Given, LearnerForm, fields_of};
use crate::{Chrome, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/missing-credit/{id}/report", get(form).post(report))
}

#[derive(Template)]
#[template(path = "missing_credit/report.html")]
struct ReportPage {
    chrome: Chrome,
    id: String,
    title: String,
    is_described: bool,
    form: LearnerForm,
}

/// What the physician gave, as the form's inputs.
fn given_by(case: &Case) -> Given {
    let (month, day) = case.shown.birth.split_once('/').unwrap_or_default();
    let values = [
        ("activity", case.activity.map(|id| id.to_string()).unwrap_or_default()),
        ("completed", case.completed_on.to_string()),
        ("first", case.shown.first.clone()),
        ("last", case.shown.last.clone()),
        ("birth_month", month.to_owned()),
        ("birth_day", day.to_owned()),
        ("state", case.shown.state.clone()),
        ("identifier", case.shown.identifier.clone()),
        ("credits", case.amount.to_string()),
    ];
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

async fn form(
    State(app): State<App>,
    Reporter { session, scope }: Reporter,
    chrome: Chrome,
    Path(id): Path<MissingCreditId>,
) -> Result<Page<impl Template>> {
    let case = missing_credit::of_provider(&app, &session.actor, &scope, id).await?.case;
    let form = LearnerForm::new(&app, &scope, given_by(&case), 1, Vec::new()).await?;
    Ok(shown(chrome, &case, form))
}

fn shown(chrome: Chrome, case: &Case, form: LearnerForm) -> Page<ReportPage> {
    let is_described = case.activity.is_none();
    Page(ReportPage { chrome, id: case.id.to_string(), title: case.title.clone(), is_described, form })
}

async fn report(
    State(app): State<App>,
    Reporter { session, scope }: Reporter,
    chrome: Chrome,
    Path(id): Path<MissingCreditId>,
    Form(given): Form<Given>,
) -> Result<Response> {
    let case = missing_credit::of_provider(&app, &session.actor, &scope, id).await?.case;
    if !case.state.is_open() {
        return Err(Error::Stale.into());
    }
    let again = async |given: Given, problems: Vec<Problem>| {
        let problems = problems.into_iter().map(|problem| (0, problem)).collect();
        LearnerForm::new(&app, &scope, given, 1, problems).await
    };
    if !given.contains_key("permission") {
        let form = again(given, Vec::new()).await?.without_permission();
        return Ok((REFUSED, shown(chrome, &case, form)).into_response());
    }
    let mut fields = fields_of(&given, 0);
    fields.push((Field::RecordAction, "Add".to_owned()));
    let completion = match reports::report_one(&app, &session.actor, &session.name, fields).await {
        Ok(recorded) => recorded.completion.ok_or(Error::NotFound)?,
        Err(Error::Problems(problems)) => {
            return Ok((REFUSED, shown(chrome, &case, again(given, problems).await?)).into_response());
        }
        Err(error) => return Err(error.into()),
    };
    // the credit is on record: the case's own page says why, should it not be the answer
    match missing_credit::answer(&app, &session.actor, &session.name, id, completion).await {
        Ok(()) => Ok(Redirect::to(&format!("/provider/missing-credit/{id}?done=reported")).into_response()),
        // it landed by itself before this
        Err(Error::Stale) => Ok(Redirect::to(&format!("/provider/missing-credit/{id}")).into_response()),
        Err(error) => Err(error.into()),
    }
}
