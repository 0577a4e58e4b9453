//! Activities over HTTP from senders who mean ill or are mistaken.

use axum::body::Body;
use axum::http::{Request, header};
use domain::access::{ProviderRole, Seat};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::people::{self, provider_id};
use testkit::records::{self, ACTIVITY, OTHER_ACTIVITY, work};
use testkit::{Answer, TestApp, Visitor};

use crate::activity_api::{ADDRESS, course, document, get, post, program, program_of_other, ready};

const JSON: &str = "application/json";
const XML: &str = "application/xml";

async fn refused(program: &mut Visitor, kind: &str, body: impl Into<Vec<u8>>) -> (String, Value) {
    let answer = post(program, kind, "", body).await.expect(422);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let answer = answer.json();
    (answer["problems"][0]["code"].as_str().unwrap_or_default().to_owned(), answer)
}

/// Codes of what is wrong with the n-th record.
pub(crate) fn codes(answer: &Value, n: usize) -> Vec<String> {
    let told = answer["ActivityResults"][n]["problem"].as_array().cloned().unwrap_or_default();
    let wrong = told.iter().filter(|one| one["kind"] == "problem");
    wrong.map(|one| one["code"].as_str().unwrap().to_owned()).collect()
}

async fn count(program: &mut Visitor) -> usize {
    let all = get(program, ADDRESS, JSON).await.expect(200).json();
    all["ACCMEActivities"]["MedicalEducationMetrics"].as_array().unwrap().len()
}

#[tokio::test]
async fn documents_that_attack_their_reader_are_refused_whole() {
    let (test, mut program) = ready().await;
    let good = document(&[course("H-1", "Good")]);
    let in_xml = |inside: &str| {
        format!("<ACCMEActivities><MedicalEducationMetrics>{inside}</MedicalEducationMetrics></ACCMEActivities>")
    };
    let bomb =
        "<!DOCTYPE a [<!ENTITY b \"&c;&c;\"><!ENTITY c \"&d;&d;\"><!ENTITY d \"x\">]>".to_owned() + &in_xml("&b;");
    let latin: Vec<u8> =
        in_xml("<Lom><general><title>Caf\u{e9}</title></general></Lom>").chars().map(|letter| letter as u8).collect();
    let utf16: Vec<u8> =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: Vec<(&str, Vec<u8>, &[&str])> = vec![
        (XML, bomb.into(), &["document_type"]),
        (XML, format!("<!DOCTYPE a SYSTEM \"http://evil.example/a.dtd\">{}", in_xml("")).into(), &["document_type"]),
        (XML, in_xml("&nbsp;").into(), &["entity_unknown"]),
        (XML, format!("{}{}", in_xml("<Lom/>"), in_xml("<Lom/>")).into(), &["second_root"]),
        (XML, format!("<ACCMEActivities>{}", "<a>".repeat(200_000)).into(), &["document_too_deep"]),
        (JSON, format!("{{\"ACCMEActivities\":{}", "[".repeat(200_000)).into(), &["document_too_deep"]),
        (JSON, format!("{{\"a\":{}1{}", "{\"a\":".repeat(200_000), "}".repeat(200_001)).into(), &["document_too_deep"]),
        (JSON, format!("{good}{good}").into(), &["second_root", "document_malformed"]),
        (JSON, [good.as_bytes(), b"\xFF"].concat(), &["encoding_wrong", "second_root", "document_malformed"]),
        (JSON, b"{\"ACCMEActivities\":\"\xC3\x28\"}".to_vec(), &["encoding_wrong"]),
        (XML, latin, &["encoding_wrong"]),
        (XML, utf16, &["encoding_wrong", "document_malformed"]),
        (
            XML,
            b"<ACCMEActivities><Medical\0Education/></ACCMEActivities>".to_vec(),
            &["control_character", "document_malformed"],
        ),
        (JSON, b"\"just a text\"".to_vec(), &["no_rows", "document_malformed"]),
        (JSON, b"null".to_vec(), &["no_rows", "document_malformed"]),
    ];
    for (nth, (kind, body, expected)) in cases.into_iter().enumerate() {
        let (code, answer) = refused(&mut program, kind, body).await;
        assert!(expected.contains(&code.as_str()), "case {nth}: {answer}");
        let text = answer.to_string();
        assert!(!text.contains("/tmp") && !text.contains("panicked"), "case {nth}: {answer}");
    }
    assert_eq!(count(&mut program).await, 1);
    let left = std::fs::read_dir(test.app.config.uploads()).map_or(0, Iterator::count);
    assert_eq!(left, 0, "a refused body stays on the disk");
}

#[tokio::test]
async fn who_accepts_xml_is_told_in_xml_what_is_wrong() {
    let (test, mut program) = ready().await;
    let broken = post(&mut program, XML, XML, "<!DOCTYPE a><a/>").await.expect(422);
    assert_eq!(broken.header("content-type"), "application/problem+xml");
    let text = broken.text();
    assert!(
        text.contains("<problem xmlns=\"urn:ietf:rfc:7807\">") && text.contains("<code>document_type</code>"),
        "{text}"
    );
    for (answer, status) in [
        (get(&mut program, &format!("{ADDRESS}/999999999"), XML).await, 404),
        (get(&mut test.anonymous(), ADDRESS, "text/xml").await, 401),
        (get(&mut program, &format!("{ADDRESS}?page=x"), XML).await, 422),
    ] {
        let answer = answer.expect(status);
        assert_eq!(answer.header("content-type"), "application/problem+xml");
        assert!(answer.text().contains(&format!("<status>{status}</status>")), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_key_twice_in_one_record_refuses_that_record_alone() {
    let (_test, mut program) = ready().await;
    let twice = course("H-1", "First").to_string().replacen("\"title\":", "\"title\":\"Second\",\"title\":", 1);
    let sent = format!("{{\"ACCMEActivities\":{{\"MedicalEducationMetrics\":[{twice},{}]}}}}", course("H-2", "Good"));
    let answer = post(&mut program, JSON, "", sent).await.expect(200).json();
    assert!(codes(&answer, 0).contains(&"key_repeated".to_owned()), "{answer}");
    assert_eq!(answer["ActivityResults"][1]["result"], "Added");
}

#[tokio::test]
async fn one_wrong_record_among_a_thousand_keeps_no_other_back() {
    let (_test, mut program) = ready().await;
    let mut records: Vec<Value> = (1..=1_000).map(|n| course(&format!("H-{n}"), &format!("Course {n}"))).collect();
    records[499]["healthcareMetadata"]["healthcareEducation"]["endDateTime"] = "2026-11-30".into();
    let answer = post(&mut program, JSON, "", document(&records)).await.expect(200).json();
    let results = answer["ActivityResults"].as_array().unwrap();
    assert_eq!(results.len(), 1_000);
    let refused: Vec<usize> = (0..1_000).filter(|n| results[*n]["result"] == "Refused").collect();
    assert_eq!(refused, [499]);
    assert_eq!(results[499]["number"], 500);
    assert_eq!(codes(&answer, 499), ["end_before_start"]);
    let place = results[499]["problem"].to_string();
    assert!(place.contains("/MedicalEducationMetrics/499/"), "{place}");
    // corrected, that one goes in, and the others are as they were
    records[499]["healthcareMetadata"]["healthcareEducation"]["endDateTime"] = "2026-12-02".into();
    let answer = post(&mut program, JSON, "", document(&records)).await.expect(200).json();
    let of =
        |word: &str| answer["ActivityResults"].as_array().unwrap().iter().filter(|one| one["result"] == word).count();
    assert_eq!((of("Added"), of("Unchanged")), (1, 999));
}

#[tokio::test]
async fn a_token_that_only_reads_reads_and_changes_nothing_in_any_way() {
    let (test, mut editor) = ready().await;
    let before = get(&mut editor, ADDRESS, JSON).await.expect(200).text();
    let mut delete = course("", "x");
    delete["Lom"]["general"]["identifier"][0] = json!({ "catalog": "ACCME Activity ID", "entry": ACTIVITY });
    delete["XtensibleInfo"]["activityRecordAction"] = "Delete".into();
    for role in [ProviderRole::Viewer, ProviderRole::LearnerData] {
        let mut reader = program(&test, Seat::Provider(provider_id(), role)).await;
        assert_eq!(get(&mut reader, ADDRESS, JSON).await.expect(200).text(), before);
        get(&mut reader, &format!("{ADDRESS}/{ACTIVITY}"), XML).await.expect(200);
        for record in [course("H-1", "New"), delete.clone()] {
            post(&mut reader, JSON, "", document(&[record])).await.expect(403);
        }
        // not even a document that cannot be read is looked at
        post(&mut reader, XML, "", "<!DOCTYPE a><a/>").await.expect(403);
    }
    assert_eq!(get(&mut editor, ADDRESS, JSON).await.expect(200).text(), before);
    let left = std::fs::read_dir(test.app.config.uploads()).map_or(0, Iterator::count);
    assert_eq!(left, 0);
}

/// What a record with this action says of an activity.
fn of_activity(id: &str, action: &str) -> Value {
    let mut record = course("", "Care of the Heart");
    record["Lom"]["general"]["identifier"][0] = json!({ "catalog": "ACCME Activity ID", "entry": id });
    record["XtensibleInfo"]["activityRecordAction"] = action.into();
    record
}

/// An answer without what names the request and the activity that was asked for.
fn words(answer: &Answer, id: &str) -> String {
    let text = answer.text();
    let rest = text.split_once("\"request_id\":\"").map_or("", |(_, rest)| rest);
    text.replace(rest.split('"').next().unwrap_or_default(), "").replace(id, "")
}

#[tokio::test]
async fn another_providers_ids_are_refused_in_the_words_of_ids_that_nobody_has() {
    let (test, mut program) = ready().await;
    let (theirs, nobodys) = (OTHER_ACTIVITY, "299900001");
    for action in ["Update", "Delete", "Add"] {
        let [real, unreal] = [theirs, nobodys].map(|id| (id, document(&[of_activity(id, action)])));
        let real = (post(&mut program, JSON, "", real.1).await.expect(422), real.0);
        let unreal = (post(&mut program, JSON, "", unreal.1).await.expect(422), unreal.0);
        assert!(codes(&real.0.json(), 0).contains(&"activity_not_found".to_owned()), "{}", real.0.text());
        assert_eq!(words(&real.0, real.1), words(&unreal.0, unreal.1), "{action}");
    }
    let mut other = program_of_other(&test).await;
    let many: Vec<Value> = (0..1_001).map(|n| course(&format!("O-{n}"), &format!("Course {n}"))).collect();
    let file = post(&mut other, JSON, "", document(&many)).await.expect(202).json()["id"].as_str().unwrap().to_owned();
    work(&test.app).await;
    let none = "00000000-0000-0000-0000-000000000000";
    for (real, unreal, path) in
        [(theirs, nobodys, "{}"), (&*file, none, "files/{}"), (&*file, none, "files/{}/result?records=all")]
    {
        let found = get(&mut program, &format!("{ADDRESS}/{}", path.replace("{}", real)), JSON).await.expect(404);
        let absent = get(&mut program, &format!("{ADDRESS}/{}", path.replace("{}", unreal)), JSON).await.expect(404);
        assert_eq!(words(&found, real), words(&absent, unreal), "{path}");
    }
    // nor does the same internal ID, or the same bytes, lead to what another provider sent
    let own = document(&[course("O-1", "Course 1")]);
    assert_eq!(post(&mut program, JSON, "", own).await.expect(201).json()["ActivityResults"][0]["result"], "Added");
    let same = post(&mut program, JSON, "", document(&many)).await.expect(202).json();
    assert_ne!(same["id"], file.as_str());
}

#[tokio::test]
async fn a_token_that_expired_or_was_revoked_opens_nothing() {
    let (test, mut program) = ready().await;
    let before = get(&mut program, ADDRESS, JSON).await.expect(200).text();
    let mut owner = test.sign_in(people::OWNER).await;
    let list = owner.get("/provider/api-clients").await.expect(200).text();
    let revoke = list.split("action=\"").find(|rest| rest.contains("/revoke\"")).unwrap();
    let revoke = revoke.split('"').next().unwrap().to_owned();
    let seat = Seat::Provider(provider_id(), ProviderRole::Editor);
    let mut expiring = crate::activity_api::program(&test, seat).await;
    owner.post_form(&revoke, &[]).await.expect(303);
    let refused = async |program: &mut Visitor| {
        for answer in [
            post(program, JSON, "", document(&[course("H-1", "No")])).await,
            get(program, ADDRESS, JSON).await,
            get(program, &format!("{ADDRESS}/{ACTIVITY}"), JSON).await,
            get(program, &format!("{ADDRESS}/files/00000000-0000-0000-0000-000000000000"), JSON).await,
        ] {
            let answer = answer.expect(401);
            assert_eq!(answer.header("www-authenticate"), "Bearer");
            assert_eq!(answer.header("content-type"), "application/problem+json");
        }
    };
    refused(&mut program).await;
    assert_eq!(get(&mut expiring, ADDRESS, JSON).await.expect(200).text(), before);
    test.app.clock.advance(SignedDuration::from_hours(365 * 24));
    refused(&mut expiring).await;
    refused(&mut test.bearer("crd_0000000000000000000000000000000000000000000")).await;
    refused(&mut test.bearer("")).await;
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_and_leaves_nothing() {
    let test = TestApp::with(|config| config.upload_bytes = 100_000).await;
    records::fill(&test.app).await;
    let mut program = program(&test, Seat::Provider(provider_id(), ProviderRole::Editor)).await;
    let padded = |bytes: usize| document(&[course("H-1", "Good")]) + &" ".repeat(bytes);
    let answer = post(&mut program, JSON, "", padded(100_000)).await.expect(413);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.json()["problems"][0]["code"], "file_too_large");
    // what is far beyond the limit is not read to its end, whether the request says its length or not
    let known = Request::post(ADDRESS).header(header::CONTENT_TYPE, JSON).header(header::CONTENT_LENGTH, 1_000_000);
    let known = program.send(known.body(Body::from(padded(1_000_000))).unwrap()).await.expect(413);
    assert_eq!(known.header("content-type"), "application/problem+json");
    let pieces: Vec<Result<Vec<u8>, std::io::Error>> = (0..1_000).map(|_| Ok(vec![b' '; 1_000])).collect();
    let unknown = Request::post(ADDRESS).header(header::CONTENT_TYPE, JSON);
    let unknown = unknown.body(Body::from_stream(futures::stream::iter(pieces))).unwrap();
    program.send(unknown).await.expect(413);
    // one that breaks off is no document either
    let sent = document(&[course("H-1", "Good")]).into_bytes();
    let broken = futures::stream::iter([Ok(sent), Err(std::io::Error::other("the line is cut"))]);
    let broken = Request::post(ADDRESS).header(header::CONTENT_TYPE, JSON).body(Body::from_stream(broken)).unwrap();
    assert!((400..500).contains(&program.send(broken).await.status));
    assert_eq!(count(&mut program).await, 1);
    let left = std::fs::read_dir(test.app.config.uploads()).map_or(0, Iterator::count);
    assert_eq!(left, 0, "a refused body stays on the disk");
    post(&mut program, JSON, "", padded(10_000)).await.expect(201);
}

#[tokio::test]
async fn no_record_is_told_more_than_a_person_reads() {
    let (_test, mut program) = ready().await;
    let mut strange = course("H-1", "Strange");
    for n in 0..3_000 {
        strange["XtensibleInfo"][format!("unheard{n}")] = "of".into();
    }
    strange["healthcareMetadata"]["healthcareEducation"]["endDateTime"] = "2026-11-30".into();
    let answer = post(&mut program, JSON, "", document(&[strange])).await.expect(422).json();
    assert_eq!(answer["ActivityResults"][0]["problem"].as_array().unwrap().len(), 50);
    assert_eq!(codes(&answer, 0), ["end_before_start"], "what keeps the record out is told first");
    let mut foreign = of_activity("", "Delete");
    foreign["Lom"]["general"]["identifier"][0] =
        json!({ "catalog": "Provider Activity ID", "entry": "x".repeat(60_000) });
    let answer = post(&mut program, JSON, "", document(&[foreign])).await.expect(422).text();
    assert!(answer.len() < 2_000, "{answer}");
}
