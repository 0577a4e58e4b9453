//! Which activity a record of a file means, and what the activities and completions on record have
//! against it.

use app::activities::{self, no_id};
use app::years::{Refreshed, refresh_enduring};
use domain::Amount;
use domain::activity::{Activity, Format};
use formats::activities::{Action, Field};
use jiff::SignedDuration;
use jiff::civil::date;
use testkit::people::{ACCREDITOR, actor};
use testkit::records::{OTHER_ACTIVITY, activity_id, file};

use crate::activity_files::{all, course, document, get, one, send, with, written};
use crate::world::World;

#[tokio::test]
async fn a_record_finds_its_activity_by_id_or_by_internal_id_start_and_format() {
    let world = World::new().await;
    let (file, records) = send(&world, &document([written(&world, &course("M-1"), Some(Action::Add))])).await;
    assert_eq!(file.counts.added, 1, "{records:#?}");
    let id = records[0].activity.unwrap();
    // the whole record replaces what is there: what is not given is empty afterwards
    let shorter = Activity { description: "Short.".into(), support: vec![], has_support: None, ..course("M-1") };
    assert_eq!(one(&world, written(&world, &shorter, Some(Action::Update))).await, ("updated", vec![]));
    let now = get(&world, id).await;
    assert_eq!((now.description.as_str(), now.has_support, now.support.len()), ("Short.", None, 0));
    // by its ID the internal ID and the dates may change too
    let moved = Activity { id, starts_on: date(2026, 6, 2), ..course("M-2") };
    assert_eq!(one(&world, written(&world, &moved, None)).await, ("updated", vec![]));
    assert_eq!(get(&world, id).await, moved);
    // a near miss is refused and never new
    let near = written(&world, &course("M-2"), None);
    assert_eq!(one(&world, near).await, ("refused", vec!["activity_possible_duplicate".into()]));
    let other_format = Activity { format: Format::OtherBlended, ..Activity { id: no_id(), ..moved.clone() } };
    let refused = one(&world, written(&world, &other_format, Some(Action::Add))).await;
    assert_eq!(refused, ("refused", vec!["activity_possible_duplicate".into()]));
    let unknown = written(&world, &course("M-9"), Some(Action::Update));
    assert_eq!(one(&world, unknown).await, ("refused", vec!["activity_not_found".into()]));
    let nowhere = Activity { id: "999999999".parse().unwrap(), ..course("M-9") };
    assert_eq!(one(&world, written(&world, &nowhere, None)).await, ("refused", vec!["activity_not_found".into()]));
    let foreign = Activity { id: OTHER_ACTIVITY.parse().unwrap(), ..course("M-9") };
    assert_eq!(one(&world, written(&world, &foreign, None)).await, ("refused", vec!["activity_not_found".into()]));
    // the same again changes nothing; something else under Add is no update
    let same = Activity { id: no_id(), ..moved };
    assert_eq!(one(&world, written(&world, &same, Some(Action::Add))).await, ("unchanged", vec![]));
    let other = Activity { title: "Another".into(), ..same };
    let refused = one(&world, written(&world, &other, Some(Action::Add))).await;
    assert_eq!(refused, ("refused", vec!["activity_already_entered".into()]));
    let theirs = with(written(&world, &course("M-8"), None), Field::ProviderId, "7654");
    assert_eq!(one(&world, theirs).await, ("refused", vec!["provider_is_another".into()]));
    // without any ID the same course twice is a possible duplicate, in another place it is not
    let nameless = Activity { title: "Knots".into(), ..course("") };
    let twice = [written(&world, &nameless, None), written(&world, &nameless, None)];
    let (file, _) = send(&world, &document(twice)).await;
    assert_eq!((file.counts.added, file.counts.refused), (1, 1));
    let elsewhere = Activity { city: "Elko".into(), ..nameless.clone() };
    assert_eq!(one(&world, written(&world, &elsewhere, None)).await, ("added", vec![]));
    let again = with(written(&world, &nameless, None), Field::Description, "Other words.");
    assert_eq!(one(&world, again).await, ("refused", vec!["activity_possible_duplicate".into()]));
}

#[tokio::test]
async fn records_of_one_file_see_each_other() {
    let world = World::new().await;
    let record = |internal: &str, action| written(&world, &course(internal), Some(action));
    let longer = Activity { other_total: Some(9), ..course("S-1") };
    let file = document([
        record("S-1", Action::Add),
        written(&world, &longer, Some(Action::Update)),
        record("S-2", Action::Add),
        record("S-2", Action::Delete),
        record("S-2", Action::Add),
        record("S-3", Action::Delete),
    ]);
    let (_, records) = send(&world, &file).await;
    let ends: Vec<&str> = records.iter().map(|record| record.ending.code()).collect();
    assert_eq!(ends, ["added", "updated", "added", "deleted", "added", "refused"]);
    assert_ne!(records[2].activity, records[4].activity);
    let now = get(&world, records[0].activity.unwrap()).await;
    assert_eq!(now.other_total, Some(9));
    assert_eq!(all(&world).await.len(), 3);
}

#[tokio::test]
async fn closed_and_locked_activities_and_completions_on_record_are_kept() {
    let world = World::new().await;
    let close = with(written(&world, &course("L-1"), None), Field::Close, "true");
    assert_eq!(one(&world, close.clone()).await, ("closed", vec![]));
    let open = with(close.clone(), Field::OtherTotal, "5");
    assert_eq!(one(&world, open).await, ("refused", vec!["activity_closed".into()]));
    let delete = with(close, Field::RecordAction, "Delete");
    assert_eq!(one(&world, delete).await, ("refused", vec!["activity_closed".into()]));
    let unfinished = Activity { physician_total: None, ..course("L-2") };
    let unfinished = with(written(&world, &unfinished, None), Field::Close, "true");
    assert_eq!(one(&world, unfinished).await, ("refused", vec!["physician_total_missing".into()]));
    world.upload(&file(0..2)).await;
    let heart = get(&world, activity_id()).await;
    let earlier = Activity { ends_on: date(2026, 10, 1), credit: Some(Amount::new(100)), ..heart.clone() };
    let earlier = Activity { moc: vec![], ..earlier };
    let (end, codes) = one(&world, written(&world, &earlier, None)).await;
    assert_eq!((end, codes), ("refused", vec!["completions_on_record".to_owned(); 2]));
    let (end, codes) = one(&world, written(&world, &heart, Some(Action::Delete))).await;
    assert_eq!((end, codes), ("refused", vec!["completions_on_record".to_owned()]));
    assert_eq!(get(&world, activity_id()).await, heart);
    activities::create(&world.app, &world.actor, course("L-3")).await.unwrap();
    let staff = actor(&world.app, ACCREDITOR).await;
    app::reference::put_setting(&world.app, &staff, "locked_year", 2026.into(), None).await.unwrap();
    let new = one(&world, written(&world, &course("L-4"), None)).await;
    assert_eq!(new, ("refused", vec!["year_locked".into()]));
    let changed = Activity { other_total: Some(1), ..course("L-3") };
    assert_eq!(one(&world, written(&world, &changed, None)).await, ("refused", vec!["year_locked".into()]));
    assert_eq!(one(&world, written(&world, &course("L-3"), Some(Action::Delete))).await.0, "refused");
}

#[tokio::test]
async fn cumulative_totals_never_fall_below_those_of_the_last_year_end() {
    let world = World::new().await;
    world.app.clock.advance(SignedDuration::from_hours(43 * 24)); // to January 2027
    let reported = Refreshed { activity: activity_id(), physicians: 40, others: 8 };
    refresh_enduring(&world.app, &world.actor, 2026, &[reported]).await.unwrap();
    let film = get(&world, activity_id()).await;
    let fewer = Activity { physician_total: Some(39), other_total: Some(7), ..film.clone() };
    let refused = one(&world, written(&world, &fewer, None)).await;
    assert_eq!(refused, ("refused", vec!["total_below_year_end".to_owned(); 2]));
    let more = Activity { physician_total: Some(41), other_total: Some(8), ..film };
    assert_eq!(one(&world, written(&world, &more, None)).await, ("updated", vec![]));
}
