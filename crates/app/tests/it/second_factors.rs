//! Authenticator apps and recovery codes: set up with a first code, asked for at the sign-in, each code good once.

use app::Error;
use app::accounts::sign_in::{self, Entered, sign_in};
use app::accounts::{Secret, authenticators, factors, recovery_codes};
use domain::access::Actor;
use jiff::SignedDuration;
use testkit::factors::code;
use testkit::people::{ACCREDITOR, EDITOR, OWNER, PASSWORD, actor};
use testkit::{TestApp, database};

fn field(result: app::Result<impl Sized>) -> &'static str {
    match result {
        Err(Error::Invalid(faults)) => faults[0].field,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was taken"),
    }
}

/// Sets an authenticator app up: its key, and the recovery codes that came with it.
async fn set_up(test: &TestApp, of: &Actor) -> (String, Vec<String>) {
    authenticators::begin(&test.app, of).await.unwrap();
    let key = authenticators::pending(&test.app, of).await.unwrap().secret;
    let on = authenticators::confirm(&test.app, of, &code(&test.app, &key), "A browser").await.unwrap();
    // the same code opens nothing a second time
    test.app.clock.advance(SignedDuration::from_secs(30));
    (key, on.codes.unwrap_or_default())
}

async fn half(test: &TestApp) -> Secret {
    match sign_in(&test.app, OWNER, PASSWORD, "A browser").await.unwrap() {
        Entered::Half(secret) => secret,
        _ => panic!("the password alone is half of it"),
    }
}

#[tokio::test]
async fn an_authenticator_counts_from_its_first_code_on() {
    let test = TestApp::new().await;
    let owner = actor(&test.app, OWNER).await;
    assert!(matches!(authenticators::pending(&test.app, &owner).await, Err(Error::NotFound)));
    authenticators::begin(&test.app, &owner).await.unwrap();
    assert_eq!(field(authenticators::confirm(&test.app, &owner, "000000", "A browser").await), "code");
    let entered = sign_in(&test.app, OWNER, PASSWORD, "A browser").await.unwrap();
    assert!(matches!(entered, Entered::Whole(_)), "one that was never confirmed locks nobody out");
    let (_, codes) = set_up(&test, &owner).await;
    assert_eq!(codes.len(), 10);
    assert_eq!(field(authenticators::begin(&test.app, &owner).await), "authenticator");
    let sealed = database::texts(&test.address, "select cast(count(*) as text) from authenticator").await;
    assert_eq!(sealed, ["1"]);
    assert!(factors::of(&test.app, &owner).await.unwrap().any());
    assert!(!factors::of(&test.app, &actor(&test.app, EDITOR).await).await.unwrap().any(), "another person’s");
}

#[tokio::test]
async fn the_password_is_half_and_a_code_is_good_once() {
    let test = TestApp::new().await;
    let owner = actor(&test.app, OWNER).await;
    let (key, _) = set_up(&test, &owner).await;
    let first = half(&test).await;
    assert_eq!(field(sign_in::finish(&test.app, first.expose(), "000000", "A browser").await), "code");
    let shown = code(&test.app, &key);
    sign_in::finish(&test.app, first.expose(), &shown, "A browser").await.unwrap();
    assert!(matches!(sign_in::finish(&test.app, first.expose(), &shown, "A browser").await, Err(Error::LinkOver)));
    let second = half(&test).await;
    assert_eq!(field(sign_in::finish(&test.app, second.expose(), &shown, "A browser").await), "code", "used already");
    test.app.clock.advance(SignedDuration::from_secs(30));
    sign_in::finish(&test.app, second.expose(), &code(&test.app, &key), "A browser").await.unwrap();
}

#[tokio::test]
async fn half_a_sign_in_is_over_after_ten_minutes() {
    let test = TestApp::new().await;
    let (key, _) = set_up(&test, &actor(&test.app, OWNER).await).await;
    let begun = half(&test).await;
    test.app.clock.advance(SignedDuration::from_mins(10) + SignedDuration::from_secs(1));
    let late = sign_in::finish(&test.app, begun.expose(), &code(&test.app, &key), "A browser").await;
    assert!(matches!(late, Err(Error::LinkOver)));
}

#[tokio::test]
async fn a_recovery_code_opens_once_and_new_ones_end_the_old() {
    let test = TestApp::new().await;
    let owner = actor(&test.app, OWNER).await;
    let (_, codes) = set_up(&test, &owner).await;
    let begun = half(&test).await;
    sign_in::finish(&test.app, begun.expose(), &codes[0].to_lowercase(), "A browser").await.unwrap();
    let begun = half(&test).await;
    assert_eq!(field(sign_in::finish(&test.app, begun.expose(), &codes[0], "A browser").await), "code");
    assert_eq!(factors::of(&test.app, &owner).await.unwrap().codes, 9);
    let renewed = recovery_codes::renew(&test.app, &owner).await.unwrap();
    assert_eq!(field(sign_in::finish(&test.app, begun.expose(), &codes[1], "A browser").await), "code");
    sign_in::finish(&test.app, begun.expose(), &renewed[1], "A browser").await.unwrap();
    let stored = database::texts(&test.address, "select action from audit where action like 'second_factor.r%'").await;
    assert_eq!(stored, ["second_factor.recovery_code", "second_factor.recovery_code"]);
}

#[tokio::test]
async fn turned_off_the_password_is_enough_again_for_its_owner_alone() {
    let test = TestApp::new().await;
    let owner = actor(&test.app, OWNER).await;
    set_up(&test, &owner).await;
    let other = actor(&test.app, ACCREDITOR).await;
    assert!(matches!(authenticators::turn_off(&test.app, &other, "A browser").await, Err(Error::NotFound)));
    authenticators::turn_off(&test.app, &owner, "A browser").await.unwrap();
    let entered = sign_in(&test.app, OWNER, PASSWORD, "A browser").await.unwrap();
    assert!(matches!(entered, Entered::Whole(_)));
    assert!(test.letter_to(OWNER).await.1.contains("authenticator"));
}
