//! Which lines a physician wants to see. Nonsense in an address counts as not given.

use jiff::civil::Date;
use serde::Deserialize;
use store::record_trail::Stretch;

use super::{Kind, Line};
use crate::App;

/// As it stands in an address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// A code of [`Kind::ALL`].
    pub kind: String,
    /// The words of who it was, as in the list.
    pub who: String,
    pub from: String,
    pub until: String,
    /// Counted from 1.
    pub page: String,
}

impl Filter {
    pub(super) fn stretch(&self, app: &App) -> Stretch {
        let day = |text: &str| text.trim().parse::<Date>().ok();
        Stretch {
            from: day(&self.from).map_or(i64::MIN, |day| app.clock.start_of(day)),
            until: day(&self.until).map_or(i64::MAX, |day| app.clock.end_of(day)),
        }
    }

    pub(super) fn takes(&self, line: &Line) -> bool {
        Kind::read(&self.kind).is_none_or(|kind| kind == line.kind) && (self.who.is_empty() || self.who == line.who)
    }

    pub fn page(&self) -> usize {
        self.page.trim().parse().unwrap_or(1).max(1)
    }
}
