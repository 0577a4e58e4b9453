//! How often a board takes a completion, and two records that are one: through the form that a provider types.

use domain::activity::Format;
use domain::upload::RowResult;
use domain::{Board, Code};

use crate::points::{self, Report, cme, moc};
use crate::world::World;

const LEARNING: &str = "Lifelong Learning";
const SAFETY: &str = "Patient Safety";
const QUALITY: &str = "Quality Improvement";

/// Of both sides in one record.
fn both(points: &str) -> Report {
    Report::default().points("ABA", points, &[(LEARNING, "1"), (SAFETY, "1")])
}

fn aba(points: &str, name: &str) -> Report {
    Report::default().points("ABA", points, &[(name, points)])
}

async fn amounts(world: &World, n: usize, code: &str) -> Vec<String> {
    let mut amounts: Vec<String> = world.points(n, code).await.into_iter().map(|(_, amount)| amount).collect();
    amounts.sort_unstable_by(|a, b| b.cmp(a));
    amounts
}

#[tokio::test]
async fn anesthesiology_takes_two_records_that_add_up_to_the_credit() {
    let world = World::with_boards().await;
    assert_eq!(world.report(0, &Report { cme: "3".into(), ..aba("2", LEARNING) }).await.result, RowResult::Accepted);
    assert_eq!(world.refusal(0, &aba("0.5", SAFETY)).await, [Code::PointsNotEqualCredit]);
    assert_eq!(world.refusal(0, &aba("1.5", SAFETY)).await, [Code::PointsNotEqualCredit]);
    let second = world.report(0, &aba("1", SAFETY)).await;
    assert_eq!(second.result, RowResult::Accepted);
    assert_eq!(amounts(&world, 0, "ABA").await, ["2", "1"]);
    // sent again they are on record; the same type with other points, or a third record, is one too many
    assert_eq!(world.report(0, &aba("1", SAFETY)).await.result, RowResult::AlreadyReported);
    assert_eq!(world.report(0, &aba("2", LEARNING)).await.result, RowResult::AlreadyReported);
    for more in [aba("0.5", SAFETY), aba("1", LEARNING), aba("1", QUALITY), both("3")] {
        assert!(world.refusal(0, &more).await.contains(&Code::BoardOncePerDate));
    }
    assert_eq!(world.cme(0).await, Some(("3".into(), false)));
    world.assert_sound().await;
}

#[tokio::test]
async fn a_lone_record_equals_the_credit_unless_it_can_be_half_of_a_pair() {
    let world = World::with_boards().await;
    let with = |credits: &str, report: Report| Report { cme: credits.into(), ..report };
    for (n, refused) in [with("3", both("2")), with("2", both("3")), with("2", aba("3", SAFETY))].iter().enumerate() {
        assert_eq!(world.refusal(n, refused).await, [Code::PointsNotEqualCredit]);
    }
    // the credit is on record already, or comes later: the rule is the same
    world.report(0, &cme("3")).await;
    assert_eq!(world.refusal(0, &both("2")).await, [Code::PointsNotEqualCredit]);
    assert_eq!(world.report(0, &both("3")).await.result, RowResult::Accepted);
    world.report(1, &both("2")).await;
    assert_eq!(world.refusal(1, &cme("3")).await, [Code::PointsNotEqualCredit]);
    assert_eq!(world.report(1, &cme("2")).await.result, RowResult::Accepted);
    world.report(2, &aba("2", SAFETY)).await;
    assert_eq!(world.refusal(2, &aba("9", QUALITY)).await, [Code::PointsAboveRegistered]);
    world.report(2, &aba("1", QUALITY)).await;
    assert_eq!(world.refusal(2, &cme("2")).await, [Code::PointsNotEqualCredit]);
    assert_eq!(world.report(2, &cme("3")).await.result, RowResult::Accepted);
    world.assert_sound().await;
}

#[tokio::test]
async fn a_delete_names_one_record_of_a_pair_or_both() {
    let world = World::with_boards().await;
    for n in 0..4 {
        world.report(n, &aba("2", LEARNING)).await;
        world.report(n, &aba("1", SAFETY)).await;
    }
    let untyped = |points: &str| Report::default().points("ABA", points, &[]).delete();
    world.report(0, &aba("1", SAFETY).delete()).await;
    assert_eq!(amounts(&world, 0, "ABA").await, ["2"]);
    world.report(1, &untyped("2")).await;
    assert_eq!(amounts(&world, 1, "ABA").await, ["1"]);
    world.report(2, &untyped("3")).await;
    assert_eq!(amounts(&world, 2, "ABA").await, [""; 0]);
    world.report(3, &untyped("")).await;
    assert_eq!(amounts(&world, 3, "ABA").await, [""; 0]);
    // two equal halves cannot be told apart by their points
    world.report(4, &aba("1", LEARNING)).await;
    world.report(4, &aba("1", SAFETY)).await;
    assert_eq!(world.refusal(4, &untyped("1")).await, [Code::DeleteNotFound]);
    world.report(4, &aba("1", LEARNING).delete()).await;
    assert_eq!(amounts(&world, 4, "ABA").await, ["1"]);
    world.assert_sound().await;
}

#[tokio::test]
async fn pediatrics_takes_one_completion_a_date_but_of_journals() {
    const JOURNAL: &str = "202600041";
    let world = World::with_boards().await;
    world.add_activity(&points::activity(JOURNAL, Format::JournalBased)).await;
    let abp = |points: &str| moc("ABP", points);
    world.report(0, &abp("1")).await;
    assert_eq!(world.refusal(0, &abp("2")).await, [Code::BoardOncePerDate]);
    // of a journal a second one is another amount for the same key: delete and add
    world.report(1, &abp("1").at(JOURNAL)).await;
    assert_eq!(world.refusal(1, &abp("2").at(JOURNAL)).await, [Code::CreditDiffers]);
    assert_eq!(world.refusal(2, &moc("ABIM", "1")).await, []);
    assert_eq!(world.refusal(2, &moc("ABIM", "2")).await, [Code::CreditDiffers]);
}

#[tokio::test]
async fn the_release_brings_each_boards_rules() {
    let world = World::new().await;
    let reference = world.app.reference.get();
    // code; points equal credit; once a date; the type apart; ID optional; completions from; activities from
    type Rules<'a> = (&'a str, bool, bool, Option<&'a str>, bool, Option<&'a str>, Option<&'a str>);
    let expected: [Rules<'_>; 10] = [
        ("ABA", true, true, Some(SAFETY), false, None, None),
        ("ABIM", false, false, None, false, None, None),
        ("ABO", false, false, None, false, None, None),
        ("ABOHNS", false, false, None, false, None, None),
        ("ABOS", false, false, None, false, None, None),
        ("ABP", false, true, None, false, None, None),
        ("ABPATH", false, false, None, false, None, None),
        ("ABPMR", false, false, None, false, None, Some("2025-01-01")),
        ("ABS", false, false, None, true, Some("2021-03-01"), None),
        ("ABTS", false, false, None, false, None, None),
    ];
    assert_eq!(reference.boards().count(), expected.len());
    for (code, equal, once, apart, optional, completed_from, starts_from) in expected {
        let rules = reference.board(Board::read(code).unwrap()).unwrap();
        let day = |day: Option<&str>| day.map(|day| day.parse().unwrap());
        assert_eq!((rules.points_equal_credit, rules.once_per_date), (equal, once), "{code}");
        assert_eq!((rules.type_apart.as_deref(), rules.diplomate_id_optional), (apart, optional), "{code}");
        assert_eq!(rules.completed_from, day(completed_from), "{code}");
        assert_eq!(rules.activity_starts_from, day(starts_from), "{code}");
    }
    let pathology = reference.board(Board::read("ABPath").unwrap()).unwrap();
    let module = pathology.credit_type("Self-Assessment Module").unwrap();
    assert!(module.in_force("2020-12-31".parse().unwrap()) && !module.in_force("2021-01-01".parse().unwrap()));
}
