//! Finding physicians, reading a record, asking why a row matched or not; and that every look is noted.

use domain::PhysicianId;
use domain::access::Seat;
use store::physicians::Physician;
use testkit::people::{ACCREDITOR, OWNER, PROVIDER};
use testkit::records::{physician, row, row_with_points};
use testkit::{Visitor, people};
use uuid::Uuid;

use super::{World, double, words};

async fn find(staff: &mut Visitor, fields: &[(&str, &str)]) -> String {
    words(&staff.post_form("/admin/physicians", fields).await.expect(200))
}

#[tokio::test]
async fn staff_find_a_physician_by_name_and_by_every_number() {
    let mut world = World::new().await;
    world.add(&[double()]).await;
    let of = physician(3);
    let (last, license) = (of.last.as_str(), of.licenses[0].number.as_str());
    let diplomate = of.certifications[0].diplomate_id.as_str();
    let staff = &mut world.first;
    for fields in [
        vec![("name", last)],
        vec![("name", last), ("number", license)],
        vec![("number", license)],
        vec![("number", "40003"), ("state", "CA")],
        vec![("board", "ABIM"), ("diplomate_id", diplomate)],
    ] {
        let page = find(staff, &fields).await;
        assert!(page.contains(license) && page.contains(&of.birth.unwrap().to_string()), "{fields:?}: {page}");
    }
    assert!(find(staff, &[("npi", "1234567893")]).await.contains("NV N900"));
    for fields in [
        vec![("number", license), ("state", "NV")],
        vec![("name", "Zzyzx")],
        vec![("name", "Zzyzx"), ("number", license)],
        vec![("npi", "1999999999")],
        vec![("board", "ABS"), ("diplomate_id", diplomate)],
    ] {
        assert!(find(staff, &fields).await.contains("Nobody found"), "{fields:?}");
    }
    assert!(world.trail(of.id).await.iter().all(|look| look == "physician.search by accreditor"));
    assert_eq!(world.trail(of.id).await.len(), 5);
}

#[tokio::test]
async fn a_search_that_says_nothing_is_refused_and_keeps_what_was_typed() {
    let mut world = World::new().await;
    let staff = &mut world.first;
    for (fields, fault) in [
        (vec![], "Enter a name, a license number, an NPI or a certifying board ID."),
        (vec![("name", "W")], "Enter at least two letters of the last name, or a number."),
        (vec![("name", "Ash"), ("npi", "12 34")], "Enter the 10 digits of the NPI."),
        (vec![("diplomate_id", "300003")], "Choose the board that gave the ID."),
    ] {
        let refused = staff.post_form("/admin/physicians", &fields).await.expect(422);
        assert!(words(&refused).contains(fault), "{fields:?}: {}", words(&refused));
        for (_, typed) in fields {
            assert!(refused.text().contains(&format!("value=\"{typed}\"")), "{typed} is kept");
        }
    }
    let hostile = "<script>alert(1)</script>\" autofocus x=\"";
    let page = staff.post_form("/admin/physicians", &[("name", hostile), ("beside", "' or 1=1")]).await.expect(200);
    assert!(!page.text().contains("<script>alert"), "{}", page.text());
    staff.post_form("/admin/physicians", &[("name", "Ash"), ("page", "-7"), ("state", "Narnia")]).await.expect(200);
}

#[tokio::test]
async fn a_long_list_has_pages_and_says_when_it_is_cut() {
    let mut world = World::new().await;
    let many = |n: u128| Physician {
        id: PhysicianId::new(Uuid::from_u128(5_000 + n)),
        first: format!("Person{}", char::from(b'a' + (n % 26) as u8)),
        last: "Pagely".into(),
        licenses: vec![],
        certifications: vec![],
        ..physician(0)
    };
    world.add(&(0..60).map(many).collect::<Vec<_>>()).await;
    let staff = &mut world.first;
    let counts = |page: &str| page.matches("Pagely").count();
    let first = find(staff, &[("name", "Pagely")]).await;
    assert!(first.contains("60 physicians") && first.contains("Page 1 of 3"), "{first}");
    assert_eq!(counts(&first), 25);
    assert_eq!(counts(&find(staff, &[("name", "Pagely"), ("page", "3")]).await), 10);
}

#[tokio::test]
async fn a_record_shows_everything_known_and_the_look_is_noted() {
    let mut world = World::new().await;
    world.upload(&(row_with_points(0, "2", "2") + &row("Add", 0, "3").replace("11/02/2026", "05/01/2026"))).await;
    let of = physician(0);
    let path = format!("/admin/physicians/{}", of.id);
    let page = words(&world.first.get(&path).await.expect(200));
    for wanted in [
        "Alma Ashdown, MD",
        "Birthday 01/01",
        "CA A40000",
        "ABIM 300000",
        "Passport account None",
        "2026 Harborview",
        "Care of the Heart",
        "Why did it match?",
        "Nobody has looked at this record before you",
    ] {
        assert!(page.contains(wanted), "{wanted}: {page}");
    }
    let again = words(&world.second.get(&path).await.expect(200));
    assert!(again.contains("Record opened") && again.contains("Accreditor"), "{again}");
    assert_eq!(world.trail(of.id).await, ["physician.read by accreditor"; 2]);
    let mut herself = {
        people::add(&world.test.app, "alma@physician.example", "Alma Ashdown", Seat::Physician(of.id)).await;
        world.test.sign_in("alma@physician.example").await
    };
    let looks = words(&herself.get("/passport/access").await.expect(200));
    assert!(looks.contains("Read your record in the registry") && looks.contains("The accreditor"), "{looks}");
    for absent in ["00000000-0000-7000-8000-000000000000", "nonsense"] {
        world.first.get(&format!("/admin/physicians/{absent}")).await.expect(404);
    }
}

#[tokio::test]
async fn nobody_else_reads_the_registry() {
    let world = World::new().await;
    for (email, of) in [(OWNER, 0), (people::LICENSING_BOARD, 1)] {
        let mut other = world.test.sign_in(email).await;
        let refused = other.get(&format!("/admin/physicians/{}", physician(of).id)).await.expect(403);
        assert!(!refused.text().contains(&physician(of).last));
        other.post_form("/admin/physicians", &[("name", "Ash")]).await.expect(403);
        other.post_form("/admin/explain", &[("last", "Ash")]).await.expect(403);
    }
    assert_eq!(world.trail(physician(0).id).await, [""; 0]);
}

fn question<'a>(fields: &mut Vec<(&'a str, &'a str)>, field: &'a str, value: &'a str) {
    fields.retain(|(name, _)| *name != field);
    fields.push((field, value));
}

#[tokio::test]
async fn the_evidence_is_shown_with_its_weights_and_what_decided() {
    let mut world = World::new().await;
    let (of, other) = (physician(0), physician(17));
    let mut asked = vec![
        ("first", "Alma"),
        ("last", "Ashdown"),
        ("birth_month", "1"),
        ("birth_day", "1"),
        ("state", "CA"),
        ("identifier", "A40000"),
    ];
    let staff = &mut world.first;
    let page = words(&staff.post_form("/admin/explain", &asked).await.expect(200));
    for wanted in ["Answer One physician", "The answer", "First and last name are equal.", "times likelier", "Start −"]
    {
        assert!(page.contains(wanted), "{wanted}: {page}");
    }
    assert!(page.contains("today’s registry") && page.contains("Least for a match +6.0"), "{page}");

    question(&mut asked, "identifier", "A40017");
    let page = words(&staff.post_form("/admin/explain", &asked).await.expect(200));
    assert!(page.contains("Answer Conflict") && page.contains("Rule 1."), "{page}");
    assert!(page.contains(&other.last) && page.contains("Behind"), "{page}");

    let page = words(&staff.post_form("/admin/explain", &[("last", "Zzyzx"), ("first", "Nobody")]).await.expect(200));
    assert!(page.contains("Nobody in the registry"), "{page}");
    assert!(world.trail(of.id).await.contains(&"identity.explain by accreditor".to_owned()));
    assert!(world.trail(other.id).await.contains(&"identity.explain by accreditor".to_owned()));
}

#[tokio::test]
async fn a_question_with_faults_comes_back_filled_in() {
    let mut world = World::new().await;
    let staff = &mut world.first;
    staff.get("/admin/explain").await.expect(200);
    let hostile = "O'Brien <b>\"x\"</b>";
    let fields = [("first", hostile), ("birth_month", "2"), ("birth_day", "30"), ("diplomate_id", "7")];
    let refused = staff.post_form("/admin/explain", &fields).await.expect(422);
    let page = words(&refused);
    assert!(page.contains("2 answers need attention"), "{page}");
    assert!(page.contains("Enter month and day of birth as numbers") && page.contains("Choose the board"), "{page}");
    assert!(refused.text().contains("value=\"30\"") && !refused.text().contains("<b>\"x\""), "{}", refused.text());
    staff.post_form("/admin/explain", &[]).await.expect(422);
    staff.post_form("/admin/explain", &[("last", "Ash"), ("upload", "x"), ("row", "1")]).await.expect(404);
}

#[tokio::test]
async fn a_reported_row_is_found_and_explained() {
    let mut world = World::new().await;
    let wrong = row("Add", 1, "2").replace("A40001", "A40030");
    let upload = world.upload(&(row("Add", 0, "2") + &wrong)).await;
    let staff = &mut world.first;
    let search = |number: &str| format!("/admin/explain/rows?provider={PROVIDER}&file=grand&number={number}");
    let found = staff.get(&search("2")).await.expect(303);
    assert_eq!(found.location(), format!("/admin/explain?upload={upload}&row=2"));
    let page = staff.get(found.location()).await.expect(200);
    assert!(page.text().contains("value=\"Alma\"") && page.text().contains("value=\"A40000\""), "what was reported");
    let page = words(&page);
    assert!(page.contains("What became of it Accepted") && page.contains("2 of Grand Rounds.txt"), "{page}");
    assert!(page.contains("It is linked with the physician whom today’s answer names."), "{page}");

    let refused = words(&staff.get(&format!("/admin/explain?upload={upload}&row=3")).await.expect(200));
    assert!(refused.contains("What became of it Refused") && refused.contains("Rule 1."), "{refused}");
    assert!(words(&staff.get(&search("400")).await.expect(422)).contains("no settled row 400"));
    let faults = words(&staff.get("/admin/explain/rows?provider=12&number=x").await.expect(422));
    assert!(faults.contains("7 digits") && faults.contains("Enter the row’s number"), "{faults}");
    let none = staff.get(&format!("/admin/explain/rows?provider={PROVIDER}&file=other&number=2")).await.expect(200);
    assert!(words(&none).contains("No submission found"));

    // the same row by its completion, from the physician's page
    let record = staff.get(&format!("/admin/physicians/{}", physician(0).id)).await.expect(200).text();
    let link = record.split_once("/admin/explain?completion=").unwrap().1.split('"').next().unwrap();
    let by_completion = staff.get(&format!("/admin/explain?completion={link}")).await.expect(303);
    assert_eq!(by_completion.location(), format!("/admin/explain?upload={upload}&row=2"));
    let credit = format!("/admin/explain/rows?file=ccid:{PROVIDER}:{link}");
    assert!(staff.get(&credit).await.expect(303).location().ends_with(link));
    for nonsense in ["upload=x&row=1", "completion=x", "physician=x", &format!("upload={upload}&row=-1")] {
        staff.get(&format!("/admin/explain?{nonsense}")).await.expect(404);
    }
}

#[tokio::test]
async fn a_learner_typed_on_a_page_is_explained_by_what_is_kept() {
    let mut world = World::new().await;
    let of = physician(2);
    let birth = of.birth.unwrap();
    let (month, day) = (birth.month().to_string(), birth.day().to_string());
    let mut provider = world.test.sign_in(OWNER).await;
    let fields = [
        ("activity", testkit::records::ACTIVITY),
        ("completed", "11/02/2026"),
        ("first", of.first.as_str()),
        ("last", of.last.as_str()),
        ("birth_month", &month),
        ("birth_day", &day),
        ("state", "CA"),
        ("identifier", of.licenses[0].number.as_str()),
        ("credits", "2"),
        ("permission", "yes"),
    ];
    provider.post_form("/provider/learners/new", &fields).await.expect(303);
    let record = world.first.get(&format!("/admin/physicians/{}", of.id)).await.expect(200).text();
    let link = record.split_once("/admin/explain?completion=").unwrap().1.split('"').next().unwrap();
    let found = world.first.get(&format!("/admin/explain?completion={link}")).await.expect(303);
    let page = world.first.get(found.location()).await.expect(200);
    assert!(words(&page).contains("Part of the report is not kept"), "{}", words(&page));
    assert!(page.text().contains(&format!("value=\"{}\"", of.licenses[0].number)));
}

#[tokio::test]
async fn the_overview_counts_what_waits() {
    let mut world = World::new().await;
    assert!(words(&world.first.get("/admin").await.expect(200)).contains("Nothing waits for a person."));
    world.waits("licenses", &super::roster_row("Alma", "Ashdown", "01/01", "7001"), "several").await;
    world.add(&[double()]).await;
    world.pair_waits(physician(0).id, double().id).await;
    let mut staff = world.test.sign_in(ACCREDITOR).await;
    let page = words(&staff.get("/admin").await.expect(200));
    assert!(page.contains("1 Suggested pairs") && page.contains("1 Roster rows"), "{page}");
}
