//! How far an activity is in time, as people plan: what can be begun now, this week, this month, later.

use jiff::civil::Date;

/// How soon an activity can be begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum When {
    Now,
    Week,
    Month,
    Quarter,
    Later,
}

impl When {
    pub const ALL: [Self; 5] = [Self::Now, Self::Week, Self::Month, Self::Quarter, Self::Later];

    pub fn code(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Later => "later",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Now => "Can be begun today",
            Self::Week => "Begins within 7 days",
            Self::Month => "Begins in 8 to 30 days",
            Self::Quarter => "Begins in 31 to 90 days",
            Self::Later => "Begins later",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|when| when.code() == code)
    }

    /// For a start so many days from today; a past one counts as today.
    pub fn of_days(days: i64) -> Self {
        match days {
            ..=0 => Self::Now,
            1..=7 => Self::Week,
            8..=30 => Self::Month,
            31..=90 => Self::Quarter,
            _ => Self::Later,
        }
    }
}

/// Days since 1970, by which dates stand in the index.
pub(super) fn day_number(day: Date) -> i64 {
    let epoch = Date::constant(1970, 1, 1);
    day.duration_since(epoch).as_hours() / 24
}

/// How many days an activity is from a day: none while it lasts.
pub(super) fn distance(starts: i64, ends: i64, day: i64) -> i64 {
    if day < starts {
        starts - day
    } else if day > ends {
        day - ends
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_are_counted_across_years_and_centuries() {
        assert_eq!(day_number(date(1970, 1, 2)), 1);
        assert_eq!(day_number(date(1969, 12, 31)), -1);
        assert_eq!(day_number(date(2026, 11, 23)) - day_number(date(2025, 11, 23)), 365);
        assert_eq!(day_number(date(9998, 12, 31)), 2_932_531);
    }

    #[test]
    fn an_activity_is_near_while_it_lasts() {
        assert_eq!(
            [distance(10, 20, 4), distance(10, 20, 10), distance(10, 20, 20), distance(10, 20, 23)],
            [6, 0, 0, 3]
        );
        assert_eq!([When::of_days(-3), When::of_days(7), When::of_days(91)], [When::Now, When::Week, When::Later]);
    }
}
