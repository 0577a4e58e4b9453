//! Figures of a provider's reports: each counted once, by its own day, and never another provider's.

use domain::access::ProviderScope;
use domain::activity::year::Done;
use domain::activity::{Activity, Format, MeasuredOutcome, Providership, Support};
use domain::credit::{CreditStatus, Kind};
use domain::{ActivityId, Amount, Board, CompletionId, CreditId, PhysicianId, ProviderId, UploadId};
use jiff::civil::{Date, date};
use store::activities::Attested;
use store::completions::{self, NewCompletion, NewCredit};
use store::learners;
use store::organizations::{Provider, Standing};
use store::physicians::NewPhysician;
use store::provider_reports::{self, CreditCell, Period};
use store::years::{self, Snapshot};
use store::{ReadTx, WriteTx};
use testkit::{TestStore, people, records};
use uuid::Uuid;

const DAY: i64 = 86_400_000_000;
/// 23 November 2026, 0:00 UTC.
const NOW: i64 = 20_780 * DAY;

pub(crate) fn ours() -> ProviderScope {
    ProviderScope::of_record(people::provider_id())
}

pub(crate) fn theirs() -> ProviderScope {
    ProviderScope::of_record(people::other_provider_id())
}

pub(crate) fn id(number: usize) -> ActivityId {
    format!("{number:09}").parse().unwrap()
}

pub(crate) fn activity(
    number: usize,
    provider: ProviderId,
    format: Format,
    starts_on: Date,
    ends_on: Date,
) -> Activity {
    Activity {
        credit: Some(Amount::new(150)),
        providership: Some(Providership::Direct),
        physician_total: Some(40),
        other_total: Some(8),
        ..Activity::draft(id(number), provider, "Knots", format, starts_on, ends_on)
    }
}

pub(crate) async fn begun(test: &TestStore, activities: &[Activity]) -> WriteTx {
    let mut tx = test.store.write().await.unwrap();
    for id in [people::provider_id(), people::other_provider_id()] {
        let provider = Provider {
            id,
            name: "Harborview".into(),
            organization_type: "Hospital".into(),
            city: "Oakland".into(),
            state: "CA".into(),
            standing: Standing::Good,
            contact_name: String::new(),
            contact_email: String::new(),
            created_at: 0,
        };
        store::organizations::insert_provider(&mut tx, &provider).await.unwrap();
    }
    let new = |n| NewPhysician { physician: records::physician(n), ledger_key: [n as u8; 32] };
    store::physicians::insert(&mut tx, &[new(0), new(1), new(2)], 0).await.unwrap();
    for activity in activities {
        let scope = ProviderScope::of_record(activity.provider);
        store::activities::insert(&mut tx, &scope, activity, Attested { by: None, at: 0 }).await.unwrap();
    }
    tx
}

/// The n-th completion, with a credit of each kind.
pub(crate) async fn complete(
    tx: &mut WriteTx,
    n: u128,
    of: &Activity,
    person: Option<usize>,
    on: Date,
    kinds: &[Kind],
) {
    let scope = ProviderScope::of_record(of.provider);
    let physician: Option<PhysicianId> = person.map(|person| records::physician(person).id);
    let completion = NewCompletion {
        id: CompletionId::new(Uuid::from_u128(n)),
        activity: of.id,
        provider: of.provider,
        physician,
        reported_physician: physician,
        completed_on: on,
        first_name: "Alma".into(),
        last_name: "Ashdown".into(),
        birth: None,
        state: None,
        learner_identifier: "L-1".into(),
        rems: None,
        person_key: physician.is_none().then_some([1; 32]),
        submission_id: String::new(),
        upload: UploadId::new(Uuid::from_u128(1)),
        row_number: 1,
        reported_at: NOW + 3_600_000_000,
        withdrawn_at: None,
    };
    let credit = |(place, kind): (u128, &Kind)| NewCredit {
        id: CreditId::new(Uuid::from_u128(n * 10 + place)),
        completion: CompletionId::new(Uuid::from_u128(n)),
        kind: *kind,
        part: domain::credit::Part::Whole,
        amount: Amount::new(150),
        types: vec![],
        diplomate_id: String::new(),
        status: if *kind == Kind::Cme { CreditStatus::Accepted } else { CreditStatus::Pending },
        derived_from: None,
        reported_at: NOW,
        leaf_index: (n * 10 + place) as i64,
        withdrawn: None,
    };
    let credits: Vec<NewCredit> = (0..).zip(kinds).map(credit).collect();
    completions::insert(tx, &scope, &[completion], &credits).await.unwrap();
}

pub(crate) fn abim() -> Kind {
    Kind::Moc(Board::read("ABIM").unwrap())
}

/// Format, month, kind, status, credits and hundredths.
type Line = (Format, Date, String, CreditStatus, i64, i64);

async fn credits(tx: &mut ReadTx, period: Period) -> Vec<Line> {
    let line = |cell: CreditCell| {
        let kind = cell.kind.key().to_owned();
        (cell.class.format, cell.month, kind, cell.status, cell.credits, cell.amount.hundredths())
    };
    let cells = provider_reports::credits(tx, &ours(), period).await.unwrap();
    let mut lines: Vec<Line> = cells.into_iter().map(line).collect();
    lines.sort_by_key(|line| (line.0, line.1, line.2.clone(), line.3.code()));
    lines
}

const YEAR: Period = Period { from: date(2026, 1, 1), until: date(2026, 12, 31) };

#[tokio::test]
async fn credit_is_what_is_live_however_it_came_to_be() {
    let test = TestStore::new().await;
    let live = activity(1, people::provider_id(), Format::LiveCourse, date(2026, 3, 1), date(2026, 3, 31));
    let other = activity(2, people::other_provider_id(), Format::LiveCourse, date(2026, 3, 1), date(2026, 3, 31));
    let mut tx = begun(&test, &[live.clone(), other.clone()]).await;
    complete(&mut tx, 1, &live, Some(0), date(2026, 3, 2), &[Kind::Cme, abim()]).await;
    complete(&mut tx, 2, &live, Some(1), date(2026, 3, 2), &[Kind::Cme, abim()]).await;
    complete(&mut tx, 3, &live, Some(2), date(2026, 4, 1), &[Kind::Cme]).await;
    complete(&mut tx, 4, &live, Some(2), date(2025, 12, 31), &[Kind::Cme]).await;
    complete(&mut tx, 5, &other, Some(0), date(2026, 3, 2), &[Kind::Cme, abim()]).await;
    let (march, april) = (date(2026, 3, 1), date(2026, 4, 1));
    let line =
        |month, kind: &str, status, credits, amount| (Format::LiveCourse, month, kind.into(), status, credits, amount);
    let (accepted, pending, rejected) = (CreditStatus::Accepted, CreditStatus::Pending, CreditStatus::Rejected);
    let mut wanted = vec![
        line(march, "ABIM", pending, 2, 300),
        line(march, "CME", accepted, 2, 300),
        line(april, "CME", accepted, 1, 150),
    ];
    assert_eq!(credits(&mut tx, YEAR).await, wanted);
    // a board rejects one, and the provider takes one back
    let credit = |number| CreditId::new(Uuid::from_u128(number));
    assert!(completions::decide_credit(&mut tx, credit(11), rejected, "Why").await.unwrap());
    assert!(!completions::decide_credit(&mut tx, credit(11), accepted, "").await.unwrap());
    completions::withdraw_credits(&mut tx, &[(credit(20), 99)], NOW).await.unwrap();
    wanted[0] = line(march, "ABIM", pending, 1, 150);
    wanted[1] = line(march, "ABIM", rejected, 1, 150);
    wanted.insert(2, line(march, "CME", accepted, 1, 150));
    assert_eq!(credits(&mut tx, YEAR).await, wanted);
    // nothing is left of what is withdrawn after it was decided
    completions::withdraw_credits(&mut tx, &[(credit(11), 100)], NOW).await.unwrap();
    wanted.remove(1);
    assert_eq!(credits(&mut tx, YEAR).await, wanted);
    let from_april = Period { from: april, until: april };
    assert_eq!(credits(&mut tx, from_april).await, [line(april, "CME", accepted, 1, 150)]);
    // points come later for a completion that is there; one is taken back in the batch that brings it
    let later = |number: u128, board: &str, withdrawn| NewCredit {
        id: credit(number),
        completion: CompletionId::new(Uuid::from_u128(3)),
        kind: Kind::Moc(Board::read(board).unwrap()),
        part: domain::credit::Part::Whole,
        amount: Amount::new(75),
        types: vec![],
        diplomate_id: String::new(),
        status: pending,
        derived_from: None,
        reported_at: NOW,
        leaf_index: number as i64,
        withdrawn,
    };
    let late = [later(900, "ABIM", None), later(901, "ABS", Some((902, NOW)))];
    completions::insert(&mut tx, &ours(), &[], &late).await.unwrap();
    let wanted = [line(april, "ABIM", pending, 1, 75), line(april, "CME", accepted, 1, 150)];
    assert_eq!(credits(&mut tx, from_april).await, wanted);
    assert_eq!(store::proof::census(&mut tx).await.unwrap().tally_at_odds, 0);
    // the first page counts by the same sums
    let figures = learners::figures(&mut tx, &ours(), 2026).await.unwrap();
    assert_eq!((figures.completions_this_year, figures.pending, figures.rejected), (3, 2, 0));
    let by_month = learners::credits_by_month(&mut tx, &ours(), 2026).await.unwrap();
    assert_eq!(by_month, [("2026-03".to_owned(), 150), ("2026-04".to_owned(), 150)]);
}

#[tokio::test]
async fn a_learner_counts_once_an_activity_and_others_by_the_providers_own_id() {
    let test = TestStore::new().await;
    let (start, end) = (date(2026, 1, 1), date(2026, 12, 31));
    let first = activity(1, people::provider_id(), Format::RegularlyScheduledSeries, start, end);
    let second = activity(2, people::provider_id(), Format::OtherBlended, start, end);
    let other = activity(3, people::other_provider_id(), Format::OtherBlended, start, end);
    let mut tx = begun(&test, &[first.clone(), second.clone(), other.clone()]).await;
    complete(&mut tx, 1, &first, Some(0), date(2026, 3, 2), &[]).await;
    complete(&mut tx, 2, &first, Some(0), date(2026, 4, 2), &[]).await;
    complete(&mut tx, 3, &first, Some(1), date(2026, 4, 2), &[]).await;
    complete(&mut tx, 4, &second, Some(0), date(2026, 4, 2), &[]).await;
    complete(&mut tx, 5, &first, None, date(2026, 3, 2), &[]).await;
    complete(&mut tx, 6, &first, None, date(2026, 5, 2), &[]).await;
    complete(&mut tx, 7, &other, Some(2), date(2026, 5, 2), &[]).await;
    complete(&mut tx, 8, &second, Some(2), date(2026, 5, 2), &[]).await;
    completions::withdraw(&mut tx, CompletionId::new(Uuid::from_u128(8)), NOW).await.unwrap();
    let cells = provider_reports::learners(&mut tx, &ours(), YEAR).await.unwrap();
    let mut people: Vec<(Format, i64, i64)> =
        cells.iter().map(|cell| (cell.class.format, cell.physicians, cell.others)).collect();
    people.sort_unstable();
    assert_eq!(people, [(Format::RegularlyScheduledSeries, 2, 1), (Format::OtherBlended, 1, 0)]);
    let days = provider_reports::days(&mut tx, &ours(), YEAR, 0).await.unwrap();
    let seen: Vec<(String, bool, i64, i64)> = days
        .iter()
        .map(|cell| (cell.completed_on.to_string(), cell.is_physician, cell.completions, cell.learners))
        .collect();
    assert_eq!(
        seen,
        [
            ("2026-03-02".into(), true, 1, 1),
            // the first learner again, and two new ones of their activities
            ("2026-04-02".into(), true, 3, 2),
            ("2026-03-02".into(), false, 1, 1),
            ("2026-05-02".into(), false, 1, 0),
        ]
    );
    assert!(days.iter().all(|cell| cell.reported_day == 20_780));
    // an hour past midnight in UTC is the day before in Chicago
    let days = provider_reports::days(&mut tx, &ours(), YEAR, -6 * 3_600_000_000).await.unwrap();
    assert!(days.iter().all(|cell| cell.reported_day == 20_779));
    // whoever came back in April is new to a report that begins then
    let from_april = Period { from: date(2026, 4, 1), ..YEAR };
    let days = provider_reports::days(&mut tx, &ours(), from_april, 0).await.unwrap();
    assert_eq!(days.iter().map(|cell| cell.learners).sum::<i64>(), 4);
}

#[tokio::test]
async fn activities_count_where_they_end_with_their_outcomes_and_support() {
    let test = TestStore::new().await;
    let outcome = |code: &str| MeasuredOutcome { outcome: code.into(), objective: true, subjective: false };
    let given = |source: &str, dollars| Support { source: source.into(), dollars };
    let first = Activity {
        outcomes: vec![outcome("knowledge"), outcome("performance")],
        has_support: Some(true),
        support: vec![given("Harrowgate", Some(5_000)), given("Harrowgate", None), given("Widget", None)],
        ..activity(1, people::provider_id(), Format::LiveCourse, date(2025, 12, 30), date(2026, 1, 2))
    };
    let second = Activity {
        has_support: Some(true),
        support: vec![given("Widget", Some(9_000))],
        ..activity(2, people::provider_id(), Format::LiveCourse, date(2026, 5, 1), date(2026, 5, 2))
    };
    let draft = Activity {
        credit: None,
        providership: None,
        physician_total: None,
        other_total: None,
        ..activity(3, people::provider_id(), Format::LiveCourse, date(2026, 5, 1), date(2026, 5, 2))
    };
    let later = activity(4, people::provider_id(), Format::LiveCourse, date(2026, 12, 31), date(2027, 1, 1));
    let other = Activity {
        support: first.support.clone(),
        ..activity(5, people::other_provider_id(), Format::LiveCourse, date(2026, 5, 1), date(2026, 5, 2))
    };
    let mut tx = begun(&test, &[first, second, draft, later, other]).await;
    let cells = provider_reports::activities(&mut tx, &ours(), YEAR).await.unwrap();
    let mut lines: Vec<(String, i64, i64, i64, i64, i64, usize)> = cells
        .iter()
        .map(|cell| {
            let month = cell.month.to_string();
            let offered = cell.offered.hundredths();
            (
                month,
                cell.activities,
                offered,
                cell.physicians,
                cell.others,
                cell.support_dollars,
                cell.class.outcomes.len(),
            )
        })
        .collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            ("2026-01-01".into(), 1, 150, 40, 8, 5_000, 2),
            ("2026-05-01".into(), 1, 0, 0, 0, 0, 0),
            ("2026-05-01".into(), 1, 150, 40, 8, 9_000, 0),
        ]
    );
    let support = provider_reports::support(&mut tx, &ours(), YEAR).await.unwrap();
    let support: Vec<(&str, i64, i64, i64)> =
        support.iter().map(|line| (&*line.source, line.activities, line.dollars, line.in_kind)).collect();
    assert_eq!(support, [("Widget", 2, 9_000, 1), ("Harrowgate", 1, 5_000, 1)]);
    assert_eq!(provider_reports::years(&mut tx, &ours()).await.unwrap(), Some((2026, 2027)));
    let rows = provider_reports::rows(&mut tx, &theirs(), 0, i64::MAX).await.unwrap();
    assert_eq!((rows.uploads, rows.accepted), (0, 0));
    assert_eq!(provider_reports::problems(&mut tx, &theirs(), 0, i64::MAX).await.unwrap(), []);
}

#[tokio::test]
async fn learners_of_enduring_material_are_the_difference_between_two_ends_of_years() {
    let test = TestStore::new().await;
    let material = Activity {
        physician_total: Some(100),
        other_total: Some(10),
        ..activity(1, people::provider_id(), Format::EnduringMaterial, date(2025, 6, 1), date(2027, 6, 30))
    };
    let mut tx = begun(&test, std::slice::from_ref(&material)).await;
    for (year, physicians) in [(2025, 30), (2026, 70)] {
        let taken = [(material.id, Snapshot { physicians, others: physicians / 10 })];
        years::put_snapshots(&mut tx, &ours(), year, &taken, Done { by: None, at: 0 }).await.unwrap();
    }
    let first = |year| date(year, 1, 1);
    let last = |year| date(year, 12, 31);
    for (from, until, wanted) in [
        (first(2025), last(2025), (0, 30, 3)),
        (first(2026), last(2026), (0, 40, 4)),
        (first(2027), last(2027), (1, 30, 3)),
        (first(2025), last(2026), (0, 70, 7)),
        (first(2025), last(2027), (1, 100, 10)),
        // no end of a year within: not known yet
        (first(2026), date(2026, 11, 30), (0, 0, 0)),
        (date(2026, 7, 1), last(2026), (0, 40, 4)),
    ] {
        let period = Period { from, until };
        let mut cells = provider_reports::activities(&mut tx, &ours(), period).await.unwrap();
        cells.extend(provider_reports::running(&mut tx, &ours(), period).await.unwrap());
        let sum = cells
            .iter()
            .fold((0, 0, 0), |sum, cell| (sum.0 + cell.activities, sum.1 + cell.physicians, sum.2 + cell.others));
        assert_eq!(sum, wanted, "{from} to {until}");
    }
    assert_eq!(provider_reports::running(&mut tx, &theirs(), Period::year(2026)).await.unwrap(), []);
}
