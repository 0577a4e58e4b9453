//! Records of a file or request, understood: one after the other, in the order in which they stand.

use domain::reference::Reference;
use formats::activities::{self as forms, Counts, Reading, Record, Records};
use store::activity_files::{FileKind, Told};

use super::told;

/// A record and what it asks for.
pub(super) struct Item {
    /// The n-th record of a document, the row of a sheet.
    pub number: i64,
    pub line: i64,
    pub asked: Asked,
}

pub(super) enum Asked {
    Whole(Box<Reading>),
    Totals(Box<Counts>, Box<Record>),
}

/// The records of an opened file.
pub(super) struct Items<'a> {
    pub records: Records,
    pub kind: FileKind,
    pub reference: &'a Reference,
}

impl Iterator for Items<'_> {
    type Item = Result<Item, Told>;

    /// The next record; a fault of the file ends it.
    fn next(&mut self) -> Option<Self::Item> {
        let record = match self.records.next()? {
            Ok(submitted) => submitted.record,
            Err(problem) => return Some(Err(told::problem(&problem))),
        };
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let (number, line) = (whole(record.number), whole(record.place.line()));
        let asked = match self.kind {
            FileKind::Activities => Asked::Whole(Box::new(forms::read(record, self.reference))),
            FileKind::Counts => Asked::Totals(Box::new(forms::read_counts(&record)), Box::new(record)),
        };
        Some(Ok(Item { number, line, asked }))
    }
}
