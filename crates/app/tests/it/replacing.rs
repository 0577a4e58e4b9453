//! Correcting, deleting and sending again what is on record: both or neither, nothing lost that stayed the same,
//! and the record proves itself afterwards.

use app::Error;
use app::decisions::{self, Decision};
use app::reports::{self, Correction, Replaced, SentAgain};
use domain::access::{Actor, ProviderRole};
use domain::credit::{CreditStatus, Kind};
use domain::{Code, CompletionId, CreditId, Field};
use store::learners::{Learner, Reported, Search, Sort};
use testkit::people::{CERTIFYING_BOARD, OTHER_OWNER, VIEWER, actor};
use testkit::records::{ACTIVITY, HEADER, physician, row, row_with_points};

use crate::world::World;

const SENDER: &str = "Ida Ward";

async fn all(world: &World, search: Search) -> Vec<Learner> {
    let mut tx = world.app.store.read().await.unwrap();
    let ids = store::learners::search(&mut tx, &world.scope(), &search, Sort::OldestReport, 0, 100).await.unwrap();
    store::learners::find_many(&mut tx, &world.scope(), &ids).await.unwrap()
}

async fn only(world: &World) -> Learner {
    let all = all(world, Search::default()).await;
    assert_eq!(all.len(), 1, "{all:#?}");
    all.into_iter().next().unwrap()
}

async fn find(world: &World, id: CompletionId) -> Learner {
    let mut tx = world.app.store.read().await.unwrap();
    store::learners::find(&mut tx, &world.scope(), id).await.unwrap().unwrap()
}

fn seen(learner: &Learner) -> Vec<CreditId> {
    learner.live().filter(|credit| !credit.is_derived).map(|credit| credit.id).collect()
}

fn credit(learner: &Learner, key: &str) -> Reported {
    let kind = Kind::read(key).unwrap();
    learner.live().find(|credit| credit.kind == kind).unwrap_or_else(|| panic!("{key} in {learner:#?}")).clone()
}

/// What is on record, as it would be typed, with some fields otherwise.
fn typed(n: usize, cme: &str, points: &str, other: &[(Field, &str)]) -> Vec<(Field, String)> {
    let person = physician(n);
    let board = |value: &str| if points.is_empty() { String::new() } else { value.to_owned() };
    let mut fields = vec![
        (Field::RecordAction, "Add".to_owned()),
        (Field::ActivityId, ACTIVITY.to_owned()),
        (Field::CompletionDate, "11/02/2026".to_owned()),
        (Field::FirstName, person.first.clone()),
        (Field::LastName, person.last.clone()),
        (Field::Birth, person.birth.unwrap().to_string()),
        (Field::State, "CA".to_owned()),
        (Field::Identifier, person.licenses[0].number.clone()),
        (Field::CmeCredits, cme.to_owned()),
        (Field::Board, board("ABIM")),
        (Field::DiplomateId, board(&person.certifications[0].diplomate_id)),
        (Field::BoardCredits, points.to_owned()),
        (Field::CreditType(0), board("Medical Knowledge")),
        (Field::CreditTypeAmount(0), points.to_owned()),
    ];
    for (field, value) in other {
        match fields.iter_mut().find(|(known, _)| known == field) {
            Some(known) => known.1 = (*value).to_owned(),
            None => fields.push((*field, (*value).to_owned())),
        }
    }
    fields
}

async fn correct(world: &World, learner: &Learner, reports: Vec<Vec<(Field, String)>>) -> Result<Replaced, Error> {
    let correction = Correction { completion: learner.id, seen: seen(learner), reports };
    reports::correct(&world.app, &world.actor, SENDER, &correction).await
}

async fn done(world: &World, learner: &Learner, report: Vec<(Field, String)>) -> Learner {
    match correct(world, learner, vec![report]).await.unwrap() {
        Replaced::Done(now) => find(world, now).await,
        other => panic!("{other:?}"),
    }
}

async fn decide(world: &World, credit: CreditId, status: CreditStatus, reason: &str) {
    let board = actor(&world.app, CERTIFYING_BOARD).await;
    let decision = Decision { credit, status, reason: reason.to_owned() };
    decisions::decide_many(&world.app, &board, &[decision]).await.unwrap();
}

/// One completion with 2 CME credits and 2 ABIM points, which the board has answered.
async fn answered(status: CreditStatus, reason: &str) -> (World, Learner) {
    let world = World::new().await;
    world.upload(&format!("{HEADER}{}", row_with_points(0, "2", "2"))).await;
    let reported = only(&world).await;
    decide(&world, credit(&reported, "ABIM").id, status, reason).await;
    let learner = only(&world).await;
    (world, learner)
}

fn codes(answer: Replaced) -> Vec<Code> {
    match answer {
        Replaced::Refused(problems) => problems.into_iter().map(|(_, problem)| problem.code).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_corrected_cme_amount_leaves_the_boards_answer_alone() {
    let (world, before) = answered(CreditStatus::Accepted, "").await;
    let after = done(&world, &before, typed(0, "1.5", "2", &[])).await;
    assert_eq!((after.id, after.withdrawn_at), (before.id, None));
    assert_eq!(credit(&after, "ABIM"), credit(&before, "ABIM"));
    assert_eq!(credit(&after, "ABIM").status, CreditStatus::Accepted);
    assert_eq!(credit(&after, "CME").amount.to_string(), "1.5");
    assert_eq!(after.live().count(), 2);
    let mut tx = world.app.store.read().await.unwrap();
    let taken = store::learners::taken_back(&mut tx, &world.scope(), before.id).await.unwrap();
    assert_eq!(taken.len(), 1);
    assert_eq!((taken[0].by.as_str(), taken[0].act.as_str()), (SENDER, reports::CORRECTION));
    drop(tx);
    world.assert_sound().await;
}

#[tokio::test]
async fn points_that_change_are_reported_anew_and_the_cme_credit_stays() {
    let (world, before) = answered(CreditStatus::Rejected, "Credit type does not apply to this activity").await;
    let after = done(&world, &before, typed(0, "2", "1", &[])).await;
    assert_eq!(after.id, before.id);
    assert_eq!(credit(&after, "CME"), credit(&before, "CME"));
    let points = credit(&after, "ABIM");
    assert_eq!((points.status, points.amount.to_string().as_str()), (CreditStatus::Pending, "1"));
    // another ID with the board is another report to it
    decide(&world, points.id, CreditStatus::Rejected, "Name and diplomate ID do not agree").await;
    let again = find(&world, after.id).await;
    let types = [(Field::CreditType(1), "Patient Safety"), (Field::CreditTypeAmount(1), "1")];
    let after = done(&world, &again, typed(0, "2", "1", &types)).await;
    assert_eq!(credit(&after, "ABIM").types.len(), 2);
    assert_eq!(after.credits.iter().filter(|credit| credit.withdrawn_at.is_some()).count(), 2);
    world.assert_sound().await;
}

#[tokio::test]
async fn other_details_of_the_learner_make_another_report_in_its_place() {
    let (world, before) = answered(CreditStatus::Accepted, "").await;
    // another day, and a nickname: the same physician, another report
    let after = done(&world, &before, typed(0, "2", "2", &[(Field::CompletionDate, "11/03/2026")])).await;
    assert_ne!(after.id, before.id);
    assert_eq!(credit(&after, "ABIM").status, CreditStatus::Pending);
    assert_eq!(only(&world).await.id, after.id);
    let mut tx = world.app.store.read().await.unwrap();
    let taken = store::learners::taken_back(&mut tx, &world.scope(), before.id).await.unwrap();
    assert_eq!(taken.iter().map(|taken| taken.became).collect::<Vec<_>>(), [Some(after.id)]);
    let place = store::learners::took_place_of(&mut tx, &world.scope(), after.id).await.unwrap();
    assert_eq!(place, Some(before.id));
    drop(tx);
    // somebody else altogether
    let other = done(&world, &after, typed(1, "2", "", &[])).await;
    assert_eq!((other.last_name.as_str(), other.live().count()), (physician(1).last.as_str(), 1));
    let withdrawn = all(&world, Search { is_withdrawn: true, ..Search::default() }).await;
    assert_eq!(withdrawn.len(), 2);
    world.assert_sound().await;
}

#[tokio::test]
async fn a_correction_that_is_refused_changes_nothing_and_says_why() {
    let (world, before) = answered(CreditStatus::Accepted, "").await;
    // with the license and ID of the first
    let somebody_else = [(Field::FirstName, "Zebulon"), (Field::LastName, "Nobodyofthatname"), (Field::Birth, "07/09")];
    #[expect(clippy::type_complexity, reason = "a table")]
    let refused: [(Vec<(Field, String)>, &[Code]); 5] = [
        (typed(0, "1.1", "2", &[]), &[Code::AmountNotAQuarter]),
        (typed(0, "11", "2", &[]), &[Code::CreditAboveActivity]),
        (typed(0, "2", "2", &somebody_else), &[Code::IdentityConflict]),
        (typed(0, "", "", &[]), &[Code::CreditMissing]),
        (typed(0, "2", "2", &[(Field::ActivityId, "202600002")]), &[Code::ActivityUnknown]),
    ];
    for (report, wanted) in refused {
        let answer = correct(&world, &before, vec![report]).await.unwrap();
        assert_eq!(codes(answer), wanted);
        assert_eq!(only(&world).await, before);
    }
    // what would be in the way of another completion is refused too
    world.upload(&format!("{HEADER}{}", row("Add", 1, "3"))).await;
    let answer = correct(&world, &before, vec![typed(1, "2", "", &[])]).await.unwrap();
    assert_eq!(codes(answer), [Code::CreditDiffers]);
    assert_eq!(find(&world, before.id).await, before);
    world.assert_sound().await;
}

#[tokio::test]
async fn two_reports_name_their_own_place_and_the_same_again_is_no_change() {
    let (world, before) = answered(CreditStatus::Accepted, "").await;
    let second = typed(0, "2", "1", &[(Field::Board, "ABS"), (Field::CreditType(0), "Accredited CME")]);
    let answer = correct(&world, &before, vec![typed(0, "2", "2", &[]), second]).await.unwrap();
    match answer {
        Replaced::Refused(problems) => assert!(problems.iter().all(|(place, _)| *place == 1), "{problems:?}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(correct(&world, &before, vec![typed(0, "2", "2", &[])]).await.unwrap(), Replaced::Unchanged);
    assert_eq!(only(&world).await, before);
}

#[tokio::test]
async fn who_saw_something_else_changes_nothing_and_a_second_press_neither() {
    let (world, before) = answered(CreditStatus::Accepted, "").await;
    let after = done(&world, &before, typed(0, "1", "2", &[])).await;
    let again = correct(&world, &before, vec![typed(0, "1", "2", &[])]).await.unwrap();
    assert_eq!(again, Replaced::Meanwhile);
    let old = seen(&before);
    let deleted = reports::withdraw(&world.app, &world.actor, SENDER, before.id, &old, None).await.unwrap();
    assert_eq!(deleted, Replaced::Meanwhile);
    assert_eq!(only(&world).await, after);
    world.assert_sound().await;
}

#[tokio::test]
async fn a_reader_corrects_nothing_and_another_provider_finds_nothing() {
    let (world, before) = answered(CreditStatus::Rejected, "The board has recorded these points already").await;
    let points = credit(&before, "ABIM").id;
    let correction = Correction { completion: before.id, seen: seen(&before), reports: vec![typed(0, "1", "2", &[])] };
    let (reader, other) = (actor(&world.app, VIEWER).await, actor(&world.app, OTHER_OWNER).await);
    let try_all = async |who: &Actor| {
        let corrected = reports::correct(&world.app, who, SENDER, &correction).await;
        let deleted = reports::withdraw(&world.app, who, SENDER, before.id, &correction.seen, None).await;
        (corrected, deleted, reports::send_again(&world.app, who, SENDER, &[points]).await)
    };
    let refused = try_all(&reader).await;
    assert!(matches!(refused, (Err(Error::Forbidden(_)), Err(Error::Forbidden(_)), Err(Error::Forbidden(_)))));
    // the other provider has no such activity either; with one of its own it finds no completion
    let own = [(Field::ActivityId, testkit::records::OTHER_ACTIVITY)];
    let theirs = Correction { reports: vec![typed(0, "1", "2", &own)], ..correction.clone() };
    let corrected = reports::correct(&world.app, &other, SENDER, &theirs).await;
    assert!(matches!(corrected, Err(Error::NotFound)), "{corrected:?}");
    let deleted = reports::withdraw(&world.app, &other, SENDER, before.id, &theirs.seen, None).await;
    assert!(matches!(deleted, Err(Error::NotFound)), "{deleted:?}");
    let sent = reports::send_again(&world.app, &other, SENDER, &[points]).await.unwrap();
    assert_eq!(sent, SentAgain { left_alone: 1, ..SentAgain::default() });
    let scope = other.provider(ProviderRole::Viewer).unwrap();
    let mut tx = world.app.store.read().await.unwrap();
    assert_eq!(store::learners::find(&mut tx, &scope, before.id).await.unwrap(), None);
    assert_eq!(store::learners::taken_back(&mut tx, &scope, before.id).await.unwrap(), []);
    assert_eq!(store::learners::rejections(&mut tx, &scope).await.unwrap(), []);
    drop(tx);
    assert_eq!(only(&world).await, before);
}

#[tokio::test]
async fn a_completion_or_one_credit_of_it_is_deleted() {
    let (world, before) = answered(CreditStatus::Accepted, "").await;
    let points = credit(&before, "ABIM").id;
    let withdraw = async |learner: &Learner, only| {
        reports::withdraw(&world.app, &world.actor, SENDER, learner.id, &seen(learner), only).await.unwrap()
    };
    assert_eq!(withdraw(&before, Some(points)).await, Replaced::Done(before.id));
    let after = only(&world).await;
    assert_eq!(after.live().map(|credit| credit.kind).collect::<Vec<_>>(), [Kind::Cme]);
    assert_eq!(withdraw(&after, None).await, Replaced::Done(before.id));
    assert_eq!(all(&world, Search::default()).await, []);
    let gone = find(&world, before.id).await;
    assert!(gone.withdrawn_at.is_some() && gone.live().next().is_none());
    world.assert_sound().await;
}

#[tokio::test]
async fn rejected_points_are_sent_again_once_however_often_one_asks() {
    let world = World::new().await;
    let rows: String = (0..3).map(|n| row_with_points(n, "2", "2")).collect();
    world.upload(&format!("{HEADER}{rows}")).await;
    let learners = all(&world, Search::default()).await;
    let points: Vec<CreditId> = learners.iter().map(|learner| credit(learner, "ABIM").id).collect();
    for id in &points[..2] {
        decide(&world, *id, CreditStatus::Rejected, "Diplomate ID is not on the board’s roster").await;
    }
    let mut tx = world.app.store.read().await.unwrap();
    let groups = store::learners::rejections(&mut tx, &world.scope()).await.unwrap();
    assert_eq!(groups.iter().map(|group| group.credits).collect::<Vec<_>>(), [2]);
    drop(tx);
    let send = || reports::send_again(&world.app, &world.actor, SENDER, &points);
    let (one, other) = tokio::join!(send(), send());
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!((one.sent + other.sent, one.left_alone + other.left_alone), (2, 4), "{one:?} {other:?}");
    let search = Search { kind: Kind::read("ABIM"), status: Some(CreditStatus::Pending), ..Search::default() };
    assert_eq!(all(&world, search).await.len(), 3);
    for learner in all(&world, Search::default()).await {
        assert_eq!(learner.live().count(), 2, "{learner:#?}");
        assert_eq!(credit(&learner, "ABIM").diplomate_id.len(), 6);
    }
    world.assert_sound().await;
}

#[tokio::test]
async fn points_alone_come_back_as_another_completion_of_the_same_person() {
    let world = World::new().await;
    world.upload(&format!("{HEADER}{}", row_with_points(0, "", "2"))).await;
    let before = only(&world).await;
    let points = credit(&before, "ABIM").id;
    decide(&world, points, CreditStatus::Rejected, "Diplomate ID is not on the board’s roster").await;
    let sent = reports::send_again(&world.app, &world.actor, SENDER, &[points]).await.unwrap();
    assert_eq!((sent.sent, sent.left_alone, sent.refused.len()), (1, 0, 0));
    let after = only(&world).await;
    assert_eq!(credit(&after, "ABIM").status, CreditStatus::Pending);
    assert_eq!(
        (&after.last_name, &after.identifier, after.state),
        (&before.last_name, &before.identifier, before.state)
    );
    world.assert_sound().await;
}

#[tokio::test]
async fn a_rems_learner_is_corrected_by_the_providers_own_id() {
    let world = World::new().await;
    let rems = |profession: &str| {
        let own = [
            (Field::FirstName, "Pat"),
            (Field::LastName, "Quillfeather"),
            (Field::Birth, ""),
            (Field::State, ""),
            (Field::Identifier, ""),
            (Field::RemsLocalId, "L-0417"),
            (Field::RemsProfession, profession),
        ];
        typed(0, "", "", &own)
    };
    reports::report_one(&world.app, &world.actor, SENDER, rems("Pharmacist")).await.unwrap();
    let before = only(&world).await;
    assert!(!before.is_physician && before.identifier == "L-0417");
    assert_eq!(correct(&world, &before, vec![rems("Pharmacist")]).await.unwrap(), Replaced::Unchanged);
    let after = done(&world, &before, rems("Nurse")).await;
    assert_eq!(after.rems.as_ref().unwrap().profession, "Nurse");
    assert_eq!(all(&world, Search { identifier: "L-0417".into(), ..Search::default() }).await, [after]);
    world.assert_sound().await;
}

#[tokio::test]
async fn the_senders_own_id_goes_on_with_the_corrected_report() {
    let world = World::new().await;
    let own = [(Field::SubmissionId, "2026-000417")];
    reports::report_one(&world.app, &world.actor, SENDER, typed(0, "2", "2", &own)).await.unwrap();
    let before = only(&world).await;
    let after = done(&world, &before, typed(0, "2", "2", &[(Field::CompletionDate, "11/03/2026")])).await;
    assert_ne!(after.id, before.id);
    assert_eq!((before.submission_id.as_str(), after.submission_id.as_str()), ("2026-000417", "2026-000417"));
    let after = done(&world, &after, typed(0, "1", "2", &[(Field::CompletionDate, "11/03/2026")])).await;
    assert_eq!(after.submission_id, "2026-000417");
    world.assert_sound().await;
}
