//! Credit that a physician enters: theirs alone, and never part of anything official.

use app::own_credit::{self, Typed};
use app::{Error, evidence, transcripts};
use domain::access::{Actor, PhysicianScope, Seat};
use domain::transcript::Filter;
use testkit::people::{self, LICENSING_BOARD, actor};
use testkit::records::{self, physician, row};

use crate::world::World;

fn typed() -> Typed {
    Typed {
        title: "Reading about gout".into(),
        provider: "A journal".into(),
        completed: "2026-10-01".into(),
        amount: "1.5".into(),
        credit_type: "AMA PRA Category 2".into(),
        note: "Two evenings.".into(),
        ..Typed::default()
    }
}

async fn alma() -> (World, Actor, PhysicianScope) {
    let world = World::new().await;
    let seat = Seat::Physician(physician(0).id);
    let alma = people::add(&world.app, "alma@physician.example", "Alma Ashdown", seat).await;
    let scope = alma.physician().unwrap();
    (world, alma, scope)
}

#[tokio::test]
async fn an_entry_is_added_changed_and_deleted_with_its_file() {
    let (world, alma, scope) = alma().await;
    let app = &world.app;
    let file = |bytes: &'static [u8]| {
        let bytes = futures::stream::iter([Ok::<_, std::io::Error>(bytes.to_vec())]);
        evidence::stage(app, "page.png", bytes)
    };
    let files = || std::fs::read_dir(world.test.folder().join("evidence")).map_or(0, Iterator::count);
    let png = file(b"\x89PNG\r\n\x1a\nfirst").await.unwrap();
    let id = own_credit::add(app, &alma, &scope, &typed(), png).await.unwrap();
    let seen = own_credit::find(app, &scope, id).await.unwrap();
    assert_eq!((seen.entry.amount.to_string().as_str(), files()), ("1.5", 1));
    let opened = own_credit::evidence_of(app, &scope, id).await.unwrap();
    assert_eq!((opened.name.as_str(), opened.content_type), ("page.png", "image/png"));

    let changed = Typed { amount: "2".into(), ..Typed::of(&seen) };
    let second = file(b"\x89PNG\r\n\x1a\nsecond").await.unwrap();
    own_credit::edit(app, &alma, &scope, id, &changed, second).await.unwrap();
    assert_eq!(files(), 1, "the first file is gone");
    // a form that was opened before that change
    let stale = own_credit::edit(app, &alma, &scope, id, &changed, None).await;
    assert!(matches!(stale, Err(Error::Stale)), "{stale:?}");
    let seen = own_credit::find(app, &scope, id).await.unwrap();
    let without = Typed { remove_evidence: "yes".into(), ..Typed::of(&seen) };
    own_credit::edit(app, &alma, &scope, id, &without, None).await.unwrap();
    assert_eq!(files(), 0);
    assert!(matches!(own_credit::evidence_of(app, &scope, id).await, Err(Error::NotFound)));
    own_credit::delete(app, &alma, &scope, id).await.unwrap();
    assert!(matches!(own_credit::find(app, &scope, id).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn it_is_never_in_official_totals_nor_on_a_boards_page() {
    let (world, alma, scope) = alma().await;
    let app = &world.app;
    world.upload(&format!("{}{}", records::HEADER, row("Add", 0, "2"))).await;
    let before = transcripts::own(app, &alma, &scope, Filter::default()).await.unwrap().transcript.clone();
    let facts = crate::dump::facts(&world.test.address).await;
    own_credit::add(app, &alma, &scope, &Typed { amount: "40".into(), ..typed() }, None).await.unwrap();
    let after = transcripts::own(app, &alma, &scope, Filter::default()).await.unwrap().transcript.clone();
    assert_eq!(format!("{:?}", after.totals), format!("{:?}", before.totals));
    assert_eq!(after.completions, before.completions);
    let board = actor(app, LICENSING_BOARD).await;
    let of_board = board.licensing_board().unwrap();
    let seen = transcripts::of_licensee(app, &board, &of_board, physician(0).id, Filter::default())
        .await
        .unwrap()
        .transcript
        .clone();
    assert_eq!(format!("{:?}", seen.totals), format!("{:?}", before.totals));
    assert!(!format!("{seen:?}").contains("gout"));
    assert_eq!(crate::dump::facts(&world.test.address).await, facts, "no fact of the record has changed");
    world.assert_sound().await;
}

#[tokio::test]
async fn another_physician_reaches_nothing() {
    let (world, alma, scope) = alma().await;
    let app = &world.app;
    let id = own_credit::add(app, &alma, &scope, &typed(), None).await.unwrap();
    let seat = Seat::Physician(physician(1).id);
    let bruno = people::add(app, "bruno@physician.example", "Bruno Birchwood", seat).await;
    let his = bruno.physician().unwrap();
    assert!(matches!(own_credit::find(app, &his, id).await, Err(Error::NotFound)));
    assert!(matches!(own_credit::delete(app, &bruno, &his, id).await, Err(Error::NotFound)));
    assert!(matches!(own_credit::edit(app, &bruno, &his, id, &typed(), None).await, Err(Error::NotFound)));
    assert!(store::own_credit::list(&mut app.store.read().await.unwrap(), &his).await.unwrap().is_empty());
}

#[tokio::test]
async fn faults_stand_beside_their_fields() {
    let (world, alma, scope) = alma().await;
    let fields = |result: app::Result<domain::OwnCreditId>| match result {
        Err(Error::Invalid(faults)) => faults.into_iter().map(|fault| fault.field).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let add = |typed: Typed| {
        let (world, alma, scope) = (&world, &alma, &scope);
        async move { own_credit::add(&world.app, alma, scope, &typed, None).await }
    };
    let all = ["title", "provider", "credit_type", "completed", "amount"];
    assert_eq!(fields(add(Typed::default()).await), all);
    assert_eq!(fields(add(Typed { completed: "2027-05-01".into(), ..typed() }).await), ["completed"]);
    assert_eq!(fields(add(Typed { amount: "-1".into(), ..typed() }).await), ["amount"]);
    assert_eq!(fields(add(Typed { topics: vec!["nonsense".into()], ..typed() }).await), ["topics"]);
    assert_eq!(fields(add(Typed { title: "x".repeat(301), ..typed() }).await), ["title"]);
}
