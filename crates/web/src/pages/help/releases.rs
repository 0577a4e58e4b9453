//! `/help/releases`: what each release brought, the newest first.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use domain::help::Kind;
use jiff::civil::Date;

use crate::pages::missing_credit::Day;
use crate::{Chrome, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/help/releases", get(list))
}

#[derive(Template)]
#[template(path = "help/releases.html")]
struct Releases {
    chrome: Chrome,
    releases: Vec<Release>,
}

struct Release {
    slug: String,
    title: String,
    summary: String,
    html: String,
    day: Option<Day>,
}

async fn list(State(app): State<App>, chrome: Chrome) -> Result<Page<impl Template>> {
    let shelf = app.help.shelf(&app).await?;
    let mut pages: Vec<_> = shelf.of_kind(Kind::Release).collect();
    pages.sort_by(|a, b| b.entry.content.released_on.cmp(&a.entry.content.released_on));
    let releases = pages.into_iter().map(|page| Release {
        slug: page.entry.slug.clone(),
        title: page.entry.content.title.clone(),
        summary: page.entry.content.summary.clone(),
        html: page.html.clone(),
        day: page.entry.content.released_on.parse::<Date>().ok().map(Day::of),
    });
    Ok(Page(Releases { chrome, releases: releases.collect() }))
}
