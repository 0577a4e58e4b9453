//! Forgotten and changed passwords.

use jiff::SignedDuration;
use testkit::{TestApp, people};

const NEW: &str = "violet lantern harbor";

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_mail_once() {
    let app = TestApp::new().await;
    let mut elsewhere = app.sign_in(people::OWNER).await;
    let mut visitor = app.anonymous();
    visitor.post_form("/forgot", &[("email", people::OWNER)]).await.expect(200);
    let link = app.link_to(people::OWNER).await;
    assert!(link.starts_with("/reset/"), "{link}");
    visitor.get(&link).await.expect(200);
    app.app.clock.advance(SignedDuration::from_secs(1));
    let text = visitor.post_form(&link, &[("password", "too short")]).await.expect(422).text();
    assert!(text.contains("at least 15 characters"), "{text}");

    let answer = visitor.post_form(&link, &[("password", NEW)]).await.expect(303);
    assert_eq!(answer.location(), "/provider", "the letter proves who it is: signed in at once");
    visitor.get("/account").await.expect(200);
    elsewhere.get("/account").await.expect(303);
    assert!(app.letter_to(people::OWNER).await.0.contains("was changed"));
    let over = visitor.get(&link).await.expect(410).text();
    assert!(over.contains("href=\"/forgot\""), "{over}");
    visitor.post_form(&link, &[("password", "another lantern harbor")]).await.expect(410);

    let old = [("email", people::OWNER), ("password", people::PASSWORD)];
    app.anonymous().post_form("/sign-in", &old).await.expect(422);
    let new = [("email", people::OWNER), ("password", NEW)];
    app.anonymous().post_form("/sign-in", &new).await.expect(303);
}

#[tokio::test]
async fn asking_for_an_unknown_address_looks_the_same_and_sends_nothing() {
    let app = TestApp::new().await;
    let mut texts = Vec::new();
    for email in [people::OWNER, "nobody@harborview.example"] {
        let answer = app.anonymous().post_form("/forgot", &[("email", email)]).await.expect(200);
        texts.push(answer.text().replace(email, "EMAIL"));
    }
    assert_eq!(texts[0], texts[1]);
    let mut tx = app.app.store.read().await.unwrap();
    assert_eq!(store::mails::list_newest(&mut tx, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_reset_link_holds_for_an_hour() {
    let app = TestApp::new().await;
    app.anonymous().post_form("/forgot", &[("email", people::OWNER)]).await.expect(200);
    let link = app.link_to(people::OWNER).await;
    app.app.clock.advance(SignedDuration::from_mins(59));
    app.anonymous().get(&link).await.expect(200);
    app.app.clock.advance(SignedDuration::from_mins(1));
    app.anonymous().get(&link).await.expect(410);
    app.anonymous().post_form(&link, &[("password", NEW)]).await.expect(410);
}

#[tokio::test]
async fn nobody_can_fill_another_persons_mailbox() {
    let app = TestApp::new().await;
    for _ in 0..9 {
        app.anonymous().post_form("/forgot", &[("email", people::OWNER)]).await.expect(200);
    }
    let mut tx = app.app.store.read().await.unwrap();
    assert_eq!(store::mails::list_newest(&mut tx, 20).await.unwrap().len(), 5);
}

#[tokio::test]
async fn the_owner_gets_in_by_mail_however_often_others_fail() {
    let app = TestApp::new().await;
    let wrong = [("email", people::OWNER), ("password", "not the right one")];
    for _ in 0..30 {
        app.anonymous().post_form("/sign-in", &wrong).await;
        app.app.clock.advance(SignedDuration::from_secs(5));
    }
    app.anonymous().post_form("/sign-in", &wrong).await.expect(429);
    let mut owner = app.anonymous();
    owner.post_form("/forgot", &[("email", people::OWNER)]).await.expect(200);
    let link = app.link_to(people::OWNER).await;
    owner.post_form(&link, &[("password", NEW)]).await.expect(303);
    owner.get("/account").await.expect(200);
    let right = [("email", people::OWNER), ("password", NEW)];
    app.anonymous().post_form("/sign-in", &right).await.expect(303);
}

#[tokio::test]
async fn a_link_used_twice_at_the_same_moment_works_once() {
    let app = TestApp::new().await;
    app.anonymous().post_form("/forgot", &[("email", people::OWNER)]).await.expect(200);
    let link = app.link_to(people::OWNER).await;
    let secret = link.trim_start_matches("/reset/");
    let choose = |password| app::accounts::resets::choose(&app.app, secret, password, "");
    let (one, two) = tokio::join!(choose(NEW), choose("another lantern harbor"));
    assert_eq!([&one, &two].iter().filter(|done| done.is_ok()).count(), 1, "{one:?} {two:?}");
}

#[tokio::test]
async fn changing_the_password_needs_the_old_one_and_ends_other_sessions() {
    let app = TestApp::new().await;
    let mut other = app.sign_in(people::OWNER).await;
    let mut visitor = app.sign_in(people::OWNER).await;
    let wrong = [("current_password", "not the right one"), ("new_password", NEW)];
    let text = visitor.post_form("/account/password", &wrong).await.expect(422).text();
    assert!(text.contains("not your current password"), "{text}");
    for (password, why) in [
        ("short", "at least 15 characters"),
        ("PasswordPassword", "easy to guess"),
        ("owner@harborview.example", "easy to guess"),
        ("Credence Credence", "easy to guess"),
    ] {
        let fields = [("current_password", people::PASSWORD), ("new_password", password)];
        let text = visitor.post_form("/account/password", &fields).await.expect(422).text();
        assert!(text.contains(why), "{password}: {text}");
    }
    let right = [("current_password", people::PASSWORD), ("new_password", NEW)];
    visitor.post_form("/account/password", &right).await.expect(303);
    visitor.get("/account").await.expect(200);
    other.get("/account").await.expect(303);
}
