//! `/admin`: how the whole registry stands, and what waits for a person of the accreditor's staff.

use std::collections::HashMap;

use app::{App, claims};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use serde::Deserialize;
use store::organizations::{Provider, Standing};
use store::overview::{MOST_COUNTED, Sent};

use super::uploads::grouped;
use crate::access::StaffVisitor;
use crate::{Chrome, Page, Result, When};

const PAGE: i64 = 50;
const CLAIMS_LISTED: i64 = 100;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/admin", get(overview))
        .route("/admin/reviews", get(reviews))
        .route("/admin/reviews/claims/{claim}", post(settle_claim))
}

#[derive(Template)]
#[template(path = "admin/overview.html")]
struct Overview {
    chrome: Chrome,
    providers: String,
    physicians: String,
    activities: String,
    completions: String,
    pending_moc: String,
    uploads: String,
    rows_accepted: String,
    rows_refused: String,
    rows_waiting: i64,
    claims_waiting: i64,
    list: Vec<ProviderRow>,
}

struct ProviderRow {
    id: String,
    name: String,
    kind: String,
    place: String,
    standing_kind: &'static str,
    standing: &'static str,
    uploads: String,
    accepted: String,
    refused: String,
    latest: Option<When>,
}

async fn overview(State(app): State<App>, visitor: StaffVisitor, chrome: Chrome) -> Result<Page<impl Template>> {
    app.registry.refresh(&app.store).await?;
    let mut tx = app.store.read().await?;
    let counts = store::overview::count(&mut tx, &visitor.scope).await?;
    let sent = store::overview::sent(&mut tx, &visitor.scope).await?;
    let providers = store::organizations::list_providers(&mut tx).await?;
    let rows_waiting = store::reviews::count(&mut tx, &visitor.scope).await?;
    let claims_waiting = store::claims::count_reviews(&mut tx, &visitor.scope).await?;
    drop(tx);
    let sent: HashMap<_, Sent> = sent.into_iter().map(|sent| (sent.provider, sent)).collect();
    let list = providers.into_iter().map(|provider| provider_row(&app, provider, &sent)).collect();
    Ok(Page(Overview {
        chrome,
        providers: grouped(counts.providers),
        physicians: grouped(i64::try_from(app.registry.len()).unwrap_or(i64::MAX)),
        activities: at_most(counts.activities),
        completions: at_most(counts.completions),
        pending_moc: at_most(counts.pending_moc),
        uploads: grouped(counts.uploads),
        rows_accepted: grouped(counts.rows_accepted),
        rows_refused: grouped(counts.rows_refused),
        rows_waiting,
        claims_waiting,
        list,
    }))
}

/// A count that stops somewhere: `1,000,000+`.
fn at_most(count: i64) -> String {
    let more = if count >= MOST_COUNTED { "+" } else { "" };
    format!("{}{more}", grouped(count))
}

fn provider_row(app: &App, provider: Provider, sent: &HashMap<domain::ProviderId, Sent>) -> ProviderRow {
    let sent = sent.get(&provider.id);
    let count = |number: fn(&Sent) -> i64| grouped(sent.map_or(0, number));
    ProviderRow {
        uploads: count(|sent| sent.uploads),
        accepted: count(|sent| sent.accepted),
        refused: count(|sent| sent.refused),
        latest: sent.map(|sent| When::of(app, sent.latest_at)),
        standing_kind: match provider.standing {
            Standing::Good => "good",
            Standing::Probation => "caution",
            Standing::Lapsed => "bad",
        },
        standing: provider.standing.label(),
        id: provider.id.to_string(),
        name: provider.name,
        kind: provider.organization_type,
        place: format!("{}, {}", provider.city, provider.state),
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Place {
    page: String,
    done: String,
}

#[derive(Template)]
#[template(path = "admin/reviews.html")]
struct Reviews {
    chrome: Chrome,
    claims: Vec<ClaimRow>,
    rows: Vec<RosterRow>,
    total: String,
    place: u64,
    pages: u64,
}

struct ClaimRow {
    id: String,
    name: String,
    birth: String,
    proof: String,
    email: String,
    outcome: String,
    reasons: String,
    asked: When,
}

struct RosterRow {
    source: &'static str,
    number: String,
    cells: Vec<(String, String)>,
    outcome: String,
    reasons: String,
    since: When,
}

async fn reviews(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Query(place): Query<Place>,
) -> Result<Page<impl Template>> {
    let mut tx = app.store.read().await?;
    let total = store::reviews::count(&mut tx, &visitor.scope).await?;
    let pages = (total + PAGE - 1) / PAGE;
    let page = place.page.parse().unwrap_or(1_i64).clamp(1, pages.max(1));
    let rows = store::reviews::list(&mut tx, &visitor.scope, PAGE, (page - 1) * PAGE).await?;
    let claims = store::claims::list_reviews(&mut tx, &visitor.scope, CLAIMS_LISTED).await?;
    drop(tx);
    let chrome = match place.done.as_str() {
        "claim" => chrome.with_notice("success", "Claim taken off the list", ""),
        _ => chrome,
    };
    Ok(Page(Reviews {
        chrome,
        claims: claims.into_iter().map(|claim| claim_row(&app, claim)).collect(),
        rows: rows.into_iter().map(|row| roster_row(&app, row)).collect(),
        total: grouped(total),
        place: u64::try_from(page).unwrap_or(1),
        pages: u64::try_from(pages).unwrap_or_default(),
    }))
}

async fn settle_claim(State(app): State<App>, visitor: StaffVisitor, Path(claim): Path<String>) -> Result<Redirect> {
    let claim = claim.parse().map_err(|_| app::Error::NotFound)?;
    claims::settle_review(&app, &visitor.session.actor, &visitor.scope, claim).await?;
    Ok(Redirect::to("/admin/reviews?done=claim"))
}

/// Words of a code: `license_of_other_person` as `license of other person`.
fn spoken(codes: &str) -> String {
    codes.split_whitespace().map(|code| code.replace('_', " ")).collect::<Vec<_>>().join(", ")
}

fn claim_row(app: &App, claim: store::claims::Review) -> ClaimRow {
    // written by ourselves; a field that is missing shows as nothing rather than as a broken page
    let details: serde_json::Value = serde_json::from_str(&claim.details).unwrap_or_default();
    let of = |field: &str| details.get(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    ClaimRow {
        id: claim.claim_id.to_string(),
        name: format!("{} {}", of("first"), of("last")),
        birth: of("birth"),
        proof: format!("{} {}", of("issuer"), of("number")),
        email: claim.email,
        outcome: claim.outcome,
        reasons: spoken(&claim.reasons),
        asked: When::of(app, claim.review_asked_at),
    }
}

fn roster_row(app: &App, review: store::reviews::Review) -> RosterRow {
    let row: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&review.row).unwrap_or_default();
    let cells = row.into_iter().filter_map(|(name, value)| {
        let text = match value {
            serde_json::Value::String(text) => text,
            serde_json::Value::Null => String::new(),
            other => other.to_string(),
        };
        (!text.is_empty()).then_some((name.replace('_', " "), text))
    });
    RosterRow {
        source: if review.source == "certifications" { "Certifying board roster" } else { "Licensing board roster" },
        number: grouped(review.row_number),
        cells: cells.collect(),
        outcome: review.outcome,
        reasons: spoken(&review.reasons),
        since: When::of(app, review.created_at),
    }
}
