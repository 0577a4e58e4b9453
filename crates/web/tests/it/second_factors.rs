//! Authenticator codes, recovery codes, and who must have a second factor.

use jiff::SignedDuration;
use testkit::factors::code;
use testkit::{Answer, TestApp, Visitor, people};

use crate::recovery::letters_to;

const SESSION: &str = "credence_session";

/// What stands between two marks of a page.
pub(crate) fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let rest = page.split_once(before).unwrap_or_else(|| panic!("{before} is not on the page: {page}")).1;
    rest.split_once(after).expect("its end").0
}

/// Turns an authenticator app on; gives its key and the recovery codes.
pub(crate) async fn set_up(test: &TestApp, visitor: &mut Visitor) -> (String, Vec<String>) {
    let begun = visitor.post_form("/account/second-factor/authenticator", &[]).await.expect(303);
    let page = visitor.get(begun.location()).await.expect(200).text();
    assert!(page.contains("<svg class=\"qr\""), "{page}");
    let key = between(&page, "<code id=\"secret\">", "</code>").to_owned();
    let fields = [("code", code(&test.app, &key))];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let page = visitor.post_form("/account/second-factor/authenticator/confirm", &fields).await.expect(200).text();
    let codes = page.split("<li><code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned());
    (key, codes.collect())
}

/// A browser in which the password of this person was right.
pub(crate) async fn half(test: &TestApp, email: &str) -> Visitor {
    let mut visitor = test.anonymous();
    let fields = [("email", email), ("password", people::PASSWORD)];
    let answer = visitor.post_form("/sign-in", &fields).await.expect(303);
    assert_eq!(answer.location(), "/sign-in/second-factor");
    assert_eq!(visitor.cookie(SESSION), None);
    visitor
}

pub(crate) async fn give(visitor: &mut Visitor, code: &str) -> Answer {
    visitor.post_form("/sign-in/second-factor", &[("code", code)]).await
}

fn later(test: &TestApp, seconds: i64) {
    test.app.clock.advance(SignedDuration::from_secs(seconds));
}

#[tokio::test]
async fn signing_in_takes_a_code_and_each_code_is_taken_once() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    let mut elsewhere = test.sign_in(people::OWNER).await;
    let (key, codes) = set_up(&test, &mut owner).await;
    assert_eq!(codes.len(), 10);
    owner.get("/account").await.expect(200);
    elsewhere.get("/account").await.expect(303);
    let letters = letters_to(&test, people::OWNER).await;
    assert!(letters.iter().any(|(subject, _)| subject.contains("authenticator app was added")), "{letters:?}");

    // the code that turned it on is used up
    let mut visitor = half(&test, people::OWNER).await;
    give(&mut visitor, &code(&test.app, &key)).await.expect(422);
    later(&test, 30);
    let now = code(&test.app, &key);
    assert_eq!(give(&mut visitor, &now).await.expect(303).location(), "/provider");
    visitor.get("/provider/team").await.expect(200);
    let mut again = half(&test, people::OWNER).await;
    let text = give(&mut again, &now).await.expect(422).text();
    assert!(text.contains("was used already"), "{text}");
    // half a sign-in is good for one session
    later(&test, 30);
    give(&mut visitor, &code(&test.app, &key)).await.expect(303);
    assert_eq!(visitor.get("/sign-in/second-factor").await.expect(303).location(), "/sign-in");
}

#[tokio::test]
async fn a_code_of_the_step_before_is_taken_and_an_older_one_is_not() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    let (key, _) = set_up(&test, &mut owner).await;
    later(&test, 60);
    let code = code(&test.app, &key);
    let mut visitor = half(&test, people::OWNER).await;
    later(&test, 60);
    give(&mut visitor, &code).await.expect(422);
    let late = testkit::factors::code(&test.app, &key);
    later(&test, 30);
    give(&mut visitor, &late).await.expect(303);
}

#[tokio::test]
async fn half_a_sign_in_opens_nothing_and_ends_after_ten_minutes() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    let (key, _) = set_up(&test, &mut owner).await;
    later(&test, 30);
    let mut visitor = half(&test, people::OWNER).await;
    for path in ["/account", "/account/second-factor", "/provider", "/provider/team", "/provider/api-clients"] {
        assert_eq!(visitor.get(path).await.expect(303).location(), format!("/sign-in?next={path}"), "{path}");
    }
    visitor.post_form("/account/second-factor/authenticator/off", &[]).await.expect(303);
    let secret = visitor.cookie("credence_half").unwrap().to_owned();
    let mut forged = test.anonymous();
    forged.set_cookie(SESSION, &secret);
    assert!(forged.get("/account").await.expect(303).location().starts_with("/sign-in"));
    later(&test, 600);
    assert_eq!(visitor.get("/sign-in/second-factor").await.expect(303).location(), "/sign-in");
    assert_eq!(give(&mut visitor, &code(&test.app, &key)).await.expect(303).location(), "/sign-in");
    assert_eq!(visitor.cookie(SESSION), None);
}

#[tokio::test]
async fn wrong_codes_wait_longer_and_longer_and_are_told_to_the_owner() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    let (key, _) = set_up(&test, &mut owner).await;
    later(&test, 30);
    let mut stranger = half(&test, people::OWNER).await;
    for _ in 0..5 {
        give(&mut stranger, "000000").await.expect(422);
    }
    let text = give(&mut stranger, "000000").await.expect(429).text();
    assert!(text.contains("Wait 1 seconds"), "{text}");
    // another half sign-in shares the count
    let mut other = half(&test, people::OWNER).await;
    give(&mut other, &code(&test.app, &key)).await.expect(429);
    later(&test, 1);
    give(&mut other, "000001").await.expect(422);
    let letters = letters_to(&test, people::OWNER).await;
    assert!(letters.iter().any(|(subject, _)| subject.contains("Wrong codes")), "{letters:?}");
    for _ in 0..12 {
        later(&test, 900);
        other = half(&test, people::OWNER).await;
        give(&mut other, "000002").await.expect(422);
    }
    later(&test, 899);
    other = half(&test, people::OWNER).await;
    give(&mut other, &code(&test.app, &key)).await.expect(429);
    later(&test, 1);
    give(&mut other, &code(&test.app, &key)).await.expect(303);
}

#[tokio::test]
async fn a_recovery_code_signs_in_once_however_it_is_typed() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    let (_, codes) = set_up(&test, &mut owner).await;
    let mut visitor = half(&test, people::OWNER).await;
    give(&mut visitor, &codes[3].to_uppercase().replace('-', " ")).await.expect(303);
    let letters = letters_to(&test, people::OWNER).await;
    let used = letters.iter().find(|(subject, _)| subject.contains("recovery code was used"));
    assert!(used.is_some_and(|(_, body)| body.contains("9 are left")), "{letters:?}");
    let mut again = half(&test, people::OWNER).await;
    give(&mut again, &codes[3]).await.expect(422);

    // new ones end the old ones
    let page = visitor.post_form("/account/second-factor/codes", &[]).await.expect(200).text();
    let fresh = between(&page, "<li><code>", "</code>").to_owned();
    give(&mut again, &codes[4]).await.expect(422);
    give(&mut again, &fresh).await.expect(303);

    // codes are of one account
    let mut other = test.sign_in(people::OTHER_OWNER).await;
    set_up(&test, &mut other).await;
    let mut half_other = half(&test, people::OTHER_OWNER).await;
    let page = again.post_form("/account/second-factor/codes", &[]).await.expect(200).text();
    give(&mut half_other, between(&page, "<li><code>", "</code>")).await.expect(422);
}

#[tokio::test]
async fn the_key_is_shown_only_while_it_waits_and_stored_sealed() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    owner.post_form("/account/second-factor/authenticator", &[]).await.expect(303);
    let page = owner.get("/account/second-factor/authenticator").await.expect(200).text();
    let key: String = between(&page, "<code id=\"secret\">", "</code>").split_whitespace().collect();
    let wrong = owner.post_form("/account/second-factor/authenticator/confirm", &[("code", "123")]).await.expect(422);
    assert!(wrong.text().contains("does not agree") && wrong.text().contains("<svg"));
    let id = people::account_id(&test.app, people::OWNER).await;
    let mut tx = test.app.store.read().await.unwrap();
    let stored = store::second_factors::find(&mut tx, id).await.unwrap().unwrap();
    drop(tx);
    assert!(!stored.sealed_secret.windows(8).any(|part| key.as_bytes().starts_with(part)));
    assert_eq!(stored.sealed_secret.len(), 12 + 20 + 16, "nonce, secret, tag");
    // not confirmed is not on
    test.sign_in(people::OWNER).await;
    later(&test, 31 * 60);
    let page = owner.get("/account/second-factor/authenticator").await.expect(303);
    assert_eq!(page.location(), "/account/second-factor");
}

#[tokio::test]
async fn a_short_password_is_enough_only_with_a_second_factor() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    let short = "kd7 qwm2x";
    let change = |new| [("current_password", people::PASSWORD), ("new_password", new)];
    owner.post_form("/account/password", &change(short)).await.expect(422);
    let (key, _) = set_up(&test, &mut owner).await;
    owner.post_form("/account/password", &change("kd7 qwm")).await.expect(422);
    owner.post_form("/account/password", &change(short)).await.expect(303);
    let refused = owner.post_form("/account/second-factor/authenticator/off", &[]).await.expect(422).text();
    assert!(refused.contains("Choose a longer password first"), "{refused}");
    later(&test, 30);
    let mut visitor = test.anonymous();
    visitor.post_form("/sign-in", &[("email", people::OWNER), ("password", short)]).await.expect(303);
    give(&mut visitor, &code(&test.app, &key)).await.expect(303);

    let long = [("current_password", short), ("new_password", "violet lantern harbor")];
    visitor.post_form("/account/password", &long).await.expect(303);
    visitor.post_form("/account/second-factor/authenticator/off", &[]).await.expect(303);
    let letters = letters_to(&test, people::OWNER).await;
    assert!(letters.iter().any(|(subject, _)| subject.contains("turned off")), "{letters:?}");
    let fields = [("email", people::OWNER), ("password", "violet lantern harbor")];
    assert_eq!(test.anonymous().post_form("/sign-in", &fields).await.expect(303).location(), "/provider");
}

#[tokio::test]
async fn a_new_password_by_letter_does_not_stand_for_the_second_factor() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    let (key, _) = set_up(&test, &mut owner).await;
    let mut visitor = test.anonymous();
    visitor.post_form("/forgot", &[("email", people::OWNER)]).await.expect(200);
    let link = test.link_to(people::OWNER).await;
    let answer = visitor.post_form(&link, &[("password", "violet lantern harbor")]).await.expect(303);
    assert_eq!(answer.location(), "/sign-in/second-factor");
    assert_eq!(visitor.cookie(SESSION), None);
    later(&test, 30);
    give(&mut visitor, &code(&test.app, &key)).await.expect(303);
    visitor.get("/account").await.expect(200);
}

#[tokio::test]
async fn whoever_must_have_a_second_factor_reaches_nothing_before() {
    let test = TestApp::with(|config| config.require_second_factor = true).await;
    for (email, home, others) in [
        (people::OWNER, "/provider", vec!["/provider/team", "/provider/uploads", "/provider/api-clients"]),
        (people::LICENSING_BOARD, "/board", vec!["/account"]),
        (people::CERTIFYING_BOARD, "/certifying", vec!["/certifying/rules", "/certifying/download"]),
        (people::ACCREDITOR, "/admin", vec!["/admin/physicians", "/admin/claims", "/admin/changes"]),
    ] {
        let mut visitor = test.sign_in(email).await;
        for path in others.into_iter().chain([home]) {
            let answer = visitor.get(path).await.expect(303);
            assert_eq!(answer.location(), "/account/second-factor", "{email} at {path}");
        }
        let act = visitor.post_form("/provider/team/invitations", &[("email", "x@x.example"), ("role", "owner")]).await;
        assert_eq!((act.status, act.location()), (303, "/account/second-factor"), "{email}");
        let act = visitor.post_form("/account/password", &[]).await;
        assert_eq!((act.status, act.location()), (303, "/account/second-factor"), "{email}");
        let page = visitor.get("/account/second-factor").await.expect(200).text();
        assert!(page.contains("Set up one of these to go on"), "{page}");
        assert!(!page.contains("aria-label=\"Main\""), "no way round: {page}");
        set_up(&test, &mut visitor).await;
        visitor.get(home).await.expect(200);
        // without any it is as before
        visitor.post_form("/account/second-factor/authenticator/off", &[]).await.expect(303);
        visitor.get(home).await.expect(303);
    }
    // whose work touches nobody else may go without
    for (email, home) in [(people::EDITOR, "/provider"), (people::VIEWER, "/provider")] {
        test.sign_in(email).await.get(home).await.expect(200);
    }
}

#[tokio::test]
async fn a_sign_in_from_an_unknown_browser_is_told_to_the_owner() {
    let test = TestApp::new().await;
    test.sign_in(people::OWNER).await;
    test.sign_in(people::OWNER).await;
    let letters = async || {
        let mut tx = test.app.store.read().await.unwrap();
        store::mails::list_newest(&mut tx, 10).await.unwrap().len()
    };
    assert_eq!(letters().await, 0, "the first browser, and the same again");
    let mut other = test.anonymous();
    other.set_header("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
    let fields = [("email", people::OWNER), ("password", people::PASSWORD)];
    other.post_form("/sign-in", &fields).await.expect(303);
    let (subject, body) = test.letter_to(people::OWNER).await;
    assert!(subject.starts_with("A new sign-in") && body.contains("Firefox on Linux"), "{subject}: {body}");
    other.post_form("/sign-in", &fields).await.expect(303);
    assert_eq!(letters().await, 1);
}

#[tokio::test]
async fn all_other_sessions_end_at_once() {
    let test = TestApp::new().await;
    let mut here = test.sign_in(people::OWNER).await;
    let mut there = test.sign_in(people::OWNER).await;
    let mut stranger = test.sign_in(people::OTHER_OWNER).await;
    here.post_form("/account/sessions/end-others", &[]).await.expect(303);
    here.get("/account").await.expect(200);
    there.get("/account").await.expect(303);
    stranger.get("/account").await.expect(200);
}
