//! Tables of figures to take away: a workbook with one sheet a table, or one table as text.
//!
//! A page shows the same [`Table`] that is written here, so that both say the same. In a workbook figures
//! are numbers with a number format; in text they are plain digits that any program reads.

use domain::Amount;
use jiff::civil::Date;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::neutral::neutralize;
use crate::result::WriteError;
use crate::sheet_file::{day, us};
use crate::template::header_format;

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    Text(String),
    Count(i64),
    Credits(Amount),
    /// Whole dollars.
    Dollars(i64),
    /// In tenths of a percent.
    Percent(i64),
    Date(Date),
    /// Nothing that could be counted.
    None,
}

/// A table: its rows have as many figures as it has columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Names it in addresses and files: small letters and hyphens.
    pub key: &'static str,
    /// At most 31 characters, none of `[]:*?/\`: it names the sheet too.
    pub title: String,
    /// What its figures count, in a sentence or two.
    pub definition: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Figure>>,
    /// A last row that is not simply one more.
    pub total: Option<Vec<Figure>>,
}

impl Figure {
    /// For people, as pages write it: `1,234`, `1,234.50`, `$5,000`, `97.3%`.
    pub fn shown(&self) -> String {
        match self {
            Figure::Text(text) => text.clone(),
            Figure::Count(count) => grouped(*count),
            Figure::Credits(amount) => credits(*amount),
            Figure::Dollars(dollars) => match dollars {
                0.. => format!("${}", grouped(*dollars)),
                _ => format!("-${}", grouped(dollars.saturating_neg())),
            },
            Figure::Percent(tenths) => format!("{}%", one_decimal(*tenths)),
            Figure::Date(date) => us(*date),
            Figure::None => "–".to_owned(),
        }
    }

    /// For programs: digits and a point.
    fn plain(&self) -> String {
        match self {
            Figure::Text(text) => neutralize(text).into_owned(),
            Figure::Count(number) | Figure::Dollars(number) => number.to_string(),
            Figure::Credits(amount) => amount.fixed(),
            Figure::Percent(tenths) => one_decimal(*tenths),
            Figure::Date(date) => us(*date),
            Figure::None => String::new(),
        }
    }

    pub fn is_number(&self) -> bool {
        !matches!(self, Figure::Text(_) | Figure::Date(_))
    }
}

fn one_decimal(tenths: i64) -> String {
    format!("{}{}.{}", if tenths < 0 { "-" } else { "" }, tenths.abs() / 10, tenths.abs() % 10)
}

fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut grouped = if number < 0 { "-".to_owned() } else { String::new() };
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn credits(amount: Amount) -> String {
    let fixed = amount.fixed();
    match fixed.split_once('.') {
        Some((whole, decimals)) => {
            whole.parse().map_or(fixed.clone(), |whole| format!("{}.{decimals}", grouped(whole)))
        }
        None => fixed,
    }
}

/// One table as comma-separated UTF-8 with a byte order mark, as Excel opens it.
pub fn write_csv(table: &Table) -> Result<Vec<u8>, WriteError> {
    let start = "\u{FEFF}".as_bytes().to_vec();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(start);
    writer.write_record(&table.columns)?;
    for row in table.rows.iter().chain(&table.total) {
        writer.write_record(row.iter().map(Figure::plain))?;
    }
    writer.into_inner().map_err(|error| WriteError::File(error.into_error()))
}

/// All tables in one workbook. The first sheet, `About`, holds `about` line by line and what each table
/// counts.
pub fn write_workbook(about: &[(String, String)], tables: &[Table]) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    write_about(workbook.add_worksheet(), about, tables)?;
    for table in tables {
        write_sheet(workbook.add_worksheet(), table)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn write_about(sheet: &mut Worksheet, about: &[(String, String)], tables: &[Table]) -> Result<(), XlsxError> {
    let wrapped = Format::new().set_text_wrap().set_align(rust_xlsxwriter::FormatAlign::Top);
    let bold = wrapped.clone().set_bold();
    sheet.set_name("About")?.set_column_width(0, 34)?.set_column_width(1, 96)?;
    let definitions = tables.iter().map(|table| (table.title.clone(), table.definition.clone()));
    for (row, (name, text)) in (0..).zip(about.iter().cloned().chain(definitions)) {
        sheet.write_string_with_format(row, 0, neutralize(&name), &bold)?;
        sheet.write_string_with_format(row, 1, neutralize(&text), &wrapped)?;
    }
    Ok(())
}

fn write_sheet(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    sheet.set_name(&table.title)?.set_freeze_panes(1, 1)?;
    for (column, name) in (0..u16::MAX).zip(&table.columns) {
        sheet.set_column_width(column, if column == 0 { 34 } else { 16 })?;
        sheet.write_string_with_format(0, column, name, &header_format())?;
    }
    let lines = table.rows.iter().map(|row| (row, false)).chain(table.total.iter().map(|row| (row, true)));
    for (row, (figures, is_total)) in (1..).zip(lines) {
        for (column, figure) in (0..u16::MAX).zip(figures) {
            write_figure(sheet, row, column, figure, is_total)?;
        }
    }
    Ok(())
}

fn write_figure(sheet: &mut Worksheet, row: u32, column: u16, figure: &Figure, bold: bool) -> Result<(), XlsxError> {
    let format = if bold { Format::new().set_bold() } else { Format::new() };
    // amounts stay far below 2^53, so that their two decimals survive in Excel's numbers
    let (number, pattern) = match figure {
        Figure::Text(text) => {
            sheet.write_string_with_format(row, column, neutralize(text), &format)?;
            return Ok(());
        }
        Figure::None => return Ok(()),
        Figure::Date(date) => {
            match day(*date) {
                Some(day) => {
                    let format = format.set_num_format("mm/dd/yyyy");
                    sheet.write_datetime_with_format(row, column, &day, &format)?;
                }
                // Excel counts from 1900
                None => {
                    sheet.write_string_with_format(row, column, us(*date), &format)?;
                }
            }
            return Ok(());
        }
        Figure::Count(count) => (*count as f64, "#,##0"),
        Figure::Credits(amount) => (amount.hundredths() as f64 / 100.0, "#,##0.00"),
        Figure::Dollars(dollars) => (*dollars as f64, "$#,##0"),
        Figure::Percent(tenths) => (*tenths as f64 / 10.0, "0.0"),
    };
    sheet.write_number_with_format(row, column, number, &format.set_num_format(pattern))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped_for_people_and_plain_for_programs() {
        for (figure, shown, plain) in [
            (Figure::Count(1_234_567), "1,234,567", "1234567"),
            (Figure::Credits(Amount::new(123_450)), "1,234.50", "1234.50"),
            (Figure::Dollars(5_000), "$5,000", "5000"),
            (Figure::Percent(973), "97.3%", "97.3"),
            (Figure::Count(-12), "-12", "-12"),
            (Figure::None, "–", ""),
            (Figure::Text("=1+1".into()), "=1+1", "'=1+1"),
        ] {
            assert_eq!((figure.shown().as_str(), figure.plain().as_str()), (shown, plain));
        }
    }

    #[test]
    fn text_begins_with_a_mark_and_ends_with_the_total() {
        let table = Table {
            key: "formats",
            title: "By format".into(),
            definition: String::new(),
            columns: vec!["Format".into(), "Activities".into()],
            rows: vec![vec![Figure::Text("Live, \"Course\"".into()), Figure::Count(3)]],
            total: Some(vec![Figure::Text("Total".into()), Figure::Count(3)]),
        };
        let text = String::from_utf8(write_csv(&table).unwrap()).unwrap();
        assert_eq!(text, "\u{FEFF}Format,Activities\r\n\"Live, \"\"Course\"\"\",3\r\nTotal,3\r\n");
    }
}
