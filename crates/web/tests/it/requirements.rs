//! Requirements: a board's people edit their own from a day on, everybody reads them, and a physician sees what is
//! missing for each license and why each completion counts.

use domain::State;
use domain::access::Seat;
use jiff::civil::{Date, date};
use store::physicians::{License, NewPhysician, Physician};
use testkit::people::{self, ACCREDITOR, LICENSING_BOARD, OTHER_LICENSING_BOARD, OWNER};
use testkit::records::{physician, row, row_with_points};
use testkit::{Answer, TestApp, Visitor};

use crate::reading::{World, words};

const EDIT: &str = "/board/requirements/edit";

/// What the board's form sends: everything, as a browser would.
fn answers<'a>(seen: &'a str, changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let standing = [
        ("seen", seen),
        ("from", "2026-12-01"),
        ("hours", "30"),
        ("years", "2"),
        ("cycle", "fixed_date"),
        ("ends_month", "12"),
        ("ends_day", "31"),
        ("anchor_year", "2026"),
        ("topics", "1"),
        ("topic_0", "Opioids|Pain management"),
        ("topic_amount_0", "2"),
        ("topic_condition_0", ""),
        ("caps", "1"),
        ("cap_0", "journal_based"),
        ("cap_most_0", "10"),
        ("carry_over", ""),
        ("first_renewal", "full"),
        ("grace_days", "0"),
        ("certified_statuses", ""),
        ("exempt_statuses", "Retired"),
        ("note", ""),
    ];
    let mut all: Vec<_> =
        standing.into_iter().filter(|(name, _)| !changed.iter().any(|(one, _)| one == name)).collect();
    all.extend(changed);
    all
}

/// The value of a hidden field.
fn hidden(page: &Answer, name: &str) -> String {
    let text = page.text();
    let rest = text.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("{name} in {text}")).1;
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Looks at what the answers would change, then saves them.
async fn put(visitor: &mut Visitor, changed: &[(&str, &str)]) -> Answer {
    let seen = hidden(&visitor.get(EDIT).await.expect(200), "seen");
    let mut fields = answers(&seen, changed);
    let shown = visitor.post_form(EDIT, &with(&fields, "then", "look")).await.expect(200);
    let mark = hidden(&shown, "mark");
    fields.push(("mark", &mark));
    fields.push(("then", "save"));
    visitor.post_form(EDIT, &fields).await
}

fn with<'a>(fields: &[(&'a str, &'a str)], name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    fields.iter().copied().chain([(name, value)]).collect()
}

#[tokio::test]
async fn a_board_looks_at_what_a_version_means_saves_it_and_everybody_reads_it() {
    let world = World::new().await;
    let mut board = world.test.sign_in(LICENSING_BOARD).await;
    let page = words(&board.get("/board/requirements").await.expect(200));
    assert!(page.contains("Example rules, not the board’s own") && page.contains("Came with the release"), "{page}");

    let seen = hidden(&board.get(EDIT).await.expect(200), "seen");
    let shown = board.post_form(EDIT, &with(&answers(&seen, &[]), "then", "look")).await.expect(200);
    let said = words(&shown);
    assert!(said.contains("It counts for every cycle that ends on 12/01/2026 or later"), "{said}");
    assert!(said.contains("The running cycle of 100 licenses would be judged by it."), "{said}");
    assert!(said.contains("Not yet due 0 100") && said.contains("Not known 100 0"), "{said}");
    let nothing = words(&world.test.anonymous().get("/requirements/CA").await.expect(200));
    assert!(nothing.contains("Example rules") && !nothing.contains("30.00"), "looking saves nothing");

    put(&mut board, &[]).await.expect(303);
    let page = words(&board.get("/board/requirements?done=saved").await.expect(200));
    assert!(page.contains("The version is saved") && page.contains("Planned from 12/01/2026"), "{page}");
    assert!(page.contains("Cal Mendoza") && page.contains("30.00"), "{page}");
    let public = words(&world.test.anonymous().get("/requirements/ca").await.expect(200));
    assert!(public.contains("Planned from 12/01/2026") && public.contains("2.00 of Pain management"), "{public}");
    assert!(!public.contains("Cal Mendoza"), "who changed it is the board's own business");

    let staff = words(&world.test.sign_in(ACCREDITOR).await.get("/admin/reference").await.expect(200));
    assert!(staff.contains("Requirement of California"), "{staff}");
    // saved again, nothing would change
    let seen = hidden(&board.get(EDIT).await.expect(200), "seen");
    let again = board.post_form(EDIT, &with(&answers(&seen, &[]), "then", "look")).await.expect(422);
    assert!(words(&again).contains("nothing would change"));
}

#[tokio::test]
async fn a_plan_is_edited_and_taken_back_and_what_is_in_force_is_not() {
    let world = World::new().await;
    let mut board = world.test.sign_in(LICENSING_BOARD).await;
    put(&mut board, &[]).await.expect(303);
    let plan = board.get("/board/requirements/edit?version=2026-12-01").await.expect(200);
    assert!(plan.text().contains("value=\"Opioids|Pain management\" selected"), "{}", plan.text());
    put(&mut board, &[("hours", "35")]).await.expect(303);
    let page = words(&board.get("/board/requirements").await.expect(200));
    assert_eq!(page.matches("Planned from 12/01/2026").count(), 1, "the day's version was replaced: {page}");

    board.get("/board/requirements/edit?version=2026-12-02").await.expect(404);
    board.get("/board/requirements/take-back?from=2026-12-02").await.expect(404);
    board.get("/board/requirements/take-back?from=soon").await.expect(404);
    let ask = board.get("/board/requirements/take-back?from=2026-12-01").await.expect(200);
    let seen = hidden(&ask, "seen");
    let old = board.post_form("/board/requirements/take-back", &[("seen", "0"), ("from", "2026-12-01")]).await;
    assert!(words(&old.expect(409)).contains("Somebody else changed this meanwhile"));
    board.post_form("/board/requirements/take-back", &[("seen", &seen), ("from", "2026-12-01")]).await.expect(303);
    let page = words(&board.get("/board/requirements").await.expect(200));
    assert!(!page.contains("Planned from") && page.contains("Taken back"), "{page}");
    board.post_form("/board/requirements/take-back", &[("seen", &seen), ("from", "2026-12-01")]).await.expect(404);
    world.assert_sound().await;
}

#[tokio::test]
async fn of_two_at_once_the_second_is_told_and_loses_nothing() {
    let test = TestApp::new().await;
    let california = Seat::LicensingBoard(State::read("CA").unwrap());
    people::add(&test.app, "second@california-board.example", "Coral Reyes", california).await;
    let (mut first, mut second) =
        (test.sign_in(LICENSING_BOARD).await, test.sign_in("second@california-board.example").await);
    let seen = hidden(&second.get(EDIT).await.expect(200), "seen");
    let fields = answers(&seen, &[("hours", "44.5")]);
    let shown = second.post_form(EDIT, &with(&fields, "then", "look")).await.expect(200);
    put(&mut first, &[]).await.expect(303);
    let mark = hidden(&shown, "mark");
    let late = second.post_form(EDIT, &with(&with(&fields, "mark", &mark), "then", "save")).await.expect(409);
    let said = words(&late);
    assert!(said.contains("Somebody else changed this meanwhile") && said.contains("Cal Mendoza"), "{said}");
    assert!(late.text().contains("value=\"44.5\""), "what was typed stays");
    assert!(!words(&test.anonymous().get("/requirements/CA").await.expect(200)).contains("44.50"));
    // what was shown and then changed is shown again
    let seen = hidden(&late, "seen");
    let fields = answers(&seen, &[("hours", "45")]);
    let again = second.post_form(EDIT, &with(&with(&fields, "mark", &mark), "then", "save")).await.expect(200);
    assert!(words(&again).contains("You changed an answer after you looked"));
}

#[tokio::test]
async fn a_board_changes_its_own_requirement_alone() {
    let test = TestApp::new().await;
    let mut nevada = test.sign_in(OTHER_LICENSING_BOARD).await;
    let page = words(&nevada.get("/board/requirements").await.expect(200));
    assert!(page.contains("Nothing is in force"), "{page}");
    // the state is the seat's, whatever a form says
    put(&mut nevada, &[("state", "CA"), ("from", "2026-11-23"), ("hours", "13.25")]).await.expect(303);
    let read = |state: &str| format!("/requirements/{state}");
    let mut anybody = test.anonymous();
    assert!(words(&anybody.get(&read("NV")).await.expect(200)).contains("13.25"));
    assert!(!words(&anybody.get(&read("CA")).await.expect(200)).contains("13.25"));
    for person in [OWNER, ACCREDITOR, people::CERTIFYING_BOARD] {
        let mut visitor = test.sign_in(person).await;
        visitor.get(EDIT).await.expect(403);
        visitor.post_form(EDIT, &answers("-1", &[("then", "save")])).await.expect(403);
        visitor.get("/passport/requirements").await.expect(403);
    }
    anybody.get("/requirements/XX").await.expect(404);
    anybody.get("/requirements/..%2f").await.expect(404);
    assert!(words(&anybody.get("/requirements/WY").await.expect(200)).contains("No rules on record"));
    assert!(words(&anybody.get("/requirements").await.expect(200)).contains("Nevada"));
}

#[tokio::test]
async fn hostile_answers_are_refused_beside_their_fields_and_kept() {
    let test = TestApp::new().await;
    let mut board = test.sign_in(LICENSING_BOARD).await;
    let seen = hidden(&board.get(EDIT).await.expect(200), "seen");
    let long = "x".repeat(5_000);
    for (name, value, words_said) in [
        ("hours", "<script>alert(1)</script>", "is not a number of hours"),
        ("hours", "1000.25", "Write at most 1000 hours."),
        ("hours", "99999999999999999999", "is not a number of hours"),
        ("hours", "1e400", "is not a number of hours"),
        ("years", "0", "from 1 to 10 years"),
        ("years", "-1", "Write it in digits"),
        ("from", "2026-11-22", "A version begins today or later"),
        ("from", "someday", "is not a date"),
        ("from", "", "Choose a day."),
        ("ends_month", "13", "Write month and day"),
        ("anchor_year", "99999", "Write it in digits"),
        ("topic_0", "Opioids|Luck", "is not in the list"),
        ("topic_0", "no bar", "Choose the topic of line 1"),
        ("topic_amount_0", "0", "Write how many hours"),
        ("topic_condition_0", long.as_str(), "Write at most 200 letters"),
        ("cap_0", "gold", "Choose the kind of credit of line 1"),
        ("carry_over", "31", "No more than the hours of a cycle"),
        ("grace_days", "9999", "Write at most 366 days."),
        ("exempt_statuses", long.as_str(), "at most 40 letters"),
        ("note", "a\u{0}b", "Write at most 1,000 letters."),
    ] {
        let fields = answers(&seen, &[(name, value), ("then", "save"), ("mark", "0000")]);
        let answer = board.post_form(EDIT, &fields).await.expect(422);
        assert!(words(&answer).contains(words_said), "{name}: {}", words(&answer));
        assert!(!answer.text().contains("<script>alert"), "{name}");
    }
    let lines: Vec<(String, String)> =
        (0..60).map(|n| (format!("topic_{n}"), "Opioids|Pain management".to_owned())).collect();
    let many: Vec<(&str, &str)> = lines.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    board.post_form(EDIT, &answers(&seen, &many)).await.expect(422);
    assert!(words(&test.anonymous().get("/requirements/CA").await.expect(200)).contains("Example rules"));
}

#[tokio::test]
async fn lines_of_topics_and_caps_are_added_and_removed_without_a_script() {
    let test = TestApp::new().await;
    let mut board = test.sign_in(LICENSING_BOARD).await;
    let seen = hidden(&board.get(EDIT).await.expect(200), "seen");
    let fields = answers(&seen, &[("hours", "many"), ("topic_condition_0", "Prescribers")]);
    let more = board.post_form(EDIT, &with(&fields, "then", "add_topic")).await.expect(200);
    assert!(
        more.text().contains("name=\"topic_1\"") && more.text().contains("value=\"many\""),
        "nothing typed is lost"
    );
    assert!(more.text().contains("value=\"Prescribers\""));
    let fewer = board.post_form(EDIT, &with(&fields, "then", "remove_topic_0")).await.expect(200);
    assert!(!fewer.text().contains("name=\"topic_0\"") && fewer.text().contains("name=\"cap_0\""));
    let caps = board.post_form(EDIT, &with(&fields, "then", "add_cap")).await.expect(200);
    assert!(caps.text().contains("name=\"cap_1\""));
}

/// The first physician with a second license, in Nevada, and dates.
async fn licensed(test: &TestApp) -> Visitor {
    let license = |state: &str, number: &str, issued: Option<Date>| License {
        state: State::read(state).unwrap(),
        number: number.into(),
        status: "Active".into(),
        issued_on: issued,
        expires_on: Some(date(2027, 12, 31)),
    };
    let held = Physician {
        id: domain::PhysicianId::new(uuid::Uuid::from_u128(4_711)),
        first: "Orla".into(),
        last: "Quist".into(),
        licenses: vec![license("CA", "A91", Some(date(2010, 7, 1))), license("NV", "N92", None)],
        ..physician(0)
    };
    let seat = Seat::Physician(held.id);
    let mut tx = test.app.store.write().await.unwrap();
    let new = NewPhysician { physician: held, ledger_key: [9; 32] };
    store::physicians::insert(&mut tx, &[new], 0).await.unwrap();
    tx.commit().await.unwrap();
    test.app.registry.refresh(&test.app.store).await.unwrap();
    people::add(&test.app, "orla@physician.example", "Orla Quist", seat).await;
    test.sign_in("orla@physician.example").await
}

fn of_orla(row: String) -> String {
    let first = physician(0);
    row.replace(&first.first, "Orla").replace(&first.last, "Quist").replace(&first.licenses[0].number, "A91")
}

#[tokio::test]
async fn a_physician_sees_what_is_missing_for_each_license_and_why_credit_counts() {
    let world = World::new().await;
    let mut orla = licensed(&world.test).await;
    world.upload(&of_orla(row("Add", 0, "2.5"))).await;
    let mut board = world.test.sign_in(LICENSING_BOARD).await;
    put(&mut board, &[]).await.expect(303);

    let page = words(&orla.get("/passport/requirements").await.expect(200));
    assert!(page.contains("California license A91") && page.contains("Nevada license N92"), "{page}");
    assert!(page.contains("Still missing until 12/31/2026: 27.5 hours and 2 in Pain management."), "{page}");
    assert!(page.contains("Hours in all 30.00 2.50 27.50 Missing so far"), "{page}");
    assert!(page.contains("These 2.50 count toward the hours: completed within the cycle."), "{page}");
    assert!(page.contains("No rules of this state’s board are on record."), "{page}");
    assert!(!page.contains("Example rules"), "the board has put its own: {page}");

    let dashboard = words(&orla.get("/passport").await.expect(200));
    assert!(dashboard.contains("What is next: Hours in all, 27.50 for your California license A91, by 12/31/2026"));
    assert!(dashboard.contains("Missing, the next day first") && dashboard.contains("These figures as tables"));
    assert!(dashboard.contains("Nov 26 2.50"), "{dashboard}");

    // another physician's page has nothing of it
    let mut alma = world.physician().await;
    let other = words(&alma.get("/passport/requirements").await.expect(200));
    assert!(
        other.contains("California license A40000") && !other.contains("A91") && !other.contains("2.50"),
        "{other}"
    );
}

#[tokio::test]
async fn examples_are_marked_wherever_they_are_shown() {
    let world = World::new().await;
    let mut orla = licensed(&world.test).await;
    world.upload(&of_orla(row_with_points(0, "2", "2"))).await;
    for path in ["/passport", "/passport/requirements"] {
        let page = words(&orla.get(path).await.expect(200));
        assert!(page.contains("Example rules, not the board’s own"), "{path}: {page}");
        // California's example goes by the month of birth, from the year of issue
        assert!(page.contains("Still missing until 01/31/2028"), "{path}: {page}");
    }
    let mut anybody = world.test.anonymous();
    for path in ["/requirements", "/requirements/CA"] {
        assert!(words(&anybody.get(path).await.expect(200)).contains("Example rules, not the board’s own"));
    }
}
