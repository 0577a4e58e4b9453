//! What every answer carries, and what is refused before any handler runs.

use axum::body::Body;
use axum::http::Request;
use testkit::{TestApp, people};

#[tokio::test]
async fn every_answer_forbids_what_pages_never_need() {
    let app = TestApp::new().await;
    let mut visitor = app.sign_in(people::OWNER).await;
    for path in ["/", "/sign-in", "/account", "/provider/team", "/nothing-here", "/api/nothing-here", "/healthz"] {
        let answer = visitor.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("x-request-id").len(), 32, "{path}");
    }
}

#[tokio::test]
async fn no_page_has_style_or_script_of_its_own() {
    let app = TestApp::new().await;
    let mut visitor = app.sign_in(people::OWNER).await;
    for path in ["/", "/sign-in", "/forgot", "/account", "/provider/team", "/provider/api-clients", "/nothing-here"] {
        let text = visitor.get(path).await.text();
        assert!(text.starts_with("<!doctype html>"), "{path}");
        assert!(!text.contains("<style") && !text.contains(" style=") && !text.contains(" onclick="), "{path}");
        assert!(text.split("<script").skip(1).all(|rest| rest.trim_start().contains("src=\"/assets/")), "{path}");
    }
}

#[tokio::test]
async fn a_form_from_another_site_is_refused() {
    let app = TestApp::new().await;
    let visitor = app.sign_in(people::OWNER).await;
    for (header, value) in
        [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")]
    {
        let mut tricked = visitor.clone();
        tricked.set_header("sec-fetch-site", "cross-site");
        tricked.set_header(header, value);
        tricked.set_header("origin", "https://evil.example");
        let answer = tricked.post_form("/sign-out", &[]).await.expect(403);
        assert!(answer.text().contains("came from another site"), "{}", answer.text());
    }
    visitor.clone().get("/account").await.expect(200);
}

#[tokio::test]
async fn a_wrong_method_or_a_huge_form_gets_a_page_with_a_way_out() {
    let app = TestApp::new().await;
    let mut visitor = app.sign_in(people::OWNER).await;
    let text = visitor.get("/sign-out").await.expect(405).text();
    assert!(text.starts_with("<!doctype html>") && text.contains("href=\"/provider\""), "{text}");
    let huge = "x".repeat(1024 * 1024);
    let text = visitor.post_form("/sign-in", &[("email", &huge)]).await.expect(413).text();
    assert!(text.contains("too large"), "{text}");
    let bad = Request::post("/account/password")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("new_password=%FF%FE"))
        .unwrap();
    let answer = visitor.send(bad).await;
    assert!((400..500).contains(&answer.status), "{}", answer.status);
    assert!(answer.text().starts_with("<!doctype html>"), "{}", answer.text());
}

#[tokio::test]
async fn a_callers_request_id_is_not_believed() {
    let app = TestApp::new().await;
    let mut visitor = app.anonymous();
    visitor.set_header("x-request-id", "planted");
    assert_ne!(visitor.get("/").await.header("x-request-id"), "planted");
}

#[tokio::test]
async fn styles_are_served_and_not_sent_again_unchanged() {
    let app = TestApp::new().await;
    let mut visitor = app.anonymous();
    let answer = visitor.get("/assets/credence.css").await.expect(200);
    assert_eq!(answer.header("content-type"), "text/css");
    assert_eq!(answer.header("cache-control"), "no-cache");
    let etag = answer.header("etag").to_owned();
    visitor.set_header("if-none-match", &etag);
    let again = visitor.get("/assets/credence.css").await.expect(304);
    assert!(again.body.is_empty());
    assert_eq!(visitor.get("/assets/0123456789abcdef/credence.css").await.expect(304).header("etag"), etag);
    for path in ["/assets/nothing.css", "/assets/../Cargo.toml", "/assets/%2e%2e/Cargo.toml", "/assets//etc/passwd"] {
        visitor.get(path).await.expect(404);
    }
}

#[tokio::test]
async fn the_mailbox_is_the_demos_alone() {
    let app = TestApp::new().await;
    app.anonymous().get("/mailbox").await.expect(404);
    let demo = TestApp::with(|config| config.demo = true).await;
    let mut visitor = demo.anonymous();
    visitor.post_form("/forgot", &[("email", people::OWNER)]).await.expect(200);
    assert!(visitor.get("/").await.text().contains("(1 new)"));
    let text = visitor.get("/mailbox").await.expect(200).text();
    assert!(text.contains("href=\"http://127.0.0.1:8080/reset/"), "{text}");
    assert!(!visitor.get("/").await.text().contains("new)"));
}

#[tokio::test]
async fn pages_are_compressed_for_browsers_that_ask() {
    let app = TestApp::new().await;
    let mut visitor = app.anonymous();
    assert_eq!(visitor.get("/").await.header("content-encoding"), "");
    visitor.set_header("accept-encoding", "gzip");
    assert_eq!(visitor.get("/").await.header("content-encoding"), "gzip");
    assert_eq!(visitor.get("/assets/credence.css").await.header("content-encoding"), "gzip");
    assert_eq!(visitor.get("/healthz").await.header("content-encoding"), "");
}

#[tokio::test]
async fn every_style_and_script_of_a_page_is_there() {
    let app = TestApp::new().await;
    let mut visitor = app.sign_in(people::OWNER).await;
    for path in ["/", "/provider/team", "/provider/api-clients"] {
        let text = visitor.get(path).await.expect(200).text();
        let addresses: Vec<&str> = text.split(['"', '#']).filter(|part| part.starts_with("/assets/")).collect();
        assert!(addresses.len() > 5, "{path}: {addresses:?}");
        for address in addresses {
            visitor.get(address).await.expect(200);
        }
    }
}
