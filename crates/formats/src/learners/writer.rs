//! Documents of learner reports, XML and JSON, written report by report: nothing but one is held.

use std::io::{self, Write};

use domain::Field;

use super::records::header;
use super::tree_out::{REPORT, tree};
use crate::activities::{Content, Out, write_json, write_xml};
use crate::columns::COLUMNS;
use crate::header::Header;
use crate::row::Row;

/// Writes a document of learner reports.
pub struct DocumentWriter<W: Write> {
    to: W,
    is_json: bool,
    written: u64,
}

impl<W: Write> DocumentWriter<W> {
    /// Begins a document of JSON, or else of XML. `created` is a date and time as RFC 3339 has it.
    pub fn begin(mut to: W, is_json: bool, created: &str) -> io::Result<Self> {
        let start = if is_json {
            format!(
                "{{\"ACCMELearnerReports\":{{\"ActivityReports\":{{\"DateTimeCreated\":\"{created}\",\"ActivityReport\":["
            )
        } else {
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ACCMELearnerReports>\n<ActivityReports xmlns=\"{REPORT}\">\n\
                 <DateTimeCreated>{created}</DateTimeCreated>\n"
            )
        };
        to.write_all(start.as_bytes())?;
        Ok(Self { to, is_json, written: 0 })
    }

    /// Adds a row as a report of its own.
    pub fn write(&mut self, header: &Header, row: &Row) -> io::Result<()> {
        self.write_with(header, row, None)
    }

    /// As [`DocumentWriter::write`], with what became of it.
    pub(super) fn write_with(&mut self, header: &Header, row: &Row, result: Option<Out>) -> io::Result<()> {
        let content = Content::Group(tree(header, row).into_iter().chain(result).collect());
        let mut text = String::new();
        if self.is_json {
            text.push_str(if self.written > 0 { ",\n" } else { "\n" });
            write_json(&mut text, &content);
        } else {
            write_xml(&mut text, &Out { name: "ActivityReport", content, namespace: Some(REPORT) }, REPORT);
            text.push('\n');
        }
        self.written += 1;
        self.to.write_all(text.as_bytes())
    }

    /// Ends the document and gives back what it was written to.
    pub fn finish(mut self) -> io::Result<W> {
        let end = if self.is_json { "\n]}}}\n" } else { "</ActivityReports>\n</ACCMELearnerReports>\n" };
        self.to.write_all(end.as_bytes())?;
        self.to.flush()?;
        Ok(self.to)
    }
}

/// A document with the template's example as its one report. What is of REMS and of our own alone is left out.
pub fn template(is_json: bool) -> io::Result<Vec<u8>> {
    let header = header();
    let is_example = |field: &Field| match field {
        Field::CreditType(nth) | Field::CreditTypeAmount(nth) => *nth == 0,
        Field::SubmissionId => true,
        field => *field < Field::CreditType(0),
    };
    let example = |field: Field, text: &str| match field {
        Field::SubmissionId => "ccid:your-name:000417".to_owned(),
        _ => text.to_owned(),
    };
    let fields = COLUMNS.iter().filter(|column| is_example(&column.field));
    let row = header.row(1, fields.map(|column| (column.field, example(column.field, column.example))));
    let mut writer = DocumentWriter::begin(Vec::new(), is_json, "2026-03-15T09:30:00Z")?;
    writer.write(&header, &row)?;
    writer.finish()
}
