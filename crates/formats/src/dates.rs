//! Dates as senders write them, and what Excel makes of them.
//!
//! Two-digit years are refused for completions: 3/4/26 is a different day in two countries and
//! two centuries. A year in a birth date is dropped even where the rest cannot be read.

use domain::MonthDay;
use jiff::civil::Date;

/// Reads `M/D/YYYY`, `M-D-YYYY` or `YYYY-MM-DD`; a time of day after it never moves the day.
pub fn read_date(text: &str) -> Option<Date> {
    let date = without_time(text.trim());
    let separator = if date.contains('/') { '/' } else { '-' };
    let mut parts = date.split(separator).map(str::trim);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (year, month, day) = if first.len() == 4 { (first, second, third) } else { (third, first, second) };
    if year.len() != 4 || !(1..=2).contains(&month.len()) || !(1..=2).contains(&day.len()) {
        return None;
    }
    let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<i16>().ok()).flatten();
    Date::new(number(year)?, i8::try_from(number(month)?).ok()?, i8::try_from(number(day)?).ok()?).ok()
}

/// Cuts off what follows the date, if it is a time: `3/14/2026 12:00 AM`, `2026-03-14T00:00:00Z`.
fn without_time(text: &str) -> &str {
    match text.split_once([' ', 'T']) {
        Some((date, time))
            if date.len() >= 8
                && time.contains(':')
                && time.chars().all(|c| c.is_ascii_digit() || " :.+-ZAPMapm".contains(c)) =>
        {
            date
        }
        _ => text,
    }
}

/// Writes a birth date as `MM/DD`. Where month and day cannot be read, what looks like a year is
/// masked: it must not be stored (domain.md, Learner credit data).
pub(crate) fn drop_birth_year(cell: &mut String) {
    let bytes = cell.as_bytes();
    if bytes.len() == 5 && bytes.get(2) == Some(&b'/') && MonthDay::read(cell).is_some() {
        return;
    }
    match MonthDay::read(without_time(cell.trim())) {
        Some(day) => *cell = day.to_string(),
        None if cell.bytes().any(|b| b.is_ascii_digit()) => *cell = mask_years(cell),
        None => {}
    }
}

/// Replaces a year (1900 to 2099) by `YYYY`, and digits that may hide one by `#`: `19800307`, `29287`.
fn mask_years(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    for run in text.split_inclusive(|c: char| !c.is_ascii_digit()) {
        let digits = run.trim_end_matches(|c: char| !c.is_ascii_digit());
        let rest = run.get(digits.len()..).unwrap_or_default();
        match digits.len() {
            4 if digits.starts_with("19") || digits.starts_with("20") => masked.push_str("YYYY"),
            5.. => masked.extend(digits.chars().map(|_| '#')),
            _ => masked.push_str(digits),
        }
        masked.push_str(rest);
    }
    masked
}

/// The way dates are shown: `M/D/YYYY`.
pub(crate) fn written(date: Date) -> String {
    format!("{}/{}/{}", date.month(), date.day(), date.year())
}

/// A number with commas between thousands, for messages.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_form_of_a_completion_date_is_read() {
        for text in [
            "3/4/2026",
            "03/04/2026",
            "2026-03-04",
            " 3-4-2026 ",
            "2026-03-04T23:59:59Z",
            "3/4/2026 12:00 AM",
            "2026-03-04 00:00:00",
            "2026-03-04T23:00:00-06:00",
            "2026/3/4",
        ] {
            assert_eq!(read_date(text), Some(date(2026, 3, 4)), "{text}");
        }
    }

    #[test]
    fn dates_that_do_not_exist_or_have_a_short_year_are_refused() {
        for text in ["2/30/2026", "3/4/26", "13/1/2026", "46095", "", "yesterday", "3/4/2026/1", "2026-03", "+3/4/2026"]
        {
            assert_eq!(read_date(text), None, "{text}");
        }
    }

    #[test]
    fn the_year_of_a_birth_date_is_dropped_or_masked() {
        for (given, kept) in [
            ("03/07/1980", "03/07"),
            ("1980-03-07", "03/07"),
            ("1980-03-07T00:00:00", "03/07"),
            ("3/7", "03/07"),
            ("--03-07", "03/07"),
            ("02/30/1980", "02/30/YYYY"),
            ("March 7, 1980", "March 7, YYYY"),
            ("19800307", "########"),
            ("29287", "#####"),
            ("0307", "0307"),
            ("soon", "soon"),
        ] {
            let mut cell = given.to_owned();
            drop_birth_year(&mut cell);
            assert_eq!(cell, kept, "{given}");
        }
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
