//! Templates to download: activities, and learner counts. Both come from the table of fields that the
//! reader uses, with drop-downs from the lists that are in force.

use domain::activity::{Answer, Delivery, Fee, Format as ActivityKind, Providership, Registration};
use domain::reference::{List, Reference};
use rust_xlsxwriter::utility::column_number_to_name;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, Formula, Note, Workbook, Worksheet, XlsxError,
};

use super::columns::SheetKind;
use super::field::{Choice, Field, Kind};
use super::sheet_writer::Widths;
use crate::result::WriteError;
use crate::template::header_format;

/// Rows that the drop-downs and formats of the template reach.
const LAST_ROW: u32 = 10_001;
/// The header row, counted from 0: row 2 as people count.
const HEADER_ROW: u32 = 1;

/// The Excel template.
pub fn template_xlsx(kind: SheetKind, reference: &Reference) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    let columns = Widths::template().columns(kind);
    let lists = lists(&columns, reference);
    data_sheet(workbook.add_worksheet(), kind, &columns, &lists)?;
    if !lists.is_empty() {
        valid_values(workbook.add_worksheet(), &lists)?;
    }
    explained(workbook.add_worksheet(), &columns, reference)?;
    Ok(workbook.save_to_buffer()?)
}

/// The tab-delimited template: the header alone.
pub fn template_tsv(kind: SheetKind) -> Result<Vec<u8>, WriteError> {
    let mut writer =
        csv::WriterBuilder::new().delimiter(b'\t').terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(Widths::template().columns(kind).iter().map(|(field, nth)| field.header(*nth)))?;
    writer.into_inner().map_err(|e| WriteError::File(e.into_error()))
}

/// A list behind drop-downs: its choice, title and values.
struct Values {
    choice: Choice,
    title: String,
    values: Vec<String>,
}

/// The lists that the columns choose from, each once and none empty.
fn lists(columns: &[(Field, u16)], reference: &Reference) -> Vec<Values> {
    let mut lists: Vec<Values> = Vec::new();
    for (field, _) in columns {
        let choice = field.column().choice;
        if choice == Choice::Free || lists.iter().any(|list| list.choice == choice) {
            continue;
        }
        let mut values = values(choice, reference);
        values.dedup();
        if !values.is_empty() {
            let title = match choice {
                Choice::Listed(list) => list.label().to_owned(),
                _ => field.label(),
            };
            lists.push(Values { choice, title, values });
        }
    }
    lists
}

fn values(choice: Choice, reference: &Reference) -> Vec<String> {
    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|word| (*word).to_owned()).collect()
    }
    let of_boards = |names: fn(&domain::reference::BoardRules) -> Vec<&str>| {
        let mut all: Vec<String> = reference.boards().flat_map(names).map(str::to_owned).collect();
        all.sort_unstable();
        all
    };
    match choice {
        Choice::Free => Vec::new(),
        Choice::Actions => words(&["Add", "Update", "Delete"]),
        Choice::YesNo | Choice::Undertakings => words(&["Yes", "No"]),
        Choice::Answers => Answer::ALL.iter().map(|answer| answer.label().to_owned()).collect(),
        Choice::Formats => ActivityKind::ALL.iter().map(|format| format.label().to_owned()).collect(),
        Choice::Deliveries => Delivery::ALL.iter().map(|delivery| delivery.label().to_owned()).collect(),
        Choice::Providerships => Providership::ALL.iter().map(|one| one.label().to_owned()).collect(),
        Choice::Fees => Fee::ALL.iter().map(|fee| fee.label().to_owned()).collect(),
        Choice::Registrations => Registration::ALL.iter().map(|one| one.label().to_owned()).collect(),
        Choice::Ways => words(&["Objective", "Subjective", "Objective; Subjective"]),
        Choice::Boards => of_boards(|board| vec![&board.label]),
        Choice::CreditTypes => of_boards(|board| board.credit_types.iter().map(|one| one.name.as_str()).collect()),
        Choice::PracticeAreas => of_boards(|board| board.practice_areas.iter().map(String::as_str).collect()),
        Choice::Listed(List::StateTopics) => reference.items(List::StateTopics).map(|item| item.name.clone()).collect(),
        Choice::Listed(list) => {
            let mut names: Vec<String> = reference.items(list).map(|item| item.name.clone()).collect();
            names.sort_unstable();
            names
        }
    }
}

fn data_sheet(
    sheet: &mut Worksheet,
    kind: SheetKind,
    columns: &[(Field, u16)],
    lists: &[Values],
) -> Result<(), XlsxError> {
    let guidance = Format::new()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_italic()
        .set_font_color(Color::RGB(0x44_4444))
        .set_background_color(Color::RGB(0xF3_F3F3));
    let as_text = Format::new().set_num_format("@");
    let as_date = Format::new().set_num_format("mm/dd/yyyy");
    let name = if kind == SheetKind::Counts { "Learner counts" } else { "Activities" };
    sheet.set_name(name)?.set_row_height(0, 75)?.set_freeze_panes(HEADER_ROW + 1, 0)?;
    for (at, (field, nth)) in (0..u16::MAX).zip(columns) {
        let column = field.column();
        sheet.set_column_width(at, column.width())?;
        match column.kind {
            Kind::Date => sheet.set_column_format(at, &as_date)?,
            Kind::Amount | Kind::Whole | Kind::Dollars => sheet,
            Kind::Text | Kind::Id | Kind::Truth => sheet.set_column_format(at, &as_text)?,
        };
        sheet.write_string_with_format(0, at, column.guidance, &guidance)?;
        sheet.write_string_with_format(HEADER_ROW, at, field.header(*nth), &header_format())?;
        sheet.insert_note(HEADER_ROW, at, &Note::new(column.guidance).add_author_prefix(false).set_width(240))?;
        let list = (0..u16::MAX).zip(lists).find(|(_, list)| list.choice == column.choice);
        if let Some((list_at, list)) = list {
            let letter = column_number_to_name(list_at);
            let range = format!("=ValidValues!${letter}$2:${letter}${}", list.values.len() + 1);
            // Other spellings and several values are read too, so Excel asks rather than refuses.
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

fn valid_values(sheet: &mut Worksheet, lists: &[Values]) -> Result<(), XlsxError> {
    sheet.set_name("ValidValues")?.set_freeze_panes(1, 0)?;
    for (at, list) in (0..u16::MAX).zip(lists) {
        sheet.set_column_width(at, 34)?;
        sheet.write_string_with_format(0, at, &list.title, &header_format())?;
        for (row, value) in (1..).zip(&list.values) {
            sheet.write_string(row, at, value)?;
        }
    }
    Ok(())
}

/// Every column with its rule, then every board with its credit types.
fn explained(sheet: &mut Worksheet, columns: &[(Field, u16)], reference: &Reference) -> Result<(), XlsxError> {
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_name("Reference")?;
    for (at, width) in [(0, 34), (1, 70)] {
        sheet.set_column_width(at, width)?;
    }
    let mut row = 0;
    let mut line = |cells: [&str; 2], format: &Format| -> Result<(), XlsxError> {
        for (at, cell) in (0..2).zip(cells) {
            sheet.write_string_with_format(row, at, cell, format)?;
        }
        row += 1;
        Ok(())
    };
    line(["Column", "What to write"], &header_format())?;
    for (field, _) in columns.iter().filter(|(_, nth)| *nth == 0) {
        line([&field.header(0), field.column().guidance], &wrapped)?;
    }
    if columns.iter().any(|(field, _)| *field == Field::MocBoard) {
        line(["", ""], &wrapped)?;
        line(["Board", "Credit types"], &header_format())?;
        for board in reference.boards() {
            let types: Vec<&str> = board.credit_types.iter().map(|one| one.name.as_str()).collect();
            line([&board.label, &types.join("; ")], &wrapped)?;
        }
    }
    Ok(())
}
