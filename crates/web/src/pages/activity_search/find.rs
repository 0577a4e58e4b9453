//! The page itself. It works without a script: the form is an ordinary GET form.

use app::App;
use app::activity_search::{self, LAST_PAGE, PER_PAGE, Search, Sort};
use askama::Template;
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::routing::get;
use domain::ActivityId;

use super::facets::{self, Chip, FacetBox, WayOut};
use super::row::Row;
use super::{gap, with_notice};
use crate::access::MaybeSignedIn;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/activities", get(find))
}

#[derive(Template)]
#[template(path = "activity_search/find.html")]
struct FindPage {
    chrome: Chrome,
    search: Search,
    /// "412 activities".
    found: String,
    total: u64,
    rows: Vec<Row>,
    facets: Vec<FacetBox>,
    chips: Vec<Chip>,
    ways_out: Vec<WayOut>,
    read_as: Vec<(String, String)>,
    sorts: Vec<(&'static str, &'static str)>,
    from: String,
    to: String,
    least: String,
    most: String,
    page: u64,
    pages: u64,
    is_cut: bool,
    /// The address up to the page's number.
    next: String,
    /// This page, and the same without its page's number.
    here: String,
    canonical: String,
    /// What is asked for, for files and for saving.
    query: String,
    is_physician: bool,
    is_signed_in: bool,
    /// Whether a license misses something that an activity could help with.
    has_gap: bool,
    /// What they miss, in words.
    missing: String,
    is_narrowed: bool,
}

/// The one thing in an address that is not part of the search: what was just done.
fn done(query: &str) -> &str {
    query.rsplit('&').find_map(|part| part.strip_prefix("done=")).unwrap_or_default()
}

async fn find(
    State(app): State<App>,
    MaybeSignedIn(session): MaybeSignedIn,
    chrome: Chrome,
    RawQuery(query): RawQuery,
) -> Result<Page<impl Template>> {
    let query = query.unwrap_or_default();
    let mut search = Search::read(&query);
    let chrome = with_notice(chrome, done(&query));
    let is_physician = session.as_ref().is_some_and(|session| session.actor.physician().is_some());
    let gap = gap(&app, session.as_ref()).await?;
    // whoever holds no license misses nothing
    search.fits &= gap.is_some();
    let results = activity_search::search(&app, &search, gap.as_ref()).await?;
    let reference = app.reference.get();
    let ids: Vec<ActivityId> = results.activities.iter().map(|one| one.stored.activity.id).collect();
    let saved = match &session {
        Some(session) if is_physician => Some(app::saved_activities::saved_among(&app, &session.actor, &ids).await?),
        _ => None,
    };
    let rows = results.activities.iter().map(|one| Row::of(one, &reference, gap.as_ref(), saved.as_deref()));
    let all_pages = results.total.div_ceil(PER_PAGE as u64).max(1);
    let pages = all_pages.min(LAST_PAGE as u64);
    let asked = search.clone().on_page(1).query();
    let text = |value: Option<String>| value.unwrap_or_default();
    Ok(Page(FindPage {
        found: match results.total {
            1 => "1 activity".to_owned(),
            total => format!("{} activities", grouped(i64::try_from(total).unwrap_or(i64::MAX))),
        },
        total: results.total,
        rows: rows.collect(),
        facets: facets::boxes(&results, &reference),
        chips: facets::chips(&search, &results, &reference),
        ways_out: if results.total == 0 { facets::ways_out(&search, &results) } else { Vec::new() },
        sorts: Sort::ALL
            .into_iter()
            .filter(|sort| *sort != Sort::Relevance || !search.words.is_empty())
            .map(|sort| (sort.code(), sort.label()))
            .collect(),
        from: text(search.from.map(|day| day.to_string())),
        to: text(search.to.map(|day| day.to_string())),
        least: text(search.least.map(|amount| amount.to_string())),
        most: text(search.most.map(|amount| amount.to_string())),
        page: search.page() as u64,
        pages,
        is_cut: all_pages > pages,
        next: if asked.is_empty() { "/activities?page=".to_owned() } else { format!("/activities?{asked}&page=") },
        here: facets::address(&search),
        canonical: app.config.link(&facets::address(&search)),
        query: asked,
        is_physician,
        is_signed_in: session.is_some(),
        missing: gap.as_ref().map(|gap| gap.topics.join("; ")).unwrap_or_default(),
        has_gap: gap.as_ref().is_some_and(|gap| !gap.is_empty()),
        is_narrowed: search.is_narrowed(),
        read_as: results.read_as,
        chrome,
        search,
    }))
}
