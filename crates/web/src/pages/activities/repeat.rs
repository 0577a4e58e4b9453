//! The same education on several dates and in several places: a line for each run, and each becomes an
//! activity of its own.

use app::{App, Fault, activities};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::ActivityId;
use domain::activity::Run;
use domain::reference::List;
use jiff::civil::Date;

use super::edit::find;
use super::form::items;
use super::typed::Typed;
use super::{Day, activity_id};
use crate::access::Editor;
use crate::{Chrome, Faults, Page, REFUSED, Result};

const RUN: [&str; 6] = ["run_start", "run_end", "run_city", "run_state", "run_country", "run_id"];
/// Lines of an empty page, and what "More lines" adds.
const LINES: usize = 4;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/activities/{id}/repeat", get(blank).post(repeat))
}

#[derive(Template)]
#[template(path = "activities/repeat.html")]
struct RepeatForm {
    chrome: Chrome,
    id: ActivityId,
    heading: String,
    starts: Day,
    ends: Day,
    city: String,
    countries: Vec<(String, String)>,
    runs: Vec<RunLine>,
    faults: Faults,
}

struct RunLine {
    number: usize,
    place: usize,
    cells: [String; 6],
}

async fn form(
    app: &App,
    scope: &domain::access::ProviderScope,
    chrome: Chrome,
    id: &str,
    given: &Typed,
    faults: Faults,
) -> Result<RepeatForm> {
    let activity = find(app, scope, activity_id(id)?).await?.activity;
    let mut lines = given.lines(RUN);
    let more = if lines.is_empty() || given.get("to") == "more" { LINES } else { 0 };
    for _ in 0..more {
        lines.push(std::array::from_fn(|_| String::new()));
    }
    Ok(RepeatForm {
        chrome,
        id: activity.id,
        starts: Day::of(activity.starts_on),
        ends: Day::of(activity.ends_on),
        city: activity.city,
        countries: items(&app.reference.get(), List::Countries, []),
        heading: activity.title,
        runs: lines.into_iter().enumerate().map(|(place, cells)| RunLine { number: place + 1, place, cells }).collect(),
        faults,
    })
}

/// The runs in the order of their lines, or what cannot be read, with the line's number.
fn runs(given: &Typed) -> Result<Vec<Run>, Vec<Fault>> {
    let (mut runs, mut faults) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(given.lines(RUN)) {
        let [start, end, city, state, country, internal_id] = line.map(|cell| cell.trim().to_owned());
        if [&start, &end, &city, &state, &country, &internal_id].iter().all(|cell| cell.is_empty()) {
            continue;
        }
        let mut day = |given: &str, what: &str| -> Option<Date> {
            let day = formats::read_date(given);
            if day.is_none() {
                faults.push(Fault::new("runs", format!("Line {number}: write the {what}, as MM/DD/YYYY.")));
            }
            day
        };
        let starts_on = day(&start, "start date");
        // most runs last a day
        let ends_on = if end.is_empty() { starts_on } else { day(&end, "end date") };
        if let (Some(starts_on), Some(ends_on)) = (starts_on, ends_on) {
            runs.push(Run { starts_on, ends_on, city, state, country, internal_id });
        }
    }
    if faults.is_empty() { Ok(runs) } else { Err(faults) }
}

async fn blank(
    State(app): State<App>,
    Editor { scope, .. }: Editor,
    chrome: Chrome,
    Path(id): Path<String>,
) -> Result<Page<impl Template>> {
    Ok(Page(form(&app, &scope, chrome, &id, &Typed::default(), Faults::none()).await?))
}

async fn repeat(
    State(app): State<App>,
    Editor { session, scope }: Editor,
    chrome: Chrome,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let given = Typed::new(pairs);
    if given.get("to") == "more" {
        return Ok(Page(form(&app, &scope, chrome, &id, &given, Faults::none()).await?).into_response());
    }
    let activity = activity_id(&id)?;
    let made = match runs(&given) {
        Ok(runs) => activities::repeat(&app, &session.actor, activity, &runs).await,
        Err(faults) => Err(app::Error::Invalid(faults)),
    };
    match made {
        Ok(ids) => {
            Ok(Redirect::to(&format!("/provider/activities/{id}?done=repeated&count={}", ids.len())).into_response())
        }
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, Page(form(&app, &scope, chrome, &id, &given, faults).await?)).into_response())
        }
    }
}
