//! Learners pasted from a spreadsheet: tab-separated, with the template's column names in the first line or
//! without any.

use domain::{Field, Problem};
use formats::{Header, Purpose};

use super::documents::{Asked, MOST_IN_FILE, too_many};
use crate::{App, Error, Result};

/// The order of columns where no names are given.
pub const COLUMNS: [Field; 7] = [
    Field::FirstName,
    Field::LastName,
    Field::Birth,
    Field::State,
    Field::Identifier,
    Field::Board,
    Field::DiplomateId,
];

/// Reads what was pasted; numbers are those of its lines. `Problems`: a column is missing, or there are too many.
pub fn read_pasted(app: &App, text: &str) -> Result<Vec<Asked>> {
    let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()).peekable();
    let named = lines.peek().and_then(|(_, line)| Header::read(&cells(line)));
    let header = match named {
        Some(header) => {
            lines.next();
            header
        }
        None => Header::of(COLUMNS),
    };
    let problems: Vec<Problem> = header.problems(Purpose::Identity);
    if !problems.is_empty() {
        return Err(Error::Problems(problems));
    }
    let reference = app.reference.get();
    let mut asked = Vec::new();
    for (number, line) in lines {
        if asked.len() == MOST_IN_FILE {
            return Err(Error::Problems(vec![too_many(MOST_IN_FILE)]));
        }
        let row = header.typed(number, cells(line));
        asked.push(Asked { number, report: formats::learner_report_for(Purpose::Identity, &header, &row, &reference) });
    }
    Ok(asked)
}

/// The cells of a line; spreadsheets put some into quotes.
fn cells(line: &str) -> Vec<String> {
    let unquoted = |cell: &str| {
        let cell = cell.trim();
        cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')).unwrap_or(cell).replace("\"\"", "\"")
    };
    line.split('\t').map(unquoted).collect()
}
