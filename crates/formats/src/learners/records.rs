//! A document of learner reports as a stream of rows: one report is in memory at a time.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use domain::{Code, Field, Problem};

use super::problem::of_file;
use super::rows::rows;
use crate::columns::COLUMNS;
use crate::format::unreadable;
use crate::header::Header;
use crate::json::JsonRecords;
use crate::row::Row;
use crate::tree::{DocumentLimits, Fault, Item};
use crate::xml::XmlRecords;

/// The name of a report in documents.
const RECORDS: &[&str] = &["ActivityReport"];

/// What holds them all.
const ROOT: &str = "ACCMELearnerReports";

/// Credit types that a row made of a document can hold **(ours)**: three times as many as any board has.
pub(super) const TYPES: u8 = 12;

/// The columns of rows that come from documents: those of the template, with more credit types.
pub fn header() -> Header {
    let is_type = |field: &Field| matches!(field, Field::CreditType(_) | Field::CreditTypeAmount(_));
    let fields = || COLUMNS.iter().map(|column| column.field);
    let before = fields().take_while(|field| !is_type(field));
    let types = (0..TYPES).flat_map(|nth| [Field::CreditType(nth), Field::CreditTypeAmount(nth)]);
    let after = fields().skip_while(|field| !is_type(field)).filter(|field| !is_type(field));
    Header::of(before.chain(types).chain(after))
}

enum Source {
    Xml(Box<XmlRecords>),
    Json(Box<JsonRecords>),
}

/// An opened document.
pub(crate) struct Records {
    source: Source,
    header: Header,
    /// Rows of the report in hand that were not given out yet.
    rows: VecDeque<Row>,
    records: u64,
    given: u64,
    size: u64,
}

impl Records {
    /// Opens a file of JSON, or else of XML.
    pub(crate) fn open(path: &Path, is_json: bool) -> Result<Self, Problem> {
        let file = File::open(path).map_err(unreadable)?;
        let size = file.metadata().map_err(unreadable)?.len();
        let input: Box<dyn Read + Send> = Box::new(BufReader::new(file));
        Self::begin(input, is_json, size).map_err(|fault| of_file(&fault))
    }

    /// As [`Records::open`] of what is held in memory.
    pub(crate) fn held(document: Vec<u8>, is_json: bool) -> Result<Self, Problem> {
        let size = document.len() as u64;
        Self::begin(Box::new(std::io::Cursor::new(document)), is_json, size).map_err(|fault| of_file(&fault))
    }

    fn begin(input: Box<dyn Read + Send>, is_json: bool, size: u64) -> Result<Self, Fault> {
        let limits = DocumentLimits::default();
        let source = match is_json {
            true => Source::Json(Box::new(JsonRecords::open(input, RECORDS, &limits)?)),
            false => Source::Xml(Box::new(XmlRecords::open(input, RECORDS, &limits)?)),
        };
        Ok(Self { source, header: header(), rows: VecDeque::new(), records: 0, given: 0, size })
    }

    /// How much of the file has been read, from 0 to 1.
    pub(crate) fn progress(&self) -> f32 {
        let bytes = match &self.source {
            Source::Xml(document) => document.bytes(),
            Source::Json(document) => document.bytes(),
        };
        if self.size == 0 { 1.0 } else { (bytes as f64 / self.size as f64).min(1.0) as f32 }
    }

    /// What is wrong with a document that was read to its end and held no report.
    pub(crate) fn nothing(&self) -> Problem {
        let root = match &self.source {
            Source::Xml(document) => document.root(),
            Source::Json(document) => document.root(),
        };
        let root: String = root.unwrap_or(ROOT).chars().filter(|c| !c.is_control()).take(60).collect();
        Problem::file(Code::NoRows).fact(root)
    }

    fn next_item(&mut self) -> Result<Option<Item>, Fault> {
        match &mut self.source {
            Source::Xml(document) => document.next_record(),
            Source::Json(document) => document.next_record(),
        }
    }
}

impl Iterator for Records {
    type Item = Result<Row, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rows.is_empty() {
            match self.next_item() {
                Ok(None) => return None,
                Err(fault) => return Some(Err(of_file(&fault))),
                Ok(Some(item)) => {
                    self.records += 1;
                    self.rows.extend(rows(&self.header, self.records, self.given + 1, &item));
                    self.given += self.rows.len() as u64;
                }
            }
        }
        self.rows.pop_front().map(Ok)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// A document without end that counts what was taken of it.
    struct Endless {
        taken: Arc<AtomicUsize>,
        next: Vec<u8>,
        record: &'static str,
    }

    impl Read for Endless {
        fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
            if self.next.is_empty() {
                self.next = self.record.as_bytes().to_vec();
            }
            let got = self.next.len().min(buf.len());
            buf[..got].copy_from_slice(&self.next[..got]);
            self.next.drain(..got);
            self.taken.fetch_add(got, Ordering::Relaxed);
            Ok(got)
        }
    }

    #[test]
    fn a_report_is_handed_over_before_the_next_is_read() {
        for (is_json, start, record) in [
            (false, "<ACCMELearnerReports><ActivityReports>", "<ActivityReport><Activity/></ActivityReport>"),
            (true, "{\"ActivityReport\":[{}", ",{\"Activity\":{}}"),
        ] {
            let taken = Arc::new(AtomicUsize::new(0));
            let endless = Endless { taken: Arc::clone(&taken), next: start.as_bytes().to_vec(), record };
            let mut records = Records::begin(Box::new(endless), is_json, 0).unwrap_or_else(|fault| panic!("{fault:?}"));
            for nth in 1..=100_000 {
                assert!(records.next().is_some_and(|row| row.is_ok()));
                let ahead = taken.load(Ordering::Relaxed).saturating_sub(nth * record.len());
                assert!(ahead < 20_000, "{ahead} bytes at report {nth}");
            }
        }
    }

    #[test]
    fn the_columns_of_documents_are_those_of_the_template() {
        let header = header();
        assert!(COLUMNS.iter().all(|column| header.column(column.field).is_some()));
        assert_eq!(header.len(), COLUMNS.len() + 2 * (usize::from(TYPES) - 3));
        assert!(header.problems(crate::Purpose::Credit).is_empty());
    }
}
