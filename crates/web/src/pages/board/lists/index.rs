//! The board's lists, newest first.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use serde::Deserialize;

use super::{PAGE, page_of, pages};
use crate::access::LicensingBoardVisitor;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result, When};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/board/lists", get(show))
}

#[derive(Template)]
#[template(path = "board/lists/index.html")]
struct Lists {
    chrome: Chrome,
    board: String,
    rows: Vec<Row>,
    page: u64,
    pages: u64,
}

struct Row {
    id: String,
    name: String,
    origin: String,
    made: When,
    by: String,
    given: String,
    licensees: String,
}

#[derive(Deserialize)]
struct Asked {
    page: Option<u64>,
}

async fn show(
    State(app): State<App>,
    visitor: LicensingBoardVisitor,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    let mut tx = app.store.read().await?;
    let count = store::licensee_lists::count(&mut tx, &visitor.scope).await?;
    let (page, before) = page_of(asked.page, count);
    let lists = store::licensee_lists::list(&mut tx, &visitor.scope, PAGE, before).await?;
    let row = |list: store::licensee_lists::LicenseeList| Row {
        id: list.id.to_string(),
        origin: if list.origin == list.name { String::new() } else { list.origin },
        name: list.name,
        made: When::of(&app, list.made_at),
        by: list.made_by_name,
        given: grouped(list.rows_given),
        licensees: grouped(list.licensees),
    };
    Ok(Page(Lists {
        chrome,
        board: visitor.session.organization,
        rows: lists.into_iter().map(row).collect(),
        page,
        pages: pages(count),
    }))
}
