//! A form as it was sent: names and values in their order, so that it comes back with every letter.

use app::Fault;
use app::reference::Seen;
use jiff::civil::Date;

/// Lines of a table in a form that are read at all.
const MOST_LINES: usize = 300;

#[derive(Debug, Clone, Default)]
pub(in crate::pages) struct Given(pub(in crate::pages) Vec<(String, String)>);

impl Given {
    pub(in crate::pages) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    pub(in crate::pages) fn is_ticked(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// How far whoever filled in the form saw the history of what it is about.
    pub(in crate::pages) fn seen(&self) -> Option<Seen> {
        self.get("seen").parse().ok()
    }

    pub(in crate::pages) fn put(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }

    /// A day that may be left out; a fault if it cannot be read.
    pub(in crate::pages) fn day(&self, field: &'static str, faults: &mut Vec<Fault>) -> Option<Date> {
        self.day_at(field, field, faults)
    }

    /// As [`Given::day`], where the fault stands beside another field.
    pub(in crate::pages) fn day_at(&self, name: &str, field: &'static str, faults: &mut Vec<Fault>) -> Option<Date> {
        let text = self.get(name).trim();
        if text.is_empty() {
            return None;
        }
        let day = formats::read_date(text).filter(|day| (1900..=2999).contains(&day.year()));
        if day.is_none() {
            faults.push(Fault::new(field, format!("“{text}” is not a date. Write it as MM/DD/YYYY.")));
        }
        day
    }

    /// A day that must be there.
    pub(in crate::pages) fn needed_day(&self, field: &'static str, faults: &mut Vec<Fault>) -> Option<Date> {
        if self.get(field).trim().is_empty() {
            faults.push(Fault::new(field, "Choose a day."));
            return None;
        }
        self.day(field, faults)
    }

    /// Numbers of the lines in which something stands: `type_name_0`, `type_name_1` ...
    pub(in crate::pages) fn lines(&self, beginnings: &[&str]) -> Vec<usize> {
        let number = |(name, value): &(String, String)| {
            let (beginning, number) = name.rsplit_once('_')?;
            let is_own = beginnings.contains(&beginning) && !value.trim().is_empty();
            number.parse().ok().filter(|number| is_own && *number < MOST_LINES)
        };
        let mut numbers: Vec<usize> = self.0.iter().filter_map(number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_lines_are_read_as_far_as_they_can_be() {
        let mut given = Given::default();
        for (name, value) in [
            ("from", "2027-01-01"),
            ("until", "31/31/2027"),
            ("a_2", "x"),
            ("a_0", " "),
            ("a_999999", "y"),
            ("b_1", "z"),
        ] {
            given.put(name, value);
        }
        let mut faults = Vec::new();
        assert_eq!(given.day("from", &mut faults).map(|day| day.to_string()).as_deref(), Some("2027-01-01"));
        assert!(given.day("other", &mut faults).is_none() && faults.is_empty());
        assert!(given.day("until", &mut faults).is_none() && given.needed_day("other", &mut faults).is_none());
        assert_eq!(faults.iter().map(|fault| fault.field).collect::<Vec<_>>(), ["until", "other"]);
        assert_eq!(given.lines(&["a"]), [2]);
        assert_eq!(given.lines(&["a", "b"]), [1, 2]);
    }
}
