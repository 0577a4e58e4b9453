//! The server is killed with SIGKILL while learner reports come in by web service. What was acknowledged must
//! be there once, a request must be there whole or not at all, and sent again, with its key or without, it must
//! change nothing.

use std::collections::BTreeSet;
use std::time::Duration;

use testkit::database::texts;

use crate::kill::books::Expect;
use crate::kill::server::{Server, verify};
use crate::kill::world::World;

/// Completions of one request.
const REPORTS: u64 = 200;
const CYCLES: u64 = 8;

async fn count(world: &World, sql: &str) -> usize {
    let told = texts(&world.address, &format!("select cast(count(*) as text) {sql}")).await;
    told.first().and_then(|count| count.parse().ok()).expect("a count")
}

/// Live credits as the books write them.
async fn live(world: &World) -> Vec<String> {
    let sql = "select completion.activity_id || ' ' || completion.learner_identifier || ' ' || completion.completed_on
               from credit join completion on completion.completion_id = credit.completion_id
               where credit.withdrawn_at is null and completion.withdrawn_at is null";
    texts(&world.address, sql).await
}

async fn wait(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

#[tokio::test]
async fn a_submission_whose_answer_a_kill_swallowed_is_there_whole_or_not_at_all() {
    let world = World::new(CYCLES * REPORTS).await.expect("a world");
    let (mut done_before, mut not_done) = (0, 0);
    let mut expected = BTreeSet::new();
    for cycle in 0..CYCLES {
        // names that end in 2 are documents of JSON
        let sent = world.file("2", cycle * REPORTS, REPORTS).expect("reports");
        let key = format!("request-{cycle}");
        let uploads = count(&world, "from upload").await;
        let server = Server::start(&world).await.expect("a server");
        let client = server.client(&world).expect("a client");
        let (text, named) = (sent.text.clone(), key.clone());
        let request = tokio::spawn(async move { client.learners(Some(&named), text).await });
        match cycle % 4 {
            0 => wait(5).await,
            1 => wait(60).await,
            // the moment when it is done and the answer is on its way
            _ => {
                while count(&world, "from upload").await == uploads {
                    wait(1).await;
                }
            }
        }
        server.kill().await.expect("killed");
        request.abort();
        let is_there = count(&world, "from upload").await > uploads;
        let rows = "from upload_row join upload on upload.upload_id = upload_row.upload_id where source = 'service'";
        let settled = count(&world, rows).await;
        let one = sent.lines.len();
        assert_eq!(settled, cycle as usize * one + if is_there { one } else { 0 }, "a request is torn");
        let kept = count(&world, &format!("from idempotency_key where idempotency_key = '{key}'")).await;
        assert_eq!(kept, usize::from(is_there), "the answer is not kept with the work");
        *if is_there { &mut done_before } else { &mut not_done } += 1;

        let server = Server::start(&world).await.expect("it starts again");
        let client = server.client(&world).expect("a client");
        let (status, answer) = client.learners(Some(&key), sent.text.clone()).await.expect("an answer");
        assert_eq!(status, 200, "{answer}");
        let told = answer["LearnerResults"].as_array().expect("answers").iter();
        let told: Vec<&str> = told.map(|one| one["result"].as_str().expect("a word")).collect();
        let wanted: Vec<&str> = sent.lines.values().map(|line| word(line.expect)).collect();
        assert_eq!(told, wanted);
        expected.extend(
            sent.lines.values().filter(|line| line.expect == Expect::Accepted).filter_map(|line| line.credit.clone()),
        );
        let found = live(&world).await;
        assert_eq!((found.len(), found.into_iter().collect::<BTreeSet<_>>()), (expected.len(), expected.clone()));
        // another request under this key is none
        let other = client.learners(Some(&key), "{}".to_owned()).await.expect("an answer");
        assert_eq!((other.0, &other.1["problems"][0]["code"]), (422, &"idempotency_key_reused".into()));
        server.kill().await.expect("killed");
    }
    assert!(done_before > 0 && not_done > 0, "the kills hit one side only: {done_before} and {not_done}");
    // without a key it is another request, which finds everything on record
    let server = Server::start(&world).await.expect("a server");
    let client = server.client(&world).expect("a client");
    let sent = world.file("2", 0, REPORTS).expect("reports");
    let (status, answer) = client.learners(None, sent.text).await.expect("an answer");
    assert_eq!(status, 200);
    assert!(
        answer["LearnerResults"].as_array().expect("answers").iter().any(|one| one["result"] == "already_reported")
    );
    let found = live(&world).await;
    assert_eq!((found.len(), found.into_iter().collect::<BTreeSet<_>>()), (expected.len(), expected));
    server.kill().await.expect("killed");
    verify(&world).await.expect("the record proves itself");
}

fn word(expect: Expect) -> &'static str {
    match expect {
        Expect::Accepted | Expect::RefusedOrAccepted => "accepted",
        Expect::AlreadyReported => "already_reported",
        Expect::Deleted => "deleted",
        Expect::Refused => "refused",
    }
}
