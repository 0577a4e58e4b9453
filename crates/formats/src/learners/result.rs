//! What became of each report of a document, in the document's own format.
//!
//! Each settled row is written as a report of its own with a `Result` behind it, which the reader passes over: a
//! corrected result can be sent again as it is. A report with several boards comes back as several, all with
//! its number.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use domain::Problem;

use super::tree_out::{out, text};
use super::writer::DocumentWriter;
use crate::activities::{Content, Out};
use crate::header::Header;
use crate::result::WriteError;
use crate::row::Row;

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportResult<'a> {
    /// Accepted, Refused and so on: a word for its sender.
    pub result: &'a str,
    /// Of the credit that was made, where one was.
    pub credit_id: &'a str,
    pub problems: &'a [Problem],
}

/// Writes a result file report by report.
pub struct ResultWriter {
    document: DocumentWriter<BufWriter<File>>,
    header: Header,
}

impl ResultWriter {
    /// Makes the file, or empties it. `created` as in [`DocumentWriter::begin`].
    pub fn create(path: &Path, is_json: bool, header: &Header, created: &str) -> Result<Self, WriteError> {
        let file = BufWriter::new(File::create(path)?);
        Ok(Self { document: DocumentWriter::begin(file, is_json, created)?, header: header.clone() })
    }

    /// Adds a row as it was read, with its cells as they are now.
    pub fn write(&mut self, row: &Row, result: &ReportResult<'_>) -> Result<(), WriteError> {
        Ok(self.document.write_with(&self.header, row, Some(outcome(row, result)))?)
    }

    /// Completes the file. A file that was not finished is not readable.
    pub fn finish(self) -> Result<(), WriteError> {
        self.document.finish()?;
        Ok(())
    }
}

fn outcome(row: &Row, result: &ReportResult<'_>) -> Out {
    let number = |name, value: u64| out(name, Content::Number(value.to_string()));
    let (record, line) = row.origin.as_ref().map_or((row.number, 0), |origin| (origin.record, origin.line));
    let mut parts = vec![number("number", record), number("line", line), text("result", result.result)];
    if !result.credit_id.is_empty() {
        parts.push(text("creditId", result.credit_id));
    }
    let problems = result.problems.iter().map(|problem| {
        Content::Group(vec![
            text("kind", "problem"),
            text("code", problem.code.as_str()),
            text("place", &problem.at),
            text("field", problem.in_field().map_or("", domain::Field::label)),
            text("given", &problem.given),
            text("message", &problem.message()),
            text("remedy", &problem.remedy()),
        ])
    });
    let warnings = row.origin.iter().flat_map(|origin| &origin.warnings).map(|warning| {
        let remedy = "Nothing need be done. Check the spelling if it should count.";
        let parts = [("kind", "warning"), ("place", &warning.at), ("message", &warning.message), ("remedy", remedy)];
        Content::Group(parts.into_iter().map(|(name, value)| text(name, value)).collect())
    });
    let remarks: Vec<Content> = problems.chain(warnings).collect();
    if !remarks.is_empty() {
        parts.push(out("problem", Content::Several(remarks)));
    }
    out("Result", Content::Group(parts))
}
