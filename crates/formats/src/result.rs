//! Result files: the submitted rows as they came, in the format they came in, and what became of each.
//!
//! The four added columns are ones that our reader ignores, so a corrected result file can be
//! uploaded as it is; result columns of an earlier round are replaced, not repeated. Text is
//! written as UTF-8. It begins with a byte order mark and ends lines with CRLF unless plain UTF-8
//! came in: such files are made by programs, all others by Excel, which needs both.

use std::path::Path;

use rust_xlsxwriter::XlsxError;

use crate::columns::{COLUMNS, RESULT_HEADERS};
use crate::format::FileFormat;
use crate::header::Header;
use crate::sheet_file::{Cell, SheetFile};

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
    file: SheetFile,
    /// Columns of the submitted rows that are shown: all but earlier results.
    shown: Vec<usize>,
}

impl Writer {
    /// Makes the file, or empties it, and writes the header.
    pub fn create(path: &Path, format: FileFormat, header: &Header) -> Result<Self, WriteError> {
        let shown: Vec<usize> =
            header.columns().iter().enumerate().filter(|(_, column)| !column.is_result()).map(|(i, _)| i).collect();
        let own = shown.iter().filter_map(|at| header.columns().get(*at)).map(|column| {
            let known = COLUMNS.iter().find(|known| Some(known.field) == column.field);
            (column.name.clone(), known.map_or(16.0, |known| known.width))
        });
        let results = RESULT_HEADERS.into_iter().zip([14.0, 28.0, 60.0, 38.0]);
        let columns: Vec<(String, f64)> = own.chain(results.map(|(name, width)| (name.to_owned(), width))).collect();
        Ok(Self { file: SheetFile::create(path, format, &columns)?, shown })
    }

    /// Adds a row. `cells` are those of the submitted row, in its header's order.
    pub fn write(&mut self, cells: &[String], result: &RowResult<'_>) -> Result<(), WriteError> {
        let own = self.shown.iter().map(|column| cells.get(*column).map_or("", String::as_str));
        let results = [result.result, &result.codes, &result.what_to_do, &result.credit_id];
        let cells: Vec<Cell> = own.chain(results).map(|text| Cell::Text(text.to_owned())).collect();
        self.file.write(&cells)
    }

    /// Completes the file. A file that was not finished is not readable.
    pub fn finish(self) -> Result<(), WriteError> {
        self.file.finish()
    }
}
