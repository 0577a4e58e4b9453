//! A row as a person would see it, made the same way from every format.
//!
//! Here cells that are too long are cut (and said so), the apostrophe of our own result files is
//! taken off again, and the year of a birth date is dropped, so that it is never stored.

use domain::{Code, Field, Problem};
use serde::{Deserialize, Serialize};

use crate::batch::Limits;
use crate::header::Header;
use crate::learners::Origin;
use crate::{dates, neutral};

/// One row: as many cells as its header has columns, and the problems of its form alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// As people see it in their file: row of the sheet or record of the text, from 1. Strictly
    /// increasing within a file.
    pub number: u64,
    pub cells: Vec<String>,
    /// What is wrong with the row before its values are read: formulas, broken quotes, too many cells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// Where it came from, where that is a document.
    #[serde(skip)]
    pub origin: Option<Box<Origin>>,
}

impl Row {
    /// Adds to problems of the row where they stand in its document, as far as that is not said.
    pub fn place(&self, problems: &mut [Problem]) {
        let Some(origin) = &self.origin else { return };
        for problem in problems.iter_mut().filter(|problem| problem.at.is_empty()) {
            problem.at = origin.at(&problem.place);
        }
    }
}

/// Whether the reader of a file finds this in what the cells of a [`Row`] no longer show: the formula
/// behind a value, a broken quote, what stood right of the header, the rest of a text that was cut; what a
/// document says beside its values.
///
/// A row sent again unchanged still has such a problem, though [`Header::typed`] makes it without.
/// Reading the cells can find `CellIsFormula` and `ValueTooLong` too. `CellIsError` is not among
/// these: the error is the text of its cell, so it is always found again.
pub fn carries_over(code: Code) -> bool {
    matches!(
        code,
        Code::RowBroken
            | Code::RowTooLong
            | Code::CellIsFormula
            | Code::ValueTooLong
            | Code::KeyRepeated
            | Code::TooManyValues
            | Code::ElementUnknown
            | Code::ValueIsGroup
            | Code::ValueRepeated
            | Code::StatusNotCompleted
            | Code::CreditIdMalformed
            | Code::ProviderDiffers
    )
}

/// Makes a row; `None` if nothing stands in it. Cells right of the header are dropped and told.
pub(crate) fn shape(
    number: u64,
    mut cells: Vec<String>,
    mut problems: Vec<Problem>,
    header: &Header,
    limits: &Limits,
) -> Option<Row> {
    if cells.iter().all(|cell| cell.trim().is_empty()) {
        return None;
    }
    // of a line that could not be split, nobody knows which column is which
    let is_split = problems.iter().all(|problem| problem.code != Code::RowBroken);
    if let Some(beyond) = cells.iter().skip(header.len()).find(|cell| is_split && !cell.trim().is_empty()) {
        problems.push(Problem::row(Code::RowTooLong).given(beyond.trim()));
    }
    cells.resize(header.len(), String::new());
    for (cell, column) in cells.iter_mut().zip(header.columns()) {
        if cell.is_empty() {
            continue;
        }
        neutral::restore(cell);
        if cell.len() > limits.cell_chars
            && let Some((cut, _)) = cell.char_indices().nth(limits.cell_chars)
        {
            cell.truncate(cut);
            cell.shrink_to_fit();
            if let Some(field) = column.field {
                let fact = dates::grouped(limits.cell_chars as u64);
                problems.push(Problem::field(Code::ValueTooLong, field).given(cell.as_str()).fact(fact));
            }
        }
        if column.field == Some(Field::Birth) {
            dates::drop_birth_year(cell);
        }
    }
    Some(Row { number, cells, problems, origin: None })
}
