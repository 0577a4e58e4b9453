//! The review list: one row after the other is settled, kept when the form has faults, and taken back.

use testkit::records::physician;

use super::{World, double, roster_row, words};

fn address(id: impl std::fmt::Display) -> String {
    format!("/admin/reviews/{id}")
}

#[tokio::test]
async fn a_row_is_attached_and_the_next_one_comes() {
    let mut world = World::new().await;
    let one = world.waits("licenses", &roster_row("Alma", "Ashdown", "01/01", "7001"), "several").await;
    let two = world.waits("licenses", &roster_row("Noor", "Quistgaard", "07/04", "7002"), "conflict").await;
    let staff = &mut world.first;
    let list = words(&staff.get("/admin/reviews").await.expect(200));
    assert!(list.contains("2 rows wait") && list.contains("Alma Ashdown NV 7001, born 01/01"), "{list}");
    assert!(list.contains("Without an identifier that agrees, more must be equal."), "{list}");

    let page = staff.get(&address(one)).await.expect(200);
    let id = physician(0).id.to_string();
    assert!(page.text().contains(&format!("name=\"settle\" value=\"{id}\"")), "the candidate can be chosen");
    let shown = words(&page);
    for wanted in ["Who is this?", "Roster", "Registry", "Equal", "times likelier", "CA A40000", "Row 7 of the roster"]
    {
        assert!(shown.contains(wanted), "{wanted}: {shown}");
    }
    let done = staff.post_form(&address(one), &[("settle", &id)]).await.expect(303);
    assert!(done.location().starts_with(&address(two)), "{}", done.location());
    let next = words(&staff.get(done.location()).await.expect(200));
    assert!(next.contains("The row before is attached") && next.contains("Noor Quistgaard"), "{next}");
    let last = staff.post_form(&address(two), &[("settle", "new")]).await.expect(303);
    assert!(last.location().starts_with("/admin/reviews?"), "{}", last.location());
    assert!(words(&staff.get(last.location()).await.expect(200)).contains("No rows wait"));

    let record = words(&staff.get(&format!("/admin/physicians/{id}")).await.expect(200));
    assert!(record.contains("NV 7001") && record.contains("A roster’s row was attached"), "{record}");
    let found = staff.post_form("/admin/physicians", &[("name", "Quistgaard")]).await.expect(200);
    assert!(words(&found).contains("NV 7002"), "{}", words(&found));
}

#[tokio::test]
async fn a_decision_with_faults_is_refused_and_kept() {
    let mut world = World::new().await;
    let id = world.waits("licenses", &roster_row("Alma", "Ashdown", "01/01", "7001"), "several").await;
    let staff = &mut world.first;
    for (fields, fault) in [
        (vec![], "Choose who this is."),
        (vec![("settle", "x' or 1=1")], "Choose who this is."),
        (vec![("settle", "dismiss"), ("reason", " ")], "Say why"),
        (vec![("settle", "other"), ("other", "<i>42</i>")], "Enter the record ID or the 10-digit NPI"),
        (vec![("settle", "other"), ("other", "1999999999")], "Enter the record ID or the 10-digit NPI"),
        (vec![("settle", "other"), ("reason", "kept text")], "Enter the record ID or the 10-digit NPI"),
    ] {
        let refused = staff.post_form(&address(id), &fields).await.expect(422);
        assert!(words(&refused).contains(fault), "{fields:?}: {}", words(&refused));
        assert!(!refused.text().contains("<i>42"));
        if fields.contains(&("reason", "kept text")) {
            assert!(refused.text().contains("kept text") && refused.text().contains("value=\"other\" checked"));
        }
    }
    assert!(words(&staff.get("/admin/reviews").await.expect(200)).contains("1 row waits"));
    staff.get(&address("nonsense")).await.expect(404);
    staff.get(&address(uuid::Uuid::nil())).await.expect(404);
    staff.post_form(&address(uuid::Uuid::nil()), &[("settle", "new")]).await.expect(404);
}

#[tokio::test]
async fn a_row_goes_to_somebody_named_by_npi_and_can_be_taken_back() {
    let mut world = World::new().await;
    world.add(&[double()]).await;
    let id = world.waits("licenses", &roster_row("Alma", "Ashdown", "01/01", "7001"), "several").await;
    let fields = [("settle", "other"), ("other", "1234567893")];
    world.first.post_form(&address(id), &fields).await.expect(303);
    let record = format!("/admin/physicians/{}", double().id);
    assert!(words(&world.first.get(&record).await.expect(200)).contains("NV 7001 Active"));

    let settled = words(&world.second.get("/admin/reviews/settled").await.expect(200));
    assert!(settled.contains("Attached to a physician") && settled.contains("Alma Ashdown"), "{settled}");
    let page = words(&world.second.get(&address(id)).await.expect(200));
    assert!(page.contains("Take it back") && !page.contains("Who is this?"), "{page}");
    let undo = format!("{}/undo", address(id));
    let refused = world.second.post_form(&undo, &[("reason", "")]).await.expect(422);
    assert!(words(&refused).contains("Say why"), "{}", words(&refused));
    let done = world.second.post_form(&undo, &[("reason", "Another Alma, says the board.")]).await.expect(303);
    assert!(words(&world.second.get(done.location()).await.expect(200)).contains("The row waits again."));
    assert!(!words(&world.first.get(&record).await.expect(200)).contains("NV 7001 Active"));
}

#[tokio::test]
async fn two_people_at_one_row_do_not_settle_it_twice() {
    let mut world = World::new().await;
    let id = world.waits("licenses", &roster_row("Alma", "Ashdown", "01/01", "7001"), "several").await;
    world.first.get(&address(id)).await.expect(200);
    world.second.post_form(&address(id), &[("settle", "dismiss"), ("reason", "A test row.")]).await.expect(303);
    let late = world.first.post_form(&address(id), &[("settle", "new")]).await.expect(303);
    let page = words(&world.first.get(late.location()).await.expect(200));
    assert!(page.contains("Somebody settled this row meanwhile") && page.contains("A test row."), "{page}");
    assert!(page.contains("Noor Haddad"), "{page}");
}

#[tokio::test]
async fn the_list_is_filtered_and_the_next_row_is_of_the_same_kind() {
    let mut world = World::new().await;
    let one = world.waits("licenses", &roster_row("Alma", "Ashdown", "01/01", "7001"), "several").await;
    let other = world.waits("licenses", &roster_row("Bruno", "Nowhere", "02/02", "7002"), "conflict").await;
    let third = world.waits("licenses", &roster_row("Celia", "Nowhere", "03/03", "7003"), "several").await;
    let staff = &mut world.first;
    let list = words(&staff.get("/admin/reviews?kind=licenses&outcome=several").await.expect(200));
    assert!(list.contains("2 rows wait") && !list.contains("Bruno Nowhere"), "{list}");
    let to = format!("{}?kind=licenses&outcome=several", address(one));
    let done = staff.post_form(&to, &[("settle", "dismiss"), ("reason", "A test row.")]).await.expect(303);
    assert!(done.location().starts_with(&address(third)), "{} and not {other}", done.location());
    let nothing = staff.get("/admin/reviews?kind=certifications").await.expect(200);
    assert!(words(&nothing).contains("Nothing of this kind waits"));
    let nonsense = staff.get("/admin/reviews?kind=%3Cscript%3E&outcome=%27&page=-2").await.expect(200);
    assert!(words(&nonsense).contains("2 rows wait"), "nonsense shows the whole list");
}

#[tokio::test]
async fn a_suggested_pair_leads_to_a_merge_or_is_dismissed() {
    let mut world = World::new().await;
    world.add(&[double()]).await;
    let id = world.pair_waits(physician(0).id, double().id).await;
    let staff = &mut world.first;
    let list = words(&staff.get("/admin/reviews?kind=pair").await.expect(200));
    assert!(list.contains("Alma Ashdown and Alma Ashdown") && list.contains("NV N900"), "{list}");
    let page = words(&staff.get(&address(id)).await.expect(200));
    assert!(page.contains("Are they one person?") && page.contains("First record Second record"), "{page}");
    let go = staff.post_form(&address(id), &[("settle", "merge")]).await.expect(303);
    assert!(go.location().starts_with("/admin/changes/merge?from="), "{}", go.location());
    assert!(words(&staff.get(go.location()).await.expect(200)).contains("Merge two records"));
    let dismissed = [("settle", "dismiss"), ("reason", "Twins, says the Nevada board.")];
    staff.post_form(&address(id), &dismissed).await.expect(303);
    assert!(words(&staff.get("/admin/reviews").await.expect(200)).contains("No rows wait"));
    let looks = world.trail(double().id).await;
    assert!(looks.contains(&"review.open by accreditor".to_owned()), "{looks:?}");
    assert!(looks.contains(&"physician.list by accreditor".to_owned()), "{looks:?}");
}
