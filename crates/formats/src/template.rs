//! Templates to download, made from the column table that the reader uses.
//!
//! The workbook has three sheets: `Sheet1` with a guidance row, the header in row 2 and drop-downs;
//! `ValidValues`, which the drop-downs read; `Reference`, which explains every column. ID columns
//! are text, so that Excel neither rounds numbers nor turns a birthday into a date.

use domain::reference::Reference;
use domain::{Field, State};
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, FormatBorder, Formula, Note, Workbook,
    Worksheet, XlsxError,
};

use crate::columns::{COLUMNS, Choice, Purpose, required};
use crate::result::WriteError;

/// Rows that the drop-downs and formats of the template reach.
const LAST_ROW: u32 = 100_001;

/// The header row, counted from 0: row 2 as people count.
const HEADER_ROW: u32 = 1;

/// The Excel template.
pub fn template_xlsx(reference: &Reference) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    let values = Values::of(reference);
    learners(workbook.add_worksheet(), &values)?;
    valid_values(workbook.add_worksheet(), &values)?;
    explained(workbook.add_worksheet(), reference)?;
    Ok(workbook.save_to_buffer()?)
}

/// The tab-delimited template: the header alone, since text has no place for guidance.
pub fn template_tsv() -> Result<Vec<u8>, WriteError> {
    let mut writer =
        csv::WriterBuilder::new().delimiter(b'\t').terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(COLUMNS.iter().map(|column| column.field.label()))?;
    writer.into_inner().map_err(|e| WriteError::File(e.into_error()))
}

/// The lists behind the drop-downs, each a column of `ValidValues`.
struct Values {
    lists: Vec<(&'static str, Choice, Vec<String>)>,
}

impl Values {
    fn of(reference: &Reference) -> Self {
        let mut types: Vec<String> = Vec::new();
        for credit_type in reference.boards().flat_map(|board| &board.credit_types) {
            if !types.contains(&credit_type.name) {
                types.push(credit_type.name.clone());
            }
        }
        let boards = reference.boards().map(|board| board.label.clone()).collect();
        let states = State::all().map(|state| state.name().to_owned()).collect();
        let codes = State::all().map(|state| state.to_string()).collect();
        Self {
            lists: vec![
                ("Actions", Choice::Actions, vec!["Add".to_owned(), "Delete".to_owned()]),
                ("States", Choice::States, states),
                ("Two letters", Choice::Free, codes),
                ("Boards", Choice::Boards, boards),
                ("Types of credit", Choice::CreditTypes, types),
            ],
        }
    }

    /// The cells of a list, such as `ValidValues!$B$2:$B$56`.
    fn range(&self, choice: Choice) -> Option<String> {
        let (letter, (.., list)) = ('A'..='Z').zip(&self.lists).find(|(_, (_, kind, _))| *kind == choice)?;
        (choice != Choice::Free && !list.is_empty())
            .then(|| format!("=ValidValues!${letter}$2:${letter}${}", list.len() + 1))
    }
}

fn learners(sheet: &mut Worksheet, values: &Values) -> Result<(), XlsxError> {
    let guidance = Format::new()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_italic()
        .set_font_color(Color::RGB(0x44_4444))
        .set_background_color(Color::RGB(0xF3_F3F3));
    let name = header_format();
    let as_text = Format::new().set_num_format("@");
    let as_date = Format::new().set_num_format("mm/dd/yyyy");
    sheet.set_name("Sheet1")?.set_row_height(0, 75)?.set_freeze_panes(HEADER_ROW + 1, 0)?;
    for (at, column) in (0..u16::MAX).zip(COLUMNS) {
        sheet.set_column_width(at, column.width)?;
        match column.field {
            Field::CompletionDate => sheet.set_column_format(at, &as_date)?,
            Field::CmeCredits | Field::BoardCredits | Field::CreditTypeAmount(_) => sheet,
            _ => sheet.set_column_format(at, &as_text)?,
        };
        sheet.write_string_with_format(0, at, column.guidance, &guidance)?;
        sheet.write_string_with_format(HEADER_ROW, at, column.field.label(), &name)?;
        let note = format!("{}\nExample: {}", column.guidance, column.example);
        sheet.insert_note(HEADER_ROW, at, &Note::new(note).add_author_prefix(false).set_width(240))?;
        if let Some(range) = values.range(column.choice) {
            // Other spellings are read too, so Excel asks rather than refuses.
            let list = DataValidation::new()
                .allow_list_formula(Formula::new(range))
                .set_error_style(DataValidationErrorStyle::Warning)
                .set_error_title("Not in the list")?
                .set_error_message("This value is not in the list of the ValidValues sheet.")?;
            sheet.add_data_validation(HEADER_ROW + 1, at, LAST_ROW, at, &list)?;
        }
    }
    Ok(())
}

fn valid_values(sheet: &mut Worksheet, values: &Values) -> Result<(), XlsxError> {
    sheet.set_name("ValidValues")?.set_freeze_panes(1, 0)?;
    for (at, (title, _, list)) in (0..u16::MAX).zip(&values.lists) {
        sheet.set_column_width(at, 34)?;
        sheet.write_string_with_format(0, at, *title, &header_format())?;
        for (row, value) in (1..).zip(list) {
            sheet.write_string(row, at, value)?;
        }
    }
    Ok(())
}

/// Every column with its rule, then every board with its credit types.
fn explained(sheet: &mut Worksheet, reference: &Reference) -> Result<(), XlsxError> {
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_name("Reference")?;
    for (at, width) in [(0, 38), (1, 14), (2, 64), (3, 30)] {
        sheet.set_column_width(at, width)?;
    }
    let mut row = 0;
    let mut line = |cells: [&str; 4], format: &Format| -> Result<(), XlsxError> {
        for (at, cell) in (0..4).zip(cells) {
            sheet.write_string_with_format(row, at, cell, format)?;
        }
        row += 1;
        Ok(())
    };
    line(["Column", "Needed", "What to write", "Example"], &header_format())?;
    for column in COLUMNS {
        let needed = if required(Purpose::Credit).contains(&column.field) { "Column must exist" } else { "" };
        line([column.field.label(), needed, column.guidance, column.example], &wrapped)?;
    }
    line(["", "", "", ""], &wrapped)?;
    line(["Board", "Code", "Types of credit", "Valid for completions"], &header_format())?;
    for board in reference.boards() {
        for credit_type in &board.credit_types {
            let valid = match (credit_type.valid_from, credit_type.valid_until) {
                (None, None) => String::new(),
                (Some(from), None) => format!("from {from}"),
                (None, Some(until)) => format!("until {until}"),
                (Some(from), Some(until)) => format!("{from} to {until}"),
            };
            line([&board.name, &board.label, &credit_type.name, &valid], &wrapped)?;
        }
    }
    Ok(())
}

/// Column names of every template.
pub(crate) fn header_format() -> Format {
    Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_border_bottom(FormatBorder::Medium)
        .set_background_color(Color::RGB(0xDC_E6F2))
}
