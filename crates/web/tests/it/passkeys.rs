//! Passkeys: added, used, removed, copied, forged.

use serde_json::Value;
use testkit::factors::SoftPasskey;
use testkit::{Answer, TestApp, Visitor, people};

use crate::recovery::letters_to;
use crate::second_factors::{between, half, set_up};

const ORIGIN: &str = "http://localhost:8080";

fn unescaped(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&#34;", "\"").replace("&amp;", "&").replace("&#38;", "&")
}

async fn begin(visitor: &mut Visitor) -> (Value, String) {
    let page = visitor.post_form("/account/second-factor/passkeys", &[("name", "My phone")]).await.expect(200).text();
    let options = unescaped(between(&page, "data-passkey-options=\"", "\""));
    let secret = between(&page, "name=\"secret\" value=\"", "\"").to_owned();
    (serde_json::from_str(&options).unwrap(), secret)
}

async fn add(visitor: &mut Visitor, name: &str) -> SoftPasskey {
    let (options, secret) = begin(visitor).await;
    let (passkey, credential) = SoftPasskey::make(&options, ORIGIN);
    let fields = [("name", name), ("secret", &secret), ("credential", &credential)];
    let answer = visitor.post_form("/account/second-factor/passkeys/add", &fields).await;
    assert!(matches!(answer.status, 200 | 303), "{}", answer.text());
    passkey
}

async fn ask(visitor: &mut Visitor) -> (Value, String) {
    let asked = visitor.post_form("/sign-in/passkey/options", &[]).await.expect(200).json();
    (asked["options"].clone(), asked["secret"].as_str().unwrap().to_owned())
}

async fn sign_in(test: &TestApp, passkey: &mut SoftPasskey) -> (Visitor, Answer) {
    let mut visitor = test.anonymous();
    let (options, secret) = ask(&mut visitor).await;
    let credential = passkey.answer(&options);
    let answer = visitor.post_form("/sign-in/passkey", &[("secret", &secret), ("credential", &credential)]).await;
    (visitor, answer)
}

fn passkey_ids(page: &str) -> Vec<String> {
    let marks = page.split("/account/second-factor/passkeys/").skip(1);
    marks
        .filter_map(|rest| rest.split_once("/remove"))
        .map(|(id, _)| id.to_owned())
        .filter(|id| id.len() == 36)
        .collect()
}

#[tokio::test]
async fn a_passkey_signs_in_without_a_password_and_counts_as_both_factors() {
    let test = TestApp::with(|config| config.require_second_factor = true).await;
    let mut owner = test.sign_in(people::OWNER).await;
    let mut passkey = add(&mut owner, "My phone").await;
    owner.get("/provider").await.expect(200);
    assert!(test.letter_to(people::OWNER).await.1.contains("“My phone”"));
    let (mut visitor, answer) = sign_in(&test, &mut passkey).await;
    assert_eq!((answer.status, answer.location()), (303, "/provider"), "{}", answer.text());
    visitor.get("/provider/team").await.expect(200);
    // the password alone is half a sign-in now
    let mut by_password = half(&test, people::OWNER).await;
    let page = by_password.get("/sign-in/second-factor").await.expect(200).text();
    assert!(page.contains("guarded by a passkey"), "{page}");
    // a second one needs no new recovery codes
    let (options, secret) = begin(&mut visitor).await;
    let (_, credential) = SoftPasskey::make(&options, ORIGIN);
    let fields = [("name", "Key"), ("secret", &secret), ("credential", &credential)];
    let answer = visitor.post_form("/account/second-factor/passkeys/add", &fields).await.expect(303);
    assert_eq!(answer.location(), "/account/second-factor?done=passkey");
    assert_eq!(passkey_ids(&visitor.get("/account/second-factor").await.text()).len(), 2);
}

#[tokio::test]
async fn a_challenge_is_good_once_and_only_for_what_it_was_asked() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    let mut passkey = add(&mut owner, "My phone").await;
    let mut visitor = test.anonymous();
    let (options, secret) = ask(&mut visitor).await;
    let credential = passkey.answer(&options);
    let fields = [("secret", secret.as_str()), ("credential", credential.as_str())];
    visitor.post_form("/sign-in/passkey", &fields).await.expect(303);
    test.anonymous().post_form("/sign-in/passkey", &fields).await.expect(422);
    // an answer to another challenge, nonsense, and no challenge at all
    let (_, other) = ask(&mut visitor).await;
    let (earlier, _) = ask(&mut visitor).await;
    let wrong = passkey.answer(&earlier);
    visitor.post_form("/sign-in/passkey", &[("secret", &other), ("credential", &wrong)]).await.expect(422);
    for credential in ["", "{}", "null", "[1,2]", "{\"id\":\"x\",\"rawId\":\"!\"}"] {
        let (_, secret) = ask(&mut visitor).await;
        let fields = [("secret", secret.as_str()), ("credential", credential)];
        test.anonymous().post_form("/sign-in/passkey", &fields).await.expect(422);
    }
    // ten minutes
    let (options, secret) = ask(&mut visitor).await;
    let late = passkey.answer(&options);
    test.app.clock.advance(jiff::SignedDuration::from_mins(10));
    visitor.post_form("/sign-in/passkey", &[("secret", &secret), ("credential", &late)]).await.expect(422);
}

#[tokio::test]
async fn a_counter_that_goes_back_is_refused_and_told() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    let mut passkey = add(&mut owner, "My phone").await;
    passkey.counter = 7;
    assert_eq!(sign_in(&test, &mut passkey).await.1.status, 303);
    for counter in [7, 3] {
        passkey.counter = counter - 1;
        assert_eq!(sign_in(&test, &mut passkey).await.1.status, 422, "{counter} after 8");
    }
    let letters = letters_to(&test, people::OWNER).await;
    let refused = letters.iter().find(|(subject, _)| subject.contains("passkey was refused"));
    assert!(refused.is_some_and(|(_, body)| body.contains("a copy of it")), "{letters:?}");
    passkey.counter = 8;
    assert_eq!(sign_in(&test, &mut passkey).await.1.status, 303);
}

#[tokio::test]
async fn a_device_that_did_not_check_its_owner_is_refused() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    let mut passkey = add(&mut owner, "My phone").await;
    passkey.verifies = false;
    assert_eq!(sign_in(&test, &mut passkey).await.1.status, 422);
    let (options, secret) = begin(&mut owner).await;
    let (_, elsewhere) = SoftPasskey::make(&options, "http://evil.example");
    let fields = [("name", "x"), ("secret", &secret), ("credential", &elsewhere)];
    owner.post_form("/account/second-factor/passkeys/add", &fields).await.expect(422);
}

#[tokio::test]
async fn a_removed_passkey_opens_nothing_and_only_its_owner_removes_it() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    let mut passkey = add(&mut owner, "My phone").await;
    let id = passkey_ids(&owner.get("/account/second-factor").await.text()).remove(0);
    let remove = format!("/account/second-factor/passkeys/{id}/remove");
    let mut stranger = test.sign_in(people::OTHER_OWNER).await;
    set_up(&test, &mut stranger).await;
    stranger.post_form(&remove, &[]).await.expect(404);
    assert_eq!(sign_in(&test, &mut passkey).await.1.status, 303);
    owner.post_form(&remove, &[]).await.expect(303);
    assert_eq!(sign_in(&test, &mut passkey).await.1.status, 422);
    owner.post_form(&remove, &[]).await.expect(404);
    let letters = letters_to(&test, people::OWNER).await;
    assert!(letters.iter().any(|(subject, _)| subject.contains("passkey was removed")), "{letters:?}");
}

#[tokio::test]
async fn a_passkey_made_for_one_account_is_not_added_to_another() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    let mut other = test.sign_in(people::OTHER_OWNER).await;
    let (options, secret) = begin(&mut owner).await;
    let (_, credential) = SoftPasskey::make(&options, ORIGIN);
    let fields = [("name", "x"), ("secret", &secret), ("credential", &credential)];
    other.post_form("/account/second-factor/passkeys/add", &fields).await.expect(422);
    // and its challenge is spent
    owner.post_form("/account/second-factor/passkeys/add", &fields).await.expect(422);
}

#[tokio::test]
async fn the_page_says_where_passkeys_cannot_be_used() {
    let test = TestApp::new().await;
    let mut by_number = test.sign_in(people::OWNER).await;
    let page = by_number.get("/account/second-factor").await.expect(200).text();
    assert!(page.contains("cannot be used at the address by which you came"), "{page}");
    assert!(page.contains("http://localhost:8080"), "{page}");
    assert!(!by_number.get("/sign-in").await.text().contains("data-passkey"));
    let mut by_name = by_number.clone();
    by_name.set_header("host", "localhost:8080");
    by_name.set_header("origin", ORIGIN);
    assert!(by_name.get("/account/second-factor").await.text().contains("Add a passkey"));
    assert!(by_name.get("/sign-in").await.text().contains("data-passkey=\"use\""));

    let plain = TestApp::with(|config| config.base_url = "http://credence.example".into()).await;
    let mut visitor = plain.sign_in(people::OWNER).await;
    let page = visitor.get("/account/second-factor").await.expect(200).text();
    assert!(page.contains("browsers offer them only over https"), "{page}");
}
