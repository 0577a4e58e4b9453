//! `/help/problems`: every code that a report can be refused with, by the check that finds it, and a page for each.
//! Title and remedy are the system's own words; below stands what the help adds.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use domain::Code;
use domain::help::Kind;
use domain::problem::Check;
use store::help::Entry;

use super::page::{Place, of_kind};
use crate::{Chrome, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/help/problems", get(list)).route("/help/problems/{code}", get(show))
}

/// What the system itself says of a problem.
pub(super) struct About {
    pub code: Code,
    pub remedy: &'static str,
    pub check: &'static str,
    pub found_by: &'static str,
}

impl About {
    pub fn of(entry: &Entry) -> Option<Self> {
        let code: Code = entry.slug.parse().ok().filter(|_| entry.kind == Kind::Problem)?;
        let (check, found_by) = words(code.check());
        Some(Self { code, remedy: code.remedy(), check, found_by })
    }
}

/// The five checks: a name, and what the check does and means for the rest of the file.
fn words(check: Check) -> (&'static str, &'static str) {
    match check {
        Check::File => (
            "The file",
            "Found while the file was opened or read. Rows that could not be read were not looked at; nothing of them is on record.",
        ),
        Check::Record => {
            ("The row itself", "Found by looking at this row alone. Other rows of the file are not affected.")
        }
        Check::Activity => (
            "The activity",
            "Found by comparing the row with your activity: its dates, its credit and its registrations.",
        ),
        Check::Identity => (
            "The learner",
            "Found while looking for the physician in the registry. A refusal is safer than credit on another doctor’s transcript, so the system never guesses.",
        ),
        Check::Duplicate => ("What is on record", "Found by comparing the row with what you have reported before."),
    }
}

#[derive(Template)]
#[template(path = "help/problems.html")]
struct List {
    chrome: Chrome,
    groups: Vec<Group>,
}

struct Group {
    id: String,
    label: &'static str,
    found_by: &'static str,
    codes: Vec<Code>,
}

async fn list(chrome: Chrome) -> Page<impl Template> {
    let checks = [Check::File, Check::Record, Check::Activity, Check::Identity, Check::Duplicate];
    let groups = checks.into_iter().enumerate().map(|(place, check)| {
        let (label, found_by) = words(check);
        let codes = Code::ALL.iter().copied().filter(|code| code.check() == check).collect();
        Group { id: format!("check-{}", place + 1), label, found_by, codes }
    });
    Page(List { chrome, groups: groups.collect() })
}

async fn show(
    state: State<App>,
    chrome: Chrome,
    Path(code): Path<String>,
    Query(place): Query<Place>,
) -> Result<Page<impl Template>> {
    of_kind(&state, chrome, Kind::Problem, &code, &place).await
}
