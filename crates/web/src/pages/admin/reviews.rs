//! `/admin/reviews`: roster rows and suggested pairs that wait for a person, and what became of
//! those that do not wait any more.

use std::collections::HashMap;

use app::{App, physicians, reasons};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use domain::PhysicianId;
use serde::Deserialize;
use store::physicians::Physician;
use store::registry_pages;
use store::reviews::{self, Filter, Kept, PAIR, Pair, Review, Settlement, Waiting};

use super::evidence::outcome_kind;
use crate::access::StaffVisitor;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result, When};

const PAGE: i64 = 50;
const SOURCES: [(&str, &str); 3] =
    [("licenses", "Licensing board roster"), ("certifications", "Certifying board roster"), (PAIR, "Suggested pair")];
const OUTCOMES: [&str; 5] = ["matched", "several", "conflict", "review", "none"];

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/reviews", get(waiting)).route("/admin/reviews/settled", get(settled))
}

/// The list as its address says it. Nonsense counts as not given.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct Place {
    kind: String,
    outcome: String,
    page: String,
    pub(super) done: String,
}

impl Place {
    pub(super) fn filter(&self) -> Filter {
        let known = |word: &str, all: &[&str]| if all.contains(&word) { word.to_owned() } else { String::new() };
        Filter {
            source: known(&self.kind, &SOURCES.map(|(source, _)| source)),
            outcome: known(&self.outcome, &OUTCOMES),
        }
    }

    fn page(&self, pages: i64) -> i64 {
        self.page.parse().unwrap_or(1).clamp(1, pages.max(1))
    }
}

/// The filter as a part of an address.
pub(super) fn as_query(filter: &Filter) -> String {
    format!("kind={}&outcome={}", filter.source, filter.outcome)
}

/// What kind of a review it is, for people.
pub(super) fn source_label(source: &str) -> &'static str {
    SOURCES.iter().find(|(code, _)| *code == source).map_or("Row", |(_, label)| label)
}

#[derive(Template)]
#[template(path = "admin/reviews.html")]
struct Reviews {
    chrome: Chrome,
    rows: Vec<RowView>,
    total: i64,
    total_words: String,
    kinds: Vec<(&'static str, String)>,
    outcomes: Vec<(&'static str, String)>,
    filter: Filter,
    is_filtered: bool,
    /// Ends with `page=`.
    pager: String,
    query: String,
    place: u64,
    pages: u64,
}

/// A review on the list.
pub(super) struct RowView {
    pub(super) id: String,
    /// Whom it is about.
    pub(super) name: String,
    /// What tells namesakes apart.
    pub(super) under: String,
    source: &'static str,
    /// Empty for a pair.
    number: String,
    kind: &'static str,
    outcome: &'static str,
    reasons: Vec<String>,
    since: When,
}

async fn waiting(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Query(place): Query<Place>,
) -> Result<Page<impl Template>> {
    let scope = &visitor.scope;
    let filter = place.filter();
    let mut tx = app.store.read().await?;
    let total = reviews::count(&mut tx, scope, &filter).await?;
    let counts = reviews::counts(&mut tx, scope).await?;
    let pages = (total + PAGE - 1) / PAGE;
    let page = place.page(pages);
    let list = reviews::list(&mut tx, scope, &filter, PAGE, (page - 1) * PAGE).await?;
    drop(tx);
    let named = name_pairs(&app, &visitor, list.iter()).await?;
    Ok(Page(Reviews {
        chrome: with_notice(chrome, &place.done),
        rows: list.iter().map(|review| row_view(&app, review, &named)).collect(),
        total,
        total_words: grouped(total),
        kinds: kinds(&counts),
        outcomes: outcomes(&counts),
        is_filtered: filter != Filter::default(),
        query: as_query(&filter),
        pager: format!("/admin/reviews?{}&page=", as_query(&filter)),
        filter,
        place: u64::try_from(page).unwrap_or(1),
        pages: u64::try_from(pages).unwrap_or_default(),
    }))
}

/// Says on top of the page what was done with the row before.
pub(super) fn with_notice(chrome: Chrome, done: &str) -> Chrome {
    match done {
        "attached" => {
            chrome.with_notice("success", "The row before is attached", "It can be taken back from the settled list.")
        }
        "new" => chrome.with_notice(
            "success",
            "The row before became a new physician",
            "It can be taken back from the settled list.",
        ),
        "dismissed" => {
            chrome.with_notice("success", "The row before is dismissed", "It can be taken back from the settled list.")
        }
        "reopened" => chrome.with_notice("success", "Taken back", "The row waits again."),
        "stale" => chrome.with_notice("info", "Somebody settled this row meanwhile", "What they did stands below."),
        _ => chrome,
    }
}

fn kinds(counts: &[Waiting]) -> Vec<(&'static str, String)> {
    let of = |source: &str| counts.iter().filter(|row| row.source == source).map(|row| row.count).sum::<i64>();
    let any = ("", "Any".to_owned());
    let each = SOURCES.iter().map(|(code, label)| (*code, format!("{label} ({})", grouped(of(code)))));
    std::iter::once(any).chain(each).collect()
}

fn outcomes(counts: &[Waiting]) -> Vec<(&'static str, String)> {
    let of = |outcome: &str| counts.iter().filter(|row| row.outcome == outcome).map(|row| row.count).sum::<i64>();
    let any = ("", "Any".to_owned());
    let each = OUTCOMES.iter().filter(|code| of(code) > 0);
    let each = each.map(|code| (*code, format!("{} ({})", reasons::outcome(code), grouped(of(code)))));
    std::iter::once(any).chain(each).collect()
}

/// Both sides of the pairs among these, who are physicians of the registry.
async fn name_pairs(
    app: &App,
    visitor: &StaffVisitor,
    list: impl Iterator<Item = &Review>,
) -> Result<HashMap<PhysicianId, Physician>> {
    let mut ids = Vec::new();
    for review in list.filter(|review| review.source == PAIR) {
        ids.extend(Pair::read(review)?.both());
    }
    Ok(physicians::name(app, &visitor.session.actor, &visitor.scope, &ids, "review list").await?)
}

fn row_view(app: &App, review: &Review, named: &HashMap<PhysicianId, Physician>) -> RowView {
    let (name, under) = match Pair::read(review) {
        Ok(pair) if review.source == PAIR => pair_words(pair, named),
        _ => row_words(&review.row),
    };
    RowView {
        id: review.id.to_string(),
        name,
        under,
        source: source_label(&review.source),
        number: if review.source == PAIR { String::new() } else { format!("Row {}", grouped(review.row_number)) },
        kind: outcome_kind(&review.outcome),
        outcome: reasons::outcome(&review.outcome),
        reasons: reasons::obstacles(&review.reasons),
        since: When::of(app, review.created_at),
    }
}

fn pair_words(pair: Pair, named: &HashMap<PhysicianId, Physician>) -> (String, String) {
    let both = pair.both().map(|id| named.get(&id));
    let name = |side: Option<&Physician>| side.map_or_else(|| "Nobody".to_owned(), Physician::full_name);
    let under = |side: Option<&Physician>| side.map(super::evidence::under).unwrap_or_default();
    let [one, other] = both;
    (format!("{} and {}", name(one), name(other)), format!("{}; {}", under(one), under(other)))
}

/// Name, birthday and number of a row as it is kept. A field that is missing shows as nothing rather than
/// as a broken page.
fn row_words(row: &str) -> (String, String) {
    let row: serde_json::Value = serde_json::from_str(row).unwrap_or_default();
    let text =
        |value: Option<&serde_json::Value>| value.and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let of = |field: &str| text(row.get(field));
    let held = |kind: &str, field: &str| text(row.get("held").and_then(|held| held.get(kind)?.get(field)));
    let number = format!(
        "{}{} {}{}",
        held("license", "state"),
        held("certification", "board"),
        held("license", "number"),
        held("certification", "diplomate_id"),
    );
    let birth = of("birth");
    let birth = if birth.is_empty() { String::new() } else { format!("born {birth}") };
    let words = |parts: &[String], between: &str| {
        let parts: Vec<&str> = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
        parts.join(between)
    };
    (words(&[of("first"), of("middle"), of("last"), of("suffix")], " "), words(&[number, birth], ", "))
}

#[derive(Template)]
#[template(path = "admin/reviews_settled.html")]
struct SettledPage {
    chrome: Chrome,
    rows: Vec<SettledRow>,
    total_words: String,
    kinds: Vec<(&'static str, String)>,
    filter: Filter,
    pager: String,
    place: u64,
    pages: u64,
}

struct SettledRow {
    row: RowView,
    end_kind: &'static str,
    end: &'static str,
    reason: String,
    /// Whose record it went to.
    physician: Option<String>,
    by: String,
    at: When,
}

async fn settled(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Query(place): Query<Place>,
) -> Result<Page<impl Template>> {
    let scope = &visitor.scope;
    let filter = Filter { outcome: String::new(), ..place.filter() };
    let mut tx = app.store.read().await?;
    let total = registry_pages::count_settled(&mut tx, scope, &filter).await?;
    let pages = (total + PAGE - 1) / PAGE;
    let page = place.page(pages);
    let list = reviews::list_settled(&mut tx, scope, &filter, PAGE, (page - 1) * PAGE).await?;
    drop(tx);
    let named = name_pairs(&app, &visitor, list.iter().map(|kept| &kept.review)).await?;
    let any = ("", "Any".to_owned());
    Ok(Page(SettledPage {
        chrome: with_notice(chrome, &place.done),
        rows: list.into_iter().filter_map(|kept| settled_row(&app, kept, &named)).collect(),
        total_words: grouped(total),
        kinds: std::iter::once(any).chain(SOURCES.iter().map(|(code, label)| (*code, (*label).to_owned()))).collect(),
        pager: format!("/admin/reviews/settled?kind={}&page=", filter.source),
        filter,
        place: u64::try_from(page).unwrap_or(1),
        pages: u64::try_from(pages).unwrap_or_default(),
    }))
}

fn settled_row(app: &App, kept: Kept, named: &HashMap<PhysicianId, Physician>) -> Option<SettledRow> {
    let row = row_view(app, &kept.review, named);
    let settled = kept.settled?;
    let (end_kind, end) = end(settled.settlement);
    Some(SettledRow {
        row,
        end_kind,
        end,
        reason: kept.reason,
        physician: settled.physician.map(|id| id.to_string()),
        by: settled.by,
        at: When::of(app, settled.at),
    })
}

/// Shape and words of how a review ended.
pub(super) fn end(settlement: Settlement) -> (&'static str, &'static str) {
    match settlement {
        Settlement::Attached => ("good", "Attached to a physician"),
        Settlement::New => ("good", "A new physician"),
        Settlement::Merged => ("good", "Merged"),
        Settlement::Dismissed => ("withdrawn", "Dismissed"),
        Settlement::Import => ("good", "Settled by a later import"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_row_is_named_by_person_and_number() {
        let row = r#"{"first":"Helen","middle":"","last":"Quist","suffix":"","birth":"02/16",
                      "held":{"license":{"state":"CA","number":"A1"}}}"#;
        assert_eq!(row_words(row), ("Helen Quist".into(), "CA A1, born 02/16".into()));
        let row = r#"{"first":"Helen","last":"Quist","birth":null,
                      "held":{"certification":{"board":"ABIM","diplomate_id":"7"}}}"#;
        assert_eq!(row_words(row), ("Helen Quist".into(), "ABIM 7".into()));
        assert_eq!(row_words("not JSON"), (String::new(), String::new()));
    }

    #[test]
    fn an_address_with_nonsense_shows_the_whole_list() {
        let place =
            Place { kind: "x' or 1".into(), outcome: "conflict".into(), page: "-3".into(), done: String::new() };
        assert_eq!(place.filter(), Filter { source: String::new(), outcome: "conflict".into() });
        assert_eq!(place.page(4), 1);
    }
}
