//! `/searches/stop/{key}`: the link in letters about a saved search that ends them. It opens nothing else, so nobody
//! has to sign in; a button does it, because programs follow links in letters.

use app::{App, saved_searches};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;

use crate::{Chrome, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/searches/stop/{key}", get(ask).post(end))
}

#[derive(Template)]
#[template(path = "activity_search/stop.html")]
struct StopPage {
    chrome: Chrome,
    name: String,
    is_done: bool,
}

async fn ask(State(app): State<App>, chrome: Chrome, Path(key): Path<String>) -> Result<Page<impl Template>> {
    let search = saved_searches::of_stop_key(&app, &key).await?;
    let is_done = search.alert == store::saved_searches::Alert::Off;
    Ok(Page(StopPage { chrome, name: search.name, is_done }))
}

async fn end(State(app): State<App>, chrome: Chrome, Path(key): Path<String>) -> Result<Page<impl Template>> {
    saved_searches::stop(&app, &key).await?;
    let search = saved_searches::of_stop_key(&app, &key).await?;
    Ok(Page(StopPage { chrome, name: search.name, is_done: true }))
}
