//! Rosters of licensing and certifying boards (formats.md section 6): delimited text with a header.
//!
//! Rows are streamed, since a national roster has a million and more. A row with a fault is an
//! `Err` with its place and what to do; the rows behind it go on.

use std::path::Path;

use domain::{Board, Code, MonthDay, Problem, State};
use jiff::civil::Date;

use crate::batch::Limits;
use crate::columns::same_name;
use crate::dates::{drop_birth_year, read_date};
use crate::delimited::Records;
use crate::format::{FileFormat, sniff_columns, unreadable};

/// One license as a licensing board holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenseRow {
    /// Record of the file, from 1, header included.
    pub row: u64,
    pub state: State,
    pub number: String,
    pub first: String,
    pub middle: String,
    pub last: String,
    pub suffix: String,
    /// MD or DO, in capitals, as the board writes it.
    pub degree: String,
    pub birth: Option<MonthDay>,
    pub status: String,
    pub issued: Option<Date>,
    pub expires: Option<Date>,
    pub npi: Option<String>,
    pub former_last: Vec<String>,
}

/// One certification as a certifying board holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificationRow {
    /// Record of the file, from 1, header included.
    pub row: u64,
    pub board: Board,
    pub diplomate_id: String,
    pub first: String,
    pub middle: String,
    pub last: String,
    pub suffix: String,
    pub birth: Option<MonthDay>,
    pub status: String,
    pub npi: Option<String>,
    /// State and number of a license of the same person.
    pub license: Option<(State, String)>,
}

/// What is wrong with one row, which is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterProblem {
    pub row: u64,
    pub column: String,
    pub given: String,
    pub message: &'static str,
    pub remedy: &'static str,
}

/// A column: the names it goes by (the first is ours), and whether a roster must have it.
struct Column {
    names: &'static [&'static str],
    required: bool,
}

const fn must(names: &'static [&'static str]) -> Column {
    Column { names, required: true }
}

const fn may(names: &'static [&'static str]) -> Column {
    Column { names, required: false }
}

const LICENSES: [Column; 13] = [
    must(&["board state", "state"]),
    must(&["license number", "number", "license"]),
    must(&["first", "first name"]),
    may(&["middle", "middle name"]),
    must(&["last", "last name"]),
    may(&["suffix"]),
    may(&["degree"]),
    may(&["birth month/day", "birth", "date of birth"]),
    may(&["status", "license status"]),
    may(&["issued", "issue date"]),
    may(&["expires", "expiration date"]),
    may(&["NPI"]),
    may(&["former last names", "former last name"]),
];

const CERTIFICATIONS: [Column; 11] = [
    must(&["board", "certifying board"]),
    must(&["diplomate ID", "certifying board ID"]),
    must(&["first", "first name"]),
    may(&["middle", "middle name"]),
    must(&["last", "last name"]),
    may(&["suffix"]),
    may(&["birth month/day", "birth", "date of birth"]),
    may(&["status", "certification status"]),
    may(&["NPI"]),
    may(&["license state"]),
    may(&["license number"]),
];

/// A sample of a licensing board's roster: the header and two invented licenses, as comma-separated text.
pub fn licenses_template() -> Vec<u8> {
    let rows = [
        "GA,GA-070001,Ana,Luz,Quillan,,MD,02/29,Active,2009-07-01,2028-06-30,1234567893,Ferrand;Oduya",
        "GA,GA-070002,Milo,,Brandvold,Jr,DO,11/30,Expired,1998-07-01,2024-06-30,,",
    ];
    template(&LICENSES, &rows)
}

/// A sample of a certifying board's roster: the header and two invented diplomates, as comma-separated text.
pub fn certifications_template() -> Vec<u8> {
    let rows = [
        "ABIM,900001,Ana,Luz,Quillan,,02/29,Certified,1234567893,GA,GA-070001",
        "ABIM,900002,Milo,,Brandvold,Jr,11/30,Not certified,,GA,GA-070002",
    ];
    template(&CERTIFICATIONS, &rows)
}

fn template<const N: usize>(columns: &[Column; N], rows: &[&str]) -> Vec<u8> {
    let names: Vec<&str> = columns.iter().filter_map(|column| column.names.first().copied()).collect();
    format!("{}\r\n{}\r\n", names.join(","), rows.join("\r\n")).into_bytes()
}

/// The columns of a licensing board's roster: name, and whether a roster must have it.
pub fn license_columns() -> impl Iterator<Item = (&'static str, bool)> {
    LICENSES.iter().filter_map(|column| Some((*column.names.first()?, column.required)))
}

/// The columns of a certifying board's roster: name, and whether a roster must have it.
pub fn certification_columns() -> impl Iterator<Item = (&'static str, bool)> {
    CERTIFICATIONS.iter().filter_map(|column| Some((*column.names.first()?, column.required)))
}

/// Opens a licensing board's roster. The error is about the file as a whole.
pub fn licenses(
    path: &Path,
    limits: &Limits,
) -> Result<impl Iterator<Item = Result<LicenseRow, RosterProblem>> + Send + use<>, Problem> {
    let roster = Roster::open(path, limits, &LICENSES)?;
    Ok(roster.map(|cells| license(&cells?)))
}

/// Opens a certifying board's roster. The error is about the file as a whole.
pub fn certifications(
    path: &Path,
    limits: &Limits,
) -> Result<impl Iterator<Item = Result<CertificationRow, RosterProblem>> + Send + use<>, Problem> {
    let roster = Roster::open(path, limits, &CERTIFICATIONS)?;
    Ok(roster.map(|cells| certification(&cells?)))
}

fn license(cells: &Cells<13>) -> Result<LicenseRow, RosterProblem> {
    Ok(LicenseRow {
        row: cells.row,
        state: cells.state(0)?.ok_or_else(|| cells.missing(0))?,
        number: cells.needed(1)?,
        first: cells.text(2),
        middle: cells.text(3),
        last: cells.needed(4)?,
        suffix: cells.text(5),
        degree: cells.get(6).to_ascii_uppercase(),
        birth: cells.birth(7)?,
        status: cells.text(8),
        issued: cells.date(9)?,
        expires: cells.date(10)?,
        npi: cells.npi(11)?,
        former_last: cells.get(12).split(';').map(str::trim).filter(|n| !n.is_empty()).map(str::to_owned).collect(),
    })
}

fn certification(cells: &Cells<11>) -> Result<CertificationRow, RosterProblem> {
    let state = cells.state(9)?;
    let number = cells.text(10);
    Ok(CertificationRow {
        row: cells.row,
        board: Board::read(&cells.needed(0)?)
            .ok_or_else(|| cells.problem(0, "This is not a board's code.", "Write the board's code, such as ABIM."))?,
        diplomate_id: cells.needed(1)?,
        first: cells.text(2),
        middle: cells.text(3),
        last: cells.needed(4)?,
        suffix: cells.text(5),
        birth: cells.birth(6)?,
        status: cells.text(7),
        npi: cells.npi(8)?,
        license: state.filter(|_| !number.is_empty()).map(|state| (state, number)),
    })
}

/// The records of a roster with `N` known columns.
struct Roster<const N: usize> {
    records: Records,
    /// Where each known column stands.
    places: [Option<usize>; N],
    names: [&'static str; N],
    rows_left: u64,
    ended: bool,
}

/// The known columns of one row, in the order of the column table.
struct Cells<const N: usize> {
    row: u64,
    cells: [String; N],
    names: [&'static str; N],
}

impl<const N: usize> Roster<N> {
    fn open(path: &Path, limits: &Limits, columns: &[Column; N]) -> Result<Self, Problem> {
        limits.check_size(path)?;
        let is = |column: &Column, header: &str| column.names.iter().any(|name| same_name(name, header));
        let known = |header: &str| columns.iter().any(|column| is(column, header));
        let FileFormat::Text { delimiter, encoding } = sniff_columns(path, known)? else {
            return Err(Problem::file(Code::FileWrongType).fact("a workbook; rosters are delimited text"));
        };
        let mut records = Records::open(path, delimiter, encoding).map_err(unreadable)?;
        let header = loop {
            let record = records.next_record().map_err(unreadable)?.ok_or(Problem::file(Code::HeaderMissing))?;
            if record.cells.iter().filter(|cell| known(cell)).count() >= 3 {
                break record.cells;
            }
            if record.number >= 20 {
                return Err(Problem::file(Code::HeaderMissing));
            }
        };
        records.expect_columns(header.len());
        let mut places = [None; N];
        for (place, column) in places.iter_mut().zip(columns) {
            *place = header.iter().position(|cell| is(column, cell));
            if place.is_none() && column.required {
                let name = column.names.first().copied().unwrap_or_default();
                return Err(Problem::file(Code::ColumnMissing).fact(name));
            }
        }
        let names = std::array::from_fn(|i| columns.get(i).and_then(|c| c.names.first()).copied().unwrap_or_default());
        Ok(Self { records, places, names, rows_left: limits.rows, ended: false })
    }
}

impl<const N: usize> Iterator for Roster<N> {
    type Item = Result<Cells<N>, RosterProblem>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let row = match self.records.next_record() {
                Ok(Some(row)) => row,
                Ok(None) => return None,
                Err(_) => {
                    self.ended = true;
                    return Some(Err(RosterProblem {
                        row: 0,
                        column: String::new(),
                        given: String::new(),
                        message: "The file could not be read to its end.",
                        remedy: "Copy the file again and import it once more.",
                    }));
                }
            };
            if row.cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let problem = |message, remedy| RosterProblem {
                row: row.number,
                column: String::new(),
                given: String::new(),
                message,
                remedy,
            };
            if row.broken {
                let message = "A quote is opened and never closed.";
                return Some(Err(problem(message, "Check this line for a stray quote.")));
            }
            if self.rows_left == 0 {
                self.ended = true;
                return Some(Err(problem("The roster has more rows than are taken at once.", "Split the file.")));
            }
            self.rows_left -= 1;
            let mut own = row.cells;
            let cells = self.places.map(|place| place.and_then(|at| own.get_mut(at)).map(std::mem::take));
            let mut cells = cells.map(Option::unwrap_or_default);
            cells.iter_mut().for_each(trim);
            return Some(Ok(Cells { row: row.number, cells, names: self.names }));
        }
        None
    }
}

fn trim(cell: &mut String) {
    let trimmed = cell.trim();
    if trimmed.len() < cell.len() {
        *cell = trimmed.to_owned();
    }
}

impl<const N: usize> Cells<N> {
    fn get(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    fn text(&self, column: usize) -> String {
        self.get(column).to_owned()
    }

    fn needed(&self, column: usize) -> Result<String, RosterProblem> {
        if self.get(column).is_empty() { Err(self.missing(column)) } else { Ok(self.text(column)) }
    }

    fn missing(&self, column: usize) -> RosterProblem {
        self.problem(column, "This value is missing.", "Fill it in; without it nobody can be found.")
    }

    fn problem(&self, column: usize, message: &'static str, remedy: &'static str) -> RosterProblem {
        let mut given = self.text(column);
        if self.names.get(column).is_some_and(|name| name.starts_with("birth")) {
            drop_birth_year(&mut given);
        }
        if let Some((cut, _)) = given.char_indices().nth(80) {
            given.truncate(cut);
        }
        let column = self.names.get(column).copied().unwrap_or_default().to_owned();
        RosterProblem { row: self.row, column, given, message, remedy }
    }

    fn state(&self, column: usize) -> Result<Option<State>, RosterProblem> {
        self.optional(column, State::read, "This is not a state.", "Write the state's name or its two letters.")
    }

    fn birth(&self, column: usize) -> Result<Option<MonthDay>, RosterProblem> {
        self.optional(column, MonthDay::read, "This is not a month and day.", "Write a day that exists, as MM/DD.")
    }

    fn date(&self, column: usize) -> Result<Option<Date>, RosterProblem> {
        self.optional(column, read_date, "This is not a date.", "Write a day that exists, as YYYY-MM-DD.")
    }

    fn npi(&self, column: usize) -> Result<Option<String>, RosterProblem> {
        let ten_digits =
            |text: &str| (text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.to_owned());
        self.optional(column, ten_digits, "This is not an NPI.", "Write the ten digits of the NPI, or leave it empty.")
    }

    fn optional<T>(
        &self,
        column: usize,
        read: impl Fn(&str) -> Option<T>,
        message: &'static str,
        remedy: &'static str,
    ) -> Result<Option<T>, RosterProblem> {
        match self.get(column) {
            "" => Ok(None),
            given => read(given).map(Some).ok_or_else(|| self.problem(column, message, remedy)),
        }
    }
}
