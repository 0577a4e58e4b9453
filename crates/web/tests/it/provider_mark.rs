//! The provider mark over HTTP: who may show it, what proves it, and that it ends by itself.

use domain::access::{ProviderRole, Seat};
use jiff::SignedDuration;
use testkit::people::{self, ACCREDITOR, OTHER_OWNER, OWNER, VIEWER, provider_id};
use testkit::records::{self, file, work};
use testkit::{Part, TestApp};

async fn report(test: &TestApp, physicians: std::ops::Range<usize>) {
    let seat = Seat::Provider(provider_id(), ProviderRole::LearnerData);
    let token = people::token(&test.app, "LMS", seat).await;
    let content = file(physicians);
    let form = [Part::File("file", "learners.txt", content.as_bytes()), Part::Text("permission", "held")];
    test.bearer(token.expose()).post_multipart("/api/pars/v1/uploads", &form).await.expect(202);
    work(&test.app).await;
    follow(test).await;
}

async fn follow(test: &TestApp) {
    while app::consequences::round(&test.app).await.unwrap() {}
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

async fn letters(test: &TestApp, words: &str) -> usize {
    let mut tx = test.app.store.read().await.unwrap();
    let all = store::mails::list_newest(&mut tx, 1_000).await.unwrap();
    all.iter().filter(|mail| mail.to_address == OWNER && mail.subject.contains(words)).count()
}

#[tokio::test]
async fn reporting_makes_the_mark_current_and_everybody_can_prove_it() {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    let mut viewer = test.sign_in(VIEWER).await;
    let page = viewer.get("/provider/mark").await.expect(200).text();
    assert!(page.contains("not current") && page.contains("Upload learner credit"), "{page}");
    viewer.get("/provider/mark/files/light.svg").await.expect(403);
    let mut public = test.anonymous();
    let ended = public.get("/mark/0001234.svg").await.expect(200);
    assert!(ended.text().contains("not current"), "{}", ended.text());
    assert!(public.get("/mark/0001234").await.expect(200).text().contains("not current"));

    report(&test, 0..3).await;
    let page = viewer.get("/provider/mark").await.expect(200).text();
    assert!(page.contains("Your mark is current") && page.contains("11/23/2027"), "{page}");
    assert!(page.contains("&#60;a href=&#34;http://127.0.0.1:8080/mark/0001234&#34;&#62;"), "{page}");
    for (name, kind) in [("light.svg", "image/svg+xml"), ("dark-734.png", "image/png"), ("light-1468.png", "image/png")]
    {
        let file = viewer.get(&format!("/provider/mark/files/{name}")).await.expect(200);
        assert_eq!(file.header("content-type"), kind);
        assert!(file.header("content-disposition").contains(name) && file.body.len() > 1_000);
    }
    viewer.get("/provider/mark/files/..%2Flight.svg").await.expect(404);
    let picture = public.get("/mark/0001234.svg").await.expect(200);
    assert_eq!(picture.header("content-type"), "image/svg+xml");
    assert_eq!(picture.header("cache-control"), "public, max-age=300");
    assert_eq!(picture.header("cross-origin-resource-policy"), "cross-origin");
    assert!(picture.text().contains("CME credit reported") && !picture.text().contains("not current"));
    assert!(public.get("/mark/0001234-dark.svg").await.expect(200).text() != picture.text());
    let proof = public.get("/mark/0001234").await.expect(200);
    assert_eq!(proof.header("cross-origin-resource-policy"), "same-origin");
    let proof = proof.text();
    assert!(proof.contains("This mark is current") && proof.contains("11/23/2027"), "{proof}");
    assert!(proof.contains("Harborview Medical Society") && proof.contains("Current since"), "{proof}");
    // of others it says nothing of the kind
    assert!(public.get("/mark/0007654").await.expect(200).text().contains("not current"));
    assert!(test.sign_in(OTHER_OWNER).await.get("/provider/mark").await.text().contains("not current"));
    for absent in ["/mark/0009999", "/mark/0009999.svg", "/mark/x", "/mark/0001234.png", "/mark/.svg"] {
        public.get(absent).await.expect(404);
    }
}

#[tokio::test]
async fn the_owner_is_told_thirty_days_before_and_when_it_ends_once_each() {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    report(&test, 0..3).await;
    test.app.clock.advance(days(330));
    follow(&test).await;
    assert_eq!(letters(&test, "ends on").await, 0);
    test.app.clock.advance(days(6));
    tokio::join!(follow(&test), follow(&test));
    follow(&test).await;
    assert_eq!(letters(&test, "ends on 11/23/2027").await, 1);
    // the last day is still a day of it
    test.app.clock.advance(days(29));
    follow(&test).await;
    assert!(test.anonymous().get("/mark/0001234").await.text().contains("This mark is current"));
    test.app.clock.advance(days(1));
    assert!(test.anonymous().get("/mark/0001234.svg").await.text().contains("not current"));
    follow(&test).await;
    follow(&test).await;
    assert_eq!(letters(&test, "has ended").await, 1);
    let page = test.sign_in(OWNER).await.get("/provider/mark").await.expect(200).text();
    assert!(page.contains("was current until 11/23/2027"), "{page}");
}

#[tokio::test]
async fn the_mark_goes_with_the_standing_and_withdrawn_reports_do_not_carry_it() {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    report(&test, 0..1).await;
    let mut staff = test.sign_in(ACCREDITOR).await;
    let decisions = "/admin/providers/0001234/decisions";
    let bad = [("decision", "probation/suspended"), ("from", "2026-11-23"), ("reason", "Under review.")];
    staff.post_form(decisions, &bad).await.expect(303);
    let proof = test.anonymous().get("/mark/0001234").await.text();
    assert!(proof.contains("not current") && proof.contains("Probation"), "{proof}");
    assert!(!proof.contains("Under review"), "why is between the two: {proof}");
    follow(&test).await;
    assert_eq!(letters(&test, "has ended").await, 1);
    staff.post_form(decisions, &[("decision", "good_standing/restored"), ("from", "2026-11-23")]).await.expect(303);
    assert!(test.anonymous().get("/mark/0001234").await.text().contains("This mark is current"));
    // the one report is taken back
    let seat = Seat::Provider(provider_id(), ProviderRole::LearnerData);
    let token = people::token(&test.app, "LMS", seat).await;
    let content = records::HEADER.to_owned() + &records::row("Delete", 0, "2");
    let form = [Part::File("file", "delete.txt", content.as_bytes()), Part::Text("permission", "held")];
    test.bearer(token.expose()).post_multipart("/api/pars/v1/uploads", &form).await.expect(202);
    work(&test.app).await;
    assert!(test.anonymous().get("/mark/0001234").await.text().contains("not current"));
}
