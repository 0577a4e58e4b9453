//! Cells of a workbook that are numbers, dates, truth values or errors, as text that a person would see.
//!
//! Excel keeps dates as days since 1900 or 1904 and identifiers often as numbers. What a number
//! means depends on its column: a nine-digit ID regains its zeros, a bare day count in the date
//! column becomes the date it stands for.

use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType};
use domain::{Field, MonthDay};
use jiff::civil::Date;

use crate::dates::written;

/// Bare day counts that are taken for a completion date, 1/1/2000 to 12/31/2099 of the 1900 system.
const PLAUSIBLE_DAYS: std::ops::RangeInclusive<f64> = 36526.0..=73050.0;
/// Days between the two systems' beginnings.
const DAYS_1904: f64 = 1462.0;

/// How the numbers of a column are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    AsIs,
    /// A date: a bare day count is one, too.
    Day,
    /// Month and day.
    Birth,
    /// An ID of so many digits, whose zeros count.
    Digits(usize),
}

impl From<Option<Field>> for Shown {
    fn from(field: Option<Field>) -> Self {
        match field {
            Some(Field::CompletionDate) => Shown::Day,
            Some(Field::Birth) => Shown::Birth,
            Some(Field::ActivityId) => Shown::Digits(9),
            _ => Shown::AsIs,
        }
    }
}

/// The text of a cell.
pub(crate) fn text(value: DataRef<'_>, shown: Shown, is_1904: bool) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            day_count(text, shown, is_1904)
        }
        DataRef::SharedString(text) => day_count(text.to_owned(), shown, is_1904),
        DataRef::Float(number) => of_number(number, shown, is_1904),
        DataRef::Int(number) => of_number(number as f64, shown, is_1904),
        DataRef::DateTime(moment) => of_date(moment, shown),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// A day count that was typed as text, such as `46095`.
fn day_count(text: String, shown: Shown, is_1904: bool) -> String {
    if shown == Shown::Day
        && text.len() == 5
        && let Ok(days) = text.parse::<f64>()
    {
        return of_number(days, shown, is_1904);
    }
    text
}

fn of_number(number: f64, shown: Shown, is_1904: bool) -> String {
    match shown {
        Shown::Day => {
            let since_1900 = if is_1904 { number + DAYS_1904 } else { number };
            if PLAUSIBLE_DAYS.contains(&since_1900) {
                return of_date(ExcelDateTime::new(number, ExcelDateTimeType::DateTime, is_1904), shown);
            }
            plain(number)
        }
        Shown::Digits(digits) if number.fract() == 0.0 && (0.0..1e9).contains(&number) => {
            format!("{number:0digits$}")
        }
        _ => plain(number),
    }
}

fn of_date(moment: ExcelDateTime, shown: Shown) -> String {
    // Less than a day is a time, and a duration is none either: shown as the numbers they are.
    if moment.is_duration() || !(1.0..2_958_466.0).contains(&moment.as_f64()) {
        return plain(moment.as_f64());
    }
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    if shown == Shown::Birth
        && let Some(birth) = MonthDay::new(month, day)
    {
        return birth.to_string();
    }
    let date = i16::try_from(year)
        .ok()
        .zip(i8::try_from(month).ok().zip(i8::try_from(day).ok()))
        .and_then(|(year, (month, day))| Date::new(year, month, day).ok());
    date.map_or_else(|| plain(moment.as_f64()), written)
}

/// As short as it can be, with the fifteen digits that Excel keeps. Beyond them Excel has rounded
/// and shows an exponent; so do we, and the check for rounded IDs finds it.
fn plain(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{number:.0}");
    }
    if number.abs() >= 1e15 {
        let short = format!("{number:E}");
        return if short.contains("E-") { short } else { short.replace('E', "E+") };
    }
    let rounded = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    rounded.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_excel_shows_them() {
        for (number, text) in [
            (1.0, "1"),
            (0.25, "0.25"),
            (0.1 + 0.2, "0.3"),
            (1_234_567_893.0, "1234567893"),
            (-1.0, "-1"),
            (1e15, "1E+15"),
            (123_456_789_012_345_680_000.0, "1.2345678901234568E+20"),
        ] {
            assert_eq!(plain(number), text);
        }
    }

    #[test]
    fn a_bare_day_count_is_a_completion_date_in_both_systems() {
        let date = Shown::Day;
        assert_eq!(text(DataRef::Float(46095.0), date, false), "3/14/2026");
        assert_eq!(text(DataRef::Float(44633.0), date, true), "3/14/2026");
        assert_eq!(text(DataRef::SharedString("46095"), date, false), "3/14/2026");
        assert_eq!(text(DataRef::Float(46095.0), Shown::AsIs, false), "46095");
        assert_eq!(text(DataRef::Float(7.0), date, false), "7");
    }

    #[test]
    fn a_birth_date_cell_has_no_year_and_leap_days_survive() {
        let leap = ExcelDateTime::new(29280.0, ExcelDateTimeType::DateTime, false);
        assert_eq!(text(DataRef::DateTime(leap), Shown::Birth, false), "02/29");
        assert_eq!(text(DataRef::DateTime(leap), Shown::Day, false), "2/29/1980");
    }

    #[test]
    fn an_activity_id_stored_as_a_number_regains_its_zeros() {
        assert_eq!(text(DataRef::Float(1_234_567.0), Shown::Digits(9), false), "001234567");
        assert_eq!(text(DataRef::Float(202_600_001.0), Shown::Digits(9), false), "202600001");
        assert_eq!(text(DataRef::Float(-5.0), Shown::Digits(9), false), "-5");
    }
}
