//! Files to read and what came out of them. All people are invented.

use std::io::{Cursor, Read, Write};
use std::path::Path;

use domain::reference::{BoardRules, CreditType, Reference, Settings};
use domain::report::LearnerReport;
use domain::{Board, Code, Problem};
use formats::{Header, Limits, Row, learner_report, open, sniff};
use rust_xlsxwriter::{Workbook, Worksheet};
use tempfile::NamedTempFile;

/// The template's header as the original spells it, with the stray space.
pub(crate) const HEADER: [&str; 14] = [
    "Record Action",
    "ACCME Activity ID",
    "Completion Date",
    "First Name",
    "Last Name",
    "Date of Birth",
    "Licensing State",
    "Licensing ID or NPI",
    "Number of CME Credits",
    "Certifying Board",
    "Certifying Board ID",
    "Total Board Credits",
    "Credit Type ",
    "Credits Awarded for Credit Type",
];

/// A row without fault.
pub(crate) const GOOD: [&str; 14] = [
    "Add",
    "202600001",
    "3/14/2026",
    "Ana",
    "Muñoz",
    "02/29",
    "California",
    "A012345",
    "1.25",
    "ABIM",
    "123456",
    "1.25",
    "Medical Knowledge",
    "1.25",
];

/// [`GOOD`] with some cells changed, each given by its column's name.
pub(crate) fn row(changes: &[(&str, &str)]) -> Vec<String> {
    let mut cells: Vec<String> = GOOD.iter().map(|cell| (*cell).to_owned()).collect();
    for (name, value) in changes {
        let column = HEADER.iter().position(|header| header.trim() == *name).expect(name);
        cells[column] = (*value).to_owned();
    }
    cells
}

pub(crate) fn lines(rows: &[Vec<String>], delimiter: &str) -> String {
    let header = HEADER.join(delimiter);
    let rows = rows.iter().map(|row| row.join(delimiter));
    std::iter::once(header).chain(rows).map(|line| line + "\n").collect()
}

pub(crate) fn file(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file.flush().unwrap();
    file
}

pub(crate) fn tsv(rows: &[Vec<String>]) -> NamedTempFile {
    file(lines(rows, "\t").as_bytes())
}

/// A workbook of one sheet, filled by the caller.
pub(crate) fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet());
    workbook.save_to_buffer().unwrap()
}

pub(crate) fn write_row<S: AsRef<str>>(sheet: &mut Worksheet, row: u32, cells: &[S]) {
    for (column, cell) in cells.iter().enumerate() {
        sheet.write_string(row, column as u16, cell.as_ref()).unwrap();
    }
}

/// A workbook with the header in the first row and these rows below, all of them text.
pub(crate) fn xlsx(rows: &[Vec<String>]) -> Vec<u8> {
    workbook(|sheet| {
        write_row(sheet, 0, &HEADER);
        for (i, row) in rows.iter().enumerate() {
            write_row(sheet, i as u32 + 1, row);
        }
    })
}

/// A zip archive with the text of one part changed.
pub(crate) fn patch(archive: &[u8], part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    repack(
        archive,
        |name, bytes| {
            if name == part { change(String::from_utf8(bytes).unwrap()).into_bytes() } else { bytes }
        },
    )
}

/// A zip archive with every part passed through `change`.
pub(crate) fn repack(archive: &[u8], change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..old.len() {
        let mut part = old.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        new.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        new.write_all(&change(&name, bytes)).unwrap();
    }
    new.finish().unwrap().into_inner()
}

/// Everything a file gives.
pub(crate) struct Outcome {
    pub(crate) header: Header,
    pub(crate) rows: Vec<Row>,
    /// The fault that ended it before its end.
    pub(crate) fault: Option<Problem>,
}

pub(crate) fn read(path: &Path) -> Result<Outcome, Vec<Problem>> {
    read_within(path, &Limits::default())
}

pub(crate) fn read_within(path: &Path, limits: &Limits) -> Result<Outcome, Vec<Problem>> {
    let format = sniff(path).map_err(|problem| vec![problem])?;
    let mut batch = open(path, format, limits)?;
    let mut rows = Vec::new();
    let mut fault = None;
    for row in &mut batch {
        match row {
            Ok(row) => rows.push(row),
            Err(problem) => fault = Some(problem),
        }
    }
    Ok(Outcome { header: batch.header().clone(), rows, fault })
}

pub(crate) fn read_bytes(bytes: &[u8]) -> Result<Outcome, Vec<Problem>> {
    read(file(bytes).path())
}

/// Reads a file that must be good to its end.
pub(crate) fn read_whole(bytes: &[u8]) -> Outcome {
    let outcome = read_bytes(bytes).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert_eq!(outcome.fault, None);
    outcome
}

impl Outcome {
    pub(crate) fn reports(&self) -> Vec<LearnerReport> {
        let reference = reference();
        self.rows.iter().map(|row| learner_report(&self.header, row, &reference)).collect()
    }

    pub(crate) fn codes(&self) -> Vec<Vec<Code>> {
        self.reports().iter().map(codes).collect()
    }
}

pub(crate) fn codes(report: &LearnerReport) -> Vec<Code> {
    report.problems.iter().map(|problem| problem.code).collect()
}

/// The codes of a file that is refused as a whole.
pub(crate) fn refused(bytes: &[u8]) -> Vec<Code> {
    match read_bytes(bytes) {
        Err(problems) => problems.iter().map(|problem| problem.code).collect(),
        Ok(outcome) => outcome.fault.iter().map(|problem| problem.code).collect(),
    }
}

pub(crate) fn reference() -> Reference {
    let board = |label: &str, types: &[&str], optional: bool| BoardRules {
        code: Board::read(label).unwrap(),
        label: label.to_owned(),
        name: format!("American Board {label}"),
        credit_types: types
            .iter()
            .map(|name| CreditType { name: (*name).to_owned(), valid_from: None, valid_until: None })
            .collect(),
        practice_areas: Vec::new(),
        diplomate_id_optional: optional,
        points_equal_credit: false,
        once_per_date: false,
        type_apart: None,
        completed_from: None,
        activity_starts_from: None,
    };
    let boards = vec![
        board("ABIM", &["Medical Knowledge", "Practice Assessment", "Patient Safety"], false),
        board("ABS", &["Accredited CME", "Self-Assessment"], true),
        board("ABPath", &["Lifelong Learning"], false),
    ];
    Reference::always(boards, Settings::default())
}
