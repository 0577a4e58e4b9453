//! Lists of licensees that a licensing board wants checked: a license number in each row, names and NPI beside it if
//! the board has them; its template.
//!
//! One known column is enough: a list may be nothing but numbers. A row without a number is given all the same, since
//! the reader of the list decides what becomes of it. Formulas and broken rows come without their values.

use std::path::Path;

use domain::{Code, Problem};
use rust_xlsxwriter::{Format, Note, Workbook};

use crate::batch::{HEADER_ROWS, Limits};
use crate::columns::same_name;
use crate::delimited::Records;
use crate::format::{FileFormat, sniff_columns, unreadable};
use crate::neutral::restore;
use crate::numbers::Shown;
use crate::result::WriteError;
use crate::template::header_format;
use crate::workbook::{self, RawRow, Table};

/// One row of a list, as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LicenseeRow {
    /// Row of the sheet, line of the text, from 1.
    pub row: u64,
    pub number: String,
    pub first: String,
    pub last: String,
    pub npi: String,
}

/// The longest value; what is longer is cut.
const MOST_CHARS: usize = 100;

struct Column {
    names: &'static [&'static str],
    guidance: &'static str,
    example: &'static str,
    width: f64,
}

/// License number, first name, last name, NPI.
const COLUMNS: [Column; 4] = [
    Column {
        names: &["License Number", "License", "License No", "Lic No", "License ID", "Licensing ID", "Number"],
        guidance: "Required. As on the license; capitals, spaces and leading zeros do not matter.",
        example: "A040017",
        width: 22.0,
    },
    Column {
        names: &["First Name", "First", "Given Name"],
        guidance: "Optional. Compared with the registry.",
        example: "Ana",
        width: 18.0,
    },
    Column {
        names: &["Last Name", "Last", "Family Name", "Surname"],
        guidance: "Optional. Compared with the registry, so that a slip in a number is found.",
        example: "Muñoz",
        width: 22.0,
    },
    Column { names: &["NPI", "NPI Number"], guidance: "Optional. 10 digits.", example: "1234567893", width: 16.0 },
];

/// Column names as the template has them, in order.
pub fn column_names() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().filter_map(|column| column.names.first().copied())
}

fn place_of(name: &str) -> Option<usize> {
    COLUMNS.iter().position(|column| column.names.iter().any(|known| same_name(known, name)))
}

/// Where the known columns stand in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Header {
    places: [Option<usize>; 4],
    len: usize,
}

impl Header {
    /// Reads a row as a header; `None` if it names no license number.
    fn read<S: AsRef<str>>(cells: &[S]) -> Option<Self> {
        let mut header = Self { places: [None; 4], len: cells.len() };
        for (at, cell) in cells.iter().enumerate() {
            if let Some(place) = place_of(cell.as_ref()).and_then(|place| header.places.get_mut(place)) {
                // the first of two stands
                place.get_or_insert(at);
            }
        }
        header.places.first().is_some_and(Option::is_some).then_some(header)
    }

    /// The template's order.
    fn standard() -> Self {
        Self { places: [Some(0), Some(1), Some(2), Some(3)], len: COLUMNS.len() }
    }

    fn row_of(&self, number: u64, mut cells: Vec<String>) -> Option<LicenseeRow> {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return None;
        }
        let mut take = |place: Option<&Option<usize>>| {
            let at = place.copied().flatten();
            let mut cell = at.and_then(|at| cells.get_mut(at)).map(std::mem::take).unwrap_or_default();
            restore(&mut cell);
            cell.trim().chars().filter(|letter| !letter.is_control()).take(MOST_CHARS).collect::<String>()
        };
        let mut places = self.places.iter();
        Some(LicenseeRow {
            row: number,
            number: take(places.next()),
            first: take(places.next()),
            last: take(places.next()),
            npi: take(places.next()),
        })
    }
}

impl Table for Header {
    type Purpose = ();
    type Row = LicenseeRow;

    fn from_cells(cells: &[String], (): ()) -> Option<Self> {
        Self::read(cells)
    }

    fn known(&self) -> usize {
        self.places.iter().flatten().count()
    }

    fn is_complete(&self, (): ()) -> bool {
        true
    }

    fn len(&self) -> usize {
        self.len
    }

    fn shown(&self, _: usize) -> Shown {
        Shown::AsIs
    }

    fn row(&self, raw: RawRow, _: &Limits) -> Option<LicenseeRow> {
        // a number that a formula made may be any number
        let is_formula = self.places.iter().flatten().any(|place| raw.formulas.contains(place));
        let row = self.row_of(raw.number, raw.cells)?;
        Some(if is_formula || raw.unreadable { LicenseeRow { row: row.row, ..LicenseeRow::default() } } else { row })
    }
}

/// Reads a list from a file: Excel or delimited text, its header found by content. Rows that hold nothing are left
/// out.
///
/// Errors: the file as a whole cannot be read, names no license number, holds no row or more than `limits.rows`.
pub fn read(path: &Path, limits: &Limits) -> Result<Vec<LicenseeRow>, Vec<Problem>> {
    limits.check_size(path).map_err(|problem| vec![problem])?;
    let format = sniff_columns(path, |name| place_of(name).is_some()).map_err(|problem| vec![problem])?;
    let rows = match format {
        FileFormat::Xlsx => {
            let (_, rows) = workbook::open::<Header>(path, limits, ())?;
            taken(rows, limits)
        }
        FileFormat::Text { .. } => text(path, format, limits),
        FileFormat::Xml | FileFormat::Json => Err(Problem::file(Code::FileWrongType).fact("a document")),
    };
    rows.map_err(|problem| vec![problem])
}

fn text(path: &Path, format: FileFormat, limits: &Limits) -> Result<Vec<LicenseeRow>, Problem> {
    let FileFormat::Text { delimiter, encoding } = format else { return Err(Problem::file(Code::FileWrongType)) };
    let mut records = Records::open(path, delimiter, encoding).map_err(unreadable)?;
    let mut looked_at = 0;
    let header = loop {
        let record = records.next_record().map_err(unreadable)?.ok_or(Problem::file(Code::HeaderMissing))?;
        looked_at += usize::from(record.cells.iter().any(|cell| !cell.trim().is_empty()));
        if let Some(header) = Header::read(record.cells.get(..limits.columns).unwrap_or(&record.cells)) {
            break header;
        }
        if looked_at >= HEADER_ROWS {
            return Err(Problem::file(Code::HeaderMissing));
        }
    };
    records.expect_columns(header.len);
    let rows = std::iter::from_fn(|| {
        loop {
            match records.next_record() {
                Ok(None) => break None,
                Err(error) => break Some(Err(unreadable(error))),
                Ok(Some(record)) if record.broken => {
                    break Some(Ok(LicenseeRow { row: record.number, ..LicenseeRow::default() }));
                }
                Ok(Some(record)) => {
                    if let Some(row) = header.row_of(record.number, record.cells) {
                        break Some(Ok(row));
                    }
                }
            }
        }
    });
    taken(rows, limits)
}

fn taken(
    rows: impl Iterator<Item = Result<LicenseeRow, Problem>>,
    limits: &Limits,
) -> Result<Vec<LicenseeRow>, Problem> {
    let mut taken = Vec::new();
    for row in rows {
        taken.push(row?);
        if taken.len() as u64 > limits.rows {
            return Err(too_many(limits));
        }
    }
    if taken.is_empty() { Err(Problem::file(Code::NoRows)) } else { Ok(taken) }
}

fn too_many(limits: &Limits) -> Problem {
    Problem::file(Code::FileTooLarge).fact(format!("{} rows", crate::dates::grouped(limits.rows)))
}

/// Reads a list that was pasted from a spreadsheet or a letter: a licensee a line, cells between tabs, commas or
/// semicolons. Column names in the first line or none: then number, first name, last name, NPI.
///
/// Errors: no row, or more than `limits.rows`.
pub fn read_pasted(text: &str, limits: &Limits) -> Result<Vec<LicenseeRow>, Problem> {
    let lines = || (1u64..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let named = lines().next().and_then(|(number, line)| Header::read(&cells(line)).map(|header| (number, header)));
    let (behind, header) = named.unwrap_or((0, Header::standard()));
    let rows = lines().filter(|(number, _)| *number > behind);
    taken(rows.filter_map(|(number, line)| header.row_of(number, cells(line)).map(Ok)), limits)
}

/// The cells of a pasted line; spreadsheets put some into quotes.
fn cells(line: &str) -> Vec<String> {
    let unquoted = |cell: &str| {
        let cell = cell.trim();
        cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')).unwrap_or(cell).replace("\"\"", "\"")
    };
    let delimiter = ['\t', ';', ','].into_iter().find(|delimiter| line.contains(*delimiter)).unwrap_or('\t');
    line.split(delimiter).map(unquoted).collect()
}

/// The Excel template: guidance as notes, cells formatted as text.
pub fn template_xlsx() -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let as_text = Format::new().set_num_format("@");
    sheet.set_name("Licensees")?.set_freeze_panes(1, 0)?;
    for (at, column) in (0..u16::MAX).zip(&COLUMNS) {
        let name = column.names.first().copied().unwrap_or_default();
        sheet.set_column_width(at, column.width)?.set_column_format(at, &as_text)?;
        sheet.write_string_with_format(0, at, name, &header_format())?;
        let note = format!("{}\nExample: {}", column.guidance, column.example);
        sheet.insert_note(0, at, &Note::new(note).add_author_prefix(false).set_width(240))?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// The tab-delimited template: the header alone.
pub fn template_tsv() -> Vec<u8> {
    let names: Vec<&str> = column_names().collect();
    format!("{}\r\n", names.join("\t")).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(row: u64, number: &str, first: &str, last: &str) -> LicenseeRow {
        LicenseeRow { row, number: number.into(), first: first.into(), last: last.into(), npi: String::new() }
    }

    #[test]
    fn what_was_pasted_is_read_with_names_of_columns_and_without() {
        let limits = Limits::default();
        let with = "Last name, License #\n\nMuñoz, A 17\n";
        assert_eq!(read_pasted(with, &limits).unwrap(), [row(3, "A 17", "", "Muñoz")]);
        let without = "A017\tAna\tMuñoz\n\"A018\"";
        assert_eq!(read_pasted(without, &limits).unwrap(), [row(1, "A017", "Ana", "Muñoz"), row(2, "A018", "", "")]);
        assert_eq!(read_pasted(" \n", &limits).unwrap_err().code, Code::NoRows);
        let one = Limits { rows: 1, ..limits };
        assert_eq!(read_pasted(without, &one).unwrap_err().code, Code::FileTooLarge);
    }
}
