//! A licensing board's lists, checks and audits through their pages: the whole way, hostile files, and whom they are
//! refused to.

use domain::access::Seat;
use testkit::people::{ACCREDITOR, LICENSING_BOARD, OTHER_LICENSING_BOARD, OWNER};
use testkit::{Part, TestApp, Visitor, people, records};

/// Two licensees of California, one number of nobody, one of another name.
const LIST: &str = "License Number,Last Name\nA40001,\nA40002,\nA99999,\nA40003,Stranger\n";

async fn board(test: &TestApp) -> Visitor {
    records::fill(&test.app).await;
    test.sign_in(LICENSING_BOARD).await
}

async fn listed(test: &TestApp, board: &mut Visitor) -> String {
    let file = Part::File("file", "spring.csv", LIST.as_bytes());
    let made = board.post_multipart("/board/lists", &[Part::Text("name", "Spring"), file]).await.expect(303);
    records::work(&test.app).await;
    made.location().to_owned()
}

async fn checked(test: &TestApp, board: &mut Visitor) -> String {
    let list = listed(test, board).await;
    let fields = [("as_of", "2026-11-23"), ("which", "current")];
    let asked = board.post_form(&format!("{list}/checks"), &fields).await.expect(303);
    let check = asked.location().to_owned();
    let waiting = board.get(&check).await.expect(200).text();
    assert!(waiting.contains("Waiting for its turn"), "{waiting}");
    records::work(&test.app).await;
    check
}

async fn audited(test: &TestApp, board: &mut Visitor) -> String {
    let list = listed(test, board).await;
    let list = list.rsplit('/').next().unwrap().to_owned();
    let fields = [
        ("name", "Audit of spring"),
        ("list", &list),
        ("size", "50%"),
        ("seed", "lottery 7-12-31"),
        ("as_of", "11/23/2026"),
        ("which", "current"),
    ];
    let started = board.post_form("/board/audits/new", &fields).await.expect(303);
    records::work(&test.app).await;
    started.location().to_owned()
}

/// The address of the first case of an audit's page.
fn first_case(page: &str) -> String {
    let (_, rest) = page.split_once("/board/audits/cases/").expect("a case");
    format!("/board/audits/cases/{}", rest.split('"').next().unwrap())
}

#[tokio::test]
async fn a_list_is_checked_and_taken_away() {
    let test = TestApp::new().await;
    let mut board = board(&test).await;
    let check = checked(&test, &mut board).await;
    let page = board.get(&check).await.expect(200).text();
    assert!(page.contains("A40001") && page.contains("A40002"), "{page}");
    assert!(!page.contains("A40003"), "whose name is another's is not shown");
    let done = board.get(&format!("{check}/progress")).await.expect(200).text();
    assert!(done.contains("data-done"), "{done}");
    let csv = board.get(&format!("{check}/results.csv")).await.expect(200).text();
    assert_eq!(csv.lines().count(), 3, "{csv}");
    board.get(&format!("{check}/results.xlsx")).await.expect(200);
    let found = board.get(&format!("{check}?words=a40001&standing=not_known&sort=missing&page=9")).await.expect(200);
    assert!(found.text().contains("1 shown"), "{}", found.text());
    let id = records::physician(1).id;
    let licensee = board.get(&format!("{check}/licensees/{id}")).await.expect(200).text();
    assert!(licensee.contains("What counts, and why"), "{licensee}");
    board.get(&format!("{check}/licensees/{}", records::physician(3).id)).await.expect(404);
    for page in ["/board/lists", "/board/statistics", "/board/lists/new"] {
        board.get(page).await.expect(200);
    }

    // those on the list see it
    let physician = Seat::Physician(id);
    people::add(&test.app, "dr@clinic.example", "A Physician", physician).await;
    let mut physician = test.sign_in("dr@clinic.example").await;
    let looks = physician.get("/passport/access").await.expect(200).text();
    assert!(looks.contains("Put you on a list") && looks.contains("Compared your credit"), "{looks}");
}

#[tokio::test]
async fn a_list_that_cannot_be_read_comes_back_with_its_reason() {
    let test = TestApp::new().await;
    let mut board = board(&test).await;
    let doctype = b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>".as_slice();
    for (name, bytes) in [
        ("list.pdf", b"%PDF-1.7".as_slice()),
        ("list.xlsx", b"PK\x03\x04 nothing".as_slice()),
        ("list.xml", doctype),
        ("empty.csv", b"".as_slice()),
        ("names.csv", b"Name,City\nAna,Reno\n".as_slice()),
        ("header.csv", b"License Number\n".as_slice()),
    ] {
        let answer = board.post_multipart("/board/lists", &[Part::File("file", name, bytes)]).await.expect(422).text();
        assert!(answer.contains("id=\"file-error\""), "{name}: {answer}");
    }
    let nothing = board.post_multipart("/board/lists", &[Part::Text("pasted", " ")]).await.expect(422).text();
    assert!(nothing.contains("Choose a file"), "{nothing}");
    let hostile = "<script>alert(1)</script>";
    let rows = format!("License Number\n=cmd|'/c calc'!A1\n{hostile}9\n");
    let given = [Part::Text("name", hostile), Part::File("file", "../../x.csv", rows.as_bytes())];
    let list = board.post_multipart("/board/lists", &given).await.expect(303).location().to_owned();
    let page = board.get(&list).await.expect(200).text();
    assert!(!page.contains("<script>alert"), "{page}");
    let csv = board.get(&format!("{list}/rows.csv")).await.expect(200).text();
    assert!(csv.contains("'=cmd"), "{csv}");
    let wrong = [("who", "active"), ("expires", "13/2026")];
    board.post_form("/board/lists/registry", &wrong).await.expect(422);
    let all = board.post_form("/board/lists/registry", &[("who", "active")]).await.expect(303);
    let page = board.get(all.location()).await.expect(200).text();
    assert!(page.contains("100 licensees"), "{page}");
}

#[tokio::test]
async fn an_audit_goes_from_the_draw_to_its_report() {
    let test = TestApp::new().await;
    let mut board = board(&test).await;
    let audit = audited(&test, &mut board).await;
    let page = board.get(&audit).await.expect(200).text();
    assert!(page.contains("lottery 7-12-31") && page.contains("Verify the draw"), "{page}");
    let draw = board.get(&format!("{audit}/draw.csv")).await.expect(200).text();
    assert_eq!(draw.matches(",Yes").count(), 1, "{draw}");
    let case = first_case(&page);
    board.get(&case).await.expect(200);
    let unfinished = board.post_form(&format!("{audit}/close"), &[]).await.expect(422).text();
    assert!(unfinished.contains("not decided yet"), "{unfinished}");

    let reason = "Two credits are <b>missing</b>.";
    let mut fields = vec![("seen", "0"), ("decision", "deficient"), ("reason", ""), ("due_on", "2027-01-31")];
    board.post_form(&format!("{case}/decide"), &fields).await.expect(422);
    fields[2] = ("reason", reason);
    board.post_form(&format!("{case}/decide"), &fields).await.expect(303);
    // a second person with the old page is told, and keeps what they typed
    let late = board.post_form(&format!("{case}/decide"), &fields).await.expect(409).text();
    assert!(late.contains("Somebody else acted") && late.contains("&#60;b&#62;missing"), "{late}");

    let letter = board.get(&format!("{case}/letter")).await.expect(200).text();
    assert!(letter.contains("01/31/2027"), "{letter}");
    let fields = [("seen", "1"), ("subject", "Your audit"), ("body", "Dear licensee"), ("then", "preview")];
    let preview = board.post_form(&format!("{case}/letter"), &fields).await.expect(200).text();
    assert!(preview.contains("As it will go"), "{preview}");
    let fields = [("seen", "1"), ("subject", "Your audit"), ("body", "Dear licensee"), ("then", "send")];
    board.post_form(&format!("{case}/letter"), &fields).await.expect(303);
    let sent = board.get(&format!("{case}/letters/2")).await.expect(200).text();
    assert!(sent.contains("To be printed") && sent.contains("Dear licensee"), "{sent}");
    board.get(&format!("{case}/letters/1")).await.expect(404);

    board.post_form(&format!("{case}/recheck"), &[("seen", "2")]).await.expect(303);
    board.post_form(&format!("{case}/note"), &[("seen", "3"), ("note", "Telephoned.")]).await.expect(303);
    board.post_form(&format!("{case}/resolve"), &[("seen", "4"), ("resolved", "Shown.")]).await.expect(303);
    board.post_form(&format!("{audit}/close"), &[]).await.expect(303);
    let report = board.get(&format!("{audit}/report")).await.expect(200).text();
    assert!(report.contains("Closing report"), "{report}");
    board.get(&format!("{audit}/report.xlsx")).await.expect(200);
    board.post_form(&format!("{case}/note"), &[("seen", "5"), ("note", "Late.")]).await.expect(409);
}

#[tokio::test]
async fn a_physician_reads_the_letter_and_not_the_note() {
    let test = TestApp::new().await;
    let mut board = board(&test).await;
    let audit = audited(&test, &mut board).await;
    let page = board.get(&audit).await.expect(200).text();
    let case = first_case(&page);
    let drawn = if page.contains("A40001") { 1 } else { 2 };
    let seat = Seat::Physician(records::physician(drawn).id);
    people::add(&test.app, "dr@clinic.example", "A Physician", seat).await;
    let mut physician = test.sign_in("dr@clinic.example").await;
    let fields = [("seen", "0"), ("decision", "needs_information"), ("reason", "Secret."), ("due_on", "2027-01-31")];
    board.post_form(&format!("{case}/decide"), &fields).await.expect(303);
    board.post_form(&format!("{case}/note"), &[("seen", "1"), ("note", "Between us.")]).await.expect(303);
    let before = physician.get("/passport/audits").await.expect(200).text();
    assert!(before.contains("Being looked at"), "{before}");
    assert!(!before.contains("01/31/2027") && !before.contains("Secret"), "a decision is told by its letter: {before}");
    let fields = [("seen", "2"), ("subject", "Your audit"), ("body", "Write to us."), ("then", "send")];
    board.post_form(&format!("{case}/letter"), &fields).await.expect(303);
    let after = physician.get("/passport/audits").await.expect(200).text();
    assert!(after.contains("01/31/2027") && after.contains("Write to us."), "{after}");
    assert!(!after.contains("Between us"), "{after}");
    let (subject, _) = test.letter_to("dr@clinic.example").await;
    assert_eq!(subject, "Your audit");
}

#[tokio::test]
async fn another_board_and_everybody_else_find_nothing() {
    let test = TestApp::new().await;
    let mut board = board(&test).await;
    let check = checked(&test, &mut board).await;
    let audit = audited(&test, &mut board).await;
    let case = first_case(&board.get(&audit).await.expect(200).text());
    let list = board.get(&check).await.expect(200).text();
    let list = list.split("href=\"/board/lists/").skip(1).find(|rest| rest.contains("Spring")).unwrap();
    let list = format!("/board/lists/{}", list.split('"').next().unwrap());
    let licensee = format!("{check}/licensees/{}", records::physician(1).id);
    let mut nevada = test.sign_in(OTHER_LICENSING_BOARD).await;
    let pages = [
        list.clone(),
        format!("{list}/rows.csv"),
        check.clone(),
        format!("{check}/progress"),
        format!("{check}/results.csv"),
        licensee,
        audit.clone(),
        format!("{audit}/draw.csv"),
        format!("{audit}/report"),
        format!("{audit}/report.xlsx"),
        case.clone(),
        format!("{case}/letter"),
        format!("{case}/letters/1"),
    ];
    let decide = [("seen", "0"), ("decision", "compliant")];
    for page in &pages {
        nevada.get(page).await.expect(404);
    }
    nevada.post_form(&format!("{case}/decide"), &decide).await.expect(404);
    nevada.post_form(&format!("{audit}/close"), &[]).await.expect(404);
    nevada.post_form(&format!("{list}/checks"), &[("as_of", "2026-11-23")]).await.expect(404);
    // neither can it draw from the other's list
    let foreign = list.rsplit('/').next().unwrap();
    let fields = [("name", "x"), ("list", foreign), ("size", "1"), ("seed", "s"), ("as_of", "11/23/2026")];
    let drawn = nevada.post_form("/board/audits/new", &fields).await;
    assert!([404, 422].contains(&drawn.status), "{}", drawn.text());
    for email in [OWNER, ACCREDITOR] {
        let mut other = test.sign_in(email).await;
        for page in &pages {
            other.get(page).await.expect(403);
        }
        other.post_form(&format!("{case}/decide"), &decide).await.expect(403);
    }
    for page in &pages {
        let answer = test.anonymous().get(page).await;
        assert_eq!((answer.status, answer.location().starts_with("/sign-in")), (303, true), "{page}");
    }
}
