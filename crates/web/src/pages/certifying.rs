//! `/certifying`: the credit that providers reported to a certifying board, and the board's answers by hand. Beside it:
//! its automatic rules, what it answered in figures, and lists to take away.
//!
//! Answers go by checkbox, one or many at a time; each is a fact of its own, so that one credit that
//! somebody else decided meanwhile does not hold up the others.

mod download;
mod rules;
mod statistics;

use app::App;
use app::decisions::{self, Decision, Settled};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::CreditId;
use domain::access::CertifyingBoardScope;
use domain::check::us_date;
use domain::credit::CreditStatus;
use domain::reference::Reference;
use serde::Deserialize;
use store::moc::{MOST_COUNTED, MocCredit, Search};

use super::uploads::grouped;
use crate::access::CertifyingBoardVisitor;
use crate::addresses::encoded;
use crate::{Chrome, Faults, Page, REFUSED, Result, When};

const PAGE: i64 = 50;
/// Providers that a part of a name can mean.
const MOST_PROVIDERS: usize = 200;
const STATUSES: [CreditStatus; 3] = [CreditStatus::Pending, CreditStatus::Accepted, CreditStatus::Rejected];

pub fn routes() -> Router<App> {
    Router::new()
        .route("/certifying", get(show).post(decide))
        .merge(download::routes())
        .merge(rules::routes())
        .merge(statistics::routes())
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Place {
    status: String,
    page: String,
    /// A provider's ID, or a part of its name.
    provider: String,
    activity: String,
    /// The beginning of a last name, or an ID of the roster.
    diplomate: String,
    /// What the last form did: `accepted` or `rejected`, how many, and how many came too late.
    done: String,
    count: String,
    late: String,
}

impl Place {
    fn status(&self) -> CreditStatus {
        CreditStatus::read(&self.status).unwrap_or(CreditStatus::Pending)
    }

    fn page(&self) -> i64 {
        self.page.parse().unwrap_or(1).clamp(1, MOST_COUNTED)
    }

    /// The filters as the end of an address, each behind an `&`.
    fn filters(&self) -> String {
        let given = [("provider", &self.provider), ("activity", &self.activity), ("diplomate", &self.diplomate)];
        let given = given.into_iter().filter(|(_, value)| !value.trim().is_empty());
        given.map(|(name, value)| format!("&{name}={}", encoded(value.trim()))).collect()
    }

    /// What is looked for; an activity that is none finds nothing.
    async fn search(&self, app: &App) -> Result<Search> {
        let words = self.provider.trim().to_lowercase();
        let mut tx = app.store.read().await?;
        let mut search = Search { diplomate: self.diplomate.trim().to_owned(), ..Search::default() };
        if !words.is_empty() {
            let all = store::organizations::list_providers(&mut tx).await?;
            let named =
                all.into_iter().filter(|one| one.id.as_str() == words || one.name.to_lowercase().contains(&words));
            search.providers = Some(named.map(|one| one.id).take(MOST_PROVIDERS).collect());
        }
        match self.activity.trim() {
            "" => {}
            id => match id.parse() {
                Ok(id) => search.activity = Some(id),
                Err(_) => search.providers = Some(Vec::new()),
            },
        }
        Ok(search)
    }
}

#[derive(Template)]
#[template(path = "certifying/queue.html")]
struct Queue {
    chrome: Chrome,
    board: String,
    tabs: Vec<Tab>,
    is_pending: bool,
    status_kind: &'static str,
    status_word: &'static str,
    rows: Vec<Row>,
    place: u64,
    pages: u64,
    pager_href: String,
    /// Where the form sends to: the same filters.
    action: String,
    downloads: String,
    provider: String,
    activity: String,
    diplomate: String,
    is_filtered: bool,
    status: &'static str,
    reasons: Vec<(String, String)>,
    given: Answer,
    faults: Faults,
}

struct Tab {
    href: String,
    label: &'static str,
    count: String,
    is_current: bool,
}

struct Row {
    id: String,
    learner: String,
    diplomate_id: String,
    title: String,
    provider: String,
    activity: String,
    points: String,
    types: Vec<String>,
    completed: String,
    machine_completed: String,
    reported: When,
    reason: String,
    is_selected: bool,
}

/// What the form says.
#[derive(Default)]
struct Answer {
    credits: Vec<CreditId>,
    accepts: bool,
    reason: String,
    note: String,
}

impl Answer {
    fn read(fields: Vec<(String, String)>) -> Self {
        let mut answer = Self::default();
        for (field, value) in fields {
            match field.as_str() {
                "credit" => answer.credits.extend(value.parse::<CreditId>()),
                "answer" => answer.accepts = value == "accept",
                "reason" => answer.reason = value,
                "note" => answer.note = value,
                _ => {}
            }
        }
        answer
    }

    /// The status and reason to record.
    fn verdict(&self, reference: &Reference) -> Result<(CreditStatus, String), app::Error> {
        if self.credits.is_empty() {
            return Err(app::Error::invalid("credits", "Select the credits to answer."));
        }
        if self.accepts {
            return Ok((CreditStatus::Accepted, String::new()));
        }
        Ok((CreditStatus::Rejected, decisions::reason_words(reference, &self.reason, &self.note)?))
    }
}

async fn show(
    State(app): State<App>,
    visitor: CertifyingBoardVisitor,
    chrome: Chrome,
    Query(place): Query<Place>,
) -> Result<Page<impl Template>> {
    let chrome = with_notice(chrome, &place);
    queue(&app, &visitor, chrome, &place, Answer::default(), Faults::none()).await
}

async fn decide(
    State(app): State<App>,
    visitor: CertifyingBoardVisitor,
    chrome: Chrome,
    Query(place): Query<Place>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let answer = Answer::read(fields);
    let (status, reason) = match answer.verdict(&app.reference.get()) {
        Ok(verdict) => verdict,
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let page = queue(&app, &visitor, chrome, &place, answer, faults).await?;
            return Ok((REFUSED, page).into_response());
        }
    };
    let decisions: Vec<Decision> =
        answer.credits.iter().map(|&credit| Decision { credit, status, reason: reason.clone() }).collect();
    let settled = decisions::decide_many(&app, &visitor.session.actor, &decisions).await?;
    let decided = settled.iter().filter(|one| **one == Settled::Decided).count();
    // somebody else of the board was quicker, or the provider withdrew it
    let late = settled.len() - decided;
    let to = format!("/certifying?done={}&count={decided}&late={late}{}", status.code(), place.filters());
    Ok(Redirect::to(&to).into_response())
}

fn with_notice(chrome: Chrome, place: &Place) -> Chrome {
    let count: i64 = place.count.parse().unwrap_or_default();
    let late: i64 = place.late.parse().unwrap_or_default();
    let credits = |count: i64| if count == 1 { "1 credit".to_owned() } else { format!("{} credits", grouped(count)) };
    let text = match late {
        0 => String::new(),
        late => format!("{} had been decided or withdrawn meanwhile.", credits(late)),
    };
    match CreditStatus::read(&place.done) {
        Some(CreditStatus::Accepted) => chrome.with_notice("success", format!("{} accepted", credits(count)), text),
        Some(CreditStatus::Rejected) => {
            chrome.with_notice("success", format!("{} rejected. The provider is told why.", credits(count)), text)
        }
        _ => chrome,
    }
}

async fn queue(
    app: &App,
    visitor: &CertifyingBoardVisitor,
    chrome: Chrome,
    place: &Place,
    given: Answer,
    faults: Faults,
) -> Result<Page<Queue>> {
    let status = place.status();
    let scope = &visitor.scope;
    let search = place.search(app).await?;
    let filters = place.filters();
    let (tabs, total) = tabs(app, scope, status, &search, &filters).await?;
    let pages = (total + PAGE - 1) / PAGE;
    let page = place.page().min(pages.max(1));
    let mut tx = app.store.read().await?;
    let credits = store::moc::search(&mut tx, scope, status, &search, PAGE, (page - 1) * PAGE).await?;
    let (status_kind, status_word) = match status {
        CreditStatus::Pending => ("waiting", "Pending"),
        CreditStatus::Accepted => ("good", "Accepted"),
        CreditStatus::Rejected => ("bad", "Rejected"),
    };
    Ok(Page(Queue {
        chrome,
        board: visitor.session.organization.clone(),
        tabs,
        is_pending: status == CreditStatus::Pending,
        status_kind,
        status_word,
        rows: credits.into_iter().map(|credit| row(app, credit, &given)).collect(),
        place: u64::try_from(page).unwrap_or(1),
        pages: u64::try_from(pages).unwrap_or_default(),
        pager_href: format!("/certifying?status={}{filters}&page=", status.code()),
        action: format!("/certifying?status={}{filters}", status.code()),
        downloads: format!("/certifying/download?status={}{filters}", status.code()),
        provider: place.provider.trim().to_owned(),
        activity: place.activity.trim().to_owned(),
        diplomate: place.diplomate.trim().to_owned(),
        is_filtered: !filters.is_empty(),
        status: status.code(),
        reasons: decisions::reasons(&app.reference.get()),
        given,
        faults,
    }))
}

/// One tab for each status, and how many credits the chosen one has.
async fn tabs(
    app: &App,
    scope: &CertifyingBoardScope,
    chosen: CreditStatus,
    search: &Search,
    filters: &str,
) -> Result<(Vec<Tab>, i64)> {
    let mut tx = app.store.read().await?;
    let (mut tabs, mut total) = (Vec::new(), 0);
    for status in STATUSES {
        let count = store::moc::count_found(&mut tx, scope, status, search).await?;
        if status == chosen {
            total = count;
        }
        let more = if count == MOST_COUNTED { "+" } else { "" };
        tabs.push(Tab {
            href: format!("/certifying?status={}{filters}", status.code()),
            label: status.label(),
            count: format!("{}{more}", grouped(count)),
            is_current: status == chosen,
        });
    }
    Ok((tabs, total))
}

fn row(app: &App, credit: MocCredit, given: &Answer) -> Row {
    Row {
        is_selected: given.credits.contains(&credit.id),
        id: credit.id.to_string(),
        learner: format!("{} {}", credit.first, credit.last),
        diplomate_id: credit.diplomate_id,
        title: credit.title,
        provider: credit.provider_name,
        activity: credit.activity.to_string(),
        points: credit.points.to_string(),
        types: credit.types.iter().map(|(name, amount)| format!("{amount} {name}")).collect(),
        completed: us_date(credit.completed_on),
        machine_completed: credit.completed_on.to_string(),
        reported: When::of(app, credit.reported_at),
        reason: credit.reason,
    }
}
