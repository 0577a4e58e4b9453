//! Read-only mode through the doors that people and programs use: reading and signing in go on, nothing is changed, a
//! running upload rests and loses nothing.

use app::read_only::{self, By};
use testkit::{Part, TestApp, people, records};

use crate::access::ADDRESSES;

async fn turn_on(test: &TestApp, reason: &str) {
    let by = By { store: &test.app.store, clock: &test.app.clock, chance: &test.app.chance, actor: None };
    read_only::turn_on(&by, reason).await.unwrap();
    test.app.read_only.forget();
}

async fn turn_off(test: &TestApp) {
    let by = By { store: &test.app.store, clock: &test.app.clock, chance: &test.app.chance, actor: None };
    read_only::turn_off(&by).await.unwrap();
    test.app.read_only.forget();
}

/// What may be asked or done all the same, by the router's templates: named once more, so that nothing joins the list
/// unnoticed.
const STILL: &[&str] = &[
    "/sign-in",
    "/sign-out",
    "/sign-in/second-factor",
    "/sign-in/passkey",
    "/sign-in/passkey/options",
    "/account/sessions/{id}/end",
    "/account/sessions/end-others",
    "/account/seats/{seat}",
    "/admin/health/read-only",
    "/admin/physicians",
    "/admin/explain",
    "/board",
    "/provider/validate",
    "/provider/validate/download",
    "/provider/learners/check",
    "/shared/{secret}",
    "/shared/{secret}/confirm",
    "/verify",
    "/api/pars/v1/learner-match",
    "/services/ACCMELearnerService.svc/GetLearnerMatch",
    "/services/ACCMELearnerService.svc/GetLearnerStatusByLearner",
    "/services/ACCMELearnerService.svc/GetLearnerStatusByCreditId",
    "/services/ACCMEActivityService.svc/GetActivity",
];

#[tokio::test]
async fn every_change_is_refused_with_words_and_when_to_try_again_while_reading_goes_on() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    turn_on(&test, "We move to a new machine until 6 PM.").await;
    // the door stands before the question who it is; a sign-out of the owner's would end what is looked at below
    let anybody = test.anonymous();
    let mut wrong = Vec::new();
    for (method, path, _) in ADDRESSES.iter().filter(|(method, ..)| *method != "get") {
        let path = path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect::<Vec<_>>();
        let path = path.join("/");
        let answer = match *method {
            "delete" => {
                let request = axum::http::Request::delete(&path).body(axum::body::Body::empty()).unwrap();
                anybody.clone().send(request).await
            }
            _ => anybody.clone().post_form(&path, &[("a", "b")]).await,
        };
        let route = ADDRESSES.iter().find(|(_, known, _)| {
            known.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).eq(path.split('/'))
        });
        let is_still = route.is_some_and(|(_, route, _)| STILL.contains(route));
        if is_still == (answer.status == 503) || (!is_still && answer.header("retry-after").is_empty()) {
            wrong.push(format!("{method} {path}: {}", answer.status));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let page = owner.get("/provider").await.expect(200);
    assert!(page.text().contains("Nothing can be changed at the moment.") && page.text().contains("until 6 PM"));
    let other = test.sign_in(people::VIEWER).await.get("/provider/learners").await;
    assert_eq!(other.status, 200, "people sign in and read");
    turn_off(&test).await;
    assert!(!owner.get("/provider").await.expect(200).text().contains("Nothing can be changed"));
}

#[tokio::test]
async fn a_form_that_was_refused_comes_back_with_what_was_typed_but_never_with_a_password() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    turn_on(&test, "We move.").await;
    let typed = [("email", "new@harborview.example"), ("name", "<b>Rosa</b>")];
    let answer = owner.post_form("/provider/team/invitations", &typed).await.expect(503);
    assert_eq!(answer.header("retry-after"), "60");
    let text = answer.text();
    assert!(text.contains("new@harborview.example") && text.contains("Send it again"), "{text}");
    assert!(text.contains("&#60;b&#62;Rosa") && !text.contains("<b>Rosa"), "{text}");
    let secret = [("current", people::PASSWORD), ("password", "another patient heron")];
    let answer = owner.post_form("/account/password", &secret).await.expect(503);
    assert!(!answer.text().contains("patient heron") && !answer.text().contains("otters"));
}

#[tokio::test]
async fn programs_read_a_code_and_files_are_not_taken() {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    let seat = people::actor(&test.app, people::OWNER).await.seat;
    let token = people::token(&test.app, "sender", seat).await;
    let mut program = test.bearer(token.expose());
    turn_on(&test, "We move.").await;
    let file = records::file(0..3);
    let parts = [Part::Text("permission", "held"), Part::File("file", "a.tsv", file.as_bytes())];
    let answer = program.post_multipart("/api/pars/v1/uploads", &parts).await.expect(503);
    let body = answer.json();
    assert_eq!((body["code"].as_str(), answer.header("retry-after")), (Some("read_only"), "60"));
    assert!(body["detail"].as_str().unwrap().contains("We move."));
    assert_eq!(program.get("/api/pars/v1/activities").await.status, 200, "reading goes on");
    turn_off(&test).await;
    program.post_multipart("/api/pars/v1/uploads", &parts).await.expect(202);
}

#[tokio::test]
async fn a_running_upload_rests_between_chunks_and_goes_on_without_loss() {
    const ROWS: usize = 30_000;
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    let mut reporter = test.sign_in(people::LEARNER_DATA).await;
    // the same hundred people: most rows are on record already, which takes its time as well
    let mut file = records::HEADER.to_owned();
    for n in 0..ROWS {
        file += &records::row("Add", n % records::PHYSICIANS, "2");
    }
    let parts = [Part::Text("permission", "held"), Part::File("file", "many.tsv", file.as_bytes())];
    let received = reporter.post_multipart("/provider/uploads/new", &parts).await.expect(303);
    let id: domain::UploadId = received.location().rsplit('/').next().unwrap().parse().unwrap();
    let settled = async || {
        let mut tx = test.app.store.read().await.unwrap();
        store::uploads::find_for_work(&mut tx, id).await.unwrap().unwrap().rows_done
    };
    let app = test.app.clone();
    let working = tokio::spawn(async move { app::jobs::run_next(&app).await });
    while settled().await == 0 {
        tokio::task::yield_now().await;
    }
    turn_on(&test, "We move.").await;
    working.await.unwrap().unwrap();
    let rested_at = settled().await;
    assert!(rested_at > 0 && rested_at < ROWS as i64, "it rested at {rested_at}");
    assert_eq!(rested_at % 1_000, 0, "whole chunks");
    assert!(!app::jobs::run_next(&test.app).await.unwrap(), "nobody takes it meanwhile");
    assert_eq!(settled().await, rested_at);
    assert_eq!(reporter.get(&format!("/provider/uploads/{id}")).await.status, 200);

    turn_off(&test).await;
    records::work(&test.app).await;
    let mut tx = test.app.store.read().await.unwrap();
    let upload = store::uploads::find_for_work(&mut tx, id).await.unwrap().unwrap();
    assert_eq!(upload.rows_done, ROWS as i64);
    assert_eq!(upload.counts.accepted, records::PHYSICIANS as i64, "each person once: {:?}", upload.counts);
}

#[tokio::test]
async fn staff_turn_it_on_with_a_reason_after_proving_who_they_are() {
    let test = TestApp::new().await;
    let mut staff = test.sign_in(people::ACCREDITOR).await;
    let empty = staff.post_form("/admin/health/read-only", &[("to", "on"), ("reason", " ")]).await.expect(422);
    assert!(empty.text().contains("Say why in a few words"));
    let on = [("to", "on"), ("reason", "We look into something.")];
    staff.post_form("/admin/health/read-only", &on).await.expect(303);
    let page = staff.get("/admin/health?done=on").await.expect(200);
    assert!(page.text().contains("We look into something.") && page.text().contains("Allow changes again"));
    let status = test.anonymous().get("/status").await.expect(200);
    assert!(status.text().contains("Some things work differently"));
    test.app.clock.advance(jiff::SignedDuration::from_mins(20));
    let asked = staff.post_form("/admin/health/read-only", &[("to", "off")]).await.expect(403);
    assert!(asked.text().contains("Is it still you?"), "{}", asked.text());
    let proved = [("to", "off"), ("proof", people::PASSWORD)];
    staff.post_form("/admin/health/read-only", &proved).await.expect(303);
    let trail = staff.get("/admin/audit?act=read_only.").await.expect(200).text();
    assert!(trail.contains("Set read-only") && trail.contains("Changes allowed again"), "{trail}");
    assert!(staff.post_form("/admin/health/read-only", &[("to", "sideways")]).await.status == 404);
}
