//! Activities as a sheet, Excel or text, row by row. Columns are the template's; a group has as many
//! as the widest activity needs, so that has to be known before the first row.
//!
//! For people dates are dates and numbers are numbers; no cell starts a formula.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;

use super::cells::join;
use super::columns::{COUNTS, SheetKind};
use super::field::{COLUMNS, Field, Group, Kind};
use super::record::Record;
use crate::format::FileFormat;
use crate::result::WriteError;
use crate::sheet_file::{Cell, SheetFile};

/// How many of each group a sheet has columns for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Widths(BTreeMap<Group, u16>);

impl Widths {
    /// Those of the template.
    pub fn template() -> Self {
        Self(Group::ALL.iter().map(|group| (*group, group.in_template())).collect())
    }

    /// Makes room for a record.
    pub fn fit(&mut self, record: &Record) {
        for value in &record.values {
            if let Some(group) = value.field.group() {
                let room = self.0.entry(group).or_default();
                *room = (*room).max(value.nth.saturating_add(1));
            }
        }
    }

    /// The columns of a sheet in order: a group's fields stand together, number by number.
    pub(super) fn columns(&self, kind: SheetKind) -> Vec<(Field, u16)> {
        if kind == SheetKind::Counts {
            return COUNTS.iter().map(|field| (*field, 0)).collect();
        }
        let mut columns = Vec::new();
        for run in COLUMNS.chunk_by(|a, b| a.group.is_some() && a.group == b.group) {
            let group = run.first().and_then(|column| column.group);
            let many = group.map_or(1, |group| self.0.get(&group).copied().unwrap_or(0));
            columns.extend((0..many).flat_map(|nth| run.iter().map(move |column| (column.field, nth))));
        }
        columns
    }
}

/// Writes a sheet of activities.
pub struct SheetWriter {
    file: SheetFile,
    columns: Vec<(Field, u16)>,
}

impl SheetWriter {
    /// Makes the file, or empties it, and writes the header.
    pub fn create(path: &Path, format: FileFormat, widths: &Widths) -> Result<Self, WriteError> {
        let columns = widths.columns(SheetKind::Activities);
        let about: Vec<(String, f64)> =
            columns.iter().map(|(field, nth)| (field.header(*nth), field.column().width())).collect();
        Ok(Self { file: SheetFile::create(path, format, &about)?, columns })
    }

    /// Adds an activity; see [`super::record`].
    pub fn write(&mut self, record: &Record) -> Result<(), WriteError> {
        let cells: Vec<Cell> = self.columns.iter().map(|(field, nth)| cell(record, *field, *nth)).collect();
        self.file.write(&cells)
    }

    /// Completes the file. A file that was not finished is not readable.
    pub fn finish(self) -> Result<(), WriteError> {
        self.file.finish()
    }
}

/// The cell of a field, in the dress of a sheet.
fn cell(record: &Record, field: Field, nth: u16) -> Cell {
    let column = field.column();
    if column.list {
        let dressed: Vec<&str> = record.values(field, nth).map(|value| dress(field, &value.text)).collect();
        return Cell::Text(join(dressed.into_iter()));
    }
    let Some(value) = record.values(field, nth).next() else { return Cell::Text(String::new()) };
    let text = value.text.as_str();
    let number = || text.parse::<f64>().ok().filter(|number| number.is_finite() && number.abs() < 1e15);
    match column.kind {
        Kind::Date => text.parse::<Date>().map_or_else(|_| Cell::Text(text.to_owned()), Cell::Date),
        Kind::Amount | Kind::Whole | Kind::Dollars => {
            number().map_or_else(|| Cell::Text(text.to_owned()), |number| Cell::Number(number, text.to_owned()))
        }
        Kind::Text | Kind::Id | Kind::Truth => Cell::Text(dress(field, text).to_owned()),
    }
}

/// A spreadsheet's people say Yes and No.
fn dress(field: Field, text: &str) -> &str {
    use super::field::Choice::{Answers, Undertakings, YesNo};
    match (field.column().choice, text) {
        (YesNo | Answers | Undertakings, "true") => "Yes",
        (YesNo | Answers | Undertakings, "false") => "No",
        (Answers, "not sure") => "Not sure",
        (_, text) => text,
    }
}
