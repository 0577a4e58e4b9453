//! Where the values of a row stood in its document, and what of the report no column holds.
//!
//! None of it is stored with a row: a problem takes its place along, and a result file reads the document again.

use domain::{Field, Place};

use crate::tree::{Node, Spot};

/// A part of a report that was passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What was passed over, in a sentence. Never the value: it may be a year of birth.
    pub message: String,
    /// Line, column and path.
    pub at: String,
}

/// Where a row came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The report, counted from 1.
    pub record: u64,
    /// Line on which the report begins, from 1.
    pub line: u64,
    pub warnings: Vec<Warning>,
    /// Path, line and column of the report.
    path: String,
    column: u64,
    /// The values' places, by field; paths continue the report's.
    fields: Vec<(Field, Spot, String)>,
    pub(crate) kept: Kept,
}

/// What the report says beside the columns, to be written back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Kept {
    pub(crate) reporting: String,
    pub(crate) provider: String,
    pub(crate) provider_id: String,
    pub(crate) module: String,
    pub(crate) status: String,
    pub(crate) regulation: (String, String),
    pub(crate) local_domain: String,
    /// IDs of the row's credits: the CME credit's, then that of each credit type; empty where none is given.
    pub(crate) credit_ids: Vec<String>,
    /// The submission ID that was made of them.
    pub(crate) submission: String,
}

impl Origin {
    pub(super) fn new(record: u64, node: &Node) -> Self {
        let (line, column) = (node.spot.line, node.spot.column);
        Self { record, line, column, path: node.path.clone(), ..Self::default() }
    }

    /// Of a completion on record: what its tree says beside the columns.
    pub fn on_record(record: u64, organization: &str, provider: &str, activity: &str) -> Self {
        let kept = Kept {
            reporting: organization.to_owned(),
            provider: provider.to_owned(),
            module: activity.to_owned(),
            ..Kept::default()
        };
        Self { record, kept, ..Self::default() }
    }

    /// IDs of the row's credits beside the one by which it is known, each once; none if it was given another since.
    pub(crate) fn further_ids(&self, submission: &str) -> Vec<String> {
        let mut further: Vec<String> = Vec::new();
        if submission == self.kept.submission.trim() {
            for id in &self.kept.credit_ids {
                if !id.is_empty() && id != submission && !further.contains(id) {
                    further.push(id.clone());
                }
            }
        }
        further
    }

    pub(super) fn put(&mut self, field: Field, spot: Spot, path: &str) {
        let inner = path.strip_prefix(self.path.as_str()).unwrap_or(path);
        self.fields.push((field, spot, inner.to_owned()));
    }

    /// The place of a problem in the words of the document: `line 12, column 9, /ACCMELearnerReports/...`. A
    /// field that was not given stands where its report does.
    pub fn at(&self, place: &Place) -> String {
        let field = match place {
            Place::Field(field) => self.fields.iter().find(|(known, ..)| known == field),
            Place::File | Place::Row | Place::Rows(_) => None,
        };
        match field {
            Some((_, spot, inner)) => format!("{spot}, {}{inner}", self.path),
            None => format!("line {}, column {}, {}", self.line, self.column, self.path),
        }
    }

    /// The provider that the report names, if any.
    pub fn provider(&self) -> &str {
        &self.kept.provider
    }
}
