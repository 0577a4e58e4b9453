//! One report as rows in the template's columns, each remembering where its values stood.
//!
//! Nothing is judged here but the report's form: [`crate::learner_report`] reads the cells, as those of a sheet.

use domain::{Code, Field, Problem};

use super::credits::{Draft, drafts};
use super::elements::{Id, Report, Value, report};
use super::origin::{Kept, Origin, Warning};
use super::records::TYPES;
use crate::dates::drop_birth_year;
use crate::header::Header;
use crate::row::Row;
use crate::tree::{Item, Node};

/// The rows of one report; `first` is the number of the first one.
pub(super) fn rows(header: &Header, record: u64, first: u64, item: &Item) -> Vec<Row> {
    let report = report(item);
    let nobody = nobody(&item.node);
    let drafts = drafts(&report.credits, &report.member_ids, &nobody);
    let build = |(number, (nth, draft)): (u64, (usize, Draft<'_>))| {
        let mut row = Building {
            cells: vec![String::new(); header.len()],
            header,
            origin: Origin::new(record, &item.node),
            problems: report.problems.clone(),
        };
        row.origin.warnings.clone_from(&report.warnings);
        row.origin.kept = report.kept.clone();
        row.fill(&report, &draft, nth == 0);
        Row { number, cells: row.cells, problems: row.problems, origin: Some(Box::new(row.origin)) }
    };
    (first..).zip(drafts.into_iter().enumerate()).map(build).collect()
}

/// An identifier that is not given.
fn nobody(node: &Node) -> Id {
    let nothing = || Value { text: String::new(), spot: node.spot, path: node.path.clone() };
    Id { domain: nothing(), value: nothing() }
}

/// A row that is being put together.
struct Building<'h> {
    cells: Vec<String>,
    header: &'h Header,
    origin: Origin,
    problems: Vec<Problem>,
}

impl Building<'_> {
    fn put(&mut self, field: Field, value: &Value) {
        if let Some(cell) = self.header.column(field).and_then(|column| self.cells.get_mut(column)) {
            cell.clone_from(&value.text);
            if field == Field::Birth {
                drop_birth_year(cell);
            }
        }
        self.origin.put(field, value.spot, &value.path);
    }

    fn fill(&mut self, report: &Report, draft: &Draft<'_>, is_first: bool) {
        // who is not a physician is reported once, beside the first credit
        let is_rems = |field: Field| (Field::RemsLocalId..=Field::RemsTimeInPractice).contains(&field);
        for (field, value) in report.values.iter().filter(|(field, _)| is_first || !is_rems(*field)) {
            self.put(*field, value);
        }
        self.identify(draft);
        if let Some(cme) = draft.cme {
            self.put_given(Field::CmeCredits, cme.amount.as_ref());
        }
        self.board(draft);
        self.submission(draft);
    }

    fn put_given(&mut self, field: Field, value: Option<&Value>) {
        if let Some(value) = value {
            self.put(field, value);
        }
    }

    fn identify(&mut self, draft: &Draft<'_>) {
        if let Some(license) = draft.license {
            self.put(Field::State, &license.domain);
        }
        let number = draft.license.filter(|license| !license.value.text.is_empty());
        match (number, draft.npi) {
            (Some(license), npi) => {
                self.put(Field::Identifier, &license.value);
                if let Some(npi) = npi.filter(|npi| npi.value.text != license.value.text) {
                    let message = "The license was looked up, and the NPI beside it was passed over.".to_owned();
                    let at = format!("{}, {}", npi.value.spot, npi.value.path);
                    self.origin.warnings.push(Warning { message, at });
                }
            }
            (None, Some(npi)) => self.put(Field::Identifier, &npi.value),
            (None, None) => {}
        }
    }

    fn board(&mut self, draft: &Draft<'_>) {
        let Some(group) = &draft.board else { return };
        self.put(Field::Board, &group.id.domain);
        self.put(Field::DiplomateId, &group.id.value);
        let total = group.said_total().or_else(|| group.largest());
        self.put_given(Field::BoardCredits, total);
        for (nth, credit) in (0..u8::MAX).zip(&group.types) {
            if nth == TYPES {
                let name = credit.certification.as_ref().map_or("", |name| name.text.as_str());
                self.problems.push(Problem::row(Code::RowTooLong).given(name));
                break;
            }
            self.put_given(Field::CreditType(nth), credit.certification.as_ref());
            self.put_given(Field::CreditTypeAmount(nth), credit.amount.as_ref());
        }
    }

    /// The row's own key: as the sender gives it, else the first credit's ID.
    fn submission(&mut self, draft: &Draft<'_>) {
        let id = |value: Option<&Value>| value.map(|value| value.text.clone()).unwrap_or_default();
        let of_cme = draft.cme.and_then(|cme| cme.id.as_ref());
        let of_board = draft.board.as_ref().and_then(|group| group.first_credit_id());
        let types = draft.board.iter().flat_map(|group| &group.types).map(|credit| id(credit.id.as_ref()));
        let credit_ids = std::iter::once(id(of_cme)).chain(types).collect();
        let column = self.header.column(Field::SubmissionId);
        let is_given = column.and_then(|column| self.cells.get(column)).is_some_and(|cell| !cell.is_empty());
        if !is_given {
            self.put_given(Field::SubmissionId, of_cme.or(of_board));
        }
        let submission = column.and_then(|column| self.cells.get(column)).cloned().unwrap_or_default();
        self.origin.kept = Kept { credit_ids, submission, ..std::mem::take(&mut self.origin.kept) };
    }
}
