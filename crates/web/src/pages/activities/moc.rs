//! Registering an activity for one certifying board's points: a small form of its own for each
//! board, since what can be chosen is the board's.

use app::{App, Fault, activities};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::access::ProviderScope;
use domain::activity::{MocRegistration, Undertaking};
use domain::reference::BoardRules;
use domain::{ActivityId, Amount, Board};
use serde::Deserialize;
use store::activities::Stored;

use super::activity_id;
use super::reading::amount_words;
use super::typed::Typed;
use crate::access::Editor;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/provider/activities/{id}/moc", get(choose))
        .route("/provider/activities/{id}/moc/{board}", get(edit).post(save))
        .route("/provider/activities/{id}/moc/{board}/remove", post(remove))
}

#[derive(Template)]
#[template(path = "activities/moc.html")]
struct RegistrationForm {
    chrome: Chrome,
    id: ActivityId,
    heading: String,
    board: Board,
    board_label: String,
    board_name: String,
    points_hint: &'static str,
    credit: String,
    version: i64,
    is_registered: bool,
    given_points: String,
    claim_date: String,
    undertakings: Vec<(String, String, bool)>,
    credit_types: Vec<(String, String, bool)>,
    practice_areas: Vec<(String, String, bool)>,
    faults: Faults,
}

fn form(
    chrome: Chrome,
    stored: &Stored,
    rules: &BoardRules,
    given: &Typed,
    version: i64,
    faults: Faults,
) -> RegistrationForm {
    let ticked = |list: &str, choice: &str| (choice.to_owned(), choice.to_owned(), given.has(list, choice));
    RegistrationForm {
        chrome,
        id: stored.activity.id,
        heading: stored.activity.title.clone(),
        board: rules.code,
        board_label: rules.label.clone(),
        board_name: rules.name.clone(),
        points_hint: match rules.points_equal_credit {
            true => "This board's points equal the CME credits.",
            false => "The most that one learner can earn, in steps of 0.25.",
        },
        credit: stored.activity.credit.map(|credit| credit.to_string()).unwrap_or_default(),
        version,
        is_registered: stored.activity.registration(rules.code).is_some(),
        given_points: given.get("points").to_owned(),
        claim_date: given.get("claim_until").to_owned(),
        undertakings: Undertaking::ALL
            .iter()
            .map(|one| (one.code().to_owned(), one.label().to_owned(), given.has("undertakings", one.code())))
            .collect(),
        credit_types: rules.credit_types.iter().map(|found| ticked("credit_types", &found.name)).collect(),
        practice_areas: rules.practice_areas.iter().map(|found| ticked("practice_areas", found)).collect(),
        faults,
    }
}

/// A registration as its form shows it; a new one starts with the activity's own credit, and with the
/// last day to claim that another board was told, or else the day on which it ends.
fn shown(stored: &Stored, board: Board) -> Typed {
    let mut pairs = Vec::new();
    let mut put = |field: &str, given: String| pairs.push((field.to_owned(), given));
    match stored.activity.registration(board) {
        None => {
            put("points", stored.activity.credit.map(|credit| credit.to_string()).unwrap_or_default());
            let elsewhere = stored.activity.moc.iter().find_map(|other| other.claim_until);
            put("claim_until", elsewhere.unwrap_or(stored.activity.ends_on).to_string());
        }
        Some(registration) => {
            put("points", registration.points.to_string());
            put("claim_until", registration.claim_until.map(|day| day.to_string()).unwrap_or_default());
            registration.credit_types.iter().for_each(|found| put("credit_types", found.clone()));
            registration.practice_areas.iter().for_each(|found| put("practice_areas", found.clone()));
            registration.undertakings.iter().for_each(|one| put("undertakings", one.code().to_owned()));
        }
    }
    Typed::new(pairs)
}

fn read(given: &Typed, board: Board) -> Result<MocRegistration, Vec<Fault>> {
    let mut faults = Vec::new();
    let points = Amount::read(given.get("points")).unwrap_or_else(|fault| {
        faults.push(Fault::new("points", amount_words(fault)));
        Amount::ZERO
    });
    let until = given.get("claim_until").trim();
    let claim_until = if until.is_empty() { None } else { formats::read_date(until) };
    if claim_until.is_none() && !until.is_empty() {
        faults.push(Fault::new("claim_until", "Write a date that exists, as MM/DD/YYYY."));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(MocRegistration {
        board,
        points,
        credit_types: given.all("credit_types").map(str::to_owned).collect(),
        practice_areas: given.all("practice_areas").map(str::to_owned).collect(),
        claim_until,
        undertakings: Undertaking::ALL.iter().copied().filter(|one| given.has("undertakings", one.code())).collect(),
    })
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Chosen {
    board: String,
}

/// From the activity's page to the form of the board that was chosen there.
async fn choose(_: Editor, Path(id): Path<String>, Query(chosen): Query<Chosen>) -> Result<Redirect> {
    let id = activity_id(&id)?;
    Ok(match Board::read(&chosen.board) {
        Some(board) => Redirect::to(&format!("/provider/activities/{id}/moc/{board}")),
        None => Redirect::to(&format!("/provider/activities/{id}#moc")),
    })
}

/// The activity and the board's rules, or not found.
async fn find(app: &App, scope: &ProviderScope, id: &str, board: &str) -> Result<(Stored, BoardRules)> {
    let id = activity_id(id)?;
    let rules = Board::read(board).and_then(|board| app.reference.get().board(board).cloned());
    let stored = store::activities::find(&mut app.store.read().await?, scope, id).await?;
    Ok(stored.zip(rules).ok_or(app::Error::NotFound)?)
}

async fn edit(
    State(app): State<App>,
    Editor { scope, .. }: Editor,
    chrome: Chrome,
    Path((id, board)): Path<(String, String)>,
) -> Result<Page<impl Template>> {
    let (stored, rules) = find(&app, &scope, &id, &board).await?;
    let given = shown(&stored, rules.code);
    Ok(Page(form(chrome, &stored, &rules, &given, stored.version, Faults::none())))
}

async fn save(
    State(app): State<App>,
    Editor { session, scope }: Editor,
    chrome: Chrome,
    Path((id, board)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let (stored, rules) = find(&app, &scope, &id, &board).await?;
    let given = Typed::new(pairs);
    let version = given.get("version").parse().unwrap_or_default();
    let id = stored.activity.id;
    let saved = match read(&given, rules.code) {
        Ok(registration) => activities::register(&app, &session.actor, id, version, registration).await,
        Err(faults) => Err(app::Error::Invalid(faults)),
    };
    match saved {
        Ok(()) => Ok(Redirect::to(&format!("/provider/activities/{id}?done=registered#moc")).into_response()),
        Err(app::Error::Stale) => {
            let text = "What you typed is kept below. Look at the activity as it stands now, then save again.";
            let chrome = chrome.with_notice("warning", "Somebody else saved this activity meanwhile", text);
            let form = form(chrome, &stored, &rules, &given, stored.version, Faults::none());
            Ok((StatusCode::CONFLICT, Page(form)).into_response())
        }
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, Page(form(chrome, &stored, &rules, &given, version, faults))).into_response())
        }
    }
}

async fn remove(
    State(app): State<App>,
    Editor { session, scope }: Editor,
    chrome: Chrome,
    Path((id, board)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let (stored, rules) = find(&app, &scope, &id, &board).await?;
    let version = Typed::new(pairs).get("version").parse().unwrap_or_default();
    let id = stored.activity.id;
    let error = match activities::unregister(&app, &session.actor, id, version, rules.code).await {
        Ok(()) => return Ok(Redirect::to(&format!("/provider/activities/{id}?done=unregistered#moc")).into_response()),
        Err(error) => error,
    };
    let (status, chrome, faults) = match error {
        app::Error::Stale => {
            let text = "Look at the registration as it stands now, and decide again.";
            let chrome = chrome.with_notice("warning", "Somebody else saved this activity meanwhile", text);
            (StatusCode::CONFLICT, chrome, Faults::none())
        }
        other => (REFUSED, chrome, Faults::from_error(other)?),
    };
    let given = shown(&stored, rules.code);
    Ok((status, Page(form(chrome, &stored, &rules, &given, stored.version, faults))).into_response())
}
