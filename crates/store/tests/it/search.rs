//! The change sequence of activities, what everybody may see, and what physicians keep.

use domain::AccountId;
use domain::access::ProviderScope;
use domain::activity::{Activity, Delivery, Fee, Format, Providership, Registration};
use domain::{ActivityId, Amount};
use jiff::civil::{Date, date};
use store::accounts::Account;
use store::activities::{self, Attested};
use store::activity_changes::{self, Change};
use store::organizations::{Provider, Standing};
use store::saved_activities::{self, SavedActivity};
use store::saved_searches::{self, Alert, SavedSearch};
use testkit::{TestStore, people};
use uuid::Uuid;

fn shown(number: u32, ends_on: Date) -> Activity {
    Activity {
        deliveries: vec![Delivery::Online],
        credit: Some(Amount::new(100)),
        description: "Invented.".into(),
        providership: Some(Providership::Direct),
        in_passport: Some(true),
        url: "https://activity.example/".into(),
        fee: Some(Fee::Free),
        registration: Some(Registration::Open),
        ..Activity::draft(
            id(number),
            people::provider_id(),
            "Knots",
            Format::EnduringMaterial,
            date(2026, 1, 1),
            ends_on,
        )
    }
}

fn id(number: u32) -> ActivityId {
    format!("{:09}", 300_000_000 + number).parse().unwrap()
}

async fn with_provider(standing: Standing) -> TestStore {
    let test = TestStore::new().await;
    let mut tx = test.store.write().await.unwrap();
    let provider = Provider {
        id: people::provider_id(),
        name: "Harborview".into(),
        organization_type: "Hospital".into(),
        city: "Reno".into(),
        state: "NV".into(),
        standing,
        contact_name: "Ida Ward".into(),
        contact_email: "contact@provider.example".into(),
        created_at: 0,
    };
    store::organizations::insert_provider(&mut tx, &provider).await.unwrap();
    tx.commit().await.unwrap();
    test
}

async fn insert(test: &TestStore, activities: &[Activity]) {
    let mut tx = test.store.write().await.unwrap();
    for activity in activities {
        let scope = ProviderScope::of_record(activity.provider);
        activities::insert(&mut tx, &scope, activity, Attested { by: None, at: 0 }).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn each_save_and_deletion_takes_a_number_and_the_first_showing_keeps_its_own() {
    let test = with_provider(Standing::Good).await;
    let hidden = Activity { in_passport: Some(false), ..shown(1, date(2027, 1, 1)) };
    insert(&test, &[hidden, shown(2, date(2027, 1, 1))]).await;
    let scope = ProviderScope::of_record(people::provider_id());
    let attested = Attested { by: None, at: 0 };
    let mut tx = test.store.write().await.unwrap();
    assert!(activities::update(&mut tx, &scope, &shown(1, date(2027, 1, 1)), 1, attested).await.unwrap());
    assert!(activities::update(&mut tx, &scope, &shown(2, date(2027, 2, 2)), 1, attested).await.unwrap());
    assert!(activities::update(&mut tx, &scope, &shown(1, date(2027, 3, 3)), 2, attested).await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = test.store.read().await.unwrap();
    let change = |activity, seq| Change { activity, seq };
    assert_eq!(activity_changes::since(&mut tx, 0, 10).await.unwrap(), [change(id(2), 4), change(id(1), 5)]);
    assert_eq!(activity_changes::since(&mut tx, 4, 10).await.unwrap(), [change(id(1), 5)]);
    assert_eq!(activity_changes::since(&mut tx, 0, 1).await.unwrap(), [change(id(2), 4)]);
    let mut displayed = activities::displayed_among(&mut tx, &[id(1), id(2), id(3)]).await.unwrap();
    displayed.sort_by_key(|one| one.stored.activity.id);
    let seen: Vec<(i64, &str)> = displayed.iter().map(|one| (one.shown_seq, one.provider.as_str())).collect();
    assert_eq!(seen, [(3, "Harborview"), (2, "Harborview")]);
    drop(tx);
    let mut tx = test.store.write().await.unwrap();
    assert!(activities::delete(&mut tx, &scope, id(1), 3).await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = test.store.read().await.unwrap();
    assert_eq!(activity_changes::since(&mut tx, 5, 10).await.unwrap(), [change(id(1), 6)]);
    assert_eq!(activities::displayed_among(&mut tx, &[id(1)]).await.unwrap(), []);
}

#[tokio::test]
async fn what_everybody_may_see_is_read_in_pages_by_its_end() {
    let test = with_provider(Standing::Good).await;
    let closed = Activity { is_closed: true, ..shown(4, date(2027, 1, 1)) };
    let draft = Activity { description: String::new(), ..shown(5, date(2027, 1, 1)) };
    let all = [shown(1, date(2027, 5, 1)), shown(2, date(2026, 1, 1)), shown(3, date(2027, 1, 1)), closed, draft];
    insert(&test, &all).await;
    let mut tx = test.store.read().await.unwrap();
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = activities::displayed_after(&mut tx, date(2026, 11, 23), after, 1).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.stored.activity.ends_on, last.stored.activity.id));
        found.push(last.stored.activity.id);
    }
    assert_eq!(found, [id(3), id(1)]);
}

#[tokio::test]
async fn a_provider_that_may_not_submit_shows_nothing() {
    let test = with_provider(Standing::Lapsed).await;
    insert(&test, &[shown(1, date(2027, 5, 1))]).await;
    let mut tx = test.store.read().await.unwrap();
    assert_eq!(activities::displayed_after(&mut tx, date(2026, 1, 1), None, 9).await.unwrap(), []);
    assert_eq!(activities::displayed_among(&mut tx, &[id(1)]).await.unwrap(), []);
}

async fn account(test: &TestStore, number: u128) -> AccountId {
    let id = AccountId::new(Uuid::from_u128(number));
    let mut tx = test.store.write().await.unwrap();
    let account = Account {
        id,
        email: format!("{number}@passport.example"),
        name: "Alma Ashdown".into(),
        password_hash: String::new(),
        created_at: 0,
        disabled_at: None,
    };
    assert!(store::accounts::insert(&mut tx, &account).await.unwrap());
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn saved_activities_belong_to_one_account() {
    let test = TestStore::new().await;
    let (one, other) = (account(&test, 1).await, account(&test, 2).await);
    let saved = |number, at, look: &str| SavedActivity { activity: id(number), saved_at: at, looked_like: look.into() };
    let mut tx = test.store.write().await.unwrap();
    saved_activities::put(&mut tx, one, &saved(1, 10, "a")).await.unwrap();
    saved_activities::put(&mut tx, one, &saved(2, 20, "b")).await.unwrap();
    saved_activities::put(&mut tx, one, &saved(1, 30, "c")).await.unwrap();
    assert_eq!(saved_activities::list(&mut tx, one).await.unwrap(), [saved(2, 20, "b"), saved(1, 10, "c")]);
    assert_eq!(saved_activities::list(&mut tx, other).await.unwrap(), []);
    assert_eq!(saved_activities::count(&mut tx, one).await.unwrap(), 2);
    assert_eq!(saved_activities::among(&mut tx, one, &[id(2), id(3)]).await.unwrap(), [id(2)]);
    assert!(!saved_activities::delete(&mut tx, other, id(1)).await.unwrap());
    assert!(saved_activities::delete(&mut tx, one, id(1)).await.unwrap());
    assert!(!saved_activities::delete(&mut tx, one, id(1)).await.unwrap());
}

#[tokio::test]
async fn a_saved_search_is_told_by_one_worker_and_stopped_by_its_key() {
    let test = TestStore::new().await;
    let (one, other) = (account(&test, 1).await, account(&test, 2).await);
    let search = SavedSearch {
        id: Uuid::from_u128(7),
        account: one,
        name: "Knots".into(),
        query: "q=knots".into(),
        alert: Alert::Daily,
        told_seq: 5,
        told_at: 100,
        created_at: 100,
        stop_key: "stop_abc".into(),
    };
    let mut tx = test.store.write().await.unwrap();
    saved_searches::insert(&mut tx, &search).await.unwrap();
    assert_eq!(saved_searches::list(&mut tx, one).await.unwrap(), std::slice::from_ref(&search));
    assert_eq!(saved_searches::find(&mut tx, one, search.id).await.unwrap(), Some(search.clone()));
    assert_eq!(saved_searches::find(&mut tx, other, search.id).await.unwrap(), None);
    assert_eq!(saved_searches::due(&mut tx, 99, 1_000, 9).await.unwrap(), []);
    assert_eq!(saved_searches::due(&mut tx, 100, 0, 9).await.unwrap(), std::slice::from_ref(&search));
    assert!(saved_searches::tell(&mut tx, &search, 9, 200).await.unwrap());
    assert!(!saved_searches::tell(&mut tx, &search, 9, 200).await.unwrap(), "another was quicker");
    assert!(!saved_searches::update(&mut tx, other, search.id, "Mine", Alert::Off, (0, 0)).await.unwrap());
    // letters that go on keep their place, those that begin anew begin now
    let place = async |tx: &mut store::WriteTx| {
        let found = saved_searches::find(tx, one, search.id).await.unwrap().unwrap();
        (found.told_seq, found.told_at, found.alert)
    };
    assert!(saved_searches::update(&mut tx, one, search.id, "Knots", Alert::Weekly, (50, 500)).await.unwrap());
    assert_eq!(place(&mut tx).await, (9, 200, Alert::Weekly));
    assert!(saved_searches::stop(&mut tx, "stop_abc").await.unwrap());
    assert!(!saved_searches::stop(&mut tx, "stop_xyz").await.unwrap());
    assert!(saved_searches::update(&mut tx, one, search.id, "Knots", Alert::Daily, (50, 500)).await.unwrap());
    assert_eq!(place(&mut tx).await, (50, 500, Alert::Daily));
    assert_eq!(saved_searches::find_by_stop_key(&mut tx, "stop_abc").await.unwrap().unwrap().id, search.id);
    assert!(!saved_searches::delete(&mut tx, other, search.id).await.unwrap());
    assert!(saved_searches::delete(&mut tx, one, search.id).await.unwrap());
    assert_eq!(saved_searches::list(&mut tx, one).await.unwrap(), []);
}
