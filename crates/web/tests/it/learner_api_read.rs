//! Learner records over the web services: read back, asked about, withdrawn, and absent for everybody else.

use axum::body::Body;
use axum::http::Request;
use domain::access::ProviderRole;
use domain::credit::CreditStatus;
use serde_json::{Value, json};
use testkit::people::{self, CERTIFYING_BOARD, LEARNER_DATA};
use testkit::records::{ACTIVITY, OTHER_ACTIVITY, physician};
use testkit::{Answer, Visitor};

use crate::learner_api::{
    ADDRESS, HELD, assert_sound, get, post, program, ready, report, report_as, report_with_points, results, send,
    stranger,
};

async fn delete(program: &mut Visitor, path: &str) -> Answer {
    program.send(Request::delete(path).body(Body::empty()).unwrap()).await
}

fn license(n: usize) -> String {
    format!("{ADDRESS}/CA:{}", physician(n).licenses[0].number)
}

#[tokio::test]
async fn a_learners_records_are_read_back_in_the_tree_in_which_they_were_sent() {
    let (_test, mut lms) = ready().await;
    let mut sent = report_with_points(5, 2.5);
    sent["Activity"]["Module"]["CreditCertificate"][0]["CreditID"] = "ccid:lms:5".into();
    let made = post(&mut lms, &[sent]).await.expect(201).json();
    let credit_id = made["LearnerResults"][0]["creditId"].clone();
    let board = format!("{ADDRESS}/ABIM:{}", physician(5).certifications[0].diplomate_id);
    for path in [license(5), license(5).replace("CA:", "ca:"), board] {
        let found = get(&mut lms, &path, "application/json").await.expect(200).json();
        let reports = &found["ACCMELearnerReports"]["ActivityReports"]["ActivityReport"];
        assert_eq!(reports.as_array().unwrap().len(), 1, "{found}");
        let report = &reports[0];
        assert_eq!(report["Member"]["Name"]["FamilyName"], physician(5).last);
        assert_eq!(report["Activity"]["Module"]["ModuleName"]["moduleID"], ACTIVITY);
        assert_eq!(report["Activity"]["Module"]["ModuleName"]["value"], "Care of the Heart");
        assert_eq!(report["Result"]["creditId"], credit_id);
        let places: Vec<&Value> =
            report["Result"]["destination"].as_array().unwrap().iter().map(|one| &one["status"]).collect();
        assert_eq!(places, ["Accepted", "Pending"]);
        // and can be sent again as it is
        let again = send(&mut lms, HELD, "application/json", "", found.to_string()).await.expect(200);
        assert_eq!(results(&again), ["already_reported"], "{}", again.text());
    }
    let xml = get(&mut lms, &license(5), "application/xml").await.expect(200);
    assert!(xml.text().contains("<CreditID>ccid:lms:5</CreditID>"), "{}", xml.text());
    let again = send(&mut lms, HELD, "application/xml", "application/json", xml.text()).await.expect(200);
    assert_eq!(results(&again), ["already_reported"]);
    let narrow = |query: &str| format!("{}?{query}", license(5));
    get(&mut lms, &narrow(&format!("moduleID={ACTIVITY}&CompletionDate=2026-11-02")), "*/*").await.expect(200);
    for query in ["CompletionDate=2026-11-03", "moduleID=202699999"] {
        get(&mut lms, &narrow(query), "*/*").await.expect(404);
    }
    for (query, field) in [("moduleID=1", "moduleID"), ("CompletionDate=never", "CompletionDate"), ("limit=0", "limit")]
    {
        let answer = get(&mut lms, &narrow(query), "*/*").await.expect(422).json();
        assert_eq!(answer["errors"][0]["field"], field);
    }
}

#[tokio::test]
async fn many_records_of_a_learner_come_page_by_page() {
    let (_test, mut lms) = ready().await;
    let on = |day: usize| {
        let mut report = report(7, 1.0);
        report["Activity"]["Module"]["CompletedDateTime"] = format!("2026-10-{day:02}").into();
        report
    };
    post(&mut lms, &(1..=5).map(on).collect::<Vec<_>>()).await.expect(201);
    let (mut seen, mut next) = (Vec::new(), format!("{}?limit=2", license(7)));
    for left in [2, 2, 1] {
        let page = get(&mut lms, &next, "application/json").await.expect(200);
        let reports = page.json()["ACCMELearnerReports"]["ActivityReports"]["ActivityReport"].clone();
        let days = reports.as_array().unwrap().iter().map(|one| one["Activity"]["Module"]["CompletedDateTime"].clone());
        let days: Vec<Value> = days.collect();
        assert_eq!(days.len(), left);
        seen.extend(days);
        let link = page.header("link");
        assert_eq!(link.is_empty(), left == 1);
        let query = link.trim_start_matches('<').split('>').next().unwrap();
        next = format!("{}{query}", license(7));
    }
    seen.sort_by_key(Value::to_string);
    seen.dedup();
    assert_eq!(seen.len(), 5);
}

#[tokio::test]
async fn what_others_reported_is_as_absent_as_nothing() {
    let (test, mut lms) = ready().await;
    post(&mut lms, &[report_as("ccid:lms:9", 9, 2.0)]).await.expect(201);
    let mut other = stranger(&test).await;
    let foreign = get(&mut other, &license(9), "application/json").await.expect(404);
    let nobody = get(&mut other, &format!("{ADDRESS}/CA:ZZ99999"), "application/json").await.expect(404);
    let words = |answer: &Answer| {
        let mut details = answer.json();
        details["request_id"] = Value::Null;
        details
    };
    assert_eq!(words(&foreign), words(&nobody));
    for learner in ["XX:1", "NPI:", "none", "CA:"] {
        let answer = get(&mut other, &format!("{ADDRESS}/{learner}"), "application/json").await.expect(404);
        assert_eq!(words(&answer), words(&nobody), "{learner}");
    }
    for path in [format!("{}?all=true", license(9)), format!("{ADDRESS}/CA:ZZ99999?all=true")] {
        assert_eq!(words(&delete(&mut other, &path).await.expect(404)), words(&nobody));
    }
    for query in [
        "CreditId=ccid:lms:9".to_owned(),
        format!(
            "moduleID={ACTIVITY}&BirthDate={}&CompletionDate=2026-11-02&UniqueID=CA:{}",
            physician(9).birth.unwrap(),
            physician(9).licenses[0].number
        ),
    ] {
        let path = format!("{ADDRESS}/status?{query}");
        assert_eq!(get(&mut other, &path, "*/*").await.expect(200).json(), json!({ "LearnerStatuses": [] }));
        let own = get(&mut lms, &path, "*/*").await.expect(200).json();
        assert_eq!(own["LearnerStatuses"].as_array().unwrap().len(), 1, "{own}");
    }
    // its own activity, another provider's learner: the same physician is two records
    let mut own = report(9, 2.0);
    own["Activity"]["ProviderOrganization"] = people::OTHER_PROVIDER.into();
    own["Activity"]["Module"]["ModuleName"]["moduleID"] = OTHER_ACTIVITY.into();
    post(&mut other, &[own]).await.expect(201);
    let found = get(&mut other, &license(9), "application/json").await.expect(200).text();
    assert!(found.contains(OTHER_ACTIVITY) && !found.contains(ACTIVITY), "{found}");
    assert_sound(&test, 2).await;
}

#[tokio::test]
async fn a_status_says_what_each_destination_says() {
    let (test, mut lms) = ready().await;
    let mut sent = report_with_points(3, 2.0);
    sent["Activity"]["Module"]["CreditCertificate"][0]["CreditID"] = "ccid:lms:3".into();
    let made = post(&mut lms, &[sent]).await.expect(201).json();
    let ours = made["LearnerResults"][0]["creditId"].as_str().unwrap().to_owned();
    let scope = people::actor(&test.app, LEARNER_DATA).await.provider(ProviderRole::LearnerData).unwrap();
    let completion = ours.rsplit(':').next().unwrap().parse().unwrap();
    let mut tx = test.app.store.read().await.unwrap();
    let standings = store::submissions::standings(&mut tx, &scope, &[completion]).await.unwrap();
    drop(tx);
    let credit = standings[&completion].iter().find(|one| one.kind.board().is_some()).unwrap().credit;
    let board = people::actor(&test.app, CERTIFYING_BOARD).await;
    let reason = "Name and diplomate ID do not agree";
    app::decisions::decide(&test.app, &board, credit, CreditStatus::Rejected, reason).await.unwrap();
    let by_learner = format!(
        "moduleID={ACTIVITY}&BirthDate=1980-{}&CompletionDate=2026-11-02T00:00:00&UniqueID=ABIM:{}",
        physician(3).birth.unwrap().to_string().replace('/', "-"),
        physician(3).certifications[0].diplomate_id
    );
    for query in ["CreditId=ccid:lms:3".to_owned(), format!("CreditId={ours}"), by_learner] {
        let told = get(&mut lms, &format!("{ADDRESS}/status?{query}"), "application/json").await.expect(200).json();
        let list = told["LearnerStatuses"].as_array().unwrap();
        assert_eq!(list.len(), 2, "{query}: {told}");
        assert_eq!(
            (&list[0]["destination"]["name"], &list[0]["destination"]["status"]),
            (&"CME".into(), &"Accepted".into())
        );
        let second = &list[1];
        assert_eq!(
            (&second["destination"]["name"], &second["destination"]["status"]),
            (&"ABIM".into(), &"Rejected".into())
        );
        assert_eq!(second["destination"]["reason"], reason);
        assert_eq!((&second["creditId"], &second["submissionId"]), (&ours.as_str().into(), &"ccid:lms:3".into()));
        assert_eq!((&second["moduleID"], &second["completionDate"]), (&ACTIVITY.into(), &"2026-11-02".into()));
    }
    let xml = get(&mut lms, &format!("{ADDRESS}/status?CreditId=ccid:lms:3"), "text/xml").await.expect(200).text();
    assert!(xml.contains("<destination><name>ABIM</name><status>Rejected</status><reason>"), "{xml}");
    for (query, field) in [
        ("", "CreditId"),
        ("moduleID=202600001&BirthDate=01/01&CompletionDate=2026-11-02", "CreditId"),
        ("moduleID=x&BirthDate=01/01&CompletionDate=2026-11-02&UniqueID=CA:1", "moduleID"),
        ("moduleID=202600001&BirthDate=31/31&CompletionDate=2026-11-02&UniqueID=CA:1", "BirthDate"),
        ("moduleID=202600001&BirthDate=01/01&CompletionDate=soon&UniqueID=CA:1", "CompletionDate"),
        ("moduleID=202600001&BirthDate=01/01&CompletionDate=2026-11-02&UniqueID=1", "UniqueID"),
    ] {
        let answer = get(&mut lms, &format!("{ADDRESS}/status?{query}"), "*/*").await.expect(422).json();
        assert_eq!(answer["errors"][0]["field"], field, "{query}");
    }
}

#[tokio::test]
async fn a_learners_records_are_withdrawn_as_deletions() {
    let (test, mut lms) = ready().await;
    let mut other_day = report(4, 1.0);
    other_day["Activity"]["Module"]["CompletedDateTime"] = "2026-10-01".into();
    post(&mut lms, &[report_with_points(4, 2.0), other_day, report(5, 2.0)]).await.expect(201);
    let bare = delete(&mut lms, &license(4)).await.expect(422).json();
    assert_eq!(bare["errors"][0]["field"], "all");
    delete(&mut lms, &format!("{}?all=perhaps", license(4))).await.expect(422);
    let answer = delete(&mut lms, &format!("{}?CompletionDate=2026-10-01", license(4))).await.expect(200);
    assert_eq!(results(&answer), ["deleted"]);
    let answer = delete(&mut lms, &format!("{}?all=true", license(4))).await.expect(200);
    assert_eq!(results(&answer), ["deleted"]);
    assert!(answer.json()["LearnerResults"][0].get("destination").is_none());
    // gone is gone, and the board hears of it
    delete(&mut lms, &format!("{}?all=true", license(4))).await.expect(404);
    get(&mut lms, &license(4), "*/*").await.expect(404);
    let events = "select kind from event where board = 'ABIM' order by event_seq";
    assert_eq!(testkit::database::texts(&test.address, events).await, ["credit.reported", "credit.withdrawn"]);
    get(&mut lms, &license(5), "*/*").await.expect(200);
    assert_sound(&test, 1).await;
    let mut viewer = program(&test, ProviderRole::Viewer).await;
    delete(&mut viewer, &format!("{}?all=true", license(5))).await.expect(403);
    get(&mut viewer, &license(5), "*/*").await.expect(200);
}
