//! Sheets of activities and of learner counts: templates, headers, cells, result files.

use std::io::Read;

use domain::Amount;
use domain::activity::{Delivery, Undertaking};
use formats::FileFormat;
use formats::activities::{
    ActivityFormat, ActivityLimits, COLUMNS, RecordResult, Remark, ResultWriter, SheetKind, open, read_counts, sniff,
    template_tsv, template_xlsx,
};
use jiff::civil::date;
use rust_xlsxwriter::{ExcelDateTime, Format};

use super::{id, only, provider, reference, upload};
use crate::sample::{file, patch, workbook, write_row};

fn codes(bytes: &[u8], kind: SheetKind) -> Vec<String> {
    let problems = upload(bytes, kind).err().unwrap_or_default();
    problems.iter().map(|problem| problem.message()).collect()
}

#[test]
fn headers_are_found_by_name_in_any_order_and_number() {
    let text = "Report of our activities\n\n\
        END DATE,start date,Title ,activity format,Supporter 2 Amount,Supporter 2,Supporter,Supporter 1 amount,\
        MOC Board 1,moc board 1 points,MOC Board 1 Credit Types,Delivery,Ours,Reporting Year,Result\n\
        3/31/2026,2026-03-01,T,live course,In kind,B,A,\"$5,000\",abim,1.5,Medical Knowledge; patient safety,\
        In-Person; Live-Streamed,x,2020,Refused\n";
    let outcome = upload(text.as_bytes(), SheetKind::Activities).unwrap();
    let (activity, reading) = only(&outcome);
    assert_eq!(reading.warnings, []);
    assert_eq!((activity.starts_on, activity.ends_on), (date(2026, 3, 1), date(2026, 3, 31)));
    assert_eq!(activity.deliveries, [Delivery::InPerson, Delivery::LiveStreamed]);
    let support: Vec<_> = activity.support.iter().map(|one| (one.source.as_str(), one.dollars)).collect();
    assert_eq!(support, [("A", Some(5000)), ("B", None)]);
    assert_eq!(activity.moc[0].points, Amount::new(150));
    assert_eq!(activity.moc[0].credit_types, ["Medical Knowledge", "Patient Safety"]);
    let file = file(text.as_bytes());
    let format = sniff(file.path()).unwrap();
    let records = open(file.path(), format, SheetKind::Activities, &ActivityLimits::default()).unwrap();
    let told: Vec<_> = records.warnings().iter().map(|warning| warning.message()).collect();
    assert_eq!(told, ["“Ours” is not a name of this format.", "“Reporting Year” is no longer collected."]);
}

#[test]
fn numbers_and_dates_of_a_workbook_are_what_people_see() {
    let bytes = workbook(|sheet| {
        write_row(sheet, 0, &["ACCME Activity ID", "Title", "Activity Format", "Start Date", "End Date", "Physicians"]);
        sheet.write_number(1, 0, 12_345.0).unwrap();
        sheet.write_number(1, 1, 2026.0).unwrap();
        sheet.write_string(1, 2, "Enduring Material").unwrap();
        let day = ExcelDateTime::from_ymd(2026, 3, 1).unwrap();
        sheet.write_datetime_with_format(1, 3, &day, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
        sheet.write_number(1, 4, 46_112.0).unwrap();
        sheet.write_number(1, 5, 0.0).unwrap();
    });
    let (activity, reading) = only(&upload(&bytes, SheetKind::Activities).unwrap());
    assert_eq!(reading.activity_id.unwrap().to_string(), "000012345");
    assert_eq!((activity.title.as_str(), activity.physician_total, activity.other_total), ("2026", Some(0), None));
    assert_eq!((activity.starts_on, activity.ends_on), (date(2026, 3, 1), date(2026, 3, 31)));
}

#[test]
fn formulas_errors_and_stray_cells_cost_only_their_row() {
    let text = "Title\tActivity Format\tStart Date\tEnd Date\n=1+1\tRSS\t3/1/2026\t3/2/2026\nT\t#N/A\t3/1/2026\t3/2/2026\n\
                T\tRSS\t3/1/2026\t3/2/2026\tmore\n'=1+1\tRSS\t3/1/2026\t3/2/2026\n";
    let readings = upload(text.as_bytes(), SheetKind::Activities).unwrap().readings();
    let codes =
        readings.iter().map(|reading| reading.problems.iter().map(|problem| problem.code()).collect::<Vec<_>>());
    assert_eq!(
        codes.collect::<Vec<_>>(),
        [vec!["cell_is_formula"], vec!["cell_is_error"], vec!["row_too_long"], vec![]]
    );
    assert_eq!(readings[3].activity(id(), provider()).unwrap().title, "=1+1");
}

#[test]
fn missing_and_repeated_columns_are_all_named() {
    let text = "Title,Start Date,Title,City\nT,3/1/2026,T,C\n";
    assert_eq!(
        codes(text.as_bytes(), SheetKind::Activities),
        [
            "The column “Activity Format” is missing.",
            "The column “End Date” is missing.",
            "The column “Title” stands there more than once."
        ]
    );
    assert_eq!(codes(b"First Name,Last Name,City\nA,B,C\n", SheetKind::Activities), ["No column names found."]);
    let deletes = "Record Action,ACCME Activity ID,Title\nDelete,202600001,\n";
    assert_eq!(upload(deletes.as_bytes(), SheetKind::Activities).unwrap().readings()[0].problems, []);
}

#[test]
fn undertakings_are_given_with_one_word() {
    let text = "Title,Activity Format,Start Date,End Date,MOC Board 1,MOC Board 1 Undertakings,MOC Board 2,MOC Board 2 Undertakings\n\
                T,RSS,3/1/2026,3/2/2026,ABIM,Yes,ABPath,will answer audits\n";
    let (activity, _) = only(&upload(text.as_bytes(), SheetKind::Activities).unwrap());
    assert!(activity.moc[0].is_attested());
    assert_eq!(activity.moc[1].undertakings, [Undertaking::AnswersAudits]);
}

fn part(archive: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn templates_are_empty_sheets_that_the_reader_knows() {
    for kind in [SheetKind::Activities, SheetKind::Counts] {
        assert_eq!(codes(&template_xlsx(kind, &reference()).unwrap(), kind), ["No activities in it."]);
        assert_eq!(codes(&template_tsv(kind).unwrap(), kind), ["No activities in it."]);
        let header = String::from_utf8(template_tsv(kind).unwrap()).unwrap();
        let file = file(format!("{header}{}x", "\t".repeat(header.matches('\t').count())).as_bytes());
        let records = open(file.path(), sniff(file.path()).unwrap(), kind, &ActivityLimits::default()).unwrap();
        assert_eq!(records.warnings(), [], "every header is known");
    }
}

#[test]
fn the_template_has_drop_downs_notes_and_guidance() {
    let bytes = template_xlsx(SheetKind::Activities, &reference()).unwrap();
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.matches("<dataValidation ").count() > 30);
    let strings = part(&bytes, "xl/sharedStrings.xml");
    for text in ["Supporter 5 Amount", "MOC Board 3 Credit Types", "Joint Provider 1", "Learner Knowledge", "Canada"] {
        assert!(strings.contains(&format!(">{text}<")), "{text}");
    }
    let notes = part(&bytes, "xl/comments1.xml");
    assert!(notes.matches("<comment ").count() >= COLUMNS.len());
    let names = part(&bytes, "xl/workbook.xml");
    for name in ["Activities", "ValidValues", "Reference"] {
        assert!(names.contains(&format!("name=\"{name}\"")));
    }
}

#[test]
fn a_template_filled_in_reads_right() {
    let template = template_xlsx(SheetKind::Activities, &reference()).unwrap();
    let cells: String = [("F", "T"), ("G", "Live Course"), ("H", "03/01/2026"), ("I", "03/02/2026")]
        .map(|(column, value)| format!("<c r=\"{column}3\" t=\"inlineStr\"><is><t>{value}</t></is></c>"))
        .concat();
    let filled = patch(&template, "xl/worksheets/sheet1.xml", |sheet| {
        sheet.replace("</sheetData>", &format!("<row r=\"3\">{cells}</row></sheetData>"))
    });
    let outcome = upload(&filled, SheetKind::Activities).unwrap();
    assert_eq!(outcome.record().number, 3);
    let (activity, reading) = only(&outcome);
    assert_eq!((activity.title.as_str(), reading.warnings.len()), ("T", 0));
}

#[test]
fn learner_counts_update_totals_alone() {
    let text = "Internal Activity ID,ACCME Activity ID,Physicians,Other Learners,Title\n\
                ,202600001,0,,x\nCARD,,\"1,250\",3,\n,,5,5,\n,202600001,,,\n,202600001,-1,many,\n";
    let outcome = upload(text.as_bytes(), SheetKind::Counts).unwrap();
    let counts: Vec<_> = outcome.submitted.iter().map(|one| read_counts(&one.record)).collect();
    assert_eq!((counts[0].activity_id, counts[0].physicians, counts[0].others), (Some(id()), Some(0), None));
    assert_eq!((counts[1].internal_id.as_str(), counts[1].physicians, counts[1].others), ("CARD", Some(1250), Some(3)));
    let codes = |at: usize| counts[at].problems.iter().map(|problem| problem.code()).collect::<Vec<_>>();
    assert_eq!(codes(0), Vec::<&str>::new());
    assert_eq!(codes(2), ["activity_missing"]);
    assert_eq!(codes(3), ["group_incomplete"]);
    assert_eq!(codes(4), ["number_unreadable", "total_negative"]);
    assert_eq!(
        super::told(&counts[4].problems),
        ["number_unreadable row 6, Other Learners", "total_negative row 6, Physicians"]
    );
}

#[test]
fn a_result_file_shows_the_rows_as_they_came_and_can_be_sent_again() {
    let text = "Title,Activity Format,Start Date,End Date,Ours,Result\nT,Seminar,3/1/2026,3/2/2026,=kept,old\n";
    for format in [ActivityFormat::Sheet(FileFormat::Xlsx), ActivityFormat::Sheet(FileFormat::TSV)] {
        let sent = file(text.as_bytes());
        let records =
            open(sent.path(), sniff(sent.path()).unwrap(), SheetKind::Activities, &ActivityLimits::default()).unwrap();
        let columns = records.columns().cloned();
        let result = tempfile::NamedTempFile::new().unwrap();
        let mut writer = ResultWriter::create(result.path(), format, columns.as_ref()).unwrap();
        for submitted in records {
            let submitted = submitted.unwrap();
            let reading = formats::activities::read(submitted.record.clone(), &reference());
            let remarks: Vec<Remark> = reading.problems.iter().map(Remark::from).collect();
            let row = RecordResult { result: "Refused", activity: None, remarks: &remarks };
            assert_eq!(row.codes(), "choice_unknown");
            writer.write(&submitted, &row).unwrap();
        }
        writer.finish().unwrap();
        let again =
            open(result.path(), sniff(result.path()).unwrap(), SheetKind::Activities, &ActivityLimits::default())
                .unwrap();
        let names: Vec<String> = again.columns().unwrap().names().map(str::to_owned).collect();
        assert_eq!(names[4..], ["Ours", "Result", "Problem codes", "What to do", "Activity ID on record"]);
        let cells = again.map(|row| row.unwrap().cells).collect::<Vec<_>>();
        assert_eq!(cells[0][1..7], ["Seminar", "3/1/2026", "3/2/2026", "=kept", "Refused", "choice_unknown"]);
        assert!(cells[0][7].starts_with("Activity Format: “Seminar” is not one of the choices."));
    }
}

#[test]
fn results_of_a_document_name_places_and_values() {
    let text = r#"{"MedicalEducationMetrics":[{"Lom":{"general":{"title":"A & B"}},"healthcareMetadata":
        {"healthcareEducation":{"startDateTime":"x<y","endDateTime":"2026-03-02","activityFormat":"RSS"}}}]}"#;
    for format in [ActivityFormat::Xml, ActivityFormat::Json] {
        let result = tempfile::NamedTempFile::new().unwrap();
        let mut writer = ResultWriter::create(result.path(), format, None).unwrap();
        let outcome = upload(text.as_bytes(), SheetKind::Activities).unwrap();
        let readings = outcome.readings();
        let remarks: Vec<Remark> = readings[0].problems.iter().map(Remark::from).collect();
        let row = RecordResult { result: "Refused", activity: Some(id()), remarks: &remarks };
        writer.write(&outcome.submitted[0], &row).unwrap();
        writer.finish().unwrap();
        let written = std::fs::read_to_string(result.path()).unwrap();
        if format == ActivityFormat::Json {
            let value: serde_json::Value = serde_json::from_str(&written).unwrap();
            let problem = &value["ActivityResults"][0]["problem"][0];
            assert_eq!(problem["code"], "activity_date_unreadable");
            assert_eq!(problem["given"], "x<y");
            assert!(problem["place"].as_str().unwrap().ends_with("/healthcareEducation/startDateTime"));
        } else {
            assert!(written.contains("<given>x&lt;y</given>"), "{written}");
            assert!(written.contains("<activityId>202600001</activityId>"));
        }
    }
}
