//! Files of activities through the whole path: received, settled record by record, and written again.

use app::Error;
use app::activities::exchange::{self, ActivityFile, Counts, ExportFormat, FileKind, Settled, Which};
use app::activities::{self, no_id};
use domain::access::{Actor, ProviderRole, Seat};
use domain::activity::{Activity, Delivery, Fee, Format, MeasuredOutcome, Providership, Registration, Support};
use domain::upload::UploadStatus;
use domain::{ActivityId, Amount, UploadId};
use formats::activities::{Action, ActivityFormat, DocumentWriter, Field, Record, record};
use jiff::civil::date;
use store::activities::{Filter, Sort, Stored};
use testkit::people::{LEARNER_DATA, OTHER_OWNER, PROVIDER, actor};
use testkit::records::{activity_id, work};

use crate::world::World;

/// A course of June with everything that closing needs.
pub(crate) fn course(internal_id: &str) -> Activity {
    Activity {
        internal_id: internal_id.into(),
        deliveries: vec![Delivery::InPerson, Delivery::LiveStreamed],
        city: "Reno".into(),
        state: "NV".into(),
        country: "USA".into(),
        credit: Some(Amount::new(725)),
        description: "Rhythm; rest.\nAnd \"more\" <of> it & =that.".into(),
        providership: Some(Providership::Joint),
        joint_providers: vec!["Heart Society".into(), "=Odd, name".into()],
        in_passport: Some(true),
        url: "https://harborview.example/rhythm".into(),
        fee: Some(Fee::Free),
        registration: Some(Registration::Open),
        outcomes: vec![MeasuredOutcome { outcome: "knowledge".into(), objective: true, subjective: true }],
        has_support: Some(true),
        support: vec![
            Support { source: "Acme Pharma".into(), dollars: Some(5_000) },
            Support { source: "Device Co".into(), dollars: None },
        ],
        physician_total: Some(30),
        other_total: Some(0),
        ..Activity::draft(
            no_id(),
            PROVIDER.parse().unwrap(),
            format!("Rhythm and Rest {internal_id}"),
            Format::LiveCourse,
            date(2026, 6, 1),
            date(2026, 6, 2),
        )
    }
}

pub(crate) fn written(world: &World, activity: &Activity, action: Option<Action>) -> Record {
    let mut record = record(activity, &world.app.reference.get(), action);
    if activity.id == no_id() {
        record.values.retain(|value| value.field != Field::ActivityId);
    }
    record
}

pub(crate) fn with(mut record: Record, field: Field, text: &str) -> Record {
    record.values.retain(|value| value.field != field);
    record.put(field, 0, text, formats::activities::Place::File);
    record
}

pub(crate) fn document(records: impl IntoIterator<Item = Record>) -> Vec<u8> {
    let mut writer = DocumentWriter::begin(Vec::new(), ActivityFormat::Xml).unwrap();
    for record in records {
        writer.write(&record).unwrap();
    }
    writer.finish().unwrap()
}

async fn receive(world: &World, actor: &Actor, kind: FileKind, bytes: &[u8]) -> Result<exchange::Received, Error> {
    let pieces = futures::stream::iter([Ok::<_, std::io::Error>(bytes.to_vec())]);
    let staged = exchange::stage(&world.app, pieces).await.unwrap().unwrap();
    let received = exchange::receive(&world.app, actor, "Marisol Okafor", kind, "our/activities.xml", staged).await?;
    Ok(received.unwrap_or_else(|told| panic!("{told:?}")))
}

pub(crate) async fn find(world: &World, id: UploadId) -> ActivityFile {
    exchange::find(&world.app, &world.scope(), id).await.unwrap()
}

pub(crate) async fn settled(world: &World, id: UploadId) -> Vec<Settled> {
    let mut tx = world.app.store.read().await.unwrap();
    store::activity_files::list_records(&mut tx, &world.scope(), id, Which::All, i64::MIN, 100_000).await.unwrap()
}

/// Sends a file and works until nothing is left to do.
pub(crate) async fn send(world: &World, bytes: &[u8]) -> (ActivityFile, Vec<Settled>) {
    send_kind(world, FileKind::Activities, bytes).await
}

async fn send_kind(world: &World, kind: FileKind, bytes: &[u8]) -> (ActivityFile, Vec<Settled>) {
    let received = receive(world, &world.actor, kind, bytes).await.unwrap();
    assert!(!received.seen_before);
    work(&world.app).await;
    let file = find(world, received.file.id).await;
    assert!(file.status.is_over(), "{file:?}");
    let records = settled(world, file.id).await;
    (file, records)
}

/// Sends one record; its end, and the codes of its problems.
pub(crate) async fn one(world: &World, record: Record) -> (&'static str, Vec<String>) {
    let (_, records) = send(world, &document([record])).await;
    assert_eq!(records.len(), 1);
    (records[0].ending.code(), records[0].told.iter().map(|told| told.code.clone()).collect())
}

pub(crate) async fn all(world: &World) -> Vec<Stored> {
    let today = world.app.clock.today();
    let mut tx = world.app.store.read().await.unwrap();
    let (scope, filter, sort) = (world.scope(), Filter::default(), Sort::OldestStart);
    let listed = store::activities::list(&mut tx, &scope, &filter, today, sort, 100_000, 0).await.unwrap();
    let mut stored: Vec<Stored> = listed.into_iter().map(|listed| listed.stored).collect();
    stored.sort_by_key(|stored| stored.activity.id);
    stored
}

async fn activities_of(world: &World) -> Vec<Activity> {
    all(world).await.into_iter().map(|stored| stored.activity).collect()
}

pub(crate) async fn get(world: &World, id: ActivityId) -> Activity {
    activities_of(world).await.into_iter().find(|activity| activity.id == id).unwrap()
}

#[tokio::test]
async fn a_wrong_record_among_a_thousand_keeps_no_other_back_and_is_told_where_it_stands() {
    let world = World::new().await;
    let records = (1..=1_000).map(|n| {
        let record = written(&world, &course(&format!("C-{n}")), Some(Action::Add));
        if n == 500 { with(record, Field::EndsOn, "2026-05-31") } else { record }
    });
    let (file, records) = send(&world, &document(records)).await;
    assert_eq!(file.status, UploadStatus::Done);
    assert_eq!(file.counts, Counts { added: 999, refused: 1, ..Counts::default() });
    assert_eq!(records.len(), 1_000);
    let wrong = &records[499];
    assert_eq!((wrong.number, wrong.ending.code(), wrong.activity), (500, "refused", None));
    assert_eq!(wrong.told[0].code, "end_before_start");
    assert!(wrong.told[0].place.contains("MedicalEducationMetrics[500]"), "{:?}", wrong.told[0]);
    assert_eq!(wrong.told[0].remedy, "The end date must not be before the start date.");
    let mut tx = world.app.store.read().await.unwrap();
    let counts = store::activity_files::problem_counts(&mut tx, &world.scope(), file.id).await.unwrap();
    assert_eq!(counts, [("end_before_start".to_owned(), false, 1)]);
    assert!(exchange::title_of("end_before_start").is_some());
    drop(tx);
    // a thousand new ones beside the one that was there, but for the wrong one
    assert_eq!(all(&world).await.len(), 1_000);
    let result = exchange::result_file(&world.app, &world.scope(), file.id, Which::Refused).await.unwrap();
    let text = std::fs::read_to_string(&result.path).unwrap();
    assert!(text.contains("<code>end_before_start</code>") && text.matches("<ActivityResult>").count() == 1, "{text}");
    assert_eq!(result.name, "activities-refused.xml");
}

#[tokio::test]
async fn every_export_goes_in_again_to_the_same_state() {
    let world = World::new().await;
    for n in 0..3 {
        let id = activities::create(&world.app, &world.actor, course(&format!("E-{n}"))).await.unwrap();
        if n == 0 {
            activities::close(&world.app, &world.actor, id, 1).await.unwrap();
        }
    }
    let bare = Activity::draft(
        no_id(),
        PROVIDER.parse().unwrap(),
        "Knots",
        Format::CommitteeLearning,
        date(2026, 2, 1),
        date(2026, 2, 1),
    );
    activities::create(&world.app, &world.actor, bare).await.unwrap();
    for format in ExportFormat::ALL {
        let before = all(&world).await;
        let scope = world.scope();
        // two orders, since the same bytes again would be the earlier file
        let exported = exchange::export(&world.app, &scope, &Filter::default(), Sort::Title, *format).await.unwrap();
        let (file, records) = send(&world, &std::fs::read(&exported.path).unwrap()).await;
        let unchanged = Counts { unchanged: before.len() as i64, ..Counts::default() };
        assert_eq!(file.counts, unchanged, "{format:?}: {records:#?}");
        // nothing was written: neither a value nor a version
        assert_eq!(all(&world).await, before, "{format:?}");
        let exported =
            exchange::export(&world.app, &scope, &Filter::default(), Sort::default(), *format).await.unwrap();
        change_all(&world, &before, &format!("{format:?}")).await;
        let (file, records) = send(&world, &std::fs::read(&exported.path).unwrap()).await;
        assert_eq!(file.counts.refused, 0, "{format:?}: {records:#?}");
        let restored: Vec<Activity> = before.into_iter().map(|stored| stored.activity).collect();
        assert_eq!(activities_of(&world).await, restored, "{format:?}");
        // the bytes of the next format's turn are others
        let heart = get(&world, activity_id()).await;
        let version = all(&world).await.iter().find(|stored| stored.activity.id == heart.id).unwrap().version;
        let other = Activity { description: format!("Beside {format:?}."), ..heart };
        activities::save(&world.app, &world.actor, other, version).await.unwrap();
    }
}

/// Reopens what is closed and changes every activity.
async fn change_all(world: &World, all: &[Stored], words: &str) {
    for stored in all {
        let mut version = stored.version;
        if stored.activity.is_closed {
            activities::reopen(&world.app, &world.actor, stored.activity.id, version).await.unwrap();
            version += 1;
        }
        let other = Activity {
            title: format!("{} {words}", stored.activity.title),
            credit: Some(Amount::new(1_000)),
            description: "Other.".into(),
            joint_providers: vec![],
            support: vec![],
            is_closed: false,
            ..stored.activity.clone()
        };
        activities::save(&world.app, &world.actor, other, version).await.unwrap();
    }
}

#[tokio::test]
async fn learner_counts_change_totals_and_nothing_else() {
    let world = World::new().await;
    let id = activities::create(&world.app, &world.actor, course("T-1")).await.unwrap();
    let twin = activities::create(&world.app, &world.actor, course("T-2")).await.unwrap();
    let head = "ACCME Activity ID\tInternal Activity ID\tPhysician Learners\tOther Learners\n";
    let template = formats::activities::template_tsv(formats::activities::SheetKind::Counts).unwrap();
    let template = String::from_utf8(template).unwrap();
    let head =
        template.lines().find(|line| line.contains("Activity ID")).map_or(head.to_owned(), |line| format!("{line}\n"));
    let bytes = format!("{head}{id}\t\t40\t\n\tT-2\t\t0\n999999999\t\t1\t1\n{id}\t\t-1\t\n\tT-9\t1\t1\n");
    let (file, records) = send_kind(&world, FileKind::Counts, bytes.as_bytes()).await;
    assert_eq!(file.counts, Counts { updated: 1, unchanged: 1, refused: 3, ..Counts::default() }, "{records:#?}");
    assert_eq!(get(&world, id).await, Activity { id, physician_total: Some(40), ..course("T-1") });
    assert_eq!(get(&world, twin).await, Activity { id: twin, ..course("T-2") });
    let result = exchange::result_file(&world.app, &world.scope(), file.id, Which::All).await.unwrap();
    let text = std::fs::read_to_string(&result.path).unwrap();
    assert!(text.contains("total_negative") && text.contains("activity_not_found"), "{text}");
    assert_eq!(text.lines().count(), 6, "{text}");
}

#[tokio::test]
async fn the_same_bytes_are_the_earlier_file_and_only_editors_of_the_provider_send_one() {
    let world = World::new().await;
    let bytes = document([written(&world, &course("B-1"), None)]);
    let (file, _) = send(&world, &bytes).await;
    let again = receive(&world, &world.actor, FileKind::Activities, &bytes).await.unwrap();
    assert!(again.seen_before && again.file.id == file.id);
    let reporter = actor(&world.app, LEARNER_DATA).await;
    let refused = receive(&world, &reporter, FileKind::Activities, &bytes).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    // another provider's bytes are its own, and its records reach nothing of this one
    let stranger = actor(&world.app, OTHER_OWNER).await;
    let own = receive(&world, &stranger, FileKind::Activities, &bytes).await.unwrap();
    assert!(!own.seen_before && own.file.id != file.id);
    work(&world.app).await;
    let foreign = stranger.provider(ProviderRole::Viewer).unwrap();
    let theirs = exchange::find(&world.app, &foreign, own.file.id).await.unwrap();
    assert_eq!((theirs.counts.refused, theirs.counts.added), (1, 0), "it names another provider");
    assert!(matches!(exchange::find(&world.app, &foreign, file.id).await, Err(Error::NotFound)));
    assert!(exchange::result_file(&world.app, &foreign, file.id, Which::All).await.is_err());
    let mut tx = world.app.store.read().await.unwrap();
    let none = store::activity_files::list_records(&mut tx, &foreign, file.id, Which::All, 0, 10).await.unwrap();
    assert_eq!(none, []);
    assert_eq!(store::activity_files::list(&mut tx, &foreign, 10).await.unwrap().len(), 1);
    drop(tx);
    let left = std::fs::read_dir(world.app.config.uploads()).unwrap().count();
    assert_eq!(left, 2, "files that were seen before or refused stay on the disk");
}

#[tokio::test]
async fn work_that_stops_anywhere_goes_on_where_it_stopped() {
    let world = World::new().await;
    let records = (0..1_750).map(|n| written(&world, &course(&format!("R-{n}")), Some(Action::Add)));
    let id = receive(&world, &world.actor, FileKind::Activities, &document(records)).await.unwrap().file.id;
    let mut stops = 0;
    while !find(&world, id).await.status.is_over() {
        let done = find(&world, id).await.records_done;
        let app = world.app.clone();
        let worker = tokio::spawn(async move { app::jobs::run_next(&app).await });
        // stopped in the midst of whatever it does once another chunk is committed
        while find(&world, id).await.records_done == done && !worker.is_finished() {
            tokio::task::yield_now().await;
        }
        worker.abort();
        let _ = worker.await;
        stops += 1;
        let mut tx = world.app.store.write().await.unwrap();
        store::jobs::release_all(&mut tx, world.app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert!(stops >= 2, "{stops}");
    assert_eq!(find(&world, id).await.counts, Counts { added: 1_750, ..Counts::default() });
    assert_eq!(settled(&world, id).await.len(), 1_750);
    assert_eq!(all(&world).await.len(), 1_751);
}

#[tokio::test]
async fn a_file_that_breaks_off_keeps_what_stood_before_and_says_where() {
    let world = World::new().await;
    let whole = document([written(&world, &course("F-1"), None), written(&world, &course("F-2"), None)]);
    let cut = whole.len() - 200;
    let (file, records) = send(&world, &whole[..cut]).await;
    assert_eq!((file.status, file.counts.added, records.len()), (UploadStatus::Failed, 1, 1));
    assert_eq!(file.problems[0].code, "document_truncated");
    for (bytes, code) in [
        (&b"<!DOCTYPE x [<!ENTITY a \"b\">]><ACCMEActivities/>"[..], "document_type"),
        (b"<ACCMEActivities></ACCMEActivities>", "no_rows"),
        (b"{\"ACCMEActivities\":{\"MedicalEducationMetrics\":[{\"Lom\":1,\"Lom\":2}]}}", "key_repeated"),
    ] {
        let (file, records) = send(&world, bytes).await;
        let of_records = records.iter().flat_map(|record| &record.told);
        let codes: Vec<&str> = file.problems.iter().chain(of_records).map(|told| told.code.as_str()).collect();
        assert!(codes.contains(&code), "{code}: {codes:?}");
        assert_eq!(file.counts.added, 0);
        let result = exchange::result_file(&world.app, &world.scope(), file.id, Which::All).await;
        assert_eq!(matches!(result, Err(Error::NotFound)), records.is_empty(), "{code}: {result:?}");
    }
    let stranger = Actor { seat: Seat::Accreditor, ..world.actor };
    assert!(matches!(receive(&world, &stranger, FileKind::Activities, &whole).await, Err(Error::Forbidden(_))));
}
