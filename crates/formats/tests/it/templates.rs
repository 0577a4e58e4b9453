//! Templates are made from the table that the reader uses: filled in, they read right.

use std::io::Read;

use domain::{Code, Field};
use formats::columns::COLUMNS;
use formats::{Header, template_tsv, template_xlsx};

use crate::sample::{GOOD, file, patch, read_bytes, read_whole, reference, refused};

fn part(archive: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn an_empty_template_has_a_header_and_no_rows() {
    let bytes = template_xlsx(&reference()).unwrap();
    assert_eq!(refused(&bytes), [Code::NoRows]);
    assert_eq!(refused(&template_tsv().unwrap()), [Code::NoRows]);
}

#[test]
fn a_template_filled_in_reads_right() {
    let template = template_xlsx(&reference()).unwrap();
    let cells: String = ('A'..='Z')
        .zip(GOOD)
        .map(|(column, value)| format!("<c r=\"{column}3\" t=\"inlineStr\"><is><t>{value}</t></is></c>"))
        .collect();
    let filled = patch(&template, "xl/worksheets/sheet1.xml", |sheet| {
        sheet.replace("</sheetData>", &format!("<row r=\"3\">{cells}</row></sheetData>"))
    });
    let outcome = read_whole(&filled);
    assert_eq!(outcome.header, Header::standard());
    assert_eq!(outcome.rows[0].number, 3);
    assert_eq!(outcome.codes(), [[]]);
}

#[test]
fn the_examples_of_every_column_are_a_good_row() {
    let header = Header::standard();
    let mut text = String::from_utf8(template_tsv().unwrap()).unwrap();
    let examples: Vec<&str> = COLUMNS
        .iter()
        .map(|column| match column.field {
            Field::CreditType(1) => "Patient Safety",
            Field::CreditType(2) => "Practice Assessment",
            _ => column.example,
        })
        .collect();
    text.push_str(&examples.join("\t"));
    let outcome = read_whole(text.as_bytes());
    assert_eq!(outcome.header, header);
    assert_eq!(outcome.codes(), [[]]);
    assert!(outcome.reports()[0].rems.is_some());
}

#[test]
fn the_template_has_drop_downs_notes_and_text_columns() {
    let bytes = template_xlsx(&reference()).unwrap();
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert_eq!(sheet.matches("<dataValidation ").count(), 7);
    assert!(sheet.contains("ValidValues!$A$2:$A$3"));
    let notes = part(&bytes, "xl/comments1.xml");
    assert_eq!(notes.matches("<comment ").count(), COLUMNS.len());
    let names = part(&bytes, "xl/workbook.xml");
    for name in ["Sheet1", "ValidValues", "Reference"] {
        assert!(names.contains(&format!("name=\"{name}\"")));
    }
    let values = part(&bytes, "xl/sharedStrings.xml");
    for value in ["ABPath", "Practice Assessment", "California", "Delete"] {
        assert!(values.contains(&format!(">{value}<")), "{value}");
    }
}

#[test]
fn a_template_without_its_first_sheet_is_not_read_from_the_others() {
    let bytes = template_xlsx(&reference()).unwrap();
    let emptied = patch(&bytes, "xl/worksheets/sheet1.xml", |sheet| {
        let (start, end) = (sheet.find("<sheetData>").unwrap(), sheet.find("</sheetData>").unwrap());
        format!("{}{}", &sheet[..start + "<sheetData>".len()], &sheet[end..])
    });
    assert_eq!(refused(&emptied), [Code::HeaderMissing]);
}

#[test]
fn a_tab_template_opens_as_text() {
    let bytes = template_tsv().unwrap();
    assert!(formats::sniff(file(&bytes).path()).is_ok_and(|format| format == formats::FileFormat::TSV));
    assert!(read_bytes(&bytes).is_err());
}
