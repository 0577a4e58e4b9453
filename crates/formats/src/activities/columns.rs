//! The header of a sheet of activities: which column holds which field of which number. It is found
//! by its names, in any order and case, with or without spaces.
//!
//! Two kinds of sheets share it: activities, and learner counts, which only update totals.

use std::sync::LazyLock;

use super::cells;
use super::field::{COLUMNS, Field, Kind};
use super::place::Place;
use super::problem::{Code, Problem};
use super::record::Record;
use crate::batch::Limits;
use crate::numbers::Shown;
use crate::workbook::{RawRow, Table};

/// What a sheet is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SheetKind {
    #[default]
    Activities,
    /// Activity ID, physicians, other learners: nothing else is read.
    Counts,
}

impl SheetKind {
    /// The fields that are read.
    pub(super) fn reads(self, field: Field) -> bool {
        self == SheetKind::Activities || COUNTS.contains(&field)
    }
}

/// The columns of the learner counts.
pub(super) const COUNTS: &[Field] = &[Field::ActivityId, Field::InternalId, Field::PhysicianTotal, Field::OtherTotal];

/// Headers of the columns that a result file adds. The reader passes over them, but for the ID: a result
/// that is sent again names the activities that its rows became, where the rows themselves name none.
pub const RESULT_HEADERS: [&str; 4] = ["Result", "Problem codes", "What to do", ID_ON_RECORD];
const ID_ON_RECORD: &str = "Activity ID on record";

/// Numbers of a group beyond this are no header of ours.
const MOST_OF_A_GROUP: u16 = 999;

/// A sheet's header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    kind: SheetKind,
    columns: Vec<SheetColumn>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SheetColumn {
    pub(super) name: String,
    pub(super) field: Option<(Field, u16)>,
}

/// Every header as it is compared, in front of its number and behind it.
static NAMES: LazyLock<Vec<(Field, String, Option<String>)>> = LazyLock::new(|| {
    COLUMNS
        .iter()
        .map(|column| match column.header.split_once('#') {
            None => (column.field, folded(column.header), None),
            Some((before, behind)) => (column.field, folded(before), Some(folded(behind))),
        })
        .collect()
});

/// Letters and digits of a header, lowercase, without what stands in brackets.
fn folded(header: &str) -> String {
    let outside = header.split('(').next().unwrap_or_default();
    outside.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The field that a header names, and its number from 0. A group's first may stand without one.
pub(super) fn field_of(header: &str) -> Option<(Field, u16)> {
    let name = folded(header);
    NAMES.iter().find_map(|(field, before, behind)| match behind {
        None => (name == *before).then_some((*field, 0)),
        Some(behind) => {
            let rest = name.strip_prefix(before.as_str())?.strip_suffix(behind.as_str())?;
            match rest {
                "" => Some((*field, 0)),
                digits if digits.bytes().all(|b| b.is_ascii_digit()) => {
                    let number = digits.parse().ok().filter(|number| (1..=MOST_OF_A_GROUP).contains(number))?;
                    Some((*field, number - 1))
                }
                _ => None,
            }
        }
    })
}

impl Columns {
    pub(super) fn from_names<S: AsRef<str>>(kind: SheetKind, names: &[S]) -> Option<Self> {
        let end = names.iter().rposition(|name| !name.as_ref().trim().is_empty())? + 1;
        let column = |name: &S| {
            let name = name.as_ref();
            let field = field_of(name).filter(|(field, _)| kind.reads(*field));
            SheetColumn { name: name.to_owned(), field }
        };
        let columns = Self { kind, columns: names.iter().take(end).map(column).collect() };
        let fewest = if kind == SheetKind::Counts { 2 } else { 3 };
        (columns.known_columns() >= fewest).then_some(columns)
    }

    fn known_columns(&self) -> usize {
        self.columns.iter().filter(|column| column.field.is_some()).count()
    }

    pub(super) fn get(&self, column: usize) -> Option<&SheetColumn> {
        self.columns.get(column)
    }

    pub(super) fn count(&self) -> usize {
        self.columns.len()
    }

    /// The names of the columns as they stand in the file.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    fn has(&self, field: Field) -> bool {
        self.columns.iter().any(|column| column.field.is_some_and(|(known, _)| known == field))
    }

    /// Columns that are missing, and known ones that stand there twice.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let missing = |field: Field| Problem::new(Code::ColumnMissing, Place::File).fact(field.header(0));
        let absent = |fields: &[Field]| fields.iter().copied().filter(|field| !self.has(*field)).collect::<Vec<_>>();
        let mut problems: Vec<Problem> = match self.kind {
            // Deleting needs no more than an ID.
            SheetKind::Activities if self.has(Field::RecordAction) && self.has(Field::ActivityId) => Vec::new(),
            SheetKind::Activities => absent(&[Field::Title, Field::Format, Field::StartsOn, Field::EndsOn])
                .into_iter()
                .map(missing)
                .collect(),
            SheetKind::Counts => {
                let id = if self.has(Field::InternalId) { Vec::new() } else { absent(&[Field::ActivityId]) };
                let totals = absent(&[Field::PhysicianTotal, Field::OtherTotal]);
                let totals = if totals.len() == 2 { totals } else { Vec::new() };
                id.into_iter().chain(totals).map(missing).collect()
            }
        };
        for (nth, column) in self.columns.iter().enumerate() {
            let first = column.field.and_then(|field| self.columns.iter().position(|one| one.field == Some(field)));
            if first.is_some_and(|first| first < nth) {
                problems.push(Problem::new(Code::ColumnRepeated, Place::File).fact(column.name.trim()));
            }
        }
        problems
    }

    /// Columns that are passed over.
    pub(super) fn warnings(&self) -> Vec<Problem> {
        const REMOVED: &[&str] = &["reportingyear", "hoursofinstruction", "competencies", "inkindtypes", "inkindtype"];
        let is_ours = |name: &str| name.is_empty() || RESULT_HEADERS.iter().any(|header| folded(header) == name);
        let unknown = self.columns.iter().filter(|column| column.field.is_none() && !is_ours(&folded(&column.name)));
        unknown
            .map(|column| {
                let removed = REMOVED.contains(&folded(&column.name).as_str());
                let code = if removed { Code::FieldRemoved } else { Code::NameUnknown };
                Problem::new(code, Place::File).fact(column.name.trim())
            })
            .collect()
    }

    /// Whether a column is one of those that a result file adds.
    pub(super) fn is_result(&self, column: usize) -> bool {
        self.get(column).is_some_and(|column| {
            column.field.is_none() && RESULT_HEADERS.iter().any(|header| folded(header) == folded(&column.name))
        })
    }

    /// Whether a column holds the IDs that a result file gave.
    pub(super) fn is_id_on_record(&self, column: usize) -> bool {
        self.get(column).is_some_and(|column| column.field.is_none() && folded(&column.name) == folded(ID_ON_RECORD))
    }
}

impl Table for Columns {
    type Purpose = SheetKind;
    type Row = (Record, Vec<String>);

    fn from_cells(cells: &[String], kind: SheetKind) -> Option<Self> {
        Columns::from_names(kind, cells)
    }

    fn known(&self) -> usize {
        self.known_columns()
    }

    fn is_complete(&self, _: SheetKind) -> bool {
        self.problems().is_empty()
    }

    fn len(&self) -> usize {
        self.count()
    }

    fn shown(&self, column: usize) -> Shown {
        match self.get(column).and_then(|column| column.field) {
            Some((Field::ActivityId, _)) => Shown::Digits(9),
            None if self.is_id_on_record(column) => Shown::Digits(9),
            Some((Field::ProviderId, _)) => Shown::Digits(7),
            Some((field, _)) if field.column().kind == Kind::Date => Shown::Day,
            _ => Shown::AsIs,
        }
    }

    fn row(&self, raw: RawRow, limits: &Limits) -> Option<Self::Row> {
        cells::record(self, raw, limits)
    }
}
