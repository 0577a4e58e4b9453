//! `/admin`: how the whole registry stands, and what waits for a person of the accreditor's staff.

use std::collections::HashMap;

use app::App;
use app::identity::Stage;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use store::organizations::{Provider, Standing};
use store::overview::{MOST_COUNTED, Sent};
use store::reviews::{self, Filter, PAIR};

use crate::access::StaffVisitor;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin", get(overview))
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
    pairs_waiting: i64,
    claims_waiting: i64,
    cases_overdue: i64,
    requests_waiting: i64,
    proposals_waiting: i64,
    list: Vec<ProviderRow>,
}

impl Overview {
    fn something_waits(&self) -> bool {
        self.rows_waiting
            + self.pairs_waiting
            + self.claims_waiting
            + self.proposals_waiting
            + self.cases_overdue
            + self.requests_waiting
            > 0
    }
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
    let pairs = Filter { source: PAIR.to_owned(), ..Filter::default() };
    let pairs_waiting = reviews::count(&mut tx, &visitor.scope, &pairs).await?;
    let rows_waiting = reviews::count(&mut tx, &visitor.scope, &Filter::default()).await? - pairs_waiting;
    let proposals_waiting = store::identity_changes::count(&mut tx, &visitor.scope, Some(Stage::Proposed)).await?;
    let cases_overdue = store::missing_credit::count_overdue(&mut tx, &visitor.scope).await?;
    let requests_waiting = store::help::count_requests(&mut tx, &visitor.scope).await?;
    let claims_waiting = store::claims::count_reviews(&mut tx, &visitor.scope).await?
        + store::lost_factors::count_waiting(&mut tx, &visitor.scope).await?;
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
        pairs_waiting,
        claims_waiting,
        cases_overdue,
        requests_waiting,
        proposals_waiting,
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
