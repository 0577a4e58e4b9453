//! A licensing board's program: transcripts of its licensees by what it knows of them, or all that changed.

use app::identity;
use axum::http::header;
use domain::access::{ProviderRole, Seat};
use domain::{Board, PhysicianId, State};
use serde_json::{Value, json};
use store::physicians::{License, NewPhysician};
use testkit::people::{self, OWNER, provider_id};
use testkit::records::{self, HEADER, physician, row, row_with_points};
use testkit::{Answer, TestApp, Visitor};
use uuid::Uuid;

const TRANSCRIPTS: &str = "/api/pars/v1/GetLearnerTranscriptbyLearner";
const PDF: &str = "/api/pars/v1/GetLearnerTranscriptbyLearnerPDF";
const TOTALS: &str = "/api/pars/v1/GetLearnerTranscriptCreditsByDate";

async fn program(test: &TestApp, seat: Seat) -> Visitor {
    test.bearer(people::token(&test.app, "licensing system", seat).await.expose())
}

fn state(code: &str) -> Seat {
    Seat::LicensingBoard(State::read(code).unwrap())
}

/// California's program, after these rows were reported.
async fn reported(test: &TestApp, rows: &str) -> Visitor {
    records::fill(&test.app).await;
    report(test, rows).await;
    program(test, state("CA")).await
}

async fn report(test: &TestApp, rows: &str) {
    let actor = people::actor(&test.app, OWNER).await;
    let bytes = futures::stream::iter([Ok::<_, std::io::Error>(format!("{HEADER}{rows}").into_bytes())]);
    let staged = app::uploads::stage(&test.app, bytes).await.unwrap();
    app::uploads::receive(&test.app, &actor, "Ida Ward", "learners.txt", staged).await.unwrap();
    records::work(&test.app).await;
}

fn number(n: usize) -> String {
    physician(n).licenses[0].number.clone()
}

fn names(answer: &Value) -> Vec<String> {
    let transcripts = answer["ACCMETranscripts"].as_array().unwrap().iter();
    let name = |one: &Value| {
        let name = &one["Member"]["Name"];
        format!("{} {}", name["GivenName"].as_str().unwrap(), name["FamilyName"].as_str().unwrap())
    };
    transcripts.map(name).collect()
}

fn full(n: usize) -> String {
    physician(n).full_name()
}

fn link(answer: &Answer) -> Option<String> {
    let link = answer.headers.get(header::LINK)?.to_str().unwrap();
    let target = link.strip_prefix('<').unwrap().split('>').next().unwrap();
    Some(format!("{TRANSCRIPTS}{target}"))
}

fn cursor(answer: &Answer) -> String {
    answer.headers.get("next-changed-since").unwrap().to_str().unwrap().to_owned()
}

/// Answers one after the other, as long as they name a next one.
async fn follow(program: &mut Visitor, first: &str) -> Vec<String> {
    let (mut seen, mut address) = (Vec::new(), Some(first.to_owned()));
    while let Some(next) = address {
        let answer = program.get(&next).await.expect(200);
        seen.extend(names(&answer.json()));
        address = link(&answer);
    }
    seen
}

#[tokio::test]
async fn a_transcript_is_found_by_license_in_the_fields_own_names() {
    let test = TestApp::new().await;
    let mut board = reported(&test, &row_with_points(0, "2.5", "2")).await;
    let found = board.get(&format!("{TRANSCRIPTS}?stateMedicalLicenseID={}", number(0))).await.expect(200).json();
    assert_eq!(names(&found), [full(0)]);
    let learner = &found["ACCMETranscripts"][0];
    assert_eq!(learner["Member"]["PersonalInfo"]["Licensure"][0]["StateMedicalLicenseID"], json!(number(0)));
    let module = &learner["ActivityTranscript"][0]["Activity"]["Module"];
    assert_eq!(module["ModuleName"]["moduleID"], records::ACTIVITY);
    assert_eq!(module["CompletedDateTime"], "2026-11-02T12:00:00Z");
    let credits = module["CreditCertificate"].as_array().unwrap();
    assert_eq!(credits[0]["CreditReceived"]["numberOfCredits"], 2.5);
    assert_eq!(credits[1]["CreditReceived"]["activityCertification"], "Medical Knowledge");
    assert!(!learner.to_string().contains("BirthDate"), "the transcript tells no birthday: {learner}");
}

#[tokio::test]
async fn everything_that_is_sent_must_fit() {
    let test = TestApp::new().await;
    let mut board = reported(&test, &row("Add", 0, "2")).await;
    let who = physician(0);
    let (last, first) = (&who.last, &who.first);
    for (query, fits) in [
        (format!("lastName={last}"), true),
        (format!("lastName={}&firstName={first}", last.to_uppercase()), true),
        (format!("lastName={last}&stateOfLicensure=CA&stateMedicalLicenseID={}", number(0)), true),
        (format!("lastName={}", &last[..3]), false),
        (format!("lastName={last}&firstName=Zed"), false),
        (format!("lastName={last}&stateMedicalLicenseID={}", number(1)), false),
        (format!("npi=1234567893&stateMedicalLicenseID={}", number(0)), false),
        ("lastName=Nobody".to_owned(), false),
    ] {
        let found = names(&board.get(&format!("{TRANSCRIPTS}?{query}")).await.expect(200).json());
        assert_eq!(found.contains(&full(0)), fits, "{query}: {found:?}");
    }
}

#[tokio::test]
async fn another_states_board_finds_nobody_and_cannot_name_this_state() {
    let test = TestApp::new().await;
    let mut board = reported(&test, &row("Add", 0, "2")).await;
    let mut nevada = program(&test, state("NV")).await;
    let by_number = format!("stateMedicalLicenseID={}", number(0));
    let foreign = nevada.get(&format!("{TRANSCRIPTS}?{by_number}")).await.expect(200).json();
    let absent = nevada.get(&format!("{TRANSCRIPTS}?stateMedicalLicenseID=A99999")).await.expect(200).json();
    assert_eq!((foreign.clone(), &foreign["ACCMETranscripts"]), (absent, &json!([])));
    for call in [PDF, TOTALS] {
        let days = "completionDateRangeStart=2026-01-01&completionDateRangeEnd=2026-12-31";
        nevada.get(&format!("{call}?{by_number}&{days}")).await.expect(404);
    }
    nevada.get(&format!("{TRANSCRIPTS}?stateOfLicensure=CA&{by_number}")).await.expect(403);
    let everything = nevada.get(&format!("{TRANSCRIPTS}?changedSince=0")).await.expect(200).json();
    assert_eq!(names(&everything), Vec::<String>::new());
    board.get(&format!("{TRANSCRIPTS}?stateOfLicensure=CA&{by_number}")).await.expect(200);
}

#[tokio::test]
async fn programs_of_others_are_refused() {
    let test = TestApp::new().await;
    let address = format!("?stateMedicalLicenseID={}", number(0));
    let certifying = Seat::CertifyingBoard(Board::read("ABIM").unwrap());
    for seat in [Seat::Provider(provider_id(), ProviderRole::Owner), certifying] {
        let mut other = program(&test, seat).await;
        for call in [TRANSCRIPTS, PDF, TOTALS] {
            other.get(&format!("{call}{address}")).await.expect(403);
        }
    }
    for call in [TRANSCRIPTS, PDF, TOTALS] {
        test.bearer("crd_wrong").get(&format!("{call}{address}")).await.expect(401);
        test.sign_in(people::LICENSING_BOARD).await.get(&format!("{call}{address}")).await.expect(401);
    }
}

#[tokio::test]
async fn pages_give_everybody_once() {
    let test = TestApp::new().await;
    let mut board = reported(&test, &row("Add", 0, "2")).await;
    let last = physician(0).last;
    let alike: Vec<String> = (0..records::PHYSICIANS).filter(|n| physician(*n).last == last).map(full).collect();
    assert!(alike.len() > 3, "{alike:?}");
    let mut seen = follow(&mut board, &format!("{TRANSCRIPTS}?lastName={last}&limit=2")).await;
    let mut expected = alike;
    seen.sort();
    expected.sort();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn what_changed_is_told_once_and_as_it_stands_now() {
    let test = TestApp::new().await;
    let mut board = reported(&test, &(row("Add", 0, "2") + &row("Add", 1, "2") + &row("Add", 2, "2"))).await;
    let mut seen = follow(&mut board, &format!("{TRANSCRIPTS}?changedSince=0&limit=2")).await;
    seen.sort();
    let mut expected = vec![full(0), full(1), full(2)];
    expected.sort();
    assert_eq!(seen, expected);

    let answer = board.get(&format!("{TRANSCRIPTS}?changedSince=0")).await.expect(200);
    let since = cursor(&answer);
    assert_eq!(link(&answer), None, "there is nothing more yet");
    let nothing = board.get(&format!("{TRANSCRIPTS}?changedSince={since}")).await.expect(200);
    assert_eq!((names(&nothing.json()), cursor(&nothing)), (vec![], since.clone()));

    report(&test, &(row("Delete", 1, "") + &row("Add", 3, "1.5"))).await;
    let answer = board.get(&format!("{TRANSCRIPTS}?changedSince={since}")).await.expect(200);
    let changed = answer.json();
    let mut told = names(&changed);
    told.sort();
    let mut expected = vec![full(1), full(3)];
    expected.sort();
    assert_eq!(told, expected);
    let of_one = changed["ACCMETranscripts"].as_array().unwrap().iter();
    let mut of_one = of_one.filter(|one| one["Member"]["Name"]["FamilyName"] == json!(physician(1).last));
    assert_eq!(of_one.next().unwrap()["ActivityTranscript"], json!([]), "what was withdrawn is on it no more");

    // by time: an hour before now is early enough, a day ahead is too late
    let all = follow(&mut board, &format!("{TRANSCRIPTS}?changedSince=2020-01-01T00:00:00Z")).await;
    assert_eq!(all.len(), 4);
    let ahead = board.get(&format!("{TRANSCRIPTS}?changedSince=2099-01-01T00:00:00Z")).await.expect(200);
    assert_eq!(names(&ahead.json()), Vec::<String>::new());
}

#[tokio::test]
async fn dates_narrow_the_document_the_pdf_and_the_sum() {
    let test = TestApp::new().await;
    let early = row("Add", 0, "3").replace("11/02/2026", "05/01/2026");
    let mut board = reported(&test, &(row_with_points(0, "2.5", "2") + &early)).await;
    let who = format!("stateMedicalLicenseID={}", number(0));
    let spring = "completionDateRangeStart=2026-04-01&completionDateRangeEnd=2026-06-30";
    let found = board.get(&format!("{TRANSCRIPTS}?{who}&{spring}")).await.expect(200).json();
    assert_eq!(found["ACCMETranscripts"][0]["ActivityTranscript"].as_array().unwrap().len(), 1);
    let sum = board.get(&format!("{TOTALS}?{who}&{spring}")).await.expect(200).json();
    let name = json!({ "GivenName": physician(0).first, "FamilyName": physician(0).last });
    assert_eq!(sum, json!({ "learner": name, "totalCredits": 3.0, "unit": "Point" }));
    let year = "completionDateRangeStart=2026-01-01&completionDateRangeEnd=2026-12-31";
    let sum = board.get(&format!("{TOTALS}?{who}&{year}")).await.expect(200).json();
    assert_eq!(sum["totalCredits"], 5.5, "points of boards are not added");
    let pdf = board.get(&format!("{PDF}?{who}&{spring}")).await.expect(200);
    assert_eq!(pdf.headers.get(header::CONTENT_TYPE).unwrap(), "application/pdf");
    assert!(pdf.body.starts_with(b"%PDF-"));
}

#[tokio::test]
async fn a_sum_and_a_pdf_are_of_one_licensee() {
    let test = TestApp::new().await;
    let mut board = reported(&test, &row("Add", 0, "2")).await;
    let days = "completionDateRangeStart=2026-01-01&completionDateRangeEnd=2026-12-31";
    for call in [PDF, TOTALS] {
        let last = physician(0).last;
        let several = board.get(&format!("{call}?lastName={last}&{days}")).await.expect(422).json();
        assert_eq!(several["errors"][0]["field"], "stateMedicalLicenseID", "{several}");
    }
}

#[tokio::test]
async fn wrong_parameters_are_named() {
    let test = TestApp::new().await;
    let mut board = reported(&test, &row("Add", 0, "2")).await;
    for (call, query, field) in [
        (TRANSCRIPTS, "", "lastName"),
        (TRANSCRIPTS, "firstName=Alma", "lastName"),
        (TRANSCRIPTS, "lastName=A", "lastName"),
        (TRANSCRIPTS, "npi=123", "npi"),
        (TRANSCRIPTS, "stateMedicalLicenseID=none", "stateMedicalLicenseID"),
        (TRANSCRIPTS, "lastName=Wu&completionDateRangeStart=11/02/2026", "completionDateRangeStart"),
        (
            TRANSCRIPTS,
            "lastName=Wu&completionDateRangeStart=2026-02-01&completionDateRangeEnd=2026-01-01",
            "completionDateRangeEnd",
        ),
        (TRANSCRIPTS, "lastName=Wu&limit=0", "limit"),
        (TRANSCRIPTS, "lastName=Wu&limit=101", "limit"),
        (TRANSCRIPTS, "lastName=Wu&after=x", "after"),
        (TRANSCRIPTS, "changedSince=yesterday", "changedSince"),
        (TRANSCRIPTS, "changedSince=", "changedSince"),
        (TRANSCRIPTS, "changedSince=0&lastName=Wu", "changedSince"),
        (TOTALS, "lastName=Wu&completionDateRangeStart=2026-02-01", "completionDateRangeEnd"),
    ] {
        let refused = board.get(&format!("{call}?{query}")).await.expect(422).json();
        assert_eq!(refused["errors"][0]["field"], field, "{query}: {refused}");
    }
}

/// One of the accreditor's staff proposes, another confirms.
async fn merge(test: &TestApp, from: PhysicianId, into: PhysicianId) {
    let first = people::actor(&test.app, people::ACCREDITOR).await;
    let second = people::add(&test.app, "second@accreditor.example", "Noor Haddad", Seat::Accreditor).await;
    let change = identity::propose_merge(&test.app, &first, from, into, "One person.").await.unwrap();
    let (_, preview) = identity::of_change(&test.app, &second, change).await.unwrap();
    identity::confirm(&test.app, &second, change, &preview.unwrap().seen, None).await.unwrap();
}

#[tokio::test]
async fn who_lost_credit_to_another_record_is_told_too() {
    let test = TestApp::new().await;
    let mut board = reported(&test, &row("Add", 0, "2")).await;
    // a second record of the same person, then joined: the first one's credit moves there
    let twin = store::physicians::Physician {
        id: PhysicianId::new(Uuid::from_u128(7_000)),
        licenses: vec![License { number: "A77777".into(), ..physician(0).licenses[0].clone() }],
        certifications: vec![],
        ..physician(0)
    };
    let mut tx = test.app.store.write().await.unwrap();
    let new = NewPhysician { physician: twin.clone(), ledger_key: [7; 32] };
    store::physicians::insert(&mut tx, &[new], 0).await.unwrap();
    tx.commit().await.unwrap();
    let since = cursor(&board.get(&format!("{TRANSCRIPTS}?changedSince=0")).await.expect(200));
    merge(&test, physician(0).id, twin.id).await;
    let told = board.get(&format!("{TRANSCRIPTS}?changedSince={since}")).await.expect(200).json();
    assert_eq!(told["ACCMETranscripts"].as_array().unwrap().len(), 1, "the record that stands for both: {told}");
    let licenses = told["ACCMETranscripts"][0]["Member"]["PersonalInfo"]["Licensure"].as_array().unwrap();
    assert_eq!(licenses.len(), 2);
}

#[tokio::test]
async fn the_licensee_and_the_board_both_see_that_a_program_read() {
    let test = TestApp::new().await;
    let mut board = reported(&test, &row("Add", 0, "2")).await;
    board.get(&format!("{TRANSCRIPTS}?stateMedicalLicenseID={}", number(0))).await.expect(200);
    people::add(&test.app, "alma@physician.example", "Alma Ashdown", Seat::Physician(physician(0).id)).await;
    let mut alma = test.sign_in("alma@physician.example").await;
    let looks = alma.get("/passport/access").await.expect(200).text();
    assert!(looks.contains("Medical Board of California") && looks.contains("Read your transcript"), "{looks}");
    let mut staff = test.sign_in(people::LICENSING_BOARD).await;
    let log = staff.get("/board/access-log").await.expect(200).text();
    assert!(log.contains("licensing system") && log.contains(&full(0)), "{log}");
    let only_people = staff.get("/board/access-log?who=mendoza").await.expect(200).text();
    assert!(!only_people.contains("licensing system"), "{only_people}");
    let csv = staff.get("/board/access-log/download?as=csv&act=transcript.").await.expect(200).text();
    assert!(csv.contains("Read a transcript") && !csv.contains("Signed in"), "{csv}");
    let other = test.sign_in(people::OTHER_LICENSING_BOARD).await.get("/board/access-log").await.expect(200).text();
    assert!(!other.contains("licensing system") && !other.contains(&full(0)), "{other}");
}
