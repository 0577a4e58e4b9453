//! Reference data: the rules that may change next year, as values with dates.
//!
//! Seeded from files of the repository, kept in tables, edited by the accreditor; nothing in the
//! code knows the name of a board.

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use crate::Board;

/// Everything the checks compare with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reference {
    pub boards: Vec<BoardRules>,
    pub settings: Settings,
}

/// What one certifying board takes (domain.md, MOC / CC registration).
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
        self.valid_from.is_none_or(|from| from <= completed_on)
            && self.valid_until.is_none_or(|until| completed_on <= until)
    }
}

/// Deadlines and windows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Month and day of the year after the completion on which reporting ends.
    pub report_until_month: i8,
    pub report_until_day: i8,
    /// Reporting years up to this one are locked.
    pub locked_year: i16,
}

impl Default for Settings {
    fn default() -> Self {
        Self { report_until_month: 3, report_until_day: 31, locked_year: 0 }
    }
}

impl Settings {
    /// The last day on which a completion may be reported.
    pub fn report_until(&self, completed_on: Date) -> Date {
        let year = completed_on.year().saturating_add(1);
        Date::new(year, self.report_until_month, self.report_until_day).unwrap_or(date(9999, 12, 31))
    }
}

impl Reference {
    pub fn board(&self, code: Board) -> Option<&BoardRules> {
        self.boards.iter().find(|board| board.code == code)
    }

    /// A board's own spelling of its code.
    pub fn board_label(&self, code: Board) -> String {
        self.board(code).map_or_else(|| code.to_string(), |board| board.label.clone())
    }
}

impl BoardRules {
    /// The board's own spelling of a credit type, given in any case and spacing.
    pub fn credit_type(&self, given: &str) -> Option<&CreditType> {
        let key = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let wanted = key(given);
        self.credit_types.iter().find(|credit_type| key(&credit_type.name) == wanted)
    }
}
