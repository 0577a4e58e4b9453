//! What the ledger, old papers and open claims say once a record was merged or split.

use app::verification::{self, Changes, Validity};
use domain::access::{ProviderRole, Seat};
use domain::upload::RowResult;
use testkit::people::{self, CERTIFYING_BOARD, actor};
use testkit::records;

use super::staff::*;

#[tokio::test]
async fn credit_added_to_a_completion_that_moved_is_the_new_holders_at_once() {
    let staff = two_records().await;
    let later = |row: String| row.replace("11/02/2026", "11/06/2026");
    staff.world.upload(&format!("{}{}", records::HEADER, later(row("Add", 1, "1")))).await;
    let change = staff.merge(id(1), id(0)).await;
    let points = later(row_with_points(1, "1", "1"));
    let upload = staff.world.upload(&format!("{}{points}", records::HEADER)).await;
    assert_eq!(upload.counts.accepted, 1, "{upload:?}");
    staff.world.assert_sound().await;
    staff.undo(change.id).await;
    let newest = staff.official(id(1)).await.unwrap().transcript.completions[0].clone();
    assert_eq!(newest.credits.len(), 2);
    staff.world.assert_sound().await;
}

#[tokio::test]
async fn a_withdrawn_credit_and_a_decided_one_move_and_return() {
    let staff = two_records().await;
    let change = staff.merge(id(1), id(0)).await;
    let board = actor(&staff.world.app, CERTIFYING_BOARD).await;
    let scope = board.certifying_board().unwrap();
    let mut tx = staff.world.app.store.read().await.unwrap();
    let pending = domain::credit::CreditStatus::Pending;
    let credit = store::moc::list(&mut tx, &scope, pending, 1, 0).await.unwrap().remove(0);
    drop(tx);
    assert_eq!((credit.physician, credit.diplomate_id.as_str()), (Some(id(0)), "300000"));
    app::decisions::decide(&staff.world.app, &board, credit.id, domain::credit::CreditStatus::Accepted, "")
        .await
        .unwrap();
    let delete = next_day(row("Delete", 1, "3"));
    let deleted = staff.world.upload(&format!("{}{delete}", records::HEADER)).await;
    assert_eq!(deleted.counts.deleted, 1, "{deleted:?}");
    staff.undo(change.id).await;
    staff.world.assert_sound().await;
    assert_eq!(staff.official(id(1)).await.unwrap().transcript.completions.len(), 1);
}

#[tokio::test]
async fn credit_with_another_holder_than_the_ledger_says_is_found() {
    let staff = two_records().await;
    let sound = || async { staff.world.verify().await.is_sound() };
    let hold = |n: usize| {
        format!(
            "update completion set physician_id = (select physician_id from license where number = '{}')
         where learner_identifier = '{}'",
            physician(n).licenses[0].number,
            physician(1).licenses[0].number,
        )
    };
    // nobody moved it
    staff.world.tamper(&hold(7)).await;
    let report = staff.world.verify().await;
    assert!(report.faults.iter().any(|fault| fault.contains("another physician")), "{report:?}");
    staff.world.tamper(&hold(1)).await;
    assert!(sound().await);
    // reported for somebody else: the report's own leaf says no
    let reported = hold(7).replace("set physician_id", "set reported_physician_id");
    staff.world.tamper(&reported).await;
    assert!(!sound().await);
    staff.world.tamper(&reported.replace(&physician(7).licenses[0].number, &physician(1).licenses[0].number)).await;
    assert!(sound().await);

    let change = staff.merge(id(1), id(0)).await;
    assert!(sound().await);
    // moved on without a leaf; and with the leaf's own holder edited
    staff.world.tamper(&hold(7)).await;
    assert!(!sound().await);
    let leaf = |n: usize| {
        format!(
            "update ledger_leaf set holder_id = (select physician_id from license where number = '{}') where event = 'relink'",
            physician(n).licenses[0].number
        )
    };
    assert_eq!(staff.tamper(&leaf(7)).await, 2);
    let report = staff.world.verify().await;
    assert!(report.faults.iter().any(|fault| fault.contains("not what was recorded")), "{report:?}");
    staff.tamper(&leaf(0)).await;
    staff.world.tamper(&hold(0)).await;
    assert!(sound().await);
    // back again after the undo, the chain must end where it began
    staff.undo(change.id).await;
    assert!(sound().await);
    staff.world.tamper(&hold(0)).await;
    assert!(!sound().await);
}

#[tokio::test]
async fn transcripts_issued_before_still_verify_and_say_what_was_moved_away() {
    let staff = two_records().await;
    let app = &staff.world.app;
    let of_one = staff.official(id(1)).await.unwrap().code.clone();
    let validity = |code: String| async move { verification::verify(app, &code).await.unwrap().validity };
    let change = staff.merge(id(1), id(0)).await;
    assert_eq!(validity(of_one.clone()).await, Validity::Valid);
    assert_eq!(verification::verify(app, &of_one).await.unwrap().initials, "A. B.");
    let of_both = staff.official(id(0)).await.unwrap().code.clone();
    assert_eq!(validity(of_both.clone()).await, Validity::Valid);
    staff.undo(change.id).await;
    assert_eq!(validity(of_one).await, Validity::Valid);
    assert_eq!(validity(of_both).await, Validity::Corrected(Changes { moved: 2, ..Changes::default() }));
}

#[tokio::test]
async fn a_claim_that_was_proven_before_a_merge_opens_the_record_that_stays() {
    let staff = two_records().await;
    let app = &staff.world.app;
    let of = physician(1);
    let claim = app::claims::Claim {
        first: of.first.clone(),
        last: of.last.clone(),
        birth: of.birth.unwrap(),
        proof: app::claims::Proof::License(of.licenses[0].state, of.licenses[0].number.clone()),
        email: "bruno@physician.example".into(),
    };
    app::claims::request(app, &claim).await.unwrap();
    let link = staff.world.test.link_to("bruno@physician.example").await;
    let secret = link.rsplit('/').next().unwrap();
    staff.merge(id(1), id(0)).await;
    let started = app::claims::accept(app, secret, people::PASSWORD, "").await.unwrap();
    assert_eq!(started.seat, Seat::Physician(id(0)));
}

#[tokio::test]
async fn provider_rows_keep_their_answers_when_records_change() {
    let staff = two_records().await;
    let change = staff.merge(id(1), id(0)).await;
    let scope = staff.world.actor.provider(ProviderRole::Viewer).unwrap();
    let mut tx = staff.world.app.store.read().await.unwrap();
    let learners =
        store::learners::search(&mut tx, &scope, &Default::default(), Default::default(), 0, 10).await.unwrap();
    assert_eq!(learners.len(), 2);
    drop(tx);
    staff.undo(change.id).await;
    let results = staff.texts("select result from upload_row").await;
    assert_eq!(results, [RowResult::Accepted.code(); 2]);
}
