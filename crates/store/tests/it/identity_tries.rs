//! Limits that are kept in the database: tries at a person, and allowances of programs.

use domain::ApiClientId;
use domain::access::ProviderScope;
use jiff::civil::date;
use store::api_allowances::{self, Allowance};
use store::identity_tries::{Digest, Try, add_checked, among, delete_before, insert_many};
use testkit::{TestStore, people};
use uuid::Uuid;

fn one(person: u8, description: u8) -> Try {
    Try { person: [person; 16], description: [description; 16] }
}

fn sorted(mut tries: Vec<Try>) -> Vec<Try> {
    tries.sort_unstable_by_key(|one| (one.person, one.description));
    tries
}

#[tokio::test]
async fn each_description_counts_once_for_its_provider_and_until_it_is_forgotten() {
    let test = TestStore::new().await;
    let scope = ProviderScope::of_record(people::provider_id());
    let other = ProviderScope::of_record(people::other_provider_id());
    let mut tx = test.store.write().await.unwrap();
    insert_many(&mut tx, &scope, &[one(1, 1), one(1, 2), one(2, 1)], 10).await.unwrap();
    insert_many(&mut tx, &scope, &[one(1, 2)], 20).await.unwrap();
    insert_many(&mut tx, &other, &[one(1, 9)], 10).await.unwrap();
    // many at once, in pieces
    let many: Vec<Try> = (0..700u16)
        .map(|n| {
            let mut person = Digest::default();
            person[..2].copy_from_slice(&n.to_be_bytes());
            Try { person, description: [7; 16] }
        })
        .collect();
    insert_many(&mut tx, &other, &many, 30).await.unwrap();
    let everybody: Vec<Digest> = many.iter().map(|one| one.person).collect();
    assert_eq!(among(&mut tx, &other, &everybody, 0).await.unwrap().len(), 700);

    let people = [[1; 16], [2; 16], [3; 16]];
    assert_eq!(sorted(among(&mut tx, &scope, &people, 0).await.unwrap()), [one(1, 1), one(1, 2), one(2, 1)]);
    assert_eq!(among(&mut tx, &scope, &people, 10).await.unwrap(), [one(1, 2)]);
    assert_eq!(among(&mut tx, &other, &people, 0).await.unwrap(), [one(1, 9)]);
    assert_eq!(among(&mut tx, &scope, &[], 0).await.unwrap(), []);

    assert_eq!(add_checked(&mut tx, &scope, date(2026, 11, 23), 400).await.unwrap(), 400);
    assert_eq!(add_checked(&mut tx, &scope, date(2026, 11, 23), 100).await.unwrap(), 500);
    assert_eq!(add_checked(&mut tx, &scope, date(2026, 11, 24), 1).await.unwrap(), 1);
    assert_eq!(add_checked(&mut tx, &other, date(2026, 11, 23), 1).await.unwrap(), 1);

    assert_eq!(delete_before(&mut tx, 20, date(2026, 11, 24)).await.unwrap(), 3 + 2);
    assert_eq!(among(&mut tx, &scope, &people, 0).await.unwrap(), [one(1, 2)]);
    assert_eq!(add_checked(&mut tx, &scope, date(2026, 11, 23), 1).await.unwrap(), 1);
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn an_allowance_is_replaced_and_forgotten() {
    let test = TestStore::new().await;
    let client = |n: u128| ApiClientId::new(Uuid::from_u128(n));
    let mut tx = test.store.write().await.unwrap();
    let first = Allowance { client: client(1), left_millis: 5_999_000, at: 10 };
    let second = Allowance { client: client(2), left_millis: 0, at: 40 };
    api_allowances::save(&mut tx, &[first, second]).await.unwrap();
    let first = Allowance { left_millis: 250, at: 30, ..first };
    api_allowances::save(&mut tx, &[first]).await.unwrap();
    api_allowances::save(&mut tx, &[]).await.unwrap();
    assert_eq!(api_allowances::find(&mut tx, client(1)).await.unwrap(), Some(first));
    assert_eq!(api_allowances::find(&mut tx, client(2)).await.unwrap(), Some(second));
    assert_eq!(api_allowances::find(&mut tx, client(3)).await.unwrap(), None);
    assert_eq!(api_allowances::delete_before(&mut tx, 40).await.unwrap(), 1);
    assert_eq!(api_allowances::find(&mut tx, client(1)).await.unwrap(), None);
}
