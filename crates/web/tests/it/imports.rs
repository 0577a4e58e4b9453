//! Rosters sent in the browser, what they do to what boards see, licenses put right by hand, and the limits on what
//! strangers may ask.

use jiff::SignedDuration;
use testkit::people::{ACCREDITOR, CERTIFYING_BOARD, LICENSING_BOARD, OTHER_LICENSING_BOARD, OWNER, PASSWORD, VIEWER};
use testkit::records::{physician, work};
use testkit::{Part, TestApp, Visitor, database, records};

const HEADER: &str = "board state,license number,first,last,birth month/day,status\n";

fn row(n: usize, status: &str) -> String {
    let of = physician(n);
    format!("CA,{},{},{},{},{status}\n", of.licenses[0].number, of.first, of.last, of.birth.unwrap())
}

async fn ready() -> TestApp {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    test.app.registry.refresh(&test.app.store).await.unwrap();
    test
}

/// Sends a roster and gives the import's address.
async fn send(visitor: &mut Visitor, base: &str, rows: &str, more: &[Part<'_>]) -> String {
    let file = format!("{HEADER}{rows}");
    let parts = [&[Part::Text("kind", "licenses"), Part::File("file", "ca.csv", file.as_bytes())], more].concat();
    let answer = visitor.post_multipart(&format!("{base}/new"), &parts).await.expect(303);
    answer.location().to_owned()
}

/// What the board's look-up says of the holder of a number.
async fn looked_up(board: &mut Visitor, number: &str) -> String {
    board.post_form("/board", &[("number", number)]).await.expect(200).text()
}

#[tokio::test]
async fn a_license_that_ends_by_a_roster_is_ended_at_the_boards_next_request() {
    let test = ready().await;
    let mut board = test.sign_in(LICENSING_BOARD).await;
    assert!(looked_up(&mut board, "A40000").await.contains("Active"));
    let mut staff = test.sign_in(ACCREDITOR).await;
    let place = send(&mut staff, "/admin/imports", &row(0, "Revoked"), &[]).await;
    let waiting = staff.get(&place).await.expect(200).text();
    assert!(waiting.contains("http-equiv=\"refresh\"") && waiting.contains("data-progress-url"), "{waiting}");
    work(&test.app).await;
    let page = staff.get(&place).await.expect(200).text();
    assert!(page.contains("Nothing is changed yet") && page.contains("Revoked"), "{page}");
    assert!(!looked_up(&mut board, "A40000").await.contains("Revoked"));
    staff.post_form(&format!("{place}/let-in"), &[]).await.expect(303);
    work(&test.app).await;
    let page = staff.get(&format!("{place}/progress")).await.expect(200).text();
    assert!(page.contains("The roster is in the registry") && page.contains("data-done"), "{page}");
    assert!(looked_up(&mut board, "A40000").await.contains("Revoked"));
    let record = staff.get(&format!("/admin/physicians/{}", physician(0).id)).await.expect(200).text();
    assert!(record.contains("ca.csv") && record.contains("Names Alma Ashdown"), "{record}");
    assert!(record.contains("CA A40000: Revoked") && record.contains("Before: Active"), "{record}");
    let listed = staff.get("/admin/imports?state=done").await.expect(200).text();
    assert!(listed.contains("ca.csv") && listed.contains("Ada Crane"));
}

#[tokio::test]
async fn what_cannot_be_sent_is_said_beside_its_field_and_what_was_chosen_stays() {
    let test = ready().await;
    let mut staff = test.sign_in(ACCREDITOR).await;
    let nothing = staff.post_multipart("/admin/imports/new", &[Part::Text("whole", "yes")]).await.expect(422).text();
    assert!(nothing.contains("Choose the kind of roster.") && nothing.contains("Choose the roster’s file."));
    assert!(nothing.contains("value=\"yes\" aria-describedby=\"whole-hint\" checked"), "{nothing}");
    for (bytes, words) in [
        (&b"colour,size\nred,4\n"[..], "Name the columns"),
        (b"", "Choose the file again."),
        (b"board state,license number,first\nCA,1,A\n", "Add the column"),
        (b"PK\x03\x04 not a workbook", "Save it again as delimited text"),
    ] {
        let parts = [Part::Text("kind", "licenses"), Part::File("file", "<b>x.csv", bytes)];
        let page = staff.post_multipart("/admin/imports/new", &parts).await.expect(422).text();
        assert!(page.contains(words) && !page.contains("<b>x.csv"), "{words}: {page}");
    }
    for sample in ["licenses", "certifications"] {
        let sample = staff.get(&format!("/admin/imports/samples/{sample}.csv")).await.expect(200).text();
        assert_eq!(sample.lines().count(), 3);
    }
    staff.get("/admin/imports/samples/passwords.csv").await.expect(404);
}

#[tokio::test]
async fn a_board_sends_its_own_and_meets_neither_names_nor_rosters_of_others() {
    let test = ready().await;
    let mut board = test.sign_in(LICENSING_BOARD).await;
    // the number is Alma's, with her birthday and first name: the roster calls her otherwise
    let married = row(0, "Active").replace("Ashdown", "Quistgaard");
    let rows = format!("{married}{}NV,7,Nora,Everdeen,07/04,Active\n", row(1, "Expired"));
    let place = send(&mut board, "/board/roster", &rows, &[]).await;
    work(&test.app).await;
    let page = board.get(&place).await.expect(200).text();
    assert!(page.contains("Alma Quistgaard") && !page.contains("Ashdown"), "{page}");
    assert!(page.contains("This row is another board&#39;s.") || page.contains("another board"), "{page}");
    let problems = board.get(&format!("{place}/problems.csv")).await.expect(200).text();
    assert!(problems.contains("board state,NV"), "{problems}");
    let id = place.rsplit('/').next().unwrap().to_owned();
    let mut other = test.sign_in(OTHER_LICENSING_BOARD).await;
    let mut certifying = test.sign_in(CERTIFYING_BOARD).await;
    for (visitor, base) in [(&mut other, "/board/roster"), (&mut certifying, "/certifying/roster")] {
        for part in ["", "/progress", "/problems.csv", "/file"] {
            visitor.get(&format!("{base}/{id}{part}")).await.expect(404);
        }
        for act in ["let-in", "stop", "again"] {
            visitor.post_form(&format!("{base}/{id}/{act}"), &[("reason", "Not ours.")]).await.expect(404);
        }
        assert!(!visitor.get(base).await.expect(200).text().contains("ca.csv"));
    }
    for wrong in [OWNER, VIEWER, LICENSING_BOARD, CERTIFYING_BOARD] {
        test.sign_in(wrong).await.get(&format!("/admin/imports/{id}")).await.expect(403);
    }
    board.get(&format!("/admin/imports/{id}")).await.expect(403);
    test.sign_in(ACCREDITOR).await.get(&format!("/admin/imports/{id}")).await.expect(200);
}

#[tokio::test]
async fn a_held_roster_asks_staff_for_the_number_and_a_board_for_patience() {
    let test = ready().await;
    let rows: String = (0..7).map(|n| row(n, "Expired")).collect();
    let mut board = test.sign_in(LICENSING_BOARD).await;
    let place = send(&mut board, "/board/roster", &rows, &[]).await;
    work(&test.app).await;
    let page = board.get(&place).await.expect(200).text();
    assert!(page.contains("The accreditor’s staff must look at this roster") && !page.contains("let-in"), "{page}");
    board.post_form(&format!("{place}/let-in"), &[("ends", "7")]).await.expect(422);
    let id = place.rsplit('/').next().unwrap().to_owned();
    let mut staff = test.sign_in(ACCREDITOR).await;
    let place = format!("/admin/imports/{id}");
    let refused = staff.post_form(&format!("{place}/let-in"), &[("ends", "6")]).await.expect(422).text();
    assert!(refused.contains("Write how many end") && refused.contains("value=\"6\""), "{refused}");
    let without = staff.post_form(&format!("{place}/stop"), &[("reason", " ")]).await.expect(422).text();
    assert!(without.contains("Say why"), "{without}");
    staff.post_form(&format!("{place}/let-in"), &[("ends", "7")]).await.expect(303);
    work(&test.app).await;
    assert!(staff.get(&place).await.expect(200).text().contains("The roster is in the registry"));
    // a second click finds it done
    assert_eq!(staff.post_form(&format!("{place}/let-in"), &[("ends", "7")]).await.expect(303).location(), place);
}

#[tokio::test]
async fn a_license_put_right_by_hand_is_seen_by_the_board_at_once_and_can_be_taken_back() {
    let test = ready().await;
    let (mut staff, mut board) = (test.sign_in(ACCREDITOR).await, test.sign_in(LICENSING_BOARD).await);
    let id = physician(3).id;
    let form = format!("/admin/physicians/{id}/license?state=CA&number=A40003");
    let page = staff.get(&form).await.expect(200).text();
    let seen = page.split("name=\"seen_at\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let given = |status: &'static str, reason: &'static str| {
        [
            ("state", "CA".to_owned()),
            ("number", "A40003".to_owned()),
            ("status", status.to_owned()),
            ("effective_on", "2026-11-20".to_owned()),
            ("reason", reason.to_owned()),
            ("seen_at", seen.clone()),
        ]
    };
    let place = format!("/admin/physicians/{id}/license");
    let post = async |staff: &mut Visitor, fields: [(&str, String); 6]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        staff.post_form(&place, &fields).await
    };
    let refused = post(&mut staff, given("<i>Suspended", "")).await.expect(422).text();
    assert!(refused.contains("Say why") && refused.contains("&#60;i&#62;Suspended"), "{refused}");
    post(&mut staff, given("Suspended", "Order of 11/19")).await.expect(303);
    assert!(looked_up(&mut board, "A40003").await.contains("Suspended"));
    let stale = post(&mut staff, given("Revoked", "Order of 11/21")).await.expect(422).text();
    assert!(stale.contains("was changed meanwhile") && stale.contains("Order of 11/21"), "{stale}");
    let record = staff.get(&format!("/admin/physicians/{id}")).await.expect(200).text();
    assert!(record.contains("Order of 11/19") && record.contains("Counts from 11/20/2026"), "{record}");
    let back = record.split("href=\"").find(|part| part.contains("/take-back")).unwrap();
    let back = back.split('"').next().unwrap().to_owned();
    staff.post_form(&back, &[("reason", "")]).await.expect(422);
    staff.post_form(&back, &[("reason", "It was another’s.")]).await.expect(303);
    assert!(!looked_up(&mut board, "A40003").await.contains("Suspended"));
    let printed = staff.get(&format!("/admin/physicians/{id}/print")).await.expect(200).text();
    assert!(printed.contains("(taken back)") && !printed.contains("Take back<"), "{printed}");
    // a license of another record, or none
    staff.get(&format!("/admin/physicians/{id}/license?state=CA&number=A40004")).await.expect(404);
    staff.get(&format!("/admin/physicians/{id}/license?state=XX&number=1")).await.expect(404);
    let told =
        database::texts(&test.address, "select action from audit where action like 'license.%' order by audit_id");
    assert_eq!(told.await, ["license.change", "license.take_back"]);
}

#[tokio::test]
async fn a_license_that_goes_to_another_record_leaves_the_boards_sight_with_it() {
    let test = ready().await;
    let mut board = test.sign_in(LICENSING_BOARD).await;
    let licensee = format!("/board/licensees/{}", physician(5).id);
    board.get(&licensee).await.expect(200);
    let (from, into) = (physician(5).id, physician(6).id);
    let moved = format!("update license set physician_id = {} where number = 'A40005'", id_text(&test, into));
    assert_eq!(database::tamper(&test.address, &moved).await, 1);
    board.get(&licensee).await.expect(404);
    board.get(&format!("/board/licensees/{into}")).await.expect(200);
    assert_ne!(from, into);
}

/// A UUID as the database of this test writes it.
fn id_text(test: &TestApp, id: domain::PhysicianId) -> String {
    let plain = id.to_string();
    if test.address.starts_with("sqlite:") { format!("x'{}'", plain.replace('-', "")) } else { format!("'{plain}'") }
}

#[tokio::test]
async fn a_file_of_many_people_is_given_once_it_is_sure_who_asks() {
    let test = ready().await;
    let mut owner = test.sign_in(OWNER).await;
    owner.get("/provider/learners/download?as=csv").await.expect(200);
    test.app.clock.advance(SignedDuration::from_secs(15 * 60 + 1));
    let place = "/provider/learners/download?as=csv";
    let asked = owner.get(place).await.expect(403).text();
    assert!(asked.contains("This file holds the records of many people"), "{asked}");
    assert!(asked.contains("action=\"/provider/learners/download?as=csv\""), "{asked}");
    owner.post_form(place, &[("proof", "wrong")]).await.expect(422);
    assert_eq!(owner.post_form(place, &[("proof", PASSWORD)]).await.expect(303).location(), place);
    owner.get(place).await.expect(200);
    // and whose it is not learns nothing by a proof
    let mut board = test.sign_in(LICENSING_BOARD).await;
    board.get(place).await.expect(403);
}

#[tokio::test]
async fn a_stranger_asks_as_often_as_a_person_does_and_no_more() {
    let test = TestApp::with(|config| config.public_requests_per_minute = 5).await;
    let from = |address: &str| {
        let mut visitor = test.anonymous();
        visitor.set_header("x-forwarded-for", address);
        visitor
    };
    let mut stranger = from("203.0.113.7");
    for _ in 0..5 {
        stranger.get("/activities?words=heart").await.expect(200);
    }
    let refused = stranger.get("/activities").await.expect(429);
    assert_eq!(refused.header("retry-after"), "12");
    stranger.get("/api/pars/v1/activity-search").await.expect(429);
    // other things, other people, and this machine itself
    stranger.get("/help").await;
    assert_ne!(stranger.get("/verify/ABCDEFGHJKMN").await.status, 429);
    from("203.0.113.8").get("/activities").await.expect(200);
    for _ in 0..7 {
        test.anonymous().get("/activities").await.expect(200);
    }
    for _ in 0..5 {
        stranger.post_form("/sign-in/passkey/options", &[]).await;
    }
    stranger.post_form("/sign-in/passkey/options", &[]).await.expect(429);
    test.app.clock.advance(SignedDuration::from_secs(12));
    stranger.get("/activities").await.expect(200);
    stranger.get("/activities").await.expect(429);
}
