//! How many requests a program may send, told on every answer.

use domain::access::{ProviderRole, Seat};
use jiff::SignedDuration;
use store::api_clients::Holder;
use testkit::{TestApp, Visitor, people};

const EVENTS: &str = "/api/pars/v1/events";

async fn program(test: &TestApp, provider: domain::ProviderId) -> Visitor {
    let seat = Seat::Provider(provider, ProviderRole::Viewer);
    test.bearer(people::token(&test.app, "Learning system", seat).await.expose())
}

async fn with_limit(per_minute: u32) -> TestApp {
    TestApp::with(|config| config.api_requests_per_minute = per_minute).await
}

#[tokio::test]
async fn every_answer_says_what_is_left_and_one_too_many_how_long_to_wait() {
    let test = with_limit(6).await;
    let mut program = program(&test, people::provider_id()).await;
    for left in (0..6).rev() {
        // refusals and what is not there count too
        let answer = match left {
            5 => program.get("/api/pars/v1/nothing-here").await.expect(404),
            4 => program.get("/api/pars/v1/moc/completions").await.expect(403),
            _ => program.get(EVENTS).await.expect(200),
        };
        assert_eq!(answer.header("ratelimit-policy"), "\"requests\";q=6;w=60");
        assert_eq!(answer.header("ratelimit"), format!("\"requests\";r={left};t={}", (6 - left) * 10));
    }
    let answer = program.get(EVENTS).await.expect(429);
    assert_eq!((answer.header("retry-after"), answer.header("ratelimit")), ("10", "\"requests\";r=0;t=60"));
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let told = answer.json();
    assert_eq!(told["type"], "https://iana.org/assignments/http-problem-types#quota-exceeded");
    assert_eq!(told["code"], "rate_limit_exceeded");
    assert_eq!(told["violated-policies"], serde_json::json!(["requests"]));
    program.set_header("accept", "application/xml");
    assert_eq!(program.get(EVENTS).await.expect(429).header("content-type"), "application/problem+xml");
    program.set_header("accept", "*/*");
    // a refused request costs nothing: after ten seconds there is one again, and only one
    test.app.clock.advance(SignedDuration::from_secs(9));
    program.get(EVENTS).await.expect(429);
    test.app.clock.advance(SignedDuration::from_secs(1));
    program.get(EVENTS).await.expect(200);
    program.get(EVENTS).await.expect(429);
    test.app.clock.advance(SignedDuration::from_secs(60));
    assert_eq!(program.get(EVENTS).await.expect(200).header("ratelimit"), "\"requests\";r=5;t=10");
}

#[tokio::test]
async fn each_program_has_its_own_and_pages_have_none() {
    let test = with_limit(1).await;
    let mut one = program(&test, people::provider_id()).await;
    let mut same_provider = program(&test, people::provider_id()).await;
    one.get(EVENTS).await.expect(200);
    one.get(EVENTS).await.expect(429);
    same_provider.get(EVENTS).await.expect(200);
    let mut owner = test.sign_in(people::OWNER).await;
    for _ in 0..3 {
        let page = owner.get("/provider").await.expect(200);
        assert_eq!((page.header("ratelimit"), page.header("ratelimit-policy")), ("", ""));
    }
    // nobody knows whose this is: the policy alone
    let stranger = test.bearer("crd_unknown").get(EVENTS).await.expect(401);
    assert_eq!((stranger.header("ratelimit-policy"), stranger.header("ratelimit")), ("\"requests\";q=1;w=60", ""));
    test.anonymous().get("/api").await.expect(200);
}

#[tokio::test]
async fn an_allowance_survives_a_restart() {
    let test = with_limit(3).await;
    let mut program = program(&test, people::provider_id()).await;
    for _ in 0..3 {
        program.get(EVENTS).await.expect(200);
    }
    test.app.api_limits.save(&test.app).await.unwrap();
    // what nobody used since is not written again
    let count = "select cast(count(*) as text) from api_allowance";
    assert_eq!(testkit::database::texts(&test.address, count).await, ["1"]);
    testkit::database::tamper(&test.address, "update api_allowance set left_millis = 900").await;
    test.app.api_limits.save(&test.app).await.unwrap();
    let restarted = app::App { api_limits: app::ApiLimits::default(), ..test.app.clone() };
    let client = {
        let mut tx = restarted.store.read().await.unwrap();
        let scope = people::actor(&test.app, people::OWNER).await.provider(ProviderRole::Owner).unwrap();
        store::api_clients::list(&mut tx, &Holder::Provider(scope), false).await.unwrap()[0].id
    };
    let taken = restarted.api_limits.take(&restarted, client).await.unwrap();
    assert_eq!((taken.left, taken.refused_for), (0, Some(2)), "0.9 of a request is no request yet");
    restarted.clock.advance(SignedDuration::from_secs(2));
    let taken = restarted.api_limits.take(&restarted, client).await.unwrap();
    assert_eq!((taken.left, taken.refused_for), (0, None));
}
