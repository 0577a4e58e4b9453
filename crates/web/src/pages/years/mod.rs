//! `/provider/years/{year}`: the five steps by which a provider closes a reporting year, each with
//! its state and what is left of it.
//!
//! Sums are asked of the activities each time; only what a person says is typed here.

mod acts;
mod show;

use app::App;
use axum::Router;

use crate::{Error, Result};

pub fn routes() -> Router<App> {
    Router::new().merge(show::routes()).merge(acts::routes())
}

/// An address with something else than a year leads nowhere.
fn year_of(text: &str) -> Result<i16> {
    let year = text.parse().ok().filter(|year| text.len() == 4 && (1900..=9998).contains(year));
    year.ok_or(Error::App(app::Error::NotFound))
}
