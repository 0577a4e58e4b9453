//! Activities over the web services and the pages for files of them: good, hostile, foreign.

use axum::body::Body;
use axum::http::{Request, header};
use domain::access::{ProviderRole, Seat};
use serde_json::{Value, json};
use testkit::people::{self, other_provider_id, provider_id};
use testkit::records::{ACTIVITY, OTHER_ACTIVITY, work};
use testkit::{Answer, Part, TestApp, Visitor, records};

pub(crate) const ADDRESS: &str = "/api/pars/v1/activities";

pub(crate) async fn ready() -> (TestApp, Visitor) {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    let program = program(&test, Seat::Provider(provider_id(), ProviderRole::Editor)).await;
    (test, program)
}

pub(crate) async fn program(test: &TestApp, seat: Seat) -> Visitor {
    test.bearer(people::token(&test.app, "LMS", seat).await.expose())
}

pub(crate) async fn post(program: &mut Visitor, kind: &str, accept: &str, body: impl Into<Vec<u8>>) -> Answer {
    let mut request = Request::post(ADDRESS).header(header::CONTENT_TYPE, kind);
    if !accept.is_empty() {
        request = request.header(header::ACCEPT, accept);
    }
    program.send(request.body(Body::from(body.into())).unwrap()).await
}

pub(crate) async fn get(program: &mut Visitor, path: &str, accept: &str) -> Answer {
    program.send(Request::get(path).header(header::ACCEPT, accept).body(Body::empty()).unwrap()).await
}

/// A course with something in every field of its format.
pub(crate) const FULL: &str = r#"{"ACCMEActivities":{"MedicalEducationMetrics":[{
  "ActivityDescription": {"commercialSupportAmount": [
    {"currency": "USD", "supportSource": "Acme Pharma", "value": 5000}]},
  "Lom": {"general": {
    "identifier": [{"catalog": "Provider Activity ID", "entry": "FULL-1"},
                   {"catalog": "URL", "entry": "https://harborview.example/rhythm"}],
    "title": "Rhythm and Rest", "description": "What is new."}},
  "healthcareMetadata": {"healthcareEducation": {
    "credits": {"activityCertification": "AMA PRA Category 1", "numberOfCredits": 7.25,
                "nonAccreditedProvider": ["Heart Society"]},
    "activityLocation": {"city": "Reno", "stateOrProvince": "NV", "country": "USA"},
    "startDateTime": "2026-12-01T00:00:00", "endDateTime": "2026-12-02T00:00:00",
    "activitySponsorship": "joint", "activityFormat": "Live Course", "commercialSupport": true}},
  "participationMetrics": {"participantsByCategory": [
    {"category": "physician", "numberOfParticipants": 30},
    {"category": "non-physician", "numberOfParticipants": 0}]},
  "XtensibleInfo": {
    "InKindSupports": {"InKindSupport": [{"source": "Device Co"}]},
    "DeliveryMethods": {"DeliveryMethod": ["In-Person", "Live-Streamed"]},
    "MeasuredOutcomes": [{"MeasuredOutcome": "Learner Knowledge", "MeasurementType": ["Objective", "Subjective"]}],
    "MOCRegistrations": {"MOCRegistration": [{"boardName": "ABIM", "mocPoints": 7.25,
      "MOCCreditType": ["Medical Knowledge"]}]},
    "ForPublicList": true, "FeeForParticipation": "No, it’s free", "ActivityRegistration": "Open to all",
    "IsMeritBasedIncentivePaymentSystem": false, "activityRecordAction": "Add"}
}]}}"#;

/// A course as a vendor sends it.
pub(crate) fn course(internal_id: &str, title: &str) -> Value {
    json!({
        "ReportDescription": { "ReportingStartDate": "2026-12-01", "ReportingEndDate": "2026-12-02" },
        "ActivityDescription": { "commercialSupportAmount": [] },
        "Lom": { "general": {
            "identifier": [{ "catalog": "Provider Activity ID", "entry": internal_id }],
            "title": title, "description": "What is <new> & old." } },
        "healthcareMetadata": { "healthcareEducation": {
            "credits": { "activityCertification": "AMA PRA Category 1", "numberOfCredits": 7.25 },
            "startDateTime": "2026-12-01T00:00:00", "endDateTime": "2026-12-02T00:00:00",
            "activitySponsorship": "direct", "activityFormat": "Internet Live Course", "commercialSupport": false } },
        "participationMetrics": { "participantsByCategory": [] },
        "XtensibleInfo": { "ForPublicList": false, "activityRecordAction": "Add" }
    })
}

pub(crate) fn document(records: &[Value]) -> String {
    json!({ "ACCMEActivities": { "MedicalEducationMetrics": records } }).to_string()
}

#[tokio::test]
async fn an_activity_is_saved_and_read_back_in_both_formats() {
    let (_test, mut program) = ready().await;
    let sent = document(&[course("LMS-1", "Rhythm & <Rest>")]);
    let answer = post(&mut program, "application/json", "", sent.clone()).await.expect(201).json();
    let answer = &answer["ActivityResults"][0];
    assert_eq!((&answer["result"], &answer["number"]), (&"Added".into(), &1.into()));
    // an old name is translated with a warning
    assert_eq!(
        (&answer["problem"][0]["kind"], &answer["problem"][0]["code"]),
        (&"warning".into(), &"format_renamed".into())
    );
    let id = answer["activityId"].as_str().unwrap().to_owned();
    let read = get(&mut program, &format!("{ADDRESS}/{id}"), "application/json").await.expect(200);
    assert_eq!(read.header("content-type"), "application/json; charset=utf-8");
    let metrics = &read.json()["ACCMEActivities"]["MedicalEducationMetrics"][0];
    assert_eq!(metrics["Lom"]["general"]["title"], "Rhythm & <Rest>");
    let xml = get(&mut program, &format!("{ADDRESS}/{id}"), "application/xml").await.expect(200);
    assert_eq!(xml.header("content-type"), "application/xml; charset=utf-8");
    assert!(xml.text().contains("Rhythm &amp; &lt;Rest&gt;"), "{}", xml.text());
    // what was read can be sent again as it is, in either format
    for (kind, body) in [("application/json", read.body), ("text/xml; charset=utf-8", xml.body)] {
        let again = post(&mut program, kind, "application/json", body).await.expect(200).json();
        assert_eq!(again["ActivityResults"][0]["result"], "Unchanged", "{again}");
    }
    // a retry adds nothing
    let again = post(&mut program, "application/json", "application/xml", sent).await.expect(200);
    let text = again.text();
    assert!(
        text.contains("<result>Unchanged</result>") && text.contains(&format!("<activityId>{id}</activityId>")),
        "{text}"
    );
}

#[tokio::test]
async fn activities_are_found_by_internal_id_start_and_format() {
    let (_test, mut program) = ready().await;
    let mut later = course("LMS-2", "Later");
    later["healthcareMetadata"]["healthcareEducation"]["startDateTime"] = "2026-12-02".into();
    let sent = document(&[course("LMS-1", "First"), later, course("A&B=1", "Odd")]);
    post(&mut program, "application/json", "", sent).await.expect(201);
    let found = async |program: &mut Visitor, query: &str| -> Vec<String> {
        let answer = get(program, &format!("{ADDRESS}?{query}"), "application/json").await.expect(200).json();
        let list = answer["ACCMEActivities"]["MedicalEducationMetrics"].as_array().unwrap().clone();
        list.iter().map(|one| one["Lom"]["general"]["title"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(found(&mut program, "providerActivityId=LMS-1").await, ["First"]);
    assert_eq!(found(&mut program, "providerActivityId=A%26B%3D1").await, ["Odd"]);
    assert_eq!(found(&mut program, "activityStartDate=2026-12-02T00:00:00").await, ["Later"]);
    assert_eq!(
        found(&mut program, "activityTypeName=Live%20Course&activityStartDate=2026-12-01").await,
        ["First", "Odd"]
    );
    assert_eq!(found(&mut program, "activityTypeName=Enduring%20Material").await, ["Care of the Heart"]);
    assert_eq!(found(&mut program, "providerActivityId=none").await, [] as [String; 0]);
    for (query, field) in [
        ("activityStartDate=12-2026", "activityStartDate"),
        ("activityTypeName=Picnic", "activityTypeName"),
        ("activityStartDate=", "activityStartDate"),
        ("activityTypeName=", "activityTypeName"),
        ("page=0", "page"),
        ("page=", "page"),
    ] {
        let answer = get(&mut program, &format!("{ADDRESS}?{query}"), "application/json").await.expect(422).json();
        assert_eq!(answer["errors"][0]["field"], field);
    }
}

#[tokio::test]
async fn each_record_is_answered_with_code_place_and_remedy() {
    let (_test, mut program) = ready().await;
    let mut backwards = course("LMS-2", "Backwards");
    backwards["healthcareMetadata"]["healthcareEducation"]["endDateTime"] = "2026-11-30".into();
    let mut foreign = course("LMS-3", "Foreign");
    foreign["Lom"]["general"]["identifier"][0] = json!({ "catalog": "ACCME Activity ID", "entry": OTHER_ACTIVITY });
    foreign["XtensibleInfo"]["activityRecordAction"] = "Update".into();
    let sent = document(&[backwards.clone(), course("LMS-1", "Good"), foreign]);
    let answer = post(&mut program, "application/json", "", sent).await.expect(200).json();
    let results: Vec<&str> =
        answer["ActivityResults"].as_array().unwrap().iter().map(|one| one["result"].as_str().unwrap()).collect();
    assert_eq!(results, ["Refused", "Added", "Refused"]);
    let problem = |n: usize| {
        let problems = answer["ActivityResults"][n]["problem"].as_array().unwrap();
        problems.iter().find(|problem| problem["kind"] == "problem").unwrap()
    };
    assert_eq!(problem(0)["code"], "end_before_start");
    let place = problem(0)["place"].as_str().unwrap();
    assert!(
        place.ends_with("/MedicalEducationMetrics/0/healthcareMetadata/healthcareEducation/endDateTime"),
        "{place}"
    );
    assert_eq!(problem(0)["remedy"], "The end date must not be before the start date.");
    assert_eq!((&problem(2)["code"], &problem(2)["given"]), (&"activity_not_found".into(), &OTHER_ACTIVITY.into()));
    assert!(answer["ActivityResults"][2].get("activityId").is_none());
    // where nothing went in the status says so too
    post(&mut program, "application/json", "", document(&[backwards])).await.expect(422);
}

#[tokio::test]
async fn a_hostile_document_is_refused_whole_with_a_code() {
    let (test, mut program) = ready().await;
    let deep = format!("<ACCMEActivities><MedicalEducationMetrics>{}", "<a>".repeat(200_000));
    let good = document(&[course("LMS-1", "Good")]);
    let cut = good[..good.len() - 20].to_owned();
    let cases: [(&str, String, &str); 8] = [
        (
            "application/xml",
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><ACCMEActivities>&x;</ACCMEActivities>".into(),
            "document_type",
        ),
        ("application/xml", deep, "document_too_deep"),
        ("application/xml", "<ACCMEActivities/><ACCMEActivities/>".into(), "second_root"),
        ("application/xml", "<?xml version=\"1.0\" encoding=\"UTF-16\"?><ACCMEActivities/>".into(), "encoding_wrong"),
        ("application/xml", good.clone(), "document_malformed"),
        ("application/json", cut, "document_truncated"),
        ("application/json", String::new(), "file_empty"),
        ("application/json", "{\"ACCMEActivities\":{\"MedicalEducationMetrics\":[]}}".into(), "no_rows"),
    ];
    for (kind, body, code) in cases {
        let answer = post(&mut program, kind, "", body).await.expect(422);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let answer = answer.json();
        assert_eq!(answer["problems"][0]["code"], code, "{answer}");
        assert!(!answer["request_id"].as_str().unwrap().is_empty());
    }
    post(&mut program, "text/csv", "", good.clone()).await.expect(415);
    post(&mut program, "application/json", "text/html", good.clone()).await.expect(406);
    get(&mut program, &format!("{ADDRESS}/{ACTIVITY}"), "image/png").await.expect(406);
    let answer =
        get(&mut program, &format!("{ADDRESS}?providerActivityId=LMS-1"), "application/json").await.expect(200);
    assert_eq!(answer.json()["ACCMEActivities"]["MedicalEducationMetrics"], json!([]));
    let left = std::fs::read_dir(test.app.config.uploads()).map_or(0, Iterator::count);
    assert_eq!(left, 0, "a refused body stays on the disk");
    // what a record has wrong by itself stops no other: a key twice, an unknown field, a huge number
    let odd = good.replace("7.25", "1e999").replace("\"title\"", "\"Title\":\"x\",\"unheard\":{\"of\":1},\"title\"");
    let answer = post(&mut program, "application/json", "", odd).await.expect(422).json();
    let codes: Vec<&str> = answer["ActivityResults"][0]["problem"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["code"].as_str())
        .collect();
    assert!(codes.contains(&"amount_unreadable") && codes.contains(&"name_unknown"), "{codes:?}");
}

#[tokio::test]
async fn another_providers_activity_is_as_absent_as_none_and_weaker_roles_save_nothing() {
    let (test, _) = ready().await;
    let mut stranger = program(&test, Seat::Provider(other_provider_id(), ProviderRole::Owner)).await;
    for path in [ACTIVITY, "999999999", "nonsense", "files/00000000-0000-0000-0000-000000000000"] {
        get(&mut stranger, &format!("{ADDRESS}/{path}"), "application/json").await.expect(404);
    }
    let mut delete = course("", "x");
    delete["Lom"]["general"]["identifier"][0] = json!({ "catalog": "ACCME Activity ID", "entry": ACTIVITY });
    delete["XtensibleInfo"]["activityRecordAction"] = "Delete".into();
    let answer = post(&mut stranger, "application/json", "", document(&[delete])).await.expect(422).json();
    assert_eq!(answer["ActivityResults"][0]["problem"][0]["code"], "activity_not_found");
    for (seat, status) in [
        (Seat::Provider(provider_id(), ProviderRole::LearnerData), 403),
        (Seat::Provider(provider_id(), ProviderRole::Viewer), 403),
        (people::actor(&test.app, people::LICENSING_BOARD).await.seat, 403),
    ] {
        let mut weaker = program(&test, seat).await;
        let sent = document(&[course("LMS-1", "Not theirs")]);
        let answer = post(&mut weaker, "application/json", "", sent).await.expect(status);
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    let mut nobody = test.anonymous();
    post(&mut nobody, "application/json", "", document(&[course("LMS-1", "x")])).await.expect(401);
    let mut viewer = program(&test, Seat::Provider(provider_id(), ProviderRole::Viewer)).await;
    get(&mut viewer, &format!("{ADDRESS}/{ACTIVITY}"), "application/json").await.expect(200);
}

#[tokio::test]
async fn more_than_a_thousand_records_are_received_and_polled() {
    let (test, mut program) = ready().await;
    let thousand: Vec<Value> = (0..1_001).map(|n| course(&format!("LMS-{n}"), &format!("Course {n}"))).collect();
    let sent = document(&thousand);
    let answer = post(&mut program, "application/json", "", sent.clone()).await.expect(202);
    let url = answer.header("location").to_owned();
    assert_eq!(answer.json()["status"], "received");
    work(&test.app).await;
    let progress = program.get(&url).await.expect(200).json();
    assert_eq!(
        (&progress["status"], &progress["added"], &progress["refused"]),
        (&"done".into(), &1_001.into(), &0.into())
    );
    assert_eq!(progress["problems"][0]["code"], "format_renamed");
    let result = program.get(&format!("{url}/result?records=all")).await.expect(200).json();
    assert_eq!(result["ActivityResults"].as_array().unwrap().len(), 1_001);
    program.get(&format!("{url}/result?records=some")).await.expect(422);
    let again = post(&mut program, "application/json", "", sent).await.expect(200).json();
    assert_eq!(again["url"], url);
    let mut stranger = program_of_other(&test).await;
    stranger.get(&url).await.expect(404);
    stranger.get(&format!("{url}/result")).await.expect(404);
    // a page of them tells where the next one is
    let page = get(&mut program, ADDRESS, "application/json").await.expect(200);
    assert_eq!(page.header("link"), format!("<{ADDRESS}?page=2>; rel=\"next\""));
    let last = get(&mut program, &format!("{ADDRESS}?page=3"), "application/json").await.expect(200);
    assert_eq!(last.header("link"), "");
    assert_eq!(last.json()["ACCMEActivities"]["MedicalEducationMetrics"].as_array().unwrap().len(), 2);
}

pub(crate) async fn program_of_other(test: &TestApp) -> Visitor {
    program(test, Seat::Provider(other_provider_id(), ProviderRole::Owner)).await
}

const FILES: &str = "/provider/activities/files";

async fn upload(visitor: &mut Visitor, kind: &str, name: &str, bytes: &[u8]) -> Answer {
    let parts = [Part::File("file", name, bytes), Part::Text("kind", kind)];
    visitor.post_multipart(&format!("{FILES}/new"), &parts).await
}

#[tokio::test]
async fn a_file_is_sent_by_page_watched_and_its_result_taken_away() {
    let (test, _) = ready().await;
    let mut editor = test.sign_in(people::EDITOR).await;
    let mut odd = course("<script>alert(1)</script>", "Odd");
    odd["healthcareMetadata"]["healthcareEducation"]["endDateTime"] = "<b>never</b>".into();
    let sent = document(&[course("P-1", "Good"), odd]);
    let address =
        upload(&mut editor, "activities", "our.json", sent.as_bytes()).await.expect(303).location().to_owned();
    let waiting = editor.get(&address).await.expect(200).text();
    assert!(waiting.contains("Waiting for its turn") && waiting.contains("data-progress-url"), "{waiting}");
    work(&test.app).await;
    let fragment = editor.get(&format!("{address}/progress")).await.expect(200).text();
    assert!(fragment.contains("data-done") && !fragment.contains("<html"), "{fragment}");
    let shown = editor.get(&address).await.expect(200).text();
    assert!(shown.contains("All records are settled") && shown.contains("activity_date_unreadable"), "{shown}");
    assert!(
        shown.contains("Write a date that exists") && !shown.contains("<b>never") && !shown.contains("<script>alert")
    );
    let list = editor.get(FILES).await.expect(200).text();
    assert!(list.contains("our.json") && list.contains("Records refused"), "{list}");
    let refused = editor.get(&format!("{address}/result?records=refused")).await.expect(200);
    assert!(refused.header("content-disposition").contains("our-refused.json"));
    assert_eq!(refused.json()["ActivityResults"].as_array().unwrap().len(), 1);
    let again = upload(&mut editor, "activities", "again.json", sent.as_bytes()).await.expect(303);
    assert_eq!(again.location(), format!("{address}?seen=before"));
    let shown = editor.get(again.location()).await.expect(200).text();
    assert!(shown.contains("This file was sent before"));
    // another provider's file is as absent as none
    let mut stranger = test.sign_in(people::OTHER_OWNER).await;
    for path in ["", "/progress", "/result"] {
        stranger.get(&format!("{address}{path}")).await.expect(404);
    }
    assert!(!stranger.get(FILES).await.expect(200).text().contains("our.json"));
    // who may read sees it and is offered no sending
    let mut viewer = test.sign_in(people::VIEWER).await;
    viewer.get(&address).await.expect(200);
    assert!(!viewer.get(FILES).await.expect(200).text().contains("files/new"));
    upload(&mut viewer, "activities", "v.json", document(&[course("P-9", "No")]).as_bytes()).await.expect(403);
}

#[tokio::test]
async fn the_filtered_list_goes_out_in_every_format_and_in_again_unchanged() {
    let (test, mut program) = ready().await;
    let sent = document(&[course("D-1", "=Danger; \"quoted\""), course("D-2", "Plain"), course("D-3", "Other")]);
    post(&mut program, "application/json", "", sent).await.expect(201);
    let mut editor = test.sign_in(people::EDITOR).await;
    for (format, kind) in [
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("csv", "text/csv; charset=utf-8"),
        ("txt", "text/tab-separated-values; charset=utf-8"),
        ("xml", "application/xml; charset=utf-8"),
        ("json", "application/json; charset=utf-8"),
    ] {
        let file = editor.get(&format!("{FILES}/download?as={format}&format=live_course&q=d-")).await.expect(200);
        assert_eq!(file.header("content-type"), kind, "{format}");
        assert!(file.header("content-disposition").contains(&format!("activities-2026-11-23.{format}")));
        let name = format!("a.{format}");
        let address = upload(&mut editor, "activities", &name, &file.body).await.expect(303).location().to_owned();
        work(&test.app).await;
        let id = address.rsplit('/').next().unwrap();
        let progress = program.get(&format!("{ADDRESS}/files/{id}")).await.expect(200).json();
        assert_eq!((&progress["status"], &progress["unchanged"]), (&"done".into(), &3.into()), "{format}: {progress}");
    }
    editor.get(&format!("{FILES}/download?as=exe")).await.expect(404);
    let text = editor.get(&format!("{FILES}/download?as=txt&q=danger")).await.expect(200).text();
    assert!(!text.contains("\t=Danger") && text.contains("Danger"), "a cell starts a formula: {text}");
}

#[tokio::test]
async fn templates_are_read_as_files_and_what_is_no_file_says_why() {
    let (test, _) = ready().await;
    let mut editor = test.sign_in(people::EDITOR).await;
    for (name, kind) in [
        ("activities.xlsx", "activities"),
        ("activities.txt", "activities"),
        ("learner-counts.xlsx", "counts"),
        ("learner-counts.txt", "counts"),
    ] {
        let template = editor.get(&format!("{FILES}/templates/{name}")).await.expect(200);
        let address = upload(&mut editor, kind, name, &template.body).await.expect(303).location().to_owned();
        work(&test.app).await;
        let shown = editor.get(&address).await.expect(200).text();
        assert!(shown.contains("No activities in it"), "{name}: {shown}");
    }
    editor.get(&format!("{FILES}/templates/other.xlsx")).await.expect(404);
    for (name, bytes, words) in [
        ("empty.xml", &b""[..], "has no content"),
        ("picture.png", b"\x89PNG\r\n\x1a\n0000000000000000", "Send an Excel workbook"),
        ("", b"", "Choose the file that holds your activities."),
    ] {
        let answer = upload(&mut editor, "activities", name, bytes).await.expect(422).text();
        assert!(answer.contains(words), "{name}: {answer}");
    }
    let nothing = editor.post_multipart(&format!("{FILES}/new"), &[Part::Text("kind", "counts")]).await.expect(422);
    assert!(nothing.text().contains("value=\"counts\" checked"), "what was chosen is kept");
    let learners = records::file(0..2);
    let answer = upload(&mut editor, "activities", "learners.txt", learners.as_bytes()).await;
    let told = if answer.status == 303 {
        let address = answer.location().to_owned();
        work(&test.app).await;
        editor.get(&address).await.expect(200).text()
    } else {
        answer.expect(422).text()
    };
    assert!(told.contains("column") || told.contains("Column"), "{told}");
}
