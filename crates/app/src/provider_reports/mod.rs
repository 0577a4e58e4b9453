//! Reports of a provider: its activities, learners and credit of a year or of any stretch of days, added
//! up by format, month, providership, outcome and commercial support, and how its uploads fared.
//!
//! Two clocks run here and are never mixed: activities belong to the day on which they **end** (as in the
//! Program Summary), completions and credit to the day of **completion**. Every figure is in a
//! [`formats::tables::Table`], which pages show and files hold.

mod breakdown;
mod facts;
mod tables;
mod timeliness;

use domain::Amount;
use domain::access::ProviderScope;
use domain::activity::year::Totals;
use formats::tables::Table;
use jiff::civil::Date;
pub use store::provider_reports::Period;

use crate::App;
use crate::error::{Error, Result};
use facts::Facts;

/// The days from completion to report that the field expects at most (product.md, Dashboard).
pub const EXPECTED_DAYS: i64 = 30;

/// The longest stretch of one report, in years.
pub const MOST_YEARS: i16 = 10;

/// A report, as it stands now.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub period: Period,
    /// What the activities that end in the period add up to, as the Program Summary says it.
    pub totals: Totals,
    /// Learners with a completion in the period, once an activity.
    pub physicians_reported: i64,
    pub others_reported: i64,
    pub completions: i64,
    /// AMA PRA Category 1 credit of those completions.
    pub cme: Amount,
    /// Rows accepted of all that were accepted or refused, in tenths of a percent.
    pub accepted: Option<i64>,
    /// Days from completion to report that half of the completions needed at most.
    pub median_days: Option<i64>,
    /// Completions reported within [`EXPECTED_DAYS`], in tenths of a percent.
    pub in_time: Option<i64>,
    /// In the order in which they are read. Tables of points by board are left out where no board's
    /// points were reported.
    pub tables: Vec<Table>,
}

impl Report {
    /// The table of this key.
    pub fn table(&self, key: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.key == key)
    }
}

/// The period that was asked for by a year, or by days. Nonsense is this year; days in the wrong order are
/// exchanged; of more than [`MOST_YEARS`] the last remain.
pub fn period(year: Option<i16>, from: Option<Date>, until: Option<Date>, today: Date) -> Period {
    let (from, until) = match (from, until) {
        (None, None) => {
            let year = year.filter(|year| (1900..=9998).contains(year));
            return Period::year(year.unwrap_or(today.year()));
        }
        (Some(from), None) => (from, today.max(from)),
        (None, Some(until)) => (Period::year(until.year()).from, until),
        (Some(from), Some(until)) => (from.min(until), from.max(until)),
    };
    let earliest = until.checked_sub(jiff::Span::new().years(MOST_YEARS)).unwrap_or(Date::MIN);
    Period { from: from.max(earliest), until }
}

/// The calendar year that the period is, if it is one.
pub fn whole_year(period: Period) -> Option<i16> {
    let year = period.from.year();
    (period == Period::year(year)).then_some(year)
}

/// The report of a period, from what is on record now.
pub async fn report(app: &App, scope: &ProviderScope, period: Period) -> Result<Report> {
    let facts = Facts::read(app, scope, period).await?;
    let report = tables::report(&app.reference.get(), app.clock.today(), period, &facts);
    Ok(report)
}

/// All tables in one Excel workbook, with who, when and what in its first sheet.
pub async fn workbook(app: &App, scope: &ProviderScope, organization: &str, report: &Report) -> Result<Vec<u8>> {
    let line = |name: &str, text: String| (name.to_owned(), text);
    let about = [
        line("Report of", format!("{organization}, Provider {}", scope.provider())),
        line("Period", words_of(report.period)),
        line("As of", app.clock.show(app.clock.now())),
    ];
    formats::tables::write_workbook(&about, &report.tables).map_err(written)
}

/// One table as comma-separated text; `NotFound` for a key that the report has no table of.
pub fn csv(report: &Report, key: &str) -> Result<Vec<u8>> {
    let table = report.table(key).ok_or(Error::NotFound)?;
    formats::tables::write_csv(table).map_err(written)
}

fn written(error: formats::result::WriteError) -> Error {
    Error::Internal(format!("a report could not be written: {error}"))
}

/// The period in words: `2026`, or `Jan 5, 2026 to Mar 31, 2026`.
pub fn words_of(period: Period) -> String {
    let day = |day: Date| day.strftime("%b %-d, %Y").to_string();
    match whole_year(period) {
        Some(year) => year.to_string(),
        None => format!("{} to {}", day(period.from), day(period.until)),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_period_is_what_was_asked_for_and_never_nonsense() {
        let today = date(2026, 11, 23);
        let days = |from, until| Period { from, until };
        for (year, from, until, wanted) in [
            (None, None, None, Period::year(2026)),
            (Some(2024), None, None, Period::year(2024)),
            (Some(3), None, None, Period::year(2026)),
            (Some(2024), Some(date(2026, 3, 1)), None, days(date(2026, 3, 1), today)),
            (None, None, Some(date(2025, 3, 1)), days(date(2025, 1, 1), date(2025, 3, 1))),
            (None, Some(date(2026, 5, 2)), Some(date(2026, 5, 1)), days(date(2026, 5, 1), date(2026, 5, 2))),
            (None, Some(date(1200, 1, 1)), Some(date(2026, 5, 1)), days(date(2016, 5, 1), date(2026, 5, 1))),
        ] {
            assert_eq!(period(year, from, until, today), wanted);
        }
        assert_eq!(words_of(Period::year(2026)), "2026");
        assert_eq!(words_of(days(date(2026, 1, 5), date(2026, 3, 31))), "Jan 5, 2026 to Mar 31, 2026");
    }
}
