//! The same reports in five formats through the whole path, and what is of XML and JSON alone.

use app::submissions::{self, Body, Call, DocumentFormat, Submission};
use domain::upload::{RowResult, UploadStatus};
use domain::{Code, Field, Problem};
use formats::learners::DocumentWriter;
use formats::result::{RowResult as Cells, Writer};
use formats::{Encoding, FileFormat, Row};
use store::completions::Person;
use store::uploads::Upload;
use testkit::records::{self, HEADER, PHYSICIANS, activity_id, file, physician, row, row_with_points};

use crate::world::World;

const COMMAS: FileFormat = FileFormat::Text { delimiter: b',', encoding: Encoding::Utf8Bom };
const FIVE: [FileFormat; 5] = [FileFormat::Xlsx, FileFormat::TSV, COMMAS, FileFormat::Xml, FileFormat::Json];

/// A tab-delimited file as a file of another format.
pub(crate) fn written(tabs: &str, format: FileFormat) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("learners");
    std::fs::write(&path, tabs).unwrap();
    let batch = formats::open(&path, FileFormat::TSV, &Default::default()).unwrap();
    let header = batch.header().clone();
    let rows: Vec<Row> = batch.map(Result::unwrap).collect();
    match format {
        FileFormat::Xml | FileFormat::Json => {
            let is_json = format == FileFormat::Json;
            let mut writer = DocumentWriter::begin(Vec::new(), is_json, "2026-11-03T08:00:00Z").unwrap();
            rows.iter().for_each(|row| writer.write(&header, row).unwrap());
            writer.finish().unwrap()
        }
        FileFormat::Xlsx | FileFormat::Text { .. } => {
            let mut writer = Writer::create(&path, format, &header).unwrap();
            rows.iter().for_each(|row| writer.write(&row.cells, &Cells::default()).unwrap());
            writer.finish().unwrap();
            std::fs::read(&path).unwrap()
        }
    }
}

/// What is stored of an upload, the same for every format: counts, results in order, problems, live credit.
async fn stored(world: &World, upload: &Upload) -> Vec<String> {
    let header: formats::Header = serde_json::from_str(upload.header.as_deref().unwrap()).unwrap();
    let scope = world.scope();
    let mut said = vec![format!("{:?} {:?}", upload.status, upload.counts)];
    let mut tx = world.app.store.read().await.unwrap();
    for (nth, row) in
        store::upload_rows::list_results(&mut tx, &scope, upload.id, 0, 1_000).await.unwrap().into_iter().enumerate()
    {
        let placeless = |problem: Problem| Problem { at: String::new(), ..problem };
        let problems: Vec<Problem> = row.problems.into_iter().map(placeless).collect();
        let name = row.cells.map(|cells| header.cell(&cells, Field::LastName).to_owned());
        said.push(format!("{nth} {:?} {name:?} {problems:?}", row.result));
    }
    for n in 0..PHYSICIANS {
        let person = Person::Physician(physician(n).id);
        for live in store::completions::live(&mut tx, &scope, activity_id(), &[person]).await.unwrap() {
            let mut credits: Vec<String> = live
                .credits
                .iter()
                .map(|credit| format!("{} {} {:?}", credit.kind.key(), credit.amount, credit.types))
                .collect();
            credits.sort();
            said.push(format!("{n} {} {credits:?}", live.completed_on));
        }
    }
    drop(tx);
    let sql = "select first_name || ' ' || last_name || ' ' || coalesce(birth, '') || ' ' || learner_identifier || ' '
               || submission_id from completion order by 1";
    said.extend(testkit::database::texts(&world.test.address, sql).await);
    let report = world.assert_sound().await;
    said.push(format!("{} leaves, {} credits", report.leaves, report.credits));
    said
}

/// Good rows and bad ones of every check.
fn mixed() -> String {
    file(0..6)
        + &row_with_points(7, "2", "2")
        + &row_with_points(8, "2", "1.5").replace("medical knowledge", "Poetry")
        + &row_with_points(9, "2", "11")
        + &row("Add", 10, "0.1")
        + &row("Add", 11, "11")
        + &row("Add", 12, "2").replace("11/02/2026", "02/30/2026")
        + &row("Add", 13, "2").replace("202600001", "202699999")
        + &row("Add", 14, "2").replace(&physician(14).last, "Nobody").replace(&physician(14).first, "Zenith")
        + &row("Add", 15, "2").replace("\tCA\t", "\tNarnia\t")
        + &row("Add", 0, "2")
        + &row("Add", 1, "3")
        + &row("Delete", 2, "2")
        + &row("Delete", 2, "2")
        + &row("Change", 16, "2").replace(&physician(16).first, "")
        + &row("Add", 17, "2").replace(&physician(17).licenses[0].number, "")
}

#[tokio::test]
async fn the_same_reports_in_five_formats_are_stored_alike() {
    let mut first: Option<Vec<String>> = None;
    for format in FIVE {
        let world = World::new().await;
        let upload = world.upload_bytes(&written(&mixed(), format)).await;
        assert_eq!(upload.status, UploadStatus::Done);
        assert_eq!(upload.file_format, serde_json::to_string(&formats_of(&world, &upload)).unwrap());
        let stored = stored(&world, &upload).await;
        assert!(stored.len() > 25 && upload.counts.refused >= 10 && upload.counts.accepted >= 7, "{stored:#?}");
        match &first {
            None => first = Some(stored),
            Some(first) => assert_eq!(&stored, first, "{format:?}"),
        }
    }
}

#[tokio::test]
async fn the_same_reports_in_a_request_are_stored_as_those_of_a_file() {
    let as_file = World::new().await;
    let upload = as_file.upload_bytes(&written(&mixed(), FileFormat::TSV)).await;
    let of_file = stored(&as_file, &upload).await;
    for (format, document) in [(DocumentFormat::Json, FileFormat::Json), (DocumentFormat::Xml, FileFormat::Xml)] {
        let world = World::new().await;
        let call = Call { sender: "Program", format, key: None, permission_held: true };
        let body = Body::Held(written(&mixed(), document));
        let submission = submissions::submit(&world.app, &world.actor, &call, body).await.unwrap();
        let Submission::Settled(settled) = submission else { panic!("{submission:?}") };
        assert_eq!(settled.records.len() as i64, upload.counts.rows);
        assert_eq!(stored(&world, &world.find(settled.upload).await).await, of_file, "{format:?}");
    }
}

/// The format that was found by the file's content.
fn formats_of(world: &World, upload: &Upload) -> FileFormat {
    formats::sniff(&world.app.config.uploads().join(upload.id.to_string())).unwrap()
}

async fn result(world: &World, upload: &Upload, which: app::uploads::Which) -> (String, String) {
    let file = app::uploads::result_file(&world.app, &world.scope(), upload.id, which).await.unwrap();
    (file.name.clone(), std::fs::read_to_string(&file.path).unwrap())
}

#[tokio::test]
async fn a_result_document_says_what_became_of_each_report_and_goes_in_again_as_it_is() {
    for (format, kind) in [(FileFormat::Xml, "xml"), (FileFormat::Json, "json")] {
        let world = World::new().await;
        let tabs = file(0..2) + &row("Add", 8, "0.1") + &row("Add", 9, "11");
        let upload = world.upload_bytes(&written(&tabs, format)).await;
        assert_eq!((upload.counts.accepted, upload.counts.refused), (2, 2));
        let (name, all) = result(&world, &upload, app::uploads::Which::All).await;
        assert_eq!(name, format!("learners-result.{kind}"));
        assert_eq!((all.matches("Accepted").count(), all.matches("Refused").count()), (2, 2), "{all}");
        assert!(all.contains("ccid:0001234:") && all.contains("amount_not_a_quarter"), "{all}");
        assert!(all.contains("CreditReceived/numberOfCredits"), "{all}");
        let (name, refused) = result(&world, &upload, app::uploads::Which::Refused).await;
        assert_eq!(name, format!("learners-refused.{kind}"));
        assert!(!refused.contains("Accepted") && refused.contains("credit_above_activity"), "{refused}");
        // what is corrected of it is sent as it is
        let corrected = match format {
            FileFormat::Xml => refused.replace(">0.1<", ">1.25<").replace(">11<", ">4<"),
            _ => refused.replace(":0.1", ":1.25").replace(":11}", ":4}"),
        };
        let again = world.upload_bytes(corrected.as_bytes()).await;
        assert_eq!((again.counts.rows, again.counts.accepted), (2, 2), "{corrected}");
        assert_eq!(world.assert_sound().await.credits, 4);
        // and the whole result changes nothing
        let (_, all) = result(&world, &again, app::uploads::Which::All).await;
        let same = world.upload_bytes(all.as_bytes()).await;
        assert_eq!(same.counts.already_reported, 2, "{all}");
    }
}

#[tokio::test]
async fn a_report_corrected_on_screen_keeps_its_place_and_is_in_the_result() {
    let world = World::new().await;
    let upload = world
        .upload_bytes(&written(&(HEADER.to_owned() + &row("Add", 8, "0.1") + &row("Add", 9, "11")), FileFormat::Xml))
        .await;
    let scope = world.scope();
    let refused = || async {
        let mut tx = world.app.store.read().await.unwrap();
        store::upload_rows::list_refused(&mut tx, &scope, upload.id, None, 0, 10).await.unwrap()
    };
    let before = refused().await;
    assert!(before[0].problems[0].at.starts_with("line 5, column "), "{:?}", before[0].problems);
    let header: formats::Header = serde_json::from_str(upload.header.as_deref().unwrap()).unwrap();
    let credits = header.column(Field::CmeCredits).unwrap();
    let corrections = before.iter().zip(["1.25", "12"]).map(|(row, typed)| {
        let mut cells = row.cells.clone();
        cells[credits] = typed.into();
        app::uploads::Correction { row: row.number, cells }
    });
    let corrected = app::uploads::correct(&world.app, &world.actor, upload.id, corrections.collect()).await.unwrap();
    assert_eq!((corrected.count(RowResult::Accepted), corrected.count(RowResult::Refused)), (1, 1));
    let left = refused().await;
    assert_eq!((left[0].cells[credits].as_str(), left[0].problems[0].code), ("12", Code::CreditAboveActivity));
    assert_eq!(left[0].problems[0].at, before[1].problems[0].at);
    let (_, all) = result(&world, &upload, app::uploads::Which::All).await;
    assert!(all.contains("<numberOfCredits>1.25<") && all.contains("<numberOfCredits>12<"), "{all}");
}

#[tokio::test]
async fn what_a_document_alone_can_say_wrong_waits_until_the_row_is_changed() {
    let world = World::new().await;
    let good = String::from_utf8(written(&file(0..1), FileFormat::Xml)).unwrap();
    let own = "<ProviderOrganization></ProviderOrganization>";
    let cases = [
        (own, "<ProviderOrganization>7654</ProviderOrganization>", Code::ProviderDiffers),
        ("<Status>Completed<", "<Status>Incomplete<", Code::StatusNotCompleted),
        ("<Activity>", "<Grade>A</Grade><Activity>", Code::ElementUnknown),
    ];
    for (from, to, code) in cases {
        let text = good.replace(from, to);
        assert_ne!(text, good);
        let upload = world.upload_bytes(text.as_bytes()).await;
        assert_eq!(upload.counts.refused, 1, "{code}");
        app::uploads::resubmit(&world.app, &world.actor, upload.id).await.unwrap();
        records::work(&world.app).await;
        let mut tx = world.app.store.read().await.unwrap();
        let refused = store::upload_rows::list_refused(&mut tx, &world.scope(), upload.id, None, 0, 10).await.unwrap();
        let codes: Vec<Code> = refused[0].problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, [code]);
        assert!(refused[0].problems[0].at.starts_with("line 5"), "{:?}", refused[0].problems);
    }
    // a program that took the ID for a number has lost its zeros
    let text = good.replace(own, "<ProviderOrganization>1234</ProviderOrganization>");
    assert_eq!(world.upload_bytes(text.as_bytes()).await.counts.accepted, 1);
}

#[tokio::test]
async fn a_document_that_breaks_off_keeps_what_was_good_and_a_hostile_one_nothing() {
    let world = World::new().await;
    let whole = String::from_utf8(written(&file(0..50), FileFormat::Xml)).unwrap();
    let cut = whole.match_indices("<ActivityReport>").nth(29).unwrap().0;
    let broken =
        world.upload_bytes(format!("{}<ActivityReport><Member></ActivityReport>", &whole[..cut]).as_bytes()).await;
    assert_eq!((broken.status, broken.counts.accepted), (UploadStatus::Failed, 29));
    assert_eq!(broken.problems[0].code, Code::DocumentMalformed);
    assert!(broken.problems[0].message().contains("ActivityReport[30]"), "{}", broken.problems[0].message());
    let hostile = whole.replacen("<ACCME", "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><ACCME", 1);
    let hostile = world.upload_bytes(hostile.as_bytes()).await;
    assert_eq!((hostile.status, hostile.counts.rows), (UploadStatus::Failed, 0));
    assert_eq!(hostile.problems[0].message(), "The document has a document type. It stands at line 2, column 1.");
}

/// A report of one learner with CME credit and two boards is two rows: a thousand and a half of them make chunks that
/// end within a report.
#[tokio::test]
async fn a_crash_within_a_document_resumes_at_the_first_unsettled_row() {
    let world = World::new().await;
    let one = written(&(HEADER.to_owned() + &row_with_points(3, "2", "2")), FileFormat::Xml);
    let one = String::from_utf8(one).unwrap();
    let second = "<CreditCertificate><UniqueID domain=\"ABS\">1</UniqueID><CreditReceived>\
                  <activityCertification>Self-Assessment</activityCertification><numberOfCredits>1</numberOfCredits>\
                  </CreditReceived></CreditCertificate></Module>";
    let one = one.replace("</Module>", second);
    let (start, rest) = one.split_once("<ActivityReport>").unwrap();
    let (report, end) = rest.split_once("</ActivityReport>").unwrap();
    let (before, after) =
        (report.split("<CreditCertificate>").next().unwrap(), report.split_once("</Module>").unwrap().1);
    let single = format!("<ActivityReport>{before}</Module>{after}</ActivityReport>\n");
    let double = format!("<ActivityReport>{report}</ActivityReport>\n");
    // one report without credit before them, so that a chunk of a thousand rows ends within a report
    let id = world.receive_bytes(format!("{start}{single}{}{end}", double.repeat(1_500)).as_bytes()).await.upload.id;
    let app = &world.app;
    let mut tx = app.store.write().await.unwrap();
    let now = app.clock.now();
    let job = store::jobs::claim(&mut tx, now, now + 60_000_000).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let mut crashes = 0;
    loop {
        let before = world.find(id).await.rows_done;
        let work = app::uploads::process(app, &job, id);
        let settled_more = async {
            while world.find(id).await.rows_done == before {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            ended = work => {
                ended.unwrap();
                break;
            }
            () = settled_more => crashes += 1, // what worked on it is dropped where it stood
        }
    }
    assert!(crashes > 1, "{crashes}");
    let upload = world.find(id).await;
    assert_eq!((upload.status, upload.counts.rows, upload.rows_done), (UploadStatus::Done, 3_001, 3_001));
    // the learner's points once, all others already reported; nothing is registered with the second board
    let counts = upload.counts;
    assert_eq!((counts.accepted, counts.already_reported, counts.refused), (1, 1_499, 1_501));
    assert_eq!(world.assert_sound().await.credits, 2);
}
