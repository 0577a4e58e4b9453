//! Month and day of birth. The year is never kept: one that is sent is dropped while reading.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A month and day that exists in a leap year: 29 February is valid (domain.md, Learner credit data).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MonthDay {
    month: u8,
    day: u8,
}

/// The text is not a month and day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotMonthDay;

impl fmt::Display for NotMonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a month and day")
    }
}

impl std::error::Error for NotMonthDay {}

const DAYS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

impl MonthDay {
    /// `None` unless such a day exists in a leap year.
    pub fn new(month: u8, day: u8) -> Option<Self> {
        let last = *DAYS.get(usize::from(month).checked_sub(1)?)?;
        (1..=last).contains(&day).then_some(Self { month, day })
    }

    pub const fn month(self) -> u8 {
        self.month
    }

    pub const fn day(self) -> u8 {
        self.day
    }

    /// 0 for 1 January to 365 for 31 December, as in a leap year.
    pub fn ordinal(self) -> u16 {
        let before: u16 = DAYS[..usize::from(self.month) - 1].iter().map(|days| u16::from(*days)).sum();
        before + u16::from(self.day) - 1
    }

    /// Reads every form that senders use: `MM/DD`, `MM-DD`, `--MM-DD`, and dates with a year
    /// (`MM/DD/YYYY`, `YYYY-MM-DD`), whose year is dropped (formats.md, column F).
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix("--").unwrap_or(text);
        let parts: Vec<&str> = text.split(['/', '-']).map(str::trim).collect();
        let number = |part: &str, most: usize| -> Option<u16> {
            let plain = !part.is_empty() && part.len() <= most && part.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| part.parse().ok()).flatten()
        };
        let (month, day) = match parts[..] {
            [month, day] => (month, day),
            [year, month, day] if year.len() == 4 => number(year, 4).map(|_| (month, day))?,
            [month, day, year] if matches!(year.len(), 2 | 4) => number(year, 4).map(|_| (month, day))?,
            _ => return None,
        };
        Self::new(u8::try_from(number(month, 2)?).ok()?, u8::try_from(number(day, 2)?).ok()?)
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}/{:02}", self.month, self.day)
    }
}

impl fmt::Debug for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MonthDay({self})")
    }
}

impl FromStr for MonthDay {
    type Err = NotMonthDay;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::read(text).ok_or(NotMonthDay)
    }
}

impl TryFrom<String> for MonthDay {
    type Error = NotMonthDay;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<MonthDay> for String {
    fn from(day: MonthDay) -> Self {
        day.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_the_template_is_read() {
        for text in ["03/07", "3/7", "03-07", "--03-07", "03/07/1980", "3/7/80", "1980-03-07", " 03/07 "] {
            assert_eq!(MonthDay::read(text), MonthDay::new(3, 7), "{text}");
        }
        assert_eq!(MonthDay::read("02/29").map(|day| day.to_string()).as_deref(), Some("02/29"));
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in ["02/30", "13/01", "00/10", "4/31", "", "0307", "3/7/1980/1", "a/b", "+3/7", "2024-02", "3/7/198"] {
            assert_eq!(MonthDay::read(text), None, "{text}");
        }
    }

    #[test]
    fn ordinals_count_the_days_of_a_leap_year() {
        assert_eq!(MonthDay::new(1, 1).map(MonthDay::ordinal), Some(0));
        assert_eq!(MonthDay::new(12, 31).map(MonthDay::ordinal), Some(365));
    }
}
