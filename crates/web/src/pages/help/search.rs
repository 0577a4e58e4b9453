//! `/help/search`: the pages that fit what was typed. A form without a script; with one, the results alone
//! (`bare=1`) take the place of those before as one types.

use app::App;
use app::help::Shelf;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::help::Kind;
use serde::Deserialize;

use super::{Found, kind_word};
use crate::{Chrome, Fragment, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/help/search", get(search))
}

/// Characters of a search that are looked at.
const LONGEST: usize = 200;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    q: String,
    bare: String,
}

#[derive(Template)]
#[template(path = "help/search.html")]
struct SearchPage {
    chrome: Chrome,
    q: String,
    results: String,
}

#[derive(Template)]
#[template(path = "help/results.html")]
struct ResultsPart {
    q: String,
    /// What is told to those who hear the page.
    said: String,
    found: Vec<Found>,
    read_as: Vec<(String, String)>,
}

async fn search(State(app): State<App>, chrome: Chrome, Query(asked): Query<Asked>) -> Result<Response> {
    let q: String = asked.q.trim().chars().take(LONGEST).collect();
    let shelf = app.help.shelf(&app).await?;
    let part = results(&shelf, q.clone());
    if asked.bare == "1" {
        return Ok(Fragment(part).into_response());
    }
    let results = part.render().map_err(|error| app::Error::Internal(error.to_string()))?;
    Ok(Page(SearchPage { chrome, q, results }).into_response())
}

fn results(shelf: &Shelf, q: String) -> ResultsPart {
    let results = if q.is_empty() { app::help::Results::default() } else { shelf.search(&q) };
    let found: Vec<Found> = results
        .hits
        .into_iter()
        .filter_map(|hit| {
            let page = shelf.pages().get(hit.page)?;
            Some(Found {
                href: page.path(),
                title: hit.title,
                snippet: hit.snippet,
                kind: kind_word(page.entry.kind),
                code: if page.entry.kind == Kind::Problem { page.entry.slug.clone() } else { String::new() },
            })
        })
        .collect();
    let said = match found.len() {
        0 if q.is_empty() => String::new(),
        0 => "Nothing found.".to_owned(),
        1 => "1 answer found.".to_owned(),
        count => format!("{count} answers found."),
    };
    ResultsPart { q, said, found, read_as: results.read_as }
}
