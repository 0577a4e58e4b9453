//! What a physician shares goes with the person: through a merge, and back when it is undone.

use app::shares::{self, Given, What};
use app::{Error, looks};
use domain::Amount;
use domain::access::Seat;
use testkit::people;

use super::staff::*;

#[tokio::test]
async fn a_share_of_a_merged_record_shows_the_whole_person_until_it_is_undone() {
    let staff = two_records().await;
    let app = &staff.world.app;
    let actor = people::add(app, "alma@physician.example", "Alma Ashdown", Seat::Physician(id(1))).await;
    let scope = actor.physician().unwrap();
    let made = shares::create(app, &actor, &scope, &Given::proposed("link")).await.unwrap();
    let link = made.link.unwrap();
    let visit = shares::open(app, link.expose()).await.unwrap();
    let read = async || shares::read(app, link.expose(), visit.expose(), What::Page, "").await.unwrap().unwrap();
    assert_eq!(read().await.official.transcript.totals[0].amount, Amount::new(300));

    let change = staff.merge(id(1), id(0)).await;
    assert_eq!(read().await.official.transcript.totals[0].amount, Amount::new(500));
    let seat = Seat::Physician(id(0));
    let now = domain::access::Actor { seat, ..actor };
    let whole = now.physician().unwrap();
    assert_eq!(shares::find(app, &whole, made.id).await.unwrap().0.openings, 1);
    assert!(matches!(shares::find(app, &scope, made.id).await, Ok((share, _)) if share.physician() == id(1)));
    let lines = looks::list(app, &whole, &looks::Filter::default()).await.unwrap().lines;
    let seen = lines.iter().filter(|line| line.what == "Read your shared transcript").map(|line| line.times);
    assert_eq!(seen.sum::<usize>(), 2, "the merged record's trail is part of the whole");

    staff.undo(change.id).await;
    assert_eq!(read().await.official.transcript.totals[0].amount, Amount::new(300));
    assert!(matches!(shares::find(app, &whole, made.id).await, Err(Error::NotFound)));
    staff.world.assert_sound().await;
}
