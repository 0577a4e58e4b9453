//! A learner batch as a stream of rows, whatever format it came in.
//!
//! What stops a file is found by [`open`] as far as that can be: not readable, no header, columns
//! missing, no rows. A fault further in (a damaged archive, too many rows) ends the stream with an
//! `Err`; the rows before it were good.

use std::path::Path;

use domain::{Code, Problem};

use crate::columns::Purpose;
use crate::delimited::{Record, Records};
use crate::format::{Encoding, FileFormat, unreadable};
use crate::header::Header;
use crate::row::{Row, shape};
use crate::{dates, learners, package, workbook};

/// What a reader refuses to go beyond. The defaults take every real file of the field with much to
/// spare: 500,000 rows of 14 columns unpack to about 350 MB, ten times the file; 100,000 reports are about
/// 110 MB of XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file as it lies on the disk.
    pub file_bytes: u64,
    /// Bytes of all parts of a workbook together, unpacked. They are counted, never held.
    pub inflated_bytes: u64,
    /// How many times larger than the file a workbook may unpack to; small ones are not measured.
    pub inflate_ratio: u64,
    /// Rows that hold something, below the header.
    pub rows: u64,
    /// Characters of a cell: what Excel itself can hold.
    pub cell_chars: usize,
    /// Columns in which a header is looked for.
    pub columns: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 256 << 20,
            inflated_bytes: 640 << 20,
            inflate_ratio: 100,
            rows: 500_000,
            cell_chars: 32_767,
            columns: 1_000,
        }
    }
}

impl Limits {
    /// For rosters of whole boards, which the operator imports from the disk.
    pub fn roster() -> Self {
        Self { file_bytes: 4 << 30, rows: 20_000_000, ..Self::default() }
    }

    /// The size of the file, or why it is refused.
    pub(crate) fn check_size(&self, path: &Path) -> Result<u64, Problem> {
        let bytes = std::fs::metadata(path).map_err(unreadable)?.len();
        match bytes {
            0 => Err(Problem::file(Code::FileEmpty)),
            _ if bytes > self.file_bytes => Err(Problem::file(Code::FileTooLarge).fact(package::size(self.file_bytes))),
            _ => Ok(bytes),
        }
    }
}

/// The header is looked for in the first rows that hold something.
pub(crate) const HEADER_ROWS: usize = 20;

/// An opened batch: a header and a stream of rows.
pub struct Batch {
    header: Header,
    source: Source,
    /// Read while opening, to know that there is one.
    first: Option<Result<Row, Problem>>,
    limits: Limits,
    rows: u64,
    ended: bool,
}

enum Source {
    Text(Box<Records>),
    Workbook(workbook::Rows<Header>),
    Document(Box<learners::Records>),
}

/// Opens a batch of completions. All problems of the file at once, such as every missing column.
pub fn open(path: &Path, format: FileFormat, limits: &Limits) -> Result<Batch, Vec<Problem>> {
    open_for(path, format, limits, Purpose::Credit)
}

/// As [`open`]; the purpose decides which columns are required.
pub fn open_for(path: &Path, format: FileFormat, limits: &Limits, purpose: Purpose) -> Result<Batch, Vec<Problem>> {
    limits.check_size(path).map_err(|problem| vec![problem])?;
    let (header, source) = match format {
        FileFormat::Xlsx => {
            let (header, rows) = workbook::open::<Header>(path, limits, purpose)?;
            (header, Source::Workbook(rows))
        }
        FileFormat::Text { delimiter, encoding } => {
            let (header, records) = open_text(path, delimiter, encoding, limits).map_err(|problem| vec![problem])?;
            (header, Source::Text(Box::new(records)))
        }
        FileFormat::Xml | FileFormat::Json => {
            let records = learners::Records::open(path, format == FileFormat::Json).map_err(|problem| vec![problem])?;
            (learners::header(), Source::Document(Box::new(records)))
        }
    };
    let problems = header.problems(purpose);
    if !problems.is_empty() {
        return Err(problems);
    }
    begin(header, source, limits)
}

/// As [`open`] for a document that is held in memory: JSON, or else XML.
pub fn open_held(document: Vec<u8>, is_json: bool, limits: &Limits) -> Result<Batch, Vec<Problem>> {
    if document.is_empty() {
        return Err(vec![Problem::file(Code::FileEmpty)]);
    }
    let records = learners::Records::held(document, is_json).map_err(|problem| vec![problem])?;
    begin(learners::header(), Source::Document(Box::new(records)), limits)
}

/// Reads the first row, to know that there is one.
fn begin(header: Header, source: Source, limits: &Limits) -> Result<Batch, Vec<Problem>> {
    let mut batch = Batch { header, source, first: None, limits: *limits, rows: 0, ended: false };
    batch.first = batch.read();
    match &batch.first {
        None => Err(vec![batch.nothing()]),
        Some(Err(problem)) => Err(vec![problem.clone()]),
        Some(Ok(_)) => Ok(batch),
    }
}

/// Finds the header among the first records and stops behind it.
fn open_text(path: &Path, delimiter: u8, encoding: Encoding, limits: &Limits) -> Result<(Header, Records), Problem> {
    let mut records = Records::open(path, delimiter, encoding).map_err(unreadable)?;
    let mut best: Option<(u64, Header)> = None;
    let mut seen = 0;
    while seen < HEADER_ROWS
        && let Some(record) = records.next_record().map_err(unreadable)?
    {
        seen += usize::from(record.cells.iter().any(|cell| !cell.trim().is_empty()));
        if let Some(header) = Header::from_cells(record.cells.get(..limits.columns).unwrap_or(&record.cells))
            && best.as_ref().is_none_or(|(_, best)| header.known() > best.known())
        {
            best = Some((record.number, header));
        }
    }
    let (number, header) = best.ok_or_else(|| Problem::file(Code::HeaderMissing))?;
    let mut records = Records::open(path, delimiter, encoding).map_err(unreadable)?;
    while let Some(record) = records.next_record().map_err(unreadable)?
        && record.number < number
    {}
    records.expect_columns(header.len());
    Ok((header, records))
}

impl Batch {
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// How much of the file has been read, from 0 to 1.
    pub fn progress(&self) -> f32 {
        match &self.source {
            Source::Text(records) => records.progress(),
            Source::Workbook(rows) => rows.progress(),
            Source::Document(records) => records.progress(),
        }
    }

    /// What is wrong with a file that was read to its end and held no row.
    fn nothing(&self) -> Problem {
        match &self.source {
            Source::Document(records) => records.nothing(),
            Source::Text(_) | Source::Workbook(_) => Problem::file(Code::NoRows),
        }
    }

    fn read(&mut self) -> Option<Result<Row, Problem>> {
        let row = match &mut self.source {
            Source::Workbook(rows) => rows.next(),
            Source::Document(records) => records.next(),
            Source::Text(records) => loop {
                match records.next_record() {
                    Ok(None) => break None,
                    Err(error) => break Some(Err(unreadable(error))),
                    Ok(Some(record)) => {
                        if let Some(row) = text_row(record, &self.header, &self.limits) {
                            break Some(Ok(row));
                        }
                    }
                }
            },
        };
        if let Some(Ok(_)) = row {
            self.rows += 1;
            if self.rows > self.limits.rows {
                let fact = format!("{} rows", dates::grouped(self.limits.rows));
                return Some(Err(Problem::file(Code::FileTooLarge).fact(fact)));
            }
        }
        row
    }
}

fn text_row(record: Record, header: &Header, limits: &Limits) -> Option<Row> {
    let broken = || Problem::row(Code::RowBroken).fact("a quote is opened and never closed");
    let problems = record.broken.then(broken).into_iter().collect();
    shape(record.number, record.cells, problems, header, limits)
}

impl Iterator for Batch {
    type Item = Result<Row, Problem>;

    /// The next row that holds something. Ends after an `Err`.
    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let row = self.first.take().or_else(|| self.read());
        self.ended = !matches!(row, Some(Ok(_)));
        row
    }
}
