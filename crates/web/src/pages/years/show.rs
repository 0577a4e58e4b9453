//! The page of a year, also for what was refused on it: then with every word that was typed.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Redirect;
use axum::routing::get;
use domain::access::{ProviderRole, ProviderScope};
use domain::activity::year::{self, INCOME_FIELDS, State as StepState, Step, Totals};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use store::years::{Enduring, Snapshot};

use super::year_of;
use crate::access::Viewer;
use crate::pages::uploads::grouped;
use crate::{Chrome, Faults, Page, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/years", get(latest)).route("/provider/years/{year}", get(show))
}

#[derive(Template)]
#[template(path = "years/show.html")]
pub(super) struct YearPage {
    chrome: Chrome,
    year: i16,
    steps: Vec<StepLine>,
    due: When,
    is_late: bool,
    is_locked: bool,
    is_over: bool,
    may_edit: bool,
    is_owner: bool,
    version: i64,
    agreement: String,
    agreed: Option<When>,
    entered: Option<When>,
    /// What is said of drafts that came after all were said to be entered.
    drafts_again: String,
    /// What is said of activities that are not closed; nothing if all are.
    unclosed: String,
    /// Whether an empty total could be filled with what stands on its activity.
    can_fill: bool,
    enduring: Vec<EnduringLine>,
    income: Vec<IncomeField>,
    totals: Vec<TotalLine>,
    submitted: Option<When>,
    was_late: bool,
    is_outdated: bool,
    /// Labels of the steps that come before the Program Summary and are open.
    open_steps: Vec<&'static str>,
    faults: Faults,
}

struct StepLine {
    code: &'static str,
    label: &'static str,
    status: (&'static str, String),
}

struct EnduringLine {
    id: String,
    heading: String,
    now: String,
    before: String,
    is_taken: bool,
    physicians: String,
    others: String,
}

struct IncomeField {
    key: &'static str,
    label: &'static str,
    hint: &'static str,
    given: String,
}

/// A sum now, and as it was submitted.
struct TotalLine {
    label: &'static str,
    now: String,
    submitted: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
}

/// The year that is being closed: the last one that is over.
async fn latest(State(app): State<App>, _: Viewer) -> Redirect {
    Redirect::to(&format!("/provider/years/{}", app.clock.today().year().saturating_sub(1)))
}

async fn show(
    State(app): State<App>,
    Viewer { scope, .. }: Viewer,
    chrome: Chrome,
    Path(year): Path<String>,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    let chrome = match done.as_str() {
        "agreed" => chrome.with_notice("success", "The agreement is accepted", ""),
        "entered" => {
            chrome.with_notice("success", "All activities are entered", "It holds until a new draft is begun.")
        }
        "reopened" => chrome.with_notice("info", "More activities will be entered", ""),
        "refreshed" => {
            chrome.with_notice("success", "The totals are on record", "What stays empty is still asked for.")
        }
        "income" => chrome.with_notice("success", "The income is saved", ""),
        "submitted" => {
            let text = "If activities of the year change, this page says so, and you can submit again.";
            chrome.with_notice("success", "The Program Summary is submitted", text)
        }
        _ => chrome,
    };
    Ok(Page(page(&app, &scope, chrome, year_of(&year)?, &[], Faults::none()).await?))
}

fn words_of(state: StepState, step: Step) -> (&'static str, String) {
    match (state, step) {
        (StepState::Done, _) => ("good", "Done".to_owned()),
        (StepState::Open(0), _) => ("waiting", "Open".to_owned()),
        (StepState::Open(1), Step::Entered) => ("caution", "1 draft left".to_owned()),
        (StepState::Open(left), Step::Entered) => ("caution", format!("{} drafts left", grouped(left))),
        (StepState::Open(left), Step::Summary) => ("waiting", format!("{left} of 4 amounts to give")),
        (StepState::Open(left), _) => ("caution", format!("{} left", grouped(left))),
    }
}

/// The deadline where the field reads it, in US Central time unless the setting says otherwise.
pub(super) fn due_words(app: &App, year: i16, due: Timestamp) -> When {
    let reference = app.reference.get();
    let last_day = jiff::civil::Date::new(year, 12, 31).unwrap_or_default();
    let zone = TimeZone::get(&reference.settings_on(last_day).year_due_zone).unwrap_or(TimeZone::UTC);
    let shown = due.to_zoned(zone).strftime("%B %-d, %Y, %-I:%M %p %Z").to_string();
    When { shown, machine: due.to_string() }
}

fn totals(now: Totals, submitted: Option<Totals>) -> Vec<TotalLine> {
    let of = |totals: Totals| {
        [
            ("Activities that ended in the year", grouped(totals.activities)),
            ("AMA PRA Category 1 Credits offered", totals.credits.fixed()),
            ("Physicians", grouped(totals.physicians)),
            ("Other learners", grouped(totals.others)),
            ("Activities with commercial support", grouped(totals.supported)),
            ("Commercial support, in dollars", grouped(totals.support_dollars)),
        ]
    };
    let before = submitted.map(of);
    let line = |(place, (label, now)): (usize, (&'static str, String))| TotalLine {
        label,
        now,
        submitted: before.as_ref().and_then(|before| before.get(place)).map(|(_, sum)| sum.clone()).unwrap_or_default(),
    };
    of(now).into_iter().enumerate().map(line).collect()
}

/// What counts as each kind of income.
fn hint(key: &str) -> &'static str {
    match key {
        "advertising_and_exhibits" => "What companies paid for advertisements and for space at your activities.",
        "registration_fees" => "What learners, or those who sent them, paid to take part.",
        "government_grants" => "Money from federal, state or local government for your program.",
        "private_donations" => "Gifts from people and foundations that are no commercial support.",
        _ => "",
    }
}

fn pair(physicians: i64, others: i64) -> String {
    let word = if physicians == 1 { "physician" } else { "physicians" };
    format!("{} {word}, {} others", grouped(physicians), grouped(others))
}

/// What was typed, or else what is on record.
fn line(enduring: Enduring, typed: &[(String, String)]) -> EnduringLine {
    let id = enduring.activity.to_string();
    let given = |column: &str, on_record: Option<i64>| {
        let name = format!("{column}_{id}");
        let typed = typed.iter().find(|(field, _)| *field == name).map(|(_, given)| given.clone());
        typed.unwrap_or_else(|| on_record.map(|total| total.to_string()).unwrap_or_default())
    };
    let snapshot = |snapshot: Snapshot| pair(snapshot.physicians, snapshot.others);
    EnduringLine {
        physicians: given("physicians", enduring.taken.map(|taken| taken.physicians)),
        others: given("others", enduring.taken.map(|taken| taken.others)),
        now: match (enduring.physician_total, enduring.other_total) {
            (None, None) => "Not given".to_owned(),
            (physicians, others) => pair(physicians.unwrap_or(0), others.unwrap_or(0)),
        },
        before: enduring.before.map_or_else(|| "None".to_owned(), snapshot),
        is_taken: enduring.taken.is_some(),
        heading: enduring.title,
        id,
    }
}

/// The page with what was typed in the place of what is on record.
pub(super) async fn page(
    app: &App,
    scope: &ProviderScope,
    chrome: Chrome,
    year: i16,
    typed: &[(String, String)],
    faults: Faults,
) -> Result<YearPage> {
    let found = app::years::find(app, scope, year).await?;
    let enduring = store::years::enduring(&mut app.store.read().await?, scope, year).await?;
    let (on_record, facts) = (found.on_record, found.facts);
    let given = |key: &str, dollars: Option<i64>| {
        let typed = typed.iter().find(|(field, _)| field == key).map(|(_, given)| given.clone());
        typed.unwrap_or_else(|| dollars.map(|dollars| dollars.to_string()).unwrap_or_default())
    };
    let income = INCOME_FIELDS.into_iter().zip(on_record.income.values());
    let income = income.map(|((key, label), (_, dollars))| IncomeField {
        key,
        label,
        hint: hint(key),
        given: given(key, dollars),
    });
    let when = |done: Option<year::Done>| done.map(|done| When::of(app, done.at));
    let step =
        |step: &Step| StepLine { code: step.code(), label: step.label(), status: words_of(facts.state(*step), *step) };
    Ok(YearPage {
        chrome,
        year,
        steps: Step::ALL.iter().map(step).collect(),
        due: due_words(app, year, found.due),
        is_late: found.is_late,
        is_locked: found.is_locked,
        is_over: found.is_over,
        may_edit: scope.may(ProviderRole::Editor) && !found.is_locked,
        is_owner: scope.may(ProviderRole::Owner) && !found.is_locked,
        version: on_record.version,
        agreement: match on_record.agreement {
            // the words that were accepted, not today's
            Some(_) => on_record.agreement_text.clone(),
            None => app.reference.get().settings().agreement.clone(),
        },
        agreed: when(on_record.agreement),
        entered: when(on_record.entered),
        drafts_again: match facts.drafts {
            0 => String::new(),
            1 => "There is 1 draft again.".to_owned(),
            many => format!("There are {} drafts again.", grouped(many)),
        },
        unclosed: match facts.unclosed {
            0 => String::new(),
            1 => format!("1 activity that ends in {year} is open."),
            many => format!("{} activities that end in {year} are open.", grouped(many)),
        },
        can_fill: enduring
            .iter()
            .any(|one| one.taken.is_none() && (one.physician_total.is_some() || one.other_total.is_some())),
        enduring: enduring.into_iter().map(|enduring| line(enduring, typed)).collect(),
        income: income.collect(),
        totals: totals(facts.totals, facts.submitted_totals),
        submitted: when(on_record.submitted),
        was_late: on_record.is_late,
        is_outdated: facts.is_outdated(),
        open_steps: facts.before_summary().iter().map(|step| step.label()).collect(),
        faults,
    })
}
