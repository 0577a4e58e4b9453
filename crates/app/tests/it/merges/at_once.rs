//! Merges while other things happen: a confirmation that stops anywhere, uploads at the same time, any order
//! of reports, merges, splits and undoing.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;

use app::identity::{confirm, of_change, propose_merge, undo};
use app::{Error, reports};
use domain::{Amount, IdentityChangeId};
use testkit::records;

use super::staff::*;

#[tokio::test]
async fn a_confirmation_that_stops_anywhere_leaves_all_or_nothing() {
    let staff = two_records().await;
    let app = &staff.world.app;
    let before = staff.facts().await;
    let proposed = propose_merge(app, &staff.first, id(1), id(0), "One person.").await.unwrap();
    let (_, preview) = of_change(app, &staff.second, proposed).await.unwrap();
    let seen = preview.unwrap().seen;
    let mut stopped = 0;
    for polls in 1.. {
        let ended = after_polls(confirm(app, &staff.second, proposed, &seen, None), polls).await;
        let now = staff.facts().await;
        if ended.is_some() || now != before {
            break;
        }
        stopped += 1;
        staff.world.assert_sound().await;
    }
    assert!(stopped > 0, "it ended at the first try");
    app.registry.refresh(&app.store).await.unwrap();
    assert_eq!(staff.total(id(0)).await, Amount::new(500));
    staff.world.assert_sound().await;
}

/// Runs a future for so many polls, and drops it where it then is.
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

#[tokio::test]
async fn reports_judged_before_a_merge_are_judged_again() {
    let staff = two_records().await;
    let app = &staff.world.app;
    let scope = staff.world.scope();
    let on = |day: &str, row: String| row.replace("11/02/2026", day);
    let rows = [on("11/09/2026", row("Add", 3, "2")), on("11/09/2026", row("Add", 1, "2"))].concat();
    let received = staff.world.receive(&format!("{}{rows}", records::HEADER)).await.upload.id;
    let text = on("11/10/2026", row("Add", 1, "4"));
    let judged = judged(&staff, &text).await;
    staff.merge(id(1), id(0)).await;
    let mut tx = app.store.write().await.unwrap();
    let recorded = reports::record(app, &mut tx, &scope, received, &[(1, &judged)]).await;
    assert!(matches!(recorded, Err(Error::Stale)), "{recorded:?}");
    drop(tx);
    // the job judges anew: the row with the merged record's license is the other's now
    records::work(app).await;
    assert_eq!(staff.total(id(0)).await, Amount::new(700));
    staff.world.assert_sound().await;
}

/// A row of a file, judged by the registry as it is now.
async fn judged(staff: &Staff, text: &str) -> reports::Judged {
    let app = &staff.world.app;
    let path = staff.world.test.folder().join("one.txt");
    std::fs::write(&path, format!("{}{text}", records::HEADER)).unwrap();
    let mut batch = formats::open(
        &path,
        formats::FileFormat::Text { delimiter: b'\t', encoding: formats::Encoding::Utf8 },
        &formats::Limits::default(),
    )
    .unwrap();
    let header = batch.header().clone();
    let row = batch.next().unwrap().unwrap();
    let report = formats::learner_report(&header, &row, &app.reference.get());
    reports::judge(app, &staff.world.scope(), vec![report]).await.unwrap().pop().unwrap()
}

#[tokio::test]
async fn uploads_and_merges_at_once_end_with_all_credit_in_one_record() {
    let staff = Staff::new().await;
    let app = &staff.world.app;
    let mut sent = Vec::new();
    for day in 1..=12 {
        let row = row("Add", 1, "2").replace("11/02/2026", &format!("10/{day:02}/2026"));
        sent.push(staff.world.receive(&format!("{}{row}", records::HEADER)).await.upload.id);
    }
    let uploading = async {
        // a chunk that is sent back waits for its job's next turn
        for _ in 0..40 {
            records::work(app).await;
            app.clock.advance(jiff::SignedDuration::from_secs(60));
            tokio::task::yield_now().await;
        }
    };
    let merging = async {
        for _ in 0..4 {
            let change = staff.merge(id(1), id(0)).await;
            tokio::task::yield_now().await;
            staff.undo(change.id).await;
        }
        staff.merge(id(1), id(0)).await;
    };
    tokio::join!(uploading, merging);
    records::work(app).await;
    for upload in sent {
        assert_eq!(staff.world.find(upload).await.counts.accepted, 1);
    }
    assert_eq!(staff.total(id(0)).await, Amount::new(2_400));
    staff.world.assert_sound().await;
}

/// Merges, undoing and reports in an order that a seed gives. After each step the record proves itself,
/// and a completion that does not count has its double with the record that stands. `MERGE_SEEDS` asks for
/// more orders.
#[tokio::test]
async fn whatever_the_order_no_credit_is_lost_or_counted_twice() {
    let seeds = std::env::var("MERGE_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(4_u64);
    let mut merges = 0;
    for seed in 1..=seeds {
        let staff = Staff::new().await;
        let app = &staff.world.app;
        let mut drawn = seed;
        let mut draw = |below: u64| {
            drawn = drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from((drawn >> 33) % below).unwrap()
        };
        let mut confirmed: Vec<IdentityChangeId> = Vec::new();
        for step in 0..30 {
            match draw(4) {
                0 => {
                    let day = format!("09/{:02}/2026", draw(4) + 1);
                    let row = row("Add", draw(3), "2").replace("11/02/2026", &day);
                    // the same file again would be the same upload
                    let row = row + &"\n".repeat(step);
                    staff.world.upload(&format!("{}{row}", records::HEADER)).await;
                }
                1 => match staff.merge_keeping(id(draw(3)), id(draw(3)), None).await {
                    Ok(change) => {
                        merges += 1;
                        confirmed.push(change.id);
                    }
                    Err(error) => assert!(matches!(error, Error::Invalid(_)), "{error}"),
                },
                2 => {
                    let (from, into) = (id(draw(3)), id(draw(3)));
                    let mut tx = app.store.read().await.unwrap();
                    let mut all = store::identity_changes::records::live_completions(&mut tx, from).await.unwrap();
                    drop(tx);
                    all.truncate(1);
                    match staff.move_alone(from, into, all).await {
                        Ok(change) => confirmed.push(change.id),
                        Err(error) => assert!(matches!(error, Error::Invalid(_)), "{error}"),
                    }
                }
                _ if confirmed.is_empty() => {}
                _ => {
                    let place = draw(confirmed.len() as u64);
                    match undo(app, &staff.first, confirmed[place], "Two people.").await {
                        Ok(_) => _ = confirmed.remove(place),
                        Err(error) => assert!(matches!(error, Error::Invalid(_)), "{error}"),
                    }
                }
            }
            staff.world.assert_sound().await;
            staff.assert_each_counts_once().await;
        }
    }
    assert!(merges >= seeds, "only {merges} merges in {seeds} orders");
}
