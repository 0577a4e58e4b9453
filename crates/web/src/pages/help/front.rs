//! The front page: the search, and the parts of the help for each of its readers, the visitor's own first.

use app::App;
use app::help::Shelf;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use domain::help::{Audience, Category, Kind};

use super::{Line, audience_of};
use crate::access::MaybeSignedIn;
use crate::{Chrome, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/help", get(front)).route("/help/categories/{category}", get(category))
}

#[derive(Template)]
#[template(path = "help/front.html")]
struct Front {
    chrome: Chrome,
    parts: Vec<Part>,
    guides: Vec<Line>,
    releases: Vec<Line>,
    is_signed_in: bool,
}

/// All for one kind of reader.
struct Part {
    code: &'static str,
    label: &'static str,
    shelves: Vec<Shown>,
}

/// A category with the first of its questions.
struct Shown {
    code: &'static str,
    label: &'static str,
    questions: Vec<Line>,
    more: usize,
}

/// Questions of a category that the front page shows.
const FIRST: usize = 4;

async fn front(
    State(app): State<App>,
    MaybeSignedIn(session): MaybeSignedIn,
    chrome: Chrome,
) -> Result<Page<impl Template>> {
    let shelf = app.help.shelf(&app).await?;
    let own = audience_of(session.as_ref());
    let mut audiences = Audience::ALL.to_vec();
    audiences.sort_by_key(|audience| Some(*audience) != own);
    let mut releases: Vec<Line> = shelf.of_kind(Kind::Release).map(Line::of).collect();
    releases.truncate(2);
    Ok(Page(Front {
        chrome,
        parts: audiences.into_iter().map(|audience| part(&shelf, audience)).collect(),
        guides: shelf.of_kind(Kind::Guide).map(Line::of).collect(),
        releases,
        is_signed_in: session.is_some(),
    }))
}

fn part(shelf: &Shelf, audience: Audience) -> Part {
    let categories = Category::ALL.iter().filter(|category| category.audience() == audience);
    let shelves = categories.map(|category| {
        let mut questions: Vec<Line> = shelf.of_category(Kind::Question, *category).map(Line::of).collect();
        let more = questions.len().saturating_sub(FIRST);
        questions.truncate(FIRST);
        Shown { code: category.code(), label: category.label(), questions, more }
    });
    Part { code: audience.code(), label: audience.label(), shelves: shelves.collect() }
}

#[derive(Template)]
#[template(path = "help/category.html")]
struct CategoryPage {
    chrome: Chrome,
    code: &'static str,
    label: &'static str,
    audience: &'static str,
    guides: Vec<Line>,
    questions: Vec<Line>,
    others: Vec<(&'static str, &'static str)>,
    is_fixing: bool,
}

async fn category(State(app): State<App>, chrome: Chrome, Path(code): Path<String>) -> Result<Page<impl Template>> {
    let category = Category::read(&code).ok_or(app::Error::NotFound)?;
    let shelf = app.help.shelf(&app).await?;
    let others = Category::ALL.iter().filter(|other| other.audience() == category.audience() && **other != category);
    Ok(Page(CategoryPage {
        chrome,
        code: category.code(),
        label: category.label(),
        audience: category.audience().label(),
        guides: shelf.of_category(Kind::Guide, category).map(Line::of).collect(),
        questions: shelf.of_category(Kind::Question, category).map(Line::of).collect(),
        others: others.map(|other| (other.code(), other.label())).collect(),
        is_fixing: category == Category::Fixing,
    }))
}
