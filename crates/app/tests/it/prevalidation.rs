//! Checking learners before credit exists: what is answered, and where guessing ends.

use app::prevalidation::{MOST_AT_ONE, Outcome, check, read_pasted};
use app::{App, Error};
use domain::MonthDay;
use domain::access::Actor;
use domain::report::{Learner, LearnerReport};
use jiff::SignedDuration;
use testkit::{TestApp, people, records};

async fn registry() -> (TestApp, Actor) {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    let actor = people::actor(&test.app, people::OWNER).await;
    (test, actor)
}

/// The n-th physician by name, birthday and state.
fn named(n: usize) -> LearnerReport {
    let person = records::physician(n);
    let state = person.licenses.first().map(|license| license.state);
    let learner = Learner { first: person.first, last: person.last, birth: person.birth, state, ..Learner::default() };
    LearnerReport { learner, ..LearnerReport::default() }
}

fn licensed(n: usize) -> LearnerReport {
    let mut report = named(n);
    report.learner.identifier = records::physician(n).licenses.first().map(|license| license.number.clone());
    report
}

/// With another birthday: the `guess`-th of those that are not theirs.
fn guessed(n: usize, guess: usize) -> LearnerReport {
    let mut report = named(n);
    let real = report.learner.birth;
    let days = (1..=12).flat_map(|month| (1..=28).filter_map(move |day| MonthDay::new(month, day)));
    report.learner.birth = days.filter(|day| Some(*day) != real).nth(guess);
    report
}

async fn outcomes(app: &App, actor: &Actor, reports: Vec<LearnerReport>) -> Vec<Outcome> {
    check(app, actor, reports).await.unwrap().into_iter().map(|answer| answer.outcome).collect()
}

#[tokio::test]
async fn who_guesses_at_a_birthday_is_stopped_and_then_not_told_the_right_one() {
    let (test, actor) = registry().await;
    let app = &test.app;
    let guesses: Vec<_> = (0..MOST_AT_ONE).map(|guess| guessed(3, guess)).collect();
    let first = outcomes(app, &actor, guesses.clone()).await;
    assert!(first.iter().all(|outcome| !matches!(outcome, Outcome::Matched | Outcome::NotChecked)), "{first:?}");
    // one more is held back, and so is the right one; others are answered as ever
    let told = outcomes(app, &actor, vec![guessed(3, 99), licensed(4), licensed(3)]).await;
    assert_eq!(told, [Outcome::NotChecked, Outcome::Matched, Outcome::NotChecked]);
    // what was asked before says nothing new, however often
    assert_eq!(outcomes(app, &actor, guesses.clone()).await, first);
    // another spelling of the name, or a title, is the same person
    let mut respelled = guessed(3, 98);
    respelled.learner.first = format!("dr {}", respelled.learner.first.to_lowercase());
    let held = check(app, &actor, vec![respelled]).await.unwrap();
    assert_eq!((held[0].outcome, held[0].reasons.as_slice()), (Outcome::NotChecked, ["too_many_tries"].as_slice()));
    // the other provider has its own count
    let other = people::actor(app, people::OTHER_OWNER).await;
    assert_eq!(outcomes(app, &other, vec![licensed(3)]).await, [Outcome::Matched]);
    app.clock.advance(SignedDuration::from_hours(30 * 24 + 1));
    app::tidy::tidy(app).await.unwrap();
    assert_eq!(outcomes(app, &actor, vec![licensed(3)]).await, [Outcome::Matched]);
}

#[tokio::test]
async fn two_batches_at_once_guess_no_more_than_one() {
    let (test, actor) = registry().await;
    let app = &test.app;
    let batch = |from: usize| (from..from + 15).map(|guess| guessed(5, guess)).collect::<Vec<_>>();
    let (one, two) = tokio::join!(outcomes(app, &actor, batch(0)), outcomes(app, &actor, batch(15)));
    let answered = one.iter().chain(&two).filter(|outcome| **outcome != Outcome::NotChecked).count();
    assert_eq!(answered, MOST_AT_ONE);
}

#[tokio::test]
async fn those_who_match_use_up_nothing() {
    let (test, actor) = registry().await;
    let everybody = || (0..records::PHYSICIANS).map(licensed).collect::<Vec<_>>();
    for _ in 0..3 {
        let told = outcomes(&test.app, &actor, everybody()).await;
        assert!(told.iter().all(|outcome| *outcome == Outcome::Matched), "{told:?}");
    }
    let mut tx = test.app.store.read().await.unwrap();
    let scope = actor.provider(domain::access::ProviderRole::Viewer).unwrap();
    assert_eq!(store::identity_tries::among(&mut tx, &scope, &[], 0).await.unwrap(), []);
}

#[tokio::test]
async fn a_provider_has_so_many_learners_a_day() {
    let test = TestApp::with(|config| config.validations_per_day = 5).await;
    records::fill(&test.app).await;
    let actor = people::actor(&test.app, people::OWNER).await;
    let batch = |n: usize| (0..n).map(licensed).collect::<Vec<_>>();
    assert_eq!(outcomes(&test.app, &actor, batch(3)).await.len(), 3);
    // one batch too many is refused whole and uses up nothing
    let refused = check(&test.app, &actor, batch(3)).await.unwrap_err();
    let Error::TooMany { retry_after_seconds } = refused else { panic!("{refused:?}") };
    assert!((1..=86_400).contains(&retry_after_seconds), "{retry_after_seconds}");
    assert_eq!(outcomes(&test.app, &actor, batch(2)).await.len(), 2);
    test.app.clock.advance(SignedDuration::from_secs(retry_after_seconds));
    assert_eq!(outcomes(&test.app, &actor, batch(5)).await.len(), 5);
}

#[tokio::test]
async fn a_reader_and_a_provider_without_standing_learn_nothing() {
    let (test, _) = registry().await;
    let viewer = people::actor(&test.app, people::VIEWER).await;
    assert!(matches!(check(&test.app, &viewer, vec![licensed(1)]).await, Err(Error::Forbidden(_))));
    let owner = people::actor(&test.app, people::OWNER).await;
    let board = people::actor(&test.app, people::CERTIFYING_BOARD).await;
    assert!(matches!(check(&test.app, &board, vec![licensed(1)]).await, Err(Error::Forbidden(_))));
    let sql = "update provider set standing = 'lapsed' where provider_id = '0001234'";
    assert_eq!(testkit::database::tamper(&test.address, sql).await, 1);
    assert!(matches!(check(&test.app, &owner, vec![licensed(1)]).await, Err(Error::Forbidden(_))));
}

#[tokio::test]
async fn what_is_pasted_has_the_names_of_its_columns_or_the_usual_order() {
    let (test, actor) = registry().await;
    let person = records::physician(6);
    let (first, last, number) = (&person.first, &person.last, &person.licenses[0].number);
    let birth = person.birth.unwrap();
    let plain = format!("{first}\t{last}\t{birth}\tCA\t{number}\r\n\r\n\"{first}\"\t{last}\t{birth}\tCA\n\tNobody\n");
    let named = format!(
        "Note\tLast Name\tFirst Name\tLicensing State\tLicensing ID or NPI\tDate of Birth (MM/DD)\n\
         x\t{last}\t{first}\tCalifornia\t{number}\t{birth}\n"
    );
    let asked = read_pasted(&test.app, &plain).unwrap();
    assert_eq!(asked.iter().map(|one| one.number).collect::<Vec<_>>(), [1, 3, 4]);
    let reports = asked.into_iter().map(|one| one.report).collect();
    assert_eq!(outcomes(&test.app, &actor, reports).await, [Outcome::Matched, Outcome::Matched, Outcome::NotChecked]);
    let asked = read_pasted(&test.app, &named).unwrap();
    assert_eq!((asked.len(), asked[0].number), (1, 2));
    let reports = asked.into_iter().map(|one| one.report).collect();
    assert_eq!(outcomes(&test.app, &actor, reports).await, [Outcome::Matched]);
    let missing = read_pasted(&test.app, "Last Name\tFirst Name\tLicensing State\nA\tB\tCA\n").unwrap_err();
    assert!(matches!(missing, Error::Problems(problems) if problems.len() == 2));
}
