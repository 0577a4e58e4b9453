//! One activity: where it stands, what is missing for the next status, its registrations.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use domain::access::{ProviderRole, ProviderScope};
use domain::activity::{Activity, Delivery, MocRegistration, Status, Warned, Warning};
use domain::check::us_date;
use domain::reference::{List, Reference};
use domain::{ActivityId, Board};
use serde::Deserialize;

use super::checklist::Checklist;
use super::form::boards_left;
use super::{Day, Days, activity_id, edit_page, status_words};
use crate::access::Viewer;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result, When};

/// Completions that are named where one asks to delete.
const KEPT_BY: i64 = 6;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/activities/{id}", get(show))
}

#[derive(Template)]
#[template(path = "activities/show.html")]
pub(super) struct ActivityPage {
    chrome: Chrome,
    id: ActivityId,
    activity: Activity,
    status: (&'static str, &'static str),
    version: i64,
    days: Days,
    place: String,
    delivery: String,
    credit: String,
    support: Vec<String>,
    outcomes: Vec<String>,
    saved: When,
    closed: Option<When>,
    completions: i64,
    completions_shown: String,
    checklist: Checklist,
    slips: Vec<Slip>,
    /// Completions that keep it from being deleted.
    kept_by: Vec<String>,
    is_locked: bool,
    /// Fields that are shown as pairs of a label and words, where there is something.
    more: Vec<(&'static str, String)>,
    registrations: Vec<Registered>,
    boards_left: Vec<(String, String)>,
    can_close: bool,
    is_draft: bool,
    is_active: bool,
    may_edit: bool,
    may_report: bool,
}

/// A likely slip, and where to look at it.
struct Slip {
    title: &'static str,
    words: String,
    href: String,
    /// What the link does.
    verb: &'static str,
}

struct Registered {
    board: Board,
    heading: String,
    points: String,
    credit_types: String,
    practice_areas: String,
    claim_until: Option<Day>,
    attested: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
}

async fn show(
    State(app): State<App>,
    Viewer { scope, .. }: Viewer,
    chrome: Chrome,
    Path(id): Path<String>,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    let chrome = match done.as_str() {
        "created" => chrome.with_notice("success", "The activity is saved", "What is still missing is listed here."),
        "saved" => chrome.with_notice("success", "The activity is saved", ""),
        "copied" => {
            let text = "Give it its own title, dates and credit. The activity it was copied from is unchanged.";
            chrome.with_notice("success", "This is the copy", text)
        }
        "closed" => {
            chrome.with_notice("success", "The activity is closed", "It can be reopened until its year is locked.")
        }
        "reopened" => chrome.with_notice("success", "The activity is open again", ""),
        "is_closed" => chrome.with_notice("info", "A closed activity is not edited", "Reopen it first."),
        "is_locked" => {
            chrome.with_notice("info", "The reporting year is locked", "Nothing of the activity can be changed.")
        }
        "registered" => chrome.with_notice("success", "The registration is saved", ""),
        "unregistered" => chrome.with_notice("success", "The registration is taken back", ""),
        _ => chrome,
    };
    Ok(Page(page(&app, &scope, chrome, activity_id(&id)?).await?))
}

/// The page of an activity, also for what was refused on it.
pub(super) async fn page(app: &App, scope: &ProviderScope, chrome: Chrome, id: ActivityId) -> Result<ActivityPage> {
    let (today, reference) = (app.clock.today(), app.reference.get());
    let mut tx = app.store.read().await?;
    let stored = store::activities::find(&mut tx, scope, id).await?.ok_or(app::Error::NotFound)?;
    let completions = store::activities::completions(&mut tx, scope, id).await?;
    let warnings = app::activities::warnings(app, &mut tx, scope, &stored.activity).await?;
    let kept_by = store::activities::named(&mut tx, scope, id, KEPT_BY).await?;
    let activity = stored.activity;
    let status = activity.status(today);
    let is_locked = activity.year_of_closing() <= reference.settings().locked_year;
    let checklist = Checklist::of(&edit_page(id), &activity, today, &reference).with_late(app, &activity);
    Ok(ActivityPage {
        chrome,
        id,
        status: status_words(status),
        version: stored.version,
        days: Days::of(&activity),
        // the form offers a country before anybody says that learners meet
        place: if activity.deliveries.contains(&Delivery::InPerson) || !activity.city.trim().is_empty() {
            place(&activity, &reference)
        } else {
            String::new()
        },
        delivery: activity.deliveries.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        credit: activity.credit.map(|credit| credit.to_string()).unwrap_or_default(),
        support: activity.support.iter().map(support).collect(),
        outcomes: activity.outcomes.iter().map(|measured| outcome(measured, &reference)).collect(),
        saved: When::of(app, stored.updated_at),
        closed: stored.closed_at.map(|at| When::of(app, at)),
        completions,
        completions_shown: grouped(completions),
        can_close: status == Status::ReadyToClose && checklist.is_empty() && !is_locked,
        checklist,
        slips: warnings.iter().map(|warned| slip(id, warned)).collect(),
        kept_by: kept_by
            .iter()
            .map(|named| format!("{} {}, {}", named.first, named.last, us_date(named.completed_on)))
            .collect(),
        is_locked,
        more: more(&activity, &reference),
        registrations: activity.moc.iter().map(|moc| registered(moc, &reference)).collect(),
        boards_left: boards_left(&reference, Some(&activity)),
        is_draft: status == Status::Draft,
        is_active: status == Status::Active,
        may_edit: scope.may(ProviderRole::Editor),
        may_report: scope.may(ProviderRole::LearnerData),
        activity,
    })
}

fn slip(id: ActivityId, warned: &Warned) -> Slip {
    // its fact is the IDs of those that are alike
    let alike = warned.fact.split(", ").next().filter(|_| warned.warning == Warning::LikelyDuplicate);
    Slip {
        title: warned.warning.title(),
        words: format!("{} {}", warned.message(), warned.warning.advice()),
        href: match alike {
            Some(other) => format!("/provider/activities/{other}"),
            None => format!("{}#{}", edit_page(id), warned.warning.field()),
        },
        verb: if alike.is_some() { "Compare" } else { "Go there" },
    }
}

/// What is only handed on: audience, content and other credit.
fn more(activity: &Activity, reference: &Reference) -> Vec<(&'static str, String)> {
    let yes_no = |answer: Option<bool>| answer.map_or("", |yes| if yes { "Yes" } else { "No" }).to_owned();
    let names = |list: List, codes: &[String]| {
        codes.iter().map(|code| reference.name_of(list, code)).collect::<Vec<_>>().join("; ")
    };
    let credits = activity.other_credits.iter();
    let credits =
        credits.map(|one| format!("{} {}", one.amount, reference.name_of(List::CreditKinds, &one.certification)));
    let by_profession = activity.other_breakdown.iter();
    let by_profession =
        by_profession.map(|one| format!("{}: {}", reference.name_of(List::Professions, &one.profession), one.count));
    let topics = activity.state_topics.iter().map(|one| format!("{}: {}", one.domain, one.topic));
    let outlines = activity.outlines.iter().map(|one| {
        let keys: Vec<String> = one.keys.iter().map(|key| format!("{} {}", key.keyword, key.value)).collect();
        format!("{}: {}", one.source, keys.join(", "))
    });
    let pharmacy = activity.pharmacy.as_ref().map(|one| {
        let parts = [&one.activity_type, &one.topic, &one.uan, &one.uan_technician];
        parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ")
    });
    let all = [
        ("Other credit", credits.collect::<Vec<_>>().join("; ")),
        ("Interprofessional", yes_no(activity.is_interprofessional)),
        ("Professions", names(List::Professions, &activity.professions)),
        ("Specialties", names(List::Specialties, &activity.specialties)),
        ("Other learners by profession", by_profession.collect::<Vec<_>>().join("; ")),
        ("Commendation tags", names(List::CommendationTags, &activity.commendation_tags)),
        ("MIPS", yes_no(activity.is_mips)),
        ("State content", yes_no(activity.has_state_topics)),
        ("State content topics", topics.collect::<Vec<_>>().join("; ")),
        ("Content outlines", outlines.collect::<Vec<_>>().join("; ")),
        ("Pharmacy", pharmacy.unwrap_or_default()),
    ];
    all.into_iter().filter(|(_, words)| !words.is_empty()).collect()
}

pub(super) fn place(activity: &Activity, reference: &Reference) -> String {
    let state = reference.name_of(List::States, activity.state.trim());
    let country = reference.name_of(List::Countries, activity.country.trim());
    let parts = [activity.city.trim(), &state, &country];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn support(support: &domain::activity::Support) -> String {
    match support.dollars {
        Some(dollars) => format!("{}, ${}", support.source, grouped(dollars)),
        None => format!("{}, in kind", support.source),
    }
}

fn outcome(measured: &domain::activity::MeasuredOutcome, reference: &Reference) -> String {
    let ways = match (measured.objective, measured.subjective) {
        (true, true) => "objective and subjective",
        (true, false) => "objective",
        _ => "subjective",
    };
    format!("{}, {ways}", reference.name_of(List::Outcomes, &measured.outcome))
}

fn registered(moc: &MocRegistration, reference: &Reference) -> Registered {
    let board = reference.board(moc.board);
    Registered {
        board: moc.board,
        heading: board.map_or_else(|| moc.board.to_string(), |board| format!("{} ({})", board.name, board.label)),
        points: moc.points.to_string(),
        credit_types: moc.credit_types.join(", "),
        practice_areas: moc.practice_areas.join(", "),
        claim_until: moc.claim_until.map(Day::of),
        attested: moc.is_attested(),
    }
}
