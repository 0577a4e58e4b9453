//! Deadlines, limits and thresholds. Each is dated by itself: a value set for a day in the future
//! takes effect on that day.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use crate::Amount;
use crate::activity::Format;

/// The settings in force on one day. Names of fields are names of stored settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Month and day of the year after the completion on which reporting ends.
    pub report_until_month: i8,
    pub report_until_day: i8,
    /// Reporting years up to this one are locked.
    pub locked_year: i16,
    /// The longest an activity may last, in months, unless its format has a limit of its own.
    pub months_most: i32,
    /// Limits of single formats, by the format's code.
    pub months_most_of: BTreeMap<String, i32>,
    /// Characters of a description.
    pub description_most: usize,
    /// Characters of any other text.
    pub text_most: usize,
    /// A series with less credit than this is warned about.
    pub series_few_credits: Amount,
    /// Days that a provider has to answer a case about missing credit.
    pub missing_credit_days: i32,
    /// Months after its newest accepted report for which a provider may show the mark.
    pub mark_months: i32,
    /// The share of a board's active licenses, in percent, that a roster may end without a second look.
    pub roster_ends_percent: i32,
    /// The last minute for a year-end, in the year after the reporting year.
    pub year_due_month: i8,
    pub year_due_day: i8,
    pub year_due_hour: i8,
    pub year_due_minute: i8,
    /// An IANA zone.
    pub year_due_zone: String,
    /// Days before the deadline on which a notice of it makes itself; 0: none does.
    pub year_end_notice_days: i32,
    /// What a provider accepts each year.
    pub agreement: String,
}

impl Default for Settings {
    fn default() -> Self {
        let longer = [Format::EnduringMaterial, Format::JournalBased];
        Self {
            report_until_month: 3,
            report_until_day: 31,
            locked_year: 0,
            months_most: 12,
            months_most_of: longer.iter().map(|format| (format.code().to_owned(), 36)).collect(),
            description_most: 2_500,
            text_most: 500,
            series_few_credits: Amount::new(400),
            missing_credit_days: 30,
            mark_months: 12,
            roster_ends_percent: 5,
            year_due_month: 3,
            year_due_day: 31,
            year_due_hour: 23,
            year_due_minute: 59,
            year_due_zone: "America/Chicago".to_owned(),
            year_end_notice_days: 0,
            agreement: "We report every accredited activity of the year, what we report is true, and we hold each \
                        learner's permission for the credit that we report."
                .to_owned(),
        }
    }
}

impl Settings {
    /// The last day on which a completion may be reported.
    pub fn report_until(&self, completed_on: Date) -> Date {
        let year = completed_on.year().saturating_add(1);
        Date::new(year, self.report_until_month, self.report_until_day).unwrap_or(date(9999, 12, 31))
    }

    /// The longest an activity of a format may last, in months.
    pub fn longest_months(&self, format: Format) -> i32 {
        self.months_most_of.get(format.code()).copied().unwrap_or(self.months_most).clamp(1, 1_200)
    }

    /// What is wrong with the values: an accreditor's slip must not lock everybody out. Pairs of the
    /// setting's name and what is wrong.
    pub fn faults(&self) -> Vec<(&'static str, String)> {
        let is_day = |month: i8, day: i8| Date::new(2027, month, day).is_ok();
        let checks = [
            (is_day(self.report_until_month, self.report_until_day), "report_until_day", "There is no such day."),
            (is_day(self.year_due_month, self.year_due_day), "year_due_day", "There is no such day."),
            ((0..24).contains(&self.year_due_hour), "year_due_hour", "An hour is 0 to 23."),
            ((0..60).contains(&self.year_due_minute), "year_due_minute", "A minute is 0 to 59."),
            (jiff::tz::TimeZone::get(&self.year_due_zone).is_ok(), "year_due_zone", "There is no such time zone."),
            ((0..10_000).contains(&self.locked_year), "locked_year", "A year has four digits."),
            ((1..=120).contains(&self.months_most), "months_most", "A limit is 1 to 120 months."),
            ((1..=100_000).contains(&self.description_most), "description_most", "A limit is 1 to 100,000 characters."),
            ((1..=100_000).contains(&self.text_most), "text_most", "A limit is 1 to 100,000 characters."),
            (self.series_few_credits >= Amount::ZERO, "series_few_credits", "Credit is not negative."),
            ((1..=365).contains(&self.missing_credit_days), "missing_credit_days", "A time is 1 to 365 days."),
            ((1..=60).contains(&self.mark_months), "mark_months", "A time is 1 to 60 months."),
            ((0..=100).contains(&self.roster_ends_percent), "roster_ends_percent", "A share is 0 to 100 percent."),
            ((0..=365).contains(&self.year_end_notice_days), "year_end_notice_days", "A time is 0 to 365 days."),
            (!self.agreement.trim().is_empty(), "agreement", "Write the agreement."),
        ];
        let mut list: Vec<(&'static str, String)> =
            checks.into_iter().filter(|(holds, ..)| !holds).map(|(_, name, what)| (name, what.to_owned())).collect();
        for (format, months) in &self.months_most_of {
            if !Format::ALL.iter().any(|known| known.code() == format) {
                list.push(("months_most_of", format!("“{format}” is not a format.")));
            } else if !(1..=120).contains(months) {
                list.push(("months_most_of", "A limit is 1 to 120 months.".to_owned()));
            }
        }
        list
    }
}
