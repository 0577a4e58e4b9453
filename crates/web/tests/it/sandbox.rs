//! A provider's sandbox: the same web services over invented data, from which nothing comes out.

use std::collections::BTreeMap;
use std::time::Duration;

use app::sandbox::{self, ACTIVITY, Brings, LEARNERS, Learner, MOC_ACTIVITY};
use domain::access::{ProviderRole, ProviderScope, Seat};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{Part, TestApp, Visitor, database, people, records};

const PAGE: &str = "/provider/api-clients/sandbox";
const UPLOADS: &str = "/api/pars/v1/uploads";

/// A token of the sandbox, as an owner makes one.
async fn token(app: &TestApp, owner: &str) -> String {
    let mut owner = app.sign_in(owner).await;
    let page = owner.post_form(PAGE, &[("name", "Test system"), ("days", "90")]).await.expect(200).text();
    let start = page.find(">crs_").expect("a token on the page") + 1;
    page[start..].split('<').next().unwrap().to_owned()
}

async fn program(app: &TestApp) -> Visitor {
    app.bearer(&token(app, people::OWNER).await)
}

/// A file with one learner who finished on this day of November.
fn file(learner: &Learner, day: usize) -> String {
    let Learner { first, last, birth, state, identifier, board, diplomate_id, .. } = learner;
    let (activity, moc) = match *board {
        "" => (ACTIVITY, "\t\t\t\t".to_owned()),
        "ABIM" => (MOC_ACTIVITY, format!("ABIM\t{diplomate_id}\t2\tMedical Knowledge\t2")),
        _ => (MOC_ACTIVITY, format!("{board}\t{diplomate_id}\t2\tLifelong Learning and Self-Assessment\t2")),
    };
    let header = records::HEADER;
    format!("{header}Add\t{activity}\t11/{day:02}/2026\t{first}\t{last}\t{birth}\t{state}\t{identifier}\t2\t{moc}\n")
}

/// Sends a file and waits until it is settled: its progress.
async fn send(program: &mut Visitor, file: &str) -> Value {
    let parts = [Part::Text("permission", "held"), Part::File("file", "learners.tsv", file.as_bytes())];
    let receipt = program.post_multipart(UPLOADS, &parts).await.expect(202);
    assert_eq!(receipt.header("credence-sandbox"), "true");
    let url = receipt.json()["url"].as_str().unwrap().to_owned();
    settled(program, &url).await
}

async fn settled(program: &mut Visitor, url: &str) -> Value {
    loop {
        let progress = program.get(url).await.expect(200).json();
        if progress["status"] == "done" || progress["status"] == "failed" {
            return progress;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The board's answer to the credit of this day: status and reason.
async fn answer(program: &mut Visitor, day: usize) -> (String, String) {
    loop {
        let events = program.get("/api/pars/v1/events").await.expect(200).json();
        let decided = events["events"].as_array().unwrap().iter().find(|event| {
            event["type"] == "credit.decided" && event["credit"]["completed_on"] == format!("2026-11-{day:02}").as_str()
        });
        if let Some(event) = decided {
            let word = |key: &str| event["credit"][key].as_str().unwrap().to_owned();
            return (word("status"), word("reason"));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn each_learner_of_the_table_has_the_outcome_that_it_tells() {
    let app = TestApp::new().await;
    let mut program = program(&app).await;
    for (learner, day) in LEARNERS.iter().zip(1..) {
        let progress = send(&mut program, &file(learner, day)).await;
        let code = learner.brings.problem();
        if code.is_empty() {
            assert_eq!((&progress["accepted"], &progress["refused"]), (&1.into(), &0.into()), "{learner:?} {progress}");
        } else {
            assert_eq!(progress["problems"][0]["code"], code, "{learner:?} {progress}");
            assert_eq!((&progress["accepted"], &progress["refused"]), (&0.into(), &1.into()), "{learner:?}");
        }
        let answered = match learner.brings {
            Brings::Matched if learner.board.is_empty() => continue,
            Brings::NoMatch | Brings::Several | Brings::Conflict => continue,
            Brings::Matched => ("accepted", ""),
            Brings::BoardRejects => ("rejected", "Diplomate ID is not on the board’s roster"),
        };
        let (status, reason) = answer(&mut program, day).await;
        assert_eq!((status.as_str(), reason.as_str()), answered, "{learner:?}");
    }
}

/// The learner as a report in JSON, of whom a check reads the names, birthday and identifiers.
fn report(learner: &Learner, day: usize) -> Value {
    let domain = if learner.is_by_npi() { "NPI" } else { learner.state };
    let id = json!({ "domain": domain, "value": learner.identifier });
    let mut certificates = vec![json!({
        "UniqueID": [id],
        "CreditReceived": { "activityCertification": "AMA PRA Category 1", "numberOfCredits": 2 }
    })];
    if !learner.board.is_empty() {
        let kind = if learner.board == "ABIM" { "Medical Knowledge" } else { "Lifelong Learning and Self-Assessment" };
        certificates.push(json!({
            "UniqueID": [{ "domain": learner.board, "value": learner.diplomate_id }],
            "CreditReceived": { "activityCertification": kind, "numberOfCredits": 2 }
        }));
    }
    json!({
        "Member": {
            "Name": { "GivenName": learner.first, "FamilyName": learner.last },
            "PersonalInfo": { "BirthDate": learner.birth },
            "UniqueID": [{ "domain": domain, "value": learner.identifier }]
        },
        "Activity": { "ProviderOrganization": people::PROVIDER, "Module": {
            "ModuleName": { "moduleID": if learner.board.is_empty() { ACTIVITY } else { MOC_ACTIVITY } },
            "CompletedDateTime": format!("2026-11-{day:02}"),
            "CreditCertificate": certificates
        } },
        "XtensibleInfo": { "LearnerRecordAction": "add" }
    })
}

fn document<'a>(learners: impl Iterator<Item = (&'a Learner, usize)>) -> Value {
    let reports: Vec<Value> = learners.map(|(learner, day)| report(learner, day)).collect();
    json!({ "ACCMELearnerReports": { "ActivityReports": { "ActivityReport": reports } } })
}

#[tokio::test]
async fn learners_sent_as_a_request_have_the_outcomes_of_the_table() {
    let app = TestApp::new().await;
    let mut program = program(&app).await;
    let sent = document(LEARNERS.iter().zip(1..));
    let answer = program.post_json("/api/pars/v1/learner-activities?permission=held", &sent).await.expect(200);
    assert_eq!(answer.header("credence-sandbox"), "true");
    let results = answer.json()["LearnerResults"].as_array().unwrap().clone();
    assert_eq!(results.len(), LEARNERS.len());
    for (learner, result) in LEARNERS.iter().zip(&results) {
        match learner.brings.problem() {
            "" => assert_eq!(result["result"], "accepted", "{learner:?} {result}"),
            code => assert_eq!((&result["result"], &result["problem"][0]["code"]), (&"refused".into(), &code.into())),
        }
    }
    let rejected = LEARNERS.iter().position(|learner| learner.brings == Brings::BoardRejects).unwrap();
    let (status, reason) = self::answer(&mut program, rejected + 1).await;
    assert_eq!((status.as_str(), reason.as_str()), ("rejected", "Diplomate ID is not on the board’s roster"));
}

#[tokio::test]
async fn learners_who_are_only_checked_have_the_outcomes_of_the_table() {
    let app = TestApp::new().await;
    let mut program = program(&app).await;
    let sent = document(LEARNERS.iter().zip(1..));
    let answer = program.post_json("/api/pars/v1/learner-match", &sent).await.expect(200).json();
    let answers = answer["LearnerMatches"].as_array().unwrap();
    assert_eq!(answers.len(), LEARNERS.len());
    for (learner, answer) in LEARNERS.iter().zip(answers) {
        assert_eq!(answer["outcome"], learner.brings.outcome(), "{learner:?} {answer}");
    }
}

#[tokio::test]
async fn a_token_of_one_side_opens_nothing_on_the_other() {
    let app = TestApp::new().await;
    records::fill(&app.app).await;
    let mut inside = program(&app).await;
    let seat = Seat::Provider(people::provider_id(), ProviderRole::Editor);
    let mut outside = app.bearer(people::token(&app.app, "Real system", seat).await.expose());

    // the real activity and physicians do not exist inside, and the invented ones do not outside
    let progress = send(&mut inside, &records::file([1])).await;
    assert_eq!((&progress["accepted"], &progress["refused"]), (&0.into(), &1.into()), "{progress}");
    inside.get(&format!("/api/pars/v1/activities/{}", records::ACTIVITY)).await.expect(404);
    inside.get(&format!("/api/pars/v1/activities/{ACTIVITY}")).await.expect(200);
    outside.get(&format!("/api/pars/v1/activities/{ACTIVITY}")).await.expect(404);
    let answer = outside.get(&format!("/api/pars/v1/activities/{}", records::ACTIVITY)).await.expect(200);
    assert_eq!(answer.header("credence-sandbox"), "");

    // an upload of one side is as absent as none on the other
    let parts =
        [Part::Text("permission", "held"), Part::File("file", "l.tsv", file(&LEARNERS[0], 1).into_bytes().leak())];
    let within = inside.post_multipart(UPLOADS, &parts).await.expect(202).json()["url"].as_str().unwrap().to_owned();
    let without = outside.post_multipart(UPLOADS, &parts).await.expect(202).json()["url"].as_str().unwrap().to_owned();
    inside.get(&without).await.expect(404);
    outside.get(&within).await.expect(404);
    inside.get(&format!("{without}/result")).await.expect(404);
    settled(&mut inside, &within).await;
    let told = outside.get("/api/pars/v1/events").await.expect(200).json();
    assert_eq!(told["events"].as_array().unwrap().len(), 0, "{told}");
    let told = inside.get("/api/pars/v1/events").await.expect(200).json();
    assert!(!told["events"].as_array().unwrap().is_empty(), "{told}");

    // a board's calls are not a provider's, and no page is behind the door
    inside.get("/api/pars/v1/moc/completions").await.expect(403);
    for page in ["/provider", "/provider/uploads", "/account", PAGE] {
        assert!(inside.get(page).await.expect(303).location().starts_with("/sign-in"), "{page}");
    }
    let public = inside.get("/api/openapi.json").await.expect(200);
    assert_eq!(public.header("credence-sandbox"), "");
    inside.get("/api/pars/v1/nothing").await.expect(404);
}

/// How many rows each table of the real database has.
async fn rows(app: &TestApp) -> BTreeMap<String, String> {
    let tables = if app.address.starts_with("sqlite:") {
        "select name from sqlite_master where type = 'table' and name not like 'sqlite%'"
    } else {
        "select cast(table_name as text) from information_schema.tables where table_schema = 'public'"
    };
    let mut counts = BTreeMap::new();
    for table in database::texts(&app.address, tables).await {
        let counted = database::texts(&app.address, &format!("select cast(count(*) as text) from {table}")).await;
        counts.insert(table, counted.concat());
    }
    counts
}

#[tokio::test]
async fn nothing_that_a_sandbox_receives_is_written_down_outside_it() {
    let app = TestApp::new().await;
    records::fill(&app.app).await;
    let mut program = program(&app).await;
    let before = rows(&app).await;
    assert!(before.len() > 40, "{before:?}");
    for (learner, day) in LEARNERS.iter().zip(1..) {
        send(&mut program, &file(learner, day)).await;
    }
    answer(&mut program, 1).await;
    program.post_json("/api/pars/v1/learner-match", &document(LEARNERS.iter().zip(1..))).await.expect(200);
    let submitted = document(LEARNERS.iter().zip(10..));
    program.post_json("/api/pars/v1/learner-activities?permission=held", &submitted).await.expect(200);
    let activity = json!({ "anything": "that is no activity" });
    program.post_json("/api/pars/v1/activities", &activity).await;
    assert_eq!(rows(&app).await, before);
    let key = std::fs::read(app.folder().join("ledger-key.pem")).unwrap();
    let inner = app.folder().join("sandbox").join(people::PROVIDER).join("0/ledger-key.pem");
    assert_ne!(std::fs::read(inner).unwrap(), key);
    let kept = app.folder().join("uploads").read_dir();
    assert!(kept.map_or(true, |mut files| files.next().is_none()), "no file of it lies among the real ones");
}

#[tokio::test]
async fn a_reset_forgets_everything_but_the_tokens_and_lets_whoever_is_in_finish() {
    let app = TestApp::new().await;
    let mut program = program(&app).await;
    let parts =
        [Part::Text("permission", "held"), Part::File("file", "l.tsv", file(&LEARNERS[0], 1).into_bytes().leak())];
    let url = program.post_multipart(UPLOADS, &parts).await.expect(202).json()["url"].as_str().unwrap().to_owned();
    settled(&mut program, &url).await;

    let scope = ProviderScope::of_record(people::provider_id());
    let within = sandbox::enter(&app.app, &scope).await.unwrap();
    let mut owner = app.sign_in(people::OWNER).await;
    assert!(owner.get(PAGE).await.text().contains("l.tsv"));
    assert_eq!(
        owner.post_form(&format!("{PAGE}/reset"), &[]).await.expect(303).location(),
        format!("{PAGE}?done=reset")
    );

    // whoever was in it still reads and writes the old one
    let mut tx = within.app.store.write().await.unwrap();
    assert_eq!(store::sandboxes::received(&mut tx, &scope, 5).await.unwrap().len(), 1);
    tx.commit().await.unwrap();
    // for everybody else it is as new
    program.get(&url).await.expect(404);
    let page = owner.get(&format!("{PAGE}?done=reset")).await.text();
    assert!(page.contains("as new") && page.contains("since it was reset on") && !page.contains("l.tsv"), "{page}");
    program.post_multipart(UPLOADS, &parts).await.expect(202);

    let earlier = app.folder().join("sandbox").join(people::PROVIDER).join("0");
    drop(within);
    while earlier.exists() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(app.folder().join("sandbox").join(people::PROVIDER).join("1").exists());
}

#[tokio::test]
async fn requests_during_resets_are_answered_by_one_sandbox_or_the_next() {
    let app = TestApp::new().await;
    let program = program(&app).await;
    let mut owner = app.sign_in(people::OWNER).await;
    let callers = (0..8).map(|n| {
        let mut program = program.clone();
        tokio::spawn(async move {
            for round in 0..6 {
                let text = file(&LEARNERS[0], 1 + (n + round) % 20);
                let parts = [Part::Text("permission", "held"), Part::File("file", "l.tsv", text.as_bytes())];
                let answer = program.post_multipart(UPLOADS, &parts).await;
                assert!(matches!(answer.status, 200 | 202), "{}", answer.text());
            }
        })
    });
    let callers: Vec<_> = callers.collect();
    for _ in 0..4 {
        owner.post_form(&format!("{PAGE}/reset"), &[]).await.expect(303);
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    for caller in callers {
        caller.await.expect("every request is answered");
    }
    let mut program = program;
    let progress = send(&mut program, &file(&LEARNERS[0], 22)).await;
    assert_eq!(progress["accepted"], 1, "{progress}");
}

#[tokio::test]
async fn requests_at_once_open_one_sandbox_and_two_processes_share_it() {
    let app = TestApp::new().await;
    let program = program(&app).await;
    let callers: Vec<_> = (0..12)
        .map(|_| {
            let mut program = program.clone();
            tokio::spawn(async move { program.get(&format!("/api/pars/v1/activities/{ACTIVITY}")).await.status })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap(), 200);
    }
    assert_eq!(app.app.sandboxes.open_now().await, 1);

    // another process on the same data folder has its own list of what is open
    let other = app::App { sandboxes: app::Sandboxes::default(), ..app.app.clone() };
    let scope = ProviderScope::of_record(people::other_provider_id());
    let entered = tokio::join!(sandbox::enter(&app.app, &scope), sandbox::enter(&other, &scope));
    let (here, there) = (entered.0.unwrap(), entered.1.unwrap());
    assert_eq!((here.app.registry.len(), there.app.registry.len()), (5, 5));
    let physicians = store::physicians::count(&mut here.app.store.read().await.unwrap()).await.unwrap();
    assert_eq!(physicians, 5);
}

#[tokio::test]
async fn only_owners_manage_a_sandbox_and_nobody_reaches_another_providers() {
    let app = TestApp::new().await;
    let token_here = token(&app, people::OWNER).await;
    let mut owner = app.sign_in(people::OWNER).await;
    let page = owner.get(PAGE).await.expect(200).text();
    assert!(page.contains("Reset the sandbox") && page.contains("Make the token"), "{page}");
    assert!(page.contains(&token_here[..8]) && !page.contains(&token_here));
    for learner in LEARNERS {
        assert!(page.contains(learner.identifier) && page.contains(learner.brings.problem()), "{learner:?}");
    }
    let mut viewer = app.sign_in(people::VIEWER).await;
    let read = viewer.get(PAGE).await.expect(200).text();
    assert!(
        read.contains("Sandbourne")
            && !read.contains("<button class=\"button danger")
            && !read.contains("Make the token")
    );
    for member in [people::VIEWER, people::LEARNER_DATA, people::EDITOR] {
        let mut member = app.sign_in(member).await;
        member.post_form(PAGE, &[("name", "Mine"), ("days", "30")]).await.expect(403);
        member.post_form(&format!("{PAGE}/reset"), &[]).await.expect(403);
    }

    // another provider's sandbox is another one
    let mut here = app.bearer(&token_here);
    let url = {
        let parts = [
            Part::Text("permission", "held"),
            Part::File("file", "mine.tsv", file(&LEARNERS[0], 1).into_bytes().leak()),
        ];
        here.post_multipart(UPLOADS, &parts).await.expect(202).json()["url"].as_str().unwrap().to_owned()
    };
    let mut there = app.bearer(&token(&app, people::OTHER_OWNER).await);
    there.get(&url).await.expect(404);
    let mut other_owner = app.sign_in(people::OTHER_OWNER).await;
    assert!(!other_owner.get(PAGE).await.text().contains("mine.tsv"));
    other_owner.post_form(&format!("{PAGE}/reset"), &[]).await.expect(303);
    here.get(&url).await.expect(200);

    // nor is its token
    let revoke = page.split("action=\"").find(|rest| rest.contains("/revoke\"")).unwrap().split('"').next().unwrap();
    other_owner.post_form(revoke, &[]).await.expect(404);
    here.get(&url).await.expect(200);
    owner.post_form(revoke, &[]).await.expect(303);
    here.get(&url).await.expect(401);
}

#[tokio::test]
async fn a_token_that_ended_or_was_never_made_opens_no_sandbox() {
    let app = TestApp::new().await;
    let call = format!("/api/pars/v1/activities/{ACTIVITY}");
    let mut program = program(&app).await;
    program.get(&call).await.expect(200);
    app.app.clock.advance(SignedDuration::from_hours(90 * 24));
    let refused = program.get(&call).await.expect(401);
    assert_eq!(refused.header("content-type"), "application/problem+json");
    for token in ["crs_", "crs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "crs_' or 1=1"] {
        app.bearer(token).get(&call).await.expect(401);
    }
    let made =
        app.sign_in(people::OWNER).await.post_form(PAGE, &[("name", ""), ("days", "9999")]).await.expect(422).text();
    assert!(made.contains("at most 100 letters") || made.contains("at most a year"), "{made}");
}

#[tokio::test]
async fn a_sandbox_that_nobody_uses_is_closed_and_opens_again_with_what_it_held() {
    let app = TestApp::new().await;
    let mut program = program(&app).await;
    let progress = send(&mut program, &file(&LEARNERS[0], 1)).await;
    let url = format!("{UPLOADS}/{}", progress["id"].as_str().unwrap());
    sandbox::tidy(&app.app).await;
    assert_eq!(app.app.sandboxes.open_now().await, 1);
    app.app.clock.advance(SignedDuration::from_mins(11));
    sandbox::tidy(&app.app).await;
    assert_eq!(app.app.sandboxes.open_now().await, 0);
    assert_eq!(program.get(&url).await.expect(200).json()["accepted"], 1);
}

#[tokio::test]
async fn activities_still_take_learners_years_later() {
    let app = TestApp::new().await;
    let mut before = program(&app).await;
    send(&mut before, &file(&LEARNERS[0], 1)).await;
    app.app.clock.advance(SignedDuration::from_hours(24 * 365 * 3));
    sandbox::tidy(&app.app).await;
    let mut program = program(&app).await;
    let later = file(&LEARNERS[0], 1).replace("/2026", "/2029");
    let progress = send(&mut program, &later).await;
    assert_eq!((&progress["accepted"], &progress["refused"]), (&1.into(), &0.into()), "{progress}");
}

#[test]
fn the_documents_tell_the_same_table() {
    let document = include_str!("../../../../docs/API.md");
    for learner in LEARNERS {
        let Learner { first, last, birth, state, identifier, board, diplomate_id, brings, .. } = learner;
        let domain = if learner.is_by_npi() { "NPI" } else { state };
        let id = if board.is_empty() { String::new() } else { format!(" {board} {diplomate_id}") };
        let report = match brings.problem() {
            "" => "accepted".to_owned(),
            code => format!("`{code}`"),
        };
        let answer = match (board.is_empty(), brings) {
            (true, _) => "",
            (false, Brings::BoardRejects) => " rejected",
            (false, _) => " accepted",
        };
        let outcome = brings.outcome();
        let row =
            format!("| {first} {last} | {birth} | {domain} {identifier} |{id} | `{outcome}` | {report} |{answer} |");
        assert!(document.contains(&row), "{row}");
    }
    assert!(document.contains(ACTIVITY) && document.contains(MOC_ACTIVITY));
}
