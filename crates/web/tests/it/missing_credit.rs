//! Cases about missing credit through the pages of those who deal with them, and credit that physicians enter.

use domain::access::Seat;
use testkit::people::{self, ACCREDITOR, CERTIFYING_BOARD, LEARNER_DATA, LICENSING_BOARD, OTHER_OWNER, OWNER, VIEWER};
use testkit::records::{self, ACTIVITY, HEADER, physician, row};
use testkit::{Answer, Part, TestApp, Visitor};

const ALMA: &str = "alma@physician.example";
const BRUNO: &str = "bruno@physician.example";
const PDF: &[u8] = b"%PDF-1.7 an invented certificate";

struct World {
    test: TestApp,
}

impl World {
    async fn new() -> Self {
        let test = TestApp::new().await;
        records::fill(&test.app).await;
        people::add(&test.app, ALMA, "Alma Ashdown", Seat::Physician(physician(0).id)).await;
        people::add(&test.app, BRUNO, "Bruno Birchwoodson", Seat::Physician(physician(1).id)).await;
        Self { test }
    }

    async fn settle(&self) {
        while app::consequences::round(&self.test.app).await.unwrap() {}
    }

    /// Opens a case with these fields in place of the usual ones.
    async fn send(&self, visitor: &mut Visitor, change: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Answer {
        let usual = [
            ("activity", ACTIVITY),
            ("completed", "2026-11-02"),
            ("amount", "2"),
            ("note", "Row <script>alert(1)</script> & seat 4"),
            ("identifier", "license-0"),
            ("consent", "yes"),
        ];
        let mut fields: Vec<(&str, &str)> =
            usual.into_iter().filter(|(name, _)| !change.iter().any(|(other, _)| other == name)).collect();
        fields.extend(change);
        let mut parts: Vec<Part<'_>> = fields.into_iter().map(|(name, value)| Part::Text(name, value)).collect();
        // a browser sends the file field even where nothing was chosen
        let (name, bytes) = file.unwrap_or(("", b""));
        parts.push(Part::File("evidence", name, bytes));
        visitor.post_multipart("/passport/missing/new", &parts).await
    }

    /// Opens a case and gives its ID.
    async fn open(&self, visitor: &mut Visitor, change: &[(&str, &str)], file: Option<(&str, &[u8])>) -> String {
        let answer = self.send(visitor, change, file).await.expect(303);
        let path = answer.location().split('?').next().unwrap().to_owned();
        path.rsplit('/').next().unwrap().to_owned()
    }

    async fn upload(&self, rows: &str) {
        let app = &self.test.app;
        let actor = people::actor(app, OWNER).await;
        let bytes = futures::stream::iter([Ok::<_, std::io::Error>(format!("{HEADER}{rows}").into_bytes())]);
        let staged = app::uploads::stage(app, bytes).await.unwrap();
        app::uploads::receive(app, &actor, "Ida Ward", "learners.txt", staged).await.unwrap();
        records::work(app).await;
    }
}

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

/// The value of an input of a page.
fn value<'a>(page: &'a str, name: &str) -> &'a str {
    let at = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("{name} in {page}")).1;
    at.split('"').next().unwrap()
}

#[tokio::test]
async fn a_physician_finds_the_activity_learns_what_is_known_and_asks() {
    let world = World::new().await;
    let mut alma = world.test.sign_in(ALMA).await;
    assert!(words(&alma.get("/passport/missing").await.expect(200)).contains("You have no cases"));
    let search = "/passport/missing/new?find=yes&completed=2026-11-02&q=heart&provider=";
    let found = alma.get(search).await.expect(200);
    assert!(words(&found).contains("2 activities found Care of the Heart Harborview"), "{}", words(&found));
    // what only the provider knows of it is not there
    assert!(!found.text().contains("HEART-1"));
    let none =
        words(&alma.get("/passport/missing/new?find=yes&completed=2026-11-02&q=%25&provider=").await.expect(422));
    assert!(none.contains("Enter a word of the title"), "{none}");
    let step = format!("/passport/missing/new?completed=2026-11-02&activity={ACTIVITY}");
    let ask = alma.get(&step).await.expect(200);
    assert!(words(&ask).contains("The provider has not reported this"), "{}", words(&ask));
    assert!(words(&ask).contains("License A40000, California"), "{}", words(&ask));

    let id = world.open(&mut alma, &[], Some(("my certificate.pdf", PDF))).await;
    let page = alma.get(&format!("/passport/missing/{id}?done=opened")).await.expect(200);
    assert!(words(&page).contains("30 days left, until 12/23/2026"), "{}", words(&page));
    assert!(!page.text().contains("<script>alert"), "what was written is words");
    assert!(page.text().contains("&#60;script&#62;alert(1)"), "{}", page.text());
    let file = alma.get(&format!("/passport/missing/{id}/evidence")).await.expect(200);
    assert_eq!(file.body, PDF);
    assert_eq!(file.header("content-type"), "application/pdf");
    assert!(file.header("content-disposition").starts_with("attachment; "), "{:?}", file.headers);
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    let again = world.send(&mut alma, &[], None).await.expect(422);
    assert!(words(&again).contains("A case about this activity and day is open already"));
}

#[tokio::test]
async fn a_provider_reports_from_the_case_and_the_physician_sees_it() {
    let world = World::new().await;
    let mut alma = world.test.sign_in(ALMA).await;
    let id = world.open(&mut alma, &[], None).await;
    let mut team = world.test.sign_in(LEARNER_DATA).await;
    assert!(words(&team.get("/provider").await.expect(200)).contains("Physicians who miss credit"));
    assert!(words(&team.get("/provider/missing-credit").await.expect(200)).contains("1 case waits for you"));
    let case = words(&team.get(&format!("/provider/missing-credit/{id}")).await.expect(200));
    assert!(case.contains("They agreed that you see this"), "{case}");
    let report = format!("/provider/missing-credit/{id}/report");
    let form = team.get(&report).await.expect(200).text();
    assert_eq!((value(&form, "first"), value(&form, "identifier"), value(&form, "credits")), ("Alma", "A40000", "2"));
    let filled = |credits: &'static str, permission: bool| {
        let mut fields = vec![
            ("activity", ACTIVITY),
            ("completed", "2026-11-02"),
            ("first", "Alma"),
            ("last", "Ashdown"),
            ("birth_month", "01"),
            ("birth_day", "01"),
            ("state", "CA"),
            ("identifier", "A40000"),
            ("credits", credits),
        ];
        if permission {
            fields.push(("permission", "yes"));
        }
        fields
    };
    assert!(words(&team.post_form(&report, &filled("2", false)).await.expect(422)).contains("permission"));
    let above = team.post_form(&report, &filled("200", true)).await.expect(422);
    assert!(above.text().contains("value=\"200\""), "what was typed is there");
    let done = team.post_form(&report, &filled("2", true)).await.expect(303);
    assert_eq!(done.location(), format!("/provider/missing-credit/{id}?done=reported"));
    let case = words(&team.get(done.location()).await.expect(200));
    assert!(case.contains("On record: Care of the Heart, 2 credits"), "{case}");
    world.settle().await;
    let page = words(&alma.get(&format!("/passport/missing/{id}")).await.expect(200));
    assert!(page.contains("Credit reported") && page.contains("Your credit is on record"), "{page}");
    assert!(words(&alma.get("/passport/transcript").await.expect(200)).contains("Care of the Heart"));
    // it is over: reporting again changes nothing
    team.post_form(&report, &filled("2", true)).await.expect(409);
    let looks = words(&alma.get("/passport/access").await.expect(200));
    assert!(looks.contains("Read your case about missing credit"), "{looks}");
}

#[tokio::test]
async fn a_question_an_answer_and_a_refusal_go_back_and_forth() {
    let world = World::new().await;
    let mut alma = world.test.sign_in(ALMA).await;
    let described =
        [("activity", ""), ("provider", people::PROVIDER), ("title", "Gout <img src=x onerror=a()>, Oakland")];
    let id = world.open(&mut alma, &described, None).await;
    let mut team = world.test.sign_in(OWNER).await;
    let case = format!("/provider/missing-credit/{id}");
    let page = team.get(&case).await.expect(200);
    assert!(!page.text().contains("<img src=x"), "words stay words");
    let version = value(&page.text(), "version").to_owned();
    let empty = [("act", "ask"), ("question", " "), ("version", version.as_str())];
    assert!(words(&team.post_form(&case, &empty).await.expect(422)).contains("Write your question"));
    let ask = [("act", "ask"), ("question", "Which room?"), ("version", version.as_str())];
    team.post_form(&case, &ask).await.expect(303);
    // the same form again, from another tab
    team.post_form(&case, &ask).await.expect(409);
    let own = format!("/passport/missing/{id}");
    let page = alma.get(&own).await.expect(200);
    assert!(words(&page).contains("The provider asks you something"));
    assert!(words(&page).contains("Which room?") && !words(&page).contains("Marisol"), "{}", words(&page));
    let version = value(&page.text(), "version").to_owned();
    alma.post_form(&own, &[("act", "reply"), ("reply", "Room 4"), ("version", &version)]).await.expect(303);
    let page = team.get(&case).await.expect(200);
    assert!(words(&page).contains("Room 4"));
    let version = value(&page.text(), "version").to_owned();
    let without = [("act", "decline"), ("reason", "nonsense"), ("words", "No."), ("version", version.as_str())];
    assert!(words(&team.post_form(&case, &without).await.expect(422)).contains("Choose a reason"));
    let decline =
        [("act", "decline"), ("reason", "not_attended"), ("words", "No list has you."), ("version", version.as_str())];
    team.post_form(&case, &decline).await.expect(303);
    let page = words(&alma.get(&own).await.expect(200));
    assert!(page.contains("We have no record that you took part: No list has you."), "{page}");
    alma.post_form(&own, &[("act", "reply"), ("reply", "But"), ("version", "4")]).await.expect(409);
}

#[tokio::test]
async fn who_is_no_party_finds_nothing() {
    let world = World::new().await;
    let mut alma = world.test.sign_in(ALMA).await;
    let id = world.open(&mut alma, &[], Some(("a.pdf", PDF))).await;
    let mut bruno = world.test.sign_in(BRUNO).await;
    for path in ["", "/evidence"] {
        bruno.get(&format!("/passport/missing/{id}{path}")).await.expect(404);
    }
    let act = [("act", "withdraw"), ("version", "1")];
    bruno.post_form(&format!("/passport/missing/{id}"), &act).await.expect(404);
    assert!(!bruno.get("/passport/missing").await.expect(200).text().contains(&id));
    let mut other = world.test.sign_in(OTHER_OWNER).await;
    for path in ["", "/evidence", "/report"] {
        other.get(&format!("/provider/missing-credit/{id}{path}")).await.expect(404);
    }
    let ask = [("act", "ask"), ("question", "Who?"), ("version", "1")];
    other.post_form(&format!("/provider/missing-credit/{id}"), &ask).await.expect(404);
    assert!(!other.get("/provider/missing-credit?show=all").await.expect(200).text().contains(&id));
    let mut viewer = world.test.sign_in(VIEWER).await;
    let seen = viewer.get(&format!("/provider/missing-credit/{id}")).await.expect(200);
    assert!(!seen.text().contains("value=\"decline\""), "who only reads is offered nothing to do");
    viewer.post_form(&format!("/provider/missing-credit/{id}"), &ask).await.expect(403);
    for board in [LICENSING_BOARD, CERTIFYING_BOARD] {
        let mut board = world.test.sign_in(board).await;
        for path in ["/passport/missing", "/provider/missing-credit", "/admin/missing-credit"] {
            board.get(&format!("{path}/{id}")).await.expect(403);
            board.get(&format!("{path}/{id}/evidence")).await.expect(403);
        }
    }
    for wrong in ["nonsense", "00000000-0000-0000-0000-000000000000"] {
        let answer = alma.get(&format!("/passport/missing/{wrong}")).await;
        assert!(matches!(answer.status, 400 | 404), "{wrong}: {}", answer.status);
    }
}

#[tokio::test]
async fn the_accreditor_has_overdue_cases_and_how_providers_answer() {
    let world = World::new().await;
    let mut alma = world.test.sign_in(ALMA).await;
    let id = world.open(&mut alma, &[], None).await;
    world.test.app.clock.advance(jiff::SignedDuration::from_hours(24 * 31));
    world.settle().await;
    let mut staff = world.test.sign_in(ACCREDITOR).await;
    let list = words(&staff.get("/admin/missing-credit?show=overdue").await.expect(200));
    assert!(list.contains("1 is overdue and yours") && list.contains("With the accreditor since 12/24/2026"), "{list}");
    assert!(list.contains("Harborview Medical Society 1 1 0 0"), "{list}");
    let case = format!("/admin/missing-credit/{id}");
    let page = staff.get(&case).await.expect(200);
    let version = value(&page.text(), "version").to_owned();
    staff.post_form(&case, &[("act", "urge"), ("version", &version)]).await.expect(303);
    let page = staff.get(&case).await.expect(200);
    let version = value(&page.text(), "version").to_owned();
    staff.post_form(&case, &[("act", "urge"), ("version", &version)]).await.expect(429);
    let close = [("act", "close"), ("words", ""), ("version", version.as_str())];
    assert!(words(&staff.post_form(&case, &close).await.expect(422)).contains("Both sides read it"));
    let close = [("act", "close"), ("words", "Its provider has lapsed."), ("version", version.as_str())];
    staff.post_form(&case, &close).await.expect(303);
    let mut alma = world.test.sign_in(ALMA).await;
    let page = words(&alma.get(&format!("/passport/missing/{id}")).await.expect(200));
    assert!(page.contains("The accreditor closed this case Its provider has lapsed."), "{page}");
}

#[tokio::test]
async fn hostile_files_and_names_are_refused_or_harmless() {
    let world = World::new().await;
    let mut alma = world.test.sign_in(ALMA).await;
    let page = b"<!doctype html><script>alert(1)</script>";
    let large = vec![b'x'; 6 << 20];
    for (name, bytes) in [("x.pdf", &page[..]), ("x.png", b"GIF89a"), ("x.pdf", &large), ("empty.pdf", b"")] {
        let answer = world.send(&mut alma, &[], Some((name, bytes))).await.expect(422);
        let said = words(&answer);
        assert!(said.contains("needs attention") && said.contains("file"), "{name}: {said}");
        assert!(answer.text().contains("seat 4"), "what was typed is there");
    }
    let names = "../../x\r\nSet-Cookie: a=b\".html";
    let hostile = names.replace(['\r', '\n', '"'], "");
    let id = world.open(&mut alma, &[], Some((&hostile, PDF))).await;
    let file = alma.get(&format!("/passport/missing/{id}/evidence")).await.expect(200);
    assert!(file.header("content-disposition").contains(".html.pdf"), "{:?}", file.headers);
    let long = "x".repeat(20_000);
    let answer = world.send(&mut alma, &[("completed", "2026-11-03"), ("note", &long)], None).await.expect(422);
    assert!(words(&answer).contains("Write at most 2000 characters"), "{}", words(&answer));
}

#[tokio::test]
async fn a_refused_row_is_explained_to_both_sides() {
    let world = World::new().await;
    let birth = physician(0).birth.unwrap().to_string();
    world.upload(&row("Add", 0, "2").replace("Alma", "Almaa").replace(&birth, "12/27")).await;
    let mut alma = world.test.sign_in(ALMA).await;
    let step = format!("/passport/missing/new?completed=2026-11-02&activity={ACTIVITY}");
    let ask = words(&alma.get(&step).await.expect(200));
    let said = "A report of 11/23/2026 clearly means you, but the first name did not agree and the month and day of birth \
                did not agree.";
    assert!(ask.contains(said) && !ask.contains("12/27"), "{ask}");
    let id = world.open(&mut alma, &[], None).await;
    let mut team = world.test.sign_in(OWNER).await;
    let case = team.get(&format!("/provider/missing-credit/{id}")).await.expect(200);
    assert!(words(&case).contains("A row that you sent means this physician"));
    let link = case.text().split("href=\"/provider/uploads/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let rows = words(&team.get(&format!("/provider/uploads/{}", link.replace("&#38;", "&"))).await.expect(200));
    assert!(rows.contains("Row 2") || rows.contains("row 2"), "{rows}");
}

#[tokio::test]
async fn what_a_physician_enters_is_theirs_and_marked() {
    let world = World::new().await;
    let mut alma = world.test.sign_in(ALMA).await;
    let fields = |title: &'static str, amount: &'static str| {
        vec![
            Part::Text("title", title),
            Part::Text("provider", "A journal"),
            Part::Text("completed", "2026-10-01"),
            Part::Text("amount", amount),
            Part::Text("credit_type", "AMA PRA Category 2"),
            Part::Text("note", "<b>two</b> evenings"),
        ]
    };
    let refused = alma.post_multipart("/passport/own-credit/new", &fields("=1+1", "0.1")).await.expect(422);
    assert!(words(&refused).contains("Enter a number in steps of 0.25") && refused.text().contains("A journal"));
    let mut parts = fields("=1+1", "1.5");
    parts.push(Part::File("evidence", "page.png", b"\x89PNG\r\n\x1a\npixels"));
    alma.post_multipart("/passport/own-credit/new", &parts).await.expect(303);
    let page = alma.get("/passport/own-credit").await.expect(200);
    assert!(words(&page).contains("Not verified") && !page.text().contains("<b>two</b>"), "{}", page.text());
    let csv = alma.get("/passport/own-credit/download").await.expect(200);
    assert!(csv.text().contains("'=1+1") && csv.text().contains("not verified"), "{}", csv.text());
    let id = page.text().split("/passport/own-credit/").find(|rest| rest.starts_with("01")).unwrap()[..36].to_owned();
    let file = alma.get(&format!("/passport/own-credit/{id}/evidence")).await.expect(200);
    assert_eq!((file.header("content-type"), &file.body[..4]), ("image/png", &b"\x89PNG"[..]));
    assert!(file.header("content-disposition").starts_with("attachment"));
    // nothing official has it
    for official in ["/passport", "/passport/transcript", "/passport/transcript.json"] {
        assert!(!alma.get(official).await.expect(200).text().contains("A journal"), "{official}");
    }
    let mut bruno = world.test.sign_in(BRUNO).await;
    for path in ["", "/evidence"] {
        bruno.get(&format!("/passport/own-credit/{id}{path}")).await.expect(404);
    }
    bruno.post_form(&format!("/passport/own-credit/{id}/delete"), &[]).await.expect(404);
    bruno.post_multipart(&format!("/passport/own-credit/{id}"), &fields("Mine", "1")).await.expect(404);

    let form = alma.get(&format!("/passport/own-credit/{id}")).await.expect(200);
    let version = value(&form.text(), "version").to_owned();
    let mut parts = fields("Reading", "2");
    parts.push(Part::Text("version", &version));
    alma.post_multipart(&format!("/passport/own-credit/{id}"), &parts).await.expect(303);
    alma.post_multipart(&format!("/passport/own-credit/{id}"), &parts).await.expect(409);
    let page = words(&alma.get("/passport/own-credit").await.expect(200));
    assert!(page.contains("2 AMA PRA Category 2") && page.contains("page.png"), "{page}");
    alma.post_form(&format!("/passport/own-credit/{id}/delete"), &[]).await.expect(303);
    assert!(words(&alma.get("/passport/own-credit").await.expect(200)).contains("Nothing entered yet"));
}
