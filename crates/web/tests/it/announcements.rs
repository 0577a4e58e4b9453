//! Notices over HTTP: who may write them, who sees them where, how they are put away, and how their letters end.

use testkit::people::{ACCREDITOR, CERTIFYING_BOARD, EDITOR, LICENSING_BOARD, OTHER_OWNER, OWNER, VIEWER};
use testkit::records::work;
use testkit::{TestApp, Visitor};

/// The test's clock stands on 23 November 2026, 9 in the morning in Chicago.
const TITLE: &str = "Maintenance on Saturday <b>8 PM</b>";

fn form<'a>(personas: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![
        ("kind", "maintenance"),
        ("level", "warning"),
        ("title", TITLE),
        ("body", "First.\nSecond line.\n\nAnother paragraph."),
        ("path", "/status"),
        ("from", "2026-11-20T09:00"),
        ("until", "2026-12-20T17:00"),
        ("is_dismissible", "yes"),
        ("then", "save"),
    ];
    form.extend(personas.iter().map(|persona| ("personas", *persona)));
    form
}

fn with<'a>(mut form: Vec<(&'a str, &'a str)>, name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    for field in &mut form {
        if field.0 == name {
            field.1 = value;
        }
    }
    form
}

/// Writes a notice and gives its page's address.
async fn written(staff: &mut Visitor, personas: &[&str]) -> String {
    let answer = staff.post_form("/admin/notices/new", &form(personas)).await.expect(303);
    answer.location().split('?').next().unwrap().to_owned()
}

async fn sees(visitor: &mut Visitor, path: &str) -> bool {
    visitor.get(path).await.expect(200).text().contains("Maintenance on Saturday")
}

#[tokio::test]
async fn a_notice_stands_above_the_pages_of_those_it_is_for() {
    let test = TestApp::new().await;
    let mut staff = test.sign_in(ACCREDITOR).await;
    written(&mut staff, &["provider", "certifying_board"]).await;
    let mut owner = test.sign_in(OWNER).await;
    let page = owner.get("/provider").await.expect(200).text();
    assert!(page.contains("Maintenance on Saturday &#60;b&#62;8 PM"), "{page}");
    assert!(page.contains("First.<br>Second line.") && page.contains("Another paragraph."));
    assert!(!page.contains("<b>8 PM"));
    for (email, path, wanted) in [
        (VIEWER, "/provider/activities", true),
        (CERTIFYING_BOARD, "/certifying", true),
        (LICENSING_BOARD, "/board", false),
        (ACCREDITOR, "/admin", false),
    ] {
        let mut visitor = test.sign_in(email).await;
        assert_eq!(sees(&mut visitor, path).await, wanted, "{email}");
        assert_eq!(sees(&mut visitor, "/notices").await, wanted, "{email} reads them on their page");
    }
    assert!(!sees(&mut test.anonymous(), "/activities").await);

    // everybody: also who is not signed in, who has no account to put it away with
    written(&mut staff, &["everybody", "provider"]).await;
    let page = test.anonymous().get("/activities").await.expect(200).text();
    assert!(page.contains("Maintenance on Saturday") && !page.contains("/dismiss"), "{page}");
    assert!(sees(&mut test.sign_in(LICENSING_BOARD).await, "/board").await);
}

#[tokio::test]
async fn who_puts_a_notice_away_sees_it_no_more_until_it_is_shown_again() {
    let test = TestApp::new().await;
    let mut staff = test.sign_in(ACCREDITOR).await;
    let notice = written(&mut staff, &["provider"]).await;
    let dismiss = format!("{}/dismiss", notice.trim_start_matches("/admin"));
    let mut owner = test.sign_in(OWNER).await;
    assert!(owner.get("/provider?x=1").await.text().contains("name=\"back\" value=\"/provider?x=1\""));
    let answer = owner.post_form(&dismiss, &[("back", "/provider?x=1")]).await.expect(303);
    assert_eq!(answer.location(), "/provider?x=1");
    assert_eq!(
        owner.post_form(&dismiss, &[("back", "https://evil.example/")]).await.expect(303).location(),
        "/notices"
    );
    assert!(!sees(&mut owner, "/provider").await);
    assert!(sees(&mut owner, "/notices").await, "it can still be read");
    assert!(sees(&mut test.sign_in(EDITOR).await, "/provider").await, "others see it");
    // a seat that it is not for, and one that stays
    test.sign_in(LICENSING_BOARD).await.post_form(&dismiss, &[]).await.expect(404);
    let mut script = test.sign_in(EDITOR).await;
    script.set_header("accept", "application/json");
    script.post_form(&dismiss, &[]).await.expect(204);
    staff.post_form("/admin/notices/new", &with(form(&["provider"]), "is_dismissible", "yes")).await.expect(303);
    let stays: Vec<_> = form(&["provider"]).into_iter().filter(|(name, _)| *name != "is_dismissible").collect();
    let stays = staff.post_form("/admin/notices/new", &stays).await.expect(303);
    let stays = stays.location().split('?').next().unwrap().trim_start_matches("/admin").to_owned();
    owner.post_form(&format!("{stays}/dismiss"), &[]).await.expect(404);
    owner.post_form("/notices/00000000-0000-0000-0000-000000000000/dismiss", &[]).await.expect(404);

    let page = staff.get(&notice).await.expect(200).text();
    assert!(page.contains("Readers can put it away; 2 did."), "{page}");
    let mut again = with(form(&["provider"]), "title", "Another title");
    again.extend([("version", "1"), ("show_again", "yes")]);
    staff.post_form(&format!("{notice}/edit"), &again).await.expect(303);
    assert!(owner.get("/provider").await.expect(200).text().contains("Another title"));
}

#[tokio::test]
async fn a_form_comes_back_with_what_was_typed_and_what_is_wrong() {
    let test = TestApp::new().await;
    let mut staff = test.sign_in(ACCREDITOR).await;
    for (name, value, words) in [
        ("title", "", "The title is missing"),
        ("title", "\u{202E}evil", "characters that cannot be shown"),
        ("body", " ", "The text is missing"),
        ("path", "https://evil.example", "a page of ours"),
        ("path", "//evil.example", "a page of ours"),
        ("kind", "party", "Choose what the notice is about"),
        ("level", "error", "Choose how much it matters"),
        ("personas", "robots", "Choose whom the notice is for"),
        ("from", "tomorrow", "from which it is shown"),
        ("until", "2026-02-30T10:00", "until which it is shown"),
        ("until", "2026-11-20T08:59", "It ends before it begins"),
        ("until", "2029-11-20T08:59", "400 days at most"),
    ] {
        let page =
            staff.post_form("/admin/notices/new", &with(form(&["provider"]), name, value)).await.expect(422).text();
        assert!(page.contains(words), "{name} {value}: {page}");
        assert!(name == "body" || page.contains("Another paragraph."), "nothing typed is lost");
    }
    let long = "x".repeat(121);
    staff.post_form("/admin/notices/new", &with(form(&["provider"]), "title", &long)).await.expect(422);
    // nothing of it was saved, nor of a preview
    let page =
        staff.post_form("/admin/notices/new", &with(form(&["provider"]), "then", "preview")).await.expect(200).text();
    assert!(page.contains("Preview") && page.contains("First.<br>Second line."), "{page}");
    assert!(staff.get("/admin/notices").await.expect(200).text().contains("No notice was written yet"));
}

#[tokio::test]
async fn two_who_change_a_notice_at_once_are_told_and_every_version_stays() {
    let test = TestApp::new().await;
    let mut staff = test.sign_in(ACCREDITOR).await;
    let notice = written(&mut staff, &["provider"]).await;
    let edit = format!("{notice}/edit");
    assert!(staff.get(&edit).await.expect(200).text().contains("value=\"2026-11-20T09:00\""));
    let mut change = with(form(&["physician"]), "title", "Changed");
    change.push(("version", "1"));
    staff.post_form(&edit, &change).await.expect(303);
    staff.post_form(&edit, &change).await.expect(409);
    let page = staff.get(&notice).await.expect(200).text();
    assert!(
        page.contains("Changed") && page.contains("Maintenance on Saturday") && page.contains("Ada Crane"),
        "{page}"
    );
    staff.post_form(&format!("{notice}/take-back"), &[("version", "1")]).await.expect(409);
    staff.post_form(&format!("{notice}/take-back"), &[("version", "2")]).await.expect(303);
    staff.get(&edit).await.expect(404);
    let page = staff.get(&notice).await.expect(200).text();
    assert!(page.contains("Taken back") && !page.contains("Send it by e-mail"), "{page}");
    let mut tx = test.app.store.read().await.unwrap();
    let letters = store::mails::list_newest(&mut tx, 10).await.unwrap();
    assert!(letters.is_empty(), "nobody asked for letters");
}

#[tokio::test]
async fn letters_go_to_those_it_is_for_once_and_end_by_one_link() {
    let test = TestApp::new().await;
    let mut staff = test.sign_in(ACCREDITOR).await;
    let mut no = test.sign_in(VIEWER).await;
    assert!(no.get("/notices").await.expect(200).text().contains("Stop these letters"));
    no.post_form("/notices/letters", &[("letters", "no")]).await.expect(303);
    assert!(no.get("/notices").await.expect(200).text().contains("Get important notices by e-mail"));
    let notice = written(&mut staff, &["provider"]).await;
    let page = staff.get(&notice).await.expect(200).text();
    assert!(page.contains("4 people today"), "{page}");
    staff.post_form(&format!("{notice}/mail"), &[("version", "7")]).await.expect(409);
    staff.post_form(&format!("{notice}/mail"), &[("version", "1")]).await.expect(303);
    staff.post_form(&format!("{notice}/mail"), &[("version", "2")]).await.expect(409);
    work(&test.app).await;
    let mut tx = test.app.store.read().await.unwrap();
    let letters = store::mails::list_newest(&mut tx, 100).await.unwrap();
    drop(tx);
    let mut to: Vec<&str> = letters.iter().map(|mail| mail.to_address.as_str()).collect();
    to.sort_unstable();
    let mut wanted = [OWNER, EDITOR, testkit::people::LEARNER_DATA, OTHER_OWNER];
    wanted.sort_unstable();
    assert_eq!(to, wanted);
    let mail = &letters[0];
    assert!(mail.can_wait && mail.kind == "notice" && mail.html.contains("Second line."), "{mail:?}");
    assert!(mail.body.contains(&test.app.config.link("/status")), "{}", mail.body);

    // a mail program sends one POST, without cookies or an origin
    let end = mail.unsubscribe.strip_prefix(&test.app.config.link("")).unwrap().to_owned();
    assert!(end.starts_with("/notices/unsubscribe/"), "{end}");
    let mut program = test.anonymous();
    assert!(program.get(&end).await.expect(200).text().contains("No more notices by e-mail?"), "a look ends nothing");
    let mut reader = test.sign_in(&mail.to_address).await;
    assert!(reader.get("/notices").await.text().contains("Stop these letters"));
    program.post_form(&end, &[("List-Unsubscribe", "One-Click")]).await.expect(200);
    program.post_form(&end, &[("List-Unsubscribe", "One-Click")]).await.expect(200);
    assert!(reader.get("/notices").await.text().contains("Get important notices by e-mail"));
    program.get("/notices/unsubscribe/guess").await.expect(404);
    program.post_form("/notices/unsubscribe/%00", &[]).await.expect(404);
}

#[tokio::test]
async fn the_year_end_is_made_from_what_is_known_and_only_once() {
    let test = TestApp::new().await;
    let mut staff = test.sign_in(ACCREDITOR).await;
    assert!(staff.get("/admin/notices").await.text().contains("Make a notice of the year-end deadline"));
    let page = staff.get("/admin/notices/new?of=year-end").await.expect(200).text();
    assert!(page.contains("The reporting year 2026 ends on 03/31/2027, 11:59 PM CDT"), "{page}");
    assert!(page.contains("value=\"2027-04-01T00:00\"") && page.contains("/provider/years/2026"), "{page}");
    let mut made = form(&["provider"]);
    made.push(("occasion", "year-end-2026"));
    staff.post_form("/admin/notices/new", &made).await.expect(303);
    staff.post_form("/admin/notices/new", &made).await.expect(409);
    assert!(!staff.get("/admin/notices").await.text().contains("Make a notice of the year-end deadline"));
    made.pop();
    made.push(("occasion", "something else"));
    staff.post_form("/admin/notices/new", &made).await.expect(303);
}
