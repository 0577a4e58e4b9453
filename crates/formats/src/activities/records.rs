//! A file of activities as a stream of neutral records, whatever format it came in.
//!
//! What stops a file is found by opening it, as far as that can be; a fault further in ends the
//! stream with an `Err`, and the records before it were good. One record is in memory at a time.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use super::cells;
use super::columns::{Columns, SheetKind};
use super::elements;
use super::format::{ActivityFormat, ActivityLimits};
use super::place::Place;
use super::problem::{Code, Problem};
use super::record::Record;
use crate::batch::{HEADER_ROWS, Limits};
use crate::delimited::Records as Lines;
use crate::format::{FileFormat, unreadable};
use crate::json::JsonRecords;
use crate::tree::Outer;
use crate::workbook::{self, RawRow};
use crate::xml::XmlRecords;

/// The name of a record in documents.
const RECORDS: &[&str] = &["MedicalEducationMetrics"];
/// A description of 2,500 characters may be so many lines of a text file.
const MOST_LINES: usize = 2_600;

/// An opened file of activities.
pub struct Records {
    source: Source,
    warnings: Vec<Problem>,
    first: Option<Result<Submitted, Problem>>,
    limits: ActivityLimits,
    read: u64,
    size: u64,
    ended: bool,
}

/// A record, with the row that it was made of where it came from a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    pub record: Record,
    /// The cells as they came, in the header's order; empty for documents.
    pub cells: Vec<String>,
}

enum Source {
    Xml(Box<XmlRecords>),
    Json(Box<JsonRecords>),
    Text { lines: Box<Lines>, columns: Columns },
    Workbook { rows: workbook::Rows<Columns>, columns: Columns },
}

/// Opens a file. All problems of the file at once, such as every missing column.
pub fn open(
    path: &Path,
    format: ActivityFormat,
    kind: SheetKind,
    limits: &ActivityLimits,
) -> Result<Records, Vec<Problem>> {
    let of_files = |problems: Vec<domain::Problem>| problems.iter().map(Problem::of_file).collect::<Vec<_>>();
    let format = match format {
        ActivityFormat::Sheet(format) => format,
        _ => {
            let file = File::open(path).map_err(|e| of_files(vec![unreadable(e)]))?;
            let size = file.metadata().map_or(0, |about| about.len());
            let mut records = open_document(Box::new(BufReader::new(file)), format, limits)?;
            records.size = size;
            return Ok(records);
        }
    };
    limits.sheet.check_size(path).map_err(|problem| of_files(vec![problem]))?;
    let (columns, source) = match format {
        FileFormat::Xlsx => {
            let (columns, rows) = workbook::open::<Columns>(path, &limits.sheet, kind).map_err(of_files)?;
            (columns.clone(), Source::Workbook { rows, columns })
        }
        FileFormat::Text { delimiter, encoding } => {
            let open = || Lines::open(path, delimiter, encoding).map_err(|e| of_files(vec![unreadable(e)]));
            let (columns, lines) = header_of(open()?, open()?, kind, &limits.sheet)?;
            (columns.clone(), Source::Text { lines: Box::new(lines), columns })
        }
        FileFormat::Xml | FileFormat::Json => {
            return Err(vec![Problem::new(Code::FileWrongType, Place::File).fact("no sheet")]);
        }
    };
    let problems = columns.problems();
    if !problems.is_empty() {
        return Err(problems);
    }
    Records::begin(source, columns.warnings(), limits)
}

/// Reads a document from anywhere, such as the body of a request. Not for sheets.
pub fn open_document(
    input: Box<dyn Read + Send>,
    format: ActivityFormat,
    limits: &ActivityLimits,
) -> Result<Records, Vec<Problem>> {
    let refused = |fault| vec![Problem::of_document(&fault)];
    let source = match format {
        ActivityFormat::Xml => {
            Source::Xml(Box::new(XmlRecords::open(input, RECORDS, &limits.document).map_err(refused)?))
        }
        ActivityFormat::Json => {
            Source::Json(Box::new(JsonRecords::open(input, RECORDS, &limits.document).map_err(refused)?))
        }
        ActivityFormat::Sheet(_) => {
            return Err(vec![Problem::new(Code::FileWrongType, Place::File).fact("neither XML nor JSON")]);
        }
    };
    Records::begin(source, Vec::new(), limits)
}

/// The header of a text, found in the first reading; the second stands behind it.
fn header_of(
    mut looked: Lines,
    mut lines: Lines,
    kind: SheetKind,
    limits: &Limits,
) -> Result<(Columns, Lines), Vec<Problem>> {
    let broken = |e| vec![Problem::of_file(&unreadable(e))];
    let mut best: Option<(u64, usize, Columns)> = None;
    let mut seen = 0;
    while seen < HEADER_ROWS
        && let Some(record) = looked.next_record().map_err(broken)?
    {
        seen += usize::from(record.cells.iter().any(|cell| !cell.trim().is_empty()));
        let cells = record.cells.get(..limits.columns).unwrap_or(&record.cells);
        if let Some(columns) = Columns::from_names(kind, cells) {
            let known = workbook::Table::known(&columns);
            if best.as_ref().is_none_or(|(_, best, _)| known > *best) {
                best = Some((record.number, known, columns));
            }
        }
    }
    let Some((number, _, columns)) = best else { return Err(vec![Problem::new(Code::HeaderMissing, Place::File)]) };
    while let Some(record) = lines.next_record().map_err(broken)?
        && record.number < number
    {}
    lines.expect_columns(columns.count());
    lines.expect_lines(MOST_LINES);
    Ok((columns, lines))
}

impl Records {
    fn begin(source: Source, warnings: Vec<Problem>, limits: &ActivityLimits) -> Result<Self, Vec<Problem>> {
        let mut records = Self { source, warnings, first: None, limits: *limits, read: 0, size: 0, ended: false };
        match records.read() {
            Some(Err(problem)) => return Err(vec![problem]),
            None => {
                let root = match &records.source {
                    Source::Xml(document) => document.root(),
                    Source::Json(document) => document.root(),
                    _ => None,
                };
                let root = root.filter(|root| !root.eq_ignore_ascii_case("ACCMEActivities")).unwrap_or_default();
                return Err(vec![Problem::new(Code::NoRows, Place::File).fact(root)]);
            }
            first => records.first = first,
        }
        Ok(records)
    }

    /// What concerns the file as a whole and keeps nothing back, such as unknown columns.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// The header, where the file is a sheet.
    pub fn columns(&self) -> Option<&Columns> {
        match &self.source {
            Source::Text { columns, .. } | Source::Workbook { columns, .. } => Some(columns),
            Source::Xml(_) | Source::Json(_) => None,
        }
    }

    /// Short texts outside of records that were met so far, such as credentials.
    pub fn outer(&self) -> &[Outer] {
        match &self.source {
            Source::Xml(document) => document.outer(),
            Source::Json(document) => document.outer(),
            _ => &[],
        }
    }

    /// How much of the file has been read, from 0 to 1. What is no file has no measure.
    pub fn progress(&self) -> f32 {
        let bytes = match &self.source {
            Source::Text { lines, .. } => return lines.progress(),
            Source::Workbook { rows, .. } => return rows.progress(),
            Source::Xml(document) => document.bytes(),
            Source::Json(document) => document.bytes(),
        };
        if self.size == 0 { 1.0 } else { (bytes as f64 / self.size as f64).min(1.0) as f32 }
    }

    fn read(&mut self) -> Option<Result<Submitted, Problem>> {
        let document = |record| Submitted { record, cells: Vec::new() };
        let read = match &mut self.source {
            Source::Xml(source) => of_document(source.next_record(), self.read + 1).map(|one| one.map(document)),
            Source::Json(source) => of_document(source.next_record(), self.read + 1).map(|one| one.map(document)),
            Source::Workbook { rows, .. } => rows.next().map(|row| match row {
                Ok((record, cells)) => Ok(Submitted { record, cells }),
                Err(problem) => Err(Problem::of_file(&problem)),
            }),
            Source::Text { lines, columns } => next_row(lines, columns, &self.limits.sheet),
        };
        if let Some(Ok(_)) = read {
            self.read += 1;
            if self.read > self.limits.records {
                let fact = format!("{} activities", crate::dates::grouped(self.limits.records));
                return Some(Err(Problem::new(Code::FileTooLarge, Place::File).fact(fact)));
            }
        }
        read
    }
}

fn of_document(
    next: Result<Option<crate::tree::Item>, crate::tree::Fault>,
    number: u64,
) -> Option<Result<Record, Problem>> {
    match next {
        Ok(None) => None,
        Ok(Some(item)) => Some(Ok(elements::record(number, &item))),
        Err(fault) => Some(Err(Problem::of_document(&fault))),
    }
}

fn next_row(lines: &mut Lines, columns: &Columns, limits: &Limits) -> Option<Result<Submitted, Problem>> {
    loop {
        let line = match lines.next_record() {
            Ok(None) => return None,
            Err(error) => return Some(Err(Problem::of_file(&unreadable(error)))),
            Ok(Some(line)) => line,
        };
        let raw = RawRow { number: line.number, cells: line.cells, formulas: Vec::new(), unreadable: line.broken };
        if let Some((record, cells)) = cells::record(columns, raw, limits) {
            return Some(Ok(Submitted { record, cells }));
        }
    }
}

impl Iterator for Records {
    type Item = Result<Submitted, Problem>;

    /// The next record. Ends after an `Err`.
    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.first.take().or_else(|| self.read());
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}
