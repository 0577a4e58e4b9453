//! `/passport/access`: who looked at the physician's record and what changed in it, by which right; all of it to be
//! taken away as a file.

use app::App;
use app::looks::{self, Filter, Kind, Line};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;

use crate::access::PhysicianVisitor;
use crate::addresses::encoded;
use crate::{Chrome, Page, Result, When, download};

const PAGE: usize = 50;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/passport/access", get(show)).route("/passport/access.csv", get(csv))
}

#[derive(Template)]
#[template(path = "passport/access.html")]
struct AccessPage {
    chrome: Chrome,
    looks: Vec<Look>,
    given: Filter,
    kinds: Vec<(&'static str, &'static str)>,
    people: Vec<(String, String)>,
    count: usize,
    page: u64,
    pages: u64,
    /// The address of the list up to its page's number.
    href: String,
    query: String,
    is_filtered: bool,
}

struct Look {
    at: When,
    who: String,
    what: String,
    right: String,
    kind: &'static str,
    /// How often on that day, and since when; empty for once.
    times: String,
}

async fn show(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Query(given): Query<Filter>,
) -> Result<Page<impl Template>> {
    let listed = looks::list(&app, &visitor.scope, &given).await?;
    let count = listed.lines.len();
    let pages = count.div_ceil(PAGE).max(1);
    let page = given.page().min(pages);
    let looks = listed.lines.iter().skip((page - 1) * PAGE).take(PAGE).map(|line| look(&app, line)).collect();
    let anybody = [(String::new(), "Anybody".to_owned())];
    let any = [("", "Everything")];
    let query = query(&given);
    let start = if query.is_empty() { "?".to_owned() } else { format!("{query}&") };
    Ok(Page(AccessPage {
        chrome,
        looks,
        kinds: any.into_iter().chain(Kind::ALL.iter().map(|(_, code, label)| (*code, *label))).collect(),
        people: anybody.into_iter().chain(listed.people.into_iter().map(|who| (who.clone(), who))).collect(),
        count,
        page: page as u64,
        pages: pages as u64,
        href: format!("/passport/access{start}page="),
        is_filtered: !query.is_empty(),
        query,
        given,
    }))
}

fn look(app: &App, line: &Line) -> Look {
    let times = match line.times {
        1 => String::new(),
        times => format!("{times} times since {}", app.clock.show(line.first_at)),
    };
    Look {
        at: When::of(app, line.at),
        who: line.who.clone(),
        what: line.what.clone(),
        right: line.right.clone(),
        kind: line.kind.label(),
        times,
    }
}

/// The filter as the end of an address: empty or `?kind=...`.
fn query(given: &Filter) -> String {
    let parts = [("kind", &given.kind), ("who", &given.who), ("from", &given.from), ("until", &given.until)];
    let given = parts.into_iter().filter(|(_, value)| !value.is_empty());
    let query: Vec<String> = given.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) }
}

async fn csv(State(app): State<App>, visitor: PhysicianVisitor, Query(given): Query<Filter>) -> Result<Response> {
    let bytes = looks::csv(&app, &visitor.scope, &given).await?;
    Ok(download::bytes("who-looked.csv", "text/csv; charset=utf-8", bytes))
}
