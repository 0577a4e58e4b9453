//! Learner reports that are sent again, twice at once, or under an ID that stands for something else.

use axum::body::Body;
use axum::http::{Request, header};
use domain::access::ProviderRole;
use domain::upload::RowResult;
use futures::future::join_all;
use serde_json::{Value, json};
use testkit::records::{HEADER, row, work};
use testkit::{Answer, Part, Visitor, people};

use crate::learner_api::{
    HELD, assert_sound, document, first_code, post, program, ready, report, report_as, report_with_points, results,
    send,
};

async fn keyed(program: &mut Visitor, key: &str, body: &str) -> Answer {
    let request = Request::post(HELD).header(header::CONTENT_TYPE, "application/json").header("idempotency-key", key);
    program.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

fn deleted(mut report: Value) -> Value {
    report["XtensibleInfo"]["LearnerRecordAction"] = "delete".into();
    report
}

#[tokio::test]
async fn the_same_request_is_answered_as_the_first_time_and_another_with_its_key_is_refused() {
    let (test, mut lms) = ready().await;
    let sent = document(&[report(0, 2.0), report(1, 0.1)]);
    let first = keyed(&mut lms, "k1", &sent).await.expect(200);
    // what happened since changes nothing about what was answered then
    post(&mut lms, &[deleted(report(0, 2.0))]).await.expect(200);
    let again = keyed(&mut lms, "k1", &sent).await.expect(200);
    assert_eq!(again.text(), first.text());
    assert_sound(&test, 0).await;
    let other = keyed(&mut lms, "k1", &document(&[report(2, 2.0)])).await.expect(422);
    assert_eq!(other.json()["problems"][0]["code"], "idempotency_key_reused");
    assert_sound(&test, 0).await;
    // under another key it is another request, and so is another program's
    assert_eq!(results(&keyed(&mut lms, "k2", &sent).await.expect(200)), ["accepted", "refused"]);
    let mut second = program(&test, ProviderRole::LearnerData).await;
    assert_eq!(results(&keyed(&mut second, "k1", &sent).await.expect(200)), ["already_reported", "refused"]);
    // one that cannot be read uses up no key
    keyed(&mut lms, "k3", "{").await.expect(422);
    keyed(&mut lms, "k3", &document(&[report(3, 2.0)])).await.expect(201);
    // a long one is received once
    let long: Vec<Value> = (0..1_001).map(|n| report(n % 50, 2.0)).collect();
    let long = document(&long);
    let receipt = keyed(&mut lms, "k4", &long).await.expect(202);
    assert_eq!(keyed(&mut lms, "k4", &long).await.expect(202).text(), receipt.text());
    let other = keyed(&mut lms, "k4", &sent).await.expect(422);
    assert_eq!(other.json()["problems"][0]["code"], "idempotency_key_reused");
}

#[tokio::test]
async fn requests_at_once_put_nothing_on_record_twice() {
    let (test, lms) = ready().await;
    let sent = document(&(0..20).map(|n| report(n, 2.0)).collect::<Vec<_>>());
    let at_once = (0..8).map(|n| {
        let (mut program, sent) = (lms.clone(), sent.clone());
        async move {
            match n % 2 {
                0 => keyed(&mut program, "same", &sent).await,
                _ => send(&mut program, HELD, "application/json", "", sent).await,
            }
        }
    });
    let answers = join_all(at_once).await;
    let accepted: usize = answers
        .iter()
        .skip(1)
        .step_by(2)
        .chain(answers.first())
        .map(|answer| results(answer).iter().filter(|one| *one == "accepted").count())
        .sum();
    assert_eq!(accepted, 20, "each report was accepted by one request");
    let keyed: Vec<String> = answers.iter().step_by(2).map(Answer::text).collect();
    assert!(keyed.iter().all(|answer| answer == &keyed[0]), "{keyed:#?}");
    assert_sound(&test, 20).await;
}

#[tokio::test]
async fn an_id_stands_for_one_completion() {
    let (test, mut lms) = ready().await;
    post(&mut lms, &[report_as("ccid:lms:1", 1, 2.0)]).await.expect(201);
    assert_eq!(results(&post(&mut lms, &[report_as("ccid:lms:1", 1, 2.0)]).await.expect(200)), ["already_reported"]);
    let mut other_day = report_as("ccid:lms:1", 1, 2.0);
    other_day["Activity"]["Module"]["CompletedDateTime"] = "2026-11-01".into();
    for sent in [report_as("ccid:lms:1", 2, 2.0), other_day] {
        let refused = post(&mut lms, &[sent]).await.expect(422);
        assert_eq!(first_code(&refused), "identifier_repeated");
    }
    // another amount: both what it is and what the ID stands for
    let refused = post(&mut lms, &[report_as("ccid:lms:1", 1, 3.0)]).await.expect(422).json();
    let codes: Vec<&str> = refused["LearnerResults"][0]["problem"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["credit_differs", "identifier_repeated"]);
    // another provider's IDs are its own
    let mut stranger = crate::learner_api::stranger(&test).await;
    let mut own = report_as("ccid:lms:1", 2, 2.0);
    own["Activity"]["ProviderOrganization"] = people::OTHER_PROVIDER.into();
    own["Activity"]["Module"]["ModuleName"]["moduleID"] = testkit::records::OTHER_ACTIVITY.into();
    post(&mut stranger, &[own]).await.expect(201);
    // within one request too, and an ID is free once its record is withdrawn
    let both = [
        deleted(report(1, 2.0)),
        report_as("ccid:lms:1", 3, 2.0),
        report_as("ccid:lms:1", 4, 2.0),
        report_as("ccid:lms:1", 3, 2.0),
    ];
    let answer = post(&mut lms, &both).await.expect(200);
    assert_eq!(results(&answer), ["deleted", "accepted", "refused", "already_reported"]);
    assert_sound(&test, 2).await;
}

#[tokio::test]
async fn a_report_of_several_boards_is_one_content() {
    let (test, mut lms) = ready().await;
    // two CME credits of one learner are two rows under one ID, of which the second adds nothing new
    let mut sent = report_as("ccid:lms:7", 7, 2.0);
    let certificates = sent["Activity"]["Module"]["CreditCertificate"].as_array_mut().unwrap();
    certificates.push(json!({
        "UniqueID": { "domain": "ABIM", "value": testkit::records::physician(7).certifications[0].diplomate_id },
        "CreditReceived": { "activityCertification": "Medical Knowledge", "numberOfCredits": 2 },
        "CreditID": "ccid:lms:7"
    }));
    certificates.push(json!({
        "UniqueID": { "domain": "ABS", "value": "S-1" },
        "CreditReceived": { "activityCertification": "CME", "numberOfCredits": 2 },
        "CreditID": "ccid:lms:7"
    }));
    let answer = post(&mut lms, &[sent.clone()]).await.expect(200);
    assert_eq!(results(&answer), ["partly_accepted"], "{}", answer.text());
    let told = answer.json();
    let problems = told["LearnerResults"][0]["problem"].as_array().unwrap();
    assert!(problems.iter().all(|one| one["code"] != "identifier_repeated"), "{problems:?}");
    assert_eq!(told["LearnerResults"][0]["destination"].as_array().unwrap().len(), 2);
    // sent again, corrected: what is there stays, what was refused is taken
    sent["Activity"]["Module"]["CreditCertificate"].as_array_mut().unwrap().pop();
    assert_eq!(results(&post(&mut lms, &[sent]).await.expect(200)), ["already_reported"]);
    assert_sound(&test, 2).await;
}

#[tokio::test]
async fn a_file_repeats_no_id_for_something_else_either() {
    let (test, mut lms) = ready().await;
    let header = HEADER.replace('\n', "\tSubmission ID\n");
    let line = |n: usize, credits: &str, id: &str| row("Add", n, credits).replace('\n', &format!("\t{id}\n"));
    post(&mut lms, &[report_as("ccid:lms:1", 1, 2.0)]).await.expect(201);
    let learners = header
        + &line(1, "2", "ccid:lms:1")
        + &line(2, "2", "ccid:lms:1")
        + &line(3, "2", "F-3")
        + &line(3, "2", "F-3")
        + &line(4, "2", "F-3")
        + &line(5, "2", "");
    let parts = [Part::File("file", "a.txt", learners.as_bytes()), Part::Text("permission", "held")];
    let receipt = lms.post_multipart("/api/pars/v1/uploads", &parts).await.expect(202).json();
    work(&test.app).await;
    let scope = people::actor(&test.app, people::LEARNER_DATA).await.provider(ProviderRole::LearnerData).unwrap();
    let upload = receipt["id"].as_str().unwrap().parse().unwrap();
    let mut tx = test.app.store.read().await.unwrap();
    let rows = store::upload_rows::list_results(&mut tx, &scope, upload, 0, 100).await.unwrap();
    drop(tx);
    use RowResult::{Accepted, AlreadyReported, Refused};
    let told: Vec<RowResult> = rows.iter().map(|row| row.result).collect();
    assert_eq!(told, [AlreadyReported, Refused, Accepted, AlreadyReported, Refused, Accepted]);
    for refused in rows.iter().filter(|row| row.result == Refused) {
        let codes: Vec<_> = refused.problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, [domain::Code::IdentifierRepeated]);
    }
    assert_sound(&test, 3).await;
}

#[tokio::test]
async fn each_certificates_id_stands_for_the_completion() {
    let (test, mut lms) = ready().await;
    let both = |n: usize, cme: &str, points: &str| {
        let mut sent = report_with_points(n, 2.0);
        let certificates = sent["Activity"]["Module"]["CreditCertificate"].as_array_mut().unwrap();
        for (certificate, id) in certificates.iter_mut().zip([cme, points]) {
            if !id.is_empty() {
                certificate["CreditID"] = id.into();
            }
        }
        sent
    };
    post(&mut lms, &[both(1, "ccid:lms:cme", "ccid:lms:points")]).await.expect(201);
    for id in ["ccid:lms:cme", "ccid:lms:points"] {
        let lines = lms.get(&format!("/api/pars/v1/learner-activities/status?CreditId={id}")).await.expect(200).json();
        assert_eq!(lines["LearnerStatuses"].as_array().map(Vec::len), Some(2), "{id}: {lines}");
        let refused = post(&mut lms, &[report_as(id, 2, 2.0)]).await.expect(422);
        assert_eq!(first_code(&refused), "identifier_repeated", "{id}");
    }
    let same = post(&mut lms, &[both(1, "ccid:lms:cme", "ccid:lms:points")]).await.expect(200);
    assert_eq!(results(&same), ["already_reported"]);
    // points that come later, under an ID of their own
    post(&mut lms, &[report_as("ccid:lms:early", 3, 2.0)]).await.expect(201);
    post(&mut lms, &[both(3, "ccid:lms:early", "ccid:lms:late")]).await.expect(201);
    let refused = post(&mut lms, &[report_as("ccid:lms:late", 4, 2.0)]).await.expect(422);
    assert_eq!(first_code(&refused), "identifier_repeated");
    // what is withdrawn frees them all
    post(&mut lms, &[deleted(both(1, "", ""))]).await.expect(200);
    post(&mut lms, &[report_as("ccid:lms:points", 2, 2.0)]).await.expect(201);
    assert_sound(&test, 3).await;
}
