//! The first and last day of a cycle, from the rule and what is known of a license.
//!
//! Each end is counted from the rule's own day, never from the end before it: so a cycle that ends on 29 February
//! is back on that day after three years of the 28th.

use jiff::civil::Date;

use super::{CycleRule, LicenseFacts};

/// What must be known first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lacking {
    /// No rules of the state are on record.
    Requirement,
    IssueDate,
    ExpiryDate,
    BirthMonth,
}

impl CycleRule {
    /// First and last day of the cycle in which `on` lies.
    pub fn around(self, facts: &LicenseFacts, on: Date) -> Result<(Date, Date), Lacking> {
        match self {
            Self::FixedDate { ends, anchor_year, .. } => {
                let end = |year| day_of(year, ends.month(), ends.day());
                self.found(anchor_year, on, end).ok_or(Lacking::Requirement)
            }
            Self::BirthMonth { .. } => {
                let month = facts.birth.ok_or(Lacking::BirthMonth)?.month();
                let issued = facts.issued_on.ok_or(Lacking::IssueDate)?;
                self.found(issued.year(), on, |year| day_of(year, month, 31)).ok_or(Lacking::IssueDate)
            }
            Self::Issued { .. } => {
                let issued = facts.issued_on.ok_or(Lacking::IssueDate)?;
                let end = |year| day_of(year, month_of(issued), day_in(issued))?.yesterday().ok();
                self.found(issued.year(), on, end).ok_or(Lacking::IssueDate)
            }
            Self::Expires { .. } => {
                let expires = facts.expires_on.ok_or(Lacking::ExpiryDate)?;
                let end = |year| day_of(year, month_of(expires), day_in(expires));
                self.found(expires.year(), on, end).ok_or(Lacking::ExpiryDate)
            }
        }
    }

    /// `end` gives the last day of the cycle that is counted for a year, `anchor` being one of those years. `None`:
    /// past the calendar's own ends.
    fn found(self, anchor: i16, on: Date, end: impl Fn(i32) -> Option<Date>) -> Option<(Date, Date)> {
        let years = i32::from(self.years());
        let anchor = i32::from(anchor);
        let cycles = (i32::from(on.year()) - anchor).div_euclid(years);
        // a year's cycle may end before or after the day, or on the last day of the year before
        let year = (cycles..=cycles + 1)
            .map(|cycle| anchor + cycle * years)
            .find(|year| end(*year).is_some_and(|end| on <= end))?;
        Some((end(year - years)?.tomorrow().ok()?, end(year)?))
    }
}

/// A day of a year, or the last of its month.
fn day_of(year: i32, month: u8, day: u8) -> Option<Date> {
    let year = i16::try_from(year).ok()?;
    let month = i8::try_from(month).ok()?;
    let first = Date::new(year, month, 1).ok()?;
    Date::new(year, month, first.days_in_month().min(i8::try_from(day).ok()?)).ok()
}

fn month_of(date: Date) -> u8 {
    date.month().unsigned_abs()
}

fn day_in(date: Date) -> u8 {
    date.day().unsigned_abs()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::MonthDay;

    fn fixed(month: u8, day: u8, years: u8, anchor_year: i16) -> CycleRule {
        CycleRule::FixedDate { ends: MonthDay::new(month, day).unwrap(), years, anchor_year }
    }

    fn facts(issued: Option<Date>, expires: Option<Date>, birth: &str) -> LicenseFacts {
        LicenseFacts { issued_on: issued, expires_on: expires, birth: MonthDay::read(birth), ..LicenseFacts::default() }
    }

    fn around(rule: CycleRule, facts: &LicenseFacts, on: Date) -> (String, String) {
        let (from, until) = rule.around(facts, on).unwrap();
        (from.to_string(), until.to_string())
    }

    #[test]
    fn a_fixed_date_ends_everybodys_cycle() {
        let none = facts(None, None, "");
        for (rule, on, from, until) in [
            (fixed(12, 31, 2, 2024), date(2025, 1, 1), "2025-01-01", "2026-12-31"),
            (fixed(12, 31, 2, 2024), date(2026, 12, 31), "2025-01-01", "2026-12-31"),
            (fixed(12, 31, 2, 2024), date(2027, 1, 1), "2027-01-01", "2028-12-31"),
            (fixed(12, 31, 2, 2024), date(2024, 12, 31), "2023-01-01", "2024-12-31"),
            // the anchor may lie ahead, and far behind
            (fixed(6, 30, 3, 2030), date(2026, 11, 23), "2024-07-01", "2027-06-30"),
            (fixed(6, 30, 3, 1901), date(2026, 11, 23), "2024-07-01", "2027-06-30"),
            (fixed(1, 1, 1, 2020), date(2026, 1, 1), "2025-01-02", "2026-01-01"),
            (fixed(1, 1, 1, 2020), date(2026, 1, 2), "2026-01-02", "2027-01-01"),
        ] {
            assert_eq!(around(rule, &none, on), (from.to_owned(), until.to_owned()), "{rule:?} {on}");
        }
    }

    #[test]
    fn leap_days_come_back() {
        let none = facts(None, None, "");
        let rule = fixed(2, 29, 1, 2024);
        for (on, from, until) in [
            (date(2024, 2, 29), "2023-03-01", "2024-02-29"),
            (date(2024, 3, 1), "2024-03-01", "2025-02-28"),
            (date(2027, 3, 1), "2027-03-01", "2028-02-29"),
            (date(2028, 2, 29), "2027-03-01", "2028-02-29"),
        ] {
            assert_eq!(around(rule, &none, on), (from.to_owned(), until.to_owned()), "{on}");
        }
        let leap = facts(Some(date(2024, 2, 29)), Some(date(2028, 2, 29)), "02/29");
        for (rule, on, from, until) in [
            (CycleRule::Expires { years: 2 }, date(2026, 2, 28), "2024-03-01", "2026-02-28"),
            (CycleRule::Expires { years: 2 }, date(2026, 3, 1), "2026-03-01", "2028-02-29"),
            (CycleRule::Issued { years: 1 }, date(2025, 2, 27), "2024-02-29", "2025-02-27"),
            (CycleRule::Issued { years: 1 }, date(2025, 2, 28), "2025-02-28", "2026-02-27"),
            (CycleRule::Issued { years: 4 }, date(2028, 2, 28), "2024-02-29", "2028-02-28"),
            (CycleRule::BirthMonth { years: 2 }, date(2026, 2, 28), "2024-03-01", "2026-02-28"),
            (CycleRule::BirthMonth { years: 2 }, date(2028, 2, 29), "2026-03-01", "2028-02-29"),
        ] {
            assert_eq!(around(rule, &leap, on), (from.to_owned(), until.to_owned()), "{rule:?} {on}");
        }
    }

    #[test]
    fn a_month_of_birth_ends_cycles_in_every_so_many_years_from_the_year_of_issue() {
        let even = facts(Some(date(2020, 10, 5)), None, "03/17");
        let odd = facts(Some(date(2021, 1, 5)), None, "03/17");
        let rule = CycleRule::BirthMonth { years: 2 };
        assert_eq!(around(rule, &even, date(2026, 3, 31)), ("2024-04-01".into(), "2026-03-31".into()));
        assert_eq!(around(rule, &even, date(2026, 4, 1)), ("2026-04-01".into(), "2028-03-31".into()));
        assert_eq!(around(rule, &odd, date(2026, 4, 1)), ("2025-04-01".into(), "2027-03-31".into()));
    }

    #[test]
    fn an_issue_on_new_years_day_ends_cycles_with_the_year() {
        let facts = facts(Some(date(2024, 1, 1)), None, "");
        let rule = CycleRule::Issued { years: 2 };
        assert_eq!(around(rule, &facts, date(2024, 1, 1)), ("2024-01-01".into(), "2025-12-31".into()));
        assert_eq!(around(rule, &facts, date(2026, 1, 1)), ("2026-01-01".into(), "2027-12-31".into()));
    }

    #[test]
    fn what_is_not_known_is_said() {
        let none = facts(None, None, "");
        let on = date(2026, 1, 1);
        let issued_only = facts(Some(on), None, "");
        let born_only = facts(None, None, "03/17");
        assert_eq!(CycleRule::BirthMonth { years: 2 }.around(&issued_only, on), Err(Lacking::BirthMonth));
        assert_eq!(CycleRule::BirthMonth { years: 2 }.around(&born_only, on), Err(Lacking::IssueDate));
        assert_eq!(CycleRule::Issued { years: 2 }.around(&none, on), Err(Lacking::IssueDate));
        assert_eq!(CycleRule::Expires { years: 2 }.around(&issued_only, on), Err(Lacking::ExpiryDate));
        // neither end of the calendar breaks anything
        assert!(fixed(12, 31, 9, 2000).around(&none, Date::MAX).is_err());
        assert!(fixed(12, 31, 9, 2000).around(&none, Date::MIN).is_err());
        assert!(fixed(12, 31, 0, i16::MIN).around(&none, on).is_ok(), "a cycle without years is one of a year");
    }
}
