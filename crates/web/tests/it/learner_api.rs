//! Learner reports over the web services: submitted, answered, corrected.

use axum::body::Body;
use axum::http::{Request, header};
use domain::access::{ProviderRole, Seat};
use serde_json::{Value, json};
use testkit::people::{self, LEARNER_DATA, other_provider_id, provider_id};
use testkit::records::{self, ACTIVITY, file, physician, work};
use testkit::{Answer, Part, TestApp, Visitor};

pub(crate) const ADDRESS: &str = "/api/pars/v1/learner-activities";
pub(crate) const HELD: &str = "/api/pars/v1/learner-activities?permission=held";

pub(crate) async fn ready() -> (TestApp, Visitor) {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    let program = program(&test, ProviderRole::LearnerData).await;
    (test, program)
}

pub(crate) async fn program(test: &TestApp, role: ProviderRole) -> Visitor {
    let token = people::token(&test.app, "LMS", Seat::Provider(provider_id(), role)).await;
    test.bearer(token.expose())
}

/// A program of the other provider, which may do everything there.
pub(crate) async fn stranger(test: &TestApp) -> Visitor {
    let token = people::token(&test.app, "Other", Seat::Provider(other_provider_id(), ProviderRole::Owner)).await;
    test.bearer(token.expose())
}

pub(crate) async fn send(program: &mut Visitor, address: &str, kind: &str, accept: &str, body: String) -> Answer {
    let mut request = Request::post(address).header(header::CONTENT_TYPE, kind);
    if !accept.is_empty() {
        request = request.header(header::ACCEPT, accept);
    }
    program.send(request.body(Body::from(body)).unwrap()).await
}

pub(crate) async fn post(program: &mut Visitor, reports: &[Value]) -> Answer {
    send(program, HELD, "application/json", "", document(reports)).await
}

pub(crate) async fn get(program: &mut Visitor, path: &str, accept: &str) -> Answer {
    program.send(Request::get(path).header(header::ACCEPT, accept).body(Body::empty()).unwrap()).await
}

pub(crate) fn document(reports: &[Value]) -> String {
    json!({ "ACCMELearnerReports": { "ActivityReports": { "ActivityReport": reports } } }).to_string()
}

/// CME credit of the n-th physician.
pub(crate) fn report(n: usize, credits: f64) -> Value {
    let person = physician(n);
    json!({
        "Member": {
            "Name": { "GivenName": person.first, "FamilyName": person.last },
            "PersonalInfo": { "BirthDate": person.birth.unwrap().to_string() }
        },
        "Activity": { "ProviderOrganization": people::PROVIDER, "Module": {
            "ModuleName": { "moduleID": ACTIVITY },
            "CompletedDateTime": "2026-11-02T23:59:00-08:00",
            "CreditCertificate": [certificate(n, credits, "")]
        } },
        "XtensibleInfo": { "LearnerRecordAction": "add" }
    })
}

fn certificate(n: usize, credits: f64, id: &str) -> Value {
    let mut certificate = json!({
        "UniqueID": { "domain": "CA", "value": physician(n).licenses[0].number },
        "CreditReceived": { "activityCertification": "AMA PRA Category 1", "numberOfCredits": credits }
    });
    if !id.is_empty() {
        certificate["CreditID"] = id.into();
    }
    certificate
}

/// As [`report`], with a CreditID of the sender's own.
pub(crate) fn report_as(id: &str, n: usize, credits: f64) -> Value {
    let mut report = report(n, credits);
    report["Activity"]["Module"]["CreditCertificate"] = json!([certificate(n, credits, id)]);
    report
}

/// As [`report`], with ABIM points beside.
pub(crate) fn report_with_points(n: usize, credits: f64) -> Value {
    let mut report = report(n, credits);
    let points = json!({
        "UniqueID": { "domain": "ABIM", "value": physician(n).certifications[0].diplomate_id },
        "CreditReceived": { "activityCertification": "Medical Knowledge", "numberOfCredits": credits }
    });
    report["Activity"]["Module"]["CreditCertificate"].as_array_mut().unwrap().push(points);
    report
}

pub(crate) fn results(answer: &Answer) -> Vec<String> {
    let answer = answer.json();
    let results = answer["LearnerResults"].as_array().unwrap();
    results.iter().map(|one| one["result"].as_str().unwrap().to_owned()).collect()
}

pub(crate) fn first_code(answer: &Answer) -> Value {
    answer.json()["LearnerResults"][0]["problem"][0]["code"].clone()
}

/// The record proves itself.
pub(crate) async fn assert_sound(test: &TestApp, credits: i64) {
    let key = test.app.ledger.signer().verifying_key();
    let report = app::verify::run(&test.app.store, &key, &|_, _| {}).await.unwrap();
    assert!(report.is_sound(), "{:#?}", report.faults);
    let live = "select cast(count(*) as text) from credit where withdrawn_at is null";
    assert_eq!(testkit::database::texts(&test.address, live).await, [credits.to_string()]);
}

#[tokio::test]
async fn reports_are_settled_one_by_one_and_answered_in_order() {
    let (test, mut lms) = ready().await;
    let answer = post(&mut lms, &[report(0, 2.0), report_with_points(1, 2.5)]).await.expect(201);
    assert_eq!(answer.header("content-type"), "application/json; charset=utf-8");
    let told = answer.json();
    let second = &told["LearnerResults"][1];
    assert_eq!((&second["number"], &second["result"]), (&2.into(), &"accepted".into()));
    assert!(second["creditId"].as_str().unwrap().starts_with("ccid:0001234:"));
    let places: Vec<(&str, &str, f64)> = second["destination"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let word = |name: &str| one[name].as_str().unwrap();
            (word("name"), word("status"), one["numberOfCredits"].as_f64().unwrap())
        })
        .collect();
    assert_eq!(places, [("CME", "Accepted", 2.5), ("ABIM", "Pending", 2.5)]);
    // good and bad together: each for itself, in order
    let mut gone = report(0, 2.0);
    gone["XtensibleInfo"]["LearnerRecordAction"] = "delete".into();
    let mixed = [report(1, 2.5), report(2, 0.1), gone, report(3, 1.0), report(4, 11.0)];
    let answer = post(&mut lms, &mixed).await.expect(200);
    assert_eq!(results(&answer), ["already_reported", "refused", "deleted", "accepted", "refused"]);
    let told = answer.json();
    let problem = &told["LearnerResults"][1]["problem"][0];
    assert_eq!((&problem["kind"], &problem["code"]), (&"problem".into(), &"amount_not_a_quarter".into()));
    assert_eq!((&problem["field"], &problem["given"]), (&"Number of CME Credits".into(), &"0.1".into()));
    assert!(problem["place"].as_str().unwrap().contains("/numberOfCredits"), "{problem}");
    for part in ["message", "remedy"] {
        assert!(problem[part].as_str().unwrap().ends_with('.'), "{problem}");
    }
    let refused = post(&mut lms, &[report(2, 0.1)]).await.expect(422);
    assert_eq!(results(&refused), ["refused"]);
    assert_sound(&test, 3).await;
}

#[tokio::test]
async fn json_and_xml_mean_the_same_whichever_way_they_go() {
    let (test, mut lms) = ready().await;
    let xml = |n: usize| {
        let person = physician(n);
        format!(
            "<ACCMELearnerReports><ActivityReports><ActivityReport><Member><Name><GivenName>{}</GivenName>\
             <FamilyName>{}</FamilyName></Name><PersonalInfo><BirthDate>{}</BirthDate></PersonalInfo></Member>\
             <Activity><Module><ModuleName moduleID=\"{ACTIVITY}\"/><CompletedDateTime>2026-11-02</CompletedDateTime>\
             <CreditCertificate><UniqueID domain=\"CA\">{}</UniqueID><CreditReceived>\
             <activityCertification>AMA PRA Category 1</activityCertification><numberOfCredits>2</numberOfCredits>\
             </CreditReceived></CreditCertificate></Module><Odd/></Activity>\
             <XtensibleInfo><LearnerRecordAction>Add</LearnerRecordAction></XtensibleInfo>\
             </ActivityReport></ActivityReports></ACCMELearnerReports>",
            person.first,
            person.last,
            person.birth.unwrap(),
            person.licenses[0].number
        )
    };
    let answer = send(&mut lms, HELD, "text/xml; charset=utf-8", "", xml(0)).await.expect(201);
    assert_eq!(answer.header("content-type"), "application/xml; charset=utf-8");
    let text = answer.text();
    assert!(text.contains("<result>accepted</result>") && text.contains("<creditId>ccid:0001234:"), "{text}");
    assert!(text.contains("<name>CME</name><status>Accepted</status><numberOfCredits>2</numberOfCredits>"), "{text}");
    assert!(text.contains("<kind>warning</kind>") && text.contains("“Odd”"), "{text}");
    // what XML put on record JSON finds there
    let answer = post(&mut lms, &[report(0, 2.0)]).await.expect(200);
    assert_eq!(results(&answer), ["already_reported"]);
    let answer = send(&mut lms, HELD, "application/xml", "application/json", xml(1)).await.expect(201);
    assert_eq!(results(&answer), ["accepted"]);
    // and a file
    let learners = file(0..2);
    let parts = [Part::File("file", "a.txt", learners.as_bytes()), Part::Text("permission", "held")];
    let receipt = lms.post_multipart("/api/pars/v1/uploads", &parts).await.expect(202).json();
    work(&test.app).await;
    let progress = lms.get(receipt["url"].as_str().unwrap()).await.expect(200).json();
    assert_eq!((&progress["already_reported"], &progress["refused"]), (&2.into(), &0.into()));
}

#[tokio::test]
async fn permission_must_be_stated() {
    let (test, mut lms) = ready().await;
    for address in [ADDRESS, "/api/pars/v1/learner-activities?permission=yes"] {
        let answer = send(&mut lms, address, "application/json", "", document(&[report(0, 2.0)])).await.expect(422);
        assert_eq!(answer.json()["errors"][0]["field"], "permission");
    }
    assert_sound(&test, 0).await;
}

#[tokio::test]
async fn refused_reports_of_a_request_wait_to_be_corrected_on_screen() {
    let (test, mut lms) = ready().await;
    let answer = post(&mut lms, &[report(0, 2.0), report(1, 0.1)]).await.expect(200).json();
    let id = answer["uploadId"].as_str().unwrap();
    let mut person = test.sign_in(LEARNER_DATA).await;
    let list = person.get("/provider/uploads").await.expect(200).text();
    assert!(list.contains(&format!("/provider/uploads/{id}")) && list.contains("request.json"), "{list}");
    let page = person.get(&format!("/provider/uploads/{id}")).await.expect(200).text();
    assert!(page.contains("from LMS") && page.contains("A program sent this as a request"), "{page}");
    assert!(page.contains("rows=refused") && !page.contains("rows=all"), "{page}");
    let rows = person.get(&format!("/provider/uploads/{id}/rows")).await.expect(200).text();
    assert!(rows.contains(&physician(1).last), "{rows}");
    let refused = lms.get(&format!("/api/pars/v1/uploads/{id}/result?rows=refused")).await.expect(200).json();
    let reports = &refused["ACCMELearnerReports"]["ActivityReports"]["ActivityReport"];
    assert_eq!(reports.as_array().unwrap().len(), 1);
    assert_eq!(reports[0]["Result"]["problem"][0]["code"], "amount_not_a_quarter");
    let all = lms.get(&format!("/api/pars/v1/uploads/{id}/result")).await.expect(422).json();
    assert_eq!(all["errors"][0]["field"], "rows");
    // the row is corrected with the columns of documents, and settled
    let header = formats::learners::header();
    let number = reports[0]["Result"]["number"].as_i64().unwrap();
    let actor = people::actor(&test.app, LEARNER_DATA).await;
    let upload = id.parse().unwrap();
    let mut tx = test.app.store.read().await.unwrap();
    let scope = actor.provider(ProviderRole::LearnerData).unwrap();
    let before = store::upload_rows::find_refused(&mut tx, &scope, upload, number).await.unwrap().unwrap();
    drop(tx);
    let mut cells = before.cells;
    cells[header.column(domain::Field::CmeCredits).unwrap()] = "1.5".into();
    let correction = app::uploads::Correction { row: number, cells };
    let corrected = app::uploads::correct(&test.app, &actor, upload, vec![correction]).await.unwrap();
    assert_eq!(corrected.count(domain::upload::RowResult::Accepted), 1);
    // a request of which nothing is refused (any more) is no work for people
    let list = person.get("/provider/uploads").await.expect(200).text();
    assert!(!list.contains(id));
    assert_sound(&test, 2).await;
    // another provider's staff see nothing of it
    let mut other = test.sign_in(people::OTHER_OWNER).await;
    other.get(&format!("/provider/uploads/{id}")).await.expect(404);
}

#[tokio::test]
async fn more_than_a_thousand_reports_become_an_upload() {
    let (test, mut lms) = ready().await;
    let of = |most: usize| -> Vec<Value> { (0..most).map(|n| report(n % records::PHYSICIANS, 2.0)).collect() };
    let answer = post(&mut lms, &of(1_000)).await.expect(200);
    let told = results(&answer);
    assert_eq!(told.len(), 1_000);
    assert_eq!(told.iter().filter(|one| *one == "accepted").count(), records::PHYSICIANS);
    let many = document(&of(1_001));
    let answer = send(&mut lms, HELD, "application/json", "", many.clone()).await.expect(202);
    let receipt = answer.json();
    let url = receipt["url"].as_str().unwrap();
    assert_eq!(answer.header("location"), url);
    let again = send(&mut lms, HELD, "application/json", "", many).await.expect(200).json();
    assert_eq!(again["id"], receipt["id"]);
    work(&test.app).await;
    let progress = lms.get(url).await.expect(200).json();
    assert_eq!((&progress["rows"], &progress["already_reported"]), (&1_001.into(), &1_001.into()));
    // what was read to its end and is broken there is not settled in part
    let cut = document(&of(3));
    let cut = &cut[..cut.len() - 20];
    let answer = send(&mut lms, HELD, "application/json", "", cut.to_owned()).await.expect(422).json();
    assert_eq!(answer["problems"][0]["code"], "document_truncated");
}

#[tokio::test]
async fn columns_that_slipped_are_seen_in_a_request_too() {
    let (test, mut lms) = ready().await;
    // neighbours whose licenses differ by more than a slip
    let people: Vec<usize> = (0..60).map(|n| n * 41 % 100).collect();
    let mut slipped: Vec<Value> = people.iter().map(|n| report(*n, 2.0)).collect();
    slipped[10]["Activity"]["Module"]["CreditCertificate"][0]["UniqueID"]["value"] = "".into();
    for row in 11..50 {
        let of_the_one_before = physician(people[row - 1]).licenses[0].number.clone();
        slipped[row]["Activity"]["Module"]["CreditCertificate"][0]["UniqueID"]["value"] = of_the_one_before.into();
    }
    let answer = post(&mut lms, &slipped).await.expect(200);
    let codes: Vec<Value> = answer.json()["LearnerResults"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["result"] == "refused")
        .map(|one| one["problem"][0]["code"].clone())
        .collect();
    assert_eq!(codes.len(), 40, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| *code == "identifier_column_shifted").count(), 39, "{codes:?}");
    let id = answer.json()["uploadId"].as_str().unwrap().to_owned();
    let progress = lms.get(&format!("/api/pars/v1/uploads/{id}")).await.expect(200).json();
    assert_eq!(progress["column_problems"][0]["code"], "identifier_column_shifted");
    assert_sound(&test, 60 - codes.len() as i64).await;
}
