//! `/admin/physicians/{physician}/license`: how a license stands, put right by hand with a reason and the day from
//! which it counts; and a change of a license or certification taken back.

use app::App;
use app::rosters::standings::{self, ByHand, USUAL};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State as Of};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::{PhysicianId, StandingChangeId, State};
use jiff::civil::Date;
use serde::Deserialize;

use super::physician::{HistoryRow, history_row};
use crate::access::StaffVisitor;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/physicians/{physician}/license", get(form).post(change))
        .route("/admin/physicians/{physician}/standing/{change}/take-back", get(back_form).post(take_back))
}

/// Which license.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Which {
    state: String,
    number: String,
}

impl Which {
    fn state(&self) -> app::Result<State> {
        State::read(&self.state).ok_or(app::Error::NotFound)
    }
}

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Given {
    state: String,
    number: String,
    status: String,
    expires_on: String,
    effective_on: String,
    reason: String,
    seen_at: String,
}

#[derive(Template)]
#[template(path = "admin/license.html")]
struct LicensePage {
    chrome: Chrome,
    id: String,
    name: String,
    stands: String,
    usual: [&'static str; 8],
    today: String,
    history: Vec<HistoryRow>,
    given: Given,
    faults: Faults,
    is_stale: bool,
}

impl LicensePage {
    fn record(&self) -> String {
        format!("/admin/physicians/{}", self.id)
    }
}

fn physician_of(text: &str) -> app::Result<PhysicianId> {
    text.parse().map_err(|_| app::Error::NotFound)
}

async fn form(
    Of(app): Of<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(physician): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response> {
    Ok(page(&app, &visitor, chrome, &physician, &which, None, Faults::none(), false).await?.into_response())
}

#[expect(clippy::too_many_arguments, reason = "one page, shown fresh, refused or overtaken")]
async fn page(
    app: &App,
    visitor: &StaffVisitor,
    chrome: Chrome,
    physician: &str,
    which: &Which,
    given: Option<Given>,
    faults: Faults,
    is_stale: bool,
) -> Result<Page<impl Template + use<>>> {
    let id = physician_of(physician)?;
    let opened = standings::open(app, &visitor.session.actor, id, which.state()?, &which.number).await?;
    let named = store::physicians::find(&mut app.store.read().await?, id).await?.ok_or(app::Error::NotFound)?;
    let fresh = Given {
        status: opened.standing.status.clone(),
        expires_on: opened.standing.expires_on.map(|day| day.to_string()).unwrap_or_default(),
        effective_on: app.clock.today().to_string(),
        ..Given::default()
    };
    let given = Given {
        state: opened.state.to_string(),
        number: opened.number.clone(),
        seen_at: opened.updated_at.to_string(),
        ..given.unwrap_or(fresh)
    };
    Ok(Page(LicensePage {
        chrome,
        id: id.to_string(),
        name: named.full_name(),
        stands: standings::words(&opened.standing),
        usual: USUAL,
        today: app.clock.today().to_string(),
        history: opened.history.iter().map(|change| history_row(app, change, &[], &[])).collect(),
        given,
        faults,
        is_stale,
    }))
}

async fn change(
    Of(app): Of<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(physician): Path<String>,
    Form(given): Form<Given>,
) -> Result<Response> {
    let id = physician_of(&physician)?;
    let which = Which { state: given.state.clone(), number: given.number.clone() };
    let mut wrong = Vec::new();
    let wanted = ByHand {
        status: given.status.clone(),
        expires_on: day(&given.expires_on, "expires_on", &mut wrong),
        effective_on: day(&given.effective_on, "effective_on", &mut wrong),
        reason: given.reason.clone(),
        seen_at: given.seen_at.parse().unwrap_or_default(),
    };
    let answer = match wrong.is_empty() {
        true => standings::change(&app, &visitor.session.actor, id, which.state()?, &which.number, &wanted).await,
        false => Err(app::Error::Invalid(wrong)),
    };
    match answer {
        Ok(()) => Ok(Redirect::to(&format!("/admin/physicians/{id}?done=license")).into_response()),
        // somebody else changed it: what they made of it is shown, and nothing typed is lost
        Err(app::Error::Stale) => {
            let page = page(&app, &visitor, chrome, &physician, &which, Some(given), Faults::none(), true).await?;
            Ok((REFUSED, page).into_response())
        }
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let page = page(&app, &visitor, chrome, &physician, &which, Some(given), faults, false).await?;
            Ok((REFUSED, page).into_response())
        }
    }
}

fn day(text: &str, field: &'static str, wrong: &mut Vec<app::Fault>) -> Option<Date> {
    match text.trim() {
        "" => None,
        text => match formats::read_date(text) {
            Some(day) => Some(day),
            None => {
                wrong.push(app::Fault::new(field, "Enter a day that exists, as MM/DD/YYYY."));
                None
            }
        },
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Why {
    reason: String,
}

#[derive(Template)]
#[template(path = "admin/take_back.html")]
struct TakeBack {
    chrome: Chrome,
    id: String,
    name: String,
    change: HistoryRow,
    reason: String,
    faults: Faults,
}

impl TakeBack {
    fn record(&self) -> String {
        format!("/admin/physicians/{}", self.id)
    }
}

async fn back_form(
    Of(app): Of<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path((physician, change)): Path<(String, String)>,
) -> Result<Response> {
    Ok(back_page(&app, &visitor, chrome, &physician, &change, "", Faults::none()).await?.into_response())
}

fn change_of(text: &str) -> app::Result<StandingChangeId> {
    text.parse().map_err(|_| app::Error::NotFound)
}

async fn back_page(
    app: &App,
    visitor: &StaffVisitor,
    chrome: Chrome,
    physician: &str,
    change: &str,
    reason: &str,
    faults: Faults,
) -> Result<Page<impl Template + use<>>> {
    let id = physician_of(physician)?;
    let named = app::physicians::read(app, &visitor.session.actor, &visitor.scope, id).await?;
    let mut tx = app.store.read().await?;
    let found = store::standing_changes::find(&mut tx, &visitor.scope, change_of(change)?).await?;
    let found = found.ok_or(app::Error::NotFound)?;
    Ok(Page(TakeBack {
        chrome,
        id: id.to_string(),
        name: named.full_name(),
        change: history_row(app, &found, &[], &[]),
        reason: reason.to_owned(),
        faults,
    }))
}

async fn take_back(
    Of(app): Of<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path((physician, change)): Path<(String, String)>,
    Form(why): Form<Why>,
) -> Result<Response> {
    let (id, of) = (physician_of(&physician)?, change_of(&change)?);
    match standings::take_back(&app, &visitor.session.actor, id, of, &why.reason).await {
        Ok(()) => Ok(Redirect::to(&format!("/admin/physicians/{id}?done=taken-back")).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let page = back_page(&app, &visitor, chrome, &physician, &change, &why.reason, faults).await?;
            Ok((REFUSED, page).into_response())
        }
    }
}
