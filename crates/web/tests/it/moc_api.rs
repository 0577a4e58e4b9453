//! A certifying board's program and a provider's: the feeds, and the board's answers.

use axum::body::Body;
use axum::http::{Request, header};
use domain::Board;
use domain::access::{ProviderRole, Seat};
use serde_json::{Value, json};
use testkit::people::{self, other_provider_id, provider_id};
use testkit::{Answer, Part, TestApp, Visitor, records};

pub(crate) const COMPLETIONS: &str = "/api/pars/v1/moc/completions";
const DECISIONS: &str = "/api/pars/v1/moc/decisions";
const EVENTS: &str = "/api/pars/v1/events";

pub(crate) async fn program(test: &TestApp, seat: Seat) -> Visitor {
    test.bearer(people::token(&test.app, "board system", seat).await.expose())
}

pub(crate) fn board(code: &str) -> Seat {
    Seat::CertifyingBoard(Board::read(code).unwrap())
}

/// Three learners with ABIM points, reported and settled.
pub(crate) async fn reported(test: &TestApp) -> (Visitor, Visitor) {
    records::fill(&test.app).await;
    let mut provider = program(test, Seat::Provider(provider_id(), ProviderRole::LearnerData)).await;
    let rows: String = (0..3).map(|n| records::row_with_points(n, "2", "1.5")).collect();
    upload(test, &mut provider, &format!("{}{rows}", records::HEADER)).await;
    (provider, program(test, board("ABIM")).await)
}

pub(crate) async fn upload(test: &TestApp, provider: &mut Visitor, file: &str) {
    let parts = [Part::Text("permission", "held"), Part::File("file", "learners.tsv", file.as_bytes())];
    provider.post_multipart("/api/pars/v1/uploads", &parts).await.expect(202);
    records::work(&test.app).await;
}

pub(crate) async fn decide(program: &mut Visitor, body: &Value) -> Answer {
    let request = Request::post(DECISIONS).header(header::CONTENT_TYPE, "application/json");
    program.send(request.body(Body::from(body.to_string())).unwrap()).await
}

pub(crate) fn ids(feed: &Value) -> Vec<String> {
    let entries = feed["completions"].as_array().unwrap().iter();
    entries.map(|entry| entry["credit_id"].as_str().unwrap().to_owned()).collect()
}

fn results(answer: &Value) -> Vec<&str> {
    answer["results"].as_array().unwrap().iter().map(|one| one["result"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_board_reads_its_credit_in_order_and_each_entry_once() {
    let test = TestApp::new().await;
    let (_, mut abim) = reported(&test).await;
    let whole = abim.get(COMPLETIONS).await.expect(200).json();
    assert_eq!(ids(&whole).len(), 3);
    assert_eq!((&whole["has_more"], &whole["next"]), (&json!(false), &json!("3")));
    let first = &whole["completions"][0];
    assert_eq!(first["event"], "credit.reported");
    assert_eq!((&first["status"], &first["standing"]), (&json!("pending"), &json!("counts")));
    assert_eq!(first["points"], "1.5");
    assert_eq!(first["credit_types"], json!([{ "name": "Medical Knowledge", "points": "1.5" }]));
    assert_eq!(first["diplomate"]["id"], "300000");
    assert_eq!(first["completed_on"], "2026-11-02");
    assert_eq!(first["activity"]["id"], records::ACTIVITY);

    // in pieces it is the same
    let (mut seen, mut since) = (Vec::new(), String::new());
    loop {
        let piece = abim.get(&format!("{COMPLETIONS}?limit=2&since={since}")).await.expect(200).json();
        seen.extend(ids(&piece));
        since = piece["next"].as_str().unwrap().to_owned();
        if piece["has_more"] == false {
            break;
        }
    }
    assert_eq!(seen, ids(&whole));
    let after = abim.get(&format!("{COMPLETIONS}?since={since}")).await.expect(200).json();
    assert_eq!((after["completions"].clone(), &after["next"]), (json!([]), &json!(since)));
}

#[tokio::test]
async fn answers_are_settled_one_by_one_and_sent_again_change_nothing() {
    let test = TestApp::new().await;
    let (mut provider, mut abim) = reported(&test).await;
    let credits = ids(&abim.get(COMPLETIONS).await.expect(200).json());
    let sent = json!({ "decisions": [
        { "credit_id": credits[0], "decision": "accept" },
        { "credit_id": credits[1], "decision": "reject", "reason": "name_differs", "note": "maiden name?" },
        { "credit_id": credits[2], "decision": "reject", "reason": "because" },
        { "credit_id": "00000000-0000-0000-0000-000000000007", "decision": "accept" },
        { "credit_id": "nothing", "decision": "accept" },
    ] });
    let answer = decide(&mut abim, &sent).await.expect(200).json();
    assert_eq!(results(&answer), ["decided", "decided", "refused", "not_found", "refused"]);
    assert!(answer["results"][2]["message"].as_str().unwrap().contains("why"), "{answer}");
    let again = decide(&mut abim, &sent).await.expect(200).json();
    assert_eq!(results(&again), ["unchanged", "unchanged", "refused", "not_found", "refused"]);
    let other = json!({ "decisions": [{ "credit_id": credits[1], "decision": "accept" }] });
    let other = decide(&mut abim, &other).await.expect(200).json();
    assert_eq!(results(&other), ["decided_otherwise"]);

    // the board's own feed and the provider's tell of it, each once
    let feed = abim.get(&format!("{COMPLETIONS}?since=3")).await.expect(200).json();
    assert_eq!(ids(&feed), credits[..2]);
    assert_eq!(feed["completions"][1]["reason"], "Name and diplomate ID do not agree: maiden name?");
    let events = provider.get(&format!("{EVENTS}?since=3")).await.expect(200).json();
    let told: Vec<(&str, &str)> = events["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["credit"].is_object())
        .map(|event| (event["type"].as_str().unwrap(), event["credit"]["status"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("credit.decided", "accepted"), ("credit.decided", "rejected")]);
}

#[tokio::test]
async fn what_a_provider_withdraws_reaches_the_board() {
    let test = TestApp::new().await;
    let (mut provider, mut abim) = reported(&test).await;
    let credits = ids(&abim.get(COMPLETIONS).await.expect(200).json());
    upload(&test, &mut provider, &format!("{}{}", records::HEADER, records::row("Delete", 1, ""))).await;
    let feed = abim.get(&format!("{COMPLETIONS}?since=3")).await.expect(200).json();
    assert_eq!(ids(&feed), credits[1..2]);
    let entry = &feed["completions"][0];
    assert_eq!((&entry["event"], &entry["standing"]), (&json!("credit.withdrawn"), &json!("withdrawn")));
    let late = json!({ "decisions": [{ "credit_id": credits[1], "decision": "accept" }] });
    assert_eq!(results(&decide(&mut abim, &late).await.expect(200).json()), ["not_found"]);
}

#[tokio::test]
async fn another_board_and_another_provider_see_and_decide_nothing() {
    let test = TestApp::new().await;
    let (_, mut abim) = reported(&test).await;
    let credits = ids(&abim.get(COMPLETIONS).await.expect(200).json());
    let mut abs = program(&test, board("ABS")).await;
    assert_eq!(ids(&abs.get(COMPLETIONS).await.expect(200).json()), Vec::<String>::new());
    let foreign = json!({ "decisions": [{ "credit_id": credits[0], "decision": "accept" }] });
    let absent =
        json!({ "decisions": [{ "credit_id": "00000000-0000-0000-0000-000000000007", "decision": "accept" }] });
    let [foreign, absent] = [decide(&mut abs, &foreign).await.json(), decide(&mut abs, &absent).await.json()];
    assert_eq!((results(&foreign), results(&absent)), (vec!["not_found"], vec!["not_found"]));
    assert_eq!(foreign["results"][0]["message"], absent["results"][0]["message"]);
    let other = Seat::Provider(other_provider_id(), ProviderRole::Owner);
    let told = program(&test, other).await.get(EVENTS).await.expect(200).json();
    assert_eq!(told["events"], json!([]));
    let still = abim.get(COMPLETIONS).await.expect(200).json();
    assert_eq!(still["completions"][0]["status"], "pending");
}

#[tokio::test]
async fn what_cannot_be_read_says_where_and_does_nothing() {
    let test = TestApp::new().await;
    let (_, mut abim) = reported(&test).await;
    for since in ["-1", "x", "1e3", "99999999999999999999"] {
        let refused = abim.get(&format!("{COMPLETIONS}?since={since}")).await.expect(422).json();
        assert_eq!(refused["errors"][0]["field"], "since", "{since}");
    }
    for limit in ["0", "1001", "many"] {
        let refused = abim.get(&format!("{COMPLETIONS}?limit={limit}")).await.expect(422).json();
        assert_eq!(refused["errors"][0]["field"], "limit", "{limit}");
    }
    let many: Vec<Value> = (0..1_001).map(|_| json!({ "credit_id": "x", "decision": "accept" })).collect();
    for body in [
        json!({ "decisions": [] }),
        json!({ "decisions": many }),
        json!({ "decisions": [{ "decision": "accept" }] }),
        json!({ "decisions": [{ "credit_id": "x", "decision": "perhaps" }] }),
        json!({ "decisions": [{ "credit_id": "x", "decision": "accept", "colour": 1 }] }),
        json!([]),
    ] {
        let refused = decide(&mut abim, &body).await.expect(422).json();
        assert!(refused["errors"][0]["message"].as_str().is_some_and(|words| !words.is_empty()), "{refused}");
    }
}
