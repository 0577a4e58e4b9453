//! Delimited text as records of cells, quoted as in RFC 4180.
//!
//! A quote that is opened and never closed would swallow the rows behind it. A quoted cell may span
//! lines, but where the quote does not close soon, closes in the midst of a text, or has a whole
//! row behind it, only the line with the quote is broken and reading goes on with the next.

use std::collections::VecDeque;
use std::io;
use std::path::Path;

use crate::format::Encoding;
use crate::lines::Lines;

/// A quoted cell longer than this, in lines or bytes, is a stray quote, unless long texts are expected.
const MOST_LINES: usize = 50;
const MOST_BYTES: usize = 1 << 20;
/// Cells beyond this many are dropped: no spreadsheet has as many columns, and fifty million tabs
/// would take a gigabyte.
const MOST_CELLS: usize = 16_384;

/// One record, blank ones included, so that numbers agree with what a spreadsheet shows.
pub(crate) struct Record {
    /// From 1.
    pub(crate) number: u64,
    pub(crate) cells: Vec<String>,
    /// A quote of it is never closed: it was cut at delimiters only.
    pub(crate) broken: bool,
}

/// The records of a file.
pub(crate) struct Records {
    lines: Lines,
    delimiter: u8,
    /// Columns of the header once it is known.
    width: Option<usize>,
    most_lines: usize,
    /// Lines that were read ahead for a quote that did not close.
    ahead: VecDeque<String>,
    line: String,
    number: u64,
}

impl Records {
    pub(crate) fn open(path: &Path, delimiter: u8, encoding: Encoding) -> io::Result<Self> {
        let lines = Lines::open(path, encoding)?;
        Ok(Self {
            lines,
            delimiter,
            width: None,
            most_lines: MOST_LINES,
            ahead: VecDeque::new(),
            line: String::new(),
            number: 0,
        })
    }

    /// From here on, a line of so many columns is a row by itself.
    pub(crate) fn expect_columns(&mut self, width: usize) {
        self.width = Some(width);
    }

    /// Texts of so many lines may stand in a quoted cell.
    pub(crate) fn expect_lines(&mut self, most: usize) {
        self.most_lines = most;
    }

    pub(crate) fn progress(&self) -> f32 {
        self.lines.progress()
    }

    pub(crate) fn next_record(&mut self) -> io::Result<Option<Record>> {
        if !self.next_line()? {
            return Ok(None);
        }
        self.number += 1;
        if !self.line.contains('"') {
            let cells = cut(&self.line, self.delimiter);
            return Ok(Some(Record { number: self.number, cells, broken: false }));
        }
        let first = std::mem::take(&mut self.line);
        let mut rest = String::new();
        let mut quotes = Quotes::default();
        quotes.pass(&first, self.delimiter);
        let mut followers = VecDeque::new();
        let mut broken = false;
        while quotes.open() && !broken {
            if followers.len() >= self.most_lines || rest.len() > MOST_BYTES || !self.next_line()? {
                broken = true;
            } else {
                let torn = quotes.pass(&self.line, self.delimiter);
                // Behind a quoted first cell, the last line has every column by right.
                let swallowed = self.is_row(&self.line) && (quotes.open() || !first.starts_with('"'));
                broken = torn || swallowed;
                rest.push_str(&self.line);
                followers.push_back(std::mem::take(&mut self.line));
            }
        }
        let cells = if broken {
            followers.append(&mut self.ahead);
            self.ahead = followers;
            cut(&first, self.delimiter)
        } else {
            split_quoted(&(first + &rest), self.delimiter)
        };
        Ok(Some(Record { number: self.number, cells, broken }))
    }

    fn next_line(&mut self) -> io::Result<bool> {
        match self.ahead.pop_front() {
            Some(line) => {
                self.line = line;
                Ok(true)
            }
            None => self.lines.next_line(&mut self.line),
        }
    }

    /// Whether a line has as many columns as the header. Delimiters within quotes do not count,
    /// except behind a quote that the line leaves open.
    fn is_row(&self, line: &str) -> bool {
        let Some(width) = self.width.filter(|width| *width > 1) else { return false };
        let mut quotes = Quotes::default();
        let (mut columns, mut quoted) = (1, 0);
        for letter in line.chars() {
            let before = quotes;
            quotes = before.after(letter, self.delimiter);
            match quotes {
                Quotes::CellStart => columns += 1,
                Quotes::Quoted if before == Quotes::CellStart => quoted = 0,
                _ => quoted += usize::from(letter == char::from(self.delimiter)),
            }
        }
        columns + if quotes.open() { quoted } else { 0 } >= width
    }
}

/// Cuts at every delimiter, without regard to quotes.
fn cut(line: &str, delimiter: u8) -> Vec<String> {
    let cells = line.trim_end_matches(['\n', '\r']).split(char::from(delimiter));
    cells.take(MOST_CELLS).map(str::to_owned).collect()
}

/// Splits one record that holds quotes, and takes off those around cells.
fn split_quoted(record: &str, delimiter: u8) -> Vec<String> {
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut state = Quotes::CellStart;
    for letter in record.trim_end_matches(['\n', '\r']).chars() {
        let before = state;
        state = before.after(letter, delimiter);
        match (before, state) {
            (_, Quotes::CellStart) => cells.push(std::mem::take(&mut cell)),
            // The quote that opens a cell, and the one that closes it or is doubled.
            (Quotes::CellStart, Quotes::Quoted) | (Quotes::Quoted, Quotes::QuoteInQuoted) => {}
            _ => cell.push(letter),
        }
        if cells.len() == MOST_CELLS {
            return cells;
        }
    }
    cells.push(cell);
    cells
}

/// Follows quotes over the lines of a record.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    #[default]
    CellStart,
    Plain,
    Quoted,
    /// Behind a quote within a quoted cell: the cell's end, or the first half of a doubled quote.
    QuoteInQuoted,
}

impl Quotes {
    fn after(self, letter: char, delimiter: u8) -> Self {
        match (self, letter) {
            (Quotes::Quoted, '"') => Quotes::QuoteInQuoted,
            (Quotes::Quoted, _) => Quotes::Quoted,
            (Quotes::CellStart | Quotes::QuoteInQuoted, '"') => Quotes::Quoted,
            (_, letter) if letter == char::from(delimiter) => Quotes::CellStart,
            _ => Quotes::Plain,
        }
    }

    /// Goes over a line. `true` where text stands right behind a closing quote.
    fn pass(&mut self, line: &str, delimiter: u8) -> bool {
        let mut torn = false;
        for letter in line.chars() {
            let before = *self;
            *self = before.after(letter, delimiter);
            torn |= before == Quotes::QuoteInQuoted && *self == Quotes::Plain && !matches!(letter, '\n' | '\r');
        }
        torn
    }

    fn open(self) -> bool {
        self == Quotes::Quoted
    }
}
