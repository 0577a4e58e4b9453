//! Files through the whole path: received, settled, corrected, proved.

use domain::upload::Counts;
use domain::{Code, Field};

use domain::upload::UploadStatus;
use testkit::records::{HEADER, activity_id, file, physician, row, row_with_points};

use crate::world::World;

fn counts(rows: i64, accepted: i64, refused: i64, already_reported: i64, deleted: i64) -> Counts {
    Counts { rows, accepted, refused, already_reported, deleted }
}

async fn codes(world: &World, upload: &store::uploads::Upload) -> Vec<(Code, i64)> {
    let scope = world.scope();
    let mut tx = world.app.store.read().await.unwrap();
    store::upload_rows::problem_counts(&mut tx, &scope, upload.id).await.unwrap()
}

#[tokio::test]
async fn good_rows_go_in_bad_rows_wait_and_the_record_proves_itself() {
    let world = World::new().await;
    let mut file = testkit::records::file(0..50);
    file += &row("Add", 60, "0.1");
    file += &row("Add", 61, "11");
    file += &row("Add", 62, "2").replace("11/02/2026", "02/30/2026");
    file += &row("Add", 63, "2").replace("202600001", "202699999");
    file += &row("Add", 64, "2").replace(&physician(64).last, "Nobody").replace(&physician(64).first, "Zenith");
    let upload = world.upload(&file).await;
    assert_eq!(upload.status, UploadStatus::Done);
    assert_eq!(upload.counts, counts(55, 50, 5, 0, 0));
    let mut found: Vec<Code> = codes(&world, &upload).await.into_iter().map(|(code, _)| code).collect();
    found.sort_unstable();
    let first_four = [Code::DateUnreadable, Code::AmountNotAQuarter, Code::ActivityUnknown, Code::CreditAboveActivity];
    for code in first_four {
        assert!(found.contains(&code), "{code} in {found:?}");
    }
    assert_eq!(found.len(), 5, "{found:?}");
    assert_eq!(world.assert_sound().await.credits, 50);
}

#[tokio::test]
async fn the_same_bytes_are_the_earlier_upload_and_the_same_rows_are_already_reported() {
    let world = World::new().await;
    let file = testkit::records::file(0..10);
    let first = world.upload(&file).await;
    let again = world.receive(&file).await;
    assert!(again.seen_before);
    assert_eq!(again.upload.id, first.id);
    let other = world.upload(&(file + "\n\n")).await;
    assert_eq!(other.counts, counts(10, 0, 0, 10, 0));
    assert_eq!(world.assert_sound().await.credits, 10);
}

#[tokio::test]
async fn a_learner_on_a_thousand_rows_is_one_learner() {
    let world = World::new().await;
    let upload = world.upload(&file(std::iter::repeat_n(4, 2_500))).await;
    assert_eq!(upload.counts, counts(2_500, 1, 0, 2_499, 0));
    assert_eq!(world.assert_sound().await.credits, 1);
}

#[tokio::test]
async fn a_correction_is_a_delete_and_an_add_in_one_file() {
    let world = World::new().await;
    world.upload(&file(0..3)).await;
    let differs = world.upload(&(HEADER.to_owned() + &row("Add", 0, "3"))).await;
    assert_eq!(codes(&world, &differs).await, [(Code::CreditDiffers, 1)]);
    let file = HEADER.to_owned()
        + &row("Delete", 0, "2")
        + &row("Add", 0, "3")
        + &row("delete", 1, "5")
        + &row("DELETE", 2, "2")
        + &row("Delete", 2, "2");
    let upload = world.upload(&file).await;
    assert_eq!(upload.counts, counts(5, 1, 2, 0, 2));
    assert_eq!(codes(&world, &upload).await, [(Code::DeleteNotFound, 2)]);
    assert_eq!(world.assert_sound().await.credits, 4);
}

#[tokio::test]
async fn an_add_and_its_delete_in_one_batch_leave_two_leaves_and_no_live_credit() {
    let world = World::new().await;
    let file = HEADER.to_owned() + &row("Add", 5, "2") + &row("Delete", 5, "2") + &row("Add", 5, "1");
    let upload = world.upload(&file).await;
    assert_eq!(upload.counts, counts(3, 2, 0, 0, 1));
    let report = world.assert_sound().await;
    assert_eq!((report.leaves, report.credits), (3, 2));
}

#[tokio::test]
async fn rows_of_one_learner_activity_and_date_become_one_completion() {
    let world = World::new().await;
    let with_board = row_with_points(7, "2", "2");
    let upload = world.upload(&(HEADER.to_owned() + &row("Add", 7, "2") + &with_board)).await;
    assert_eq!(upload.counts, counts(2, 2, 0, 0, 0));
    let scope = world.scope();
    let mut tx = world.app.store.read().await.unwrap();
    let person = store::completions::Person::Physician(physician(7).id);
    let live = store::completions::live(&mut tx, &scope, activity_id(), &[person]).await.unwrap();
    assert_eq!(live.len(), 1);
    assert_eq!(live[0].credits.len(), 2);
}

#[tokio::test]
async fn a_refused_row_is_corrected_on_screen_and_keeps_what_was_typed() {
    let world = World::new().await;
    let upload = world.upload(&(HEADER.to_owned() + &row("Add", 8, "0.1") + &row("Add", 9, "11"))).await;
    let scope = world.scope();
    let mut tx = world.app.store.read().await.unwrap();
    let refused = store::upload_rows::list_refused(&mut tx, &scope, upload.id, None, 0, 10).await.unwrap();
    drop(tx);
    let header: formats::Header = serde_json::from_str(upload.header.as_deref().unwrap()).unwrap();
    let credits = header.column(Field::CmeCredits).unwrap();
    let corrections = refused.iter().zip(["1.25", "12"]).map(|(row, typed)| {
        let mut cells = row.cells.clone();
        cells[credits] = typed.into();
        app::uploads::Correction { row: row.number, cells }
    });
    let corrected = app::uploads::correct(&world.app, &world.actor, upload.id, corrections.collect()).await.unwrap();
    assert_eq!(corrected.count(domain::upload::RowResult::Accepted), 1);
    assert_eq!(world.find(upload.id).await.counts, counts(2, 1, 1, 0, 0));
    let mut tx = world.app.store.read().await.unwrap();
    let left = store::upload_rows::list_refused(&mut tx, &scope, upload.id, None, 0, 10).await.unwrap();
    assert_eq!(left[0].cells[credits], "12");
    drop(tx);
    world.assert_sound().await;
}

#[tokio::test]
async fn every_edit_of_a_stored_fact_is_found() {
    let edits = [
        "update credit set amount = amount + 25 where leaf_index = 2",
        "update completion set completed_on = '2026-11-03' where row_number = 3",
        "update completion set first_name = 'Mallory' where row_number = 3",
        "update completion set reported_at = reported_at + 1 where row_number = 3",
        "update credit set status = 'rejected' where leaf_index = 1",
        "update credit set withdrawn_at = 1 where leaf_index = 1",
        "update ledger_leaf set at = at + 1 where leaf_index = 4",
        "delete from ledger_leaf where leaf_index = 4",
        "delete from credit where leaf_index = 0",
        "delete from completion where row_number = 2",
        "update ledger_head set signed_at = signed_at + 1, size = 4",
        "update completion set withdrawn_at = 5 where row_number = 2",
    ];
    for edit in edits {
        let world = World::new().await;
        world.upload(&file(0..5)).await;
        world.assert_sound().await;
        world.tamper(edit).await;
        let found = world.verify().await.faults;
        assert!(found.iter().any(|fault| !fault.starts_with(SUMS)), "not found: {edit}");
    }
}

/// How the fault begins that sums alone can be at.
const SUMS: &str = "sums for reports that are not those of the credits: 1 ";

#[tokio::test]
async fn sums_for_reports_that_are_not_those_of_the_credits_are_found() {
    let edits = [
        "update credit_tally set credits = credits + 1 where kind = 'CME'",
        "update credit_tally set amount = amount - 25 where kind = 'ABIM'",
        "delete from credit_tally where kind = 'ABIM'",
        "update credit_tally set status = 'accepted' where kind = 'ABIM'",
    ];
    for (edit, wrong) in edits.into_iter().zip([1, 1, 1, 2]) {
        let world = World::new().await;
        world.upload(&(HEADER.to_owned() + &row("Add", 2, "2") + &row_with_points(3, "2", "2"))).await;
        world.assert_sound().await;
        world.tamper(edit).await;
        let found = world.verify().await;
        assert_eq!(found.fault_count, 1, "{edit}: {found:?}");
        assert!(found.faults[0].starts_with(&SUMS.replace('1', &wrong.to_string())), "{edit}: {found:?}");
    }
}

#[tokio::test]
async fn a_delete_that_names_a_board_leaves_the_other_credits() {
    let world = World::new().await;
    world.upload(&(HEADER.to_owned() + &row_with_points(3, "2", "2"))).await;
    let id = &physician(3).certifications[0].diplomate_id;
    let no_points = row("Delete", 3, "").replace("\t\t\t\t\t\n", &format!("\tABIM\t{id}\t\t\t\n"));
    let upload = world.upload(&(HEADER.to_owned() + &no_points)).await;
    assert_eq!(upload.counts, counts(1, 0, 0, 0, 1));
    let mut tx = world.app.store.read().await.unwrap();
    let person = store::completions::Person::Physician(physician(3).id);
    let live = store::completions::live(&mut tx, &world.scope(), activity_id(), &[person]).await.unwrap();
    assert_eq!(live[0].credits.iter().map(|credit| credit.kind.key()).collect::<Vec<_>>(), ["CME"]);
    drop(tx);
    let again = world.upload(&(HEADER.to_owned() + "\n" + &no_points)).await;
    assert_eq!(codes(&world, &again).await, [(Code::DeleteNotFound, 1)]);
    world.assert_sound().await;
}

#[tokio::test]
async fn a_row_corrected_by_somebody_else_meanwhile_is_left_alone() {
    let world = World::new().await;
    let upload = world.upload(&(HEADER.to_owned() + &row("Add", 8, "0.1"))).await;
    let cells = |credits: &str| {
        let typed = row("Add", 8, credits);
        typed.trim_end_matches('\n').split('\t').map(str::to_owned).collect::<Vec<_>>()
    };
    let send = |credits: &str| {
        let corrections = vec![app::uploads::Correction { row: 2, cells: cells(credits) }];
        app::uploads::correct(&world.app, &world.actor, upload.id, corrections)
    };
    let (first, second) = tokio::join!(send("1"), send("3"));
    let settled = [first.unwrap(), second.unwrap()].iter().map(|corrected| corrected.settled.len()).sum::<usize>();
    assert_eq!(settled, 1, "both corrections went in");
    assert_eq!(world.find(upload.id).await.counts, counts(1, 1, 0, 0, 0));
    world.assert_sound().await;
}

#[tokio::test]
async fn what_was_judged_by_an_older_activity_is_judged_again() {
    let world = World::new().await;
    let header = formats::Header::standard();
    let mut reports = Vec::new();
    let cells: Vec<String> = row("Add", 9, "10").trim_end_matches('\n').split('\t').map(str::to_owned).collect();
    let typed = header.typed(1, cells);
    reports.push(formats::learner_report(&header, &typed, &world.app.reference.get()));
    let judged = app::reports::judge(&world.app, &world.scope(), reports).await.unwrap();
    world.tamper("update activity set credit = 500, version = version + 1 where activity_id = '202600001'").await;
    let upload = world.receive(&file(0..1)).await.upload;
    let mut tx = world.app.store.write().await.unwrap();
    let recorded = app::reports::record(&world.app, &mut tx, &world.scope(), upload.id, &[(1, &judged[0])]).await;
    assert!(matches!(recorded, Err(app::Error::Stale)), "{recorded:?}");
}
