//! Requests that are sent again, because an answer got lost: done once, answered as before.

use axum::body::Body;
use axum::http::{Request, header};
use domain::access::{ProviderRole, Seat};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::people::{self, provider_id};
use testkit::records::{file, row, work};
use testkit::{Answer, Part, TestApp, Visitor};

use crate::activity_api::{ADDRESS, course, document, get, post, program, program_of_other, ready};

async fn send(program: &mut Visitor, key: &str, body: &str) -> Answer {
    let request =
        Request::post(ADDRESS).header(header::CONTENT_TYPE, "application/json").header("idempotency-key", key);
    program.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

/// Titles of all activities but the one that was there.
async fn titles(program: &mut Visitor) -> Vec<String> {
    let answer = get(program, ADDRESS, "application/json").await.expect(200).json();
    let all = answer["ACCMEActivities"]["MedicalEducationMetrics"].as_array().unwrap().clone();
    let mut titles: Vec<String> =
        all.iter().map(|one| one["Lom"]["general"]["title"].as_str().unwrap().to_owned()).collect();
    titles.retain(|title| title != "Care of the Heart");
    titles.sort();
    titles
}

fn code(answer: &Answer) -> Value {
    answer.json()["problems"][0]["code"].clone()
}

#[tokio::test]
async fn the_same_request_is_answered_as_the_first_time_and_another_with_its_key_is_refused() {
    let (test, mut lms) = ready().await;
    let sent = document(&[course("K-1", "Once")]);
    let first = send(&mut lms, "a1", &sent).await.expect(201);
    let id = first.json()["ActivityResults"][0]["activityId"].as_str().unwrap().to_owned();
    // what happened to the activity since changes nothing about what was answered then
    let mut delete = course("K-1", "Once");
    delete["XtensibleInfo"]["activityRecordAction"] = "Delete".into();
    post(&mut lms, "application/json", "", document(&[delete])).await.expect(200);
    let again = send(&mut lms, "a1", &sent).await.expect(201);
    assert_eq!(again.text(), first.text());
    assert_eq!(titles(&mut lms).await, [] as [String; 0]);
    let other = send(&mut lms, "a1", &document(&[course("K-2", "Other")])).await.expect(422);
    assert_eq!(other.header("content-type"), "application/problem+json");
    assert_eq!(code(&other), "idempotency_key_reused");
    assert_eq!(titles(&mut lms).await, [] as [String; 0]);
    // under another key, or without one, it is another request
    let anew = send(&mut lms, "a2", &sent).await.expect(201).json();
    assert_ne!(anew["ActivityResults"][0]["activityId"], id);
    let without = post(&mut lms, "application/json", "", sent.clone()).await.expect(200).json();
    assert_eq!(without["ActivityResults"][0]["result"], "Unchanged");
    // another program's keys are its own, of this provider or another
    let seat = Seat::Provider(provider_id(), ProviderRole::Editor);
    let own = send(&mut program(&test, seat).await, "a1", &sent).await.expect(200).json();
    assert_eq!(own["ActivityResults"][0]["result"], "Unchanged");
    let theirs = send(&mut program_of_other(&test).await, "a1", &sent).await.expect(201).json();
    assert_eq!(theirs["ActivityResults"][0]["result"], "Added");
}

#[tokio::test]
async fn refusals_of_records_are_kept_and_what_cannot_be_read_uses_up_no_key() {
    let (_test, mut lms) = ready().await;
    let mut odd = course("K-1", "Backwards");
    odd["healthcareMetadata"]["healthcareEducation"]["endDateTime"] = "2026-11-30".into();
    let sent = document(&[odd]);
    let first = send(&mut lms, "b1", &sent).await.expect(422);
    assert_eq!(send(&mut lms, "b1", &sent).await.expect(422).text(), first.text());
    send(&mut lms, "b2", "{").await.expect(422);
    send(&mut lms, "b2", &document(&[course("K-2", "Good")])).await.expect(201);
    for key in ["", "two words", "caf\u{e9}", &"k".repeat(256)] {
        let answer = send(&mut lms, key, &document(&[course("K-3", "No")])).await.expect(422).json();
        assert_eq!(answer["errors"][0]["field"], "Idempotency-Key", "{key}");
    }
    let twice = Request::post(ADDRESS)
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", "b3")
        .header("idempotency-key", "b4")
        .body(Body::from(document(&[course("K-3", "No")])))
        .unwrap();
    lms.send(twice).await.expect(422);
    assert_eq!(titles(&mut lms).await, ["Good"]);
    send(&mut lms, &"k".repeat(255), &document(&[course("K-4", "Long")])).await.expect(201);
}

#[tokio::test]
async fn two_at_once_with_one_key_are_one() {
    let (_test, lms) = ready().await;
    for round in 0..8 {
        let (key, id) = (format!("c{round}"), format!("K-{round}"));
        let sent = document(&[course(&id, &id)]);
        let mut clients: Vec<Visitor> = (0..4).map(|_| lms.clone()).collect();
        let all = futures::future::join_all(clients.iter_mut().map(|one| send(one, &key, &sent))).await;
        let first = all[0].text();
        for answer in all {
            assert_eq!(answer.expect(201).text(), first);
        }
        // two different ones: one is done, the other refused, and never both
        let (key, mut one, mut two) = (format!("d{round}"), lms.clone(), lms.clone());
        let left = document(&[course(&format!("L-{round}"), "Left")]);
        let right = document(&[course(&format!("R-{round}"), "Right")]);
        let (left, right) = futures::join!(send(&mut one, &key, &left), send(&mut two, &key, &right));
        let mut statuses = [left.status, right.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 422]);
        let refused = if left.status == 422 { left } else { right };
        assert_eq!(code(&refused), "idempotency_key_reused");
    }
    let titles = titles(&mut lms.clone()).await;
    assert_eq!(titles.len(), 16, "{titles:?}");
}

#[tokio::test]
async fn files_of_many_records_are_received_once() {
    let (test, mut lms) = ready().await;
    let many: Vec<Value> = (0..1_001).map(|n| course(&format!("F-{n}"), &format!("Course {n}"))).collect();
    let sent = document(&many);
    let first = send(&mut lms, "e1", &sent).await.expect(202);
    work(&test.app).await;
    let again = send(&mut lms, "e1", &sent).await.expect(202);
    assert_eq!((again.text(), again.header("location")), (first.text(), first.header("location")));
    let other = send(&mut lms, "e1", &sent.replace("Course 7\"", "Course VII\"")).await.expect(422);
    assert_eq!(code(&other), "idempotency_key_reused");
    // without a key, or with another, the same bytes are the earlier file
    let seen = send(&mut lms, "e2", &sent).await.expect(200).json();
    assert_eq!((&seen["id"], &seen["status"]), (&first.json()["id"], &json!("done")));
    let left = std::fs::read_dir(test.app.config.uploads()).map_or(0, Iterator::count);
    assert_eq!(left, 1, "bytes of refused or repeated requests stay on the disk");
}

#[tokio::test]
async fn an_answer_of_megabytes_is_kept_and_given_again() {
    let (_test, mut lms) = ready().await;
    let strange = |n: usize| {
        let mut record = course(&format!("M-{n}"), &format!("Course {n}"));
        for m in 0..10 {
            record["XtensibleInfo"][format!("unheard{m}")] = "of".into();
        }
        record
    };
    let sent = document(&(0..1_000).map(strange).collect::<Vec<_>>());
    let first = send(&mut lms, "m1", &sent).await.expect(201).text();
    assert!(first.len() > 2_000_000, "{}", first.len());
    assert_eq!(send(&mut lms, "m1", &sent).await.expect(201).text(), first);
    assert_eq!(titles(&mut lms).await.len(), 499, "a page of them");
}

async fn upload(program: &mut Visitor, sent: &str) -> Answer {
    let parts = [Part::File("file", "learners.txt", sent.as_bytes()), Part::Text("permission", "held")];
    program.post_multipart("/api/pars/v1/uploads", &parts).await
}

#[tokio::test]
async fn uploads_of_learners_take_a_key_too() {
    let (test, mut lms) = ready().await;
    lms.set_header("idempotency-key", "u1");
    let sent = file(0..3);
    let first = upload(&mut lms, &sent).await.expect(202);
    work(&test.app).await;
    assert_eq!(upload(&mut lms, &sent).await.expect(202).text(), first.text());
    let other = upload(&mut lms, &(sent.clone() + &row("Add", 9, "2"))).await.expect(422);
    assert_eq!(code(&other), "idempotency_key_reused");
    // nor may a document of activities have the key of an upload
    let activities = post(&mut lms, "application/json", "", document(&[course("K-1", "No")])).await.expect(422);
    assert_eq!(code(&activities), "idempotency_key_reused");
    lms.set_header("idempotency-key", "u2");
    assert_eq!(upload(&mut lms, &sent).await.expect(200).json()["id"], first.json()["id"]);
    lms.set_header("idempotency-key", "u3");
    let mut clients: Vec<Visitor> = (0..4).map(|_| lms.clone()).collect();
    let new = file(3..6);
    let all = futures::future::join_all(clients.iter_mut().map(|one| upload(one, &new))).await;
    let first = all[0].text();
    for answer in all {
        assert_eq!(answer.expect(202).text(), first);
    }
    let left = std::fs::read_dir(test.app.config.uploads()).map_or(0, Iterator::count);
    assert_eq!(left, 2);
}

#[tokio::test]
async fn answers_are_kept_for_a_week_and_then_forgotten() {
    let (test, mut lms) = ready().await;
    let sent = document(&[course("K-1", "Once")]);
    send(&mut lms, "f1", &sent).await.expect(201);
    test.app.clock.advance(SignedDuration::from_hours(7 * 24 - 1));
    app::tidy::tidy(&test.app).await.unwrap();
    send(&mut lms, "f1", &sent).await.expect(201);
    test.app.clock.advance(SignedDuration::from_hours(2));
    app::tidy::tidy(&test.app).await.unwrap();
    // by its internal ID the record is still the activity that it became
    let answer = send(&mut lms, "f1", &sent).await.expect(200).json();
    assert_eq!(answer["ActivityResults"][0]["result"], "Unchanged");
}

#[tokio::test]
async fn only_who_may_save_learns_what_a_key_stands_for() {
    let (test, mut lms) = ready().await;
    let sent = document(&[course("K-1", "Once")]);
    send(&mut lms, "g1", &sent).await.expect(201);
    for seat in [
        Seat::Provider(provider_id(), ProviderRole::Viewer),
        people::actor(&test.app, people::LICENSING_BOARD).await.seat,
    ] {
        send(&mut program(&test, seat).await, "g1", &sent).await.expect(403);
    }
    send(&mut TestApp::anonymous(&test), "g1", &sent).await.expect(401);
}
