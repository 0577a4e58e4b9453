//! Result files: the rows as they came, harmless to open, and good to upload again.

use std::path::Path;

use formats::result::{RowResult, Writer};
use formats::{Encoding, FileFormat, Header, Row};
use proptest::prelude::*;

use crate::sample::{Outcome, lines, read, read_whole, row, xlsx};

const FORMATS: [FileFormat; 4] = [
    FileFormat::Xlsx,
    FileFormat::TSV,
    FileFormat::Text { delimiter: b',', encoding: Encoding::Windows1252 },
    FileFormat::Text { delimiter: b';', encoding: Encoding::Utf16Le },
];

fn write(path: &Path, format: FileFormat, header: &Header, rows: &[Row]) {
    let mut writer = Writer::create(path, format, header).unwrap();
    for row in rows {
        let result = RowResult {
            result: "Refused",
            codes: "birth_unreadable; date_unreadable".into(),
            what_to_do: "Write a month and day that exist, as MM/DD.".into(),
            credit_id: String::new(),
        };
        writer.write(&row.cells, &result).unwrap();
    }
    writer.finish().unwrap();
}

fn written(format: FileFormat, outcome: &Outcome) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("result");
    write(&path, format, &outcome.header, &outcome.rows);
    read(&path).unwrap_or_else(|problems| panic!("{problems:?}"))
}

#[test]
fn a_result_file_reads_back_as_the_rows_that_were_sent() {
    let rows = [
        row(&[("Last Name", "=cmd|'/c calc'!A1"), ("First Name", "+Ana"), ("Licensing ID or NPI", "00123")]),
        row(&[("Last Name", "@Muñoz"), ("First Name", "'Ana"), ("Number of CME Credits", "-1")]),
        row(&[("Last Name", "O\"Hara, Jr; III"), ("First Name", "'=x")]),
    ];
    let sent = read_whole(&xlsx(&rows));
    for format in FORMATS {
        let back = written(format, &sent);
        let cells: Vec<&[String]> = back.rows.iter().map(|row| &row.cells[..14]).collect();
        let wanted: Vec<&[String]> = sent.rows.iter().map(|row| row.cells.as_slice()).collect();
        assert_eq!(cells, wanted, "{format:?}");
        assert_eq!(back.codes(), sent.codes(), "{format:?}");
        assert_eq!(back.rows[0].cells[14..16], ["Refused", "birth_unreadable; date_unreadable"]);
    }
}

#[test]
fn results_of_an_earlier_round_are_replaced() {
    let sent = read_whole(lines(&[row(&[])], "\t").as_bytes());
    for format in FORMATS {
        let once = written(format, &sent);
        let twice = written(format, &once);
        assert_eq!(twice.header, once.header);
        assert_eq!(twice.header.len(), 18);
        assert_eq!(twice.rows, once.rows);
    }
}

#[test]
fn no_cell_of_a_text_result_starts_a_formula() {
    let sent = read_whole(lines(&[row(&[("First Name", "=1+1"), ("Last Name", "-2+3")])], "\t").as_bytes());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("result");
    write(&path, FileFormat::TSV, &sent.header, &sent.rows);
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains("\t'=1+1\t'-2+3\t"), "{text}");
}

#[test]
fn a_file_of_a_program_stays_plain_and_one_of_excel_stays_readable_in_excel() {
    let sent = read_whole(lines(&[row(&[])], "\t").as_bytes());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("result");
    write(&path, FileFormat::TSV, &sent.header, &sent.rows);
    let plain = std::fs::read(&path).unwrap();
    assert!(plain.starts_with(b"Record Action\t"));
    assert!(!plain.contains(&b'\r'));
    let windows = FileFormat::Text { delimiter: b'\t', encoding: Encoding::Windows1252 };
    write(&path, windows, &sent.header, &sent.rows);
    let marked = std::fs::read(&path).unwrap();
    assert!(marked.starts_with(b"\xEF\xBB\xBFRecord Action\t"));
    assert!(marked.ends_with(b"\r\n"));
}

#[test]
fn a_cell_longer_than_excel_takes_does_not_stop_a_result() {
    let mut sent = read_whole(lines(&[row(&[])], "\t").as_bytes());
    sent.rows[0].cells[4] = "=".repeat(40_000);
    assert_eq!(written(FileFormat::Xlsx, &sent).rows.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_name_survives_writing_and_reading(name in "[=+\\-@'\t\r\n\"a-zñ,; ]{0,12}", other in "\\PC{0,12}") {
        let header = Header::of([
            domain::Field::FirstName,
            domain::Field::LastName,
            domain::Field::RecordAction,
            domain::Field::ActivityId,
            domain::Field::CompletionDate,
            domain::Field::Birth,
            domain::Field::State,
            domain::Field::Identifier,
            domain::Field::CmeCredits,
        ]);
        let mut cells = vec![String::new(); 9];
        cells[0] = name;
        cells[1] = other;
        cells[2] = "Add".into();
        let rows = [Row { number: 2, cells, problems: Vec::new(), origin: None }];
        for format in [FileFormat::TSV, FileFormat::Text { delimiter: b',', encoding: Encoding::Utf8Bom }] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("result");
            write(&path, format, &header, &rows);
            let back = read(&path).map_err(|problems| TestCaseError::fail(format!("{problems:?}")))?;
            prop_assert_eq!(&back.rows[0].cells[..3], &rows[0].cells[..3]);
        }
    }
}
