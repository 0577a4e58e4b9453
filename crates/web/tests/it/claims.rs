//! Physicians claim their accounts; strangers learn nothing from trying.

use store::physicians::Physician;
use testkit::people::{ACCREDITOR, OWNER, PASSWORD};
use testkit::records::{self, physician};
use testkit::{Answer, TestApp};

async fn world() -> TestApp {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    test
}

/// Details as this physician would type them.
fn details(of: &Physician, email: &str) -> Vec<(&'static str, String)> {
    let birth = of.birth.unwrap();
    vec![
        ("first", of.first.clone()),
        ("last", of.last.clone()),
        ("birth_month", birth.month().to_string()),
        ("birth_day", birth.day().to_string()),
        ("state", "CA".into()),
        ("license", of.licenses[0].number.clone()),
        ("email", email.into()),
    ]
}

fn with(mut fields: Vec<(&'static str, String)>, name: &str, value: &str) -> Vec<(&'static str, String)> {
    for field in &mut fields {
        if field.0 == name {
            field.1 = value.into();
        }
    }
    fields
}

async fn send(test: &TestApp, fields: &[(&'static str, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    test.anonymous().post_form("/passport/claim", &fields).await
}

async fn letters_to(test: &TestApp, email: &str) -> usize {
    let mut tx = test.app.store.read().await.unwrap();
    let mails = store::mails::list_newest(&mut tx, 100).await.unwrap();
    mails.iter().filter(|mail| mail.to_address == email).count()
}

/// Claims and finishes; the account is then as good as any.
async fn claim(test: &TestApp, of: &Physician, email: &str) {
    send(test, &details(of, email)).await.expect(200);
    let link = test.link_to(email).await;
    let mut browser = test.anonymous();
    browser.get(&link).await.expect(200);
    browser.post_form(&link, &[("password", PASSWORD)]).await.expect(303);
}

/// The page without what the visitor typed and the claim's own number.
fn shape(answer: &Answer, email: &str) -> String {
    let page = answer.text().replace(email, "EMAIL");
    let (head, rest) = page.split_once("name=\"claim\" value=\"").expect("a claim to ask a review for");
    let (id, tail) = rest.split_once('"').unwrap();
    assert_eq!(id.len(), 36);
    format!("{head}{tail}")
}

#[tokio::test]
async fn a_physician_claims_the_account_and_reads_the_transcript() {
    let test = world().await;
    let of = physician(3);
    let email = "dario@example.org";
    send(&test, &details(&of, email)).await.expect(200);
    let link = test.link_to(email).await;
    let mut browser = test.anonymous();
    let page = browser.get(&link).await.expect(200);
    assert!(page.text().contains(&of.full_name()));
    let weak = browser.post_form(&link, &[("password", "short")]).await.expect(422);
    assert!(weak.text().contains("at least 15 characters"));
    let done = browser.post_form(&link, &[("password", PASSWORD)]).await.expect(303);
    assert_eq!(done.location(), "/passport");
    let transcript = browser.get("/passport/transcript").await.expect(200).text();
    assert!(transcript.contains(&of.full_name()));
    let looks = browser.get("/passport/access").await.expect(200).text();
    assert!(looks.contains("Opened the account for your record"));
    // the link is used up, the password is good
    let over = browser.get(&link).await.expect(410).text();
    assert!(over.contains("href=\"/passport/claim\"") && !over.contains("href=\"/forgot\""), "{over}");
    test.sign_in(email).await.get("/passport").await.expect(200);
}

#[tokio::test]
async fn an_npi_or_a_diplomate_id_proves_a_claim_too() {
    let test = world().await;
    let of = physician(4);
    let email = "edith@example.org";
    let mut fields = with(with(details(&of, email), "state", ""), "license", "");
    fields.extend([("board", "ABIM".to_owned()), ("diplomate_id", of.certifications[0].diplomate_id.clone())]);
    send(&test, &fields).await.expect(200);
    assert_eq!(letters_to(&test, email).await, 1);
}

#[tokio::test]
async fn the_answer_is_one_whatever_was_typed() {
    let test = world().await;
    let owner = "celia@example.org";
    claim(&test, &physician(2), owner).await;
    let email = "somebody@example.org";
    let right = details(&physician(5), email);
    let cases = [
        ("right", right.clone()),
        ("nobody of this name", with(with(right.clone(), "first", "Zenith"), "last", "Quill")),
        ("a wrong birthday", with(with(right.clone(), "birth_month", "1"), "birth_day", "2")),
        ("an unknown license", with(right.clone(), "license", "Z99999")),
        ("somebody else's license", with(right.clone(), "license", &physician(6).licenses[0].number)),
        ("claimed already", details(&physician(2), email)),
    ];
    let mut shapes = Vec::new();
    for (what, fields) in &cases {
        let answer = send(&test, fields).await.expect(200);
        shapes.push((what, answer.headers.len(), shape(&answer, email)));
        // one address may be named five times a day; that limit has its own test
        test.app.clock.advance(jiff::SignedDuration::from_hours(25));
    }
    for (what, headers, shape) in &shapes {
        assert_eq!((headers, shape), (&shapes[0].1, &shapes[0].2), "{what}");
    }
    assert_eq!(letters_to(&test, email).await, 1, "only the right details bring a letter");
    let (subject, body) = test.letter_to(owner).await;
    assert!(subject.starts_with("Somebody claimed your account"), "{subject}");
    assert!(!body.contains(email), "the owner is not told who tried");
    let mut owner = test.sign_in(owner).await;
    assert!(owner.get("/passport/access").await.text().contains("Asked for an account with details of yours"));
}

#[tokio::test]
async fn three_failed_tries_block_a_person_for_thirty_days_whoever_tries() {
    let test = world().await;
    let of = physician(7);
    for day in ["2", "3", "4"] {
        let wrong = with(with(details(&of, &format!("guess{day}@example.org")), "birth_month", "1"), "birth_day", day);
        send(&test, &wrong).await.expect(200);
    }
    let email = "late@example.org";
    let blocked = send(&test, &details(&of, email)).await.expect(200);
    assert_eq!(letters_to(&test, email).await, 0);
    test.app.clock.advance(jiff::SignedDuration::from_hours(31 * 24));
    let after = send(&test, &details(&of, email)).await.expect(200);
    assert_eq!(letters_to(&test, email).await, 1);
    assert_eq!(shape(&blocked, email), shape(&after, email));
}

#[tokio::test]
async fn one_address_is_not_named_without_end() {
    let test = world().await;
    let email = "flood@example.org";
    for n in 10..17 {
        send(&test, &details(&physician(n), email)).await.expect(200);
    }
    assert_eq!(letters_to(&test, email).await, 5);
}

#[tokio::test]
async fn other_spellings_of_a_license_share_its_limit() {
    let test = world().await;
    let of = physician(7);
    let digits = of.licenses[0].number.trim_start_matches('A');
    // other names and birthdays too: only the number holds these tries together
    for (n, license) in [digits.to_owned(), format!("MD A{digits}"), format!("a-0{digits}")].iter().enumerate() {
        let fields = with(details(&of, &format!("guess{n}@example.org")), "license", license);
        let fields = with(with(fields, "last", ["Quill", "Vex", "Yarrow"][n]), "birth_day", &(n + 20).to_string());
        send(&test, &fields).await.expect(200);
    }
    send(&test, &details(&of, "late@example.org")).await.expect(200);
    assert_eq!(letters_to(&test, "late@example.org").await, 0);
}

#[tokio::test]
async fn a_guessed_birthday_starts_no_new_limit_for_a_name() {
    let test = world().await;
    let of = physician(7);
    for day in ["20", "21", "22"] {
        let fields = with(details(&of, &format!("guess{day}@example.org")), "license", &format!("Z999{day}"));
        send(&test, &with(fields, "birth_day", day)).await.expect(200);
    }
    send(&test, &details(&of, "late@example.org")).await.expect(200);
    assert_eq!(letters_to(&test, "late@example.org").await, 0);
}

#[tokio::test]
async fn three_hundred_failed_claims_in_a_day_block_everyone_until_the_next() {
    let test = world().await;
    // the first one by the form, so that the page's own rows are what is counted
    let wrong = with(details(&physician(20), "guess@example.org"), "birth_day", "27");
    send(&test, &wrong).await.expect(200);
    let (app, now) = (&test.app, test.app.clock.now());
    let mut tx = app.store.write().await.unwrap();
    for _ in 1..299 {
        store::attempts::insert(&mut tx, app.chance.id(now), "claim_failed", "everyone", now).await.unwrap();
    }
    tx.commit().await.unwrap();
    send(&test, &details(&physician(21), "before@example.org")).await.expect(200);
    send(&test, &with(wrong, "birth_day", "26")).await.expect(200);
    let blocked = send(&test, &details(&physician(22), "late@example.org")).await.expect(200);
    assert_eq!(letters_to(&test, "before@example.org").await, 1);
    assert_eq!(letters_to(&test, "late@example.org").await, 0);
    test.app.clock.advance(jiff::SignedDuration::from_hours(25));
    let after = send(&test, &details(&physician(22), "late@example.org")).await.expect(200);
    assert_eq!(letters_to(&test, "late@example.org").await, 1);
    assert_eq!(shape(&blocked, "late@example.org"), shape(&after, "late@example.org"));
}

#[tokio::test]
async fn a_tag_on_an_address_starts_no_new_limit() {
    let test = world().await;
    let mut letters = 0;
    for n in 10..17 {
        let email = format!("flood+{n}@example.org");
        send(&test, &details(&physician(n), &email)).await.expect(200);
        letters += letters_to(&test, &email).await;
    }
    assert_eq!(letters, 5);
}

#[tokio::test]
async fn a_provider_describes_one_person_wrongly_twenty_times_however_the_name_is_spelled() {
    let test = world().await;
    let of = physician(7);
    let mut provider = test.sign_in(OWNER).await;
    let mut check = async |last: &str, day: &str| {
        let license = &of.licenses[0].number;
        let fields = [("first", of.first.as_str()), ("last", last), ("birth_month", "1"), ("birth_day", day)];
        let fields = [&fields[..], &[("state", "CA"), ("identifier", license)]].concat();
        provider.post_form("/provider/learners/check", &fields).await.expect(200).text()
    };
    let is_over = |answer: &String| answer.contains("No more checks of this person");
    // each name is another, and the license is the same person's every time
    for n in 0..20 {
        assert!(!is_over(&check(&format!("Quill{}", "a".repeat(n)), "20").await), "{n}");
    }
    assert!(is_over(&check("Quillabert", "20").await));
    // now even the right details are not answered: a hit after many misses would tell as much
    assert!(is_over(&check(&of.last, "21").await));
}

#[tokio::test]
async fn of_two_links_to_one_physician_the_first_that_is_finished_counts() {
    let test = world().await;
    let of = physician(8);
    send(&test, &details(&of, "one@example.org")).await.expect(200);
    send(&test, &details(&of, "two@example.org")).await.expect(200);
    let (one, two) = (test.link_to("one@example.org").await, test.link_to("two@example.org").await);
    let mut browser = test.anonymous();
    browser.post_form(&two, &[("password", PASSWORD)]).await.expect(303);
    test.anonymous().post_form(&one, &[("password", PASSWORD)]).await.expect(410);
    test.anonymous().post_form(&two, &[("password", PASSWORD)]).await.expect(410);
}

#[tokio::test]
async fn a_link_ends_after_a_day() {
    let test = world().await;
    let email = "slow@example.org";
    send(&test, &details(&physician(9), email)).await.expect(200);
    let link = test.link_to(email).await;
    test.app.clock.advance(jiff::SignedDuration::from_hours(25));
    test.anonymous().get(&link).await.expect(410);
    test.anonymous().post_form(&link, &[("password", PASSWORD)]).await.expect(410);
}

#[tokio::test]
async fn an_address_that_has_an_account_gains_the_record_once() {
    let test = world().await;
    let email = testkit::people::EDITOR;
    send(&test, &details(&physician(11), email)).await.expect(200);
    let link = test.link_to(email).await;
    let mut browser = test.anonymous();
    assert!(browser.get(&link).await.expect(200).text().contains("Add my record"));
    browser.post_form(&link, &[]).await.expect(303);
    let seats = {
        let id = testkit::people::account_id(&test.app, email).await;
        let mut tx = test.app.store.read().await.unwrap();
        store::seats::list(&mut tx, id).await.unwrap()
    };
    assert_eq!(seats.len(), 2);
    // a second physician does not fit on the same account; the later letter is the newest
    test.app.clock.advance(jiff::SignedDuration::from_secs(1));
    send(&test, &details(&physician(12), email)).await.expect(200);
    let link = test.link_to(email).await;
    let refused = test.anonymous().post_form(&link, &[]).await.expect(422);
    assert!(refused.text().contains("belongs to the account of another physician"));
}

#[tokio::test]
async fn a_failed_claim_can_be_looked_at_by_a_person() {
    let test = world().await;
    let email = "maiden@example.org";
    let answer = send(&test, &with(details(&physician(13), email), "last", "Married")).await.expect(200).text();
    let claim = answer.split_once("name=\"claim\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let mut anybody = test.anonymous();
    let asked = anybody.post_form("/passport/claim/review", &[("claim", &claim)]).await.expect(200).text();
    let nonsense = anybody.post_form("/passport/claim/review", &[("claim", "x")]).await.expect(200).text();
    assert_eq!(asked, nonsense);
    let mut staff = test.sign_in(ACCREDITOR).await;
    let list = staff.get("/admin/claims").await.expect(200).text();
    assert!(list.contains(email) && list.contains("Married"), "{list}");
    let settle = format!("/admin/claims/{claim}");
    let no = [("decision", "no"), ("reason", "The board knows no such name.")];
    let done = staff.post_form(&settle, &no).await.expect(303);
    assert!(!staff.get(done.location()).await.expect(200).text().contains(email));
    staff.get(&settle).await.expect(404);
}

#[tokio::test]
async fn a_form_with_faults_keeps_what_was_typed_and_counts_as_no_try() {
    let test = world().await;
    let fields = with(with(details(&physician(14), "typo@"), "birth_day", "31"), "birth_month", "2");
    for _ in 0..6 {
        let page = send(&test, &fields).await.expect(422).text();
        assert!(page.contains("Enter month and day of birth as numbers"));
        assert!(page.contains("Enter an e-mail address such as"));
        assert!(page.contains(&format!("value=\"{}\"", physician(14).last)));
    }
    send(&test, &details(&physician(14), "typo@example.org")).await.expect(200);
    assert_eq!(letters_to(&test, "typo@example.org").await, 1);
}
