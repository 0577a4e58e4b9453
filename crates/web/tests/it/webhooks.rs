//! Webhooks against a real receiver: what is told, to whom, how often, and what is never sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use app::webhooks;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use testkit::{TestApp, Visitor, people, records};
use tokio::sync::{mpsc, watch};

use crate::moc_api::{COMPLETIONS, decide, ids, reported};

const PROVIDER: &str = "/provider/api-clients/webhooks";
const BOARD: &str = "/certifying/webhooks";

/// A program elsewhere. It answers what it is told to, and hands over what it was sent.
struct Receiver {
    address: String,
    answers: Arc<AtomicU16>,
    sent: mpsc::UnboundedReceiver<Message>,
}

struct Message {
    id: String,
    seconds: i64,
    signature: String,
    text: String,
    json: Value,
}

#[derive(Clone)]
struct Answering {
    answers: Arc<AtomicU16>,
    sent: mpsc::UnboundedSender<Message>,
}

async fn take(State(answering): State<Answering>, headers: HeaderMap, text: String) -> (StatusCode, HeaderMap) {
    let header = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
    let message = Message {
        id: header("webhook-id"),
        seconds: header("webhook-timestamp").parse().unwrap(),
        signature: header("webhook-signature"),
        json: serde_json::from_str(&text).unwrap(),
        text,
    };
    answering.sent.send(message).unwrap_or_else(|_| panic!("nobody listens any more"));
    let status = StatusCode::from_u16(answering.answers.load(Ordering::SeqCst)).unwrap();
    // a redirect that must not be followed
    (status, HeaderMap::from_iter([("location".parse().unwrap(), "/elsewhere".parse().unwrap())]))
}

impl Receiver {
    async fn new() -> Self {
        let answers = Arc::new(AtomicU16::new(204));
        let (give, sent) = mpsc::unbounded_channel();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/hook", listener.local_addr().unwrap());
        let router = Router::new().fallback(take).with_state(Answering { answers: answers.clone(), sent: give });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, answers, sent }
    }

    async fn next(&mut self) -> Message {
        self.sent.recv().await.unwrap()
    }
}

async fn trying_out() -> TestApp {
    TestApp::with(|config| config.webhooks_anywhere = true).await
}

/// Tells events until the test ends.
fn work(test: &TestApp) -> watch::Sender<bool> {
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(webhooks::work(test.app.clone(), stopped));
    stop
}

/// Adds a webhook on the page; its signing key and its own page.
async fn add(visitor: &mut Visitor, base: &str, address: &str, events: &[&str]) -> (String, String) {
    let mut fields = vec![("url", address)];
    fields.extend(events.iter().map(|event| ("event", *event)));
    let page = visitor.post_form(base, &fields).await.expect(200).text();
    let key = page.split("whsec_").nth(1).and_then(|rest| rest.split(['<', '"']).next()).unwrap();
    let shown = visitor.get(base).await.expect(200).text();
    assert!(!shown.contains("whsec_"), "the key is shown once");
    let href = shown.split(&format!("href=\"{base}/")).nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    (format!("whsec_{key}"), format!("{base}/{href}"))
}

/// The page once it says so: a try is written down after its answer has come.
async fn shows(visitor: &mut Visitor, page: &str, words: &str) -> String {
    loop {
        let text = visitor.get(page).await.expect(200).text();
        if text.contains(words) {
            return text;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_boards_answer_is_told_signed_and_names_nobody() {
    let test = trying_out().await;
    let (_, mut abim) = reported(&test).await;
    let mut owner = test.sign_in(people::OWNER).await;
    let mut receiver = Receiver::new().await;
    let (key, page) = add(&mut owner, PROVIDER, &receiver.address, &["credit.decided"]).await;
    let _stop = work(&test);
    let credits = ids(&abim.get(COMPLETIONS).await.expect(200).json());
    let sent = json!({ "decisions": [
        { "credit_id": credits[0], "decision": "accept" },
        { "credit_id": credits[1], "decision": "reject", "reason": "name_differs" },
    ] });
    decide(&mut abim, &sent).await.expect(200);
    let told = [receiver.next().await, receiver.next().await];
    let mut statuses: Vec<&str> =
        told.iter().map(|one| one.json["data"]["credit"]["status"].as_str().unwrap()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, ["accepted", "rejected"]);
    for message in &told {
        assert_eq!(message.json["type"], "credit.decided");
        let reference = Webhook::new(&key).unwrap();
        let signed = reference.sign(&message.id, message.seconds, message.text.as_bytes()).unwrap();
        assert_eq!(message.signature, signed);
        for n in 0..3 {
            let person = records::physician(n);
            assert!(!message.text.contains(&person.last) && !message.text.contains(&person.first), "{}", message.text);
        }
    }
    assert_ne!(told[0].id, told[1].id);
    let page = shows(&mut owner, &page, "Delivered").await;
    assert!(page.contains("credit.decided"));
    // what happened before the webhook was added, and other kinds, are not told
    assert!(receiver.sent.try_recv().is_err());
}

#[tokio::test]
async fn what_fails_is_tried_again_with_the_same_id_given_up_in_the_end_and_sent_again_by_hand() {
    let test = trying_out().await;
    let mut board = test.sign_in(people::CERTIFYING_BOARD).await;
    let mut receiver = Receiver::new().await;
    let (_, page) = add(&mut board, BOARD, &receiver.address, &[]).await;
    receiver.answers.store(500, Ordering::SeqCst);
    let _stop = work(&test);
    records::fill(&test.app).await;
    let mut provider = crate::moc_api::program(&test, people::actor(&test.app, people::OWNER).await.seat).await;
    let file = format!("{}{}", records::HEADER, records::row_with_points(0, "2", "1"));
    crate::moc_api::upload(&test, &mut provider, &file).await;
    let first = receiver.next().await;
    assert_eq!((&first.json["type"], first.json["data"].get("upload_id").is_some()), (&json!("credit.reported"), true));
    for tries in 1..10 {
        // a day is longer than a session
        let mut board = test.sign_in(people::CERTIFYING_BOARD).await;
        let words = if tries == 1 { "1 try, again".to_owned() } else { format!("{tries} tries, again") };
        shows(&mut board, &page, &words).await;
        test.app.clock.advance(SignedDuration::from_hours(24));
        // a redirect is no success either
        receiver.answers.store(if tries % 2 == 0 { 500 } else { 302 }, Ordering::SeqCst);
        let again = receiver.next().await;
        assert_eq!((again.id, again.text), (first.id.clone(), first.text.clone()));
    }
    let mut board = test.sign_in(people::CERTIFYING_BOARD).await;
    let shown = shows(&mut board, &page, "Given up").await;
    assert!(shown.contains("answered 302") || shown.contains("answered 500"), "{shown}");
    receiver.answers.store(200, Ordering::SeqCst);
    board.post_form(&format!("{page}/replay"), &[]).await.expect(303);
    assert_eq!(receiver.next().await.id, first.id);
    shows(&mut board, &page, "Delivered").await;
    // removed, it hears no more
    board.post_form(&format!("{page}/remove"), &[]).await.expect(303);
    board.get(&page).await.expect(404);
}

#[tokio::test]
async fn what_was_told_long_ago_is_forgotten_and_what_waits_is_not() {
    let test = trying_out().await;
    let mut owner = test.sign_in(people::OWNER).await;
    let mut receiver = Receiver::new().await;
    add(&mut owner, PROVIDER, &receiver.address, &["upload.finished"]).await;
    let stop = work(&test);
    records::fill(&test.app).await;
    let mut provider = crate::moc_api::program(&test, people::actor(&test.app, people::OWNER).await.seat).await;
    crate::moc_api::upload(&test, &mut provider, &records::file(0..1)).await;
    receiver.next().await;
    let states = async || testkit::database::texts(&test.address, "select state from webhook_delivery").await;
    while states().await != ["delivered"] {
        tokio::task::yield_now().await;
    }
    receiver.answers.store(500, Ordering::SeqCst);
    crate::moc_api::upload(&test, &mut provider, &records::file(1..2)).await;
    receiver.next().await;
    stop.send_replace(true);
    test.app.clock.advance(SignedDuration::from_hours(24 * 89));
    app::tidy::tidy(&test.app).await.unwrap();
    assert_eq!(states().await.len(), 2);
    test.app.clock.advance(SignedDuration::from_hours(24 * 2));
    app::tidy::tidy(&test.app).await.unwrap();
    assert_eq!(states().await, ["waiting"]);
}

#[tokio::test]
async fn two_processes_tell_each_event_once() {
    let test = trying_out().await;
    let mut owner = test.sign_in(people::OWNER).await;
    let mut receiver = Receiver::new().await;
    add(&mut owner, PROVIDER, &receiver.address, &["credit.reported"]).await;
    let _stop = (work(&test), work(&test));
    records::fill(&test.app).await;
    let mut provider = crate::moc_api::program(&test, people::actor(&test.app, people::OWNER).await.seat).await;
    let rows: String = (0..30).map(|n| records::row_with_points(n, "2", "1")).collect();
    crate::moc_api::upload(&test, &mut provider, &format!("{}{rows}", records::HEADER)).await;
    let mut told = std::collections::BTreeSet::new();
    for _ in 0..30 {
        let message = receiver.next().await;
        assert!(told.insert(message.json["data"]["credit"]["id"].as_str().unwrap().to_owned()), "told twice");
    }
    let written = testkit::database::texts(&test.address, "select state from webhook_delivery").await;
    assert_eq!(written.len(), 30);
    assert!(receiver.sent.try_recv().is_err());
}

#[tokio::test]
async fn nothing_is_sent_into_a_private_network() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    let mut receiver = Receiver::new().await;
    let port = receiver.address.rsplit(':').next().unwrap().to_owned();
    for address in [
        receiver.address.clone(),
        format!("https://127.0.0.1:{port}"),
        format!("https://[::1]:{port}"),
        format!("https://2130706433:{port}"),
        "https://user:secret@lms.example.org/".to_owned(),
        "nonsense".to_owned(),
    ] {
        let page = owner.post_form(PROVIDER, &[("url", &address)]).await.expect(422).text();
        assert!(page.contains("error-url") || page.contains("aria-invalid"), "{address}");
    }
    // a name that leads there is found out when it is sent
    let (_, page) = add(&mut owner, PROVIDER, &format!("https://localhost:{port}"), &["upload.finished"]).await;
    let _stop = work(&test);
    records::fill(&test.app).await;
    let mut provider = crate::moc_api::program(&test, people::actor(&test.app, people::OWNER).await.seat).await;
    crate::moc_api::upload(&test, &mut provider, &records::file(0..1)).await;
    shows(&mut owner, &page, "no connection").await;
    assert!(receiver.sent.try_recv().is_err());
}

#[tokio::test]
async fn anothers_webhook_is_not_there() {
    let test = trying_out().await;
    let mut owner = test.sign_in(people::OWNER).await;
    let receiver = Receiver::new().await;
    let (_, page) = add(&mut owner, PROVIDER, &receiver.address, &[]).await;
    let id = page.rsplit('/').next().unwrap();
    let other = domain::access::Seat::Provider(people::other_provider_id(), domain::access::ProviderRole::Owner);
    people::add(&test.app, "other@owner.example", "Ines Okafor", other).await;
    for (email, base) in [("other@owner.example", PROVIDER), (people::CERTIFYING_BOARD, BOARD)] {
        let mut stranger = test.sign_in(email).await;
        assert!(!stranger.get(base).await.expect(200).text().contains(id));
        stranger.get(&format!("{base}/{id}")).await.expect(404);
        stranger.post_form(&format!("{base}/{id}/remove"), &[]).await.expect(404);
        stranger.post_form(&format!("{base}/{id}/replay"), &[]).await.expect(404);
    }
    owner.get(&page).await.expect(200);
}
