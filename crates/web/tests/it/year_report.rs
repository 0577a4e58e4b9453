//! The yearly report over HTTP: staff have it counted and publish it, everybody sees what hides no single provider.

use std::io::Cursor;

use app::activities;
use calamine::{Reader, Xlsx};
use domain::Amount;
use domain::access::{ProviderRole, Seat};
use domain::activity::{Activity, Delivery, Fee, Format, Providership, Registration};
use jiff::SignedDuration;
use jiff::civil::date;
use store::organizations::{Provider, Standing};
use testkit::people::{self, ACCREDITOR, OTHER_OWNER, OWNER, PROVIDER, actor};
use testkit::records::work;
use testkit::{TestApp, Visitor};

fn course(provider: &str, title: &str, physicians: i64) -> Activity {
    Activity {
        deliveries: vec![Delivery::LiveStreamed],
        credit: Some(Amount::new(150)),
        description: "Knots.".into(),
        providership: Some(Providership::Direct),
        in_passport: Some(false),
        url: "https://harborview.example/knots".into(),
        fee: Some(Fee::Free),
        registration: Some(Registration::Open),
        physician_total: Some(physicians),
        other_total: Some(20),
        ..Activity::draft(
            activities::no_id(),
            provider.parse().unwrap(),
            title,
            Format::LiveCourse,
            date(2026, 3, 1),
            date(2026, 3, 2),
        )
    }
}

/// Two activities of two providers in 2026, and a draft; the clock is in 2027.
async fn begun() -> TestApp {
    let test = TestApp::new().await;
    for (email, provider) in [(OWNER, PROVIDER), (OTHER_OWNER, people::OTHER_PROVIDER)] {
        let owner = actor(&test.app, email).await;
        activities::create(&test.app, &owner, course(provider, "Knots", 1_200)).await.unwrap();
    }
    let owner = actor(&test.app, OWNER).await;
    let draft = Activity { credit: None, ..course(PROVIDER, "Draft", 9_999) };
    activities::create(&test.app, &owner, draft).await.unwrap();
    test.app.clock.advance(SignedDuration::from_hours(43 * 24));
    test
}

/// A third provider, in another state and of another type.
async fn add_third(test: &TestApp, physicians: i64) {
    let provider = Provider {
        id: "0005555".parse().unwrap(),
        name: "Summit School".into(),
        organization_type: "School of medicine".into(),
        city: "Ely".into(),
        state: "NV".into(),
        standing: Standing::Good,
        contact_name: String::new(),
        contact_email: String::new(),
        created_at: 0,
    };
    let mut tx = test.app.store.write().await.unwrap();
    store::organizations::insert_provider(&mut tx, &provider).await.unwrap();
    tx.commit().await.unwrap();
    let seat = Seat::Provider(provider.id, ProviderRole::Owner);
    let owner = people::add(&test.app, "owner@summit.example", "Uma Reyes", seat).await;
    activities::create(&test.app, &owner, course("0005555", "Peaks", physicians)).await.unwrap();
}

async fn counted(test: &TestApp, staff: &mut Visitor) {
    staff.post_form("/admin/report/count", &[("year", "2026")]).await.expect(303);
    work(&test.app).await;
}

/// The ID in the form that publishes.
fn report_of(page: &str) -> String {
    let rest = page.split_once("name=\"report\" value=\"").expect("a form that publishes").1;
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_year_is_counted_shown_and_published() {
    let test = begun().await;
    let mut staff = test.sign_in(ACCREDITOR).await;
    let page = staff.get("/admin/report?year=2026").await.expect(200).text();
    assert!(page.contains("No figures of this year yet"), "{page}");
    staff.get("/admin/report/download?year=2026&as=xlsx").await.expect(404);
    staff.post_form("/admin/report/count", &[("year", "1950")]).await.expect(422);
    staff.post_form("/admin/report/count", &[("year", "x")]).await.expect(404);
    staff.post_form("/admin/report/count", &[("year", "2026")]).await.expect(303);
    let page = staff.get("/admin/report?year=2026").await.expect(200).text();
    assert!(page.contains("This year is being counted"), "{page}");
    staff.post_form("/admin/report/count", &[("year", "2026")]).await.expect(303);
    work(&test.app).await;
    let page = staff.get("/admin/report?year=2026").await.expect(200).text();
    assert!(page.contains(">2,400<") && page.contains("Live Course") && !page.contains("9,999"), "{page}");
    assert!(page.contains("Hospital/Health Care Delivery System") && page.contains("California"), "{page}");

    // two providers are too few to be told apart from their sum
    let id = report_of(&page);
    let publish = |id: String, foreword: &'static str| {
        [("year", "2026".to_owned()), ("report", id), ("foreword", foreword.to_owned())]
    };
    let send = async |staff: &mut Visitor, id: &str, foreword: &'static str| {
        let form = publish(id.to_owned(), foreword);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        staff.post_form("/admin/report/publish", &form).await
    };
    let page = send(&mut staff, &id, "Kept words").await.expect(422).text();
    assert!(page.contains("Fewer than three providers") && page.contains("Kept words"), "{page}");
    add_third(&test, 77).await;
    counted(&test, &mut staff).await;
    send(&mut staff, &id, "").await.expect(409);
    send(&mut staff, "nonsense", "").await.expect(404);
    let page = staff.get("/admin/report?year=2026").await.expect(200).text();
    assert!(page.contains("Summit") || page.contains("School of medicine"), "staff see each line: {page}");
    let id = report_of(&page);

    let mut anybody = test.anonymous();
    assert!(anybody.get("/report").await.expect(200).text().contains("No report is published yet"));
    anybody.get("/report/2026").await.expect(404);
    anybody.get("/report/2026/download?as=xlsx").await.expect(404);
    send(&mut staff, &id, "First <b>words</b>.\n\nSecond.").await.expect(303);
    assert_eq!(anybody.get("/report").await.expect(303).location(), "/report/2026");
    let page = anybody.get("/report/2026").await.expect(200).text();
    assert!(page.contains("First &#60;b&#62;words&#60;/b&#62;.</p>") && page.contains("<p>Second.</p>"), "{page}");
    assert!(page.contains("In 2026, 3 providers offered 3 activities with 4.50 hours"), "{page}");
    assert!(page.contains("Physicians took part 2,477 times"), "{page}");
    // types and states of one or two providers are one line
    assert!(page.contains("All others, put together"), "{page}");
    for hidden in ["School of medicine", "Nevada", ">77<", "Hospital/Health"] {
        assert!(!page.contains(hidden), "{hidden}: {page}");
    }
    staff.post_form("/admin/report/take-back", &[("year", "2026")]).await.expect(303);
    anybody.get("/report/2026").await.expect(404);
    staff.post_form("/admin/report/take-back", &[("year", "2026")]).await.expect(404);
}

#[tokio::test]
async fn files_say_what_the_pages_say_and_no_more() {
    let test = begun().await;
    add_third(&test, 77).await;
    let mut staff = test.sign_in(ACCREDITOR).await;
    counted(&test, &mut staff).await;
    let id = report_of(&staff.get("/admin/report?year=2026").await.text());
    staff.post_form("/admin/report/publish", &[("year", "2026"), ("report", &id)]).await.expect(303);
    let mut anybody = test.anonymous();
    let text = anybody.get("/report/2026/download?as=csv&table=states").await.expect(200).text();
    assert!(
        text.contains("\"All others, put together\",3,3,0,4.50,2477,60,0,0.00") && !text.contains("Nevada"),
        "{text}"
    );
    let text = staff.get("/admin/report/download?year=2026&as=csv&table=states").await.expect(200).text();
    assert!(
        text.contains("Nevada,1,1,0,1.50,77,20,0,0.00") && text.contains("California,2,2,0,3.00,2400,40"),
        "{text}"
    );
    for (visitor, path, license) in [
        (&mut anybody, "/report/2026/download?as=xlsx", true),
        (&mut staff, "/admin/report/download?year=2026&as=xlsx", false),
    ] {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(visitor.get(path).await.expect(200).body)).unwrap();
        let names = book.sheet_names();
        for name in ["About", "Summary", "By year", "By format", "By state", "MOC by board"] {
            assert!(names.iter().any(|one| one == name), "{names:?}");
        }
        let about = format!("{:?}", book.worksheet_range("About").unwrap());
        assert_eq!(about.contains("CC BY 4.0"), license, "{about}");
    }
    anybody.get("/report/2026/download?as=csv&table=nothing").await.expect(404);
    anybody.get("/report/2026/download").await.expect(404);
    for nonsense in ["/report/20266", "/report/x", "/report/2027", "/report/%00"] {
        anybody.get(nonsense).await.expect(404);
    }
}

#[tokio::test]
async fn a_year_that_is_not_over_is_not_published() {
    let test = begun().await;
    add_third(&test, 77).await;
    let mut staff = test.sign_in(ACCREDITOR).await;
    staff.post_form("/admin/report/count", &[("year", "2027")]).await.expect(303);
    work(&test.app).await;
    let page = staff.get("/admin/report?year=2027").await.expect(200).text();
    assert!(page.contains("This year is not over") && !page.contains("name=\"report\""), "{page}");
}
