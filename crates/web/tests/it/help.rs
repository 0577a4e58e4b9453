//! The help center through its pages: readers, editors, and those who ask the staff.

use domain::Code;
use domain::access::Seat;
use domain::help::{Category, Kind};
use testkit::people::{self, ACCREDITOR, LICENSING_BOARD, OWNER, VIEWER};
use testkit::records::physician;
use testkit::{Answer, Part, TestApp, Visitor};

const ALMA: &str = "alma@physician.example";
const PDF: &[u8] = b"%PDF-1.7 invented slides";

/// The words of a page, without markup and line breaks.
fn words(answer: &Answer) -> String {
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

/// Where the links of a page lead within the site.
fn links(page: &str) -> Vec<String> {
    let links = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let own = links.filter(|link| link.starts_with('/') && !link.starts_with("/assets"));
    own.map(|link| link.replace("&#38;", "&").split('#').next().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn every_page_is_there_and_every_link_of_the_help_leads_somewhere() {
    let test = TestApp::new().await;
    let shelf = test.app.help.shelf(&test.app).await.unwrap();
    let mut visitor = test.anonymous();
    let mut all: Vec<String> =
        shelf.pages().iter().map(|page| page.path().split('#').next().unwrap().to_owned()).collect();
    all.extend(["/help", "/help/problems", "/help/webinars", "/help/releases", "/help/print"].map(str::to_owned));
    for category in Category::ALL {
        all.extend([
            format!("/help/categories/{}", category.code()),
            format!("/help/categories/{}/print", category.code()),
        ]);
    }
    let mut linked = std::collections::BTreeSet::new();
    for path in all {
        linked.extend(links(&visitor.get(&path).await.expect(200).text()));
    }
    let mut ada = test.sign_in(ACCREDITOR).await;
    for path in linked {
        // signed in or not, nothing may be missing; what is somebody else's is refused or asks to sign in
        let status = ada.get(&path).await.status;
        assert!([200, 303, 403].contains(&status), "{path} answers {status}");
    }
    for code in Code::ALL {
        let page = words(&visitor.get(&format!("/help/problems/{code}")).await.expect(200));
        assert!(page.contains(&code.title().replace('\'', "&#39;")) && page.contains(code.as_str()), "{code}: {page}");
    }
    for missing in
        ["/help/questions/no-such", "/help/guides/what-is-passport", "/help/categories/x", "/help/problems/x"]
    {
        visitor.get(missing).await.expect(404);
    }
}

#[tokio::test]
async fn the_search_answers_by_form_and_in_pieces_with_the_words_marked() {
    let test = TestApp::new().await;
    let mut visitor = test.anonymous();
    let page = visitor.get("/help/search?q=what+is+passport").await.expect(200);
    assert!(page.text().contains("What is <mark>Passport</mark>?"), "{}", page.text());
    assert!(page.text().contains("<!doctype html>"));
    let piece = visitor.get("/help/search?bare=1&q=derrived").await.expect(200).text();
    assert!(!piece.contains("<html") && piece.contains("No page has the word “derrived”"), "{piece}");
    assert!(piece.contains("<mark>derived</mark>"), "{piece}");
    let none = visitor.get("/help/search?bare=1&q=qqqqzzzz").await.expect(200).text();
    assert!(none.contains("Nothing found."), "{none}");
    let hostile = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E";
    for path in [format!("/help/search?q={hostile}"), format!("/help/search?bare=1&q={hostile}")] {
        assert!(!visitor.get(&path).await.expect(200).text().contains("<script>alert"));
    }
    assert_eq!(visitor.get("/help/search?bare=1&q=").await.expect(200).text().trim(), "");
}

#[tokio::test]
async fn readers_say_whether_it_helped_and_staff_see_it() {
    let test = TestApp::new().await;
    let shelf = test.app.help.shelf(&test.app).await.unwrap();
    let page = shelf.find(Kind::Question, "what-is-passport").unwrap().entry.clone();
    let path = format!("/help/answers/{}", page.id);
    let mut visitor = test.anonymous();
    visitor.set_header("x-forwarded-for", "203.0.113.7");
    let done = visitor.post_form(&path, &[("helpful", "no"), ("remark", "Too <b>short</b>")]).await.expect(303);
    assert_eq!(done.location(), "/help/questions/what-is-passport?done=thanks#helpful");
    assert!(words(&visitor.get(done.location()).await).contains("Thank you for the answer"));
    // the same reader thinks again; another agrees
    visitor.post_form(&path, &[("helpful", "yes")]).await.expect(303);
    visitor.set_header("x-forwarded-for", "203.0.113.8");
    visitor.post_form(&path, &[("helpful", "no"), ("remark", "<script>alert(1)</script>")]).await.expect(303);
    visitor.post_form(&path, &[("helpful", "maybe")]).await.expect(404);
    let long = visitor.post_form(&path, &[("helpful", "no"), ("remark", &"a".repeat(1_001))]).await.expect(422);
    assert!(words(&long).contains("Write at most 1000 characters."));
    let mut ada = test.sign_in(ACCREDITOR).await;
    let editor = ada.get(&format!("/admin/help/{}", page.id)).await.expect(200);
    assert!(words(&editor).contains("say it helped 1 say it did not 1"), "{}", words(&editor));
    assert!(!editor.text().contains("<script>alert"));
    let first = words(&ada.get("/admin/help?sort=unhelpful").await.expect(200));
    assert!(first.contains("Order What is Passport?") || first.contains("Last changed What is Passport?"), "{first}");
    for _ in 0..45 {
        visitor.post_form(&path, &[("helpful", "no")]).await;
    }
    visitor.post_form(&path, &[("helpful", "no")]).await.expect(429);
}

/// The value of an input of a page.
fn value<'a>(page: &'a str, name: &str) -> &'a str {
    let at = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("{name} in {page}")).1;
    at.split('"').next().unwrap()
}

const USUAL: &[(&str, &str)] = &[
    ("title", "May we report twice?"),
    ("slug", ""),
    ("category", "reporting"),
    ("summary", "Nothing is done twice."),
    ("body", "Send it **again**.\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))"),
    ("words", "again"),
    ("related", ""),
    ("version", "0"),
];

/// Fields, some in place of the usual ones.
fn with<'a>(change: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = USUAL.iter().copied().filter(|(name, _)| !change.iter().any(|(other, _)| other == name));
    kept.chain(change.iter().copied()).collect()
}

async fn create(visitor: &mut Visitor, change: &[(&str, &str)]) -> String {
    let answer = visitor.post_form("/admin/help/new?kind=question", &with(change)).await.expect(303);
    answer.location().split('?').next().unwrap().to_owned()
}

#[tokio::test]
async fn staff_write_preview_publish_and_restore_a_page() {
    let test = TestApp::new().await;
    let mut ada = test.sign_in(ACCREDITOR).await;
    let mut reader = test.anonymous();
    let empty =
        ada.post_form("/admin/help/new?kind=question", &with(&[("title", ""), ("category", "x")])).await.expect(422);
    assert!(words(&empty).contains("Write a title.") && words(&empty).contains("Choose where it belongs."));
    assert!(empty.text().contains("Send it **again**."), "what was typed is still there");
    let preview = ada.post_form("/admin/help/new?kind=question", &with(&[("act", "preview")])).await.expect(200).text();
    assert!(preview.contains("<strong>again</strong>") && !preview.contains("<script>alert"), "{preview}");
    assert!(preview.contains("&lt;script&gt;") && !preview.contains("href=\"javascript"), "{preview}");

    let path = create(&mut ada, &[]).await;
    let address = "/help/questions/may-we-report-twice";
    reader.get(address).await.expect(404);
    test.sign_in(OWNER).await.get(address).await.expect(404);
    let taken = ada.post_form("/admin/help/new?kind=question", &with(&[])).await.expect(422);
    assert!(words(&taken).contains("Another page has this address."));
    let bad = ada.post_form("/admin/help/new?kind=question", &with(&[("slug", "../etc")])).await.expect(422);
    assert!(words(&bad).contains("Use small letters"), "{}", words(&bad));

    ada.post_form(&path, &with(&[("act", "publish"), ("version", "1")])).await.expect(303);
    let page = reader.get(address).await.expect(200).text();
    assert!(page.contains("<strong>again</strong>") && !page.contains("<script>alert"), "{page}");
    let related = with(&[("act", "save"), ("version", "3"), ("related", "questions/no-such")]);
    let unknown = ada.post_form(&path, &related).await.expect(422);
    assert!(words(&unknown).contains("is not the address of a published page"));
    let changed =
        [("act", "save"), ("version", "3"), ("body", "Another text."), ("related", "/help/questions/what-is-passport")];
    ada.post_form(&path, &with(&changed)).await.expect(303);
    let page = words(&reader.get(address).await.expect(200));
    assert!(page.contains("Another text.") && page.contains("Related What is Passport?"), "{page}");
    // what is published stays complete
    let bare = ada.post_form(&path, &with(&[("act", "save"), ("version", "4"), ("summary", "")])).await.expect(422);
    assert!(words(&bare).contains("Write the answer in a sentence"));

    let versions = ada.get(&format!("{path}/versions")).await.expect(200);
    assert!(words(&versions).contains("Version 4") && words(&versions).contains("Ada Crane"), "{}", words(&versions));
    assert!(words(&ada.get(&format!("{path}/versions/1")).await.expect(200)).contains("Send it again"));
    ada.get(&format!("{path}/versions/9")).await.expect(404);
    ada.post_form(&format!("{path}/versions/1/restore"), &[("version", "4")]).await.expect(303);
    assert!(reader.get(address).await.expect(200).text().contains("<strong>again</strong>"));
    ada.post_form(&path, &with(&[("act", "unpublish"), ("version", "5")])).await.expect(303);
    reader.get(address).await.expect(404);
    assert!(!words(&reader.get("/help/search?q=may+we+report+twice").await).contains("May we report twice"));
}

#[tokio::test]
async fn of_two_who_edit_at_once_the_second_is_told_and_keeps_the_text() {
    let test = TestApp::new().await;
    let (mut ada, mut bo) = (test.sign_in(ACCREDITOR).await, test.sign_in(ACCREDITOR).await);
    let path = create(&mut ada, &[]).await;
    ada.post_form(&path, &with(&[("act", "save"), ("version", "1"), ("body", "The first one’s text.")]))
        .await
        .expect(303);
    let mine = [("act", "save"), ("version", "1"), ("body", "The second one’s text.")];
    let told = bo.post_form(&path, &with(&mine)).await.expect(409);
    let page = words(&told);
    assert!(page.contains("Somebody else saved this page meanwhile"), "{page}");
    assert!(page.contains("The first one’s text.") && page.contains("The second one’s text."), "{page}");
    let version = value(&told.text(), "version").to_owned();
    assert_eq!(version, "2");
    let again = [("act", "save"), ("version", version.as_str()), ("body", "The second one’s text.")];
    bo.post_form(&path, &with(&again)).await.expect(303);
    assert!(bo.get(&path).await.text().contains("The second one’s text."));
    ada.post_form(&format!("{path}/versions/1/restore"), &[("version", "1")]).await.expect(409);
}

#[tokio::test]
async fn pages_of_a_part_are_put_in_order() {
    let test = TestApp::new().await;
    let mut ada = test.sign_in(ACCREDITOR).await;
    let shelf = test.app.help.shelf(&test.app).await.unwrap();
    let order: Vec<_> = shelf.of_category(Kind::Question, Category::Mark).map(|page| page.entry.clone()).collect();
    let form = [("way", "up"), ("kind", "question"), ("category", "mark")];
    ada.post_form(&format!("/admin/help/{}/move", order[1].id), &form).await.expect(303);
    let shelf = test.app.help.shelf(&test.app).await.unwrap();
    let now: Vec<_> = shelf.of_category(Kind::Question, Category::Mark).map(|page| page.entry.slug.clone()).collect();
    assert_eq!((now[0].as_str(), now[1].as_str()), (order[1].slug.as_str(), order[0].slug.as_str()));
    assert!(words(&ada.get("/admin/help?kind=question&category=mark").await.expect(200)).contains("Order"));
}

#[tokio::test]
async fn webinars_have_a_calendar_file_and_slides_that_drafts_do_not_give_out() {
    let test = TestApp::new().await;
    let mut ada = test.sign_in(ACCREDITOR).await;
    let mut reader = test.anonymous();
    let webinar = |change: &[(&'static str, &'static str)]| {
        with(&[
            ("title", "Year-end, step by step"),
            ("day", "2026-12-09"),
            ("hour", "13:30"),
            ("minutes", "45"),
            ("join_link", "https://meet.example/1"),
            ("recording_link", ""),
        ])
        .into_iter()
        .filter(|(name, _)| !change.iter().any(|(other, _)| other == name))
        .chain(change.iter().copied())
        .collect::<Vec<_>>()
    };
    let bad = webinar(&[("hour", "25:99"), ("minutes", "x"), ("join_link", "javascript:alert(1)")]);
    let refused = words(&ada.post_form("/admin/help/new?kind=webinar", &bad).await.expect(422));
    for fault in ["Enter when it begins", "Enter how many minutes", "Enter a whole address"] {
        assert!(refused.contains(fault), "{refused}");
    }
    let made = ada.post_form("/admin/help/new?kind=webinar", &webinar(&[])).await.expect(303);
    let path = made.location().split('?').next().unwrap().to_owned();
    let slides = format!("{path}/slides");
    let no_pdf = ada.post_multipart(&slides, &[Part::File("slides", "x.pdf", b"<html>")]).await.expect(422);
    assert!(words(&no_pdf).contains("The file is no PDF."));
    ada.post_multipart(&slides, &[Part::File("slides", "", b"")]).await.expect(422);
    ada.post_multipart(&slides, &[Part::File("slides", "../my slides.pdf", PDF)]).await.expect(303);
    let editor = ada.get(&path).await.expect(200).text();
    let file = links(&editor).into_iter().find(|link| link.contains("/slides/")).unwrap();
    assert_eq!(ada.get(&file).await.expect(200).body, PDF);
    let public = format!("/help/files/{}", file.rsplit('/').next().unwrap());
    reader.get(&public).await.expect(404);
    reader.get("/help/webinars/year-end-step-by-step").await.expect(404);
    ada.post_form(&path, &{
        let mut fields = webinar(&[("version", "1")]);
        fields.push(("act", "publish"));
        fields
    })
    .await
    .expect(303);
    let got = reader.get(&public).await.expect(200);
    assert_eq!((got.body.as_slice(), got.header("content-type")), (PDF, "application/pdf"));
    assert!(got.header("content-disposition").starts_with("attachment; filename=\"my slides.pdf\""));
    let calendar = reader.get("/help/webinars/year-end-step-by-step/calendar.ics").await.expect(200).text();
    assert!(
        calendar.contains("DTSTART:20261209T193000Z\r\n") && calendar.contains("DTEND:20261209T201500Z"),
        "{calendar}"
    );
    let page = words(&reader.get("/help/webinars").await.expect(200));
    assert!(page.contains("12/09/2026, 1:30 PM CST , 45 minutes") && page.contains("my slides.pdf"), "{page}");
    ada.post_form(&format!("{file}/remove"), &[]).await.expect(303);
    reader.get(&public).await.expect(404);
}

const ASKED: &[(&str, &str)] = &[
    ("topic", "credit"),
    ("name", "Pat Doe"),
    ("email", "pat@clinic.example"),
    ("words", "Where is it? <script>alert(1)</script>"),
];

#[tokio::test]
async fn a_stranger_asks_and_is_answered_by_letter() {
    let test = TestApp::new().await;
    let mut pat = test.anonymous();
    let empty = words(&pat.post_form("/contact", &[]).await.expect(422));
    for fault in ["Choose what it is about.", "Write what you need.", "Enter your name.", "Enter an e-mail address."] {
        assert!(empty.contains(fault), "{empty}");
    }
    let sent = pat.post_form("/contact", ASKED).await.expect(303);
    assert_eq!(sent.location(), "/contact/sent?number=1001");
    let (subject, body) = test.letter_to("pat@clinic.example").await;
    assert!(subject.contains("1001") && !body.contains("Where is it"), "{subject}\n{body}");

    let mut ada = test.sign_in(ACCREDITOR).await;
    let list = ada.get("/admin/requests").await.expect(200);
    assert!(words(&list).contains("1 waits for an answer.") && !list.text().contains("<script>alert"));
    let path = links(&list.text())
        .into_iter()
        .find(|link| link.starts_with("/admin/requests/") && !link.contains("download"))
        .unwrap();
    ada.post_form(&path, &[("act", "take"), ("version", "1")]).await.expect(303);
    let stale =
        ada.post_form(&path, &[("act", "answer"), ("version", "1"), ("answer", "Here it is.")]).await.expect(409);
    assert!(words(&stale).contains("Somebody else changed this request") && stale.text().contains("Here it is."));
    ada.post_form(&path, &[("act", "answer"), ("version", "2"), ("answer", " ")]).await.expect(422);
    ada.post_form(&path, &[("act", "note"), ("version", "2"), ("note", "Called the clinic.")]).await.expect(303);
    ada.post_form(&path, &[("act", "assign"), ("version", "3"), ("assigned", "nobody")]).await.expect(422);
    ada.post_form(&path, &[("act", "answer"), ("version", "3"), ("answer", "Here it is.")]).await.expect(303);
    let (subject, body) = test.letter_to("pat@clinic.example").await;
    assert!(subject.contains("answer to your request 1001") && body.contains("Here it is."), "{body}");
    assert!(!body.contains("Called the clinic") && !body.contains("Where is it"), "{body}");
    assert!(words(&ada.get("/admin/requests").await).contains("None waits for an answer."));
    let found = words(&ada.get("/admin/requests?show=all&q=pat+1001").await.expect(200));
    assert!(found.contains("1001: Credit on a transcript") && found.contains("Ada Crane"), "{found}");
    let csv = ada.get("/admin/requests/download?show=all").await.expect(200).text();
    assert!(csv.contains("1001,11/23/2026,Credit on a transcript,Answered,Ada Crane,Pat Doe"), "{csv}");
    ada.post_form(&path, &[("act", "reopen"), ("version", "4")]).await.expect(303);
    ada.post_form(&path, &[("act", "delete"), ("version", "5")]).await.expect(404);
}

#[tokio::test]
async fn nobody_floods_the_staff_or_anybody_elses_mailbox() {
    let test = TestApp::new().await;
    let mut pat = test.anonymous();
    for n in 0..5 {
        pat.set_header("x-forwarded-for", &format!("203.0.113.{n}"));
        pat.post_form("/contact", ASKED).await.expect(303);
    }
    pat.set_header("x-forwarded-for", "203.0.113.99");
    pat.post_form("/contact", ASKED).await.expect(429);
    let upper = [("topic", "credit"), ("name", "Pat"), ("email", "PAT@clinic.example"), ("words", "x")];
    pat.post_form("/contact", &upper).await.expect(429);
    // a line break in a name must not make a header or a line of a letter
    pat.set_header("x-forwarded-for", "203.0.113.100");
    for n in 0..20 {
        let email = format!("p{n}@clinic.example");
        let asked = [("topic", "credit"), ("name", "Pat\r\nBcc: x@evil.example"), ("email", &email), ("words", "x")];
        pat.post_form("/contact", &asked).await.expect(303);
    }
    let (_, body) = test.letter_to("p19@clinic.example").await;
    assert!(!body.contains("Bcc"), "{body}");
    let one_more = [("topic", "credit"), ("name", "Pat"), ("email", "p99@clinic.example"), ("words", "x")];
    pat.post_form("/contact", &one_more).await.expect(429);
}

#[tokio::test]
async fn who_is_signed_in_finds_their_own_requests_and_nobody_elses() {
    let test = TestApp::new().await;
    people::add(&test.app, ALMA, "Alma Ashdown", Seat::Physician(physician(0).id)).await;
    let mut alma = test.sign_in(ALMA).await;
    // the address that is typed counts for strangers alone
    alma.post_form("/contact", ASKED).await.expect(303);
    let (subject, _) = test.letter_to(ALMA).await;
    assert!(subject.contains("1001"), "{subject}");
    let list = alma.get("/contact/requests").await.expect(200);
    assert!(words(&list).contains("Request 1001: Credit on a transcript"), "{}", words(&list));
    let own = links(&list.text()).into_iter().find(|link| link.starts_with("/contact/requests/")).unwrap();
    let id = own.rsplit('/').next().unwrap();
    let mut ada = test.sign_in(ACCREDITOR).await;
    let path = format!("/admin/requests/{id}");
    ada.post_form(&path, &[("act", "note"), ("version", "1"), ("note", "For us alone.")]).await.expect(303);
    ada.post_form(&path, &[("act", "answer"), ("version", "2"), ("answer", "Here it is.")]).await.expect(303);
    let page = words(&alma.get(&own).await.expect(200));
    assert!(page.contains("Here it is.") && page.contains("Answered") && !page.contains("For us alone."), "{page}");
    for other in [OWNER, VIEWER, LICENSING_BOARD, ACCREDITOR] {
        let mut other = test.sign_in(other).await;
        other.get(&own).await.expect(404);
        assert!(!words(&other.get("/contact/requests").await.expect(200)).contains("1001"));
    }
    test.anonymous().get(&own).await.expect(303);
    for path in [path.as_str(), "/admin/requests/download", "/admin/help"] {
        alma.get(path).await.expect(403);
    }
}
