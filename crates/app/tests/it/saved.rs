//! What physicians keep of the search: activities with what has changed, searches with letters about what is new.

use app::activity_search::Search;
use app::saved_activities::{self, Now};
use app::{App, Error, saved_searches};
use domain::Amount;
use domain::access::{Actor, Seat};
use domain::activity::Activity;
use jiff::SignedDuration;
use jiff::civil::date;
use store::saved_searches::Alert;
use testkit::people::{self, OWNER};
use testkit::{TestApp, records};

use crate::activity_search::{put, shown};

const EMAIL: &str = "physician@passport.example";

async fn world() -> (TestApp, Actor) {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    let seat = Seat::Physician(records::physician(0).id);
    let actor = people::add(&test.app, EMAIL, "Alma Ashdown", seat).await;
    (test, actor)
}

async fn save_as(app: &App, activity: &Activity, version: i64) {
    let mut tx = app.store.write().await.unwrap();
    let scope = domain::access::ProviderScope::of_record(activity.provider);
    let attested = store::activities::Attested { by: None, at: 0 };
    assert!(store::activities::update(&mut tx, &scope, activity, version, attested).await.unwrap());
    tx.commit().await.unwrap();
}

async fn letters(app: &App) -> usize {
    let mails = store::mails::list_newest(&mut app.store.read().await.unwrap(), 100).await.unwrap();
    mails.iter().filter(|mail| mail.to_address == EMAIL).count()
}

fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

#[tokio::test]
async fn a_saved_activity_tells_what_has_changed_and_what_is_gone() {
    let (test, actor) = world().await;
    let app = &test.app;
    let ends = Activity { ends_on: date(2026, 12, 1), ..shown(2, "Ropes") };
    put(app, &[shown(1, "Knots"), ends, shown(3, "Splices")]).await;
    for number in 1..=3 {
        saved_activities::save(app, &actor, shown(number, "").id).await.unwrap();
    }
    assert_eq!(saved_activities::saved_among(app, &actor, &[shown(1, "").id, shown(9, "").id]).await.unwrap().len(), 1);
    save_as(app, &Activity { credit: Some(Amount::new(250)), ends_on: date(2027, 6, 30), ..shown(1, "Knots") }, 1)
        .await;
    save_as(app, &Activity { in_passport: Some(false), ..shown(3, "Splices") }, 1).await;
    app.clock.advance(days(20));
    let list = saved_activities::list(app, &actor).await.unwrap();
    let of = |title: &str| list.iter().find(|saved| saved.look.title == title).unwrap();
    let Now::Offered { changes, .. } = &of("Knots").now else { panic!("{:?}", of("Knots")) };
    assert_eq!(
        *changes,
        [("Dates", "01/01/2026 to 12/31/2027".to_owned()), ("Credits", "1".to_owned())],
        "what it was is told"
    );
    assert_eq!((&of("Ropes").now, &of("Splices").now), (&Now::Ended, &Now::Gone));
    // saved again, it is known as it is now
    saved_activities::save(app, &actor, shown(1, "").id).await.unwrap();
    let list = saved_activities::list(app, &actor).await.unwrap();
    assert!(list.iter().any(|saved| matches!(&saved.now, Now::Offered { changes, .. } if changes.is_empty())));
    saved_activities::remove(app, &actor, shown(1, "").id).await.unwrap();
    saved_activities::remove(app, &actor, shown(1, "").id).await.unwrap();
    assert_eq!(saved_activities::list(app, &actor).await.unwrap().len(), 2);
}

#[tokio::test]
async fn what_nobody_may_see_is_not_saved_and_only_physicians_save() {
    let (test, actor) = world().await;
    let hidden = Activity { in_passport: Some(false), ..shown(1, "Hidden") };
    let over = Activity { ends_on: date(2026, 11, 22), ..shown(2, "Over") };
    put(&test.app, &[hidden.clone(), over.clone(), shown(3, "Knots")]).await;
    for id in [hidden.id, over.id, shown(9, "").id] {
        assert!(matches!(saved_activities::save(&test.app, &actor, id).await, Err(Error::NotFound)));
    }
    let owner = people::actor(&test.app, OWNER).await;
    assert!(matches!(saved_activities::save(&test.app, &owner, shown(3, "").id).await, Err(Error::Forbidden(_))));
    let search = Search::read("q=knots");
    assert!(saved_searches::keep(&test.app, &owner, "Knots", &search, Alert::Daily).await.is_err());
}

#[tokio::test]
async fn a_letter_tells_what_is_new_once_and_nothing_else() {
    let (test, actor) = world().await;
    let app = &test.app;
    put(app, &[shown(1, "Knots before")]).await;
    let draft = Activity { description: String::new(), ..shown(2, "Knots that waited") };
    put(app, std::slice::from_ref(&draft)).await;
    let search = Search::read("q=knots&page=3");
    saved_searches::keep(app, &actor, "  My   knots ", &search, Alert::Daily).await.unwrap();
    assert_eq!(saved_searches::tell_due(app).await.unwrap(), 0, "not due yet");
    app.clock.advance(days(1));
    assert_eq!(saved_searches::tell_due(app).await.unwrap(), 0, "nothing new");
    // a draft of long ago that is shown now, one of something else, and a change of one that was there
    save_as(app, &shown(2, "Knots that waited"), 1).await;
    put(app, &[shown(3, "Ropes")]).await;
    save_as(app, &shown(1, "Knots before, again"), 1).await;
    assert_eq!(saved_searches::tell_due(app).await.unwrap(), 0, "looked at today already");
    app.clock.advance(days(1));
    assert_eq!(saved_searches::tell_due(app).await.unwrap(), 1);
    let (subject, body) = test.letter_to(EMAIL).await;
    assert_eq!(subject, "1 new activity in your search \u{201c}My knots\u{201d}");
    assert!(body.contains("Knots that waited") && !body.contains("Ropes") && !body.contains("before"), "{body}");
    assert!(body.contains("/activities?q=knots\n") && body.contains("/searches/stop/stop_"), "{body}");
    app.clock.advance(days(1));
    assert_eq!(saved_searches::tell_due(app).await.unwrap(), 0, "told once");
    assert_eq!(letters(app).await, 1);
}

#[tokio::test]
async fn two_workers_and_a_crash_tell_everything_once() {
    let (test, actor) = world().await;
    let app = &test.app;
    saved_searches::keep(app, &actor, "All", &Search::default(), Alert::Daily).await.unwrap();
    put(app, &[shown(1, "Knots")]).await;
    app.clock.advance(days(1));
    // a worker that dies before its transaction ends has told nobody
    let due = saved_searches::list(app, &actor).await.unwrap().pop().unwrap();
    let mut tx = app.store.write().await.unwrap();
    assert!(store::saved_searches::tell(&mut tx, &due, 99, app.clock.now()).await.unwrap());
    drop(tx);
    let (one, other) = tokio::join!(saved_searches::tell_due(app), saved_searches::tell_due(app));
    assert_eq!(one.unwrap() + other.unwrap(), 1);
    assert_eq!(letters(app).await, 1);
}

#[tokio::test]
async fn letters_begin_with_what_comes_after_and_end_by_the_key_alone() {
    let (test, actor) = world().await;
    let app = &test.app;
    let id = saved_searches::keep(app, &actor, "All", &Search::default(), Alert::Off).await.unwrap();
    put(app, &[shown(1, "Knots")]).await;
    saved_searches::change(app, &actor, id, "Everything", Alert::Weekly).await.unwrap();
    app.clock.advance(days(6));
    put(app, &[shown(2, "Ropes")]).await;
    assert_eq!(saved_searches::tell_due(app).await.unwrap(), 0);
    app.clock.advance(days(1));
    assert_eq!(saved_searches::tell_due(app).await.unwrap(), 1);
    let (_, body) = test.letter_to(EMAIL).await;
    assert!(body.contains("Ropes") && !body.contains("Knots"), "{body}");
    let key = saved_searches::get(app, &actor, id).await.unwrap().stop_key;
    assert!(matches!(saved_searches::stop(app, "stop_guess").await, Err(Error::LinkOver)));
    for _ in 0..2 {
        saved_searches::stop(app, &key).await.unwrap();
    }
    assert_eq!(saved_searches::get(app, &actor, id).await.unwrap().alert, Alert::Off);
    put(app, &[shown(3, "Splices")]).await;
    app.clock.advance(days(30));
    assert_eq!(saved_searches::tell_due(app).await.unwrap(), 0);
}

#[tokio::test]
async fn another_physicians_searches_are_as_absent_as_none() {
    let (test, actor) = world().await;
    let id = saved_searches::keep(&test.app, &actor, "All", &Search::default(), Alert::Off).await.unwrap();
    let seat = Seat::Physician(records::physician(1).id);
    let other = people::add(&test.app, "other@passport.example", "Bruno Birchwood", seat).await;
    assert!(matches!(saved_searches::get(&test.app, &other, id).await, Err(Error::NotFound)));
    assert!(matches!(saved_searches::remove(&test.app, &other, id).await, Err(Error::NotFound)));
    let changed = saved_searches::change(&test.app, &other, id, "Mine", Alert::Daily).await;
    assert!(matches!(changed, Err(Error::NotFound)));
    assert!(saved_searches::list(&test.app, &other).await.unwrap().is_empty());
    saved_searches::remove(&test.app, &actor, id).await.unwrap();
    assert!(saved_searches::list(&test.app, &actor).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_search_needs_a_name_and_there_are_not_too_many() {
    let (test, actor) = world().await;
    let keep = async |name: &str| {
        saved_searches::keep(&test.app, &actor, name, &Search::default(), Alert::Off)
            .await
            .map_err(|e| format!("{e:?}"))
    };
    assert!(keep(" \n ").await.is_err());
    assert!(keep(&"x".repeat(81)).await.is_err());
    for number in 0..saved_searches::MOST {
        keep(&format!("Search {number}")).await.unwrap();
    }
    assert!(keep("One more").await.unwrap_err().contains("50 searches"));
}
