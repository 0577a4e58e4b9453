//! Excel: what cells hold behind what people see.

use domain::{Amount, Code, Problem};
use formats::carries_over;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use crate::sample::{GOOD, HEADER, Outcome, patch, read_bytes, read_whole, refused, row, workbook, write_row, xlsx};

/// A sheet with the header, and below it a good row that the caller changes.
fn one_row(change: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    workbook(|sheet| {
        write_row(sheet, 0, &HEADER);
        write_row(sheet, 1, &GOOD);
        change(sheet);
    })
}

fn cells(outcome: &Outcome) -> Vec<&str> {
    outcome.rows[0].cells.iter().map(String::as_str).collect()
}

#[test]
fn a_workbook_and_a_text_of_the_same_rows_read_alike() {
    let rows = [row(&[]), row(&[("Record Action", "delete"), ("Licensing State", "TX")])];
    let text = read_whole(crate::sample::lines(&rows, "\t").as_bytes());
    let book = read_whole(&xlsx(&rows));
    assert_eq!(book.rows, text.rows);
    assert_eq!(book.header, text.header);
    assert_eq!(book.reports(), text.reports());
}

#[test]
fn cells_typed_as_numbers_and_dates_read_as_people_see_them() {
    let bytes = one_row(|sheet| {
        let day = Format::new().set_num_format("mm/dd/yyyy");
        let short = Format::new().set_num_format("d-mmm");
        let date = ExcelDateTime::from_ymd(2026, 3, 14).unwrap();
        let birth = ExcelDateTime::from_ymd(1980, 2, 29).unwrap();
        sheet.write_number(1, 1, 202_600_001.0).unwrap();
        sheet.write_datetime_with_format(1, 2, &date, &day).unwrap();
        sheet.write_datetime_with_format(1, 5, &birth, &short).unwrap();
        sheet.write_number(1, 7, 1_234_567_893.0).unwrap();
        sheet.write_number(1, 8, 1.25).unwrap();
        sheet.write_number(1, 10, 123_456.0).unwrap();
    });
    let outcome = read_whole(&bytes);
    assert_eq!(
        cells(&outcome)[..9],
        ["Add", "202600001", "3/14/2026", "Ana", "Muñoz", "02/29", "California", "1234567893", "1.25"]
    );
    assert_eq!(outcome.codes(), [[]]);
    assert_eq!(outcome.reports()[0].cme, Some(Amount::new(125)));
}

#[test]
fn dates_of_both_systems_are_read() {
    let with_date = |serial: f64| {
        one_row(|sheet| {
            let day = Format::new().set_num_format("m/d/yyyy");
            sheet.write_number_with_format(1, 2, serial, &day).unwrap();
        })
    };
    assert_eq!(cells(&read_whole(&with_date(46_095.0)))[2], "3/14/2026");
    let since_1904 = patch(&with_date(46_095.0 - 1462.0), "xl/workbook.xml", |part| {
        let patched = part.replace("<workbookPr ", "<workbookPr date1904=\"1\" ");
        assert_ne!(patched, part);
        patched
    });
    assert_eq!(cells(&read_whole(&since_1904))[2], "3/14/2026");
}

#[test]
fn a_day_count_without_a_date_format_is_a_completion_date() {
    let bytes = one_row(|sheet| {
        sheet.write_number(1, 2, 46_095.0).unwrap();
    });
    assert_eq!(cells(&read_whole(&bytes))[2], "3/14/2026");
    let typed = xlsx(&[row(&[("Completion Date", "46095")])]);
    assert_eq!(read_whole(&typed).codes(), [[]]);
}

#[test]
fn a_time_of_day_does_not_move_the_day() {
    let bytes = one_row(|sheet| {
        let moment = Format::new().set_num_format("m/d/yyyy h:mm");
        sheet.write_number_with_format(1, 2, 46_095.999, &moment).unwrap();
    });
    assert_eq!(cells(&read_whole(&bytes))[2], "3/14/2026");
}

#[test]
fn inline_strings_read_like_shared_ones() {
    let shared = xlsx(&vec![row(&[("Last Name", " O'Hara & <Sons> ")]); 500]);
    let mut inline = Workbook::new();
    let sheet = inline.add_worksheet_with_constant_memory().unwrap();
    write_row(sheet, 0, &HEADER);
    for at in 1..=500 {
        write_row(sheet, at, &row(&[("Last Name", " O'Hara & <Sons> ")]));
    }
    let inline = read_whole(&inline.save_to_buffer().unwrap());
    assert_eq!(inline.rows.len(), 500);
    assert_eq!(inline.rows, read_whole(&shared).rows);
}

#[test]
fn a_formula_is_named_and_the_other_rows_are_good() {
    let bytes = workbook(|sheet| {
        write_row(sheet, 0, &HEADER);
        for at in 1..=3 {
            write_row(sheet, at, &GOOD);
        }
        sheet.write_formula(2, 8, Formula::new("=1+0.25").set_result("1.25")).unwrap();
    });
    let outcome = read_whole(&bytes);
    assert_eq!(outcome.codes(), [vec![], vec![Code::CellIsFormula], vec![]]);
    assert_eq!(outcome.rows[1].cells[8], "1.25");
}

#[test]
fn formulas_filled_down_below_the_data_are_no_rows() {
    let bytes = workbook(|sheet| {
        write_row(sheet, 0, &HEADER);
        write_row(sheet, 1, &GOOD);
        for at in 2..200 {
            let formula = Formula::new(format!("=IF(D{at}=1,2,3)"));
            sheet.write_formula(at, 0, formula).unwrap();
        }
    });
    // What Excel stores for a formula that shows nothing.
    let bytes = patch(&bytes, "xl/worksheets/sheet1.xml", |part| {
        let patched = part.replace("</f><v>0</v>", "</f><v></v>");
        assert_ne!(patched, part);
        patched
    });
    assert_eq!(read_whole(&bytes).rows.len(), 1);
}

#[test]
fn error_cells_are_named() {
    let bytes = one_row(|sheet| {
        sheet.write_string(1, 6, "x").unwrap();
    });
    let bytes = patch(&bytes, "xl/worksheets/sheet1.xml", |part| {
        let at = part.find("<c r=\"G2\"").unwrap();
        let end = at + part[at..].find("</c>").unwrap();
        format!("{}<c r=\"G2\" t=\"e\"><v>#N/A</v>{}", &part[..at], &part[end..])
    });
    let outcome = read_whole(&bytes);
    assert_eq!(outcome.codes(), [[Code::CellIsError]]);
    assert_eq!(outcome.reports()[0].problems[0].message(), "Licensing State holds the spreadsheet error #N/A.");
}

#[test]
fn an_error_of_a_newer_excel_costs_only_its_row() {
    let bytes = xlsx(&[row(&[]), row(&[]), row(&[])]);
    let bytes = patch(&bytes, "xl/worksheets/sheet1.xml", |part| {
        let at = part.find("<c r=\"G3\"").unwrap();
        let end = at + part[at..].find("</c>").unwrap();
        format!("{}<c r=\"G3\" t=\"e\"><v>#SPILL!</v>{}", &part[..at], &part[end..])
    });
    let outcome = read_whole(&bytes);
    assert_eq!(outcome.codes(), [vec![], vec![Code::RowBroken], vec![]]);
}

#[test]
fn ids_that_excel_has_rounded_are_named() {
    let bytes = one_row(|sheet| {
        sheet.write_number(1, 7, 12_345_678_901_234_567_890.0).unwrap();
        sheet.write_string(1, 10, "3.5E+07").unwrap();
    });
    let outcome = read_whole(&bytes);
    assert_eq!(outcome.codes(), [[Code::IdRounded, Code::IdRounded]]);
}

#[test]
fn numbers_are_as_short_as_excel_shows_them() {
    let bytes = one_row(|sheet| {
        sheet.write_number(1, 8, 0.75 + 0.1 + 0.2 - 0.3).unwrap();
        sheet.write_number(1, 11, 7.0).unwrap();
        sheet.write_number(1, 13, 0.1 + 0.2).unwrap();
    });
    let outcome = read_whole(&bytes);
    assert_eq!(cells(&outcome)[8], "0.75");
    assert_eq!(cells(&outcome)[11], "7");
    assert_eq!(cells(&outcome)[13], "0.3");
}

#[test]
fn rows_between_are_numbered_as_in_the_sheet() {
    let bytes = workbook(|sheet| {
        write_row(sheet, 4, &HEADER);
        write_row(sheet, 5, &GOOD);
        write_row(sheet, 99, &GOOD);
        write_row(sheet, 1_048_575, &GOOD);
    });
    let numbers: Vec<u64> = read_whole(&bytes).rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [6, 100, 1_048_576]);
}

/// A workbook with a row for each of these numbers, the header in the row `header` of the sheet.
fn numbered(header: u32, numbers: &[u32]) -> Vec<u8> {
    let bytes = workbook(|sheet| {
        write_row(sheet, header - 1, &HEADER);
        for at in 0..numbers.len() as u32 {
            write_row(sheet, header + at, &GOOD);
        }
    });
    patch(&bytes, "xl/worksheets/sheet1.xml", |part| {
        let (head, rows) = part.split_at(part.find("<row ").unwrap());
        let (rows, tail) = rows.split_at(rows.rfind("</row>").unwrap() + "</row>".len());
        let renumbered = rows.split_inclusive("</row>").zip((header..).zip(std::iter::once(&header).chain(numbers)));
        let rows: String = renumbered
            .map(|(row, (old, new))| {
                let row = row.replace(&format!("<row r=\"{old}\""), &format!("<row r=\"{new}\""));
                ('A'..='N').fold(row, |row, column| {
                    row.replace(&format!("r=\"{column}{old}\""), &format!("r=\"{column}{new}\""))
                })
            })
            .collect();
        format!("{head}{rows}{tail}")
    })
}

#[test]
fn rows_out_of_order_end_the_file_and_those_before_are_good() {
    assert_eq!(read_whole(&numbered(1, &[3, 4, 7])).rows.len(), 3);
    for (numbers, good, at) in [
        (&[3, 4, 3][..], &[3, 4][..], 3),
        (&[3, 4, 4, 5], &[3, 4], 4),
        (&[2, 9, 5, 10], &[2, 9], 5),
        (&[2, 1], &[2], 1),
    ] {
        let outcome = read_bytes(&numbered(1, numbers)).unwrap_or_else(|problems| panic!("{problems:?}"));
        assert_eq!(outcome.rows.iter().map(|row| row.number).collect::<Vec<_>>(), good);
        assert!(outcome.rows.iter().all(|row| row.cells == GOOD));
        let wanted = format!("the workbook is damaged: its rows are out of order at row {at}");
        assert_eq!(outcome.fault, Some(Problem::file(Code::FileUnreadable).fact(wanted)));
    }
}

#[test]
fn a_row_behind_the_header_with_a_smaller_or_the_same_number_is_not_passed_over() {
    assert_eq!(refused(&numbered(5, &[3, 6])), [Code::FileUnreadable]);
    assert_eq!(refused(&numbered(5, &[5, 6])), [Code::FileUnreadable]);
}

#[test]
fn what_a_row_typed_again_unchanged_would_lose_carries_over() {
    // What is left of it once it is cut reads as a good name.
    let long = format!("Ana{}x", " ".repeat(33_000));
    let bytes = one_row(|sheet| {
        sheet.write_formula(1, 8, Formula::new("=1+0.25").set_result("1.25")).unwrap();
        sheet.write_string(1, 20, "stray").unwrap();
        sheet.write_string(1, 3, "first").unwrap();
        sheet.write_string(1, 6, "#N/A").unwrap();
    });
    let bytes = patch(&bytes, "xl/sharedStrings.xml", |part| {
        let patched = part.replace("<t>first</t>", &format!("<t>{long}</t>"));
        assert_ne!(patched, part);
        patched
    });
    let outcome = read_whole(&bytes);
    let [row] = &outcome.rows[..] else { panic!("{:?}", outcome.rows.len()) };
    let typed = outcome.header.typed(row.number, row.cells.clone());
    let again = formats::learner_report(&outcome.header, &typed, &crate::sample::reference());
    let again = crate::sample::codes(&again);
    let mut lost = outcome.codes().concat();
    lost.retain(|code| !again.contains(code));
    assert_eq!(lost, [Code::CellIsFormula, Code::RowTooLong, Code::ValueTooLong]);
    assert!(lost.into_iter().all(carries_over) && carries_over(Code::RowBroken));
    assert_eq!(again, [Code::CellIsError]);
    assert!(!again.into_iter().any(carries_over));
}

#[test]
fn a_value_right_of_the_last_column_is_named() {
    let bytes = one_row(|sheet| {
        sheet.write_string(1, 20, "stray").unwrap();
    });
    assert_eq!(read_whole(&bytes).codes(), [[Code::RowTooLong]]);
}

#[test]
fn control_characters_in_a_workbook_are_named() {
    let outcome = read_whole(&xlsx(&[row(&[("Last Name", "Mu\u{0}oz")])]));
    assert_eq!(outcome.codes(), [[Code::ValueHasControlCharacters]]);
}

#[test]
fn a_dropped_batch_ends_its_reader() {
    let file = crate::sample::file(&xlsx(&vec![row(&[]); 5000]));
    let mut batch = formats::open(file.path(), formats::FileFormat::Xlsx, &Default::default()).unwrap();
    assert!(batch.next().is_some_and(|row| row.is_ok()));
    assert!((0.0..=1.0).contains(&batch.progress()));
    drop(batch);
}

#[test]
fn a_batch_can_go_to_another_thread() {
    fn sendable<T: Send>() {}
    sendable::<formats::Batch>();
    sendable::<formats::result::Writer>();
}
