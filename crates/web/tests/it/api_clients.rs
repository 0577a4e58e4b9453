//! Tokens of programs: made once, shown once, revoked.

use domain::access::{ProviderRole, Seat};
use jiff::SignedDuration;
use testkit::{TestApp, people};

fn token_on(page: &str) -> String {
    let start = page.find(">crd_").expect("a token on the page") + 1;
    page[start..].split('<').next().unwrap().to_owned()
}

async fn holds(app: &TestApp, token: &str) -> bool {
    app::api_clients::recognise(&app.app, token).await.unwrap().is_some()
}

#[tokio::test]
async fn a_token_is_shown_once_works_and_is_revoked() {
    let app = TestApp::new().await;
    let mut owner = app.sign_in(people::OWNER).await;
    let fields = [("name", "Learning system"), ("scope", "learners:write"), ("days", "90")];
    let page = owner.post_form("/provider/api-clients", &fields).await.expect(200);
    assert_eq!(page.header("cache-control"), "no-store");
    let token = token_on(&page.text());
    assert_eq!(token.len(), 4 + 43, "{token}");
    assert!(holds(&app, &token).await);

    let list = owner.get("/provider/api-clients").await.expect(200).text();
    assert!(!list.contains(&token) && list.contains(&token[..8]), "{list}");
    let path = list.split("action=\"").find(|rest| rest.contains("/revoke\"")).unwrap();
    let path = path.split('"').next().unwrap().to_owned();
    app.sign_in(people::OTHER_OWNER).await.post_form(&path, &[]).await.expect(404);
    assert!(holds(&app, &token).await);
    owner.post_form(&path, &[]).await.expect(303);
    assert!(!holds(&app, &token).await);
    assert!(owner.get("/provider/api-clients").await.text().contains("Revoked"));
}

#[tokio::test]
async fn a_token_ends_by_itself() {
    let app = TestApp::new().await;
    let mut owner = app.sign_in(people::OWNER).await;
    let fields = [("name", "Learning system"), ("scope", "learners:read"), ("days", "30")];
    let token = token_on(&owner.post_form("/provider/api-clients", &fields).await.expect(200).text());
    app.app.clock.advance(SignedDuration::from_hours(30 * 24 - 1));
    assert!(holds(&app, &token).await);
    app.app.clock.advance(SignedDuration::from_hours(1));
    assert!(!holds(&app, &token).await);
}

#[tokio::test]
async fn a_refused_form_comes_back_with_what_was_typed() {
    let app = TestApp::new().await;
    let mut owner = app.sign_in(people::OWNER).await;
    for (name, scope, days, why) in [
        ("", "learners:read", "30", "Name the program"),
        ("Learning system", "everything", "30", "Choose from the list"),
        ("Learning system", "learners:read", "99999", "at most a year"),
        ("Learning system", "learners:read", "soon", "at most a year"),
    ] {
        let fields = [("name", name), ("scope", scope), ("days", days)];
        let text = owner.post_form("/provider/api-clients", &fields).await.expect(422).text();
        assert!(text.contains(why) && text.contains(&format!("value=\"{name}\"")), "{text}");
    }
}

#[tokio::test]
async fn a_cookie_opens_no_service_and_a_token_no_page() {
    let app = TestApp::new().await;
    let seat = Seat::Provider(people::provider_id(), ProviderRole::Editor);
    let token = people::token(&app.app, "Learning system", seat).await;
    let mut program = app.bearer(token.expose());
    program.get("/account").await.expect(303);
    let answer = program.get("/api/nothing-here").await.expect(404);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.json()["status"], 404);
    assert!(answer.json()["request_id"].as_str().is_some_and(|id| !id.is_empty()));
}
