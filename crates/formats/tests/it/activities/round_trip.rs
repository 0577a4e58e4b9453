//! Everything we write we can also read: any activity, in every format, comes back the same.

use domain::activity::{Activity, Format, MocRegistration, Pharmacy};
use formats::activities::{
    Action, ActivityFormat, ActivityLimits, DocumentWriter, SheetKind, SheetWriter, Widths, open, record, sniff,
};
use formats::{Encoding, FileFormat};
use jiff::civil::date;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use tempfile::NamedTempFile;

use super::{Outcome, id, invented, provider, reference};

const TEXTS: [FileFormat; 3] = [
    FileFormat::TSV,
    FileFormat::Text { delimiter: b',', encoding: Encoding::Utf8Bom },
    FileFormat::Text { delimiter: b';', encoding: Encoding::Utf8Bom },
];

/// Writes activities and says what the file is.
pub(crate) fn written(activities: &[Activity], format: ActivityFormat) -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    let records: Vec<_> =
        activities.iter().map(|activity| record(activity, &reference(), Some(Action::Update))).collect();
    match format {
        ActivityFormat::Sheet(format) => {
            let mut widths = Widths::default();
            records.iter().for_each(|record| widths.fit(record));
            let mut writer = SheetWriter::create(file.path(), format, &widths).unwrap();
            records.iter().for_each(|record| writer.write(record).unwrap());
            writer.finish().unwrap();
        }
        format => {
            let mut writer = DocumentWriter::begin(std::fs::File::create(file.path()).unwrap(), format).unwrap();
            records.iter().for_each(|record| writer.write(record).unwrap());
            writer.finish().unwrap();
        }
    }
    file
}

fn come_back(activities: &[Activity], format: ActivityFormat) {
    let file = written(activities, format);
    let found = sniff(file.path()).unwrap();
    assert_eq!(found.extension(), format.extension());
    let mut outcome = Outcome { submitted: Vec::new(), fault: None };
    let records = open(file.path(), found, SheetKind::Activities, &ActivityLimits::default());
    for one in records.unwrap_or_else(|problems| panic!("{format:?}: {problems:?}")) {
        outcome.submitted.push(one.unwrap());
    }
    let readings = outcome.readings();
    assert_eq!(readings.len(), activities.len(), "{format:?}");
    for (reading, activity) in readings.iter().zip(activities) {
        assert_eq!(reading.problems, [], "{format:?}");
        assert_eq!(reading.warnings, [], "{format:?}");
        assert_eq!(reading.action, Some(Action::Update));
        assert_eq!(reading.activity_id, Some(activity.id));
        assert_eq!(reading.provider, activity.provider.to_string());
        assert_eq!(reading.close.unwrap_or(false), activity.is_closed);
        let read = reading.activity(id(), provider()).unwrap();
        assert_eq!(Activity { is_closed: activity.is_closed, ..read }, *activity, "{format:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn any_activities_come_back_from_documents(activities in prop::collection::vec(invented::activity(), 1..4)) {
        come_back(&activities, ActivityFormat::Xml);
        come_back(&activities, ActivityFormat::Json);
    }

    #[test]
    fn any_activities_come_back_from_sheets(activities in prop::collection::vec(invented::activity(), 1..3)) {
        for format in TEXTS {
            come_back(&activities, ActivityFormat::Sheet(format));
        }
        come_back(&activities, ActivityFormat::Sheet(FileFormat::Xlsx));
    }

    #[test]
    fn what_we_write_as_json_is_json_to_others(activity in invented::activity()) {
        let file = written(std::slice::from_ref(&activity), ActivityFormat::Json);
        let value: serde_json::Value = serde_json::from_slice(&std::fs::read(file.path()).unwrap()).unwrap();
        let title = &value["ACCMEActivities"]["MedicalEducationMetrics"][0]["Lom"]["general"]["title"];
        prop_assert_eq!(title.as_str(), Some(activity.title.as_str()));
    }
}

/// Names of the fields that differ from those of an empty activity. A new field that is not compared here
/// does not compile.
fn filled(activity: &Activity) -> Vec<&'static str> {
    let empty = Activity::draft(id(), provider(), "", Format::LiveCourse, date(2000, 1, 1), date(2000, 1, 1));
    macro_rules! differing {
        ($of:ident { $($field:ident),+ $(,)? } in $one:expr, $other:expr) => {{
            let $of { $($field),+ } = $one;
            let mut names = Vec::new();
            $(if *$field != $other.$field { names.push(stringify!($field)); })+
            names
        }};
    }
    let mut names = differing!(Activity {
        id, provider, internal_id, title, format, starts_on, ends_on, deliveries, city, state, country, credit,
        other_credits, description, providership, joint_providers, is_interprofessional, professions, specialties,
        in_passport, url, fee, registration, outcomes, has_support, support, physician_total, other_total,
        other_breakdown, commendation_tags, is_mips, rems, has_state_topics, state_topics, outlines, pharmacy, moc,
        is_closed,
    } in activity, empty);
    if let Some(pharmacy) = &activity.pharmacy {
        names.extend(differing!(Pharmacy {
            activity_type, topic, live_on, sequence_number, uan, uan_technician, has_recertification, recertification,
            has_content_tags, content_states, content_topics,
        } in &**pharmacy, Pharmacy::default()));
    }
    for moc in &activity.moc {
        let MocRegistration { board: _, points, credit_types, practice_areas, claim_until, undertakings } = moc;
        let parts = [
            ("points", !points.is_zero()),
            ("credit_types", !credit_types.is_empty()),
            ("practice_areas", !practice_areas.is_empty()),
            ("claim_until", claim_until.is_some()),
            ("some undertakings", !undertakings.is_empty() && !moc.is_attested()),
            ("all undertakings", moc.is_attested()),
        ];
        names.extend(parts.into_iter().filter(|(_, is_there)| *is_there).map(|(name, _)| name));
    }
    let kinds = [
        ("cash", activity.support.iter().any(|one| one.dollars.is_some())),
        ("in kind", activity.support.iter().any(|one| one.dollars.is_none())),
        ("several boards", activity.moc.len() > 1),
        ("a series", activity.format == Format::RegularlyScheduledSeries),
        ("no learners", activity.physician_total == Some(0)),
    ];
    names.extend(kinds.into_iter().filter(|(_, is_there)| *is_there).map(|(name, _)| name));
    names
}

#[test]
fn every_field_and_format_is_among_what_comes_back() {
    let mut runner = TestRunner::deterministic();
    let all: Vec<Activity> = (0..300).map(|_| invented::activity().new_tree(&mut runner).unwrap().current()).collect();
    let mut seen: Vec<&str> = all.iter().flat_map(filled).collect();
    seen.sort_unstable();
    seen.dedup();
    // id and provider are those of the empty one: they are asked for by themselves
    assert_eq!(seen.len(), 36 + 11 + 6 + 5, "{seen:?}");
    for format in Format::ALL {
        assert!(all.iter().any(|activity| activity.format == *format), "{format}");
    }
    for some in all.chunks(50) {
        for format in [ActivityFormat::Xml, ActivityFormat::Json, ActivityFormat::Sheet(FileFormat::Xlsx)] {
            come_back(some, format);
        }
        come_back(some, ActivityFormat::Sheet(FileFormat::TSV));
    }
}
