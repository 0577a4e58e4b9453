//! Year-end: five steps, cumulative totals, a summary that agrees with the activities.

use app::years::{self, Refreshed, YearEnd, accept_agreement, refresh_enduring, save_income, say_entered, submit};
use app::{Error, activities, reference};
use domain::ActivityId;
use domain::Amount;
use domain::activity::year::{Income, State, Step, Totals};
use domain::activity::{Activity, Delivery, Fee, Format, MeasuredOutcome, Providership, Registration, Support};
use jiff::SignedDuration;
use jiff::civil::date;
use testkit::people::{ACCREDITOR, EDITOR, PROVIDER, actor};
use testkit::records::activity_id;

use crate::world::World;

async fn year(world: &World, year: i16) -> YearEnd {
    years::find(&world.app, &world.scope(), year).await.unwrap()
}

fn fields(answer: Result<(), Error>) -> Vec<&'static str> {
    match answer {
        Err(Error::Invalid(faults)) => faults.into_iter().map(|fault| fault.field).collect(),
        other => panic!("faults were expected, not {other:?}"),
    }
}

/// A course of March 2026 that can be closed.
fn course() -> Activity {
    Activity {
        deliveries: vec![Delivery::LiveStreamed],
        credit: Some(Amount::new(150)),
        description: "Knots.".into(),
        providership: Some(Providership::Direct),
        in_passport: Some(false),
        url: "https://harborview.example/knots".into(),
        fee: Some(Fee::Free),
        registration: Some(Registration::Open),
        outcomes: vec![MeasuredOutcome { outcome: "performance".into(), objective: false, subjective: true }],
        has_support: Some(true),
        support: vec![
            Support { source: "Harrowgate".into(), dollars: Some(5_000) },
            Support { source: "Widget Devices".into(), dollars: None },
        ],
        physician_total: Some(12),
        other_total: Some(3),
        ..Activity::draft(
            activities::no_id(),
            PROVIDER.parse().unwrap(),
            "Knots",
            Format::LiveCourse,
            date(2026, 3, 1),
            date(2026, 3, 2),
        )
    }
}

const INCOME: Income = Income {
    advertising_and_exhibits: Some(0),
    registration_fees: Some(1_200),
    government_grants: Some(0),
    private_donations: Some(50),
};

fn refreshed(physicians: i64, others: i64) -> [Refreshed; 1] {
    [Refreshed { activity: activity_id(), physicians, others }]
}

/// From 23 November 2026, the day of the tests, to 5 January 2027.
fn to_january(world: &World) {
    world.app.clock.advance(SignedDuration::from_hours(43 * 24));
}

async fn closed(world: &World, activity: Activity) -> ActivityId {
    let id = activities::create(&world.app, &world.actor, activity).await.unwrap();
    activities::close(&world.app, &world.actor, id, 1).await.unwrap();
    id
}

#[tokio::test]
async fn a_year_is_submitted_once_all_five_steps_are_done_and_its_totals_are_those_of_the_activities() {
    let world = World::new().await;
    closed(&world, course()).await;
    let second = activities::create(&world.app, &world.actor, course()).await.unwrap();
    let draft = activities::create(&world.app, &world.actor, Activity { credit: None, ..course() }).await.unwrap();
    let (app, owner) = (&world.app, &world.actor);
    assert!(matches!(submit(app, owner, 2026, 0).await, Err(Error::Forbidden("the year is not over yet"))));
    to_january(&world);
    let steps = ["agreement", "entered", "closed", "enduring"];
    let income = ["advertising_and_exhibits", "registration_fees", "government_grants", "private_donations"];
    assert_eq!(fields(submit(app, owner, 2026, 0).await), [&steps[..], &income].concat());
    assert_eq!(fields(say_entered(app, owner, 2026, true).await), ["entered"]);
    let facts = year(&world, 2026).await.facts;
    assert_eq!((facts.drafts, facts.unclosed, facts.enduring, facts.refreshed), (1, 2, 1, 0));
    activities::delete(app, owner, draft, 1).await.unwrap();
    activities::close(app, owner, second, 1).await.unwrap();
    say_entered(app, owner, 2026, true).await.unwrap();
    accept_agreement(app, owner, 2026).await.unwrap();
    refresh_enduring(app, owner, 2026, &refreshed(40, 8)).await.unwrap();
    let version = year(&world, 2026).await.on_record.version;
    save_income(app, owner, 2026, INCOME, version).await.unwrap();
    submit(app, owner, 2026, version + 1).await.unwrap();
    let done = year(&world, 2026).await;
    assert!(Step::ALL.iter().all(|step| done.facts.state(*step) == State::Done), "{:?}", done.facts);
    assert!(!done.on_record.is_late && !done.on_record.agreement_text.is_empty());
    // two courses that ended, and the enduring material that goes on
    let totals = Totals {
        activities: 2,
        credits: Amount::new(300),
        physicians: 64,
        others: 14,
        support_dollars: 10_000,
        supported: 2,
    };
    assert_eq!((done.facts.totals, done.on_record.submitted_totals), (totals, Some(totals)));
    assert!(!done.facts.is_outdated());
}

#[tokio::test]
async fn what_changes_after_submission_is_noticed_or_takes_it_back() {
    let world = World::new().await;
    let id = closed(&world, course()).await;
    let (app, owner) = (&world.app, &world.actor);
    to_january(&world);
    accept_agreement(app, owner, 2026).await.unwrap();
    say_entered(app, owner, 2026, true).await.unwrap();
    refresh_enduring(app, owner, 2026, &refreshed(40, 8)).await.unwrap();
    save_income(app, owner, 2026, INCOME, 3).await.unwrap();
    assert!(matches!(save_income(app, owner, 2026, INCOME, 3).await, Err(Error::Stale)));
    submit(app, owner, 2026, 4).await.unwrap();
    activities::reopen(app, owner, id, 2).await.unwrap();
    let facts = year(&world, 2026).await.facts;
    assert_eq!(facts.state(Step::Closed), State::Open(1));
    let fewer = Activity { physician_total: Some(11), id, ..course() };
    activities::save(app, owner, fewer, 3).await.unwrap();
    activities::close(app, owner, id, 4).await.unwrap();
    assert!(year(&world, 2026).await.facts.is_outdated());
    save_income(app, owner, 2026, INCOME, 5).await.unwrap();
    assert_eq!(year(&world, 2026).await.on_record.submitted, None);
    submit(app, owner, 2026, 6).await.unwrap();
    assert!(!year(&world, 2026).await.facts.is_outdated());
}

#[tokio::test]
async fn enduring_totals_are_cumulative_and_a_years_learners_are_the_difference() {
    let world = World::new().await;
    let (app, owner) = (&world.app, &world.actor);
    assert!(matches!(refresh_enduring(app, owner, 2026, &refreshed(1, 1)).await, Err(Error::Forbidden(_))));
    to_january(&world);
    let foreign = Refreshed { activity: "202600002".parse().unwrap(), physicians: 1, others: 1 };
    assert_eq!(fields(refresh_enduring(app, owner, 2026, &[foreign]).await), ["enduring"]);
    assert_eq!(fields(refresh_enduring(app, owner, 2026, &refreshed(-1, 0)).await), ["enduring"]);
    refresh_enduring(app, owner, 2026, &refreshed(40, 8)).await.unwrap();
    let mut tx = app.store.read().await.unwrap();
    let stored = store::activities::find(&mut tx, &world.scope(), activity_id()).await.unwrap().unwrap();
    assert_eq!((stored.activity.physician_total, stored.activity.other_total), (Some(40), Some(8)));
    drop(tx);
    // the activity ends with 2027: its own totals are the last word of that year
    let lower = Activity { physician_total: Some(39), ..stored.activity.clone() };
    assert_eq!(fields(activities::save(app, owner, lower, stored.version).await), ["physician_total"]);
    let more = Activity { physician_total: Some(100), other_total: Some(10), ..stored.activity };
    activities::save(app, owner, more, stored.version).await.unwrap();
    let totals = |year: YearEnd| (year.facts.totals.physicians, year.facts.totals.others);
    assert_eq!(totals(year(&world, 2026).await), (40, 8));
    assert_eq!(totals(year(&world, 2027).await), (60, 2));
    assert_eq!(year(&world, 2027).await.facts.enduring, 0);
}

#[tokio::test]
async fn the_deadline_is_the_end_of_march_and_a_locked_year_takes_nothing() {
    let world = World::new().await;
    let (app, owner) = (&world.app, &world.actor);
    let due = year(&world, 2026).await;
    assert_eq!(due.due.to_string(), "2027-04-01T04:59:00Z");
    assert!(!due.is_late && !due.is_over && !due.is_locked);
    // to 1 April 2027, 15:00 UTC
    app.clock.advance(SignedDuration::from_hours(129 * 24));
    accept_agreement(app, owner, 2026).await.unwrap();
    say_entered(app, owner, 2026, true).await.unwrap();
    refresh_enduring(app, owner, 2026, &refreshed(40, 8)).await.unwrap();
    save_income(app, owner, 2026, INCOME, 3).await.unwrap();
    submit(app, owner, 2026, 4).await.unwrap();
    let late = year(&world, 2026).await;
    assert!(late.is_late && late.on_record.is_late);
    let staff = actor(app, ACCREDITOR).await;
    reference::put_setting(app, &staff, "locked_year", 2026.into(), None).await.unwrap();
    assert!(year(&world, 2026).await.is_locked);
    for answer in [
        accept_agreement(app, owner, 2026).await,
        say_entered(app, owner, 2026, false).await,
        refresh_enduring(app, owner, 2026, &refreshed(41, 8)).await,
        save_income(app, owner, 2026, INCOME, 5).await,
        submit(app, owner, 2026, 5).await,
    ] {
        assert!(matches!(&answer, Err(Error::Forbidden(why)) if why.contains("locked")), "{answer:?}");
    }
}

#[tokio::test]
async fn only_owners_answer_for_a_year_and_income_is_whole_dollars() {
    let world = World::new().await;
    let editor = actor(&world.app, EDITOR).await;
    assert!(matches!(accept_agreement(&world.app, &editor, 2026).await, Err(Error::Forbidden(_))));
    assert!(matches!(submit(&world.app, &editor, 2026, 0).await, Err(Error::Forbidden(_))));
    say_entered(&world.app, &editor, 2026, true).await.unwrap();
    let wrong = Income { government_grants: Some(-5), ..INCOME };
    assert_eq!(fields(save_income(&world.app, &editor, 2026, wrong, 1).await), ["government_grants"]);
    let owner = accept_agreement(&world.app, &world.actor, 2026).await;
    owner.unwrap();
    let agreed = year(&world, 2026).await.on_record.agreement;
    assert_eq!(agreed.map(|done| done.at), Some(world.app.clock.now()));
    world.app.clock.advance(SignedDuration::from_hours(1));
    accept_agreement(&world.app, &world.actor, 2026).await.unwrap();
    assert_eq!(year(&world, 2026).await.on_record.agreement, agreed, "the first acceptance counts");
}
