//! Years that are locked: nothing of them changes, by web service or by page, until the accreditor opens
//! them again.

use serde_json::Value;
use testkit::people::{self, ACCREDITOR, actor};
use testkit::{Answer, TestApp};

use crate::activity_api::{ADDRESS, FULL, course, document, get, post, ready};
use crate::activity_api_hostile::codes;

const JSON: &str = "application/json";

/// The accreditor locks all years up to this one.
async fn lock(test: &TestApp, year: i64) {
    let staff = actor(&test.app, ACCREDITOR).await;
    app::reference::put_setting(&test.app, &staff, "locked_year", year.into(), None).await.unwrap();
}

#[tokio::test]
async fn a_locked_year_takes_nothing_by_service_until_it_is_opened_again() {
    let (test, mut program) = ready().await;
    post(&mut program, JSON, "", FULL).await.expect(201);
    post(&mut program, JSON, "", document(&[course("H-1", "There before")])).await.expect(201);
    let before = get(&mut program, ADDRESS, JSON).await.expect(200).text();
    lock(&test, 2026).await;
    let change = |of: &str, action: &str| {
        let mut record = course(of, "Changed");
        record["XtensibleInfo"]["activityRecordAction"] = action.into();
        record
    };
    let mut closing = course("H-1", "There before");
    closing["XtensibleInfo"]["activityRecordAction"] = "Update".into();
    closing["XtensibleInfo"]["closeActivityRecord"] = true.into();
    let records = [change("H-2", "Add"), change("H-1", "Update"), change("H-1", "Delete"), closing];
    let answer: Answer = post(&mut program, JSON, "", document(&records)).await.expect(422);
    let answer = answer.json();
    for n in 0..records.len() {
        assert!(codes(&answer, n).contains(&"year_locked".to_owned()), "{n}: {answer}");
    }
    assert_eq!(get(&mut program, ADDRESS, JSON).await.expect(200).text(), before);
    // the next year is open
    let mut next = course("H-3", "Next year");
    for date in ["startDateTime", "endDateTime"] {
        next["healthcareMetadata"]["healthcareEducation"][date] = "2027-03-01".into();
    }
    post(&mut program, JSON, "", document(&[next])).await.expect(201);
    // opened again it takes what it refused
    lock(&test, 2025).await;
    let again = [change("H-2", "Add"), change("H-1", "Update")];
    let answer = post(&mut program, JSON, "", document(&again)).await.expect(200).json();
    let results: Vec<&Value> = answer["ActivityResults"].as_array().unwrap().iter().map(|one| &one["result"]).collect();
    assert_eq!(results, ["Added", "Updated"], "{answer}");
    post(&mut program, JSON, "", document(&[change("H-1", "Delete")])).await.expect(200);
}

const DRAFT: [(&str, &str); 5] = [
    ("version", "1"),
    ("title", "Care of the Heart"),
    ("format", "live_course"),
    ("starts_on", "2026-12-01"),
    ("ends_on", "2026-12-02"),
];

#[tokio::test]
async fn a_locked_year_takes_nothing_by_page_until_it_is_opened_again() {
    let (test, _) = ready().await;
    let mut editor = test.sign_in(people::EDITOR).await;
    let place = editor.post_form("/provider/activities/new", &DRAFT[1..]).await.expect(303);
    let place = place.location().trim_end_matches("?done=created").to_owned();
    let id = place.rsplit('/').next().unwrap().to_owned();
    let before = editor.get("/provider/activities/download").await.expect(200).text();
    lock(&test, 2026).await;
    let renamed = [&DRAFT[..1], &[("title", "Renamed")], &DRAFT[2..]].concat();
    let moved = [&DRAFT[..3], &[("starts_on", "2027-03-01"), ("ends_on", "2027-03-02")]].concat();
    for (path, typed) in [
        ("edit", &renamed),
        ("keep", &renamed),
        // not even out of the year
        ("edit", &moved),
        ("close", &renamed),
        ("reopen", &renamed),
        ("delete", &renamed),
    ] {
        let answer: Answer = editor.post_form(&format!("{place}/{path}"), typed).await;
        assert!(matches!(answer.status, 403 | 422), "{path}: {} {}", answer.status, answer.text());
        assert!(answer.text().contains("locked"), "{path}: {}", answer.text());
    }
    let new = editor.post_form("/provider/activities/new", &DRAFT[1..]).await;
    assert!(new.status == 422 && new.text().contains("2026 is locked"), "{} {}", new.status, new.text());
    let many = editor.post_form("/provider/activities/close", &[("ids", &*id)]).await.expect(200).text();
    assert!(many.contains("locked"), "{many}");
    assert_eq!(editor.get("/provider/activities/download").await.expect(200).text(), before);
    // a copy lies in the first open year, and the next year takes new ones
    editor.post_form(&format!("{place}/copy"), &[]).await.expect(303);
    editor.post_form("/provider/activities/new", &moved[1..]).await.expect(303);
    lock(&test, 2025).await;
    editor.post_form(&format!("{place}/edit"), &renamed).await.expect(303);
    assert!(editor.get(&place).await.expect(200).text().contains("Renamed"));
    editor.post_form(&format!("{place}/delete"), &[("version", "2")]).await.expect(303);
}
