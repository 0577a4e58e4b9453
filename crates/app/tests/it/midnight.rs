//! Midnight is that of US Central, in standard and in daylight time: thousands of activities turn over in
//! the second in which it strikes, in every place that shows a status, and no row is written.

use app::activities::no_id;
use domain::access::ProviderRole;
use domain::activity::{Activity, Format, Providership, Status};
use domain::{ActivityId, Amount};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use store::activities::{Attested, Filter, Save, Sort};
use testkit::people::PROVIDER;

use crate::world::World;

/// Days, and the second of UTC in which each is over: around both changes of the clocks of 2027, and
/// the turn of the year.
const ENDS: [(Date, &str); 7] = [
    (date(2027, 3, 13), "2027-03-14T06:00:00Z"),
    (date(2027, 3, 14), "2027-03-15T05:00:00Z"),
    (date(2027, 6, 30), "2027-07-01T05:00:00Z"),
    (date(2027, 11, 6), "2027-11-07T05:00:00Z"),
    (date(2027, 11, 7), "2027-11-08T06:00:00Z"),
    (date(2027, 12, 31), "2028-01-01T06:00:00Z"),
    (date(2028, 2, 29), "2028-03-01T06:00:00Z"),
];

/// Activities that end on each of the days.
const ON_EACH: usize = 300;

fn ending(id: ActivityId, ends_on: Date) -> Activity {
    Activity {
        credit: Some(Amount::new(100)),
        description: "Knots.".into(),
        providership: Some(Providership::Direct),
        in_passport: Some(false),
        ..Activity::draft(id, PROVIDER.parse().unwrap(), "Knots", Format::CommitteeLearning, date(2027, 3, 1), ends_on)
    }
}

async fn fill(world: &World) -> Vec<ActivityId> {
    let scope = world.actor.provider(ProviderRole::Viewer).unwrap();
    let mut tx = world.app.store.write().await.unwrap();
    let ids = store::activities::next_ids(&mut tx, ON_EACH * ENDS.len()).await.unwrap();
    let days = ENDS.iter().flat_map(|(day, _)| std::iter::repeat_n(*day, ON_EACH));
    let all: Vec<Activity> = ids.iter().zip(days).map(|(id, day)| ending(*id, day)).collect();
    for some in all.chunks(500) {
        let saves: Vec<Save<'_>> = some.iter().map(|activity| Save { activity, version: None }).collect();
        let at = Attested { by: None, at: 1 };
        assert!(store::activities::save_many(&mut tx, &scope, &saves, at).await.unwrap());
    }
    tx.commit().await.unwrap();
    ids
}

/// How many have ended, by every way of asking.
async fn ended(world: &World) -> usize {
    let scope = world.actor.provider(ProviderRole::Viewer).unwrap();
    let today = world.app.clock.today();
    let mut tx = world.app.store.read().await.unwrap();
    let knots = Filter { format: Some(Format::CommitteeLearning), ..Filter::default() };
    let words = Filter { words: "knots".into(), ..knots.clone() };
    let ready = Filter { status: Some(Status::ReadyToClose), ..words.clone() };
    let counts = store::activities::counts(&mut tx, &scope, &knots, today).await.unwrap();
    let by_rows = store::activities::counts(&mut tx, &scope, &words, today).await.unwrap();
    assert_eq!(counts, by_rows, "{today}");
    assert_eq!((counts.draft, counts.closed, counts.all()), (0, 0, (ON_EACH * ENDS.len()) as i64), "{today}");
    let listed = store::activities::list(&mut tx, &scope, &ready, today, Sort::OldestEnd, 10_000, 0).await.unwrap();
    assert_eq!(listed.len() as i64, counts.ready_to_close, "{today}");
    for one in &listed {
        assert_eq!(one.stored.activity.status(today), Status::ReadyToClose, "{today}");
        assert_eq!((one.stored.version, one.stored.updated_at), (1, 1), "no row was written");
    }
    listed.len()
}

fn until(world: &World, at: &str, seconds_before: i64) {
    let at: Timestamp = at.parse().unwrap();
    let now = world.app.clock.timestamp();
    world.app.clock.advance(at.duration_since(now) - jiff::SignedDuration::from_secs(seconds_before));
}

#[tokio::test]
async fn activities_end_in_the_second_in_which_midnight_strikes_in_us_central_time() {
    let world = World::new().await;
    let ids = fill(&world).await;
    assert!(!ids.contains(&no_id()));
    for (n, (last, midnight)) in ENDS.iter().enumerate() {
        until(&world, midnight, 1);
        assert_eq!((world.app.clock.today(), ended(&world).await), (*last, n * ON_EACH));
        until(&world, midnight, 0);
        assert_eq!((world.app.clock.today(), ended(&world).await), (last.tomorrow().unwrap(), (n + 1) * ON_EACH));
    }
}
