//! The registry in memory follows the database, whoever changed it: another process, while it was being built,
//! by joining two physicians or moving what one of them held.

use std::sync::Mutex;

use app::{App, Chance, Registry};
use domain::{PhysicianId, State};
use matching::{Outcome, Query};
use store::Store;
use store::physicians::{self, License, NewPhysician, Physician};
use testkit::database::tamper;
use testkit::{TestApp, TestStore, people, records};
use uuid::Uuid;

fn nevada() -> State {
    State::read("NV").unwrap()
}

/// The n-th invented physician, with one license in Nevada.
fn physician(n: u8) -> Physician {
    let firsts = ["Amaryllis", "Bartholomew", "Clementine", "Dashiell", "Evangeline"];
    let lasts =
        ["Quillfeather", "Thistlewood", "Umberslade", "Vantongeren", "Wolverhampton", "Yarborough", "Zellweger"];
    Physician {
        id: PhysicianId::new(Uuid::from_u128(0x1000 + u128::from(n))),
        first: firsts[usize::from(n) % 5].into(),
        last: format!("{}{}", lasts[usize::from(n) % 7], ["", "by", "ton"][usize::from(n) % 3]),
        licenses: vec![License {
            state: nevada(),
            number: format!("N{:05}", 52_000 + 37 * u32::from(n)),
            status: "Active".into(),
            issued_on: None,
            expires_on: None,
        }],
        certifications: vec![],
        ..records::physician(usize::from(n))
    }
}

async fn insert(store: &Store, numbers: impl IntoIterator<Item = u8>) {
    let new: Vec<NewPhysician> =
        numbers.into_iter().map(|n| NewPhysician { physician: physician(n), ledger_key: [n; 32] }).collect();
    let mut tx = store.write().await.unwrap();
    physicians::insert(&mut tx, &new, 0).await.unwrap();
    tx.commit().await.unwrap();
}

/// Changes rows as a merge or split does, and marks whom it concerns.
async fn change(test: &TestApp, sql: &str, concerned: &[u8]) {
    assert_eq!(tamper(&test.address, sql).await, 1, "{sql}");
    let concerned: Vec<PhysicianId> = concerned.iter().map(|n| physician(*n).id).collect();
    let mut tx = test.app.store.write().await.unwrap();
    physicians::touch(&mut tx, &concerned).await.unwrap();
    tx.commit().await.unwrap();
}

/// What a sender who knows everything says of the n-th physician.
fn of(n: u8) -> Query {
    let physician = physician(n);
    Query {
        first: physician.first,
        last: physician.last,
        birth: physician.birth,
        state: Some(nevada()),
        identifier: Some(physician.licenses[0].number.clone()),
        ..Query::default()
    }
}

fn found(registry: &Registry, query: &Query) -> Option<PhysicianId> {
    match registry.decide(query).outcome {
        Outcome::Matched(physician) => Some(physician),
        _ => None,
    }
}

async fn build(store: &Store) -> Registry {
    Registry::build(store, &|_, _| {}).await.unwrap()
}

/// A second process on the same database.
async fn another(test: &TestApp) -> App {
    let config = test.app.config.as_ref().clone();
    App::open(config, test.app.clock.clone(), Chance::seeded(8), &|_, _| {}).await.unwrap()
}

#[tokio::test]
async fn what_one_process_changes_the_next_decision_of_another_knows() {
    let test = TestApp::new().await;
    let other = another(&test).await;
    insert(&test.app.store, 1..=9).await;
    let (second, fifth) = (physician(2).id, physician(5).id);
    assert_eq!(found(&other.registry, &of(2)), None, "nothing was asked of the database yet");
    assert_eq!(other.registry.refresh(&other.store).await.unwrap(), 9);
    assert_eq!(found(&other.registry, &of(2)), Some(second));

    // the second physician's license turns out to be the fifth's
    let held_by = |last: &str| format!("(select physician_id from physician where last_name = '{last}')");
    let number = physician(2).licenses[0].number.clone();
    let moved = format!("update license set physician_id = {} where number = '{number}'", held_by(&physician(5).last));
    change(&test, &moved, &[2, 5]).await;
    other.registry.refresh(&other.store).await.unwrap();
    assert_eq!(found(&other.registry, &of(2)), None, "the number is somebody else's now");
    assert_eq!(found(&other.registry, &Query { identifier: Some(number), ..of(5) }), Some(fifth));

    // they are one person after all
    let fifths = held_by(&physician(5).last);
    let merged = format!("update physician set merged_into = {fifths} where last_name = '{}'", physician(2).last);
    change(&test, &merged, &[2]).await;
    other.registry.refresh(&other.store).await.unwrap();
    assert_eq!(other.registry.len(), 8);
    let by_name = Query { identifier: None, ..of(2) };
    assert_eq!(other.registry.decide(&by_name).outcome, Outcome::None);

    // no, they are not
    let split = format!("update physician set merged_into = null where last_name = '{}'", physician(2).last);
    change(&test, &split, &[2]).await;
    other.registry.refresh(&other.store).await.unwrap();
    assert_eq!(other.registry.len(), 9);
    // without a license the name and the birthday still mean somebody
    assert_ne!(other.registry.decide(&by_name).outcome, Outcome::None);

    let built = build(&other.store).await;
    for n in 1..=9 {
        assert_eq!(other.registry.decide(&of(n)), built.decide(&of(n)), "{n}");
    }
}

#[tokio::test]
async fn a_check_over_one_process_is_right_the_moment_another_has_written() {
    let test = TestApp::new().await;
    let other = another(&test).await;
    let actor = people::actor(&other, people::OWNER).await;
    let query = of(3);
    let fields = || {
        use domain::Field::{Birth, FirstName, Identifier, LastName, State};
        vec![
            (FirstName, query.first.clone()),
            (LastName, query.last.clone()),
            (Birth, query.birth.unwrap().to_string()),
            (State, "NV".to_owned()),
            (Identifier, query.identifier.clone().unwrap()),
        ]
    };
    assert!(app::prevalidation::check_one(&other, &actor, fields()).await.unwrap().is_some());
    insert(&test.app.store, [3]).await;
    assert_eq!(app::prevalidation::check_one(&other, &actor, fields()).await.unwrap(), None);
    let merged = format!("update physician set merged_into = physician_id where last_name = '{}'", query.last);
    change(&test, &merged, &[3]).await;
    assert!(app::prevalidation::check_one(&other, &actor, fields()).await.unwrap().is_some());
}

#[tokio::test]
async fn an_index_built_while_others_write_misses_nothing() {
    let test = TestStore::new().await;
    insert(&test.store, 0..20).await;
    let writing = test.store.clone();
    let writer = tokio::spawn(async move {
        for n in 20..80 {
            insert(&writing, [n]).await;
            let mut tx = writing.write().await.unwrap();
            let renamed = Physician { middle: format!("Middle{n}"), ..physician(n - 20) };
            physicians::update(&mut tx, &[renamed]).await.unwrap();
            tx.commit().await.unwrap();
        }
    });
    let mut built = Vec::new();
    while !writer.is_finished() {
        built.push(build(&test.store).await);
    }
    writer.await.unwrap();
    let last = build(&test.store).await;
    assert_eq!(last.len(), 80);
    for registry in &built {
        registry.refresh(&test.store).await.unwrap();
        assert_eq!(registry.len(), 80);
        for n in 0..80 {
            let query = Query { middle: format!("Middle{n}"), ..of(n) };
            assert_eq!(registry.decide(&query), last.decide(&query), "{n}");
        }
    }
}

#[tokio::test]
async fn the_order_in_which_physicians_came_makes_no_difference() {
    let (one, other) = (TestStore::new().await, TestStore::new().await);
    insert(&one.store, 0..60).await;
    for n in (0..60).rev() {
        insert(&other.store, [n]).await;
    }
    let told = Mutex::new(Vec::new());
    let one = Registry::build(&one.store, &|done, total| told.lock().unwrap().push((done, total))).await.unwrap();
    let other = build(&other.store).await;
    assert_eq!(told.into_inner().unwrap().last(), Some(&(60, 60)));
    assert_eq!((one.len(), one.bytes()), (other.len(), other.bytes()));
    for n in 0..60 {
        assert_eq!(one.decide(&of(n)), other.decide(&of(n)), "{n}");
        assert_eq!(found(&one, &of(n)), Some(physician(n).id), "{n}");
    }
}

#[tokio::test]
async fn invisible_characters_in_a_stored_value_move_nothing_to_another_field() {
    let test = TestStore::new().await;
    let mut strange = physician(4);
    let number = strange.licenses[0].number.clone();
    strange.first = format!("{}\u{1f}", strange.first);
    strange.middle = "\u{1f}\u{1f}Isolde;Perpetua".into();
    strange.former_last = vec!["Marchbanks".into(), "Ottoline".into()];
    strange.licenses[0].number = format!("\u{1f}{number}\u{1f}CA 1");
    strange.npi = Some("1234567893".into());
    let mut tx = test.store.write().await.unwrap();
    physicians::insert(&mut tx, &[NewPhysician { physician: strange, ledger_key: [4; 32] }], 0).await.unwrap();
    let page = physicians::page_after(&mut tx, None, 10).await.unwrap();
    let [read] = &page.physicians[..] else { panic!("{page:?}") };
    assert_eq!((read.first.trim(), read.middle.trim()), (physician(4).first.as_str(), "Isolde;Perpetua"));
    assert_eq!(read.former_last, ["Marchbanks", "Ottoline"]);
    assert_eq!((read.last.as_str(), read.npi.as_deref()), (physician(4).last.as_str(), Some("1234567893")));
    assert_eq!((read.birth, read.suffix.as_str()), (physician(4).birth, ""));
    assert_eq!(read.licenses, [(nevada(), format!("{number}CA 1"))]);
    assert_eq!(page.next, None);
}
