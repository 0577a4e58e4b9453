//! Files made to hurt: each is a refused file or a refused row, never a panic, a hang or much memory.

use std::io::{Cursor, Write};

use domain::Code;
use formats::Limits;

use crate::sample::{
    GOOD, HEADER, file, lines, patch, read_bytes, read_whole, read_within, refused, repack, row, xlsx,
};

const SHEET: &str = "xl/worksheets/sheet1.xml";

fn good() -> Vec<u8> {
    xlsx(&[row(&[]), row(&[]), row(&[])])
}

/// The good workbook with something in front of its sheet's data.
fn with_sheet_prefix(prefix: &[u8]) -> Vec<u8> {
    repack(&good(), |name, bytes| if name == SHEET { [prefix, &bytes].concat() } else { bytes })
}

fn message(bytes: &[u8]) -> String {
    read_bytes(bytes).err().map(|problems| problems[0].message()).unwrap_or_default()
}

#[test]
fn a_small_file_that_unpacks_to_much_is_refused() {
    let bomb = with_sheet_prefix(&vec![b' '; 40 << 20]);
    assert!(bomb.len() < 100_000);
    assert_eq!(refused(&bomb), [Code::FileInflates]);
    // Also in a part that nobody reads.
    let mut archive = zip::ZipWriter::new_append(Cursor::new(good())).unwrap();
    archive.start_file("xl/media/image1.png", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(&vec![0; 40 << 20]).unwrap();
    assert_eq!(refused(&archive.finish().unwrap().into_inner()), [Code::FileInflates]);
}

#[test]
fn the_unpacked_size_is_counted_and_not_believed() {
    let limits = Limits { inflated_bytes: 10_000, ..Limits::default() };
    let bytes = good();
    let problems = read_within(file(&bytes).path(), &limits).err().unwrap();
    assert_eq!(problems[0].code, Code::FileInflates);
    // A directory that says the sheet is one byte long.
    let mut liar = with_sheet_prefix(&vec![b' '; 40 << 20]);
    let entry = liar.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    for start in (0..=entry).filter(|start| liar[*start..].starts_with(b"PK\x01\x02")).collect::<Vec<_>>() {
        liar[start + 24..start + 28].copy_from_slice(&1u32.to_le_bytes());
    }
    let codes = refused(&liar);
    assert!(codes == [Code::FileInflates] || codes == [Code::FileUnreadable], "{codes:?}");
}

#[test]
fn a_document_type_is_refused_wherever_it_stands() {
    let entity = b"<!DOCTYPE worksheet [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>";
    assert!(message(&with_sheet_prefix(entity)).contains("document type"));
    for part in ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "_rels/.rels"] {
        let bytes = patch(&good(), part, |text| format!("<!doctype x>{text}"));
        assert!(message(&bytes).contains("document type"), "{part}");
    }
    // Where the reader's windows meet.
    for padding in 65_400..65_540 {
        let prefix = [vec![b' '; padding], b"<!DOCTYPE x>".to_vec()].concat();
        assert!(message(&with_sheet_prefix(&prefix)).contains("document type"), "{padding}");
    }
}

#[test]
fn an_announced_number_of_strings_is_not_believed() {
    let bytes = patch(&good(), "xl/sharedStrings.xml", |text| {
        let patched = text.replace("uniqueCount=\"", "uniqueCount=\"9999999999999");
        assert_ne!(patched, text);
        patched
    });
    assert_eq!(refused(&bytes), [Code::FileInflates]);
}

#[test]
fn cell_formats_that_each_copy_a_long_name_are_refused() {
    let bytes = patch(&good(), "xl/styles.xml", |text| {
        let formats = "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>".repeat(50_000);
        let text = text.replace("<name val=\"", &format!("<name val=\"{}", "x".repeat(20_000)));
        text.replace("</cellXfs>", &format!("{formats}</cellXfs>"))
    });
    assert_eq!(refused(&bytes), [Code::FileInflates]);
}

#[test]
fn an_eight_megabyte_cell_costs_only_its_row() {
    let huge = "x".repeat(8 << 20);
    let rows = [row(&[]), row(&[("Last Name", &huge)]), row(&[])];
    let wanted = [vec![], vec![Code::ValueTooLong], vec![]];
    assert_eq!(read_whole(lines(&rows, "\t").as_bytes()).codes(), wanted);
    let bytes = patch(&good(), SHEET, |text| {
        let at = text.find("<c r=\"E3\"").unwrap();
        let end = at + text[at..].find("</c>").unwrap();
        format!("{}<c r=\"E3\" t=\"inlineStr\"><is><t>{huge}</t></is>{}", &text[..at], &text[end..])
    });
    // One letter over and over is a bomb; with other letters a workbook is large and passes.
    let any_ratio = Limits { inflate_ratio: 100_000, ..Limits::default() };
    let outcome = read_within(file(&bytes).path(), &any_ratio).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert_eq!(outcome.codes(), wanted);
    assert_eq!(outcome.rows[1].cells[4].len(), 32_767);
}

#[test]
fn a_cell_put_together_from_many_texts_is_measured_as_one() {
    let runs = format!("<r><t>{}</t></r>", "x".repeat(4 << 20)).repeat(5);
    let cell = format!("<sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is>{runs}</is></c></row>");
    let bytes = patch(&good(), SHEET, |text| text.replace("<sheetData>", &cell));
    let any_ratio = Limits { inflate_ratio: 100_000, ..Limits::default() };
    let problems = read_within(file(&bytes).path(), &any_ratio).err().unwrap();
    assert!(problems[0].message().contains("larger than 16 MB"), "{}", problems[0].message());
}

#[test]
fn damage_in_the_middle_of_a_workbook_is_found() {
    let rows: Vec<_> = (0..2000).map(|i| row(&[("Licensing ID or NPI", &format!("A{i}"))])).collect();
    let bytes = xlsx(&rows);
    let name = b"xl/worksheets/sheet1.xml";
    let start = bytes.windows(name.len()).position(|window| window == name).unwrap() + 1000;
    let mut torn = bytes.clone();
    for byte in &mut torn[start..start + 50] {
        *byte ^= 0x55;
    }
    assert_eq!(refused(&torn), [Code::FileUnreadable]);
}

#[test]
fn parts_that_are_missing_or_no_xml_are_refused() {
    for part in ["_rels/.rels", "xl/_rels/workbook.xml.rels", SHEET, "xl/workbook.xml"] {
        let bytes = repack(&good(), |name, bytes| if name == part { b"not xml at all".to_vec() } else { bytes });
        assert_eq!(refused(&bytes).len(), 1, "{part}");
    }
}

#[test]
fn a_panic_of_the_parser_is_a_refused_file() {
    // Its row number overflows: arithmetic that is checked in debug builds only.
    let bytes = patch(&good(), SHEET, |text| text.replace("r=\"A3\"", "r=\"A99999999999999999999\""));
    let codes = refused(&bytes);
    if cfg!(debug_assertions) {
        assert_eq!(codes, [Code::FileUnreadable]);
    }
}

#[test]
fn a_sheet_that_breaks_off_gives_its_good_rows_and_then_the_fault() {
    let rows = vec![row(&[]); 1000];
    let bytes = patch(&xlsx(&rows), SHEET, |text| text[..text.len() - 2000].to_owned());
    let outcome = read_bytes(&bytes).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert!(outcome.rows.len() > 900, "{}", outcome.rows.len());
    assert_eq!(outcome.fault.map(|problem| problem.code), Some(Code::FileUnreadable));
}

#[test]
fn a_nul_in_a_text_costs_only_its_row() {
    let rows = [row(&[]), row(&[("Last Name", "Mu\u{0}oz")]), row(&[])];
    let outcome = read_whole(lines(&rows, "\t").as_bytes());
    assert_eq!(outcome.codes(), [vec![], vec![Code::ValueHasControlCharacters], vec![]]);
    assert_eq!(outcome.reports()[1].problems[0].message(), "Last Name holds invisible characters: “Mu\\0oz”.");
}

#[test]
fn too_many_bytes_and_too_many_rows_are_refused() {
    let text = lines(&vec![row(&[]); 20], "\t");
    let file = file(text.as_bytes());
    let problems = read_within(file.path(), &Limits { file_bytes: 100, ..Limits::default() }).err().unwrap();
    assert_eq!(problems[0].code, Code::FileTooLarge);
    let outcome = read_within(file.path(), &Limits { rows: 7, ..Limits::default() }).unwrap_or_else(|_| panic!());
    assert_eq!(outcome.rows.len(), 7);
    assert_eq!(outcome.fault.unwrap().message(), "The file is larger than 7 rows.");
}

#[test]
fn a_line_of_nothing_but_delimiters_is_a_blank_row() {
    let text = format!("{}\n{}\n{}\n", HEADER.join("\t"), "\t".repeat(1 << 20), GOOD.join("\t"));
    assert_eq!(read_whole(text.as_bytes()).rows.len(), 1);
}

#[test]
fn lines_of_stray_quotes_do_not_take_for_ever() {
    let text = format!("{}{}{}\n", lines(&[], "\t"), "\"\n".repeat(3_000), GOOD.join("\t"));
    let outcome = read_whole(text.as_bytes());
    assert!(outcome.rows.iter().any(|row| row.cells == GOOD));
}

#[test]
fn an_archive_that_lists_very_many_parts_is_refused() {
    let mut archive = zip::ZipWriter::new_append(Cursor::new(good())).unwrap();
    for i in 0..10_000 {
        archive.start_file(format!("{i}"), zip::write::SimpleFileOptions::default()).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert_eq!(refused(&bytes), [Code::FileUnreadable]);
}
