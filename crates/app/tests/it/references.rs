//! Reference data as staff change it: dated, audited, with its history, seen by every process, and
//! after a look at what the change would affect.

use app::reference::{Change, Effect, What, apply, planned, preview, put_setting, seen};
use app::{CurrentReference, Error, activities};
use domain::access::{Actor, ProviderRole};
use domain::activity::{Activity, MeasuredOutcome, Support};
use domain::reference::{BoardRules, CreditType, Item, ItemKey, List};
use domain::{Amount, Board};
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use store::reference::{Entry, Stages};
use testkit::people::{ACCREDITOR, PROVIDER, actor};

use crate::world::World;

fn item(list: List, name: &str) -> Item {
    let (group, code, name) = (String::new(), name.into(), name.into());
    Item { list, group, code, name, valid_from: None, valid_until: None }
}

fn supporter(name: &str) -> Item {
    item(List::Supporters, name)
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

fn is_invalid<T>(answer: &Result<T, Error>) -> bool {
    matches!(answer, Err(Error::Invalid(_)))
}

async fn put(world: &World, staff: &Actor, change: Change) -> Result<(), Error> {
    apply(&world.app, staff, change, None).await
}

/// Names of a list today.
fn names(world: &World, list: List) -> Vec<String> {
    world.app.reference.get().items(list).map(|item| item.name.clone()).collect()
}

#[tokio::test]
async fn a_new_database_holds_what_the_release_brings() {
    let world = World::new().await;
    let reference = world.app.reference.get();
    assert_eq!(reference.items(List::Countries).count(), 249);
    assert_eq!(reference.name_of(List::Outcomes, "patient_health"), "Patient Health");
    assert_eq!(reference.find_in(List::StateTopics, "opioids", "pain management").unwrap().code, "Pain management");
    assert_eq!((reference.boards().count(), reference.settings().description_most), (10, 2_500));
    assert!(planned(reference.rules(), reference.today()).is_empty());
}

#[tokio::test]
async fn an_item_is_added_renamed_ended_and_brought_back_on_its_days_with_its_history_kept() {
    let world = World::new().await;
    let staff = actor(&world.app, ACCREDITOR).await;
    let new = supporter("Harrowgate Therapeutics");
    let key = new.key();
    let refused = apply(&world.app, &world.actor, Change::Add(new.clone()), None).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    put(&world, &staff, Change::Add(new.clone())).await.unwrap();
    let twin = Item { code: "HT".into(), name: "harrowgate-therapeutics".into(), ..new.clone() };
    assert!(is_invalid(&put(&world, &staff, Change::Add(twin)).await), "two items of one name");
    let name = "Harrowgate".to_owned();
    let rename = Change::Rename { key: key.clone(), name: name.clone(), from: date(2026, 12, 1) };
    put(&world, &staff, rename.clone()).await.unwrap();
    assert!(is_invalid(&put(&world, &staff, rename).await), "a second plan would get into the first one's way");
    assert!(names(&world, List::Supporters).contains(&new.name), "not before its day");
    world.app.clock.advance(days(10));
    assert!(names(&world, List::Supporters).contains(&name));
    let found = world.app.reference.get().find(List::Supporters, "HARROWGATE THERAPEUTICS").unwrap().code.clone();
    assert_eq!(found, new.code, "the old name is still understood");
    put(&world, &staff, Change::End { key: key.clone(), last: date(2026, 12, 31) }).await.unwrap();
    world.app.clock.advance(days(60));
    assert!(!names(&world, List::Supporters).contains(&name));
    let back = Change::BringBack { key: key.clone(), from: date(2027, 3, 1) };
    put(&world, &staff, back).await.unwrap();
    let reference = world.app.reference.get();
    let on = |day: Date| reference.items_on(List::Supporters, day).any(|item| item.code == new.code);
    let in_force = [date(2026, 12, 31), date(2027, 1, 1), date(2027, 2, 28), date(2027, 3, 1)].map(on);
    assert_eq!(in_force, [true, false, false, true]);
    let nobody = ItemKey { code: "Nobody".into(), ..key };
    let gone = put(&world, &staff, Change::End { key: nobody, last: date(2027, 12, 31) }).await;
    assert!(matches!(gone, Err(Error::NotFound)));
    let mut tx = world.app.store.read().await.unwrap();
    let history = store::reference::history(&mut tx, "supporters", "", &new.code).await.unwrap();
    let names = history.iter().map(|change| match &change.entry {
        Entry::Item(from, _, Some(item)) => (*from, item.name.as_str(), item.valid_until),
        other => panic!("{other:?}"),
    });
    let day = |month, day| Some(date(2026, month, day));
    let then = [
        (Some(date(2027, 3, 1)), "Harrowgate", None),
        (day(12, 1), "Harrowgate", day(12, 31)),
        (day(12, 1), "Harrowgate", None),
        (None, "Harrowgate Therapeutics", None),
    ];
    assert_eq!(names.collect::<Vec<_>>(), then);
    assert!(history.iter().all(|change| change.by.is_some() && change.by_name.as_deref() == Some("Ada Crane")));
    let touched = store::reference::touched(&mut tx, "supporters").await.unwrap();
    let own = touched.iter().find(|touched| touched.code == new.code).unwrap();
    assert_eq!(own.changed_by_name.as_deref(), Some("Ada Crane"));
    assert_eq!(store::reference::recent(&mut tx, 2).await.unwrap(), history[..2]);
    let audited = "select action from audit where action like 'reference.%' order by at, audit_id";
    let actions = testkit::database::texts(&world.test.address, audited).await;
    let acts = ["add_item", "rename_item", "end_item", "bring_back_item"].map(|act| format!("reference.{act}"));
    assert_eq!(actions, acts);
}

#[tokio::test]
async fn what_is_planned_for_an_item_is_listed_and_can_be_taken_back_before_its_day() {
    let world = World::new().await;
    let staff = actor(&world.app, ACCREDITOR).await;
    let (new, first) = (item(List::Specialties, "Space Medicine"), date(2027, 1, 1));
    let key = new.key();
    put(&world, &staff, Change::Add(Item { valid_from: Some(first), ..new.clone() })).await.unwrap();
    let old = ItemKey { code: "Addiction Medicine".into(), ..key.clone() };
    put(&world, &staff, Change::End { key: old.clone(), last: date(2026, 11, 23) }).await.unwrap();
    let plans = || planned(world.app.reference.get().rules(), world.app.clock.today());
    let words = |what: &What| match what {
        What::ItemBegins { name, .. } => format!("{name} begins"),
        What::ItemEnds { name, .. } => format!("{name} ends"),
        other => panic!("{other:?}"),
    };
    let listed: Vec<_> = plans().iter().map(|plan| (plan.on, words(&plan.what))).collect();
    let expected = [(date(2026, 11, 24), "Addiction Medicine ends".into()), (first, "Space Medicine begins".into())];
    assert_eq!(listed, expected);
    put(&world, &staff, Change::TakeBackItem { key: old.clone(), on: date(2026, 11, 24) }).await.unwrap();
    put(&world, &staff, Change::TakeBackItem { key: key.clone(), on: first }).await.unwrap();
    assert!(plans().is_empty());
    let again = put(&world, &staff, Change::TakeBackItem { key: key.clone(), on: first }).await;
    assert!(matches!(again, Err(Error::NotFound)));
    let late = put(&world, &staff, Change::TakeBackItem { key: old, on: date(2026, 11, 23) }).await;
    assert!(matches!(late, Err(Error::Forbidden(_))));
    // what was taken back may be added after all
    put(&world, &staff, Change::Add(new)).await.unwrap();
}

#[tokio::test]
async fn an_item_that_nobody_could_read_or_whose_days_are_over_is_refused() {
    let world = World::new().await;
    let staff = actor(&world.app, ACCREDITOR).await;
    let of =
        |list, group: &str, code: &str, name: &str| Item { group: group.into(), code: code.into(), ..item(list, name) };
    let turned =
        Item { valid_from: Some(date(2027, 2, 1)), valid_until: Some(date(2027, 1, 1)), ..supporter("Turned") };
    for wrong in [
        of(List::Countries, "", "Usa", "Elsewhere"),
        of(List::States, "", "ZZZ", "Elsewhere"),
        of(List::Specialties, "", "", "  "),
        of(List::Specialties, "", "x\ny", "Two lines"),
        of(List::Specialties, "", &"x".repeat(301), "Long"),
        of(List::Specialties, "", "Sleep", "SLEEP MEDICINE"),
        of(List::StateTopics, "", "", "Without a domain"),
        of(List::StateTopics, "A | B", "", "With a bar"),
        turned,
    ] {
        assert!(is_invalid(&put(&world, &staff, Change::Add(wrong.clone())).await), "{wrong:?}");
    }
    // the same topic of another domain is another topic
    put(&world, &staff, Change::Add(of(List::StateTopics, "Ethics", "", "Pain management"))).await.unwrap();
    let key = ItemKey { list: List::Outcomes, group: String::new(), code: "knowledge".into() };
    let yesterday = date(2026, 11, 22);
    for change in [
        Change::End { key: key.clone(), last: date(2026, 11, 21) },
        Change::Rename { key: key.clone(), name: "Knowing".into(), from: yesterday },
        Change::Rename { key: key.clone(), name: " ".into(), from: date(2026, 12, 1) },
        Change::Rename { key: key.clone(), name: "Learner Knowledge".into(), from: date(2026, 12, 1) },
        Change::Rename { key: key.clone(), name: "patient health".into(), from: date(2026, 12, 1) },
        Change::BringBack { key: key.clone(), from: date(2026, 12, 1) },
    ] {
        assert!(is_invalid(&put(&world, &staff, change.clone()).await), "{change:?}");
    }
    put(&world, &staff, Change::End { key, last: yesterday }).await.unwrap();
}

#[tokio::test]
async fn another_process_sees_a_change_without_being_told() {
    let world = World::new().await;
    let staff = actor(&world.app, ACCREDITOR).await;
    let other = CurrentReference::open(&world.app.store, world.app.clock.clone()).await.unwrap();
    put(&world, &staff, Change::Add(supporter("Harrowgate"))).await.unwrap();
    assert!(other.get().find(List::Supporters, "Harrowgate").is_none());
    assert!(other.refresh(&world.app.store).await.unwrap());
    assert!(other.get().find(List::Supporters, "Harrowgate").is_some());
    assert!(!other.refresh(&world.app.store).await.unwrap(), "nothing is newer any more");
}

#[tokio::test]
async fn of_two_who_looked_at_the_same_only_the_first_changes_it() {
    let world = World::new().await;
    let staff = actor(&world.app, ACCREDITOR).await;
    let rules = |label: &str| BoardRules { name: label.into(), ..abim(&world) };
    let change = |label: &str| Change::Board { rules: rules(label), from: Some(date(2027, 1, 1)), until: None };
    let looked = seen(&mut world.app.store.read().await.unwrap(), &change("x")).await.unwrap();
    let (one, other) = tokio::join!(
        apply(&world.app, &staff, change("One"), Some(looked)),
        apply(&world.app, &staff, change("Other"), Some(looked)),
    );
    let stale = [&one, &other].iter().filter(|answer| matches!(answer, Err(Error::Stale))).count();
    assert_eq!((stale, [&one, &other].iter().filter(|answer| answer.is_ok()).count()), (1, 1), "{one:?} {other:?}");
    let kept = world.app.reference.get().board_on(abim(&world).code, date(2027, 1, 1)).unwrap().name.clone();
    assert_eq!(kept, if one.is_ok() { "One" } else { "Other" });
    // another entry is nobody's concern
    let key = ItemKey { list: List::Outcomes, group: String::new(), code: "knowledge".into() };
    let end = Change::End { key, last: date(2027, 1, 1) };
    let looked = seen(&mut world.app.store.read().await.unwrap(), &end).await.unwrap();
    put(&world, &staff, Change::Add(supporter("Harrowgate"))).await.unwrap();
    apply(&world.app, &staff, end, Some(looked)).await.unwrap();
}

fn abim(world: &World) -> BoardRules {
    world.app.reference.get().board(Board::read("ABIM").unwrap()).unwrap().clone()
}

#[tokio::test]
async fn rules_with_a_future_date_take_effect_by_themselves_and_can_be_taken_back_before() {
    let world = World::new().await;
    let staff = actor(&world.app, ACCREDITOR).await;
    let code = Board::read("ABIM").unwrap();
    let other = BoardRules { label: "Abim".into(), once_per_date: true, ..abim(&world) };
    let board = |rules: &BoardRules, from, until| Change::Board { rules: rules.clone(), from, until };
    let past = put(&world, &staff, board(&other, Some(date(2026, 11, 1)), None)).await;
    assert!(is_invalid(&past), "nothing new begins in the past");
    let same = put(&world, &staff, board(&abim(&world), Some(date(2027, 1, 1)), None)).await;
    assert!(is_invalid(&same), "nothing would change");
    put(&world, &staff, board(&other, Some(date(2027, 1, 1)), None)).await.unwrap();
    assert_eq!(abim(&world).label, "ABIM");
    assert!(world.app.reference.get().board_on(code, date(2027, 1, 1)).unwrap().once_per_date);
    put(&world, &staff, Change::TakeBackBoard { code, from: date(2027, 1, 1) }).await.unwrap();
    assert_eq!(world.app.reference.get().board_on(code, date(2027, 1, 1)).unwrap().label, "ABIM");
    put(&world, &staff, board(&other, Some(date(2026, 12, 1)), Some(date(2026, 12, 31)))).await.unwrap();
    world.app.clock.advance(days(10));
    assert_eq!(abim(&world).label, "Abim");
    let now = put(&world, &staff, Change::TakeBackBoard { code, from: date(2026, 12, 1) }).await;
    assert!(matches!(now, Err(Error::Forbidden(_))));
    // the version that always held is corrected under its own date
    let corrected = BoardRules { name: "American Board of Internal Medicine (ABIM)".into(), ..abim(&world) };
    put(&world, &staff, board(&corrected, None, None)).await.unwrap();
    for wrong in [
        BoardRules { credit_types: vec![], ..abim(&world) },
        BoardRules { label: " ".into(), ..abim(&world) },
        BoardRules { label: "ABS".into(), ..abim(&world) },
        BoardRules { practice_areas: vec!["Sleep".into(), "SLEEP".into()], ..abim(&world) },
    ] {
        assert!(is_invalid(&put(&world, &staff, board(&wrong, None, None)).await), "{wrong:?}");
    }
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
    let january = date(2027, 1, 1);
    put_setting(&world.app, &staff, "months_most", 18.into(), Some(january)).await.unwrap();
    let short = activities::create(&world.app, &world.actor, weekly(date(2026, 12, 1), date(2028, 1, 1))).await;
    assert!(is_invalid(&short));
    activities::create(&world.app, &world.actor, weekly(january, date(2028, 7, 1))).await.unwrap();
    let back = Change::TakeBackSettings { names: vec!["months_most".into(), "locked_year".into()], from: january };
    put(&world, &staff, back.clone()).await.unwrap();
    assert!(matches!(put(&world, &staff, back).await, Err(Error::NotFound)));
    let long = activities::create(&world.app, &world.actor, weekly(january, date(2028, 7, 1))).await;
    assert!(is_invalid(&long));
}

#[tokio::test]
async fn month_and_day_of_a_deadline_change_together() {
    let world = World::new().await;
    let staff = actor(&world.app, ACCREDITOR).await;
    let january = date(2027, 1, 1);
    let alone = put_setting(&world.app, &staff, "report_until_month", 4.into(), Some(january)).await;
    assert!(is_invalid(&alone), "there is no 31 April");
    let values = vec![("report_until_month".to_owned(), 4.into()), ("report_until_day".to_owned(), 30.into())];
    put(&world, &staff, Change::Settings { values: values.clone(), from: january }).await.unwrap();
    let reference = world.app.reference.get();
    assert_eq!(reference.settings_on(january).report_until(date(2026, 5, 1)), date(2027, 4, 30));
    assert_eq!(reference.settings_on(date(2026, 12, 31)).report_until(date(2026, 5, 1)), date(2027, 3, 31));
    let later = put(&world, &staff, Change::Settings { values, from: date(2027, 2, 1) }).await;
    assert!(is_invalid(&later), "nothing would change");
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

/// Puts activities into the database past all rules, as they were entered before a change.
async fn insert(world: &World, activities: &[Activity]) {
    let scope = world.actor.provider(ProviderRole::Editor).unwrap();
    let mut tx = world.app.store.write().await.unwrap();
    for activity in activities {
        let attested = store::activities::Attested { by: None, at: 0 };
        let id = store::activities::next_id(&mut tx).await.unwrap();
        let activity = Activity { id, ..activity.clone() };
        store::activities::insert(&mut tx, &scope, &activity, attested).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn effect(world: &World, staff: &Actor, change: Change) -> Effect {
    preview(&world.app, staff, change).await.unwrap()
}

fn counted(list: &[app::reference::Broken]) -> Vec<(&str, i64, i64)> {
    list.iter().map(|broken| (broken.code, broken.activities.drafts, broken.activities.open)).collect()
}

#[tokio::test]
async fn ending_an_item_says_who_holds_it_and_what_could_not_be_saved_any_more() {
    let world = World::new().await;
    let staff = actor(&world.app, ACCREDITOR).await;
    let held = vec![MeasuredOutcome { outcome: "knowledge".into(), objective: true, subjective: false }];
    let plain = weekly(date(2026, 12, 1), date(2026, 12, 2));
    let holding = Activity { outcomes: held, ..plain.clone() };
    let later = Activity { starts_on: date(2027, 2, 1), ends_on: date(2027, 2, 2), ..holding.clone() };
    let draft = Activity { description: String::new(), ..later.clone() };
    let closed = Activity { is_closed: true, ..holding.clone() };
    insert(&world, &[plain, holding, later, draft, closed.clone(), closed]).await;
    let key = ItemKey { list: List::Outcomes, group: String::new(), code: "knowledge".into() };
    let end = Change::End { key: key.clone(), last: date(2026, 12, 31) };
    let answer = preview(&world.app, &world.actor, end.clone()).await;
    assert!(matches!(answer, Err(Error::Forbidden(_))), "a provider's owner");
    let ended = effect(&world, &staff, end.clone()).await;
    assert_eq!(ended.from, date(2027, 1, 1));
    assert_eq!(ended.holding, Some(Stages { drafts: 1, open: 2, closed: 2 }));
    assert_eq!(counted(&ended.broken), [("value_not_in_list", 1, 1)]);
    assert_eq!(ended.broken[0].examples[0].title, "Care of the Heart");
    assert_eq!((ended.judged.drafts, ended.judged.open), (1, 5), "with the two activities of the fixture");
    put(&world, &staff, end).await.unwrap();
    let back = effect(&world, &staff, Change::TakeBackItem { key, on: date(2027, 1, 1) }).await;
    assert_eq!(counted(&back.mended), [("value_not_in_list", 1, 1)]);
    let unused = ItemKey { list: List::Outcomes, group: String::new(), code: "patient_health".into() };
    let unused = effect(&world, &staff, Change::End { key: unused, last: date(2026, 12, 31) }).await;
    assert!(unused.is_none() && unused.holding == Some(Stages::default()));
}

#[tokio::test]
async fn closed_activities_that_hold_an_item_are_counted_exactly_whatever_its_letters() {
    let world = World::new().await;
    let staff = actor(&world.app, ACCREDITOR).await;
    let odd = "50% \\ \"A_B\"";
    put(&world, &staff, Change::Add(item(List::Specialties, odd))).await.unwrap();
    put(&world, &staff, Change::Add(item(List::Professions, odd))).await.unwrap();
    put(&world, &staff, Change::Add(supporter("Acme, Inc."))).await.unwrap();
    let closed = Activity { is_closed: true, ..weekly(date(2026, 1, 1), date(2026, 1, 2)) };
    let support = |source: &str| vec![Support { source: source.into(), dollars: None }];
    insert(
        &world,
        &[
            Activity { specialties: vec![odd.into()], ..closed.clone() },
            Activity { professions: vec![odd.into()], ..closed.clone() },
            Activity { specialties: vec!["50x \\ \"AxB\"".into()], ..closed.clone() },
            Activity { has_support: Some(true), support: support("ACME INC"), ..closed.clone() },
            Activity { country: "USA".into(), state: "CA".into(), ..closed.clone() },
            Activity { country: "CAN".into(), state: "CA".into(), ..closed },
        ],
    )
    .await;
    for (key, count) in [
        (item(List::Specialties, odd).key(), 1),
        (item(List::Professions, odd).key(), 1),
        (supporter("Acme, Inc.").key(), 1),
        (item(List::States, "CA").key(), 1),
        (item(List::Countries, "CAN").key(), 1),
        (item(List::Specialties, "Sleep Medicine").key(), 0),
    ] {
        let found = effect(&world, &staff, Change::End { key: key.clone(), last: date(2026, 12, 31) }).await;
        assert_eq!(found.holding.unwrap().closed, count, "{key:?}");
    }
}

#[tokio::test]
async fn changing_a_boards_rules_says_which_registrations_and_learners_would_be_refused() {
    let world = World::new().await;
    let staff = actor(&world.app, ACCREDITOR).await;
    // both activities of the fixture register with ABIM: 10 points, 10 credits, two types, until 12/31/2027
    let lasting = |rules| Change::Board { rules, from: Some(date(2027, 1, 1)), until: None };
    let types: Vec<CreditType> = abim(&world).credit_types;
    let without = types.iter().filter(|one| one.name != "Patient Safety").cloned().collect();
    let dropped = effect(&world, &staff, lasting(BoardRules { credit_types: without, ..abim(&world) })).await;
    assert_eq!(dropped.registered, Some(Stages { open: 2, ..Stages::default() }));
    assert_eq!(counted(&dropped.refused), [("credit_type_unknown", 0, 2)]);
    assert!(dropped.broken.is_empty(), "days of this year still have the type: {:?}", dropped.broken);
    let ended: Vec<CreditType> =
        types.into_iter().map(|one| CreditType { valid_until: Some(date(2026, 6, 30)), ..one }).collect();
    let ended = effect(&world, &staff, lasting(BoardRules { credit_types: ended, ..abim(&world) })).await;
    assert_eq!(counted(&ended.refused), [("credit_type_not_in_force", 0, 2)]);
    let equal = effect(&world, &staff, lasting(BoardRules { points_equal_credit: true, ..abim(&world) })).await;
    assert!(equal.is_none(), "10 points are 10 credits: {equal:?}");
    let later = BoardRules { activity_starts_from: Some(date(2026, 6, 1)), ..abim(&world) };
    let later = effect(&world, &staff, lasting(later)).await;
    assert_eq!(counted(&later.broken), [("moc_board_not_yet", 0, 2)]);
    assert_eq!(counted(&later.refused), [("board_not_in_force", 0, 2)]);
    let until = Some(date(2027, 3, 31));
    let change = Change::Board { rules: BoardRules { once_per_date: true, ..abim(&world) }, from: None, until };
    assert_eq!(counted(&effect(&world, &staff, change).await.refused), [("board_not_in_force", 0, 2)]);
}

#[tokio::test]
async fn changing_a_limit_says_what_would_be_too_long_or_locked() {
    let world = World::new().await;
    let staff = actor(&world.app, ACCREDITOR).await;
    insert(&world, &[weekly(date(2026, 12, 1), date(2027, 6, 30)), weekly(date(2027, 2, 1), date(2027, 12, 31))]).await;
    let setting = |name: &str, value: i64| Change::Settings {
        values: vec![(name.to_owned(), value.into())],
        from: date(2027, 1, 1),
    };
    let shorter = effect(&world, &staff, setting("months_most", 6)).await;
    assert_eq!(counted(&shorter.broken), [("lasts_too_long", 0, 1)], "what began before keeps the old limit");
    assert_eq!(shorter.year.unwrap().0, 2026);
    let locked = effect(&world, &staff, setting("locked_year", 2027)).await;
    assert_eq!(counted(&locked.broken), [("year_locked", 0, 4)]);
    assert!(effect(&world, &staff, setting("months_most", 13)).await.is_none());
}
