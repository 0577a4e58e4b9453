//! What became of each record of a file, in the format it came in.
//!
//! A sheet's rows are written as they came with four columns behind them, so that a corrected result
//! can be sent again as it is. For documents the results stand alone, each with its place.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use domain::ActivityId;

use super::columns::{Columns, RESULT_HEADERS};
use super::document_writer::{json, xml};
use super::field::Field;
use super::format::ActivityFormat;
use super::problem::{Problem, Severity};
use super::records::Submitted;
use super::tree_out::{Content, Out};
use crate::format::FileFormat;
use crate::result::WriteError;
use crate::sheet_file::{Cell, SheetFile};

/// A problem or warning, in the words in which the record's sender was told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Keeps nothing back.
    pub is_warning: bool,
    /// Stable, never renamed.
    pub code: String,
    pub place: String,
    /// The field's label; empty if the record as a whole is meant.
    pub field: String,
    pub given: String,
    pub message: String,
    pub remedy: String,
}

impl From<&Problem> for Remark {
    fn from(problem: &Problem) -> Self {
        Self {
            is_warning: problem.severity() == Severity::Warns,
            code: problem.code().to_owned(),
            place: problem.place.to_string(),
            field: problem.field.map(Field::label).unwrap_or_default(),
            given: problem.given.clone(),
            message: problem.message(),
            remedy: problem.remedy().to_owned(),
        }
    }
}

/// What became of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordResult<'a> {
    /// Added, Updated, Deleted, Closed, Refused and so on: a word for its sender.
    pub result: &'a str,
    /// The activity on record, where there is one.
    pub activity: Option<ActivityId>,
    pub remarks: &'a [Remark],
}

impl RecordResult<'_> {
    /// Stable codes, each once.
    pub fn codes(&self) -> String {
        let mut codes: Vec<&str> = Vec::new();
        for remark in self.remarks {
            if !codes.contains(&remark.code.as_str()) {
                codes.push(&remark.code);
            }
        }
        codes.join("; ")
    }

    /// What is wrong and what to do, one sentence pair per remark.
    pub fn words(&self) -> String {
        let words: Vec<String> =
            self.remarks.iter().map(|remark| format!("{} {}", remark.message, remark.remedy)).collect();
        words.join(" ")
    }
}

/// Writes a result file record by record.
pub struct ResultWriter {
    target: Target,
}

enum Target {
    Sheet { file: Box<SheetFile>, shown: Vec<usize> },
    Document { file: BufWriter<File>, is_xml: bool, written: u64 },
}

impl ResultWriter {
    /// Makes the file. `columns` are those of the file that came in, where it was a sheet.
    pub fn create(path: &Path, format: ActivityFormat, columns: Option<&Columns>) -> Result<Self, WriteError> {
        let target = match (format, columns) {
            (ActivityFormat::Sheet(format), Some(columns)) => sheet(path, format, columns)?,
            _ => {
                let mut file = BufWriter::new(File::create(path)?);
                let is_xml = format != ActivityFormat::Json;
                let start = if is_xml {
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ActivityResults>\n"
                } else {
                    "{\"ActivityResults\":["
                };
                file.write_all(start.as_bytes())?;
                Target::Document { file, is_xml, written: 0 }
            }
        };
        Ok(Self { target })
    }

    pub fn write(&mut self, submitted: &Submitted, result: &RecordResult<'_>) -> Result<(), WriteError> {
        match &mut self.target {
            Target::Sheet { file, shown } => {
                let own = shown.iter().map(|at| submitted.cells.get(*at).cloned().unwrap_or_default());
                let activity = result.activity.map(|id| id.to_string()).unwrap_or_default();
                let added = [result.result.to_owned(), result.codes(), result.words(), activity];
                file.write(&own.chain(added).map(Cell::Text).collect::<Vec<_>>())
            }
            Target::Document { file, is_xml, written } => {
                let content = document(submitted, result);
                let mut text = String::new();
                if *is_xml {
                    xml(&mut text, &Out { name: "ActivityResult", content, namespace: None }, "");
                    text.push('\n');
                } else {
                    text.push_str(if *written > 0 { ",\n" } else { "\n" });
                    json(&mut text, &content);
                }
                *written += 1;
                Ok(file.write_all(text.as_bytes())?)
            }
        }
    }

    /// Completes the file. A file that was not finished is not readable.
    pub fn finish(self) -> Result<(), WriteError> {
        match self.target {
            Target::Sheet { file, .. } => file.finish(),
            Target::Document { mut file, is_xml, .. } => {
                file.write_all(if is_xml { "</ActivityResults>\n" } else { "\n]}\n" }.as_bytes())?;
                Ok(file.flush()?)
            }
        }
    }
}

fn sheet(path: &Path, format: FileFormat, columns: &Columns) -> Result<Target, WriteError> {
    let shown: Vec<usize> = (0..columns.count()).filter(|at| !columns.is_result(*at)).collect();
    let own = shown.iter().filter_map(|at| columns.get(*at));
    let own = own.map(|column| {
        let width = column.field.map_or(16.0, |(field, _)| field.column().width());
        (column.name.clone(), width)
    });
    let added = RESULT_HEADERS.into_iter().zip([14.0, 28.0, 60.0, 18.0]).map(|(name, width)| (name.to_owned(), width));
    let file = SheetFile::create(path, format, &own.chain(added).collect::<Vec<_>>())?;
    Ok(Target::Sheet { file: Box::new(file), shown })
}

fn document(submitted: &Submitted, result: &RecordResult<'_>) -> Content {
    let text = |name, value: &str| Out { name, content: Content::Text(value.to_owned()), namespace: None };
    let number = |name, value: u64| Out { name, content: Content::Number(value.to_string()), namespace: None };
    let record = &submitted.record;
    let mut parts =
        vec![number("number", record.number), number("line", record.place.line()), text("result", result.result)];
    parts.extend(result.activity.map(|id| text("activityId", &id.to_string())));
    let problems = result.remarks.iter().map(|remark| {
        Content::Group(vec![
            text("kind", if remark.is_warning { "warning" } else { "problem" }),
            text("code", &remark.code),
            text("place", &remark.place),
            text("field", &remark.field),
            text("given", &remark.given),
            text("message", &remark.message),
            text("remedy", &remark.remedy),
        ])
    });
    let problems: Vec<Content> = problems.collect();
    if !problems.is_empty() {
        parts.push(Out { name: "problem", content: Content::Several(problems), namespace: None });
    }
    Content::Group(parts)
}
