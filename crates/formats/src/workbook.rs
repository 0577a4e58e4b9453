//! Excel workbooks, read cell by cell on a thread of their own.
//!
//! The thread owns the workbook, since its cells borrow from it, and hands over rows in small
//! batches: parsing runs beside whatever the caller does with rows, and at most a thousand wait.
//! A panic of the parser on a hostile file is caught there and is a refused file: the workbook it
//! was reading is dropped with it, so nothing half-done is seen again.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use calamine::{DataRef, Reader, SheetType, Xlsx, XlsxError};
use domain::{Code, Problem};

use crate::batch::{HEADER_ROWS, Limits};
use crate::format::unreadable;
use crate::numbers::{self, Shown};
use crate::package::{self, Part};

/// The header of a kind of table, which knows what its columns hold and makes rows of cells.
pub(crate) trait Table: Clone + Send + 'static {
    /// What the table is for, where one kind serves several ends.
    type Purpose: Copy + Send + 'static;
    type Row: Send + 'static;

    /// Reads a row as a header; `None` if it is none.
    fn from_cells(cells: &[String], purpose: Self::Purpose) -> Option<Self>;
    /// How many columns are known.
    fn known(&self) -> usize;
    fn is_complete(&self, purpose: Self::Purpose) -> bool;
    fn len(&self) -> usize;
    /// How numbers of a column are meant.
    fn shown(&self, column: usize) -> Shown;
    /// A row of cells; `None` if nothing stands in it.
    fn row(&self, raw: RawRow, limits: &Limits) -> Option<Self::Row>;
}

/// Sheets in which a header is looked for.
const MOST_SHEETS: usize = 50;
const ROWS_AT_ONCE: usize = 200;
/// Cells that are looked at for a header, most of them blank in a sheet that is formatted to its end.
const HEADER_CELLS: u32 = 1_000_000;
/// How often all parts together may be unpacked. Looking for the header opens each sheet, and fifty
/// sheets may be one and the same part that takes long.
const MOST_READINGS: u64 = 3;

enum Message<T: Table> {
    Header(T),
    Rows(Vec<Result<T::Row, Problem>>),
    Refused(Problem),
}

/// The rows of a sheet as they arrive from the thread.
pub(crate) struct Rows<T: Table> {
    messages: Receiver<Message<T>>,
    rows: std::vec::IntoIter<Result<T::Row, Problem>>,
    position: Arc<AtomicU64>,
    parts: Vec<Part>,
}

pub(crate) fn open<T: Table>(path: &Path, limits: &Limits, purpose: T::Purpose) -> Result<(T, Rows<T>), Vec<Problem>> {
    let parts = package::inspect(path, limits).map_err(|problem| vec![problem])?;
    let file = File::open(path).map_err(|e| vec![unreadable(e)])?;
    let position = Arc::new(AtomicU64::new(0));
    let unpacked: u64 = parts.iter().map(|part| part.inflated).sum();
    let left = unpacked * MOST_READINGS + (64 << 20);
    let file = Tracked { file, position: Arc::clone(&position), parts: parts.clone(), left };
    let (sender, messages) = sync_channel(4);
    let limits = *limits;
    let work = move || {
        let read = catch_unwind(AssertUnwindSafe(|| read::<T>(file, &limits, purpose, &sender)));
        let problem = match read {
            Ok(Ok(())) => return,
            Ok(Err(problem)) => problem,
            Err(_) => unreadable("the workbook is damaged"),
        };
        // Nobody listens any more when the batch was dropped.
        let _ = sender.send(Message::Refused(problem));
    };
    std::thread::Builder::new().name("workbook".into()).spawn(work).map_err(|e| vec![unreadable(e)])?;
    match messages.recv() {
        Ok(Message::Header(header)) => Ok((header, Rows { messages, rows: Vec::new().into_iter(), position, parts })),
        Ok(Message::Refused(problem)) => Err(vec![problem]),
        Ok(Message::Rows(_)) | Err(_) => Err(vec![unreadable("the workbook is damaged")]),
    }
}

impl<T: Table> Rows<T> {
    /// How much of the sheet's part has been read, from 0 to 1.
    pub(crate) fn progress(&self) -> f32 {
        let position = self.position.load(Ordering::Relaxed);
        let part = self.parts.iter().find(|part| (part.start..=part.start + part.bytes).contains(&position));
        part.map_or(1.0, |part| ((position - part.start) as f64 / part.bytes.max(1) as f64) as f32)
    }
}

impl<T: Table> Iterator for Rows<T> {
    type Item = Result<T::Row, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.rows.next() {
                return Some(row);
            }
            match self.messages.recv().ok()? {
                Message::Rows(rows) => self.rows = rows.into_iter(),
                Message::Refused(problem) => return Some(Err(problem)),
                Message::Header(_) => {}
            }
        }
    }
}

/// A file that tells how far it has been read, and ends where its parts are read again and again.
struct Tracked {
    file: File,
    position: Arc<AtomicU64>,
    parts: Vec<Part>,
    /// Bytes that may still be unpacked.
    left: u64,
}

impl Read for Tracked {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let got = self.file.read(buf)? as u64;
        let before = self.position.fetch_add(got, Ordering::Relaxed);
        let unpacked: u64 = self.parts.iter().map(|part| part.unpacked(before, got)).sum();
        self.left = self.left.checked_sub(unpacked).ok_or_else(|| io::Error::other("its sheets are too large"))?;
        Ok(got as usize)
    }
}

impl Seek for Tracked {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = self.file.seek(to)?;
        self.position.store(position, Ordering::Relaxed);
        Ok(position)
    }
}

type Workbook = Xlsx<BufReader<Tracked>>;

/// The thread's work. An `Err` is what stops the file; a caller that went away is a quiet end.
fn read<T: Table>(
    file: Tracked,
    limits: &Limits,
    purpose: T::Purpose,
    sender: &SyncSender<Message<T>>,
) -> Result<(), Problem> {
    let mut workbook = Workbook::new(BufReader::new(file)).map_err(damaged)?;
    let (sheet, header_row, header) = find_header::<T>(&mut workbook, limits, purpose)?;
    if sender.send(Message::Header(header.clone())).is_err() {
        return Ok(());
    }
    let is_1904 = workbook.has_1904_epoch();
    let width = header.len() + limits.columns;
    let mut rows = Vec::with_capacity(ROWS_AT_ONCE);
    let mut sheet = Sheet::open(&mut workbook, &sheet, width)?;
    sheet.skip_through(header_row)?;
    let mut last = header_row;
    let text = |value: DataRef<'_>, column: usize| numbers::text(value, header.shown(column), is_1904);
    let end = loop {
        let raw = match sheet.next_row(text) {
            Ok(Some(raw)) => raw,
            Ok(None) => break Ok(()),
            Err(problem) => break Err(problem),
        };
        // The file gives the numbers itself, and a row is found again by its number.
        if raw.number <= last {
            break Err(unreadable(format!("the workbook is damaged: its rows are out of order at row {}", raw.number)));
        }
        last = raw.number;
        rows.extend(header.row(raw, limits).map(Ok));
        if rows.len() >= ROWS_AT_ONCE {
            let full = std::mem::replace(&mut rows, Vec::with_capacity(ROWS_AT_ONCE));
            if sender.send(Message::Rows(full)).is_err() {
                return Ok(());
            }
        }
    };
    // The rows before a fault are good.
    let _ = sender.send(Message::Rows(rows));
    end
}

/// The first sheet with a complete header, or the first with any, whose faults are then named.
fn find_header<T: Table>(
    workbook: &mut Workbook,
    limits: &Limits,
    purpose: T::Purpose,
) -> Result<(String, u64, T), Problem> {
    let sheets = workbook.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let names: Vec<String> = sheets.map(|sheet| sheet.name.clone()).take(MOST_SHEETS).collect();
    let mut incomplete = None;
    let mut fault = None;
    for name in names {
        match header_of::<T>(workbook, &name, limits, purpose) {
            Ok(Some((row, header))) if header.is_complete(purpose) => return Ok((name, row, header)),
            Ok(Some((row, header))) if incomplete.is_none() => incomplete = Some((name, row, header)),
            Ok(_) => {}
            Err(problem) => fault = Some(problem),
        }
    }
    incomplete.ok_or_else(|| fault.unwrap_or_else(|| Problem::file(Code::HeaderMissing)))
}

/// The row with most known names among a sheet's first rows.
fn header_of<T: Table>(
    workbook: &mut Workbook,
    name: &str,
    limits: &Limits,
    purpose: T::Purpose,
) -> Result<Option<(u64, T)>, Problem> {
    let mut best: Option<(u64, T)> = None;
    let mut sheet = Sheet::open(workbook, name, limits.columns)?;
    sheet.cells_left = HEADER_CELLS;
    for _ in 0..HEADER_ROWS {
        let Some(row) = sheet.next_row(|value, _| numbers::text(value, Shown::AsIs, false))? else { break };
        if let Some(header) = T::from_cells(&row.cells, purpose)
            && best.as_ref().is_none_or(|(_, best)| header.known() > best.known())
        {
            best = Some((row.number, header));
        }
    }
    Ok(best)
}

/// One row of a sheet that has a cell with a value or a formula.
#[derive(Default)]
pub(crate) struct RawRow {
    pub(crate) number: u64,
    pub(crate) cells: Vec<String>,
    /// Columns whose value a formula made.
    pub(crate) formulas: Vec<usize>,
    /// A cell holds what the parser does not know, such as a new kind of error.
    pub(crate) unreadable: bool,
}

/// The cells of a sheet, put together to rows.
struct Sheet<'a> {
    cells: calamine::XlsxCellReader<'a, BufReader<Tracked>>,
    /// The first cell of the next row.
    next: Option<(u32, usize, DataRef<'a>, bool)>,
    /// Columns beyond are dropped.
    width: usize,
    /// Cells that are still looked at, blank ones included.
    cells_left: u32,
    ended: bool,
}

impl<'a> Sheet<'a> {
    fn open(workbook: &'a mut Workbook, name: &str, width: usize) -> Result<Self, Problem> {
        let cells = workbook.worksheet_cells_reader(name).map_err(damaged)?;
        Ok(Self { cells, next: None, width, cells_left: u32::MAX, ended: false })
    }

    /// Passes over the rows up to and including this one, by place and not by number: a row behind
    /// it with a smaller number is a fault to be told.
    fn skip_through(&mut self, row: u64) -> Result<(), Problem> {
        while self.next_row(|_, _| String::new())?.is_some_and(|raw| raw.number != row) {}
        Ok(())
    }

    /// The next row. Two rows of one number in succession are told apart by the column going back;
    /// else their cells would be mixed.
    fn next_row(&mut self, text: impl Fn(DataRef<'a>, usize) -> String) -> Result<Option<RawRow>, Problem> {
        let mut raw = RawRow::default();
        let mut at = None;
        while let Some((row, column, value, formula)) = match self.next.take() {
            Some(cell) => Some(cell),
            None => self.next_cell(&mut raw.unreadable)?,
        } {
            if at.is_some_and(|(last_row, last_column)| last_row != row || column <= last_column) {
                self.next = Some((row, column, value, formula));
                break;
            }
            at = Some((row, column));
            raw.number = u64::from(row) + 1;
            if column >= raw.cells.len() {
                raw.cells.resize(column + 1, String::new());
            }
            if formula {
                raw.formulas.push(column);
            }
            if let Some(cell) = raw.cells.get_mut(column) {
                *cell = text(value, column);
            }
        }
        Ok(at.map(|_| raw))
    }

    /// The next cell that holds something. A single value that the parser does not know is passed
    /// over and noted: it must not cost the rows behind it.
    fn next_cell(&mut self, unreadable: &mut bool) -> Result<Option<(u32, usize, DataRef<'a>, bool)>, Problem> {
        while !self.ended {
            match self.cells.next_cell_with_formula_metadata() {
                Ok(Some(cell)) => {
                    self.cells_left -= 1;
                    self.ended = self.cells_left == 0;
                    let (row, column) = cell.pos;
                    let column = usize::try_from(column).unwrap_or(usize::MAX);
                    let formula = cell.formula.is_some();
                    if column < self.width && (formula || cell.value != DataRef::Empty) {
                        return Ok(Some((row, column, cell.value, formula)));
                    }
                }
                Ok(None) => self.ended = true,
                Err(
                    XlsxError::CellError(_)
                    | XlsxError::CellTAttribute(_)
                    | XlsxError::ParseFloat(_)
                    | XlsxError::Unrecognized { .. }
                    | XlsxError::Unexpected(_),
                ) => *unreadable = true,
                Err(error) => {
                    self.ended = true;
                    return Err(damaged(error));
                }
            }
        }
        Ok(None)
    }
}

fn damaged(error: XlsxError) -> Problem {
    match error {
        XlsxError::Password => unreadable("the workbook has a password"),
        other => unreadable(format!("the workbook is damaged ({other})")),
    }
}
