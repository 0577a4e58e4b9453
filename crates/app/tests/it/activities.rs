//! Entering activities: what is refused, what a completion on record forbids, who sees what.

use app::activities::{close, copy, create, register, reopen, save, unregister};
use app::{Error, Fault};
use domain::access::{Actor, ProviderRole, Seat};
use domain::activity::{Activity, Fee, Format, MeasuredOutcome, MocRegistration, Registration, Status};
use domain::{ActivityId, Amount, Board};
use jiff::civil::date;
use store::activities::{Counts, Filter, Sort, Stored};

use testkit::people::PROVIDER;
use testkit::records::{activity_id, file};

use crate::world::World;

fn fields(answer: Result<impl std::fmt::Debug, Error>) -> Vec<&'static str> {
    match answer {
        Err(Error::Invalid(faults)) => faults.into_iter().map(|fault| fault.field).collect(),
        other => panic!("faults were expected, not {other:?}"),
    }
}

async fn stored(world: &World, id: ActivityId) -> Stored {
    let scope = world.actor.provider(ProviderRole::Viewer).unwrap();
    let mut tx = world.app.store.read().await.unwrap();
    store::activities::find(&mut tx, &scope, id).await.unwrap().unwrap()
}

fn example() -> Activity {
    testkit::records::activity("000000000", PROVIDER)
}

fn draft() -> Activity {
    Activity { title: "Knots and Sutures".into(), credit: None, moc: vec![], ..example() }
}

#[tokio::test]
async fn a_draft_needs_little_and_becomes_active_by_itself() {
    let world = World::new().await;
    let id = create(&world.app, &world.actor, draft()).await.unwrap();
    assert_eq!(id.as_str(), "200000001");
    let first = stored(&world, id).await;
    assert_eq!((first.version, first.activity.status(world.app.clock.today())), (1, Status::Draft));
    let complete = Activity { credit: Some(Amount::new(150)), ..first.activity };
    save(&world.app, &world.actor, complete.clone(), 1).await.unwrap();
    let second = stored(&world, id).await;
    assert_eq!((second.version, second.activity.status(world.app.clock.today())), (2, Status::Active));
    assert_eq!(second.activity, complete);
}

#[tokio::test]
async fn what_a_draft_may_not_be_stands_beside_its_field() {
    let world = World::new().await;
    let untitled = Activity { title: " ".into(), ends_on: date(2025, 1, 1), ..draft() };
    assert_eq!(fields(create(&world.app, &world.actor, untitled).await), ["title", "ends_on"]);
    let viewer = Actor { seat: Seat::Provider("0001234".parse().unwrap(), ProviderRole::LearnerData), ..world.actor };
    assert!(matches!(create(&world.app, &viewer, draft()).await, Err(Error::Forbidden(_))));
}

#[tokio::test]
async fn a_save_on_an_older_version_changes_nothing() {
    let world = World::new().await;
    let before = stored(&world, activity_id()).await;
    let renamed = Activity { title: "Renamed".into(), ..before.activity.clone() };
    save(&world.app, &world.actor, renamed.clone(), 1).await.unwrap();
    let late = Activity { title: "Too late".into(), ..before.activity };
    assert!(matches!(save(&world.app, &world.actor, late, 1).await, Err(Error::Stale)));
    assert_eq!(stored(&world, activity_id()).await.activity, renamed);
}

#[tokio::test]
async fn another_providers_activity_is_not_found() {
    let world = World::new().await;
    let stranger = Actor { seat: Seat::Provider("0007654".parse().unwrap(), ProviderRole::Owner), ..world.actor };
    let same = stored(&world, activity_id()).await.activity;
    assert!(matches!(save(&world.app, &stranger, same, 1).await, Err(Error::NotFound)));
    assert!(matches!(copy(&world.app, &stranger, activity_id()).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_change_that_would_make_a_completion_invalid_is_refused() {
    let world = World::new().await;
    world.upload(&file(0..3)).await;
    let Stored { activity, version, .. } = stored(&world, activity_id()).await;
    let later = Activity { starts_on: date(2026, 11, 3), ..activity.clone() };
    let Err(Error::Invalid(faults)) = save(&world.app, &world.actor, later, version).await else { panic!() };
    let what = "3 completions of 11/02/2026 would lie outside these dates. Withdraw or correct them first.";
    assert_eq!(faults, [Fault::new("starts_on", what)]);
    let less = Activity { credit: Some(Amount::new(175)), ..activity.clone() };
    assert_eq!(fields(save(&world.app, &world.actor, less, version).await), ["credit"]);
    let none = Activity { description: String::new(), ..activity.clone() };
    assert_eq!(fields(save(&world.app, &world.actor, none, version).await), ["description"]);
    let exact = Activity {
        credit: Some(Amount::new(200)),
        starts_on: date(2026, 11, 2),
        ends_on: date(2026, 11, 2),
        ..activity
    };
    save(&world.app, &world.actor, exact, version).await.unwrap();
}

fn abim() -> MocRegistration {
    example().moc.remove(0)
}

#[tokio::test]
async fn a_registration_keeps_the_boards_rules() {
    let world = World::new().await;
    let id = create(&world.app, &world.actor, draft()).await.unwrap();
    let unknown = MocRegistration { board: Board::read("XYZ").unwrap(), ..abim() };
    assert_eq!(fields(register(&world.app, &world.actor, id, 1, unknown).await), ["board"]);
    let empty = MocRegistration { points: Amount::ZERO, credit_types: vec![], undertakings: vec![], ..abim() };
    let missing = ["points", "credit_types", "undertakings"];
    assert_eq!(fields(register(&world.app, &world.actor, id, 1, empty).await), missing);
    let foreign = MocRegistration { credit_types: vec!["Self-Assessment".into()], ..abim() };
    assert_eq!(fields(register(&world.app, &world.actor, id, 1, foreign).await), ["credit_types"]);
    register(&world.app, &world.actor, id, 1, abim()).await.unwrap();
    assert_eq!(stored(&world, id).await.activity.moc, [abim()]);
    unregister(&world.app, &world.actor, id, 2, abim().board).await.unwrap();
    assert!(stored(&world, id).await.activity.moc.is_empty());
}

#[tokio::test]
async fn a_registration_with_credit_on_record_cannot_shrink_below_it() {
    let world = World::new().await;
    let row = testkit::records::row("Add", 1, "2");
    let with_moc = row.replace("\t2\t\t\t\t\t\n", "\t2\tABIM\t300001\t2\tMedical Knowledge\t2\n");
    world.upload(&format!("{}{with_moc}", testkit::records::HEADER)).await;
    let less = MocRegistration {
        points: Amount::new(100),
        credit_types: vec!["Patient Safety".into()],
        claim_until: Some(date(2026, 11, 1)),
        ..abim()
    };
    let refused = ["points", "credit_types", "claim_until"];
    assert_eq!(fields(register(&world.app, &world.actor, activity_id(), 1, less).await), refused);
    assert_eq!(fields(unregister(&world.app, &world.actor, activity_id(), 1, abim().board).await), ["board"]);
}

#[tokio::test]
async fn closing_names_what_is_missing_and_a_closed_activity_is_not_saved() {
    let world = World::new().await;
    let over = Activity { starts_on: date(2026, 1, 1), ends_on: date(2026, 6, 30), rems: None, ..draft() };
    let id = create(&world.app, &world.actor, Activity { credit: Some(Amount::new(100)), ..over }).await.unwrap();
    let missing = ["outcomes", "has_support", "physician_total", "other_total", "url", "fee", "registration"];
    assert_eq!(fields(close(&world.app, &world.actor, id, 1).await), missing);
    let knowledge = MeasuredOutcome { outcome: "knowledge".into(), objective: true, subjective: false };
    let complete = Activity {
        outcomes: vec![knowledge],
        has_support: Some(false),
        physician_total: Some(0),
        other_total: Some(4),
        url: "https://harborview.example/knots".into(),
        fee: Some(Fee::Free),
        registration: Some(Registration::Open),
        ..stored(&world, id).await.activity
    };
    save(&world.app, &world.actor, complete.clone(), 1).await.unwrap();
    close(&world.app, &world.actor, id, 2).await.unwrap();
    assert_eq!(stored(&world, id).await.activity.status(world.app.clock.today()), Status::Closed);
    assert!(matches!(save(&world.app, &world.actor, complete, 3).await, Err(Error::Forbidden(_))));
    reopen(&world.app, &world.actor, id, 3).await.unwrap();
    assert_eq!(stored(&world, id).await.activity.status(world.app.clock.today()), Status::ReadyToClose);
}

#[tokio::test]
async fn a_copy_is_a_draft_with_an_id_of_its_own() {
    let world = World::new().await;
    let id = copy(&world.app, &world.actor, activity_id()).await.unwrap();
    let copied = stored(&world, id).await.activity;
    assert_ne!(id, activity_id());
    assert_eq!(copied.status(world.app.clock.today()), Status::Draft);
    assert_eq!((copied.title.as_str(), copied.moc[0].is_attested()), ("Copy of Care of the Heart", false));
}

#[tokio::test]
async fn a_copy_of_a_locked_year_lies_in_an_open_one_and_can_be_changed() {
    let world = World::new().await;
    let spring = Activity {
        title: "x".repeat(500),
        format: Format::OtherBlended,
        starts_on: date(2024, 2, 29),
        ends_on: date(2024, 3, 1),
        moc: vec![],
        ..example()
    };
    let old = create(&world.app, &world.actor, spring).await.unwrap();
    let staff = testkit::people::actor(&world.app, testkit::people::ACCREDITOR).await;
    app::reference::put_setting(&world.app, &staff, "locked_year", 2025.into(), None).await.unwrap();
    let id = copy(&world.app, &world.actor, old).await.unwrap();
    let copied = stored(&world, id).await.activity;
    assert_eq!((copied.starts_on, copied.ends_on), (date(2026, 2, 28), date(2026, 3, 1)));
    assert_eq!(copied.title.chars().count(), 500);
    save(&world.app, &world.actor, Activity { title: "Knots".into(), ..copied }, 1).await.unwrap();
    app::activities::delete(&world.app, &world.actor, id, 2).await.unwrap();
}

#[tokio::test]
async fn what_nobody_sees_and_what_stands_there_twice_is_not_stored() {
    let world = World::new().await;
    let twice =
        |ways: (bool, bool)| MeasuredOutcome { outcome: "knowledge".into(), objective: ways.0, subjective: ways.1 };
    let typed = Activity {
        title: "Knots\0 and \u{200B}Sutures\r".into(),
        description: "One.\r\nTwo.\u{1}".into(),
        internal_id: "K\0-1".into(),
        joint_providers: vec!["Heart Society".into(), " ".into(), "Heart Society".into()],
        outcomes: vec![twice((true, false)), twice((false, true))],
        ..draft()
    };
    let id = create(&world.app, &world.actor, typed.clone()).await.unwrap();
    let entered = stored(&world, id).await.activity;
    save(&world.app, &world.actor, Activity { id, ..typed.clone() }, 1).await.unwrap();
    let saved = stored(&world, id).await.activity;
    app::activities::save_whole(&world.app, &world.actor, Activity { id, ..typed }, 2).await.unwrap();
    for kept in [entered, saved, stored(&world, id).await.activity] {
        assert_eq!((kept.title.as_str(), kept.internal_id.as_str()), ("Knots and Sutures", "K-1"));
        assert_eq!(
            (kept.description.as_str(), &*kept.joint_providers),
            ("One.\nTwo.", &["Heart Society".to_owned()][..])
        );
        assert_eq!(kept.outcomes, [twice((true, true))]);
    }
}

#[tokio::test]
async fn numbers_that_no_sum_could_hold_are_refused() {
    let world = World::new().await;
    let most = |source: &str| domain::activity::Support { source: source.into(), dollars: Some(i64::MAX) };
    let typed = Activity {
        physician_total: Some(i64::MAX),
        other_total: Some(10_000_000_001),
        support: vec![most("Acme"), most("Other")],
        ..draft()
    };
    let refused = ["support", "support", "physician_total", "other_total"];
    assert_eq!(fields(create(&world.app, &world.actor, typed).await), refused);
}

#[tokio::test]
async fn lists_filter_by_words_status_and_format_and_count_by_status() {
    let world = World::new().await;
    let today = world.app.clock.today();
    let ended = Activity {
        title: "ÉTUDES 100%".into(),
        credit: Some(Amount::new(100)),
        format: Format::EnduringMaterial,
        ends_on: date(2026, 6, 30),
        ..draft()
    };
    create(&world.app, &world.actor, ended).await.unwrap();
    create(&world.app, &world.actor, Activity { format: Format::OtherBlended, ends_on: date(2026, 12, 1), ..draft() })
        .await
        .unwrap();
    world.upload(&file(0..2)).await;
    let scope = world.actor.provider(ProviderRole::Viewer).unwrap();
    let mut tx = world.app.store.read().await.unwrap();
    let counts = store::activities::counts(&mut tx, &scope, &Filter::default(), today).await.unwrap();
    assert_eq!(counts, Counts { draft: 1, active: 1, ready_to_close: 1, closed: 0 });
    assert_eq!((counts.all(), counts.of(Status::Active)), (3, 1));
    let filters: [(Filter, &[&str]); 7] = [
        (Filter::default(), &["Care of the Heart", "Knots and Sutures", "ÉTUDES 100%"]),
        (Filter { words: "knots sut".into(), ..Filter::default() }, &["Knots and Sutures"]),
        (Filter { words: "202600001".into(), ..Filter::default() }, &["Care of the Heart"]),
        (Filter { words: "études 100%".into(), ..Filter::default() }, &["ÉTUDES 100%"]),
        (Filter { words: "100_".into(), ..Filter::default() }, &[]),
        (Filter { status: Some(Status::ReadyToClose), ..Filter::default() }, &["ÉTUDES 100%"]),
        (Filter { format: Some(Format::OtherBlended), ..Filter::default() }, &["Knots and Sutures"]),
    ];
    for (filter, titles) in filters {
        let list = store::activities::list(&mut tx, &scope, &filter, today, Sort::Title, 10, 0).await.unwrap();
        let mut found: Vec<&str> = list.iter().map(|listed| listed.stored.activity.title.as_str()).collect();
        // the databases order accented letters each in its own way
        found.sort_unstable();
        assert_eq!(found, titles, "{filter:?}");
    }
    let by_completions = Sort::MostCompletions;
    let list = store::activities::list(&mut tx, &scope, &Filter::default(), today, by_completions, 1, 0).await.unwrap();
    assert_eq!((list[0].completions, list[0].stored.activity.id), (2, activity_id()));
    let named = store::activities::find_by_internal_ids(&mut tx, &scope, &["HEART-1".into()]).await.unwrap();
    assert_eq!(named.len(), 3);
}
