//! Two records of one person merged, a record of two people split, either undone: credit moves with the
//! person, and the record proves itself after each step.

mod at_once;
mod proof;
mod shares;
mod staff;

use app::Error;
use app::identity::{
    Facts, KeptAccount, Plan, Stage, confirm, decline, of_change, of_merge, of_split, of_undo, propose_merge,
    split_draft, undo,
};
use app::transcripts;
use domain::access::Seat;
use domain::transcript::Filter;
use domain::{Amount, PhysicianId, State};
use matching::Outcome;
use testkit::people::{self, LICENSING_BOARD, actor};
use testkit::records;

use staff::*;

#[tokio::test]
async fn a_merge_moves_licenses_names_and_credit_and_the_record_proves_itself() {
    let staff = two_records().await;
    let preview = of_merge(&staff.world.app, &staff.first, id(1), id(0)).await.unwrap();
    assert_eq!((preview.licenses.len(), preview.certifications.len(), preview.completions.len()), (1, 1, 1));
    let codes: Vec<&str> = preview.against.iter().map(|against| against.code).collect();
    assert_eq!(codes, ["two_diplomate_ids", "last_name_differs", "two_licenses_in_state"]);

    let change = staff.merge(id(1), id(0)).await;
    assert_eq!((change.stage, change.proposed.name.as_str()), (Stage::Confirmed, "Ada Crane"));
    assert_eq!(change.confirmed.unwrap().name, "Noor Vance");
    let now = staff.find(id(0)).await;
    assert_eq!((now.licenses.len(), now.certifications.len()), (2, 2));
    assert_eq!(now.former_last, [physician(1).last]);
    assert_eq!(staff.linked(1), Outcome::Matched(id(0)));
    assert_eq!(staff.total(id(0)).await, Amount::new(500));
    assert!(matches!(staff.official(id(1)).await, Err(Error::NotFound)));
    let report = staff.world.assert_sound().await;
    // three reports and two credits that moved
    assert_eq!((report.credits, report.leaves, report.signed), (3, 5, 5));
    assert_eq!(staff.texts("select kind from event where kind like 'credit.m%'").await, ["credit.moved"]);
    let told = staff.texts("select detail from audit where action = 'identity.confirm'").await;
    assert_eq!(told, ["merge: 1 license, 1 certification, 1 completion moved"; 2]);
}

#[tokio::test]
async fn boards_look_up_the_merged_person_at_once() {
    let staff = two_records().await;
    let board = actor(&staff.world.app, LICENSING_BOARD).await;
    let scope = board.licensing_board().unwrap();
    staff.merge(id(1), id(0)).await;
    let search = store::licensees::Search { number: physician(1).licenses[0].number.clone(), ..Default::default() };
    let found = app::licensees::search(&staff.world.app, &board, &scope, &search).await.unwrap();
    assert_eq!((found.licensees.len(), found.licensees[0].id), (1, id(0)));
    let of = |physician| transcripts::of_licensee(&staff.world.app, &board, &scope, physician, Filter::default());
    assert!(matches!(of(id(1)).await, Err(Error::NotFound)));
    assert_eq!(of(id(0)).await.unwrap().transcript.completions.len(), 2);
    assert_eq!(staff.queue().await, 1);
}

#[tokio::test]
async fn undoing_a_merge_puts_every_fact_back_as_it_was() {
    let staff = two_records().await;
    let before = staff.facts().await;
    let change = staff.merge(id(1), id(0)).await;
    assert_ne!(staff.facts().await, before);
    let preview = of_undo(&staff.world.app, &staff.second, change.id).await.unwrap();
    assert!(preview.stays.is_empty() && preview.goes_back.len() == 3, "{preview:?}");
    assert_eq!(staff.undo(change.id).await, [""; 0]);
    assert_eq!(staff.facts().await, before);
    assert_eq!((staff.linked(0), staff.linked(1)), (Outcome::Matched(id(0)), Outcome::Matched(id(1))));
    assert_eq!(staff.total(id(1)).await, Amount::new(300));
    staff.world.assert_sound().await;
}

#[tokio::test]
async fn what_came_after_a_merge_stays_when_it_is_undone() {
    let staff = two_records().await;
    let change = staff.merge(id(1), id(0)).await;
    // by the license that moved, and by the record's own
    let later = |row: String| row.replace("11/02/2026", "11/05/2026");
    staff.world.upload(&format!("{}{}", records::HEADER, later(row("Add", 1, "4")))).await;
    assert_eq!(staff.total(id(0)).await, Amount::new(900));
    staff.undo(change.id).await;
    assert_eq!((staff.total(id(0)).await, staff.total(id(1)).await), (Amount::new(600), Amount::new(300)));
    staff.world.assert_sound().await;
}

#[tokio::test]
async fn a_split_gives_the_chosen_things_to_a_new_record_and_undoing_ends_it() {
    let staff = two_records().await;
    let both = staff.merge(id(1), id(0)).await;
    let before = staff.facts().await;
    let taken = both.moved.unwrap();
    let draft = split_draft(&staff.world.app, &staff.first, id(0), None).await.unwrap();
    let plan = Plan {
        licenses: taken.licenses.clone(),
        certifications: taken.certifications,
        completions: taken.completions,
        keeps: taken.into_before.unwrap(),
        gets: Facts { birth: physician(1).birth, first: physician(1).first, last: physician(1).last, ..draft.gets },
        account: false,
    };
    let split = staff.split(id(0), None, &plan).await;
    let new = split.into.unwrap();
    assert_eq!(staff.find(new).await.licenses, physician(1).licenses);
    assert_eq!(staff.linked(1), Outcome::Matched(new));
    assert_eq!((staff.total(id(0)).await, staff.total(new).await), (Amount::new(200), Amount::new(300)));
    staff.world.assert_sound().await;

    assert_eq!(staff.undo(split.id).await, [""; 0]);
    assert_eq!(staff.linked(1), Outcome::Matched(id(0)));
    assert!(matches!(staff.official(new).await, Err(Error::NotFound)));
    let ended = format!("{}", new.as_uuid().simple());
    let mut after = staff.facts().await;
    after.retain(|line| !line.starts_with(&format!("physician {ended}")));
    assert_eq!(after, before);
    staff.world.assert_sound().await;
}

#[tokio::test]
async fn a_split_into_a_known_record_is_undone_without_a_trace() {
    let staff = two_records().await;
    let draft = split_draft(&staff.world.app, &staff.first, id(0), Some(id(2))).await.unwrap();
    let before = staff.facts().await;
    let mut tx = staff.world.app.store.read().await.unwrap();
    let completions = store::identity_changes::records::live_completions(&mut tx, id(0)).await.unwrap();
    drop(tx);
    let plan = Plan { completions, ..draft };
    let split = staff.split(id(0), Some(id(2)), &plan).await;
    assert_eq!((staff.total(id(0)).await, staff.total(id(2)).await), (Amount::ZERO, Amount::new(200)));
    staff.world.assert_sound().await;
    staff.undo(split.id).await;
    assert_eq!(staff.facts().await, before);
    staff.world.assert_sound().await;
}

#[tokio::test]
async fn a_plan_takes_only_what_the_record_has() {
    let staff = two_records().await;
    let app = &staff.world.app;
    let draft = split_draft(app, &staff.first, id(0), None).await.unwrap();
    let of = |plan: Plan| async move { of_split(app, &staff.first, id(0), None, &plan).await };
    let ca = State::read("CA").unwrap();
    invalid(of(draft.clone()).await, "plan");
    invalid(of(Plan { licenses: vec![(ca, "Z1".into())], ..draft.clone() }).await, "plan");
    let own = vec![(ca, physician(0).licenses[0].number.clone())];
    let named = Plan { licenses: own, ..draft.clone() };
    let nameless = Facts { last: " ".into(), ..draft.gets.clone() };
    invalid(of(Plan { gets: nameless, ..named.clone() }).await, "gets");
    let invented = Facts { npi: Some("1234567893".into()), ..draft.gets.clone() };
    invalid(of(Plan { gets: invented, ..named.clone() }).await, "npi");
    assert_eq!(of(named).await.unwrap().licenses.len(), 1);
    staff.world.assert_sound().await;
}

#[tokio::test]
async fn a_completion_that_both_have_is_set_aside_and_never_counted_twice() {
    let staff = Staff::new().await;
    let same_day = [row_with_points(0, "2", "2"), row_with_points(1, "2", "2")].concat();
    staff.world.upload(&format!("{}{same_day}", records::HEADER)).await;
    assert_eq!(staff.queue().await, 2);
    let before = staff.facts().await;
    let preview = of_merge(&staff.world.app, &staff.first, id(1), id(0)).await.unwrap();
    assert_eq!((preview.completions.len(), preview.set_aside.len()), (0, 1));
    assert!(preview.against.iter().any(|against| against.code == "both_took_part"));
    let change = staff.merge(id(1), id(0)).await;
    assert_eq!(change.moved.unwrap().set_aside.len(), 1);
    assert_eq!((staff.total(id(0)).await, staff.queue().await), (Amount::new(200), 1));
    // the provider sends the second row again: it is on record already
    let again = staff.world.upload(&format!("{}{}\n", records::HEADER, row_with_points(1, "2", "2"))).await;
    assert_eq!(again.counts.already_reported, 1);
    staff.world.assert_sound().await;
    let preview = of_undo(&staff.world.app, &staff.first, change.id).await.unwrap();
    assert!(preview.goes_back.iter().any(|line| line.contains("set aside")), "{preview:?}");
    staff.undo(change.id).await;
    assert_eq!((staff.total(id(1)).await, staff.queue().await), (Amount::new(200), 2));
    assert_eq!(staff.facts().await, before);
    let told = staff.texts("select kind from event where kind like 'credit.%' order by event_seq").await;
    assert_eq!(told[2..], ["credit.set_aside", "credit.restored"]);
    staff.world.assert_sound().await;
}

#[tokio::test]
async fn what_was_set_aside_counts_once_its_double_is_found_to_be_anothers() {
    let staff = Staff::new().await;
    staff.world.upload(&format!("{}{}{}", records::HEADER, row("Add", 0, "2"), row("Add", 1, "2"))).await;
    let before = staff.facts().await;
    let merge = staff.merge(id(1), id(0)).await;
    let merged = staff.facts().await;
    let mut tx = staff.world.app.store.read().await.unwrap();
    let own = store::identity_changes::records::live_completions(&mut tx, id(0)).await.unwrap();
    drop(tx);
    let split = staff.move_alone(id(0), id(2), own).await.unwrap();
    assert_eq!(split.moved.unwrap().returned.len(), 1);
    assert_eq!((staff.total(id(0)).await, staff.total(id(2)).await), (Amount::new(200), Amount::new(200)));
    staff.world.assert_sound().await;
    // undone in their order, everything is as it was after each step
    staff.undo(split.id).await;
    assert_eq!(staff.facts().await, merged);
    staff.undo(merge.id).await;
    assert_eq!(staff.facts().await, before);
    staff.world.assert_sound().await;
}

#[tokio::test]
async fn undoing_the_merge_first_takes_what_had_been_set_aside_along() {
    let staff = Staff::new().await;
    staff.world.upload(&format!("{}{}{}", records::HEADER, row("Add", 0, "2"), row("Add", 1, "2"))).await;
    let merge = staff.merge(id(1), id(0)).await;
    let mut tx = staff.world.app.store.read().await.unwrap();
    let own = store::identity_changes::records::live_completions(&mut tx, id(0)).await.unwrap();
    drop(tx);
    staff.move_alone(id(0), id(2), own).await.unwrap();
    staff.undo(merge.id).await;
    let totals = (staff.total(id(0)).await, staff.total(id(1)).await, staff.total(id(2)).await);
    assert_eq!(totals, (Amount::ZERO, Amount::new(200), Amount::new(200)));
    staff.world.assert_sound().await;
}

#[tokio::test]
async fn a_number_that_both_hold_is_held_once_and_twice_again() {
    let staff = two_records().await;
    let twice = "insert into license (physician_id, state, number, number_key, status, updated_at)
                 select p.physician_id, l.state, l.number, l.number_key, 'Retired', 5
                 from license l join license p on p.number = 'A40001' where l.number = 'A40000'";
    staff.world.tamper(twice).await;
    let before = staff.facts().await;
    let change = staff.merge(id(1), id(0)).await;
    assert_eq!(change.moved.unwrap().double_licenses.len(), 1);
    assert_eq!(staff.texts("select status from license where number = 'A40000'").await, ["Active"]);
    staff.undo(change.id).await;
    assert_eq!(staff.facts().await, before);
}

#[tokio::test]
async fn the_only_account_goes_with_the_record_and_comes_back() {
    let staff = two_records().await;
    people::add(&staff.world.app, "bruno@physician.example", "Bruno Birchwoodson", Seat::Physician(id(1))).await;
    let mut bruno = staff.world.test.sign_in("bruno@physician.example").await;
    bruno.get("/passport").await.expect(200);
    let before = staff.facts().await;
    let change = staff.merge(id(1), id(0)).await;
    assert_eq!(bruno.get("/passport").await.status, 303, "signed out");
    let mut bruno = staff.world.test.sign_in("bruno@physician.example").await;
    let page = bruno.get("/passport").await.expect(200).text();
    assert!(page.contains(&physician(0).last), "{page}");
    staff.undo(change.id).await;
    assert_eq!(staff.facts().await, before);
}

#[tokio::test]
async fn of_two_accounts_the_confirming_person_chooses_and_undo_restores_both() {
    let staff = two_records().await;
    for (email, n) in [("alma@physician.example", 0), ("bruno@physician.example", 1)] {
        people::add(&staff.world.app, email, &physician(n).full_name(), Seat::Physician(id(n))).await;
    }
    let before = staff.facts().await;
    for (keep, closed, stays) in [
        (KeptAccount::Into, "bruno@physician.example", "alma@physician.example"),
        (KeptAccount::From, "alma@physician.example", "bruno@physician.example"),
    ] {
        let app = &staff.world.app;
        let proposed = propose_merge(app, &staff.first, id(1), id(0), "One person.").await.unwrap();
        let (_, preview) = of_change(app, &staff.second, proposed).await.unwrap();
        let seen = preview.unwrap().seen;
        invalid(confirm(app, &staff.second, proposed, &seen, None).await, "keep");
        let change = confirm(app, &staff.second, proposed, &seen, Some(keep)).await.unwrap();
        let (subject, _) = staff.world.test.letter_to(closed).await;
        assert!(subject.contains("joined with another"), "{subject}");
        let mut visitor = staff.world.test.sign_in(stays).await;
        visitor.get("/passport").await.expect(200);
        app.clock.advance(jiff::SignedDuration::from_secs(1));
        assert_eq!(staff.texts("select kind from seat where kind = 'physician'").await.len(), 1);
        staff.undo(change.id).await;
        let (subject, _) = staff.world.test.letter_to(closed).await;
        assert!(subject.contains("yours again"), "{subject}");
        assert_eq!(staff.facts().await, before, "{keep:?}");
    }
}

#[tokio::test]
async fn one_person_alone_moves_nothing() {
    let staff = two_records().await;
    let app = &staff.world.app;
    let before = staff.facts().await;
    let proposed = propose_merge(app, &staff.first, id(1), id(0), "One person.").await.unwrap();
    let (_, preview) = of_change(app, &staff.first, proposed).await.unwrap();
    let seen = preview.unwrap().seen;
    assert!(matches!(confirm(app, &staff.first, proposed, &seen, None).await, Err(Error::Forbidden(_))));
    assert!(matches!(confirm(app, &staff.second, proposed, "another preview", None).await, Err(Error::Stale)));
    invalid(undo(app, &staff.second, proposed, "It never was.").await, "change");
    assert_eq!(staff.facts().await, before);
    decline(app, &staff.second, proposed, "Their birthdays differ.").await.unwrap();
    assert!(matches!(confirm(app, &staff.second, proposed, &seen, None).await, Err(Error::Stale)));
    assert!(matches!(decline(app, &staff.second, proposed, "Again.").await, Err(Error::Stale)));
    invalid(propose_merge(app, &staff.first, id(1), id(0), " ").await, "reason");
}

#[tokio::test]
async fn nobody_but_the_accreditors_staff_may() {
    let staff = two_records().await;
    let app = &staff.world.app;
    let proposed = propose_merge(app, &staff.first, id(1), id(0), "One person.").await.unwrap();
    let physician = people::add(app, "celia@physician.example", "Celia", Seat::Physician(id(2))).await;
    let board = actor(app, LICENSING_BOARD).await;
    for stranger in [staff.world.actor, physician, board] {
        let refused = |result: Result<(), Error>| assert!(matches!(result, Err(Error::Forbidden(_))), "{result:?}");
        refused(of_merge(app, &stranger, id(1), id(0)).await.map(drop));
        refused(propose_merge(app, &stranger, id(2), id(0), "x").await.map(drop));
        refused(of_change(app, &stranger, proposed).await.map(drop));
        refused(confirm(app, &stranger, proposed, "", None).await.map(drop));
        refused(decline(app, &stranger, proposed, "x").await);
        refused(of_undo(app, &stranger, proposed).await.map(drop));
        refused(undo(app, &stranger, proposed, "x").await.map(drop));
    }
}

#[tokio::test]
async fn the_same_change_happens_once() {
    let staff = two_records().await;
    let app = &staff.world.app;
    let proposed = propose_merge(app, &staff.first, id(1), id(0), "One person.").await.unwrap();
    invalid(propose_merge(app, &staff.second, id(1), id(0), "One person.").await, "into");
    invalid(propose_merge(app, &staff.second, id(0), id(2), "One person.").await, "into");
    let (_, preview) = of_change(app, &staff.second, proposed).await.unwrap();
    let seen = preview.unwrap().seen;
    let at_once = tokio::join!(
        confirm(app, &staff.second, proposed, &seen, None),
        confirm(app, &staff.second, proposed, &seen, None)
    );
    assert!(matches!(at_once, (Ok(_), Err(Error::Stale)) | (Err(Error::Stale), Ok(_))), "{at_once:?}");
    let merged = staff.facts().await;
    staff.undo(proposed).await;
    invalid(undo(app, &staff.first, proposed, "Again.").await, "change");
    let again = staff.merge(id(1), id(0)).await;
    assert_ne!(again.id, proposed);
    assert_eq!(staff.facts().await, merged);
    staff.world.assert_sound().await;
}

#[tokio::test]
async fn a_record_is_merged_into_another_that_stands_and_never_in_a_circle() {
    let staff = two_records().await;
    let app = &staff.world.app;
    invalid(of_merge(app, &staff.first, id(1), id(1)).await, "into");
    assert!(matches!(
        of_merge(app, &staff.first, id(1), PhysicianId::new(uuid::Uuid::from_u128(99_999))).await,
        Err(Error::NotFound)
    ));
    let first = staff.merge(id(1), id(0)).await;
    invalid(of_merge(app, &staff.first, id(0), id(1)).await, "into");
    invalid(of_merge(app, &staff.first, id(1), id(2)).await, "into");
    invalid(propose_merge(app, &staff.first, id(2), id(1), "x").await, "into");
    let second = staff.merge(id(0), id(2)).await;
    assert_eq!(staff.linked(1), Outcome::Matched(id(2)));
    assert_eq!(staff.total(id(2)).await, Amount::new(500));
    let mut tx = app.store.read().await.unwrap();
    assert_eq!(store::identity_changes::records::survivor(&mut tx, id(1)).await.unwrap(), Some(id(2)));
    drop(tx);
    invalid(undo(app, &staff.first, first.id, "The first was wrong.").await, "change");
    staff.undo(second.id).await;
    staff.undo(first.id).await;
    assert_eq!(staff.linked(1), Outcome::Matched(id(1)));
    staff.world.assert_sound().await;
}
