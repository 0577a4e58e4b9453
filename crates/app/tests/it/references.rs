//! Reference data as staff change it: dated, audited, with its history, seen by every process.

use app::reference::{end_item, put_board_rules, put_item, put_setting, take_back_board_rules, take_back_setting};
use app::{CurrentReference, Error, activities};
use domain::activity::Activity;
use domain::reference::{BoardRules, Item, List};
use domain::{Amount, Board};
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use store::reference::Entry;
use testkit::people::{ACCREDITOR, PROVIDER, actor};

use crate::world::World;

fn supporter(name: &str) -> Item {
    Item {
        list: List::Supporters,
        group: String::new(),
        code: name.into(),
        name: name.into(),
        valid_from: None,
        valid_until: None,
    }
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

fn is_invalid<T>(answer: &Result<T, Error>) -> bool {
    matches!(answer, Err(Error::Invalid(_)))
}

#[tokio::test]
async fn a_new_database_holds_what_the_release_brings() {
    let world = World::new().await;
    let reference = world.app.reference.get();
    assert_eq!(reference.items(List::Countries).count(), 249);
    assert_eq!(reference.name_of(List::Outcomes, "patient_health"), "Patient Health");
    assert_eq!(reference.find_in(List::StateTopics, "opioids", "pain management").unwrap().code, "Pain management");
    assert_eq!((reference.boards().count(), reference.settings().description_most), (10, 2_500));
}

#[tokio::test]
async fn an_item_is_added_renamed_and_ended_by_staff_with_its_history_kept() {
    let world = World::new().await;
    let staff = actor(&world.app, ACCREDITOR).await;
    let new = supporter("Harrowgate Therapeutics");
    assert!(matches!(put_item(&world.app, &world.actor, new.clone()).await, Err(Error::Forbidden(_))));
    put_item(&world.app, &staff, new.clone()).await.unwrap();
    assert!(world.app.reference.get().find(List::Supporters, "harrowgate therapeutics").is_some());
    let twin = Item { code: "HT".into(), ..new.clone() };
    assert!(is_invalid(&put_item(&world.app, &staff, twin).await), "two items of one name");
    put_item(&world.app, &staff, Item { name: "Harrowgate".into(), ..new.clone() }).await.unwrap();
    let last = date(2026, 12, 31);
    end_item(&world.app, &staff, List::Supporters, "", &new.code, last).await.unwrap();
    let gone = end_item(&world.app, &staff, List::Supporters, "", "Nobody", last).await;
    assert!(matches!(gone, Err(Error::NotFound)));
    let mut tx = world.app.store.read().await.unwrap();
    let history = store::reference::history(&mut tx, "supporters", "", &new.code).await.unwrap();
    let names = history.iter().map(|change| match &change.entry {
        Entry::Item(item) => (item.name.as_str(), item.valid_until),
        other => panic!("{other:?}"),
    });
    let then = [("Harrowgate", Some(last)), ("Harrowgate", None), ("Harrowgate Therapeutics", None)];
    assert_eq!(names.collect::<Vec<_>>(), then);
    assert!(history.iter().all(|change| change.by.is_some()));
    let audited = "select action from audit where action like 'reference.%' order by at, audit_id";
    let actions = testkit::database::texts(&world.test.address, audited).await;
    assert_eq!(actions, ["reference.put_item", "reference.put_item", "reference.end_item"]);
    world.app.clock.advance(days(60));
    assert_eq!(world.app.reference.get().items(List::Supporters).filter(|item| item.code == new.code).count(), 0);
}

#[tokio::test]
async fn another_process_sees_a_change_without_being_told() {
    let world = World::new().await;
    let staff = actor(&world.app, ACCREDITOR).await;
    let other = CurrentReference::open(&world.app.store, world.app.clock.clone()).await.unwrap();
    put_item(&world.app, &staff, supporter("Harrowgate")).await.unwrap();
    assert!(other.get().find(List::Supporters, "Harrowgate").is_none());
    assert!(other.refresh(&world.app.store).await.unwrap());
    assert!(other.get().find(List::Supporters, "Harrowgate").is_some());
    assert!(!other.refresh(&world.app.store).await.unwrap(), "nothing is newer any more");
}

fn abim(world: &World) -> BoardRules {
    world.app.reference.get().board(Board::read("ABIM").unwrap()).unwrap().clone()
}

#[tokio::test]
async fn rules_with_a_future_date_take_effect_by_themselves_and_can_be_taken_back_before() {
    let world = World::new().await;
    let staff = actor(&world.app, ACCREDITOR).await;
    let code = Board::read("ABIM").unwrap();
    let renamed = BoardRules { label: "ABIM+".into(), once_per_date: true, ..abim(&world) };
    let past = put_board_rules(&world.app, &staff, renamed.clone(), Some(date(2026, 11, 1)), None).await;
    assert!(is_invalid(&past), "nothing new begins in the past");
    put_board_rules(&world.app, &staff, renamed.clone(), Some(date(2027, 1, 1)), None).await.unwrap();
    assert_eq!(abim(&world).label, "ABIM");
    assert!(world.app.reference.get().board_on(code, date(2027, 1, 1)).unwrap().once_per_date);
    take_back_board_rules(&world.app, &staff, code, date(2027, 1, 1)).await.unwrap();
    assert_eq!(world.app.reference.get().board_on(code, date(2027, 1, 1)).unwrap().label, "ABIM");
    put_board_rules(&world.app, &staff, renamed, Some(date(2026, 12, 1)), Some(date(2026, 12, 31))).await.unwrap();
    world.app.clock.advance(days(10));
    assert_eq!(abim(&world).label, "ABIM+");
    let now = take_back_board_rules(&world.app, &staff, code, date(2026, 12, 1)).await;
    assert!(matches!(now, Err(Error::Forbidden(_))));
    // the version that always held is corrected under its own date
    let corrected = BoardRules { name: "American Board of Internal Medicine (ABIM)".into(), ..abim(&world) };
    put_board_rules(&world.app, &staff, corrected, None, None).await.unwrap();
    let unnamed = BoardRules { credit_types: vec![], label: " ".into(), ..abim(&world) };
    assert!(is_invalid(&put_board_rules(&world.app, &staff, unnamed, None, None).await));
}

fn weekly(starts_on: Date, ends_on: Date) -> Activity {
    let example = testkit::records::activity("000000000", PROVIDER);
    let format = domain::activity::Format::CommitteeLearning;
    Activity { starts_on, ends_on, format, deliveries: vec![], moc: vec![], credit: Some(Amount::new(400)), ..example }
}

#[tokio::test]
async fn a_limit_counts_from_its_own_date_by_the_start_of_the_activity() {
    let world = World::new().await;
    let staff = actor(&world.app, ACCREDITOR).await;
    put_setting(&world.app, &staff, "months_most", 18.into(), Some(date(2027, 1, 1))).await.unwrap();
    let short = activities::create(&world.app, &world.actor, weekly(date(2026, 12, 1), date(2028, 1, 1))).await;
    assert!(is_invalid(&short));
    activities::create(&world.app, &world.actor, weekly(date(2027, 1, 1), date(2028, 7, 1))).await.unwrap();
    take_back_setting(&world.app, &staff, "months_most", date(2027, 1, 1)).await.unwrap();
    let twice = take_back_setting(&world.app, &staff, "months_most", date(2027, 1, 1)).await;
    assert!(matches!(twice, Err(Error::NotFound)));
    let long = activities::create(&world.app, &world.actor, weekly(date(2027, 1, 1), date(2028, 7, 1))).await;
    assert!(is_invalid(&long));
}

#[tokio::test]
async fn a_setting_of_the_wrong_kind_or_out_of_bounds_is_refused() {
    let world = World::new().await;
    let staff = actor(&world.app, ACCREDITOR).await;
    let cases: [(&str, serde_json::Value); 6] = [
        ("report_until_day", 32.into()),
        ("months_most", "twelve".into()),
        ("months_most_of", serde_json::json!({"seminar": 12})),
        ("year_due_zone", "Mars/Olympus".into()),
        ("no_such_setting", 1.into()),
        ("agreement", " ".into()),
    ];
    for (name, value) in cases {
        assert!(is_invalid(&put_setting(&world.app, &staff, name, value, None).await), "{name}");
    }
    let owner = put_setting(&world.app, &world.actor, "months_most", 10.into(), None).await;
    assert!(matches!(owner, Err(Error::Forbidden(_))));
}
