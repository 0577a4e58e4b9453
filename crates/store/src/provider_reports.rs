//! Numbers about a provider, grouped, for its reports: activities that end in a period, learners and
//! credit completed in it, rows of uploads received in it.
//!
//! Groups are fine ([`Class`]) and few; the reports fold them by format, providership and so on. Texts of
//! outcomes and supporters stand in JSON columns that SQL does not look into: equal texts are counted
//! together by SQL and taken apart here.

mod activities;
mod credits;
mod learners;
mod uploads;

use domain::ProviderId;
use domain::activity::{Format, MeasuredOutcome, Providership};
use jiff::civil::Date;

pub use activities::{ActivityCell, Given, activities, running, support, years};
pub use credits::{CreditCell, credits};
pub use learners::{DayCell, LearnerCell, days, learners};
pub use uploads::{Rows, problems, rows};

use crate::error::Result;
use crate::values::{at, from_json, parsed_or_none, word};

/// From the first to the last day, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub from: Date,
    pub until: Date,
}

impl Period {
    /// A calendar year.
    pub fn year(year: i16) -> Self {
        let day = |month, day| Date::new(year, month, day).unwrap_or(Date::MAX);
        Self { from: day(1, 1), until: day(12, 31) }
    }
}

/// What the activities of a group have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    pub format: Format,
    pub providership: Option<Providership>,
    pub outcomes: Vec<MeasuredOutcome>,
    /// Whether they had commercial support; `None` where nobody said so yet.
    pub is_supported: Option<bool>,
}

/// The columns of a [`Class`], of an activity called `a`.
const CLASS: &str = "a.format, a.providership, a.outcomes, a.has_support";

#[derive(sqlx::FromRow)]
struct ClassRow {
    format: String,
    providership: String,
    outcomes: String,
    has_support: Option<bool>,
}

impl ClassRow {
    fn class(&self, provider: ProviderId) -> Result<Class> {
        let place = |column| at("activity", column, &provider);
        Ok(Class {
            format: word(Format::read(&self.format), place("format"))?,
            providership: match self.providership.as_str() {
                "" => None,
                text => Some(word(Providership::read(text), place("providership"))?),
            },
            outcomes: from_json(&self.outcomes, place("outcomes"))?,
            is_supported: self.has_support,
        })
    }
}

/// A month as SQL groups by it, `2026-03`, as its first day.
fn month(text: &str, table: &'static str, provider: ProviderId) -> Result<Date> {
    let first = parsed_or_none(&format!("{text}-01"), at(table, "month", &provider))?;
    word(first, at(table, "month", &provider))
}
