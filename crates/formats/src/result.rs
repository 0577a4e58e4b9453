//! Result files: the submitted rows as they came, in the format they came in, and what became of each.
//!
//! The four added columns are ones that our reader ignores, so a corrected result file can be
//! uploaded as it is; result columns of an earlier round are replaced, not repeated. Text is
//! written as UTF-8. It begins with a byte order mark and ends lines with CRLF unless plain UTF-8
//! came in: such files are made by programs, all others by Excel, which needs both.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{Format, IgnoreError, Workbook, XlsxError};

use crate::columns::{COLUMNS, RESULT_HEADERS};
use crate::format::{Encoding, FileFormat};
use crate::header::Header;
use crate::neutral::neutralize;

/// What became of one row, in words for its sender.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowResult<'a> {
    /// Accepted, Refused and so on.
    pub result: &'a str,
    /// Stable codes, one per problem.
    pub codes: String,
    pub what_to_do: String,
    /// Of the credit that was made, where one was.
    pub credit_id: String,
}

/// A file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("writing text: {0}")]
    Text(#[from] csv::Error),
    #[error("writing a workbook: {0}")]
    Workbook(#[from] XlsxError),
    #[error("writing a file: {0}")]
    File(#[from] std::io::Error),
}

/// Writes a result file row by row; no row stays in memory.
pub struct Writer {
    target: Target,
    /// Columns of the submitted rows that are shown: all but earlier results.
    shown: Vec<usize>,
}

enum Target {
    Text(Box<csv::Writer<BufWriter<File>>>),
    Workbook { workbook: Box<Workbook>, path: PathBuf, row: u32 },
}

/// What Excel takes in one cell.
const CELL_CHARS: usize = 32_767;

impl Writer {
    /// Makes the file, or empties it, and writes the header.
    pub fn create(path: &Path, format: FileFormat, header: &Header) -> Result<Self, WriteError> {
        let shown: Vec<usize> =
            header.columns().iter().enumerate().filter(|(_, column)| !column.is_result()).map(|(i, _)| i).collect();
        let target = match format {
            FileFormat::Xlsx => workbook(path, header, &shown)?,
            FileFormat::Text { delimiter, encoding } => text(path, delimiter, encoding)?,
        };
        let mut writer = Self { target, shown };
        let names: Vec<String> = header.columns().iter().map(|column| column.name.clone()).collect();
        writer.put(&names, RESULT_HEADERS)?;
        Ok(writer)
    }

    /// Adds a row. `cells` are those of the submitted row, in its header's order.
    pub fn write(&mut self, cells: &[String], result: &RowResult<'_>) -> Result<(), WriteError> {
        self.put(cells, [result.result, &result.codes, &result.what_to_do, &result.credit_id])
    }

    fn put(&mut self, cells: &[String], results: [&str; 4]) -> Result<(), WriteError> {
        let own = self.shown.iter().map(|column| cells.get(*column).map_or("", String::as_str));
        let cells = own.chain(results).map(neutralize);
        match &mut self.target {
            Target::Text(writer) => {
                for cell in cells {
                    writer.write_field(cell.as_bytes())?;
                }
                writer.write_record(None::<&[u8]>)?;
            }
            Target::Workbook { workbook, row, .. } => {
                let sheet = workbook.worksheet_from_index(0)?;
                for (column, cell) in (0..u16::MAX).zip(cells) {
                    if !cell.is_empty() {
                        sheet.write_string(*row, column, cut(&cell))?;
                    }
                }
                *row += 1;
            }
        }
        Ok(())
    }

    /// Completes the file. A file that was not finished is not readable.
    pub fn finish(self) -> Result<(), WriteError> {
        match self.target {
            Target::Text(mut writer) => writer.flush()?,
            Target::Workbook { mut workbook, path, .. } => workbook.save(path)?,
        }
        Ok(())
    }
}

fn text(path: &Path, delimiter: u8, encoding: Encoding) -> Result<Target, WriteError> {
    let from_excel = encoding != Encoding::Utf8;
    let mut file = BufWriter::new(File::create(path)?);
    if from_excel {
        file.write_all("\u{FEFF}".as_bytes())?;
    }
    let terminator = if from_excel { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
    let writer = csv::WriterBuilder::new().delimiter(delimiter).terminator(terminator).from_writer(file);
    Ok(Target::Text(Box::new(writer)))
}

/// A workbook whose rows go to a scratch file beside the result as they are written.
fn workbook(path: &Path, header: &Header, shown: &[usize]) -> Result<Target, WriteError> {
    let mut workbook = Box::new(Workbook::new());
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        workbook.set_tempdir(folder)?;
    }
    let as_text = Format::new().set_num_format("@");
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.set_freeze_panes(1, 0)?;
    let mut last = 0;
    for (at, column) in (0..u16::MAX).zip(shown) {
        let field = header.field(*column);
        let width = COLUMNS.iter().find(|column| Some(column.field) == field).map_or(16.0, |column| column.width);
        sheet.set_column_width(at, width)?;
        // Corrections are typed here: an ID must not become a number, nor a birthday a date.
        sheet.set_column_format(at, &as_text)?;
        last = at + 1;
    }
    for (at, width) in (last..).zip([14.0, 28.0, 60.0, 38.0]) {
        sheet.set_column_width(at, width)?;
    }
    sheet.ignore_error_range(0, 0, 1_048_575, last + 3, IgnoreError::NumberStoredAsText)?;
    Ok(Target::Workbook { workbook, path: path.to_owned(), row: 0 })
}

fn cut(cell: &str) -> &str {
    match cell.char_indices().nth(CELL_CHARS) {
        Some((end, _)) => cell.get(..end).unwrap_or(cell),
        None => cell,
    }
}
