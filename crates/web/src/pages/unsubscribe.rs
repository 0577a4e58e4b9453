//! `/unsubscribe/{secret}`: the link at the foot of a physician's letters. It ends letters and does nothing else, so
//! nobody has to sign in; a button does it, because programs follow links in letters.

use app::{App, notices};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;

use crate::{Chrome, Page, Result};

pub fn routes() -> Router<App> {
    Router::new().route("/unsubscribe/{secret}", get(ask).post(end))
}

#[derive(Template)]
#[template(path = "unsubscribe.html")]
struct UnsubscribePage {
    chrome: Chrome,
    is_done: bool,
}

async fn ask(State(app): State<App>, chrome: Chrome, Path(secret): Path<String>) -> Result<Page<impl Template>> {
    notices::check_link(&app, &secret).await?;
    Ok(Page(UnsubscribePage { chrome, is_done: false }))
}

async fn end(State(app): State<App>, chrome: Chrome, Path(secret): Path<String>) -> Result<Page<impl Template>> {
    notices::unsubscribe(&app, &secret).await?;
    Ok(Page(UnsubscribePage { chrome, is_done: true }))
}
