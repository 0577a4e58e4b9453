//! The public search over HTTP, and what physicians keep of it.

use domain::Amount;
use domain::access::{ProviderScope, Seat};
use domain::activity::{Activity, Delivery, Fee, Format, Providership, Registration};
use jiff::SignedDuration;
use jiff::civil::date;
use store::activities::Attested;
use testkit::people::{self, PROVIDER};
use testkit::{Answer, TestApp, Visitor, records};

const EMAIL: &str = "physician@passport.example";

fn shown(number: u32, title: &str) -> Activity {
    Activity {
        deliveries: vec![Delivery::LiveStreamed],
        credit: Some(Amount::new(250)),
        description: "Invented.".into(),
        providership: Some(Providership::Direct),
        in_passport: Some(true),
        url: "https://activity.example/".into(),
        fee: Some(Fee::Free),
        registration: Some(Registration::Open),
        ..Activity::draft(
            format!("{:09}", 300_000_000 + number).parse().unwrap(),
            PROVIDER.parse().unwrap(),
            title,
            Format::LiveCourse,
            date(2027, 3, 1),
            date(2027, 3, 2),
        )
    }
}

async fn put(test: &TestApp, activities: &[Activity]) {
    let mut tx = test.app.store.write().await.unwrap();
    for activity in activities {
        let scope = ProviderScope::of_record(activity.provider);
        store::activities::insert(&mut tx, &scope, activity, Attested { by: None, at: 0 }).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn physician(test: &TestApp) -> Visitor {
    records::fill(&test.app).await;
    people::add(&test.app, EMAIL, "Alma Ashdown", Seat::Physician(records::physician(0).id)).await;
    test.sign_in(EMAIL).await
}

#[track_caller]
fn holds(answer: &Answer, parts: &[&str]) {
    let page = answer.text();
    for part in parts {
        assert!(page.contains(part), "{part:?} is missing in {page}");
    }
}

#[tokio::test]
async fn everybody_searches_and_everything_is_in_the_address() {
    let test = TestApp::new().await;
    let enduring = Activity {
        format: Format::EnduringMaterial,
        deliveries: vec![Delivery::Online],
        starts_on: date(2026, 1, 1),
        ..shown(2, "Knots & <b>ropes</b> online")
    };
    put(&test, &[shown(1, "Knots live"), enduring, Activity { in_passport: Some(false), ..shown(3, "Knots hidden") }])
        .await;
    let mut nobody = test.anonymous();
    let page = nobody.get("/activities?q=knots").await.expect(200);
    holds(&page, &["2 activities", "Knots live", "Knots &#38; &#60;b&#62;ropes", "Harborview Medical Society", "2.5"]);
    holds(&page, &["/activities/300000001/calendar.ics", "name=\"format\" value=\"live_course\"", "Sign in to save"]);
    assert!(!page.text().contains("hidden</a>") && !page.text().contains("Knots hidden"));
    let page = nobody.get("/activities?page=1&q=knots&format=live_course&from=&to=").await.expect(200);
    holds(&page, &["1 activity", "Remove Format: </span>Live Course", "href=\"/activities?q=knots\""]);
    holds(
        &page,
        &["<link rel=\"canonical\" href=\"http://127.0.0.1:8080/activities?q=knots&#38;format=live_course\">"],
    );
    // what would be found without the choice is counted beside the others
    assert!(page.text().contains("value=\"enduring_material\""));
    holds(&nobody.get("/").await.expect(200), &["action=\"/activities\"", "href=\"/activities\""]);
}

#[tokio::test]
async fn an_empty_result_says_what_would_find_something() {
    let test = TestApp::new().await;
    put(&test, &[shown(1, "Hypertension today")]).await;
    let mut nobody = test.anonymous();
    let page = nobody.get("/activities?q=hypertensoin&fee=yes&format=live_course").await.expect(200);
    holds(&page, &["0 activities", "1 activity without fee", "Look for \u{201c}hypertension\u{201d}"]);
    let page = nobody.get("/activities?q=hypertensoin").await.expect(200);
    holds(&page, &["1 activity", "No activity has the word \u{201c}hypertensoin\u{201d}", "Hypertension today"]);
    let page = nobody.get("/activities?q=zzzzzzzzzzzz").await.expect(200);
    holds(&page, &["0 activities", "Show all activities"]);
}

#[tokio::test]
async fn hostile_addresses_are_answered_with_a_page() {
    let test = TestApp::new().await;
    put(&test, &[shown(1, "Knots")]).await;
    let mut nobody = test.anonymous();
    let long = "x".repeat(10_000);
    for query in [
        "q=%00",
        "q=%FF%FE",
        "q=%22",
        "q=title:*%20OR%201=1--",
        "q=%3Cscript%3Ealert(1)%3C/script%3E",
        "q=~~~~",
        "page=0",
        "page=-1",
        "page=99999999999999999999",
        "sort=%27",
        "from=0000-00-00&to=9999-99-99",
        "min=1e99&max=-1",
        "format=%00",
        "provider=%27%20or%201=1",
        "q",
        "=&=&&&",
        "fits=1",
        "when=now&when=%00",
        &format!("q={long}"),
        &format!("city={long}&state={long}"),
        &"format=a&".repeat(1_000),
    ] {
        for path in ["/activities", "/activities/calendar.ics", "/api/pars/v1/activity-search"] {
            let answer = nobody.get(&format!("{path}?{query}")).await.expect(200);
            assert!(!answer.text().contains("<script>alert"), "{query}");
        }
    }
}

#[tokio::test]
async fn a_search_is_a_calendar_and_an_answer_for_programs() {
    let test = TestApp::new().await;
    put(&test, &[shown(1, "Knots"), shown(2, "Ropes")]).await;
    let mut nobody = test.anonymous();
    let file = nobody.get("/activities/calendar.ics?q=knots").await.expect(200);
    assert_eq!(file.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(file.text().matches("BEGIN:VEVENT").count(), 1);
    let all = nobody.get("/activities/calendar.ics").await.expect(200).text();
    assert_eq!((all.matches("BEGIN:VEVENT").count(), all.matches("BEGIN:VCALENDAR").count()), (2, 1));
    let answer = nobody.get("/api/pars/v1/activity-search?sort=newest&q=knots&fits=1").await.expect(200).json();
    assert_eq!((answer["total"].as_u64(), answer["query"].as_str()), (Some(1), Some("q=knots&sort=newest")));
    let found = &answer["activities"][0];
    assert_eq!((found["activity_id"].as_str(), found["credits"].as_str()), (Some("300000001"), Some("2.50")));
    let facets = answer["facets"].as_array().unwrap();
    let provider = facets.iter().find(|facet| facet["parameter"] == "provider").unwrap();
    assert_eq!(provider["values"][0]["label"], "Harborview Medical Society");
}

#[tokio::test]
async fn a_physician_saves_from_the_results_and_comes_back_to_them() {
    let test = TestApp::new().await;
    let mut physician = physician(&test).await;
    put(&test, &[shown(1, "Knots")]).await;
    let fields = [("activity", "300000001"), ("back", "/activities?q=knots")];
    let answer = physician.post_form("/activities/saved", &fields).await.expect(303);
    assert_eq!(answer.location(), "/activities?q=knots&done=saved");
    let page = physician.get(answer.location()).await.expect(200);
    holds(&page, &["The activity is saved", "Remove from saved", "Saved activities", "Save this search"]);
    holds(&physician.get("/activities/300000001").await.expect(200), &["Remove from saved"]);
    holds(&physician.get("/activities/saved").await.expect(200), &["1 can be taken", "Knots"]);
    let file = physician.get("/activities/saved/calendar.ics").await.expect(200).text();
    assert_eq!(file.matches("BEGIN:VEVENT").count(), 1);
    let hostile = [("activity", "300000001"), ("back", "https://evil.example/")];
    let answer = physician.post_form("/activities/saved/remove", &hostile).await.expect(303);
    assert_eq!(answer.location(), "/activities/saved?done=removed");
    holds(&physician.get("/activities/saved").await.expect(200), &["Nothing is saved yet"]);
    for activity in ["300000009", "x", ""] {
        physician.post_form("/activities/saved", &[("activity", activity)]).await.expect(404);
    }
}

#[tokio::test]
async fn only_physicians_save() {
    let test = TestApp::new().await;
    put(&test, &[shown(1, "Knots")]).await;
    let mut nobody = test.anonymous();
    let answer = nobody.post_form("/activities/saved", &[("activity", "300000001")]).await.expect(303);
    assert!(answer.location().starts_with("/sign-in"));
    for email in [people::OWNER, people::LICENSING_BOARD, people::CERTIFYING_BOARD, people::ACCREDITOR] {
        let mut other = test.sign_in(email).await;
        let page = other.get("/activities?q=knots").await.expect(200);
        assert!(!page.text().contains("Save this search") && !page.text().contains("/activities/saved"), "{email}");
        other.post_form("/activities/saved", &[("activity", "300000001")]).await.expect(403);
        other.post_form("/activities/searches", &[("name", "A"), ("query", "")]).await.expect(403);
    }
}

#[tokio::test]
async fn a_saved_search_is_changed_told_and_stopped_from_its_letter() {
    let test = TestApp::new().await;
    let mut physician = physician(&test).await;
    let form = physician.get("/activities/searches/new?query=q%3Dknots%26fee%3Dfree%26page%3D4").await.expect(200);
    holds(&form, &["value=\"knots\"", "value=\"q=knots&#38;fee=free\"", "\u{201c}knots\u{201d}; Free"]);
    let refused = [("name", " "), ("query", "q=knots"), ("alert", "daily")];
    let page = physician.post_form("/activities/searches", &refused).await.expect(422);
    holds(&page, &["Give the search a name", "value=\"q=knots\"", "value=\"daily\" checked"]);
    let typed = [("name", "My <knots>"), ("query", "q=knots"), ("alert", "daily")];
    physician.post_form("/activities/searches", &typed).await.expect(303);
    let page = physician.get("/activities/searches").await.expect(200);
    holds(&page, &["My &#60;knots&#62;", "href=\"/activities?q=knots\"", "value=\"daily\" selected"]);
    put(&test, &[shown(1, "Knots")]).await;
    test.app.clock.advance(SignedDuration::from_hours(24));
    // a day later nobody is signed in any more
    let mut physician = test.sign_in(EMAIL).await;
    assert_eq!(app::saved_searches::tell_due(&test.app).await.unwrap(), 1);
    let (_, body) = test.letter_to(EMAIL).await;
    let base = test.app.config.link("/searches/stop/");
    let stop = body.lines().find(|line| line.starts_with(&base)).unwrap();
    let stop = &stop[test.app.config.link("").len()..];
    let mut nobody = test.anonymous();
    let page = nobody.get(stop).await.expect(200);
    holds(&page, &["End the letters about", "method=\"post\""]);
    holds(&physician.get("/activities/searches").await.expect(200), &["value=\"daily\" selected"]);
    holds(&nobody.post_form(stop, &[]).await.expect(200), &["no more letters"]);
    holds(&physician.get("/activities/searches").await.expect(200), &["value=\"off\" selected"]);
    for key in ["stop_guess", "%00", "%FF"] {
        let status = nobody.get(&format!("/searches/stop/{key}")).await.status;
        assert!(matches!(status, 400 | 404 | 410), "{key}: {status}");
    }
    let page = physician.get("/activities/searches").await.expect(200).text();
    let id = page.split("/activities/searches/").find_map(|rest| rest.split('"').next().filter(|id| id.len() == 36));
    let id = id.unwrap();
    let change = format!("/activities/searches/{id}");
    let answer = physician.post_form(&change, &[("name", ""), ("alert", "weekly")]).await.expect(422);
    holds(&answer, &["Give the search a name", "value=\"weekly\" selected"]);
    physician.post_form(&change, &[("name", "Ropes"), ("alert", "weekly")]).await.expect(303);
    people::add(&test.app, "other@passport.example", "Bruno Birchwood", Seat::Physician(records::physician(1).id))
        .await;
    let mut other = test.sign_in("other@passport.example").await;
    other.post_form(&change, &[("name", "Mine"), ("alert", "off")]).await.expect(404);
    other.post_form(&format!("{change}/remove"), &[]).await.expect(404);
    physician.post_form(&format!("{change}/remove"), &[]).await.expect(303);
    holds(&physician.get("/activities/searches").await.expect(200), &["No search is saved yet"]);
}
