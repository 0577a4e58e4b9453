//! A sheet that is written row by row, as a workbook or as text; rows do not stay in memory.
//!
//! Text is UTF-8, with a byte order mark and CRLF unless plain UTF-8 is asked for, as Excel needs.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use rust_xlsxwriter::{ExcelDateTime, Format, IgnoreError, Workbook};

use crate::format::{Encoding, FileFormat};
use crate::neutral::neutralize;
use crate::result::WriteError;

/// What Excel takes in one cell.
const CELL_CHARS: usize = 32_767;

/// A value of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Text(String),
    /// With its digits, for text files.
    Number(f64, String),
    Date(Date),
}

pub struct SheetFile {
    target: Target,
}

enum Target {
    Text(Box<csv::Writer<BufWriter<File>>>),
    Workbook { workbook: Box<Workbook>, path: PathBuf, row: u32, date: Box<Format> },
}

impl SheetFile {
    /// Makes the file with a header: names and widths of columns.
    pub fn create(path: &Path, format: FileFormat, columns: &[(String, f64)]) -> Result<Self, WriteError> {
        let target = match format {
            FileFormat::Xlsx => workbook(path, columns)?,
            FileFormat::Text { delimiter, encoding } => text(path, delimiter, encoding)?,
            FileFormat::Xml | FileFormat::Json => {
                return Err(WriteError::File(std::io::Error::other("a document is no sheet")));
            }
        };
        let mut file = Self { target };
        file.write(&columns.iter().map(|(name, _)| Cell::Text(name.clone())).collect::<Vec<_>>())?;
        Ok(file)
    }

    pub fn write(&mut self, cells: &[Cell]) -> Result<(), WriteError> {
        match &mut self.target {
            Target::Text(writer) => {
                for cell in cells {
                    match cell {
                        Cell::Text(text) => writer.write_field(neutralize(text).as_bytes())?,
                        Cell::Number(_, digits) => writer.write_field(neutralize(digits).as_bytes())?,
                        Cell::Date(date) => writer.write_field(us(*date).as_bytes())?,
                    }
                }
                writer.write_record(None::<&[u8]>)?;
            }
            Target::Workbook { workbook, row, date: format, .. } => {
                let sheet = workbook.worksheet_from_index(0)?;
                for (column, cell) in (0..u16::MAX).zip(cells) {
                    match cell {
                        Cell::Text(text) if text.is_empty() => {}
                        Cell::Text(text) => {
                            sheet.write_string(*row, column, cut(&neutralize(text)))?;
                        }
                        Cell::Number(number, _) => {
                            sheet.write_number(*row, column, *number)?;
                        }
                        Cell::Date(date) => match day(*date) {
                            Some(day) => {
                                sheet.write_datetime_with_format(*row, column, &day, format)?;
                            }
                            // Excel counts from 1900.
                            None => {
                                sheet.write_string(*row, column, us(*date))?;
                            }
                        },
                    }
                }
                *row += 1;
            }
        }
        Ok(())
    }

    pub fn finish(self) -> Result<(), WriteError> {
        match self.target {
            Target::Text(mut writer) => writer.flush()?,
            Target::Workbook { mut workbook, path, .. } => workbook.save(path)?,
        }
        Ok(())
    }
}

/// A day as Excel counts them; nothing before 1901.
pub(crate) fn day(date: Date) -> Option<ExcelDateTime> {
    let year = u16::try_from(date.year()).ok().filter(|year| (1901..=9999).contains(year))?;
    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    ExcelDateTime::from_ymd(year, month, day).ok()
}

/// The way the field writes dates.
pub(crate) fn us(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.month(), date.day(), date.year())
}

fn text(path: &Path, delimiter: u8, encoding: Encoding) -> Result<Target, WriteError> {
    let for_excel = encoding != Encoding::Utf8;
    let mut file = BufWriter::new(File::create(path)?);
    if for_excel {
        file.write_all("\u{FEFF}".as_bytes())?;
    }
    let terminator = if for_excel { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
    let writer = csv::WriterBuilder::new().delimiter(delimiter).terminator(terminator).from_writer(file);
    Ok(Target::Text(Box::new(writer)))
}

fn workbook(path: &Path, columns: &[(String, f64)]) -> Result<Target, WriteError> {
    let mut workbook = Box::new(Workbook::new());
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        workbook.set_tempdir(folder)?;
    }
    let as_text = Format::new().set_num_format("@");
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.set_freeze_panes(1, 0)?;
    let mut last = 0;
    for (at, (_, width)) in (0..u16::MAX).zip(columns) {
        sheet.set_column_width(at, *width)?;
        // What is typed in later must not become a number or a date by itself.
        sheet.set_column_format(at, &as_text)?;
        last = at;
    }
    sheet.ignore_error_range(0, 0, 1_048_575, last, IgnoreError::NumberStoredAsText)?;
    let date = Box::new(Format::new().set_num_format("mm/dd/yyyy"));
    Ok(Target::Workbook { workbook, path: path.to_owned(), row: 0, date })
}

fn cut(cell: &str) -> &str {
    match cell.char_indices().nth(CELL_CHARS) {
        Some((end, _)) => cell.get(..end).unwrap_or(cell),
        None => cell,
    }
}
