//! Learner reports over the web services from those who mean no good, or whose programs are broken.

use axum::body::Body;
use axum::http::{Request, header};
use domain::access::{ProviderRole, Seat};
use serde_json::{Value, json};
use testkit::{TestApp, people};

use crate::learner_api::{ADDRESS, HELD, assert_sound, document, get, post, program, ready, report, send};

#[tokio::test]
async fn who_may_not_report_is_refused_before_anything_is_read() {
    let (test, _) = ready().await;
    let board = people::token(&test.app, "Board", people::actor(&test.app, people::CERTIFYING_BOARD).await.seat).await;
    let bodies = [document(&[report(0, 2.0)]), "{".to_owned(), String::new()];
    for body in bodies {
        let mut viewer = program(&test, ProviderRole::Viewer).await;
        send(&mut viewer, HELD, "application/json", "", body.clone()).await.expect(403);
        send(&mut test.bearer(board.expose()), HELD, "application/json", "", body.clone()).await.expect(403);
        send(&mut test.bearer("crd_nobody"), HELD, "application/json", "", body.clone()).await.expect(401);
        send(&mut test.anonymous(), HELD, "application/json", "", body).await.expect(401);
    }
    assert_sound(&test, 0).await;
}

#[tokio::test]
async fn a_provider_reports_for_itself_alone() {
    let (test, _) = ready().await;
    let mut stranger = crate::learner_api::stranger(&test).await;
    // another provider's activity is as unknown as none
    let mut foreign = report(0, 2.0);
    foreign["Activity"].as_object_mut().unwrap().remove("ProviderOrganization");
    let mut absent = foreign.clone();
    absent["Activity"]["Module"]["ModuleName"]["moduleID"] = "202699999".into();
    let code = |answer: &Value, n: usize| answer["LearnerResults"][n]["problem"][0]["code"].clone();
    let answer = post(&mut stranger, &[foreign, absent, report(0, 2.0)]).await.expect(422).json();
    assert_eq!((code(&answer, 0), code(&answer, 1)), ("activity_unknown".into(), "activity_unknown".into()));
    let codes: Vec<&Value> =
        answer["LearnerResults"][2]["problem"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert!(codes.contains(&&"provider_differs".into()), "{codes:?}");
    assert_sound(&test, 0).await;
}

#[tokio::test]
async fn a_provider_out_of_good_standing_reports_nothing() {
    let (test, mut lms) = ready().await;
    let sql = "update provider set standing = 'lapsed' where provider_id = '0001234'";
    assert_eq!(testkit::database::tamper(&test.address, sql).await, 1);
    post(&mut lms, &[report(0, 2.0)]).await.expect(403);
    let path = format!("{ADDRESS}/CA:A40000?all=true");
    lms.send(Request::delete(path).body(Body::empty()).unwrap()).await.expect(403);
    assert_sound(&test, 0).await;
}

#[tokio::test]
async fn hostile_documents_are_refused_whole_and_said_why() {
    let (test, mut lms) = ready().await;
    let deep = format!("{}{}", "{\"a\":".repeat(5_000), "1".to_owned() + &"}".repeat(5_000));
    let entity =
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><ACCMELearnerReports>&x;</ACCMELearnerReports>";
    let laughs = "<!DOCTYPE a [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><a>&b;</a>";
    for (kind, body, code) in [
        ("application/json", "{", "document_truncated"),
        ("application/json", "[]", "no_rows"),
        ("application/json", "{\"ACCMELearnerReports\":{\"ActivityReports\":{\"ActivityReport\":[]}}}", "no_rows"),
        ("application/json", deep.as_str(), "document_too_deep"),
        ("application/json", "", "file_empty"),
        ("application/xml", "<a/>", "no_rows"),
        ("application/xml", entity, "document_type"),
        ("application/xml", laughs, "document_type"),
        ("application/xml", "<a>&x;</a>", "entity_unknown"),
        ("application/xml", "<a><b></a>", "document_malformed"),
        ("application/xml", "{}", "document_malformed"),
        ("application/json", "<a/>", "document_malformed"),
    ] {
        let answer = send(&mut lms, HELD, kind, "", body.to_owned()).await.expect(422);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let told = answer.json();
        assert_eq!(told["problems"][0]["code"], code, "{kind} {}", &body[..body.len().min(60)]);
        assert!(!told["request_id"].as_str().unwrap().is_empty());
    }
    let accepts_xml = send(&mut lms, HELD, "application/json", "application/xml", "{".into()).await.expect(422);
    assert_eq!(accepts_xml.header("content-type"), "application/problem+xml");
    // a good report before the fault is not taken either: nothing of an unreadable document is
    let broken = document(&[report(0, 2.0)]).replace("]}}}", "],}}}");
    send(&mut lms, HELD, "application/json", "", broken).await.expect(422);
    for kind in ["text/plain", "multipart/form-data; boundary=x", "application/octet-stream", ""] {
        send(&mut lms, HELD, kind, "", document(&[report(0, 2.0)])).await.expect(415);
    }
    send(&mut lms, HELD, "application/json", "text/html", document(&[report(0, 2.0)])).await.expect(406);
    get(&mut lms, &format!("{ADDRESS}/CA:A40000"), "image/png").await.expect(406);
    get(&mut lms, &format!("{ADDRESS}/status?CreditId=x"), "image/png").await.expect(406);
    assert_sound(&test, 0).await;
}

#[tokio::test]
async fn strange_values_are_problems_of_their_own_report() {
    let (test, mut lms) = ready().await;
    let mut long = report(1, 2.0);
    long["Member"]["Name"]["FamilyName"] = "x".repeat(200_000).into();
    let mut quoted = report(2, 2.0);
    quoted["XtensibleInfo"]["SubmissionID"] = "'; drop table completion; --".into();
    let mut script = report(3, 2.0);
    script["Member"]["Name"]["GivenName"] = "<script>alert(1)</script>".into();
    let mut nothing = report(4, 2.0);
    nothing["Activity"] = Value::Null;
    let many: Vec<Value> = (0..3_000).map(|n| json!({ "CreditReceived": { "numberOfCredits": n } })).collect();
    let mut stuffed = report(5, 2.0);
    stuffed["Activity"]["Module"]["CreditCertificate"] = many.into();
    let answer = post(&mut lms, &[long, quoted, script, nothing, json!({}), report(6, 2.0)]).await.expect(200).json();
    let told: Vec<&str> =
        answer["LearnerResults"].as_array().unwrap().iter().map(|one| one["result"].as_str().unwrap()).collect();
    // a strange first name beside the right license, last name and birthday is a strange first name
    assert_eq!(told, ["refused", "accepted", "accepted", "refused", "refused", "accepted"]);
    let answer = post(&mut lms, &[stuffed]).await;
    assert!(matches!(answer.status, 202 | 422), "{}", answer.status);
    assert_sound(&test, 3).await;
}

#[tokio::test]
async fn identifiers_and_cursors_are_data() {
    let (test, mut lms) = ready().await;
    for learner in ["CA:%27%20or%201=1--", "NPI:%00", "CA:..%2F..%2Fetc", "ABIM:%F0%9F%92%A9", &"A".repeat(3_000)] {
        get(&mut lms, &format!("{ADDRESS}/{learner}"), "*/*").await.expect(404);
    }
    for query in ["after=1", "after=%27", "limit=501", "limit=-1", "limit=x"] {
        let path = format!("{ADDRESS}/CA:A40000?{query}");
        get(&mut lms, &path, "*/*").await.expect(422);
    }
    let path = format!("{ADDRESS}/status?CreditId={}", "%27".repeat(300));
    assert_eq!(get(&mut lms, &path, "*/*").await.expect(200).json(), json!({ "LearnerStatuses": [] }));
    let bad_key = Request::post(HELD).header(header::CONTENT_TYPE, "application/json").header("idempotency-key", "a b");
    let answer = lms.send(bad_key.body(Body::from(document(&[report(0, 2.0)]))).unwrap()).await.expect(422).json();
    assert_eq!(answer["errors"][0]["field"], "Idempotency-Key");
    assert_sound(&test, 0).await;
}

#[tokio::test]
async fn more_than_the_server_takes_is_refused() {
    let test = TestApp::with(|config| config.upload_bytes = 200_000).await;
    testkit::records::fill(&test.app).await;
    let seat = Seat::Provider(people::provider_id(), ProviderRole::LearnerData);
    let mut lms = test.bearer(people::token(&test.app, "LMS", seat).await.expose());
    let many: Vec<Value> = (0..900).map(|n| report(n % 90, 2.0)).collect();
    for body in [document(&many), format!("{}{}", document(&[report(0, 2.0)]), " ".repeat(1_000_000))] {
        send(&mut lms, HELD, "application/json", "", body).await.expect(413);
    }
    assert_sound(&test, 0).await;
    let left: Vec<_> = std::fs::read_dir(test.app.config.uploads()).map(|all| all.collect()).unwrap_or_default();
    assert!(left.is_empty(), "nothing of it stays on the disk: {left:?}");
    post(&mut lms, &[report(0, 2.0)]).await.expect(201);
}
