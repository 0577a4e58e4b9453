//! Learner files as providers send them: the template's columns, as text or as a workbook.

use anyhow::{Context, Result};
use domain::Field;
use formats::columns::COLUMNS;
use rust_xlsxwriter::{Format, Workbook};

/// One row of a learner file, each value as it stands in its cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) action: String,
    pub(crate) activity: String,
    pub(crate) completed: String,
    pub(crate) first: String,
    pub(crate) last: String,
    pub(crate) birth: String,
    pub(crate) state: String,
    pub(crate) identifier: String,
    pub(crate) credits: String,
    pub(crate) board: String,
    pub(crate) diplomate_id: String,
    pub(crate) points: String,
    /// Credit types with amounts; the file has room for two.
    pub(crate) types: Vec<(String, String)>,
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Tab,
    Comma,
    Workbook,
}

impl Kind {
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Kind::Tab => "tsv",
            Kind::Comma => "csv",
            Kind::Workbook => "xlsx",
        }
    }
}

const FIELDS: [Field; 16] = [
    Field::RecordAction,
    Field::ActivityId,
    Field::CompletionDate,
    Field::FirstName,
    Field::LastName,
    Field::Birth,
    Field::State,
    Field::Identifier,
    Field::CmeCredits,
    Field::Board,
    Field::DiplomateId,
    Field::BoardCredits,
    Field::CreditType(0),
    Field::CreditTypeAmount(0),
    Field::CreditType(1),
    Field::CreditTypeAmount(1),
];

impl Row {
    fn cell(&self, field: Field) -> &str {
        let of_type = |n: u8| self.types.get(usize::from(n));
        match field {
            Field::RecordAction => &self.action,
            Field::ActivityId => &self.activity,
            Field::CompletionDate => &self.completed,
            Field::FirstName => &self.first,
            Field::LastName => &self.last,
            Field::Birth => &self.birth,
            Field::State => &self.state,
            Field::Identifier => &self.identifier,
            Field::CmeCredits => &self.credits,
            Field::Board => &self.board,
            Field::DiplomateId => &self.diplomate_id,
            Field::BoardCredits => &self.points,
            Field::CreditType(n) => of_type(n).map_or("", |(name, _)| name),
            Field::CreditTypeAmount(n) => of_type(n).map_or("", |(_, amount)| amount),
            _ => "",
        }
    }
}

/// The bytes of a file with these rows below the template's header.
pub(crate) fn write(rows: &[Row], kind: Kind) -> Result<Vec<u8>> {
    match kind {
        Kind::Tab => Ok(text(rows, '\t')),
        Kind::Comma => Ok(text(rows, ',')),
        Kind::Workbook => workbook(rows).context("a sample workbook could not be written"),
    }
}

fn text(rows: &[Row], delimiter: char) -> Vec<u8> {
    let mut text = FIELDS.map(Field::label).join(&delimiter.to_string());
    for row in rows {
        text.push_str("\r\n");
        for (n, field) in FIELDS.into_iter().enumerate() {
            if n > 0 {
                text.push(delimiter);
            }
            text.push_str(&quoted(row.cell(field), delimiter));
        }
    }
    text.push_str("\r\n");
    text.into_bytes()
}

fn quoted(cell: &str, delimiter: char) -> String {
    if cell.contains([delimiter, '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.into() }
}

/// As the template: guidance in row 1, the header in row 2.
fn workbook(rows: &[Row]) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let as_text = Format::new().set_num_format("@");
    let guidance = Format::new().set_italic().set_text_wrap().set_font_color(0x44_4444);
    let bold = Format::new().set_bold();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Sheet1")?.set_row_height(0, 60)?.set_freeze_panes(2, 0)?;
    for (at, field) in (0..).zip(FIELDS) {
        if let Some(column) = COLUMNS.iter().find(|column| column.field == field) {
            sheet.set_column_width(at, column.width)?.set_column_format(at, &as_text)?;
            sheet.write_string_with_format(0, at, column.guidance, &guidance)?;
        }
        sheet.write_string_with_format(1, at, field.label(), &bold)?;
        for (line, row) in (2..).zip(rows) {
            let cell = row.cell(field);
            // amounts as numbers, as people type them; IDs as text, so that no zero is lost
            match (field, cell.parse::<f64>()) {
                (Field::CmeCredits | Field::BoardCredits | Field::CreditTypeAmount(_), Ok(amount)) => {
                    sheet.write_number(line, at, amount)?;
                }
                _ if !cell.is_empty() => {
                    sheet.write_string(line, at, cell)?;
                }
                _ => {}
            }
        }
    }
    Ok(workbook.save_to_buffer()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_file_is_read_back_as_it_was_meant() {
        let row = Row {
            action: "Add".into(),
            activity: "202600001".into(),
            completed: "3/14/2026".into(),
            first: "Lucía".into(),
            last: "Peña, Jr. \"Lu\"".into(),
            birth: "02/29".into(),
            state: "California".into(),
            identifier: "0036123".into(),
            credits: "1.25".into(),
            board: "ABIM".into(),
            diplomate_id: "012345".into(),
            points: "1.25".into(),
            types: vec![("Medical Knowledge".into(), "1.25".into()), ("Patient Safety".into(), "0.5".into())],
        };
        for kind in [Kind::Tab, Kind::Comma, Kind::Workbook] {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join(format!("learners.{}", kind.extension()));
            std::fs::write(&file, write(std::slice::from_ref(&row), kind).unwrap()).unwrap();
            let format = formats::sniff(&file).unwrap();
            let mut batch = formats::open(&file, format, &formats::Limits::default()).unwrap();
            let header = batch.header().clone();
            let read = batch.next().unwrap().unwrap();
            let report = formats::learner_report(&header, &read, &domain::reference::Reference::default());
            assert_eq!(report.learner.last, row.last, "{kind:?}");
            assert_eq!(report.learner.identifier.as_deref(), Some("0036123"));
            assert_eq!(report.cme.map(|amount| amount.hundredths()), Some(125));
            assert!(batch.next().is_none());
        }
    }
}
