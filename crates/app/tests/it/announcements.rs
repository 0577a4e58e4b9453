//! Notices that make themselves, and letters about notices, also when a worker dies or two work at once.

use app::announcements::{self, Given, Reader};
use app::mail::{Letter, queue};
use domain::JobId;
use jiff::SignedDuration;
use testkit::people::{ACCREDITOR, OWNER, actor};
use testkit::records::work;
use uuid::Uuid;

use crate::world::World;

fn given(until: &str) -> Given {
    Given {
        kind: "news".into(),
        level: "info".into(),
        title: "Tables are ready".into(),
        body: "Open them.".into(),
        personas: vec!["provider".into()],
        from: "2026-11-20T09:00".into(),
        until: until.into(),
        is_dismissible: true,
        ..Given::default()
    }
}

async fn letters(world: &World) -> usize {
    let mut tx = world.app.store.read().await.unwrap();
    store::mails::list_newest(&mut tx, 100).await.unwrap().iter().filter(|mail| mail.kind == "notice").count()
}

#[tokio::test]
async fn everybody_gets_one_letter_however_often_the_job_runs() {
    let world = World::new().await;
    let app = &world.app;
    let staff = actor(app, ACCREDITOR).await;
    let scope = staff.staff().unwrap();
    let id = announcements::write(app, &staff, &scope, &given("2026-12-20T09:00"), None).await.unwrap();
    announcements::ask_letters(app, &staff, &scope, id, 1).await.unwrap();
    // a worker takes the job and dies; a second job for the same notice, as after a restore
    let mut tx = app.store.write().await.unwrap();
    let now = app.clock.now();
    store::jobs::claim(&mut tx, now, now + 30_000_000).await.unwrap().unwrap();
    let again = JobId::new(Uuid::from_u128(9));
    store::jobs::enqueue(&mut tx, again, announcements::MAIL_ANNOUNCEMENT, &id.to_string(), now, now).await.unwrap();
    tx.commit().await.unwrap();
    let both = [app.clone(), app.clone()].map(|app| tokio::spawn(async move { work(&app).await }));
    for one in futures::future::join_all(both).await {
        one.unwrap();
    }
    app.clock.advance(SignedDuration::from_secs(60));
    work(app).await;
    assert_eq!(letters(&world).await, 5, "four of one team, one of the other");
    let whole = announcements::find(app, &scope, id).await.unwrap();
    assert_eq!(whole.notice.mailing.mailed, 5);
    assert!(whole.notice.mailing.done_at.is_some());
    // a letter that somebody waits for goes before them all
    let mut tx = app.store.write().await.unwrap();
    queue(app, &mut tx, "ida@ward.example", &Letter::Words { subject: "Soon", body: "Now." }).await.unwrap();
    tx.commit().await.unwrap();
    let waiting = store::mails::list_waiting(&mut app.store.read().await.unwrap(), 9).await.unwrap();
    assert_eq!((waiting.len(), waiting[0].subject.as_str()), (6, "Soon"));
}

#[tokio::test]
async fn what_was_taken_back_or_is_over_is_not_told() {
    let world = World::new().await;
    let app = &world.app;
    let staff = actor(app, ACCREDITOR).await;
    let scope = staff.staff().unwrap();
    let back = announcements::write(app, &staff, &scope, &given("2026-12-20T09:00"), None).await.unwrap();
    announcements::ask_letters(app, &staff, &scope, back, 1).await.unwrap();
    announcements::take_back(app, &staff, &scope, back, 2).await.unwrap();
    let over = announcements::write(app, &staff, &scope, &given("2026-11-24T09:00"), None).await.unwrap();
    announcements::ask_letters(app, &staff, &scope, over, 1).await.unwrap();
    app.clock.advance(SignedDuration::from_hours(48));
    work(app).await;
    assert_eq!(letters(&world).await, 0);
    assert!(announcements::find(app, &scope, over).await.unwrap().notice.mailing.done_at.is_some());
    let late = announcements::write(app, &staff, &scope, &given("2026-11-24T09:00"), None).await.unwrap();
    assert!(announcements::ask_letters(app, &staff, &scope, late, 1).await.is_err(), "it is over already");
}

#[tokio::test]
async fn the_year_end_makes_its_notice_where_the_accreditor_wants_that() {
    let world = World::new().await;
    let app = &world.app;
    let reader = Reader::of(Some(&actor(app, OWNER).await));
    announcements::make_due(app).await.unwrap();
    assert!(announcements::shown(app, reader).await.unwrap().is_empty(), "nobody wanted it");
    let sql = "update reference_entry set value = '60' where list = 'settings' and code = 'year_end_notice_days'";
    world.tamper(sql).await;
    world.tamper("update counter set value = value + 1 where name = 'reference'").await;
    app.reference.refresh(&app.store).await.unwrap();
    announcements::make_due(app).await.unwrap();
    assert!(announcements::shown(app, reader).await.unwrap().is_empty(), "in November it is too early");
    // 30 January 2027
    app.clock.advance(SignedDuration::from_hours(68 * 24));
    announcements::make_due(app).await.unwrap();
    announcements::make_due(app).await.unwrap();
    let shown = announcements::shown(app, reader).await.unwrap();
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].words.title, "The reporting year 2026 ends on 03/31/2027, 11:59 PM CDT");
    assert_eq!(app.clock.show(shown[0].words.shows_until), "04/01/2027, 12:00 AM CDT");
    // taken back it stays so, until the next year
    let staff = actor(app, ACCREDITOR).await;
    announcements::take_back(app, &staff, &staff.staff().unwrap(), shown[0].id, 1).await.unwrap();
    announcements::make_due(app).await.unwrap();
    assert!(announcements::shown(app, reader).await.unwrap().is_empty());
    app.clock.advance(SignedDuration::from_hours(367 * 24));
    announcements::make_due(app).await.unwrap();
    assert!(announcements::shown(app, reader).await.unwrap()[0].words.title.contains("2027"));
}
