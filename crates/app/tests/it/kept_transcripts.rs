//! A transcript that was issued is made once for as long as nothing it says has changed, and made anew after any change.

use std::sync::Arc;

use app::transcripts::{self, Official};
use domain::Amount;
use domain::access::{Actor, PhysicianScope, Seat};
use domain::credit::{CreditStatus, Kind};
use domain::transcript::Filter;
use jiff::SignedDuration;
use store::activities::Stored;
use testkit::people::{self, ACCREDITOR, CERTIFYING_BOARD, LICENSING_BOARD, actor};
use testkit::records::{self, activity_id, physician, row, row_with_points};

use crate::world::World;

struct Reader {
    world: World,
    actor: Actor,
    scope: PhysicianScope,
}

impl Reader {
    /// The first physician, with 2 credits and 2 points that wait for their board.
    async fn new() -> Self {
        let world = World::new().await;
        world.upload(&format!("{}{}", records::HEADER, row_with_points(0, "2", "2"))).await;
        let actor = people::add(&world.app, "alma@physician.example", "Alma", Seat::Physician(physician(0).id)).await;
        let scope = actor.physician().unwrap();
        Self { world, actor, scope }
    }

    async fn read(&self) -> Arc<Official> {
        transcripts::own(&self.world.app, &self.actor, &self.scope, Filter::default()).await.unwrap()
    }

    /// The first look issues it, the second keeps it; from then on it is the same.
    async fn settled(&self) -> Arc<Official> {
        // issues of one moment have no order
        self.world.app.clock.advance(SignedDuration::from_secs(1));
        self.read().await;
        let kept = self.read().await;
        assert!(Arc::ptr_eq(&kept, &self.read().await), "nothing has changed");
        kept
    }
}

#[tokio::test]
async fn what_changes_a_transcript_is_on_it_at_the_next_look() {
    let reader = Reader::new().await;
    let app = &reader.world.app;
    let first = reader.settled().await;
    assert_eq!(first.transcript.category_1(), Amount::new(200));

    // credit of somebody else leaves what this one says as it is, though it is made again
    reader.world.upload(&format!("{}{}", records::HEADER, row("Add", 1, "1"))).await;
    assert_eq!(reader.settled().await.transcript, first.transcript);

    // a board's answer
    let credits = first.transcript.completions.iter().flat_map(|completion| &completion.credits);
    let points = credits.into_iter().find(|credit| matches!(credit.kind, Kind::Moc(_))).unwrap();
    let board = actor(app, CERTIFYING_BOARD).await;
    app::decisions::decide(app, &board, points.id, CreditStatus::Rejected, "Not a diplomate").await.unwrap();
    let rejected = reader.settled().await;
    let credits = rejected.transcript.completions.iter().flat_map(|completion| &completion.credits);
    assert!(credits.into_iter().any(|credit| credit.status == CreditStatus::Rejected));
    assert_ne!(rejected.code, first.code, "it says something else under another code");

    // the person's name and license
    let mut tx = app.store.write().await.unwrap();
    let mut renamed = physician(0);
    renamed.last = "Ashdown-Birch".into();
    store::physicians::update(&mut tx, &[renamed]).await.unwrap();
    tx.commit().await.unwrap();
    assert!(reader.settled().await.transcript.holder.name.contains("Ashdown-Birch"));

    // the licensing board's name
    let staff = actor(app, ACCREDITOR).await.staff().unwrap();
    let state = physician(0).licenses[0].state;
    let mut tx = app.store.write().await.unwrap();
    store::organizations::profiles::rename_licensing_board(&mut tx, &staff, state, "Board of the Golden State")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(reader.settled().await.licenses[0].board_name, "Board of the Golden State");

    // the activity's title
    let mut tx = app.store.read().await.unwrap();
    let stored = store::activities::find_many(&mut tx, &reader.world.scope(), &[activity_id()]).await.unwrap();
    drop(tx);
    let [Stored { activity, version, .. }] = &stored[..] else { panic!("{stored:?}") };
    let mut typed = activity.clone();
    typed.title = "Falls and How to Prevent Them".into();
    app::activities::save_whole(app, &reader.world.actor, typed, *version).await.unwrap();
    assert_eq!(reader.settled().await.transcript.completions[0].title, "Falls and How to Prevent Them");
}

#[tokio::test]
async fn a_day_later_it_is_issued_anew() {
    let reader = Reader::new().await;
    let first = reader.settled().await;
    reader.world.app.clock.advance(SignedDuration::from_hours(25));
    let second = reader.settled().await;
    assert_ne!(second.code, first.code);
    assert_eq!(second.transcript.totals, first.transcript.totals);
}

#[tokio::test]
async fn another_kind_of_reader_gets_an_issue_of_their_own() {
    let reader = Reader::new().await;
    let app = &reader.world.app;
    let own = reader.settled().await;
    let board = actor(app, LICENSING_BOARD).await;
    let scope = board.licensing_board().unwrap();
    let read = || transcripts::of_licensee(app, &board, &scope, physician(0).id, Filter::default());
    let (one, two) = (read().await.unwrap(), read().await.unwrap());
    assert_eq!(one.code, two.code);
    assert_ne!(one.code, own.code);
    // a narrower choice is another transcript
    let until = Filter { until: Some(jiff::civil::date(2000, 1, 1)), ..Filter::default() };
    let none = transcripts::own(app, &reader.actor, &reader.scope, until).await.unwrap();
    assert!(none.transcript.completions.is_empty());
    assert!(Arc::ptr_eq(&own, &reader.read().await));
}

#[tokio::test]
async fn a_page_or_file_is_kept_with_the_transcript_and_not_with_a_changed_one() {
    let reader = Reader::new().await;
    let official = reader.settled().await;
    let made: Arc<str> = "a page".into();
    official.page.put("/one", &made);
    assert_eq!(reader.read().await.page.get("/one"), Some(made));
    assert_eq!(official.page.get("/two"), None, "a page of another name");
    let changed = Official::clone(&official);
    assert_eq!(changed.page.get("/one"), None);

    let app = &reader.world.app;
    let paper = transcripts::pdf(app, &official).await.unwrap();
    assert_eq!(transcripts::pdf(app, &official).await.unwrap(), paper);
    // a credit that is taken back
    reader.world.upload(&format!("{}{}", records::HEADER, row("Delete", 0, "2"))).await;
    let later = transcripts::pdf(app, &*reader.settled().await).await.unwrap();
    assert_ne!(later, paper);
}
