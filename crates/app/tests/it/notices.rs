//! Letters about a physician's own record: one each morning, told once, and only to those who want them.

use app::notices::{choose, unsubscribe, wanted, write_due};
use app::{consequences, looks};
use domain::access::{Actor, PhysicianScope, Seat};
use domain::transcript::Filter;
use jiff::SignedDuration;
use store::notices::Topic;
use testkit::people::{self, CERTIFYING_BOARD, LICENSING_BOARD, actor};
use testkit::records::{self, physician, row, row_with_points};

use crate::world::World;

const EMAIL: &str = "alma@physician.example";

struct Reader {
    world: World,
    actor: Actor,
    scope: PhysicianScope,
}

impl Reader {
    async fn new() -> Self {
        let world = World::new().await;
        let actor = people::add(&world.app, EMAIL, "Alma Ashdown", Seat::Physician(physician(0).id)).await;
        let scope = actor.physician().unwrap();
        Self { world, actor, scope }
    }

    async fn follow(&self) {
        while consequences::round(&self.world.app).await.unwrap() {}
    }

    /// A licensing board reads the transcript.
    async fn be_looked_at(&self) {
        let app = &self.world.app;
        let board = actor(app, LICENSING_BOARD).await;
        let scope = board.licensing_board().unwrap();
        app::transcripts::of_licensee(app, &board, &scope, physician(0).id, Filter::default()).await.unwrap();
    }

    async fn letters(&self) -> Vec<String> {
        let mut tx = self.world.app.store.read().await.unwrap();
        let mails = store::mails::list_newest(&mut tx, 100).await.unwrap();
        mails.into_iter().filter(|mail| mail.to_address == EMAIL).map(|mail| mail.body).collect()
    }

    /// The test's clock stands at 9 in the morning; letters go out at 7.
    async fn next_morning(&self) {
        self.world.app.clock.advance(SignedDuration::from_hours(24));
        self.follow().await;
    }
}

#[tokio::test]
async fn a_morning_has_one_letter_for_all_that_is_new() {
    let reader = Reader::new().await;
    reader.world.upload(&format!("{}{}{}", records::HEADER, row_with_points(0, "2", "2"), row("Add", 1, "2"))).await;
    reader.be_looked_at().await;
    reader.be_looked_at().await;
    reader.follow().await;
    assert!(reader.letters().await.is_empty(), "not before the morning");
    reader.next_morning().await;
    let letters = reader.letters().await;
    assert_eq!(letters.len(), 1, "{letters:#?}");
    for part in [
        "Credit was reported for you:\n\n- Care of the Heart, Harborview Medical Society, completed 11/02/2026",
        "Your record was looked at:\n\n- Medical Board of California: Read your transcript",
        "/passport/sharing#letters",
        "/unsubscribe/",
    ] {
        assert!(letters[0].contains(part), "{part}: {}", letters[0]);
    }
    assert_eq!(letters[0].matches("Read your transcript").count(), 1, "reads of a day are one line");
    reader.next_morning().await;
    assert_eq!(reader.letters().await.len(), 1, "nothing is told twice");
    reader.be_looked_at().await;
    reader.next_morning().await;
    let letters = reader.letters().await;
    assert_eq!(letters.len(), 2);
    assert!(!letters[0].contains("Credit was reported"), "{}", letters[0]);
}

#[tokio::test]
async fn workers_side_by_side_write_one_letter() {
    let reader = Reader::new().await;
    reader.be_looked_at().await;
    let app = &reader.world.app;
    app.clock.advance(SignedDuration::from_hours(23));
    let all = (0..6).map(|_| {
        let app = app.clone();
        tokio::spawn(async move { write_due(&app).await.unwrap() })
    });
    for one in futures::future::join_all(all).await {
        one.unwrap();
    }
    assert_eq!(reader.letters().await.len(), 1);
}

#[tokio::test]
async fn a_letter_that_was_not_committed_is_written_by_the_next() {
    let reader = Reader::new().await;
    reader.be_looked_at().await;
    let app = &reader.world.app;
    app.clock.advance(SignedDuration::from_hours(23));
    let mut tx = app.store.write().await.unwrap();
    let taken = store::notices::take(&mut tx, physician(0).id, app.clock.now()).await.unwrap();
    assert_eq!(taken.len(), 1);
    drop(tx); // as a kill would
    reader.follow().await;
    assert_eq!(reader.letters().await.len(), 1);
}

#[tokio::test]
async fn rejected_points_are_told_without_the_boards_note() {
    let reader = Reader::new().await;
    reader.world.upload(&format!("{}{}", records::HEADER, row_with_points(0, "2", "2"))).await;
    let app = &reader.world.app;
    let board = actor(app, CERTIFYING_BOARD).await;
    let scope = board.certifying_board().unwrap();
    let mut tx = app.store.read().await.unwrap();
    let pending = store::moc::list(&mut tx, &scope, domain::credit::CreditStatus::Pending, 9, 0).await.unwrap();
    drop(tx);
    let rejected = domain::credit::CreditStatus::Rejected;
    app::decisions::decide(app, &board, pending[0].id, rejected, "Too late: ask Dr. Who").await.unwrap();
    reader.next_morning().await;
    let letters = reader.letters().await;
    assert!(letters[0].contains("A certifying board rejected points of yours"), "{}", letters[0]);
    assert!(!letters[0].contains("Dr. Who"));
}

#[tokio::test]
async fn whoever_chose_otherwise_gets_no_letter() {
    let reader = Reader::new().await;
    let app = &reader.world.app;
    choose(app, &reader.actor, &reader.scope, &[Topic::NewCredit]).await.unwrap();
    assert_eq!(wanted(app, &reader.actor).await.unwrap(), [Topic::NewCredit]);
    reader.be_looked_at().await;
    reader.next_morning().await;
    assert!(reader.letters().await.is_empty());
    reader.world.upload(&format!("{}{}", records::HEADER, row("Add", 0, "2"))).await;
    reader.follow().await;
    reader.next_morning().await;
    let letters = reader.letters().await;
    let secret = letters[0].lines().find_map(|line| line.split_once("/unsubscribe/")).unwrap().1;
    unsubscribe(app, secret).await.unwrap();
    assert!(wanted(app, &reader.actor).await.unwrap().is_empty());
    assert!(unsubscribe(app, "no such link").await.is_err());
    let lines = looks::list(app, &reader.scope, &looks::Filter::default()).await.unwrap().lines;
    assert_eq!(lines.iter().filter(|line| line.what == "Chose which letters to get").count(), 2);
}

#[tokio::test]
async fn a_week_is_summed_up_each_monday() {
    let reader = Reader::new().await;
    let app = &reader.world.app;
    choose(app, &reader.actor, &reader.scope, &[Topic::Weekly]).await.unwrap();
    reader.world.upload(&format!("{}{}", records::HEADER, row("Add", 0, "2"))).await;
    reader.be_looked_at().await;
    // from Monday to Monday
    for day in 1..=14 {
        reader.next_morning().await;
        let expected = match day {
            ..7 => 0,
            7..14 => 1,
            _ => 2,
        };
        assert_eq!(reader.letters().await.len(), expected, "day {day}");
    }
    let letters = reader.letters().await;
    assert!(letters[1].contains("1 activity was reported for you; 1 look at your record"), "{}", letters[1]);
    assert!(letters[0].contains("no activities were reported for you"), "{}", letters[0]);
}

#[tokio::test]
async fn what_is_long_past_is_no_news() {
    let reader = Reader::new().await;
    let app = &reader.world.app;
    reader.world.upload(&format!("{}{}", records::HEADER, row("Add", 0, "2"))).await;
    app.clock.advance(SignedDuration::from_hours(72));
    reader.follow().await;
    reader.next_morning().await;
    assert!(reader.letters().await.is_empty());
}
