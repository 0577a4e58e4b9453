//! `/admin/reference`: lists, boards' rules and settings, as the accreditor's staff change them. Every
//! change has a day from which it counts, is shown with what it would affect before it is saved, and
//! can be taken back until its day has come.

mod acts;
mod answer;
mod board;
mod board_change;
pub(in crate::pages) mod differences;
mod download;
mod effect;
pub(in crate::pages) mod given;
pub(in crate::pages) mod history;
mod item;
mod item_change;
mod list;
mod overview;
mod planned;
mod setting;
mod setting_change;
mod setting_words;
mod words;

use app::App;
use axum::Router;
use domain::check::us_date;
use domain::reference::List;
use jiff::civil::Date;

use crate::Result;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .merge(overview::routes())
        .merge(list::routes())
        .merge(download::routes())
        .merge(item::routes())
        .merge(item_change::routes())
        .merge(board::routes())
        .merge(board_change::routes())
        .merge(setting::routes())
        .merge(setting_change::routes())
}

/// A list by the code in an address.
fn list_of(code: &str) -> Result<List> {
    let found = List::ALL.iter().copied().find(|list| list.code() == code);
    Ok(found.ok_or(app::Error::NotFound)?)
}

/// A day for people and for machines; both empty if there is none.
#[derive(Debug, Clone, Default)]
pub(in crate::pages) struct Day {
    pub(in crate::pages) shown: String,
    pub(in crate::pages) machine: String,
}

impl Day {
    pub(in crate::pages) fn of(day: impl Into<Option<Date>>) -> Self {
        let day: Option<Date> = day.into();
        day.map(|day| Self { shown: us_date(day), machine: day.to_string() }).unwrap_or_default()
    }
}
