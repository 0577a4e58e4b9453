//! Signing in, sessions, signing out.

use jiff::SignedDuration;
use testkit::{TestApp, people};

const SESSION: &str = "credence_session";

#[tokio::test]
async fn people_sign_in_and_arrive_at_their_own_pages() {
    let app = TestApp::new().await;
    for (email, home) in [
        (people::OWNER, "/provider"),
        (people::LICENSING_BOARD, "/board"),
        (people::CERTIFYING_BOARD, "/certifying"),
        (people::ACCREDITOR, "/admin"),
    ] {
        let mut visitor = app.anonymous();
        let answer = visitor.post_form("/sign-in", &[("email", email), ("password", people::PASSWORD)]).await;
        assert_eq!((answer.status, answer.location()), (303, home), "{email}");
    }
}

#[tokio::test]
async fn the_address_may_be_typed_in_any_case() {
    let app = TestApp::new().await;
    let fields = [("email", " Owner@HarborView.example "), ("password", people::PASSWORD)];
    app.anonymous().post_form("/sign-in", &fields).await.expect(303);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_answered_alike() {
    let app = TestApp::new().await;
    let mut answers = Vec::new();
    for email in [people::OWNER, "nobody@harborview.example"] {
        let mut visitor = app.anonymous();
        let answer = visitor.post_form("/sign-in", &[("email", email), ("password", "not the right one")]).await;
        assert_eq!(answer.status, 422);
        assert_eq!(visitor.cookie(SESSION), None);
        let text = answer.text();
        assert!(text.contains("do not match an account"), "{text}");
        assert!(text.contains(&format!("value=\"{email}\"")), "what was typed is kept: {text}");
        assert!(!text.contains("not the right one"), "a password is never sent back");
        answers.push(text.replace(email, "EMAIL"));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn an_empty_form_names_both_fields() {
    let app = TestApp::new().await;
    let text = app.anonymous().post_form("/sign-in", &[]).await.expect(422).text();
    assert!(text.contains("2 answers need attention"), "{text}");
    assert!(text.contains("href=\"#email\"") && text.contains("href=\"#password\""), "{text}");
}

#[tokio::test]
async fn failures_make_the_next_try_wait_but_never_for_good() {
    let app = TestApp::new().await;
    let mut stranger = app.anonymous();
    let wrong = [("email", people::OWNER), ("password", "not the right one")];
    for _ in 0..5 {
        stranger.post_form("/sign-in", &wrong).await.expect(422);
    }
    let text = stranger.post_form("/sign-in", &wrong).await.expect(429).text();
    assert!(text.contains("Wait 1 seconds") || text.contains("Wait 1 second"), "{text}");
    let right = [("email", people::OWNER), ("password", people::PASSWORD)];
    app.anonymous().post_form("/sign-in", &right).await.expect(429);
    app.app.clock.advance(SignedDuration::from_secs(1));
    app.anonymous().post_form("/sign-in", &right).await.expect(303);
    // who got in starts from nothing again
    stranger.post_form("/sign-in", &wrong).await.expect(422);
}

#[tokio::test]
async fn an_unknown_address_waits_as_long_as_a_known_one() {
    let app = TestApp::new().await;
    let mut stranger = app.anonymous();
    let wrong = [("email", "nobody@harborview.example"), ("password", "not the right one")];
    for _ in 0..5 {
        stranger.post_form("/sign-in", &wrong).await.expect(422);
    }
    stranger.post_form("/sign-in", &wrong).await.expect(429);
}

#[tokio::test]
async fn visitors_come_back_to_the_page_they_wanted_and_never_leave_the_site() {
    let app = TestApp::new().await;
    let answer = app.anonymous().get("/provider/team?done=invited").await;
    assert_eq!((answer.status, answer.location()), (303, "/sign-in?next=/provider/team%3Fdone%3Dinvited"));
    for (next, to) in [
        ("/provider/team?done=invited", "/provider/team?done=invited"),
        ("https://evil.example/", "/provider"),
        ("//evil.example", "/provider"),
        ("/\\evil.example", "/provider"),
    ] {
        let fields = [("email", people::OWNER), ("password", people::PASSWORD), ("next", next)];
        let answer = app.anonymous().post_form("/sign-in", &fields).await;
        assert_eq!((answer.status, answer.location()), (303, to), "{next}");
    }
}

#[tokio::test]
async fn each_sign_in_has_a_secret_of_its_own_and_the_database_does_not_know_it() {
    let app = TestApp::new().await;
    let mut visitor = app.anonymous();
    visitor.set_cookie(SESSION, "a-value-somebody-planted");
    let fields = [("email", people::OWNER), ("password", people::PASSWORD)];
    let answer = visitor.post_form("/sign-in", &fields).await.expect(303);
    let cookie = answer.header("set-cookie");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "plain http in this test: {cookie}");
    let first = visitor.cookie(SESSION).unwrap().to_owned();
    assert_ne!(first, "a-value-somebody-planted");
    assert!(first.len() >= 43, "256 bits: {first}");
    let mut copy = visitor.clone();
    visitor.post_form("/sign-in", &fields).await.expect(303);
    assert_ne!(visitor.cookie(SESSION), Some(first.as_str()));
    copy.get("/account").await.expect(303);
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_this_host() {
    let app = TestApp::with(|config| config.base_url = "https://credence.example".into()).await;
    let mut visitor = app.anonymous();
    visitor.set_header("origin", "https://credence.example");
    let fields = [("email", people::OWNER), ("password", people::PASSWORD)];
    let answer = visitor.post_form("/sign-in", &fields).await.expect(303);
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-credence=") && cookie.contains("Secure"), "{cookie}");
    visitor.get("/account").await.expect(200);
}

#[tokio::test]
async fn signing_out_ends_the_session_itself() {
    let app = TestApp::new().await;
    let mut visitor = app.sign_in(people::OWNER).await;
    let mut copy = visitor.clone();
    assert_eq!(visitor.post_form("/sign-out", &[]).await.expect(303).location(), "/");
    assert_eq!(visitor.cookie(SESSION), None);
    assert_eq!(copy.get("/account").await.expect(303).location(), "/sign-in?next=/account");
}

#[tokio::test]
async fn a_session_ends_when_unused_and_after_two_weeks_in_any_case() {
    let app = TestApp::new().await;
    let mut idle = app.sign_in(people::OWNER).await;
    let mut busy = app.sign_in(people::OWNER).await;
    for hour in 1..=14 * 24 {
        app.app.clock.advance(SignedDuration::from_hours(1));
        let busy_status = busy.get("/account").await.status;
        assert_eq!(busy_status, if hour < 14 * 24 { 200 } else { 303 }, "after {hour} hours");
        if hour == 11 {
            idle.get("/account").await.expect(200);
        }
        if hour == 11 + 12 {
            idle.get("/account").await.expect(303);
        }
    }
}

#[tokio::test]
async fn people_see_their_sessions_and_end_one() {
    let app = TestApp::new().await;
    let mut laptop = app.sign_in(people::OWNER).await;
    let mut phone = app.sign_in(people::OWNER).await;
    let page = laptop.get("/account").await.expect(200).text();
    assert_eq!(page.matches("/end\"").count(), 1, "one other session to end: {page}");
    let id = page.split("/account/sessions/").nth(1).and_then(|rest| rest.split('/').next()).unwrap().to_owned();

    let mut stranger = app.sign_in(people::OTHER_OWNER).await;
    stranger.post_form(&format!("/account/sessions/{id}/end"), &[]).await.expect(404);
    phone.get("/account").await.expect(200);

    laptop.post_form(&format!("/account/sessions/{id}/end"), &[]).await.expect(303);
    phone.get("/account").await.expect(303);
    laptop.get("/account").await.expect(200);
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once() {
    let app = TestApp::new().await;
    let mut visitor = app.sign_in(people::OWNER).await;
    let id = people::account_id(&app.app, people::OWNER).await;
    let mut tx = app.app.store.write().await.unwrap();
    store::accounts::disable(&mut tx, id, app.app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    visitor.get("/account").await.expect(303);
    let fields = [("email", people::OWNER), ("password", people::PASSWORD)];
    visitor.post_form("/sign-in", &fields).await.expect(422);
}
