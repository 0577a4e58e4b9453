//! `/activities`: search for everybody; and what physicians keep of it, below `/passport`.
//!
//! Everything that is asked for stands in the address, so it can be shared, kept and asked again by programs.

mod calendar;
mod facets;
mod find;
mod row;
mod saved;
mod searches;
mod stop;

use app::App;
use app::activity_search::Gap;
use axum::Router;
use serde::Deserialize;

use crate::access::Session;
use crate::{Chrome, Result};

pub fn routes() -> Router<App> {
    Router::new()
        .merge(find::routes())
        .merge(calendar::routes())
        .merge(saved::routes())
        .merge(searches::routes())
        .merge(stop::routes())
}

/// What was just done, as addresses say it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Done {
    pub(super) done: String,
}

/// Says what was just done with a saved activity or search.
pub(super) fn with_notice(chrome: Chrome, done: &str) -> Chrome {
    match done {
        "saved" => chrome.with_notice("success", "The activity is saved", "It stands under Saved activities."),
        "removed" => chrome.with_notice("success", "The activity is no longer saved", ""),
        "kept" => chrome.with_notice("success", "The search is saved", "It stands below with the others."),
        "changed" => chrome.with_notice("success", "The search is changed", ""),
        "dropped" => chrome.with_notice("success", "The search is removed", "There will be no more letters about it."),
        _ => chrome,
    }
}

/// What the licenses of a physician who looks still miss; none for others.
async fn gap(app: &App, session: Option<&Session>) -> Result<Option<Gap>> {
    match session {
        Some(session) => Ok(app::activity_gaps::of(app, &session.actor).await?),
        None => Ok(None),
    }
}

/// Where to go back to after an act: a page of the search or of an activity, with a word for what was done.
fn back(to: &str, done: &str) -> String {
    let is_ours = to == "/activities" || to.starts_with("/activities?") || to.starts_with("/activities/");
    let is_plain = to.chars().all(|letter| letter.is_ascii_graphic() && letter != '\\' && letter != '#');
    match to {
        to if is_ours && is_plain && to.contains('?') => format!("{to}&done={done}"),
        to if is_ours && is_plain => format!("{to}?done={done}"),
        _ => format!("/activities/saved?done={done}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        assert_eq!(back("/activities?q=a", "saved"), "/activities?q=a&done=saved");
        assert_eq!(back("/activities/200000001", "saved"), "/activities/200000001?done=saved");
        for hostile in ["https://evil.example", "//evil.example", "/activities.evil", "/activities?\r\nx: y", "", "/x"]
        {
            assert_eq!(back(hostile, "saved"), "/activities/saved?done=saved");
        }
    }
}
