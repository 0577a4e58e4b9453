//! Rosters that people send: compared first, let in by somebody, settled by a job that may be killed.

use std::convert::Infallible;
use std::time::Duration;

use app::rosters::Kind;
use app::rosters::imports::{
    self, Begun, Commanded, RegistryImport, Sender, Sending, State, approve, import_now, preview_of, stage, stop,
};
use app::rosters::standings::{self, ByHand};
use app::{Error, jobs};
use domain::RegistryImportId;
use domain::access::Actor;
use futures::stream;
use store::physicians::{License, Physician};
use testkit::people::{ACCREDITOR, CERTIFYING_BOARD, LICENSING_BOARD, OTHER_LICENSING_BOARD, OWNER, actor};
use testkit::records::{self, physician};
use testkit::{TestApp, database};

const HEADER: &str = "board state\tlicense number\tfirst\tlast\tbirth month/day\tstatus\texpires\n";

struct Desk {
    test: TestApp,
    staff: Actor,
}

/// The n-th physician's row.
fn row(n: usize, status: &str) -> String {
    let Physician { first, last, birth, licenses, .. } = physician(n);
    format!("CA\t{}\t{first}\t{last}\t{}\t{status}\t\n", licenses[0].number, birth.unwrap())
}

fn sender(actor: &Actor) -> Sender {
    imports::sender(actor).unwrap()
}

impl Desk {
    async fn new() -> Self {
        let test = TestApp::new().await;
        records::fill(&test.app).await;
        test.app.registry.refresh(&test.app.store).await.unwrap();
        let staff = actor(&test.app, ACCREDITOR).await;
        Self { test, staff }
    }

    async fn try_send(&self, by: &Actor, kind: Kind, text: &str, is_whole: bool) -> app::Result<imports::Received> {
        let bytes = stream::iter([Ok::<_, Infallible>(text.as_bytes().to_vec())]);
        let staged = stage(&self.test.app, 1 << 20, bytes).await?;
        let sending = Sending { sender: &sender(by), by: "Ada Crane", name: "../november.tsv", kind, is_whole };
        imports::receive(&self.test.app, by, sending, staged).await
    }

    /// Sends a file of licenses and has it compared.
    async fn sent(&self, by: &Actor, rows: &str, is_whole: bool) -> RegistryImport {
        let received = self.try_send(by, Kind::Licenses, &format!("{HEADER}{rows}"), is_whole).await.unwrap();
        self.work().await;
        self.find(received.import.id).await
    }

    async fn work(&self) {
        while jobs::run_next(&self.test.app).await.unwrap() {}
    }

    async fn find(&self, id: RegistryImportId) -> RegistryImport {
        imports::find(&self.test.app, &sender(&self.staff), id).await.unwrap()
    }

    async fn let_in(&self, import: &RegistryImport, ends: Option<u64>) -> RegistryImport {
        let sender = sender(&self.staff);
        approve(&self.test.app, &self.staff, &sender, "Ada Crane", import.id, ends).await.unwrap();
        self.work().await;
        self.find(import.id).await
    }

    async fn license(&self, n: usize) -> License {
        let mut tx = self.test.app.store.read().await.unwrap();
        store::physicians::find(&mut tx, physician(n).id).await.unwrap().unwrap().licenses.remove(0)
    }

    async fn texts(&self, sql: &str) -> Vec<String> {
        database::texts(&self.test.address, sql).await
    }
}

fn field(result: app::Result<impl std::fmt::Debug>) -> &'static str {
    match result {
        Err(Error::Invalid(faults)) => faults[0].field,
        other => panic!("it was taken: {other:?}"),
    }
}

#[tokio::test]
async fn nothing_changes_before_somebody_lets_a_roster_in() {
    let desk = Desk::new().await;
    let married = row(1, "Active").replace("Birchwoodson", "Quistgaard");
    let newcomer = "NV\t7001\tNora\tEverdeen\t07/04\tActive\t2028-06-30\n";
    let rows = [row(0, "Suspended"), married, newcomer.into(), row(2, "Active").replace("03/03", "02/30")].concat();
    let compared = desk.sent(&desk.staff, &rows, false).await;
    assert_eq!((compared.state, compared.file_name.as_str()), (State::Compared, "november.tsv"));
    let preview = preview_of(&compared).unwrap().unwrap();
    assert_eq!((preview.rows, preview.refused, preview.same, preview.changed), (4, 1, 1, 1));
    assert_eq!((preview.to_new, preview.names_differ, preview.ends()), (1, 1, 1));
    assert_eq!(preview.changes[0].before, "Active");
    assert_eq!((preview.changes[0].after.as_str(), preview.changes[0].ends), ("Suspended", true));
    assert_eq!(preview.names[0].physician, physician(1).id);
    assert!(!preview.is_braked(), "one of a hundred ends");
    assert_eq!((compared.problems[0].row, compared.problems[0].given.as_str()), (5, "02/30"));
    assert_eq!(desk.license(0).await.status, "Active", "nothing is done yet");

    let done = desk.let_in(&compared, None).await;
    assert_eq!(done.state, State::Done);
    let counts = done.counts;
    assert_eq!((counts.rows, counts.refused, counts.added_new, counts.updated, counts.ended), (4, 1, 1, 2, 1));
    assert_eq!(counts.unchanged(), 0);
    assert_eq!(desk.license(0).await.status, "Suspended");
    let history = desk.texts("select status_before || ' ' || status || ' ' || source from standing_change").await;
    assert_eq!(history, ["Active Suspended roster"]);
    let said = desk.texts("select said_name from license where import_id is not null order by 1").await;
    assert_eq!(said, ["Alma Ashdown", "Nora Everdeen"]);
    let csv = String::from_utf8(imports::problems_csv(&desk.test.app, &done).await.unwrap()).unwrap();
    assert!(csv.contains("5,birth month/day,02/30,This is not a month and day."), "{csv}");
}

#[tokio::test]
async fn a_roster_that_would_end_too_much_is_held_for_staff_who_say_how_much() {
    let desk = Desk::new().await;
    let board = actor(&desk.test.app, LICENSING_BOARD).await;
    let rows: String = (0..6).map(|n| row(n, "Expired")).collect();
    let held = desk.sent(&board, &rows, false).await;
    let preview = preview_of(&held).unwrap().unwrap();
    assert!(preview.is_braked());
    assert_eq!((preview.ends(), preview.issuers[0].active), (6, 100));
    let app = &desk.test.app;
    let by_board = approve(app, &board, &sender(&board), "Cal Mendoza", held.id, Some(6)).await;
    assert_eq!(field(by_board), "ends");
    for ends in [None, Some(5)] {
        assert_eq!(field(approve(app, &desk.staff, &sender(&desk.staff), "Ada", held.id, ends).await), "ends");
    }
    assert_eq!(desk.license(0).await.status, "Active");
    let done = desk.let_in(&held, Some(6)).await;
    assert_eq!((done.state, done.counts.ended), (State::Done, 6));
    let again = approve(app, &desk.staff, &sender(&desk.staff), "Ada", held.id, Some(6)).await;
    assert!(matches!(again, Err(Error::Stale)));
}

#[tokio::test]
async fn more_that_ends_than_was_said_sends_an_import_back() {
    let desk = Desk::new().await;
    // two of six are inactive, so that four of ninety-eight would end
    let rows: String = (0..6).map(|n| row(n, "Expired")).collect();
    let other = desk.sent(&desk.staff, &(row(4, "Inactive") + &row(5, "Inactive")), false).await;
    desk.let_in(&other, None).await;
    let compared = desk.sent(&desk.staff, &rows, false).await;
    assert_eq!(preview_of(&compared).unwrap().unwrap().ends(), 4);
    let back = desk.sent(&desk.staff, &(row(4, "Active") + &row(5, "Active")), false).await;
    desk.let_in(&back, None).await;
    // both are active by now, and six of a hundred are too many
    let waits = desk.let_in(&compared, None).await;
    assert_eq!(waits.state, State::Compared);
    assert!(waits.refusal.contains("the registry has changed since"), "{}", waits.refusal);
    assert_eq!(desk.license(0).await.status, "Active");
}

#[tokio::test]
async fn a_whole_roster_ends_what_it_does_not_name_unless_a_row_cannot_be_read() {
    let desk = Desk::new().await;
    let all_but_two: String = (2..100).map(|n| row(n, "Active")).collect();
    let unreadable = format!("{all_but_two}CA\tA40000\tAlma\tAshdown\t02/30\tActive\t\n");
    let careful = desk.sent(&desk.staff, &unreadable, true).await;
    let preview = preview_of(&careful).unwrap().unwrap();
    assert_eq!((preview.ends_absent, preview.issuers[0].absent, preview.ends()), (false, 2, 0));
    desk.let_in(&careful, None).await;
    assert_eq!(desk.license(0).await.status, "Active", "the row that cannot be read may be this one");

    let whole = desk.sent(&desk.staff, &all_but_two, true).await;
    let preview = preview_of(&whole).unwrap().unwrap();
    assert_eq!((preview.ends_absent, preview.ends(), preview.is_braked()), (true, 2, false));
    assert_eq!(preview.absent[0].number, "A40000");
    let done = desk.let_in(&whole, None).await;
    assert_eq!(done.counts.ended, 2);
    assert_eq!(desk.license(1).await.status, "Not on roster");
    assert_eq!(desk.license(2).await.status, "Active");
    assert_eq!(desk.texts("select source from standing_change").await, ["absent", "absent"]);
}

#[tokio::test]
async fn the_same_file_is_known_again_and_compared_once_more_only_when_somebody_asks() {
    let desk = Desk::new().await;
    let first = desk.sent(&desk.staff, &row(0, "Suspended"), false).await;
    let second =
        desk.try_send(&desk.staff, Kind::Licenses, &format!("{HEADER}{}", row(0, "Suspended")), false).await.unwrap();
    assert!(second.seen_before);
    assert_eq!(second.import.id, first.id);
    desk.let_in(&first, None).await;
    let app = &desk.test.app;
    let again = imports::again(app, &desk.staff, &sender(&desk.staff), "Ada", first.id).await.unwrap();
    desk.work().await;
    let compared = desk.find(again.id).await;
    assert!(preview_of(&compared).unwrap().unwrap().changes_nothing());
    stop(app, &desk.staff, &sender(&desk.staff), again.id, "Nothing is new.").await.unwrap();
    assert_eq!(desk.find(again.id).await.state, State::Stopped);
    let files = std::fs::read_dir(desk.test.folder().join("rosters")).unwrap().count();
    assert_eq!(files, 1, "the same bytes are kept once, and nothing half received is left");
}

#[tokio::test]
async fn a_board_sends_and_sees_only_its_own() {
    let desk = Desk::new().await;
    let (california, nevada) =
        (actor(&desk.test.app, LICENSING_BOARD).await, actor(&desk.test.app, OTHER_LICENSING_BOARD).await);
    let rows = format!("{}NV\t7001\tNora\tEverdeen\t07/04\tActive\t\n", row(0, "Suspended"));
    let own = desk.sent(&california, &rows, false).await;
    let preview = preview_of(&own).unwrap().unwrap();
    assert_eq!((preview.rows, preview.refused, preview.changed), (2, 1, 1));
    assert_eq!(own.problems[0].message, "This row is another board's.");
    let app = &desk.test.app;
    let foreign = sender(&nevada);
    assert!(matches!(imports::find(app, &foreign, own.id).await, Err(Error::NotFound)));
    assert!(matches!(approve(app, &nevada, &foreign, "Neva", own.id, None).await, Err(Error::NotFound)));
    assert!(matches!(stop(app, &nevada, &foreign, own.id, "Not ours.").await, Err(Error::NotFound)));
    assert!(matches!(imports::again(app, &nevada, &foreign, "Neva", own.id).await, Err(Error::NotFound)));
    approve(app, &california, &sender(&california), "Cal Mendoza", own.id, None).await.unwrap();
    desk.work().await;
    assert_eq!(desk.find(own.id).await.counts.added_new, 0, "the other board's row was left out");
    let certifying = actor(app, CERTIFYING_BOARD).await;
    assert_eq!(field(desk.try_send(&certifying, Kind::Licenses, HEADER, false).await), "kind");
    assert!(imports::sender(&actor(app, OWNER).await).is_none());
}

#[tokio::test]
async fn what_is_no_roster_is_refused_with_words_and_leaves_nothing() {
    let desk = Desk::new().await;
    for text in
        ["", "colour\tsize\nred\t4\n", "\u{0}\u{1}\u{2}", "PK\u{3}\u{4}not a workbook", "<?xml version=\"1.0\"?><x/>"]
    {
        assert_eq!(field(desk.try_send(&desk.staff, Kind::Licenses, text, false).await), "file", "{text:?}");
    }
    let left = std::fs::read_dir(desk.test.folder().join("rosters")).map_or(0, std::iter::Iterator::count);
    assert_eq!(left, 0);
    // a header alone is seen when it is read
    let empty = desk.sent(&desk.staff, "", false).await;
    assert_eq!((empty.state, empty.refusal.as_str()), (State::Refused, "There is no row below the header."));
}

#[tokio::test]
async fn an_empty_cell_takes_nothing_away() {
    let desk = Desk::new().await;
    let first = desk.sent(&desk.staff, &row(0, "Active").replace("\t\n", "\t2028-06-30\n"), false).await;
    desk.let_in(&first, None).await;
    let second = desk.sent(&desk.staff, &row(0, ""), false).await;
    assert_eq!(preview_of(&second).unwrap().unwrap().changed, 0);
    let done = desk.let_in(&second, None).await;
    assert_eq!(done.counts.unchanged(), 1);
    let license = desk.license(0).await;
    assert_eq!((license.status.as_str(), license.expires_on.is_some()), ("Active", true));
}

#[tokio::test]
async fn a_job_that_is_killed_again_and_again_does_nothing_twice() {
    let desk = Desk::new().await;
    let rows: String = (0..300)
        .map(|n| {
            let (first, last) = (["Ida", "Olof", "Rune"][n % 3], format!("Wold{}", (b'a' + (n / 12) as u8) as char));
            format!("NV\tN{n:04}\t{first}x{n}\t{last}{n}\t{:02}/{:02}\tActive\t\n", n % 12 + 1, n % 28 + 1)
        })
        .collect();
    let compared = desk.sent(&desk.staff, &rows, false).await;
    let app = &desk.test.app;
    approve(app, &desk.staff, &sender(&desk.staff), "Ada", compared.id, None).await.unwrap();
    for milliseconds in [1, 5, 12, 25, 50, 90] {
        let worker = tokio::spawn({
            let app = app.clone();
            async move { jobs::run_next(&app).await }
        });
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        worker.abort();
        let _ = worker.await;
        let mut tx = app.store.write().await.unwrap();
        store::jobs::release_all(&mut tx, app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
    }
    desk.work().await;
    let done = desk.find(compared.id).await;
    assert_eq!(done.state, State::Done);
    assert_eq!((done.counts.rows, done.counts.added_new + done.counts.review), (300, 300), "{:?}", done.counts);
    let made = desk.texts("select cast(count(*) as text) from license where state = 'NV'").await;
    assert_eq!(made, [(done.counts.added_new).to_string()]);
}

#[tokio::test]
async fn the_command_takes_the_same_way_and_stops_at_the_same_brake() {
    let desk = Desk::new().await;
    let app = &desk.test.app;
    let path = desk.test.folder().join("lapsed.tsv");
    let rows: String = (0..6).map(|n| row(n, "Lapsed")).collect();
    std::fs::write(&path, format!("{HEADER}{rows}")).unwrap();
    let begun = Begun { kind: Kind::Licenses, is_whole: false, ends_allowed: 0, by: "Command line" };
    let Commanded::Braked(id, preview) = import_now(app, &path, begun, &|_, _| {}).await.unwrap() else {
        panic!("six of a hundred are too many");
    };
    assert_eq!(preview.ends(), 6);
    assert_eq!(desk.find(id).await.state, State::Compared, "staff can let it in");
    let Commanded::Done(summary) =
        import_now(app, &path, Begun { ends_allowed: 6, ..begun }, &|_, _| {}).await.unwrap()
    else {
        panic!("six were allowed");
    };
    assert_eq!((summary.rows, summary.updated), (6, 6));
    assert_eq!(desk.license(0).await.status, "Lapsed");
    assert_eq!(store::jobs::open_count(&mut app.store.read().await.unwrap()).await.unwrap(), 0);
}

#[tokio::test]
async fn a_license_is_put_right_by_hand_and_taken_back() {
    let desk = Desk::new().await;
    let app = &desk.test.app;
    let (id, state) = (physician(0).id, domain::State::read("CA").unwrap());
    let opened = standings::open(app, &desk.staff, id, state, "A40000").await.unwrap();
    let wanted = ByHand {
        status: "Surrendered".into(),
        expires_on: None,
        effective_on: Some(app.clock.today().yesterday().unwrap()),
        reason: "The board’s letter of November 20.".into(),
        seen_at: opened.updated_at,
    };
    let set = async |wanted: &ByHand| standings::change(app, &desk.staff, id, state, "A40000", wanted).await;
    assert_eq!(field(set(&ByHand { status: " ".into(), ..wanted.clone() }).await), "status");
    assert_eq!(field(set(&ByHand { status: "Active".into(), ..wanted.clone() }).await), "status");
    assert_eq!(field(set(&ByHand { reason: String::new(), ..wanted.clone() }).await), "reason");
    let tomorrow = Some(app.clock.today().tomorrow().unwrap());
    assert_eq!(field(set(&ByHand { effective_on: tomorrow, ..wanted.clone() }).await), "effective_on");
    assert!(matches!(set(&ByHand { seen_at: 1, ..wanted.clone() }).await, Err(Error::Stale)));
    let board = actor(app, LICENSING_BOARD).await;
    let by_board = standings::change(app, &board, id, state, "A40000", &wanted).await;
    assert!(matches!(by_board, Err(Error::Forbidden(_))));
    let of_another = standings::change(app, &desk.staff, physician(1).id, state, "A40000", &wanted).await;
    assert!(matches!(of_another, Err(Error::NotFound)));

    set(&wanted).await.unwrap();
    assert_eq!(desk.license(0).await.status, "Surrendered");
    let opened = standings::open(app, &desk.staff, id, state, "A40000").await.unwrap();
    let change = &opened.history[0];
    assert_eq!((change.reason.as_str(), change.by_name.as_str()), ("The board’s letter of November 20.", "Ada Crane"));
    assert_eq!(field(standings::take_back(app, &desk.staff, id, change.id, "").await), "reason");
    standings::take_back(app, &desk.staff, id, change.id, "It was another Ashdown.").await.unwrap();
    assert_eq!(desk.license(0).await.status, "Active");
    assert_eq!(field(standings::take_back(app, &desk.staff, id, change.id, "Again.").await), "change");
    let audited = "select action from audit where action like 'license.%' order by audit_id";
    assert_eq!(desk.texts(audited).await, ["license.change", "license.take_back"]);
}
