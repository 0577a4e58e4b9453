//! The accreditor's pages about providers, boards and users, the public directory, and that a provider's standing
//! decides at once who may submit.

use domain::access::{ProviderRole, ProviderScope, Seat};
use jiff::{SignedDuration, ToSpan};
use testkit::people::{self, ACCREDITOR, LICENSING_BOARD, OTHER_OWNER, OWNER, PROVIDER, provider_id};
use testkit::records::{self, file, work};
use testkit::{Answer, Part, TestApp, Visitor};

const NEW: &str = "/admin/providers/new";
const DECISIONS: &str = "/admin/providers/0001234/decisions";

async fn ready() -> (TestApp, Visitor) {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    let staff = test.sign_in(ACCREDITOR).await;
    (test, staff)
}

/// What follows by itself: days that have come, letters.
async fn follow(test: &TestApp) {
    while app::consequences::round(&test.app).await.unwrap() {}
}

fn provider<'a>(id: &'a str, name: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("id", id),
        ("name", name),
        ("kind", "State medical society"),
        ("city", "Duluth"),
        ("state", "MN"),
        ("contact_name", "Greta Lindqvist"),
        ("contact_email", "greta@northshore.example"),
        ("contact_phone", "(218) 555-0142"),
        ("website", "https://northshore.example"),
        ("public", "yes"),
        ("decision", "good_standing/provisional"),
        ("from", "2026-11-23"),
        ("invite", "yes"),
    ]
}

fn decision<'a>(decision: &'a str, from: &'a str, reason: &'a str) -> [(&'a str, &'a str); 3] {
    [("decision", decision), ("from", from), ("reason", reason)]
}

/// One learner of whom nothing is wrong.
async fn report_by_form(visitor: &mut Visitor) -> Answer {
    let person = records::physician(40);
    let birth = person.birth.unwrap();
    let (month, day) = (birth.month().to_string(), birth.day().to_string());
    let fields = [
        ("activity", records::ACTIVITY),
        ("completed", "2026-11-02"),
        ("first", person.first.as_str()),
        ("last", person.last.as_str()),
        ("birth_month", month.as_str()),
        ("birth_day", day.as_str()),
        ("state", "CA"),
        ("identifier", person.licenses[0].number.as_str()),
        ("credits", "1"),
        ("permission", "yes"),
    ];
    visitor.post_form("/provider/learners/new", &fields).await
}

async fn seat_of(test: &TestApp, email: &str) -> String {
    let id = people::account_id(&test.app, email).await;
    let mut tx = test.app.store.read().await.unwrap();
    store::seats::list(&mut tx, id).await.unwrap()[0].seat_id.to_string()
}

#[tokio::test]
async fn a_provider_is_entered_its_contact_invited_and_everybody_finds_it() {
    let (test, mut staff) = ready().await;
    let made = staff.post_form(NEW, &provider("", "North Shore Medical Society")).await.expect(303);
    assert_eq!(made.location(), "/admin/providers/0007655?done=created-invited");
    let page = staff.get("/admin/providers/0007655").await.expect(200).text();
    for part in ["North Shore", "Good standing", "Provisional accreditation", "Ada Crane", "greta@northshore.example"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    // the contact becomes the owner
    let link = test.link_to("greta@northshore.example").await;
    let mut greta = test.anonymous();
    let joined = [("name", "Greta Lindqvist"), ("password", "violet lantern harbor")];
    assert_eq!(greta.post_form(&link, &joined).await.expect(303).location(), "/provider");
    greta.get("/provider/team").await.expect(200);
    // the public finds it, and reads the contact because it is published
    let mut public = test.anonymous();
    let found = public.get("/providers?q=shore+NORTH").await.expect(200).text();
    assert!(found.contains("1 provider") && found.contains("href=\"/activities?provider=0007655\""), "{found}");
    assert!(public.get("/providers?q=0007655").await.text().contains("North Shore"));
    let own = public.get("/providers/0007655").await.expect(200).text();
    assert!(own.contains("greta@northshore.example") && own.contains("(218) 555-0142"), "{own}");
    // other providers said nothing of publishing
    let other = public.get("/providers/0001234").await.expect(200).text();
    assert!(!other.contains("contact@provider.example"), "{other}");
    let csv = public.get("/providers.csv").await.expect(200).text();
    assert!(csv.contains("0007655") && !csv.contains("contact@provider.example"), "{csv}");
    let csv = staff.get("/admin/providers/download?state=MN").await.expect(200).text();
    assert!(csv.contains("greta@northshore.example") && !csv.contains("0001234"), "{csv}");
}

#[tokio::test]
async fn what_is_wrong_with_a_new_provider_is_said_beside_each_field_and_nothing_typed_is_lost() {
    let (test, mut staff) = ready().await;
    let hostile = "<script>alert(1)</script>";
    let fields = [
        ("id", "12"),
        ("name", hostile),
        ("kind", "A circus"),
        ("state", "ZZ"),
        ("contact_email", "nobody"),
        ("website", "javascript:alert(1)"),
        ("contact_phone", "call me"),
        ("decision", "good_standing/none"),
        ("from", "2026-02-30"),
        ("term_until", "1999-01-01"),
    ];
    let page = staff.post_form(NEW, &fields).await.expect(422).text();
    for part in ["seven digits", "Choose the type", "Enter the city", "Choose the state", "whole address", "not a date"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains(hostile) && page.contains("javascript:alert(1)"), "{page}");
    let taken = staff.post_form(NEW, &provider(PROVIDER, "Another Society")).await.expect(422).text();
    assert!(taken.contains("This ID belongs to Harborview Medical Society."), "{taken}");
    let mut tx = test.app.store.read().await.unwrap();
    assert_eq!(store::organizations::list_providers(&mut tx).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_decision_stops_form_file_and_service_at_once_and_a_better_one_opens_them() {
    let (test, mut staff) = ready().await;
    let seat = Seat::Provider(provider_id(), ProviderRole::LearnerData);
    let token = people::token(&test.app, "LMS", seat).await;
    let mut program = test.bearer(token.expose());
    let mut owner = test.sign_in(OWNER).await;
    let content = file(0..2);
    let form = [Part::File("file", "learners.txt", content.as_bytes()), Part::Text("permission", "held")];
    staff.post_form(DECISIONS, &decision("probation/probation", "2026-11-23", "")).await.expect(422);
    let bad = decision("probation/probation", "2026-11-23", "The report of 2025 was never sent.");
    staff.post_form(DECISIONS, &bad).await.expect(303);
    let (subject, letter) = test.letter_to(OWNER).await;
    assert!(subject.contains("Probation") && letter.contains("cannot submit"), "{subject}\n{letter}");
    program.post_multipart("/api/pars/v1/uploads", &form).await.expect(403);
    owner.post_multipart("/provider/uploads/new", &form).await.expect(403);
    report_by_form(&mut owner).await.expect(403);
    owner.get("/provider/uploads").await.expect(200);
    let good = decision("good_standing/restored", "2026-11-23", "");
    staff.post_form(DECISIONS, &good).await.expect(303);
    program.post_multipart("/api/pars/v1/uploads", &form).await.expect(202);
    report_by_form(&mut owner).await.expect(303);
    let page = staff.get("/admin/providers/0001234").await.expect(200).text();
    assert!(page.contains("In force") && page.contains("Earlier") && page.contains("never sent"), "{page}");
}

#[tokio::test]
async fn an_upload_that_is_running_stops_taking_rows_and_they_wait_for_better_days() {
    let (test, mut staff) = ready().await;
    let mut owner = test.sign_in(OWNER).await;
    let content = file(0..20);
    let form = [Part::File("file", "learners.txt", content.as_bytes()), Part::Text("permission", "held")];
    let page = owner.post_multipart("/provider/uploads/new", &form).await.expect(303).location().to_owned();
    // received, and not one row settled yet
    let bad = decision("lapsed/expired", "2026-11-23", "The term is over.");
    staff.post_form(DECISIONS, &bad).await.expect(303);
    work(&test.app).await;
    let rows = owner.get(&page).await.expect(200).text();
    assert!(rows.contains("Provider is not in good standing"), "{rows}");
    let id = page.rsplit('/').next().unwrap().parse().unwrap();
    let counts = async || {
        let mut tx = test.app.store.read().await.unwrap();
        store::uploads::find(&mut tx, &ProviderScope::of_record(provider_id()), id).await.unwrap().unwrap().counts
    };
    assert_eq!((counts().await.accepted, counts().await.refused), (0, 20));
    owner.post_form(&format!("{page}/resubmit"), &[]).await.expect(403);
    staff.post_form(DECISIONS, &decision("good_standing/restored", "2026-11-23", "")).await.expect(303);
    owner.post_form(&format!("{page}/resubmit"), &[]).await.expect(303);
    work(&test.app).await;
    assert_eq!((counts().await.accepted, counts().await.refused), (20, 0));
}

#[tokio::test]
async fn a_planned_day_counts_from_its_first_minute_and_can_be_taken_back_before() {
    let (test, mut staff) = ready().await;
    let planned = decision("lapsed/withdrawn", "2026-11-25", "As the provider asked.");
    staff.post_form(DECISIONS, &planned).await.expect(303);
    let page = staff.get("/admin/providers/0001234").await.text();
    assert!(page.contains("Planned") && page.contains("Good standing"), "{page}");
    let path = page.split("action=\"").find(|rest| rest.contains("/take-back\"")).unwrap();
    let path = path.split('"').next().unwrap().to_owned();
    test.sign_in(OWNER).await.post_form(&path, &[]).await.expect(403);
    staff.post_form(&path, &[]).await.expect(303);
    staff.post_form(&path, &[]).await.expect(404);
    staff.post_form(DECISIONS, &planned).await.expect(303);
    // 9 in the morning of the 23rd in Chicago; 40 hours later it is the 25th
    test.app.clock.advance(SignedDuration::from_hours(38));
    let mut owner = test.sign_in(OWNER).await;
    owner.get("/provider/learners/new").await.expect(200);
    follow(&test).await;
    assert!(test.anonymous().get("/providers/0001234").await.text().contains("Good standing"));
    test.app.clock.advance(SignedDuration::from_hours(2));
    // nobody has seen to it yet, and nothing is taken any more
    report_by_form(&mut owner).await.expect(403);
    assert!(test.anonymous().get("/providers/0001234").await.text().contains("Lapsed"));
    follow(&test).await;
    let listed = test.anonymous().get("/providers?standing=lapsed").await.expect(200).text();
    assert!(listed.contains("Harborview") && !listed.contains("href=\"/activities?provider=0001234\""), "{listed}");
    assert!(test.letter_to(OWNER).await.1.contains("from 11/25/2026 on"));
    // what has come is not taken back
    let page = test.sign_in(ACCREDITOR).await.get("/admin/providers/0001234").await.text();
    assert!(!page.contains("/take-back"), "{page}");
}

#[tokio::test]
async fn the_public_search_hides_a_providers_activities_with_its_standing_and_follows_its_name() {
    use domain::activity::{Activity, Delivery, Fee, Format, Providership, Registration};
    let (test, mut staff) = ready().await;
    let today = test.app.clock.today();
    let activity = Activity {
        deliveries: vec![Delivery::Online],
        credit: Some(domain::Amount::new(100)),
        description: "Invented.".into(),
        providership: Some(Providership::Direct),
        in_passport: Some(true),
        url: "https://activity.example/".into(),
        fee: Some(Fee::Free),
        registration: Some(Registration::Open),
        ..Activity::draft(
            "300000001".parse().unwrap(),
            provider_id(),
            "Knots for surgeons",
            Format::EnduringMaterial,
            today,
            today.saturating_add(6.months()),
        )
    };
    let mut tx = test.app.store.write().await.unwrap();
    let entered = store::activities::Attested { by: None, at: 0 };
    store::activities::insert(&mut tx, &ProviderScope::of_record(provider_id()), &activity, entered).await.unwrap();
    tx.commit().await.unwrap();
    let mut public = test.anonymous();
    let found = async |public: &mut Visitor, words: &str| {
        public.get(&format!("/activities?q={words}")).await.expect(200).text().contains("300000001")
    };
    assert!(found(&mut public, "knots").await && found(&mut public, "harborview").await);
    let bad = decision("probation/suspended", "2026-11-23", "Under review.");
    staff.post_form(DECISIONS, &bad).await.expect(303);
    assert!(!found(&mut public, "knots").await);
    staff.post_form(DECISIONS, &decision("good_standing/restored", "2026-11-23", "")).await.expect(303);
    assert!(found(&mut public, "knots").await);
    // another name is found, the old one no more
    let form = staff.get("/admin/providers/0001234/edit").await.expect(200).text();
    let seen = form.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mut fields = provider("", "Quayside Medical Society");
    // the type that it has is no longer among those of today, and may stay
    fields.retain(|(name, _)| *name != "kind");
    fields.extend([("kind", "Hospital/Health Care Delivery System"), ("seen", seen.as_str())]);
    staff.post_form("/admin/providers/0001234/edit", &fields).await.expect(303);
    assert!(found(&mut public, "quayside").await && !found(&mut public, "harborview").await);
    let page = staff.get("/admin/providers/0001234").await.text();
    assert!(page.contains("“Harborview Medical Society” became “Quayside Medical Society”"), "{page}");
    // whoever saves an older copy is told
    let stale = staff.post_form("/admin/providers/0001234/edit", &fields).await.expect(422).text();
    assert!(stale.contains("Somebody else changed this provider meanwhile"), "{stale}");
}

#[tokio::test]
async fn people_of_a_provider_are_invited_changed_and_removed_and_its_last_owner_stays() {
    let (test, mut staff) = ready().await;
    let invitation =
        |email: &'static str| [("kind", "provider"), ("organization", PROVIDER), ("email", email), ("role", "editor")];
    let refused = staff.post_form("/admin/users/invitations", &invitation("no address")).await.expect(422).text();
    assert!(refused.contains("value=\"no address\"") && refused.contains("Harborview"), "{refused}");
    let there = staff.post_form("/admin/users/invitations", &invitation(OWNER)).await.expect(422).text();
    assert!(there.contains("has a seat here already"), "{there}");
    staff.post_form("/admin/users/invitations", &invitation("nora@harborview.example")).await.expect(303);
    let first = test.link_to("nora@harborview.example").await;
    let page = staff.get("/admin/providers/0001234").await.text();
    let path = |page: &str, end: &str| {
        let path = page.split("action=\"").find(|rest| rest.split('"').next().unwrap().ends_with(end)).unwrap();
        path.split('"').next().unwrap().to_owned()
    };
    test.app.clock.advance(SignedDuration::from_hours(8 * 24));
    let mut staff = test.sign_in(ACCREDITOR).await;
    staff.post_form(&path(&page, "/again"), &[]).await.expect(303);
    let second = test.link_to("nora@harborview.example").await;
    test.anonymous().get(&first).await.expect(410);
    test.anonymous().get(&second).await.expect(200);
    let page = staff.get("/admin/providers/0001234").await.text();
    staff.post_form(&path(&page, "/withdraw"), &[]).await.expect(303);
    test.anonymous().get(&second).await.expect(410);

    let owner = seat_of(&test, OWNER).await;
    let role = format!("/admin/users/seats/{owner}/role");
    let refused = staff.post_form(&role, &[("role", "viewer")]).await.expect(422).text();
    assert!(refused.contains("A team needs an owner"), "{refused}");
    staff.post_form(&format!("/admin/users/seats/{owner}/remove"), &[]).await.expect(422);
    let editor = seat_of(&test, people::EDITOR).await;
    let mut jun = test.sign_in(people::EDITOR).await;
    staff.post_form(&format!("/admin/users/seats/{editor}/role"), &[("role", "owner")]).await.expect(303);
    assert!(jun.get("/provider").await.expect(303).location().starts_with("/sign-in"));
    let mut marisol = test.sign_in(OWNER).await;
    staff.post_form(&format!("/admin/users/seats/{owner}/remove"), &[]).await.expect(303);
    assert!(marisol.get("/provider").await.expect(303).location().starts_with("/sign-in"));
    // a physician's seat is nobody's to manage
    let physician = records::physician(0).id;
    people::add(&test.app, "alma@physician.example", "Alma Ashdown", Seat::Physician(physician)).await;
    let own = seat_of(&test, "alma@physician.example").await;
    staff.post_form(&format!("/admin/users/seats/{own}/remove"), &[]).await.expect(404);
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once_and_back_when_enabled() {
    let (test, mut staff) = ready().await;
    let mut owner = test.sign_in(OWNER).await;
    owner.get("/provider").await.expect(200);
    let id = people::account_id(&test.app, OWNER).await;
    let listed = staff.get("/admin/users?q=MARISOL&kind=provider").await.expect(200).text();
    assert!(listed.contains(&id.to_string()) && listed.contains("Provider owner, Harborview"), "{listed}");
    assert!(!listed.contains("Jun Park"));
    staff.post_form(&format!("/admin/users/{id}/disable"), &[]).await.expect(303);
    assert!(owner.get("/provider").await.expect(303).location().starts_with("/sign-in"));
    let again = [("email", OWNER), ("password", people::PASSWORD)];
    test.anonymous().post_form("/sign-in", &again).await.expect(422);
    let page = staff.get(&format!("/admin/users/{id}")).await.expect(200).text();
    assert!(page.contains("Disabled") && page.contains("1 sessions ended"), "{page}");
    assert!(staff.get("/admin/users?show=disabled").await.text().contains("Marisol"));
    staff.post_form(&format!("/admin/users/{id}/enable"), &[]).await.expect(303);
    test.sign_in(OWNER).await.get("/provider").await.expect(200);
    // signs in the words of a pattern stand for themselves
    assert!(staff.get("/admin/users?q=%25").await.expect(200).text().contains("Nobody found"));
}

#[tokio::test]
async fn nobody_removes_or_disables_themselves_and_one_of_the_staff_remains() {
    let (test, mut staff) = ready().await;
    let own = people::account_id(&test.app, ACCREDITOR).await;
    let seat = seat_of(&test, ACCREDITOR).await;
    let page = staff.post_form(&format!("/admin/users/{own}/disable"), &[]).await.expect(422).text();
    assert!(page.contains("Nobody disables their own account"), "{page}");
    let page = staff.post_form(&format!("/admin/users/seats/{seat}/remove"), &[]).await.expect(422).text();
    assert!(page.contains("Nobody removes themselves"), "{page}");
    let invitation = [("kind", "accreditor"), ("organization", ""), ("email", "bo@accreditor.example")];
    staff.post_form("/admin/users/invitations", &invitation).await.expect(303);
    let link = test.link_to("bo@accreditor.example").await;
    let mut bo = test.anonymous();
    let joined = [("name", "Bo Lund"), ("password", "violet lantern harbor")];
    assert_eq!(bo.post_form(&link, &joined).await.expect(303).location(), "/admin");
    bo.post_form(&format!("/admin/users/{own}/disable"), &[]).await.expect(303);
    assert!(staff.get("/admin").await.expect(303).location().starts_with("/sign-in"));
    // the last who can sign in: not even by somebody else's hand, were there one
    let bo_id = people::account_id(&test.app, "bo@accreditor.example").await;
    bo.post_form(&format!("/admin/users/{bo_id}/disable"), &[]).await.expect(422);
    bo.get("/admin/users/staff").await.expect(200);
}

#[tokio::test]
async fn a_board_takes_part_from_a_day_is_published_and_loses_a_token_at_once() {
    let (test, mut staff) = ready().await;
    let path = "/admin/boards/licensing/CA";
    let token = people::token(&test.app, "License system", people::actor(&test.app, LICENSING_BOARD).await.seat).await;
    let mut program = test.bearer(token.expose());
    let ask = "/api/pars/v1/GetLearnerTranscriptbyLearner?changedSince=0&limit=1";
    program.get(ask).await.expect(200);
    let part = |level: &'static str, from: &'static str| [("level", level), ("from", from), ("note", "")];
    staff.post_form(&format!("{path}/participation"), &part("takes_credit", "2026-11-01")).await.expect(422);
    staff.post_form(&format!("{path}/participation"), &part("receives_data", "2026-11-01")).await.expect(303);
    staff.post_form(&format!("{path}/participation"), &part("not_taking_part", "2027-01-01")).await.expect(303);
    let profile = [
        ("name", "Medical Board of California"),
        ("website", "https://board.example"),
        ("contact_name", "Cal Mendoza"),
    ];
    staff.post_form(path, &profile).await.expect(303);
    let refused = staff.post_form(path, &[("name", ""), ("website", "board")]).await.expect(422).text();
    assert!(refused.contains("Enter the board’s name") && refused.contains("value=\"board\""), "{refused}");
    let public = test.anonymous().get("/boards").await.expect(200).text();
    for words in ["receives data", "Does not take part from 01/01/2027", "https://board.example", "Not said yet"] {
        assert!(public.contains(words), "{words}: {public}");
    }
    let csv = test.anonymous().get("/boards.csv").await.expect(200).text();
    assert!(csv.contains("Licensing board") && csv.contains("ABIM"), "{csv}");
    let page = staff.get(path).await.expect(200).text();
    let revoke = page.split("action=\"").find(|rest| rest.contains("/revoke\"")).unwrap();
    let revoke = revoke.split('"').next().unwrap().to_owned();
    staff.post_form(&revoke.replace("/CA/", "/NV/"), &[]).await.expect(404);
    staff.post_form(&revoke, &[]).await.expect(303);
    program.get(ask).await.expect(401);
    // boards that are there are not entered twice, and what is no board is nowhere
    let again = staff.post_form("/admin/boards", &[("state", "CA"), ("name", "Another")]).await.expect(422).text();
    assert!(again.contains("is on record for this state"), "{again}");
    staff.post_form("/admin/boards", &[("state", "OR"), ("name", "Oregon Board of Medicine")]).await.expect(303);
    staff.get("/admin/boards/licensing/OR").await.expect(200);
    staff.get("/admin/boards/certifying/ABIM").await.expect(200);
    for absent in ["/admin/boards/licensing/ZZ", "/admin/boards/other/CA", "/admin/boards/licensing/TX"] {
        staff.get(absent).await.expect(404);
    }
    test.sign_in(OTHER_OWNER).await.get("/admin/boards/licensing/CA").await.expect(403);
}

#[tokio::test]
async fn contacts_are_for_the_staff_alone() {
    let (test, mut staff) = ready().await;
    let path = "/admin/providers/0001234/contacts";
    let contact = [("contact_role", "billing"), ("other_name", "Pia Holm"), ("other_email", "pia@harborview.example")];
    staff.post_form(path, &contact).await.expect(303);
    staff.post_form(path, &[("other_name", "Pia")]).await.expect(422);
    let page = staff.get("/admin/providers/0001234").await.text();
    assert!(page.contains("pia@harborview.example") && page.contains("Fees and billing"), "{page}");
    let public = test.anonymous().get("/providers/0001234").await.text();
    assert!(!public.contains("Pia Holm"), "{public}");
    let remove =
        page.split("action=\"").find(|rest| rest.contains("/contacts/") && rest.contains("/remove\"")).unwrap();
    let remove = remove.split('"').next().unwrap().to_owned();
    staff.post_form(&remove.replace("0001234", "0007654"), &[]).await.expect(404);
    staff.post_form(&remove, &[]).await.expect(303);
    assert!(!staff.get("/admin/providers/0001234").await.text().contains("pia@harborview.example"));
}
