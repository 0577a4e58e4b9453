//! The OpenAPI document: what it says is served, what is served it says, and a change of it shows.
//!
//! `RENEW=1 cargo nextest run -p web -E 'test(openapi)'` writes `tests/openapi.json` anew.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{Method, Request, header};
use domain::access::{ProviderRole, Seat};
use serde_json::{Value, json};
use testkit::people::{self, provider_id};
use testkit::{TestApp, Visitor, records};

use crate::activity_api::{course, document as activities};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/openapi.json");

async fn document(visitor: &mut Visitor) -> Value {
    let answer = visitor.get("/api/openapi.json").await.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    answer.json()
}

#[tokio::test]
async fn the_openapi_document_is_the_one_that_was_reviewed() {
    let test = TestApp::new().await;
    let document = document(&mut test.anonymous()).await;
    assert_eq!(document["openapi"], "3.1.0");
    let written = format!("{}\n", serde_json::to_string_pretty(&document).unwrap());
    if std::env::var_os("RENEW").is_some() {
        std::fs::write(GOLDEN, &written).unwrap();
    }
    let reviewed = std::fs::read_to_string(GOLDEN).unwrap_or_default();
    assert!(reviewed == written, "the web services changed: look at the change, then run again with RENEW=1");
}

/// Every path below `/api/pars` that the router knows; axum tells them to those who debug it.
fn served(test: &TestApp) -> BTreeSet<String> {
    let told = format!("{:?}", web::router(test.app.clone()));
    told.split('"').filter(|word| word.starts_with("/api/pars")).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_route_is_documented_and_every_documented_call_is_served() {
    let test = TestApp::new().await;
    let mut nobody = test.anonymous();
    let document = document(&mut nobody).await;
    let paths = document["paths"].as_object().unwrap();
    let documented: BTreeSet<String> = paths.keys().cloned().collect();
    let anonymous_names = |paths: &BTreeSet<String>| -> BTreeSet<String> {
        paths.iter().map(|path| path.split('{').map(|part| part.split('}').next_back().unwrap()).collect()).collect()
    };
    assert_eq!(anonymous_names(&served(&test)), anonymous_names(&documented));
    let methods = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    for (path, item) in paths {
        let address = path.replace("{id}", "00000000-0000-0000-0000-000000000000").replace("{activityId}", "202600001");
        for method in &methods {
            let is_documented = item.get(method.as_str().to_lowercase()).is_some();
            let request = Request::builder().method(method).uri(&address).body(Body::empty()).unwrap();
            let status = nobody.send(request).await.status;
            let is_public = item["get"]["security"] == json!([{}]);
            let documented = if is_public { 200 } else { 401 };
            assert_eq!(status, if is_documented { documented } else { 405 }, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn every_call_says_what_it_is_and_what_may_go_wrong() {
    let test = TestApp::new().await;
    let document = document(&mut test.anonymous()).await;
    let mut names = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, call) in item.as_object().unwrap() {
            let here = format!("{method} {path}");
            assert!(call["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{here}");
            assert!(names.insert(call["operationId"].as_str().unwrap().to_owned()), "{here}");
            let answers = call["responses"].as_object().unwrap();
            for status in ["401", "403", "500", "503"] {
                assert!(answers.contains_key(status), "{here}: {status}");
            }
            assert!(answers.contains_key("404") || !path.contains('{'), "{here}");
            for parameter in call["parameters"].as_array().into_iter().flatten() {
                assert!(
                    parameter["description"].as_str().is_some_and(|words| !words.is_empty()),
                    "{here}: {parameter}"
                );
            }
        }
    }
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 50);
    for reference in references {
        let at = reference.strip_prefix('#').and_then(|path| document.pointer(path));
        assert!(at.is_some(), "{reference} leads nowhere");
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            references.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|inner| collect(inner, references));
        }
        Value::Array(list) => list.iter().for_each(|inner| collect(inner, references)),
        _ => {}
    }
}

/// What of a value its schema does not allow, a name it does not know among it.
fn misfits(document: &Value, schema: &Value, value: &Value, path: &str, told: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let named = document.pointer(reference.trim_start_matches('#')).unwrap();
        return misfits(document, named, value, path, told);
    }
    if let Some(several) = schema["oneOf"].as_array() {
        let fits = several.iter().filter(|one| {
            let mut wrong = Vec::new();
            misfits(document, one, value, path, &mut wrong);
            wrong.is_empty()
        });
        if fits.count() != 1 {
            told.push(format!("{path}: {value} is not one of the choices"));
        }
        return;
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let allows = |allowed: &Value| allowed == kind || (allowed == "number" && kind == "integer");
    match &schema["type"] {
        Value::Null => {}
        Value::Array(several) if several.iter().any(allows) => {}
        one if allows(one) => {}
        other => told.push(format!("{path}: {value} is not {other}")),
    }
    if schema["enum"].as_array().is_some_and(|words| !words.contains(value)) {
        told.push(format!("{path}: {value} is no choice"));
    }
    if value.as_array().is_some_and(|list| (list.len() as u64) < schema["minItems"].as_u64().unwrap_or_default()) {
        told.push(format!("{path} has too few"));
    }
    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
        misfits(document, &schema["items"], item, &format!("{path}[{at}]"), told);
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        match schema["properties"].get(name) {
            Some(known) => misfits(document, known, inner, &format!("{path}.{name}"), told),
            None => told.push(format!("{path}.{name} is not described")),
        }
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        if value.is_object() && value.get(name.as_str().unwrap()).is_none() {
            told.push(format!("{path}.{name} is missing"));
        }
    }
}

fn wrong(document: &Value, shape: &str, value: &Value) -> Vec<String> {
    let mut told = Vec::new();
    misfits(document, &document["components"]["schemas"][shape], value, shape, &mut told);
    told
}

#[tokio::test]
async fn what_is_answered_fits_what_is_documented() {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    let seat = Seat::Provider(provider_id(), ProviderRole::Editor);
    let mut program = test.bearer(people::token(&test.app, "LMS", seat).await.expose());
    let document = document(&mut program).await;
    let sent = crate::activity_api::FULL.replace("\n", " ");
    let post = async |program: &mut Visitor, body: String| {
        let request = Request::post("/api/pars/v1/activities").header(header::CONTENT_TYPE, "application/json");
        program.send(request.body(Body::from(body)).unwrap()).await
    };
    let saved = post(&mut program, sent).await.expect(201).json();
    assert_eq!(wrong(&document, "ActivityResults", &saved), Vec::<String>::new());
    let mut odd = course("LMS-2", "Backwards");
    odd["healthcareMetadata"]["healthcareEducation"]["endDateTime"] = "2026-11-30".into();
    let mixed = post(&mut program, activities(&[odd, course("LMS-3", "Good")])).await.expect(200).json();
    assert_eq!(wrong(&document, "ActivityResults", &mixed), Vec::<String>::new());
    let all = program.get("/api/pars/v1/activities").await.expect(200).json();
    let none = program.get("/api/pars/v1/activities?providerActivityId=none").await.expect(200).json();
    assert_eq!(wrong(&document, "ActivityDocument", &all), Vec::<String>::new());
    assert_eq!(wrong(&document, "ActivityDocument", &none).len(), 1, "a document that is sent is not empty");
    for found in [all, none] {
        assert_eq!(wrong(&document, "FoundActivities", &found), Vec::<String>::new());
    }
    // the test's own judge sees what does not fit
    let strange = serde_json::json!({ "ACCMEActivities": { "MedicalEducationMetrics": [{ "Lom": 1, "x": 2 }] } });
    assert_eq!(wrong(&document, "ActivityDocument", &strange).len(), 2);
    let broken = post(&mut program, "{".into()).await.expect(422).json();
    let missing = program.get("/api/pars/v1/activities/999999999").await.expect(404).json();
    let asked = program.get("/api/pars/v1/activities?page=0").await.expect(422).json();
    for refused in [broken, missing, asked] {
        assert_eq!(wrong(&document, "ProblemDetails", &refused), Vec::<String>::new());
    }
    let thousand: Vec<Value> = (0..1_001).map(|n| course(&format!("L-{n}"), &format!("Course {n}"))).collect();
    let receipt = post(&mut program, activities(&thousand)).await.expect(202).json();
    assert_eq!(wrong(&document, "Receipt", &receipt), Vec::<String>::new());
    let again = post(&mut program, activities(&thousand)).await.expect(200).json();
    assert_eq!(wrong(&document, "ResultsOrReceipt", &again), Vec::<String>::new());
    assert_eq!(wrong(&document, "ResultsOrReceipt", &mixed), Vec::<String>::new());
    records::work(&test.app).await;
    let url = receipt["url"].as_str().unwrap();
    let progress = program.get(url).await.expect(200).json();
    assert_eq!(wrong(&document, "ActivityFileProgress", &progress), Vec::<String>::new());
    let result = program.get(&format!("{url}/result")).await.expect(200).json();
    assert_eq!(wrong(&document, "ActivityResults", &result), Vec::<String>::new());
    let learners = records::file(0..3) + &records::row("Add", 4, "0.1");
    let parts = [testkit::Part::File("file", "a.txt", learners.as_bytes()), testkit::Part::Text("permission", "held")];
    let receipt = program.post_multipart("/api/pars/v1/uploads", &parts).await.expect(202).json();
    assert_eq!(wrong(&document, "Receipt", &receipt), Vec::<String>::new());
    records::work(&test.app).await;
    let progress = program.get(receipt["url"].as_str().unwrap()).await.expect(200).json();
    assert_eq!(wrong(&document, "UploadProgress", &progress), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_answered_about_learners_fits_what_is_documented() {
    use crate::learner_api::{ADDRESS, document as learners, post, ready, report, report_with_points};
    let (_test, mut program) = ready().await;
    let document = document(&mut program).await;
    let fits = |shape: &str, value: &Value| assert_eq!(wrong(&document, shape, value), Vec::<String>::new());
    let mut odd = report(2, 0.1);
    odd["Odd"] = "x".into();
    odd["Member"]["Odder"] = "y".into();
    let sent = [report(0, 2.0), report_with_points(1, 2.5), odd];
    fits("LearnerDocument", &serde_json::from_str(&learners(&sent[..2])).unwrap());
    let mixed = post(&mut program, &sent).await.expect(200).json();
    fits("LearnerResults", &mixed);
    fits("LearnerResultsOrReceipt", &mixed);
    let again = post(&mut program, &sent[..2]).await.expect(200).json();
    fits("LearnerResults", &again);
    let refused = post(&mut program, &sent[2..]).await.expect(422).json();
    fits("LearnerResults", &refused);
    let license = &records::physician(1).licenses[0].number;
    let found = program.get(&format!("{ADDRESS}/CA:{license}")).await.expect(200).json();
    fits("LearnerDocument", &found);
    let id = mixed["LearnerResults"][1]["creditId"].as_str().unwrap();
    for id in [id, "ccid:none:1"] {
        let status = program.get(&format!("{ADDRESS}/status?CreditId={id}")).await.expect(200).json();
        fits("LearnerStatuses", &status);
    }
    let unsaid = program.get(&format!("{ADDRESS}/status")).await.expect(422).json();
    let nobody = program.get(&format!("{ADDRESS}/CA:none")).await.expect(404).json();
    for refused in [unsaid, nobody] {
        fits("ProblemDetails", &refused);
    }
}

#[tokio::test]
async fn the_page_shows_every_call_without_scripts_of_its_own_or_another_host() {
    let test = TestApp::new().await;
    let mut nobody = test.anonymous();
    let document = document(&mut nobody).await;
    let other = nobody.get("/forgot").await.expect(200);
    let page = nobody.get("/api").await.expect(200);
    assert_eq!(page.header("content-security-policy"), other.header("content-security-policy"));
    let page = page.text();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, call) in item.as_object().unwrap() {
            assert!(page.contains(&format!("<strong>{}</strong> {path}", method.to_uppercase())), "{method} {path}");
            assert!(page.contains(&format!("id=\"{}\"", call["operationId"].as_str().unwrap())));
        }
    }
    let scripts = |page: &str| page.matches("<script").count();
    assert_eq!(scripts(&page), scripts(&other.text()), "only what every page has");
    // no link within the page leads nowhere, and no name stands there twice
    let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
    for id in page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        *ids.entry(id).or_default() += 1;
    }
    assert!(ids.values().all(|times| *times == 1), "{ids:?}");
    for link in page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        match link.strip_prefix('#') {
            Some(target) => assert!(ids.contains_key(target), "#{target} leads nowhere"),
            None => assert!(link.starts_with('/'), "{link} leads to another host"),
        }
    }
}
