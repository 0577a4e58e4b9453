//! Dates that come again in a rhythm, for filling in the runs of an activity. They are only proposed:
//! whoever asked looks at them before anything is entered.

use jiff::ToSpan;
use jiff::civil::Date;

/// Dates of one filling in: a weekly meeting of a year.
pub(super) const MOST: usize = 53;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rhythm {
    Week,
    TwoWeeks,
    /// The same weekday of its month, such as each second Tuesday; a fifth one is the last one.
    WeekdayOfMonth,
    /// The same day of the month, or the month's last where it has no such day.
    Month,
    Quarter,
    Year,
}

impl Rhythm {
    pub(super) const ALL: [Self; 6] =
        [Self::Week, Self::TwoWeeks, Self::WeekdayOfMonth, Self::Month, Self::Quarter, Self::Year];

    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::TwoWeeks => "two_weeks",
            Self::WeekdayOfMonth => "weekday_of_month",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Week => "Every week",
            Self::TwoWeeks => "Every 2 weeks",
            Self::WeekdayOfMonth => "Every month, same weekday",
            Self::Month => "Every month, same date",
            Self::Quarter => "Every 3 months",
            Self::Year => "Every year",
        }
    }

    pub(super) fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rhythm| rhythm.code() == code)
    }

    /// So many dates after the first one. Each is counted from the first, so that the 31st comes back
    /// after a short month.
    pub(super) fn after(self, first: Date, times: usize) -> Vec<Date> {
        (1..).take(times).filter_map(|number| self.nth(first, number)).collect()
    }

    fn nth(self, first: Date, number: i64) -> Option<Date> {
        match self {
            Self::Week => first.checked_add(number.weeks()).ok(),
            Self::TwoWeeks => first.checked_add((2 * number).weeks()).ok(),
            Self::Month => first.checked_add(number.months()).ok(),
            Self::Quarter => first.checked_add((3 * number).months()).ok(),
            Self::Year => first.checked_add(number.years()).ok(),
            Self::WeekdayOfMonth => {
                let month = first.first_of_month().checked_add(number.months()).ok()?;
                let which = (first.day() - 1) / 7 + 1;
                let found = month.nth_weekday_of_month(which, first.weekday());
                found.or_else(|_| month.nth_weekday_of_month(-1, first.weekday())).ok()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates_follow_the_rhythm_and_short_months_do_not_shift_it() {
        let ends = date(2027, 1, 31);
        assert_eq!(Rhythm::Month.after(ends, 3), [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]);
        assert_eq!(Rhythm::TwoWeeks.after(ends, 2), [date(2027, 2, 14), date(2027, 2, 28)]);
        assert_eq!(Rhythm::Quarter.after(ends, 1), [date(2027, 4, 30)]);
        assert_eq!(Rhythm::Year.after(date(2028, 2, 29), 1), [date(2029, 2, 28)]);
    }

    #[test]
    fn a_weekday_of_the_month_stays_one_and_a_fifth_is_the_last() {
        // second Tuesday
        let second = Rhythm::WeekdayOfMonth.after(date(2027, 1, 12), 2);
        assert_eq!(second, [date(2027, 2, 9), date(2027, 3, 9)]);
        // fifth Friday
        let fifth = Rhythm::WeekdayOfMonth.after(date(2027, 1, 29), 2);
        assert_eq!(fifth, [date(2027, 2, 26), date(2027, 3, 26)]);
    }

    #[test]
    fn no_date_lies_beyond_the_calendar() {
        assert_eq!(Rhythm::Year.after(Date::MAX, 3), []);
    }
}
