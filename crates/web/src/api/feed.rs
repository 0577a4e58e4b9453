//! What the feeds of events have in common: where a reader goes on, and how one answer ends.

use app::Error;
use serde::Deserialize;
use store::feeds::Event;
use utoipa::IntoParams;

/// Events of one answer, unless the caller asks for fewer.
const USUAL: i64 = 500;
const MOST: i64 = 1_000;

#[derive(Deserialize, Default, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// `next` of the answer before this one; without it the feed begins with the first event there ever was.
    #[param(required = false, pattern = "^[0-9]{0,18}$", example = "1041")]
    since: String,
    /// How many at most; 500 without it.
    #[param(value_type = Option<i32>, nullable = false, minimum = 1, maximum = 1_000)]
    limit: Option<String>,
}

impl Asked {
    /// The last event that the caller has seen; -1 for none.
    pub(super) fn seen(&self) -> app::Result<i64> {
        if self.since.is_empty() {
            return Ok(-1);
        }
        let is_cursor = self.since.len() <= 18 && self.since.bytes().all(|byte| byte.is_ascii_digit());
        let cursor = self.since.parse::<i64>().ok().filter(|_| is_cursor);
        // the cursor counts events that were seen: 0 says none
        cursor
            .map(|cursor| cursor - 1)
            .ok_or_else(|| Error::invalid("since", "Send what an earlier answer gave as \"next\", or leave it out."))
    }

    pub(super) fn most(&self) -> app::Result<i64> {
        let Some(limit) = &self.limit else { return Ok(USUAL) };
        let limit = limit.parse().ok().filter(|limit| (1..=MOST).contains(limit));
        limit.ok_or_else(|| Error::invalid("limit", "Ask for 1 to 1,000 at a time."))
    }
}

/// Takes the one event too many off, which says that there is more: what the caller goes on with, and
/// whether there is more right now.
pub(super) fn end(events: &mut Vec<Event>, seen: i64, most: i64) -> (String, bool) {
    let has_more = events.len() as i64 > most;
    events.truncate(usize::try_from(most).unwrap_or_default());
    let last = events.last().map_or(seen, |event| event.seq);
    ((last + 1).to_string(), has_more)
}
