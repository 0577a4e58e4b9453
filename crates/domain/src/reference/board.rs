//! What a certifying board takes (domain.md, MOC / CC registration). A change with a date is a new
//! version of the whole, in force from that day on.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Board;

/// What one certifying board takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardRules {
    pub code: Board,
    /// As the board writes its own code, such as `ABPath`.
    pub label: String,
    pub name: String,
    pub credit_types: Vec<CreditType>,
    pub practice_areas: Vec<String>,
    /// ABS: the diplomate ID may be left out.
    #[serde(default)]
    pub diplomate_id_optional: bool,
    /// ABA: points equal CME credits.
    #[serde(default)]
    pub points_equal_credit: bool,
    /// ABA, ABP: one completion per diplomate, activity and date.
    #[serde(default)]
    pub once_per_date: bool,
    /// ABA: the credit type whose points are reported in a record of their own where only a part of a
    /// completion's points is of it. See [`crate::pairing`].
    #[serde(default)]
    pub type_apart: Option<String>,
    /// First completion date that the board takes.
    #[serde(default)]
    pub completed_from: Option<Date>,
    /// First start date of activities that the board takes.
    #[serde(default)]
    pub activity_starts_from: Option<Date>,
}

/// A board's credit type and the **completion dates** for which it is valid, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditType {
    pub name: String,
    #[serde(default)]
    pub valid_from: Option<Date>,
    #[serde(default)]
    pub valid_until: Option<Date>,
}

impl CreditType {
    pub fn in_force(&self, completed_on: Date) -> bool {
        self.in_force_during(completed_on, completed_on)
    }

    /// Whether it is valid on some day of these.
    pub fn in_force_during(&self, first: Date, last: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= last) && self.valid_until.is_none_or(|until| first <= until)
    }
}

impl BoardRules {
    /// The board's own spelling of a credit type, given in any case and spacing.
    pub fn credit_type(&self, given: &str) -> Option<&CreditType> {
        let wanted = spaced(given);
        self.credit_types.iter().find(|credit_type| spaced(&credit_type.name) == wanted)
    }

    /// The board's own spelling of a practice area, given in any case and spacing.
    pub fn practice_area(&self, given: &str) -> Option<&str> {
        let wanted = spaced(given);
        self.practice_areas.iter().find(|area| spaced(area) == wanted).map(String::as_str)
    }
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
