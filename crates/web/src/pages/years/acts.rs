//! What is said and given on a year's page. What is refused comes back on the page with its words.

use app::years::{self, Refreshed};
use app::{App, Fault};
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use domain::ActivityId;
use domain::access::{Actor, ProviderScope};
use domain::activity::year::{INCOME_FIELDS, Income};
use store::years::Enduring;

use super::show::page;
use super::year_of;
use crate::access::{Editor, Owner};
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/provider/years/{year}/agree", post(agree))
        .route("/provider/years/{year}/entered", post(entered))
        .route("/provider/years/{year}/enduring", post(enduring))
        .route("/provider/years/{year}/income", post(income))
        .route("/provider/years/{year}/submit", post(submit))
}

type Pairs = Vec<(String, String)>;

fn get<'a>(pairs: &'a Pairs, name: &str) -> &'a str {
    pairs.iter().find(|(field, _)| field == name).map_or("", |(_, given)| given.trim())
}

/// Whole numbers as people write them: `$1,200`.
fn number(given: &str) -> Option<i64> {
    let plain = given.trim().trim_start_matches('$').replace(',', "");
    let is_plain = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
    plain.parse().ok().filter(|_| is_plain)
}

/// Back to the year at the step, or the year as it stands with what is wrong.
async fn answer(
    app: &App,
    scope: &ProviderScope,
    chrome: Chrome,
    year: i16,
    done: app::Result<()>,
    place: &str,
    typed: &Pairs,
) -> Result<Response> {
    let error = match done {
        Ok(()) => return Ok(Redirect::to(&format!("/provider/years/{year}?done={place}")).into_response()),
        Err(error) => error,
    };
    let (status, chrome, faults) = match error {
        app::Error::Stale => {
            let text = "What you typed is kept below. Look at the year as it stands now, then do it again.";
            let chrome = chrome.with_notice("warning", "Somebody else worked on this year meanwhile", text);
            (StatusCode::CONFLICT, chrome, Faults::none())
        }
        other => (REFUSED, chrome, Faults::from_error(other)?),
    };
    Ok((status, Page(page(app, scope, chrome, year, typed, faults).await?)).into_response())
}

async fn agree(
    State(app): State<App>,
    Owner { session, scope }: Owner,
    chrome: Chrome,
    Path(year): Path<String>,
) -> Result<Response> {
    let year = year_of(&year)?;
    let done = years::accept_agreement(&app, &session.actor, year).await;
    answer(&app, &scope, chrome, year, done, "agreed", &Pairs::new()).await
}

async fn entered(
    State(app): State<App>,
    Editor { session, scope }: Editor,
    chrome: Chrome,
    Path(year): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Result<Response> {
    let year = year_of(&year)?;
    let are_entered = get(&pairs, "are_entered") != "no";
    let done = years::say_entered(&app, &session.actor, year, are_entered).await;
    let place = if are_entered { "entered" } else { "reopened" };
    answer(&app, &scope, chrome, year, done, place, &pairs).await
}

/// Lines with both numbers; a line with none is left for later.
fn refreshed(pairs: &Pairs) -> Result<Vec<Refreshed>, Vec<Fault>> {
    let (mut list, mut faults) = (Vec::new(), Vec::new());
    for (name, physicians) in pairs {
        let Some(id) = name.strip_prefix("physicians_") else { continue };
        let Ok(activity) = id.parse::<ActivityId>() else { continue };
        let others = get(pairs, &format!("others_{id}"));
        match (number(physicians), number(others)) {
            (Some(physicians), Some(others)) => list.push(Refreshed { activity, physicians, others }),
            _ if physicians.trim().is_empty() && others.is_empty() => {}
            _ => {
                let what = format!("Activity {id}: write both totals as whole numbers; 0 is allowed.");
                faults.push(Fault::new("enduring", what));
            }
        }
    }
    if faults.is_empty() { Ok(list) } else { Err(faults) }
}

/// The same with totals of the activities in fields that are empty. Nothing is on record by that: the
/// person looks at them, and they may be of a later day than the year's last.
fn filled(mut pairs: Pairs, listed: &[Enduring]) -> Pairs {
    for one in listed {
        for (column, total) in [("physicians", one.physician_total), ("others", one.other_total)] {
            let name = format!("{column}_{}", one.activity);
            let Some(total) = total else { continue };
            if let Some((_, given)) = pairs.iter_mut().find(|(field, given)| *field == name && given.trim().is_empty())
            {
                *given = total.to_string();
            }
        }
    }
    pairs
}

async fn enduring(
    State(app): State<App>,
    Editor { session, scope }: Editor,
    chrome: Chrome,
    Path(year): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Result<Response> {
    let year = year_of(&year)?;
    if get(&pairs, "to") == "fill" {
        let listed = store::years::enduring(&mut app.store.read().await?, &scope, year).await?;
        let filled = filled(pairs, &listed);
        return Ok(Page(page(&app, &scope, chrome, year, &filled, Faults::none()).await?).into_response());
    }
    let done = match refreshed(&pairs) {
        Ok(totals) => years::refresh_enduring(&app, &session.actor, year, &totals).await,
        Err(faults) => Err(app::Error::Invalid(faults)),
    };
    answer(&app, &scope, chrome, year, done, "refreshed", &pairs).await
}

fn read_income(pairs: &Pairs) -> Result<Income, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut dollars = |field: &'static str| {
        let given = get(pairs, field);
        let read = number(given);
        if read.is_none() && !given.is_empty() {
            faults.push(Fault::new(field, "Write whole dollars; 0 is allowed."));
        }
        read
    };
    let income = Income {
        advertising_and_exhibits: dollars("advertising_and_exhibits"),
        registration_fees: dollars("registration_fees"),
        government_grants: dollars("government_grants"),
        private_donations: dollars("private_donations"),
    };
    if faults.is_empty() { Ok(income) } else { Err(faults) }
}

async fn income(
    State(app): State<App>,
    Editor { session, scope }: Editor,
    chrome: Chrome,
    Path(year): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Result<Response> {
    let year = year_of(&year)?;
    let version = get(&pairs, "version").parse().unwrap_or_default();
    let done = match read_income(&pairs) {
        Ok(income) => years::save_income(&app, &session.actor, year, income, version).await,
        Err(faults) => Err(app::Error::Invalid(faults)),
    };
    answer(&app, &scope, chrome, year, done, "income", &pairs).await
}

/// Submits with the income that stands in the form, which nobody has to save before.
async fn submit_typed(
    app: &App,
    actor: &Actor,
    scope: &ProviderScope,
    year: i16,
    version: i64,
    pairs: &Pairs,
) -> app::Result<()> {
    let is_typed = INCOME_FIELDS.iter().any(|(field, _)| pairs.iter().any(|(name, _)| name == field));
    if is_typed {
        let income = read_income(pairs).map_err(app::Error::Invalid)?;
        let on_record = years::find(app, scope, year).await?.on_record;
        if on_record.version == version && on_record.income != income {
            years::save_income(app, actor, year, income, version).await?;
            return years::submit(app, actor, year, version + 1).await;
        }
    }
    years::submit(app, actor, year, version).await
}

async fn submit(
    State(app): State<App>,
    Owner { session, scope }: Owner,
    chrome: Chrome,
    Path(year): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Result<Response> {
    let year = year_of(&year)?;
    let version = get(&pairs, "version").parse().unwrap_or_default();
    let done = submit_typed(&app, &session.actor, &scope, year, version, &pairs).await;
    answer(&app, &scope, chrome, year, done, "submitted", &pairs).await
}
