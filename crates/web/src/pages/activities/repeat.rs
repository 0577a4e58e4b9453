//! The same education on several dates and in several places: a line for each run, and each becomes an
//! activity of its own. Lines are typed, or filled in by a rhythm.
//!
//! Empty lines are left out before anything is counted, so that a fault's number is that of a line.

use app::{App, Fault, activities};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::ActivityId;
use domain::access::ProviderScope;
use domain::activity::{Activity, Run};
use domain::reference::List;
use jiff::civil::Date;

use super::asked::Asked;
use super::edit::find;
use super::form::items;
use super::rhythm::{self, Rhythm};
use super::typed::Typed;
use super::{Days, activity_id};
use crate::access::Editor;
use crate::{Chrome, Faults, Page, REFUSED, Result};

const RUN: [&str; 6] = ["run_start", "run_end", "run_city", "run_state", "run_country", "run_id"];
/// Lines of an empty page, and what "More lines" adds.
const LINES: usize = 4;

type Line = [String; 6];

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/activities/{id}/repeat", get(blank).post(repeat))
}

#[derive(Template)]
#[template(path = "activities/repeat.html")]
struct RepeatForm {
    chrome: Chrome,
    id: ActivityId,
    heading: String,
    days: Days,
    city: String,
    countries: Vec<(String, String)>,
    states: Vec<(String, String)>,
    rhythms: Vec<(&'static str, &'static str)>,
    every: String,
    times: String,
    runs: Vec<RunLine>,
    /// What is wrong with no line in particular.
    of_none: Vec<String>,
    faults: Faults,
}

struct RunLine {
    number: usize,
    place: usize,
    cells: Line,
    /// What is wrong with the line.
    fault: String,
}

/// What stands by itself begins with a capital.
fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Lines with something in them, in their order.
fn lines(given: &Typed) -> Vec<Line> {
    given.lines(RUN).into_iter().filter(|line| line.iter().any(|cell| !cell.trim().is_empty())).collect()
}

fn form(
    app: &App,
    chrome: Chrome,
    activity: Activity,
    given: &Typed,
    mut lines: Vec<Line>,
    faults: Faults,
) -> RepeatForm {
    let more = if lines.is_empty() || given.get("to") == "more" { LINES } else { 0 };
    lines.extend((0..more).map(|_| Line::default()));
    let of = |number: usize| {
        let beginning = format!("Run {number}: ");
        let told: Vec<&str> = faults.iter().filter_map(|fault| fault.message.strip_prefix(&beginning)).collect();
        capitalized(&told.join(" "))
    };
    let reference = app.reference.get();
    RepeatForm {
        chrome,
        id: activity.id,
        days: Days::of(&activity),
        countries: items(&reference, List::Countries, []),
        states: items(&reference, List::States, []),
        rhythms: Rhythm::ALL.iter().map(|rhythm| (rhythm.code(), rhythm.label())).collect(),
        every: given.get("every").to_owned(),
        times: given.get("times").to_owned(),
        runs: lines
            .into_iter()
            .enumerate()
            .map(|(place, cells)| RunLine { number: place + 1, place, cells, fault: of(place + 1) })
            .collect(),
        of_none: faults
            .iter()
            .filter(|fault| fault.field == "runs" && !fault.message.starts_with("Run "))
            .map(|fault| fault.message.clone())
            .collect(),
        city: activity.city,
        heading: activity.title,
        faults,
    }
}

/// The runs in the order of their lines, or what cannot be read, with the line's number.
fn runs(lines: &[Line]) -> Result<Vec<Run>, Vec<Fault>> {
    let (mut runs, mut faults) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(lines) {
        let [start, end, city, state, country, internal_id] = line.clone().map(|cell| cell.trim().to_owned());
        let mut day = |given: &str, what: &str| -> Option<Date> {
            let day = formats::read_date(given);
            if day.is_none() {
                faults.push(Fault::new("runs", format!("Run {number}: write the {what}, as MM/DD/YYYY.")));
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

/// The lines with further ones in a rhythm that goes on from the last.
fn filled(activity: &Activity, given: &Typed, mut lines: Vec<Line>) -> Result<Vec<Line>, (Vec<Line>, Vec<Fault>)> {
    let times = given.get("times").trim().parse::<usize>().ok().filter(|times| (1..=rhythm::MOST).contains(times));
    let (Some(times), Some(every)) = (times, Rhythm::read(given.get("every"))) else {
        let what = format!("Write how many times, from 1 to {}.", rhythm::MOST);
        return Err((lines, vec![Fault::new("times", what)]));
    };
    let last = lines.iter().rev().find_map(|[start, ..]| formats::read_date(start));
    let span = activity.starts_on.until(activity.ends_on).unwrap_or_default();
    for starts_on in every.after(last.unwrap_or(activity.starts_on), times) {
        let ends_on = starts_on.saturating_add(span);
        let end = if ends_on == starts_on { String::new() } else { ends_on.to_string() };
        lines.push([starts_on.to_string(), end, String::new(), String::new(), String::new(), String::new()]);
    }
    Ok(lines)
}

async fn on_record(app: &App, scope: &ProviderScope, id: &str) -> Result<Activity> {
    Ok(find(app, scope, activity_id(id)?).await?.activity)
}

async fn blank(
    State(app): State<App>,
    Editor { scope, .. }: Editor,
    chrome: Chrome,
    Path(id): Path<String>,
) -> Result<Page<impl Template>> {
    let activity = on_record(&app, &scope, &id).await?;
    Ok(Page(form(&app, chrome, activity, &Typed::default(), Vec::new(), Faults::none())))
}

async fn repeat(
    State(app): State<App>,
    Editor { session, scope }: Editor,
    chrome: Chrome,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let given = Typed::new(pairs);
    let activity = on_record(&app, &scope, &id).await?;
    let lines = lines(&given);
    match given.get("to") {
        "more" => return Ok(Page(form(&app, chrome, activity, &given, lines, Faults::none())).into_response()),
        "fill" => {
            let (status, lines, faults) = match filled(&activity, &given, lines) {
                Ok(lines) => (axum::http::StatusCode::OK, lines, Vec::new()),
                Err((lines, faults)) => (REFUSED, lines, faults),
            };
            return Ok((status, Page(form(&app, chrome, activity, &given, lines, faults.into()))).into_response());
        }
        _ => {}
    }
    let made = match runs(&lines) {
        Ok(runs) => activities::repeat(&app, &session.actor, activity.id, &runs).await,
        Err(faults) => Err(app::Error::Invalid(faults)),
    };
    match made {
        Ok(ids) => {
            // the whole series, in its order
            let series = Asked { q: activity.title.clone(), ..Asked::default() };
            let address = series.address("/provider/activities", "start");
            Ok(Redirect::to(&format!("{address}done=repeated&count={}", ids.len())).into_response())
        }
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, Page(form(&app, chrome, activity, &given, lines, faults))).into_response())
        }
    }
}
