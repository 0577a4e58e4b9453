//! Reports held in memory, and completions written as their provider reads them back.

use domain::{Code, Field};
use formats::learners::{DocumentWriter, Origin, Standing};
use formats::{Limits, Row};

fn row() -> Row {
    let header = formats::learners::header();
    let values = [
        (Field::RecordAction, "add"),
        (Field::ActivityId, "202600001"),
        (Field::CompletionDate, "2026-11-02T00:00:00"),
        (Field::FirstName, "Alma"),
        (Field::LastName, "Ash & Down"),
        (Field::Birth, "02/29"),
        (Field::State, "CA"),
        (Field::Identifier, "A40000"),
        (Field::CmeCredits, "2.5"),
        (Field::SubmissionId, "ccid:lms:1"),
    ];
    let mut row = header.row(1, values.map(|(field, value)| (field, value.to_owned())));
    row.origin = Some(Box::new(Origin::on_record(1, "Harborview", "0001234", "Care of the Heart")));
    row
}

fn written(is_json: bool) -> Vec<u8> {
    let header = formats::learners::header();
    let mut writer = DocumentWriter::begin(Vec::new(), is_json, "2026-11-23T15:00:00Z").unwrap();
    let accepted = Standing {
        destination: "CME",
        status: "Accepted",
        credits: "2.5",
        reported_at: "2026-11-03T08:00:00Z",
        ..Standing::default()
    };
    let rejected = Standing { destination: "ABIM", status: "Rejected", reason: "a < b", is_derived: true, ..accepted };
    writer.write_on_record(&header, &row(), "ccid:0001234:9", &[accepted, rejected]).unwrap();
    writer.finish().unwrap()
}

#[test]
fn what_is_read_back_says_what_each_destination_says_and_can_be_sent_again() {
    for is_json in [true, false] {
        let document = written(is_json);
        let text = String::from_utf8(document.clone()).unwrap();
        for part in
            ["ccid:0001234:9", "ccid:lms:1", "Harborview", "0001234", "Care of the Heart", "Rejected", "isDerived"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
        let rows: Vec<Row> =
            formats::open_held(document, is_json, &Limits::default()).unwrap().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 1);
        assert_eq!((&rows[0].cells, &rows[0].problems), (&row().cells, &vec![]), "{text}");
        assert!(rows[0].origin.as_ref().unwrap().warnings.is_empty());
    }
}

#[test]
fn a_document_in_memory_is_refused_like_a_file() {
    for (text, is_json, code) in [
        ("", true, Code::FileEmpty),
        ("{", true, Code::DocumentTruncated),
        ("{}", true, Code::NoRows),
        ("<a/>", false, Code::NoRows),
        ("<!DOCTYPE a><a/>", false, Code::DocumentType),
    ] {
        let refused = formats::open_held(text.as_bytes().to_vec(), is_json, &Limits::default());
        assert_eq!(refused.err().unwrap()[0].code, code, "{text}");
    }
}
