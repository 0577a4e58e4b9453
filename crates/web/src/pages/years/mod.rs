//! `/provider/years/{year}`: the five steps by which a provider closes a reporting year, each with
//! its state and what is left of it.
//!
//! Sums are asked of the activities each time; only what a person says is typed here.

mod acts;
mod show;

use app::App;
use axum::Router;
use domain::activity::year;
use jiff::civil::Date;

use crate::{Error, Result, When};

pub fn routes() -> Router<App> {
    Router::new().merge(show::routes()).merge(acts::routes())
}

/// When a year is due, and whether that is over already.
pub(super) fn due(app: &App, year: i16) -> (When, bool) {
    let reference = app.reference.get();
    // the rules of a year are those of its last day
    let settings = reference.settings_on(Date::new(year, 12, 31).unwrap_or_default());
    let due = year::due(year, settings);
    (show::due_words(app, year, due), year::is_late(year, settings, app.clock.timestamp()))
}

/// An address with something else than a year leads nowhere.
fn year_of(text: &str) -> Result<i16> {
    let year = text.parse().ok().filter(|year| text.len() == 4 && (1900..=9998).contains(year));
    year.ok_or(Error::App(app::Error::NotFound))
}
