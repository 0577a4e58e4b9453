//! What a program may do is what its owner chose, and nothing else.

use domain::access::{ProviderRole, Seat};
use domain::{ApiScope, ApiScopes};
use serde_json::json;
use store::api_clients::Holder;
use testkit::{TestApp, Visitor, people, records};
use uuid::Uuid;

/// A program with just these scopes, made on the owner's page.
async fn program(test: &TestApp, scopes: &[ApiScope]) -> Visitor {
    let mut owner = test.sign_in(people::OWNER).await;
    let mut fields = vec![("name", "Learning system"), ("days", "30")];
    fields.extend(scopes.iter().map(|scope| ("scope", scope.code())));
    let page = owner.post_form("/provider/api-clients", &fields).await.expect(200).text();
    let token = page.split(">crd_").nth(1).and_then(|rest| rest.split('<').next()).expect("a token");
    test.bearer(&format!("crd_{token}"))
}

/// Method, address and the scope that it takes.
const CALLS: &[(&str, &str, ApiScope)] = &[
    ("get", "/api/pars/v1/activities", ApiScope::ActivitiesRead),
    ("get", "/api/pars/v1/activities/202600001", ApiScope::ActivitiesRead),
    ("get", "/api/pars/v1/activities/files/00000000-0000-0000-0000-000000000000", ApiScope::ActivitiesRead),
    ("get", "/api/pars/v1/activities/files/00000000-0000-0000-0000-000000000000/result", ApiScope::ActivitiesRead),
    ("post", "/api/pars/v1/activities", ApiScope::ActivitiesWrite),
    ("post", "/api/pars/v1/learner-match", ApiScope::LearnersMatch),
    ("post", "/api/pars/v1/uploads", ApiScope::LearnersWrite),
    ("get", "/api/pars/v1/uploads/00000000-0000-0000-0000-000000000000", ApiScope::LearnersRead),
    ("get", "/api/pars/v1/uploads/00000000-0000-0000-0000-000000000000/result", ApiScope::LearnersRead),
    ("post", "/api/pars/v1/learner-activities?permission=held", ApiScope::LearnersWrite),
    ("get", "/api/pars/v1/learner-activities/CA:A40001", ApiScope::LearnersRead),
    ("get", "/api/pars/v1/learner-activities/status?CreditId=ccid:a:1", ApiScope::LearnersRead),
    ("get", "/api/pars/v1/events", ApiScope::EventsRead),
];

#[tokio::test]
async fn each_call_takes_its_scope_and_a_missing_one_is_named() {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    for scope in ApiScope::ALL {
        let mut program = program(&test, &[*scope]).await;
        for (method, path, needed) in CALLS {
            let answer = match *method {
                "get" => program.get(path).await,
                _ => program.post_json(path, &json!({})).await,
            };
            if scope == needed {
                assert!(![401, 403].contains(&answer.status), "{scope:?} at {method} {path}: {}", answer.text());
                continue;
            }
            assert_eq!(answer.status, 403, "{scope:?} at {method} {path}: {}", answer.text());
            let told = answer.json();
            assert_eq!((&told["code"], &told["scope"]), (&json!("scope_missing"), &json!(needed.code())));
        }
    }
}

#[tokio::test]
async fn the_scope_stands_with_each_operation_of_the_document() {
    let test = TestApp::new().await;
    let document = test.anonymous().get("/api/openapi.json").await.expect(200).json();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        // a board's programs have no scopes, and a search that everybody may ask needs none
        if ["/moc/", "/GetLearnerTranscript", "/activity-search"].iter().any(|part| path.contains(part)) {
            continue;
        }
        for (method, operation) in methods.as_object().expect("operations") {
            let scope = operation["security"][0]["token"][0].as_str().and_then(ApiScope::read);
            assert!(scope.is_some(), "{method} {path} names no scope: {}", operation["security"]);
            let known = CALLS.iter().find(|call| call.0 == method && is_same(path, call.1));
            assert!(known.is_none_or(|call| Some(call.2) == scope), "{method} {path}: {scope:?}");
        }
    }
}

/// Whether an address with parameters stands for this one.
fn is_same(path: &str, filled: &str) -> bool {
    let filled = filled.split('?').next().unwrap_or_default();
    path == filled
        || path.split('/').count() == filled.split('/').count()
            && !filled.ends_with("/status")
            && path.split('/').zip(filled.split('/')).all(|(one, other)| one == other || one.starts_with('{'))
}

#[tokio::test]
async fn a_token_has_the_weakest_seat_that_may_do_all_of_it() {
    let test = TestApp::new().await;
    for (scopes, role) in [
        (vec![ApiScope::EventsRead], ProviderRole::Viewer),
        (vec![ApiScope::LearnersMatch, ApiScope::ActivitiesRead], ProviderRole::LearnerData),
        (ApiScope::ALL.to_vec(), ProviderRole::Editor),
    ] {
        program(&test, &scopes).await;
        let scope = people::actor(&test.app, people::OWNER).await.provider(ProviderRole::Owner).unwrap();
        let mut tx = test.app.store.read().await.unwrap();
        let listed = store::api_clients::list(&mut tx, &Holder::Provider(scope), false).await.unwrap();
        let scopes = ApiScopes::of(scopes);
        let made = listed.iter().find(|client| client.scopes == scopes).expect("the program");
        assert_eq!(made.seat, Seat::Provider(people::provider_id(), role));
    }
}

#[tokio::test]
async fn the_page_shows_the_scopes_and_refuses_none_or_unknown_ones() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    for (scopes, why) in [(&[][..], "at least one thing"), (&["owner"][..], "Choose from the list")] {
        let mut fields = vec![("name", "Learning system"), ("days", "30")];
        fields.extend(scopes.iter().map(|scope| ("scope", *scope)));
        let page = owner.post_form("/provider/api-clients", &fields).await.expect(422).text();
        assert!(page.contains(why) && page.contains("value=\"Learning system\""), "{page}");
    }
    program(&test, &[ApiScope::LearnersMatch]).await;
    let page = owner.get("/provider/api-clients").await.expect(200).text();
    assert!(page.contains("<code>learners:match</code>") && !page.contains("<code>learners:write</code>"), "{page}");
    assert!(page.contains("Never"), "not used yet: {page}");
}

#[tokio::test]
async fn last_used_expiry_and_revoking_are_on_the_page() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    let mut program = program(&test, &[ApiScope::EventsRead]).await;
    program.get("/api/pars/v1/events").await.expect(200);
    let page = owner.get("/provider/api-clients").await.text();
    assert!(!page.contains("Never") && page.contains("12/23/2026"), "used, and holds 30 days: {page}");
    test.app.clock.advance(jiff::SignedDuration::from_hours(31 * 24));
    program.get("/api/pars/v1/events").await.expect(401);
    let mut owner = test.sign_in(people::OWNER).await;
    assert!(owner.get("/provider/api-clients").await.text().contains("Expired"));
}

#[tokio::test]
async fn a_boards_program_needs_no_scope_and_gets_nowhere_with_a_providers_calls() {
    let test = TestApp::new().await;
    let seat = people::actor(&test.app, people::CERTIFYING_BOARD).await.seat;
    let mut board = test.bearer(people::token(&test.app, "Board", seat).await.expose());
    board.get("/api/pars/v1/moc/completions").await.expect(200);
    let refused = board.get(&format!("/api/pars/v1/uploads/{}", Uuid::nil())).await.expect(403).json();
    assert!(refused.get("scope").is_none(), "{refused}");
}
