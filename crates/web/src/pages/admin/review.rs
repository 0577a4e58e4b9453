//! `/admin/reviews/{review}`: one row of a roster, or one suggested pair, beside whom it may mean; and
//! the decision, after which the next row comes.
//!
//! The decision stands before the evidence, so that the keys reach it first: a row is settled with
//! Space and Enter.

use app::rosters::settle::{self, Candidate, Issued, Opened, Row};
use app::{App, Fault, physicians, reasons};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::check::us_date;
use domain::{PhysicianId, ReviewId};
use serde::Deserialize;
use store::registry_pages::{self, Search};
use store::reviews::{self, Filter, PAIR, Review, Settlement};

use super::evidence::{CandidateView, LineView, outcome_kind};
use super::reviews::{Place, as_query, end, source_label, with_notice};
use crate::access::StaffVisitor;
use crate::pages::uploads::grouped;
use crate::{Chrome, Faults, Page, REFUSED, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/reviews/{review}", get(show).post(decide))
        .route("/admin/reviews/{review}/undo", post(undo))
}

/// What the form says.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Given {
    /// A physician's id, `other`, `new`, `merge` or `dismiss`.
    settle: String,
    /// Another physician: a record ID or an NPI.
    other: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "admin/review.html")]
struct ReviewPage {
    chrome: Chrome,
    id: String,
    title: String,
    lead: String,
    source: &'static str,
    kind: &'static str,
    outcome: &'static str,
    reasons: Vec<String>,
    since: When,
    /// How many wait in this list.
    waiting: String,
    /// The filter as a part of an address.
    query: String,
    next: Option<String>,
    /// What the row says beside what is compared, such as a license's status.
    facts: Vec<(&'static str, String)>,
    candidates: Vec<CandidateView>,
    /// What every candidate starts from; empty if none was weighed.
    prior: String,
    pair: Option<PairView>,
    settled: Option<SettledView>,
    given: Given,
    faults: Faults,
    /// The page comes after another row: the keys go on here.
    goes_on: bool,
}

struct PairView {
    one: Side,
    other: Side,
    lines: Vec<LineView>,
}

struct Side {
    id: String,
    name: String,
    under: String,
}

struct SettledView {
    kind: &'static str,
    words: &'static str,
    reason: String,
    by: String,
    at: When,
    physician: Option<String>,
    can_undo: bool,
}

fn id(review: &str) -> Result<ReviewId> {
    Ok(review.parse().map_err(|_| app::Error::NotFound)?)
}

async fn show(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(review): Path<String>,
    Query(place): Query<Place>,
) -> Result<Page<impl Template>> {
    let opened = settle::open(&app, &visitor.session.actor, id(&review)?).await?;
    let chrome = with_notice(chrome, &place.done);
    page(&app, &visitor, chrome, opened, &place, Given::default(), Faults::none()).await
}

async fn decide(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(review): Path<String>,
    Query(place): Query<Place>,
    Form(given): Form<Given>,
) -> Result<Response> {
    let id = id(&review)?;
    match carry_out(&app, &visitor, id, &given).await {
        Ok(Done::Settled(word)) => Ok(go_on(&app, &visitor, id, &place.filter(), word).await?.into_response()),
        Ok(Done::Merge(pair)) => {
            // the older record stays, unless somebody turns them round
            let [older, newer] = pair;
            Ok(Redirect::to(&format!("/admin/changes/merge?from={newer}&into={older}")).into_response())
        }
        Err(app::Error::Stale) => {
            let to = format!("/admin/reviews/{id}?{}&done=stale", as_query(&place.filter()));
            Ok(Redirect::to(&to).into_response())
        }
        Err(app::Error::Invalid(faults)) => {
            let faults: Vec<Fault> = faults.into_iter().map(beside_own_field).collect();
            let opened = settle::open(&app, &visitor.session.actor, id).await?;
            let page = page(&app, &visitor, chrome, opened, &place, given, faults.into()).await?;
            Ok((REFUSED, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Faults of the operation are named by its arguments; the form has one choice for all of them.
fn beside_own_field(fault: Fault) -> Fault {
    let field = if fault.field == "reason" || fault.field == "other" { fault.field } else { "settle" };
    Fault { field, ..fault }
}

enum Done {
    Settled(&'static str),
    Merge([PhysicianId; 2]),
}

async fn carry_out(app: &App, visitor: &StaffVisitor, id: ReviewId, given: &Given) -> app::Result<Done> {
    let actor = &visitor.session.actor;
    match given.settle.as_str() {
        "" => Err(app::Error::invalid("settle", "Choose who this is.")),
        "new" => settle::make_new(app, actor, id).await.map(|_| Done::Settled("new")),
        "dismiss" => settle::dismiss(app, actor, id, &given.reason).await.map(|()| Done::Settled("dismissed")),
        "merge" => {
            let mut tx = app.store.read().await?;
            let kept = reviews::find(&mut tx, &visitor.scope, id).await?.ok_or(app::Error::NotFound)?;
            Ok(Done::Merge(reviews::Pair::read(&kept.review)?.both()))
        }
        "other" => {
            let physician = other(app, visitor, &given.other).await?;
            settle::attach(app, actor, id, physician).await.map(|()| Done::Settled("attached"))
        }
        physician => {
            let physician = physician.parse().map_err(|_| app::Error::invalid("settle", "Choose who this is."))?;
            settle::attach(app, actor, id, physician).await.map(|()| Done::Settled("attached"))
        }
    }
}

/// A physician named by record ID or NPI.
async fn other(app: &App, visitor: &StaffVisitor, typed: &str) -> app::Result<PhysicianId> {
    let typed = typed.trim();
    if let Ok(id) = typed.parse() {
        return Ok(id);
    }
    let unknown =
        || app::Error::invalid("other", "Enter the record ID or the 10-digit NPI of a physician in the registry.");
    if typed.is_empty() {
        return Err(unknown());
    }
    let search = Search { npi: typed.to_owned(), ..Search::default() };
    match physicians::search(app, &visitor.session.actor, &visitor.scope, &search, 0, 2).await {
        Ok(found) => found.physicians.first().map(|physician| physician.id).ok_or_else(unknown),
        Err(app::Error::Invalid(_)) => Err(unknown()),
        Err(error) => Err(error),
    }
}

/// On to the next row of the same list, or back to the list after the last.
async fn go_on(app: &App, visitor: &StaffVisitor, id: ReviewId, filter: &Filter, done: &str) -> Result<Redirect> {
    let mut tx = app.store.read().await?;
    let kept = reviews::find(&mut tx, &visitor.scope, id).await?.ok_or(app::Error::NotFound)?;
    let next = registry_pages::next_review(&mut tx, &visitor.scope, filter, &kept.review).await?;
    let query = as_query(filter);
    Ok(match next {
        Some(next) => Redirect::to(&format!("/admin/reviews/{next}?{query}&done={done}")),
        None => Redirect::to(&format!("/admin/reviews?{query}&done={done}")),
    })
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct UndoForm {
    reason: String,
}

async fn undo(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(review): Path<String>,
    Form(form): Form<UndoForm>,
) -> Result<Response> {
    let id = id(&review)?;
    let actor = &visitor.session.actor;
    let place = Place::default();
    match settle::reopen(&app, actor, id, &form.reason).await {
        Ok(stayed) if stayed.is_empty() => {
            Ok(Redirect::to(&format!("/admin/reviews/{id}?done=reopened")).into_response())
        }
        Ok(stayed) => {
            let chrome = chrome.with_notice("warning", "Taken back, but for what has changed since", stayed.join(" "));
            let opened = settle::open(&app, actor, id).await?;
            Ok(page(&app, &visitor, chrome, opened, &place, Given::default(), Faults::none()).await?.into_response())
        }
        Err(app::Error::Stale) => Ok(Redirect::to(&format!("/admin/reviews/{id}")).into_response()),
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let opened = settle::open(&app, actor, id).await?;
            let given = Given { reason: form.reason, ..Given::default() };
            let page = page(&app, &visitor, chrome, opened, &place, given, faults).await?;
            Ok((REFUSED, page).into_response())
        }
    }
}

async fn page(
    app: &App,
    visitor: &StaffVisitor,
    chrome: Chrome,
    opened: Opened,
    place: &Place,
    given: Given,
    faults: Faults,
) -> Result<Page<ReviewPage>> {
    let filter = place.filter();
    let Opened { kept, row, candidates } = opened;
    let mut tx = app.store.read().await?;
    let waiting = reviews::count(&mut tx, &visitor.scope, &filter).await?;
    let next = registry_pages::next_review(&mut tx, &visitor.scope, &filter, &kept.review).await?;
    drop(tx);
    let prior = candidates.iter().find_map(|candidate| candidate.evidence.as_ref()).map(|evidence| {
        let parts: f64 = evidence.parts.iter().map(|part| part.weight).sum();
        super::evidence::signed(evidence.weight - parts)
    });
    let is_pair = kept.review.source == PAIR;
    let pair = if is_pair { pair_view(&candidates) } else { None };
    let (title, lead) = match (&row, &pair) {
        (Some(row), _) => row_head(row),
        (None, Some(pair)) => (format!("{} and {}", pair.one.name, pair.other.name), String::new()),
        (None, None) => ("A pair that is not there any more".to_owned(), String::new()),
    };
    let settled = kept.settled.as_ref().map(|settled| {
        let (kind, words) = end(settled.settlement);
        SettledView {
            kind,
            words,
            reason: kept.reason.clone(),
            by: settled.by.clone(),
            at: When::of(app, settled.at),
            physician: settled.physician.map(|id| id.to_string()),
            // an import is taken back by a person's decision about the record, a merge where it was made
            can_undo: !matches!(settled.settlement, Settlement::Import | Settlement::Merged),
        }
    });
    Ok(Page(ReviewPage {
        chrome,
        id: kept.review.id.to_string(),
        title,
        lead: head_line(&kept.review, &lead),
        source: source_label(&kept.review.source),
        kind: outcome_kind(&kept.review.outcome),
        outcome: reasons::outcome(&kept.review.outcome),
        reasons: reasons::obstacles(&kept.review.reasons),
        since: When::of(app, kept.review.created_at),
        waiting: grouped(waiting),
        query: as_query(&filter),
        next: next.map(|next| next.to_string()),
        facts: row.as_ref().map(facts).unwrap_or_default(),
        candidates: row.as_ref().map(|row| views(row, candidates)).unwrap_or_default(),
        prior: prior.unwrap_or_default(),
        pair,
        settled,
        given,
        faults,
        goes_on: matches!(place.done.as_str(), "attached" | "new" | "dismissed"),
    }))
}

fn head_line(review: &Review, lead: &str) -> String {
    match review.source.as_str() {
        PAIR => "Two records of the registry that may be one person.".to_owned(),
        _ => format!("{lead} Row {} of the roster.", grouped(review.row_number)),
    }
}

/// Name, and what the board gave.
fn row_head(row: &Row) -> (String, String) {
    let parts = [&row.first, &row.middle, &row.last, &row.suffix];
    let name = parts.into_iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let issued = match &row.issued {
        Issued::License { state, number, status, .. } => format!("License {state} {number}{}", and(status)),
        Issued::Certification { board, diplomate_id, status } => format!("{board} {diplomate_id}{}", and(status)),
    };
    (name, format!("{issued}."))
}

fn and(status: &str) -> String {
    if status.is_empty() { String::new() } else { format!(", {}", status.to_lowercase()) }
}

fn facts(row: &Row) -> Vec<(&'static str, String)> {
    let mut facts = vec![("Degree", row.degree.clone())];
    if let Issued::License { issued_on, expires_on, .. } = &row.issued {
        facts.push(("Issued", issued_on.map(us_date).unwrap_or_default()));
        facts.push(("Expires", expires_on.map(us_date).unwrap_or_default()));
    }
    facts.retain(|(_, text)| !text.is_empty());
    facts
}

fn views(row: &Row, candidates: Vec<Candidate>) -> Vec<CandidateView> {
    let best = candidates.iter().find_map(|candidate| Some(candidate.evidence.as_ref()?.weight));
    let next = candidates.iter().filter_map(|candidate| Some(candidate.evidence.as_ref()?.weight)).nth(1);
    let ahead = best.zip(next).map(|(best, next)| best - next);
    let view = |(place, candidate): (usize, Candidate)| {
        let lines = physicians::beside(row, &candidate);
        match &candidate.evidence {
            None => CandidateView::unweighed(place, &candidate.physician, lines),
            Some(evidence) => {
                let behind = best.map(|best| best - evidence.weight).filter(|behind| *behind > 0.0);
                let weighed = physicians::Candidate {
                    weight: evidence.weight,
                    behind: behind.or((place > 1).then_some(0.0)),
                    physician: candidate.physician,
                    lines,
                    is_match: false,
                };
                CandidateView::of(place, weighed, ahead)
            }
        }
    };
    (1..).zip(candidates).map(view).collect()
}

fn pair_view(candidates: &[Candidate]) -> Option<PairView> {
    let [one, other] = candidates else { return None };
    let side = |candidate: &Candidate| Side {
        id: candidate.physician.id.to_string(),
        name: candidate.physician.full_name(),
        under: super::evidence::under(&candidate.physician),
    };
    let lines = physicians::compare(&one.physician, &other.physician);
    Some(PairView { one: side(one), other: side(other), lines: lines.into_iter().map(LineView::of).collect() })
}
