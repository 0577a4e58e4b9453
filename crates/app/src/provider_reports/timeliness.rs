//! How long completions waited until they were reported.

use jiff::civil::{Date, date};
use store::provider_reports::DayCell;

use super::EXPECTED_DAYS;

/// Upper ends of the stretches of days that a report shows; the last is open. One ends where the field's
/// expectation does.
const ENDS: [i64; 5] = [7, 14, EXPECTED_DAYS, 60, 90];

/// Completions by the days they waited.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Waits {
    /// Days and completions, by days.
    by_days: Vec<(i64, i64)>,
    pub completions: i64,
}

impl Waits {
    pub fn of(cells: &[DayCell]) -> Self {
        let mut by_days: Vec<(i64, i64)> =
            cells.iter().map(|cell| (waited(cell.completed_on, cell.reported_day), cell.completions)).collect();
        by_days.sort_unstable();
        let completions = by_days.iter().map(|(_, count)| count).sum();
        Self { by_days, completions }
    }

    /// The least number of days within which at least half of them were reported.
    pub fn median(&self) -> Option<i64> {
        let mut seen = 0;
        let reached = self.by_days.iter().find(|(_, count)| {
            seen += count;
            seen * 2 >= self.completions
        });
        reached.map(|(days, _)| *days)
    }

    pub fn within(&self, days: i64) -> i64 {
        self.by_days.iter().filter(|(waited, _)| *waited <= days).map(|(_, count)| count).sum()
    }

    /// Each stretch of days in words, with its completions.
    pub fn stretches(&self) -> Vec<(String, i64)> {
        let mut first = 0;
        let mut stretches = Vec::new();
        for end in ENDS {
            let before = if first == 0 { 0 } else { self.within(first - 1) };
            stretches.push((format!("{first} to {end} days"), self.within(end) - before));
            first = end + 1;
        }
        stretches.push((format!("More than {} days", first - 1), self.completions - self.within(first - 1)));
        stretches
    }
}

/// A report on the day of completion, or on the day before it in another zone, did not wait.
fn waited(completed_on: Date, reported_day: i64) -> i64 {
    let completed = date(1970, 1, 1).until(completed_on).map_or(0, |span| i64::from(span.get_days()));
    (reported_day - completed).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(day: i8, reported_day: i64, completions: i64) -> DayCell {
        // 2026-03-01 is day 20,513 since 1970
        let (completed_on, reported_day) = (date(2026, 3, day), 20_513 + reported_day);
        DayCell { completed_on, reported_day, is_physician: true, completions, learners: completions }
    }

    #[test]
    fn the_median_and_the_stretches_count_completions() {
        let waits = Waits::of(&[cell(1, 0, 2), cell(2, 31, 1), cell(1, 100, 2), cell(5, 3, 1)]);
        assert_eq!((waits.completions, waits.median(), waits.within(30)), (6, Some(0), 4));
        let counts: Vec<i64> = waits.stretches().iter().map(|(_, count)| *count).collect();
        assert_eq!(counts, [3, 0, 1, 0, 0, 2]);
        assert_eq!(waits.stretches()[2].0, "15 to 30 days");
        assert_eq!(Waits::of(&[cell(1, 9, 1), cell(1, 40, 2)]).median(), Some(40));
        assert_eq!(Waits::default().median(), None);
    }
}
