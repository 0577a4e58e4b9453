//! Reports of a provider: they agree with the Program Summary and with what was uploaded, decided and
//! taken back, and know nothing of other providers.

use app::provider_reports::{self, Period, Report};
use app::{activities, decisions, years};
use domain::Amount;
use domain::access::ProviderRole;
use domain::activity::{Activity, Delivery, Fee, Format, MeasuredOutcome, Providership, Registration, Support};
use domain::credit::CreditStatus;
use formats::tables::Figure;
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use testkit::people::{CERTIFYING_BOARD, OTHER_OWNER, PROVIDER, actor};
use testkit::records::{HEADER, activity_id, row, row_with_points, work};

use crate::world::World;

async fn report(world: &World, period: Period) -> Report {
    provider_reports::report(&world.app, &world.scope(), period).await.unwrap()
}

/// A line of a table, by the name in its first column.
fn line(report: &Report, table: &str, name: &str) -> Vec<String> {
    let table = report.table(table).unwrap();
    let mut rows = table.rows.iter().chain(&table.total);
    let row = rows.find(|row| row[0].shown() == name).unwrap_or_else(|| panic!("{name} in {table:?}"));
    row[1..].iter().map(Figure::shown).collect()
}

fn course(starts_on: Date, ends_on: Date) -> Activity {
    Activity {
        deliveries: vec![Delivery::LiveStreamed],
        credit: Some(Amount::new(150)),
        description: "Knots.".into(),
        providership: Some(Providership::Joint),
        joint_providers: vec!["Sailors".into()],
        in_passport: Some(false),
        url: "https://harborview.example/knots".into(),
        fee: Some(Fee::Free),
        registration: Some(Registration::Open),
        outcomes: vec![
            MeasuredOutcome { outcome: "performance".into(), objective: false, subjective: true },
            MeasuredOutcome { outcome: "knowledge".into(), objective: true, subjective: false },
        ],
        has_support: Some(true),
        support: vec![Support { source: "Harrowgate".into(), dollars: Some(5_000) }],
        physician_total: Some(1_200),
        other_total: Some(3),
        ..Activity::draft(
            activities::no_id(),
            PROVIDER.parse().unwrap(),
            "Knots",
            Format::LiveCourse,
            starts_on,
            ends_on,
        )
    }
}

#[tokio::test]
async fn the_totals_of_every_year_are_those_of_the_program_summary() {
    let world = World::new().await;
    let (app, owner) = (&world.app, &world.actor);
    activities::create(app, owner, course(date(2026, 3, 1), date(2026, 3, 2))).await.unwrap();
    activities::create(app, owner, course(date(2026, 12, 31), date(2027, 1, 1))).await.unwrap();
    let draft = Activity { credit: None, physician_total: None, ..course(date(2026, 5, 1), date(2026, 5, 2)) };
    activities::create(app, owner, draft).await.unwrap();
    let ended = Activity {
        format: Format::EnduringMaterial,
        deliveries: vec![Delivery::Online],
        physician_total: Some(90),
        ..course(date(2026, 1, 1), date(2027, 6, 30))
    };
    let ended = activities::create(app, owner, ended).await.unwrap();
    app.clock.advance(SignedDuration::from_hours(43 * 24));
    let refreshed = [(activity_id(), 40), (ended, 60)].map(|(activity, physicians)| years::Refreshed {
        activity,
        physicians,
        others: 8,
    });
    years::refresh_enduring(app, owner, 2026, &refreshed).await.unwrap();
    for year in 2025..=2028 {
        let summary = years::find(app, &world.scope(), year).await.unwrap().facts.totals;
        let report = report(&world, Period::year(year)).await;
        assert_eq!(report.totals, summary, "{year}");
        // each breakdown whose lines exclude each other adds up to the same
        for key in ["formats", "months", "providership", "support"] {
            let table = report.table(key).unwrap();
            for column in 1..table.columns.len() {
                let sum: i64 = table.rows.iter().map(|row| number(&row[column])).sum();
                assert_eq!(sum, number(&table.total.as_ref().unwrap()[column]), "{year} {key} {column}");
            }
        }
    }
    let report = report(&world, Period::year(2026)).await;
    assert_eq!(report.totals.physicians, 1_200 + 40 + 60);
    assert_eq!(line(&report, "formats", "Live Course")[..4], ["2", "1.50", "1,200", "6"]);
    assert_eq!(line(&report, "formats", "Enduring Material")[..4], ["0", "0.00", "100", "16"]);
    assert_eq!(line(&report, "months", "Dec 2026")[..3], ["0", "0.00", "100"]);
    assert_eq!(line(&report, "providership", "Joint")[0], "2");
    assert_eq!(line(&report, "outcomes", "Learner Performance")[0], "2");
    assert_eq!(line(&report, "outcomes", "All")[0], "2");
    assert_eq!(line(&report, "support", "With support")[..2], ["2", "1.50"]);
    assert_eq!(line(&report, "supporters", "Harrowgate"), ["2", "$10,000", "0"]);
    assert_eq!(line(&report, "summary", "Physicians, your totals"), ["1,300"]);
}

fn number(figure: &Figure) -> i64 {
    match figure {
        Figure::Count(number) | Figure::Dollars(number) | Figure::Percent(number) => *number,
        Figure::Credits(amount) => amount.hundredths(),
        Figure::Text(_) | Figure::Date(_) | Figure::None => 0,
    }
}

#[tokio::test]
async fn what_is_reported_decided_and_taken_back_is_counted_as_it_stands() {
    let world = World::new().await;
    let again = row("Add", 0, "3").replace("11/02/2026", "10/30/2026");
    let sent = [
        HEADER.to_owned(),
        row("Add", 0, "2"),
        again,
        row("Add", 1, "2.5"),
        row_with_points(2, "4", "4"),
        row_with_points(3, "4", "3"),
        row("Add", 4, "0.1"),
    ];
    world.upload(&sent.concat()).await;
    let year = Period::year(2026);
    let first = report(&world, year).await;
    assert_eq!((first.physicians_reported, first.completions, first.cme), (4, 5, Amount::new(1_550)));
    assert_eq!((first.accepted, first.median_days, first.in_time), (Some(833), Some(21), Some(1_000)));
    assert_eq!(line(&first, "formats", "Enduring Material")[4..], ["4", "0", "15.50"]);
    assert_eq!(line(&first, "months", "Oct 2026")[4..], ["1", "0", "3.00"]);
    assert_eq!(line(&first, "months", "Nov 2026")[4..], ["3", "0", "12.50"]);
    assert_eq!(line(&first, "kinds", "ABIM points"), ["2", "0.00", "7.00", "0.00"]);
    assert_eq!(line(&first, "points-by-month", "Nov 2026"), ["7.00"]);
    assert_eq!(line(&first, "problems", "All refused rows"), ["", "1", "–"]);
    assert_eq!(first.table("problems").unwrap().rows.len(), 1);
    assert_eq!(line(&first, "rows", "Accepted"), ["5", "83.3%"]);
    assert_eq!(line(&first, "days", "15 to 30 days"), ["5", "100.0%"]);

    let board = actor(&world.app, CERTIFYING_BOARD).await;
    let mut tx = world.app.store.read().await.unwrap();
    let scope = board.certifying_board().unwrap();
    let pending = store::moc::list(&mut tx, &scope, CreditStatus::Pending, 10, 0).await.unwrap();
    drop(tx);
    let lost = pending.iter().find(|moc| moc.points == Amount::new(300)).unwrap();
    decisions::decide(&world.app, &board, lost.id, CreditStatus::Rejected, "No such diplomate").await.unwrap();
    world.upload(&(HEADER.to_owned() + &row("Delete", 1, "2.5"))).await;
    let second = report(&world, year).await;
    assert_eq!((second.physicians_reported, second.completions, second.cme), (3, 4, Amount::new(1_300)));
    assert_eq!(line(&second, "kinds", "ABIM points"), ["2", "0.00", "4.00", "3.00"]);
    assert_eq!(line(&second, "points-by-format", "All"), ["4.00"]);
    world.assert_sound().await;

    // another provider's report is of another provider
    let stranger = actor(&world.app, OTHER_OWNER).await.provider(ProviderRole::Viewer).unwrap();
    let theirs = provider_reports::report(&world.app, &stranger, year).await.unwrap();
    assert_eq!((theirs.physicians_reported, theirs.completions, theirs.cme), (0, 0, Amount::ZERO));
    assert_eq!((theirs.accepted, theirs.median_days, theirs.totals.activities), (None, None, 0));
    assert!(theirs.table("points-by-format").is_none());
    // and days without completions are empty
    let earlier = Period { from: date(2026, 1, 1), until: date(2026, 10, 29) };
    assert_eq!(report(&world, earlier).await.completions, 0);
    work(&world.app).await;
}
