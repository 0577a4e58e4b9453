//! A new audit: from which list, how many, by which seed, and which cycle.

use app::App;
use app::license_audits::{self, NewAudit};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::LicenseeListId;
use domain::licensee_list::WhichCycle;
use serde::Deserialize;

use crate::access::LicensingBoardVisitor;
use crate::pages::board::lists::{day, rules_of};
use crate::pages::uploads::grouped;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/board/audits/new", get(form).post(start))
}

/// Lists to choose from, newest first.
const MOST: i64 = 100;

#[derive(Template)]
#[template(path = "board/audits/new.html")]
struct New {
    chrome: Chrome,
    board: String,
    faults: Faults,
    given: AuditForm,
    lists: Vec<(String, String)>,
    requirement: String,
    is_example: bool,
    cycles: Vec<(&'static str, &'static str)>,
    draw: &'static str,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct AuditForm {
    name: String,
    list: String,
    size: String,
    seed: String,
    as_of: String,
    which: String,
}

#[derive(Deserialize)]
struct Chosen {
    list: Option<String>,
}

async fn form(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Query(chosen): Query<Chosen>,
) -> Result<Page<impl Template>> {
    let given = AuditForm {
        list: chosen.list.unwrap_or_default(),
        seed: license_audits::new_seed(&app),
        as_of: app.clock.today().to_string(),
        which: WhichCycle::Ended.code().to_owned(),
        ..AuditForm::default()
    };
    Ok(Page(page(&app, &visitor, chrome, given, Faults::none()).await?))
}

async fn page(
    app: &App,
    visitor: &LicensingBoardVisitor,
    chrome: Chrome,
    given: AuditForm,
    faults: Faults,
) -> Result<New> {
    let lists = store::licensee_lists::list(&mut app.store.read().await?, &visitor.scope, MOST, 0).await?;
    let rules = rules_of(app, &visitor.scope);
    let words = |list: store::licensee_lists::LicenseeList| {
        (list.id.to_string(), format!("{} ({} licensees)", list.name, grouped(list.licensees)))
    };
    Ok(New {
        chrome,
        board: visitor.session.organization.clone(),
        faults,
        given,
        lists: lists.into_iter().map(words).collect(),
        requirement: rules.words(app.clock.today()),
        is_example: rules.is_example(),
        cycles: WhichCycle::ALL.iter().map(|which| (which.code(), which.label())).collect(),
        draw: license_audits::reports::DRAW_WORDS,
    })
}

async fn start(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Form(given): Form<AuditForm>,
) -> Result<Response> {
    let session = &visitor.session;
    let started = match asked(&given) {
        Ok(new) => license_audits::start(&app, &session.actor, &session.name, &visitor.scope, new).await,
        Err(error) => Err(error),
    };
    match started {
        Ok(audit) => Ok(Redirect::to(&format!("/board/audits/{audit}")).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, Page(page(&app, &visitor, chrome, given, faults).await?)).into_response())
        }
    }
}

fn asked(given: &AuditForm) -> app::Result<NewAudit> {
    let list: LicenseeListId =
        given.list.parse().map_err(|_| app::Error::invalid("list", "Choose a list to draw from."))?;
    Ok(NewAudit {
        name: given.name.clone(),
        list,
        size: given.size.clone(),
        seed: given.seed.clone(),
        as_of: day(&given.as_of, "as_of")?,
        which: WhichCycle::read(&given.which).unwrap_or(WhichCycle::Ended),
    })
}
