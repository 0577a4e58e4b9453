//! A caller that goes away while the database is asked: a browser that is closed, a request that timed out.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;

use domain::PhysicianId;
use store::physicians::{self, NewPhysician, Physician};
use testkit::{TestStore, records};
use uuid::Uuid;

#[tokio::test]
async fn a_begin_that_is_given_up_leaves_nothing_open() {
    let test = TestStore::new().await;
    let mut given_up = 0;
    for polls in 0..24 {
        // as many as the pool has connections, so that each of them would be met again
        for _ in 0..12 {
            given_up += usize::from(after_polls(test.store.read(), polls).await.is_none());
            given_up += usize::from(after_polls(test.store.write(), polls).await.is_none());
        }
        let mut tx = test.store.write().await.unwrap();
        physicians::insert(&mut tx, &[somebody(polls)], 0).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert!(given_up > 0, "each began at its first poll");
    let mut tx = test.store.read().await.unwrap();
    assert_eq!(physicians::count(&mut tx).await.unwrap(), 24);
}

fn somebody(n: usize) -> NewPhysician {
    let id = PhysicianId::new(Uuid::from_u128(n as u128));
    NewPhysician { physician: Physician { id, npi: None, ..records::physician(0) }, ledger_key: [1; 32] }
}

/// Polls a future so many times, then drops it where it stands.
async fn after_polls<T>(future: impl Future<Output = T>, mut polls: usize) -> Option<T> {
    let mut future = pin!(future);
    std::future::poll_fn(|context| {
        if polls == 0 {
            return Poll::Ready(None);
        }
        polls -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}
