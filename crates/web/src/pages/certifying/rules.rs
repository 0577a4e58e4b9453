//! `/certifying/rules`: what a board lets the system answer for it, with what that would do to the credit that waits,
//! and who set what before.

use app::board_rules::{self, Preview};
use app::{App, decisions};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::reference::{List, Reference};
use serde::Deserialize;
use store::board_rules::{BoardRules, SetRules};

use crate::access::CertifyingBoardVisitor;
use crate::pages::uploads::grouped;
use crate::{Chrome, Faults, Page, REFUSED, Result, When};

/// Earlier rules that the page shows.
const HISTORY: i64 = 20;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/certifying/rules", get(show).post(save)).route("/certifying/rules/apply", post(apply))
}

#[derive(Template)]
#[template(path = "certifying/rules.html")]
struct Rules {
    chrome: Chrome,
    board: String,
    /// Those that stand, which this person has seen.
    seen: String,
    is_on: bool,
    checks: Vec<Check>,
    accepts: bool,
    /// What the standing rules would do to what waits.
    waits: Option<Waits>,
    history: Vec<Step>,
    faults: Faults,
    /// Somebody else of the board set rules while these were filled in.
    is_stale: bool,
}

struct Check {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    value: String,
    /// Codes with words; the first leaves it to people.
    choices: Vec<(String, String)>,
}

struct Waits {
    total: String,
    accepted: String,
    rejected: Vec<(String, String)>,
    left: String,
    is_cut: bool,
    is_running: bool,
    has_answers: bool,
}

struct Step {
    at: When,
    by: String,
    /// What is checked and what then happens.
    lines: Vec<(&'static str, String)>,
}

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Given {
    seen: String,
    diplomate_unknown: String,
    name_differs: String,
    type_not_valid: String,
    /// `accept`, or nothing.
    passed: String,
}

impl Given {
    fn of(rules: &BoardRules, seen: String) -> Self {
        let code = |reason: &Option<String>| reason.clone().unwrap_or_default();
        Self {
            seen,
            diplomate_unknown: code(&rules.diplomate_unknown),
            name_differs: code(&rules.name_differs),
            type_not_valid: code(&rules.type_not_valid),
            passed: if rules.accepts { "accept".to_owned() } else { String::new() },
        }
    }

    fn rules(&self) -> BoardRules {
        let reason = |code: &String| Some(code.clone()).filter(|code| !code.is_empty());
        BoardRules {
            diplomate_unknown: reason(&self.diplomate_unknown),
            name_differs: reason(&self.name_differs),
            type_not_valid: reason(&self.type_not_valid),
            accepts: self.passed == "accept",
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
}

async fn show(
    State(app): State<App>,
    visitor: CertifyingBoardVisitor,
    chrome: Chrome,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    let chrome = match done.as_str() {
        "saved" => chrome.with_notice("success", "The rules are saved", "They answer what is reported from now on."),
        "applied" => chrome.with_notice("success", "What waits is being answered", "Look again in a moment."),
        _ => chrome,
    };
    Ok(Page(page(&app, &visitor, chrome, None, Faults::none()).await?))
}

async fn save(
    State(app): State<App>,
    visitor: CertifyingBoardVisitor,
    chrome: Chrome,
    Form(given): Form<Given>,
) -> Result<Response> {
    let saved = board_rules::set(&app, &visitor.session.actor, &given.seen, given.rules()).await;
    let (faults, is_stale) = match saved {
        Ok(()) => return Ok(Redirect::to("/certifying/rules?done=saved").into_response()),
        Err(app::Error::Stale) => (Faults::none(), true),
        Err(error) => (Faults::from_error(error)?, false),
    };
    let mut page = page(&app, &visitor, chrome, Some(given), faults).await?;
    page.is_stale = is_stale;
    Ok((REFUSED, Page(page)).into_response())
}

async fn apply(State(app): State<App>, visitor: CertifyingBoardVisitor) -> Result<Redirect> {
    board_rules::apply(&app, &visitor.session.actor).await?;
    Ok(Redirect::to("/certifying/rules?done=applied"))
}

/// The page with the standing rules in its form, or with what was just given.
async fn page(
    app: &App,
    visitor: &CertifyingBoardVisitor,
    chrome: Chrome,
    given: Option<Given>,
    faults: Faults,
) -> Result<Rules> {
    let reference = app.reference.get();
    let mut tx = app.store.read().await?;
    let history = store::board_rules::list(&mut tx, &visitor.scope, HISTORY).await?;
    drop(tx);
    let standing = history.first().map(|set| set.rules.clone()).unwrap_or_default();
    let seen = history.first().map(|set| set.id.to_string()).unwrap_or_default();
    let given = match given {
        // what is sent next was filled in after a look at what stands now
        Some(given) => Given { seen: seen.clone(), ..given },
        None => Given::of(&standing, seen.clone()),
    };
    let waits = match standing.is_on() {
        true => Some(waits(&board_rules::preview(app, &visitor.scope, &standing).await?)),
        false => None,
    };
    Ok(Rules {
        chrome,
        board: visitor.session.organization.clone(),
        seen,
        is_on: standing.is_on(),
        checks: checks(&reference, &given),
        accepts: given.passed == "accept",
        waits,
        history: history.into_iter().map(|set| step(app, &reference, set)).collect(),
        faults,
        is_stale: false,
    })
}

const DIPLOMATE: &str = "The diplomate is not known";
const NAME: &str = "The name does not agree";
const TYPE: &str = "A credit type is not valid";

fn checks(reference: &Reference, given: &Given) -> Vec<Check> {
    let left = (String::new(), "Leave it to us".to_owned());
    let reasons = decisions::reasons(reference).into_iter().map(|(code, words)| (code, format!("Reject: {words}")));
    let choices: Vec<(String, String)> = std::iter::once(left).chain(reasons).collect();
    let check =
        |name, label, hint, value: &String| Check { name, label, hint, value: value.clone(), choices: choices.clone() };
    vec![
        check(
            "diplomate_unknown",
            DIPLOMATE,
            "The physician has no certification of yours, or the ID that was reported is not on your roster.",
            &given.diplomate_unknown,
        ),
        check(
            "name_differs",
            NAME,
            "First and last name as reported are not those of your rosters. Accents, capitals and former last names do \
             not matter.",
            &given.name_differs,
        ),
        check("type_not_valid", TYPE, "Your rules do not have the type on the completion date.", &given.type_not_valid),
    ]
}

fn waits(preview: &Preview) -> Waits {
    Waits {
        total: grouped(preview.answers() + preview.left),
        accepted: grouped(preview.accepted),
        rejected: preview.rejected.iter().map(|(words, count)| (words.clone(), grouped(*count))).collect(),
        left: grouped(preview.left),
        is_cut: preview.is_cut,
        is_running: preview.is_running,
        has_answers: preview.answers() > 0,
    }
}

fn step(app: &App, reference: &Reference, set: SetRules) -> Step {
    let reason = |code: &Option<String>| match code {
        Some(code) => format!("Reject: {}", reference.name_of(List::RejectionReasons, code)),
        None => "Left to us".to_owned(),
    };
    let passed = if set.rules.accepts { "Accept" } else { "Left to us" };
    Step {
        at: When::of(app, set.set_at),
        by: set.set_by_name,
        lines: vec![
            (DIPLOMATE, reason(&set.rules.diplomate_unknown)),
            (NAME, reason(&set.rules.name_differs)),
            (TYPE, reason(&set.rules.type_not_valid)),
            ("Everything agrees", passed.to_owned()),
        ],
    }
}
