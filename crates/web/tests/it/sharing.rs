//! Sharing over HTTP: links with and without a code, what strangers learn, boards that were sent a transcript, and the
//! list of who looked.

use domain::access::Seat;
use testkit::people::{self, ACCREDITOR, LICENSING_BOARD, OTHER_LICENSING_BOARD, OWNER};
use testkit::records::{self, HEADER, physician, row, row_with_points};
use testkit::{Answer, TestApp, Visitor};

const PHYSICIAN: &str = "alma@physician.example";
const OTHER: &str = "bruno@physician.example";
const RECIPIENT: &str = "jordan@clinic.example";

struct World {
    test: TestApp,
}

impl World {
    /// The first physician has 2 credits of November with ABIM points, and 3 of May.
    async fn new() -> Self {
        let test = TestApp::new().await;
        records::fill(&test.app).await;
        let world = Self { test };
        let may = row("Add", 0, "3").replace("11/02/2026", "05/01/2026");
        world.upload(&(row_with_points(0, "2", "2") + &may)).await;
        for (n, email, name) in [(0, PHYSICIAN, "Alma Ashdown"), (1, OTHER, "Bruno Birchwood")] {
            people::add(&world.test.app, email, name, Seat::Physician(physician(n).id)).await;
        }
        world
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

/// The fields of the form as it is proposed, with others in their place.
fn form<'a>(to: &'a str, change: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![("to", to), ("ends", "30"), ("numbers", "yes"), ("downloads", "yes"), ("asks_code", "yes")];
    for (name, value) in change {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}

/// A link that the physician hands over, and its share's page.
async fn link(physician: &mut Visitor, change: &[(&str, &str)]) -> (String, String) {
    let made = physician.post_form("/passport/sharing/new", &form("link", change)).await.expect(200).text();
    let link = made.split("id=\"link\">").nth(1).unwrap().split('<').next().unwrap();
    let link = format!("/shared/{}", link.split("/shared/").nth(1).unwrap());
    let page = made.split("action=\"/passport/sharing/").nth(1).unwrap().split("/revoke").next().unwrap();
    (link, format!("/passport/sharing/{page}"))
}

#[tokio::test]
async fn a_link_is_shown_once_and_opened_by_a_button() {
    let world = World::new().await;
    let mut physician = world.test.sign_in(PHYSICIAN).await;
    let (link, page) = link(&mut physician, &[("name", "Valley Clinic")]).await;
    assert!(!physician.get(&page).await.expect(200).text().contains("/shared/"), "shown once");

    let mut scanner = world.test.anonymous();
    let offer = scanner.get(&link).await.expect(200);
    let said = words(&offer);
    assert!(said.contains("Alma Ashdown, MD lets you read") && said.contains("Valley Clinic"), "{said}");
    assert!(!said.contains("Credits Earned"));
    for header in [("cache-control", "no-store"), ("referrer-policy", "no-referrer")] {
        assert_eq!(offer.header(header.0), header.1);
    }
    for end in ["transcript", "transcript.pdf", "transcript.json"] {
        let answer = scanner.get(&format!("{link}/{end}")).await.expect(303);
        assert_eq!(answer.location(), link, "{end}");
    }
    assert!(words(&physician.get(&page).await).contains("Nobody has opened it yet"), "a scanner leaves no look");

    let mut recipient = world.test.anonymous();
    recipient.set_header("user-agent", "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0");
    let opened = recipient.post_form(&link, &[]).await.expect(303);
    assert_eq!(opened.location(), format!("{link}/transcript"));
    let cookie = opened.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/shared"));
    let sheet = recipient.get(opened.location()).await.expect(200);
    assert!(words(&sheet).contains("Total AMA PRA Category 1 Credits 5.00"), "{}", words(&sheet));
    assert!(words(&sheet).contains("A40000"));
    assert!(recipient.get(&format!("{link}/transcript.pdf")).await.expect(200).body.starts_with(b"%PDF-"));
    let json = recipient.get(&format!("{link}/transcript.json")).await.expect(200).json();
    assert_eq!(json["ACCMETranscripts"][0]["Member"]["Name"]["FamilyName"], "Ashdown");

    let shown = words(&physician.get(&page).await.expect(200));
    assert!(shown.contains("Downloaded as JSON Firefox on Windows None was asked for"), "{shown}");
    let looks = words(&physician.get("/passport/access?kind=share").await.expect(200));
    let wanted = "Valley Clinic, by a link Read your shared transcript Shares You shared it by a link.";
    assert!(looks.contains(wanted), "{looks}");
}

#[tokio::test]
async fn a_scope_narrows_page_pdf_and_json() {
    let world = World::new().await;
    let mut physician = world.test.sign_in(PHYSICIAN).await;
    let narrow = [("from", "2026-09-01"), ("kind", "CME"), ("numbers", "")];
    let (narrowed, _) = link(&mut physician, &narrow).await;
    let mut recipient = world.test.anonymous();
    recipient.post_form(&narrowed, &[]).await.expect(303);
    let page = words(&recipient.get(&format!("{narrowed}/transcript")).await.expect(200));
    assert!(page.contains("Total AMA PRA Category 1 Credits 2.00") && page.contains("CME credits only"), "{page}");
    let json = recipient.get(&format!("{narrowed}/transcript.json")).await.expect(200).text();
    for hidden in ["A40000", "300000", "05/01/2026", "2026-05-01", "ABIM"] {
        assert!(!page.contains(hidden), "{hidden} on the page: {page}");
        assert!(!json.contains(hidden), "{hidden} in the JSON: {json}");
    }
    // nothing in an address widens it
    let wide = recipient.get(&format!("{narrowed}/transcript?from=2000-01-01&kind=")).await.expect(200);
    assert!(words(&wide).contains("Total AMA PRA Category 1 Credits 2.00"));

    let (read_only, _) = link(&mut physician, &[("downloads", "")]).await;
    recipient.post_form(&read_only, &[]).await.expect(303);
    let page = recipient.get(&format!("{read_only}/transcript")).await.expect(200).text();
    assert!(!page.contains("transcript.pdf"));
    for end in ["transcript.pdf", "transcript.json"] {
        recipient.get(&format!("{read_only}/{end}")).await.expect(404);
    }
}

#[tokio::test]
async fn only_who_reads_the_recipients_mail_gets_in() {
    let world = World::new().await;
    let mut physician = world.test.sign_in(PHYSICIAN).await;
    let fields = form("email", &[("email", RECIPIENT), ("name", "Jordan Lee"), ("message", "As <b>asked</b>.")]);
    let made = physician.post_form("/passport/sharing/new", &fields).await.expect(303);
    assert!(made.location().ends_with("?done=made"));
    let (_, letter) = world.test.letter_to(RECIPIENT).await;
    assert!(letter.contains("  > As <b>asked</b>."), "{letter}");
    let link = world.test.link_to(RECIPIENT).await;

    let mut thief = world.test.anonymous();
    let offer = thief.get(&link).await.expect(200);
    assert!(words(&offer).contains("Only j•••@clinic.example may read it"), "{}", words(&offer));
    assert!(!offer.text().contains(RECIPIENT) && !offer.text().contains("asked"), "the message is the recipient's");
    thief.post_form(&link, &[]).await.expect(404);
    world.test.app.clock.advance(jiff::SignedDuration::from_secs(1));
    assert_eq!(thief.post_form(&format!("{link}/code"), &[]).await.expect(303).location(), format!("{link}?code=sent"));
    let (_, letter) = world.test.letter_to(RECIPIENT).await;
    let code = letter.lines().find(|line| line.len() == 6 && line.parse::<u32>().is_ok()).unwrap().to_owned();
    let other = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    let refused = thief.post_form(&format!("{link}/confirm"), &[("code", &other)]).await.expect(422);
    assert!(words(&refused).contains("This is not the code"), "{}", words(&refused));

    let mut recipient = world.test.anonymous();
    let opened = recipient.post_form(&format!("{link}/confirm"), &[("code", &code)]).await.expect(303);
    let sheet = recipient.get(opened.location()).await.expect(200);
    assert!(words(&sheet).contains("Total AMA PRA Category 1 Credits 5.00"));
    assert_eq!(thief.get(&format!("{link}/transcript")).await.expect(303).location(), link);
    thief.post_form(&format!("{link}/confirm"), &[("code", &code)]).await.expect(422);
    let page = made.location().split('?').next().unwrap().to_owned();
    assert!(words(&physician.get(&page).await).contains(RECIPIENT));
    let (subject, _) = world.test.letter_to(PHYSICIAN).await;
    assert_eq!(subject, "Your shared transcript was opened, Credence");
}

#[tokio::test]
async fn codes_are_sent_and_tried_only_so_often() {
    let world = World::new().await;
    let mut physician = world.test.sign_in(PHYSICIAN).await;
    physician.post_form("/passport/sharing/new", &form("email", &[("email", RECIPIENT)])).await.expect(303);
    let link = world.test.link_to(RECIPIENT).await;
    let mut thief = world.test.anonymous();
    for _ in 0..5 {
        thief.post_form(&format!("{link}/code"), &[]).await.expect(303);
    }
    let answer = thief.post_form(&format!("{link}/code"), &[]).await.expect(429);
    assert!(!answer.header("retry-after").is_empty());
    for tried in 0..20 {
        thief.post_form(&format!("{link}/confirm"), &[("code", &format!("9{tried:05}"))]).await.expect(422);
    }
    thief.post_form(&format!("{link}/confirm"), &[("code", "999999")]).await.expect(429);
}

#[tokio::test]
async fn what_has_ended_names_nobody_and_what_never_was_is_not_found() {
    let world = World::new().await;
    let mut physician = world.test.sign_in(PHYSICIAN).await;
    let (link, page) = link(&mut physician, &[("name", "Valley Clinic"), ("openings", "1")]).await;
    let mut recipient = world.test.anonymous();
    recipient.post_form(&link, &[]).await.expect(303);
    let mut second = world.test.anonymous();
    let over = second.post_form(&link, &[]).await.expect(410);
    recipient.get(&format!("{link}/transcript")).await.expect(200);
    physician.post_form(&format!("{page}/revoke"), &[]).await.expect(303);
    for path in [link.clone(), format!("{link}/transcript"), format!("{link}/transcript.pdf")] {
        let ended = recipient.get(&path).await.expect(410);
        assert_eq!(words(&ended), words(&over), "used up, revoked: one answer");
        for name in ["Ashdown", "Alma", "Valley"] {
            assert!(!ended.text().contains(name), "{name}");
        }
    }
    recipient.post_form(&format!("{link}/code"), &[]).await.expect(410);
    recipient.post_form(&format!("{link}/confirm"), &[("code", "123456")]).await.expect(410);
    let absent = words(&recipient.get("/shared/0123456789012345678901234567890123456789012").await.expect(404));
    for path in ["/shared/x", "/shared/x/transcript", "/shared/x/transcript.pdf", "/shared/%00"] {
        let answer = recipient.get(path).await.expect(404);
        assert_eq!(words(&answer), absent, "{path}");
    }
    for path in ["/shared/x", "/shared/x/code", "/shared/x/confirm"] {
        recipient.post_form(path, &[("code", "123456")]).await.expect(404);
    }
}

#[tokio::test]
async fn another_physicians_share_is_as_absent_as_none() {
    let world = World::new().await;
    let mut physician = world.test.sign_in(PHYSICIAN).await;
    let (link, page) = link(&mut physician, &[]).await;
    let mut other = world.test.sign_in(OTHER).await;
    let nobodys = format!("/passport/sharing/{}", uuid::Uuid::from_u128(9));
    let absent = words(&other.get(&nobodys).await.expect(404));
    for path in [page.as_str(), "/passport/sharing/x", "/passport/sharing/%00"] {
        assert_eq!(words(&other.get(path).await.expect(404)), absent, "{path}");
    }
    for act in ["revoke", "extend", "renew"] {
        other.post_form(&format!("{page}/{act}"), &[("ends", "30")]).await.expect(404);
        other.post_form(&format!("{nobodys}/{act}"), &[("ends", "30")]).await.expect(404);
    }
    assert!(!words(&other.get("/passport/sharing").await.expect(200)).contains("Anybody with the link"));
    world.test.anonymous().get(&link).await.expect(200);
}

#[tokio::test]
async fn a_board_reads_what_was_sent_to_it_and_no_other_board_does() {
    let world = World::new().await;
    let mut physician = world.test.sign_in(PHYSICIAN).await;
    let fields = form("board", &[("state", "NV"), ("numbers", ""), ("message", "For my application.")]);
    let page = physician.post_form("/passport/sharing/new", &fields).await.expect(303).location().to_owned();
    let page = page.split('?').next().unwrap().to_owned();
    let mut board = world.test.sign_in(OTHER_LICENSING_BOARD).await;
    let list = board.get("/board/received").await.expect(200);
    assert!(words(&list).contains("Alma Ashdown, MD For my application."), "{}", words(&list));
    let path = list.text().split("href=\"/board/received/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let path = format!("/board/received/{path}");
    let sheet = board.get(&path).await.expect(200);
    assert!(words(&sheet).contains("Total AMA PRA Category 1 Credits 5.00") && !words(&sheet).contains("A40000"));
    assert!(board.get(&format!("{path}.pdf")).await.expect(200).body.starts_with(b"%PDF-"));
    assert!(!board.get(&format!("{path}.json")).await.expect(200).text().contains("A40000"));
    board.get(&format!("{path}.xlsx")).await.expect(404);
    // the share is no license: nothing else of the physician opens
    board.get(&format!("/board/licensees/{}", testkit::records::physician(0).id)).await.expect(404);

    let mut elsewhere = world.test.sign_in(LICENSING_BOARD).await;
    assert!(words(&elsewhere.get("/board/received").await.expect(200)).contains("Nothing was sent"));
    for path in [path.clone(), format!("{path}.pdf"), format!("{path}.json")] {
        elsewhere.get(&path).await.expect(404);
    }
    let looks = words(&physician.get("/passport/access").await.expect(200));
    let wanted = "Medical Board of Nevada Read your shared transcript Shares You sent it to this board.";
    assert!(looks.contains(wanted), "{looks}");
    physician.post_form(&format!("{page}/revoke"), &[]).await.expect(303);
    board.get(&path).await.expect(404);
    assert!(words(&board.get("/board/received").await.expect(200)).contains("Nothing was sent"));
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed() {
    let world = World::new().await;
    let mut physician = world.test.sign_in(PHYSICIAN).await;
    let fields = form("email", &[("email", "jordan"), ("message", "Kept \"words\""), ("openings", "0")]);
    let refused = physician.post_form("/passport/sharing/new", &fields).await.expect(422).text();
    for kept in ["value=\"jordan\"", "Kept &#34;words&#34;", "name@example.org", "from 1 to 1000"] {
        assert!(refused.contains(kept), "{kept}: {refused}");
    }
    for to in ["board", "email", "link"] {
        physician.get(&format!("/passport/sharing/new?to={to}")).await.expect(200);
    }
    assert!(words(&physician.get("/passport/sharing/new?to=x").await.expect(200)).contains("Whom is it for?"));
}

#[tokio::test]
async fn who_looked_lists_reads_changes_and_the_account_and_can_be_filtered() {
    let world = World::new().await;
    let mut board = world.test.sign_in(LICENSING_BOARD).await;
    let id = physician(0).id;
    for _ in 0..3 {
        board.get(&format!("/board/licensees/{id}")).await.expect(200);
    }
    let mut staff = world.test.sign_in(ACCREDITOR).await;
    staff.get(&format!("/admin/physicians/{id}")).await.expect(200);
    let mut team = world.test.sign_in(OWNER).await;
    let learners = team.get("/provider/learners").await.expect(200).text();
    let completion = learners.split("href=\"/provider/learners/").filter_map(|rest| rest.split('"').next());
    let completion = completion.filter(|rest| rest.len() >= 36).map(|rest| &rest[..36]).next().unwrap().to_owned();
    team.get(&format!("/provider/learners/{completion}")).await.expect(200);

    let mut physician = world.test.sign_in(PHYSICIAN).await;
    let sheet = physician.get("/passport/transcript").await.expect(200).text();
    let code = sheet.split("with the code <code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    world.test.anonymous().get(&format!("/verify/{}", code.replace('-', ""))).await.expect(200);
    let all = words(&physician.get("/passport/access").await.expect(200));
    for line in [
        "Medical Board of California Read your transcript Reads Allowed because you hold or held a license in California.",
        "Read your record in the registry Reads The accreditor’s staff keeps the registry.",
        "Harborview Medical Society Opened what it reported for you Reads Providers see what they reported.",
        "Reported credit for “Care of the Heart”, completed 11/02/2026, in a file Changes It stated on 11/23/2026 that it holds your permission.",
        "You Signed in Your account",
        &format!("Verified the transcript {code} Reads Whoever holds a transcript may ask by its code."),
    ] {
        assert!(all.contains(line), "{line}: {all}");
    }
    assert!(all.contains("3 times since"), "{all}");
    let changes = words(&physician.get("/passport/access?kind=change").await.expect(200));
    assert!(changes.contains("Reported credit") && !changes.contains("Reads The accreditor"), "{changes}");
    let by = "/passport/access?who=Medical%20Board%20of%20California";
    let one = words(&physician.get(by).await.expect(200));
    assert!(one.contains("Allowed because") && !one.contains("It stated on"), "{one}");
    let none = words(&physician.get("/passport/access?from=2027-01-01").await.expect(200));
    assert!(none.contains("Nothing fits"), "{none}");
    physician.get("/passport/access?kind=x&from=soon&until=2026-99-99&page=0&who=%00").await.expect(200);
    let csv = physician.get("/passport/access.csv?kind=look").await.expect(200);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let csv = csv.text();
    assert!(csv.contains("Medical Board of California") && !csv.contains("It stated on"), "{csv}");
    let mut other = world.test.sign_in(OTHER).await;
    assert!(!words(&other.get("/passport/access").await.expect(200)).contains("Medical Board"));
}

#[tokio::test]
async fn a_recipients_name_cannot_start_a_formula_in_the_csv() {
    let world = World::new().await;
    let mut physician = world.test.sign_in(PHYSICIAN).await;
    let (link, _) = link(&mut physician, &[("name", "=HYPERLINK(\"x\")")]).await;
    let mut recipient = world.test.anonymous();
    recipient.post_form(&link, &[]).await.expect(303);
    recipient.get(&format!("{link}/transcript")).await.expect(200);
    let csv = physician.get("/passport/access.csv").await.expect(200).text();
    assert!(csv.contains("\"'=HYPERLINK"), "{csv}");
}

#[tokio::test]
async fn consent_stands_in_one_place_and_all_that_is_held_can_be_taken_away() {
    let world = World::new().await;
    let mut physician = world.test.sign_in(PHYSICIAN).await;
    link(&mut physician, &[("name", "Valley Clinic")]).await;
    let page = words(&physician.get("/passport/sharing").await.expect(200));
    for part in [
        "Valley Clinic, by a link",
        "Medical Board of California You hold or held a license in California.",
        "It receives ABIM points that providers report for you",
        "Harborview Medical Society 11/23/2026",
        "Download everything as JSON",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    physician.post_form("/passport/sharing/letters", &[("topic", "weekly"), ("topic", "x")]).await.expect(303);
    let page = physician.get("/passport/sharing").await.expect(200).text();
    assert!(page.contains("value=\"weekly\" checked") && !page.contains("value=\"looked\" checked"), "{page}");

    let data = physician.get("/passport/sharing/data.json").await.expect(200);
    assert!(data.header("content-disposition").contains("my-record-2026-11-23.json"));
    let data = data.json();
    assert_eq!(data["account"]["email"], PHYSICIAN);
    assert_eq!(data["account"]["letters"], serde_json::json!(["weekly"]));
    assert_eq!(data["registry"]["licenses"][0]["number"], "A40000");
    assert_eq!(data["completions"].as_array().unwrap().len(), 2);
    assert_eq!(data["shares"][0]["recipient"], "Valley Clinic, by a link");
    assert!(data["trail"].as_array().unwrap().len() > 3);
    assert!(!data.to_string().contains("argon2"));
    let mut other = world.test.sign_in(OTHER).await;
    let data = other.get("/passport/sharing/data.json").await.expect(200).text();
    assert!(!data.contains("Ashdown") && !data.contains("A40000"));
}

#[tokio::test]
async fn a_letters_link_ends_letters_by_a_button_and_nothing_else() {
    let world = World::new().await;
    let mut board = world.test.sign_in(LICENSING_BOARD).await;
    board.get(&format!("/board/licensees/{}", physician(0).id)).await.expect(200);
    let app = &world.test.app;
    app.clock.advance(jiff::SignedDuration::from_hours(23));
    while app::consequences::round(app).await.unwrap() {}
    let (_, letter) = world.test.letter_to(PHYSICIAN).await;
    let secret = letter.lines().find_map(|line| line.split_once("/unsubscribe/")).unwrap().1.to_owned();
    let mut reader = world.test.anonymous();
    let path = format!("/unsubscribe/{secret}");
    reader.get(&path).await.expect(200);
    let mut physician = world.test.sign_in(PHYSICIAN).await;
    assert!(physician.get("/passport/sharing").await.text().contains("value=\"looked\" checked"));
    let done = reader.post_form(&path, &[]).await.expect(200);
    assert!(!done.text().contains("Alma") && done.header("set-cookie").is_empty());
    assert!(!physician.get("/passport/sharing").await.text().contains("checked"));
    reader.get("/unsubscribe/x").await.expect(404);
    reader.post_form("/unsubscribe/x", &[]).await.expect(404);
}
