//! A board's automatic rules, and the letters that tell providers of rejections.

use app::board_rules::{self, Preview};
use app::decisions::{self, Decision};
use domain::access::{Actor, Seat, Who};
use domain::credit::{CreditStatus, Kind};
use store::board_rules::BoardRules;
use store::physicians::Physician;
use testkit::people::{self, CERTIFYING_BOARD, LEARNER_DATA, OTHER_CERTIFYING_BOARD, OWNER, actor};
use testkit::records;

use crate::points::{Report, board, moc, physician};
use crate::world::World;

fn all() -> BoardRules {
    BoardRules {
        diplomate_unknown: Some("diplomate_unknown".into()),
        name_differs: Some("name_differs".into()),
        type_not_valid: Some("type_not_valid".into()),
        accepts: true,
    }
}

async fn abim(world: &World) -> Actor {
    actor(&world.app, CERTIFYING_BOARD).await
}

/// Sets the rules over those that stand.
async fn set(world: &World, actor: &Actor, rules: BoardRules) {
    let seen = board_rules::find(&world.app, &actor.certifying_board().unwrap()).await.unwrap();
    let seen = seen.map(|set| set.id.to_string()).unwrap_or_default();
    board_rules::set(&world.app, actor, &seen, rules).await.unwrap();
}

async fn answer(world: &World, n: usize, code: &str) -> (CreditStatus, String) {
    let credits = world.credits(n).await.into_iter().filter(|credit| credit.kind == Kind::Moc(board(code)));
    let mut credits = credits.map(|credit| (credit.status, credit.reason));
    credits.next().unwrap()
}

/// Reports the n-th physician's points with another ID of the board than the roster's.
async fn report_with_id(world: &World, n: usize, id: &str) {
    let fields = moc("ABIM", "1").fields(n).into_iter().map(|(field, value)| {
        let value = if field == domain::Field::DiplomateId { id.to_owned() } else { value };
        (field, value)
    });
    app::reports::report_one(&world.app, &world.actor, "Ida Ward", fields.collect()).await.unwrap();
}

#[tokio::test]
async fn without_rules_people_answer() {
    let world = World::with_boards().await;
    world.report(0, &moc("ABIM", "1")).await;
    world.settle().await;
    assert_eq!(answer(&world, 0, "ABIM").await.0, CreditStatus::Pending);
    assert_eq!(board_rules::find(&world.app, &abim(&world).await.certifying_board().unwrap()).await.unwrap(), None);
}

#[tokio::test]
async fn credit_that_passes_is_accepted_and_what_fails_is_rejected_with_the_boards_reason() {
    let world = World::with_boards().await;
    set(&world, &abim(&world).await, all()).await;
    // the registry knows the second by another first name, and the third is not on the roster
    let other = Physician { first: "Edith".into(), middle: String::new(), ..physician(1) };
    let mut unknown = physician(2);
    unknown.certifications.retain(|held| held.board != board("ABIM"));
    world.report(0, &moc("ABIM", "1")).await;
    world.report(1, &moc("ABIM", "1")).await;
    world.report(2, &moc("ABIM", "1")).await;
    world.report(0, &moc("ABS", "1")).await;
    let mut tx = world.app.store.write().await.unwrap();
    store::physicians::update(&mut tx, &[other]).await.unwrap();
    tx.commit().await.unwrap();
    let sql = format!("delete from certification where board = 'ABIM' and diplomate_id = '{}'", 300_002);
    world
        .tamper(&format!(
            "{sql} and physician_id = (select physician_id from completion where learner_identifier = '{}')",
            physician(2).licenses[0].number
        ))
        .await;
    world.settle().await;
    let rejected = |words: &str| (CreditStatus::Rejected, words.to_owned());
    assert_eq!(answer(&world, 0, "ABIM").await, (CreditStatus::Accepted, String::new()));
    assert_eq!(answer(&world, 1, "ABIM").await, rejected("Name and diplomate ID do not agree"));
    assert_eq!(answer(&world, 2, "ABIM").await, rejected("Diplomate ID is not on the board’s roster"));
    // another board's credit is another board's
    assert_eq!(answer(&world, 0, "ABS").await.0, CreditStatus::Pending);
    let audited = "select action || ' ' || detail from audit where action like 'credit.%' order by detail";
    let told = testkit::database::texts(&world.test.address, audited).await;
    assert_eq!(told[0], "credit.accept automatic rule");
    assert!(told[1].starts_with("credit.reject automatic rule: Diplomate ID"), "{told:?}");
    // the same events again change nothing
    let leaves = world.assert_sound().await.leaves;
    world.settle().await;
    assert_eq!(world.assert_sound().await.leaves, leaves);
}

#[tokio::test]
async fn an_id_that_the_roster_does_not_have_is_no_known_diplomate() {
    let world = World::with_boards().await;
    set(&world, &abim(&world).await, BoardRules { name_differs: None, ..all() }).await;
    // one digit more: the engine still knows the physician by license and name
    report_with_id(&world, 0, "3000009").await;
    world.settle().await;
    assert_eq!(answer(&world, 0, "ABIM").await.1, "Diplomate ID is not on the board’s roster");
}

#[tokio::test]
async fn what_waited_is_answered_once_somebody_asks_and_the_preview_says_what_comes() {
    let world = World::with_boards().await;
    let actor = abim(&world).await;
    let scope = actor.certifying_board().unwrap();
    for n in 0..3 {
        world.report(n, &moc("ABIM", "1")).await;
    }
    // nobody has looked at these events yet, and still they are older than the rules
    world.app.clock.advance(jiff::SignedDuration::from_secs(1));
    let accepts = BoardRules { accepts: true, ..BoardRules::default() };
    let expected = Preview { accepted: 3, ..Preview::default() };
    assert_eq!(board_rules::preview(&world.app, &scope, &accepts).await.unwrap(), expected);
    let nothing = board_rules::preview(&world.app, &scope, &BoardRules::default()).await.unwrap();
    assert_eq!((nothing.answers(), nothing.left), (0, 3));
    set(&world, &actor, accepts).await;
    world.settle().await;
    assert_eq!(answer(&world, 0, "ABIM").await.0, CreditStatus::Pending);
    board_rules::apply(&world.app, &actor).await.unwrap();
    board_rules::apply(&world.app, &actor).await.unwrap();
    assert!(board_rules::preview(&world.app, &scope, &BoardRules::default()).await.unwrap().is_running);
    records::work(&world.app).await;
    for n in 0..3 {
        assert_eq!(answer(&world, n, "ABIM").await.0, CreditStatus::Accepted);
    }
    let jobs = "select count(*) || '' from job where kind = 'answer_waiting'";
    assert_eq!(testkit::database::texts(&world.test.address, jobs).await, ["1"]);
    world.assert_sound().await;
}

#[tokio::test]
async fn rules_are_the_boards_own_and_nobody_overwrites_what_they_did_not_see() {
    let world = World::with_boards().await;
    let actor = abim(&world).await;
    set(&world, &actor, all()).await;
    assert!(matches!(board_rules::set(&world.app, &actor, "", all()).await, Err(app::Error::Stale)));
    let surgery = people::actor(&world.app, OTHER_CERTIFYING_BOARD).await;
    assert_eq!(board_rules::find(&world.app, &surgery.certifying_board().unwrap()).await.unwrap(), None);
    let wrong = BoardRules { name_differs: Some("because".into()), ..all() };
    assert!(matches!(board_rules::set(&world.app, &surgery, "", wrong).await, Err(app::Error::Invalid(_))));
    assert!(matches!(board_rules::set(&world.app, &world.actor, "", all()).await, Err(app::Error::NotFound)));
    let id = domain::ApiClientId::new(uuid::Uuid::nil());
    let program = Actor { who: Who::ApiClient(id), seat: Seat::CertifyingBoard(board("ABS")) };
    assert!(matches!(board_rules::set(&world.app, &program, "", all()).await, Err(app::Error::Forbidden(_))));
    assert!(matches!(board_rules::apply(&world.app, &world.actor).await, Err(app::Error::NotFound)));
}

#[tokio::test]
async fn one_letter_tells_of_all_rejections_and_the_next_waits_an_hour() {
    let world = World::with_boards().await;
    let actor = abim(&world).await;
    for n in 0..4 {
        world.report(n, &moc("ABIM", "1")).await;
    }
    reject(&world, &actor, 0, "Name and diplomate ID do not agree: née Secret").await;
    reject(&world, &actor, 1, "Name and diplomate ID do not agree").await;
    world.settle().await;
    let (subject, body) = world.test.letter_to(OWNER).await;
    assert_eq!(subject, "Certifying boards rejected 2 credits of Harborview Medical Society");
    assert!(
        body.contains("- Care of the Heart (202600040), 2 ABIM credits: Name and diplomate ID do not agree\n"),
        "{body}"
    );
    assert!(body.contains("/provider/learners/rejected"), "{body}");
    let names = [physician(0).last, physician(1).last, "Secret".to_owned()];
    assert!(names.iter().all(|name| !body.contains(name.as_str())), "{body}");
    assert_eq!(letters(&world).await, [LEARNER_DATA, OWNER]);
    // the next one comes with the hour, and tells of what is still rejected
    reject(&world, &actor, 2, "Credit type does not apply to this activity").await;
    reject(&world, &actor, 3, "Credit type does not apply to this activity").await;
    world.report(3, &Report::default().delete()).await;
    world.settle().await;
    assert_eq!(letters(&world).await.len(), 2);
    // letters of one moment have no order
    world.app.clock.advance(jiff::SignedDuration::from_secs(1));
    world.tamper("update rejection_notice set mailed_at = mailed_at - 3600000001").await;
    world.settle().await;
    assert_eq!(letters(&world).await.len(), 4);
    let (subject, body) = world.test.letter_to(OWNER).await;
    assert_eq!(subject, "Certifying boards rejected 1 credit of Harborview Medical Society");
    assert!(body.contains("1 ABIM credit: Credit type does not apply"), "{body}");
    // accepted credit is nothing to write about
    world.tamper("update rejection_notice set mailed_at = mailed_at - 3600000001").await;
    world.report(4, &moc("ABIM", "1")).await;
    let (credit, _) = world.points(4, "ABIM").await.remove(0);
    decisions::decide(&world.app, &actor, credit, CreditStatus::Accepted, "").await.unwrap();
    world.settle().await;
    assert_eq!(letters(&world).await.len(), 4);
}

async fn reject(world: &World, actor: &Actor, n: usize, reason: &str) {
    let (credit, _) = world.points(n, "ABIM").await.remove(0);
    let decision = Decision { credit, status: CreditStatus::Rejected, reason: reason.into() };
    decisions::decide_many(&world.app, actor, &[decision]).await.unwrap();
}

async fn letters(world: &World) -> Vec<String> {
    let sql = "select to_address from mail where subject like 'Certifying boards rejected%' order by to_address";
    testkit::database::texts(&world.test.address, sql).await
}
