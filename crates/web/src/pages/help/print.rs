//! The help on paper: a whole category, or all of it.

use app::App;
use app::help::{Page as HelpPage, Shelf};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use domain::Code;
use domain::help::{Category, Kind};

use crate::{Chrome, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/help/print", get(all)).route("/help/categories/{category}/print", get(one))
}

#[derive(Template)]
#[template(path = "help/print.html")]
struct Print {
    chrome: Chrome,
    title: String,
    back: String,
    chapters: Vec<Chapter>,
    /// At the end of the whole help.
    problems: Vec<Code>,
}

struct Chapter {
    code: &'static str,
    title: &'static str,
    audience: &'static str,
    pages: Vec<(String, String, String)>,
}

fn chapter(shelf: &Shelf, category: Category) -> Chapter {
    let pages = shelf.of_category(Kind::Guide, category).chain(shelf.of_category(Kind::Question, category));
    let written = |page: &HelpPage| (page.entry.slug.clone(), page.entry.content.title.clone(), page.html.clone());
    Chapter {
        code: category.code(),
        title: category.label(),
        audience: category.audience().label(),
        pages: pages.map(written).collect(),
    }
}

async fn one(State(app): State<App>, chrome: Chrome, Path(code): Path<String>) -> Result<Page<impl Template>> {
    let category = Category::read(&code).ok_or(app::Error::NotFound)?;
    let shelf = app.help.shelf(&app).await?;
    Ok(Page(Print {
        chrome,
        title: category.label().to_owned(),
        back: format!("/help/categories/{}", category.code()),
        chapters: vec![chapter(&shelf, category)],
        problems: Vec::new(),
    }))
}

async fn all(State(app): State<App>, chrome: Chrome) -> Result<Page<impl Template>> {
    let shelf = app.help.shelf(&app).await?;
    let chapters = Category::ALL.iter().map(|category| chapter(&shelf, *category));
    Ok(Page(Print {
        title: format!("Help for {}", app.config.product_name),
        chrome,
        back: "/help".to_owned(),
        chapters: chapters.filter(|chapter| !chapter.pages.is_empty()).collect(),
        problems: Code::ALL.to_vec(),
    }))
}
