//! The server is killed with SIGKILL while activities come in by web service. Each record that was
//! acknowledged must be there once, and a request that is sent again with its key must be answered as
//! if nothing had happened.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::database::{tamper, texts};

use crate::kill::server::Server;
use crate::kill::world::World;

const OPEN_JOBS: &str = "from job where state in ('queued', 'running')";

/// Courses of this year whose internal IDs begin so.
fn document(prefix: &str, many: usize) -> String {
    let course = |n: usize| {
        json!({
            "Lom": { "general": {
                "identifier": [{ "catalog": "Provider Activity ID", "entry": format!("{prefix}-{n}") }],
                "title": format!("Course {prefix}-{n}"), "description": "Invented." } },
            "healthcareMetadata": { "healthcareEducation": {
                "credits": { "activityCertification": "AMA PRA Category 1", "numberOfCredits": 2 },
                "startDateTime": today(), "endDateTime": today(),
                "activitySponsorship": "direct", "activityFormat": "Live Course", "commercialSupport": false } },
            "XtensibleInfo": { "activityRecordAction": "Add" }
        })
    };
    let records: Vec<Value> = (0..many).map(course).collect();
    json!({ "ACCMEActivities": { "MedicalEducationMetrics": records } }).to_string()
}

fn today() -> String {
    app::Clock::system("America/Chicago").today().to_string()
}

async fn count(world: &World, sql: &str) -> usize {
    let told = texts(&world.address, &format!("select cast(count(*) as text) {sql}")).await;
    told.first().and_then(|count| count.parse().ok()).expect("a count")
}

/// Internal IDs that begin so, of all activities.
async fn ids(world: &World, prefix: &str) -> Vec<String> {
    texts(&world.address, &format!("select internal_id from activity where internal_id like '{prefix}-%'")).await
}

/// On PostgreSQL a dead worker's jobs wait for half a minute; this stands for it.
async fn end_leases(world: &World) {
    if world.address.starts_with("postgres") {
        tamper(&world.address, "update job set leased_until = 1 where state = 'running'").await;
    }
}

async fn wait(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

#[tokio::test]
async fn a_file_of_two_thousand_activities_survives_kills_in_its_middle() {
    let world = World::new(1).await.expect("a world");
    let server = Server::start(&world).await.expect("a server");
    let sent = document("K", 2_000);
    let (status, receipt) =
        server.client(&world).expect("a client").activities("the-file", sent.clone()).await.expect("an answer");
    assert_eq!(status, 202, "{receipt}");
    let mut server = Some(server);
    let mut halves = 0;
    for committed in [1, 600, 1_100] {
        let reached = format!("from activity_file where records_done >= {committed}");
        while count(&world, &reached).await == 0 {
            wait(2).await;
        }
        server.take().expect("it runs").kill().await.expect("killed");
        halves += count(&world, "from activity_file where status = 'processing' and records_done < 2000").await;
        end_leases(&world).await;
        server = Some(Server::start(&world).await.expect("it starts again"));
    }
    while count(&world, &format!("{OPEN_JOBS} and kind = 'process_activity_file'")).await > 0 {
        wait(20).await;
    }
    assert!(halves > 0, "every kill came too late");
    let found = ids(&world, "K").await;
    assert_eq!((found.len(), found.iter().collect::<BTreeSet<_>>().len()), (2_000, 2_000));
    assert_eq!(count(&world, "from activity_file_record where result = 'added'").await, 2_000);
    let told = "select cast(added as text) from activity_file where status = 'done' and records_done = 2000";
    assert_eq!(texts(&world.address, told).await, ["2000"]);
    let audited = "from audit where action = 'activity.create'";
    assert_eq!(count(&world, audited).await, 2_000);
    // sent again with its key it is the same file, also for the server that was started since
    let client = server.as_ref().expect("it runs").client(&world).expect("a client");
    assert_eq!(client.activities("the-file", sent).await.expect("an answer"), (202, receipt));
    server.take().expect("it runs").kill().await.expect("killed");
}

#[tokio::test]
async fn a_request_whose_answer_a_kill_swallowed_is_answered_as_if_nothing_had_happened() {
    let world = World::new(1).await.expect("a world");
    let (mut done_before, mut not_done) = (0, 0);
    for cycle in 0..8 {
        let (prefix, key) = (format!("R{cycle}"), format!("request-{cycle}"));
        let sent = document(&prefix, 200);
        let server = Server::start(&world).await.expect("a server");
        let client = server.client(&world).expect("a client");
        let (body, named) = (sent.clone(), key.clone());
        let request = tokio::spawn(async move { client.activities(&named, body).await });
        match cycle % 4 {
            0 => wait(5).await,
            1 => wait(120).await,
            // the moment when it is done and the answer is on its way
            _ => {
                while ids(&world, &prefix).await.is_empty() {
                    wait(1).await;
                }
            }
        }
        server.kill().await.expect("killed");
        request.abort();
        let found = ids(&world, &prefix).await.len();
        assert!(found == 0 || found == 200, "{found} of 200 are there");
        let kept = count(&world, &format!("from idempotency_key where idempotency_key = '{key}'")).await;
        assert_eq!(kept, usize::from(found > 0), "the answer is not kept with the work");
        *if found > 0 { &mut done_before } else { &mut not_done } += 1;

        let server = Server::start(&world).await.expect("it starts again");
        let client = server.client(&world).expect("a client");
        let (status, answer) = client.activities(&key, sent.clone()).await.expect("an answer");
        assert_eq!(status, 201, "{answer}");
        let results = answer["ActivityResults"].as_array().expect("answers");
        let added: BTreeSet<&str> = results
            .iter()
            .filter(|one| one["result"] == "Added")
            .filter_map(|one| one["activityId"].as_str())
            .collect();
        assert_eq!(added.len(), 200);
        let found = ids(&world, &prefix).await;
        assert_eq!((found.len(), found.iter().collect::<BTreeSet<_>>().len()), (200, 200));
        let other = client.activities(&key, document("other", 1)).await.expect("an answer");
        assert_eq!((other.0, &other.1["problems"][0]["code"]), (422, &"idempotency_key_reused".into()));
        server.kill().await.expect("killed");
    }
    assert!(done_before > 0 && not_done > 0, "the kills hit one side only: {done_before} and {not_done}");
}
