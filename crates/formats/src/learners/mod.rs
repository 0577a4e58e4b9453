//! Learner reports as XML and JSON documents (formats.md section 2): one tree, two spellings.
//!
//! A report becomes the rows that a person would have typed for it, in the columns of the template, and
//! everything behind the reader is the same for all formats. What surprises: a report with credit of several
//! boards is several rows, since a row holds one board; each remembers where its values stood.

mod credits;
mod elements;
mod origin;
mod problem;
mod records;
mod result;
mod rows;
mod standing;
mod tree_out;
mod writer;

pub use origin::{Origin, Warning};
pub(crate) use records::Records;
pub use records::header;
pub use result::{ReportResult, ResultWriter};
pub use standing::Standing;
pub use writer::{DocumentWriter, template};
