//! The accreditor's figures: the sum of what each provider's Program Summary says, counted by a job that may be killed
//! and run again.

use app::data_report::{self, By, Shown};
use app::{activities, years};
use domain::Amount;
use domain::access::StaffScope;
use domain::activity::{Activity, Delivery, Fee, Format, Providership, Registration};
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use testkit::people::{ACCREDITOR, OTHER_OWNER, OTHER_PROVIDER, PROVIDER, actor};
use testkit::records::{activity_id, file, row_with_points, work};

use crate::world::World;

fn course(provider: &str, starts_on: Date, ends_on: Date, physicians: i64) -> Activity {
    Activity {
        deliveries: vec![Delivery::LiveStreamed],
        credit: Some(Amount::new(150)),
        description: "Knots.".into(),
        providership: Some(Providership::Direct),
        in_passport: Some(false),
        url: "https://harborview.example/knots".into(),
        fee: Some(Fee::Free),
        registration: Some(Registration::Open),
        physician_total: Some(physicians),
        other_total: Some(3),
        ..Activity::draft(
            activities::no_id(),
            provider.parse().unwrap(),
            "Knots",
            Format::LiveCourse,
            starts_on,
            ends_on,
        )
    }
}

async fn staff(world: &World) -> StaffScope {
    actor(&world.app, ACCREDITOR).await.staff().unwrap()
}

/// Activities of two providers around 2026, enduring material that ends and that runs on, and learners reported.
async fn filled() -> World {
    let world = World::new().await;
    let (app, owner) = (&world.app, &world.actor);
    let other = actor(app, OTHER_OWNER).await;
    activities::create(app, owner, course(PROVIDER, date(2026, 3, 1), date(2026, 3, 2), 1_200)).await.unwrap();
    activities::create(app, owner, course(PROVIDER, date(2026, 12, 31), date(2027, 1, 1), 7)).await.unwrap();
    activities::create(app, &other, course(OTHER_PROVIDER, date(2026, 5, 1), date(2026, 5, 1), 33)).await.unwrap();
    let runs = Activity {
        format: Format::EnduringMaterial,
        deliveries: vec![Delivery::Online],
        ..course(PROVIDER, date(2026, 1, 1), date(2027, 6, 30), 90)
    };
    let runs = activities::create(app, owner, runs).await.unwrap();
    let rows = file([0, 1, 2]) + &row_with_points(7, "4", "4");
    assert_eq!(world.upload(&rows).await.counts.accepted, 4);
    app.clock.advance(SignedDuration::from_hours(43 * 24));
    let refreshed = [(activity_id(), 40), (runs, 60)].map(|(activity, physicians)| years::Refreshed {
        activity,
        physicians,
        others: 8,
    });
    years::refresh_enduring(app, owner, 2026, &refreshed).await.unwrap();
    world
}

#[tokio::test]
async fn the_figures_are_the_sum_of_the_program_summaries_and_of_what_was_reported() {
    let world = filled().await;
    let (app, staff) = (&world.app, staff(&world).await);
    data_report::count_due(app).await.unwrap();
    work(app).await;
    let other = actor(app, OTHER_OWNER).await;
    for year in [2026, 2027] {
        let found = data_report::at_hand(app, &staff, year).await.unwrap();
        let total = found.newest.unwrap().figures.total;
        let mut sums = (0, 0, 0, 0);
        for scope in [world.scope(), other.provider(domain::access::ProviderRole::Viewer).unwrap()] {
            let summary = years::find(app, &scope, year).await.unwrap().facts.totals;
            sums.0 += summary.activities;
            sums.1 += summary.credits.hundredths();
            sums.2 += summary.physicians;
            sums.3 += summary.others;
        }
        let counted = (total.activities, total.offered.hundredths(), total.physicians, total.others);
        assert_eq!(counted, sums, "{year}");
    }
    let figures = data_report::at_hand(app, &staff, 2026).await.unwrap().newest.unwrap().figures;
    assert_eq!((figures.total.completions, figures.total.cme.hundredths()), (4, 1_000));
    let boards = &figures.staff.boards;
    assert!(boards.iter().any(|line| line.board.code() == "ABIM" && line.completions == 1), "{boards:?}");
    // whatever the lines tell apart, each activity is in exactly one
    for shown in [Shown::ToStaff, Shown::ToEverybody] {
        for by in By::ALL {
            let lines = figures.lines(shown).of(by);
            let sum = |of: fn(&data_report::Line) -> i64| lines.iter().map(|one| of(&one.line)).sum::<i64>();
            assert_eq!(sum(|line| line.activities), figures.total.activities, "{by:?}");
            assert_eq!(sum(|line| line.physicians), figures.total.physicians, "{by:?}");
            assert_eq!(sum(|line| line.completions), figures.total.completions, "{by:?}");
        }
    }
}

#[tokio::test]
async fn a_year_is_counted_once_a_day_and_by_one_job_at_a_time() {
    let world = filled().await;
    let (app, staff) = (&world.app, staff(&world).await);
    let by = actor(app, ACCREDITOR).await;
    data_report::count_due(app).await.unwrap();
    data_report::count_due(app).await.unwrap();
    data_report::ask(app, &by, &staff, 2026).await.unwrap();
    let open = store::year_reports::open(&mut app.store.read().await.unwrap()).await.unwrap();
    assert_eq!(open.iter().map(|one| one.year).collect::<Vec<_>>(), [2027, 2026]);
    // a worker takes it and dies; the next begins anew once the lease is over
    let mut tx = app.store.write().await.unwrap();
    let now = app.clock.now();
    let taken = store::jobs::claim(&mut tx, now, now + 30_000_000).await.unwrap().unwrap();
    assert_eq!(taken.kind, data_report::COUNT_YEAR);
    tx.commit().await.unwrap();
    app.clock.advance(SignedDuration::from_secs(60));
    work(app).await;
    let first = data_report::at_hand(app, &staff, 2026).await.unwrap().newest.unwrap();
    assert!(store::year_reports::open(&mut app.store.read().await.unwrap()).await.unwrap().is_empty());
    data_report::count_due(app).await.unwrap();
    work(app).await;
    let same = data_report::at_hand(app, &staff, 2026).await.unwrap().newest.unwrap();
    assert_eq!(same.report.id, first.report.id, "not twice a day");
    app.clock.advance(SignedDuration::from_hours(25));
    data_report::count_due(app).await.unwrap();
    work(app).await;
    let next = data_report::at_hand(app, &staff, 2026).await.unwrap().newest.unwrap();
    assert_ne!(next.report.id, first.report.id);
    assert_eq!(next.figures, first.figures);
}
