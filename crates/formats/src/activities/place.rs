//! Where a value of an activity stood: an element or key of a document, or a cell of a sheet.

use std::fmt;

use crate::tree::Spot;

/// A place in a file, in the words of its format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The file as a whole.
    File,
    /// An element of XML (`/ACCMEActivities/MedicalEducationMetrics[2]/Lom/general/title`) or a value
    /// of JSON (a pointer, `/ACCMEActivities/MedicalEducationMetrics/1/Lom/general/title`).
    Document { path: String, spot: Spot },
    /// A row of a sheet or record of a text, from 1 as people see it.
    Row(u64),
    /// A cell, by its row and the column's header as it stands in the file.
    Cell { row: u64, header: String },
}

impl Place {
    /// Line of a document or row of a sheet; 0 for the whole file.
    pub fn line(&self) -> u64 {
        match self {
            Place::File => 0,
            Place::Document { spot, .. } => spot.line,
            Place::Row(row) | Place::Cell { row, .. } => *row,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::File => f.write_str("the file"),
            Place::Document { path, spot } if path.is_empty() => write!(f, "{spot}"),
            Place::Document { path, spot } => write!(f, "{spot}, {path}"),
            Place::Row(row) => write!(f, "row {row}"),
            Place::Cell { row, header } => write!(f, "row {row}, {header}"),
        }
    }
}
