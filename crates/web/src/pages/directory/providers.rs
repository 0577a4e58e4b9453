//! `/providers`: every accredited provider and how it stands, for everybody.

use app::App;
use app::organizations::directory::{self, Order};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use formats::tables::{Figure, Table, write_csv};
use store::organizations::Standing;
use store::organizations::profiles::Listed;

use super::{Asked, place, standing};
use crate::{Chrome, Page, Result, download};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/providers", get(list)).route("/providers.csv", get(csv))
}

#[derive(Template)]
#[template(path = "directory/providers.html")]
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
}

const COLUMNS: &[(&str, Order)] =
    &[("Provider", Order::Name), ("Status", Order::Standing), ("Type", Order::Kind), ("Place", Order::State)];

/// What a list can be narrowed to by standing.
pub(in crate::pages) fn standings() -> Vec<(&'static str, &'static str)> {
    let any = [("", "Any")];
    any.into_iter().chain(Standing::ALL.map(|one| (one.code(), one.label()))).collect()
}

/// Choices with "Any" before them.
pub(in crate::pages) fn any(choices: impl IntoIterator<Item = (String, String)>) -> Vec<(String, String)> {
    let any = (String::new(), "Any".to_owned());
    std::iter::once(any).chain(choices).collect()
}

async fn list(State(app): State<App>, chrome: Chrome, Query(asked): Query<Asked>) -> Result<Page<impl Template>> {
    let (order, is_descending) = asked.order();
    let all = directory::providers(&app, &asked.search(), order, is_descending).await?;
    let (kinds, states) = directory::choices(&app).await?;
    let found = all.len();
    let (page, pages, rows) = asked.cut(all);
    let row = |listed: Listed| Row {
        id: listed.provider.id.to_string(),
        kind: listed.provider.organization_type,
        place: place(&listed.provider.city, &listed.provider.state),
        standing: standing(listed.provider.standing),
        name: listed.provider.name,
    };
    Ok(Page(List {
        chrome,
        kinds: any(kinds.into_iter().map(|kind| (kind.clone(), kind))),
        states: any(states),
        standings: standings(),
        headers: asked.headers("/providers", COLUMNS),
        rows: rows.into_iter().map(row).collect(),
        found,
        page,
        pages,
        pager: format!("/providers?{}page=", asked.query()),
        file: format!("/providers.csv?{}", asked.query()),
        asked,
    }))
}

async fn csv(State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response> {
    let (order, is_descending) = asked.order();
    let all = directory::providers(&app, &asked.search(), order, is_descending).await?;
    let bytes = written("providers", &["Contact", "E-mail", "Phone"], all, |one| match one.is_contact_public {
        true => {
            [one.provider.contact_name.clone(), one.provider.contact_email.clone(), one.contact_phone.clone()].into()
        }
        false => vec![String::new(); 3],
    })?;
    Ok(download::bytes("providers.csv", "text/csv; charset=utf-8", bytes))
}

/// Providers as a file, with more columns at its end.
pub(in crate::pages) fn written(
    key: &'static str,
    more: &[&str],
    all: Vec<Listed>,
    of: impl Fn(&Listed) -> Vec<String>,
) -> Result<Vec<u8>> {
    let columns = ["Provider ID", "Name", "Status", "Type", "City", "State", "Website"];
    let row = |listed: &Listed| {
        let provider = &listed.provider;
        let fields = [
            provider.id.to_string(),
            provider.name.clone(),
            provider.standing.label().to_owned(),
            provider.organization_type.clone(),
            provider.city.clone(),
            provider.state.clone(),
            listed.website.clone(),
        ];
        fields.into_iter().chain(of(listed)).map(Figure::Text).collect()
    };
    let table = Table {
        key,
        title: "Providers".to_owned(),
        definition: String::new(),
        columns: columns.iter().chain(more).map(|column| (*column).to_owned()).collect(),
        rows: all.iter().map(row).collect(),
        total: None,
    };
    Ok(write_csv(&table).map_err(|error| app::Error::Internal(error.to_string()))?)
}
