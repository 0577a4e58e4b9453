//! Any learner file, written in each format, reads to the same reports.

use std::path::Path;

use domain::Field;
use domain::report::LearnerReport;
use formats::learners::{DocumentWriter, ReportResult, ResultWriter, header, template};
use formats::result::{RowResult, Writer};
use formats::{Encoding, FileFormat, Header, Row};
use proptest::prelude::*;
use proptest::sample::select;

use crate::sample::{Outcome, read, read_whole};

fn choice(values: &'static [&'static str]) -> impl Strategy<Value = String> {
    select(values.to_vec()).prop_map(str::to_owned)
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => "[A-Za-zñ'&<>;, -]{0,12}".prop_map(|text| text.trim().to_owned()),
        1 => choice(&["=1+1", "+Ana", "@x", "'=x", "'Neil", "]]>", "&amp;", "null", "007", "北京", "a\"b"]),
    ]
}

const AMOUNTS: &[&str] = &["1.25", "2", "0.50", "0.1", "-1", "one", "1e2", "1,000", "", "", "+1", ".5", "#N/A"];

/// A row of any content, by field. Its credit types follow one another, as in a document.
fn values() -> impl Strategy<Value = Vec<(Field, String)>> {
    let who = (
        choice(&["Add", "delete", "ADD", "Change", ""]),
        choice(&["202600001", "12345", "", "2.026E+08"]),
        choice(&["3/14/2026", "2026-03-14", "soon", "02/30/2026", "", "2026-03-14T10:00:00Z"]),
        text(),
        text(),
        choice(&["02/29", "2-3", "13/45", "1980-03-07", "", "soon"]),
        choice(&["California", "ny", "", "Narnia", "", "Puerto Rico"]),
        choice(&["A012345", "1234567893", "", "3.5E+07", "=x"]),
    );
    let credit = (
        choice(AMOUNTS),
        choice(&["ABIM", "abs", "", "ABXX", "ABPath", ""]),
        choice(&["123456", "", "9-A"]),
        choice(AMOUNTS),
        prop::collection::vec(
            (choice(&["Medical Knowledge", "self-assessment", "Poetry", "Patient Safety", ""]), choice(AMOUNTS))
                .prop_filter("a pair of nothing is none", |(name, amount)| !name.is_empty() || !amount.is_empty()),
            0..4,
        ),
        choice(&["", "ccid:acme:17", "2026-000417", "ccid:17"]), // any text is a key, of any form
        prop::option::of((choice(&["L-1", ""]), choice(&["Pharmacist", ""]), choice(&["Yes", "No", "perhaps", ""]))),
        choice(&["", "CARD-26-03"]),
    );
    (who, credit).prop_map(|(who, credit)| {
        let (action, activity, date, first, last, birth, state, identifier) = who;
        let (cme, board, diplomate, total, types, submission, rems, internal) = credit;
        let mut values = vec![
            (Field::RecordAction, action),
            (Field::ActivityId, activity),
            (Field::CompletionDate, date),
            (Field::FirstName, first),
            (Field::LastName, last + "x"),
            (Field::Birth, birth),
            (Field::State, state),
            (Field::Identifier, identifier),
            (Field::CmeCredits, cme),
            (Field::Board, board),
            (Field::DiplomateId, diplomate),
            (Field::BoardCredits, total),
            (Field::SubmissionId, submission),
            (Field::InternalActivityId, internal),
        ];
        for (nth, (name, amount)) in (0..).zip(types) {
            values.extend([(Field::CreditType(nth), name), (Field::CreditTypeAmount(nth), amount)]);
        }
        if let Some((local, profession, surgical)) = rems {
            values.extend([
                (Field::RemsLocalId, local),
                (Field::RemsProfession, profession),
                (Field::RemsSurgical, surgical),
            ]);
        }
        values
    })
}

fn write_sheet(path: &Path, format: FileFormat, header: &Header, rows: &[Row]) {
    let mut writer = Writer::create(path, format, header).unwrap();
    rows.iter().for_each(|row| writer.write(&row.cells, &RowResult::default()).unwrap());
    writer.finish().unwrap();
}

fn document(is_json: bool, header: &Header, rows: &[Row]) -> Vec<u8> {
    let mut writer = DocumentWriter::begin(Vec::new(), is_json, "2026-03-15T09:30:00Z").unwrap();
    rows.iter().for_each(|row| writer.write(header, row).unwrap());
    writer.finish().unwrap()
}

/// Reports with no places: those are a format's own affair.
fn reports(outcome: &Outcome) -> Vec<LearnerReport> {
    let mut reports = outcome.reports();
    for problem in reports.iter_mut().flat_map(|report| &mut report.problems) {
        problem.at.clear();
    }
    reports
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn any_learner_file_reads_alike_from_each_format(of_rows in prop::collection::vec(values(), 1..5)) {
        let header = header();
        let rows: Vec<Row> = (1..).zip(of_rows).map(|(number, values)| header.row(number, values)).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("learners");
        let mut found = Vec::new();
        for format in [
            FileFormat::Xlsx,
            FileFormat::TSV,
            FileFormat::Text { delimiter: b',', encoding: Encoding::Utf8Bom },
        ] {
            write_sheet(&path, format, &header, &rows);
            found.push((format, reports(&read(&path).unwrap())));
        }
        for format in [FileFormat::Xml, FileFormat::Json] {
            let bytes = document(format == FileFormat::Json, &header, &rows);
            found.push((format, reports(&read_whole(&bytes))));
        }
        for (format, reports) in &found {
            prop_assert_eq!(reports, &found[0].1, "{:?}", format);
        }
    }

    #[test]
    fn a_result_document_reads_back_as_what_was_sent(of_rows in prop::collection::vec(values(), 1..4)) {
        let header = header();
        let rows: Vec<Row> = (1..).zip(of_rows).map(|(number, values)| header.row(number, values)).collect();
        for is_json in [false, true] {
            let sent = read_whole(&document(is_json, &header, &rows));
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("result");
            let mut writer = ResultWriter::create(&path, is_json, &header, "2026-03-15T09:30:00Z").unwrap();
            for (row, report) in sent.rows.iter().zip(sent.reports()) {
                let mut problems = report.problems;
                row.place(&mut problems);
                let result = ReportResult { result: "Refused", credit_id: "ccid:0001234:1", problems: &problems };
                writer.write(row, &result).unwrap();
            }
            writer.finish().unwrap();
            let back = read(&path).unwrap();
            prop_assert_eq!(reports(&back), reports(&sent));
            prop_assert_eq!(&back.rows[0].origin.as_ref().unwrap().warnings, &vec![]);
            if is_json {
                let value: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
                let first = &value["ACCMELearnerReports"]["ActivityReports"]["ActivityReport"][0];
                prop_assert_eq!(first["Result"]["result"].as_str(), Some("Refused"));
            }
        }
    }
}

#[test]
fn the_templates_of_documents_are_good_files() {
    for is_json in [false, true] {
        let outcome = read_whole(&template(is_json).unwrap());
        assert_eq!(outcome.codes(), [[]]);
        assert_eq!(outcome.rows[0].origin.as_ref().unwrap().warnings, []);
    }
}
