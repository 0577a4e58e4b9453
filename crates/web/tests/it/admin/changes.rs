//! Merges and splits: one person proposes, another confirms, both with their eyes on the same preview;
//! done is undone with a reason.

use domain::access::Seat;
use testkit::people;
use testkit::records::{physician, row};

use super::{World, double, hidden, words};

const REASON: &str = "Both boards confirm by letter that she is one person.";

/// The second record of one person, with a completion of its own, and both records' ids.
async fn two_records(world: &World) -> (String, String) {
    world.add(&[double()]).await;
    let of_double = row("Add", 0, "3").replace("11/02/2026", "05/01/2026").replace("CA\tA40000", "NV\tN900");
    world.upload(&(row("Add", 0, "2") + &of_double)).await;
    (double().id.to_string(), physician(0).id.to_string())
}

async fn propose(world: &mut World, from: &str, into: &str) -> String {
    let fields = [("from", from), ("into", into), ("reason", REASON)];
    let done = world.first.post_form("/admin/changes/merge", &fields).await.expect(303);
    done.location().split_once('?').unwrap().0.to_owned()
}

#[tokio::test]
async fn a_merge_needs_two_people_and_can_be_undone() {
    let mut world = World::new().await;
    let (from, into) = two_records(&world).await;
    let form = format!("/admin/changes/merge?from={from}&into={into}");
    let page = words(&world.first.get(&form).await.expect(200));
    for wanted in ["Side by side", "What moves", "License NV N900", "Care of the Heart", "What stands against it"] {
        assert!(page.contains(wanted), "{wanted}: {page}");
    }
    let fields = [("from", from.as_str()), ("into", into.as_str()), ("reason", " ")];
    let refused = world.first.post_form("/admin/changes/merge", &fields).await.expect(422);
    assert!(words(&refused).contains("Say why") && words(&refused).contains("License NV N900"));

    let change = propose(&mut world, &from, &into).await;
    let own = world.first.get(&change).await.expect(200);
    assert!(words(&own).contains("Somebody else must confirm it"), "{}", words(&own));
    assert!(!own.text().contains("/confirm\""), "the proposer is not offered to confirm");
    let seen = hidden(&world.second.get(&change).await.expect(200), "seen");
    let confirm = format!("{change}/confirm");
    world.first.post_form(&confirm, &[("seen", &seen)]).await.expect(403);
    let waiting = words(&world.second.get("/admin/changes").await.expect(200));
    assert!(waiting.contains("Merge of Alma Ashdown") && waiting.contains(REASON), "{waiting}");
    assert!(words(&world.second.get("/admin").await.expect(200)).contains("1 Merges and splits to confirm"));

    let done = world.second.post_form(&confirm, &[("seen", &seen)]).await.expect(303);
    let page = words(&world.second.get(done.location()).await.expect(200));
    assert!(page.contains("Confirmed Noor Haddad") && page.contains("Completions 1"), "{page}");
    let gone = words(&world.first.get(&format!("/admin/physicians/{from}")).await.expect(200));
    assert!(gone.contains("This record is part of another"), "{gone}");
    let stays = words(&world.first.get(&format!("/admin/physicians/{into}")).await.expect(200));
    assert!(stays.contains("NV N900") && stays.contains("Another record into this one"), "{stays}");

    let undo = format!("{change}/undo");
    let page = words(&world.first.get(&undo).await.expect(200));
    assert!(page.contains("Undo this merge") && page.contains("What goes back"), "{page}");
    let refused = world.first.post_form(&undo, &[("reason", "")]).await.expect(422);
    assert!(words(&refused).contains("Say why"));
    let done = world.first.post_form(&undo, &[("reason", "The Nevada board corrected its letter.")]).await.expect(303);
    let page = words(&world.first.get(done.location()).await.expect(200));
    assert!(page.contains("Undone") && page.contains("corrected its letter"), "{page}");
    let back = words(&world.first.get(&format!("/admin/physicians/{from}")).await.expect(200));
    assert!(back.contains("NV N900") && !back.contains("is part of another"), "{back}");
    let again = world.first.get(&undo).await;
    assert!(matches!(again.status, 303 | 422), "what is undone is not undone again: {}", again.status);
}

#[tokio::test]
async fn a_proposal_is_refused_or_looked_at_again_when_something_changed() {
    let mut world = World::new().await;
    let (from, into) = two_records(&world).await;
    let change = propose(&mut world, &from, &into).await;
    let stale = world.second.post_form(&format!("{change}/confirm"), &[("seen", "something else")]).await.expect(303);
    let page = words(&world.second.get(stale.location()).await.expect(200));
    assert!(page.contains("Something changed since you looked"), "{page}");
    let bare = world.second.post_form(&format!("{change}/decline"), &[("reason", "")]).await.expect(422);
    assert!(words(&bare).contains("Say why"));
    let reason = "The birthdays are of twins.";
    let done = world.second.post_form(&format!("{change}/decline"), &[("reason", reason)]).await.expect(303);
    let page = words(&world.second.get(done.location()).await.expect(200));
    assert!(page.contains(&format!("Refused Noor Haddad : {reason}")) || page.contains(reason), "{page}");
    let list = words(&world.first.get("/admin/changes?stage=declined").await.expect(200));
    assert!(list.contains("Merge of Alma Ashdown"), "{list}");
    assert!(words(&world.first.get("/admin/changes").await.expect(200)).contains("Nothing waits"));
}

#[tokio::test]
async fn when_both_records_have_an_account_somebody_says_which_one_stays() {
    let mut world = World::new().await;
    let (from, into) = two_records(&world).await;
    let app = &world.test.app;
    people::add(app, "alma@one.example", "Alma Ashdown", Seat::Physician(double().id)).await;
    people::add(app, "alma@two.example", "Alma Ashdown", Seat::Physician(physician(0).id)).await;
    let change = propose(&mut world, &from, &into).await;
    let page = world.second.get(&change).await.expect(200);
    assert!(words(&page).contains("Which Passport account stays?"), "{}", words(&page));
    let seen = hidden(&page, "seen");
    let confirm = format!("{change}/confirm");
    let refused = world.second.post_form(&confirm, &[("seen", &seen)]).await.expect(422);
    assert!(words(&refused).contains("One answer needs attention"), "{}", words(&refused));
    world.second.post_form(&confirm, &[("seen", &seen), ("keep", "into")]).await.expect(303);
}

#[tokio::test]
async fn records_that_cannot_be_merged_are_said_so_and_nonsense_is_absent() {
    let mut world = World::new().await;
    let (_, into) = two_records(&world).await;
    let same = world.first.get(&format!("/admin/changes/merge?from={into}&into={into}")).await.expect(422);
    assert!(words(&same).contains("These records cannot be merged"), "{}", words(&same));
    for path in [
        "/admin/changes/merge".to_owned(),
        format!("/admin/changes/merge?from=x&into={into}"),
        format!("/admin/changes/merge?from={into}&into=00000000-0000-7000-8000-000000000000"),
        "/admin/changes/split".to_owned(),
        "/admin/changes/x".to_owned(),
        format!("/admin/changes/{into}"),
        format!("/admin/changes/{into}/undo"),
    ] {
        world.first.get(&path).await.expect(404);
    }
}

#[tokio::test]
async fn a_split_takes_what_was_chosen_to_a_new_record() {
    let mut world = World::new().await;
    let mut of = double();
    of.licenses.extend(physician(50).licenses.into_iter().map(|mut held| {
        held.number = "B777".into();
        held
    }));
    world.add(&[of.clone()]).await;
    let from = of.id.to_string();
    let form = world.first.get(&format!("/admin/changes/split?from={from}")).await.expect(200);
    assert!(form.text().contains("value=\"CA B777\"") && form.text().contains("value=\"NV N900\""));
    assert!(form.text().contains("name=\"keeps_last\" value=\"Ashdown\""), "{}", form.text());
    let mut fields = vec![
        ("from", from.as_str()),
        ("into", ""),
        ("license", "CA B777"),
        ("keeps_first", "Alma"),
        ("keeps_last", "Ashdown"),
        ("keeps_birth", "01/01"),
        ("keeps_degree", "MD"),
        ("keeps_npi", "1234567893"),
        ("gets_first", "Alina"),
        ("gets_last", "Ashdown"),
        ("gets_birth", "02/30"),
        ("reason", REASON),
    ];
    let refused = world.first.post_form("/admin/changes/split", &fields).await.expect(422);
    assert!(words(&refused).contains("Write month and day of birth as MM/DD"), "{}", words(&refused));
    assert!(refused.text().contains("value=\"CA B777\" checked") && refused.text().contains("value=\"Alina\""));

    fields.retain(|(name, _)| *name != "gets_birth");
    fields.push(("gets_birth", "02/03"));
    let mut shows = fields.clone();
    shows.push(("then", "show"));
    let shown = world.first.post_form("/admin/changes/split", &shows).await.expect(200);
    assert!(words(&shown).contains("What moves License CA B777"), "{}", words(&shown));
    let done = world.first.post_form("/admin/changes/split", &fields).await.expect(303);
    let change = done.location().split_once('?').unwrap().0.to_owned();
    let seen = hidden(&world.second.get(&change).await.expect(200), "seen");
    world.second.post_form(&format!("{change}/confirm"), &[("seen", &seen)]).await.expect(303);
    let found = world.first.post_form("/admin/physicians", &[("number", "B777")]).await.expect(200);
    assert!(words(&found).contains("Alina Ashdown") && words(&found).contains("02/03"), "{}", words(&found));
    let kept = words(&world.first.get(&format!("/admin/physicians/{from}")).await.expect(200));
    assert!(!kept.contains("B777") && kept.contains("Part of this record to another"), "{kept}");
}
