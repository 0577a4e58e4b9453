//! Entering many activities: series, bulk closing, deleting, whole records, sketches, warnings.

use app::activities::{self, Closing};
use app::{Error, reference};
use domain::access::{Actor, ProviderRole, ProviderScope, Seat};
use domain::activity::{
    Activity, Delivery, Fee, Format, MeasuredOutcome, MocRegistration, Providership, Registration, Rule, Run, Status,
    Undertaking, Warning,
};
use domain::{ActivityId, Amount};
use jiff::civil::{Date, date};
use store::activities::{Filter, Stored};
use testkit::people::{ACCREDITOR, EDITOR, PROVIDER, actor};
use testkit::records::{activity_id, file};

use crate::world::World;

fn scope(world: &World) -> ProviderScope {
    world.actor.provider(ProviderRole::Viewer).unwrap()
}

async fn stored(world: &World, id: ActivityId) -> Stored {
    let mut tx = world.app.store.read().await.unwrap();
    store::activities::find(&mut tx, &scope(world), id).await.unwrap().unwrap()
}

fn course(starts_on: Date, ends_on: Date) -> Activity {
    Activity {
        deliveries: vec![Delivery::InPerson],
        city: "Reno".into(),
        state: "NV".into(),
        country: "USA".into(),
        credit: Some(Amount::new(700)),
        description: "Rhythm and rest.".into(),
        providership: Some(Providership::Direct),
        in_passport: Some(false),
        ..Activity::draft(
            activities::no_id(),
            PROVIDER.parse().unwrap(),
            "Rhythm and Rest",
            Format::LiveCourse,
            starts_on,
            ends_on,
        )
    }
}

/// A course of June that nothing keeps from being closed in November.
fn whole() -> Activity {
    Activity {
        url: "https://harborview.example/rhythm".into(),
        fee: Some(Fee::Free),
        registration: Some(Registration::Open),
        outcomes: vec![MeasuredOutcome { outcome: "knowledge".into(), objective: true, subjective: true }],
        has_support: Some(false),
        physician_total: Some(30),
        other_total: Some(0),
        ..course(date(2026, 6, 1), date(2026, 6, 2))
    }
}

fn messages(answer: Result<impl std::fmt::Debug, Error>) -> Vec<String> {
    match answer {
        Err(Error::Invalid(faults)) => faults.into_iter().map(|fault| fault.message).collect(),
        other => panic!("faults were expected, not {other:?}"),
    }
}

#[tokio::test]
async fn a_series_becomes_separate_activities_or_none_at_all() {
    let world = World::new().await;
    let first = course(date(2026, 12, 1), date(2026, 12, 2));
    let toronto = Run { city: "Toronto".into(), country: "CAN".into(), ..Run::on(date(2027, 1, 5), date(2027, 1, 6)) };
    let late = Run::on(date(2027, 2, 3), date(2027, 2, 4));
    let backwards = Run::on(date(2027, 2, 3), date(2027, 2, 2));
    let again = Run::on(date(2026, 12, 1), date(2026, 12, 3));
    let refused =
        activities::create_series(&world.app, &world.actor, first.clone(), &[toronto.clone(), backwards]).await;
    assert_eq!(messages(refused), ["Run 2: The end date must not be before the start date."]);
    let twice = activities::create_series(&world.app, &world.actor, first.clone(), &[again]).await;
    assert_eq!(messages(twice), ["Run 1: there is another run on 12/01/2026 in the same place."]);
    let none = Filter { words: "rhythm".into(), ..Filter::default() };
    let today = world.app.clock.today();
    {
        let mut tx = world.app.store.read().await.unwrap();
        assert_eq!(store::activities::counts(&mut tx, &scope(&world), &none, today).await.unwrap().all(), 0);
    }
    let ids = activities::create_series(&world.app, &world.actor, first, &[toronto, late]).await.unwrap();
    assert_eq!(ids.len(), 3);
    let second = stored(&world, ids[1]).await;
    assert_eq!((second.activity.city.as_str(), second.activity.state.as_str(), second.version), ("Toronto", "", 1));
    assert_eq!(second.activity.status(today), Status::Active);
    let march = [Run::on(date(2027, 3, 1), date(2027, 3, 1))];
    let more = activities::repeat(&world.app, &world.actor, ids[0], &march).await.unwrap();
    assert_eq!(stored(&world, more[0]).await.activity.city, "Reno");
}

#[tokio::test]
async fn closing_many_closes_what_can_be_and_says_of_the_rest_what_is_missing() {
    let world = World::new().await;
    let good = activities::create(&world.app, &world.actor, whole()).await.unwrap();
    let other = activities::create(&world.app, &world.actor, whole()).await.unwrap();
    let open =
        activities::create(&world.app, &world.actor, Activity { physician_total: None, ..whole() }).await.unwrap();
    let unknown = "999999999".parse().unwrap();
    let ids = [open, good, unknown, other, good];
    let answers = activities::close_many(&world.app, &world.actor, &ids).await.unwrap();
    assert_eq!(answers.iter().map(|(id, _)| *id).collect::<Vec<_>>(), ids);
    let said: Vec<&Closing> = answers.iter().map(|(_, answer)| answer).collect();
    let Closing::Missing(missing) = said[0] else { panic!("{said:?}") };
    assert_eq!(missing.iter().map(|missing| missing.rule).collect::<Vec<_>>(), [Rule::PhysicianTotalMissing]);
    assert_eq!(said[1..], [&Closing::Closed, &Closing::NotFound, &Closing::Closed, &Closing::AlreadyClosed]);
    assert!(stored(&world, good).await.activity.is_closed && !stored(&world, open).await.activity.is_closed);
    let again = activities::close_many(&world.app, &world.actor, &[good]).await.unwrap();
    assert_eq!(again, [(good, Closing::AlreadyClosed)]);
}

#[tokio::test]
async fn an_activity_with_completions_is_not_deleted_and_they_are_named() {
    let world = World::new().await;
    let id = activities::create(&world.app, &world.actor, whole()).await.unwrap();
    assert!(matches!(activities::delete(&world.app, &world.actor, id, 7).await, Err(Error::Stale)));
    activities::delete(&world.app, &world.actor, id, 1).await.unwrap();
    assert!(matches!(activities::delete(&world.app, &world.actor, id, 1).await, Err(Error::NotFound)));
    world.upload(&file(0..2)).await;
    let refused = messages(activities::delete(&world.app, &world.actor, activity_id(), 1).await);
    assert!(
        refused[0].contains("Alma Ashdown (11/02/2026)") && refused[0].contains("It stays on record."),
        "{refused:?}"
    );
    // a withdrawn completion stays on record too
    let withdrawn = file(0..2).replace("Add\t", "Delete\t");
    world.upload(&withdrawn).await;
    let refused = messages(activities::delete(&world.app, &world.actor, activity_id(), 1).await);
    assert!(refused[0].contains("Alma Ashdown (11/02/2026, withdrawn)"), "{refused:?}");
}

#[tokio::test]
async fn a_locked_year_is_neither_entered_saved_closed_reopened_nor_deleted() {
    let world = World::new().await;
    let id = activities::create(&world.app, &world.actor, whole()).await.unwrap();
    let closed = activities::create(&world.app, &world.actor, whole()).await.unwrap();
    activities::close(&world.app, &world.actor, closed, 1).await.unwrap();
    let staff = actor(&world.app, ACCREDITOR).await;
    reference::put_setting(&world.app, &staff, "locked_year", 2026.into(), None).await.unwrap();
    let refused = messages(activities::create(&world.app, &world.actor, whole()).await);
    assert!(refused[0].starts_with("The reporting year 2026 is locked."), "{refused:?}");
    let same = stored(&world, id).await.activity;
    let locked = [
        activities::save(&world.app, &world.actor, same, 1).await,
        activities::close(&world.app, &world.actor, id, 1).await,
        activities::reopen(&world.app, &world.actor, closed, 2).await,
        activities::delete(&world.app, &world.actor, id, 1).await,
    ];
    for answer in locked {
        assert!(matches!(&answer, Err(Error::Forbidden(why)) if why.contains("locked")), "{answer:?}");
    }
    let many = activities::close_many(&world.app, &world.actor, &[id]).await.unwrap();
    assert_eq!(many, [(id, Closing::Locked)]);
}

#[tokio::test]
async fn a_whole_record_replaces_registrations_but_not_undertakings_or_credit_on_record() {
    let world = World::new().await;
    let before = stored(&world, activity_id()).await.activity;
    let from_file = MocRegistration {
        points: Amount::new(800),
        claim_until: Some(date(2027, 12, 31)),
        undertakings: vec![],
        ..before.moc[0].clone()
    };
    let typed = Activity { title: "Care of Hearts".into(), moc: vec![from_file], ..before };
    activities::save_whole(&world.app, &world.actor, typed.clone(), 1).await.unwrap();
    let after = stored(&world, activity_id()).await;
    assert_eq!((after.version, after.activity.title.as_str()), (2, "Care of Hearts"));
    assert_eq!((after.activity.moc[0].points, after.activity.moc[0].is_attested()), (Amount::new(800), true));
    let row = testkit::records::row_with_points(1, "2", "2");
    world.upload(&format!("{}{row}", testkit::records::HEADER)).await;
    let without = Activity { moc: vec![], ..typed.clone() };
    let refused = messages(activities::save_whole(&world.app, &world.actor, without, 2).await);
    assert_eq!(refused, ["1 completion on record earn points of ABIM. Keep its registration."]);
    let fewer = MocRegistration { points: Amount::new(100), ..typed.moc[0].clone() };
    let shrunk = Activity { moc: vec![fewer], ..typed };
    assert_eq!(messages(activities::save_whole(&world.app, &world.actor, shrunk, 2).await).len(), 1);
}

#[tokio::test]
async fn each_undertaking_keeps_who_gave_it_first_and_when() {
    let world = World::new().await;
    let id = activities::create(&world.app, &world.actor, course(date(2026, 12, 1), date(2026, 12, 2))).await.unwrap();
    let moc = MocRegistration {
        points: Amount::new(700),
        ..testkit::records::activity("000000000", PROVIDER).moc[0].clone()
    };
    activities::register(&world.app, &world.actor, id, 1, moc.clone()).await.unwrap();
    let first_at = world.app.clock.now();
    world.app.clock.advance(jiff::SignedDuration::from_hours(30));
    let editor = actor(&world.app, EDITOR).await;
    let more = MocRegistration { practice_areas: vec!["Geriatrics".into()], ..moc.clone() };
    assert!(activities::register(&world.app, &editor, id, 2, more).await.is_err(), "no practice area of the board");
    let more = MocRegistration { practice_areas: vec!["Geriatric Medicine".into()], ..moc };
    activities::register(&world.app, &editor, id, 2, more).await.unwrap();
    let mut tx = world.app.store.read().await.unwrap();
    let given = store::activities::undertaken(&mut tx, &scope(&world), id).await.unwrap();
    assert_eq!(given.len(), Undertaking::ALL.len());
    assert!(given.iter().all(|one| one.at == first_at && one.by_name == "Marisol Okafor"), "{given:?}");
    let stranger = Actor { seat: Seat::Provider("0007654".parse().unwrap(), ProviderRole::Owner), ..world.actor };
    let foreign = stranger.provider(ProviderRole::Viewer).unwrap();
    assert_eq!(store::activities::undertaken(&mut tx, &foreign, id).await.unwrap(), []);
}

#[tokio::test]
async fn warnings_tell_of_twins_and_of_completions_above_the_totals() {
    let world = World::new().await;
    let id = activities::create(&world.app, &world.actor, whole()).await.unwrap();
    let twin = activities::create(&world.app, &world.actor, Activity { title: "RHYTHM & rest".into(), ..whole() });
    let twin = twin.await.unwrap();
    let twin_and =
        activities::create(&world.app, &world.actor, Activity { title: "Rhythm and Rest!".into(), ..whole() });
    let alike = twin_and.await.unwrap();
    world.upload(&file(0..3)).await;
    let mut tx = world.app.store.read().await.unwrap();
    let heart = store::activities::find(&mut tx, &scope(&world), activity_id()).await.unwrap().unwrap().activity;
    let few = Activity { physician_total: Some(2), other_total: Some(0), ..heart };
    let said = activities::warnings(&world.app, &mut tx, &scope(&world), &few).await.unwrap();
    assert_eq!(said.iter().map(|warned| warned.warning).collect::<Vec<_>>(), [Warning::CompletionsAboveTotal]);
    let one = store::activities::find(&mut tx, &scope(&world), id).await.unwrap().unwrap().activity;
    let said = activities::warnings(&world.app, &mut tx, &scope(&world), &one).await.unwrap();
    assert_eq!(said.len(), 1);
    assert!(
        said[0].warning == Warning::LikelyDuplicate && said[0].fact == alike.to_string(),
        "{twin} is another title"
    );
}

#[tokio::test]
async fn what_is_typed_is_kept_from_the_first_letter_and_becomes_an_activity() {
    let world = World::new().await;
    let typed = |title: &str| vec![("title".to_owned(), title.to_owned())];
    let sketch = activities::sketches::keep(&world.app, &world.actor, None, &typed("K")).await.unwrap();
    activities::sketches::keep(&world.app, &world.actor, Some(sketch), &typed("Knots")).await.unwrap();
    let held = activities::sketches::list(&world.app, &world.actor).await.unwrap();
    assert_eq!((held.len(), &held[0].fields), (1, &typed("Knots")));
    let editor = actor(&world.app, EDITOR).await;
    let foreign = activities::sketches::keep(&world.app, &editor, Some(sketch), &typed("Mine")).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    assert_eq!(activities::sketches::list(&world.app, &editor).await.unwrap(), []);
    let new = Activity { title: " ".into(), ..whole() };
    assert!(activities::sketches::create(&world.app, &world.actor, sketch, new).await.is_err());
    assert_eq!(activities::sketches::list(&world.app, &world.actor).await.unwrap().len(), 1);
    activities::sketches::create(&world.app, &world.actor, sketch, whole()).await.unwrap();
    assert_eq!(activities::sketches::list(&world.app, &world.actor).await.unwrap(), []);
    for n in 0..25 {
        activities::sketches::keep(&world.app, &world.actor, None, &typed(&n.to_string())).await.unwrap();
    }
    let held = activities::sketches::list(&world.app, &world.actor).await.unwrap();
    assert_eq!(held.len(), 20);
    activities::sketches::discard(&world.app, &world.actor, held[0].id).await.unwrap();
    assert!(matches!(activities::sketches::discard(&world.app, &world.actor, held[0].id).await, Err(Error::NotFound)));
}
