//! Faults of a file that only many of its rows together show: a shifted column, a value copied down.
//!
//! A chunk is looked at with the rows before and after it, so it is handed on only when the next one is judged; how
//! a file is cut into chunks, or where work went on after a crash, changes nothing. What was found of a stretch
//! is kept with the upload and grows from chunk to chunk.

use domain::{Code, Field, Place, Problem, Stretch};
use formats::{Header, Row};
use matching::Query;
use matching::columns::{self, CONTEXT, Column, Fault, Line};

use store::uploads::Upload;

use super::process::Chunk;
use crate::reports::Judged;
use crate::{App, Error, Result};

/// Most stretches that an upload tells of. A file with more has not one fault but many; their rows bear the codes
/// all the same.
const MOST: usize = 10;

/// The rows around the chunk in hand.
#[derive(Default)]
pub(super) struct Window {
    header: Option<Header>,
    /// The last rows before it.
    before: Vec<(Position, Line)>,
    /// The chunk itself: judged, but not yet what follows it.
    held: Option<Chunk>,
}

/// Where people find a row: its number, and the report that it was made of where that is one of a document.
#[derive(Debug, Clone, Copy, Default)]
struct Position {
    number: u64,
    record: Option<u32>,
}

impl Position {
    fn of(row: &Row) -> Self {
        let record = row.origin.as_ref().and_then(|origin| u32::try_from(origin.record).ok());
        Self { number: row.number, record }
    }
}

impl Window {
    pub fn read_header(&mut self, header: Header) {
        self.header = Some(header);
    }

    /// Rows that are behind: only their neighbours are still to be settled.
    pub fn pass(&mut self, rows: &[(Row, Judged)]) {
        let line = |(row, judged): &(Row, Judged)| (Position::of(row), judged.line.clone());
        self.before = rows[rows.len().saturating_sub(CONTEXT)..].iter().map(line).collect();
    }

    /// Takes the next chunk, or the file's end, and gives the one before it.
    pub async fn take(&mut self, app: &App, next: Option<Chunk>) -> Result<Option<Chunk>> {
        let Some(mut chunk) = std::mem::replace(&mut self.held, next) else { return Ok(None) };
        let after = self.held.iter().flat_map(|chunk| &chunk.rows).take(CONTEXT).map(|(_, judged)| judged.line.clone());
        let (before, after): (Vec<(Position, Line)>, Vec<Line>) = (std::mem::take(&mut self.before), after.collect());
        let header = self.header.clone().unwrap_or_else(Header::standard);
        let registry = app.registry.clone();
        let looked_at = tokio::task::spawn_blocking(move || {
            let ask = |queries: &[Query]| registry.decide_all(queries);
            chunk.of_rows = refuse_stretches(&header, &before, &mut chunk.rows, &after, ask);
            chunk
        });
        let chunk = looked_at.await.map_err(|error| Error::Internal(format!("looking at columns stopped: {error}")))?;
        self.pass(&chunk.rows);
        Ok(Some(chunk))
    }
}

/// Looks at all rows of a request at once. Gives them back with what was found of them together.
pub(crate) async fn in_one_window(
    app: &App,
    header: Header,
    rows: Vec<(Row, Judged)>,
) -> Result<(Vec<(Row, Judged)>, Vec<Problem>)> {
    if rows.len() < 2 {
        return Ok((rows, Vec::new())); // alone, a row has no neighbours to be confused with
    }
    let mut window = Window::default();
    window.read_header(header);
    window.take(app, Some(Chunk { rows, permille: 1000, of_rows: Vec::new() })).await?;
    let Some(Chunk { rows, of_rows, .. }) = window.take(app, None).await? else { return Ok((vec![], vec![])) };
    let mut problems = Vec::new();
    join(&mut problems, &of_rows);
    Ok((rows, problems))
}

/// Refuses rows of the chunk that lie in a stretch, and tells of the stretches.
fn refuse_stretches(
    header: &Header,
    before: &[(Position, Line)],
    rows: &mut [(Row, Judged)],
    after: &[Line],
    ask: impl Fn(&[Query]) -> Vec<matching::Decision>,
) -> Vec<Problem> {
    let first = before.len();
    let lines: Vec<&Line> =
        before.iter().map(|(_, line)| line).chain(rows.iter().map(|(_, judged)| &judged.line)).chain(after).collect();
    let found = columns::find(&lines, ask);
    let given: Vec<String> = found.iter().map(|stretch| value(stretch.column, &lines[stretch.first].query)).collect();
    let number = |place: usize, rows: &[(Row, Judged)]| match before.get(place) {
        Some((position, _)) => *position,
        None => rows.get(place - first).map(|(row, _)| Position::of(row)).unwrap_or_default(),
    };
    let mut told = Vec::new();
    for (stretch, given) in found.into_iter().zip(given) {
        // the row before the chunk is named too, so that a stretch meets what was found of it earlier
        let from = stretch.first.max(first.saturating_sub(1));
        let to = stretch.last.min((first + rows.len()).saturating_sub(1));
        if to < first || to < from {
            continue;
        }
        let (from_row, to_row) = (number(from, rows), number(to, rows));
        let whole = Stretch {
            field: field(stretch.column),
            column: header.column(field(stretch.column)).unwrap_or_default(),
            from: from_row.number as i64,
            to: to_row.number as i64,
            records: from_row.record.zip(to_row.record),
        };
        for (_, judged) in &mut rows[from.max(first) - first..=to - first] {
            let is_told = judged.report.problems.iter().any(|problem| problem.code.is_of_many_rows());
            if !is_told && judged.line.decision.as_ref().is_some_and(|decision| stretch.concerns(decision)) {
                let given = value(stretch.column, &judged.line.query);
                judged.refuse_as_part(problem(&stretch, Place::Field(whole.field), given));
            }
        }
        told.push(problem(&stretch, Place::Rows(whole), given));
    }
    told
}

/// Adds what was found in a chunk: a stretch that began earlier goes on.
pub(super) fn join(known: &mut Vec<Problem>, found: &[Problem]) {
    for problem in found {
        let Some(stretch) = problem.stretch() else { continue };
        let same = |known: &&mut Problem| {
            let (code, fact) = (known.code, &known.fact);
            code == problem.code && *fact == problem.fact && known.stretch().is_some_and(|s| s.field == stretch.field)
        };
        let is_full = known.len() >= MOST;
        match known.iter_mut().rev().find(same).map(|known| &mut known.place) {
            Some(Place::Rows(earlier)) if stretch.from <= earlier.to => {
                earlier.to = earlier.to.max(stretch.to);
                if let (Some((_, last)), Some((_, to))) = (&mut earlier.records, stretch.records) {
                    *last = to.max(*last);
                }
            }
            _ if is_full => {}
            _ => known.push(problem.clone()),
        }
    }
}

/// What an upload says of columns, given how many of its rows are refused for what: once the last row of a fault is
/// mended, nothing is said any more. Exchanged names are told even where every row was accepted.
pub fn column_problems<'a>(upload: &'a Upload, counts: &'a [(Code, i64)]) -> impl Iterator<Item = &'a Problem> {
    let is_open = |code: Code| code == Code::NamesExchanged || counts.iter().any(|(counted, _)| *counted == code);
    upload.problems.iter().filter(move |problem| problem.stretch().is_some() && is_open(problem.code))
}

/// A stretch in words, where a whole file is looked at in one. `number` says which row a line is.
pub fn of_rows(header: &Header, stretch: &columns::Stretch, lines: &[&Line], number: impl Fn(usize) -> u64) -> Problem {
    let field = field(stretch.column);
    let row = |place| i64::try_from(number(place)).unwrap_or_default();
    let column = header.column(field).unwrap_or_default();
    let place = Place::Rows(Stretch { field, column, from: row(stretch.first), to: row(stretch.last), records: None });
    problem(stretch, place, lines.get(stretch.first).map(|line| value(stretch.column, &line.query)).unwrap_or_default())
}

fn problem(stretch: &columns::Stretch, place: Place, given: String) -> Problem {
    let code = match (stretch.fault, stretch.column) {
        (Fault::Shifted(_), Column::Identifier | Column::BoardId) => Code::IdentifierColumnShifted,
        (Fault::Shifted(_), Column::Birth) => Code::BirthColumnShifted,
        (Fault::Shifted(_), Column::Names) => Code::NameColumnsShifted,
        (Fault::CopiedDown, Column::Birth) => Code::BirthCopiedDown,
        (Fault::CopiedDown, _) => Code::IdentifierCopiedDown,
        (Fault::Series, _) => Code::IdentifierSeries,
        (Fault::Exchanged, _) => Code::NamesExchanged,
    };
    let problem = Problem { place, ..Problem::row(code) };
    match stretch.fault {
        Fault::Shifted(by) => problem.fact(how_far(by)),
        Fault::CopiedDown | Fault::Series => problem.given(given),
        Fault::Exchanged => problem,
    }
}

fn how_far(by: isize) -> String {
    let rows = match by.unsigned_abs() {
        1 => "one row".to_owned(),
        2 => "two rows".to_owned(),
        3 => "three rows".to_owned(),
        rows => format!("{rows} rows"),
    };
    format!("{rows} too {}", if by > 0 { "low" } else { "high" })
}

fn field(column: Column) -> Field {
    match column {
        Column::Identifier => Field::Identifier,
        Column::BoardId => Field::DiplomateId,
        Column::Birth => Field::Birth,
        Column::Names => Field::LastName,
    }
}

/// The sender's own value of a row.
fn value(column: Column, query: &Query) -> String {
    match column {
        Column::Identifier => query.identifier.clone().unwrap_or_default(),
        Column::BoardId => query.board.as_ref().map(|(_, number)| number.clone()).unwrap_or_default(),
        Column::Birth => query.birth.map(|birth| birth.to_string()).unwrap_or_default(),
        Column::Names => String::new(),
    }
}
