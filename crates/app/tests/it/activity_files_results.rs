//! Result files of activities: what became of each row, in the sheet that came in, which can be
//! corrected and sent again as it is.

use app::activities::exchange::{self, Counts, Which};
use domain::activity::Activity;
use formats::activities::{
    Action, ActivityFormat, ActivityLimits, Field, Record, SheetKind, SheetWriter, Widths, open, sniff,
};
use formats::{Encoding, FileFormat};

use crate::activity_files::{all, course, send, settled, with, written};
use crate::world::World;

fn sheet(format: FileFormat, records: &[Record]) -> Vec<u8> {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut widths = Widths::template();
    records.iter().for_each(|record| widths.fit(record));
    let mut writer = SheetWriter::create(file.path(), format, &widths).unwrap();
    records.iter().for_each(|record| writer.write(record).unwrap());
    writer.finish().unwrap();
    std::fs::read(file.path()).unwrap()
}

/// A sheet's header and rows.
fn cells(bytes: &[u8]) -> (Vec<String>, Vec<Vec<String>>) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let format = sniff(file.path()).unwrap();
    assert!(matches!(format, ActivityFormat::Sheet(_)));
    let records = open(file.path(), format, SheetKind::Activities, &ActivityLimits::default()).unwrap();
    let names = records.columns().unwrap().names().map(str::to_owned).collect();
    (names, records.map(|record| record.unwrap().cells).collect())
}

async fn result(world: &World, file: domain::UploadId, which: Which) -> Vec<u8> {
    let result = exchange::result_file(&world.app, &world.scope(), file, which).await.unwrap();
    std::fs::read(&result.path).unwrap()
}

#[tokio::test]
async fn a_sheet_comes_back_with_codes_remedies_and_ids_and_corrected_it_goes_in() {
    for format in [FileFormat::Xlsx, FileFormat::TSV, FileFormat::Text { delimiter: b',', encoding: Encoding::Utf8Bom }]
    {
        let world = World::new().await;
        let nameless = Activity { title: "Knots".into(), ..course("") };
        let unknown = Activity { id: "999999999".parse().unwrap(), ..course("S-4") };
        let sent = sheet(
            format,
            &[
                written(&world, &course("S-1"), Some(Action::Add)),
                written(&world, &nameless, None),
                with(written(&world, &course("S-3"), None), Field::EndsOn, "2026-05-31"),
                written(&world, &unknown, Some(Action::Update)),
            ],
        );
        let (file, records) = send(&world, &sent).await;
        assert_eq!(file.counts, Counts { added: 2, refused: 2, ..Counts::default() }, "{format:?}: {records:#?}");
        let (head, rows) = cells(&sent);
        let whole = result(&world, file.id, Which::All).await;
        let (names, told) = cells(&whole);
        assert_eq!(names[..head.len()], head);
        assert_eq!(names[head.len()..], ["Result", "Problem codes", "What to do", "Activity ID on record"]);
        for (row, told) in rows.iter().zip(&told) {
            assert_eq!(told[..head.len()], row[..], "{format:?}: the row is not as it came");
        }
        let behind = |n: usize| told[n][head.len()..].iter().map(String::as_str).collect::<Vec<_>>();
        let ids: Vec<String> = records.iter().filter_map(|record| record.activity).map(|id| id.to_string()).collect();
        assert_eq!(behind(0), ["Added", "", "", ids[0].as_str()], "{format:?}");
        assert_eq!(behind(1), ["Added", "", "", ids[1].as_str()], "{format:?}");
        assert_eq!(behind(2)[..2], ["Refused", "end_before_start"]);
        assert!(behind(2)[2].ends_with("The end date must not be before the start date."), "{:?}", behind(2));
        // what only the activities on record have against a row stands in the same columns
        assert_eq!(behind(3)[..2], ["Refused", "activity_not_found"]);
        assert!(behind(3)[2].starts_with("You have no activity 999999999."), "{:?}", behind(3));
        let (_, refused) = cells(&result(&world, file.id, Which::Refused).await);
        assert_eq!(refused, told[2..]);

        // sent again as it is, nothing changes: a row without any ID is known by the one it was given
        let before = all(&world).await;
        let (again, records) = send(&world, &whole).await;
        assert_eq!(again.counts, Counts { unchanged: 2, refused: 2, ..Counts::default() }, "{format:?}: {records:#?}");
        assert_eq!(records[1].activity.map(|id| id.to_string()), Some(ids[1].clone()));
        assert_eq!(all(&world).await, before);
        let (_, once_more) = cells(&result(&world, again.id, Which::All).await);
        assert_eq!(once_more[2..], told[2..], "{format:?}: columns of an earlier result are replaced");

        // corrected in place
        let FileFormat::Text { .. } = format else { continue };
        let text = String::from_utf8(whole).unwrap();
        let corrected = text.replace("05/31/2026", "06/02/2026").replace("999999999", "");
        let corrected = corrected.replace("Update", "");
        let (file, records) = send(&world, corrected.as_bytes()).await;
        assert_eq!(file.counts, Counts { added: 2, unchanged: 2, ..Counts::default() }, "{format:?}: {records:#?}");
        assert_eq!(settled(&world, file.id).await.len(), 4);
    }
}
