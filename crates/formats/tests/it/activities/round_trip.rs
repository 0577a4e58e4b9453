//! Everything we write we can also read: any activity, in every format, comes back the same.

use domain::activity::Activity;
use formats::activities::{
    Action, ActivityFormat, ActivityLimits, DocumentWriter, SheetKind, SheetWriter, Widths, open, record, sniff,
};
use formats::{Encoding, FileFormat};
use proptest::prelude::*;
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
