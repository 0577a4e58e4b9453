//! `/admin/providers`: every provider, found by name or ID, narrowed, sorted and taken along.

use app::App;
use app::organizations::directory::{self, Order};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use store::organizations::profiles::Listed;

use crate::access::StaffVisitor;
use crate::pages::directory::{Asked, any, place, standing, standings, written};
use crate::{Chrome, Page, Result, download};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/providers", get(list)).route("/admin/providers/download", get(csv))
}

#[derive(Template)]
#[template(path = "admin/organizations/providers.html")]
struct List {
    chrome: Chrome,
    asked: Asked,
    kinds: Vec<(String, String)>,
    states: Vec<(String, String)>,
    standings: Vec<(&'static str, &'static str)>,
    headers: Vec<(&'static str, String, &'static str)>,
    rows: Vec<Row>,
    found: usize,
    page: u64,
    pages: u64,
    pager: String,
    file: String,
}

struct Row {
    id: String,
    name: String,
    kind: String,
    place: String,
    standing: (&'static str, &'static str),
    contact: String,
    email: String,
}

const COLUMNS: &[(&str, Order)] = &[
    ("Provider", Order::Name),
    ("ID", Order::Id),
    ("Standing", Order::Standing),
    ("Type", Order::Kind),
    ("Place", Order::State),
];

async fn list(
    State(app): State<App>,
    _visitor: StaffVisitor,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    let (order, is_descending) = asked.order();
    let all = directory::providers(&app, &asked.search(), order, is_descending).await?;
    let (kinds, states) = directory::choices(&app).await?;
    let found = all.len();
    let (page, pages, rows) = asked.cut(all);
    let row = |Listed { provider, .. }: Listed| Row {
        id: provider.id.to_string(),
        place: place(&provider.city, &provider.state),
        standing: standing(provider.standing),
        name: provider.name,
        kind: provider.organization_type,
        contact: provider.contact_name,
        email: provider.contact_email,
    };
    Ok(Page(List {
        chrome,
        kinds: any(kinds.into_iter().map(|kind| (kind.clone(), kind))),
        states: any(states),
        standings: standings(),
        headers: asked.headers("/admin/providers", COLUMNS),
        rows: rows.into_iter().map(row).collect(),
        found,
        page,
        pages,
        pager: format!("/admin/providers?{}page=", asked.query()),
        file: format!("/admin/providers/download?{}", asked.query()),
        asked,
    }))
}

async fn csv(State(app): State<App>, _visitor: StaffVisitor, Query(asked): Query<Asked>) -> Result<Response> {
    let (order, is_descending) = asked.order();
    let all = directory::providers(&app, &asked.search(), order, is_descending).await?;
    let more = ["Contact", "E-mail", "Phone", "Contact in the directory"];
    let bytes = written("providers", &more, all, |one| {
        let public = if one.is_contact_public { "Yes" } else { "No" };
        let contact = &one.provider;
        vec![contact.contact_name.clone(), contact.contact_email.clone(), one.contact_phone.clone(), public.to_owned()]
    })?;
    Ok(download::bytes("providers.csv", "text/csv; charset=utf-8", bytes))
}
