//! Documents written by hand from the reference drafts and templates: each spelling, nesting and order
//! that the drafts have reads as the same two activities. All of it is invented.
//!
//! `schema.json` goes by the JSON schema, `service.json` by the web service's, `metrics.xml` by the
//! metadata standard, `columns.txt` by our template; the two `before-2021` hold what is no longer used.

use domain::activity::{
    Activity, Delivery, Fee, Format, MeasuredOutcome, MocRegistration, Outline, OutlineKey, ProfessionCount,
    Providership, Registration, Rems, StateTopic, Support,
};
use domain::{Amount, Board};
use formats::activities::{Action, SheetKind};
use jiff::civil::date;
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat};

use super::{Outcome, id, provider, upload};
use crate::sample::workbook;

const SCHEMA: &str = include_str!("drafts/schema.json");
const SERVICE: &str = include_str!("drafts/service.json");
const METRICS: &str = include_str!("drafts/metrics.xml");
const COLUMNS: &str = include_str!("drafts/columns.txt");

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

fn series() -> Activity {
    let registered = |board: &str, points, types: &[&str], areas: &[&str], claim_until| MocRegistration {
        board: Board::read(board).unwrap(),
        points: Amount::new(points),
        credit_types: texts(types),
        practice_areas: texts(areas),
        claim_until,
        undertakings: vec![],
    };
    let measured = |outcome: &str, objective| MeasuredOutcome { outcome: outcome.into(), objective, subjective: true };
    let key = OutlineKey { keyword: "Level 3 ID".into(), value: "1.2.3".into() };
    Activity {
        internal_id: "RR-26".into(),
        deliveries: vec![Delivery::InPerson, Delivery::LiveStreamed],
        city: "Oakland".into(),
        state: "CA".into(),
        country: "USA".into(),
        credit: Some(Amount::new(2_450)),
        description: "A case each week.\nWhat we would do again.".into(),
        providership: Some(Providership::Joint),
        joint_providers: texts(&["Heart Alliance of Reno", "Valley Clinic"]),
        specialties: texts(&["Cardiology"]),
        in_passport: Some(true),
        url: "https://harborview.example/rounds".into(),
        fee: Some(Fee::Free),
        registration: Some(Registration::Limited),
        outcomes: vec![measured("knowledge", true), measured("patient_health", false)],
        has_support: Some(true),
        support: vec![
            Support { source: "Harrowgate Therapeutics".into(), dollars: Some(5_000) },
            Support { source: "Sutter Devices".into(), dollars: None },
        ],
        physician_total: Some(120),
        other_total: Some(35),
        commendation_tags: texts(&["Engages Teams"]),
        is_mips: Some(true),
        rems: Some(Rems { kind: "Opioid Analgesic".into(), identifier: "EG-123456-001".into() }),
        has_state_topics: Some(true),
        state_topics: vec![StateTopic { domain: "Opioids".into(), topic: "Prescribing".into() }],
        outlines: vec![Outline { source: "01_ABAMCO".into(), keys: vec![key] }],
        moc: vec![
            // the drafts' home of practice areas is the activity's specialties
            registered(
                "ABIM",
                2_450,
                &["Medical Knowledge", "Patient Safety"],
                &["Cardiology"],
                Some(date(2027, 1, 31)),
            ),
            registered("ABPath", 1_000, &["Lifelong Learning"], &[], None),
        ],
        ..Activity::draft(
            id(),
            provider(),
            "Rounds in Rhythm",
            Format::RegularlyScheduledSeries,
            date(2026, 1, 7),
            date(2026, 12, 16),
        )
    }
}

fn films() -> Activity {
    Activity {
        internal_id: "KN-26".into(),
        deliveries: vec![Delivery::Online],
        credit: Some(Amount::new(150)),
        description: "Twelve films.".into(),
        providership: Some(Providership::Direct),
        in_passport: Some(false),
        has_support: Some(false),
        ..Activity::draft(
            id(),
            provider(),
            "Knots & “Sutures” at Home",
            Format::EnduringMaterial,
            date(2026, 2, 1),
            date(2028, 1, 31),
        )
    }
}

/// The template's text as a workbook in which numbers are numbers and dates are dates.
fn as_workbook() -> Vec<u8> {
    let mut rows = COLUMNS.replace("\"A case each week.\n", "A case each week.\r").replace("again.\"", "again.");
    rows = rows.trim_end().to_owned();
    workbook(|sheet| {
        for (at, row) in (0..).zip(rows.split('\n')) {
            for (column, cell) in (0..).zip(row.split('\t')) {
                let day = match cell.split('/').collect::<Vec<_>>()[..] {
                    [month, day, year] if cell.len() == 10 => {
                        ExcelDateTime::from_ymd(year.parse().unwrap(), month.parse().unwrap(), day.parse().unwrap())
                            .ok()
                    }
                    _ => None,
                };
                if let Some(day) = day {
                    let format = CellFormat::new().set_num_format("d-mmm-yy");
                    sheet.write_datetime_with_format(at, column, &day, &format).unwrap();
                } else if let Ok(number) = cell.parse::<f64>() {
                    sheet.write_number(at, column, number).unwrap();
                } else if at > 0 && (cell == "Yes" || cell == "No") {
                    sheet.write_boolean(at, column, cell == "Yes").unwrap();
                } else if !cell.is_empty() {
                    sheet.write_string(at, column, cell.replace('\r', "\n")).unwrap();
                }
            }
        }
    })
}

/// Reads a file whose records all go through; the codes of the warnings of each.
fn read_all(bytes: &[u8], name: &str) -> (Vec<Activity>, Vec<Vec<&'static str>>, Outcome) {
    let outcome = upload(bytes, SheetKind::Activities).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
    assert_eq!(outcome.fault, None, "{name}");
    let readings = outcome.readings();
    for reading in &readings {
        assert_eq!(reading.problems, [], "{name}");
    }
    let activities = readings.iter().map(|reading| reading.activity(id(), provider()).unwrap()).collect();
    let warnings = readings.iter().map(|reading| reading.warnings.iter().map(|one| one.code()).collect()).collect();
    (activities, warnings, outcome)
}

#[test]
fn every_draft_and_template_reads_as_the_same_activities() {
    let files: [(&str, Vec<u8>); 5] = [
        ("service.json", SERVICE.into()),
        ("metrics.xml", METRICS.into()),
        ("columns.txt", COLUMNS.into()),
        (
            "columns.csv",
            COLUMNS
                .replace(',', ";")
                .replace('\t', ",")
                .replace("No; it", "\"No, it")
                .replace("s free", "s free\"")
                .into(),
        ),
        ("columns.xlsx", as_workbook()),
    ];
    for (name, bytes) in files {
        let (activities, warnings, outcome) = read_all(&bytes, name);
        assert_eq!(activities, [series(), films()], "{name}");
        assert_eq!(warnings, [&[] as &[&str], &[]], "{name}");
        let readings = outcome.readings();
        let asked: Vec<_> = readings.iter().map(|reading| (reading.action, reading.close.unwrap_or(false))).collect();
        assert_eq!(asked, [(Some(Action::Update), false), (Some(Action::Add), false)], "{name}");
        let named: Vec<_> = readings.iter().map(|reading| reading.activity_id).collect();
        assert_eq!(named, [Some(id()), None], "{name}");
    }
}

#[test]
fn the_schema_of_the_draft_tells_more_and_the_rest_is_the_same() {
    let (activities, warnings, outcome) = read_all(SCHEMA.as_bytes(), "schema.json");
    let more = Activity {
        is_interprofessional: Some(false),
        professions: texts(&["Nurse"]),
        other_breakdown: vec![ProfessionCount { profession: "Nurse".into(), count: 30 }],
        ..series()
    };
    assert_eq!(activities, [more, films()]);
    assert_eq!(warnings, [&["professions_summed"] as &[&str], &[]]);
    assert!(outcome.readings().iter().all(|reading| reading.provider == "0001234"));
}

#[test]
fn what_is_no_longer_used_is_told_and_never_refused() {
    let old_xml = include_str!("drafts/before-2021.xml");
    let windows: Vec<u8> = old_xml.chars().map(|letter| u8::try_from(letter).unwrap()).collect();
    let (activities, warnings, _) = read_all(&windows, "before-2021.xml");
    // nobody asked about totals then either; zero is a value, empty is not
    assert_eq!(activities, [films()]);
    let removed = ["field_removed"; 3];
    assert_eq!(warnings, [[&removed[..], &["format_renamed"]].concat()]);
    let old_csv = include_str!("drafts/before-2021.csv");
    let (activities, warnings, _) = read_all(old_csv.as_bytes(), "before-2021.csv");
    assert_eq!((activities, warnings), (vec![films()], vec![vec!["format_renamed"]]));
    let file = crate::sample::file(old_csv.as_bytes());
    let format = formats::activities::sniff(file.path()).unwrap();
    let limits = formats::activities::ActivityLimits::default();
    let records = formats::activities::open(file.path(), format, SheetKind::Activities, &limits).unwrap();
    let told: Vec<_> = records.warnings().iter().map(|warning| warning.message()).collect();
    let columns = ["Reporting Year", "Hours of Instruction", "Competencies"];
    assert_eq!(told, columns.map(|name| format!("“{name}” is no longer collected.")));
}

#[test]
fn every_old_name_of_a_format_is_read_in_every_format_of_file() {
    let names = [
        ("Course", Format::LiveCourse, Some(Delivery::InPerson)),
        ("Internet Live Course", Format::LiveCourse, Some(Delivery::LiveStreamed)),
        ("Internet Enduring Material", Format::EnduringMaterial, Some(Delivery::Online)),
        ("Performance Improvement", Format::QualityImprovement, None),
    ];
    for (name, format, delivery) in names {
        let expected = Activity { format, deliveries: delivery.into_iter().collect(), ..films() };
        let json =
            SERVICE.replace(r#""activityFormat": "Enduring Material""#, &format!(r#""activityFormat": "{name}""#));
        let json = json.replace(r#""DeliveryMethods": { "DeliveryMethod": ["Online"] }, "#, "");
        let xml = METRICS.replace("<activityFormat>Enduring Material", &format!("<activityFormat>{name}"));
        let xml = xml.replace("<DeliveryMethods><DeliveryMethod>Online</DeliveryMethod></DeliveryMethods>", "");
        let text = COLUMNS.replace("Enduring Material", name).replace("\tOnline\t", "\t\t");
        for (kind, bytes) in [("json", json), ("xml", xml), ("txt", text)] {
            let (activities, warnings, _) = read_all(bytes.as_bytes(), kind);
            assert_eq!(activities[1], expected, "{kind}");
            assert_eq!(warnings, [&[] as &[&str], &["format_renamed"]], "{kind}");
        }
    }
}
