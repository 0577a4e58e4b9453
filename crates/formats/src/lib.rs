//! Bytes to located rows and back: learner batches, templates, result files, rosters of boards.
//!
//! One table of columns ([`columns`]) drives reader, writer and template, so they cannot disagree.
//! Readers stream: no file is held whole, and every fault is a [`domain::Problem`] with its place.
//! What surprises: the year of a birth date is dropped here, before anything else sees it.

pub mod activities;
pub mod batch;
pub mod columns;
mod dates;
mod delimited;
pub mod envelope;
pub mod format;
mod given;
pub mod header;
pub mod json;
mod json_tokens;
pub mod learners;
pub mod licensees;
mod lines;
mod neutral;
mod numbers;
mod package;
pub mod report;
pub mod result;
pub mod roster;
mod row;
pub mod sheet_file;
mod source;
pub mod tables;
pub mod template;
pub mod tree;
mod workbook;
pub mod xml;

pub use batch::{Batch, Limits, open, open_for, open_held};
pub use columns::Purpose;
pub use dates::read_date;
pub use format::{Encoding, FileFormat, sniff};
pub use header::Header;
pub use report::{learner_report, learner_report_for};
pub use row::{Row, carries_over};
pub use template::{template_tsv, template_xlsx};
