//! What the real database knows of sandboxes, and what a sandbox's page asks of the sandbox's own.

use domain::access::{ProviderRole, ProviderScope, Seat};
use domain::credit::CreditStatus;
use domain::reference::List;
use domain::upload::UploadStatus;
use domain::{ApiClientId, ApiScopes};
use store::api_clients::NewApiClient;
use store::sandboxes::{Sandbox, begin_anew, find, received, standing};
use store::{api_clients, reference};
use testkit::{Part, TestApp, TestStore, people, records};
use uuid::Uuid;

#[tokio::test]
async fn each_reset_begins_a_generation_of_that_provider_only() {
    let test = TestApp::new().await;
    let (ours, theirs) =
        (ProviderScope::of_record(people::provider_id()), ProviderScope::of_record(people::other_provider_id()));
    let mut tx = test.app.store.write().await.unwrap();
    assert_eq!(find(&mut tx, &ours).await.unwrap(), Sandbox::default());
    assert_eq!(begin_anew(&mut tx, &ours, 5).await.unwrap(), 1);
    assert_eq!(begin_anew(&mut tx, &ours, 7).await.unwrap(), 2);
    assert_eq!(find(&mut tx, &ours).await.unwrap(), Sandbox { generation: 2, reset_at: Some(7) });
    assert_eq!(find(&mut tx, &theirs).await.unwrap(), Sandbox::default());
}

#[tokio::test]
async fn a_token_is_found_only_on_its_own_side() {
    let test = TestApp::new().await;
    let scope = ProviderScope::of_record(people::provider_id());
    let client = |n: u8, is_sandbox| NewApiClient {
        id: ApiClientId::new(Uuid::from_u128(n.into())),
        hash: vec![n; 32],
        hint: "cr".into(),
        name: "System".into(),
        seat: Seat::Provider(people::provider_id(), ProviderRole::Editor),
        scopes: ApiScopes::of_role(ProviderRole::Editor),
        is_sandbox,
        created_at: 1,
        created_by: None,
        expires_at: 9,
    };
    let (real, sandbox, now) = (client(1, false), client(2, true), 5);
    let mut tx = test.app.store.write().await.unwrap();
    assert!(!api_clients::is_known(&mut tx, real.id).await.unwrap());
    for (client, is_sandbox) in [(&real, false), (&sandbox, true)] {
        api_clients::insert(&mut tx, client).await.unwrap();
        assert!(api_clients::is_known(&mut tx, client.id).await.unwrap());
        let found = api_clients::find_live(&mut tx, &client.hash, is_sandbox, now).await.unwrap();
        assert_eq!(found.map(|found| found.id), Some(client.id));
        assert_eq!(api_clients::find_live(&mut tx, &client.hash, !is_sandbox, now).await.unwrap(), None);
        let listed = api_clients::list(&mut tx, &api_clients::Holder::Provider(scope), is_sandbox).await.unwrap();
        assert_eq!(listed.iter().map(|one| one.id).collect::<Vec<_>>(), [client.id]);
    }
}

#[tokio::test]
async fn what_came_in_and_what_became_of_it_is_counted() {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    let mut member = test.sign_in(people::LEARNER_DATA).await;
    let file = records::file([1, 2]) + &records::row_with_points(3, "2", "2") + &records::row("Add", 4, "0.1");
    let parts = [Part::Text("permission", "yes"), Part::File("file", "may.tsv", file.as_bytes())];
    member.post_multipart("/provider/uploads/new", &parts).await.expect(303);
    records::work(&test.app).await;
    let (ours, theirs) =
        (ProviderScope::of_record(people::provider_id()), ProviderScope::of_record(people::other_provider_id()));
    let mut tx = test.app.store.read().await.unwrap();
    let list = received(&mut tx, &ours, 5).await.unwrap();
    assert_eq!((list.len(), list[0].name.as_str(), list[0].status), (1, "may.tsv", UploadStatus::Done));
    assert_eq!((list[0].counts.rows, list[0].counts.accepted, list[0].counts.refused), (4, 3, 1));
    let told: Vec<_> =
        standing(&mut tx, &ours).await.unwrap().into_iter().map(|s| (s.kind, s.status, s.credits)).collect();
    let pending = ("ABIM".to_owned(), CreditStatus::Pending, 1);
    assert_eq!(told, [pending, ("CME".to_owned(), CreditStatus::Accepted, 3)]);
    assert!(received(&mut tx, &theirs, 5).await.unwrap().is_empty());
    assert!(standing(&mut tx, &theirs).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_copy_follows_reference_data_with_the_same_numbers() {
    let (real, copy) = (TestStore::new().await, TestStore::new().await);
    let today = jiff::civil::date(2026, 11, 23);
    let mut tx = real.store.write().await.unwrap();
    reference::seed(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let follow = async || {
        let mut from = real.store.read().await.unwrap();
        let mut tx = copy.store.write().await.unwrap();
        let changed = reference::follow(&mut tx, &mut from, today).await.unwrap();
        tx.commit().await.unwrap();
        changed
    };
    assert!(follow().await);
    assert!(!follow().await);
    let boards = store::organizations::list_certifying_boards(&mut copy.store.read().await.unwrap()).await.unwrap();
    assert!(boards.len() > 5);

    let mut tx = real.store.write().await.unwrap();
    let (rules, _) = reference::load(&mut tx).await.unwrap();
    let item = rules.items.into_iter().find(|item| item.list == List::Specialties).unwrap();
    let renamed = domain::reference::Item { name: "Renamed".to_owned(), ..item.clone() };
    let entry = reference::Entry::Item(None, item.key(), Some(renamed));
    reference::put(&mut tx, &[entry], today, None, 9).await.unwrap();
    tx.commit().await.unwrap();
    assert!(follow().await);
    let (theirs, ours) = (
        reference::load(&mut real.store.read().await.unwrap()).await.unwrap(),
        reference::load(&mut copy.store.read().await.unwrap()).await.unwrap(),
    );
    assert_eq!((theirs.1, theirs.0.items), (ours.1, ours.0.items));
}
