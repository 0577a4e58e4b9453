//! Answers that are kept for requests which come again.

use domain::access::{ProviderRole, Seat};
use store::api_clients::NewApiClient;
use store::idempotency::{Answered, delete_before, find, insert};
use testkit::{TestStore, people};
use uuid::Uuid;

fn client(n: u8) -> NewApiClient {
    NewApiClient {
        id: domain::ApiClientId::new(Uuid::from_u128(n.into())),
        hash: vec![n; 32],
        hint: "crd_abcd".into(),
        name: format!("System {n}"),
        seat: Seat::Provider(people::provider_id(), ProviderRole::Editor),
        scopes: domain::ApiScopes::of_role(ProviderRole::Editor),
        is_sandbox: false,
        created_at: 1,
        created_by: None,
        expires_at: 100,
    }
}

fn answered(answer: &str) -> Answered {
    Answered { request: "activities 00".into(), answer: answer.into() }
}

/// Two programs that may have keys.
async fn programs(test: &TestStore) -> [domain::ApiClientId; 2] {
    let mut tx = test.store.write().await.unwrap();
    for n in [1, 2] {
        store::api_clients::insert(&mut tx, &client(n)).await.unwrap();
    }
    tx.commit().await.unwrap();
    [client(1).id, client(2).id]
}

#[tokio::test]
async fn a_key_is_its_programs_own_and_stands_for_its_first_request_until_it_is_forgotten() {
    let test = TestStore::new().await;
    let [one, two] = programs(&test).await;
    let mut tx = test.store.write().await.unwrap();
    let long = answered(&"long ".repeat(400_000));
    assert!(insert(&mut tx, one, "a", &long, 10).await.unwrap());
    assert!(!insert(&mut tx, one, "a", &answered("second"), 11).await.unwrap());
    assert!(insert(&mut tx, two, "a", &answered("theirs"), 12).await.unwrap());
    assert_eq!(find(&mut tx, one, "a").await.unwrap(), Some(long));
    assert_eq!(find(&mut tx, two, "a").await.unwrap(), Some(answered("theirs")));
    assert_eq!(find(&mut tx, one, "A").await.unwrap(), None);
    assert_eq!(delete_before(&mut tx, 12).await.unwrap(), 1);
    assert_eq!(find(&mut tx, one, "a").await.unwrap(), None);
    assert!(find(&mut tx, two, "a").await.unwrap().is_some());
}

#[tokio::test]
async fn of_two_transactions_that_take_a_key_the_second_waits_and_is_told() {
    let test = TestStore::new().await;
    let [one, _] = programs(&test).await;
    for commits in [false, true] {
        let key = if commits { "kept" } else { "given up" };
        let mut first = test.store.write().await.unwrap();
        assert!(insert(&mut first, one, key, &answered("first"), 1).await.unwrap());
        let store = test.store.clone();
        let second = tokio::spawn(async move {
            let mut tx = store.write().await.unwrap();
            let inserted = insert(&mut tx, one, key, &answered("second"), 2).await.unwrap();
            tx.commit().await.unwrap();
            inserted
        });
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        assert!(!second.is_finished(), "it did not wait");
        if commits {
            first.commit().await.unwrap();
        } else {
            drop(first);
        }
        assert_eq!(second.await.unwrap(), !commits);
        let mut tx = test.store.read().await.unwrap();
        let stands = if commits { "first" } else { "second" };
        assert_eq!(find(&mut tx, one, key).await.unwrap(), Some(answered(stands)));
    }
}
