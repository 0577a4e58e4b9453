//! Those who read: the physician's account and transcript, licensing and certifying boards, the
//! accreditor, and anybody with a printed code.

use domain::access::Seat;
use domain::transcript::CME_TYPE;
use testkit::people::{
    ACCREDITOR, CERTIFYING_BOARD, LICENSING_BOARD, OTHER_CERTIFYING_BOARD, OTHER_LICENSING_BOARD, OWNER,
};
use testkit::records::{self, HEADER, physician, row, row_with_points};
use testkit::{Answer, TestApp, Visitor, people};

pub(crate) const PHYSICIAN: &str = "alma@physician.example";

pub(crate) struct World {
    pub(crate) test: TestApp,
}

impl World {
    pub(crate) async fn new() -> Self {
        let test = TestApp::new().await;
        records::fill(&test.app).await;
        Self { test }
    }

    pub(crate) async fn upload(&self, rows: &str) {
        let app = &self.test.app;
        let actor = people::actor(app, OWNER).await;
        let bytes = futures::stream::iter([Ok::<_, std::io::Error>(format!("{HEADER}{rows}").into_bytes())]);
        let staged = app::uploads::stage(app, bytes).await.unwrap();
        let received = app::uploads::receive(app, &actor, "Ida Ward", "learners.txt", staged).await.unwrap();
        records::work(app).await;
        let scope = actor.provider(domain::access::ProviderRole::Viewer).unwrap();
        let mut tx = app.store.read().await.unwrap();
        let upload = store::uploads::find(&mut tx, &scope, received.upload.id).await.unwrap().unwrap();
        assert_eq!(upload.counts.refused, 0, "{upload:?}");
    }

    /// The first physician of the registry, signed in.
    pub(crate) async fn physician(&self) -> Visitor {
        let seat = Seat::Physician(physician(0).id);
        people::add(&self.test.app, PHYSICIAN, "Alma Ashdown", seat).await;
        self.test.sign_in(PHYSICIAN).await
    }

    pub(crate) async fn assert_sound(&self) {
        let key = self.test.app.ledger.signer().verifying_key();
        let report = app::verify::run(&self.test.app.store, &key, &|_, _| {}).await.unwrap();
        assert!(report.is_sound(), "{:#?}", report.faults);
    }
}

/// The words of a page, without markup and line breaks.
pub(crate) fn words(answer: &Answer) -> String {
    let (mut words, mut inside) = (String::new(), false);
    for letter in answer.text().chars() {
        match letter {
            '<' => inside = true,
            '>' => {
                inside = false;
                words.push(' ');
            }
            letter if !inside => words.push(letter),
            _ => {}
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text after a mark, up to another.
pub(crate) fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let rest = text.split_once(from).unwrap_or_else(|| panic!("{from} in {text}")).1;
    rest.split_once(to).unwrap_or_else(|| panic!("{to} after {from}")).0
}

pub(crate) fn code_of(page: &Answer) -> String {
    between(&page.text(), "with the code <code>", "</code>").to_owned()
}

/// Answers all points that wait for ABIM.
pub(crate) async fn answer_points(world: &World, answer: &[(&str, &str)]) -> Answer {
    let mut board = world.test.sign_in(CERTIFYING_BOARD).await;
    let queue = board.get("/certifying").await.expect(200).text();
    let ids: Vec<String> = queue
        .split("name=\"credit\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert!(!ids.is_empty(), "{queue}");
    let mut fields: Vec<(&str, &str)> = ids.iter().map(|id| ("credit", id.as_str())).collect();
    fields.extend(answer);
    board.post_form("/certifying", &fields).await
}

#[tokio::test]
async fn a_transcript_shows_the_status_at_each_destination_and_rejected_points_do_not_count() {
    let world = World::new().await;
    world.upload(&row_with_points(0, "2.5", "2")).await;
    let mut physician = world.physician().await;
    let page = words(&physician.get("/passport/transcript").await.expect(200));
    assert!(page.contains("Total AMA PRA Category 1 Credits 2.50"), "{page}");
    assert!(page.contains("Total ABIM MOC/CC Points 2.00"), "{page}");
    assert!(page.contains("2.5 AMA PRA Category 1 Credits Accepted 2 ABIM Points 2 Medical Knowledge Pending at ABIM"));

    let reject = [("answer", "reject"), ("reason", "name_differs"), ("note", "")];
    answer_points(&world, &reject).await.expect(303);
    let page = words(&physician.get("/passport/transcript").await.expect(200));
    assert!(page.contains("Rejected by ABIM Name and diplomate ID do not agree. Not counted."), "{page}");
    assert!(page.contains("Total AMA PRA Category 1 Credits 2.50"), "{page}");
    assert!(page.contains("Total ABIM MOC/CC Points") == page.contains("Total ABIM MOC/CC Points 0.00"), "{page}");
    let dashboard = words(&physician.get("/passport").await.expect(200));
    assert!(dashboard.contains("Rejected by a board"), "{dashboard}");
    world.assert_sound().await;
}

#[tokio::test]
async fn a_filter_narrows_the_transcript_and_its_downloads() {
    let world = World::new().await;
    world.upload(&(row_with_points(0, "2", "2") + &row("Add", 0, "3").replace("11/02/2026", "05/01/2026"))).await;
    let mut physician = world.physician().await;
    let all = words(&physician.get("/passport/transcript").await.expect(200));
    assert!(all.contains("Total AMA PRA Category 1 Credits 5.00"), "{all}");
    let autumn = physician.get("/passport/transcript?from=2026-09-01&kind=CME").await.expect(200);
    assert!(words(&autumn).contains("Total AMA PRA Category 1 Credits 2.00"));
    assert!(!words(&autumn).contains("ABIM MOC/CC Points"));
    let download = "/passport/transcript.json?from=2026-09-01&#38;kind=CME";
    assert!(autumn.text().contains(download), "{}", autumn.text());
    let json = physician.get("/passport/transcript.json?from=2026-09-01&kind=CME").await.expect(200).json();
    assert_eq!(json["ACCMETranscripts"][0]["ActivityTranscript"].as_array().unwrap().len(), 1);
    let nobody = physician.get("/passport/transcript?from=2030-01-01").await.expect(200);
    assert!(words(&nobody).contains("No credits are recorded for this choice"));
}

#[tokio::test]
async fn reading_again_gives_the_same_code_until_something_changes() {
    let world = World::new().await;
    world.upload(&row("Add", 0, "2")).await;
    let mut physician = world.physician().await;
    let first = code_of(&physician.get("/passport/transcript").await);
    assert_eq!(code_of(&physician.get("/passport/transcript").await), first);
    assert_ne!(code_of(&physician.get("/passport/transcript?kind=CME").await), first);
    world.upload(&row("Add", 0, "1").replace("11/02/2026", "11/03/2026")).await;
    let second = code_of(&physician.get("/passport/transcript").await);
    assert_ne!(second, first);
    world.test.app.clock.advance(jiff::SignedDuration::from_hours(25));
    let mut physician = world.test.sign_in(PHYSICIAN).await;
    assert_ne!(code_of(&physician.get("/passport/transcript").await), second);
}

#[tokio::test]
async fn the_pdf_reads_in_the_order_of_the_page() {
    let world = World::new().await;
    world.upload(&(row_with_points(0, "2", "1.5") + &row("Add", 0, "3").replace("11/02/2026", "05/01/2026"))).await;
    let mut physician = world.physician().await;
    let answer = physician.get("/passport/transcript.pdf").await.expect(200);
    assert_eq!(answer.header("content-type"), "application/pdf");
    let code = code_of(&physician.get("/passport/transcript").await);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("transcript.pdf");
    std::fs::write(&file, &answer.body).unwrap();
    let output =
        std::process::Command::new("pdftotext").args(["-raw".as_ref(), file.as_os_str(), "-".as_ref()]).output();
    let text = String::from_utf8(output.expect("pdftotext runs").stdout).unwrap();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = text.as_str();
    for part in [
        "Accredited Continuing Education Transcript",
        "Alma Ashdown, MD",
        "Medical Board of California, A40000",
        "American Board of Internal Medicine, 300000",
        "Total AMA PRA Category 1 Credits 5.00",
        "Total ABIM MOC/CC Points 1.50",
        "11/02/2026",
        "2 AMA PRA Category 1 Credits",
        "1.5 ABIM Points",
        "1.5 Medical Knowledge",
        "05/01/2026",
        "3 AMA PRA Category 1 Credits",
        "Official transcript issued",
        code.as_str(),
    ] {
        rest = rest.split_once(part).unwrap_or_else(|| panic!("{part} in its place in {text}")).1;
    }
}

#[tokio::test]
async fn the_json_has_the_fields_names_and_leaves_out_what_was_rejected() {
    let world = World::new().await;
    world.upload(&row_with_points(0, "2", "1.5")).await;
    let mut physician = world.physician().await;
    let json = physician.get("/passport/transcript.json").await.expect(200).json();
    let learner = &json["ACCMETranscripts"][0];
    assert_eq!(learner["Member"]["Name"]["GivenName"], "Alma");
    assert_eq!(learner["Member"]["Name"]["FamilyName"], "Ashdown");
    let licensure = &learner["Member"]["PersonalInfo"]["Licensure"][0];
    assert_eq!(licensure["StateOfLicensure"], "CA");
    assert_eq!(licensure["StateMedicalLicenseID"], "A40000");
    assert_eq!(learner["Member"]["PersonalInfo"]["Certification"][0]["CertifyingBoardID"], "300000");
    let activity = &learner["ActivityTranscript"][0]["Activity"];
    assert_eq!(activity["ProviderOrganization"], people::PROVIDER);
    let module = &activity["Module"];
    assert_eq!(module["ModuleName"]["moduleID"], records::ACTIVITY);
    assert_eq!(module["Status"], "Completed");
    assert_eq!(module["CompletedDateTime"], "2026-11-02T12:00:00Z");
    let certificates = module["CreditCertificate"].as_array().unwrap();
    let received: Vec<_> = certificates
        .iter()
        .map(|one| {
            (
                one["CreditReceived"]["activityCertification"].as_str().unwrap(),
                &one["CreditReceived"]["numberOfCredits"],
            )
        })
        .collect();
    assert_eq!(received, [(CME_TYPE, &serde_json::json!(2.0)), ("Medical Knowledge", &serde_json::json!(1.5))]);
    for one in certificates {
        let id = one["CreditID"].as_str().unwrap();
        assert_eq!(id.split(':').count(), 3, "{id}");
        assert!(id.starts_with("ccid:"), "{id}");
        assert_eq!(one["CreditReceived"]["creditUnit"], "Point");
    }

    let reject = [("answer", "reject"), ("reason", "diplomate_unknown")];
    answer_points(&world, &reject).await.expect(303);
    let json = physician.get("/passport/transcript.json").await.expect(200).json();
    let module = &json["ACCMETranscripts"][0]["ActivityTranscript"][0]["Activity"]["Module"];
    assert_eq!(module["CreditCertificate"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_board_finds_its_licensee_however_they_are_described() {
    let world = World::new().await;
    let mut board = world.test.sign_in(LICENSING_BOARD).await;
    let whom = physician(9);
    let link = format!("/board/licensees/{}", whom.id);
    for fields in [
        vec![("last", whom.last.as_str())],
        vec![("last", &whom.last[..4]), ("first", "")],
        vec![("last", whom.last.as_str()), ("first", &whom.first[..2])],
        vec![("number", "A40009")],
        vec![("number", "40009")],
        vec![("number", "40009"), ("last", &whom.last[..2])],
    ] {
        let page = board.post_form("/board", &fields).await.expect(200);
        assert!(page.text().contains(&link), "{fields:?}: {}", words(&page));
    }
    for fields in [vec![("number", "40009"), ("last", "Xu")], vec![("last", whom.last.as_str()), ("first", "Zz")]] {
        let page = board.post_form("/board", &fields).await.expect(200);
        assert!(words(&page).contains("Nobody found"), "{fields:?}: {}", words(&page));
    }
    let page = board.post_form("/board", &[("last", " ")]).await.expect(422);
    assert!(words(&page).contains("Enter a last name, a license number or an NPI."));
}

#[tokio::test]
async fn a_board_reads_its_licensee_and_the_physician_sees_it() {
    let world = World::new().await;
    world.upload(&row_with_points(0, "2", "2")).await;
    let mut board = world.test.sign_in(LICENSING_BOARD).await;
    let path = format!("/board/licensees/{}", physician(0).id);
    let page = board.get(&path).await.expect(200);
    assert!(words(&page).contains("Total AMA PRA Category 1 Credits 2.00"));
    let pdf = board.get(&format!("{path}.pdf?kind=CME")).await.expect(200);
    assert!(pdf.body.starts_with(b"%PDF-"));
    let json = board.get(&format!("{path}.json")).await.expect(200).json();
    assert_eq!(json["ACCMETranscripts"][0]["Member"]["Name"]["FamilyName"], "Ashdown");

    let mut physician = world.physician().await;
    let looks = words(&physician.get("/passport/access").await.expect(200));
    // reads of one day are one line
    let read = "Medical Board of California Read your transcript Reads Allowed because you hold or held a license in California";
    assert_eq!((looks.matches("3 times since").count(), looks.matches(read).count()), (1, 1), "{looks}");
}

#[tokio::test]
async fn the_board_of_another_state_finds_nobody_and_reads_nothing() {
    let world = World::new().await;
    world.upload(&row("Add", 0, "2")).await;
    let mut board = world.test.sign_in(OTHER_LICENSING_BOARD).await;
    for fields in [[("last", "Ashdown")], [("number", "A40000")], [("npi", "1234567893")]] {
        let page = board.post_form("/board", &fields).await.expect(200);
        assert!(words(&page).contains("Nobody found"), "{fields:?}: {}", words(&page));
    }
    let id = physician(0).id;
    let absent = words(&board.get(&format!("/board/licensees/{}", uuid::Uuid::from_u128(999))).await.expect(404));
    for path in [format!("{id}"), format!("{id}.pdf"), format!("{id}.json"), format!("{id}.csv"), "x".into()] {
        let page = board.get(&format!("/board/licensees/{path}")).await.expect(404);
        assert_eq!(words(&page), absent, "foreign and absent are one answer");
    }
    let mut physician = world.physician().await;
    assert!(!words(&physician.get("/passport/access").await.expect(200)).contains("Read your transcript"));
}

#[tokio::test]
async fn a_certifying_board_answers_its_own_credit_and_no_other() {
    let world = World::new().await;
    world.upload(&(row_with_points(0, "2", "2") + &row_with_points(1, "3", "3"))).await;
    let mut board = world.test.sign_in(CERTIFYING_BOARD).await;
    let queue = board.get("/certifying").await.expect(200);
    assert!(words(&queue).contains("Alma Ashdown Diplomate 300000"), "{}", words(&queue));
    let ids: Vec<String> = queue
        .text()
        .split("name=\"credit\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 2);

    let mut other = world.test.sign_in(OTHER_CERTIFYING_BOARD).await;
    assert!(words(&other.get("/certifying").await.expect(200)).contains("Nothing waits"));
    let foreign = other.post_form("/certifying", &[("credit", &ids[0]), ("answer", "accept")]).await.expect(303);
    assert!(foreign.location().contains("count=0&late=1"), "{}", foreign.location());

    let bare = board.post_form("/certifying", &[("credit", &ids[0]), ("answer", "reject")]).await.expect(422);
    assert!(words(&bare).contains("Choose why the points are rejected."));
    assert!(bare.text().contains(&format!("value=\"{}\" aria-label=\"Select", ids[0])));
    let none = board.post_form("/certifying", &[("answer", "accept")]).await.expect(422);
    assert!(words(&none).contains("Select the credits to answer."));

    let done = board.post_form("/certifying", &[("credit", &ids[0]), ("answer", "accept")]).await.expect(303);
    assert!(words(&board.get(done.location()).await.expect(200)).contains("1 credit accepted"));
    let late = [("credit", ids[0].as_str()), ("answer", "reject"), ("reason", "name_differs")];
    let again = board.post_form("/certifying", &late).await.expect(303);
    assert!(again.location().contains("count=0&late=1"), "a decided credit stays decided");
    let accepted = words(&board.get("/certifying?status=accepted").await.expect(200));
    assert_eq!(accepted.matches("Diplomate 30000").count(), 1, "{accepted}");
    assert!(accepted.contains("Pending 1 Accepted 1 Rejected 0"), "{accepted}");
    let mut admin = world.test.sign_in(ACCREDITOR).await;
    assert!(words(&admin.get("/admin").await.expect(200)).contains("MOC credits waiting for boards 1"));
    world.assert_sound().await;
}

#[tokio::test]
async fn a_code_says_valid_and_after_a_withdrawal_or_rejection_corrected() {
    let world = World::new().await;
    world.upload(&(row_with_points(0, "2", "2") + &row("Add", 0, "3").replace("11/02/2026", "05/01/2026"))).await;
    let mut physician = world.physician().await;
    let code = code_of(&physician.get("/passport/transcript").await);
    let mut anybody = world.test.anonymous();
    let plain = code.replace('-', "").to_lowercase();
    let to = anybody.get(&format!("/verify?code={plain}")).await.expect(303);
    let valid = words(&anybody.get(to.location()).await.expect(200));
    assert!(valid.contains("Every credit on this transcript is still on record"), "{valid}");
    assert!(valid.contains("initials A. A.") && !valid.contains("Ashdown"), "{valid}");
    assert!(valid.contains("Credits listed 3 Total AMA PRA Category 1 Credits 5.00"), "{valid}");

    answer_points(&world, &[("answer", "reject"), ("reason", "outside_cycle")]).await.expect(303);
    let rejected = words(&anybody.get(&format!("/verify/{code}")).await.expect(200));
    assert!(rejected.contains("1 credit was rejected by a certifying board"), "{rejected}");

    world.upload(&row("Delete", 0, "3").replace("11/02/2026", "05/01/2026")).await;
    let corrected = words(&anybody.get(&format!("/verify/{code}")).await.expect(200));
    assert!(corrected.contains("1 credit was withdrawn by the provider and 1 credit was rejected"), "{corrected}");
    let renewed = code_of(&physician.get("/passport/transcript").await);
    assert_ne!(renewed, code);
    assert!(words(&anybody.get(&format!("/verify/{renewed}")).await.expect(200)).contains("Valid"));
}

#[tokio::test]
async fn a_code_that_was_never_issued_is_told_so() {
    let world = World::new().await;
    let mut anybody = world.test.anonymous();
    anybody.get("/verify").await.expect(200);
    let unknown = anybody.get("/verify/0000-0000-0000").await.expect(404);
    assert!(words(&unknown).contains("No transcript was issued under this code."));
    let odd = anybody.get("/verify?code=hello").await.expect(422);
    assert!(words(&odd).contains("A code has 12 letters and digits"));
}

#[tokio::test]
async fn pages_without_anything_to_show_say_what_will_come() {
    let world = World::new().await;
    let mut physician = world.physician().await;
    assert!(words(&physician.get("/passport").await.expect(200)).contains("No credit on record yet"));
    assert!(words(&physician.get("/passport/transcript").await.expect(200)).contains("No credits are recorded yet."));
    let mut admin = world.test.sign_in(ACCREDITOR).await;
    let overview = words(&admin.get("/admin").await.expect(200));
    assert!(overview.contains("physicians in the registry 100"), "{overview}");
    let reviews = words(&admin.get("/admin/reviews").await.expect(200));
    assert!(reviews.contains("No rows wait"), "{reviews}");
    let claims = words(&admin.get("/admin/claims").await.expect(200));
    assert!(claims.contains("No claims wait"), "{claims}");
}
