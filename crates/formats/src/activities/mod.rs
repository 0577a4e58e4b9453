//! Activities in files and requests (formats.md section 3): XML, JSON, Excel and delimited text with
//! one meaning.
//!
//! A reader of a format knows where things stand and nothing of what they mean: each gives the same
//! neutral [`Record`], and [`read`] alone understands it. Writing goes the other way through the
//! same record, so everything we accept we can also write.

mod cells;
mod columns;
mod counts;
mod document_writer;
mod elements;
mod extension;
mod field;
mod format;
mod groups;
mod place;
mod problem;
mod reading;
mod record;
mod records;
mod result;
mod sheet_writer;
mod template;
mod tree_out;
mod values;
mod writing;

pub use columns::{Columns, RESULT_HEADERS, SheetKind};
pub use counts::{Counts, read_counts};
pub use document_writer::DocumentWriter;
pub use field::{COLUMNS, Choice, Column, Field, Group, Kind};
pub use format::{ActivityFormat, ActivityLimits, sniff};
pub use place::Place;
pub use problem::{Cause, Code, Problem, Severity};
pub use reading::{Action, Reading, read};
pub use record::{Record, Value};
pub use records::{Records, Submitted, open, open_document};
pub use result::{RecordResult, Remark, ResultWriter};
pub use sheet_writer::{SheetWriter, Widths};
pub use template::{template_tsv, template_xlsx};
pub use writing::record;

// learner reports are written as the same trees
pub(crate) use document_writer::{json as write_json, xml as write_xml};
pub(crate) use tree_out::{Content, Out};
