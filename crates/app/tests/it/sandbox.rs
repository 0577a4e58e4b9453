//! A sandbox that was cut short, or is shared by several processes, is whole for whoever comes next.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;

use app::sandbox::{enter, reset, tidy};
use app::{App, Sandboxes};
use domain::access::ProviderScope;
use testkit::TestApp;
use testkit::people::{EDITOR, OTHER_OWNER, OWNER, actor, provider_id};

fn scope() -> ProviderScope {
    ProviderScope::of_record(provider_id())
}

/// Another process on the same data folder.
fn another(app: &App) -> App {
    App { sandboxes: Sandboxes::default(), ..app.clone() }
}

/// Polls at most so often and gives up: as far as somebody comes who is killed on the way.
async fn cut_short<T>(work: impl Future<Output = T>, polls: usize) -> Option<T> {
    let mut work = pin!(work);
    let mut polled = 0;
    std::future::poll_fn(|context| {
        polled += 1;
        match work.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending if polled >= polls => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opening_that_was_cut_short_anywhere_leaves_nothing_in_the_way() {
    let test = TestApp::new().await;
    let mut polls = 1;
    loop {
        let opened = cut_short(enter(&another(&test.app), &scope()), polls).await;
        let visit = enter(&another(&test.app), &scope()).await.expect("the next one opens it");
        let mut tx = visit.app.store.read().await.unwrap();
        assert_eq!(store::physicians::count(&mut tx).await.unwrap(), 5, "after {polls} polls");
        drop(tx);
        let owner = actor(&test.app, OWNER).await;
        if opened.is_some() {
            assert!(polls > 5, "it waits for the disk now and then");
            break;
        }
        reset(&test.app, &owner).await.unwrap();
        polls += 1 + polls / 3;
    }
}

#[tokio::test]
async fn a_reset_by_one_process_is_noticed_by_the_others() {
    let test = TestApp::new().await;
    let other = another(&test.app);
    let (here, there) = (enter(&test.app, &scope()).await.unwrap(), enter(&other, &scope()).await.unwrap());
    assert_eq!(here.app.config.data, there.app.config.data);
    reset(&test.app, &actor(&test.app, OWNER).await).await.unwrap();
    let (anew, follows) = (enter(&test.app, &scope()).await.unwrap(), enter(&other, &scope()).await.unwrap());
    assert_ne!(anew.app.config.data, here.app.config.data);
    assert_eq!(anew.app.config.data, follows.app.config.data);
}

#[tokio::test]
async fn only_an_owner_resets_and_only_the_own_sandbox() {
    let test = TestApp::new().await;
    let before = enter(&test.app, &scope()).await.unwrap();
    assert!(reset(&test.app, &actor(&test.app, EDITOR).await).await.is_err());
    reset(&test.app, &actor(&test.app, OTHER_OWNER).await).await.unwrap();
    let after = enter(&test.app, &scope()).await.unwrap();
    assert_eq!(before.app.config.data, after.app.config.data);
}

#[tokio::test]
async fn an_open_sandbox_takes_over_what_staff_change_in_the_reference_data() {
    let test = TestApp::new().await;
    let visit = enter(&test.app, &scope()).await.unwrap();
    let mut tx = test.app.store.write().await.unwrap();
    let today = test.app.clock.today();
    let (rules, _) = store::reference::load(&mut tx).await.unwrap();
    let item = rules.items.into_iter().find(|item| item.list == domain::reference::List::Specialties).unwrap();
    let renamed = domain::reference::Item { name: "Renamed".to_owned(), ..item.clone() };
    let entry = store::reference::Entry::Item(None, item.key(), Some(renamed));
    store::reference::put(&mut tx, &[entry], today, None, 9).await.unwrap();
    tx.commit().await.unwrap();
    tidy(&test.app).await;
    let known = visit.app.reference.get();
    assert!(known.items(item.list).any(|one| one.code == item.code && one.name == "Renamed"));
}

#[tokio::test]
async fn no_more_are_held_open_than_may_be_unless_they_are_in_use() {
    let test = TestApp::new().await;
    let visit = enter(&test.app, &scope()).await.unwrap();
    let mut others = Vec::new();
    for n in 0..40 {
        let id = format!("{:07}", 5_000_000 + n).parse().unwrap();
        let mut tx = test.app.store.write().await.unwrap();
        let like = store::organizations::find_provider(&mut tx, provider_id()).await.unwrap().unwrap();
        let provider = store::organizations::Provider { id, ..like };
        store::organizations::insert_provider(&mut tx, &provider).await.unwrap();
        tx.commit().await.unwrap();
        others.push(ProviderScope::of_record(id));
        drop(enter(&test.app, &ProviderScope::of_record(id)).await.unwrap());
    }
    assert_eq!(test.app.sandboxes.open_now().await, 32);
    // the first is in use and therefore still open, though it is the oldest
    let mut tx = visit.app.store.write().await.unwrap();
    assert_eq!(store::physicians::count(&mut tx).await.unwrap(), 5);
    tx.commit().await.unwrap();
    // one that was closed opens again
    assert_eq!(enter(&test.app, &others[0]).await.unwrap().app.registry.len(), 5);
}
