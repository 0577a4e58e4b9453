//! The header of a batch: which column holds which field. It is found by content, not by position.
//!
//! The app keeps it beside an upload (it is serializable), because stored rows are cells without
//! names. Columns that mean nothing to us stay in it: the result file shows them again.

use domain::{Code, Field, Problem};
use serde::{Deserialize, Serialize};

use crate::batch::Limits;
use crate::columns::{COLUMNS, Kind, Purpose, RESULT_HEADERS, field_of, required, same_name};
use crate::numbers::Shown;
use crate::row::{Row, shape};
use crate::workbook::{RawRow, Table};

/// Fewer known columns than this, and a row is not taken for a header.
const FEWEST_KNOWN: usize = 3;

/// Column names as they stand in the file, with the field each one holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    columns: Vec<HeaderColumn>,
}

/// One column. `field` is `None` for columns of the sender's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeaderColumn {
    pub name: String,
    pub field: Option<Field>,
}

impl Header {
    /// The template's columns, for forms and for files that we write from nothing.
    pub fn standard() -> Self {
        Self::of(COLUMNS.iter().map(|column| column.field))
    }

    /// A header of just these fields, named as in the template.
    pub fn of(fields: impl IntoIterator<Item = Field>) -> Self {
        let column = |field: Field| HeaderColumn { name: field.label().to_owned(), field: Some(field) };
        Self { columns: fields.into_iter().map(column).collect() }
    }

    /// Reads the first line of something pasted as a header; `None` if it is none.
    pub fn read(cells: &[String]) -> Option<Self> {
        Self::from_cells(cells)
    }

    /// Reads a row as a header; `None` if it is none. A known column that repeats keeps its field:
    /// [`Header::problems`] names it.
    pub(crate) fn from_cells<S: AsRef<str>>(cells: &[S]) -> Option<Self> {
        let end = cells.iter().rposition(|cell| !cell.as_ref().trim().is_empty())? + 1;
        let mut columns: Vec<HeaderColumn> = Vec::with_capacity(end);
        for cell in cells.iter().take(end) {
            let name = cell.as_ref();
            let field = field_of(name, |kind| columns.iter().filter(|column| column.is(kind)).count());
            columns.push(HeaderColumn { name: name.to_owned(), field });
        }
        let header = Self { columns };
        (header.known() >= FEWEST_KNOWN).then_some(header)
    }

    /// How many columns hold a field of ours.
    pub(crate) fn known(&self) -> usize {
        self.columns.iter().filter(|column| column.field.is_some()).count()
    }

    /// Required columns that are missing and known ones that repeat, each named.
    pub fn problems(&self, purpose: Purpose) -> Vec<Problem> {
        let mut problems = Vec::new();
        for &field in required(purpose) {
            let replaced = field == Field::ActivityId && self.column(Field::InternalActivityId).is_some();
            if self.column(field).is_none() && !replaced {
                problems.push(Problem::file(Code::ColumnMissing).fact(field.label()));
            }
        }
        for (i, column) in self.columns.iter().enumerate() {
            let first = column.field.and_then(|field| self.column(field));
            if first.is_some_and(|first| first < i) {
                problems.push(Problem::file(Code::ColumnRepeated).fact(column.name.trim()));
            }
        }
        problems
    }

    pub fn columns(&self) -> &[HeaderColumn] {
        &self.columns
    }

    pub fn len(&self) -> usize {
        self.columns.len()
    }

    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Where a field stands, counted from 0.
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|column| column.field == Some(field))
    }

    /// What a column holds.
    pub fn field(&self, column: usize) -> Option<Field> {
        self.columns.get(column).and_then(|column| column.field)
    }

    /// The cell of a field, or nothing where the file has no such column.
    pub fn cell<'a>(&self, cells: &'a [String], field: Field) -> &'a str {
        self.column(field).and_then(|column| cells.get(column)).map_or("", String::as_str)
    }

    /// A row of a form: values by field. A field that this header has no column for is left out,
    /// so make the header with [`Header::of`] from the form's own fields.
    pub fn row(&self, number: u64, values: impl IntoIterator<Item = (Field, String)>) -> Row {
        let mut cells = vec![String::new(); self.len()];
        for (field, value) in values {
            if let Some(cell) = self.column(field).and_then(|column| cells.get_mut(column)) {
                *cell = value;
            }
        }
        if let Some(birth) = self.column(Field::Birth).and_then(|column| cells.get_mut(column)) {
            crate::dates::drop_birth_year(birth);
        }
        Row { number, cells, problems: Vec::new(), origin: None }
    }

    /// A row as somebody corrected it on a page: cells in this header's order, unknown columns kept.
    pub fn typed(&self, number: u64, mut cells: Vec<String>) -> Row {
        cells.resize(self.len(), String::new());
        if let Some(birth) = self.column(Field::Birth).and_then(|column| cells.get_mut(column)) {
            crate::dates::drop_birth_year(birth);
        }
        Row { number, cells, problems: Vec::new(), origin: None }
    }
}

impl Table for Header {
    type Purpose = Purpose;
    type Row = Row;

    fn from_cells(cells: &[String], _: Purpose) -> Option<Self> {
        Header::from_cells(cells)
    }

    fn known(&self) -> usize {
        Header::known(self)
    }

    fn is_complete(&self, purpose: Purpose) -> bool {
        self.problems(purpose).is_empty()
    }

    fn len(&self) -> usize {
        Header::len(self)
    }

    fn shown(&self, column: usize) -> Shown {
        self.field(column).into()
    }

    fn row(&self, raw: RawRow, limits: &Limits) -> Option<Row> {
        let mut problems: Vec<Problem> = Vec::new();
        if raw.unreadable {
            problems.push(Problem::row(Code::RowBroken).fact("a cell of it cannot be read"));
        }
        let formula = |field: Field| Problem::field(Code::CellIsFormula, field);
        problems.extend(raw.formulas.iter().filter_map(|column| self.field(*column)).map(formula));
        shape(raw.number, raw.cells, problems, self, limits)
    }
}

impl HeaderColumn {
    fn is(&self, kind: Kind) -> bool {
        match kind {
            Kind::Type => matches!(self.field, Some(Field::CreditType(1..))),
            Kind::Amount => matches!(self.field, Some(Field::CreditTypeAmount(1..))),
        }
    }

    /// Whether it is one of the columns that a result file adds.
    pub(crate) fn is_result(&self) -> bool {
        self.field.is_none() && RESULT_HEADERS.iter().any(|header| same_name(header, &self.name))
    }
}
