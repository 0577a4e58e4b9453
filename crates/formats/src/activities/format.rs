//! The formats that activities come in, told apart by content, and what no file of them may exceed.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::columns::field_of;
use super::problem::Problem;
use crate::batch::Limits;
use crate::format::{self, FileFormat, unreadable};
use crate::tree::DocumentLimits;

/// A format of activities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActivityFormat {
    Xml,
    Json,
    Sheet(FileFormat),
}

impl ActivityFormat {
    /// The ending of a file's name, without the point.
    pub fn extension(self) -> &'static str {
        match self {
            ActivityFormat::Xml => "xml",
            ActivityFormat::Json => "json",
            ActivityFormat::Sheet(format) => format.extension(),
        }
    }

    /// Of the files that we write.
    pub fn content_type(self) -> &'static str {
        match self {
            ActivityFormat::Xml => "application/xml; charset=utf-8",
            ActivityFormat::Json => "application/json; charset=utf-8",
            ActivityFormat::Sheet(format) => format.content_type(),
        }
    }
}

/// What a reader refuses to go beyond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivityLimits {
    pub sheet: Limits,
    pub document: DocumentLimits,
    /// Records of one file.
    pub records: u64,
}

impl Default for ActivityLimits {
    fn default() -> Self {
        Self { sheet: Limits::default(), document: DocumentLimits::default(), records: 100_000 }
    }
}

/// Decides the format of a file of activities by its content.
pub fn sniff(path: &Path) -> Result<ActivityFormat, Problem> {
    let mut start = Vec::new();
    let file = File::open(path).map_err(|e| Problem::of_file(&unreadable(e)))?;
    file.take(256).read_to_end(&mut start).map_err(|e| Problem::of_file(&unreadable(e)))?;
    // Zeros are those of UTF-16, the others byte order marks.
    let first = start.iter().find(|b| !b" \t\r\n\0\xEF\xBB\xBF\xFE\xFF".contains(b));
    match first {
        Some(b'<') => Ok(ActivityFormat::Xml),
        Some(b'{' | b'[') => Ok(ActivityFormat::Json),
        _ => {
            let sheet = format::sniff_columns(path, |name| field_of(name).is_some());
            sheet.map(ActivityFormat::Sheet).map_err(|problem| Problem::of_file(&problem))
        }
    }
}
