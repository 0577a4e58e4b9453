//! Every code of a file's form, by a file that has this fault and no other: the one place where a new
//! code gets its case. Each is told with its place and with what to do.

use formats::activities::{ActivityLimits, Code, Problem, Severity, SheetKind, open, read_counts, sniff};
use rust_xlsxwriter::Formula;

use super::{reference, upload};
use crate::sample::{file, repack, workbook, write_row};

const HEAD: &str = "Title\tActivity Format\tStart Date\tEnd Date";
const GOOD: &str = "Knots\tRSS\t3/1/2026\t3/2/2026";

fn xml(inside: &str) -> Vec<u8> {
    format!(
        "<ACCMEActivities><MedicalEducationMetrics><Lom><general><title>Knots</title></general></Lom>\
         <healthcareMetadata><healthcareEducation><startDateTime>2026-03-01</startDateTime>\
         <endDateTime>2026-03-02</endDateTime><activityFormat>RSS</activityFormat></healthcareEducation>\
         </healthcareMetadata>{inside}</MedicalEducationMetrics></ACCMEActivities>"
    )
    .into_bytes()
}

fn more(inside: &str) -> Vec<u8> {
    xml(&format!("<XtensibleInfo>{inside}</XtensibleInfo>"))
}

fn json(inside: &str) -> Vec<u8> {
    format!(
        r#"{{"MedicalEducationMetrics":[{{"Lom":{{"general":{{"title":"Knots"}}}},"healthcareMetadata":
        {{"healthcareEducation":{{"startDateTime":"2026-03-01","endDateTime":"2026-03-02","activityFormat":"RSS"}}}},
        {inside}}}]}}"#
    )
    .into_bytes()
}

/// A sheet with one row and one more column.
fn cell(header: &str, value: &str) -> Vec<u8> {
    format!("{HEAD}\t{header}\n{GOOD}\t{value}\n").into_bytes()
}

fn sheet(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    workbook(|sheet| {
        write_row(sheet, 0, &HEAD.split('\t').collect::<Vec<_>>());
        write_row(sheet, 1, &GOOD.split('\t').collect::<Vec<_>>());
        fill(sheet);
    })
}

fn bomb() -> Vec<u8> {
    let spaces = vec![b' '; 40 << 20];
    let part = "xl/worksheets/sheet1.xml";
    repack(&sheet(|_| ()), |name, bytes| if name == part { [&spaces[..], &bytes].concat() } else { bytes })
}

fn torn() -> Vec<u8> {
    repack(&sheet(|_| ()), |name, bytes| if name.ends_with("sheet1.xml") { b"no xml".to_vec() } else { bytes })
}

/// The code, what its place begins with, and the file.
fn cases() -> Vec<(Code, &'static str, Vec<u8>)> {
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        (Code::FileEmpty, "the file", Vec::new()),
        (Code::FileUnreadable, "the file", torn()),
        (Code::FileWrongType, "the file", text("%PDF-1.7")),
        (Code::FileInflates, "the file", bomb()),
        (Code::HeaderMissing, "the file", text("First Name\tLast Name\tNPI\nA\tB\tC\n")),
        (
            Code::ColumnMissing,
            "the file",
            text("Title\tActivity Format\tStart Date\tCity\nKnots\tRSS\t3/1/2026\tElko\n"),
        ),
        (Code::ColumnRepeated, "the file", format!("{HEAD}\tTITLE\n{GOOD}\tKnots\n").into_bytes()),
        (Code::NoRows, "the file", format!("{HEAD}\n").into_bytes()),
        (Code::EncodingWrong, "line 1", text("<?xml version='1.0' encoding='UTF-16'?><ACCMEActivities/>")),
        (Code::ControlCharacter, "line 1", more("<ProviderID>\u{1}</ProviderID>")),
        (Code::DocumentMalformed, "line 1", text("<ACCMEActivities></MedicalEducationMetrics>")),
        (Code::DocumentMalformed, "line 1", format!("<a><!-- {} --></a>", "x".repeat(2 << 20)).into_bytes()),
        (Code::DocumentTruncated, "line 1", text("<ACCMEActivities><MedicalEducationMetrics>")),
        (Code::DocumentType, "line 1", text("<!DOCTYPE a><ACCMEActivities/>")),
        (Code::EntityUnknown, "line 1", more("<ProviderID>&it;</ProviderID>")),
        (Code::DocumentTooDeep, "line 1", "<a>".repeat(200_000).into_bytes()),
        (Code::SecondRoot, "line 1", [xml(""), xml("")].concat()),
        (Code::RowBroken, "row 2", format!("{HEAD}\n{GOOD}\t\"\n").into_bytes()),
        (Code::RowTooLong, "row 2", format!("{HEAD}\n{GOOD}\tmore\n").into_bytes()),
        (
            Code::CellIsFormula,
            "row 2, City",
            sheet(|sheet| {
                sheet.write_string(0, 4, "City").unwrap();
                sheet.write_formula(1, 4, Formula::new("=1+1")).unwrap();
            }),
        ),
        (Code::CellIsError, "row 2, City", cell("City", "#N/A")),
        (Code::KeyRepeated, "line 3", json(r#""XtensibleInfo":{"REMS":"Opioid Analgesic","REMS":"Mycophenolate"}"#)),
        (Code::TooManyValues, "line 1", more(&"<CommendationTag>Engages Teams</CommendationTag>".repeat(6_000))),
        (Code::ValueTooLong, "row 2, City", cell("City", &"x".repeat(40_000))),
        (Code::InvisibleCharacters, "row 2, City", cell("City", "El\0ko")),
        (Code::ValueIsGroup, "line 1", more("<ForPublicList><a>b</a></ForPublicList>")),
        (Code::TextInGroup, "line 1", more("<CommendationTags>Engages Teams<CommendationTag/></CommendationTags>")),
        (Code::ValueRepeated, "line 1", more("<ForPublicList>1</ForPublicList><ForPublicList>0</ForPublicList>")),
        (Code::ActionUnknown, "row 2, Record Action", cell("Record Action", "Change")),
        (Code::ActivityIdMalformed, "row 2, ACCME Activity ID", cell("ACCME Activity ID", "2026")),
        (Code::ActivityMissing, "row 2", cell("Record Action", "Delete")),
        (
            Code::DateUnreadable,
            "row 2, MOC Board 1 Claim Date",
            cell("MOC Board 1\tMOC Board 1 Claim Date", "ABIM\t2/30/2026"),
        ),
        (Code::NotYesOrNo, "row 2, MIPS", cell("MIPS", "perhaps")),
        (Code::ChoiceUnknown, "row 2, Fee", cell("Fee", "Cheap")),
        (Code::NumberUnreadable, "row 2, Physicians", cell("Physicians", "many")),
        (Code::AmountUnreadable, "row 2, AMA PRA Category 1 Credits", cell("AMA PRA Category 1 Credits", "0.1")),
        (Code::DollarsUnreadable, "row 2, Supporter 1 Amount", cell("Supporter 1\tSupporter 1 Amount", "Acme\t5.50")),
        (
            Code::CurrencyUnknown,
            "line 1",
            xml("<ActivityDescription><commercialSupportAmount currency='EUR' supportSource='Acme'>5\
                 </commercialSupportAmount></ActivityDescription>"),
        ),
        (Code::BoardUnknown, "row 2, MOC Board 1", cell("MOC Board 1", "?")),
        (Code::BoardRepeated, "row 2, MOC Board 2", cell("MOC Board 1\tMOC Board 2", "ABIM\tabim")),
        (Code::GroupIncomplete, "row 2, Other Credit 1", cell("Other Credit 1", "Nursing")),
        (Code::NameUnknown, "line 1", more("<Colour>red</Colour>")),
        (Code::FieldRemoved, "line 1", more("<reportingYear>2020</reportingYear>")),
        (
            Code::FormatRenamed,
            "row 2, Activity Format",
            format!("{HEAD}\n{}\n", GOOD.replace("RSS", "Course")).into_bytes(),
        ),
        (
            Code::ProfessionsSummed,
            "line 1",
            xml("<participationMetrics><participantsByCategory category='nurse' numberOfParticipants='3'/>\
                 </participationMetrics>"),
        ),
    ]
}

/// Everything that a file is told.
fn told(bytes: &[u8]) -> Vec<Problem> {
    match upload(bytes, SheetKind::Activities) {
        Err(problems) => problems,
        Ok(outcome) => {
            let mut all: Vec<Problem> = outcome.fault.iter().cloned().collect();
            for reading in outcome.readings() {
                all.extend(reading.problems);
                all.extend(reading.warnings);
            }
            all
        }
    }
}

#[test]
fn every_code_has_a_file_that_gets_it_with_place_and_remedy_and_no_other() {
    let cases = cases();
    for (code, place, bytes) in &cases {
        let told = told(bytes);
        let start = String::from_utf8_lossy(&bytes[..bytes.len().min(300)]);
        assert_eq!(told.iter().map(Problem::form).collect::<Vec<_>>(), [Some(*code)], "{start}: {told:?}");
        let at = told[0].place.to_string();
        assert!(at.starts_with(place), "{code:?}: {at}");
        assert!(told[0].remedy().len() > 10 && told[0].message().ends_with('.'), "{code:?}");
        // what refuses costs the record, what warns costs nothing
        let goes_through = upload(bytes, SheetKind::Activities)
            .is_ok_and(|outcome| outcome.fault.is_none() && outcome.readings().iter().all(|one| !one.is_refused()));
        assert_eq!(goes_through, code.severity() == Severity::Warns, "{code:?}");
    }
    // what is too large is found by lower limits, with the other hostile documents
    for code in Code::ALL.iter().filter(|code| **code != Code::FileTooLarge) {
        assert!(cases.iter().any(|(of, ..)| of == code), "{code:?} has no case");
    }
}

#[test]
fn a_sheet_of_learner_counts_is_told_the_same_codes() {
    let bytes = "ACCME Activity ID\tPhysicians\tOther Learners\n202600001\tmany\t\n2026\t1\t\n\t1\t\n202600001\t\t\n";
    let file = file(bytes.as_bytes());
    let format = sniff(file.path()).unwrap();
    let records = open(file.path(), format, SheetKind::Counts, &ActivityLimits::default()).unwrap();
    let codes: Vec<_> = records
        .map(|one| read_counts(&one.unwrap().record).problems.iter().filter_map(Problem::form).collect::<Vec<_>>())
        .collect();
    let wanted = [Code::NumberUnreadable, Code::ActivityIdMalformed, Code::ActivityMissing, Code::GroupIncomplete];
    assert_eq!(codes, wanted.map(|code| vec![code]));
    assert!(reference().boards().count() > 1, "the cases above need boards");
}
