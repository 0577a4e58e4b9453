//! `/requirements`: what each licensing board asks of its licensees, for everybody. Rules that came with a release
//! are marked as examples on every page that shows them.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use domain::State as UsState;
use domain::check::us_date;
use domain::reference::{Dated, Reference};
use domain::requirement::{Requirement, cycle_words};
use jiff::civil::Date;

use crate::pages::admin::reference::Day;
use crate::pages::admin::reference::differences::{Fact, of_requirement};
use crate::{Chrome, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/requirements", get(list)).route("/requirements/{state}", get(show))
}

#[derive(Template)]
#[template(path = "requirements/list.html")]
struct ListPage {
    chrome: Chrome,
    rows: Vec<Row>,
    has_examples: bool,
}

struct Row {
    href: String,
    state: &'static str,
    hours: String,
    cycle: String,
    topics: usize,
    is_example: bool,
}

#[derive(Template)]
#[template(path = "requirements/show.html")]
struct ShowPage {
    chrome: Chrome,
    state: &'static str,
    /// `None`: no rules are in force today.
    current: Option<Version>,
    planned: Vec<Version>,
}

/// One version as a page shows it.
pub(super) struct Version {
    /// Empty: since ever.
    pub(super) from: Day,
    pub(super) is_example: bool,
    pub(super) facts: Vec<Fact>,
}

impl Version {
    pub(super) fn of(version: &Dated<Requirement>, reference: &Reference) -> Self {
        Self {
            from: Day::of(Some(version.from).filter(|from| *from > Date::MIN)),
            is_example: version.value.is_example,
            facts: of_requirement(&version.value, reference),
        }
    }
}

/// The version of today, if there is one, and those that are planned.
pub(super) fn versions(reference: &Reference, state: UsState) -> (Option<Version>, Vec<Version>) {
    let planned = reference.requirements(state).iter().filter(|version| version.from > reference.today());
    let current = reference.requirement(state).map(|version| Version::of(version, reference));
    (current, planned.map(|version| Version::of(version, reference)).collect())
}

async fn list(State(app): State<App>, chrome: Chrome) -> Page<impl Template> {
    let reference = app.reference.get();
    let rows: Vec<Row> = UsState::all().filter_map(|state| row(&reference, state)).collect();
    let has_examples = rows.iter().any(|row| row.is_example);
    Page(ListPage { chrome, rows, has_examples })
}

/// The rules in force, or the first that are planned where there were none before.
fn row(reference: &Reference, state: UsState) -> Option<Row> {
    let version = reference.requirement(state).or_else(|| reference.requirements(state).first())?;
    let requirement = &version.value;
    let hours = if requirement.hours.is_zero() { "No number".to_owned() } else { requirement.hours.fixed() };
    let is_planned = version.from > reference.today();
    Some(Row {
        href: format!("/requirements/{state}"),
        state: state.name(),
        hours: if is_planned { format!("{hours}, from {}", us_date(version.from)) } else { hours },
        cycle: cycle_words(requirement.cycle),
        topics: requirement.topics.len(),
        is_example: requirement.is_example,
    })
}

async fn show(State(app): State<App>, chrome: Chrome, Path(state): Path<String>) -> Result<Page<impl Template>> {
    let known = UsState::all().find(|known| known.code().eq_ignore_ascii_case(&state));
    let state = known.ok_or(app::Error::NotFound)?;
    let (current, planned) = versions(&app.reference.get(), state);
    Ok(Page(ShowPage { chrome, state: state.name(), current, planned }))
}
