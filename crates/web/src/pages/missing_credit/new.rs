//! `/passport/missing/new`: first the activity is found, then the page says what is known of the physician's credit for
//! it, and takes what a case needs. Both steps are one address, so that nothing is lost on the way back.

use app::missing_credit::{self, Asked, Identifier, find_activities, look};
use app::{App, Error, evidence};
use askama::Template;
use axum::Router;
use axum::extract::{Multipart, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::ProviderId;
use domain::access::PhysicianScope;
use domain::missing_credit::is_missing;
use jiff::civil::Date;
use serde::Deserialize;
use store::missing_credit::Public;
use store::transcripts::Record;

use super::{Day, FindingView};
use crate::access::PhysicianVisitor;
use crate::addresses::encoded;
use crate::evidence_form;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/passport/missing/new", get(form))
}

pub(super) fn upload_routes() -> Router<App> {
    Router::new().route("/passport/missing/new", post(send))
}

/// The search, and what was chosen.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Search {
    completed: String,
    q: String,
    provider: String,
    activity: String,
    /// `yes`: the activity is described in words.
    described: String,
    /// Whether the search was sent.
    find: String,
}

#[derive(Template)]
#[template(path = "missing_credit/search.html")]
struct SearchPage {
    chrome: Chrome,
    search: Search,
    faults: Faults,
    providers: Vec<(String, String)>,
    today: String,
    /// Whether anything was looked for.
    is_asked: bool,
    found: Vec<Found>,
    /// To describe it in words, with what was given so far.
    describe: String,
}

struct Found {
    title: String,
    id: String,
    provider: String,
    from: Day,
    until: Day,
    href: String,
}

#[derive(Template)]
#[template(path = "missing_credit/ask.html")]
struct AskPage {
    chrome: Chrome,
    asked: Asked,
    faults: Faults,
    /// The activity that was chosen; none for one that is described.
    chosen: Option<Found>,
    providers: Vec<(String, String)>,
    known: Vec<FindingView>,
    /// All of it is on record: a case only makes sense for more.
    is_complete: bool,
    name: String,
    birth: String,
    identifiers: Vec<(String, String)>,
    days: i32,
    today: String,
    accepted: &'static str,
    back: String,
}

async fn providers(app: &App) -> Result<Vec<(String, String)>> {
    let all = store::organizations::list_providers(&mut app.store.read().await?).await?;
    Ok(all.into_iter().map(|one| (one.id.to_string(), format!("{}, {}", one.name, one.city))).collect())
}

fn found(one: &Public, completed: &str) -> Found {
    Found {
        title: one.title.clone(),
        id: one.id.to_string(),
        provider: one.provider_name.clone(),
        from: Day::of(one.starts_on),
        until: Day::of(one.ends_on),
        href: format!("/passport/missing/new?completed={}&activity={}", encoded(completed), one.id),
    }
}

async fn form(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Query(search): Query<Search>,
) -> Result<Response> {
    if !search.activity.is_empty() || search.described == "yes" {
        let asked = Asked {
            activity: search.activity.clone(),
            title: if search.described == "yes" { search.q.clone() } else { String::new() },
            provider: search.provider.clone(),
            completed: search.completed.clone(),
            ..Asked::default()
        };
        return Ok(ask_page(&app, &visitor.scope, chrome, asked, Faults::none()).await?.into_response());
    }
    let mut faults = Vec::new();
    let day: Option<Date> = search.completed.trim().parse().ok();
    let is_asked = search.find == "yes";
    let provider: Option<ProviderId> = search.provider.trim().parse().ok();
    if is_asked && day.is_none_or(|day| day > app.clock.days().latest) {
        faults.push(app::Fault::new("completed", "Enter the day on which you completed the activity, in the past."));
    }
    if is_asked && provider.is_none() && !search.q.chars().any(char::is_alphanumeric) {
        faults.push(app::Fault::new("q", "Enter a word of the title, or choose the provider."));
    }
    let activities = match day.filter(|_| is_asked && faults.is_empty()) {
        Some(day) => find_activities(&app, &visitor.scope, day, provider, &search.q).await?,
        None => Vec::new(),
    };
    let describe = format!(
        "/passport/missing/new?described=yes&completed={}&provider={}&q={}",
        encoded(&search.completed),
        encoded(&search.provider),
        encoded(&search.q)
    );
    let page = SearchPage {
        chrome,
        providers: providers(&app).await?,
        today: app.clock.today().to_string(),
        is_asked: is_asked && faults.is_empty(),
        found: activities.iter().map(|one| found(one, &search.completed)).collect(),
        describe,
        faults: faults.into(),
        search,
    };
    let status = if page.faults.is_empty() { axum::http::StatusCode::OK } else { REFUSED };
    Ok((status, Page(page)).into_response())
}

/// What is known of the choice, and the form of the case.
async fn ask_page(
    app: &App,
    scope: &PhysicianScope,
    chrome: Chrome,
    asked: Asked,
    faults: Faults,
) -> Result<Page<AskPage>> {
    let mut tx = app.store.read().await?;
    let physician = store::transcripts::holder(&mut tx, &Record::own(scope)).await?.ok_or(Error::NotFound)?;
    let chosen = match asked.activity.trim().parse() {
        Ok(id) => store::missing_credit::public(&mut tx, scope, id).await?,
        Err(_) => None,
    };
    drop(tx);
    if chosen.is_none() && !asked.activity.trim().is_empty() {
        return Err(Error::NotFound.into());
    }
    let provider: Option<ProviderId> = match &chosen {
        Some(activity) => Some(activity.provider),
        None => asked.provider.trim().parse().ok(),
    };
    let day: Option<Date> = asked.completed.trim().parse().ok();
    let findings = match (provider, day) {
        (Some(provider), Some(day)) => match look(app, scope, provider, chosen.as_ref().map(|one| one.id), day).await {
            Err(Error::NotFound) => Vec::new(),
            findings => findings?,
        },
        _ => Vec::new(),
    };
    let identifiers = missing_credit::identifiers(&physician);
    let back = format!(
        "/passport/missing/new?find=yes&completed={}&provider={}",
        encoded(&asked.completed),
        encoded(&provider.map(|id| id.to_string()).unwrap_or_default())
    );
    Ok(Page(AskPage {
        chrome,
        known: findings.iter().map(FindingView::of).collect(),
        is_complete: !findings.is_empty() && !is_missing(&findings, None),
        chosen: chosen.map(|one| found(&one, &asked.completed)),
        providers: providers(app).await?,
        name: physician.full_name(),
        birth: physician.birth.map(|birth| birth.to_string()).unwrap_or_default(),
        identifiers: identifiers.into_iter().map(|Identifier { code, label, .. }| (code, label)).collect(),
        days: app.reference.get().settings().missing_credit_days,
        today: app.clock.today().to_string(),
        accepted: evidence::ACCEPTED,
        back,
        asked,
        faults,
    }))
}

async fn send(State(app): State<App>, visitor: PhysicianVisitor, chrome: Chrome, form: Multipart) -> Result<Response> {
    let (typed, staged) = evidence_form::read(&app, form).await?;
    let asked = Asked {
        activity: typed.text("activity"),
        title: typed.text("title"),
        provider: typed.text("provider"),
        completed: typed.text("completed"),
        amount: typed.text("amount"),
        note: typed.text("note"),
        identifier: typed.text("identifier"),
        consent: typed.text("consent"),
    };
    let opened = match staged {
        Ok(staged) => missing_credit::open(&app, &visitor.session.actor, &visitor.scope, &asked, staged).await,
        Err(error) => Err(error),
    };
    match opened {
        Ok(opening) => Ok(Redirect::to(&format!("/passport/missing/{}?done=opened", opening.id)).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            Ok((REFUSED, ask_page(&app, &visitor.scope, chrome, asked, faults).await?).into_response())
        }
    }
}
