//! Ways back: another e-mail address, a lost second factor, a claim that a person grants.

use jiff::SignedDuration;
use testkit::records::{self, physician};
use testkit::{TestApp, Visitor, people};

use crate::second_factors::{between, give, half, set_up};

const NEW: &str = "marisol@home.example";

fn later(test: &TestApp, hours: i64) {
    test.app.clock.advance(SignedDuration::from_hours(hours));
}

pub(crate) async fn letters_to(test: &TestApp, email: &str) -> Vec<(String, String)> {
    let mut tx = test.app.store.read().await.unwrap();
    let mails = store::mails::list_newest(&mut tx, 100).await.unwrap();
    mails.into_iter().filter(|mail| mail.to_address == email).map(|mail| (mail.subject, mail.body)).collect()
}

/// The path of the link in the letter whose subject holds these words.
async fn link_in(test: &TestApp, email: &str, words: &str) -> String {
    let letters = letters_to(test, email).await;
    let (_, body) = letters.iter().find(|(subject, _)| subject.contains(words)).expect("the letter");
    let base = test.app.config.link("");
    body.lines().find(|line| line.starts_with(&base)).expect("a link")[base.len()..].to_owned()
}

#[tokio::test]
async fn a_new_address_counts_once_confirmed_and_the_old_one_can_undo_it() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    owner.post_form("/account/email", &[("email", "nonsense")]).await.expect(422);
    owner.post_form("/account/email", &[("email", NEW)]).await.expect(303);
    let sign_in = |email| [("email", email), ("password", people::PASSWORD)];
    test.anonymous().post_form("/sign-in", &sign_in(NEW)).await.expect(422);
    let confirm = link_in(&test, NEW, "Confirm your address").await;
    let undo = link_in(&test, people::OWNER, "being changed").await;
    let mut browser = test.anonymous();
    assert!(browser.get(&confirm).await.expect(200).text().contains(NEW));
    browser.post_form(&confirm, &[]).await.expect(200);
    browser.post_form(&confirm, &[]).await.expect(410);
    test.anonymous().post_form("/sign-in", &sign_in(NEW)).await.expect(303);
    test.anonymous().post_form("/sign-in", &sign_in(people::OWNER)).await.expect(422);

    later(&test, 7 * 24 - 1);
    assert!(browser.get(&undo).await.expect(200).text().contains(people::OWNER));
    let mut thief = test.anonymous();
    thief.post_form("/sign-in", &sign_in(NEW)).await.expect(303);
    browser.post_form(&undo, &[]).await.expect(200);
    thief.get("/account").await.expect(303);
    assert!(link_in(&test, people::OWNER, "Choose a new password").await.starts_with("/reset/"));
    test.anonymous().post_form("/sign-in", &sign_in(NEW)).await.expect(422);
    test.anonymous().post_form("/sign-in", &sign_in(people::OWNER)).await.expect(303);
    browser.post_form(&undo, &[]).await.expect(410);
}

#[tokio::test]
async fn a_change_is_undone_for_seven_days_and_stopped_before() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    owner.post_form("/account/email", &[("email", NEW)]).await.expect(303);
    let confirm = link_in(&test, NEW, "Confirm your address").await;
    let undo = link_in(&test, people::OWNER, "being changed").await;
    test.anonymous().post_form(&undo, &[]).await.expect(200);
    test.anonymous().post_form(&confirm, &[]).await.expect(410);

    test.app.clock.advance(SignedDuration::from_secs(1));
    let mut owner = test.sign_in(people::OWNER).await;
    owner.post_form("/account/email", &[("email", NEW)]).await.expect(303);
    let confirm = link_in(&test, NEW, "Confirm your address").await;
    let undo = link_in(&test, people::OWNER, "being changed").await;
    test.anonymous().post_form(&confirm, &[]).await.expect(200);
    later(&test, 7 * 24);
    test.anonymous().get(&undo).await.expect(410);
    test.anonymous().post_form(&undo, &[]).await.expect(410);
}

#[tokio::test]
async fn an_address_of_somebody_else_is_answered_alike_and_not_given() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    for email in [NEW, people::OTHER_OWNER] {
        let answer = owner.post_form("/account/email", &[("email", email)]).await.expect(303);
        assert_eq!(answer.location(), "/account?done=email", "{email}");
    }
    assert!(letters_to(&test, people::OTHER_OWNER).await.is_empty());
}

/// Asks for help as the person whose password was right.
async fn ask_for_help(test: &TestApp, email: &str) {
    let mut visitor = half(test, email).await;
    visitor.get("/sign-in/help").await.expect(200);
    visitor.post_form("/sign-in/help", &[("words", " ")]).await.expect(422);
    visitor.post_form("/sign-in/help", &[("words", "My phone is in the lake.")]).await.expect(200);
    // asked twice is asked once
    visitor.post_form("/sign-in/help", &[("words", "My phone is in the lake.")]).await.expect(200);
}

async fn request_on(visitor: &mut Visitor, list: &str, base: &str) -> String {
    let page = visitor.get(list).await.expect(200).text();
    format!("{base}/{}", between(&page, &format!("href=\"{base}/"), "\""))
}

const YES: [(&str, &str); 2] = [("decision", "yes"), ("reason", "Called the office and spoke with her.")];

#[tokio::test]
async fn a_lost_factor_is_given_up_after_a_person_said_yes_and_72_hours() {
    let test = TestApp::new().await;
    assert_eq!(test.anonymous().get("/sign-in/help").await.expect(303).location(), "/sign-in");
    let mut editor = test.sign_in(people::EDITOR).await;
    set_up(&test, &mut editor).await;
    ask_for_help(&test, people::EDITOR).await;
    assert_eq!(letters_to(&test, people::EDITOR).await.iter().filter(|(s, _)| s.contains("asks for a way")).count(), 1);

    // an owner of the team decides; another provider's finds nothing
    let mut owner = test.sign_in(people::OWNER).await;
    let request = request_on(&mut owner, "/provider/team", "/provider/team/lost").await;
    let mut other = test.sign_in(people::OTHER_OWNER).await;
    other.get(&request).await.expect(404);
    other.post_form(&request, &YES).await.expect(404);
    assert!(owner.get(&request).await.expect(200).text().contains("in the lake"));
    owner.post_form(&request, &[("decision", "yes")]).await.expect(422);
    owner.post_form(&request, &YES).await.expect(303);
    owner.post_form(&request, &YES).await.expect(404);
    let letters = letters_to(&test, people::EDITOR).await;
    assert!(letters.iter().any(|(_, body)| body.contains("Called the office")), "{letters:?}");

    later(&test, 71);
    half(&test, people::EDITOR).await;
    later(&test, 1);
    let mut back = test.sign_in(people::EDITOR).await;
    back.get("/provider").await.expect(200);
    assert!(back.get("/account").await.text().contains("Set up a second factor"));
    // once: with a new one the password alone is half again
    set_up(&test, &mut back).await;
    half(&test, people::EDITOR).await;
}

#[tokio::test]
async fn the_letter_to_the_address_on_file_stops_it_also_after_yes() {
    let test = TestApp::new().await;
    let mut editor = test.sign_in(people::EDITOR).await;
    set_up(&test, &mut editor).await;
    ask_for_help(&test, people::EDITOR).await;
    let stop = link_in(&test, people::EDITOR, "asks for a way").await;
    let mut owner = test.sign_in(people::OWNER).await;
    let request = request_on(&mut owner, "/provider/team", "/provider/team/lost").await;
    owner.post_form(&request, &YES).await.expect(303);
    test.anonymous().get(&stop).await.expect(200);
    test.anonymous().post_form(&stop, &[]).await.expect(200);
    test.anonymous().post_form(&stop, &[]).await.expect(410);
    later(&test, 73);
    half(&test, people::EDITOR).await;
}

#[tokio::test]
async fn signing_in_with_the_factor_after_all_ends_the_request() {
    let test = TestApp::new().await;
    let mut editor = test.sign_in(people::EDITOR).await;
    let (_, codes) = set_up(&test, &mut editor).await;
    ask_for_help(&test, people::EDITOR).await;
    let mut visitor = half(&test, people::EDITOR).await;
    give(&mut visitor, &codes[0]).await.expect(303);
    let mut owner = test.sign_in(people::OWNER).await;
    assert!(!owner.get("/provider/team").await.expect(200).text().contains("in the lake"));
}

#[tokio::test]
async fn nobody_decides_about_themselves_and_a_no_changes_nothing() {
    let test = TestApp::new().await;
    let mut staff = test.sign_in(people::ACCREDITOR).await;
    set_up(&test, &mut staff).await;
    ask_for_help(&test, people::ACCREDITOR).await;
    let request = request_on(&mut staff, "/admin/claims", "/admin/claims/lost").await;
    staff.get(&request).await.expect(404);
    staff.post_form(&request, &YES).await.expect(404);

    // of an owner, the other owners' list shows nothing to owners of elsewhere; staff say no
    let mut owner = test.sign_in(people::OTHER_OWNER).await;
    set_up(&test, &mut owner).await;
    ask_for_help(&test, people::OTHER_OWNER).await;
    assert!(!owner.get("/provider/team").await.expect(200).text().contains("in the lake"));
    let page = staff.get("/admin/claims").await.expect(200).text();
    let of_owner = page.split("href=\"/admin/claims/lost/").find(|part| part.contains("Wanda Sorel")).unwrap();
    let request = format!("/admin/claims/lost/{}", of_owner.split('"').next().unwrap());
    staff.post_form(&request, &[("decision", "no"), ("reason", "Nobody answers the telephone.")]).await.expect(303);
    let letters = letters_to(&test, people::OTHER_OWNER).await;
    assert!(letters.iter().any(|(subject, _)| subject.contains("was refused")), "{letters:?}");
    later(&test, 100);
    half(&test, people::OTHER_OWNER).await;
}

/// A failed claim with this physician's details that asks for a person; its address among the staff's pages.
async fn failed_claim(test: &TestApp, n: usize, email: &str) -> String {
    let of = physician(n);
    // another day than the record's, so that the claim fails whatever the engine makes of the name
    let day = of.birth.unwrap().day() % 28 + 1;
    let (month, day) = (of.birth.unwrap().month().to_string(), day.to_string());
    let fields = [
        ("first", of.first.as_str()),
        ("last", "Married"),
        ("birth_month", &month),
        ("birth_day", &day),
        ("state", "CA"),
        ("license", &of.licenses[0].number),
        ("email", email),
    ];
    let page = test.anonymous().post_form("/passport/claim", &fields).await.expect(200).text();
    let claim = between(&page, "name=\"claim\" value=\"", "\"").to_owned();
    test.anonymous().post_form("/passport/claim/review", &[("claim", &claim)]).await.expect(200);
    format!("/admin/claims/{claim}")
}

const PASSWORD: &str = "seventeen quiet otters";

#[tokio::test]
async fn staff_grant_a_claim_and_its_letter_opens_the_account_at_once() {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    let claim = failed_claim(&test, 3, "dario@home.example").await;
    let mut staff = test.sign_in(people::ACCREDITOR).await;
    assert!(staff.get("/admin/claims").await.expect(200).text().contains(&claim));
    let page = staff.get(&claim).await.expect(200).text();
    let id = physician(3).id.to_string();
    assert!(page.contains("Married") && page.contains(&id), "{page}");
    staff.post_form(&claim, &[]).await.expect(422);
    staff.post_form(&claim, &[("decision", &id)]).await.expect(422);
    let yes = [("decision", id.as_str()), ("reason", "The board confirmed the new name by telephone.")];
    staff.post_form(&claim, &yes).await.expect(303);
    staff.get(&claim).await.expect(404);
    let link = link_in(&test, "dario@home.example", "was granted").await;
    let mut browser = test.anonymous();
    assert!(browser.get(&link).await.expect(200).text().contains(&physician(3).last));
    let fields = [("password", PASSWORD), ("then", "factor")];
    assert_eq!(browser.post_form(&link, &fields).await.expect(303).location(), "/account/second-factor");
    browser.get("/passport").await.expect(200);
}

#[tokio::test]
async fn a_granted_claim_to_a_record_with_an_account_waits_72_hours_and_can_be_stopped() {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    let seat = domain::access::Seat::Physician(physician(4).id);
    let old = "edith@office.example";
    people::add(&test.app, old, "Edith", seat).await;
    let mut before = test.sign_in(old).await;
    set_up(&test, &mut before).await;
    let mut staff = test.sign_in(people::ACCREDITOR).await;
    let id = physician(4).id.to_string();
    let yes = [("decision", id.as_str()), ("reason", "The hospital confirmed it.")];

    let claim = failed_claim(&test, 4, "thief@evil.example").await;
    staff.post_form(&claim, &yes).await.expect(303);
    let link = link_in(&test, "thief@evil.example", "was granted").await;
    test.anonymous().get(&link).await.expect(410);
    test.anonymous().post_form(&link, &[("password", PASSWORD)]).await.expect(410);
    let stop = link_in(&test, old, "about to be given").await;
    test.anonymous().get(&stop).await.expect(200);
    test.anonymous().post_form(&stop, &[]).await.expect(200);
    later(&test, 73);
    test.anonymous().post_form(&link, &[("password", PASSWORD)]).await.expect(410);
    half(&test, old).await;

    // the same from the right person, whom nobody stops
    let claim = failed_claim(&test, 4, "edith@home.example").await;
    let mut staff = test.sign_in(people::ACCREDITOR).await;
    staff.post_form(&claim, &yes).await.expect(303);
    later(&test, 72);
    let link = link_in(&test, "edith@home.example", "was granted").await;
    let mut browser = test.anonymous();
    browser.post_form(&link, &[("password", "violet lantern harbor")]).await.expect(303);
    browser.get("/passport").await.expect(200);
    let fields = [("email", old), ("password", people::PASSWORD)];
    test.anonymous().post_form("/sign-in", &fields).await.expect(422);
    let fields = [("email", "edith@home.example"), ("password", "violet lantern harbor")];
    assert_eq!(test.anonymous().post_form("/sign-in", &fields).await.expect(303).location(), "/passport");
    test.anonymous().post_form(&link, &[("password", PASSWORD)]).await.expect(410);
}

#[tokio::test]
async fn a_refused_claim_says_why_and_opens_nothing() {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    let claim = failed_claim(&test, 5, "somebody@home.example").await;
    let mut staff = test.sign_in(people::ACCREDITOR).await;
    staff.post_form(&claim, &[("decision", "no"), ("reason", "The board knows no such name.")]).await.expect(303);
    let (subject, body) = test.letter_to("somebody@home.example").await;
    assert!(subject.contains("was refused") && body.contains("no such name"), "{subject}: {body}");
    assert!(!body.contains(&physician(5).last), "nothing of the registry");
    staff.post_form(&claim, &[("decision", "no"), ("reason", "Again.")]).await.expect(303);
    assert_eq!(letters_to(&test, "somebody@home.example").await.len(), 1);
}
