//! The cells of a row as a neutral record, and the dressing that a sheet's values wear.
//!
//! Several values stand in one cell with semicolons between them; a semicolon within a value is
//! written twice.

use super::columns::Columns;
use super::field::Field;
use super::place::Place;
use super::problem::{Code, Problem};
use super::record::Record;
use crate::batch::Limits;
use crate::given::is_spreadsheet_error;
use crate::neutral;
use crate::workbook::RawRow;

/// Makes a record and keeps the cells as they came, for the result file; `None` if nothing stands
/// in the row.
pub(super) fn record(columns: &Columns, mut raw: RawRow, limits: &Limits) -> Option<(Record, Vec<String>)> {
    if raw.cells.iter().all(|cell| cell.trim().is_empty()) && raw.formulas.is_empty() {
        return None;
    }
    let row = raw.number;
    let mut record = Record::new(row, Place::Row(row));
    if raw.unreadable {
        let problem = Problem::new(Code::RowBroken, Place::Row(row));
        record.problems.push(problem.fact("a cell or quote of it cannot be read"));
    }
    // of a line that could not be split, nobody knows which column is which
    let beyond = || raw.cells.iter().skip(columns.count()).find(|cell| !cell.trim().is_empty());
    if !raw.unreadable
        && let Some(beyond) = beyond()
    {
        record.problems.push(Problem::new(Code::RowTooLong, Place::Row(row)).given(beyond.trim()));
    }
    for (at, cell) in raw.cells.iter_mut().enumerate() {
        // A formula that was typed into a text file, unlike `="00123"` and what we made harmless.
        let typed = cell.trim().starts_with('=');
        neutral::restore(cell);
        let formula = raw.formulas.contains(&at) || (typed && cell.trim().starts_with('='));
        let Some(column) = columns.get(at) else { continue };
        let Some((field, nth)) = column.field else { continue };
        let place = Place::Cell { row, header: column.name.trim().to_owned() };
        put(&mut record, field, nth, cell, place, formula, limits);
    }
    if record.first(Field::ActivityId).is_none()
        && let Some((at, id)) = raw.cells.iter().enumerate().find(|(at, _)| columns.is_id_on_record(*at))
    {
        let header = columns.get(at).map(|column| column.name.trim().to_owned()).unwrap_or_default();
        put(&mut record, Field::ActivityId, 0, id, Place::Cell { row, header }, raw.formulas.contains(&at), limits);
    }
    let mut cells = raw.cells;
    cells.resize(columns.count(), String::new());
    Some((record, cells))
}

fn put(record: &mut Record, field: Field, nth: u16, cell: &str, place: Place, formula: bool, limits: &Limits) {
    let problem = |code| Problem::new(code, place.clone()).field(field);
    let mut text = cell.trim().to_owned();
    if formula {
        record.problems.push(problem(Code::CellIsFormula).given(&text));
        return;
    }
    if text.starts_with('#') && is_spreadsheet_error(&text) {
        record.problems.push(problem(Code::CellIsError).given(&text));
        return;
    }
    if text.len() > limits.cell_chars
        && let Some((cut, _)) = text.char_indices().nth(limits.cell_chars)
    {
        record.problems.push(problem(Code::ValueTooLong).given(&text).fact(limits.cell_chars.to_string()));
        text.truncate(cut);
    }
    if field.column().list {
        for value in split(&text) {
            record.put(field, nth, &value, place.clone());
        }
    } else {
        record.put(field, nth, &text, place);
    }
}

/// Takes apart what [`join`] put together.
pub(super) fn split(cell: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut letters = cell.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            ';' if letters.next_if_eq(&';').is_some() => push(&mut values, ';'),
            ';' => values.push(String::new()),
            letter => push(&mut values, letter),
        }
    }
    values
}

fn push(values: &mut [String], letter: char) {
    if let Some(last) = values.last_mut() {
        last.push(letter);
    }
}

/// Several values as one cell.
pub(super) fn join<'a>(values: impl Iterator<Item = &'a str>) -> String {
    values.map(|value| value.replace(';', ";;")).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_with_semicolons_stay_whole() {
        for values in [vec!["a", "b"], vec!["a;", ";b"], vec!["a;;b"], vec![";"], vec!["x; y", "z"]] {
            let cell = join(values.iter().copied());
            let read: Vec<String> = split(&cell).iter().map(|value| value.trim().to_owned()).collect();
            assert_eq!(read, values, "{cell}");
        }
    }
}
