//! CME credit derived from points: once for each completion, whatever comes in which order.

use app::decisions::{self, Decision};
use app::derived;
use domain::access::{Actor, Seat};
use domain::credit::{CreditStatus, Kind};
use domain::transcript::Filter;
use domain::upload::RowResult;
use domain::{Amount, CreditId};
use store::ReadTx;
use testkit::people::{self, CERTIFYING_BOARD, LICENSING_BOARD, actor};
use testkit::records;

use crate::points::{Report, amount, board, cme, moc, physician};
use crate::world::World;

fn derived_is(amount: &str) -> Option<(String, bool)> {
    Some((amount.to_owned(), true))
}

fn reported_is(amount: &str) -> Option<(String, bool)> {
    Some((amount.to_owned(), false))
}

#[tokio::test]
async fn points_alone_become_cme_credit_and_points_beside_it_do_not() {
    let world = World::with_boards().await;
    world.report(0, &moc("ABIM", "3")).await;
    world.report(1, &Report { cme: "2".into(), ..moc("ABIM", "3") }).await;
    assert_eq!(world.cme(0).await, None);
    world.settle().await;
    assert_eq!(world.cme(0).await, derived_is("3"));
    assert_eq!(world.cme(1).await, reported_is("2"));
    let derived = world.credits(0).await.into_iter().find(|credit| credit.is_derived).unwrap();
    assert_eq!((derived.status, derived.types), (CreditStatus::Accepted, vec![]));
    // nothing happens twice
    let leaves = world.assert_sound().await.leaves;
    world.settle().await;
    assert_eq!(world.assert_sound().await.leaves, leaves);
}

#[tokio::test]
async fn a_reported_cme_credit_takes_the_place_of_the_derived_one() {
    let world = World::with_boards().await;
    world.report(0, &moc("ABIM", "3")).await;
    world.settle().await;
    // neither another amount nor the same is in the way, since nobody reported the derived one
    assert_eq!(world.report(0, &cme("5")).await.result, RowResult::Accepted);
    assert_eq!(world.cme(0).await, reported_is("5"));
    world.report(1, &moc("ABIM", "3")).await;
    world.settle().await;
    assert_eq!(world.report(1, &cme("3")).await.result, RowResult::Accepted);
    assert_eq!(world.cme(1).await, reported_is("3"));
    world.settle().await;
    assert_eq!(world.cme(1).await, reported_is("3"));
    // and once it is deleted, the points count again, at once
    assert_eq!(world.report(1, &cme("3").delete()).await.result, RowResult::Deleted);
    assert_eq!(world.cme(1).await, derived_is("3"));
    world.assert_sound().await;
}

#[tokio::test]
async fn what_is_derived_goes_with_its_origin_and_cannot_be_deleted_by_itself() {
    let world = World::with_boards().await;
    world.report(0, &moc("ABIM", "3")).await;
    world.settle().await;
    assert_eq!(world.refusal(0, &cme("3").delete()).await, [domain::Code::DeleteNotFound]);
    world.report(0, &moc("ABIM", "3").delete()).await;
    assert_eq!(world.credits(0).await, []);
    world.report(1, &moc("ABIM", "3")).await;
    world.settle().await;
    world.report(1, &Report::default().delete()).await;
    assert_eq!(world.credits(1).await, []);
    world.settle().await;
    assert_eq!((world.credits(0).await, world.credits(1).await), (vec![], vec![]));
    world.assert_sound().await;
}

#[tokio::test]
async fn of_several_boards_the_largest_points_count_once() {
    let world = World::with_boards().await;
    world.report(0, &moc("ABIM", "3")).await;
    world.settle().await;
    world.report(0, &moc("ABP", "4.5")).await;
    assert_eq!(world.cme(0).await, derived_is("3"));
    world.settle().await;
    assert_eq!(world.cme(0).await, derived_is("4.5"));
    world.report(0, &moc("ABS", "2")).await;
    world.settle().await;
    assert_eq!(world.cme(0).await, derived_is("4.5"));
    world.report(0, &moc("ABP", "").delete()).await;
    assert_eq!(world.cme(0).await, derived_is("3"));
    // two records of one board are added up
    world.report(1, &moc("ABIM", "3")).await;
    world.report(1, &Report::default().points("ABA", "2", &[("Lifelong Learning", "2")])).await;
    world.settle().await;
    assert_eq!(world.cme(1).await, derived_is("3"));
    world.report(1, &Report::default().points("ABA", "1.5", &[("Patient Safety", "1.5")])).await;
    world.settle().await;
    assert_eq!(world.cme(1).await, derived_is("3.5"));
    world.assert_sound().await;
}

#[tokio::test]
async fn a_boards_answer_leaves_derived_credit_alone() {
    let world = World::with_boards().await;
    world.report(0, &moc("ABIM", "3")).await;
    world.settle().await;
    let abim = actor(&world.app, CERTIFYING_BOARD).await;
    let (credit, _) = world.points(0, "ABIM").await.remove(0);
    decisions::decide(&world.app, &abim, credit, CreditStatus::Rejected, "no").await.unwrap();
    world.settle().await;
    assert_eq!(world.cme(0).await, derived_is("3"));
    world.assert_sound().await;
}

#[tokio::test]
async fn licensing_boards_see_it_marked_and_reports_of_the_provider_leave_it_out() {
    let world = World::with_boards().await;
    world.report(0, &moc("ABIM", "3")).await;
    world.settle().await;
    let licensing = actor(&world.app, LICENSING_BOARD).await;
    let scope = licensing.licensing_board().unwrap();
    let seen = app::transcripts::of_licensee(&world.app, &licensing, &scope, physician(0).id, Filter::default())
        .await
        .unwrap();
    let credits = &seen.transcript.completions[0].credits;
    assert!(credits.iter().any(|credit| credit.is_derived && credit.kind == Kind::Cme), "{credits:?}");
    let months = {
        let mut tx = world.app.store.read().await.unwrap();
        store::learners::credits_by_month(&mut tx, &world.scope(), 2026).await.unwrap()
    };
    assert_eq!(months, []);
    assert_eq!(counted(&world, "CME").await, 0);
    assert_eq!(counted(&world, "ABIM").await, 1);
    // it becomes part of the sums once it is reported, and leaves them again
    world.report(0, &cme("3")).await;
    assert_eq!(counted(&world, "CME").await, 1);
    world.report(0, &cme("3").delete()).await;
    assert_eq!(counted(&world, "CME").await, 0);
    world.assert_sound().await;
}

async fn counted(world: &World, kind: &str) -> i64 {
    let sql = format!("select coalesce(sum(credits), 0) || '' from credit_tally where kind = '{kind}'");
    testkit::database::texts(&world.test.address, &sql).await[0].parse().unwrap()
}

#[tokio::test]
async fn an_event_is_found_again_after_a_crash_and_by_a_worker_who_comes_late() {
    let world = World::with_boards().await;
    world.report(0, &moc("ABIM", "3")).await;
    // broken off at each of its steps, nothing is half done
    for steps in 0..60 {
        let mut run = Box::pin(derived::derive_next(&world.app));
        let mut polls = 0;
        let ended = std::future::poll_fn(|context| {
            polls += 1;
            if polls > steps { std::task::Poll::Ready(None) } else { run.as_mut().poll(context).map(Some) }
        });
        if ended.await.is_some() {
            break;
        }
        drop(run);
    }
    world.settle().await;
    assert_eq!(world.cme(0).await, derived_is("3"));
    // two at once do it once
    world.report(1, &moc("ABIM", "2")).await;
    let (one, two) = tokio::join!(derived::derive_next(&world.app), derived::derive_next(&world.app));
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(world.cme(1).await, derived_is("2"));
    world.assert_sound().await;
}

#[tokio::test]
async fn a_learner_who_has_nothing_but_derived_credit_of_a_file_gets_it_once() {
    let world = World::with_boards().await;
    let rows: String = (0..40).map(|n| records::row_with_points(n, "", "1.5")).collect();
    world.upload(&format!("{}{rows}", records::HEADER)).await;
    world.settle().await;
    let sql = "select count(*) || '' from credit where derived_from is not null and withdrawn_at is null";
    assert_eq!(testkit::database::texts(&world.test.address, sql).await, ["40"]);
    // the same file with credit: all are accepted, none is derived any more
    let rows: String = (0..40).map(|n| records::row_with_points(n, "2", "1.5")).collect();
    let upload = world.upload(&format!("{}{rows}", records::HEADER)).await;
    assert_eq!(upload.counts.accepted, 40);
    assert_eq!(testkit::database::texts(&world.test.address, sql).await, ["0"]);
    world.assert_sound().await;
}

/// What was reported and not deleted, of one learner.
#[derive(Clone, Default, Debug)]
struct Model {
    cme: Option<Amount>,
    points: std::collections::BTreeMap<&'static str, Amount>,
}

/// Repeatable dice: the same seed, the same sequence.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }
}

const BOARDS: [&str; 3] = ["ABIM", "ABP", "ABS"];
const AMOUNTS: [&str; 3] = ["1", "2.25", "4"];

#[tokio::test]
async fn whatever_the_order_a_completion_has_its_cme_credit_once() {
    let world = World::with_boards().await;
    let boards = board_actors(&world).await;
    for seed in 0..14 {
        let mut dice = Dice(seed);
        let mut models: [Model; 2] = Default::default();
        let mut told = Vec::new();
        for _ in 0..24 {
            let n = dice.below(2);
            told.push(step(&world, &boards, &mut dice, n, &mut models[n]).await);
            for (n, model) in models.iter().enumerate() {
                check(&world, n, model, false, &told).await;
            }
            if dice.below(4) == 0 {
                told.push("settled".into());
                world.settle().await;
                for (n, model) in models.iter().enumerate() {
                    check(&world, n, model, true, &told).await;
                }
            }
        }
        world.assert_sound().await;
        // the next sequence begins with nothing
        for (n, model) in models.iter().enumerate() {
            if model.cme.is_some() || !model.points.is_empty() {
                world.report(n, &Report::default().delete()).await;
            }
        }
    }
}

async fn board_actors(world: &World) -> Vec<Actor> {
    let who = actor(&world.app, CERTIFYING_BOARD).await.who;
    BOARDS.iter().map(|code| Actor { who, seat: Seat::CertifyingBoard(board(code)) }).collect()
}

/// One thing that happens, and in words what.
async fn step(world: &World, boards: &[Actor], dice: &mut Dice, n: usize, model: &mut Model) -> String {
    let (code, text) = (BOARDS[dice.below(3)], AMOUNTS[dice.below(3)]);
    match dice.below(9) {
        0 | 1 => {
            let taken = world.refusal(n, &moc(code, text)).await.is_empty();
            let expected = model.points.get(code).is_none_or(|known| *known == amount(text));
            assert_eq!(taken, expected, "{n} {code} {text} {model:?}");
            model.points.entry(code).or_insert(amount(text));
            format!("{n}: {code} {text}")
        }
        2 | 3 => {
            let taken = world.refusal(n, &cme(text)).await.is_empty();
            assert_eq!(taken, model.cme.is_none_or(|known| known == amount(text)), "{n} CME {text} {model:?}");
            model.cme = model.cme.or(Some(amount(text)));
            format!("{n}: CME {text}")
        }
        4 => {
            let gone = model.points.remove(code).is_some();
            assert_eq!(world.refusal(n, &moc(code, "").delete()).await.is_empty(), gone);
            format!("{n}: delete {code}")
        }
        5 => {
            let credit = model.cme.take();
            let named = credit.map_or(text.to_owned(), |credit| credit.to_string());
            assert_eq!(world.refusal(n, &cme(&named).delete()).await.is_empty(), credit.is_some());
            format!("{n}: delete CME")
        }
        6 => {
            let had_any = model.cme.is_some() || !model.points.is_empty();
            assert_eq!(world.refusal(n, &Report::default().delete()).await.is_empty(), had_any);
            *model = Model::default();
            format!("{n}: delete all")
        }
        7 => {
            let board = &boards[dice.below(boards.len())];
            let status = [CreditStatus::Accepted, CreditStatus::Rejected][dice.below(2)];
            let scope = board.certifying_board().unwrap();
            let mut tx = world.app.store.read().await.unwrap();
            let pending = pending(&mut tx, &scope).await;
            drop(tx);
            let reason = if status == CreditStatus::Rejected { "no" } else { "" };
            let decision = |credit| Decision { credit, status, reason: reason.into() };
            let all: Vec<Decision> = pending.into_iter().map(decision).collect();
            decisions::decide_many(&world.app, board, &all).await.unwrap();
            format!("{} decides", scope.board())
        }
        _ => {
            // broken off somewhere on the way
            let steps = dice.below(40);
            let mut run = Box::pin(derived::derive_next(&world.app));
            let mut polls = 0;
            std::future::poll_fn(|context| {
                polls += 1;
                if polls > steps { std::task::Poll::Ready(()) } else { run.as_mut().poll(context).map(|_| ()) }
            })
            .await;
            format!("a worker is killed after {steps}")
        }
    }
}

async fn pending(tx: &mut ReadTx, scope: &domain::access::CertifyingBoardScope) -> Vec<CreditId> {
    let list = store::moc::list(tx, scope, CreditStatus::Pending, 100, 0).await.unwrap();
    list.into_iter().map(|credit| credit.id).collect()
}

/// What is reported stands; what is derived is of points on record, and of the largest once all has settled.
async fn check(world: &World, n: usize, model: &Model, is_settled: bool, told: &[String]) {
    let found = world.cme(n).await.map(|(text, is_derived)| (amount(&text), is_derived));
    match (model.cme, found) {
        (Some(credit), found) => assert_eq!(found, Some((credit, false)), "{model:?} {told:#?}"),
        (None, Some((derived, is_derived))) => {
            assert!(is_derived && model.points.values().any(|points| *points == derived), "{model:?} {told:#?}");
        }
        (None, None) => {}
    }
    if is_settled && model.cme.is_none() {
        assert_eq!(found.map(|(credit, _)| credit), model.points.values().max().copied(), "{model:?} {told:#?}");
    }
}

#[tokio::test]
async fn derived_credit_follows_a_merge_and_its_undoing() {
    let world = World::with_boards().await;
    let first = actor(&world.app, people::ACCREDITOR).await;
    let second = people::add(&world.app, "second@accreditor.example", "Noor Vance", Seat::Accreditor).await;
    world.report(0, &moc("ABIM", "3")).await;
    world.report(1, &moc("ABIM", "2")).await;
    world.settle().await;
    let (from, into) = (physician(1).id, physician(0).id);
    let merge = app::identity::propose_merge(&world.app, &first, from, into, "One person.").await.unwrap();
    let (_, preview) = app::identity::of_change(&world.app, &second, merge).await.unwrap();
    app::identity::confirm(&world.app, &second, merge, &preview.unwrap().seen, None).await.unwrap();
    // both had the same activity and date: the second one's is set aside with all its credit
    assert_eq!(world.cme(0).await, derived_is("3"));
    world.assert_sound().await;
    app::identity::undo(&world.app, &second, merge, "Two people.").await.unwrap();
    assert_eq!((world.cme(0).await, world.cme(1).await), (derived_is("3"), derived_is("2")));
    world.report(1, &cme("4")).await;
    world.settle().await;
    assert_eq!((world.cme(0).await, world.cme(1).await), (derived_is("3"), reported_is("4")));
    world.assert_sound().await;
}
