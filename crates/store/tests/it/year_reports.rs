//! What a provider's year adds up to in the accreditor's report, and the snapshots of it.

use domain::access::{Actor, Seat, StaffScope, Who};
use domain::activity::year::Done;
use domain::activity::{Activity, Delivery, Format, MocRegistration};
use domain::{AccountId, Amount, Board, CompletionId, YearReportId};
use jiff::civil::date;
use store::year_reports::{self, ActivityGroup};
use store::years::{self, Snapshot};
use store::{WriteTx, completions};
use testkit::{TestStore, people};
use uuid::Uuid;

use crate::provider_reports::{abim, activity, begun, complete, ours};

const NOW: i64 = 1_800_000_000_000_000;

fn staff() -> StaffScope {
    let who = Who::Account(AccountId::new(Uuid::from_u128(5)));
    Actor { who, seat: Seat::Accreditor }.staff().unwrap()
}

/// Open: a draft is one without what Active needs.
fn open(activity: Activity) -> Activity {
    Activity {
        deliveries: vec![Delivery::LiveStreamed],
        description: "Knots.".into(),
        in_passport: Some(false),
        ..activity
    }
}

type Line = (Format, Vec<Delivery>, bool, i64, i64, i64, i64);

fn lines(groups: Vec<ActivityGroup>) -> Vec<Line> {
    let line = |one: ActivityGroup| {
        let offered = one.offered.hundredths();
        let group = one.group;
        (group.format, group.deliveries, group.is_closed, one.activities, offered, one.physicians, one.others)
    };
    let mut lines: Vec<Line> = groups.into_iter().map(line).collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn activities_count_in_the_year_in_which_they_end_and_drafts_never() {
    let test = TestStore::new().await;
    let us = people::provider_id();
    let course = |number, starts, ends| open(activity(number, us, Format::LiveCourse, starts, ends));
    let first = course(1, date(2025, 12, 30), date(2026, 1, 1));
    let last = Activity { is_closed: true, ..course(2, date(2026, 12, 31), date(2026, 12, 31)) };
    let next = course(3, date(2026, 12, 31), date(2027, 1, 1));
    let both = Activity {
        // in another order than the list's
        deliveries: vec![Delivery::LiveStreamed, Delivery::InPerson],
        city: "Oakland".into(),
        state: "CA".into(),
        country: "USA".into(),
        physician_total: None,
        ..course(4, date(2026, 5, 1), date(2026, 5, 1))
    };
    let draft = activity(5, us, Format::LiveCourse, date(2026, 5, 1), date(2026, 5, 1));
    let other = open(activity(6, people::other_provider_id(), Format::LiveCourse, date(2026, 5, 1), date(2026, 5, 1)));
    let mut tx = begun(&test, &[first, last, next, both, draft, other]).await;
    let found = lines(year_reports::activities(&mut tx, &ours(), 2026).await.unwrap());
    let streamed = vec![Delivery::LiveStreamed];
    assert_eq!(
        found,
        [
            (Format::LiveCourse, vec![Delivery::InPerson, Delivery::LiveStreamed], false, 1, 150, 0, 8),
            (Format::LiveCourse, streamed.clone(), false, 1, 150, 40, 8),
            (Format::LiveCourse, streamed, true, 1, 150, 40, 8),
        ]
    );
    assert_eq!(year_reports::years(&mut tx).await.unwrap(), Some((2026, 2027)));
}

#[tokio::test]
async fn enduring_material_counts_the_learners_of_the_year_also_while_it_runs() {
    let test = TestStore::new().await;
    let us = people::provider_id();
    let enduring = |number, ends| Activity {
        deliveries: vec![Delivery::Online],
        ..open(activity(number, us, Format::EnduringMaterial, date(2025, 1, 1), ends))
    };
    let (over, runs) = (enduring(1, date(2026, 6, 30)), enduring(2, date(2027, 6, 30)));
    let mut tx = begun(&test, &[over.clone(), runs.clone()]).await;
    for (year, number) in [(2025, 10), (2026, 25)] {
        let taken = [&over, &runs].map(|one| (one.id, Snapshot { physicians: number, others: 1 }));
        years::put_snapshots(&mut tx, &ours(), year, &taken, Done { by: None, at: 0 }).await.unwrap();
    }
    let online = vec![Delivery::Online];
    let ended = lines(year_reports::activities(&mut tx, &ours(), 2026).await.unwrap());
    assert_eq!(ended, [(Format::EnduringMaterial, online.clone(), false, 1, 150, 40 - 10, 8 - 1)]);
    let running = lines(year_reports::running(&mut tx, &ours(), 2026).await.unwrap());
    assert_eq!(running, [(Format::EnduringMaterial, online.clone(), false, 0, 0, 25 - 10, 0)]);
    // the sum of both is what the Program Summary says
    let totals = years::totals(&mut tx, &ours(), 2026).await.unwrap();
    assert_eq!((totals.physicians, totals.others), (30 + 15, 7));
    let running = lines(year_reports::running(&mut tx, &ours(), 2025).await.unwrap());
    assert_eq!(running, [(Format::EnduringMaterial, online, false, 0, 0, 20, 2)]);
}

#[tokio::test]
async fn completions_and_credit_count_by_day_of_completion_and_registrations_by_board() {
    let test = TestStore::new().await;
    let us = people::provider_id();
    let board = |code: &str| Board::read(code).unwrap();
    let registered = |code: &str| MocRegistration {
        board: board(code),
        points: Amount::new(150),
        credit_types: vec![],
        practice_areas: vec![],
        claim_until: None,
        undertakings: vec![],
    };
    let course = Activity {
        moc: vec![registered("ABIM"), registered("ABS")],
        ..open(activity(1, us, Format::LiveCourse, date(2025, 12, 1), date(2026, 3, 31)))
    };
    let other = open(activity(2, people::other_provider_id(), Format::LiveCourse, date(2026, 1, 1), date(2026, 3, 31)));
    let mut tx = begun(&test, &[course.clone(), other.clone()]).await;
    complete(&mut tx, 1, &course, Some(0), date(2026, 1, 1), &[domain::credit::Kind::Cme, abim()]).await;
    complete(&mut tx, 2, &course, Some(1), date(2026, 3, 31), &[domain::credit::Kind::Cme]).await;
    complete(&mut tx, 3, &course, Some(2), date(2025, 12, 31), &[domain::credit::Kind::Cme]).await;
    complete(&mut tx, 4, &course, None, date(2026, 2, 1), &[]).await;
    complete(&mut tx, 5, &course, Some(2), date(2026, 2, 1), &[]).await;
    complete(&mut tx, 6, &other, Some(2), date(2026, 2, 1), &[domain::credit::Kind::Cme]).await;
    completions::withdraw(&mut tx, CompletionId::new(Uuid::from_u128(5)), NOW).await.unwrap();
    let found = year_reports::completions(&mut tx, &ours(), 2026).await.unwrap();
    assert_eq!(found.iter().map(|one| one.completions).collect::<Vec<_>>(), [3], "the withdrawn one is gone");
    let mut credit: Vec<(String, i64, i64)> = year_reports::credits(&mut tx, &ours(), 2026)
        .await
        .unwrap()
        .into_iter()
        .map(|one| (one.kind.key().to_owned(), one.credits, one.amount.hundredths()))
        .collect();
    credit.sort();
    assert_eq!(credit, [("ABIM".to_owned(), 1, 150), ("CME".to_owned(), 2, 300)]);
    let boards = year_reports::registrations(&mut tx, &ours(), 2026).await.unwrap();
    let boards: Vec<(String, i64, i64)> =
        boards.iter().map(|one| (one.board.to_string(), one.activities, one.points.hundredths())).collect();
    assert_eq!(boards, [("ABIM".to_owned(), 1, 150), ("ABS".to_owned(), 1, 150)]);
    assert!(year_reports::registrations(&mut tx, &ours(), 2025).await.unwrap().is_empty());
}

async fn counted(tx: &mut WriteTx, number: u128, year: i16, at: i64) -> YearReportId {
    let id = YearReportId::new(Uuid::from_u128(number));
    assert!(year_reports::insert(tx, id, year, None, at).await.unwrap());
    assert!(!year_reports::insert(tx, YearReportId::new(Uuid::from_u128(number + 500)), year, None, at).await.unwrap());
    year_reports::progress(tx, id, 1, 2, at).await.unwrap();
    let mut report = year_reports::find_for_work(tx, id).await.unwrap().unwrap();
    assert_eq!((report.providers_done, report.providers, report.begun_at), (1, 2, Some(at)));
    report.providers = 2;
    year_reports::finish(tx, &report, &format!("{{\"n\":{number}}}"), at + 1).await.unwrap();
    id
}

#[tokio::test]
async fn a_year_is_counted_once_at_a_time_and_what_is_published_stays() {
    let test = TestStore::new().await;
    let mut tx = test.store.write().await.unwrap();
    let by = AccountId::new(Uuid::from_u128(5));
    let first = counted(&mut tx, 1, 2025, NOW).await;
    assert!(year_reports::publish(&mut tx, &staff(), first, "Words", by, NOW + 5).await.unwrap());
    assert!(!year_reports::publish(&mut tx, &staff(), first, "Again", by, NOW + 6).await.unwrap());
    let second = counted(&mut tx, 2, 2025, NOW + 10).await;
    let third = counted(&mut tx, 3, 2025, NOW + 20).await;
    let fourth = counted(&mut tx, 4, 2025, NOW + 30).await;
    counted(&mut tx, 5, 2026, NOW + 40).await;
    let newest = year_reports::newest(&mut tx, &staff()).await.unwrap();
    let years: Vec<(i16, String)> = newest.iter().map(|one| (one.year, one.figures.clone())).collect();
    assert_eq!(years, [(2026, "{\"n\":5}".to_owned()), (2025, "{\"n\":4}".to_owned())]);
    let shown = year_reports::published(&mut tx).await.unwrap();
    assert_eq!((shown.len(), shown[0].id, shown[0].foreword.as_str()), (1, first, "Words"));
    // of those that nobody saw the last two are kept
    assert!(year_reports::find_for_work(&mut tx, second).await.unwrap().is_none());
    assert!(year_reports::find_for_work(&mut tx, third).await.unwrap().is_some());
    assert!(year_reports::publish(&mut tx, &staff(), fourth, "", by, NOW + 50).await.unwrap());
    assert_eq!(year_reports::published(&mut tx).await.unwrap()[0].id, fourth, "the newer one is seen");
    assert!(year_reports::take_back(&mut tx, &staff(), 2025, by, NOW + 60).await.unwrap());
    assert!(year_reports::published(&mut tx).await.unwrap().is_empty());
    assert!(!year_reports::take_back(&mut tx, &staff(), 2025, by, NOW + 61).await.unwrap());
    assert!(year_reports::publish(&mut tx, &staff(), fourth, "", by, NOW + 70).await.unwrap(), "and shown once more");
    let mut counted = year_reports::counted(&mut tx).await.unwrap();
    counted.sort();
    assert_eq!(counted, [(2025, NOW + 31), (2026, NOW + 41)]);
    assert!(year_reports::open(&mut tx).await.unwrap().is_empty());
}
