//! What a file is, by its content.

use domain::Code;
use formats::{Encoding, FileFormat, sniff};

use crate::sample::{file, lines, row, workbook, write_row, xlsx};

fn format_of(bytes: &[u8]) -> Result<FileFormat, Code> {
    sniff(file(bytes).path()).map_err(|problem| problem.code)
}

fn text(delimiter: u8, encoding: Encoding) -> Result<FileFormat, Code> {
    Ok(FileFormat::Text { delimiter, encoding })
}

#[test]
fn delimiter_and_encoding_are_found_by_content() {
    let rows = [row(&[])];
    let tabs = lines(&rows, "\t");
    assert_eq!(format_of(tabs.as_bytes()), text(b'\t', Encoding::Utf8));
    assert_eq!(format_of(lines(&rows, ",").as_bytes()), text(b',', Encoding::Utf8));
    assert_eq!(format_of(lines(&rows, ";").as_bytes()), text(b';', Encoding::Utf8));
    assert_eq!(format_of(format!("\u{FEFF}{tabs}").as_bytes()), text(b'\t', Encoding::Utf8Bom));
    let (windows, ..) = encoding_rs::WINDOWS_1252.encode(&tabs);
    assert_eq!(format_of(&windows), text(b'\t', Encoding::Windows1252));
    let units: Vec<u16> = format!("\u{FEFF}{tabs}").encode_utf16().collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    assert_eq!(format_of(&little), text(b'\t', Encoding::Utf16Le));
    assert_eq!(format_of(&big), text(b'\t', Encoding::Utf16Be));
}

#[test]
fn commas_in_a_guidance_row_do_not_make_a_comma_file() {
    let guidance = "Add, Delete, or, if, in, doubt, ask, us, first, and, wait, a, day, or, two\t\t\n";
    let bytes = format!("{guidance}{}", lines(&[row(&[])], "\t"));
    assert_eq!(format_of(bytes.as_bytes()), text(b'\t', Encoding::Utf8));
}

#[test]
fn one_letter_of_another_encoding_far_into_the_file_decides() {
    let mut bytes = lines(&[row(&[("Last Name", "Gray")])], "\t").repeat(2000).into_bytes();
    assert_eq!(format_of(&bytes), text(b'\t', Encoding::Utf8));
    bytes.extend(b"Add\t202600001\t3/14/2026\tAna\tMu\xF1oz\n");
    assert_eq!(format_of(&bytes), text(b'\t', Encoding::Windows1252));
}

#[test]
fn a_workbook_is_one_whatever_its_name() {
    assert_eq!(format_of(&xlsx(&[row(&[])])), Ok(FileFormat::Xlsx));
}

#[test]
fn documents_are_told_by_their_first_letters_in_any_encoding() {
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_be_bytes).collect() };
    for (bytes, format) in [
        (b"<?xml version='1.0'?><ACCMELearnerReports/>".to_vec(), FileFormat::Xml),
        (b"\xEF\xBB\xBF\r\n  <ACCMELearnerReports/>".to_vec(), FileFormat::Xml),
        (wide("\u{FEFF}<ACCMELearnerReports/>"), FileFormat::Xml),
        (wide("<ACCMELearnerReports/>"), FileFormat::Xml),
        (b"<!DOCTYPE ACCMELearnerReports>".to_vec(), FileFormat::Xml),
        (b" {\n \"ACCMELearnerReports\": {}}".to_vec(), FileFormat::Json),
        (b"[{}]".to_vec(), FileFormat::Json),
        (wide("{\"a\":1}"), FileFormat::Json),
    ] {
        assert_eq!(format_of(&bytes), Ok(format), "{bytes:?}");
    }
    let sheet = format!("[Learners]\t{{x}}\n{}", lines(&[row(&[])], "\t"));
    assert_eq!(format_of(sheet.as_bytes()), text(b'\t', Encoding::Utf8));
    let sheet = format!("{{Learners}}\n{}", lines(&[row(&[])], ","));
    assert_eq!(format_of(sheet.as_bytes()), text(b',', Encoding::Utf8));
}

#[test]
fn files_of_other_kinds_are_refused_by_name() {
    for (bytes, word) in [
        (&b"%PDF-1.7\n%\xE2\xE3\xCF\xD3"[..], "PDF"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and so on", "old Office"),
        (b"\x89PNG\r\n\x1A\n", "image"),
        (b"\xFF\xD8\xFF\xE0", "image"),
        (b"<!DOCTYPE html><html><body><table><tr><td>Record Action", "web page"),
        (b"{\\rtf1 Record Action}", "rich-text"),
        (b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0E\x0F\x10\x11\x12", "program"),
    ] {
        let problem = sniff(file(bytes).path()).unwrap_err();
        assert_eq!(problem.code, Code::FileWrongType, "{word}");
        assert!(problem.message().contains(word), "{}", problem.message());
    }
}

#[test]
fn zips_that_are_no_workbook_are_refused_by_name() {
    for (part, word) in [
        ("word/document.xml", "Word"),
        ("content.xml", "OpenDocument"),
        ("xl/workbook.bin", "xlsb"),
        ("readme.txt", "folder"),
    ] {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        archive.start_file(part, zip::write::SimpleFileOptions::default()).unwrap();
        let bytes = archive.finish().unwrap().into_inner();
        let problem = sniff(file(&bytes).path()).unwrap_err();
        assert_eq!(problem.code, Code::FileWrongType);
        assert!(problem.message().contains(word), "{}", problem.message());
    }
}

#[test]
fn a_workbook_that_was_cut_off_is_unreadable() {
    let bytes = workbook(|sheet| write_row(sheet, 0, &["x"]));
    for length in [2, 4, 30, bytes.len() / 2, bytes.len() - 1] {
        assert_eq!(format_of(&bytes[..length]), Err(Code::FileUnreadable), "{length} bytes");
    }
}

#[test]
fn a_file_of_nothing_is_empty() {
    for bytes in [&b""[..], b"  \r\n\t\n", b"\xEF\xBB\xBF", b"\xFF\xFE", b"\xFF\xFE\r\x00\n\x00"] {
        assert_eq!(format_of(bytes), Err(Code::FileEmpty), "{bytes:?}");
    }
}

#[test]
fn a_file_that_is_not_there_is_unreadable() {
    let folder = tempfile::tempdir().unwrap();
    let problem = sniff(&folder.path().join("none.xlsx")).unwrap_err();
    assert_eq!(problem.code, Code::FileUnreadable);
}

#[test]
fn each_format_has_its_ending_and_content_type() {
    assert_eq!(FileFormat::Xlsx.extension(), "xlsx");
    assert_eq!(FileFormat::TSV.extension(), "txt");
    assert_eq!(FileFormat::Text { delimiter: b',', encoding: Encoding::Utf8 }.extension(), "csv");
    assert!(FileFormat::TSV.content_type().starts_with("text/tab-separated-values"));
}
